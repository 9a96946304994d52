"""What is talked about: threads, their replies, and which version of each message was heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from storage import rooms
from storage.models import (
    account,
    copy,
    heard,
    network,
    nomination,
    organisation,
    post,
    reply,
    thread,
)
from storage.people import author_name
from storage.ready import Ready
from storage.unit_of_work import Insert, UnitOfWork

# Written out: SQLite takes an index of some rows only where it sees which ones are wanted.
OPEN = text("thread.state = 'open' AND thread.answered_at IS NULL")
"""Neither withdrawn nor marked as answered."""

OWNER = func.coalesce(thread.c.keeper, thread.c.member)
"""Whose it is: who asked, or who looks after it since they have left."""


ANSWERS_IT = and_(
    reply.c.state == "standing", or_(reply.c.brief.is_(False), reply.c.helped.is_not(None))
)
"""A reply that counts as an answer to whoever waits for one: more than a word or two, or it helped.
"""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A question or an answer as it stands, with who wrote it and where it was written."""

    id: int
    network: int
    thread: int
    number: int
    account: int
    platform: str
    tenant: str
    author: str | None
    profile_due_at: datetime | None
    organisation: int
    organisation_name: str
    conversation: int
    message: str | None
    body: str
    state: str
    edited: bool
    marked: bool
    """A question: as answered. An answer: as one that helped."""

    closed: bool = False
    """A question: it is marked, but no answer did it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A thread that a message belongs to, and the post that its replies hang under."""

    thread: int
    network: int
    post: int
    state: str
    kind: str

    @property
    def is_question(self) -> bool:
        """A member asked it, and not the bot."""
        return self.kind == "question"


def _author(table: Table) -> tuple[ColumnElement[Any], ...]:
    return (
        account.c.platform,
        account.c.tenant,
        author_name(table),
        account.c.profile_due_at,
        organisation.c.id,
        organisation.c.name,
    )


_QUESTION: Select[*tuple[Any, ...]] = (
    select(
        thread.c.id,
        thread.c.network,
        thread.c.id,
        thread.c.number,
        thread.c.account,
        *_author(thread),
        thread.c.conversation,
        thread.c.message,
        thread.c.body,
        thread.c.state,
        thread.c.edited_at.is_not(None),
        thread.c.answered_at.is_not(None),
        thread.c.closed,
    )
    .join_from(thread, account)
    .join(organisation, organisation.c.id == thread.c.organisation)
    .where(thread.c.id == bindparam("x"))
)
ANSWERS: Select[*tuple[Any, ...]] = (
    select(
        reply.c.id,
        thread.c.network,
        thread.c.id,
        thread.c.number,
        reply.c.account,
        *_author(reply),
        reply.c.conversation,
        reply.c.message,
        reply.c.body,
        reply.c.state,
        reply.c.edited_at.is_not(None),
        reply.c.helped.is_not(None),
    )
    .join_from(reply, thread)
    .join(account, account.c.id == reply.c.account)
    .join(organisation, organisation.c.id == reply.c.organisation)
)
"""Every answer as an `Utterance`."""

_ANSWER = ANSWERS.where(reply.c.id == bindparam("x"))
_QUESTION_BY_ID, _ANSWER_BY_ID = Ready(_QUESTION), Ready(_ANSWER)
_STANDING = (thread.c.id, thread.c.network, post.c.id, thread.c.state, thread.c.kind)
# Written out: SQLAlchemy puts a list together anew each time.
_BEGINS = and_(text("post.kind IN ('question', 'prompt', 'poll')"), thread.c.id == post.c.subject)
"""A thread and the post that begins it, whose kind is the thread's."""

# What is said under a poll's result belongs to the poll, and stands under the result elsewhere.
_STANDS_FOR = and_(
    text("post.kind IN ('question', 'prompt', 'poll', 'result')"), thread.c.id == post.c.subject
)

