"""A worker hears at once what another process commits, and otherwise asks the database nothing."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, text

from adapters.worker import Worker
from adapters.writing import Clock, Writers
from bot.outgoing import Pace
from storage import Database, UnitOfWork
from storage.unit_of_work import connect
from tests.pretending import Network, Written

pytestmark = pytest.mark.only_postgresql("on SQLite there is one process, which wakes itself")

PATIENCE = 20.0
_EARS = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"


class Belled(Network):
    """A network in today's time that tells when a platform was called."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, 1, ("Alta", "Bodø"), Pace(0))
        self.bell = asyncio.Event()

    def begin(self) -> AbstractContextManager[UnitOfWork]:
        self.clock.now = datetime.now(UTC)
        return super().begin()

    def meanwhile(self) -> None:
        self.bell.set()

    async def shows(self, written: Written, room: str) -> None:
        """Wait until the room shows it."""
        async with asyncio.timeout(PATIENCE):
            while not any(
                written.words in one.words for one in self.sites[self.key(room)].standing.values()
            ):
                self.bell.clear()
                await self.bell.wait()


class Listener:
    """A worker with a database object of its own, as another process has one."""

    def __init__(self, url: str) -> None:
        self.network = Belled(connect(url))
        self.writers = Writers(connect(url), Clock())
        platforms = {"seeing": self.network.seeing, "blind": self.network.blind}
        self.worker = Worker(self.writers, platforms)
        self.statements: list[str] = []
        event.listen(self.writers.database.engine, "before_cursor_execute", self._count)
        self._stop = asyncio.Event()
        self._working = asyncio.create_task(self.worker.run(self._stop))

    def _count(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self.statements.append(statement)

    async def ears(self, wanted: Callable[[int], bool]) -> None:
        """Wait until so many connections listen. The database has no bell for that."""
        async with asyncio.timeout(PATIENCE):
            while not wanted(self._query(f"SELECT count(*) {_EARS}")):
                await asyncio.sleep(0.05)

    def cut(self) -> int:
        """Cut the connection on which the worker hears; which one it was."""
        pid = self._query(f"SELECT max(pid) {_EARS}")
        self._query(f"SELECT count(pg_terminate_backend({pid}))")
        return pid

    def left_to_send(self) -> int:
        return self._query("SELECT count(*) FROM copy WHERE due_at IS NOT NULL")

    async def stop(self) -> None:
        self._stop.set()
        await self._working
        self.writers.close()
        self.network.database.close()

    def _query(self, statement: str) -> int:
        with self.network.database.engine.begin() as connection:
            return int(connection.execute(text(statement)).scalar_one())


@pytest.fixture
async def listener(database_url: str) -> AsyncIterator[Listener]:
    listener = Listener(database_url)
    await listener.ears(lambda count: count == 1)
    yield listener
    await listener.stop()


async def test_what_another_process_commits_is_sent_at_once(listener: Listener) -> None:
    took = []
    for _ in range(5):
        question = listener.network.ask("Alta")
        committed = time.perf_counter()
        await listener.network.shows(question, "Bodø")
        took.append(time.perf_counter() - committed)
    # One or two may have had to wait for a machine that had other work.
    assert sorted(took)[2] < 1.0, took
    assert min(took) < 0.25, took


async def test_an_idle_worker_asks_the_database_nothing(listener: Listener) -> None:
    question = listener.network.ask("Alta")
    await listener.network.shows(question, "Bodø")
    await quiet(listener)

    listener.statements.clear()
    await asyncio.sleep(3.0)
    asked = [statement for statement in listener.statements if "INTO worker" not in statement]
    assert asked == []

    await listener.network.shows(listener.network.ask("Alta"), "Bodø")
    assert listener.statements, "they are not counted"


async def test_a_worker_whose_connection_is_cut_listens_again(
    listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    listener.cut()
    await listener.ears(lambda count: count == 0)
    while_deaf = listener.network.ask("Alta")
    await listener.network.shows(while_deaf, "Bodø")

    await listener.ears(lambda count: count == 1)
    await quiet(listener)
    committed = time.perf_counter()
    await listener.network.shows(listener.network.ask("Alta"), "Bodø")
    assert time.perf_counter() - committed < 1.0


async def quiet(listener: Listener) -> None:
    """Wait until nothing is left to send, now or later, and the worker has asked nothing since."""
    async with asyncio.timeout(PATIENCE):
        known = -1
        while known != len(listener.statements) or listener.left_to_send():
            known = len(listener.statements)
            await asyncio.sleep(0.5)
