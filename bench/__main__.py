"""Runs the measurements: `python -m bench [--short] [--rounds N] [part …]`."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench import ahead, asking, delivery, full, idle, intake, members, memory, votes
from bench.serving import LOAD, pin

PARTS = (
    "bolt",
    "echo",
    "delivery",
    "idle",
    "ahead",
    "full",
    "members",
    "memory",
    "votes",
    "asking",
)

MANY, FEW = (100_000, 200), (5_000, 50)
"""Questions, each with five answers, and rounds."""

CROWD, SMALL_CROWD = (10_000, 100), (2_000, 30)
"""Members, and rounds."""

VOTES, FEW_VOTES = (10_000, 60.0), (1_000, 10.0)
"""Members who vote, and seconds in which they do."""


def main() -> None:
    asked = _asked()
    # Asked to stop, it stops as on Ctrl-C, and takes its databases with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    pin(0, LOAD)
    with tempfile.TemporaryDirectory(prefix="mellom-bench-") as folder:
        asyncio.run(run(Path(folder), asked))


async def run(folder: Path, asked: argparse.Namespace) -> None:
    for part in asked.parts or PARTS:
        print(f"-- {part}, load average {os.getloadavg()[0]:.2f}", flush=True)
        if part == "full":
            async for told in full.measure(folder, *(FEW if asked.short else MANY)):
                print(told, flush=True)
            continue
        if part == "members":
            async for told in members.measure(folder, *(SMALL_CROWD if asked.short else CROWD)):
                print(told, flush=True)
            continue
        if part == "asking":
            size = (SMALL_CROWD[0], FEW[0]) if asked.short else (CROWD[0], MANY[0])
            async for told in asking.measure(folder, *size):
                print(told, flush=True)
            continue
        if part == "votes":
            async for told in votes.measure(folder, *(FEW_VOTES if asked.short else VOTES)):
                print(told, flush=True)
            continue
        for result in await _measured(part, folder, asked.rounds, short=asked.short):
            print(result, flush=True)
    print(f"-- done, load average {os.getloadavg()[0]:.2f}")


async def _measured(part: str, folder: Path, rounds: int, *, short: bool) -> Sequence[object]:
    counts = intake.SHORT if short else intake.LONG
    match part:
        case "bolt":
            return await intake.against_bolt(folder, rounds, counts)
        case "echo":
            return await intake.against_echo(folder, rounds, counts)
        case "delivery":
            return [await delivery.measure(folder, 30 if short else 200)]
        case "ahead":
            return list(ahead.measure(folder))
        case "memory":
            return [await memory.measure(folder, 1_000 if short else 10_000)]
        case _:
            return await idle.measure(folder, 8.0 if short else 30.0)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--short", action="store_true", help="fewer requests, to try it out")
    return parser.parse_args()


if __name__ == "__main__":
    main()
