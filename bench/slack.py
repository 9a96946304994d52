"""What Slack sends: events as docs.slack.dev shows them, signed with the app's secret."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from adapters.slack.incoming import translate
from adapters.slack.workspace import Workspace
from bench.places import Room
from bot.incoming import Incoming

APP = "A0BENCH"
SECRET = "the benchmark's signing secret"  # noqa: S105 - opens nothing
_BEGUN = time.time_ns() // 1000
_numbers = itertools.count(1)


def workspace(room: Room) -> Workspace:
    """Who we are in the room's workspace."""
    return Workspace(room.installation, APP, room.tenant, f"U{room.tenant}", f"B{room.tenant}")


def new_ts() -> str:
    """A message's id, never twice."""
    whole, part = divmod(_BEGUN + next(_numbers), 1_000_000)
    return f"{whole}.{part:06d}"


def said(
    room: Room, user: str, words: str, *, root: str | None = None, ask: bool = False
) -> dict[str, Any]:
    """A person writes a message, with `ask` to the bot."""
    ts, bot = new_ts(), f"U{room.tenant}"
    parts = [{"type": "user", "user_id": bot}] if ask else []
    parts.append({"type": "text", "text": f" {words}" if ask else words})
    section = {"type": "rich_text_section", "elements": parts}
    block = {"type": "rich_text", "block_id": "b1Xy2", "elements": [section]}
    thread = {"thread_ts": root, "parent_user_id": room.people[0]} if root else {}
    event = {
        "user": user,
        "type": "message",
        "ts": ts,
        "client_msg_id": f"0b8c7f2e-3d41-4d5c-9f10-{next(_numbers):012d}",
        "text": f"<@{bot}> {words}" if ask else words,
        "team": room.tenant,
        **thread,
        "blocks": [block],
        "channel": room.channel,
        "event_ts": ts,
        "channel_type": "channel",
    }
    return _envelope(room, event)


def deleted(room: Room, user: str, ts: str) -> dict[str, Any]:
    """A person takes back a message."""
    before = {"type": "message", "user": user, "ts": ts, "text": "Feil kanal.", "team": room.tenant}
    now = new_ts()
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before,
        "channel": room.channel,
        "hidden": True,
        "deleted_ts": ts,
        "event_ts": now,
        "ts": now,
        "channel_type": "channel",
    }
    return _envelope(room, event)


def incoming(payload: dict[str, Any], room: Room) -> Incoming:
    """The event as the edge reads it."""
    read = translate(payload, workspace(room), datetime.now(UTC))
    assert read is not None
    return read


def submitted(room: Room, user: str, view: dict[str, Any], values: dict[str, Any]) -> bytes:
    """A person sends a modal with these values: the whole signed request."""
    payload = {
        "type": "view_submission",
        "team": {"id": room.tenant, "domain": "bench"},
        "user": {"id": user, "username": user, "name": user, "team_id": room.tenant},
        "api_app_id": APP,
        "token": "deprecated",
        "trigger_id": f"{next(_numbers)}.{_BEGUN}.{next(_numbers):032x}",
        "view": {"id": f"V{next(_numbers)}", "team_id": room.tenant, **view, "state": values},
        "response_urls": [],
        "is_enterprise_install": False,
    }
    body = urlencode({"payload": json.dumps(payload, ensure_ascii=False)}).encode()
    return _signed(body, "application/x-www-form-urlencoded")


def request(payload: dict[str, Any]) -> bytes:
    """The whole signed request."""
    return _signed(json.dumps(payload, ensure_ascii=False).encode(), "application/json")


def _signed(body: bytes, kind: str) -> bytes:
    seconds = str(int(time.time()))
    base = b"v0:" + seconds.encode() + b":" + body
    digest = hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\n"
        "Host: mellom.invalid\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        "Accept-Encoding: gzip,deflate\r\n"
        "Accept: */*\r\n"
        f"Content-Type: {kind}\r\n"
        f"X-Slack-Signature: v0={digest}\r\n"
        f"X-Slack-Request-Timestamp: {seconds}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _envelope(room: Room, event: dict[str, Any]) -> dict[str, Any]:
    authorization = {
        "enterprise_id": None,
        "team_id": room.tenant,
        "user_id": f"U{room.tenant}",
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": "deprecated",
        "team_id": room.tenant,
        "context_team_id": room.tenant,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{_BEGUN + next(_numbers):X}",
        "event_time": int(time.time()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": f"4-{next(_numbers):032x}",
    }
