"""One request from Slack, already verified, in our words. Pure: nothing is called or looked up.

Facts: docs.slack.dev, "Events API", "Implementing slash commands", "Interaction payloads".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from adapters.slack import blocks, home, messages
from adapters.slack.messages import at, place_of
from adapters.slack.text import clean, mentions, parse, parse_command
from adapters.slack.workspace import Workspace
from bot.incoming import (
    Added,
    Commanded,
    Incoming,
    Moved,
    PeopleLeft,
    Person,
    PersonGone,
    PersonHere,
    Place,
    Pointed,
    Pressed,
    Removed,
    Submitted,
    Uninstalled,
)

Json = Mapping[str, Any]

ASK = "ask"
"""The callback id of the message shortcut with which somebody asks the network."""


class NotUnderstood(Exception):
    """Authentic, but nothing we know: to be counted, and answered as if all were well."""


def translate(payload: Json, workspace: Workspace, received: datetime) -> Incoming | None:
    """What came in, or None where it is nothing to us. `received` is the request's own time."""
    incoming = _read(payload, workspace, received)
    for name in _names(incoming):
        if not isinstance(name, str) or "\0" in name or not name.isascii():
            raise ValueError("a name of another kind")
    return incoming


def _names(incoming: Incoming | None) -> Iterator[object]:
    """What names the request, who acts, where, and on what: Slack's ids are plain words."""
    if incoming is None:
        return
    yield incoming.key
    if place := getattr(incoming, "place", None):
        yield place.key
    acting = getattr(incoming, "person", None)
    for person in (*((acting,) if acting else ()), *getattr(incoming, "people", ())):
        yield from (person.tenant, person.user or None)
    told = (getattr(incoming, name, None) for name in ("message", "root", "old_key"))
    yield from (name for name in told if name is not None)


def _read(payload: Json, workspace: Workspace, received: datetime) -> Incoming | None:
    if payload.get("type") == "event_callback":
        return _event(payload, workspace)
    if "command" in payload:
        return _command(payload, workspace, received)
    if payload.get("type") == "block_actions":
        return _press(payload, workspace, received)
    if payload.get("type") == "message_action" and payload.get("callback_id") == ASK:
        return _pointed(payload, workspace, received)
    if payload.get("type") == "view_submission":
        return _submission(payload, workspace, received)
    raise NotUnderstood(str(payload.get("type")))


def key_of(payload: Json, workspace: Workspace, name: str) -> str:
    """The receipt's key: the same request delivered again has the same."""
    return f"slack:{payload.get('api_app_id') or workspace.app}:{name}"


def _event(payload: Json, workspace: Workspace) -> Incoming | None:
    event = payload["event"]
    kind = str(event.get("type"))
    app = payload.get("api_app_id")
    if app and app != workspace.app:
        # `auth.test` does not tell the app's id; what is signed with our secret is our app's.
        workspace = replace(workspace, app=app)
    key = key_of(payload, workspace, payload["event_id"])
    moment = at(event.get("event_ts") or payload.get("event_time"))
    if kind in _MESSAGES:
        enterprise = payload.get("enterprise_id")
        return messages.translate(event, workspace, key, moment, enterprise)
    if kind not in _LIFE:
        raise NotUnderstood(kind)
    return _LIFE[kind](event, workspace, key, moment)


def _joined(event: Json, workspace: Workspace, key: str, moment: datetime) -> Added | None:
    if event.get("user") != workspace.bot_user:
        return None
    inviter = event.get("inviter")
    person = Person("slack", workspace.team, inviter, address=inviter) if inviter else None
    place = place_of(workspace, event["channel"])
    return Added(key=key, at=moment, place=place, person=person)


def _left(
    event: Json, workspace: Workspace, key: str, moment: datetime
) -> Removed | PeopleLeft | None:
    """`team` is the workspace that the person is from."""
    user = event.get("user")
    if user == workspace.bot_user:
        return _gone(event, workspace, key, moment)
    if not user:
        return None
    person = Person("slack", event.get("team") or workspace.team, user, address=user)
    place = place_of(workspace, event["channel"])
    return PeopleLeft(key=key, at=moment, place=place, people=(person,))


def _changed(
    event: Json, workspace: Workspace, key: str, moment: datetime
) -> PersonGone | PersonHere:
    """A person's profile, of which nothing is read but whether they have an account."""
    user = event["user"]
    tenant = user.get("team_id") or workspace.team
    person = Person("slack", tenant, user["id"], address=user["id"])
    told = PersonGone if user.get("deleted") else PersonHere
    return told(key=key, at=moment, installation=workspace.id, person=person)


def _gone(event: Json, workspace: Workspace, key: str, moment: datetime) -> Removed:
    return Removed(key=key, at=moment, place=place_of(workspace, event["channel"]))


def _back(event: Json, workspace: Workspace, key: str, moment: datetime) -> Added:
    return Added(key=key, at=moment, place=place_of(workspace, event["channel"]))


def _renamed(event: Json, workspace: Workspace, key: str, moment: datetime) -> Moved:
    channel = event["channel"]
    place = place_of(workspace, channel["id"], name=_told(channel.get("name")))
    return Moved(key=key, at=moment, place=place, old_key=channel["id"])


def _new_id(event: Json, workspace: Workspace, key: str, moment: datetime) -> Moved:
    place = place_of(workspace, event["new_channel_id"])
    return Moved(key=key, at=moment, place=place, old_key=event["old_channel_id"])


def _uninstalled(event: Json, workspace: Workspace, key: str, moment: datetime) -> Uninstalled:
    return Uninstalled(key=key, at=moment, installation=workspace.id)


