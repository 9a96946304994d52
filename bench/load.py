"""Sends prepared requests over kept connections and notes how long each answer took.

Every request is sent once. It speaks just enough HTTP for answers that tell their length.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

CONNECTIONS = 32
PATIENCE = 120.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


@dataclass(slots=True)
class Load:
    """What became of the requests; times in seconds, `cpu` the server's."""

    seconds: float = 0.0
    cpu: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    every: float = 0.0
    begun: float = field(default_factory=time.perf_counter)

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def within(self, share: float) -> float:
        """The time within which this share of the answers came."""
        return quantile(self.times, share)


def quantile(times: Sequence[float], share: float) -> float:
    """The smallest of the times that this share of them does not exceed."""
    ordered = sorted(times)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


async def send(
    port: int, requests: Sequence[bytes], connections: int = CONNECTIONS, every: float = 0.0
) -> Load:
    """Send them all, as fast as they are answered; or one `every` so many seconds, and then what an
    answer took is counted from when its request was to be sent, however late it was."""
    loop = asyncio.get_running_loop()
    load, source = Load(every=every), iter(enumerate(requests))
    ends = [loop.create_future() for _ in range(connections)]
    begun = time.perf_counter()
    async with asyncio.timeout(PATIENCE + every * len(requests)):
        for end in ends:
            made = partial(_Connection, source, load, end)
            await loop.create_connection(made, "127.0.0.1", port)
        await asyncio.gather(*ends)
    load.seconds = time.perf_counter() - begun
    return load


class _Connection(asyncio.Protocol):
    """One connection, with one request on its way at a time."""

    def __init__(
        self, source: Iterator[tuple[int, bytes]], load: Load, end: asyncio.Future[None]
    ) -> None:
        self._source = source
        self._load = load
        self._end = end
        self._read = b""
        self._begun = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._read += data
        head = self._read.find(b"\r\n\r\n")
        length = _LENGTH.search(self._read, 0, head + 2) if head >= 0 else None
        if length is None or len(self._read) < head + 4 + int(length[1]):
            return
        self._load.times.append(time.perf_counter() - self._begun)
        self._load.statuses[int(self._read[9:12])] += 1
        self._read = b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._end.done():
            self._end.set_exception(error or ConnectionError("the server closed the connection"))

    def _next(self) -> None:
        number, request = next(self._source, (0, None))
        if request is not None:
            now = time.perf_counter()
            self._begun = self._load.begun + number * self._load.every if self._load.every else now
            wait = max(self._begun - now, 0.0)
            asyncio.get_running_loop().call_later(wait, self._transport.write, request)
        elif not self._end.done():
            self._end.set_result(None)
            self._transport.close()
