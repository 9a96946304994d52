"""Facilitating: how the network stands, for whoever runs it, and where they change it.

Of its members there is a number and nothing more: nobody is shown how active anybody is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bot.cards import Answer, Card, Item, Tell
from bot.drawn import Reader, shown_name, when
from bot.features import (
    appointing,
    channels,
    charge,
    counting,
    curating,
    gate,
    measuring,
    menu,
    notices,
    pausing,
    queueing,
    seminars,
    settings,
    shortlisting,
    sparing,
    stuck,
    workshop,
)
from bot.features.channels import State
from bot.features.presence import Presence
from bot.graphemes import cut
from bot.incoming import Pressed
from bot.language import Speech, speak
from bot.text import Text
from bot.windows import day_of
from storage import UnitOfWork, facilitating, networks, overviews, posts
from storage import notices as stored
from storage.facilitating import Standing, Who

KIND = overviews.NETWORK

CHANNELS, CHANNELS_AT_HOME = 25, 3
"""Channels that the card, and the home, name one by one."""


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = charge.in_charge(incoming, incoming.value, uow)
    if who is None:
        return charge.refused(incoming, uow)
    return Tell(network_card(who.network, who.member, who.say, uow))


def tell(uow: UnitOfWork, who: Presence, conversation: int) -> None:
    """Show it in a direct message; the one before it becomes a small menu."""
    overviews.outdate(uow, who.network, who.member, KIND)
    facts = {"member": str(who.member)}
    made = stored.keep(uow, KIND, network=who.network, facts=facts)
    posts.show(uow, KIND, made, [conversation], network=who.network, doubt="park")


def card(subject: int, reader: Reader, uow: UnitOfWork) -> Card:
    """As it stands in a direct message; a menu once it is not the reader's to see any more."""
    say = speak(reader.language)
    network, name, facts = stored.find_in(uow, subject)
    if name != KIND or network is None or not charge.runs(int(facts["member"]), uow):
        return menu.card(say)
    return network_card(network, int(facts["member"]), say, uow)


@notices.notice("network-opens")
def _where_it_opens(say: Speech, facts: notices.Facts) -> Card:
    """What is answered in a channel, where others read along."""
    words = say("This opens how the network stands. Only you see it.")
    return Card(text=Text.of(words), buttons=(charge.button(say, int(facts["network"])),))


def at_home(network: int, say: Speech, uow: UnitOfWork) -> list[Item]:
    """What the home of whoever runs the network begins with: what is not as it should be."""
    rooms = channels.standing(uow, network)
    named = [room for room in rooms if channels.state(room) < State.ONE_WAY][:CHANNELS_AT_HOME]
    rest = rooms[len(named) :]
    words = _rest(rest, say, others=bool(named)) if rest else say("How the network stands")
    return [
        Item(say("For you who run the network"), heading=True),
        *channels.items(named, say, uow),
        *counting.waiting(network, say, uow),
        Item(words, button=charge.button(say, network)),
        Item(say("What is asked this week and later"), button=queueing.button(say, network)),
    ]


def network_card(network: int, member: int, say: Speech, uow: UnitOfWork) -> Card:
    """As it is shown to this member, who runs it."""
    asking = measuring.is_for(member, uow)
    pause = networks.paused(uow, network)
    return Card(
        title=shown_name(networks.network_name(uow, network)),
        byline=say("For you who run the network"),
        text=Text.of(pausing.words(pause, say, uow)) if pause else Text(),
        facts=(
            *_facts(network, say, uow),
            *(measuring.facts(network, say, uow) if asking else ()),
        ),
        items=(
            *_channels(channels.standing(uow, network), say, uow),
            *stuck.of_network(network, say, uow),
            *_polls(network, say, uow),
            *(measuring.stopped(network, say, uow) if asking else ()),
            *(sparing.item(network, say, uow) if asking else ()),
        ),
        note=say("As it stood {when}.", when=when(uow.now, say, uow.now)),
        buttons=(
            queueing.button(say, network),
            shortlisting.button(say, network),
            appointing.button(say, network),
            curating.button(say, network),
            seminars.button(say, network),
            pausing.button(say, network, is_paused=pause is not None),
            settings.button(say, str(network)),
        ),
    )


def _channels(rooms: Sequence[Standing], say: Speech, uow: UnitOfWork) -> Iterable[Item]:
    yield Item(say("Channels"), heading=True)
    yield from channels.items(rooms[:CHANNELS], say, uow)
    rest = rooms[CHANNELS:]
    if rest:
        yield Item(_rest(rest, say, others=True))
    elif not rooms:
        yield Item(say("No channel is connected yet."))


def _polls(network: int, say: Speech, uow: UnitOfWork) -> Iterable[Item]:
    """What was chosen, and what is to be."""
    yield from workshop.of_network(network, say, uow)
    waiting = counting.waiting(network, say, uow)
    if waiting:
        yield Item(say("Problem of the month"), heading=True)
        yield from waiting


def _rest(rooms: Sequence[Standing], say: Speech, *, others: bool) -> str:
    """The rooms that are not named one by one."""
    if all(channels.state(room) >= State.ONE_WAY for room in rooms):
        return channels.fine(len(rooms), say, others=others)
    return say.many("And {count} other channel.", "And {count} other channels.", len(rooms))


def _facts(network: int, say: Speech, uow: UnitOfWork) -> Iterable[tuple[str, str]]:
    people, today = facilitating.in_charge_of(uow, network), day_of(uow.now)
    runs_it = [one for one in people if one.role == charge.FACILITATOR]
    stand_in = sorted(
        (one for one in people if one not in runs_it), key=lambda one: one.deputy or 0
    )
    yield say("Facilitators"), _names(runs_it, today, say) or say("nobody yet")
    yield say("Deputies"), _names(stand_in, today, say) or say("nobody yet")
    yield say("Members"), say.number(facilitating.count_members(uow, network))
    yield from seminars.facts(network, say, uow)


def _names(people: Iterable[Who], today: date, say: Speech) -> str:
    """Who they are, and when they are back, which they have told so that others stand in."""
    return cut(", ".join(_name(one, gate.back_at(one, today), say) for one in people), 800)


def _name(one: Who, back: date | None, say: Speech) -> str:
    name = shown_name(one.name or say("A member"))
    if back is None:
        return name
    return say("{name} (back {day})", name=name, day=say.date(back, year=False))
