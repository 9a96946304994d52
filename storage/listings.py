"""Lists of questions that a room is shown to choose from: what does not stand there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, insert, select, update

from storage.models import copy, listed, listing, post, reply, thread
from storage.posts import ABSENT, show_again
from storage.rooms import may_cross
from storage.threads import OPEN
from storage.unit_of_work import UnitOfWork

CARD = "listing"
"""The kind of post that shows a list."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list in a conversation: why it is shown, and how much there was to show."""

    conversation: int
    reason: str
    threads: int
    questions: int
    answers: int


@dataclass(frozen=True, slots=True)
class Line:
    """A question of a list: how many answers stand, how many of them not in the list's own
    conversation, and how the question stands there."""

    thread: int
    answers: int
    missing: int
    state: str | None


COUNTED = 100
"""Questions that are counted: of more it is said that they are more."""

NEWEST = 1000
"""Open questions that are looked through, however many there are."""


def open_questions_not_in(
    uow: UnitOfWork, network: int, conversation: int, limit: int
) -> tuple[list[int], int]:
    """The network's open questions that do not stand here, newest first, and how many there are,
    counted no further than one beyond `COUNTED`. One that was taken away here stays away."""
    newest = (
        select(thread.c.id, thread.c.number)
        .where(thread.c.network == network, OPEN, may_cross(thread.c.organisation))
        .order_by(thread.c.number.desc())
        .limit(NEWEST)
        .subquery()
    )
    here = (
        select(copy.c.id)
        .join_from(post, copy, copy.c.post == post.c.id)
        .where(
            post.c.kind == "question",
            post.c.subject == newest.c.id,
            copy.c.conversation == conversation,
            copy.c.part == 0,
            copy.c.state.not_in(ABSENT),
        )
        .correlate(newest)
    )
    missing = select(newest.c.id).where(~here.exists()).order_by(newest.c.number.desc())
    found = list(uow.connection.execute(missing.limit(COUNTED + 1)).scalars())
    return found[:limit], len(found)


def keep(
    uow: UnitOfWork,
    *,
    network: int,
    conversation: int,
    reason: str,
    listed_threads: Iterable[int] = (),
    threads: int = 0,
) -> int:
    statement = insert(listing).values(
        network=network,
        conversation=conversation,
        reason=reason,
        threads=threads,
        created_at=uow.now,
    )
    made = uow.connection.execute(statement.returning(listing.c.id)).scalar_one()
    rows = [{"listing": made, "thread": one} for one in listed_threads]
    if rows:
        uow.connection.execute(insert(listed), rows)
    return made


def add(
    uow: UnitOfWork, id: int, listed_threads: Iterable[int], *, questions: int, answers: int
) -> None:
    """More was missed than the list says until now."""
    rows = [{"listing": id, "thread": one} for one in sorted(set(listed_threads))]
    uow.connection.execute(uow.insert(listed).on_conflict_do_nothing(), rows)
    threads = select(func.count()).where(listed.c.listing == id).scalar_subquery()
    uow.connection.execute(
        update(listing)
        .where(listing.c.id == id)
        .values(
            threads=threads,
            questions=listing.c.questions + questions,
            answers=listing.c.answers + answers,
        )
    )


def find(uow: UnitOfWork, id: int) -> Listing:
    statement = select(
        listing.c.conversation,
        listing.c.reason,
        listing.c.threads,
        listing.c.questions,
        listing.c.answers,
    ).where(listing.c.id == id)
    return Listing(*uow.connection.execute(statement).one())


def not_yet_sent(uow: UnitOfWork, conversation: int, reason: str) -> int | None:
    """A list of this kind that is not known to stand in its conversation yet."""
    statement = (
        select(listing.c.id)
        .join_from(listing, post, and_(post.c.kind == "listing", post.c.subject == listing.c.id))
        .join(copy, copy.c.post == post.c.id)
        .where(
            listing.c.conversation == conversation,
            listing.c.reason == reason,
            copy.c.message.is_(None),
            copy.c.state.in_(("behind", "sending", "doubt")),
        )
        .order_by(listing.c.id.desc())
    )
    return uow.connection.execute(statement.limit(1)).scalar_one_or_none()


def with_thread(uow: UnitOfWork, conversation: int, thread_id: int) -> Sequence[int]:
    """The lists in a conversation that have this question."""
    statement = (
        select(listing.c.id)
        .join_from(listing, listed)
        .where(listing.c.conversation == conversation, listed.c.thread == thread_id)
        .order_by(listing.c.id)
    )
    return uow.connection.execute(statement).scalars().all()


def lines(uow: UnitOfWork, id: int, limit: int) -> list[Line]:
    """The questions of a list, newest first."""
    statement = (
        select(
            thread.c.id,
            _answers(),
            _answers(~_stands_here()),
            select(copy.c.state)
            .join_from(copy, post)
            .where(
                post.c.kind == "question",
                post.c.subject == thread.c.id,
                copy.c.conversation == listing.c.conversation,
                copy.c.part == 0,
            )
            .correlate(thread, listing)
            .scalar_subquery(),
        )
        .join_from(listing, listed)
        .join(thread, thread.c.id == listed.c.thread)
        .where(listing.c.id == id)
        .order_by(thread.c.number.desc())
        .limit(limit)
    )
    return [Line(*row) for row in uow.connection.execute(statement)]


def _answers(*which: ColumnElement[bool]) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(reply)
        .where(reply.c.thread == thread.c.id, reply.c.state == "standing", *which)
        .correlate(thread, listing)
        .scalar_subquery()
    )


def _stands_here() -> ColumnElement[bool]:
    """Whether an answer stands in the list's conversation, or was taken away there."""
    return (
        select(copy.c.id)
        .join_from(copy, post)
        .where(
            post.c.kind == "answer",
            post.c.subject == reply.c.id,
            copy.c.conversation == listing.c.conversation,
            copy.c.part == 0,
            copy.c.state.not_in(ABSENT),
        )
        .correlate(reply, listing)
        .exists()
    )


def redraw(uow: UnitOfWork, thread_id: int) -> None:
    """The lists that a question stands in are behind: they show its first words and how it goes."""
    lists = select(listed.c.listing).where(listed.c.thread == thread_id).order_by(listed.c.listing)
    for one in uow.connection.execute(lists).scalars().all():
        show_again(uow, CARD, one)
