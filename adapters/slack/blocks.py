"""Cards and forms as Slack draws them.

Everything a person wrote stands in plain text or rich text, never in mrkdwn. The limits are those
of docs.slack.dev, "Blocks", "Composition objects" and "Modals". Slack also refuses a message whose
blocks are too long together (`msg_blocks_too_long`) without saying where that begins; public
reports put it a little over 13,000 characters, containers counted (github.com/slackapi/bolt-js,
issues 2509 and 2867).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from adapters.slack import rich
from adapters.slack.text import clean, escape
from bot.cards import Button, Card, Form, Input, Item, Picture, TooLong
from bot.graphemes import cut_at
from bot.splitting import pieces, shorten
from bot.text import Block, Span

Json = dict[str, Any]

MODAL = "mellom"
"""The callback id of our modals."""

_TEXT = 3500
_SECTION = 3000
_ALL_BLOCKS = 13_000
_MOST = 50
_BOXES = 10
_METADATA = 3000
_BUTTON = 120
_NUMBERED = re.compile(r"#(?:item)?\d+$")


def message(card: Card, token: str) -> Json:
    """The arguments of a message. The first block's id is the copy's token.

    `text` is what a phone's notifications tell (docs.slack.dev, changelog of 13 July 2026; a
    desktop's begin with the blocks) and screen readers get, so it holds all of the card that fits.
    """
    drawn = _fitting(card)
    return {"text": fallback(card), "blocks": [{"block_id": token} | drawn[0], *drawn[1:]]}


def told(card: Card) -> Json:
    """What only one person sees, in answer to what they did. It can be as long as a card can."""
    return {"text": fallback(card), "blocks": _blocks(card, card.text.blocks)}


def home(card: Card) -> list[Json]:
    """A card as a page: what can be done stands before the lists."""
    parts = [
        *_header(card.title),
        *_body(card.byline, card.text.blocks),
        *_picture(card.picture),
        *_actions(card.buttons),
        *_facts(card.facts),
        *_items(card.items),
        *_note(card.note),
    ]
    return parts or [_section("…")]


def fallback(card: Card) -> str:
    """The card as mrkdwn without anything live in it."""
    words = clean(card.plain()).strip() or " ".join(b.label for b in card.buttons) or "…"
    room = _TEXT
    while len(escaped := escape(words[: cut_at(words, room)])) > _TEXT:
        room -= max((len(escaped) - _TEXT) // 5, 1)
    return escaped


def modal(form: Form, metadata: str) -> Json:
    """A form as a view. A field's id has the form's name in it: Slack keeps what was typed when a
    view is replaced by one with a field of the same id, and two forms are not one."""
    intro = [_section(form.intro)] if clean(form.intro).strip() else []
    fields = [block for field in form.inputs for block in _field(form.name, field)]
    drawn = [*intro, *_body(None, form.text.blocks), *fields, *_note(form.note)]
    return {
        "type": "modal",
        "callback_id": MODAL,
        "private_metadata": metadata,
        "title": _plain(form.title),
        **({"submit": _plain(form.submit)} if form.submit else {}),
        "close": _plain(form.cancel),
        "blocks": drawn or [_section("…")],
    }


def notice(card: Card, form: Mapping[str, Any]) -> Json:
    """A card as a view, in place of the form that was sent: it keeps its title and where it was."""
    kept = {name: form[name] for name in ("title", "close", "private_metadata") if form.get(name)}
    if done := json.loads(form.get("private_metadata") or "{}").get("done"):
        kept["close"] = _plain(done)
    return {"type": "modal", "callback_id": MODAL, **kept, "blocks": told(card)["blocks"]}


def metadata(form: Form, place: str, *, home: bool = False) -> str:
    """What a modal carries for us and gives back when it is sent. Only our app can write it."""
    carried: Json = {"form": form.name, "subject": form.subject, "place": place}
    carried |= {"done": form.done} if form.done else {}
    carried |= {"home": True} if home else {}
    words = json.dumps(carried, ensure_ascii=False, separators=(",", ":"))
    if len(words) > _METADATA:
        raise TooLong(f"form subject: {len(words)} characters as JSON, at most {_METADATA}")
    return words


def field_id(form: str, field: str) -> str:
    """The block id of a form's field."""
    return f"{form}/{field}"


