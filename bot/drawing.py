"""How each kind of post is drawn."""

from __future__ import annotations

from collections.abc import Callable

from bot.cards import Answer, Card
from bot.drawn import Reader
from bot.features import (
    answering,
    asking,
    charting,
    confirming,
    facilitating,
    home,
    joining,
    languages,
    linking,
    listing,
    notices,
    oneway,
    outcomes,
    pausing,
    polling,
    private,
    prompting,
    reach,
    searching,
    voting,
    welcoming,
)
from bot.incoming import Pressed
from bot.language import Speech, speak
from bot.pictures import Chart
from storage import UnitOfWork, links, overviews

Draw = Callable[[int, Reader, UnitOfWork], Card | None]

DRAWN: dict[str, Draw] = {
    "question": asking.card,
    "foot": asking.foot,
    "answer": answering.card,
    prompting.KIND: prompting.card,
    polling.KIND: voting.card,
    outcomes.KIND: outcomes.result,
    "welcome": joining.card,
    "hello": welcoming.hello,
    confirming.KIND: confirming.card,
    pausing.KIND: pausing.card,
    listing.KIND: listing.card,
    overviews.CARD: home.card,
    overviews.NETWORK: facilitating.card,
    searching.FOUND: searching.card,
    notices.KIND: notices.card,
    private.KIND: private.card,
    links.HERE: linking.here,
    links.THERE: linking.there,
}
"""From a post's subject and its reader to a card, or to nothing where it is not to be shown."""

ONE_WAY: dict[str, Draw] = {
    "question": oneway.question,
    prompting.KIND: oneway.prompt,
    polling.KIND: oneway.poll,
    outcomes.KIND: oneway.result,
    "welcome": oneway.welcome,
    listing.KIND: oneway.missed,
    pausing.KIND: oneway.paused,
}
"""The same for a room from which nothing reaches us: what is not named here is not sent there."""


IN_OTHER_LANGUAGES: dict[str, Draw] = {
    kind: DRAWN[kind]
    for kind in (
        *("welcome", "hello", confirming.KIND, pausing.KIND, listing.KIND),
        *(prompting.KIND, polling.KIND, outcomes.KIND),
    )
}
"""What a channel is told in so many words of the bot's that they are offered in other languages. A
question and its answers are people's words, and have few of the bot's."""


PICTURED: dict[str, Callable[[int, Speech, UnitOfWork], Chart | None]] = {
    charting.RESULT: outcomes.chart,
}
"""From what a picture is of to what is in it."""


def draw(kind: str, subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """The card for this reader; nothing where it is not to be shown."""
    if reader.reads == reach.NONE:
        return ONE_WAY[kind](subject, reader, uow) if kind in ONE_WAY else None
    card = DRAWN[kind](subject, reader, uow)
    if card is None or kind not in IN_OTHER_LANGUAGES:
        return card
    return languages.offered(card, kind, subject, reader, uow)


def depict(kind: str, subject: int, language: str, uow: UnitOfWork) -> Chart | None:
    """What is in a picture, as the rows are now; nothing where there is none any more."""
    return PICTURED[kind](subject, speak(language), uow) if kind in PICTURED else None


def shown_in(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """The button that shows a card in another language."""
    return languages.shown(incoming, uow, IN_OTHER_LANGUAGES)
