"""The bot's cards and forms as Adaptive Cards 1.5, the version that Teams draws everywhere.

Element by element after adaptivecards.io's schema and learn.microsoft.com, "Cards reference" and
"Text formatting in cards". People's words come in only through `text.render` and `text.escaped`.
"""

from __future__ import annotations

import json
from typing import Any

from adapters.teams.incoming import INPUT, RESERVED
from adapters.teams.text import escaped, inert, passages, render
from bot.cards import Button, Card, Form, Input, Item
from bot.graphemes import shortened
from bot.text import Text

CONTENT = "application/vnd.microsoft.card.adaptive"
LARGEST = 80 * 1024
"""Bytes in UTF-16. Teams takes 100 KB, with everything in it (learn.microsoft.com, "Format your bot
messages"); the rest is for what the service adds."""

_BUTTONS_IN_A_ROW = 6
_SUMMARY = 300
"""Characters of what stands in for a card: by the Bot Framework's Activity where a channel cannot
draw one, by learn.microsoft.com, "chatMessage resource type", in notifications and overviews. No
limit is told. Teams draws cards everywhere, and a screen reader reads the card itself, in which
everything is text in the language of `lang`; so this needs only how it begins."""
_MANY = 40

Element = dict[str, Any]


class TooLarge(Exception):
    """Not even the plainest drawing of the card fits into a message."""


def message(card: Card, token: str, language: str = "") -> dict[str, Any]:
    """The activity that shows the card. `summary` is what notifications tell."""
    for drawn in (attachment(card, token, language), _plainer(card, token, language)):
        activity = {
            "type": "message",
            "textFormat": "plain",
            "summary": summary(card),
            "attachments": [drawn],
        }
        if size(activity) <= LARGEST:
            return activity
    raise TooLarge(f"{size(activity)} bytes")


def size(activity: dict[str, Any]) -> int:
    """Bytes of the whole activity in UTF-16, as Teams counts them."""
    return len(json.dumps(activity, ensure_ascii=False).encode("utf-16-le", "surrogatepass"))


def summary(card: Card) -> str:
    return shortened(" ".join(inert(card.plain()).split()), _SUMMARY)


def attachment(card: Card, token: str = "", language: str = "") -> dict[str, Any]:
    """The card as an attachment. `token` is the copy's: a press on any button brings it back."""
    body = [*_head(card), *_words(card.text), *_picture(card), *_foot(card, token)]
    return _attached(body, [_action(button, token) for button in card.buttons], token, language)


def _plainer(card: Card, token: str, language: str) -> dict[str, Any]:
    """The same words in fewer elements, and buttons without what only old clients need."""
    body = [*_head(card), *_in_one(card.text), *_picture(card), *_foot(card, token)]
    actions = [_action(button, token) for button in card.buttons]
    for action in actions:
        action.pop("fallback", None)
    return _attached(body, actions, token, language)


def _attached(
    body: list[Element], actions: list[Element], token: str, language: str
) -> dict[str, Any]:
    content: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": body,
    }
    if len(actions) > _BUTTONS_IN_A_ROW:
        # Teams draws six of a row and drops the others.
        for start in range(0, len(actions), _BUTTONS_IN_A_ROW):
            row = actions[start : start + _BUTTONS_IN_A_ROW]
            body.append({"type": "ActionSet", "actions": row})
    elif actions:
        content["actions"] = actions
    if language:
        content["lang"] = language
    if token and body:
        body[0]["id"] = f"copy-{token}"
    return {"contentType": CONTENT, "content": content}


def _head(card: Card) -> list[Element]:
    head = []
    if card.title:
        style = {"size": "Medium", "weight": "Bolder", "style": "heading"}
        head.append(_text_block(escaped(card.title), **style))
    if card.byline:
        head.append(_text_block(escaped(card.byline), weight="Bolder", spacing="Small"))
    return head


def _words(text: Text) -> list[Element]:
    drawn = passages(text)
    if len(drawn) > _MANY:
        return _in_one(text)
    return [
        _text_block(words, **({"fontType": "Monospace"} if kind == "pre" else {}))
        for kind, words in drawn
    ]


def _in_one(text: Text) -> list[Element]:
    words = render(text)
    return [_text_block(words)] if words else []


def _picture(card: Card) -> list[Element]:
    if card.picture is None:
        return []
    address, alt = card.picture.address, inert(card.picture.alt)
    return [{"type": "Image", "url": address, "altText": alt, "size": "Stretch"}]


