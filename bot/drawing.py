"""How each kind of post is drawn."""

from __future__ import annotations

from collections.abc import Callable

from bot.cards import Card
from bot.drawn import Reader
from bot.features import answering, asking, home, joining, listing, notices, searching
from storage import UnitOfWork, overviews

DRAWN: dict[str, Callable[[int, Reader, UnitOfWork], Card | None]] = {
    "question": asking.card,
    "foot": asking.foot,
    "answer": answering.card,
    "welcome": joining.card,
    listing.KIND: listing.card,
    overviews.CARD: home.card,
    searching.FOUND: searching.card,
    notices.KIND: notices.card,
}
"""From a post's subject and its reader to a card, or to nothing where it is not to be shown."""
