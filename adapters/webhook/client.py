"""Incoming webhooks as a platform that letters can be sent to, as far as that goes.

A webhook takes one message and answers that it did. It tells no id, so that nothing which was sent
can be edited, taken away or looked for. One that is in doubt is sent once more: a note that stands
twice costs its readers a glance, while one that never came would leave them without the question,
and nothing here would tell them so.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

import httpx

from adapters.tls import trust
from adapters.webhook import drawing
from adapters.webhook.addresses import Hosts, NotAWebhook
from bot.outgoing import (
    CannotLook,
    InDoubt,
    Letter,
    NotSent,
    Opened,
    Pace,
    Posted,
    Profile,
    Refused,
)

PATIENCE = 10.0
"""Seconds for a whole call."""

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)

_GONE = {401, 403, 404, 405, 410}
_CLOSED = ("invalid_token", "no_team", "team_disabled", "WorkflowTriggerIsNotEnabled")
"""What an answer 400 says where it is the webhook that is refused, and not the message."""

# At its own level, httpx logs the address of every call, and these are as good as passwords.
logging.getLogger("httpx").setLevel(logging.WARNING)


class WebhookPlatform:
    """See `bot.outgoing.Platform`. A letter's secret is the address of its webhook."""

    # docs.slack.dev, "Rate limits": one a second. Teams' Workflows take more.
    pace = Pace(1.0, 1)

    def __init__(self, hosts: Hosts, http: httpx.AsyncClient | None = None) -> None:
        self._hosts = hosts
        self._http = http

    async def post(self, letter: Letter) -> Posted:
        url = letter.secret or ""
        try:
            kind = self._hosts.kind(url)
            content = drawing.body(kind, letter.card, letter.language)
        except NotAWebhook as error:
            raise Refused("not a webhook that may be called", "conversation") from error
        except drawing.TooLarge as error:
            raise Refused("larger than a webhook takes", "message") from error
        response = await self._sent(url, content)
        if not response.is_success:
            raise _outcome(response)
        return Posted(letter.token, letter.token, final=True)

    async def edit(self, letter: Letter) -> None:
        raise Refused("what a webhook was sent cannot be edited", "message")

    async def delete(self, letter: Letter) -> None:
        raise Refused("what a webhook was sent cannot be taken away", "message")

    async def find(self, letter: Letter) -> Posted | None:
        raise CannotLook("a webhook cannot be asked what it was sent", once=True)

    async def open_direct(
        self, installation: int, secret: str | None, person: str, address: Mapping[str, str]
    ) -> Opened:
        raise Refused("nobody can be written to through a webhook", "person")

    async def profile(self, installation: int, secret: str | None, person: str) -> Profile:
        raise Refused("a webhook knows nobody", "person")

    async def close(self) -> None:
        if self._http is not None:
            await self._http.aclose()

    async def _sent(self, url: str, content: bytes) -> httpx.Response:
        try:
            async with asyncio.timeout(PATIENCE):
                headers = {"Content-Type": "application/json; charset=utf-8"}
                return await self._client().post(url, content=content, headers=headers)
        except _NEVER_SENT as error:
            raise NotSent(type(error).__name__) from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise InDoubt(type(error).__name__) from error

    def _client(self) -> httpx.AsyncClient:
        """The one client. Where no network has a webhook, it is never made."""
        if self._http is None:
            timeout = httpx.Timeout(PATIENCE, connect=PATIENCE / 2)
            # Followed, a redirection would send the note on to a host that nobody allowed.
            self._http = httpx.AsyncClient(verify=trust(), timeout=timeout, follow_redirects=False)
        return self._http


def _outcome(response: httpx.Response) -> NotSent | InDoubt | Refused:
    """What an answer that is not a success means. Its own words are not repeated anywhere."""
    status = response.status_code
    reason = f"http_{status}"
    if status == 429:
        return NotSent(reason, _seconds(response))
    if status == 408 or status >= 500:
        return InDoubt(reason)
    closed = status == 400 and any(word in response.text for word in _CLOSED)
    if status < 400 or status in _GONE or closed:
        return Refused(reason, "conversation")
    return Refused(reason, "message")


def _seconds(response: httpx.Response) -> float | None:
    told = response.headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdigit() else None
