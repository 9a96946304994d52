"""The activities that Teams sends to a bot, field by field as its documentation shows them.

From learn.microsoft.com/microsoftteams/platform: bots/how-to/conversations/conversation-messages,
.../channel-messages-for-bots-and-agents, .../subscribe-to-conversation-events,
task-modules-and-cards/task-modules/task-modules-bots, and learn.microsoft.com/adaptive-cards/
authoring-cards/universal-action-model.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from adapters.playground.teams.world import (
    THREAD,
    Channel,
    Chat,
    Json,
    Message,
    Team,
    User,
    new_id,
)

_ZONES = {"da": "Europe/Copenhagen", "nb": "Europe/Oslo", "nn": "Europe/Oslo"}


def moment(at: datetime) -> str:
    """A time as Teams writes it, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def activity(kind: str, user: User, bot: Json, service_url: str, at: datetime) -> Json:
    """What every activity carries that a person causes."""
    zone = _ZONES.get(user.locale[:2], "Europe/Oslo")
    client = {
        "locale": user.locale,
        "country": user.locale[-2:],
        "platform": "Web",
        "timezone": zone,
        "type": "clientInfo",
    }
    return {
        "type": kind,
        "id": f"f:{new_id()}",
        "timestamp": moment(at),
        "localTimestamp": at.astimezone(ZoneInfo(zone)).isoformat(timespec="milliseconds"),
        "localTimezone": zone,
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": user.account, "name": user.name, "aadObjectId": user.aad},
        "recipient": dict(bot),
        "entities": [client],
        "locale": user.locale,
    }


def standing_in(place: Channel | Chat, root: str | None = None) -> Json:
    """`conversation` and `channelData` of what happens in a channel or a chat."""
    tenant = place.tenant.id
    if isinstance(place, Chat):
        conversation = {"conversationType": "personal", "tenantId": tenant, "id": place.id}
        return {"conversation": conversation, "channelData": {"tenant": {"id": tenant}}}
    return {
        "conversation": {
            "isGroup": True,
            "conversationType": "channel",
            "tenantId": tenant,
            "id": f"{place.id}{THREAD}{root}" if root else place.id,
        },
        "channelData": {
            "teamsChannelId": place.id,
            "teamsTeamId": place.team.id,
            "channel": {"id": place.id},
            "team": {"id": place.team.id},
            "tenant": {"id": tenant},
        },
    }


def standing_in_team(team: Team, event: str, channel: Channel | None = None) -> Json:
    """The same of what happens to a team or its channels: the conversation is the team itself."""
    data: Json = {
        "team": {"id": team.id, "name": team.name, "aadGroupId": team.group},
        "eventType": event,
        "tenant": {"id": team.tenant.id},
    }
    if channel is not None:
        data["channel"] = {"id": channel.id, "name": channel.name}
    conversation = {
        "isGroup": True,
        "conversationType": "channel",
        "tenantId": team.tenant.id,
        "id": team.id,
    }
    return {"conversation": conversation, "channelData": data}


def words(text: str, mentions: Mapping[str, str], rich: str | None = None) -> Json:
    """`text`, `entities` and the HTML that repeats them; `mentions` are ids by the name shown.

    A name stands as `@Name` in `text`. Teams escapes what people type, and puts a hard space after
    a mention. `rich` is the HTML of a message that was formatted, with `@Name` in it too.
    """
    typed = html.escape(text, quote=False)
    drawn = rich if rich is not None else f"<p>{typed.replace(chr(10), '<br>')}</p>"
    entities = []
    for number, (name, id) in enumerate(mentions.items()):
        shown = html.escape(name, quote=False)
        mark = (
            f'<span itemtype="http://schema.skype.com/Mention" itemscope="" itemid="{number}">'
            f"{shown}</span>"
        )
        typed = typed.replace(f"@{shown} ", f"<at>{shown}</at>&nbsp;")
        typed = typed.replace(f"@{shown}", f"<at>{shown}</at>")
        drawn = drawn.replace(f"@{shown} ", f"{mark}&nbsp;").replace(f"@{shown}", mark)
        account = {"id": id, "name": name}
        entities.append({"type": "mention", "mentioned": account, "text": f"<at>{shown}</at>"})
    repeated = {"contentType": "text/html", "content": drawn}
    said = {"text": typed, "textFormat": "plain"}
    return {**said, "entities": entities, "attachments": [repeated]}