def _foot(card: Card, token: str) -> list[Element]:
    foot: list[Element] = []
    if card.facts:
        facts = [{"title": escaped(name), "value": escaped(value)} for name, value in card.facts]
        foot.append({"type": "FactSet", "facts": facts})
    foot += [_item(item, token) for item in card.items]
    if card.note:
        foot.append(_text_block(escaped(card.note), size="Small", isSubtle=True))
    return foot


def _item(item: Item, token: str) -> Element:
    if item.heading:
        looks = {"weight": "Bolder", "style": "heading", "spacing": "Large"}
        return _text_block(escaped(item.words), **looks)
    lines = [_text_block(escaped(item.words))]
    if item.note:
        lines.append(_text_block(escaped(item.note), size="Small", isSubtle=True, spacing="None"))
    columns: list[Element] = [{"type": "Column", "width": "stretch", "items": lines}]
    if item.button is not None:
        actions = {"type": "ActionSet", "actions": [_action(item.button, token)]}
        columns.append({"type": "Column", "width": "auto", "items": [actions]})
    return {"type": "ColumnSet", "separator": True, "columns": columns}


def _text_block(words: str, **looks: Any) -> Element:
    return {"type": "TextBlock", "text": words, "wrap": True, **looks}


def _action(button: Button, token: str) -> Element:
    data = {"action": button.action, "value": button.value, "token": token}
    title = {"title": " ".join(inert(button.label).split()), **_style(button)}
    if button.opens:
        # A dialog can only be opened by asking for it: the answer to an Execute cannot.
        return {
            "type": "Action.Submit",
            **title,
            "data": {"msteams": {"type": "task/fetch"}, **data},
        }
    return {
        "type": "Action.Execute",
        **title,
        "verb": button.action,
        "data": data,
        "fallback": {"type": "Action.Submit", **title, "data": data},
    }


def _style(button: Button) -> Element:
    styles = {"primary": "positive", "danger": "destructive"}
    return {"style": styles[button.style]} if button.style in styles else {}


def dialog(form: Form) -> dict[str, Any]:
    """The answer that opens a form. There is no button to cancel with: a dialog has its cross."""
    body: list[Element] = []
    if form.intro:
        body.append(_text_block(escaped(form.intro)))
    body += _words(form.text)
    for field in form.inputs:
        body += _input(field)
    if form.note:
        body.append(_text_block(escaped(form.note), size="Small", isSubtle=True))
    if not form.submit:
        return _opened(form.title, _attached(body, [], "", ""))
    send = {
        "type": "Action.Submit",
        "title": form.submit,
        "style": "positive",
        "data": {"form": form.name, "subject": form.subject},
    }
    return _opened(form.title, _attached(body, [send], "", ""))


def shown(card: Card, language: str = "") -> dict[str, Any]:
    """The answer that shows a card in a dialog, to the person who asked for it."""
    return _opened(card.title or "", attachment(card, "", language))


def _opened(title: str, card: dict[str, Any]) -> dict[str, Any]:
    value = {"title": title, "height": "medium", "width": "medium", "card": card}
    return {"task": {"type": "continue", "value": value}}


def _input(field: Input) -> list[Element]:
    drawn: Element = {
        **(_choice(field) if field.choices else _day() if field.day else _line(field)),
        "id": input_id(field.name),
        "label": field.label,
        "isRequired": field.required,
        "errorMessage": field.problem or field.label,
    }
    if field.value:
        drawn["value"] = inert(field.value)
    parts = [drawn]
    if field.problem:
        parts.append(_text_block(escaped(field.problem), color="Attention", spacing="None"))
    if field.hint:
        # Not as the field's placeholder, which is gone as soon as something stands in it.
        looks = {"size": "Small", "isSubtle": True, "spacing": "None"}
        parts.append(_text_block(escaped(field.hint), **looks))
    return parts


def _line(field: Input) -> Element:
    # What is already in it must not be cut by the client, however long it is.
    space = max(field.max_length, len(field.value))
    return {"type": "Input.Text", "isMultiline": field.multiline, "maxLength": space}


def _day() -> Element:
    return {"type": "Input.Date"}


def _choice(field: Input) -> Element:
    choices = [{"title": inert(label), "value": value} for value, label in field.choices]
    style = {"isMultiSelect": True, "style": "expanded"} if field.many else {"style": "compact"}
    return {"type": "Input.ChoiceSet", "choices": choices, "wrap": True, **style}


def input_id(name: str) -> str:
    """What a client sends the value under: never a name that our own data has there."""
    return f"{INPUT}{name}" if name in RESERVED or name.startswith(INPUT) else name
