"""Languages: what the bot says in a channel is in the channel's language, and whoever reads another
one better can see it in that. People's own words are shown as they were written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.cards import Answer, Button, Card, Tell
from bot.drawn import Reader
from bot.features.presence import speech_of
from bot.incoming import Pressed, id_named
from bot.language import LANGUAGES, Speech, mark, speak
from storage import UnitOfWork, networks, posts, rooms

SHOW_IN = "show-in"

_SHOW = mark("Show in English")
"""Said in each language of itself: "Vis på bokmål"."""

Draw = Callable[[int, Reader, UnitOfWork], Card | None]


def offered(card: Card, kind: str, subject: int, reader: Reader, uow: UnitOfWork) -> Card:
    """The card, with a button for each other language that is spoken in the network."""
    spoken = networks.languages_around(uow, kind, subject)
    others = [one for one in LANGUAGES if one in spoken and one != reader.language]
    buttons = (Button(SHOW_IN, speak(one)(_SHOW), f"{kind}:{subject}:{one}") for one in others)
    return replace(card, buttons=(*card.buttons, *buttons))


def shown(incoming: Pressed, uow: UnitOfWork, drawn: dict[str, Draw]) -> Answer:
    """The same card in the other language, to whoever pressed; `drawn` are the kinds that have it.

    What the client names must stand in the very channel where it was pressed. One may read before
    one takes part: reading makes nobody a member."""
    here = rooms.room_at(uow, incoming.place.installation, incoming.place.key)
    kind, _, rest = incoming.value.partition(":")
    subject, _, language = rest.partition(":")
    if here is None or kind not in drawn or language not in LANGUAGES or not id_named(subject):
        return None
    post = posts.find(uow, kind, int(subject))
    stands = post is not None and posts.state_in(uow, post, here.conversation) is not None
    reader = Reader(language, here.organisation, here.reads)
    card = drawn[kind](int(subject), reader, uow) if stands else None
    return Tell(_to_read(card)) if card else Tell.words(_gone(speech_of(incoming, uow)))


def _to_read(card: Card) -> Card:
    """Without its buttons, which stand in the channel."""
    items = tuple(replace(item, button=None) for item in card.items)
    return replace(card, items=items, buttons=())


def _gone(say: Speech) -> str:
    return say("This does not stand here any more.")
