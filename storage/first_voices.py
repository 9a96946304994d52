"""Who was asked to answer the question of a week first, and what came of it.

It is kept so that the turn goes round, and shown to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from storage.members import ANSWERING
from storage.models import first_voice, member
from storage.ready import Ready
from storage.rooms import organisations_that_take_part
from storage.unit_of_work import UnitOfWork

JOB = "first-voice"

ASKED, YES, NO, VOID, PAST = "asked", "yes", "no", "void", "past"
"""A void one never reached the member, or they have left. Of one that is past only the day is kept
on which it was the member's turn."""

STANDING = (ASKED, YES)
"""While one of a week is in one of these, nobody else is asked."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A member was asked for the week of this Monday, with this private message."""

    member: int
    week: date
    network: int
    private: int | None
    state: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member who could be asked, when it was their turn last, and when their organisation's."""

    member: int
    organisation: int
    last: datetime | None
    organisations_last: datetime | None


_COLUMNS = select(
    first_voice.c.member,
    first_voice.c.week,
    first_voice.c.network,
    first_voice.c.private,
    first_voice.c.state,
)


def begin(
    uow: UnitOfWork,
    member_id: int,
    week: date,
    *,
    network: int,
    organisation: int,
    private: int,
    state: str = ASKED,
) -> None:
    uow.connection.execute(
        insert(first_voice).values(
            member=member_id,
            week=week,
            network=network,
            organisation=organisation,
            private=private,
            state=state,
            asked_at=uow.now,
        )
    )


def of_week(uow: UnitOfWork, network: int, week: date) -> list[Turn]:
    return [Turn(*row) for row in _OF_WEEK.all(uow, {"n": network, "w": week})]


_OF_WEEK = Ready(
    _COLUMNS.where(first_voice.c.network == bindparam("n"), first_voice.c.week == bindparam("w"))
)


def find(uow: UnitOfWork, member_id: int, week: date) -> Turn | None:
    row = uow.connection.execute(_COLUMNS.where(_one(member_id, week))).one_or_none()
    return None if row is None else Turn(*row)


def settle(uow: UnitOfWork, member_id: int, week: date, state: str) -> None:
    statement = update(first_voice).where(_one(member_id, week))
    uow.connection.execute(statement.values(state=state))


def _one(member_id: int, week: date) -> ColumnElement[bool]:
    return and_(first_voice.c.member == member_id, first_voice.c.week == week)


def candidates(uow: UnitOfWork, network: int) -> list[Candidate]:
    """Those who take part, for an organisation whose channel is open both ways."""
    theirs = _turns(network, first_voice.c.member)
    whole = _turns(network, first_voice.c.organisation)
    statement = (
        select(member.c.id, member.c.organisation, theirs.c.at, whole.c.at)
        .outerjoin(theirs, theirs.c.whose == member.c.id)
        .outerjoin(whole, whole.c.whose == member.c.organisation)
        .where(
            member.c.network == network,
            member.c.role.in_(ANSWERING),
            member.c.left_at.is_(None),
            member.c.just_reads.is_(False),
            member.c.home.is_(None),
            member.c.organisation.in_(organisations_that_take_part()),
        )
    )
    return [Candidate(*row) for row in uow.connection.execute(statement)]


def _turns(network: int, whose: ColumnElement[int]) -> Subquery:
    """When it was whose turn last."""
    return (
        select(whose.label("whose"), func.max(first_voice.c.asked_at).label("at"))
        .where(first_voice.c.network == network, first_voice.c.state != VOID)
        .group_by(whose)
        .subquery()
    )


def close(uow: UnitOfWork, member_id: int) -> bool:
    """The member has left; whether that leaves a week without anybody."""
    statement = update(first_voice).where(
        first_voice.c.member == member_id, first_voice.c.state.in_(STANDING)
    )
    return uow.connection.execute(statement.values(state=VOID)).rowcount > 0


def forget_before(uow: UnitOfWork, moment: datetime) -> None:
    """What came of old ones; that it was a member's turn, once they have had another or left."""
    old = first_voice.c.asked_at < moment
    newer = first_voice.alias()
    again = exists().where(
        newer.c.member == first_voice.c.member, newer.c.asked_at > first_voice.c.asked_at
    )
    left = exists().where(member.c.id == first_voice.c.member, member.c.left_at.is_not(None))
    over = or_(first_voice.c.state == VOID, again, left)
    uow.connection.execute(delete(first_voice).where(old, over))
    uow.connection.execute(
        update(first_voice).where(old, first_voice.c.state != PAST).values(state=PAST, private=None)
    )
