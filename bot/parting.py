"""A card with more words than one message holds: it becomes up to three, and the rest is opened."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import Button, Card
from bot.language import Speech
from bot.splitting import parted
from bot.text import Text

SHOW_ALL = "show-all"
"""The action of the button that opens what none of the parts holds."""

PART = 3000
"""Characters of one part: with all that stands around them they fit into the text of a message on
the smaller platform."""

MOST = 3
"""Parts of one post; more would bury what the others say."""


def parts(card: Card, kind: str, subject: int, say: Speech) -> list[Card]:
    """The card as the messages it becomes. All but the words stand on the first of them, and who
    wrote it on each."""
    texts = parted(card.text, PART)
    if len(texts) < 2:
        return [card]
    count = min(len(texts), MOST)
    drawn = [Card(byline=card.byline, text=text) for text in texts[:count]]
    drawn[0] = replace(card, text=texts[0])
    if len(texts) > MOST:
        show = Button(SHOW_ALL, say("Show all"), f"{kind}:{subject}", opens=True)
        drawn[-1] = replace(drawn[-1], buttons=(show,))
    return [_numbered(one, f"{number}/{count}") for number, one in enumerate(drawn, 1)]


def rest(text: Text) -> Text:
    """What stands on none of the parts."""
    return Text(tuple(block for text in parted(text, PART)[MOST:] for block in text.blocks))


def _numbered(card: Card, number: str) -> Card:
    return replace(card, note=f"{number} · {card.note}" if card.note else number)
