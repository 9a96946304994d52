"""What is open in a network, and a whole thread to read. Everything here is of one network, is
found by an index and has a limit, so that it costs the same however much has been asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from storage.models import (
    account,
    conversation,
    copy,
    membership,
    notice,
    organisation,
    post,
    reply,
    thread,
)
from storage.people import author_name
from storage.posts import show_again, show_each_again
from storage.threads import ANSWERS_IT, OPEN
from storage.unit_of_work import UnitOfWork

CARD = "home"
"""The kind of post, and the name of the notice behind it, that shows a person their overview."""

NETWORK = "network"
"""The same for what whoever runs a network is shown of it."""

RECENT = 200
"""Of so many of the newest open questions, those that wait for an answer are looked for."""


@dataclass(frozen=True, slots=True)
class Line:
    """A question or an answer as one reads it: `answers` stand under it, `state` is its own.

    The question of the week and the poll have no number, and nobody asked them."""

    id: int
    number: int | None
    state: str
    account: int | None
    platform: str | None
    tenant: str | None
    author: str | None
    organisation_name: str | None
    body: str
    edited: bool
    created_at: datetime
    kind: str
    answers: int = 0


def _author(table: Table) -> tuple[ColumnElement[Any], ...]:
    return (
        account.c.id,
        account.c.platform,
        account.c.tenant,
        author_name(table),
        organisation.c.name,
    )


_ANSWERS = (
    select(func.count())
    .where(
        reply.c.thread == thread.c.id,
        reply.c.state == "standing",
        or_(ANSWERS_IT, thread.c.kind != "question"),
    )
    .correlate(thread)
    .scalar_subquery()
)
_QUESTIONS: Select[*tuple[Any, ...]] = (
    select(
        thread.c.id,
        thread.c.number,
        thread.c.state,
        *_author(thread),
        thread.c.body,
        thread.c.edited_at.is_not(None),
        thread.c.created_at,
        thread.c.kind,
        _ANSWERS,
    )
    .outerjoin_from(thread, account)
    .outerjoin(organisation, organisation.c.id == thread.c.organisation)
)


def _open_in(network: int) -> ColumnElement[bool]:
    return and_(thread.c.network == network, OPEN)


def open_of(uow: UnitOfWork, network: int, member: int, limit: int) -> Sequence[Line]:
    """The member's own open questions, newest first."""
    statement = _QUESTIONS.where(thread.c.member == member, _open_in(network))
    return _lines(uow, statement.order_by(thread.c.created_at.desc()).limit(limit))


def unanswered(
    uow: UnitOfWork, network: int, organisation: int | None, limit: int
) -> Sequence[Line]:
    """Open questions from other organisations (from all, for None) that nobody but their author has
    answered yet, oldest first."""
    recent = (
        select(thread.c.id, thread.c.member, thread.c.organisation)
        .where(_open_in(network))
        .order_by(thread.c.number.desc())
        .limit(RECENT)
        .subquery()
    )
    answered = exists().where(
        reply.c.thread == recent.c.id,
        ANSWERS_IT,
        reply.c.member != recent.c.member,
    )
    waiting = select(recent.c.id).where(~answered)
    if organisation is not None:
        waiting = waiting.where(recent.c.organisation != organisation)
    statement = _QUESTIONS.where(thread.c.id.in_(waiting)).order_by(thread.c.number)
    return _lines(uow, statement.limit(limit))


def latest(uow: UnitOfWork, network: int, limit: int) -> Sequence[Line]:
    """The open questions of the network, newest first."""
    statement = _QUESTIONS.where(_open_in(network)).order_by(thread.c.number.desc())
    return _lines(uow, statement.limit(limit))


def question(uow: UnitOfWork, network: int, id: int) -> Line | None:
    """The question to read, if it is one of this network: a member's, or that of a week."""
    statement = _QUESTIONS.where(thread.c.id == id, thread.c.network == network)
    return next(iter(_lines(uow, statement)), None)


