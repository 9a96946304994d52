"""Slack's side of one Mellom, put together: edges, platform, and how workspaces come to it."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Awaitable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from cryptography.fernet import Fernet, InvalidToken

from adapters.settings import Settings
from adapters.settings import Slack as SlackSettings
from adapters.slack.answers import Answers
from adapters.slack.calls import Calls
from adapters.slack.client import SlackPlatform
from adapters.slack.edge import SlackEdge
from adapters.slack.oauth import Installed, SlackOAuth
from adapters.slack.own import OwnEdges
from adapters.slack.rotation import Renewed, renew
from adapters.taking import Unavailable
from adapters.web import Handler
from adapters.workspaces import LOOK_AGAIN, Workspaces
from adapters.writing import Writers
from bot.language import speak
from bot.outgoing import InDoubt, NotSent, Refused
from storage import UnitOfWork, Unreachable, deliveries, installations, receipts
from storage.installations import Renewal

log = logging.getLogger(__name__)
T = TypeVar("T")

STATE_LIFE = 600
"""Seconds in which a person may complete an installation (a state is good once)."""

RENEW_BEFORE = timedelta(hours=2)
"""How long before its end a token is exchanged; meanwhile the old one is good, too."""

RENEWING = timedelta(minutes=1)
"""How long one worker has the exchange to itself: longer than a call can take."""


class OnSlack:
    """The app of the settings, if there is one, and the apps that organisations have of their own,
    whose secrets stand in the database."""

    def __init__(self, settings: Settings, writers: Writers) -> None:
        self._settings = settings
        self._writers = writers
        shared = settings.slack
        token = shared.bot_token if shared else None
        only_one = token is not None and shared is not None and not shared.installable
        self.calls = Calls(settings.slack_api_url, token)
        self.platform = SlackPlatform(self.calls)
        self._workspaces = Workspaces(writers, only_one=only_one)
        again = speak("en")("Something went wrong, and nothing was changed. Please try again.")
        self._answers = Answers(self.calls, again)
        self._introducing: asyncio.Task[None] | None = None
        own = OwnEdges(find=self._workspaces.own, take=writers.take, answers=self._answers)
        self.handlers: dict[str, Handler] = {"slack_own": own.events}
        if shared is not None:
            self.handlers |= self._of_shared(shared)

    @property
    def is_on(self) -> bool:
        """Whether anybody's app is set up."""
        return self._settings.slack is not None or self._workspaces.any_own

    async def start(self) -> None:
        await self._workspaces.load()
        if self._settings.slack is not None and self._settings.slack.bot_token is not None:
            self._introducing = asyncio.create_task(self._introduce())

    async def told(self) -> None:
        """Wait for what is being said to people."""
        await self._answers.close()

    async def close(self) -> None:
        if self._introducing is not None:
            self._introducing.cancel()
            await asyncio.gather(self._introducing, return_exceptions=True)
        await self._workspaces.close()
        await self._answers.close()
        await self.calls.close()

    def _of_shared(self, shared: SlackSettings) -> dict[str, Handler]:
        edge = SlackEdge(
            signing_secret=shared.signing_secret,
            workspaces=self._workspaces,
            take=self._writers.take,
            answers=self._answers,
        )
        return {"slack_events": edge.events} | self._installing(shared)

    def _installing(self, shared: SlackSettings) -> dict[str, Handler]:
        """The pages through which workspaces install the shared app themselves."""
        vault = self._settings.vault
        if shared.client_id is None or shared.client_secret is None or vault is None:
            return {}
        states = States(self._writers, vault)
        oauth = SlackOAuth(
            client_id=shared.client_id,
            client_secret=shared.client_secret,
            redirect_uri=f"{self._settings.base_url}/slack/oauth_redirect",
            calls=self.calls,
            save=self._install,
            issue=states.issue,
            consume=states.consume,
        )
        return {"slack_install": oauth.install, "slack_redirect": oauth.oauth_redirect}

    async def _install(self, installed: Installed) -> None:
        """Keep what Slack gave when a workspace installed the app; doing it again replaces it."""
        await _or_unavailable(self._writers(partial(_keep_installed, installed=installed)))
        await _or_unavailable(self._workspaces.load())

    async def renew_tokens(self) -> None:
        """Exchange those that end soon, each by one worker, and keep what is given before it is
        used by anyone."""
        shared = self._settings.slack
        if shared is None or shared.client_id is None or shared.client_secret is None:
            return
        for renewal in await self._writers(_begin_renewals):
            try:
                token = renewal.refresh_token
                given = await renew(self.calls, shared.client_id, shared.client_secret, token)
                await self._writers(partial(_keep_renewed, renewal=renewal, renewed=given))
                await self._workspaces.load()
            except Refused as problem:
                log.error("slack.token_not_renewed", extra={"reason": problem.reason})
                await self._writers(partial(installations.not_renewed, renewal=renewal))
            except (NotSent, InDoubt) as problem:
                log.warning("slack.token_not_renewed", extra={"reason": problem.reason})

    async def _introduce(self) -> None:
        """Ask Slack who the token in the settings belongs to, until it answers."""
        while True:
            try:
                me = await self.calls.read("auth.test", None)
                await self._writers(partial(_keep_workspace, me=me))
                await self._workspaces.load()
                return
            except NotSent as problem:
                log.warning("slack.not_introduced", extra={"reason": problem.reason})
            except Refused as problem:
                log.error("slack.bot_token_refused", extra={"reason": problem.reason})
            except Unreachable:
                log.error("database.unreachable")
            await asyncio.sleep(LOOK_AGAIN)


def _begin_renewals(uow: UnitOfWork) -> list[Renewal]:
    return installations.begin_renewals(uow, uow.real + RENEW_BEFORE, uow.real + RENEWING)


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


def _keep_installed(uow: UnitOfWork, installed: Installed) -> None:
    id = installations.keep(
        uow,
        platform="slack",
        app=installed.app,
        tenant=installed.team or installed.enterprise or "",
        bot_user=installed.bot_user,
        bot=installed.bot,
        secret=installed.token,
        refresh_token=installed.refresh_token,
        expires_at=_in(uow, installed.seconds),
    )
    _revive(uow, id)


def _keep_renewed(uow: UnitOfWork, renewal: Renewal, renewed: Renewed) -> None:
    kept = installations.renewed(
        uow,
        renewal,
        secret=renewed.token,
        refresh_token=renewed.refresh_token,
        expires_at=uow.real + timedelta(seconds=renewed.seconds),
    )
    if kept:
        _revive(uow, renewal.id)  # It may have ended before it could be renewed.


def _revive(uow: UnitOfWork, installation: int) -> None:
    for conversation in deliveries.conversations_of(uow, installation):
        deliveries.revive(uow, conversation)


def _in(uow: UnitOfWork, seconds: int | None) -> datetime | None:
    return None if seconds is None else uow.real + timedelta(seconds=seconds)


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
