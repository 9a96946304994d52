"""Which copies are behind, who is bringing them up to date, and how that ended.

A lane is a conversation: whoever holds its lease is the only one to send there. A claim writes the
end of its lease into the copy's `due_at`. If a handler shows the post again meanwhile, it
overwrites that; settling clears `due_at` only where it finds its own value, so no change is lost.

A claim locks the copies it looks at, so that what a handler changes is either seen by it or comes
after it. It passes over what others have locked: it never waits, and so never waits in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)

from storage.models import (
    Instant,
    account,
    conversation,
    copy,
    installation,
    poll,
    post,
    reply,
    room,
    thread,
)
from storage.posts import ADRIFT, new_token, wake_children
from storage.ready import Ready
from storage.unit_of_work import UnitOfWork

WAITS = copy.c.due_at.is_not(None)
# PostgreSQL plans a statement once for whatever moment, and takes a third of all copies for due at
# it. How few wait at all it knows, and goes by where no plain comparison seems to say the same.
_DUE = and_(WAITS, case((copy.c.due_at <= bindparam("moment"), literal(1)), else_=0) == 1)

# Written out as in its index.
GIVEN_UP = text("copy.state IN ('failed', 'parked')")

MISSED = "missed"
"""Why a copy was dropped that a list tells of."""


@dataclass(frozen=True, slots=True)
class Due:
    """A copy that is behind, with what is needed to draw and send it."""

    copy: int
    part: int
    post: int
    kind: str
    subject: int
    version: int
    gone: bool
    not_after: datetime | None
    doubt: str
    state: str
    shown: int
    sending: int | None
    message: str | None
    root: str | None
    under: str | None
    token: str
    since: datetime | None
    tries: int
    looks: int
    resent: bool
    conversation: int
    key: str | None
    address: Mapping[str, str]
    language: str
    account: int | None
    platform: str
    installation: int
    secret: str | None
    parent: int | None
    parent_root: str | None
    parent_state: str | None
    wanted_at: datetime | None
    organisation: int | None  # whose open room of the post's network this is
    reads: str | None  # which messages of that room reach us
    stopped_at: datetime | None  # since when its installation is gone
    answer_to: str | None  # where people answer whose messages do not
    claimed_until: datetime | None = None


_parent = copy.alias("parent_copy")
_DUE_IN_LANE = Ready(
    select(
        copy.c.id,
        copy.c.part,
        post.c.id,
        post.c.kind,
        post.c.subject,
        post.c.version,
        post.c.gone,
        post.c.not_after,
        post.c.doubt,
        copy.c.state,
        copy.c.shown,
        copy.c.sending,
        copy.c.message,
        copy.c.root,
        copy.c.under,
        copy.c.token,
        copy.c.since,
        copy.c.tries,
        copy.c.looks,
        copy.c.resent,
        conversation.c.id,
        conversation.c.key,
        conversation.c.address,
        conversation.c.language,
        conversation.c.account,
        installation.c.platform,
        installation.c.id,
        installation.c.secret,
        post.c.parent,
        _parent.c.root,
        _parent.c.state,
        copy.c.wanted_at,
        room.c.organisation,
        room.c.reads,
        installation.c.stopped_at,
        room.c.answer_to,
    )
    .join_from(copy, post, post.c.id == copy.c.post)
    .join(conversation, conversation.c.id == copy.c.conversation)
    .join(installation, installation.c.id == conversation.c.installation)
    .outerjoin(
        _parent,
        and_(
            _parent.c.post == post.c.parent,
            _parent.c.conversation == copy.c.conversation,
            _parent.c.part == 0,
        ),
    )
    .outerjoin(
        room,
        and_(
            room.c.conversation == copy.c.conversation,
            room.c.network == post.c.network,
            room.c.state == "active",
        ),
    )
    .where(
        # With the sum SQLite goes by what is due, not through all that ever stood in the room.
        copy.c.conversation + 0 == bindparam("lane"),
        _DUE,
    )
    .order_by(post.c.id, copy.c.part)
    .limit(20)
    .with_for_update(of=copy, key_share=True, skip_locked=True)
)
# Grouped by the column itself, SQLite would read every copy there is, in its order.
_lane = copy.c.conversation + 0
_OPEN_LANES = Ready(
    select(_lane)
    .join_from(copy, conversation, conversation.c.id == copy.c.conversation)
    .where(
        _DUE,
        or_(
            conversation.c.lane_until.is_(None),
            conversation.c.lane_until <= bindparam("moment"),
        ),
        or_(
            conversation.c.next_at.is_(None),
            conversation.c.next_at <= bindparam("moment"),
        ),
    )
    .group_by(text("1"))
    .order_by(func.min(copy.c.due_at))
    .limit(bindparam("n"))
)
_free = conversation.alias("free")
_LEASE = Ready(
    update(conversation)
    .where(
        conversation.c.id
        == select(_free.c.id)
        .where(
            _free.c.id == bindparam("lane"),
            or_(_free.c.lane_until.is_(None), _free.c.lane_until <= bindparam("moment")),
            or_(_free.c.next_at.is_(None), _free.c.next_at <= bindparam("moment")),
        )
        .with_for_update(key_share=True, skip_locked=True)
        .scalar_subquery()
    )
    .values(lane_until=bindparam("until"))
)
_RELEASE = Ready(
    update(conversation)
    .where(
        conversation.c.id == bindparam("lane"),
        conversation.c.lane_until == bindparam("until"),
    )
    .values(lane_until=None)
)


def open_lanes(uow: UnitOfWork, limit: int) -> list[int]:
    """Conversations with something due that nobody is sending to, longest waiting first."""
    return _OPEN_LANES.column(uow, {"moment": uow.real, "n": limit})


def lease(uow: UnitOfWork, lane: int, until: datetime) -> bool:
    """Take the lane until then; False if another worker holds it, or is about to."""
    values = {"lane": lane, "moment": uow.real, "until": until}
    return _LEASE.run(uow, values) == 1


def release(uow: UnitOfWork, lane: int, until: datetime) -> bool:
    """Give the lane back; False if the lease had run out and another has it."""
    return _RELEASE.run(uow, {"lane": lane, "until": until}) == 1


def due_in(uow: UnitOfWork, lane: int) -> list[Due]:
    return [Due(*row) for row in _DUE_IN_LANE.all(uow, {"lane": lane, "moment": uow.real})]


def mark(uow: UnitOfWork, copy_id: int, **values: Any) -> None:
    """Change a copy that we hold the lane of."""
    _MARK.run(uow, {"which": copy_id, **values})


_MARK = Ready(update(copy).where(copy.c.id == bindparam("which")))


def begin_sending(uow: UnitOfWork, due: Due, until: datetime, version: int) -> None:
    """Committed before the call, so that a crash leaves a copy that is known to be in doubt."""
    mark(uow, due.copy, state="sending", sending=version, due_at=until, since=uow.real)


def hold(uow: UnitOfWork, due: Due, until: datetime) -> None:
    """Something else is done for the copy before it can be sent; look at it again after that."""
    mark(uow, due.copy, due_at=until)


_IN_VAIN = and_(
    copy.c.message.is_(None),
    or_(
        copy.c.state == "doubt",
        and_(copy.c.state == "behind", or_(copy.c.tries > 0, copy.c.resent.is_(True))),
    ),
)


def older_in_vain(uow: UnitOfWork, due: Due) -> datetime | None:
    """When the last of what should stand above this one, and was tried in vain, is tried again."""
    statement = (
        select(func.max(copy.c.due_at))
        .join_from(copy, post)
        .where(
            copy.c.conversation == due.conversation,
            _IN_VAIN,
            WAITS,
            copy.c.due_at > uow.real,
            copy.c.post < due.post,
            post.c.kind.in_(("question", "prompt", "poll", "answer")),
        )
    )
    found: datetime | None = uow.connection.execute(statement).scalar_one()
    return found


def hasten(uow: UnitOfWork, conversation_id: int) -> None:
    """Something was shown there: what was tried in vain need not wait any longer. What is in doubt
    must: it may come to stand yet."""
    _HASTEN.run(uow, {"lane": conversation_id, "moment": uow.real})


_HASTEN = Ready(
    update(copy)
    .where(
        copy.c.conversation == bindparam("lane"),
        copy.c.message.is_(None),
        copy.c.state == "behind",
        copy.c.tries > 0,
        WAITS,
        copy.c.due_at > bindparam("moment"),
    )
    .values(due_at=bindparam("moment"))
)


def wait_for_parent(uow: UnitOfWork, due: Due) -> None:
    """Not to be looked at until its parent has its root, which wakes it.

    The parent may be getting it at this moment, from its own message that comes back: then the copy
    stays due.
    """
    parent = select(copy.c.root).where(
        copy.c.post == due.parent, copy.c.conversation == due.conversation, copy.c.part == 0
    )
    locked = parent.with_for_update(key_share=True, skip_locked=True)
    found = uow.connection.execute(locked).one_or_none()
    if found is not None and found.root is None:
        mark(uow, due.copy, due_at=None)


ENDED = frozenset({"failed", "dropped", "removed", "gone", "parked"})
"""States of a copy that does not stand, and will not by itself."""


def has_parts(uow: UnitOfWork, due: Due, count: int) -> None:
    """Beside the first part that we are sending there are this many in all: those that are missing
    are made, and those that were lost when the text was shorter are behind."""
    stands = due.message is not None
    moment = uow.real if stands else None
    beside = and_(
        copy.c.post == due.post,
        copy.c.conversation == due.conversation,
        copy.c.part.between(1, count - 1),
    )
    known = set(uow.connection.execute(select(copy.c.part).where(beside)).scalars())
    lost = and_(beside, copy.c.state.in_(("gone", "dropped")))
    uow.connection.execute(
        update(copy).where(lost).values(state="behind", due_at=moment, since=None, looks=0, tries=0)
    )
    for part in sorted(set(range(1, count)) - known):
        row = {"post": due.post, "conversation": due.conversation, "part": part}
        values = {**row, "under": due.under, "token": new_token(), "due_at": moment}
        uow.connection.execute(insert(copy).values(**values))


def part_before(uow: UnitOfWork, due: Due) -> tuple[str | None, bool]:
    """The state of the part before this one, and whether it stands in the room."""
    before = uow.connection.execute(_part(due, due.part - 1)).one_or_none()
    return (None, False) if before is None else (before.state, before.message is not None)


def wait_for_part(uow: UnitOfWork, due: Due) -> None:
    """Not to be looked at until the part before it stands, which wakes it. As with parents, that
    may happen at this moment: then the copy stays due."""
    locked = _part(due, due.part - 1).with_for_update(key_share=True, skip_locked=True)
    found = uow.connection.execute(locked).one_or_none()
    if found is not None and found.message is None:
        mark(uow, due.copy, due_at=None)


def root_of_first(uow: UnitOfWork, due: Due) -> str | None:
    """The thread that the post's first part begins."""
    return uow.connection.execute(_part(due, 0).with_only_columns(copy.c.root)).scalar_one_or_none()


