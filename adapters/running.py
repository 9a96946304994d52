"""One Mellom put together from its settings: database, writers, edges, platforms, worker."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable

from aiohttp.web import AppRunner, TCPSite

from adapters import web as web_process
from adapters.on_slack import OnSlack
from adapters.on_teams import OnTeams
from adapters.settings import Settings
from adapters.webhook.addresses import Hosts as WebhookHosts
from adapters.webhook.client import WebhookPlatform
from adapters.worker import Worker
from adapters.writing import Clock, Writers, wall
from bot.outgoing import Platform
from storage import installations
from storage.unit_of_work import connect

log = logging.getLogger(__name__)

now = wall


class Mellom:
    """Everything of one process, put together but not started.

    `application` is served by the web process; `worker` runs in the worker process. Both may be in
    one.
    """

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.database = connect(settings.database_url, settings.vault, settings.base_url)
        self.writers = Writers(self.database, clock or Clock())
        self.platforms: dict[str, Platform] = {}
        self._starting: list[Callable[[], Awaitable[None]]] = []
        self._closing: list[Callable[[], Awaitable[None]]] = []
        self._telling: list[Callable[[], Awaitable[None]]] = []
        handlers: dict[str, web_process.Handler] = {}
        self._slack = OnSlack(settings, self.writers)
        if settings.slack is not None or settings.vault is not None:
            handlers |= self._with_slack(self._slack)
        self._teams = OnTeams(settings, self.writers)
        if settings.teams is not None or settings.vault is not None:
            handlers |= self._with_teams(self._teams)
        self._with_webhooks(settings.webhook_hosts)
        self.application = web_process.application(self.writers, **handlers)
        self.worker = Worker(self.writers, self.platforms, upkeep=[self._slack.renew_tokens])

    async def start(self) -> None:
        """Learn what is installed; nothing is taken or sent before."""
        for begin in self._starting:
            await begin()

    def on(self) -> dict[str, bool]:
        """Which platforms somebody's app or bot is set up on."""
        return {"slack": self._slack.is_on, "teams": self._teams.is_on}

    async def told(self) -> None:
        """Wait for what is being told to people beside the answers they got."""
        for tell in self._telling:
            await tell()

    async def close(self) -> None:
        for end in reversed(self._closing):
            await end()
        self.writers.close()

    def _with_slack(self, slack: OnSlack) -> dict[str, web_process.Handler]:
        self.platforms["slack"] = slack.platform
        self._starting.append(slack.start)
        self._telling.append(slack.told)
        self._closing.append(slack.close)
        return slack.handlers

    def _with_teams(self, teams: OnTeams) -> dict[str, web_process.Handler]:
        self.platforms["teams"] = teams.platform
        self._closing.append(teams.close)
        return teams.handlers

    def _with_webhooks(self, extra: tuple[str, ...]) -> None:
        """They need no settings: each channel's address is in the database."""
        platform = WebhookPlatform(WebhookHosts(extra))
        self.platforms["webhook"] = platform
        self._starting.append(self._read_webhooks)
        self._closing.append(platform.close)

    async def _read_webhooks(self) -> None:
        """A key that does not fit them is told at once, and not when something is to be sent."""
        await self.writers(lambda uow: installations.every(uow, "webhook"))


async def serve(settings: Settings, *, web: bool, worker: bool) -> None:
    """Run until SIGTERM or SIGINT, then finish what was begun."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    mellom = Mellom(settings)
    await mellom.start()
    for name, on in mellom.on().items():
        log.info("process.platform", extra={"platform": name, "state": "on" if on else "off"})
    working = asyncio.create_task(mellom.worker.run(stop)) if worker else None
    runner = await listen(mellom, settings.port) if web else None
    waits = {asyncio.create_task(stop.wait())} | ({working} if working else set())
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    stop.set()  # A worker that broke takes the process with it, so that it is started again.
    if runner is not None:
        await runner.cleanup()
    if working is not None:
        await working
    await mellom.close()


async def listen(mellom: Mellom, port: int, host: str | None = None) -> AppRunner:
    """Serve the application on this port until the runner is cleaned up."""
    runner = AppRunner(mellom.application, access_log=None, shutdown_timeout=10.0)
    await runner.setup()
    await TCPSite(runner, host, port).start()
    log.info("web.listening", extra={"port": port})
    return runner
