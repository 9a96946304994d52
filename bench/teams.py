"""What Teams sends: activities as learn.microsoft.com shows them, with a token of the service."""

from __future__ import annotations

import itertools
import json
import time
from datetime import UTC, datetime
from typing import Any

from adapters.teams.incoming import translate
from bench.places import Room
from bot.incoming import Incoming

APP = "11111111-2222-4333-8444-555555555555"
_BEGUN = time.time_ns() // 1_000_000
_numbers = itertools.count(1)


def new_id() -> str:
    """A message's id, never twice."""
    return str(_BEGUN + next(_numbers))


def said(
    room: Room,
    user: str,
    words: str,
    service_url: str,
    *,
    root: str | None = None,
    ask: bool = False,
) -> dict[str, Any]:
    """A person writes a message, with `ask` to the bot."""
    message = new_id()
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    bot = {"id": f"28:{APP}", "name": "Mellom"}
    mention = {"type": "mention", "mentioned": bot, "text": "<at>Mellom</at>"}
    client = {
        "locale": room.language,
        "country": room.language[-2:],
        "platform": "Web",
        "timezone": "Europe/Oslo",
        "type": "clientInfo",
    }
    text = f"<at>Mellom</at>&nbsp;{words}" if ask else words
    return {
        "text": text,
        "textFormat": "plain",
        "attachments": [{"contentType": "text/html", "content": f"<p>{text}</p>"}],
        "type": "message",
        "timestamp": now,
        "localTimestamp": now,
        "localTimezone": "Europe/Oslo",
        "id": message,
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": f"29:1{user}", "name": "Kari Nilsen", "aadObjectId": user},
        "conversation": {
            "isGroup": True,
            "conversationType": "channel",
            "tenantId": room.tenant,
            "id": f"{room.channel};messageid={root or message}",
        },
        "recipient": bot,
        "entities": [mention, client] if ask else [client],
        "channelData": {
            "teamsChannelId": room.channel,
            "teamsTeamId": room.channel,
            "channel": {"id": room.channel},
            "team": {"id": room.channel},
            "tenant": {"id": room.tenant},
        },
        "locale": room.language,
        **({"replyToId": root} if root else {}),
    }


def submitted(room: Room, user: str, data: dict[str, str], service_url: str, token: str) -> bytes:
    """A person sends a dialog with this in it: the whole request with its token."""
    base = said(room, user, "", service_url, root=new_id())
    for words in ("text", "textFormat", "attachments", "entities"):
        base.pop(words)
    value = {"data": data, "context": {"theme": "default"}}
    return request({**base, "type": "invoke", "name": "task/submit", "value": value}, token)


def incoming(activity: dict[str, Any], room: Room) -> Incoming:
    """The activity as the edge reads it."""
    read = translate(activity, room.installation, datetime.now(UTC))
    assert read is not None
    return read


def request(activity: dict[str, Any], token: str) -> bytes:
    """The whole request with its token."""
    body = json.dumps(activity, ensure_ascii=False).encode()
    head = (
        "POST /api/messages HTTP/1.1\r\n"
        "Host: mellom.invalid\r\n"
        "User-Agent: Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)\r\n"
        "Accept: */*\r\n"
        f"Authorization: Bearer {token}\r\n"
        "Content-Type: application/json; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
