"""Seminars: on which days a network meets, and whom it visits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, delete, func, insert, select, update

from storage.models import organisation, poll, seminar, thread
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Seminar:
    """The last day is a day of it."""

    id: int
    network: int
    host: int
    host_name: str
    first: date
    last: date


_COLUMNS: Select[*tuple[int, int, int, str, date, date]] = select(
    seminar.c.id,
    seminar.c.network,
    seminar.c.host,
    organisation.c.name,
    seminar.c.first_day,
    seminar.c.last_day,
).join_from(seminar, organisation, organisation.c.id == seminar.c.host)


def add(uow: UnitOfWork, network: int, host: int, first: date, last: date) -> int:
    statement = insert(seminar).values(
        network=network, host=host, first_day=first, last_day=last, created_at=uow.now
    )
    return uow.connection.execute(statement.returning(seminar.c.id)).scalar_one()


def change(uow: UnitOfWork, id: int, host: int, first: date, last: date) -> None:
    statement = update(seminar).where(seminar.c.id == id)
    uow.connection.execute(statement.values(host=host, first_day=first, last_day=last))


def remove(uow: UnitOfWork, id: int) -> None:
    uow.connection.execute(delete(seminar).where(seminar.c.id == id))


def find(uow: UnitOfWork, id: int) -> Seminar:
    return Seminar(*uow.connection.execute(_COLUMNS.where(seminar.c.id == id)).one())


def since(uow: UnitOfWork, network: int, day: date) -> list[Seminar]:
    """Those of the network that are not over before this day, the first of them first."""
    statement = _COLUMNS.where(seminar.c.network == network, seminar.c.last_day >= day)
    rows = uow.connection.execute(statement.order_by(seminar.c.first_day, seminar.c.id))
    return [Seminar(*row) for row in rows]


def last_day_before(uow: UnitOfWork, network: int, day: date) -> date | None:
    """The last day of the network's latest seminar that was over before this day."""
    statement = select(func.max(seminar.c.last_day))
    return uow.connection.execute(
        statement.where(seminar.c.network == network, seminar.c.last_day < day)
    ).scalar_one()


def days(uow: UnitOfWork, organisations: Iterable[int]) -> dict[int, frozenset[date]]:
    """On which days each of these organisations, all of one network, is at a seminar."""
    known = list(organisations)
    network = select(organisation.c.network).where(organisation.c.id.in_(known))
    statement = select(seminar.c.first_day, seminar.c.last_day).where(
        seminar.c.network.in_(network)
    )
    every = frozenset(
        first + timedelta(days=ahead)
        for first, last in uow.connection.execute(statement)
        for ahead in range((last - first).days + 1)
    )
    return dict.fromkeys(known, every)


def last_marked(uow: UnitOfWork, network: int) -> date | None:
    """On which day a problem of the month was last taken to the workshop of a seminar, as far as
    nobody has withdrawn it."""
    statement = (
        select(func.max(poll.c.workshop_at))
        .outerjoin_from(poll, thread, thread.c.id == poll.c.question)
        .where(poll.c.network == network, func.coalesce(thread.c.state, "open") != "withdrawn")
    )
    found = uow.connection.execute(statement).scalar_one()
    return None if found is None else found.date()
