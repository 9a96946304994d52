"""What Slack sends, as its documentation shows it, with our own invented names; and signatures."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

from adapters.slack.workspace import Workspace

Json = dict[str, Any]

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
ALTA = Workspace(id=7, app="A0MELLOM", team="T0ALTA", bot_user="U0BOT", bot="B0BOT", token="xoxb-1")
KARI = "U0KARI"
ROOM = "C0TAVLE"


def envelope(event: Json, **around: Any) -> Json:
    """An event in the Events API's envelope."""
    return {
        "token": "unused",
        "team_id": ALTA.team,
        "api_app_id": ALTA.app,
        "event": event,
        "type": "event_callback",
        "event_id": "Ev0001",
        "event_time": 1700000001,
        "authorizations": [{"enterprise_id": None, "team_id": ALTA.team, "user_id": ALTA.bot_user}],
        **around,
    }


def rich(*elements: Json) -> list[Json]:
    return [{"type": "rich_text", "block_id": "x1", "elements": list(elements)}]


def section(*parts: str | Json) -> Json:
    inline = [{"type": "text", "text": p} if isinstance(p, str) else p for p in parts]
    return {"type": "rich_text_section", "elements": inline}


def message(text: str = "Hei", **more: Any) -> Json:
    """A person's message."""
    return {
        "type": "message",
        "user": KARI,
        "text": text,
        "ts": "1700000001.000100",
        "event_ts": "1700000001.000100",
        "team": ALTA.team,
        "channel": ROOM,
        "channel_type": "channel",
        "blocks": rich(section(text)),
        **more,
    }


def own(text: str = "Fra Mellom", **more: Any) -> Json:
    """A message of ours as it comes back."""
    return message(
        text,
        **{
            "user": ALTA.bot_user,
            "bot_id": ALTA.bot,
            "app_id": ALTA.app,
            "bot_profile": {"id": ALTA.bot, "app_id": ALTA.app},
            **more,
        },
    )


def changed(new: Json, old: Json | None, **more: Any) -> Json:
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": ROOM,
        "channel_type": "channel",
        "ts": "1700000009.000200",
        "event_ts": "1700000009.000200",
        "message": new,
        **({"previous_message": old} if old is not None else {}),
        **more,
    }


def deleted(old: Json | None, ts: str = "1700000001.000100") -> Json:
    event = {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "channel": ROOM,
        "channel_type": "channel",
        "deleted_ts": ts,
        "ts": "1700000009.000300",
        "event_ts": "1700000009.000300",
    }
    return event | ({"previous_message": old} if old is not None else {})


def command(text: str = "", **more: str) -> Json:
    return {
        "token": "unused",
        "team_id": ALTA.team,
        "team_domain": "alta",
        "channel_id": ROOM,
        "channel_name": "tavlemoter",
        "user_id": KARI,
        "user_name": "kari.nilsen",
        "command": "/mellom",
        "text": text,
        "api_app_id": ALTA.app,
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1:9/respond",
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
        **more,
    }


def shortcut(message_: Json, **more: Any) -> Json:
    """A message shortcut (docs.slack.dev, "Shortcuts interaction payloads")."""
    return {
        "type": "message_action",
        "token": "unused",
        "action_ts": "1700000005.000100",
        "team": {"id": ALTA.team, "domain": "alta"},
        "user": {"id": KARI, "username": "kari", "team_id": ALTA.team, "name": "kari"},
        "channel": {"id": ROOM, "name": "tavlemoter"},
        "is_enterprise_install": False,
        "enterprise": None,
        "callback_id": "ask",
        "trigger_id": "13345224609.738474920.8088930838d88f008e1",
        "response_url": "http://127.0.0.1:9/respond",
        "message_ts": message_["ts"],
        "message": message_,
        **more,
    }


def press(action: Json, **more: Any) -> Json:
    ts = "1700000001.000100"
    return {
        "type": "block_actions",
        "user": {"id": KARI, "username": "kari", "name": "kari", "team_id": ALTA.team},
        "api_app_id": ALTA.app,
        "container": {
            "type": "message",
            "message_ts": ts,
            "channel_id": ROOM,
            "is_ephemeral": False,
        },
        "trigger_id": "12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
        "team": {"id": ALTA.team, "domain": "alta"},
        "channel": {"id": ROOM, "name": "tavlemoter"},
        "message": own(ts=ts, blocks=[{"type": "header", "block_id": "tok"}]),
        "response_url": "http://127.0.0.1:9/respond",
        "actions": [
            {"type": "button", "block_id": "b", "action_ts": "1700000005.000000", **action}
        ],
        **more,
    }


def submission(values: dict[str, str | None], carried: Json, **view: Any) -> Json:
    inputs = {
        f"{carried['form']}/{name}": {name: {"type": "plain_text_input", "value": value}}
        for name, value in values.items()
    }
    return {
        "type": "view_submission",
        "team": {"id": ALTA.team, "domain": "alta"},
        "user": {"id": KARI, "name": "kari", "team_id": ALTA.team},
        "api_app_id": ALTA.app,
        "trigger_id": "156772938.1827394",
        "view": {
            "id": "V0001",
            "type": "modal",
            "callback_id": "mellom",
            "private_metadata": json.dumps(carried),
            "hash": "156772938.1827394",
            "title": {"type": "plain_text", "text": "Spør"},
            "close": {"type": "plain_text", "text": "Avbryt"},
            "state": {"values": inputs},
            **view,
        },
    }


def signed(
    body: bytes, kind: str = "application/json", *, at: float | None = None, secret: str = SECRET
) -> dict[str, str]:
    """The headers Slack would send with this body."""
    seconds = str(int(time.time() if at is None else at))
    base = b"v0:" + seconds.encode() + b":" + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": seconds,
        "X-Slack-Signature": f"v0={digest}",
    }


def as_json(payload: Any) -> tuple[bytes, str]:
    return json.dumps(payload).encode(), "application/json"


def as_form(payload: Json) -> tuple[bytes, str]:
    """A command as it is, an interaction in its `payload` field."""
    fields = payload if "command" in payload else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"