def _part(due: Due, part: int) -> Select[*tuple[Any, ...]]:
    return select(copy.c.state, copy.c.message).where(
        copy.c.post == due.post, copy.c.conversation == due.conversation, copy.c.part == part
    )


def settle(uow: UnitOfWork, due: Due, *, due_at: datetime | None = None, **values: Any) -> None:
    """How it ended. `due_at` is when to look at the copy next, unless it was shown again since:
    then it is behind, and due already. In doubt it cannot be sent, whatever it is to show. What was
    ended meanwhile (its room's tie, or by a moderator) stays ended.
    """
    settled = {"which": due.copy, "next": due_at, **values}
    if values.get("state") == "doubt":
        _DOUBT.run(uow, settled)
        return
    settled["claimed"] = due.claimed_until
    if values.get("state") in ("shown", "gone"):
        settled["ended"] = settled.pop("state")
        _END.run(uow, settled)
    else:
        _GO_ON.run(uow, settled)


_GOES_ON = update(copy).where(
    copy.c.id == bindparam("which"), copy.c.state.in_(("behind", "sending", "doubt"))
)
_NEXT = bindparam("next", type_=Instant())
_UNCHANGED = copy.c.due_at == bindparam("claimed")
_UNLESS_CHANGED = _GOES_ON.values(due_at=case((_UNCHANGED, _NEXT), else_=copy.c.due_at))
_SENT = Ready(_GOES_ON)
_DOUBT = Ready(_GOES_ON.values(due_at=_NEXT))
_GO_ON = Ready(_UNLESS_CHANGED)
_END = Ready(
    _UNLESS_CHANGED.values(
        state=case((_UNCHANGED, bindparam("ended", type_=copy.c.state.type)), else_="behind")
    )
)


