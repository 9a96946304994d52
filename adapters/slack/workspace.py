"""What this adapter wants to know of one workspace that has the app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Workspace:
    """One installation: its id in our database, and who we are there.

    `app` is the app's id (A…), `team` the workspace's (T…), `bot_user` the bot's user id (U…) and
    `bot` its bot id (B…). `token` is None where the settings hold the only one.
    """

    id: int
    app: str
    team: str
    bot_user: str
    bot: str
    token: str | None = None


Workspaces = Callable[[str | None, str | None], Workspace | None]
"""Finds the installation by (enterprise id, team id), from memory: Slack waits meanwhile.

It may raise `Unavailable` where it does not know yet; None says that there is none."""
