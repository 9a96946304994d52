"""What the tests of the Teams adapter share: one bot, one service that signs, one activity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import respx

from adapters.playground.teams.identity import Identity as Service
from adapters.teams.bots import Bot, Bots
from adapters.teams.credentials import Credentials
from adapters.teams.identity import Identity

APP = "5a1f1c6e-0000-4000-8000-000000000001"
TENANT = "7b2e0000-0000-4000-8000-000000000001"
BOT = f"28:{APP}"
CREDENTIALS = Credentials(APP, "hemmelig", TENANT)
INSTALLATION = 7

SERVICE_URL = "https://smba.trafficmanager.net/emea/"
METADATA_URL = "https://login.botframework.com/v1/.well-known/openidconfiguration"
KEYS_URL = "https://keys.example/v1/.well-known/keys"
CHANNEL = "19:alta@thread.tacv2"
TEAM = "19:general@thread.tacv2"
NOW = 1_795_000_000.0


class Clock:
    """Time that a test moves."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Keys:
    """The service's public keys on the wire, as respx serves them."""

    def __init__(self, service: Service, mock: respx.Router) -> None:
        self.service = service
        self.broken = False
        self.fetches = 0
        mock.get(METADATA_URL).mock(side_effect=self._metadata)
        mock.get(KEYS_URL).mock(side_effect=self._keys)

    def _metadata(self, request: httpx.Request) -> httpx.Response:
        self.fetches += 1
        if self.broken:
            return httpx.Response(503)
        return httpx.Response(200, json={"jwks_uri": KEYS_URL})

    def _keys(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=self.service.key_set())


def bots(*known: Bot, clock: Callable[[], float] | None = None) -> Bots:
    """Our one bot, or these."""

    async def load() -> list[Bot]:
        return list(known) or [Bot(INSTALLATION, CREDENTIALS)]

    return Bots(load, clock=clock or Clock())


def identity(clock: Clock, ours: Bots | None = None) -> Identity:
    return Identity(ours or bots(clock=clock), clock=clock, metadata_url=METADATA_URL)


def bearer(token: str) -> str:
    return f"Bearer {token}"


def activity(**changes: Any) -> dict[str, Any]:
    """A message in a channel that mentions the bot; a field of None is left out."""
    whole: dict[str, Any] = {
        "type": "message",
        "id": "1700000000001",
        "timestamp": "2026-11-22T10:11:12.345Z",
        "channelId": "msteams",
        "serviceUrl": SERVICE_URL,
        "from": {"id": "29:kari", "name": "Kari Nilsen", "aadObjectId": "aad-kari"},
        "recipient": {"id": BOT, "name": "Mellom"},
        "conversation": {
            "id": f"{CHANNEL};messageid=1700000000001",
            "conversationType": "channel",
            "isGroup": True,
            "tenantId": TENANT,
        },
        "channelData": {
            "tenant": {"id": TENANT},
            "team": {"id": TEAM},
            "channel": {"id": CHANNEL},
        },
        "text": "<at>Mellom</at>&nbsp;Hvordan får dere liv i tavlemøtene?",
        "textFormat": "plain",
        "locale": "nb-NO",
        "entities": [
            {
                "type": "mention",
                "mentioned": {"id": BOT, "name": "Mellom"},
                "text": "<at>Mellom</at>",
            }
        ],
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}