_STANDING_UNDER = Ready(
    select(*_STANDING)
    .join_from(copy, post)
    .join(thread, _STANDS_FOR)
    .where(copy.c.conversation == bindparam("c"), copy.c.root == bindparam("r"))
    .limit(1)
)
_STANDING_OF = (
    select(*_STANDING).join_from(thread, post, _BEGINS).where(thread.c.id == bindparam("x"))
)
_THREAD_AT = Ready(
    select(thread.c.id).where(
        thread.c.conversation == bindparam("c"), thread.c.message == bindparam("m")
    )
)
_REPLY_AT = Ready(
    select(reply.c.id).where(
        reply.c.conversation == bindparam("c"), reply.c.message == bindparam("m")
    )
)
_HEARD = select(heard.c.version, heard.c.gone).where(
    heard.c.conversation == bindparam("c"), heard.c.message == bindparam("m")
)


def _newer(insert: Callable[[Table], Insert], *, restored: bool = False) -> Executable:
    statement = insert(heard)
    newer = heard.c.version < statement.excluded.version
    return statement.on_conflict_do_update(
        index_elements=["conversation", "message"],
        set_={"version": statement.excluded.version, "gone": False},
        where=newer if restored else and_(newer, heard.c.gone.is_(False)),
    ).returning(heard.c.message)


_HEAR_FIRST = Ready.upsert(
    lambda insert: insert(heard).on_conflict_do_nothing().returning(heard.c.message)
)
_HEAR_NEWER = Ready.upsert(_newer)
_HEAR_RESTORED = Ready.upsert(partial(_newer, restored=True))
_BURY = Ready.upsert(
    lambda insert: (
        insert(heard)
        .on_conflict_do_update(
            index_elements=["conversation", "message"],
            set_={"gone": True},
            where=heard.c.gone.is_(False),
        )
        .returning(heard.c.message)
    )
)


def hear(
    uow: UnitOfWork,
    conversation: int,
    message: str,
    version: str,
    *,
    restored: bool = False,
) -> bool:
    """True if this version of the message is news: newer than what was heard, and not gone since.

    A first hearing has the version "". One row per message merges what a platform tells twice,
    orders edits, and keeps the gravestone of a message that was deleted before it was heard.
    """
    row = {
        "conversation": conversation,
        "message": message,
        "version": version,
        "at": uow.now,
    }
    news = _HEAR_FIRST if version == "" else _HEAR_RESTORED if restored else _HEAR_NEWER
    return news.first(uow, row) is not None


def is_heard(uow: UnitOfWork, conversation: int, message: str) -> bool:
    return uow.connection.execute(_HEARD, {"c": conversation, "m": message}).first() is not None


def is_overtaken(
    uow: UnitOfWork, conversation: int, message: str, version: str, *, restored: bool = False
) -> bool:
    """Whether the message is known to read otherwise by now, or to be gone."""
    row = uow.connection.execute(_HEARD, {"c": conversation, "m": message}).one_or_none()
    return row is not None and (row.version >= version or (row.gone and not restored))


def is_gone(uow: UnitOfWork, conversation: int, message: str) -> bool:
    """Whether the message is known to have been deleted."""
    row = uow.connection.execute(_HEARD, {"c": conversation, "m": message}).one_or_none()
    return row is not None and bool(row.gone)


def bury(uow: UnitOfWork, conversation: int, message: str) -> bool:
    """Note that the message is gone, heard of or not; False if that was known."""
    row = {
        "conversation": conversation,
        "message": message,
        "version": "",
        "gone": True,
        "at": uow.now,
    }
    return _BURY.first(uow, row) is not None


def forget_heard_before(uow: UnitOfWork, moment: datetime) -> None:
    """Drop what was heard long ago and stands for no question, answer or suggestion."""
    kept = or_(
        exists().where(
            thread.c.conversation == heard.c.conversation,
            thread.c.message == heard.c.message,
        ),
        exists().where(
            reply.c.conversation == heard.c.conversation,
            reply.c.message == heard.c.message,
        ),
        exists().where(
            nomination.c.conversation == heard.c.conversation,
            nomination.c.message == heard.c.message,
        ),
    )
    uow.connection.execute(delete(heard).where(heard.c.at < moment, ~kept))


def ask(
    uow: UnitOfWork,
    *,
    network_id: int,
    organisation_id: int,
    member: int,
    account_id: int,
    conversation: int,
    message: str | None,
    body: str,
) -> int:
    """A new question with the network's next number."""
    (number,) = _NUMBER.one(uow, {"which": network_id})
    row = {
        "network": network_id,
        "kind": "question",
        "number": number,
        "organisation": organisation_id,
        "member": member,
        "account": account_id,
        "conversation": conversation,
        "message": message,
        "body": body,
        "state": "open",
        "created_at": uow.now,
    }
    made: int = _ASK.one(uow, row)[0]
    return made


