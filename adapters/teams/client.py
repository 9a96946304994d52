"""The way out to Teams: what the deliverer wants of a platform.

Operations and status codes after learn.microsoft.com: "Send and receive messages with the Bot
Connector API", "Send proactive messages" and "Optimize your bot with rate limiting in Teams". A
message sent to `channel;messageid=root` is a reply there; without a root it is a new thread.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

import httpx

from adapters.taking import Unavailable
from adapters.teams import cards
from adapters.teams.arrived import THREAD
from adapters.teams.bots import Bots
from adapters.teams.connector import Connector, Failed, Made
from adapters.teams.credentials import Credentials, Hosts
from adapters.teams.tokens import TOKEN_URL, Tokens, retry_after
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

Whose = Literal["message", "conversation", "installation", "person"]
Operation = Literal["create", "send", "update", "delete", "open", "find"]
Result = TypeVar("Result")

# Before anything went out: there is no connection, or no place for one.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


@dataclass(frozen=True, slots=True)
class _Way:
    """What is asked for, where, by whom, and what a refusal there is the end of."""

    operation: Operation
    installation: int
    secret: str | None
    address: Mapping[str, str]
    whose: Whose

    @property
    def harmless(self) -> bool:
        """Doing it twice is the same as once, so that it is never in doubt."""
        return self.operation not in ("create", "send")


class TeamsPlatform:
    """Teams, as `bot.outgoing.Platform`.

    A letter's own `secret` goes before the one that `bots` has. `clock` is the real time in
    seconds. `http` is closed by whoever made it (`connector.client`).
    """

    # Teams takes 7 in a second, 8 in two and 60 in 30 seconds for each conversation. Its 1,800 in
    # an hour no conversation between people comes near; a 429 would say so.
    pace = Pace(0.6, 4)

    def __init__(
        self,
        bots: Bots,
        http: httpx.AsyncClient,
        *,
        clock: Callable[[], float],
        hosts: Hosts | None = None,
        token_url: str = TOKEN_URL,
    ) -> None:
        self._bots = bots
        self._hosts = hosts or Hosts()
        self._tokens = Tokens(http, clock, token_url)
        self._connector = Connector(http)

    async def post(self, letter: Letter) -> Posted:
        activity = _activity(letter)
        if letter.root is None and letter.address.get("channel"):
            return await self._post_thread(letter, activity)

        async def send(url: str, token: str) -> str:
            return await self._connector.send(url, token, _conversation(letter), activity)

        id = await self._done(_way("send", letter), send)
        if not id:
            raise InDoubt("send: an answer without an id")
        return Posted(id, letter.root or id)

    async def _post_thread(self, letter: Letter, activity: dict[str, Any]) -> Posted:
        parameters = {
            **_parameters(letter.address, channel={"id": letter.address["channel"]}),
            "isGroup": True,
            "activity": activity,
        }

        async def create(url: str, token: str) -> Made:
            return await self._connector.create(url, token, parameters)

        made = await self._done(_way("create", letter), create)
        # The conversation names the root also where the message itself is not told.
        root = made.conversation.partition(THREAD)[2] or made.message
        if not root:
            raise InDoubt("create: an answer without an id")
        return Posted(made.message or root, root)

    async def edit(self, letter: Letter) -> None:
        activity, message = _activity(letter), _standing(letter)

        async def update(url: str, token: str) -> None:
            where = _conversation(letter)
            await self._connector.update(url, token, where, message, activity)

        await self._done(_way("update", letter), update)

    async def delete(self, letter: Letter) -> None:
        message = _standing(letter)

        async def delete(url: str, token: str) -> None:
            await self._connector.delete(url, token, _conversation(letter), message)

        try:
            await self._done(_way("delete", letter), delete)
        except _Missing:
            return

    async def find(self, letter: Letter) -> Posted | None:
        """Teams does not let a bot read what it has written. But whether it answers at all can be
        told, and as long as it does not, nothing is to be sent again."""

        async def reach(url: str, token: str) -> None:
            await self._connector.reach(url, token, letter.key)

        await self._done(_way("find", letter), reach)
        raise CannotLook("Teams does not let a bot read what it has written")

    async def open_direct(
        self, installation: int, secret: str | None, person: str, address: Mapping[str, str]
    ) -> Opened:
        """A person and a bot have one chat: asked again, Teams names the same one."""
        parameters = {**_parameters(address), "isGroup": False, "members": [{"id": person}]}

        async def create(url: str, token: str) -> Made:
            return await self._connector.create(url, token, parameters)

        made = await self._done(_Way("open", installation, secret, address, "person"), create)
        if not made.conversation:
            raise NotSent("create: an answer without an id")
        kept = {name: address[name] for name in ("serviceUrl", "tenant", "bot") if name in address}
        return Opened(made.conversation, {**kept, "type": "personal"})

    async def profile(self, installation: int, secret: str | None, person: str) -> Profile:
        raise NotSent("Teams tells a person's name with everything that they do")

    async def _done(self, way: _Way, do: Callable[[str, str], Awaitable[Result]]) -> Result:
        """Do it once; a second time only if Teams refused because of the token."""
        url = way.address.get("serviceUrl", "")
        if not self._hosts.allow(url):
            # Whoever is at the other end of it would get our token.
            raise Refused("a host that Teams does not answer at", "conversation")
        credentials = await self._credentials(way)
        token = await self._tokens.get(credentials)
        try:
            return await _tried(way, do(url, token))
        except _Unauthorized:
            self._tokens.forget(credentials, token)
        return await _tried(way, do(url, await self._tokens.get(credentials)))

    async def _credentials(self, way: _Way) -> Credentials:
        try:
            bot = await self._bots.of(way.installation)
        except Unavailable as error:
            raise NotSent(str(error)) from error
        if bot is None:
            raise Refused("no credentials for this installation", "installation")
        ours = bot.credentials
        return replace(ours, password=way.secret) if way.secret else ours


class _Missing(Refused):
    """The message that was to be changed is not there."""


class _Unauthorized(Refused):
    """The token is not taken."""


async def _tried(way: _Way, call: Awaitable[Result]) -> Result:
    """The result of one request, or what came of it as the deliverer knows it."""
    try:
        return await call
    except Failed as failed:
        raise _ending(failed, way) from failed
    except _NEVER_SENT as error:
        raise NotSent(type(error).__name__) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise Refused(type(error).__name__, "conversation") from error
    except (httpx.HTTPError, TimeoutError) as error:
        raise _unknown(type(error).__name__, way) from error


def _ending(failed: Failed, way: _Way) -> Exception:
    """What an answer that is not a success means."""
    reason = f"{way.operation}: {failed.status} {failed.code}".strip()
    match failed.status:
        case 401:
            return _Unauthorized(reason, "installation")
        case 404 if way.operation in ("update", "delete"):
            gone = failed.code == "ConversationNotFound"
            return _Missing(reason, way.whose if gone else "message")
        case 403 | 404:
            return Refused(reason, way.whose)
        case 412 | 429:
            return NotSent(reason, retry_after(failed.response))
        case status if status == 408 or status >= 500:
            return _unknown(reason, way, retry_after(failed.response))
    return Refused(reason, "message")


def _unknown(reason: str, way: _Way, after: float | None = None) -> Exception:
    return NotSent(reason, after) if way.harmless else InDoubt(reason)


def _way(operation: Operation, letter: Letter) -> _Way:
    direct = letter.address.get("type") == "personal"
    whose: Whose = "person" if direct else "conversation"
    return _Way(operation, letter.installation, letter.secret, letter.address, whose)


def _conversation(letter: Letter) -> str:
    """Only a channel has threads."""
    in_thread = letter.root and letter.address.get("channel")
    return f"{letter.key}{THREAD}{letter.root}" if in_thread else letter.key


def _parameters(address: Mapping[str, str], **data: Any) -> dict[str, Any]:
    """What every new conversation is made with. The tenant stands in both places that are read."""
    tenant = address.get("tenant", "")
    return {
        "bot": {"id": address.get("bot", "")},
        "tenantId": tenant,
        "channelData": {**data, "tenant": {"id": tenant}},
    }


def _standing(letter: Letter) -> str:
    if not letter.message:
        raise Refused("a letter that stands nowhere", "message")
    return letter.message


def _activity(letter: Letter) -> dict[str, Any]:
    try:
        return cards.message(letter.card, letter.token, letter.language)
    except cards.TooLarge as error:
        raise Refused("larger than Teams takes", "message") from error
