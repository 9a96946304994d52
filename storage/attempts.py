"""What became of an answer that helped, as whoever asked tells it: theirs, and shown to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select, update

from storage.models import attempt
from storage.unit_of_work import UnitOfWork

STEP = "tried"
"""To ask whoever asked whether they have tried what helped."""

OUTCOMES = ("tried", "adapted", "postponed", "dropped")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the member has told: nothing yet, while `outcome` is None. `private` is the message in
    which they were asked."""

    thread: int
    member: int
    outcome: str | None
    words: str
    private: int | None


def begin(uow: UnitOfWork, thread_id: int, member_id: int) -> bool:
    """The member is asked; False if they were before."""
    row = {"thread": thread_id, "member": member_id, "words": "", "asked_at": uow.now}
    statement = uow.insert(attempt).values(row).on_conflict_do_nothing()
    return uow.connection.execute(statement.returning(attempt.c.thread)).first() is not None


def asked_in(uow: UnitOfWork, thread_id: int, member_id: int, private: int) -> None:
    statement = update(attempt).where(_one(thread_id, member_id))
    uow.connection.execute(statement.values(private=private))


def find(uow: UnitOfWork, thread_id: int, member_id: int) -> Attempt | None:
    statement = select(
        attempt.c.thread, attempt.c.member, attempt.c.outcome, attempt.c.words, attempt.c.private
    ).where(_one(thread_id, member_id))
    row = uow.connection.execute(statement).one_or_none()
    return None if row is None else Attempt(*row)


def tell(uow: UnitOfWork, one: Attempt, outcome: str, words: str) -> None:
    statement = update(attempt).where(_one(one.thread, one.member))
    uow.connection.execute(statement.values(outcome=outcome, words=words, told_at=uow.now))


def forget(uow: UnitOfWork, member_id: int) -> None:
    """The member has left: what they told is gone."""
    uow.connection.execute(delete(attempt).where(attempt.c.member == member_id))


def forget_before(uow: UnitOfWork, moment: datetime) -> None:
    uow.connection.execute(delete(attempt).where(attempt.c.asked_at < moment))


def _one(thread_id: int, member_id: int) -> ColumnElement[bool]:
    return and_(attempt.c.thread == thread_id, attempt.c.member == member_id)
