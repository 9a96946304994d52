"""Heeding: whoever wants no more of these soon after they were asked something is counted, for the
network as a whole, so that asking stops where it does harm."""

from __future__ import annotations

from datetime import time

from bot import calendars
from bot.calendar import network_working_day
from bot.windows import day_of, moment
from storage import UnitOfWork, invitations, measuring

SOON = 5
"""Network working days."""


def no_more(uow: UnitOfWork, network: int, member: int, outcome: str = invitations.NO_MORE) -> None:
    """The member has switched something off, or would rather just read."""
    around = calendars.of_network(uow, network).values()
    since = network_working_day(day_of(uow.now), -SOON, around)
    measuring.turned_down(uow, member, moment(since, time()), outcome)
