"""What a member wrote, to be drawn anew everywhere: they belong elsewhere now, or have long left.

It is done a few posts at a time, for each room has its rate, and what is said now goes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, text, update

from storage.models import member, nomination, option, poll, post, reply, thread
from storage.unit_of_work import UnitOfWork

FEW = 20
PAUSE = timedelta(minutes=1)
FORMER = timedelta(days=30)
"""After this the name of somebody who has left no longer stands on what they wrote."""

DUE = text("member.redraw_at IS NOT NULL")
NEXT = select(func.min(member.c.redraw_at)).where(DUE)


@dataclass(frozen=True, slots=True)
class Written:
    """Posts that show what a member wrote: of which kind, and what they show."""

    member: int
    posts: tuple[tuple[str, int], ...]


def begin(uow: UnitOfWork, member_id: int, at: datetime | None = None) -> None:
    """Draw everything of this member anew, now or later."""
    values = {"redraw_at": at or uow.now, "redrawn": 0}
    uow.connection.execute(update(member).where(member.c.id == member_id).values(**values))


def due(uow: UnitOfWork) -> Written | None:
    """The next few posts of a member, each once; None if nothing is due."""
    statement = (
        select(member.c.id, func.coalesce(member.c.redrawn, 0))
        .where(DUE, member.c.redraw_at <= uow.now)
        .order_by(member.c.redraw_at)
        .limit(1)
    )
    row = uow.connection.execute(statement).one_or_none()
    if row is None:
        return None
    found = _posts(uow, *row)
    last = {"redrawn": found[-1][0], "redraw_at": uow.now + PAUSE} if len(found) == FEW else {}
    over = {"redrawn": None, "redraw_at": None}
    changed = update(member).where(member.c.id == row[0])
    uow.connection.execute(changed.values(**(last or over)))
    return Written(row[0], tuple((kind, subject) for _, kind, subject in found))


def forget_name(uow: UnitOfWork, member_id: int) -> None:
    """If the member left long ago, their name no longer stands on what they wrote."""
    statement = update(member).where(
        member.c.id == member_id,
        member.c.left_at <= uow.now - FORMER,
        member.c.former_at.is_(None),
    )
    uow.connection.execute(statement.values(former_at=uow.now))


def _posts(uow: UnitOfWork, member_id: int, after: int) -> list[tuple[int, str, int]]:
    questions = select(thread.c.id).where(thread.c.member == member_id)
    answers = select(reply.c.id).where(reply.c.member == member_id)
    chosen_from = (
        select(poll.c.thread)
        .join_from(option, poll, poll.c.id == option.c.poll)
        .join(
            nomination,
            or_(
                nomination.c.id == option.c.nomination,
                nomination.c.merged == option.c.nomination,
            ),
        )
        .where(nomination.c.member == member_id)
    )
    theirs = or_(
        and_(post.c.kind == "poll", post.c.subject.in_(chosen_from)),
        and_(post.c.kind == "question", post.c.subject.in_(questions)),
        and_(post.c.kind == "answer", post.c.subject.in_(answers)),
    )
    statement = select(post.c.id, post.c.kind, post.c.subject).where(theirs, post.c.id > after)
    rows = uow.connection.execute(statement.order_by(post.c.id).limit(FEW))
    return [(row[0], row[1], row[2]) for row in rows]
