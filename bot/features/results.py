"""Results: a poll is closed once, by one tally, and what won becomes a question that somebody looks
after.

Where few have voted it stays open for longer, once. If few have voted still, whoever runs the
network chooses.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from bot import calendars, polldays, tally
from bot.cards import Answer, Card, Tell
from bot.coming import Coming
from bot.features import charge, gate, joining, outcomes, private, reminding, trouble, voting
from bot.features.outcomes import KIND
from bot.features.presence import Presence, present_in_each
from bot.incoming import Pressed, id_named
from bot.language import Speech
from bot.windows import day_of, next_in_rooms
from storage import (
    UnitOfWork,
    jobs,
    members,
    networks,
    nominations,
    polls,
    posts,
    privates,
    rooms,
    threads,
)
from storage import themes as stored_themes
from storage.jobs import Job
from storage.nominations import CHOSEN, Nomination
from storage.polls import CLOSED, COUNTING, VOID, Poll
from storage.privates import Private

JOB = "result"

LATE = timedelta(days=1)
"""After this, whoever runs the network is told in which channels the result does not stand."""

NOTHING = timedelta(days=28)
"""When it is looked again if nothing waits."""


WORTH_MORE = timedelta(days=14)
"""Closed for so long, by a pause or while Mellom was not there, a poll is not opened again."""

STANDS = timedelta(days=60)
"""So long what asks somebody to choose may stand before them."""


# ---- closing


def close(one: Poll, uow: UnitOfWork) -> datetime | None:
    """Close an open poll if it is time; when to look again, None if something was done.

    Nobody votes any more since it was to close, whenever it is that we come to it. What is told in
    the channels waits for their hours, and for the end of a pause.
    """
    if uow.now < one.closes_at:
        return one.closes_at
    if networks.paused(uow, one.network) is not None:
        return not_before(one.network, uow)
    polls.lock(uow, one.id)
    if _few_voted(one, uow):
        _extend(one, uow)
    elif waits := not_before(one.network, uow):
        return waits
    else:
        _count(one, uow)
    privates.redraw(uow, one.thread or 0)  # Some were asked in private to vote.
    return None


def not_before(network: int, uow: UnitOfWork) -> datetime | None:
    """When it is looked again whether a result can be told; None if it can be now."""
    if networks.paused(uow, network) is not None:
        return uow.now + gate.LOOK_AGAIN  # Whoever ends the pause has it looked at then.
    at = next_in_rooms(uow.now, calendars.of_network(uow, network).values())
    if at is not None and at <= uow.now:
        return None
    return at or uow.now + gate.LOOK_AGAIN


def _few_voted(one: Poll, uow: UnitOfWork) -> bool:
    turnout = polls.turnout(uow, one.id)
    voted = [each.voted for each in turnout if each.voted]
    return tally.too_few(len(turnout), len(voted), sum(voted))


def _extend(one: Poll, uow: UnitOfWork) -> None:
    """It is open for longer, and those are asked once from whose organisations nobody has voted. A
    second time, or where holidays lie between, whoever runs the network chooses."""
    around = calendars.of_network(uow, one.network).values()
    until = polldays.extended(max(one.closes_at, uow.now), around)
    late = uow.now - one.closes_at > WORTH_MORE
    if one.extended or late or until - uow.now > polldays.LONGEST:
        _leave(one, uow)
        return
    polls.set_(uow, one.id, extended=True, closes_at=until)
    reminding.remind(one, until, uow)
    voting.tell_again(one, until, uow)
    posts.show_again(uow, polls.KIND, one.thread or 0)


def _leave(one: Poll, uow: UnitOfWork) -> None:
    """Whoever runs the network is to choose. What the few have chosen counts for nothing, so it is
    kept no longer."""
    polls.set_(uow, one.id, state=COUNTING)
    polls.forget_choices(uow, one.id)
    posts.show_again(uow, polls.KIND, one.thread or 0)
    _ask_to_choose(one, uow)


def _ask_to_choose(one: Poll, uow: UnitOfWork) -> None:
    for who in charge.who_steers(uow, one.network):
        private.tell(uow, gate.COUNTING, one.network, who.id, {"poll": str(one.id)})


def remind(network: int, uow: UnitOfWork) -> None:
    """The list of the next poll is proposed: what nobody has chosen yet is asked for once more."""
    one = polls.in_state(uow, network, COUNTING)
    if one is not None and one.winner is None:
        _ask_to_choose(one, uow)


def give_up(network: int, uow: UnitOfWork) -> None:
    """The next poll opens: what nobody has chosen by now is not chosen any more, since the same is
    to be voted on again."""
    one = polls.in_state(uow, network, COUNTING)
    if one is not None and one.winner is None:
        polls.set_(uow, one.id, state=VOID, closed_at=uow.now)
        redraw(one, uow)


def choose(one: Poll, winner: Nomination, uow: UnitOfWork) -> None:
    """Whoever runs the network has chosen. It is told in the channels as soon as it can be."""
    polls.set_(uow, one.id, winner=winner.id, how=charge.FACILITATOR)
    nominations.settle(uow, winner.id, CHOSEN)  # The next list does not name it, too.
    if publish(one.network, uow) is not None:
        redraw(one, uow)
        jobs.look_now(uow, one.network)


def publish(network: int, uow: UnitOfWork) -> datetime | None:
    """Tell what whoever runs the network has chosen, if it is time; else when to look again."""
    one = polls.in_state(uow, network, COUNTING)
    winner = None if one is None else nominations.find(uow, network, one.winner or 0)
    if one is None or winner is None:
        return None
    waits = not_before(network, uow)
    if waits is None:
        settle(one, winner, charge.FACILITATOR, uow)
    return waits


# ---- the result


def _count(one: Poll, uow: UnitOfWork) -> None:
    ids = polls.listed(uow, one.id)
    listed = nominations.in_order(uow, one.network, ids)
    shown = nominations.shown(uow, one.network, ids)
    themes = nominations.theme_chosen(uow, one.network)
    options = [
        tally.Option(
            place,
            _chosen_on(each, themes),
            None if each.key else each.created_at,
            has_theme=each.theme is not None,
        )
        for place, each in enumerate(listed, start=1)
        if each.id in shown
    ]
    ballots = _among({option.place for option in options}, one, uow)
    if not any(map(any, ballots.values())):
        _leave(one, uow)
        return
    told = tally.count(options, ballots)
    rows = [row._asdict() for row in told.rows]
    settle(one, listed[told.winner - 1], told.how, uow, rows)


def _among(places: set[int], one: Poll, uow: UnitOfWork) -> dict[int, list[list[int]]]:
    """What was chosen, without what can be chosen no more: an organisation's own, that has taken
    its confirmation back."""
    cast = polls.cast_by_organisation(uow, one.id)
    return {
        whose: [[place for place in ballot if place in places] for ballot in given]
        for whose, given in cast.items()
    }


def _chosen_on(one: Nomination, themes: dict[int, datetime]) -> date | None:
    at = themes.get(one.theme) if one.theme is not None else None
    return None if at is None else day_of(at)


def settle(
    one: Poll,
    winner: Nomination,
    how: str,
    uow: UnitOfWork,
    result: list[dict[str, Any]] | None = None,
) -> None:
    """This is what the network works on: whoever nominated it asks it in every channel. Where that
    is nobody who takes part, every channel is shown it, for somebody to look after it."""
    polls.close(uow, one, winner=winner.id, how=how, result=result)
    nominations.settle(uow, winner.id, CHOSEN)
    asker = _nominator(winner, uow)
    if asker is not None:
        _ask(one, winner, asker, uow)
        private.tell(uow, gate.CHOSEN, one.network, asker.member, {"poll": str(one.id)})
    else:
        everywhere = rooms.active_conversations(uow, one.network)
        posts.show(uow, KIND, one.thread or 0, everywhere, network=one.network)
    redraw(one, uow)
    jobs.look_at(uow, one.network, JOB, uow.now + LATE)


class _Asker(NamedTuple):
    """Who looks after it, and where they said so."""

    organisation: int
    member: int
    account: int
    conversation: int


def _nominator(winner: Nomination, uow: UnitOfWork) -> _Asker | None:
    """Whoever nominated it, if they take part still; of the bank nobody has nominated anything."""
    who = (winner.organisation, winner.member, winner.account, winner.conversation)
    organisation, member, account, conversation = who
    if organisation is None or member is None or account is None or conversation is None:
        return None
    runs_it = members.profile(uow, member).role == charge.FACILITATOR
    if winner.has_left or not (runs_it or rooms.takes_part(uow, organisation)):
        return None
    return _Asker(organisation, member, account, conversation)


def _ask(one: Poll, winner: Nomination, asker: _Asker, uow: UnitOfWork) -> int:
    """The question in the name of whoever looks after it; its number."""
    words = outcomes.text(winner, networks.language(uow, one.network))
    thread = threads.ask(
        uow,
        network_id=one.network,
        organisation_id=asker.organisation,
        member=asker.member,
        account_id=asker.account,
        conversation=asker.conversation,
        message=None,
        body=words.dump(),
    )
    if winner.theme is not None:
        stored_themes.confirm(uow, thread, [winner.theme])
    polls.set_(uow, one.id, question=thread)
    everywhere = rooms.active_conversations(uow, one.network)
    posts.show(uow, "question", thread, everywhere, network=one.network)
    return threads.question(uow, thread).number


def redraw(one: Poll, uow: UnitOfWork) -> None:
    """Whatever tells of this poll reads otherwise now."""
    for kind in (polls.KIND, KIND):
        posts.show_again(uow, kind, one.thread or 0)
    kind, about = gate.COUNTING.name, {"poll": str(one.id)}
    privates.redraw_for_those_in_charge(uow, one.network, kind, about, lately=STANDS)


@private.message(gate.CHOSEN)
def _yours(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    """Whoever suggested it is told that it is theirs to look after, unless it is withdrawn."""
    one = polls.find(uow, kept.network, int(kept.facts["poll"]))
    winner = None if one is None else nominations.find(uow, one.network, one.winner or 0)
    if one is None or winner is None or one.question is None or outcomes.is_withdrawn(one, uow):
        return None
    number = str(threads.question(uow, one.question).number)
    words = say(
        "Your suggestion was chosen. It stands as your question, Q-{number}, in every channel of "
        "the network.",
        number=number,
    )
    return Card(title=say("Problem of the month"), text=outcomes.with_title(winner, words, say))


# ---- looking after what won


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """*I will look after it*: it is whose who says so first."""
    here = present_in_each(incoming.person, incoming.place, uow)
    if not here:
        return joining.stranger(incoming, uow)
    for who in here:
        rooms.lock_network(uow, who.network)
        one = _named(incoming.value, who, uow)
        if one is not None:
            return Tell.words(_look_after(one, who, uow))
    return Tell.words(here[0].say("This poll is gone, or it belongs to another network."))


def _named(value: str, who: Presence, uow: UnitOfWork) -> Poll | None:
    one = polls.find(uow, who.network, id_named(value))
    return one if one is not None and one.state == CLOSED else None


def _look_after(one: Poll, who: Presence, uow: UnitOfWork) -> str:
    winner = nominations.find(uow, one.network, one.winner or 0)
    if one.question is not None:
        question = threads.question(uow, one.question)
        return who.say("Somebody looks after it already: Q-{number}.", number=str(question.number))
    assert winner is not None
    if outcomes.is_withdrawn(one, uow):
        return who.say("Its organisation takes part no more, so it is not asked any more.")
    asker = _Asker(who.organisation, who.member, who.account.id, who.conversation)
    number = _ask(one, winner, asker, uow)
    redraw(one, uow)
    return who.say(
        "Thank you. It stands as your question, Q-{number}, in every channel of the network.",
        number=str(number),
    )


# ---- where it does not stand


def look(job: Job, uow: UnitOfWork) -> datetime:
    """A day after a result came out: tell once in which channels it does not stand."""
    one = polls.in_state(uow, job.network, CLOSED)
    if one is None or one.closed_at is None:
        return uow.now + NOTHING
    if uow.now < one.closed_at + LATE:
        return one.closed_at + LATE
    month = one.month.isoformat()
    if jobs.settle(uow, JOB, job.network, month, done=day_of(uow.now)) and outcomes.without(
        one, uow
    ):
        trouble.tell_of_result(one.network, one.id, uow)
    return uow.now + NOTHING


def coming(network: int, until: datetime, uow: UnitOfWork) -> Iterator[Coming]:
    """For whoever runs Mellom: when that is looked at."""
    one = polls.in_state(uow, network, CLOSED)
    if one is None or one.closed_at is None or uow.now >= one.closed_at + LATE:
        return
    what = "whether the result of the poll stands in every channel is looked at"
    yield Coming(one.closed_at + LATE, what, "whoever runs the network", "it is out for a day")
