"""Greeting: the first message of a member is answered by a named host within a working day, or else
the facilitator is asked to."""

from __future__ import annotations

from datetime import datetime, time

from bot import calendars
from bot.calendar import working_day
from bot.features import gate, private
from bot.features.presence import Presence
from bot.windows import day_of, moment
from storage import UnitOfWork, greetings, members
from storage.members import Profile

END_OF_DAY = time(15, 30)


def spoke(who: Presence, thread: int, uow: UnitOfWork) -> None:
    """The member has asked or answered; the first time, somebody is asked to answer them."""
    if who.has_spoken or not members.speaks_first(uow, who.member):
        return
    if members.profile(uow, who.member).role == "facilitator":
        return
    host = _host(who, uow)
    greetings.begin(
        uow,
        who.member,
        network=who.network,
        thread=thread,
        host=host.id if host else None,
        due_at=_within_a_day(host, uow) if host else None,
    )
    if host is None:
        _ask_facilitators(who.network, who.member, thread, uow)
    else:
        facts = {"thread": str(thread), "newcomer": str(who.member)}
        private.tell(uow, gate.HOST, who.network, host.id, facts)


def due(uow: UnitOfWork) -> None:
    """Called by the clock: the host has had a working day."""
    for one in greetings.due(uow):
        greetings.end(uow, one.member)
        if not greetings.is_answered(uow, one.member):
            _ask_facilitators(one.network, one.member, one.thread, uow)


def _host(who: Presence, uow: UnitOfWork) -> Profile | None:
    """The coordinator of another organisation whose turn it is, and who is not away."""
    today = day_of(uow.now)
    hosts = (members.profile(uow, id) for id in greetings.hosts(uow, who.network, who.organisation))
    return next((host for host in hosts if gate.back_at(host, today) is None), None)


def _within_a_day(host: Profile, uow: UnitOfWork) -> datetime:
    calendar = calendars.of_organisation(uow, host.organisation)
    day = working_day(day_of(uow.now), 1, calendar, host.days)
    return moment(day, END_OF_DAY)


def _ask_facilitators(network: int, newcomer: int, thread: int, uow: UnitOfWork) -> None:
    facts = {"thread": str(thread), "newcomer": str(newcomer)}
    private.tell_facilitators(uow, gate.GREET, network, facts)
