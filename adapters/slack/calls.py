"""One call to Slack's Web API, and the one table of how it can end.

Outcomes follow docs.slack.dev, "Web API" and the error lists of its methods. Slack itself says of
`internal_error` and `fatal_error` that part of the operation may have succeeded.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.outgoing import InDoubt, NotSent, Refused

Json = dict[str, Any]
Outcome = NotSent | InDoubt | Refused

SLACK_API = "https://slack.com/api/"

_TRY_LATER = {"ratelimited", "rate_limited", "team_added_to_org"}
_MAY_BE_DONE = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
_INSTALLATION = {
    "access_denied", "accesslimited", "account_inactive", "enterprise_is_restricted",
    "invalid_auth", "missing_scope", "no_permission", "not_allowed_token_type", "not_authed",
    "org_login_required", "team_access_not_granted", "team_not_found", "token_expired",
    "token_revoked", "two_factor_setup_required",
}  # fmt: skip
_CONVERSATION = {
    "cannot_dm_bot", "channel_not_found", "channel_type_not_supported", "ekm_access_denied",
    "is_archived", "is_inactive", "messages_tab_disabled", "not_in_channel", "user_disabled",
    "user_not_found", "user_not_visible",
}  # fmt: skip
_THREAD_ONLY = {"restricted_action_thread_locked"}

# The SDK logs whole requests, words and all, when it is told to say more than this.
_QUIET = logging.getLogger("adapters.slack.sdk")
_QUIET.setLevel(logging.WARNING)


class Calls:
    """Calls Slack for any workspace over one HTTP session. Nothing is ever sent twice by itself."""

    def __init__(
        self, base_url: str = SLACK_API, token: str | None = None, seconds: float = 10.0
    ) -> None:
        self.base_url = base_url
        self._token = token
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The one session; it begins with the first call, inside the running loop."""
        if self._session is None or self._session.closed:
            # The SDK's own timeout does not count for a session that it was given.
            timeout = aiohttp.ClientTimeout(total=self._seconds, sock_connect=self._seconds / 2)
            self._session = aiohttp.ClientSession(timeout=timeout)
            self._client = None
        return self._session

    @property
    def client(self) -> AsyncWebClient:
        """Slack's client without its retries: after a broken line it would post a second time."""
        session = self.session
        if self._client is None:
            self._client = AsyncWebClient(
                base_url=self.base_url, session=session, retry_handlers=[], logger=_QUIET
            )
            if urlsplit(self.base_url).hostname in ("127.0.0.1", "localhost", "::1"):
                # The SDK takes the proxy from the environment whatever the address is.
                self._client.proxy = None
        return self._client

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def write(self, method: str, token: str | None, **body: Any) -> Json:
        """A call that changes something. Ends in its result or in NotSent, InDoubt or Refused."""
        return await self._call(method, json={"token": self._of(token), **body})

    async def read(self, method: str, token: str | None, **params: Any) -> Json:
        """A call that may be repeated freely, so whatever did not come through was not sent."""
        wanted = {name: value for name, value in params.items() if value is not None}
        try:
            return await self._call(
                method, http_verb="GET", params={"token": self._of(token), **wanted}
            )
        except InDoubt as doubt:
            raise NotSent(doubt.reason) from doubt

    async def who(self, token: str | None) -> tuple[Json, frozenset[str]]:
        """Whose token it is, and the scopes that it has."""
        answer = await self._answer("auth.test", params={"token": self._of(token)})
        scopes = answer.headers.get("x-oauth-scopes") or ""
        return _data(answer), frozenset(filter(None, re.split(r"[\s,]+", scopes)))

    async def exchange(self, **form: str) -> Json:
        """A token for what one is had for; the app's own id and secret stand in the form."""
        return await self._call("oauth.v2.access", data=form)

    async def respond(self, url: str, body: Json) -> bool:
        """Answer at the address that came with an interaction: five times, within half an hour.
        False where that is over and nothing was shown."""
        try:
            proxy = self.client.proxy
            async with self.session.post(url, json=body, proxy=proxy) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise InDoubt(type(error).__name__) from error
        if status >= 500:
            raise InDoubt(f"http_{status}")
        return status < 400

    def _of(self, token: str | None) -> str:
        """The token itself; None is that of the settings, and an empty one is none."""
        return (self._token if token is None else token) or ""

    async def _call(self, method: str, **how: Any) -> Json:
        return _data(await self._answer(method, **how))

    async def _answer(self, method: str, **how: Any) -> AsyncSlackResponse:
        try:
            return await self.client.api_call(method, **how)
        except SlackApiError as error:
            raise _outcome(error.response) from error
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise InDoubt(type(error).__name__) from error
        except (ValueError, AttributeError, TypeError) as error:
            # The SDK stumbles in these ways over an answer that is not a JSON object in UTF-8.
            raise InDoubt("unreadable_answer") from error


def _data(answer: AsyncSlackResponse) -> Json:
    return dict(answer.data) if isinstance(answer.data, dict) else {}


def _outcome(response: Any) -> Outcome:
    """What an answer that is not `ok` means, from its status and Slack's own code."""
    # The SDK gives its own response, or aiohttp's where it could not read the body.
    status = getattr(response, "status_code", None) or getattr(response, "status", 0)
    if status == 429:
        return NotSent("ratelimited", _seconds(response.headers))
    data = getattr(response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    if not isinstance(code, str):
        return InDoubt(f"http_{status}")
    return outcome_of(code, _seconds(response.headers))


def outcome_of(code: str, retry_after: float | None = None) -> Outcome:
    """What one of Slack's error codes means. One that we do not know concerns this message only."""
    if code in _TRY_LATER:
        return NotSent(code, retry_after)
    if code in _MAY_BE_DONE:
        return InDoubt(code)
    if code in _INSTALLATION:
        return Refused(code, "installation")
    if code in _THREAD_ONLY:
        return Refused(code, "message")
    if code in _CONVERSATION or code.startswith("restricted_action"):
        return Refused(code, "conversation")
    return Refused(code, "message")


def _seconds(headers: Mapping[str, str]) -> float | None:
    try:
        seconds = float(headers["Retry-After"])
    except (KeyError, ValueError):
        return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None
