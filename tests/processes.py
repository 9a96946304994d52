"""`mellom` in a process of its own, and a world whose Mellom that is."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.playground.faults import Fault, Faults
from adapters.playground.village import Village
from adapters.writing import Clock
from tests.conversation import SOON, MovedClock, World

ROOT = Path(__file__).parent.parent
PROGRAM = (
    "import functools; from adapters import cli, running; "
    "running.listen = functools.partial(running.listen, host='127.0.0.1'); cli.main()"
)
"""The command itself, but nobody beyond this machine is listened to."""

PATIENCE = 30.0
"""Seconds that anything may take on a machine that has much else to do."""


class Process:
    """One `mellom` process on loopback, and what it writes to stderr."""

    def __init__(self, inner: asyncio.subprocess.Process) -> None:
        self.inner = inner
        self.lines: list[str] = []
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, command: str, environment: Mapping[str, str]) -> Process:
        """Nothing of this machine's settings comes along."""
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable, "-c", PROGRAM, command,
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], **environment},
                stdout=DEVNULL,
                stderr=PIPE,
            )
        )  # fmt: skip

    @property
    def told(self) -> str:
        return "\n".join(self.lines)

    async def says(self, pattern: str) -> str:
        """Wait until it has written a line like this."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self._news.clear()
                for line in self.lines:
                    if re.search(pattern, line):
                        return line
                assert not self._reading.done(), f"it ended without {pattern!r}:\n{self.told}"
                await self._news.wait()

    async def stop(self) -> int:
        """Ask it to stop; how it ended."""
        self.inner.terminate()
        return await self.ends()

    async def ends(self) -> int:
        async with asyncio.timeout(PATIENCE):
            status = await self.inner.wait()
            await self._reading
        return status

    async def end(self) -> None:
        """Whatever happened, it is gone afterwards."""
        if self.inner.returncode is None:
            self.inner.kill()
        await self.ends()

    async def _read(self) -> None:
        assert self.inner.stderr is not None
        async for line in self.inner.stderr:
            self.lines.append(line.decode(errors="replace").rstrip("\n"))
            self._news.set()
        self._news.set()


class Noticed(Faults):
    """Faults that tell when one strikes."""

    def __init__(self) -> None:
        super().__init__()
        self.struck = asyncio.Event()

    def take(self, method: str, conversation: str | None = None) -> Fault | None:
        fault = super().take(method, conversation)
        if fault is not None:
            self.struck.set()
        return fault


class Apart(World):
    """A world that was founded five minutes ago, and goes on with Mellom in other processes."""

    def __init__(self, database_url: str) -> None:
        self.runner = asyncio.Runner()
        self.loop = self.runner.get_loop()
        self.clock = MovedClock()
        self.clock.at = datetime.now(UTC) - timedelta(minutes=5)
        self.village = Village(database_url, Clock(now=self.clock, real=self.clock))
        self.rooms = {}
        self.processes: list[Process] = []
        self.faults = self.village.slack.faults = Noticed()
        self._bell = asyncio.Event()
        for stand_in in (self.village.slack, self.village.teams):
            # Whatever Mellom does on a platform, it does by asking a stand-in.
            stand_in.app.on_response_prepare.append(self._ring)
        self.run(self.village.start())
        self.founded()
        World.settle(self, timedelta(minutes=1))  # What a channel's rate held back is sent, too.
        self.run(self.village.part())
        self.clock.at = datetime.now(UTC)

    def starts(self, command: str = "run", **settings: str) -> Process:
        """Start a process, on the same database and beside the same stand-ins."""
        return self.run(self._start(command, settings))

    def until(self, seen: Callable[[], object]) -> None:
        """Wait until this is so, delivering meanwhile what waits on the stand-ins."""
        self.run(self._until(seen))

    def settle(self, within: timedelta = SOON) -> None:
        self.run(self._deliver())

    def close(self) -> None:
        for process in self.processes:
            self.run(process.end())
        super().close()

    async def _start(self, command: str, settings: Mapping[str, str]) -> Process:
        port = _free_port()
        environment = {**self.village.environment(), "PORT": str(port), **settings}
        process = await Process.start(command, environment)
        self.processes.append(process)
        if command != "worker":
            await process.says(r" web\.listening ")
            self.village.url = f"http://127.0.0.1:{port}"
            self.slack.events_url = f"{self.village.url}/slack/events"
            self.teams.messages_url = f"{self.village.url}/api/messages"
        return process

    async def _until(self, seen: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while True:
                self._bell.clear()
                await self._deliver()
                if seen():
                    return
                await self._bell.wait()

    async def _deliver(self) -> None:
        while await self.slack.flush() + await self.teams.flush():
            pass

    async def _ring(self, _request: object, _response: object) -> None:
        self._bell.set()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
