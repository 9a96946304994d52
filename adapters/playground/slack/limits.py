"""Slack's limits on blocks, views and metadata, as the errors its API gives for breaking them.

Sources: docs.slack.dev, "Blocks", "Block elements", "Composition objects", "views.open method",
"chat.postMessage method", "Using message metadata".
"""

from __future__ import annotations

import json
from typing import Any

from adapters.playground.slack.messages import Json

MESSAGE_TEXT = 40_000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
METADATA_BYTES = 16_000
MARKDOWN_CHARACTERS = 12_000
_BLOCKS = {
    "actions", "context", "divider", "file", "header", "image", "input", "markdown",
    "rich_text", "section", "video",
}  # fmt: skip
_COUNTS = {"actions": 25, "context": 10}


def block_faults(blocks: Any, most: int = MESSAGE_BLOCKS) -> list[str]:
    """What is wrong with these blocks, each as `response_metadata.messages` says it."""
    if not isinstance(blocks, list):
        return ["[ERROR] must be an array [json-pointer:/blocks]"]
    faults = [f"[ERROR] no more than {most} items allowed [json-pointer:/blocks]"]
    faults = faults if len(blocks) > most else []
    for number, block in enumerate(blocks):
        faults += _block(block, f"/blocks/{number}")
    faults += _markdown(blocks) + _repeated([b.get("block_id") for b in _dicts(blocks)], "block_id")
    return faults


def view_faults(view: Any) -> list[str]:
    """What is wrong with a modal or a home tab."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        return ["[ERROR] unsupported type [json-pointer:/view/type]"]
    faults = block_faults(view.get("blocks"), VIEW_BLOCKS)
    faults += _length(view.get("callback_id", ""), 255, "/view/callback_id")
    faults += _length(view.get("private_metadata", ""), 3000, "/view/private_metadata")
    if view["type"] == "home":
        return faults
    faults += _text(view.get("title"), 24, "/view/title", kinds=("plain_text",))
    for name in ("submit", "close"):
        if view.get(name) is not None:
            faults += _text(view[name], 24, f"/view/{name}", kinds=("plain_text",))
    inputs = [block for block in _dicts(view.get("blocks")) if block.get("type") == "input"]
    if inputs and not view.get("submit"):
        faults.append("[ERROR] submit is required when an input block is in the view")
    return faults


def metadata_fault(metadata: Any) -> str | None:
    """The error code for metadata that Slack would not take."""
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        return "invalid_metadata_format"
    if not isinstance(metadata.get("event_payload"), dict):
        return "invalid_metadata_format"
    return "metadata_too_large" if len(json.dumps(metadata)) > METADATA_BYTES else None


def _dicts(items: Any) -> list[Json]:
    return [item for item in items or [] if isinstance(item, dict)]


def _length(value: Any, most: int, where: str) -> list[str]:
    if not isinstance(value, str):
        return [f"[ERROR] must be a string [json-pointer:{where}]"]
    if len(value) <= most:
        return []
    return [f"[ERROR] must be less than {most + 1} characters [json-pointer:{where}]"]


def _text(
    part: Any, most: int, where: str, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")
) -> list[str]:
    if not isinstance(part, dict) or part.get("type") not in kinds:
        return [
            f"[ERROR] must be a text object of type {' or '.join(kinds)} [json-pointer:{where}]"
        ]
    if not part.get("text"):
        return [f"[ERROR] must be more than 0 characters [json-pointer:{where}/text]"]
    return _length(part["text"], most, f"{where}/text")


def _block(block: Any, where: str) -> list[str]:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in _BLOCKS:
        return [f"[ERROR] unsupported type: {kind} [json-pointer:{where}/type]"]
    faults = _length(block.get("block_id", ""), 255, f"{where}/block_id")
    if kind == "section":
        return faults + _section(block, where)
    if kind == "header":
        return faults + _text(block.get("text"), 150, f"{where}/text", kinds=("plain_text",))
    if kind == "image":
        return faults + _length(block.get("alt_text"), 2000, f"{where}/alt_text")
    if kind == "input":
        faults += _text(block.get("label"), 2000, f"{where}/label", kinds=("plain_text",))
        return faults + _element(block.get("element"), f"{where}/element")
    if kind in _COUNTS:
        return faults + _elements(block, where, _COUNTS[kind])
    return faults


def _section(block: Json, where: str) -> list[str]:
    fields = block.get("fields", [])
    faults = [] if len(fields) <= 10 else [f"[ERROR] no more than 10 items [json-pointer:{where}]"]
    if "text" in block or not fields:
        faults += _text(block.get("text"), 3000, f"{where}/text")
    for number, part in enumerate(fields):
        faults += _text(part, 2000, f"{where}/fields/{number}")
    if block.get("accessory") is not None:
        faults += _element(block["accessory"], f"{where}/accessory")
    return faults


def _elements(block: Json, where: str, most: int) -> list[str]:
    elements = block.get("elements") or []
    if not elements:
        return [f"[ERROR] must provide elements [json-pointer:{where}/elements]"]
    faults = []
    if len(elements) > most:
        faults.append(f"[ERROR] no more than {most} items allowed [json-pointer:{where}/elements]")
    for number, element in enumerate(elements):
        faults += _element(element, f"{where}/elements/{number}")
    return faults + _repeated([e.get("action_id") for e in _dicts(elements)], "action_id")


def _element(element: Any, where: str) -> list[str]:
    if not isinstance(element, dict) or not element.get("type"):
        return [f"[ERROR] missing required field: type [json-pointer:{where}]"]
    kind = element["type"]
    if kind in ("mrkdwn", "plain_text"):
        return _text(element, 3000, where)
    faults = _length(element.get("action_id", ""), 255, f"{where}/action_id")
    if kind == "image":
        return faults + _length(element.get("alt_text"), 2000, f"{where}/alt_text")
    if kind == "button":
        faults += _text(element.get("text"), 75, f"{where}/text", kinds=("plain_text",))
        faults += _length(element.get("value", ""), 2000, f"{where}/value")
    if element.get("placeholder") is not None:
        faults += _text(element["placeholder"], 150, f"{where}/placeholder", ("plain_text",))
    if kind in ("static_select", "radio_buttons", "checkboxes", "overflow", "multi_static_select"):
        faults += _options(element, where)
    return faults


def _options(element: Json, where: str) -> list[str]:
    most = {"radio_buttons": 10, "checkboxes": 10, "overflow": 5}.get(element["type"], 100)
    options = element.get("options") or []
    faults = []
    if not options and not element.get("option_groups"):
        faults.append(f"[ERROR] must provide options [json-pointer:{where}/options]")
    if len(options) > most:
        faults.append(f"[ERROR] no more than {most} items allowed [json-pointer:{where}/options]")
    for number, option in enumerate(options):
        faults += _text(option.get("text"), 75, f"{where}/options/{number}/text")
        faults += _length(option.get("value"), 150, f"{where}/options/{number}/value")
    return faults


def _markdown(blocks: list[Any]) -> list[str]:
    parts = [block for block in _dicts(blocks) if block.get("type") == "markdown"]
    if sum(len(str(part.get("text", ""))) for part in parts) <= MARKDOWN_CHARACTERS:
        return []
    return [f"[ERROR] markdown must be less than {MARKDOWN_CHARACTERS + 1} characters in total"]


def _repeated(ids: list[Any], name: str) -> list[str]:
    given = [one for one in ids if one]
    return [f"[ERROR] {name} must be unique"] if len(given) != len(set(given)) else []
