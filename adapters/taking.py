"""How an edge hands on what came in: the one seam between a platform's requests and the bot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.cards import Answer
from bot.incoming import Incoming


class Unavailable(Exception):
    """It could not be taken now (the database is down): answer 503, then it is sent again."""


Take = Callable[[Incoming], Awaitable[Answer]]
"""Takes one incoming in one unit of work and returns the answer, the kept one if seen before."""
