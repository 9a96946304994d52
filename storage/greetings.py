"""Greetings: who is to answer somebody's first message, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, func, insert, select, text, update

from storage.models import greeting, member, reply
from storage.ready import Ready
from storage.rooms import organisations_that_take_part
from storage.unit_of_work import UnitOfWork

DUE = text("greeting.due_at IS NOT NULL")
NEXT = select(func.min(greeting.c.due_at)).where(DUE)


@dataclass(frozen=True, slots=True)
class Greeting:
    """A member's first message stands in this thread; `host` is who was asked to answer it."""

    member: int
    network: int
    thread: int
    host: int | None


_COLUMNS = select(greeting.c.member, greeting.c.network, greeting.c.thread, greeting.c.host)


def begin(
    uow: UnitOfWork,
    member_id: int,
    *,
    network: int,
    thread: int,
    host: int | None,
    due_at: datetime | None,
) -> None:
    uow.connection.execute(
        insert(greeting).values(
            member=member_id,
            network=network,
            thread=thread,
            host=host,
            asked_at=uow.now,
            due_at=due_at,
        )
    )


def hosts(uow: UnitOfWork, network: int, organisation: int) -> list[int]:
    """The coordinators of other organisations, whose turn it is longest first."""
    return _HOSTS.column(uow, {"n": network, "o": organisation})


_TURNS = (
    select(greeting.c.host, func.max(greeting.c.asked_at).label("at"))
    .where(greeting.c.network == bindparam("n"))
    .group_by(greeting.c.host)
    .subquery()
)
_HOSTS = Ready(
    select(member.c.id)
    .outerjoin(_TURNS, _TURNS.c.host == member.c.id)
    .where(
        member.c.network == bindparam("n"),
        member.c.organisation != bindparam("o"),
        member.c.role == "coordinator",
        member.c.left_at.is_(None),
        member.c.just_reads.is_(False),
        member.c.organisation.in_(organisations_that_take_part()),
    )
    .order_by(_TURNS.c.at.is_not(None), _TURNS.c.at, member.c.id)
)


def due(uow: UnitOfWork) -> list[Greeting]:
    """Those whose host has had their time."""
    statement = _COLUMNS.where(DUE, greeting.c.due_at <= uow.now).order_by(greeting.c.due_at)
    return [Greeting(*row) for row in uow.connection.execute(statement.limit(50))]


def end(uow: UnitOfWork, member_id: int) -> None:
    statement = update(greeting).where(greeting.c.member == member_id)
    uow.connection.execute(statement.values(due_at=None))


def hurry(uow: UnitOfWork, host: int) -> None:
    """This host answers nobody any more: the facilitator is asked now."""
    statement = update(greeting).where(greeting.c.host == host, DUE)
    uow.connection.execute(statement.values(due_at=uow.now))


def is_answered(uow: UnitOfWork, member_id: int) -> bool:
    """Whether somebody else has written in the thread since the newcomer did."""
    answered = exists().where(
        reply.c.thread == greeting.c.thread,
        reply.c.member != greeting.c.member,
        reply.c.state == "standing",
        reply.c.created_at >= greeting.c.asked_at,
    )
    statement = select(greeting.c.member).where(greeting.c.member == member_id, answered)
    return uow.connection.execute(statement).first() is not None
