"""Previewing: how a question of the week looks in each channel, before anybody there sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.cards import MANY, Answer, Button, Card, Item, Tell
from bot.drawn import shown_name
from bot.features import charge, prompting, reach, weeks
from bot.features.settings import NAMES
from bot.graphemes import cut
from bot.incoming import Pressed
from bot.language import Speech, speak
from bot.laying import Laid
from bot.text import Text
from storage import UnitOfWork, facilitating
from storage.facilitating import Place

LOOKS = "prompt-looks"


def button(say: Speech, network: int) -> Button:
    return Button(LOOKS, say("How it looks"), str(network), opens=True)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """How the next one looks."""
    who = charge.steering(incoming, incoming.value, uow)
    if who is None:
        return charge.refused(incoming, uow)
    coming = weeks.ahead(who.network, weeks.LISTED, uow)
    week = next((week for week in coming if week.state == "ahead"), None)
    if week is None or week.prompt is None:
        return Tell.words(who.say("No question is laid out for the next weeks."))
    return Tell(card(who.network, week.prompt, who.say, uow, weeks.when(week, who.say)))


def card(network: int, one: Laid, say: Speech, uow: UnitOfWork, told: str) -> Card:
    """Each way in which it looks, with the channels in which it does; above them what is `told`."""
    places = facilitating.places_of(uow, network)
    return Card(
        title=say("How it looks"),
        text=Text.of(told),
        items=tuple(_items(places, one, say))[:MANY],
        note=say(
            "On Slack and on Teams it is the same card: these words, the line under them, and its "
            "buttons. Under it stands the button Answer, and one for each other language that is "
            "spoken in the network."
        ),
    )


def _items(places: Sequence[Place], one: Laid, say: Speech) -> Iterator[Item]:
    if not places:
        yield Item(say("No channel is connected yet."))
    for (platform, language, reads), alike in groupby(sorted(places, key=_way), key=_way):
        names = ", ".join(dict.fromkeys(shown_name(place.organisation_name) for place in alike))
        where = f"{platform.capitalize()} · {NAMES[language]} · {names}"
        yield Item(cut(where, 150), heading=True)
        if reads == reach.NONE:
            yield Item(say("This channel only gets notes, which cannot be changed later."))
            continue
        there = speak(language)
        words = prompting.words_of(one, language, there)
        yield Item(words, reach.how_to_answer(reads or None, there))


def _way(place: Place) -> tuple[str, str, str]:
    reads = place.reads if place.reads in (reach.ALL, reach.NONE) else ""
    return place.platform, place.language, reads
