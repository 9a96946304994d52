"""What came of asking members now and then, counted for a whole network, and whether it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, select, update

from storage import polls
from storage.invitations import (
    ANSWERED,
    GO_ON,
    IS_TO_BE_SENT,
    JUST_READS,
    NAMED,
    NO_MORE,
    NUDGE,
    SERIES,
    THEIRS,
    UNHEARD,
    VOID,
)
from storage.models import invitation, network, poll
from storage.quiet import theirs
from storage.unit_of_work import UnitOfWork

JOB = NUDGE
"""In which it is looked at whether it goes on, and whoever is to be asked is asked."""


def settle_votes(uow: UnitOfWork, network_id: int) -> None:
    """Whoever was asked to vote, and has voted since, has answered."""
    open_ = and_(
        invitation.c.network == network_id,
        invitation.c.kind.in_(THEIRS),
        invitation.c.outcome.in_(UNHEARD),
    )
    voted = exists().where(
        invitation.c.member == polls.VOTER,
        invitation.c.at < polls.VOTED_AT,
        poll.c.id == polls.VOTED_IN,
        poll.c.thread == invitation.c.thread,
    )
    uow.connection.execute(update(invitation).where(open_, voted).values(outcome=ANSWERED))


def turned_down(uow: UnitOfWork, member_id: int, since: datetime, outcome: str) -> list[int | None]:
    """The member wants no more of these, soon after they got one; the messages, as far as they are
    known still."""
    statement = update(invitation).where(
        invitation.c.member == member_id,
        invitation.c.kind.in_(THEIRS),
        invitation.c.outcome != VOID,
        invitation.c.at >= since,
        ~IS_TO_BE_SENT,
    )
    changed = statement.values(outcome=outcome).returning(invitation.c.private)
    return list(uow.connection.execute(changed).scalars())


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were asked like this in a network, and of them answered, or wanted no more."""

    sent: int
    answered: int
    turned_down: int


def counts(
    uow: UnitOfWork, network_id: int, since: datetime, before: datetime | None = None
) -> Counts:
    def of(*outcomes: str) -> ColumnElement[int]:
        return func.count(case((invitation.c.outcome.in_(outcomes), 1)))

    statement = select(func.count(), of(ANSWERED, NAMED, GO_ON), of(JUST_READS, NO_MORE)).where(
        *theirs(network_id), invitation.c.at > since
    )
    if before is not None:
        statement = statement.where(invitation.c.at < before)
    return Counts(*uow.connection.execute(statement).one())


def tell_counts(uow: UnitOfWork, network_id: int, monday: date, found: Counts) -> None:
    """From now on this is what is told, whatever is answered meanwhile."""
    statement = update(network).where(network.c.id == network_id)
    values = {"asking_sent": found.sent, "asking_answered": found.answered}
    uow.connection.execute(statement.values(asking_told=monday, **values))


def told_counts(uow: UnitOfWork, network_id: int) -> tuple[date, Counts] | None:
    """What is told, and until which Monday it was counted; None before the first time."""
    statement = select(network.c.asking_told, network.c.asking_sent, network.c.asking_answered)
    row = uow.connection.execute(statement.where(network.c.id == network_id)).one()
    return None if row[0] is None else (row[0], Counts(row[1], row[2], 0))


def asked_at(uow: UnitOfWork, network_id: int, moment: datetime) -> list[int]:
    """Who was asked something that waited, by what was decided at this moment."""
    statement = select(invitation.c.member).where(
        *theirs(network_id), invitation.c.kind.in_(SERIES), invitation.c.at == moment
    )
    return list(uow.connection.execute(statement).scalars())


@dataclass(frozen=True, slots=True)
class Asking:
    """Whether a network's members are asked like this: the seed by which, since when, and since
    when no more."""

    seed: str
    since: datetime | None
    stopped_at: datetime | None


def asking(uow: UnitOfWork, network_id: int) -> Asking:
    statement = select(network.c.seed, network.c.asking_since, network.c.asking_stopped_at)
    return Asking(*uow.connection.execute(statement.where(network.c.id == network_id)).one())


def stop(uow: UnitOfWork, network_id: int) -> None:
    statement = update(network).where(network.c.id == network_id)
    uow.connection.execute(statement.values(asking_stopped_at=uow.now))


def start(uow: UnitOfWork, network_id: int) -> bool:
    """Ask again, and count from now on whether that does harm; False if it was not stopped."""
    statement = update(network).where(
        network.c.id == network_id, network.c.asking_stopped_at.is_not(None)
    )
    values = {"asking_stopped_at": None, "asking_since": uow.now}
    return uow.connection.execute(statement.values(**values)).rowcount == 1
