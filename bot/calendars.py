"""The calendars of the organisations that are stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.calendar import Break, Calendar, network_working_day
from bot.language import here
from bot.windows import MIDWEEK, PRIVATE, day_of, moment
from storage import UnitOfWork, breaks, seminars


def of_organisation(uow: UnitOfWork, organisation: int) -> Calendar:
    (found,) = _calendars(uow, [breaks.of_organisation(uow, organisation)]).values()
    return found


def of_network(uow: UnitOfWork, network: int, *, besides: int | None = None) -> dict[int, Calendar]:
    """Of every organisation that has a channel in the network, but one, by the organisation.

    Who asks is not counted among those who may be at work to answer.
    """
    found = breaks.of_network(uow, network)
    return _calendars(uow, [one for one in found if one.organisation != besides])


def network_days_later(
    uow: UnitOfWork, since: datetime, number: int, *, network: int, besides: int
) -> datetime:
    """So many working days of the other organisations after a moment, at the same time of the day,
    or the nearest at which people are written to."""
    others = of_network(uow, network, besides=besides).values()
    day = network_working_day(day_of(since), number, others)
    opens, closes = PRIVATE[MIDWEEK[0]]
    return moment(day, min(max(here(since).time(), opens), closes))


def _calendars(uow: UnitOfWork, found: Sequence[breaks.Days]) -> dict[int, Calendar]:
    met = seminars.days(uow, [one.organisation for one in found])
    return {
        one.organisation: Calendar(
            one.country,
            tuple(Break(first, last) for first, last in one.breaks),
            met[one.organisation],
        )
        for one in found
    }
