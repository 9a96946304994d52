"""Look inside: where a message stands, copy by copy, and what passed over the wire for it.

The wire is what the stand-ins kept of it: the platforms' requests and Mellom's calls. What opens a
door is blanked out here, before it leaves for the browser.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from adapters.playground.page.acts import Gone, Id, Json, read
from adapters.playground.slack.outbox import Exchange as SlackExchange
from adapters.playground.slack.world import User as SlackUser
from adapters.playground.teams.connector import Exchange as TeamsExchange
from adapters.playground.village import Room, Village
from adapters.playground.wire import BLANK
from storage import UnitOfWork, inside

if TYPE_CHECKING:
    from adapters.playground.page.page import Page

Exchange = SlackExchange | TeamsExchange

KEPT = 600
"""How many requests each stand-in keeps of what passed."""

LONGEST = 24_000
"""Characters that are shown of one body."""

SECRETS = re.compile(r"(?i)token|secret|signature|authorization|cookie|response_url|trigger_id")
TOKENS = re.compile(r"\bxox[a-z]-\S+|\beyJ[\w-]+\.[\w-]+\.[\w-]*|/response/[\w-]+")
IDS = frozenset({"ts", "message_ts", "deleted_ts", "id", "activityId"})
"""Under which names a message's own id stands; that of its thread has others."""

BEGINNINGS = ("question", "prompt")
"""The kinds of posts that begin a thread which can be answered."""

VERBS = {"update": "PUT", "delete": "DELETE", "members": "GET"}


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knew of the rooms when it was last asked."""

    messages: Mapping[tuple[str, str], tuple[str, int | None]] = field(default_factory=dict)
    on_their_way: Mapping[str, int] = field(default_factory=dict)
    members: Mapping[str, tuple[str, str, str | None]] = field(default_factory=dict)
    questions: Sequence[inside.Asked] = ()


def look(uow: UnitOfWork) -> Known:
    return Known(
        inside.messages(uow), inside.on_their_way(uow), inside.members(uow), inside.questions(uow)
    )


def told(seen: Json, room: Room, known: Known) -> Json:
    """A room as its window shows it, with what only the database knows of it."""
    for person in seen["people"]:
        person.update(_standing(room, person["name"], known))
        _mark(person["private"], direct_key(room, person["name"]), known)
    _mark(seen["messages"], room.channel.id, known)
    return seen | {"waiting": known.on_their_way.get(room.channel.id, 0)}


def _mark(messages: list[Json], key: str, known: Known) -> None:
    marks: dict[int | None, bool] = {one.number: one.marked for one in known.questions}
    for message in messages:
        # The bot's own messages are known, if not at once: they come a moment before their ids.
        ours = message["author"] is None and not message["gone"]
        kind, number = known.messages.get((key, message["id"]), (None, None))
        message["inside"] = ours or kind is not None
        message["begins"] = {"kind": kind, "number": number} if kind in BEGINNINGS else None
        message["marked"] = marks.get(number)


def questions(village: Village, known: Known) -> list[Json]:
    """What was asked, who asked it in which room, and how far it has come."""
    people = {
        _account(room, person): {"person": person, "room": name}
        for name, room in village.rooms.items()
        for person in room.people
    }
    return [
        {"number": one.number, "answers": one.answers, "marked": one.marked} | people[one.user]
        for one in known.questions
        if one.user in people
    ]


def _account(room: Room, person: str) -> str:
    user = room.people[person]
    return user.id if isinstance(user, SlackUser) else user.aad


def _standing(room: Room, person: str, known: Known) -> Json:
    """Whoever has done nothing yet will be a member of the room's organisation."""
    unknown = ("member", room.town.name, None)
    role, organisation, language = known.members.get(_account(room, person), unknown)
    language = language or room.town.language
    return {"role": role, "organisation": organisation, "language": language}


def keys(village: Village) -> dict[str, str]:
    """The rooms, by the keys of their conversations."""
    return {room.channel.id: name for name, room in village.rooms.items()}


def post(found: inside.Post, village: Village) -> Json:
    """A post and its copies as they are shown."""
    named = keys(village)
    copies = [
        {
            "room": named.get(copy.key or "") or copy.organisation,
            "person": copy.person,
            "platform": copy.platform,
            "state": copy.state,
            "native": copy.native,
            "shown": copy.shown,
            "part": copy.part + 1,
            "tries": copy.tries,
            "resent": copy.resent,
            "reason": copy.reason,
        }
        for copy in found.copies
    ]
    about = {"kind": found.kind, "number": found.number, "version": found.version}
    return {**about, "gone": found.gone, "copies": copies}


