"""Apps that organisations made for themselves: each has a path, a signing secret and a token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from adapters.slack.answers import Answers
from adapters.slack.edge import SlackEdge
from adapters.slack.workspace import Workspace
from adapters.taking import Take, Unavailable


@dataclass(frozen=True, slots=True)
class OwnApp:
    """One such app, in the one workspace that has it."""

    workspace: Workspace
    signing_secret: str = field(repr=False)


Find = Callable[[int], Awaitable[OwnApp | None]]
"""Finds the app by the number in its path."""


class OwnEdges:
    """The path tells which app speaks: its own secret must have signed, and it may say nothing of
    any other workspace."""

    def __init__(self, *, find: Find, take: Take, answers: Answers) -> None:
        self._find = find
        self._take = take
        self._answers = answers
        self._edges: dict[int, tuple[OwnApp, SlackEdge]] = {}

    async def events(self, request: web.Request) -> web.Response:
        """Answer one request to `/slack/events/<installation>`."""
        number = request.match_info["installation"]
        try:
            app = await self._find(int(number)) if _is_number(number) else None
        except Unavailable:
            return web.Response(status=503)
        if app is None:
            return web.Response(status=401, text="unsigned")
        return await self._edge(app).events(request)

    def _edge(self, app: OwnApp) -> SlackEdge:
        """The edge of this app as it is known now; making one is dear, so it is kept."""
        known, edge = self._edges.get(app.workspace.id, (None, None))
        if edge is None or known != app:
            edge = SlackEdge(
                signing_secret=app.signing_secret,
                workspaces=lambda _enterprise, team: (
                    app.workspace if team == app.workspace.team else None
                ),
                take=self._take,
                answers=self._answers,
                own=True,
            )
            self._edges[app.workspace.id] = (app, edge)
        return edge


def _is_number(told: str) -> bool:
    return told.isascii() and told.isdecimal() and len(told) < 19
