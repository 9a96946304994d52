"""What Slack sends to the app, the queue of it, and the journal of all that passes.

Source: docs.slack.dev, "The Events API" (envelope, retries).
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

from adapters.playground.slack.delivery import RETRIES, Delivery, Line, Reply
from adapters.playground.slack.messages import Json
from adapters.playground.slack.world import Workspace

# Deprecated by Slack, but still in every request; an app that trusts it is open to anyone.
VERIFICATION_TOKEN = "the-deprecated-verification-token"  # noqa: S105


@dataclass(eq=False)
class Exchange:
    """One request and its answer, either way; tokens and secrets are left out."""

    at: float
    toward: Literal["slack", "mellom"]
    method: str
    request: Json
    response: Any = None
    status: int = 0
    fault: str = ""
    workspace: str = ""
    verb: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)


class Outbox:
    """The way from Slack to the app. Events wait in `queue` until `flush`; with `auto` every action
    sends at once. `wire` is everything that passed in either direction, `delivered` every delivery
    that was sent, as often as it was sent. `line` leads to the app that all workspaces share,
    `lines` to the ones that a workspace has of its own."""

    def __init__(self, app_id: str, line: Line, clock: Callable[[], float], *, auto: bool) -> None:
        self.app_id, self.line, self.clock, self.auto = app_id, line, clock, auto
        self.lines: dict[str, Line] = {}
        self.queue: list[Delivery] = []
        self.delivered: list[Delivery] = []
        self.retries = RETRIES
        self.wire: list[Exchange] = []
        self.counts: Counter[str] = Counter()
        self._flushing = asyncio.Lock()

    def calls(self, method: str) -> list[Exchange]:
        """What the app asked with this method, oldest first."""
        return [one for one in self.wire if one.toward == "slack" and one.method == method]

    def emit(self, workspace: Workspace, event: Json, **envelope: Any) -> Delivery:
        """Queue an event, wrapped as the Events API wraps it; `envelope` overrides its fields."""
        authorization = {
            "enterprise_id": None,
            "team_id": workspace.team_id,
            "user_id": workspace.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        body = {
            "token": VERIFICATION_TOKEN,
            "team_id": workspace.team_id,
            "context_team_id": workspace.team_id,
            "context_enterprise_id": None,
            "api_app_id": workspace.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": workspace.next_id("Ev"),
            "event_time": int(self.clock()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
            "event_context": f"4-{uuid.uuid4().hex}",
            **envelope,
        }
        return self.queued(body)

    def queued(self, body: Json, team: str = "") -> Delivery:
        """Queue a body as it stands, event or not."""
        wire = json.dumps(body, ensure_ascii=False).encode()
        delivery = Delivery(wire, body.get("event_id", ""), body.get("team_id", team))
        self.queue.append(delivery)
        return delivery

    def line_to(self, team: str) -> Line:
        """The way to the app of this workspace."""
        return self.lines.get(team, self.line)

    async def flush(self) -> list[Delivery]:
        """Send what waits, in order. What fails waits for the next flush as a retry, 3 times.
        One flush at a time: whoever awaits it knows that what waited has been sent."""
        async with self._flushing:
            sent, again = [], []
            while self.queue:
                delivery = self.queue.pop(0)
                reply = await self.send(delivery)
                sent.append(delivery)
                if not reply.ok and not reply.no_retry and delivery.attempt < self.retries:
                    again.append(delivery.again(reply.reason))
            self.queue[:0] = again
            return sent

    async def send(self, delivery: Delivery) -> Reply:
        """Send one delivery as it is now, whether it waits or was sent before."""
        if delivery in self.queue:
            self.queue.remove(delivery)
        envelope = delivery.envelope
        name = f"event {envelope.get('event', envelope).get('type')}"
        exchange = self.note("mellom", name, envelope, delivery.team_id)
        reply = await self.line_to(delivery.team_id).post(delivery.body, delivery.headers)
        exchange.status, exchange.response = reply.status, reply.json or reply.text
        exchange.headers = reply.sent
        delivery.replies.append(reply)
        self.delivered.append(delivery)
        return reply

    async def send_times(
        self, delivery: Delivery, times: int, *, together: bool = False
    ) -> list[Reply]:
        """The same delivery several times: one after another, or all at once."""
        if together:
            return list(await asyncio.gather(*(self.send(delivery) for _ in range(times))))
        return [await self.send(delivery) for _ in range(times)]

    def note(
        self, toward: Literal["slack", "mellom"], method: str, request: Json, team: str
    ) -> Exchange:
        """Write into the journal."""
        exchange = Exchange(self.clock(), toward, method, request, workspace=team)
        self.wire.append(exchange)
        self.counts[method] += toward == "slack"
        return exchange

    async def settle(self) -> None:
        """After an action: send at once where that is wanted."""
        if self.auto:
            await self.flush()

    async def form(
        self, name: str, form: dict[str, str], team: str, shown: Json | None = None
    ) -> Reply:
        """Send a signed form; `shown` is what the journal keeps of it."""
        exchange = self.note("mellom", name, shown or dict(form), team)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        reply = await self.line_to(team).post(urlencode(form).encode(), kind)
        exchange.status, exchange.response = reply.status, reply.json or reply.text
        exchange.headers = reply.sent
        return reply