def traffic(found: inside.Post, village: Village) -> list[Json]:
    """What passed over the wire for any copy of this post, oldest first."""
    about = {copy.message for copy in found.copies if copy.message}
    about |= {copy.token for copy in found.copies}
    wire: list[Exchange] = [*village.slack.wire, *village.teams.wire]
    passed = [exchange for exchange in wire if about & set(_names(exchange))]
    return [_shown(exchange, village) for exchange in sorted(passed, key=lambda one: one.at)]


def _names(exchange: Exchange) -> Iterator[str]:
    """The messages that an exchange is about, and the random names that Mellom gives to copies."""
    request = exchange.request
    yield from _ids(request)
    if exchange.method not in ("conversations.replies", "conversations.history"):
        yield from _ids(exchange.response)
    yield from re.findall(r"\b[0-9a-f]{26}\b", json.dumps(request))
    if isinstance(exchange, TeamsExchange):
        yield exchange.path.rpartition("/")[2]
        if isinstance(request, dict) and request.get("type") == "invoke":
            yield str(request.get("replyToId"))


def _ids(body: Any) -> Iterator[str]:
    if isinstance(body, list):
        for part in body:
            yield from _ids(part)
    elif isinstance(body, dict):
        for name, value in body.items():
            if name in IDS and isinstance(value, str):
                yield value
            elif name != "root":
                yield from _ids(value)


def _shown(exchange: Exchange, village: Village) -> Json:
    platform = "slack" if isinstance(exchange, SlackExchange) else "teams"
    return {
        "id": f"{platform}-{id(exchange)}",
        "at": int(exchange.at * 1000),
        "platform": platform,
        "room": _room(exchange, village),
        "inward": exchange.toward == "mellom",
        "name": exchange.method,
        "line": _line(exchange),
        "status": exchange.status,
        "fault": exchange.fault,
        "headers": dict(exchange.headers),
        "request": pretty(exchange.request),
        "response": pretty(exchange.response),
    }


def _line(exchange: Exchange) -> str:
    """The first line of the request."""
    if isinstance(exchange, SlackExchange):
        inward = exchange.toward == "mellom"
        return "POST /slack/events" if inward else f"{exchange.verb} /api/{exchange.method}"
    path = exchange.path or "/api/messages"
    return f"{VERBS.get(exchange.method, 'POST')} {path}"


def _room(exchange: Exchange, village: Village) -> str | None:
    if isinstance(exchange, TeamsExchange):
        base = exchange.conversation.partition(";")[0]
        return keys(village).get(base)
    workspace = village.slack.workspaces.get(exchange.workspace)
    return workspace.name if workspace else None


def pretty(body: Any) -> str:
    """A body to be read: indented, without secrets, and not endless."""
    if body in (None, ""):
        return ""
    if isinstance(body, str):
        return TOKENS.sub(BLANK, body)[:LONGEST]
    return json.dumps(blanked(body), ensure_ascii=False, indent=2)[:LONGEST]


def blanked(body: Any) -> Any:
    """The same with everything blanked out that opens a door."""
    if isinstance(body, dict):
        return {
            name: BLANK if SECRETS.search(str(name)) and value else blanked(value)
            for name, value in body.items()
        }
    if isinstance(body, list):
        return [blanked(part) for part in body]
    if isinstance(body, str):
        return TOKENS.sub(BLANK, _unfolded(body))
    return body


def _unfolded(text: str) -> str:
    """Slack sends some JSON as text inside of JSON: its secrets are secrets, too."""
    if not text.startswith(("{", "[")):
        return text
    try:
        return json.dumps(blanked(json.loads(text)), ensure_ascii=False)
    except ValueError:
        return text


class Question(BaseModel):
    """Which message is looked into: in the room, or in a person's own conversation with Mellom."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    room: Id
    person: Id
    message: Id


def routes(page: Page) -> list[web.RouteDef]:
    async def look_inside(request: web.Request) -> web.StreamResponse:
        asked = read(Question, await request.read())
        room = page.village.rooms.get(asked.room)
        if room is None or asked.person not in room.people:
            raise Gone(f"there is no {asked.person!r} in {asked.room!r}")
        places = (room.channel.id, direct_key(room, asked.person))
        found = await page.village.mellom.writers(
            lambda uow: inside.post_at(uow, places, asked.message)
        )
        if found is None:
            raise Gone("Mellom keeps nothing of that message")
        shown = {"post": post(found, page.village), "wire": traffic(found, page.village)}
        return web.json_response(shown)

    return [web.post("/api/inside", look_inside)]


def direct_key(room: Room, person: str) -> str:
    """The key of a person's own conversation with Mellom."""
    user = room.people[person]
    if isinstance(user, SlackUser):
        return user.workspace.dm(user).id
    return user.chat.id
