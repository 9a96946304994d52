"""Of which answers whoever asked is told, or need not be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from storage.models import reply, thread
from storage.threads import ANSWERS, OWNER, Utterance
from storage.unit_of_work import UnitOfWork

STEP = "answers"
"""To tell whoever asked that there are answers."""

HELPED = "helped"
"""To ask whether one of them helped."""


@dataclass(frozen=True, slots=True)
class Said:
    """A reply in the thread of a question, and who wrote it."""

    id: int
    member: int
    at: datetime
    stands: bool
    helped: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: who asked, whose it is now, and up to which answer those have been told."""

    thread: int
    network: int
    organisation: int
    author: int
    member: int
    told: int | None
    state: str
    marked: bool

    @property
    def is_open(self) -> bool:
        return self.state == "open" and not self.marked

    def is_answered_by(self, said: Said) -> bool:
        """Whether it stands, and somebody else wrote it."""
        return said.stands and said.member not in (self.author, self.member)


def asked(uow: UnitOfWork, thread_id: int) -> Asked | None:
    """The question; None for what the bot asks."""
    statement = select(
        thread.c.id,
        thread.c.network,
        thread.c.organisation,
        thread.c.member,
        OWNER,
        thread.c.told,
        thread.c.state,
        thread.c.answered_at.is_not(None),
    ).where(thread.c.id == thread_id, thread.c.kind == "question")
    row = uow.connection.execute(statement).one_or_none()
    return None if row is None else Asked(*row)


def said(uow: UnitOfWork, thread_id: int) -> list[Said]:
    """What was said in the thread, in its order."""
    statement = select(
        reply.c.id,
        reply.c.member,
        reply.c.created_at,
        reply.c.state == "standing",
        reply.c.helped.is_not(None),
    ).where(reply.c.thread == thread_id)
    rows = uow.connection.execute(statement.order_by(reply.c.created_at, reply.c.id))
    return [Said(*row) for row in rows]


def note_told(uow: UnitOfWork, thread_id: int, last: int) -> None:
    """Whoever asked is told of everything up to this answer, or need not be."""
    uow.connection.execute(update(thread).where(thread.c.id == thread_id).values(told=last))


def answers(uow: UnitOfWork, ids: Collection[int]) -> list[Utterance]:
    """Those of these answers that stand, under questions that do, in their order."""
    statement = ANSWERS.where(
        reply.c.id.in_(ids), reply.c.state == "standing", thread.c.state == "open"
    )
    rows = uow.connection.execute(statement.order_by(reply.c.created_at, reply.c.id))
    return [Utterance(*row) for row in rows]