def _revoked(event: Json, workspace: Workspace, key: str, moment: datetime) -> Uninstalled | None:
    """Only the bot's own token is ours; a person may take back theirs."""
    if not event.get("tokens", {}).get("bot"):
        return None
    return _uninstalled(event, workspace, key, moment)


_Life = Callable[[Json, Workspace, str, datetime], Incoming | None]
_LIFE: dict[str, _Life] = {
    "member_joined_channel": _joined,
    "member_left_channel": _left,
    "channel_left": _gone,
    "group_left": _gone,
    "channel_archive": _gone,
    "group_archive": _gone,
    "channel_deleted": _gone,
    "group_deleted": _gone,
    "channel_unarchive": _back,
    "group_unarchive": _back,
    "channel_rename": _renamed,
    "group_rename": _renamed,
    "channel_id_changed": _new_id,
    "app_home_opened": home.opened,
    "app_uninstalled": _uninstalled,
    "user_change": _changed,
    "tokens_revoked": _revoked,
}

_MESSAGES = {
    "app_mention": ("app_mention",),
    "message": ("message.channels", "message.groups", "message.im"),
}

EVENTS = tuple(sorted((*_LIFE, *(name for names in _MESSAGES.values() for name in names))))
"""Everything that is understood here, by the names under which an app subscribes to it."""


def _command(payload: Json, workspace: Workspace, received: datetime) -> Commanded:
    user = payload["user_id"]
    return Commanded(
        key=key_of(payload, workspace, payload["trigger_id"]),
        at=received,
        place=place_of(workspace, payload["channel_id"], name=_told(payload.get("channel_name"))),
        person=Person("slack", payload.get("team_id") or workspace.team, user, address=user),
        text=parse_command(payload.get("text") or ""),
    )


def _press(payload: Json, workspace: Workspace, received: datetime) -> Pressed | None:
    action = payload["actions"][0]
    if action.get("type") != "button":
        return None
    container, message = payload.get("container") or {}, payload.get("message") or {}
    seen_by_all = not container.get("is_ephemeral")
    ts = container.get("message_ts") if seen_by_all else None
    thread = container.get("thread_ts") or message.get("thread_ts")
    return Pressed(
        key=key_of(payload, workspace, payload["trigger_id"]),
        at=at(action["action_ts"]) if action.get("action_ts") else received,
        place=_where(payload, workspace),
        person=_who(payload, workspace),
        action=blocks.action_of(action["action_id"]),
        value=clean(action.get("value") or ""),
        message=ts,
        root=thread if thread != ts else None,
        token=messages.token_of(message),
    )


def _pointed(payload: Json, workspace: Workspace, received: datetime) -> Pointed:
    message, person = payload["message"], _who(payload, workspace)
    place = place_of(
        workspace, payload["channel"]["id"], name=_told(payload["channel"].get("name"))
    )
    if place.direct:
        # It may be a conversation between two people, which is none of ours: they stand for it.
        place = Place(workspace.id, person.user)
    return Pointed(
        key=key_of(payload, workspace, payload["trigger_id"]),
        at=at(payload["action_ts"]) if payload.get("action_ts") else received,
        place=place,
        person=person,
        message=message["ts"],
        root=messages.root_of(message),
        text=parse(message, workspace.bot_user),
        files=messages.files_of(message),
        author=messages.author_of(message, workspace),
        addressed=mentions(message, workspace.bot_user),
    )


def _submission(payload: Json, workspace: Workspace, received: datetime) -> Submitted | None:
    view = payload["view"]
    if view.get("callback_id") != blocks.MODAL or not view.get("private_metadata"):
        return None
    carried = json.loads(view["private_metadata"])
    # A view sent a second time, after it was mended, may still have its id and hash.
    name = payload.get("trigger_id") or f"{view['id']}:{view.get('hash', '')}"
    return Submitted(
        key=key_of(payload, workspace, name),
        at=received,
        place=place_of(workspace, carried["place"]),
        person=_who(payload, workspace),
        form=carried["form"],
        subject=carried.get("subject", ""),
        values={
            field: clean(_entered(element))
            for inputs in view["state"]["values"].values()
            for field, element in inputs.items()
        },
    )


def _entered(element: Json) -> str:
    """What was typed into a field, the day that was picked, or the values of what was chosen."""
    one = element.get("selected_option")
    chosen = element.get("selected_options") or ([one] if one else [])
    typed = element.get("value") or element.get("selected_date")
    return typed or ",".join(option["value"] for option in chosen)


def _who(payload: Json, workspace: Workspace) -> Person:
    """Who acted. `user.name` is a handle, not a name that others know the person by."""
    user, team = payload["user"], payload.get("team") or {}
    tenant = user.get("team_id") or team.get("id") or workspace.team
    return Person("slack", tenant, user["id"], address=user["id"])


def _where(payload: Json, workspace: Workspace) -> Place:
    """The conversation, also for a button on what a modal shows: that one remembers it."""
    channel, view = payload.get("channel") or {}, payload.get("view") or {}
    if view.get("private_metadata"):
        return place_of(workspace, json.loads(view["private_metadata"])["place"])
    key = channel.get("id") or payload["container"]["channel_id"]
    return place_of(workspace, key, name=_told(channel.get("name")))


def _told(name: str | None) -> str | None:
    """A channel's name, but for the two that stand for one Slack does not tell."""
    return None if name in (None, "directmessage", "privategroup") else clean(name)


def received_at(seconds: str) -> datetime:
    """The time of a request, from its signed header."""
    return datetime.fromtimestamp(int(seconds), UTC)
