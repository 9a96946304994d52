"""Who was asked something by name, when, and what came of it: kept for a while so that nobody is
asked too often, and shown to nobody but themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, exists, func, insert, select, update

from storage.models import invitation, private, reply, thread
from storage.threads import ANSWERS_IT, OPEN
from storage.unit_of_work import UnitOfWork

ASKED, NUDGE, CHECK, OPENING = "asked", "nudge", "check", "opening"
"""What somebody was asked: to answer a question that has just been asked; one that they of all
people could answer, since they have been quiet; whether that suits them; to say who they are."""

WAITING, ANSWERED, NOT_NOW, NAMED, JUST_READS, UNSURE, VOID = (
    "open",
    "answered",
    "not now",
    "named",
    "just reads",
    "unsure",
    "void",
)
"""What came of it. A void one never reached the member, or they have left: nothing comes of it any
more. Of one that is unsure it cannot be known whether it did: somebody else is asked, nothing is
concluded from silence, and they rest all the same."""

UNHEARD = (WAITING, UNSURE)
"""Nothing was said to one of these yet."""

SERIES = (NUDGE, "nudge-2", "nudge-3")
"""The first, and those that follow where the one before had no response: only the last need be
known, and those before it are forgotten in time."""

THEIRS = (*SERIES, CHECK)
"""All that are asked now and then."""

GO_ON, PAUSE, NO_MORE, NO_LONGER = "go on", "pause", "no more", "no longer"
"""What else came of one: they want more of these, none for a while, or switched them off; or they
would rather just read since, and that was not soon after it."""

REST = timedelta(days=183)
"""Who did not say whether it suits them is left alone for so long; until then it is kept that they
were asked."""

STANDING = (WAITING, ANSWERED)
"""Nobody else is asked in the place of one of these."""

IS_TO_BE_SENT = exists().where(private.c.id == invitation.c.private, private.c.state == "waiting")
"""The member has not seen it, and may never."""


@dataclass(frozen=True, slots=True)
class Invitation:
    id: int
    network: int
    member: int
    organisation: int
    kind: str
    thread: int | None
    private: int | None
    outcome: str
    at: datetime


_COLUMNS = select(
    invitation.c.id,
    invitation.c.network,
    invitation.c.member,
    invitation.c.organisation,
    invitation.c.kind,
    invitation.c.thread,
    invitation.c.private,
    invitation.c.outcome,
    invitation.c.at,
)


def begin(
    uow: UnitOfWork,
    *,
    network: int,
    member: int,
    organisation: int,
    kind: str,
    private: int,
    thread: int | None = None,
    outcome: str = WAITING,
) -> int:
    statement = insert(invitation).values(
        network=network,
        member=member,
        organisation=organisation,
        kind=kind,
        thread=thread,
        private=private,
        outcome=outcome,
        at=uow.now,
    )
    return uow.connection.execute(statement.returning(invitation.c.id)).scalar_one()


def of_private(uow: UnitOfWork, private_id: int) -> Invitation | None:
    """The one that this private message is."""
    row = uow.connection.execute(
        _COLUMNS.where(invitation.c.private == private_id).limit(1)
    ).one_or_none()
    return None if row is None else Invitation(*row)


def last_sent(uow: UnitOfWork, member_id: int) -> tuple[Invitation, datetime] | None:
    """The one that this member was sent last, or may have been, and when."""
    statement = (
        _COLUMNS.add_columns(private.c.sent_at)
        .join_from(private, invitation, invitation.c.private == private.c.id)
        .where(private.c.member == member_id, private.c.sent_at.is_not(None))
        .order_by(private.c.sent_at.desc(), private.c.id.desc())
    )
    row = uow.connection.execute(statement.limit(1)).one_or_none()
    return None if row is None else (Invitation(*row[:-1]), row[-1])


def of_thread(uow: UnitOfWork, thread_id: int) -> list[Invitation]:
    statement = _COLUMNS.where(invitation.c.thread == thread_id).order_by(invitation.c.id)
    return [Invitation(*row) for row in uow.connection.execute(statement)]


def sent_to(uow: UnitOfWork, thread_id: int, organisation_id: int) -> list[int]:
    """The messages in which somebody of the organisation was asked about this."""
    statement = select(invitation.c.private).where(
        invitation.c.thread == thread_id,
        invitation.c.organisation == organisation_id,
        invitation.c.private.is_not(None),
    )
    return list(uow.connection.execute(statement).scalars())


def settle(uow: UnitOfWork, id: int, outcome: str) -> bool:
    """What came of it; False if that was known."""
    unheard = invitation.c.outcome.in_(UNHEARD)
    statement = update(invitation).where(invitation.c.id == id, unheard)
    return uow.connection.execute(statement.values(outcome=outcome)).rowcount == 1


def void(uow: UnitOfWork, id: int) -> None:
    """It never reached the member: nothing that they did meanwhile came of it."""
    statement = update(invitation).where(invitation.c.id == id)
    uow.connection.execute(statement.values(outcome=VOID))


def let_be(uow: UnitOfWork, member_id: int) -> list[int]:
    """The member would rather just read: what they were ever asked now and then, or as a newcomer,
    and said nothing to, is theirs no more; the messages."""
    statement = update(invitation).where(
        invitation.c.member == member_id,
        invitation.c.kind.in_((*THEIRS, OPENING)),
        invitation.c.outcome.in_(UNHEARD),
        ~IS_TO_BE_SENT,
    )
    changed = statement.values(outcome=NO_LONGER).returning(invitation.c.private)
    return [id for id in uow.connection.execute(changed).scalars() if id is not None]


_ANSWERED = (
    update(invitation)
    .where(
        invitation.c.thread == bindparam("t"),
        invitation.c.member == bindparam("m"),
        invitation.c.outcome.not_in((ANSWERED, VOID)),
    )
    .values(outcome=ANSWERED)
    .returning(invitation.c.private)
)


def answered(uow: UnitOfWork, thread_id: int, member_id: int) -> list[int]:
    """The member has answered there, whichever way they took, and whatever else they said before;
    the message that asked them to."""
    rows = uow.connection.execute(_ANSWERED, {"t": thread_id, "m": member_id})
    return [id for id in rows.scalars() if id is not None]


def close(uow: UnitOfWork, member_id: int) -> list[int]:
    """The member has left; the threads in which they were asked, and somebody else may be now."""
    statement = update(invitation).where(
        invitation.c.member == member_id, invitation.c.outcome == WAITING
    )
    closed = uow.connection.execute(statement.values(outcome=VOID).returning(invitation.c.thread))
    return sorted(id for id in closed.scalars() if id is not None)


def forget_before(uow: UnitOfWork, moment: datetime, resting: datetime) -> None:
    """Those before the moment. That somebody did not say whether it suits them is kept until they
    have been left in peace for as long as that is `resting`."""
    rests = and_(
        invitation.c.kind == CHECK, invitation.c.outcome == WAITING, invitation.c.at >= resting
    )
    uow.connection.execute(delete(invitation).where(invitation.c.at < moment, ~rests))


# ---- whether a question still waits


ENOUGH = 2
"""Other organisations from which a question has an answer when nobody more is asked."""


def is_waiting(uow: UnitOfWork, thread_id: int, member_id: int = 0) -> bool:
    """Whether the question is open, other organisations have hardly answered it, and this member
    has not."""
    answers = and_(
        reply.c.thread == thread.c.id,
        ANSWERS_IT,
        reply.c.member != thread.c.member,
    )
    others = and_(answers, reply.c.organisation != thread.c.organisation)
    count = select(func.count(reply.c.organisation.distinct())).where(others).scalar_subquery()
    theirs = select(reply.c.id).where(answers, reply.c.member == member_id).exists()
    statement = select(thread.c.id).where(
        thread.c.id == thread_id, thread.c.kind == "question", OPEN, count < ENOUGH, ~theirs
    )
    return uow.connection.execute(statement).first() is not None
