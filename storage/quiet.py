"""What has to be known to decide who is asked something that they could help with.

It begins with what waits now, and goes on to those who might help with it: never with all members.
Nothing of this is written down, logged or shown; what is kept is that somebody was asked.

Now is the moment of the unit of work, and what came after it does not count: so a day that is over
can be decided about once more. What members have chosen is known only as it is today.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SelectBase,
    and_,
    exists,
    func,
    or_,
    select,
    true,
    union,
    union_all,
)

from storage import polls
from storage.invitations import (
    ENOUGH,
    NUDGE,
    THEIRS,
    VOID,
)
from storage.members import ANSWERING
from storage.models import (
    attempt,
    backer,
    invitation,
    member,
    member_theme,
    muted,
    nomination,
    organisation,
    reply,
    thread,
    thread_theme,
)
from storage.rooms import organisations_that_take_part
from storage.threads import ANSWERS_IT, OPEN
from storage.unit_of_work import UnitOfWork

NEWEST = 200
"""Of so many of the newest open questions, those that wait are looked for."""

WAITS = timedelta(days=28)
"""What was asked before that waits no more."""

A_DAY = timedelta(days=1)

LATEST = 600
"""Of so many of the newest questions, those are counted to which there was something to say."""

SURELY = timedelta(days=26)
"""Twenty working days are more than these, whoever's they are."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that waits, from this organisation; or (None) a poll, and the organisations that
    lack votes in it. `asked` is how many were asked about it like this."""

    thread: int
    since: datetime
    organisation: int | None
    themes: frozenset[int]
    lacks: frozenset[int]
    asked: int


@dataclass(frozen=True, slots=True)
class Invited:
    """When a member was asked something, how, and what came of it."""

    kind: str
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member who might help with something that waits. `contributed` is when they last did,
    `about` are the threads in which they have, or were asked to; `invited` comes newest first."""

    id: int
    organisation: int
    role: str
    joined_at: datetime
    days: frozenset[int]
    just_reads: bool
    away_from: date | None
    away_until: date | None
    contributed: datetime | None
    themes: frozenset[int]
    about: frozenset[int]
    switched_off: bool
    invited: tuple[Invited, ...]


# ---- what waits


def waiting(
    uow: UnitOfWork, network_id: int, before: datetime, *, only: int | None = None
) -> list[Waiting]:
    """Questions that hardly any other organisation has answered, and a poll that lacks votes, from
    before this moment; or `only` the thread that is named, if it is one of them."""
    open_ = _open(uow, network_id)
    if only is not None:
        open_ = select(thread.c.id).where(thread.c.id == only, OPEN)
    polls_ = [one for one in _polls(uow, network_id, before) if only in (None, one.thread)]
    return [*_questions(uow, open_, before), *polls_]


def _open(uow: UnitOfWork, network_id: int) -> SelectBase:
    """The newest that are open, and those that were and have been answered since."""
    newest = (
        select(thread.c.id)
        .where(thread.c.network == network_id, OPEN, thread.c.created_at <= uow.now)
        .order_by(thread.c.number.desc())
        .limit(NEWEST)
        .subquery()
    )
    since = select(thread.c.id).where(
        thread.c.network == network_id,
        thread.c.answered_at > uow.now,
        thread.c.state != "withdrawn",
    )
    return union_all(select(newest.c.id), since)


def _questions(uow: UnitOfWork, open_: SelectBase, before: datetime) -> Iterator[Waiting]:
    others = (
        select(func.count(reply.c.organisation.distinct()))
        .where(
            reply.c.thread == thread.c.id,
            ANSWERS_IT,
            reply.c.created_at <= uow.now,
            reply.c.organisation != thread.c.organisation,
        )
        .correlate(thread)
        .scalar_subquery()
    )
    statement = select(thread.c.id, thread.c.created_at, thread.c.organisation).where(
        thread.c.id.in_(open_),
        thread.c.kind == "question",
        thread.c.created_at < before,
        thread.c.created_at > uow.now - WAITS,
        others < ENOUGH,
    )
    found = uow.connection.execute(statement.order_by(thread.c.id)).all()
    ids = [row.id for row in found]
    themes, asked = _themes_of(uow, ids), _asked_about(uow, ids)
    for id, since, of in found:
        if themes[id]:
            yield Waiting(id, since, of, frozenset(themes[id]), frozenset(), asked.get(id, 0))


