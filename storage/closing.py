"""Which questions are answered, and by which of their answers."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, bindparam, literal, or_, select, update

from storage.models import reply, thread
from storage.threads import ANSWERS, Utterance
from storage.unit_of_work import UnitOfWork

MOST = 100
"""Answers that are listed at once: a platform's list has as many lines."""

_STANDING = ANSWERS.where(reply.c.thread == bindparam("x"), reply.c.state == "standing")
_LATEST = (
    _STANDING.where(reply.c.helped.is_(None))
    .order_by(reply.c.created_at.desc(), reply.c.id.desc())
    .limit(MOST)
)
_HELPED = _STANDING.where(reply.c.helped.is_not(None)).order_by(reply.c.id).limit(MOST)


def lock(uow: UnitOfWork, thread_id: int) -> None:
    """Let nobody else close or open it until the commit. SQLite has one writer anyway."""
    uow.connection.execute(select(thread.c.id).where(thread.c.id == thread_id).with_for_update())


def close(uow: UnitOfWork, thread_id: int, *, by: int, unanswered: bool = False) -> bool:
    """The question is answered, says this member, or closed `unanswered`; False if it was
    already, or is withdrawn. What was closed may be answered after all."""
    is_news = or_(thread.c.answered_at.is_(None), and_(thread.c.closed, literal(not unanswered)))
    statement = update(thread).where(thread.c.id == thread_id, thread.c.state == "open", is_news)
    values = {"answered_at": uow.now, "answered_by": by, "closed": unanswered}
    return uow.connection.execute(statement.values(**values)).rowcount == 1


def reopen(uow: UnitOfWork, thread_id: int) -> bool:
    """It is open after all; False if it was, or is withdrawn."""
    statement = update(thread).where(
        thread.c.id == thread_id, thread.c.state == "open", thread.c.answered_at.is_not(None)
    )
    values = {"answered_at": None, "answered_by": None, "closed": False}
    return uow.connection.execute(statement.values(**values)).rowcount == 1


def mark_helped(uow: UnitOfWork, thread_id: int, ids: Iterable[int]) -> list[int]:
    """These answers did it; those of them that are news, and stand under this question."""
    statement = update(reply).where(
        reply.c.id.in_(list(ids)),
        reply.c.thread == thread_id,
        reply.c.state == "standing",
        reply.c.helped.is_(None),
    )
    marked = uow.connection.execute(statement.values(helped=uow.now).returning(reply.c.id))
    return sorted(marked.scalars())


def forget_helped(uow: UnitOfWork, thread_id: int) -> list[int]:
    """No answer did it after all; those that were thought to."""
    statement = update(reply).where(reply.c.thread == thread_id, reply.c.helped.is_not(None))
    forgotten = uow.connection.execute(statement.values(helped=None).returning(reply.c.id))
    return sorted(forgotten.scalars())


def latest_answers(uow: UnitOfWork, thread_id: int) -> list[Utterance]:
    """The latest answers that stand and are not yet picked, the newest first."""
    return [Utterance(*row) for row in uow.connection.execute(_LATEST, {"x": thread_id})]


def answers_that_helped(uow: UnitOfWork, thread_id: int) -> list[Utterance]:
    return [Utterance(*row) for row in uow.connection.execute(_HELPED, {"x": thread_id})]
