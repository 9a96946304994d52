"""Measuring: whether it is of use to ask members now and then, or does harm. There are counts for a
whole network and nothing else: none of an organisation, and none of a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from bot.cards import Answer, Button, Card, Item, Tell
from bot.drawn import shown_name
from bot.features import charge, gate, private
from bot.graphemes import cut
from bot.incoming import Pressed
from bot.language import Speech
from bot.text import Text
from bot.windows import day_of, moment
from storage import UnitOfWork, informing, members, overviews
from storage import measuring as stored
from storage.members import Profile
from storage.privates import Private

START = "ask-now-and-then"
A_QUARTER = timedelta(days=90)
FEWEST = 5
"""What is fewer is not told as a number."""

ENOUGH, HARM = 10, 10
"""Of so many who were asked, one in so many at most may want no more."""

FEW = 3
"""Where fewer were asked, so many who want no more are too many."""

MANAGER = "manager"


def stop_if_it_does_harm(network: int, uow: UnitOfWork) -> None:
    """Nobody is asked any more, and whoever runs the network is told."""
    asking = stored.asking(uow, network)
    if asking.stopped_at is not None:
        return
    since = max(uow.now - A_QUARTER, asking.since or datetime.min.replace(tzinfo=uow.now.tzinfo))
    found = stored.counts(uow, network, since)
    if does_harm(found):
        stored.stop(uow, network)
        for one in _told_of_it(network, uow):
            private.tell(uow, gate.STOPPED, network, one.id, {})
        overviews.redraw_all(uow, network, overviews.NETWORK)


def count_the_week(network: int, uow: UnitOfWork) -> None:
    """Once a week, of the weeks before: a count that went up as somebody answers would tell that
    they were among those who were asked."""
    today = day_of(uow.now)
    monday = today - timedelta(days=today.weekday())
    told = stored.told_counts(uow, network)
    if told is not None and told[0] >= monday:
        return
    before = moment(monday, time())
    stored.tell_counts(
        uow, network, monday, stored.counts(uow, network, before - A_QUARTER, before)
    )
    overviews.redraw_all(uow, network, overviews.NETWORK)


def does_harm(found: stored.Counts) -> bool:
    """Whether more than one in ten wanted no more. Of fewer than ten that cannot be told from
    chance: there it takes three."""
    if found.sent < ENOUGH:
        return found.turned_down >= FEW
    return found.turned_down * HARM > found.sent


def is_for(member: int, uow: UnitOfWork) -> bool:
    """Whether they may know anything of it: no manager does, whoever they stand in for."""
    return members.profile(uow, member).role != MANAGER


def _told_of_it(network: int, uow: UnitOfWork) -> list[Profile]:
    """Whoever runs the network; where only a manager stands in, whoever is away, once back."""
    told = [one for one in private.in_charge(uow, network) if one.role != MANAGER]
    return told or members.with_role(uow, network, "facilitator")


@private.message(gate.STOPPED)
def _told(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    if not is_for(kept.member, uow):
        return None
    is_stopped = stored.asking(uow, kept.network).stopped_at is not None
    parts = (_stopped(say), _because(say), say("You can let me begin again."))
    return Card(
        text=Text.of(" ".join(parts)), buttons=(_button(kept.network, say),) if is_stopped else ()
    )


def _stopped(say: Speech) -> str:
    return say("I have stopped asking members now and then.")


def _because(say: Speech) -> str:
    return say("More than one in ten of those whom I asked wanted no more of it.")


def _button(network: int, say: Speech) -> Button:
    return Button(START, say("Begin again"), str(network))


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = charge.in_charge(incoming, incoming.value, uow)
    if who is None or not is_for(who.member, uow):
        return charge.refused(incoming, uow)
    if not stored.start(uow, who.network):
        return Tell.words(who.say("I ask members now and then already."))
    overviews.redraw_all(uow, who.network, overviews.NETWORK)
    return Tell.words(who.say("From now on I ask members now and then again."))


# ---- how it stands, for whoever runs the network


def facts(network: int, say: Speech, uow: UnitOfWork) -> Iterator[tuple[str, str]]:
    """Where it is on, and how many were asked and answered in the whole network."""
    informed, today = informing.informed(uow, network), day_of(uow.now)
    on = [name for name, day in informed if _is_on(day, today)]
    if not any(day for _, day in informed):
        return
    yield (
        say("Asked now and then"),
        cut(_where(on, [n for n, _ in informed if n not in on], say), 800),
    )
    told = stored.told_counts(uow, network)
    if told is None:
        yield say("In 90 days"), say("too few to tell")
        return
    monday, found = told
    yield say("In 90 days, until {day}", day=say.date(monday, year=False)), _counted(found, say)


def stopped(network: int, say: Speech, uow: UnitOfWork) -> Iterable[Item]:
    if stored.asking(uow, network).stopped_at is None:
        return
    yield Item(_stopped(say), _because(say), _button(network, say))


def _is_on(informed: date | None, today: date) -> bool:
    return informed is not None and informed < today


def _where(on: list[str], off: list[str], say: Speech) -> str:
    lists = {True: ", ".join(map(shown_name, on)), False: ", ".join(map(shown_name, off))}
    if not off:
        return say("on at {organisations}", organisations=lists[True])
    if not on:
        return say("off at {organisations}", organisations=lists[False])
    return say("on at {these}; off at {those}", these=lists[True], those=lists[False])


def _counted(found: stored.Counts, say: Speech) -> str:
    if found.sent < FEWEST:
        return say("too few to tell")
    answered = say.number(found.answered) if found.answered >= FEWEST else say("fewer than five")
    return say("{sent} asked, {answered} answered", sent=say.number(found.sent), answered=answered)
