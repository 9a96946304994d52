"""How each kind of post is drawn."""

from __future__ import annotations

from collections.abc import Callable

from bot.cards import Card
from bot.drawn import Reader
from bot.features import (
    answering,
    asking,
    confirming,
    home,
    joining,
    listing,
    notices,
    oneway,
    private,
    reach,
    searching,
    welcoming,
)
from storage import UnitOfWork, overviews

Draw = Callable[[int, Reader, UnitOfWork], Card | None]

DRAWN: dict[str, Draw] = {
    "question": asking.card,
    "foot": asking.foot,
    "answer": answering.card,
    "welcome": joining.card,
    "hello": welcoming.hello,
    confirming.KIND: confirming.card,
    listing.KIND: listing.card,
    overviews.CARD: home.card,
    searching.FOUND: searching.card,
    notices.KIND: notices.card,
    private.KIND: private.card,
}
"""From a post's subject and its reader to a card, or to nothing where it is not to be shown."""

ONE_WAY: dict[str, Draw] = {
    "question": oneway.question,
    "welcome": oneway.welcome,
    listing.KIND: oneway.missed,
}
"""The same for a room from which nothing reaches us: what is not named here is not sent there."""


def draw(kind: str, subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """The card for this reader; nothing where it is not to be shown."""
    if reader.reads != reach.NONE:
        return DRAWN[kind](subject, reader, uow)
    return ONE_WAY[kind](subject, reader, uow) if kind in ONE_WAY else None