_NUMBER = Ready(
    update(network)
    .where(network.c.id == bindparam("which"))
    .values(last_number=network.c.last_number + 1)
    .returning(network.c.last_number)
)
_ASK = Ready(insert(thread).returning(thread.c.id))


_REPLY = Ready(insert(reply).returning(reply.c.id))


def answer(
    uow: UnitOfWork,
    *,
    thread_id: int,
    organisation_id: int,
    member: int,
    account_id: int,
    conversation: int,
    message: str | None,
    body: str,
    brief: bool = False,
) -> int:
    row = {
        "thread": thread_id,
        "organisation": organisation_id,
        "member": member,
        "account": account_id,
        "conversation": conversation,
        "message": message,
        "body": body,
        "state": "standing",
        "created_at": uow.now,
        "brief": brief,
    }
    return int(_REPLY.value(uow, row))


def question(uow: UnitOfWork, id: int) -> Utterance:
    return Utterance(*_QUESTION_BY_ID.one(uow, {"x": id}))


def numbered(uow: UnitOfWork, network_id: int, number: int) -> int | None:
    """The question with this number."""
    statement = select(thread.c.id).where(thread.c.network == network_id, thread.c.number == number)
    return uow.connection.execute(statement).scalar_one_or_none()


def reply_by_id(uow: UnitOfWork, id: int) -> Utterance:
    return Utterance(*_ANSWER_BY_ID.one(uow, {"x": id}))


def answered_at(uow: UnitOfWork, reply_id: int) -> datetime:
    """When this answer was given."""
    return uow.connection.execute(
        select(reply.c.created_at).where(reply.c.id == reply_id)
    ).scalar_one()


def answerer(uow: UnitOfWork, reply_id: int) -> int:
    """The member who gave this answer."""
    statement = select(reply.c.member).where(reply.c.id == reply_id)
    return int(uow.connection.execute(statement).scalar_one())


def question_of(uow: UnitOfWork, id: int, member: int) -> Utterance | None:
    """The question, if this member asked it."""
    return _of(uow, _QUESTION.where(thread.c.member == member), id)


def reply_of(uow: UnitOfWork, id: int, member: int) -> Utterance | None:
    """The reply, if this member gave it."""
    return _of(uow, _ANSWER.where(reply.c.member == member), id)


def _of(uow: UnitOfWork, statement: Select[*tuple[Any, ...]], id: int) -> Utterance | None:
    row = uow.connection.execute(statement, {"x": id}).one_or_none()
    return None if row is None else Utterance(*row)


def standing_under(uow: UnitOfWork, conversation: int, root: str) -> Standing | None:
    """The thread whose copy in this conversation has this root."""
    row = _STANDING_UNDER.first(uow, {"c": conversation, "r": root})
    return None if row is None else Standing(*row)


def count_open(uow: UnitOfWork, network_id: int) -> int:
    """How many questions of the network are open."""
    statement = select(func.count()).where(thread.c.network == network_id, OPEN)
    return uow.connection.execute(statement).scalar_one()


def may_cross(uow: UnitOfWork, id: int) -> bool:
    """Whether the question may be shown where it does not stand yet."""
    statement = select(thread.c.id).where(thread.c.id == id, rooms.may_cross(thread.c.organisation))
    return uow.connection.execute(statement).first() is not None


def lock(uow: UnitOfWork, thread_id: int) -> None:
    """Nobody answers or closes it, or shows it elsewhere, until the end of this unit of work."""
    statement = select(thread.c.id).where(thread.c.id == thread_id)
    uow.connection.execute(statement.with_for_update())


def standing(uow: UnitOfWork, thread_id: int) -> Standing | None:
    row = uow.connection.execute(_STANDING_OF, {"x": thread_id}).one_or_none()
    return None if row is None else Standing(*row)


def thread_written_as(uow: UnitOfWork, conversation: int, message: str) -> int | None:
    found: int | None = _THREAD_AT.value(uow, {"c": conversation, "m": message})
    return found