def sent(uow: UnitOfWork, due: Due, message: str) -> None:
    """It stands there for good: the platform tells no id by which it could be changed, and whatever
    it is to show from now on, nobody can show it there. `message` is our own name for it."""
    ended = {"state": "sent", "shown": due.version, "message": message, "due_at": None}
    _SENT.run(uow, {"which": due.copy, **ended})


def known_message(uow: UnitOfWork, due: Due) -> str | None:
    """The message that the copy is known to be by now."""
    statement = select(copy.c.message).where(copy.c.id == due.copy)
    return uow.connection.execute(statement.with_for_update(key_share=True)).scalar_one()


def stands(uow: UnitOfWork, due: Due, message: str, root: str) -> None:
    """The copy has its ids now, so what hangs under it can follow. Only the first message of a
    thread keeps the root, so that a reply finds its thread in one step."""
    begins = due.parent is None and due.under is None
    mark(uow, due.copy, message=message, root=root if begins else None)
    wake_children(uow, due.post, due.conversation)


def drop(uow: UnitOfWork, due: Due) -> None:
    """It is not to be sent, and neither are the parts of a long text that wait for it."""
    mark(uow, due.copy, state="dropped", due_at=None)
    _drop_waiting(uow, due, _after(due))


def drop_children(uow: UnitOfWork, due: Due) -> None:
    """A root that failed for good drops what hangs under it in that room; a part of a long text
    only those that come after it."""
    under = copy.c.post.in_(select(post.c.id).where(post.c.parent == due.post))
    _drop_waiting(uow, due, or_(under, _after(due)) if due.part == 0 else _after(due))


