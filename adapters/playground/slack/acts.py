"""Payloads of what people do beside writing: pressing, submitting, giving commands.

Sources: docs.slack.dev, "block_actions payload", "View interaction payloads",
"Implementing slash commands", "Block elements".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.playground.slack.messages import Ephemeral, Json, Message, View
from adapters.playground.slack.world import Channel, User

Pressable = Message | Ephemeral | View
_CHOICE = ("static_select", "radio_buttons", "overflow")
_CHOICES = ("checkboxes", "multi_static_select")
_PICKED = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
}


class Unseen(AssertionError):
    """The person was asked to use something that they do not see."""


def elements(blocks: list[Json]) -> list[tuple[Json, Json]]:
    """Every interactive element with its block."""
    found = []
    for block in blocks:
        inner = block.get("elements", []) if block["type"] == "actions" else []
        inner = [*inner, block.get("accessory"), block.get("element")]
        found += [(block, element) for element in inner if element and "action_id" in element]
    return found


def find(on: Pressable, action_id: str, value: str | None) -> tuple[Json, Json]:
    """The element with this action id (and value, where several have it)."""
    seen = elements(on.blocks)
    for block, element in seen:
        if element["action_id"] == action_id and value in (None, element.get("value")):
            return block, element
    there = [element["action_id"] for _, element in seen]
    raise Unseen(f"nothing to press called {action_id!r} (value {value!r}); there are {there}")


def who(user: User) -> Json:
    handle = user.handle
    return {"id": user.id, "username": handle, "name": handle, "team_id": user.team_id}


def where(user: User) -> Json:
    return {"id": user.workspace.team_id, "domain": user.workspace.domain}


def container(on: Pressable) -> Json:
    """What the pressed element stood in: container, channel, message or view."""
    if isinstance(on, View):
        view = on.wire()
        return {"container": {"type": "view", "view_id": on.id}, "view": view}
    channel = on.channel
    place: Json = {"type": "message", "message_ts": on.ts, "channel_id": channel.id}
    place["is_ephemeral"] = isinstance(on, Ephemeral)
    body: Json = {"channel": {"id": channel.id, "name": channel.shown_name}}
    if on.thread_ts:
        place["thread_ts"] = on.thread_ts
    if isinstance(on, Message):
        body["message"] = on.wire()
    return {"container": place, **body}


def action(block: Json, element: Json, chosen: Any, ts: str) -> Json:
    """The entry of `actions` for an element that was used."""
    body: Json = {"action_id": element["action_id"], "block_id": block["block_id"]}
    if element["type"] == "button":
        body["text"] = element["text"]
        if "value" in element:
            body["value"] = element["value"]
        return body | {"type": "button", "action_ts": ts}
    return body | state_of(element, chosen) | {"action_ts": ts}


def state_of(element: Json, value: Any) -> Json:
    """One element's part of `state.values`. Options are named by their value or their label."""
    kind = element["type"]
    if kind in _CHOICE:
        chosen = element.get("initial_option") if value is None else None
        chosen = _option(element, value) if value else chosen
        return {"type": kind, "selected_option": chosen}
    if kind in _CHOICES:
        chosen = element.get("initial_options", [])
        if value is not None:
            values = [one for one in value.split(",") if one] if isinstance(value, str) else value
            chosen = [_option(element, one) for one in values]
        return {"type": kind, "selected_options": chosen}
    if kind in _PICKED:
        name = _PICKED[kind]
        initial = element.get(name.replace("selected", "initial"))
        return {"type": kind, name: initial if value is None else value}
    typed = element.get("initial_value") if value is None else value
    return {"type": kind, "value": typed or None}


def state(blocks: list[Json], values: Mapping[str, Any]) -> tuple[Json, dict[str, str]]:
    """`state.values` after `values` (by block id or action id) were put in, and what Slack's own
    client complains of, by block id: then nothing is sent."""
    filled: Json = {}
    complaints = {}
    left = set(values)
    for block, element in elements(blocks):
        if element["type"] == "button":
            continue
        names = {block["block_id"], element["action_id"]} & set(values)
        left -= names
        part = state_of(element, values[names.pop()] if names else None)
        filled.setdefault(block["block_id"], {})[element["action_id"]] = part
        if complaint := _complaint(block, element, part):
            complaints[block["block_id"]] = complaint
    if left:
        raise Unseen(f"nothing to fill in called {sorted(left)}; there are {sorted(filled)}")
    return filled, complaints


def command(user: User, channel: Channel, name: str, text: str) -> dict[str, str]:
    """The form of a slash command, without token, trigger and response address."""
    workspace = user.workspace
    return {
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel.shown_name,
        "user_id": user.id,
        "user_name": user.handle,
        "command": name,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
    }


def _option(element: Json, value: str) -> Json:
    for option in element.get("options", []):
        if value in (option["value"], option["text"]["text"]):
            chosen: Json = option
            return chosen
    labels = [option["text"]["text"] for option in element.get("options", [])]
    raise Unseen(f"no option {value!r}; there are {labels}")


def _complaint(block: Json, element: Json, part: Json) -> str | None:
    given = [value for name, value in part.items() if name != "type"]
    if block["type"] == "input" and not block.get("optional") and not any(given):
        return "Please complete this required field."
    length = len(part.get("value") or "")
    if length > element.get("max_length", 3000):
        return f"Must be no more than {element.get('max_length', 3000)} characters."
    return None
