"""What a database of years costs: searching in it, and asking, answering, claiming and settling
beside an empty one."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from sqlalchemy import event, text

from adapters import settings
from adapters.running import Mellom
from bench import founding
from bench.filling import COMMON, FIRST, Words, fill_copies, fill_words
from bench.load import quantile
from bench.places import Network
from bench.pretend import Platforms
from bench.slack import new_ts
from bot import dispatch, finding
from bot.claiming import Job, claim
from bot.incoming import Incoming
from bot.outgoing import Pace, Posted
from bot.settling import settle
from storage.unit_of_work import Database
from tests import postgres

Done = TypeVar("Done")

ANSWERS = 5
"""Answers that each question has."""

STEPS = ("asking", "answering", "claiming", "settling")


@dataclass(slots=True)
class Place:
    """A database with its network, and what was measured there."""

    mellom: Mellom
    network: Network
    times: dict[str, list[float]] = field(default_factory=lambda: {step: [] for step in STEPS})
    worked: dict[str, list[float]] = field(default_factory=lambda: {step: [] for step in STEPS})
    statements: dict[str, list[int]] = field(default_factory=lambda: {step: [] for step in STEPS})
    counts: bool = False

    @property
    def database(self) -> Database:
        return self.mellom.database


async def measure(folder: Path, questions: int, rounds: int) -> AsyncIterator[str]:
    with TemporaryDirectory(dir=folder) as inside:
        empty, full = (f"sqlite:///{inside}/{name}.db" for name in ("empty", "full"))
        async for told in _compare("SQLite", empty, full, questions, rounds):
            yield told
    with postgres.running() as empty, postgres.running() as full:
        async for told in _compare("PostgreSQL", empty, full, questions, rounds):
            yield told


async def _compare(
    name: str, empty: str, full: str, questions: int, rounds: int
) -> AsyncIterator[str]:
    async with Platforms() as platforms:
        begun = time.perf_counter()
        places = [await _place(url, platforms) for url in (empty, full)]
        words = fill_words(places[1].database, questions, ANSWERS)
        fill_copies(places[1].database, questions, ANSWERS)
        yield f"{name}, {questions:,} questions filled in: {time.perf_counter() - begun:.0f} s"
        for told in _searches(name, places[1].database, words):
            yield told
        for number in range(rounds):
            for place in places if number % 2 else reversed(places):
                _step(place, number, platforms.service_url)
        for place in places:
            place.counts = True
            _step(place, rounds, platforms.service_url)
        for step in STEPS:
            yield _told(name, step, *places)
        for place in places:
            await place.mellom.close()
        yield f"{name}, all of it: {time.perf_counter() - begun:.0f} s"


async def _place(url: str, platforms: Platforms) -> Place:
    environ = founding.environment(url, platforms)
    [network] = await founding.found(environ, platforms.service_url, "sssss", threads=1)
    return Place(Mellom(settings.read(environ)), network)


def _searches(name: str, database: Database, words: Words) -> Iterator[str]:
    """Two hundred of each kind, no two alike."""
    rare, often = words.all[-4000:-3800], words.all[:200]
    kinds = {
        "a rare word": rare,
        "a word of the hundreds most used": often,
        "a word in a third of all texts": list(COMMON),
        "two such words": [f"{COMMON[0]} {COMMON[1]}", f"{COMMON[1]} {COMMON[2]}"],
        "a rare and a common word": [f"{word} {COMMON[0]}" for word in rare],
        "two rare words": [f"{a} {b}" for a, b in zip(rare, reversed(rare), strict=True)],
        "the beginning of words": [word[:5] for word in often],
    }
    for kind, asked in kinds.items():
        times, worked, hits = [], [], 0
        for number in range(200):
            begun, work = time.perf_counter(), time.thread_time()
            with database.begin(datetime.now(UTC)) as uow:
                hits += len(finding.find(uow, 1, asked[number % len(asked)]))
            times.append(1000 * (time.perf_counter() - begun))
            worked.append(1000 * (time.thread_time() - work))
        middle, slow, slowest = (quantile(times, share) for share in (0.5, 0.99, 1.0))
        yield (
            f"{name}, searching for {kind}: p50 {middle:.1f} ms, p99 {slow:.1f} ms, "
            f"slowest {slowest:.1f} ms, processor p50 {quantile(worked, 0.5):.1f} ms, "
            f"p99 {quantile(worked, 0.99):.1f} ms, {hits / 200:.1f} found"
        )


def _step(place: Place, number: int, service_url: str) -> None:
    """One question, one answer, and what is sent of them: one call in each room."""
    room = place.network.rooms[number % 5]
    question = founding.said(
        room, number, f"Hva gjør dere med gevinstene? ({number})", service_url, ask=True
    )
    _time(place, "asking", lambda: _take(place, founding.incoming(question, room)))
    root = _root(place, room.channel, number)
    answer = founding.said(room, number + 1, f"Vi teller dem. ({number})", service_url, root=root)
    _time(place, "answering", lambda: _take(place, founding.incoming(answer, room)))
    jobs = _time(place, "claiming", lambda: _claim(place))
    _time(place, "settling", lambda: _settle(place, jobs))
    _rest(place)


def _root(place: Place, channel: str, number: int) -> str:
    """A thread in this room: on the full database one of the old ones, else the first."""
    with place.database.begin(datetime.now(UTC)) as uow:
        conversation = uow.connection.execute(
            text("SELECT id FROM conversation WHERE key = :k"), {"k": channel}
        ).scalar_one()
        found = uow.connection.execute(
            text(
                "SELECT root FROM copy WHERE conversation = :c AND root IS NOT NULL AND post = :p"
            ),
            {"c": conversation, "p": FIRST + 17 * number},
        ).scalar_one_or_none()
    return found or place.network.roots[0][channel]


def _take(place: Place, incoming: Incoming) -> None:
    dispatch.receive(incoming, place.mellom.writers.begin)


def _claim(place: Place) -> list[Job]:
    with place.mellom.writers.begin() as uow:
        jobs = claim(uow)
    assert jobs
    return jobs


def _settle(place: Place, jobs: list[Job]) -> None:
    """As if the platform had shown each of them."""
    for job in jobs:
        message = new_ts()
        with place.mellom.writers.begin() as uow:
            settle(uow, job, Posted(message, job.due.parent_root or message), Pace(0.0, 1))


def _rest(place: Place) -> None:
    """What was claimed and what is due is done with, and answers are not taken for a loop."""
    with place.database.begin(datetime.now(UTC)) as uow:
        run = uow.connection.execute
        run(
            text(
                "UPDATE copy SET due_at = NULL, sending = NULL, state = 'shown', shown = 1"
                " WHERE due_at IS NOT NULL"
            )
        )
        run(text("UPDATE conversation SET lane_until = NULL, next_at = NULL"))
        old = {"t": (datetime.now(UTC) - timedelta(days=1)).replace(tzinfo=None)}
        run(text("UPDATE reply SET created_at = :t WHERE id = (SELECT max(id) FROM reply)"), old)
        while finding.index(uow):
            pass


def _time(place: Place, step: str, do: Callable[[], Done]) -> Done:
    """How long it takes; listening to the statements takes time too, so then they are counted."""
    if place.counts:
        with counted(place.database) as statements:
            done = do()
        place.statements[step].append(len(statements))
        return done
    begun, work = time.perf_counter(), time.thread_time()
    done = do()
    place.times[step].append(time.perf_counter() - begun)
    place.worked[step].append(time.thread_time() - work)
    return done


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Every statement that is sent meanwhile."""
    statements: list[str] = []
    engine = database.engine
    if database.single_writer:
        # Some statements go to the driver directly, so the driver is asked.
        def listen(connection: Any, *_: object) -> None:
            connection.set_trace_callback(statements.append)

        event.listen(engine, "connect", listen)
        engine.dispose()
        yield statements
        event.remove(engine, "connect", listen)
        engine.dispose()
        return

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def _told(name: str, step: str, empty: Place, full: Place) -> str:
    ours, theirs = (1000 * median(place.times[step]) for place in (full, empty))
    work, less = (1000 * median(place.worked[step]) for place in (full, empty))
    return (
        f"{name}, {step}: {ours / theirs:.2f} times an empty database "
        f"({ours:.2f} ms to {theirs:.2f} ms), of processor time {work / less:.2f} times "
        f"({work:.2f} ms to {less:.2f} ms); {full.statements[step]} statements, "
        f"empty {empty.statements[step]}"
    )
