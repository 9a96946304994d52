"""What it costs to find out whom to ask now and then: among a thousand members and among ten
thousand, of whom as many could help with what waits; and where all of them could."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from adapters import settings
from adapters.running import Mellom
from bench import founding, peopling
from bench.filling import fill_words
from bench.full import ANSWERS, counted
from bench.pretend import Platforms
from bot import schedule
from bot.features import nudging
from storage.jobs import Job
from storage.unit_of_work import Database, connect
from tests import postgres

MORNING = datetime(2027, 2, 9, 5, tzinfo=UTC)
"""A Tuesday, at six in Oslo and Copenhagen."""

FEWER = 10
"""So many times fewer members in the small network, of which as many can help."""

CAN_HELP = 200
WAITING = 100
"""Questions of the day before that wait, of ten themes."""


@dataclass(frozen=True, slots=True)
class Done:
    """What the morning's work took in a process of its own, and what it wrote."""

    seconds: float
    statements: int
    megabytes: float
    before: float
    asked: int


async def measure(folder: Path, members: int, questions: int) -> AsyncIterator[str]:
    with TemporaryDirectory(dir=folder) as inside:
        few, many = (f"sqlite:///{inside}/{name}.db" for name in ("few", "many"))
        async for told in _compared("SQLite", few, many, members, questions):
            yield told
    with postgres.running() as few, postgres.running() as many:
        async for told in _compared("PostgreSQL", few, many, members, questions):
            yield told


async def _compared(
    name: str, few: str, many: str, members: int, questions: int
) -> AsyncIterator[str]:
    async with Platforms() as platforms:
        for url, count in ((few, members // FEWER), (many, members)):
            environ = founding.environment(url, platforms)
            await founding.found(environ, platforms.service_url, "ssstt", threads=1)
            mellom = Mellom(settings.read(environ))
            _fill(mellom.database, count, questions)
            await mellom.close()
    small, large = (_done(url, CAN_HELP) for url in (few, many))
    for count, done in ((members // FEWER, small), (members, large)):
        yield f"{name}, {count:,} members of whom {CAN_HELP} can help: {_told(done)}"
    yield f"{name}, with ten times as many: {large.seconds / small.seconds:.2f} times"
    yield f"{name}, {members:,} members who all can help: {_told(_done(many, members))}"


def _told(done: Done) -> str:
    return (
        f"{done.seconds:.2f} s, {done.statements} statements, {done.megabytes:.0f} MB, "
        f"{done.before:.0f} MB before it; "
        f"{done.asked} are asked"
    )


def _fill(database: Database, members: int, questions: int) -> None:
    """The network of years, whose organisations have been informed; and what waits since
    yesterday."""
    peopling.fill(database, members, MORNING)
    fill_words(database, questions, ANSWERS)
    with database.begin(MORNING) as uow:
        for statement in _YESTERDAY:
            uow.connection.execute(text(statement), {"waiting": WAITING})


_NEWEST = "(SELECT id FROM thread WHERE number IS NOT NULL ORDER BY number DESC LIMIT :waiting)"
_YESTERDAY = (
    "UPDATE organisation SET informed_on = '2026-12-01'",
    "UPDATE network SET seed = 'seed', last_number = (SELECT max(number) FROM thread)",
    f"UPDATE thread SET created_at = '2027-02-08 09:00:00' WHERE id IN {_NEWEST}",  # noqa: S608
    f"DELETE FROM reply WHERE thread IN {_NEWEST}",  # noqa: S608
    "DELETE FROM thread_theme",
    "INSERT INTO thread_theme (thread, place, theme, confirmed) "
    "SELECT id, 1, 1 + id % 10, true FROM thread WHERE number IS NOT NULL",
)


def _done(url: str, can_help: int) -> Done:
    """In a process of its own, so that its memory is its own; nothing of it stays."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        return alone.submit(_work, url, can_help).result()


def _work(url: str, can_help: int) -> Done:
    database = connect(url)
    try:
        _let_help(database, can_help)
        before, begun = _peak(), time.perf_counter()
        with counted(database) as statements, database.begin(MORNING) as uow:
            schedule.run(Job(1, nudging.JOB, MORNING), uow)
        took = time.perf_counter() - begun
        return Done(took, len(statements), _peak(), before, _undone(database))
    finally:
        database.close()


def _peak() -> float:
    """The most megabytes that this process has taken so far."""
    # Not `getrusage`, to which what the process was begun by counts, too.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1000


def _let_help(database: Database, can_help: int) -> None:
    """So many members, of every organisation, can help with something that waits."""
    with database.begin(MORNING) as uow:
        uow.connection.execute(text("DELETE FROM member_theme"))
        uow.connection.execute(
            text(
                "INSERT INTO member_theme (member, theme) SELECT id, 1 + (id / 7) % 10 FROM member "
                "WHERE left_at IS NULL AND id >= :first ORDER BY id LIMIT :many"
            ),
            {"first": peopling.FIRST, "many": can_help},
        )


def _undone(database: Database) -> int:
    """How many were asked; as if none had been."""
    with database.begin(MORNING) as uow:
        asked = uow.connection.execute(text("DELETE FROM invitation WHERE kind = 'nudge'")).rowcount
        theirs = "(SELECT id FROM private WHERE kind = 'nudge')"
        uow.connection.execute(text(f"DELETE FROM about WHERE private IN {theirs}"))  # noqa: S608
        uow.connection.execute(text("DELETE FROM private WHERE kind = 'nudge'"))
        uow.connection.execute(text("DELETE FROM occurrence WHERE job = 'nudge'"))
        uow.connection.execute(text("UPDATE job SET due_at = '2027-02-09' WHERE name = 'nudge'"))
        return asked
