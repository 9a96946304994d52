"""Whom a question could be put to by name: members of other organisations, with what is needed to
choose among them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, literal, or_, select

from storage import members
from storage.invitations import VOID
from storage.members import PROFILES, Profile
from storage.models import greeting, invitation, member, member_theme, muted, private
from storage.rooms import organisations_that_take_part
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


def candidates(
    uow: UnitOfWork,
    thread_id: int,
    network: int,
    organisation: int,
    themes: Collection[int],
    kind: str,
) -> list[Candidate]:
    """Of each organisation but this one that takes part both ways, those who can help first, and
    then those who were not asked for the longest time."""
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