def _after(due: Due) -> ColumnElement[bool]:
    return and_(copy.c.post == due.post, copy.c.part > due.part, copy.c.message.is_(None))


def _drop_waiting(uow: UnitOfWork, due: Due, which: ColumnElement[bool]) -> None:
    here = copy.c.conversation == due.conversation
    uow.connection.execute(
        update(copy)
        .where(here, which, ADRIFT, copy.c.state == "behind")
        .values(state="dropped", due_at=None)
    )


def pause(uow: UnitOfWork, conversation_id: int, until: datetime) -> None:
    """Nothing is sent to this conversation before then."""
    uow.connection.execute(
        update(conversation)
        .where(
            conversation.c.id == conversation_id,
            or_(conversation.c.next_at.is_(None), conversation.c.next_at < until),
        )
        .values(next_at=until)
    )


def pace(uow: UnitOfWork, conversation_id: int, interval: float, burst: int) -> None:
    """One letter was sent: when the next may be, by the generic cell rate algorithm.

    The theoretical arrival time is `next_at + (burst - 1) * interval`; only `next_at` is stored.
    """
    (current,) = _NEXT_AT.one(uow, {"lane": conversation_id})
    earliest = uow.real - timedelta(seconds=interval * (burst - 1))
    following = max(earliest, current or earliest) + timedelta(seconds=interval)
    _PACE.run(uow, {"lane": conversation_id, "next_at": following})


_NEXT_AT = Ready(select(conversation.c.next_at).where(conversation.c.id == bindparam("lane")))
_PACE = Ready(update(conversation).where(conversation.c.id == bindparam("lane")))


def fail_conversation(uow: UnitOfWork, conversation_id: int, reason: str) -> None:
    """The platform will not let us speak there: what was to be shown failed, and can be revived."""
    uow.connection.execute(
        update(copy)
        # With the sum SQLite goes by what is due, not through all that ever stood in the room.
        .where(copy.c.conversation + 0 == conversation_id, WAITS)
        .values(state="failed", due_at=None, reason=reason)
    )
    uow.connection.execute(
        update(copy)
        .where(
            copy.c.conversation == conversation_id,
            ADRIFT,
            copy.c.state == "behind",
            copy.c.message.is_(None),
        )
        .values(state="failed", due_at=None, reason=reason)
    )


def revive(uow: UnitOfWork, conversation_id: int, *, only_one: bool = False) -> None:
    """The room can be spoken to again: what failed or was dropped there is due, if it is of the
    network whose room it is now. What was in doubt still is. `only_one`: try the oldest first."""
    in_doubt = and_(copy.c.message.is_(None), copy.c.since.is_not(None))
    waiting = (
        select(copy.c.id)
        .join_from(copy, post)
        .where(
            copy.c.conversation == conversation_id,
            ADRIFT,
            or_(
                copy.c.state == "failed",
                and_(copy.c.state == "dropped", copy.c.reason.is_(None)),
            ),
            _may_stand_in(conversation_id),
        )
        .order_by(copy.c.id)
        .limit(1 if only_one else None)
    )
    uow.connection.execute(
        update(copy)
        .where(copy.c.id.in_(waiting))
        .values(
            state=case((in_doubt, "doubt"), else_="behind"),
            due_at=uow.real,
            tries=0,
            looks=0,
            reason=None,
        )
    )
    uow.wakes = True


