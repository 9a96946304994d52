"""The calendars of the organisations that are stored."""

from __future__ import annotations

from bot.calendar import Break, Calendar
from storage import UnitOfWork, breaks


def of_organisation(uow: UnitOfWork, organisation: int) -> Calendar:
    return _calendar(breaks.of_organisation(uow, organisation))


def of_network(uow: UnitOfWork, network: int, *, besides: int | None = None) -> dict[int, Calendar]:
    """Of every organisation that has a channel in the network, but one, by the organisation.

    Who asks is not counted among those who may be at work to answer.
    """
    found = breaks.of_network(uow, network)
    return {one.organisation: _calendar(one) for one in found if one.organisation != besides}


def _calendar(days: breaks.Days) -> Calendar:
    return Calendar(days.country, tuple(Break(first, last) for first, last in days.breaks))
