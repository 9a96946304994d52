"""Questions that wait for their first answer, and what has been done about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select, update

from storage.models import reply, thread
from storage.threads import ANSWERS_IT, OPEN, OWNER
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open question that no other member has answered. `owner` asked it, or looks after it since
    its author has left; `sought_at` is when more members were asked."""

    thread: int
    network: int
    organisation: int
    owner: int | None
    asked_at: datetime
    sought_at: datetime | None


_ANSWERED = exists().where(
    reply.c.thread == thread.c.id,
    ANSWERS_IT,
    reply.c.member != thread.c.member,
)


_ASKED = select(
    thread.c.id,
    thread.c.network,
    thread.c.organisation,
    OWNER,
    thread.c.created_at,
    thread.c.sought_at,
).where(thread.c.kind == "question", OPEN)


def asked(uow: UnitOfWork, thread_id: int) -> Waiting | None:
    """The question, if it is open, whether or not somebody has answered."""
    row = uow.connection.execute(_ASKED.where(thread.c.id == thread_id)).one_or_none()
    return None if row is None else Waiting(*row)


def unanswered(uow: UnitOfWork, thread_id: int) -> Waiting | None:
    """The question, if it is open and still waits for its first answer. What its author adds is
    none."""
    statement = _ASKED.where(thread.c.id == thread_id, ~_ANSWERED)
    row = uow.connection.execute(statement).one_or_none()
    return None if row is None else Waiting(*row)


def sought(uow: UnitOfWork, network: int, limit: int) -> list[int]:
    """The questions for which more members were asked and that wait all the same, oldest first."""
    wanted = and_(thread.c.network == network, OPEN, thread.c.sought_at.is_not(None), ~_ANSWERED)
    return _first(uow, wanted, limit)


def saved(uow: UnitOfWork, network: int, limit: int) -> list[int]:
    """The open questions that are saved for the next seminar, oldest first."""
    return _first(
        uow, and_(thread.c.network == network, OPEN, thread.c.saved_at.is_not(None)), limit
    )


def _first(uow: UnitOfWork, wanted: ColumnElement[bool], limit: int) -> list[int]:
    statement = select(thread.c.id).where(wanted).order_by(thread.c.number)
    return list(uow.connection.execute(statement.limit(limit)).scalars())


def note(
    uow: UnitOfWork,
    thread_id: int,
    *,
    sought: bool | None = None,
    saved: bool = False,
    outside: bool = False,
) -> None:
    """That more members are asked (or, if not `sought`, that it begins anew), that it is saved for
    the next seminar, or asked outside the network."""
    values: dict[str, datetime | None] = {}
    if sought is not None:
        values["sought_at"] = uow.now if sought else None
    if saved:
        values["saved_at"] = uow.now
    if outside:
        values["outside_at"] = uow.now
    uow.connection.execute(update(thread).where(thread.c.id == thread_id).values(values))


def noted(uow: UnitOfWork, thread_id: int) -> tuple[bool, bool]:
    """Whether it is saved for the next seminar, and whether it was asked outside."""
    statement = select(thread.c.saved_at, thread.c.outside_at).where(thread.c.id == thread_id)
    at_seminar, outside = uow.connection.execute(statement).one()
    return at_seminar is not None, outside is not None
