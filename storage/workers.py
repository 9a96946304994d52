"""When workers last said that they are alive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select

from storage.models import worker
from storage.unit_of_work import UnitOfWork


def tick(uow: UnitOfWork, name: str) -> None:
    """This worker is alive."""
    statement = uow.insert(worker).values(name=name, ticked_at=uow.real)
    uow.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["name"], set_={"ticked_at": statement.excluded.ticked_at}
        )
    )


def last_tick(uow: UnitOfWork) -> datetime | None:
    return uow.connection.execute(select(func.max(worker.c.ticked_at))).scalar_one()


def forget_before(uow: UnitOfWork, moment: datetime) -> None:
    uow.connection.execute(delete(worker).where(worker.c.ticked_at < moment))
