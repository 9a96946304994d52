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

T = TypeVar("T")
WRITERS = 4
"""Writing threads on PostgreSQL. SQLite has one writer, and so one thread."""


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

    async def __call__(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run it in a unit of work of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._do, work)

    async def take(self, incoming: Incoming) -> Answer:
        """Take one incoming: committed when this returns."""
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, dispatch.receive, incoming, self.begin
            )
        except Unreachable as problem:
            raise Unavailable from problem

    def begin(self) -> AbstractContextManager[UnitOfWork]:
        return self.database.begin(self.clock.now(), self.clock.real())

    def close(self) -> None:
        """Finish what was begun, then close the database."""
        self._threads.shutdown(wait=True)
        self.database.close()

    def _do(self, work: Callable[[UnitOfWork], T]) -> T:
        with self.begin() as uow:
            return work(uow)