def _polls(uow: UnitOfWork, network_id: int, before: datetime) -> Iterator[Waiting]:
    """Not on its last day, nor once it is open for longer: of that they are told anyway."""
    one = polls.running(uow, network_id)
    if one is None or one.thread is None or one.opens_at >= before or one.extended:
        return
    if one.closes_at <= uow.now + A_DAY:
        return
    lacks = frozenset(polls.without_votes(uow, one.id))
    if lacks:
        asked = _asked_about(uow, [one.thread]).get(one.thread, 0)
        yield Waiting(one.thread, one.opens_at, None, frozenset(), lacks, asked)


def _themes_of(uow: UnitOfWork, ids: Sequence[int]) -> defaultdict[int, set[int]]:
    statement = select(thread_theme.c.thread, thread_theme.c.theme)
    found: defaultdict[int, set[int]] = defaultdict(set)
    for id, theme in uow.connection.execute(statement.where(thread_theme.c.thread.in_(ids))):
        found[id].add(theme)
    return found


def _asked_about(uow: UnitOfWork, ids: Sequence[int]) -> dict[int, int]:
    statement = (
        select(invitation.c.thread, func.count())
        .where(
            invitation.c.thread.in_(ids),
            invitation.c.kind.in_(THEIRS),
            invitation.c.outcome != VOID,
            invitation.c.at <= uow.now,
        )
        .group_by(invitation.c.thread)
    )
    return {row[0]: row[1] for row in uow.connection.execute(statement)}


def chances(uow: UnitOfWork, network_id: int) -> dict[int | None, list[tuple[int, datetime]]]:
    """The newest threads in which there was something to say, by their theme; None for what is
    asked of everybody. Three of each are enough."""
    latest = (
        select(thread.c.id, thread.c.number, thread.c.created_at)
        .where(
            thread.c.network == network_id,
            thread.c.number.is_not(None),
            thread.c.created_at <= uow.now,
            thread.c.state != "withdrawn",
        )
        .order_by(thread.c.number.desc())
        .limit(LATEST)
        .subquery()
    )
    themed = (
        select(thread_theme.c.theme, latest.c.id, latest.c.created_at)
        .join(latest, latest.c.id == thread_theme.c.thread)
        .order_by(latest.c.number.desc())
    )
    of_all = (
        select(thread.c.id, thread.c.created_at)
        .where(
            thread.c.network == network_id,
            thread.c.number.is_(None),
            thread.c.kind == "prompt",
            thread.c.created_at <= uow.now,
        )
        .order_by(thread.c.created_at.desc())
        .limit(3)
    )
    found: dict[int | None, list[tuple[int, datetime]]] = {}
    for theme, id, at in uow.connection.execute(themed):
        if len(listed := found.setdefault(theme, [])) < 3:
            listed.append((id, at))
    found[None] = [(row[0], row[1]) for row in uow.connection.execute(of_all)]
    return found


# ---- who might help with it

_CONTRIBUTED: tuple[tuple[ColumnElement[Any], ColumnElement[Any], ColumnElement[bool]], ...] = (
    (thread.c.member, thread.c.created_at, true()),
    (thread.c.member, thread.c.answered_at, thread.c.answered_by == thread.c.member),
    (reply.c.member, reply.c.created_at, true()),
    (nomination.c.member, nomination.c.created_at, true()),
    (backer.c.member, backer.c.at, true()),
    (polls.VOTER, polls.VOTED_AT, true()),
    (attempt.c.member, attempt.c.told_at, true()),
)
"""Whoever asked, said that something helped or what became of it, answered, suggested, supported or
voted; and when."""


