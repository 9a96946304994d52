"""A Mellom that dies at a moment that was chosen, on a clock that leaps over what is waited for.

A moment comes just before each commit that changes anything, and just before and after each call to
a platform. There are no others that differ: what was done by then is in the database or on a
platform, and nothing else outlives a process. It kills itself with SIGKILL.
"""

from __future__ import annotations

import os
import re
import signal
import struct
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from mmap import mmap
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event

from adapters import running
from adapters.worker import Worker
from adapters.writing import Clock
from bot import delivery
from bot.claiming import Job
from bot.outgoing import Platform
from bot.settling import Outcome
from storage import Database

AT_REST, DIES = "at rest", "dies before"
MOMENT, LEARNT = "moment", "learnt"
"""What it says when nothing more is due, and where it dies; how many moments there are of each
name, and that these were all."""

PATIENCE = 60
"""Seconds."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CHANGED = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")

_connect, _send, _mellom = running.connect, delivery._send, running.Mellom  # type: ignore[attr-defined]


class SharedClock:
    """A clock that stands still until it is moved, in whichever process: it is kept in a file."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._kept = mmap(file.fileno(), 8)

    def __call__(self) -> datetime:
        return self.at

    @property
    def at(self) -> datetime:
        passed: int = struct.unpack("q", self._kept[:8])[0]
        return _EPOCH + passed * _MICROSECOND

    @at.setter
    def at(self, moment: datetime) -> None:
        self._kept[:8] = struct.pack("q", (moment - _EPOCH) // _MICROSECOND)


class Moments:
    """Knows them by name, and dies before the one that is named like this and comes after so many
    others that are."""

    def __init__(self, like: str | None, after: int) -> None:
        self.lived: Counter[str] = Counter()
        self._like, self._left = like, after
        self._counting = threading.Lock()

    def comes(self, name: str) -> None:
        with self._counting:
            if self._like is not None and re.search(self._like, name):
                self._left -= 1
            if self._left < 0:
                tell(f"{DIES} {name}")
                os.kill(os.getpid(), signal.SIGKILL)
            self.lived[name] += 1

    def watch(self, database: Database) -> None:
        """The commits: each unit of work has a connection of its own."""

        def before_statement(connection: Connection, _cursor: Any, words: str, *_: Any) -> None:
            if found := _CHANGED.match(words):
                connection.info.setdefault("changed", set()).add(found[1])

        def before_commit(connection: Connection) -> None:
            if changed := connection.info.pop("changed", None):
                self.comes(f"the commit of {', '.join(sorted(changed))}")

        event.listen(database.engine, "before_cursor_execute", before_statement)
        event.listen(database.engine, "commit", before_commit)

    async def send(self, platform: Platform, job: Job) -> Outcome:
        call = f"the call to {job.action} on {job.asks or job.due.platform}"
        self.comes(call)
        outcome = await _send(platform, job)
        self.comes(f"{call} is written down")
        return outcome


class Leaping(Worker):
    """Does not wait for what is due later, but moves the clock; after the `end` it rests."""

    def __init__(
        self, leaps: SharedClock, life: Mapping[str, Any], *given: Any, **named: Any
    ) -> None:
        super().__init__(*given, **named)
        self._leaps, self._learns = leaps, life["learns"]
        self._end = datetime.fromisoformat(life["end"])
        self._rests = False

    async def idle(self) -> float | None:
        seconds = await super().idle()
        if self.deliverer._calls or self._rests:
            return None  # How they end is news.
        if seconds is None or self._leaps.at + timedelta(seconds=seconds) > self._end:
            self._rest()
            return None
        self._leaps.at += timedelta(seconds=seconds)
        return 0.0

    def _rest(self) -> None:
        self._rests = True
        tell(AT_REST)
        if self._learns:
            os.kill(os.getpid(), signal.SIGTERM)


def lead(life: Mapping[str, Any]) -> Moments:
    """Let the Mellom that is begun in this process live so: on this `clock`, until its `end`, or
    until it dies before a moment that is named like `dies`, `after` so many of them."""
    clock, moments = SharedClock(Path(life["clock"])), Moments(life["dies"], life["after"])

    def connect(*given: Any) -> Database:
        database: Database = _connect(*given)
        _remember(database)
        moments.watch(database)
        return database

    running.connect = connect  # type: ignore[attr-defined, assignment]
    running.Mellom = partial(_mellom, clock=Clock(clock, clock))  # type: ignore[misc, assignment]
    running.Worker = partial(Leaping, clock, life)  # type: ignore[attr-defined, assignment]
    delivery._send = moments.send
    return moments


def learn(life: Mapping[str, Any], live: Callable[[], object]) -> None:
    """Live it to its end in this very process, and tell which moments there are."""
    moments = lead(life)
    signal.alarm(PATIENCE)  # Nobody else ends it, should it never come to rest.
    live()
    signal.alarm(0)
    for name, count in moments.lived.items():
        tell(f"{MOMENT} {count} {name}")
    tell(LEARNT)


_learned: dict[str, Any] = {}
"""What SQLAlchemy has found out about the database and its statements."""


def _remember(database: Database) -> None:
    """Those who come after need not find it out again."""
    database.engine.dialect = _learned.setdefault("dialect", database.engine.dialect)
    database.engine.update_execution_options(compiled_cache=_learned.setdefault("compiled", {}))


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
