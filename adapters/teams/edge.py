"""The way in from Teams: POST /api/messages.

Order: size and kind of the body → its JSON → authenticity → its tenant → translation → `take`.
Nothing of the activity is used before it is known to be genuine; nothing genuine is ever answered
5xx, for Teams stops sending to a bot that does that, except while it could not be taken (then Teams
sends it again). What comes from a tenant that is not allowed changes nothing: a person who pressed
something is told so, and all else is answered 200.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from adapters.taking import Take, Unavailable
from adapters.teams import answers
from adapters.teams.arrived import Arrived
from adapters.teams.bots import Bot, Bots
from adapters.teams.identity import Identity, NotGenuine
from adapters.teams.incoming import Malformed, translate
from adapters.teams.turned_away import Note, TurnedAway
from adapters.teams.wire import Json, parse, part, word
from bot.cards import Tell
from bot.incoming import Incoming
from bot.language import pick, speak

LARGEST = 1024 * 1024

_EVER = datetime.fromtimestamp(0, UTC)

_log = logging.getLogger(__name__)


class TeamsEdge:
    """Answers Teams' requests. `clock` is the real time in Unix seconds.

    `counts` says how many requests were refused or turned away, and how many activities were not
    understood.
    """

    def __init__(
        self,
        identity: Identity,
        bots: Bots,
        take: Take,
        *,
        clock: Callable[[], float],
        note: Note | None = None,
    ) -> None:
        self._identity = identity
        self._bots = bots
        self._take = take
        self._clock = clock
        self._turned_away = TurnedAway(clock, note)
        self.counts: Counter[str] = Counter()

    async def messages(self, request: web.Request) -> web.Response:
        if not _is_json(request.content_type):
            return self._refused(415, "not JSON")
        try:
            body = await _read(request)
        except web.RequestPayloadError:
            return self._refused(400, "broken body")
        if body is None:
            return self._refused(413, "too large")
        activity = _activity(body)
        if activity is None:
            return self._refused(400, "no activity")
        try:
            authorization = request.headers.get("Authorization")
            bot = await self._identity.verify(authorization, activity)
            tenant = Arrived(activity, bot.installation, _EVER).tenant
            is_let_in = await self._bots.admits(bot, tenant)
        except NotGenuine as error:
            return self._refused(401, str(error))
        except Unavailable as error:
            return self._unavailable(error)
        if not is_let_in:
            return await self._turn_away(activity, bot, tenant)
        return await self._answer(activity, bot.installation)

    async def _turn_away(self, activity: Json, bot: Bot, tenant: str) -> web.Response:
        self.counts["turned away"] += 1
        await self._turned_away.count(bot.installation, tenant)
        if activity["type"] != "invoke":
            return web.Response()
        say = speak(pick(word(activity, "locale")))
        words = say(
            "Mellom is not open to your organisation's Teams yet. Whoever runs it has to allow the "
            "tenant {tenant} first.",
            tenant=tenant or "?",
        )
        return _json(answers.body(word(activity, "name"), Tell.words(words)))

    async def _answer(self, activity: dict[str, Any], installation: int) -> web.Response:
        invoke = word(activity, "name") if activity["type"] == "invoke" else None
        try:
            incoming = self._translated(activity, installation)
            if incoming is None:
                return self._not_understood(activity, invoke)
            answer = await self._take(incoming)
        except Malformed:
            self._count("malformed", activity)
            return _json(answers.malformed(invoke)) if invoke else web.Response()
        except Unavailable as error:
            return self._unavailable(error)
        except Exception:
            # Nothing of it was kept, so that it had better come again.
            _log.exception("teams.not_taken")
            return self._unavailable(Unavailable("a mistake of ours"))
        return (
            web.Response()
            if invoke is None
            else _json(answers.body(invoke, answer, _typed(activity)))
        )

    def _translated(self, activity: dict[str, Any], installation: int) -> Incoming | None:
        try:
            return translate(activity, installation, datetime.fromtimestamp(self._clock(), UTC))
        except Malformed:
            raise
        except Exception:
            # A mistake of ours in reading one odd activity must not stop all the others.
            _log.exception("teams.not_translated", extra={"type": activity["type"][:40]})
            return None

    def _not_understood(self, activity: dict[str, Any], invoke: str | None) -> web.Response:
        self._count("not_understood", activity)
        return web.Response(status=200 if invoke is None else 501)

    def _count(self, what: str, activity: dict[str, Any]) -> None:
        kind = f"{activity['type']} {word(activity, 'name')}".strip()[:60]
        self.counts[what] += 1
        _log.info("teams.passed_over", extra={"kind": kind.replace(" ", "_"), "reason": what})

    def _refused(self, status: int, reason: str) -> web.Response:
        self.counts[f"refused {status}"] += 1
        _log.info("teams.refused", extra={"status": status, "reason": reason.replace(" ", "_")})
        return web.Response(status=status)

    def _unavailable(self, error: Unavailable) -> web.Response:
        self.counts["unavailable"] += 1
        _log.warning("teams.unavailable", extra={"reason": str(error).replace(" ", "_")})
        return web.Response(status=503)


def _is_json(content_type: str) -> bool:
    return content_type == "application/json" or content_type.endswith("+json")


async def _read(request: web.Request) -> bytes | None:
    """The body, None if it is larger than anything that Teams sends."""
    if (request.content_length or 0) > LARGEST:
        return None
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _activity(body: bytes) -> dict[str, Any] | None:
    try:
        activity = parse(body)
    except ValueError:
        return None
    return activity if isinstance(activity, dict) and word(activity, "type") else None


def _typed(activity: dict[str, Any]) -> Json:
    """What stood in the fields of the form that was sent, if it was one."""
    return part(part(activity, "value"), "data")


def _json(body: dict[str, Any]) -> web.Response:
    return web.json_response(body)
