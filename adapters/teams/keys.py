"""The keys that the Bot Framework service signs with, fetched off the event loop's back.

The SDK fetches them with a blocking call without a time limit, and does not look again for up to a
day when a token names a key that it has not seen. The service rotates its keys without notice
(learn.microsoft.com, "Authentication with the Bot Connector API").
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from jwt import PyJWTError
from jwt.algorithms import RSAAlgorithm

from adapters.tls import trust

METADATA_URL = "https://login.botframework.com/v1/.well-known/openidconfiguration"

_PATIENCE = 5.0
_DAY = 24 * 3600.0
_MINUTE = 60.0
_EMPTY_WAIT = 5.0
_STRANGERS = 3

_log = logging.getLogger(__name__)


class UnknownKey(Exception):
    """No key of that name is published."""


class NoKeys(Exception):
    """The keys could not be fetched yet, so nothing at all can be told genuine from forged."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key, and the channels whose requests it may sign (the names are the SDK's)."""

    public_key: Any
    endorsements: list[str]


class KeyRing:
    """Keeps the published keys. `clock` is the real time in seconds.

    Old keys outlive a fetch that fails. A name that is not found causes another fetch at most once
    a minute, and of invented names only a few are tried, so that forgeries neither flood the
    service nor delay the first request after a rotation.
    """

    def __init__(self, metadata_url: str, clock: Callable[[], float]) -> None:
        self._url = metadata_url
        self._clock = clock
        self._keys: dict[str, SigningKey] = {}
        self._fetched = float("-inf")
        self._tried = float("-inf")
        self._missed: dict[str, float] = {}
        self._fetching = asyncio.Lock()

    async def get(self, kid: str | None) -> SigningKey:
        """The key of this name. The SDK calls this where it would fetch by itself."""
        if not kid:
            raise UnknownKey("a token without the name of its key")
        key = self._keys.get(kid)
        if key is None:
            key = await self._look_again(kid)
        elif self._stale() and not self._fetching.locked():
            # One request pays for the daily fetch; the others go on with the keys we have.
            await self._fetch()
        if key is None:
            raise NoKeys if not self._keys else UnknownKey("no such key is published")
        return key

    def endorses(self, kid: str, channel: str) -> bool:
        key = self._keys.get(kid)
        return key is not None and channel in key.endorsements

    def _stale(self) -> bool:
        now = self._clock()
        return now - self._fetched >= _DAY and now - self._tried >= _MINUTE

    async def _look_again(self, kid: str) -> SigningKey | None:
        async with self._fetching:
            if kid not in self._keys and self._may_look(kid):
                await self._refresh()
                if kid not in self._keys:
                    self._missed[kid] = self._clock()
        return self._keys.get(kid)

    def _may_look(self, kid: str) -> bool:
        now = self._clock()
        if not self._keys:
            return now - self._tried >= _EMPTY_WAIT
        self._missed = {k: at for k, at in self._missed.items() if now - at < _MINUTE}
        return kid not in self._missed and len(self._missed) < _STRANGERS

    async def _fetch(self) -> None:
        async with self._fetching:
            await self._refresh()

    async def _refresh(self) -> None:
        self._tried = self._clock()
        try:
            keys = await published(self._url)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, LookupError) as error:
            _log.warning("teams.keys_not_fetched", extra={"error": type(error).__name__})
            return
        self._keys = keys
        self._fetched = self._tried


async def published(metadata_url: str) -> dict[str, SigningKey]:
    """The keys by their names. Raises httpx's errors, TimeoutError, ValueError or LookupError."""
    async with asyncio.timeout(_PATIENCE), _client() as http:
        metadata = await _json(http, metadata_url)
        listed = (await _json(http, str(metadata["jwks_uri"])))["keys"]
    keys = dict(_readable(listed))
    if not keys:
        raise ValueError("no key that can be read")
    return keys


def _client() -> httpx.AsyncClient:
    """A fetch a day needs no connection kept."""
    return httpx.AsyncClient(verify=trust(), timeout=_PATIENCE, follow_redirects=True)


async def _json(http: httpx.AsyncClient, url: str) -> Mapping[str, Any]:
    response = await http.get(url)
    response.raise_for_status()
    found = response.json()
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _readable(listed: Any) -> list[tuple[str, SigningKey]]:
    if not isinstance(listed, list):
        raise ValueError("not a list of keys")
    found = []
    for jwk in listed:
        try:
            public = RSAAlgorithm.from_jwk(json.dumps(jwk))
            endorsements = [str(name) for name in jwk.get("endorsements") or ()]
            found.append((str(jwk["kid"]), SigningKey(public, endorsements)))
        except (PyJWTError, ValueError, LookupError, TypeError, AttributeError):
            # A key of another kind beside ours does not make ours worse.
            continue
    return found
