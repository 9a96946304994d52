"""What others found useful while somebody was away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select

from storage.models import reply, thread
from storage.unit_of_work import UnitOfWork

LATEST = 20
"""Questions among which is chosen, so that a long summer costs no more than a short one."""


def useful(uow: UnitOfWork, network: int, member: int, since: datetime, limit: int) -> list[int]:
    """The latest questions that others have marked as answered since, and picked what helped; none
    that the member asked or answered."""
    latest = (
        select(thread.c.id, thread.c.answered_at)
        .where(
            thread.c.network == network,
            thread.c.answered_at.is_not(None),
            thread.c.answered_at >= since,
            thread.c.state == "open",
            thread.c.member != member,
        )
        .order_by(thread.c.answered_at.desc())
        .limit(LATEST)
        .subquery()
    )
    standing = (reply.c.thread == latest.c.id, reply.c.state == "standing")
    helped = exists().where(*standing, reply.c.helped.is_not(None))
    theirs = exists().where(reply.c.thread == latest.c.id, reply.c.member == member)
    statement = select(latest.c.id).where(helped, ~theirs)
    statement = statement.order_by(latest.c.answered_at.desc(), latest.c.id.desc())
    return list(uow.connection.execute(statement.limit(limit)).scalars())
