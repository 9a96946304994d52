"""What a worker asks of the database while there is nothing to do."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from adapters import settings
from adapters.running import Mellom
from bench import founding
from bench.pretend import Platforms
from tests import postgres

SETTLING = 3.0
"""Seconds for what a worker looks at when it begins."""


async def measure(folder: Path, seconds: float) -> list[str]:
    """Watch an idle worker on either database."""
    told = [await _watch("SQLite", f"sqlite:///{folder / 'idle.db'}", seconds)]
    with postgres.running() as url:
        told.append(await _watch("PostgreSQL", url, seconds))
    return told


async def _watch(name: str, database_url: str, seconds: float) -> str:
    async with Platforms() as platforms:
        environ = founding.environment(database_url, platforms)
        await founding.found(environ, platforms.service_url, "ssstt", threads=5)
        mellom = Mellom(settings.read(environ))
        stop = asyncio.Event()
        working = asyncio.create_task(mellom.worker.run(stop))
        await asyncio.sleep(SETTLING)
        with _heard(mellom.database.engine) as statements:
            await asyncio.sleep(seconds)
        stop.set()
        await working
        await mellom.close()
    return f"Idle worker on {name}, {seconds:.0f} s: {_told(statements)}"


@contextmanager
def _heard(engine: Engine) -> Iterator[list[str]]:
    """Every statement that is sent meanwhile."""
    statements: list[str] = []
    if engine.dialect.name == "sqlite":
        # Some statements go to the driver directly, so the driver is asked.
        def listen(connection: Any, *_: object) -> None:
            connection.set_trace_callback(statements.append)

        event.listen(engine, "connect", listen)
        engine.dispose()
        yield statements
        return

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements


def _told(statements: list[str]) -> str:
    kinds = Counter(" ".join(statement.split()[:3]) for statement in statements)
    return ", ".join(f"{count} x {kind}" for kind, count in kinds.items()) or "nothing"