def action_of(action_id: str) -> str:
    """The button's action, from the id that `_action_id` made."""
    return _NUMBERED.sub("", action_id)


def token_in(blocks: Any) -> str | None:
    """The id of the first block, where `message` put the token."""
    first = blocks[0] if isinstance(blocks, list) and blocks else None
    return first.get("block_id") if isinstance(first, Mapping) else None


def _fitting(card: Card) -> list[Json]:
    """The blocks of a message: without looks, then without its end, if it is too long for Slack."""
    drawn = _blocks(card, card.text.blocks)
    if _size(drawn) <= _ALL_BLOCKS:
        return drawn
    plain = tuple(replace(block, spans=(Span(_words(block)),)) for block in card.text.blocks)
    drawn = _blocks(card, plain)
    over = _size(drawn) - _ALL_BLOCKS
    if over <= 0:
        return drawn
    room = sum(len(_words(block)) for block in plain) - over
    return _blocks(card, shorten(plain, max(room, 0)))


def _blocks(card: Card, text: tuple[Block, ...]) -> list[Json]:
    above = [*_header(card.title), *_body(card.byline, text)]
    above += [*_picture(card.picture), *_facts(card.facts)]
    below = [*_note(card.note), *_actions(card.buttons)]
    parts = [*above, *_items(card.items, _MOST - len(above) - len(below)), *below]
    return parts or [_section("…")]


def _header(title: str | None) -> list[Json]:
    words = " ".join(clean(title or "").split())
    return [{"type": "header", "text": _plain(words)}] if words else []


def _body(byline: str | None, text: tuple[Block, ...]) -> list[Json]:
    """The words, in rich text blocks of a moderate size, with who wrote them on top."""
    groups: list[list[Block]] = [[]]
    room = _SECTION
    for part in (piece for block in text for piece in pieces(_cleaned(block), _SECTION)):
        length = len(_words(part))
        if length > room and groups[-1]:
            groups.append([])
            room = _SECTION
        groups[-1].append(part)
        room -= length
    drawn = [rich.elements(group) for group in groups]
    if author := clean(byline or "").strip():
        _put_on_top(_bold(author), drawn[0])
    return [_rich(elements) for elements in drawn if elements]


def _put_on_top(line: Json, elements: list[Json]) -> None:
    """One line above the rest, in the same section where there is one."""
    if elements and elements[0]["type"] == "rich_text_section":
        elements[0]["elements"][:0] = [line, {"type": "text", "text": "\n"}]
    else:
        elements.insert(0, {"type": "rich_text_section", "elements": [line]})


def _picture(picture: Picture | None) -> list[Json]:
    if picture is None:
        return []
    return [{"type": "image", "image_url": picture.address, "alt_text": clean(picture.alt) or "…"}]


def _facts(facts: Iterable[tuple[str, str]]) -> list[Json]:
    lines = [
        (Span("\n" * bool(number) + clean(name) + ": ", bold=True), Span(clean(value)))
        for number, (name, value) in enumerate(facts)
    ]
    elements = rich.elements([Block("paragraph", tuple(span for line in lines for span in line))])
    return [_rich(elements)] if elements else []


def _items(items: Sequence[Item], room: int = _MOST) -> list[Json]:
    """A list's lines. Only a block of its own makes small print small; where there is no room for
    so many blocks, it stands in the line."""
    apart = len(items) + sum(bool(item.note) for item in items) <= room
    return [block for n, item in enumerate(items) for block in _item(n, item, apart=apart)]


