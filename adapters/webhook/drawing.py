"""The few cards that go through a webhook, drawn for each kind of it. They have no buttons.

Everything stands in fields that know no markup, so that a name can be nothing but a name. Blocks
after docs.slack.dev, "Blocks"; the envelope after learn.microsoft.com, "Create an Incoming
Webhook". The card is of version 1.4, since a workflow does not post a later one
(github.com/microsoft/AdaptiveCards, issue 8965).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from adapters.webhook.addresses import Kind
from bot.cards import Card
from bot.text import inert

Json = dict[str, Any]

LARGEST = 24 * 1024
"""Bytes of a body. Teams takes 28 KB with everything in it; a note of ours has a tenth of that."""

_PARAGRAPH = 3000


class TooLarge(Exception):
    """The card does not fit into what a webhook takes."""


def body(kind: Kind, card: Card, language: str) -> bytes:
    """What is sent for this card."""
    drawn = json.dumps(_DRAWN[kind](card, language), ensure_ascii=False).encode()
    if len(drawn) > LARGEST:
        raise TooLarge(f"{len(drawn)} bytes")
    return drawn


def _for_slack(card: Card, _language: str) -> Json:
    """`text` is what notifications and screen readers tell, and the one field with markup."""
    words = _tidy(card.plain())[:_PARAGRAPH] or "…"
    plain = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    blocks = [_header(card.title)] if card.title else []
    blocks += [_section(part) for part in _parts(card)]
    blocks += [{"type": "context", "elements": [_plain(card.note)]}] if card.note else []
    quiet = {"unfurl_links": False, "unfurl_media": False}
    return {"text": plain, "blocks": blocks or [_section("…")], **quiet}


def _header(title: str) -> Json:
    return {"type": "header", "text": _plain(title)}


def _section(words: str) -> Json:
    return {"type": "section", "text": _plain(words[:_PARAGRAPH])}


def _plain(words: str) -> Json:
    return {"type": "plain_text", "text": _tidy(words), "emoji": False}


def _for_teams(card: Card, language: str) -> Json:
    elements = [_words(card.title, weight="Bolder", size="Medium")] if card.title else []
    elements += [element for part in _parts(card) for element in _lines(part)]
    elements += [_words(card.note, size="Small", isSubtle=True)] if card.note else []
    content: Json = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "lang": language,
        "body": elements or [_words("…")],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None}
    return {"type": "message", "attachments": [{**attachment, "content": content}]}


def _lines(words: str) -> list[Json]:
    """A run of text has one line."""
    first, *more = words.split("\n")
    return [_words(first), *({**_words(line), "spacing": "Small"} for line in more)]


def _words(words: str, **look: object) -> Json:
    """A run of text knows no Markdown, as a TextBlock would. Two braces would call a function."""
    run = {"type": "TextRun", "text": _tidy(words).replace("{{", "{ {"), **look}
    return {"type": "RichTextBlock", "inlines": [run]}


def _parts(card: Card) -> list[str]:
    """What stands between the title and the small print, each in a paragraph of its own."""
    facts = "\n".join(f"{name}: {value}" for name, value in card.facts)
    items = "\n".join(item.plain() for item in card.items)
    parts = (card.byline or "", *(block.plain() for block in card.text.blocks), facts, items)
    return [part for part in map(_tidy, parts) if part]


def _tidy(words: str) -> str:
    return inert(words).strip()


_DRAWN: Mapping[Kind, Callable[[Card, str], Json]] = {"slack": _for_slack, "teams": _for_teams}
