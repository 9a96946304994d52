"""Real Mellom processes beside a village whose own Mellom has left it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping

from adapters.playground.village import TOWNS, Town, Village
from tests.child import READY, STARTED
from tests.dying import DIES
from tests.processes import PATIENCE, ROOT, Process


class Nursery(Process):
    """Starts processes within a moment, and sees their ends."""

    @classmethod
    async def open(cls) -> Nursery:
        """Nothing of this machine's settings comes along."""
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.child",
                cwd=ROOT,
                env={"PATH": os.environ["PATH"]},
                stdin=PIPE,
                stdout=DEVNULL,
                stderr=PIPE,
            )
        )  # fmt: skip

    async def begin(
        self, command: str, environment: Mapping[str, str], *, hurried: bool = False
    ) -> int:
        """Start one; its process id. One that has a port is listening when this returns."""
        begun = await self._want(command, environment, hurried=hurried)
        told = await self._says_since(begun, rf"^{STARTED} \d+$")
        if command != "worker":
            await self._says_since(begun, rf" web\.listening port={environment['PORT']}\b")
        return int(told.split()[1])

    async def lives(
        self, environment: Mapping[str, str], life: Mapping[str, object], until: str
    ) -> list[str]:
        """Let one live (`dying`) until it says this; what it said. It is killed, if it did not die
        of itself."""
        begun = await self._want("run", environment, life=life)
        await self._says_since(begun, until)
        said = self.lines[begun:]
        started = [line for line in said if line.startswith(STARTED)]
        if started and not any(line.startswith(DIES) for line in said):
            self.kill(int(started[0].split()[1]))
        return said

    async def _want(
        self,
        command: str,
        environment: Mapping[str, str],
        *,
        hurried: bool = False,
        life: Mapping[str, object] | None = None,
    ) -> int:
        """Let one be started; from which line on it says something."""
        await self.says(READY)
        begun = len(self.lines)
        wanted = {
            "command": command,
            "environment": dict(environment),
            "hurried": hurried,
            "life": life,
        }
        assert self.inner.stdin is not None
        self.inner.stdin.write(json.dumps(wanted).encode() + b"\n")
        await self.inner.stdin.drain()
        return begun

    def kill(self, process: int) -> None:
        """SIGKILL, in the middle of whatever it does."""
        os.kill(process, signal.SIGKILL)

    async def _says_since(self, begun: int, pattern: str) -> str:
        async with asyncio.timeout(PATIENCE):
            while True:
                self._news.clear()
                for line in self.lines[begun:]:
                    if re.search(pattern, line):
                        return line
                assert not self._reading.done(), self.told
                await self._news.wait()


class Parted(Village):
    """A village that was founded, and goes on with Mellom in other processes. The `bell` rings
    whenever one of them was answered by a stand-in."""

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self.bell = asyncio.Event()
        for stand_in in (self.slack, self.teams):
            stand_in.app.on_response_prepare.append(self._ring)

    async def begin(self, network: str, towns: tuple[Town, ...] = TOWNS) -> None:
        await self.start()
        await self.found(network, towns)
        await self.part()

    async def _ring(self, _request: object, _response: object) -> None:
        self.bell.set()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
