"""What the page shows, how its story begins, and who is told when it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import TypeVar

from aiohttp import web

from adapters.playground.page import clock, inside
from adapters.playground.page.acts import Json, Window
from adapters.playground.page.slack import SlackWindow
from adapters.playground.page.story import ANSWER, ANSWERER, ASKER, QUESTION
from adapters.playground.page.teams import TeamsWindow
from adapters.playground.page.trouble import Troubles
from adapters.playground.village import Room, Village

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds that the rooms may take to be ready, and the first question to reach who answers it."""

MOMENT = 0.1
"""Seconds between looks at what is on its way."""


class Page:
    """What the page shows and who is told when it changes."""

    def __init__(self, village: Village, time: clock.Time, url: str) -> None:
        self.village, self.time, self.url = village, time, url
        self.windows: dict[str, Window] = {}
        self.troubles = Troubles(village)
        self.known = inside.Known()
        self.next: datetime | None = None
        self.leaving = False
        self._bell = asyncio.Event()
        self._stop = asyncio.Event()
        self._working: asyncio.Task[None] | None = None
        for stand_in in (village.slack, village.teams, village.webhooks):
            stand_in.app.on_response_prepare.append(self._asked)

    def begin(self) -> None:
        """From now on the worker works, and what people do is delivered at once."""
        self.windows = {name: self._window(room) for name, room in self.village.rooms.items()}
        self.village.slack.auto = self.village.teams.auto = True
        loop = asyncio.get_running_loop()
        woken = self.village.mellom.writers.database.on_wake
        woken.append(partial(_on, loop, self.ring))
        self._working = asyncio.create_task(self.village.mellom.worker.run(self._stop))
        self._working.add_done_callback(lambda _: self.ring())

    async def look(self) -> None:
        """Ask the database what it knows of the rooms; the wire is kept in bounds on the way."""
        for stand_in in (self.village.slack, self.village.teams):
            del stand_in.wire[: -inside.KEPT], stand_in.delivered[: -inside.KEPT]
        self.known = await self.village.mellom.writers(inside.look)
        self.next = await self.village.mellom.worker.next_moment()
        if self.troubles.mending(self.known.on_their_way):
            await self.village.mellom.writers(self.troubles.mend)

    def seen(self) -> Iterator[tuple[str, str, Json]]:
        """All that the page shows, each part by the kind and the name that it goes by."""
        yield "clock", "", clock.seen(self.time, self.next)
        for name, window in self.windows.items():
            room = inside.told(window.seen(), self.village.rooms[name], self.known)
            yield "room", name, room | {"trouble": self.troubles.seen(name)}
        yield "questions", "", {"asked": inside.questions(self.village, self.known)}
        for name, (town, board) in self.village.told.items():
            about = {"name": name, "platform": board.kind, "language": town.language}
            yield "board", name, {**about, "notes": board.notes}

    @property
    def restless(self) -> bool:
        """Whether something is on its way, whose arrival in the database nobody rings for."""
        return any(self.known.on_their_way.values())

    async def converse(self) -> None:
        """Somebody asks, and somebody in another room answers. The answer is on its way when this
        returns, so that whoever comes at once sees it arrive. What came before is earlier."""
        await self._quiet()
        for window in self.windows.values():
            window.begin_here()
        await self.village.say(ASKER, f"@Mellom {QUESTION}")
        room, _ = self.village.find(ANSWERER)
        theirs = self.windows[room.town.name]
        question = await self._when(lambda: theirs.find(QUESTION))
        await self.village.say(ANSWERER, ANSWER, question)

    async def until(self, stop: asyncio.Event) -> None:
        """Wait until asked to stop. A worker that broke takes the page with it."""
        assert self._working is not None
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({stopped, self._working}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        self._check()

    async def end(self) -> None:
        """Let the worker finish what it began."""
        self._stop.set()
        if self._working is not None:
            await asyncio.wait({self._working})

    def leave(self) -> None:
        """Let everybody who watches go."""
        self.leaving = True
        self.ring()

    @property
    def bell(self) -> asyncio.Event:
        """Set when something has changed since it was asked for."""
        return self._bell

    def ring(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()

    async def _asked(self, _request: web.Request, _response: web.StreamResponse) -> None:
        # Whatever the bot changes, it changes by asking a stand-in.
        self.ring()

    async def _when(self, seek: Callable[[], T | None]) -> T:
        async with asyncio.timeout(PATIENCE):
            while True:
                bell = self.bell
                if (found := seek()) is not None:
                    return found
                self._check()
                await bell.wait()

    async def _quiet(self) -> None:
        """Wait until nothing is on its way any more: a room is told only so much in a second."""
        async with asyncio.timeout(PATIENCE):
            while True:
                await self.look()
                if not self.restless:
                    return
                self._check()
                await asyncio.sleep(MOMENT)

    def _check(self) -> None:
        """Raise what broke the worker, if it broke."""
        if self._working is not None and self._working.done():
            self._working.result()

    def _window(self, room: Room) -> Window:
        if room.town.platform == "slack":
            return SlackWindow(self.village.slack, room)
        return TeamsWindow(self.village.teams, room)


def _on(loop: asyncio.AbstractEventLoop, ring: Callable[[], None]) -> None:
    loop.call_soon_threadsafe(ring)