def candidates(
    uow: UnitOfWork,
    network_id: int,
    topics: Iterable[Waiting],
    *,
    today: date,
    only: int | None = None,
    but: int = 0,
    everyone: bool = False,
) -> list[Candidate]:
    """Those who might help, of organisations that were informed before today. Those of whom it is
    sure that they are not asked are left out, unless it is to be told of `everyone` why. `but` is a
    private message that is not counted: the one about which is decided."""
    topics = list(topics)
    statement = _found(uow.now, network_id, topics, today)
    if only is not None:
        statement = statement.where(member.c.id == only)
    elif not everyone:
        statement = statement.where(_not_surely_left_out(uow.now - SURELY, uow.now))
    rows = uow.connection.execute(statement.order_by(member.c.id)).all()
    return list(_filled(uow, rows, topics, but))


def _found(
    now: datetime, network_id: int, topics: Sequence[Waiting], today: date
) -> Select[*tuple[Any, ...]]:
    themes = {theme for topic in topics for theme in topic.themes}
    lacking = {one for topic in topics for one in topic.lacks}
    might = union(
        select(member_theme.c.member).where(member_theme.c.theme.in_(themes)),
        select(member.c.id).where(member.c.organisation.in_(lacking)),
    )
    informed = select(organisation.c.id).where(
        organisation.c.network == network_id, organisation.c.informed_on < today
    )
    return select(
        member.c.id,
        member.c.organisation,
        member.c.role,
        member.c.joined_at,
        member.c.days,
        member.c.just_reads,
        member.c.away_from,
        member.c.away_until,
        *(_last(*source, now) for source in _CONTRIBUTED),
    ).where(
        member.c.id.in_(might),
        member.c.network == network_id,
        member.c.left_at.is_(None),
        member.c.home.is_(None),
        member.c.organisation.in_(informed),
        member.c.organisation.in_(organisations_that_take_part()),
    )


def contributed_at(uow: UnitOfWork, member_id: int) -> datetime | None:
    """When the member last did."""
    sources = (_last(*source, uow.now) for source in _CONTRIBUTED)
    statement = select(*sources).where(member.c.id == member_id)
    row = uow.connection.execute(statement).one()
    return max((at for at in row if at is not None), default=None)


def who_contributed(
    uow: UnitOfWork, member_ids: Collection[int], after: datetime, until: datetime
) -> set[int]:
    """Which of these did so in that time."""
    those = (
        select(who).where(who.in_(member_ids), at > after, at <= until, also)
        for who, at, also in _CONTRIBUTED
    )
    return set(uow.connection.execute(union(*those)).scalars())


def _last(
    who: ColumnElement[Any], at: ColumnElement[Any], also: ColumnElement[bool], now: datetime
) -> ColumnElement[Any]:
    statement = select(func.max(at)).where(who == member.c.id, at <= now, also)
    return statement.correlate(member).scalar_subquery()


def _not_surely_left_out(lately: datetime, now: datetime) -> ColumnElement[bool]:
    return and_(
        member.c.role.in_(ANSWERING),
        member.c.just_reads.is_(False),
        member.c.joined_at < lately,
        *(
            ~exists().where(who == member.c.id, at > lately, at <= now, also)
            for who, at, also in _CONTRIBUTED
        ),
        ~exists().where(
            invitation.c.member == member.c.id,
            invitation.c.at > lately,
            invitation.c.at <= now,
            invitation.c.kind.in_(THEIRS),
            invitation.c.outcome != VOID,
        ),
    )


PART = 500
"""Members of whom the rest is read in one go."""


