"""Reading the messages that the bot sent to Teams as a person would: words, buttons, fields.

Only what Teams draws of Adaptive Cards up to version 1.5 (learn.microsoft.com/microsoftteams/
platform/task-modules-and-cards/cards/cards-reference) is read, and anything else is refused.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

CARD = "application/vnd.microsoft.card.adaptive"

ELEMENTS = frozenset(
    [
        *("TextBlock", "RichTextBlock", "FactSet", "Container", "ColumnSet", "Column", "Table"),
        *("ActionSet", "Image", "ImageSet", "Media", "Input.Text", "Input.Number", "Input.Date"),
        *("Input.Time", "Input.Toggle", "Input.ChoiceSet"),
    ]
)
ACTIONS = frozenset(
    f"Action.{name}" for name in ("Execute", "Submit", "OpenUrl", "ShowCard", "ToggleVisibility")
)

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_MARKS = (
    (re.compile(r"!?\[([^\]\n]*)\]\([^)\s]*\)"), r"\1"),
    (re.compile(r"(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=[^\s_])([^_\n]+?)(?<=\S)_(?![\w_])"), r"\1"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
)
_HIDDEN_FROM = 0xE000  # Escaped characters hide in the private use area while marks are taken away.


@dataclass(frozen=True, slots=True)
class Button:
    """An action on a card, as it can be pressed."""

    title: str
    type: str
    id: str = ""
    verb: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    style: str = "default"
    url: str = ""
    fallback: Button | None = None


def drawn_markdown(text: str) -> str:
    """The words of text in the Markdown that Teams draws, without its marks."""
    text = _ESCAPED.sub(lambda found: chr(_HIDDEN_FROM + ord(found[1])), text)
    for mark, words in _MARKS:
        text = mark.sub(words, text)
    text = "".join(_unhidden(character) for character in text)
    return html.unescape(text)


def _unhidden(character: str) -> str:
    code = ord(character) - _HIDDEN_FROM
    return chr(code) if 0 < code < 0x80 else character


def drawn_html(text: str) -> str:
    """The words of a message in the little HTML (`textFormat` xml) that Teams draws."""
    text = re.sub(r"(?i)<br\s*/?>|</(p|div|li|blockquote|pre)>", "\n", text)
    text = re.sub(r"</?[a-zA-Z][^<>]*>", "", text)
    return html.unescape(text).strip("\n")


def mentioned(activity: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The mentions that Teams would make live, each with its id: their text is in the text."""
    yield from _mentioned(str(activity.get("text") or ""), activity.get("entities") or ())
    for card in cards(activity):
        words = "\n".join(_raw_texts(card))
        yield from _mentioned(words, (card.get("msteams") or {}).get("entities") or ())


