"""What an invoke is answered with, in the shape that its name asks for.

After learn.microsoft.com, "Universal Action Model" (adaptiveCard/action) and "Use dialogs with
bots" (task/fetch, task/submit), and "Create and send the task module" of message extensions
(composeExtension/fetchTask, composeExtension/submitAction).
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from adapters.teams import cards
from adapters.teams.text import inert
from adapters.teams.wire import Json, word
from bot.cards import Answer, Card, Form, Input, Open, Tell

_MESSAGE = "application/vnd.microsoft.activity.message"
_ERROR = "application/vnd.microsoft.error"
_SHORT = 300
_SENT = ("task/submit", "composeExtension/submitAction")

_log = logging.getLogger(__name__)


def body(name: str, answer: Answer, typed: Json | None = None) -> dict[str, Any]:
    """The answer to the invoke of that name, as Teams shows it to the person who acted.

    `typed` is what stood in the form that was sent: where something was wrong with it the form
    comes back, and nothing that was typed is lost, though we kept none of it.
    """
    if name == "adaptiveCard/action":
        return _pressed(answer)
    if isinstance(answer, Open):
        return cards.dialog(_as_typed(answer.form, typed or {}))
    if isinstance(answer, Tell):
        return _told_in_dialog(answer.card, sent=name in _SENT)
    return {}


def malformed(name: str) -> dict[str, Any]:
    """What a press or a form without the shape of one gets; the request itself was a good one."""
    if name != "adaptiveCard/action":
        return {}
    value = {"code": "BadRequest", "message": "The action says nothing that can be understood."}
    return {"statusCode": 400, "type": _ERROR, "value": value}


def _as_typed(form: Form, typed: Json) -> Form:
    return replace(
        form,
        inputs=tuple(
            _kept(field, word(typed, cards.input_id(field.name))) for field in form.inputs
        ),
    )


def _kept(field: Input, typed: str) -> Input:
    return replace(field, value=typed[: field.max_length]) if typed and not field.value else field


def _pressed(answer: Answer) -> dict[str, Any]:
    if isinstance(answer, Tell) and (answer.card.buttons or answer.card.items):
        # Words alone have no buttons. Only this person's view of the card becomes the new one.
        drawn = cards.attachment(answer.card)
        return {"statusCode": 200, "type": drawn["contentType"], "value": drawn["content"]}
    if isinstance(answer, Open):
        _log.error("teams.form_to_a_press", extra={"form": answer.form.name})
    words = _words(answer.card) if isinstance(answer, Tell) else ""
    return {"statusCode": 200, "type": _MESSAGE, "value": words}


def _told_in_dialog(card: Card, *, sent: bool) -> dict[str, Any]:
    """Words, or the card itself where words would lose something."""
    words = _words(card)
    if card.buttons or card.facts or card.items or (len(words) > _SHORT and not sent):
        return cards.shown(card)
    return {"task": {"type": "message", "value": words}}


def _words(card: Card) -> str:
    return inert(card.plain())
