"""Serves Mellom on loopback: the web process, and with BENCH_WORKER the worker in it."""

from __future__ import annotations

import asyncio
import os
import signal

from adapters import settings
from adapters.running import Mellom, listen


async def serve() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    mellom = Mellom(settings.read(os.environ))
    await mellom.start()
    working = asyncio.create_task(mellom.worker.run(stop)) if "BENCH_WORKER" in os.environ else None
    runner = await listen(mellom, 0, "127.0.0.1")
    print(runner.addresses[0][1], flush=True)
    await stop.wait()
    await runner.cleanup()
    if working is not None:
        await working
    await mellom.close()


if __name__ == "__main__":
    asyncio.run(serve())
