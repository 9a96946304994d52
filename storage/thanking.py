"""Who wrote the answers that helped."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select, true

from storage.models import reply, thread
from storage.unit_of_work import UnitOfWork


def authors(uow: UnitOfWork, thread_id: int, answers: Iterable[int]) -> list[int]:
    """The members who wrote these answers, but for whoever asked, and whoever has marked them."""
    statement = (
        select(reply.c.member)
        .join_from(reply, thread)
        .where(
            reply.c.thread == thread_id,
            reply.c.id.in_(list(answers)),
            reply.c.member != thread.c.member,
            or_(thread.c.answered_by.is_(None), reply.c.member != thread.c.answered_by),
        )
        .distinct()
    )
    return sorted(uow.connection.execute(statement).scalars())


def stands(uow: UnitOfWork, thread_id: int, member: int, *, marked: bool) -> bool:
    """Whether the question stands and an answer of this member does, one that is `marked`."""
    statement = (
        select(reply.c.id)
        .join_from(reply, thread)
        .where(
            reply.c.thread == thread_id,
            reply.c.member == member,
            reply.c.state == "standing",
            reply.c.helped.is_not(None) if marked else true(),
            thread.c.state == "open",
        )
    )
    return uow.connection.execute(statement.limit(1)).first() is not None


def marked_by(uow: UnitOfWork, thread_id: int) -> int | None:
    """Who has marked the question as answered."""
    statement = select(thread.c.answered_by).where(thread.c.id == thread_id)
    return uow.connection.execute(statement).scalar_one()
