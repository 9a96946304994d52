"""Slack's requests to the app: signed, and for events repeated when they were not answered.

Sources: docs.slack.dev, "Verifying requests from Slack", "The Events API" (retries and headers).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from adapters.playground import wire
from adapters.playground.slack.messages import Json

RETRIES = 3
_AGENT = {"User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)", "Accept": "*/*"}


@dataclass(eq=False)
class Delivery:
    """One event on its way. `attempt` 0 is the first; the answers so far are in `replies`."""

    body: bytes
    event_id: str
    team_id: str
    attempt: int = 0
    reason: str = ""
    replies: list[Reply] = field(default_factory=list)

    @property
    def headers(self) -> dict[str, str]:
        """What the request carries beside its signature."""
        headers = _AGENT | {"Content-Type": "application/json"}
        if not self.attempt:
            return headers
        retry = {"X-Slack-Retry-Num": str(self.attempt), "X-Slack-Retry-Reason": self.reason}
        return headers | retry

    @property
    def envelope(self) -> Json:
        envelope: Json = json.loads(self.body)
        return envelope

    @property
    def event(self) -> Json:
        event: Json = self.envelope.get("event", {})
        return event

    def again(self, reason: str = "http_timeout") -> Delivery:
        """Make this its next retry."""
        self.attempt, self.reason = self.attempt + 1, reason
        return self


@dataclass(frozen=True)
class Reply:
    """What the app answered; status 0 is no answer at all, and `reason` is then Slack's word."""

    status: int
    text: str = ""
    reason: str = ""
    no_retry: bool = False
    sent: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What is kept of the headers of the request that this answers."""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def json(self) -> Any:
        """The body where it is JSON, else None."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`v0=` and the HMAC-SHA256 of version, timestamp and the exact body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Line:
    """Sends signed requests to one address and waits no longer than Slack does (3 seconds)."""

    def __init__(self, url: str, signing_secret: str) -> None:
        self.url = url
        self.signing_secret = signing_secret
        self.patience = 3.0
        self._session: aiohttp.ClientSession | None = None

    def signed(self, body: bytes, timestamp: float | None = None) -> dict[str, str]:
        """The two headers that prove a request is Slack's."""
        stamp = str(int(time.time() if timestamp is None else timestamp))
        return {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(self.signing_secret, stamp, body),
        }

    async def post(self, body: bytes, headers: dict[str, str]) -> Reply:
        """Send this body, signed now (headers given here win) and tell what came back."""
        everything = _AGENT | self.signed(body) | headers
        sent = wire.headers(everything)
        timeout = aiohttp.ClientTimeout(total=self.patience)
        try:
            async with self._open().post(
                self.url, data=body, headers=everything, timeout=timeout, allow_redirects=False
            ) as response:
                text = await response.text(errors="replace")
                no_retry = response.headers.get("X-Slack-No-Retry") == "1"
                reason = "" if 200 <= response.status < 300 else "http_error"
                return Reply(response.status, text, reason, no_retry, sent)
        except TimeoutError:
            return Reply(0, reason="http_timeout", sent=sent)
        except aiohttp.ClientError:
            return Reply(0, reason="connection_failed", sent=sent)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
        self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            # An app that was restarted must not be met on a connection to the one before it.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True, limit=0)
            )
        return self._session
