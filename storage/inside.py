"""Looking inside: where a post stands, copy by copy, and who is who; for those who run Mellom.

What is asked here is asked of the whole deployment, as an operator would. Nobody reaches it from a
platform.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, update

from storage.models import (
    account,
    conversation,
    copy,
    installation,
    member,
    membership,
    organisation,
    post,
    reply,
    room,
    thread,
)
from storage.unit_of_work import UnitOfWork

UNFINISHED = ("behind", "sending", "doubt")
"""States of a copy that is on its way."""

LONG_AGO = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Copy:
    """One showing of a post: where, whose own message it is, and how it goes with it."""

    key: str | None
    message: str | None
    platform: str
    organisation: str | None
    person: str | None  # whose direct message it stands in
    state: str
    native: bool
    shown: int
    part: int
    tries: int
    resent: bool
    reason: str | None
    token: str


@dataclass(frozen=True, slots=True)
class Post:
    """What is shown, and all its showings. `number` is that of the question it belongs to."""

    kind: str
    number: int | None
    version: int
    gone: bool
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, by whom (their user id), and how far it has come."""

    number: int
    user: str
    answers: int
    marked: bool


def post_at(uow: UnitOfWork, keys: Collection[str], message: str) -> Post | None:
    """The post that this message, in one of these conversations, is a copy of."""
    statement = (
        select(post.c.id, post.c.kind, post.c.subject, post.c.version, post.c.gone)
        .join_from(copy, post, post.c.id == copy.c.post)
        .join(conversation, conversation.c.id == copy.c.conversation)
        .where(conversation.c.key.in_(keys), copy.c.message == message)
    )
    found = uow.connection.execute(statement).first()
    if found is None:
        return None
    number = _number(uow, found.kind, found.subject)
    return Post(found.kind, number, found.version, found.gone, _copies(uow, found.id))


def messages(uow: UnitOfWork) -> dict[tuple[str, str], tuple[str, int | None]]:
    """Every message that is a copy, by the key of its conversation and its id: the kind of its
    post, and, if that is a question or what stands under it, the question's number."""
    about = and_(post.c.kind.in_(("question", "foot")), thread.c.id == post.c.subject)
    statement = (
        select(conversation.c.key, copy.c.message, post.c.kind, thread.c.number)
        .join_from(copy, conversation, conversation.c.id == copy.c.conversation)
        .join(post, post.c.id == copy.c.post)
        .outerjoin(thread, about)
        .where(copy.c.message.is_not(None), conversation.c.key.is_not(None))
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in uow.connection.execute(statement)}


_ANSWERED = and_(thread.c.answered_at.is_not(None), ~thread.c.closed)


def questions(uow: UnitOfWork) -> list[Asked]:
    """What people have asked and not withdrawn, oldest first."""
    answers = (
        select(func.count())
        .where(reply.c.thread == thread.c.id, reply.c.state == "standing")
        .correlate(thread)
        .scalar_subquery()
    )
    statement = (
        select(thread.c.number, account.c.user, answers, _ANSWERED)
        .join_from(thread, account, account.c.id == thread.c.account)
        .where(thread.c.kind == "question", thread.c.state == "open")
        .order_by(thread.c.id)
    )
    return [Asked(*row) for row in uow.connection.execute(statement)]


def on_their_way(uow: UnitOfWork) -> dict[str, int]:
    """How many copies are on their way to each conversation, by its key."""
    statement = (
        select(conversation.c.key, func.count())
        .join_from(copy, conversation, conversation.c.id == copy.c.conversation)
        .where(copy.c.state.in_(UNFINISHED), conversation.c.key.is_not(None))
        .group_by(conversation.c.key)
    )
    return {row[0]: row[1] for row in uow.connection.execute(statement)}


def members(uow: UnitOfWork) -> dict[str, tuple[str, str, str | None]]:
    """The role, the organisation and the language of everybody, by their user id."""
    speaks = func.coalesce(account.c.speaks, account.c.language)
    statement = (
        select(account.c.user, member.c.role, organisation.c.name, speaks)
        .join_from(membership, account, account.c.id == membership.c.account)
        .join(member, member.c.id == membership.c.member)
        .join(organisation, organisation.c.id == member.c.organisation)
    )
    return {row[0]: (row[1], row[2], row[3]) for row in uow.connection.execute(statement)}


def hurry(uow: UnitOfWork, keys: Collection[str]) -> None:
    """What waits in these conversations to be tried again, or looked for, is due now."""
    free = or_(conversation.c.lane_until.is_(None), conversation.c.lane_until <= uow.real)
    places = select(conversation.c.id).where(conversation.c.key.in_(keys), free)
    uow.connection.execute(
        update(conversation).where(conversation.c.id.in_(places)).values(next_at=None)
    )
    here = copy.c.conversation.in_(places)
    waits = and_(copy.c.state.in_(("behind", "doubt")), copy.c.due_at > uow.real)
    uow.connection.execute(update(copy).where(here, waits).values(due_at=uow.real))
    uow.connection.execute(
        update(copy).where(here, copy.c.state == "doubt").values(since=uow.real - LONG_AGO)
    )
    uow.wakes = True


def _number(uow: UnitOfWork, kind: str, subject: int) -> int | None:
    of_thread = select(thread.c.number)
    if kind == "answer":
        of_thread = of_thread.join_from(reply, thread).where(reply.c.id == subject)
    elif kind in ("question", "foot"):
        of_thread = of_thread.where(thread.c.id == subject)
    else:
        return None
    return uow.connection.execute(of_thread).scalar_one_or_none()


def _copies(uow: UnitOfWork, post_id: int) -> tuple[Copy, ...]:
    statement: Select[*tuple[Any, ...]] = (
        select(
            conversation.c.key,
            copy.c.message,
            installation.c.platform,
            select(organisation.c.name)
            .join_from(room, organisation)
            .where(room.c.conversation == conversation.c.id, room.c.state != "ended")
            .scalar_subquery(),
            account.c.name,
            copy.c.state,
            copy.c.native,
            copy.c.shown,
            copy.c.part,
            copy.c.tries,
            copy.c.resent,
            copy.c.reason,
            copy.c.token,
        )
        .join_from(copy, conversation, conversation.c.id == copy.c.conversation)
        .join(installation, installation.c.id == conversation.c.installation)
        .outerjoin(account, account.c.id == conversation.c.account)
        .where(copy.c.post == post_id)
        .order_by(copy.c.id)
    )
    return tuple(Copy(*row) for row in uow.connection.execute(statement))
