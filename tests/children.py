"""Real Mellom processes beside a village whose own Mellom has left it."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping

from adapters.playground.village import TOWNS, Town, Village
from tests.child import READY
from tests.processes import ROOT, Process


class Child(Process):
    """A process that stands by, loaded, until it is set off."""

    @classmethod
    async def stand_by(cls, *command: str, environment: Mapping[str, str]) -> Child:
        """Nothing of this machine's settings comes along."""
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.child", *command,
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], **environment},
                stdin=PIPE,
                stdout=DEVNULL,
                stderr=PIPE,
            )
        )  # fmt: skip

    async def set_off(self) -> None:
        await self.says(READY)
        assert self.inner.stdin is not None
        self.inner.stdin.write(b"\n")
        await self.inner.stdin.drain()

    async def kill(self) -> None:
        """SIGKILL, in the middle of whatever it does."""
        self.inner.kill()
        await self.inner.wait()


class Parted(Village):
    """A village that was founded, and goes on with Mellom in other processes. The `bell` rings
    whenever one of them was answered by a stand-in."""

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self.bell = asyncio.Event()
        for stand_in in (self.slack, self.teams):
            stand_in.app.on_response_prepare.append(self._ring)

    async def part(self, network: str, towns: tuple[Town, ...] = TOWNS) -> None:
        await self.start()
        await self.found(network, towns)
        assert self._runner is not None
        await self._runner.cleanup()
        self._runner = None
        await self.mellom.close()

    async def stop(self) -> None:
        await self.slack.stop()
        await self.teams.stop()

    async def _ring(self, _request: object, _response: object) -> None:
        self.bell.set()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
