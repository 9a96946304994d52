"""Starts what is measured in a process of its own on the first core, and stops it again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

SERVER, LOAD = 0, 1
"""The cores of what is measured, and of who measures."""

PATIENCE = 15.0
_HERE = Path(__file__).parent.parent


def pin(process: int, core: int) -> None:
    """Keep a process on one core, where there is more than one."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(process, {core})


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    process: int

    def cpu(self) -> float:
        """Seconds of processor time it has used."""
        times = psutil.Process(self.process).cpu_times()
        return float(times.user + times.system)


@contextmanager
def serving(module: str, environ: Mapping[str, str]) -> Iterator[Server]:
    """A server that runs as long as the block does."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 - modules of this folder
        [sys.executable, "-m", f"bench.{module}"],
        cwd=_HERE,
        env={**kept, **environ},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        pin(process.pid, SERVER)
        assert process.stdout is not None
        said = process.stdout.readline()
        if not said:
            raise RuntimeError(f"{module} did not start")
        yield Server(int(said), process.pid)
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
