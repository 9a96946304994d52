"""Of which answers whoever asked is told, or need not be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from storage.models import reply, thread
from storage.threads import ANSWERS, ANSWERS_IT, OWNER, Utterance
from storage.unit_of_work import UnitOfWork

STEP = "answers"
"""To tell whoever asked that there are answers."""

HELPED = "helped"
"""To ask whether one of them helped."""


@dataclass(frozen=True, slots=True)
class Said:
    """A reply in the thread of a question, and who wrote it. `at` is when they did, or when the
    word or two that they wrote became an answer; what `answers` is more than that, or helped."""

    id: int
    member: int
    at: datetime
    stands: bool
    helped: bool
    answers: bool

    @property
    def place(self) -> tuple[datetime, int]:
        """Where it stands among the others."""
        return self.at, self.id


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: who asked, whose it is now, and up to which answer those have been told."""

    thread: int
    network: int
    organisation: int
    author: int
    member: int
    told: int | None
    told_at: datetime | None
    state: str
    marked: bool

    @property
    def is_open(self) -> bool:
        return self.state == "open" and not self.marked

    def is_answered_by(self, said: Said) -> bool:
        """Whether it stands and is an answer, and somebody else wrote it."""
        return said.answers and said.member not in (self.author, self.member)

    def is_told_of(self, said: Said) -> bool:
        if self.told is None or self.told_at is None:
            return False
        return said.place <= (self.told_at, self.told)


def asked(uow: UnitOfWork, thread_id: int) -> Asked | None:
    """The question; None for what the bot asks."""
    statement = select(
        thread.c.id,
        thread.c.network,
        thread.c.organisation,
        thread.c.member,
        OWNER,
        thread.c.told,
        thread.c.told_at,
        thread.c.state,
        thread.c.answered_at.is_not(None),
    ).where(thread.c.id == thread_id, thread.c.kind == "question")
    row = uow.connection.execute(statement).one_or_none()
    return None if row is None else Asked(*row)


def said(uow: UnitOfWork, thread_id: int) -> list[Said]:
    """What was said in the thread, in its order: a word that became an answer has a later place."""
    at = func.coalesce(reply.c.counts_at, reply.c.created_at)
    statement = select(
        reply.c.id,
        reply.c.member,
        at,
        reply.c.state == "standing",
        reply.c.helped.is_not(None),
        ANSWERS_IT,
    ).where(reply.c.thread == thread_id)
    rows = uow.connection.execute(statement.order_by(at, reply.c.id))
    return [Said(*row) for row in rows]


def note_told(uow: UnitOfWork, thread_id: int, last: Said) -> None:
    """Whoever asked is told of everything up to this answer, or need not be."""
    statement = update(thread).where(thread.c.id == thread_id)
    uow.connection.execute(statement.values(told=last.id, told_at=last.at))


def answers(uow: UnitOfWork, ids: Collection[int]) -> list[Utterance]:
    """Those of these answers that still are some, under questions that do, in their order."""
    statement = ANSWERS.where(reply.c.id.in_(ids), ANSWERS_IT, thread.c.state == "open")
    rows = uow.connection.execute(statement.order_by(reply.c.created_at, reply.c.id))
    return [Utterance(*row) for row in rows]
