"""Whom a question could be put to by name: members of other organisations, with what is needed to
choose among them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    update,
)

from storage import members
from storage.invitations import ASKED, OPENING, VOID, WAITING
from storage.members import ANSWERING, PROFILES, Profile
from storage.models import (
    account,
    greeting,
    installation,
    invitation,
    member,
    member_theme,
    membership,
    muted,
    private,
)
from storage.privates import UNDELIVERED
from storage.rooms import organisations_that_take_part
from storage.unit_of_work import UnitOfWork

MOST = 30
"""Members of one organisation among whom is chosen: in a large network not all are looked at."""

RESTING, SETTLING = timedelta(days=10), timedelta(days=5)
"""No ten, and no five, working days are fewer."""

_SCATTER, _AROUND = 7919, 100_003
"""Two primes that put members in an order of their own for each question."""


_IS_ASKED = invitation.c.kind != OPENING
"""A newcomer is told how to begin, which asks nothing of them; and that is planned when they come,
days before it is sent."""

STEP = "ask"
"""The step in which a question is put to members."""


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
    unreached: bool = False
    """Their account is gone, or the last two messages to them did not arrive."""


@dataclass(frozen=True, slots=True)
class Sought:
    """For which question members are sought, what it is about, and by which kind of message they
    would be asked."""

    thread: int
    network: int
    organisation: int
    themes: Collection[int]
    kind: str
    today: date


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
            member.c.role.in_(ANSWERING),
            account.c.name.is_not(None),
        )
        .group_by(member.c.id)
        .order_by(name, member.c.id)
    )
    return [(row[0], row[1]) for row in uow.connection.execute(statement.limit(limit))]


def give_back(uow: UnitOfWork, member_id: int, outcome: str) -> list[tuple[int, int | None]]:
    """What was put to the member and waits is not theirs any more: the threads, and the messages
    in which they were asked."""
    statement = update(invitation).where(
        invitation.c.member == member_id,
        invitation.c.kind == ASKED,
        invitation.c.outcome == WAITING,
        invitation.c.thread.is_not(None),
    )
    changed = statement.values(outcome=outcome).returning(invitation.c.thread, invitation.c.private)
    return [(row[0], row[1]) for row in uow.connection.execute(changed)]


def candidates(
    uow: UnitOfWork, about: Sought, *, only_helping: bool = False, only: int | None = None
) -> list[Candidate]:
    """Of each organisation but the asker's that takes part both ways, those whom nothing plain is
    against: who can help first, and then who was not tried for the longest time."""
    if only is not None:
        return _candidates(uow, about, member.c.id == only)
    which = [*_may_be_asked(uow, about)]
    if only_helping:
        which.append(_helps(about))
    return _candidates(uow, about, *which, most=MOST)


def everybody(uow: UnitOfWork, about: Sought) -> list[Candidate]:
    """Also those whom something is against."""
    return _candidates(uow, about)


def _may_be_asked(uow: UnitOfWork, about: Sought) -> Iterator[ColumnElement[bool]]:
    """What needs no calendar to be known; so nobody stands in the way of those who can be asked."""
    yield member.c.role.in_(ANSWERING)
    yield member.c.home.is_(None)
    yield member.c.just_reads.is_(False)
    yield or_(
        member.c.away_until.is_(None),
        member.c.away_until <= about.today,
        member.c.away_from > about.today,
    )
    yield func.coalesce(member.c.welcomed_at, member.c.joined_at) < uow.now - SETTLING
    yield ~_is_muted(about)
    yield _has_account()
    yield ~_knows(about)
    yield ~exists().where(
        invitation.c.member == member.c.id,
        invitation.c.at > uow.now - RESTING,
        invitation.c.outcome != VOID,
        _IS_ASKED,
    )


def _helps(about: Sought) -> ColumnElement[bool]:
    return exists().where(
        member_theme.c.member == member.c.id, member_theme.c.theme.in_(list(about.themes))
    )


def _is_muted(about: Sought) -> ColumnElement[bool]:
    return exists().where(muted.c.member == member.c.id, muted.c.kind == about.kind)


def _knows(about: Sought) -> ColumnElement[bool]:
    return or_(
        exists().where(invitation.c.thread == about.thread, invitation.c.member == member.c.id),
        exists().where(greeting.c.thread == about.thread, greeting.c.host == member.c.id),
    )


def _has_account() -> ColumnElement[bool]:
    return (
        exists()
        .where(membership.c.member == member.c.id)
        .where(account.c.id == membership.c.account, account.c.gone_at.is_(None))
        .where(installation.c.id == account.c.installation, installation.c.stopped_at.is_(None))
    )


def _is_unreached() -> ColumnElement[bool]:
    """Whether the last two messages that were sent to them did not arrive."""
    shown = private.alias()
    arrived = (
        select(func.coalesce(func.max(shown.c.id), 0))
        .where(shown.c.member == member.c.id, shown.c.state == "shown")
        .correlate(member)
        .scalar_subquery()
    )
    lost = select(func.count()).where(
        private.c.member == member.c.id,
        private.c.state == "dropped",
        private.c.reason == UNDELIVERED,
        private.c.id > arrived,
    )
    return lost.correlate(member).scalar_subquery() >= 2


def _candidates(
    uow: UnitOfWork, about: Sought, *which: ColumnElement[bool], most: int | None = None
) -> list[Candidate]:
    reached = case((invitation.c.outcome != VOID, invitation.c.at))
    lately = (
        select(
            invitation.c.member.label("whose"),
            func.count().label("load"),
            func.max(reached).label("last"),
            func.max(invitation.c.at).label("tried"),
        )
        .where(invitation.c.network == about.network, _IS_ASKED)
        .group_by(invitation.c.member)
        .subquery()
    )
    helps = _helps(about)
    scattered = (member.c.id * _SCATTER + literal(about.thread)) % _AROUND
    order = (helps.desc(), lately.c.tried.is_not(None), lately.c.tried, scattered)
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
            member.c.network == about.network,
            member.c.organisation != about.organisation,
            member.c.left_at.is_(None),
            member.c.organisation.in_(organisations_that_take_part()),
            *which,
        )
        .subquery()
    )
    sent = (
        select(func.max(private.c.sent_at)).where(private.c.member == member.c.id).scalar_subquery()
    )
    statement = (
        PROFILES.add_columns(
            member.c.home,
            ranked.c.helps,
            ranked.c.load,
            ranked.c.last,
            sent,
            _is_muted(about),
            _knows(about),
            or_(~_has_account(), _is_unreached()),
        )
        .join(ranked, ranked.c.id == member.c.id)
        .where(true() if most is None else ranked.c.n <= most)
        .order_by(ranked.c.n, member.c.id)
    )
    width = len(PROFILES.selected_columns)
    rows = uow.connection.execute(statement)
    return [Candidate(members.read(row[:width]), *row[width:]) for row in rows]
