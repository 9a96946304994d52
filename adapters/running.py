"""One Mellom put together from its settings: database, writers, edges, platforms, worker."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from aiohttp.web import AppRunner, TCPSite
from cryptography.fernet import Fernet, InvalidToken

from adapters import web as web_process
from adapters.settings import Settings
from adapters.settings import Slack as SlackSettings
from adapters.settings import Teams as TeamsSettings
from adapters.slack.answers import Answers
from adapters.slack.calls import Calls
from adapters.slack.client import SlackPlatform
from adapters.slack.edge import SlackEdge
from adapters.slack.oauth import Installed, SlackOAuth
from adapters.slack.workspace import Workspace
from adapters.taking import Unavailable
from adapters.teams import connector
from adapters.teams.client import TeamsPlatform
from adapters.teams.credentials import Credentials, Hosts
from adapters.teams.edge import TeamsEdge
from adapters.teams.identity import Identity
from adapters.worker import Worker
from adapters.writing import Clock, Writers, wall
from bot.language import speak
from bot.outgoing import NotSent, Platform, Refused
from storage import UnitOfWork, Unreachable, deliveries, installations, receipts
from storage.unit_of_work import connect

log = logging.getLogger(__name__)
T = TypeVar("T")

STATE_LIFE = 600
"""Seconds in which a person may complete an installation (a state is good once)."""

LOOK_AGAIN = 5.0
"""Seconds between looks into the database for a workspace that this process does not know."""

MOST_MISSED = 1000
"""Workspaces that this process remembers not to have known."""

RENEW = 60.0
"""Seconds after which the workspaces are read anew: a token may have been exchanged elsewhere."""

now = wall


class Workspaces:
    """Which Slack workspaces have the app, in memory: they are asked for while Slack waits."""

    def __init__(self, writers: Writers, calls: Calls, *, only_one: bool) -> None:
        self._writers = writers
        self._calls = calls
        self._only_one = only_one
        self._known: dict[str, Workspace] = {}
        self._looking: asyncio.Task[None] | None = None
        self._looked = self._loaded = 0.0
        self._missed: dict[str, float] = {}
        self._introducing: asyncio.Task[None] | None = None

    def __call__(self, enterprise: str | None, team: str | None) -> Workspace | None:
        """The workspace of a request. One that this process does not know may have been added by
        another: look, and have Slack send again meanwhile. None if such a look did not find it."""
        found = self._known.get(team or "") or self._known.get(enterprise or "")
        if found is None and self._only_one and self._known:
            found = next(iter(self._known.values()))
        self._look_again(LOOK_AGAIN if found is None else RENEW)
        if found is None and not self._is_none_of_ours(team or enterprise or ""):
            raise Unavailable
        return found

    def _is_none_of_ours(self, name: str) -> bool:
        missed = self._missed.pop(name, None)
        if missed is not None and self._loaded > missed and not self._only_one:
            return True
        if len(self._missed) < MOST_MISSED:
            self._missed[name] = missed or asyncio.get_running_loop().time()
        return False

    async def load(self) -> None:
        began = asyncio.get_running_loop().time()
        rows = await self._writers(lambda uow: installations.every(uow, "slack"))
        self._known = {
            row.tenant: Workspace(row.id, row.app, row.tenant, row.bot_user, row.bot, row.secret)
            for row in rows
        }
        self._loaded = began

    async def begin_introduction(self) -> None:
        self._introducing = asyncio.create_task(self._introduce())

    async def close(self) -> None:
        for task in (self._introducing, self._looking):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _introduce(self) -> None:
        """Ask Slack who the token in the settings belongs to, until it answers."""
        while True:
            try:
                me = await self._calls.read("auth.test", None)
                await self._writers(partial(_keep_workspace, me=me))
                await self.load()
                return
            except NotSent as problem:
                log.warning("slack.not_introduced", extra={"reason": problem.reason})
            except Refused as problem:
                log.error("slack.bot_token_refused", extra={"reason": problem.reason})
            except Unreachable:
                log.error("database.unreachable")
            await asyncio.sleep(LOOK_AGAIN)

    def _look_again(self, after: float) -> None:
        """Read the workspaces anew if that was last done so many seconds ago."""
        loop = asyncio.get_running_loop()
        busy = self._looking is not None and not self._looking.done()
        if not busy and loop.time() - self._looked > after:
            self._looked = loop.time()
            self._looking = loop.create_task(self._reload())

    async def _reload(self) -> None:
        try:
            await self.load()
        except Unreachable:
            log.error("database.unreachable")


def _keep_workspace(uow: UnitOfWork, me: Mapping[str, Any]) -> None:
    """The workspace of the token in the settings, as `auth.test` names it."""
    installations.keep(
        uow,
        platform="slack",
        app=str(me.get("app_id") or ""),
        tenant=str(me["team_id"]),
        bot_user=str(me["user_id"]),
        bot=str(me.get("bot_id") or ""),
    )


async def install(writers: Writers, workspaces: Workspaces, installed: Installed) -> None:
    """Keep what Slack gave when a workspace installed the app; installing again replaces it."""

    def keep(uow: UnitOfWork) -> None:
        id = installations.keep(
            uow,
            platform="slack",
            app=installed.app,
            tenant=installed.team or installed.enterprise or "",
            bot_user=installed.bot_user,
            bot=installed.bot,
            secret=installed.token,
        )
        for conversation in deliveries.conversations_of(uow, id):
            deliveries.revive(uow, conversation)

    await _or_unavailable(writers(keep))
    await _or_unavailable(workspaces.load())


async def _or_unavailable(work: Awaitable[T]) -> T:
    """For the pages of an installation, which a person is asked to come back to."""
    try:
        return await work
    except Unreachable as problem:
        raise Unavailable from problem


class States:
    """OAuth states: sealed, good for ten minutes and used up by a receipt."""

    def __init__(self, writers: Writers, vault: Fernet) -> None:
        self._writers = writers
        self._vault = vault

    async def issue(self) -> str:
        return self._vault.encrypt(secrets.token_bytes(16)).decode()

    async def consume(self, state: str) -> bool:
        try:
            self._vault.decrypt(state.encode(), ttl=STATE_LIFE)
        except (InvalidToken, UnicodeEncodeError):
            return False
        key = "oauth:" + hashlib.sha256(state.encode()).hexdigest()
        return await _or_unavailable(self._writers(lambda uow: receipts.begin(uow, key)))


class Mellom:
    """Everything of one process, put together but not started.

    `application` is served by the web process; `worker` runs in the worker process. Both may be in
    one.
    """

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self._settings = settings
        self.database = connect(settings.database_url, settings.vault)
        self.writers = Writers(self.database, clock or Clock())
        self.platforms: dict[str, Platform] = {}
        self._starting: list[Callable[[], Awaitable[None]]] = []
        self._closing: list[Callable[[], Awaitable[None]]] = []
        self._telling: list[Callable[[], Awaitable[None]]] = []
        handlers: dict[str, web_process.Handler] = {}
        if settings.slack is not None:
            handlers |= self._with_slack(settings.slack)
        if settings.teams is not None:
            handlers |= self._with_teams(settings.teams)
        self.application = web_process.application(self.writers, **handlers)
        self.worker = Worker(self.writers, self.platforms)

    async def start(self) -> None:
        """Learn what is installed; nothing is taken or sent before."""
        for begin in self._starting:
            await begin()

    async def told(self) -> None:
        """Wait for what is being told to people beside the answers they got."""
        for tell in self._telling:
            await tell()

    async def close(self) -> None:
        for end in reversed(self._closing):
            await end()
        self.writers.close()

    def _with_slack(self, slack: SlackSettings) -> dict[str, web_process.Handler]:
        calls = Calls(slack.api_url, slack.bot_token)
        only_one = slack.bot_token is not None and not slack.installable
        workspaces = Workspaces(self.writers, calls, only_one=only_one)
        again = speak("en")("Something went wrong, and nothing was changed. Please try again.")
        edge = SlackEdge(
            signing_secret=slack.signing_secret,
            workspaces=workspaces,
            take=self.writers.take,
            answers=Answers(calls, again),
        )
        self.platforms["slack"] = SlackPlatform(calls)
        self._starting.append(workspaces.load)
        if slack.bot_token is not None:
            self._starting.append(workspaces.begin_introduction)
        self._telling.append(edge.close)
        self._closing += [calls.close, edge.close, workspaces.close]
        return {"slack_events": edge.events} | self._installing(slack, calls, workspaces)

    def _installing(
        self, slack: SlackSettings, calls: Calls, workspaces: Workspaces
    ) -> dict[str, web_process.Handler]:
        """The pages through which workspaces install the app themselves."""
        vault = self._settings.vault
        if slack.client_id is None or slack.client_secret is None or vault is None:
            return {}
        states = States(self.writers, vault)
        oauth = SlackOAuth(
            client_id=slack.client_id,
            client_secret=slack.client_secret,
            redirect_uri=f"{self._settings.base_url}/slack/oauth_redirect",
            calls=calls,
            save=lambda installed: install(self.writers, workspaces, installed),
            issue=states.issue,
            consume=states.consume,
        )
        return {"slack_install": oauth.install, "slack_redirect": oauth.oauth_redirect}

    def _with_teams(self, teams: TeamsSettings) -> dict[str, web_process.Handler]:
        with self.writers.begin() as uow:
            bot = installations.keep(
                uow, platform="teams", app=teams.app_id, tenant=teams.tenant_id
            )
        bots = {bot: Credentials(teams.app_id, teams.app_password, teams.tenant_id)}
        hosts = Hosts(teams.service_hosts)
        identity = Identity(
            bots, clock=time.time, hosts=hosts, metadata_url=teams.openid_metadata_url
        )
        http = connector.client()
        self.platforms["teams"] = TeamsPlatform(
            bots, http, clock=time.time, hosts=hosts, token_url=teams.token_url
        )
        self._closing.append(http.aclose)
        edge = TeamsEdge(identity, self.writers.take, clock=time.time)
        return {"teams_messages": edge.messages}


async def serve(settings: Settings, *, web: bool, worker: bool) -> None:
    """Run until SIGTERM or SIGINT, then finish what was begun."""
    for name, part in (("slack", settings.slack), ("teams", settings.teams)):
        log.info("process.platform", extra={"platform": name, "state": "on" if part else "off"})
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    mellom = Mellom(settings)
    await mellom.start()
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