def hang_files(said: Json, files: Iterable[str | tuple[str, int]], personal: bool) -> None:
    """Files on a message. Only in a personal chat does Teams tell the bot their names
    (bots/how-to/bots-filesv4); in a channel the HTML holds an empty mark for each."""
    for file in files:
        name = file if isinstance(file, str) else file[0]
        id = new_id()
        mark = f'<attachment id="{id}"></attachment>'
        said["attachments"][-1]["content"] += mark
        if personal:
            said["attachments"].insert(0, _file(name, id))


def _file(name: str, id: str) -> Json:
    kind = PurePosixPath(name).suffix[1:]
    address = f"https://files.invalid/personal/{id}"
    return {
        "contentType": "application/vnd.microsoft.teams.file.download.info",
        "contentUrl": f"{address}/{name}",
        "name": name,
        "content": {"downloadUrl": f"{address}?download", "uniqueId": id, "fileType": kind},
    }


def upon(message: Message) -> Json:
    """Where a press on a message's card comes from."""
    where = standing_in(message.place, message.root)
    where["channelData"] |= {
        "source": {"name": "message"},
        "legacy": {"replyToId": f"1:{message.id}"},
    }
    return {**where, "replyToId": message.id}


def executed(id: str, verb: str, data: Mapping[str, Any]) -> Json:
    """The invoke of an Action.Execute (universal-action-model)."""
    action = {"type": "Action.Execute", "id": id, "verb": verb, "data": dict(data)}
    return {
        "name": "adaptiveCard/action",
        "value": {"action": action, "trigger": "manual"},
    }


def chosen(message: Message, command: str, bot: str) -> Json:
    """The invoke of a message action, with the message as Graph would tell it
    (messaging-extensions/how-to/action-commands/create-task-module)."""
    said = message.activity
    repeated = [h for h in said.get("attachments") or () if h.get("contentType") == "text/html"]
    content = repeated[0]["content"] if repeated else html.escape(str(said.get("text") or ""))
    root = message.root if message.root != message.id else None
    written: Json = {
        "id": message.id,
        "replyToId": root,
        "createdDateTime": moment(datetime.fromtimestamp(int(message.id) / 1000, UTC)),
        "lastModifiedDateTime": None,
        "deleted": False,
        "summary": None,
        "importance": "normal",
        "locale": "en-us",
        "body": {"contentType": "html", "content": _as_graph(content)},
        "from": _author(message, bot),
        "reactions": [],
        "mentions": [
            _mentioned(number, one["mentioned"], message.place, bot)
            for number, one in enumerate(said.get("entities") or ())
            if one["type"] == "mention"
        ],
        "attachments": [],
    }
    value = {"commandId": command, "commandContext": "message", "requestId": new_id()}
    theme = {"context": {"theme": "default"}}
    return {
        "name": "composeExtension/fetchTask",
        "value": {**value, "messagePayload": written, **theme},
    }


def _as_graph(content: str) -> str:
    """The HTML with its mentions as Graph marks them: by their numbers."""
    return re.sub(
        r'<span itemtype="http://schema.skype.com/Mention"[^>]*itemid="(\d+)">(.*?)</span>',
        r'<at id="\1">\2</at>',
        content,
    )


def _author(message: Message, bot: str) -> Json:
    return _app(bot) if message.author is None else _person(message.author)


def _app(bot: str) -> Json:
    app = {"applicationIdentityType": "bot", "id": bot.removeprefix("28:"), "displayName": "Mellom"}
    return {"device": None, "conversation": None, "user": None, "application": app}


def _person(user: User | None) -> Json:
    known = user and {"userIdentityType": "aadUser", "id": user.aad, "displayName": user.name}
    return {"device": None, "conversation": None, "user": known, "application": None}


def _mentioned(number: int, account: Json, place: Channel | Chat, bot: str) -> Json:
    known = (user for user in place.tenant.users if user.account == account["id"])
    user = next(known, None)
    who = _app(bot) if account["id"] == bot else _person(user)
    return {"id": number, "mentionText": account["name"], "mentioned": who}


def sent(command: Json, data: Mapping[str, Any]) -> Json:
    """The invoke that sends a form; one that a message action opened says so again."""
    if not command:
        return dialog("task/submit", data)
    invoke = dialog("composeExtension/submitAction", data)
    return {**invoke, "value": {**command, **invoke["value"]}}


def dialog(name: str, data: Mapping[str, Any]) -> Json:
    """The invoke that asks for a dialog (`task/fetch`) or sends it (`task/submit`)."""
    return {"name": name, "value": {"data": dict(data), "context": {"theme": "default"}}}
