"""A stand-in for incoming webhooks on loopback: channels of Slack and Teams that take notes.

What it answers and refuses is after docs.slack.dev, "Sending messages using incoming webhooks",
and after a workflow of Teams ("When a Teams webhook request is received"), which says that it has
begun and posts the card a moment later.

    webhooks = WebhookStandIn()
    await webhooks.start()                      # WEBHOOK_HOSTS is webhooks.host
    channel = webhooks.channel("Vadsø kommune", "slack")
    channel.url, channel.notes
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from adapters.playground import faults
from adapters.playground.faults import Fault, Faults

Json = dict[str, Any]
CARD = "application/vnd.microsoft.card.adaptive"
LARGEST = 28 * 1024
NEWEST = (1, 4)
"""The version of a card that a workflow posts; a later one is shown as an error in the channel."""


@dataclass(eq=False, slots=True)
class Noticeboard:
    """A channel that can be told something. `closed`: its webhook was taken away."""

    name: str
    kind: Literal["slack", "teams"]
    url: str
    notes: list[Json] = field(default_factory=list)
    closed: bool = False

    @property
    def words(self) -> list[str]:
        """Each note as a person reads it."""
        return ["\n".join(_lines(note)) for note in self.notes]


class WebhookStandIn:
    """Any number of channels, each with an address of its own."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.channels: dict[str, Noticeboard] = {}
        self.host = ""
        self._runner: web.AppRunner | None = None
        self.app = web.Application(client_max_size=1024 * 1024)
        self.app.router.add_post("/{path:.*}", self._take)

    async def start(self) -> None:
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.host = f"127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        self.faults.heal()
        if self._runner is not None:
            await self._runner.cleanup()

    def channel(self, name: str, kind: Literal["slack", "teams"]) -> Noticeboard:
        """A new channel with a webhook."""
        secret = secrets.token_urlsafe(18)
        path = {
            "slack": f"/services/T0{len(self.channels)}/B0{len(self.channels)}/{secret}",
            "teams": f"/powerautomate/automations/direct/workflows/{len(self.channels)}/triggers/"
            f"manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={secret}",
        }[kind]
        made = Noticeboard(name, kind, f"http://{self.host}{path}")
        self.channels[path] = made
        return made

    async def _take(self, request: web.Request) -> web.StreamResponse:
        channel = self.channels.get(request.raw_path)
        if channel is None or channel.closed:
            slack = request.path.startswith("/services/")
            return web.Response(status=404, text="no_service" if slack else "WorkflowNotFound")

        async def work() -> web.StreamResponse:
            return _taken(channel, await request.read())

        fault = self.faults.take(channel.kind, channel.name)
        return await faults.answer(request, fault, work, _refused)


def _taken(channel: Noticeboard, body: bytes) -> web.Response:
    try:
        note = json.loads(body)
        _check_slack(note) if channel.kind == "slack" else _check_teams(note, len(body))
    except (ValueError, LookupError, TypeError) as error:
        return web.Response(status=400, text=f"invalid_payload {error}")
    channel.notes.append(note)
    if channel.kind == "slack":
        return web.Response(text="ok")
    return web.Response(status=202)


def _check_slack(note: Json) -> None:
    if not note.get("text") and not note.get("blocks"):
        raise ValueError("no_text")
    for block in note.get("blocks", []):
        if block["type"] not in ("header", "section", "context"):
            raise ValueError("invalid_blocks")


def _check_teams(note: Json, size: int) -> None:
    if note["type"] != "message" or size > LARGEST:
        raise ValueError("not a message")
    for hung in note["attachments"]:
        card = hung["content"]
        version = tuple(int(part) for part in card["version"].split("."))
        if hung["contentType"] != CARD or card["type"] != "AdaptiveCard" or version > NEWEST:
            raise ValueError("not a card that can be posted")


def _lines(note: Any) -> Iterator[str]:
    """What stands in a note before its reader, from top to bottom."""
    if isinstance(note, list):
        for part in note:
            yield from _lines(part)
    elif isinstance(note, dict):
        shown = note.get("blocks") or note.get("attachments") or note.get("content")
        if shown:
            yield from _lines(shown)
        elif isinstance(note.get("text"), str):
            yield note["text"]
        else:
            parts = ("body", "inlines", "text", "elements", "fields")
            yield from (line for part in parts for line in _lines(note.get(part)))


def _refused(fault: Fault) -> web.StreamResponse:
    headers = {"Retry-After": str(int(fault.seconds))} if fault.kind == "rate_limited" else {}
    return web.Response(status=fault.status, text=fault.code or "rate_limited", headers=headers)
