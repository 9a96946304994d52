"""Two members become one, and one account of a member becomes a member of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Column, Text, and_, cast, delete, exists, insert, or_, select, update

from storage import members, redrawing
from storage.members import Profile
from storage.models import (
    attempt,
    backer,
    ballot,
    conversation,
    copy,
    first_voice,
    greeting,
    invitation,
    member,
    member_theme,
    membership,
    muted,
    network,
    nomination,
    post,
    private,
    reply,
    thread,
)
from storage.privates import KIND, LATELY
from storage.unit_of_work import UnitOfWork

MOVED: tuple[Column[Any], ...] = (
    thread.c.member,
    thread.c.answered_by,
    thread.c.keeper,
    reply.c.member,
    private.c.member,
    greeting.c.host,
    membership.c.member,
    network.c.paused_by,
    nomination.c.member,
)
"""Everything that names a member, and then names the one who stays."""

ONE_EACH: tuple[tuple[Column[Any], tuple[Column[Any], ...]], ...] = (
    (member_theme.c.member, (member_theme.c.theme,)),
    (muted.c.member, (muted.c.kind,)),
    (greeting.c.member, ()),
    (first_voice.c.member, (first_voice.c.week,)),
    (invitation.c.member, (invitation.c.thread,)),
    (ballot.c.member, (ballot.c.poll,)),
    (backer.c.member, (backer.c.nomination,)),
    (attempt.c.member, (attempt.c.thread,)),
)
"""The same, where a member has at most one for each of these: what the one who stays has stands."""

NAMING = ("newcomer", "author", "member")
"""The facts of a private message that name a member."""


def become_one(uow: UnitOfWork, stays: Profile, goes: int) -> None:
    """All that was the second member's is the first one's, who is `stays` from now on."""
    for column in MOVED:
        uow.connection.execute(
            update(column.table).where(column == goes).values({column.name: stays.id})
        )
    _vote_once(uow, stays.id, goes)
    for column, each in ONE_EACH:
        _move_one_each(uow, column, each, stays.id, goes)
    _rename(uow, stays, goes)
    _welcome_once(uow, stays.id)
    _go_on(uow, stays.id, goes)
    _write(uow, stays)
    uow.connection.execute(delete(member).where(member.c.id == goes))


def _move_one_each(
    uow: UnitOfWork, column: Column[Any], each: tuple[Column[Any], ...], stays: int, goes: int
) -> None:
    table: Any = column.table
    other = table.alias()
    same = (other.c[one.name] == one for one in each)
    has_one = exists().where(other.c[column.name] == stays, *same)
    uow.connection.execute(delete(table).where(column == goes, has_one))
    uow.connection.execute(update(table).where(column == goes).values({column.name: stays}))


def _vote_once(uow: UnitOfWork, stays: int, goes: int) -> None:
    """Of two ballots in one poll the one that was cast later counts."""
    other = ballot.alias()
    cast_later = exists().where(
        other.c.poll == ballot.c.poll,
        other.c.member == goes,
        other.c.voted_at.is_not(None),
        or_(ballot.c.voted_at.is_(None), ballot.c.voted_at < other.c.voted_at),
    )
    uow.connection.execute(delete(ballot).where(ballot.c.member == stays, cast_later))


def _rename(uow: UnitOfWork, stays: Profile, goes: int) -> None:
    """What others are told about the second member, or may see drawn anew, is about the first."""
    told = select(private.c.id, private.c.facts).where(
        private.c.network == stays.network,
        or_(private.c.due_at.is_not(None), private.c.created_at >= uow.now - LATELY),
        cast(private.c.facts, Text).like(f'%"{goes}"%'),
    )
    for id, facts in uow.connection.execute(told).all():
        named = {name: str(stays.id) for name in NAMING if facts.get(name) == str(goes)}
        if named:
            renamed = update(private).where(private.c.id == id)
            uow.connection.execute(renamed.values(facts={**facts, **named}))


def _welcome_once(uow: UnitOfWork, id: int) -> None:
    """Of two welcomes that are to come one is left, and none if the member had theirs."""
    theirs = and_(private.c.member == id, private.c.kind == "welcome", private.c.state != "dropped")
    found = uow.connection.execute(
        select(private.c.id, private.c.state)
        .where(theirs)
        .order_by(private.c.state == "waiting", private.c.id)
    ).all()
    extra = [row.id for row in found[1:] if row.state == "waiting"]
    uow.connection.execute(
        update(private)
        .where(private.c.id.in_(extra))
        .values(state="dropped", due_at=None, reason="welcomed")
    )


def _go_on(uow: UnitOfWork, stays: int, goes: int) -> None:
    """What had begun for the second member goes on for the first; and if one of them is known to
    be of this organisation, nobody is asked."""
    gone = uow.connection.execute(
        select(member.c.redraw_at, member.c.home).where(member.c.id == goes)
    ).one()
    if gone.redraw_at is not None:
        redrawing.begin(uow, stays)
    if gone.home is None:
        uow.connection.execute(update(member).where(member.c.id == stays).values(home=None))


def part(uow: UnitOfWork, one: Profile, account_id: int, begins: Profile) -> None:
    """This account gets a member of its own, who has chosen what `begins` says; what `one` has
    switched off stays switched off."""
    made = uow.connection.execute(
        insert(member)
        .values(
            network=one.network,
            organisation=one.organisation,
            joined_at=one.joined_at,
            home=select(member.c.home).where(member.c.id == one.id).scalar_subquery(),
        )
        .returning(member.c.id)
    ).scalar_one()
    _write(uow, replace(begins, id=made))
    members.mute(uow, made, members.muted_by(uow, one.id))
    uow.connection.execute(
        update(membership)
        .where(membership.c.network == one.network, membership.c.account == account_id)
        .values(member=made)
    )
    if one.prefers == account_id:
        members.prefer(uow, one.id, None)
    _call_back(uow, one.id, account_id)


def _call_back(uow: UnitOfWork, member_id: int, account_id: int) -> None:
    """What is on its way to the member through this account is not sent there any more, but through
    another one."""
    on_its_way = select(private.c.id).where(
        private.c.member == member_id, private.c.state == "sending"
    )
    theirs = select(post.c.id).where(post.c.kind == KIND, post.c.subject.in_(on_its_way))
    there = select(conversation.c.id).where(conversation.c.account == account_id)
    stopped = uow.connection.execute(
        update(copy)
        .where(
            copy.c.post.in_(theirs),
            copy.c.conversation.in_(there),
            copy.c.state == "behind",
            copy.c.message.is_(None),
        )
        .values(state="dropped", due_at=None)
        .returning(copy.c.post)
    ).scalars()
    again = select(post.c.subject).where(post.c.id.in_(list(stopped)))
    uow.connection.execute(
        update(private)
        .where(private.c.id.in_(again))
        .values(state="waiting", due_at=uow.now, sent_at=None)
    )


def _write(uow: UnitOfWork, one: Profile) -> None:
    values = {
        "role": one.role,
        "joined_at": one.joined_at,
        "welcomed_at": one.welcomed_at,
        "spoke_at": one.spoke_at,
        "days": "".join(map(str, sorted(one.days))),
        "just_reads": one.just_reads,
        "away_from": one.away_from,
        "away_until": one.away_until,
        "deputy": one.deputy,
        "contact": one.contact,
        "prefers": one.prefers,
    }
    uow.connection.execute(update(member).where(member.c.id == one.id).values(**values))
