"""The bot's own tokens, with which it speaks to Teams.

After learn.microsoft.com, "Authentication with the Bot Connector API": client credentials of the
bot's own tenant. (msal would do the same with blocking calls, and refuses any other login host.)
"""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from adapters.teams.credentials import Credentials
from bot.outgoing import NotSent, Refused

TOKEN_URL = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"  # noqa: S105
SCOPE = "https://api.botframework.com/.default"

_PATIENCE = 10.0
_EARLY = 5 * 60.0


@dataclass(frozen=True, slots=True)
class _Kept:
    token: str
    until: float


class Tokens:
    """One token for each registration, fetched once for all who wait for it. `clock` in seconds."""

    def __init__(
        self, http: httpx.AsyncClient, clock: Callable[[], float], url: str = TOKEN_URL
    ) -> None:
        self._http = http
        self._clock = clock
        self._url = url
        self._kept: dict[Credentials, _Kept] = {}
        self._fetching: defaultdict[Credentials, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, credentials: Credentials) -> str:
        """Raises NotSent while there is none to be had, Refused where there never will be."""
        kept = self._fresh(credentials)
        if kept is None:
            async with self._fetching[credentials]:
                kept = self._fresh(credentials)
                if kept is None:
                    kept = self._kept[credentials] = await self._fetched(credentials)
        return kept.token

    def forget(self, credentials: Credentials, token: str) -> None:
        """Teams does not take this token; one that was fetched meanwhile stays."""
        kept = self._kept.get(credentials)
        if kept is not None and kept.token == token:
            del self._kept[credentials]

    def _fresh(self, credentials: Credentials) -> _Kept | None:
        kept = self._kept.get(credentials)
        return kept if kept is not None and self._clock() < kept.until else None

    async def _fetched(self, credentials: Credentials) -> _Kept:
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials.app_id,
            "client_secret": credentials.password,
            "scope": SCOPE,
        }
        asked = self._clock()
        try:
            async with asyncio.timeout(_PATIENCE):
                url = self._url.replace("{tenant}", credentials.tenant)
                response = await self._http.post(url, data=form)
        except (httpx.HTTPError, TimeoutError) as error:
            raise NotSent(f"no token: {type(error).__name__}") from error
        _refuse(response)
        token, lasts = _read(response)
        return _Kept(token, asked + max(lasts - _EARLY, lasts / 2))


def _refuse(response: httpx.Response) -> None:
    status = response.status_code
    if status in (400, 401, 403):
        raise Refused(f"no token: {status} {_error(response)}".strip(), "installation")
    if status != 200:
        raise NotSent(f"no token: {status}", retry_after(response))


def _read(response: httpx.Response) -> tuple[str, float]:
    try:
        found = response.json()
        return str(found["access_token"]), float(found["expires_in"])
    except (ValueError, LookupError, TypeError) as error:
        raise NotSent("no token: unreadable") from error


def _error(response: httpx.Response) -> str:
    """OAuth's short name of what is wrong, never its description, which may quote what was sent."""
    try:
        error = response.json()["error"]
    except (ValueError, LookupError, TypeError):
        return ""
    return error[:60] if isinstance(error, str) and error.replace("_", "").isalnum() else ""


def retry_after(response: httpx.Response) -> float | None:
    """The seconds that `Retry-After` asks for; a date in it is not what these services send."""
    try:
        seconds = float(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None