def _mentioned(text: str, entities: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for entity in entities:
        if entity.get("type") == "mention" and str(entity.get("text")) in text:
            yield str(entity["text"]), str(entity["mentioned"]["id"])


def _raw_texts(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for name, value in node.items():
            if name == "text" and isinstance(value, str):
                yield value
            else:
                yield from _raw_texts(value)
    elif isinstance(node, list):
        for part in node:
            yield from _raw_texts(part)


def cards(activity: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The Adaptive Cards that hang on a message."""
    hung = activity.get("attachments") or ()
    return [attachment["content"] for attachment in hung if attachment.get("contentType") == CARD]


def words_of(activity: Mapping[str, Any]) -> str:
    """Everything a person reads in a message: its text, then its cards from top to bottom."""
    text = str(activity.get("text") or "")
    live = [mention for mention, _ in mentioned(activity)]
    for mention in live:
        text = text.replace(mention, mention.removeprefix("<at>").removesuffix("</at>"))
    how = activity.get("textFormat", "markdown")
    if how != "plain":
        text = drawn_html(text) if how == "xml" else drawn_markdown(text)
    drawn = [text, *(words_of_card(card) for card in cards(activity))]
    return "\n".join(part for part in drawn if part)


def words_of_card(card: Mapping[str, Any]) -> str:
    """The words of a card without its buttons, one element a line."""
    entities = (card.get("msteams") or {}).get("entities") or ()
    lines = "\n".join(line for line in _lines(card.get("body") or ()) if line)
    for mention, _ in _mentioned(lines, entities):
        lines = lines.replace(mention, mention.removeprefix("<at>").removesuffix("</at>"))
    return lines


def _lines(elements: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for element in elements:
        if element.get("isVisible", True):
            yield from _lines_of(element)


def _lines_of(element: Mapping[str, Any]) -> Iterator[str]:
    kind = element["type"]
    if kind == "TextBlock":
        yield drawn_markdown(element["text"])
    elif kind == "RichTextBlock":
        yield "".join(i if isinstance(i, str) else i["text"] for i in element["inlines"])
    elif kind == "FactSet":
        for fact in element["facts"]:
            yield f"{drawn_markdown(fact['title'])}: {drawn_markdown(fact['value'])}"
    elif kind.startswith("Input."):
        yield from _lines_of_field(element)
    else:
        for part in ("items", "columns", "rows", "cells"):
            yield from _lines([{"type": "Container", **inner} for inner in element.get(part) or ()])


def _lines_of_field(field_: Mapping[str, Any]) -> Iterator[str]:
    yield field_.get("label", "")
    yield field_.get("title", "")
    yield str(field_.get("value") or field_.get("placeholder") or "")
    for choice in field_.get("choices") or ():
        yield choice["title"]


def buttons_of(card: Mapping[str, Any]) -> list[Button]:
    """Every button of a card, those inside an opened sub-card too, in reading order."""
    found = [_button(action) for action in _actions(card.get("body") or ())]
    for action in card.get("actions") or ():
        if action["type"] == "Action.ShowCard":
            found += buttons_of(action["card"])
        else:
            found.append(_button(action))
    return found


def _actions(elements: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for element in elements:
        if not element.get("isVisible", True):
            continue
        for part in ("items", "columns", "rows", "cells"):
            yield from _actions(element.get(part) or ())
        yield from element.get("actions") or ()
        if "selectAction" in element:
            yield element["selectAction"]


def _button(action: Mapping[str, Any]) -> Button:
    fallback = action.get("fallback")
    return Button(
        title=action.get("title", ""),
        type=action["type"],
        id=action.get("id", ""),
        verb=action.get("verb", ""),
        data=action.get("data") or {},
        style=action.get("style", "default"),
        url=action.get("url", ""),
        fallback=_button(fallback) if isinstance(fallback, Mapping) else None,
    )


def fields_of(card: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The inputs of a card, each as its JSON."""
    return list(_fields(card.get("body") or ()))


def _fields(elements: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for element in elements:
        if str(element.get("type")).startswith("Input."):
            yield element
        for part in ("items", "columns", "rows", "cells"):
            yield from _fields(element.get(part) or ())


def values_of(card: Mapping[str, Any]) -> dict[str, str]:
    """What the inputs of a card hold before anybody touches them."""
    return {field_["id"]: str(field_.get("value", "")) for field_ in fields_of(card)}


def problem_with(card: Any) -> str | None:
    """Why Teams would not draw this card; nothing if it would."""
    if not isinstance(card, Mapping) or card.get("type") != "AdaptiveCard":
        return "not an AdaptiveCard"
    if not re.fullmatch(r"1\.[0-5]", str(card.get("version"))):
        return f"version {card.get('version')!r}, at most 1.5"
    if not isinstance(card.get("body"), list):
        return "body is not a list"
    if not isinstance(card.get("actions", []), list):
        return "actions is not a list"
    ids = [str(field_.get("id") or "") for field_ in _fields(card["body"])]
    if "" in ids or len(set(ids)) != len(ids):
        return "an input without an id of its own"
    return next(_problems(card["body"], card.get("actions", [])), None)


def _problems(elements: Sequence[Any], actions: Sequence[Any]) -> Iterator[str]:
    for action in actions:
        if not isinstance(action, Mapping) or action.get("type") not in ACTIONS:
            yield f"unknown action {action!r:.80}"
        elif action["type"] == "Action.ShowCard":
            found = problem_with(action.get("card"))
            if found:
                yield found
    for element in elements:
        yield from _problems_of(element)


def _problems_of(element: Any) -> Iterator[str]:
    if not isinstance(element, Mapping) or element.get("type") not in ELEMENTS:
        yield f"unknown element {element!r:.80}"
        return
    if element["type"] == "TextBlock" and not isinstance(element.get("text"), str):
        yield "a TextBlock without text"
    if element["type"] == "Input.ChoiceSet" and not element.get("choices"):
        yield "an Input.ChoiceSet without choices"
    columns = [{"type": "Column", **column} for column in element.get("columns") or ()]
    inside = [*(element.get("items") or ()), *(columns if element["type"] == "ColumnSet" else ())]
    yield from _problems(inside, element.get("actions") or ())
