"""In which organisations people were told that they may be asked now and then, and when: before it
nobody there is."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, update

from storage.models import organisation
from storage.unit_of_work import UnitOfWork


def informed(uow: UnitOfWork, network_id: int) -> list[tuple[str, date | None]]:
    """Each organisation, and the day on which its people were told about this."""
    statement = (
        select(organisation.c.name, organisation.c.informed_on)
        .where(organisation.c.network == network_id)
        .order_by(organisation.c.name)
    )
    return [(row[0], row[1]) for row in uow.connection.execute(statement)]


def switched_on(uow: UnitOfWork, network_id: int) -> list[tuple[int, str]]:
    """The organisations whose people may be asked, by name."""
    statement = (
        select(organisation.c.id, organisation.c.name)
        .where(organisation.c.network == network_id, organisation.c.informed_on.is_not(None))
        .order_by(organisation.c.name)
    )
    return [(row[0], row[1]) for row in uow.connection.execute(statement)]


def informed_on(uow: UnitOfWork, organisation_id: int) -> date | None:
    statement = select(organisation.c.informed_on).where(organisation.c.id == organisation_id)
    return uow.connection.execute(statement).scalar_one()


def inform(uow: UnitOfWork, organisation_id: int, day: date | None) -> None:
    """Its people are told on this day; None: nobody there is asked."""
    statement = update(organisation).where(organisation.c.id == organisation_id)
    uow.connection.execute(statement.values(informed_on=day))