def _item(number: int, item: Item, *, apart: bool) -> list[Json]:
    if item.heading:
        return [{"type": "header", "text": _plain(" ".join(clean(item.words).split()) or "…")}]
    words = item.words if apart else "\n".join(filter(None, (item.words, item.note)))
    block = _section(words)
    if item.button is not None:
        # The ids of a card's buttons differ, in whichever block they stand.
        block["accessory"] = _button(item.button, f"{item.button.action}#item{number}")
    return [block, *(_note(item.note) if apart else [])]


def _note(note: str | None) -> list[Json]:
    words = clean(note or "").strip()
    return [{"type": "context", "elements": [_plain(words)]}] if words else []


def _actions(buttons: Iterable[Button]) -> list[Json]:
    elements: list[Json] = []
    for button in buttons:
        taken = {element["action_id"] for element in elements}
        elements.append(_button(button, _action_id(button.action, taken)))
    return [{"type": "actions", "elements": elements}] if elements else []


def _button(button: Button, action_id: str) -> Json:
    drawn: Json = {"type": "button", "action_id": action_id, "text": _plain(button.label)}
    if button.value:
        drawn["value"] = button.value
    if button.style != "plain":
        drawn["style"] = button.style
    return drawn


def _action_id(action: str, taken: set[str]) -> str:
    """Ids must differ within a block, and several buttons may do the same with another value."""
    if action not in taken and not _NUMBERED.search(action):
        return action
    return f"{action}#{len(taken)}"


def _field(form: str, field: Input) -> list[Json]:
    element = _choice(field) if field.choices else _day(field) if field.day else _line(field)
    block: Json = {"type": "input", "block_id": field_id(form, field.name), "element": element}
    block |= {"label": _plain(field.label), "optional": not field.required}
    if field.hint:
        block["hint"] = _plain(field.hint)
    return [*_problem(field.problem), block]


def _line(field: Input) -> Json:
    element: Json = {"type": "plain_text_input", "action_id": field.name}
    element["multiline"] = field.multiline
    element["max_length"] = min(max(field.max_length, len(field.value), 1), 3000)
    if field.value:
        element["initial_value"] = field.value[: cut_at(field.value, 3000)]
    return element


def _day(field: Input) -> Json:
    element: Json = {"type": "datepicker", "action_id": field.name}
    return element | ({"initial_date": field.value} if field.value else {})


def _choice(field: Input) -> Json:
    options = {value: {"text": _plain(label), "value": value} for value, label in field.choices}
    element: Json = {"action_id": field.name, "options": list(options.values())}
    chosen = [options[value] for value in field.value.split(",") if value in options]
    if field.many:
        several = "checkboxes" if len(options) <= _BOXES else "multi_static_select"
        return {"type": several, **element, **({"initial_options": chosen} if chosen else {})}
    first = {"initial_option": chosen[0]} if chosen else {}
    return {"type": "static_select", **element, **first}


def _problem(problem: str) -> list[Json]:
    words = clean(problem).strip()
    return [_rich([{"type": "rich_text_section", "elements": [_bold(words)]}])] if words else []


def _section(words: str) -> Json:
    return {"type": "section", "text": _plain(clean(words).strip())}


def _plain(words: str) -> Json:
    return {"type": "plain_text", "text": clean(words), "emoji": False}


def _rich(elements: list[Json]) -> Json:
    return {"type": "rich_text", "elements": elements}


def _bold(words: str) -> Json:
    return {"type": "text", "text": words, "style": {"bold": True}}


def _cleaned(block: Block) -> Block:
    return replace(block, spans=tuple(replace(s, text=clean(s.text)) for s in block.spans))


def _words(block: Block) -> str:
    return "".join(span.text for span in block.spans)


def _size(blocks: list[Json]) -> int:
    """As Slack may count: all that stands in the blocks. Of buttons only what is seen."""
    seen = [block for block in blocks if block["type"] != "actions"]
    buttons = sum(len(block["elements"]) for block in blocks if block["type"] == "actions")
    return len(json.dumps(seen, ensure_ascii=False)) + _BUTTON * buttons
