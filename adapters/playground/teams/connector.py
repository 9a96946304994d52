"""The Bot Connector's side of the Teams stand-in: what the bot may ask for, and how it is refused.

Operations after learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-
reference; status codes, sizes and rates after learn.microsoft.com/microsoftteams/platform/bots/
how-to: conversations/conversation-messages, .../send-proactive-messages and rate-limit.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from adapters.playground import faults, wire
from adapters.playground.teams import cards as teams_cards
from adapters.playground.teams.identity import Identity
from adapters.playground.teams.world import (
    THREAD,
    Channel,
    Chat,
    Json,
    Message,
    Team,
    User,
    World,
    split,
    tenant_of,
)

LARGEST = 100 * 1024
"""Bytes of a message in UTF-16, with everything that is in it."""

RATES = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
"""So many requests in so many seconds, for one bot in one conversation."""

_STATUS = {
    "BadArgument": 400,
    "BotNotRegistered": 401,
    "BotDisabledByAdmin": 403,
    "BotNotInConversationRoster": 403,
    "ConversationBlockedByUser": 403,
    "ForbiddenOperationException": 403,
    "MessageWritesBlocked": 403,
    "NotEnoughPermissions": 403,
    "ActivityNotFoundInConversation": 404,
    "ConversationNotFound": 404,
    "PreconditionFailed": 412,
    "MessageSizeTooBig": 413,
    "Throttled": 429,
    "ServiceError": 500,
}


class _Refused(Exception):
    """The service does not do it."""

    def __init__(self, code: str, message: str = "", body: Json | None = None) -> None:
        self.status = _STATUS[code]
        self.body = body or {"error": {"code": code, "message": message or code}}


@dataclass(eq=False)
class Exchange:
    """One request and its answer, either way (`status` 0: none came); tokens are left out."""

    at: float
    toward: Literal["teams", "mellom"]
    method: str
    conversation: str
    request: Any
    path: str = ""
    response: Any = None
    status: int = 0
    fault: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class Connector:
    """Does what the bot asks for, in the world that the people of the stand-in live in."""

    world: World
    identity: Identity
    faults: faults.Faults
    next_id: Callable[[], str]
    clock: Callable[[], float]
    on_message: Callable[[Message], None]
    wire: list[Exchange] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    enforce_rates: bool = False
    tells_retry_after: bool = False
    tells_activity_id: bool = True
    page_size: int = 50
    _spent: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def routes(self) -> list[web.RouteDef]:
        one = "/{region}/{tenant}/v3/conversations"
        return [
            web.post(one, self._route("create", self._create)),
            web.post(one + "/{id}/activities", self._route("send", self._send)),
            web.post(one + "/{id}/activities/{activity}", self._route("send", self._send)),
            web.put(one + "/{id}/activities/{activity}", self._route("update", self._update)),
            web.delete(one + "/{id}/activities/{activity}", self._route("delete", self._delete)),
            web.get(one + "/{id}", self._route("look", self._nothing)),
            web.get(one + "/{id}/pagedmembers", self._route("members", self._members)),
            web.get(one + "/{id}/members/{member}", self._route("members", self._member)),
        ]

    def _route(
        self, method: str, work: Callable[[str, Any, web.Request], tuple[int, Any]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                body = await request.json() if request.can_read_body else None
            except ValueError:
                return web.json_response(_Refused("BadArgument", "not JSON").body, status=400)
            where = request.match_info.get("id") or _named(body)
            return await self.exchange(
                request, method, where, body, lambda: self._answer(work, where, body, request)
            )

        return handle

    async def exchange(
        self,
        request: web.Request,
        method: str,
        where: str,
        body: Any,
        work: Callable[[], tuple[int, Any, Mapping[str, str]]],
    ) -> web.StreamResponse:
        """Answer one request, as the faults want, and keep it in `wire`."""
        kept = Exchange(self.clock(), "teams", method, where, body, request.path)
        kept.headers = wire.headers(request.headers)
        self.wire.append(kept)
        self.counts[method] += 1
        fault = self.faults.take(method, split(where)[0] or None)
        kept.fault = fault.kind if fault else ""

        async def done() -> web.StreamResponse:
            status, kept.response, headers = work()
            if kept.response is None:
                return web.Response(status=status, headers=headers)
            return web.json_response(kept.response, status=status, headers=headers)

        response = await faults.answer(request, fault, done, _refusal)
        kept.status = 0 if kept.fault in ("drop", "hang") else response.status
        return response

    def _answer(
        self,
        work: Callable[[str, Any, web.Request], tuple[int, Any]],
        where: str,
        body: Any,
        request: web.Request,
    ) -> tuple[int, Any, Mapping[str, str]]:
        app = self.identity.app_of(request.headers.get("Authorization", ""))
        if app is None:
            denied = {"message": "Authorization has been denied for this request."}
            return 401, denied, {"WWW-Authenticate": "Bearer"}
        wait = self._pace(split(where)[0])
        if wait is not None:
            headers = {"Retry-After": f"{wait:.0f}"} if self.tells_retry_after else {}
            return 429, _Refused("Throttled", "Too many requests.").body, headers
        try:
            self._is_used_by(app, where, body)
            return *work(where, body, request), {}
        except _Refused as refused:
            return refused.status, refused.body, {}

    def _is_used_by(self, app: str, where: str, body: Any) -> None:
        """Whether it is this app that is uploaded in the tenant of the conversation or person."""
        place = self.world.place(split(where)[0]) if where else None
        members = body.get("members") if isinstance(body, dict) else None
        user = self.world.user(str(members[0].get("id"))) if members else None
        tenant = place.tenant if place else user.tenant if user else None
        if tenant is not None and (tenant.app or self.identity.app_id) != app:
            raise _Refused("BotNotInConversationRoster", "The bot is not part of the conversation.")

    def _pace(self, conversation: str) -> float | None:
        if not self.enforce_rates:
            return None
        now, spent = self.clock(), self._spent[conversation]
        for most, seconds in RATES:
            if len(spent) >= most and now - spent[-most] < seconds:
                return max(1.0, seconds - (now - spent[-most]))
        spent.append(now)
        return None

    def _nothing(self, where: str, body: Any, request: web.Request) -> tuple[int, Any]:
        """There is no such operation on a conversation."""
        return 405, {"message": "The requested resource does not support http method 'GET'."}

    def _create(self, where: str, body: Any, request: web.Request) -> tuple[int, Any]:
        if not isinstance(body, dict):
            raise _Refused("BadArgument", "no parameters")
        activity = body.get("activity")
        place = self._place(where) if where else self._chat(body)
        if isinstance(place, Channel):
            if activity is None:
                raise _Refused("BadArgument", "a new thread needs an activity")
            message = self._post(place, None, activity)
            answer: Json = {"id": message.conversation, "activityId": message.id}
        else:
            answer = {"id": place.id}
            if activity is not None:
                answer["activityId"] = self._post(place, None, activity).id
        if not self.tells_activity_id:
            answer.pop("activityId", None)
        return 201, answer

    def _send(self, where: str, body: Any, request: web.Request) -> tuple[int, Any]:
        base, root = split(where)
        place = self._place(base)
        if isinstance(place, Channel) and root is not None and not place.thread(root):
            raise _Refused("ConversationNotFound", "no such thread")
        return 201, {"id": self._post(place, root, body).id}

    def _update(self, where: str, body: Any, request: web.Request) -> tuple[int, Any]:
        message = self._own(where, request.match_info["activity"])
        _check(body)
        message.activity = body
        message.edited += 1
        self.on_message(message)
        return 200, {"id": message.id}

    def _delete(self, where: str, body: Any, request: web.Request) -> tuple[int, Any]:
        message = self._own(where, request.match_info["activity"])
        message.deleted = True
        self.on_message(message)
        return 200, None

    def _members(self, where: str, body: Any, request: web.Request) -> tuple[int, Any]:
        people = _people(self._place(split(where)[0]))
        size = min(int(request.query.get("pageSize") or self.page_size), self.page_size)
        first = int(request.query.get("continuationToken") or 0)
        answer: Json = {"members": [user.as_member() for user in people[first : first + size]]}
        if first + size < len(people):
            answer["continuationToken"] = str(first + size)
        return 200, answer

    def _member(self, where: str, body: Any, request: web.Request) -> tuple[int, Any]:
        id = request.match_info["member"]
        for user in _people(self._place(split(where)[0])):
            if id in (user.account, user.aad):
                return 200, user.as_member()
        code = "MemberNotFoundInConversation"
        return 404, {"error": {"code": code, "message": "The member is not here."}}

    def _place(self, base: str) -> Channel | Chat:
        """The channel or chat, if the bot may speak there."""
        place = self.world.place(base)
        if place is None:
            raise _Refused("ConversationNotFound", "Conversation not found.")
        if isinstance(place, Chat):
            _may_write_to(place.user)
        else:
            _may_write_in(place.team, place)
        return place

    def _chat(self, parameters: Json) -> Chat:
        members = parameters.get("members") or []
        if len(members) != 1:
            raise _Refused("BadArgument", "neither a channel nor one member")
        user = self.world.user(str(members[0].get("id")))
        if user is None or user.tenant.id != tenant_of(parameters):
            raise _Refused("BadArgument", "no such person in that tenant")
        _may_write_to(user)
        return user.chat

    def _post(self, place: Channel | Chat, root: str | None, activity: Any) -> Message:
        _check(activity)
        id = self.next_id()
        in_thread = (root or id) if isinstance(place, Channel) else None
        message = Message(id, place, None, activity, in_thread)
        place.messages.append(message)
        self.on_message(message)
        return message

    def _own(self, where: str, id: str) -> Message:
        message = self._place(split(where)[0]).message(id)
        if message is None or message.deleted:
            raise _Refused("ActivityNotFoundInConversation", "The message is not here.")
        if message.author is not None:
            raise _Refused("ForbiddenOperationException", "Not the bot's own message.")
        return message


def _named(body: Any) -> str:
    """The channel that a request for a new thread names."""
    data = body.get("channelData") if isinstance(body, dict) else None
    channel = (data or {}).get("channel") or {}
    return str(channel.get("id") or "")


def _people(place: Channel | Chat) -> list[User]:
    return [place.user] if isinstance(place, Chat) else place.team.members


def _may_write_to(user: User) -> None:
    if user.blocked:
        raise _Refused("MessageWritesBlocked", body=_blocked())
    if not user.reachable:
        raise _Refused("ForbiddenOperationException", "Bot is not installed in personal scope.")


def _may_write_in(team: Team, channel: Channel) -> None:
    if team.gone or channel.gone:
        raise _Refused("ConversationNotFound", "Conversation not found.")
    if not team.installed:
        raise _Refused("BotNotInConversationRoster", "The bot is not part of the conversation.")
    if team.archived:
        raise _Refused("NotEnoughPermissions", "The team is archived.")


def _blocked() -> Json:
    """The body that send-proactive-messages shows for a bot that a person blocked."""
    inner = {
        "subCode": "MessageWritesBlocked",
        "details": "Thread is blocked from message writes.",
        "errorCode": None,
        "errorSubCode": None,
    }
    return {"errorCode": 209, "message": json.dumps(inner, indent=2)}


def _check(activity: Any) -> None:
    """Refuse what Teams would not show."""
    if not isinstance(activity, dict):
        raise _Refused("BadArgument", "no activity")
    size = len(json.dumps(activity, ensure_ascii=False).encode("utf-16-le", "surrogatepass"))
    if size > LARGEST:
        raise _Refused("MessageSizeTooBig", "Message size too large.")
    if activity.get("type", "message") != "message":
        raise _Refused("BadArgument", f"activity of type {activity['type']!r}")
    if not activity.get("text") and not activity.get("attachments"):
        raise _Refused("BadArgument", "an empty message")
    for card in teams_cards.cards(activity):
        problem = teams_cards.problem_with(card)
        if problem:
            raise _Refused("BadArgument", problem)


def _refusal(fault: faults.Fault) -> web.StreamResponse:
    """A fault that answers in the service's own words."""
    limited = fault.kind == "rate_limited"
    code = "Throttled" if limited else fault.code
    status = fault.status if fault.status != 200 else _STATUS.get(code, 400)
    headers = {"Retry-After": f"{fault.seconds:g}"} if limited and fault.seconds > 0 else {}
    answer = {"error": {"code": code, "message": "On purpose."}}
    return web.json_response(answer, status=status, headers=headers)


__all__ = ["LARGEST", "RATES", "THREAD", "Connector", "Exchange"]
