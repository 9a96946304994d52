"""Notices: what was said once, by name and facts, so that it can be drawn again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select

from storage.models import notice
from storage.unit_of_work import UnitOfWork


def keep(uow: UnitOfWork, name: str, *, network: int | None, facts: Mapping[str, str]) -> int:
    statement = insert(notice).values(
        network=network, name=name, facts=dict(facts), created_at=uow.now
    )
    return uow.connection.execute(statement.returning(notice.c.id)).scalar_one()


def find(uow: UnitOfWork, id: int) -> tuple[str, dict[str, str]]:
    statement = select(notice.c.name, notice.c.facts).where(notice.c.id == id)
    name, facts = uow.connection.execute(statement).one()
    return name, facts


def told_since(uow: UnitOfWork, name: str, network: int, moment: datetime) -> bool:
    """Whether this was said in the network after `moment`."""
    statement = select(notice.c.id).where(
        notice.c.network == network, notice.c.name == name, notice.c.created_at > moment
    )
    return uow.connection.execute(statement.limit(1)).first() is not None