def _filled(
    uow: UnitOfWork, rows: Sequence[Any], topics: Sequence[Waiting], but: int
) -> Iterator[Candidate]:
    asked = {topic.thread for topic in topics}
    for begin in range(0, len(rows), PART):
        part = rows[begin : begin + PART]
        ids = [row.id for row in part]
        themes, off = _ticked(uow, ids), _off(uow, ids)
        invited, about = _invited(uow, ids, but), _answered(uow, ids, asked)
        for row in part:
            contributed = [at for at in row[8:] if at is not None]
            asked_about = {id for id, _ in invited[row.id] if id is not None}
            yield Candidate(
                id=row.id,
                organisation=row.organisation,
                role=row.role,
                joined_at=row.joined_at,
                days=frozenset(map(int, row.days)),
                just_reads=row.just_reads,
                away_from=row.away_from,
                away_until=row.away_until,
                contributed=max(contributed, default=None),
                themes=frozenset(themes[row.id]),
                about=frozenset(about[row.id] | asked_about),
                switched_off=row.id in off,
                invited=tuple(one for _, one in invited[row.id] if one.outcome != VOID),
            )


def _ticked(uow: UnitOfWork, ids: Sequence[int]) -> defaultdict[int, set[int]]:
    statement = select(member_theme.c.member, member_theme.c.theme)
    found: defaultdict[int, set[int]] = defaultdict(set)
    for id, theme in uow.connection.execute(statement.where(member_theme.c.member.in_(ids))):
        found[id].add(theme)
    return found


def _off(uow: UnitOfWork, ids: Sequence[int]) -> set[int]:
    statement = select(muted.c.member).where(muted.c.member.in_(ids), muted.c.kind == NUDGE)
    return set(uow.connection.execute(statement).scalars())


def _invited(
    uow: UnitOfWork, ids: Sequence[int], but: int
) -> defaultdict[int, list[tuple[int | None, Invited]]]:
    statement = (
        select(
            invitation.c.member,
            invitation.c.thread,
            invitation.c.kind,
            invitation.c.outcome,
            invitation.c.at,
        )
        .where(
            invitation.c.member.in_(ids),
            invitation.c.at <= uow.now,
            or_(invitation.c.private.is_(None), invitation.c.private != but),
        )
        .order_by(invitation.c.at.desc(), invitation.c.id.desc())
    )
    found: defaultdict[int, list[tuple[int | None, Invited]]] = defaultdict(list)
    for id, about, kind, outcome, at in uow.connection.execute(statement):
        found[id].append((about, Invited(kind, outcome, at)))
    return found


def _answered(
    uow: UnitOfWork, ids: Sequence[int], threads: Collection[int]
) -> defaultdict[int, set[int]]:
    """In which of these threads they have answered, whatever became of it."""
    statement = select(reply.c.member, reply.c.thread).where(
        reply.c.thread.in_(threads), reply.c.member.in_(ids), reply.c.created_at <= uow.now
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for id, answered in uow.connection.execute(statement.distinct()):
        found[id].add(answered)
    return found


# ---- how many may be asked


def counted(uow: UnitOfWork, organisations: Collection[int]) -> dict[int, int]:
    """How many members each of these has."""
    statement = (
        select(member.c.organisation, func.count())
        .where(member.c.organisation.in_(organisations), member.c.left_at.is_(None))
        .group_by(member.c.organisation)
    )
    return {row[0]: row[1] for row in uow.connection.execute(statement)}


def asked_since(uow: UnitOfWork, network_id: int, moment: datetime) -> dict[int, int]:
    """How many of each organisation were asked like this after a moment."""
    statement = (
        select(invitation.c.organisation, func.count())
        .where(*theirs(network_id), invitation.c.at > moment, invitation.c.at <= uow.now)
        .group_by(invitation.c.organisation)
    )
    return {row[0]: row[1] for row in uow.connection.execute(statement)}


def theirs(network_id: int) -> tuple[ColumnElement[bool], ...]:
    """Of all invitations in a network those that are of this kind, and may have arrived."""
    return (
        invitation.c.network == network_id,
        invitation.c.kind.in_(THEIRS),
        invitation.c.outcome != VOID,
    )