def answers_to(uow: UnitOfWork, id: int, limit: int) -> Sequence[Line]:
    """The newest answers that stand in the thread, in the order in which they came."""
    statement = (
        select(
            reply.c.id,
            thread.c.number,
            reply.c.state,
            *_author(reply),
            reply.c.body,
            reply.c.edited_at.is_not(None),
            reply.c.created_at,
            thread.c.kind,
        )
        .join_from(reply, thread)
        .join(account, account.c.id == reply.c.account)
        .join(organisation, organisation.c.id == reply.c.organisation)
        .where(reply.c.thread == id, reply.c.state == "standing")
        .order_by(reply.c.created_at.desc(), reply.c.id.desc())
        .limit(limit)
    )
    return list(reversed(_lines(uow, statement)))


def _lines(uow: UnitOfWork, statement: Select[*tuple[Any, ...]]) -> Sequence[Line]:
    return [Line(*row) for row in uow.connection.execute(statement)]


def outdate(uow: UnitOfWork, network: int, member: int, kind: str = CARD) -> None:
    """The member's overview that stands in private is followed by a newer one, or is not theirs to
    see any more: it becomes the small menu, so that nobody's words are kept standing there."""
    theirs = notice.c.facts["member"].as_string() == str(member)
    found = uow.connection.execute(_named(network, kind).where(theirs)).scalars().all()
    for id in found:
        uow.connection.execute(update(notice).where(notice.c.id == id).values(name="menu"))
        show_again(uow, kind, id)


SHOWS = "shows"
"""The fact that tells which questions an overview shows, as it was drawn last."""


def note_shown(uow: UnitOfWork, id: int, facts: Mapping[str, str], threads: Iterable[int]) -> None:
    """An overview is drawn with these questions. One that is followed by a newer at this moment is
    left alone: who draws waits for nobody, and it is drawn anew after that."""
    shown = ",".join(map(str, sorted(threads)))
    if facts.get(SHOWS) == shown:
        return
    free = select(notice.c.id).where(notice.c.id == id).with_for_update(skip_locked=True)
    statement = update(notice).where(notice.c.id == free.scalar_subquery())
    uow.connection.execute(statement.values(facts={**facts, SHOWS: shown}))


def redraw(uow: UnitOfWork, thread_id: int) -> None:
    """What was asked reads otherwise now, and so do the overviews that show its first words, and
    those that may be being drawn with them at this moment: however many, in one go."""
    asked = select(thread.c.network).where(thread.c.id == thread_id)
    network = uow.connection.execute(asked).scalar_one()
    shown = notice.c.facts[SHOWS].as_string()
    named = (literal(",") + shown + literal(",")).contains(f",{thread_id},")
    standing = (
        _named(network, CARD)
        .join(post, and_(post.c.kind == CARD, post.c.subject == notice.c.id))
        .join(copy, and_(copy.c.post == post.c.id, copy.c.part == 0))
        .where(or_(shown.is_(None), copy.c.state != "shown", named))
    )
    show_each_again(uow, CARD, standing)


_CHATS = (
    select(conversation.c.id)
    .join_from(membership, account, account.c.id == membership.c.account)
    .join(
        conversation,
        and_(
            conversation.c.installation == account.c.installation,
            conversation.c.account == account.c.id,
        ),
    )
    .where(membership.c.member == bindparam("m"))
)
_OF = (
    select(notice.c.id)
    .join_from(copy, post, post.c.id == copy.c.post)
    .join(notice, notice.c.id == post.c.subject)
    # Not as its index has it, or both databases begin with everybody's, and not with the chats.
    .where(copy.c.conversation.in_(_CHATS), post.c.kind.concat("") == CARD)
    .where(notice.c.network == bindparam("n"), notice.c.name == CARD)
)


def redraw_of(uow: UnitOfWork, network: int, member: int) -> None:
    """Something is done that the member's overview asked for. It is found by their own direct
    messages, for it may be thousands who do so within a minute."""
    for id in uow.connection.execute(_OF, {"m": member, "n": network}).scalars().all():
        show_again(uow, CARD, id)


def redraw_all(uow: UnitOfWork, network: int, kind: str) -> None:
    """The network itself stands otherwise now, and so does what shows it, to however many."""
    show_each_again(uow, kind, _named(network, kind))


def _named(network: int, kind: str) -> Select[int]:
    """The network's overviews that stand: a member has one at most."""
    return select(notice.c.id).where(notice.c.network == network, notice.c.name == kind)
