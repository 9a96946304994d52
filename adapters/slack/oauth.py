"""Installing the app into a workspace: Bolt's OAuth flow with our own stores.

Bolt's own keep the tokens in files, in the clear. Facts: docs.slack.dev, "Installing with OAuth".
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from adapters.slack.calls import Calls
from adapters.taking import Unavailable

log = logging.getLogger(__name__)

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "metadata.message:read",
    "users:read",
)
"""What the app asks for: each is used, and nobody is shown under a name that is not the bot's."""

# Bolt writes the one-time code into the log where exchanging it fails.
_QUIET = logging.getLogger("adapters.slack.oauth.bolt")
_QUIET.setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Installed:
    """The app was put into a workspace, or put in anew with another token.

    `team` is None where a whole organisation (`enterprise`) took it in. Where tokens rotate, this
    one is good for so many `seconds`, and `refresh_token` is what the next one is had for.
    """

    app: str
    enterprise: str | None
    team: str | None
    team_name: str
    bot_user: str
    bot: str
    token: str
    scopes: tuple[str, ...]
    installer: str
    refresh_token: str | None = None
    seconds: int | None = None


Save = Callable[[Installed], Awaitable[None]]
"""Keeps an installation, replacing the one there was; may raise Unavailable."""

Issue = Callable[[], Awaitable[str]]
"""Makes a random state that is good once, for ten minutes."""

Consume = Callable[[str], Awaitable[bool]]
"""Uses a state up; false where it is unknown, too old or used already."""


class SlackOAuth:
    """The two pages of an installation: the way to Slack, and the way back."""

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
        calls: Calls,
        save: Save,
        issue: Issue,
        consume: Consume,
    ) -> None:
        self._calls = calls
        self._settings = AsyncOAuthSettings(
            client_id=client_id,
            client_secret=client_secret,
            scopes=SCOPES,
            user_scopes=[],
            redirect_uri=redirect_uri,
            install_page_rendering_enabled=False,
            authorization_url=urljoin(calls.base_url, "/oauth/v2/authorize"),
            installation_store=_Installations(save),
            state_store=_States(issue, consume),
            logger=_QUIET,
        )

    async def install(self, request: web.Request) -> web.Response:
        """Send the person to Slack, with a state that their browser brings back."""
        try:
            answer = await self._flow().handle_installation(_bolt(request))
        except Unavailable:
            return _sorry(503)
        return await to_aiohttp_response(answer)

    async def oauth_redirect(self, request: web.Request) -> web.Response:
        """Exchange what Slack sent back for a token, and keep it."""
        try:
            answer = await self._flow().handle_callback(_bolt(request))
        except Unavailable:
            return _sorry(503)
        except Exception as error:
            # The line broke, or the SDK stumbled over an answer that is not what Slack documents.
            log.warning("slack.install_failed", extra={"error": type(error).__name__})
            return _sorry(502)
        return await to_aiohttp_response(answer)

    def _flow(self) -> AsyncOAuthFlow:
        # The client belongs to a running loop, which there is none of when this object is made.
        return AsyncOAuthFlow(client=self._calls.client, logger=_QUIET, settings=self._settings)


class _Installations(AsyncInstallationStore):
    def __init__(self, save: Save) -> None:
        self._save = save

    @property
    def logger(self) -> logging.Logger:
        return _QUIET

    async def async_save(self, installation: Installation) -> None:
        await self._save(
            Installed(
                app=installation.app_id or "",
                enterprise=installation.enterprise_id,
                team=installation.team_id,
                team_name=installation.team_name or installation.enterprise_name or "",
                bot_user=installation.bot_user_id or "",
                bot=installation.bot_id or "",
                token=installation.bot_token or "",
                scopes=tuple(installation.bot_scopes or ()),
                installer=installation.user_id,
                refresh_token=installation.bot_refresh_token,
                seconds=_seconds(installation),
            )
        )


class _States(AsyncOAuthStateStore):
    def __init__(self, issue: Issue, consume: Consume) -> None:
        self._issue = issue
        self._consume = consume

    @property
    def logger(self) -> logging.Logger:
        return _QUIET

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        return await self._issue()

    async def async_consume(self, state: str) -> bool:
        return await self._consume(state)


def _seconds(installation: Installation) -> int | None:
    """How long the token is good. Bolt tells the moment, by its own clock."""
    if installation.bot_token_expires_at is None:
        return None
    return max(int(installation.bot_token_expires_at - time.time()), 0)


def _bolt(request: web.Request) -> AsyncBoltRequest:
    return AsyncBoltRequest(body="", query=request.query_string, headers=dict(request.headers))


def _sorry(status: int) -> web.Response:
    return web.Response(status=status, text="Please try again in a moment.")
