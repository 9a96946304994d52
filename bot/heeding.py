"""Heeding: whoever wants no more of these soon after they were asked something is counted, for the
network as a whole, so that asking stops where it does harm, at once; and others are asked in their
place."""

from __future__ import annotations

from datetime import time

from bot import calendars
from bot.calendar import network_working_day
from bot.windows import day_of, moment
from storage import UnitOfWork, invitations, jobs, measuring, posts, privates, seeking, steps

SOON = 5
"""Network working days."""


def no_more(
    uow: UnitOfWork,
    network: int,
    member: int,
    outcome: str = invitations.NO_MORE,
    *,
    by_name: bool = False,
) -> None:
    """The member has switched something off, or would rather just read. `by_name`: what was put to
    them by name, too, is not theirs any more."""
    around = calendars.of_network(uow, network).values()
    since = network_working_day(day_of(uow.now), -SOON, around)
    told = measuring.turned_down(uow, member, moment(since, time()), outcome)
    if told:
        jobs.look_at(uow, network, measuring.JOB, uow.now)
    if outcome == invitations.JUST_READS:
        told += invitations.let_be(uow, member)
    for thread, asked in seeking.give_back(uow, member, outcome) if by_name else ():
        steps.plan(uow, thread, seeking.STEP, network, uow.now)
        told.append(asked)
    for one in told:
        if one is not None:
            posts.show_again(uow, privates.KIND, one)
