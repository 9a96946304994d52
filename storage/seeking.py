"""Whom a question could be put to by name: members of other organisations, with what is needed to
choose among them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, update

from storage import members
from storage.invitations import VOID
from storage.members import PROFILES, Profile
from storage.models import (
    account,
    greeting,
    invitation,
    member,
    member_theme,
    membership,
    muted,
    private,
    reply,
    thread,
)
from storage.rooms import organisations_that_take_part
from storage.threads import OPEN
from storage.unit_of_work import UnitOfWork

MOST = 30
"""Members of one organisation among whom is chosen: in a large network not all are looked at."""

_SCATTER, _AROUND = 7919, 100_003
"""Two primes that put members in an order of their own for each question."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member of another organisation. `helps`: they said that they can help with what the
    question is about; `load` is how often they were asked something lately, and `last` when;
    `knows`: they are asked about this very question already."""

    member: Profile
    home: str | None
    helps: bool
    load: int
    last: datetime | None
    last_sent: datetime | None
    is_muted: bool
    knows: bool


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
    reply.c.state == "standing",
    reply.c.member != thread.c.member,
)


_ASKED = select(
    thread.c.id,
    thread.c.network,
    thread.c.organisation,
    func.coalesce(thread.c.keeper, thread.c.member),
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


def colleagues(
    uow: UnitOfWork, organisation: int, member_id: int, limit: int
) -> list[tuple[int, str]]:
    """The others of an organisation who take part and whose names are known, by name."""
    name = func.min(account.c.name)
    statement = (
        select(member.c.id, name)
        .join_from(member, membership, membership.c.member == member.c.id)
        .join(account, account.c.id == membership.c.account)
        .where(
            member.c.organisation == organisation,
            member.c.id != member_id,
            member.c.left_at.is_(None),
            member.c.role.in_(("member", "coordinator")),
            account.c.name.is_not(None),
        )
        .group_by(member.c.id)
        .order_by(name, member.c.id)
    )
    return [(row[0], row[1]) for row in uow.connection.execute(statement.limit(limit))]


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


def candidates(
    uow: UnitOfWork,
    thread_id: int,
    network: int,
    organisation: int,
    themes: Collection[int],
    kind: str,
    only: int | None = None,
) -> list[Candidate]:
    """Of each organisation but this one that takes part both ways, those who can help first, and
    then those who were not asked for the longest time; or `only` this member."""
    lately = (
        select(
            invitation.c.member.label("whose"),
            func.count().label("load"),
            func.max(invitation.c.at).label("last"),
        )
        .where(invitation.c.network == network, invitation.c.outcome != VOID)
        .group_by(invitation.c.member)
        .subquery()
    )
    helps = exists().where(
        member_theme.c.member == member.c.id, member_theme.c.theme.in_(list(themes))
    )
    scattered = (member.c.id * _SCATTER + literal(thread_id)) % _AROUND
    order = (helps.desc(), lately.c.last.is_not(None), lately.c.last, scattered)
    ranked = (
        select(
            member.c.id,
            helps.label("helps"),
            func.coalesce(lately.c.load, 0).label("load"),
            lately.c.last,
            func.row_number().over(partition_by=member.c.organisation, order_by=order).label("n"),
        )
        .outerjoin(lately, lately.c.whose == member.c.id)
        .where(
            member.c.network == network,
            member.c.organisation != organisation,
            member.c.left_at.is_(None),
            member.c.organisation.in_(organisations_that_take_part()),
            *(() if only is None else (member.c.id == only,)),
        )
        .subquery()
    )
    sent = (
        select(func.max(private.c.sent_at)).where(private.c.member == member.c.id).scalar_subquery()
    )
    knows = or_(
        exists().where(invitation.c.thread == thread_id, invitation.c.member == member.c.id),
        exists().where(greeting.c.thread == thread_id, greeting.c.host == member.c.id),
    )
    statement = (
        PROFILES.add_columns(
            member.c.home,
            ranked.c.helps,
            ranked.c.load,
            ranked.c.last,
            sent,
            exists().where(and_(muted.c.member == member.c.id, muted.c.kind == kind)),
            knows,
        )
        .join(ranked, ranked.c.id == member.c.id)
        .where(ranked.c.n <= MOST)
        .order_by(ranked.c.n, member.c.id)
    )
    width = len(PROFILES.selected_columns)
    rows = uow.connection.execute(statement)
    return [Candidate(members.read(row[:width]), *row[width:]) for row in rows]
