"""How long a question takes from being asked until all five rooms show it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from bench import founding, slack, teams
from bench.load import quantile, send
from bench.places import Network, Room
from bench.pretend import Platforms
from bench.serving import serving

NETWORKS = 20
"""Asked in turns, so that no room is written to faster than its platform allows."""

SLOW = 0.1
"""Seconds that the platforms take for each answer."""

WARM, PATIENCE = 20, 20.0
SHOWN = 5
"""Four copies, and under the question itself a card with its number."""


async def measure(folder: Path, questions: int) -> str:
    """Ask one question after the other; the web process and the worker are one process."""
    async with Platforms(SLOW) as platforms:
        environ = founding.environment(f"sqlite:///{folder / 'delivery.db'}", platforms)
        networks = await founding.found(environ, platforms.service_url, "ssstt", networks=NETWORKS)
        with serving("mellom_server", {**environ, "BENCH_WORKER": "yes"}) as server:
            asked = [
                await _ask(server.port, networks[number % NETWORKS], number, platforms)
                for number in range(WARM + questions)
            ]
    times = asked[WARM:]
    middle, slow, slowest = (1000 * quantile(times, share) for share in (0.5, 0.99, 1.0))
    return (
        f"One question to all copies shown, platforms answer in {1000 * SLOW:.0f} ms: "
        f"median {middle:.0f} ms, p99 {slow:.0f} ms, slowest {slowest:.0f} ms of {questions}"
    )


async def _ask(port: int, network: Network, number: int, platforms: Platforms) -> float:
    """Seconds from sending the question until the last message stands."""
    room = network.rooms[number % len(network.rooms)]
    request = _question(room, number, platforms)
    platforms.shown.clear()
    begun = time.perf_counter()
    load = await send(port, [request], connections=1)
    if set(load.statuses) != {200}:
        raise RuntimeError(f"answered {dict(load.statuses)}")
    async with asyncio.timeout(PATIENCE):
        while len(platforms.shown) < SHOWN:
            platforms.news.clear()
            await platforms.news.wait()
    channels = sorted(channel for _, channel in platforms.shown)
    if channels != sorted(room.channel for room in network.rooms):
        raise RuntimeError(f"shown in {channels}")
    return platforms.shown[-1][0] - begun


def _question(room: Room, number: int, platforms: Platforms) -> bytes:
    words = f"Hvem har prøvd korte tavlemøter om morgenen? ({number})"
    payload = founding.said(room, number, words, platforms.service_url, ask=True)
    if room.platform == "slack":
        return slack.request(payload)
    return teams.request(payload, platforms.identity.token(serviceurl=platforms.service_url))
