"""Small things that are said once: refusals in a thread, warnings, news for a facilitator."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.cards import Card
from bot.drawn import Reader
from bot.language import Speech, speak
from storage import UnitOfWork, posts
from storage import notices as stored

KIND = "notice"
Facts = Mapping[str, str]
Draw = Callable[[Speech, Facts], Card]

_DRAWN: dict[str, Draw] = {}


def notice(name: str) -> Callable[[Draw], Draw]:
    """Register how the notice of this name is drawn."""

    def register(draw: Draw) -> Draw:
        _DRAWN[name] = draw
        return draw

    return register


def tell(
    uow: UnitOfWork,
    name: str,
    conversation: int,
    *,
    network: int | None,
    parent: int | None = None,
    under: str | None = None,
    facts: Facts | None = None,
    private: bool = False,
) -> int:
    """Say it once in a conversation: under a post of ours, under any message, or on its own.

    A `private` one is a direct message: where it cannot be known whether it arrived, it is not sent
    again.
    """
    made = stored.keep(uow, name, network=network, facts=facts or {})
    doubt = "park" if private else "resend"
    posts.show(
        uow, KIND, made, [conversation], network=network, parent=parent, under=under, doubt=doubt
    )
    return made


def card(subject: int, reader: Reader, uow: UnitOfWork) -> Card:
    name, facts = stored.find(uow, subject)
    return drawn(name, speak(reader.language), facts)


def drawn(name: str, say: Speech, facts: Facts) -> Card:
    return _DRAWN[name](say, facts)
