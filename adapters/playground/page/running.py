"""The playground's page: four rooms side by side, played in a browser on this machine.

async with opened("sqlite:////tmp/mellom.db") as page:
    print(page.url)
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web

from adapters import journal
from adapters.playground.page import clock
from adapters.playground.page import web as page_web
from adapters.playground.page.page import Page
from adapters.playground.page.story import ANSWER_TO, TOLD
from adapters.playground.village import TOWNS, Town, Village
from adapters.writing import Clock

NETWORK = "Nord"
FACILITATOR = "Bjarne Falk", "Alta kommune", "Falk Læring", "facilitator"
"""Who holds the network together: a guest in one of the rooms, from a firm of his own."""


async def serve(port: int) -> None:
    """Show the page on this port until SIGINT or SIGTERM; its data are thrown away then."""
    # Only what goes wrong: everything else would bury the one line that says where the page is.
    journal.start(logging.WARNING)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with tempfile.TemporaryDirectory(prefix="mellom-try-") as folder:
        async with opened(f"sqlite:///{folder}/mellom.db", port) as page:
            print(f"Try Mellom at {page.url} (stop with Ctrl-C)", flush=True)
            await page.until(stop)


@asynccontextmanager
async def opened(
    database_url: str, port: int = 0, towns: tuple[Town, ...] = TOWNS
) -> AsyncIterator[Page]:
    """The page over a village of its own, in which somebody has asked and somebody answered."""
    async with AsyncExitStack() as leaving:
        listening = leaving.enter_context(_listening(port))
        time = clock.Time()
        village = Village(database_url, Clock(now=time.now))
        page = Page(village, time, f"http://127.0.0.1:{listening.getsockname()[1]}")
        await village.start()
        leaving.push_async_callback(village.stop)
        await village.found(NETWORK, towns)
        await village.bring(*FACILITATOR)
        await village.tell(TOLD, ANSWER_TO)
        page.begin()
        leaving.push_async_callback(page.end)
        await page.converse()
        runner = await _serving(page, listening)
        leaving.push_async_callback(runner.cleanup)
        leaving.callback(page.leave)
        yield page


def _listening(port: int) -> socket.socket:
    """Taken before anything else is begun: a browser that comes early waits until all is ready."""
    reason = "there is no such port"
    if 0 <= port <= 65535:
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError as error:
            reason = os.strerror(error.errno or 0)
    raise SystemExit(
        f"Port {port} cannot be used: {reason}. Choose another one, such as PORT=8001."
    )


async def _serving(page: Page, listening: socket.socket) -> web.AppRunner:
    runner = web.AppRunner(page_web.application(page), access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    return runner
