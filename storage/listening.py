"""Hearing at once that another process committed something to be sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg
from sqlalchemy import Engine

from storage.unit_of_work import ALIVE, CHANNEL, Database

RETRY = 2.0
"""Seconds between tries to listen again when the connection was lost."""


async def listen(database: Database, wake: Callable[[], None], lost: asyncio.Event) -> None:
    """Call `wake` at each commit that says so, until cancelled. `lost` is set while nothing is
    heard, so that the worker looks for itself meanwhile. PostgreSQL only: SQLite has one process.
    """
    lost.set()
    while True:
        try:
            await _hear(database.engine, wake, lost)
        except psycopg.Error:
            lost.set()
            wake()
            await asyncio.sleep(RETRY)


async def _hear(engine: Engine, wake: Callable[[], None], lost: asyncio.Event) -> None:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await psycopg.AsyncConnection.connect(url, autocommit=True, **ALIVE)
    async with connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        lost.clear()
        wake()  # Something may have been committed before we listened.
        async for _notice in connection.notifies():
            wake()
