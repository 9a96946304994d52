"""Where units of work run: on threads of their own, so that the event loop only ever waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from adapters.taking import Unavailable
from bot import dispatch
from bot.cards import Answer
from bot.incoming import Incoming
from storage import Database, UnitOfWork, Unreachable
from storage.receipts import Waiting

T = TypeVar("T")
WRITERS = 4
"""Writing threads on PostgreSQL. SQLite has one writer, and so one thread."""

TOGETHER = 16
"""How many incomings may share a commit on SQLite, where each commit waits for the disk."""


def wall() -> datetime:
    """The clock on the wall."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """The product's time, which the playground can move, and the clock on the wall."""

    now: Callable[[], datetime] = wall
    real: Callable[[], datetime] = wall


class Writers:
    """Runs units of work on the database, each at the clock's time."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        threads = 1 if database.single_writer else WRITERS
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="writer")
        self._waiting: list[tuple[Incoming, asyncio.Future[Answer]]] = []
        self._taking: asyncio.Task[None] | None = None

    async def __call__(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run it in a unit of work of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._do, work)

    async def take(self, incoming: Incoming) -> Answer:
        """Take one incoming: committed when this returns."""
        loop = asyncio.get_running_loop()
        try:
            if not self.database.single_writer:
                return await loop.run_in_executor(
                    self._threads, dispatch.receive, incoming, self.begin
                )
            taken: asyncio.Future[Answer] = loop.create_future()
            self._waiting.append((incoming, taken))
            if self._taking is None or self._taking.done():
                self._taking = loop.create_task(self._take_waiting())
            return await taken
        except Unreachable as problem:
            raise Unavailable from problem

    async def retry(self, waiting: Waiting) -> None:
        """Try again what came in and had to wait."""
        await asyncio.get_running_loop().run_in_executor(
            self._threads, dispatch.retry, waiting, self.begin
        )

    def begin(self) -> AbstractContextManager[UnitOfWork]:
        return self.database.begin(self.clock.now(), self.clock.real())

    def close(self) -> None:
        """Finish what was begun, then close the database."""
        self._threads.shutdown(wait=True)
        self.database.close()

    async def _take_waiting(self) -> None:
        """Take what has come while the disk was waited for, as much as may share a commit."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
            incomings = [incoming for incoming, _ in batch]
            try:
                endings = await loop.run_in_executor(self._threads, self._take_together, incomings)
            except Exception as problem:
                # Nothing was committed, so none of them was taken.
                endings = [problem] * len(batch)
            for (_, taken), ending in zip(batch, endings, strict=True):
                _end(taken, ending)

    def _take_together(self, batch: list[Incoming]) -> list[Answer | Exception]:
        """Each in a unit of work of its own, all in one commit; the answers, or what went wrong."""
        with self.database.together(self.clock.now(), self.clock.real()) as begin:
            return [_received(incoming, begin) for incoming in batch]

    def _do(self, work: Callable[[UnitOfWork], T]) -> T:
        with self.begin() as uow:
            return work(uow)


def _received(incoming: Incoming, begin: dispatch.Begin) -> Answer | Exception:
    try:
        return dispatch.receive(incoming, begin)
    except Unreachable:
        raise
    except Exception as problem:
        return problem


def _end(taken: asyncio.Future[Answer], ending: Answer | Exception) -> None:
    if taken.cancelled():
        return
    if isinstance(ending, Exception):
        taken.set_exception(ending)
    else:
        taken.set_result(ending)