def reply_written_as(uow: UnitOfWork, conversation: int, message: str) -> int | None:
    found: int | None = _REPLY_AT.value(uow, {"c": conversation, "m": message})
    return found


def change_question(
    uow: UnitOfWork, id: int, *, body: str, state: str, edited: bool = True
) -> bool:
    """False if its author has withdrawn it: nothing brings that back."""
    stands = thread.c.withdrawn_at.is_(None)
    statement = update(thread).where(thread.c.id == id, stands).values(rephrased_at=None)
    return _changed(uow, statement, body, state, edited)


def rephrase(uow: UnitOfWork, id: int, *, body: str) -> bool:
    """Its author has taken over other words for it; their own message still has those before.
    False if it is not open any more."""
    statement = update(thread).where(thread.c.id == id, thread.c.state == "open")
    written = and_(thread.c.message.is_not(None), thread.c.message != "")
    rephrased = case((written, uow.now), else_=None)
    return _changed(uow, statement.values(rephrased_at=rephrased), body, "open", edited=True)


def is_rephrased(uow: UnitOfWork, id: int) -> bool:
    """Whether it reads otherwise than its author's own message."""
    statement = select(thread.c.rephrased_at.is_not(None)).where(thread.c.id == id)
    return bool(uow.connection.execute(statement).scalar_one())


def change_reply(
    uow: UnitOfWork, id: int, *, body: str, state: str, edited: bool = True, brief: bool = False
) -> bool:
    statement = update(reply).where(reply.c.id == id).values(brief=brief)
    if not brief:
        grown_at = case((reply.c.brief, uow.now), else_=reply.c.counts_at)
        statement = statement.values(counts_at=grown_at)
    return _changed(uow, statement, body, state, edited)


def _changed(uow: UnitOfWork, statement: Update, body: str, state: str, edited: bool) -> bool:
    shown_as = {"edited_at": uow.now} if edited else {}
    changed = uow.connection.execute(statement.values(body=body, state=state, **shown_as))
    return changed.rowcount == 1


def withdraw_question(uow: UnitOfWork, id: int, *, body: str) -> None:
    """Its author takes it back for good, though their own message may still stand."""
    withdrawn = {"body": body, "state": "withdrawn", "withdrawn_at": uow.now}
    uow.connection.execute(update(thread).where(thread.c.id == id).values(**withdrawn))


_latest = (
    select(reply.c.member, reply.c.body)
    .where(reply.c.thread == bindparam("x"), reply.c.created_at > bindparam("t"))
    .limit(bindparam("n"))
    .subquery()
)
_RECENT = Ready(
    select(
        func.count(),
        func.count(
            case((and_(_latest.c.member == bindparam("m"), _latest.c.body == bindparam("b")), 1))
        ),
    ).select_from(_latest)
)


def count_replies(uow: UnitOfWork, thread_id: int) -> int:
    """How many stand in the thread, whatever they say."""
    statement = select(func.count()).where(reply.c.thread == thread_id, reply.c.state == "standing")
    return int(uow.connection.execute(statement).scalar_one())


def count_replies_since(
    uow: UnitOfWork, thread_id: int, moment: datetime, limit: int, member: int, body: str
) -> tuple[int, int]:
    """How many replies came after `moment`, counted no further than `limit`; and how many of them
    are this one over again."""
    asked = {"x": thread_id, "t": moment, "n": limit, "m": member, "b": body}
    [(recent, same)] = _RECENT.all(uow, asked)
    return recent, same


def asked_since(uow: UnitOfWork, member: int, body: str, moment: datetime) -> int | None:
    """The number of the same question from the same member, if it was asked after `moment`."""
    statement = select(thread.c.number).where(
        thread.c.member == member, thread.c.created_at > moment, thread.c.body == body
    )
    return uow.connection.execute(statement.limit(1)).scalar_one_or_none()


def answered_since(
    uow: UnitOfWork, thread_id: int, member: int, body: str, moment: datetime
) -> bool:
    """Whether the same member gave the same answer after `moment`."""
    statement = select(reply.c.id).where(
        reply.c.thread == thread_id,
        reply.c.created_at > moment,
        reply.c.member == member,
        reply.c.body == body,
    )
    return uow.connection.execute(statement.limit(1)).first() is not None
