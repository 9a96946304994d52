"""Polling: once a month the network chooses the problem that it works on.

A list is proposed in time for whoever runs the network to change it; silence approves it. On its
day the poll opens in every channel, everybody who is a member then has a ballot, and nobody sees
how the votes stand before it has closed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from bot import calendars, polldays
from bot.calendar import Calendar, network_working_day
from bot.coming import Coming
from bot.drawn import shown_name
from bot.features import charge, gate, private, prompting, proposing, results
from bot.polldays import PollDays, month_of, next_month, poll_days
from bot.text import Text
from bot.windows import day_of, moment, next_in_rooms
from storage import (
    UnitOfWork,
    jobs,
    networks,
    polls,
    posts,
    rooms,
)
from storage.jobs import Job
from storage.polls import COUNTING, OPEN, PLANNED, VOID, Poll

JOB = "poll"
KIND = polls.KIND

AHEAD = 5
"""Network working days before it opens on which the list is proposed."""

PATIENCE = timedelta(days=7)
"""After this a poll that could not be opened on its day is not opened any more."""

BY_HAND = "facilitator"
NO_TIME = "no-time"
"""Why a month has no poll, beside the reasons that `prompting` has: holidays leave no time."""

NEVER = 24
"""Months ahead at which the search for one with a poll is given up."""


# ---- what is due


def look(job: Job, uow: UnitOfWork) -> datetime:
    """Plan, open or close what is due; when to look again."""
    while True:
        waits = _step(job.network, uow)
        if waits is not None:
            return waits


def _step(network: int, uow: UnitOfWork) -> datetime | None:
    """One thing that is due; else when the next is."""
    told = results.publish(network, uow)
    one = polls.in_state(uow, network, OPEN, PLANNED)
    if one is None:
        waits = _plan(network, uow)
    else:
        waits = _open(one, uow) if one.state == PLANNED else results.close(one, uow)
    return waits if waits is None or told is None else min(waits, told)


def _plan(network: int, uow: UnitOfWork) -> datetime | None:
    """Propose the list of the next month that has a poll."""
    around = calendars.of_network(uow, network).values()
    month = _next_month(network, uow)
    for _ in range(NEVER):
        days = poll_days(month, around)
        if days is not None and uow.now < days.opens_at:
            at = _proposed_at(days, around)
            if uow.now < at:
                return at
            _propose(network, month, days, uow)
            return None
        reason = NO_TIME if days is None else prompting.AWAY
        if days is None and uow.now < moment(month, polldays.OPENS):
            return moment(month, polldays.OPENS)
        jobs.settle(uow, JOB, network, slot(month), reason=reason)
        month = next_month(month)
    return uow.now + timedelta(days=28)


def _next_month(network: int, uow: UnitOfWork) -> date:
    """The first of which nothing is known yet: the one after the network was founded, or later."""
    first = next_month(day_of(networks.founded_at(uow, network)))
    month = max(first, month_of(day_of(uow.now)))
    settled = jobs.settled(uow, JOB, network, slot(month))
    while slot(month) in settled or polls.of_month(uow, network, month) is not None:
        month = next_month(month)
    return month


def slot(month: date) -> str:
    """By what a month is written down."""
    return month.isoformat()


def _proposed_at(days: PollDays, around: Collection[Calendar]) -> datetime:
    opens = day_of(days.opens_at)
    return moment(network_working_day(opens, -AHEAD, around), polldays.OPENS)


def _propose(network: int, month: date, days: PollDays, uow: UnitOfWork) -> None:
    """Whoever runs the network is told, and may decide otherwise until it opens."""
    made = polls.plan(
        uow,
        network,
        month,
        opens_at=days.opens_at,
        closes_at=days.closes_at,
        nominations=proposing.proposed(network, uow),
    )
    for one in charge.who_steers(uow, network):
        facts = {"poll": str(made)}
        private.tell(uow, gate.POLL_AHEAD, network, one.id, facts, until=days.opens_at)
    results.remind(network, uow)


def _open(one: Poll, uow: UnitOfWork) -> datetime | None:
    if uow.now < one.opens_at:
        return one.opens_at
    around = calendars.of_network(uow, one.network).values()
    why = prompting.against(one.network, uow)
    if why is None:
        at = next_in_rooms(uow.now, around)
        if at is not None and at <= uow.now:
            proposing.mend(one, uow)
            open_(one, uow)
            return None
    again = at if why is None and at is not None else uow.now + timedelta(days=1)
    if again - one.opens_at > PATIENCE:
        skip(one, why or prompting.AWAY, uow)
        return None
    return again


def open_(one: Poll, uow: UnitOfWork) -> int:
    """Show it in every channel, and give everybody who is a member a ballot; its thread."""
    around = calendars.of_network(uow, one.network).values()
    results.give_up(one.network, uow)
    if day_of(uow.now) != day_of(one.opens_at):
        polls.set_(uow, one.id, closes_at=polldays.reopened(uow.now, around))
    thread = polls.open_(uow, one, Text.of("Problem of the month").dump())
    posts.show(uow, KIND, thread, rooms.active_conversations(uow, one.network), network=one.network)
    jobs.settle(uow, JOB, one.network, slot(one.month), done=day_of(uow.now))
    proposing.redraw(one, uow)
    return thread


def skip(one: Poll, reason: str, uow: UnitOfWork) -> None:
    """The month has no poll; what was nominated stays."""
    polls.set_(uow, one.id, state=VOID)
    jobs.settle(uow, JOB, one.network, slot(one.month), reason=reason)
    proposing.redraw(one, uow)


def unskip(one: Poll, uow: UnitOfWork) -> None:
    """It is planned after all."""
    jobs.unsettle(uow, JOB, one.network, slot(one.month), BY_HAND)
    polls.set_(uow, one.id, state=PLANNED)
    proposing.list_again(one.network, uow)


def next_one(network: int, uow: UnitOfWork) -> Poll | None:
    """The poll that is planned; or skipped by hand, as long as it can still be opened after all."""
    one = polls.in_state(uow, network, PLANNED, VOID)
    if one is None or one.state == PLANNED:
        return one
    return one if uow.now < one.opens_at and is_skipped(one, uow) else None


def is_skipped(one: Poll, uow: UnitOfWork) -> bool:
    """Whether somebody in charge decided that the month has none."""
    came = jobs.settled(uow, JOB, one.network, slot(one.month)).get(slot(one.month))
    return came is not None and came.reason == BY_HAND


def audience(network: int, uow: UnitOfWork) -> list[str]:
    """The organisations in whose channels it stands."""
    return rooms.organisations_at(uow, rooms.active_conversations(uow, network))


# ---- for whoever runs Mellom


def coming(network: int, until: datetime, uow: UnitOfWork) -> Iterator[Coming]:
    """The poll that is open or planned, or the next one; and what is left to be chosen."""
    to = ", ".join(map(shown_name, audience(network, uow))) or "nobody"
    one = polls.in_state(uow, network, OPEN, PLANNED)
    if networks.paused(uow, network) is not None:
        if one is not None and one.state == OPEN:
            why = "its result waits for the end of the pause"
            yield Coming(max(one.closes_at, uow.now), "the poll closes", "nobody", why)
        return
    left = polls.in_state(uow, network, COUNTING)
    if left is not None and left.winner is None:
        what = "the problem of the month is to be chosen"
        yield Coming(uow.now, what, "whoever runs the network", "few have voted")
    elif left is not None:
        at = next_in_rooms(uow.now, calendars.of_network(uow, network).values())
        yield Coming(at or uow.now, "the result of the poll", to, "the facilitator chose it")
    if one is None:
        yield from _next(network, to, uow)
        return
    if one.state == PLANNED:
        why = "its list was chosen" if one.approved else "nobody has chosen another list"
        yield Coming(max(one.opens_at, uow.now), "the poll opens", to, why)
    why = "it was extended" if one.extended else "it has been open for long enough"
    if uow.now < one.closes_at:
        yield Coming(one.closes_at, "the poll closes", to, why)
        return
    at = next_in_rooms(uow.now, calendars.of_network(uow, network).values())
    yield Coming(at or uow.now, "the result of the poll", to, "it is closed")


def _next(network: int, to: str, uow: UnitOfWork) -> Iterator[Coming]:
    """The first poll of which there is no list yet."""
    around = calendars.of_network(uow, network).values()
    if skipped := next_one(network, uow):
        yield Coming(skipped.opens_at, "no poll", "nobody", BY_HAND)
    days = poll_days(_next_month(network, uow), around)
    if days is not None and uow.now < days.opens_at:
        at = max(_proposed_at(days, around), uow.now)
        yield Coming(at, "the list of the poll", "whoever runs the network", "it opens soon")
        yield Coming(days.opens_at, "the poll opens", to, "it is the day for it")
