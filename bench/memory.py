"""How much memory `mellom run` takes after many events."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from bench import founding, slack
from bench.load import send
from bench.pretend import Platforms
from bench.serving import serving

THREADS = 600
"""More than 20 answers a minute in one thread are stopped, so there have to be many."""

SETTLING = 10.0
"""Seconds in which the worker sends on."""


async def measure(folder: Path, events: int) -> str:
    """The web process and the worker in one, as `mellom run` is; every event is an answer."""
    async with Platforms() as platforms:
        environ = founding.environment(f"sqlite:///{folder / 'memory.db'}", platforms)
        [network] = await founding.found(environ, platforms.service_url, "sssss", threads=THREADS)
        requests = []
        for number in range(events):
            room = network.rooms[number % 5]
            root = network.roots[number // 5 % THREADS][room.channel]
            user = room.people[number // (5 * THREADS) % len(room.people)]
            words = f"Vi teller det som ble bedre for innbyggeren, sak {number}."
            requests.append(slack.request(slack.said(room, user, words, root=root)))
        with serving("mellom_server", {**environ, "BENCH_WORKER": "yes"}) as server:
            before = _megabytes(server.process)
            load = await send(server.port, requests)
            await asyncio.sleep(SETTLING)
            after = _megabytes(server.process)
    return (
        f"Memory after {events} events ({dict(load.statuses)}, {load.rate:.0f}/s): "
        f"{after:.0f} MB, {before:.0f} MB before them"
    )


def _megabytes(process: int) -> float:
    return float(psutil.Process(process).memory_info().rss) / 1e6