def take_up(uow: UnitOfWork, conversation_id: int, network_id: int) -> None:
    """The room is part of the network again: what stands there since before, and has changed
    meanwhile, is brought up to date."""
    of_network = select(post.c.id).where(post.c.id == copy.c.post, post.c.network == network_id)
    uow.connection.execute(
        update(copy)
        .where(
            copy.c.conversation == conversation_id,
            ADRIFT,
            copy.c.native.is_(False),
            # Said so, SQLite does not go through all the messages that stand there.
            func.coalesce(copy.c.message, "") != "",
            of_network.exists(),
        )
        .values(state="behind", due_at=uow.real, tries=0, looks=0, reason=None)
    )
    uow.wakes = True


@dataclass(frozen=True, slots=True)
class Missed:
    """A question or an answer that a room has waited for."""

    copy: int
    kind: str
    thread: int


def missed(
    uow: UnitOfWork, conversation_id: int, network_id: int, before: datetime
) -> list[Missed]:
    """The questions and answers that were to stand in this lane, which we hold, before then. What
    is said to the bot's own questions is not among them: a list could not lead there. Nor is what
    the network has chosen and what is said about it: that comes, however late."""
    chosen = select(poll.c.question).where(
        poll.c.network == network_id, poll.c.question.is_not(None)
    )
    about = func.coalesce(reply.c.thread, post.c.subject)
    statement = (
        select(copy.c.id, post.c.kind, about)
        .join_from(copy, post)
        .outerjoin(reply, and_(post.c.kind == "answer", reply.c.id == post.c.subject))
        .join(thread, thread.c.id == about)
        .where(
            copy.c.conversation == conversation_id,
            copy.c.message.is_(None),
            copy.c.part == 0,
            copy.c.state.in_(("behind", "doubt")),
            copy.c.wanted_at < before,
            post.c.network == network_id,
            post.c.kind.in_(("question", "answer")),
            post.c.gone.is_(False),
            thread.c.number.is_not(None),
            about.not_in(chosen),
        )
        .order_by(post.c.id)
        .with_for_update(of=copy, key_share=True, skip_locked=True)
    )
    return [Missed(*row) for row in uow.connection.execute(statement)]


def drop_missed(uow: UnitOfWork, conversation_id: int, copies: Iterable[int]) -> None:
    """They are told of in a list, and shown only where somebody wishes for them."""
    posts = select(copy.c.post).where(copy.c.id.in_(copies))
    uow.connection.execute(
        update(copy)
        .where(
            copy.c.conversation == conversation_id,
            copy.c.post.in_(posts),
            copy.c.message.is_(None),
        )
        .values(state="dropped", due_at=None, reason=MISSED)
    )


def _may_stand_in(conversation_id: int) -> ColumnElement[bool]:
    """Whether a post is of the conversation's own network (or of none, or the talk is private)."""
    its_network = select(room.c.network).where(
        room.c.conversation == conversation_id, room.c.state != "ended"
    )
    private = exists().where(
        conversation.c.id == conversation_id, conversation.c.account.is_not(None)
    )
    return or_(post.c.network.is_(None), post.c.network.in_(its_network), private)


def conversations_of(uow: UnitOfWork, installation_id: int) -> list[int]:
    statement = select(conversation.c.id).where(conversation.c.installation == installation_id)
    return list(uow.connection.execute(statement).scalars())


def next_due(uow: UnitOfWork) -> datetime | None:
    """When something is due next, lanes and rates considered; None if nothing waits."""
    rows = _NEXT_DUE.all(uow, {})
    return min(
        (max(moment for moment in row if moment is not None) for row in rows),
        default=None,
    )


_NEXT_DUE = Ready(
    select(func.min(copy.c.due_at), conversation.c.lane_until, conversation.c.next_at)
    .join_from(copy, conversation, conversation.c.id == copy.c.conversation)
    .where(WAITS)
    .group_by(conversation.c.id, conversation.c.lane_until, conversation.c.next_at)
)


def count_given_up(uow: UnitOfWork) -> int:
    """How many copies will not come to stand, or not as they should. Those of a room that cannot be
    spoken to at all are not among them: they are taken up again when it can."""
    troubled = select(room.c.conversation).where(
        room.c.state == "active", room.c.trouble.is_not(None)
    )
    statement = (
        select(func.count()).select_from(copy).where(GIVEN_UP, copy.c.conversation.not_in(troubled))
    )
    return uow.connection.execute(statement).scalar_one()


def direct_to(uow: UnitOfWork, account_id: int) -> str:
    """The platform's address of the person whose direct message this is."""
    statement = select(account.c.address).where(account.c.id == account_id)
    return uow.connection.execute(statement).scalar_one()
