"""School breaks: when an organisation is away, and with its country all that makes its calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import bindparam, delete, exists, insert, select

from storage.models import organisation, room, school_break
from storage.ready import Ready, Row
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Days:
    """What an organisation's days depend on; the last day of a break is a day of it."""

    organisation: int
    country: str
    breaks: tuple[tuple[date, date], ...]


def keep(uow: UnitOfWork, organisation: int, breaks: Iterable[tuple[date, date]]) -> None:
    """Let these be all the breaks that the organisation has."""
    uow.connection.execute(delete(school_break).where(school_break.c.organisation == organisation))
    rows = [
        {"organisation": organisation, "first_day": first, "last_day": last}
        for first, last in breaks
    ]
    if rows:
        uow.connection.execute(insert(school_break), rows)


def of_organisation(uow: UnitOfWork, id: int) -> Days:
    (found,) = _days(_OF_ORGANISATION.all(uow, {"o": id}))
    return found


def of_network(uow: UnitOfWork, network: int) -> list[Days]:
    """Of every organisation that has a channel in the network."""
    return _days(_OF_NETWORK.all(uow, {"n": network}))


_ALL = (
    select(
        organisation.c.id,
        organisation.c.country,
        school_break.c.first_day,
        school_break.c.last_day,
    )
    .join_from(organisation, school_break, isouter=True)
    .order_by(organisation.c.id, school_break.c.first_day)
)
_OF_ORGANISATION = Ready(_ALL.where(organisation.c.id == bindparam("o")))
_OF_NETWORK = Ready(
    _ALL.where(
        organisation.c.network == bindparam("n"),
        exists().where(room.c.organisation == organisation.c.id, room.c.state == "active"),
    )
)


def _days(rows: Iterable[Row]) -> list[Days]:
    return [
        Days(id, country, tuple((row[2], row[3]) for row in of_one if row[2] is not None))
        for (id, country), of_one in groupby(rows, lambda row: (row[0], row[1]))
    ]
