"""Notices: what was said once, by name and facts, so that it can be drawn again."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, insert, select

from storage.models import copy, notice, post
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


def withdraw(uow: UnitOfWork, id: int) -> None:
    """Forget a notice and where it was shown."""
    shown = select(post.c.id).where(post.c.kind == "notice", post.c.subject == id)
    uow.connection.execute(delete(copy).where(copy.c.post.in_(shown)))
    uow.connection.execute(delete(post).where(post.c.kind == "notice", post.c.subject == id))
    uow.connection.execute(delete(notice).where(notice.c.id == id))
