"""Posts and their copies: what the bot shows, and where each showing of it stands."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from storage.models import Instant, copy, organisation, post, reply, room
from storage.ready import Ready
from storage.rooms import SPEAKS, may_cross
from storage.unit_of_work import UnitOfWork

_NEW_POST = Ready(insert(post).returning(post.c.id))
_NEW_COPIES = Ready(insert(copy))
_FIND = Ready(
    select(post.c.id).where(post.c.kind == bindparam("k"), post.c.subject == bindparam("s"))
)
_WHERE_IT_STANDS = Ready(
    select(copy.c.conversation).where(
        copy.c.post == bindparam("p"),
        copy.c.part == 0,
        # Written out: SQLAlchemy puts a list together anew each time.
        text("copy.state NOT IN ('dropped', 'removed', 'gone')"),
        exists().where(
            room.c.conversation == copy.c.conversation,
            room.c.network == bindparam("n"),
            room.c.state == "active",
            SPEAKS,
        ),
    )
)
_AT = Ready(
    select(copy.c.id, copy.c.native).where(
        copy.c.conversation == bindparam("c"), copy.c.message == bindparam("m")
    )
)

# Written out as in its index, which SQLite uses only then.
ADRIFT = text("copy.state IN ('behind', 'failed', 'dropped')")
"""What does not show what it should, and may have to."""

TWICE = 100
"""Added to the part of a copy that was sent twice: 102 is the other message with the third part."""


ABSENT = ("dropped", "gone")
"""States of a copy that does not stand, and would if it were wished for."""


def new_token() -> str:
    """26 random characters (104 bits) that name a copy on its platform."""
    return secrets.token_hex(13)


def show(
    uow: UnitOfWork,
    kind: str,
    subject: int,
    conversations: Iterable[int],
    *,
    network: int | None,
    parent: int | None = None,
    native: Mapping[int, tuple[str, str]] | None = None,
    under: str | None = None,
    doubt: str = "resend",
    not_after: datetime | None = None,
) -> int:
    """Show something for the first time in these conversations; the id of its post.

    `native` names the conversations where a member's own message is the copy: (message, root).
    `under` is a thread of somebody else's that it is to stand in.
    """
    row = {
        "network": network,
        "kind": kind,
        "subject": subject,
        "parent": parent,
        "doubt": doubt,
        "not_after": not_after,
    }
    made = int(_NEW_POST.value(uow, row))
    add_copies(uow, made, conversations, native or {}, under)
    return made


def add_copies(
    uow: UnitOfWork,
    post_id: int,
    conversations: Iterable[int],
    native: Mapping[int, tuple[str, str]],
    under: str | None = None,
) -> None:
    rows = [_copy_row(uow, post_id, place, native.get(place), under) for place in conversations]
    if rows:
        _NEW_COPIES.many(uow, rows)
        uow.wakes = True


def _copy_row(
    uow: UnitOfWork,
    post_id: int,
    conversation: int,
    own: tuple[str, str] | None,
    under: str | None,
) -> dict[str, object]:
    message, root = own or (None, None)
    return {
        "post": post_id,
        "conversation": conversation,
        "native": own is not None,
        "shown": 1 if own else 0,
        "message": message,
        "root": root,
        "under": under,
        "token": new_token(),
        "state": "shown" if own else "behind",
        "due_at": None if own else uow.real,
        "wanted_at": uow.real,
    }


def find(uow: UnitOfWork, kind: str, subject: int) -> int | None:
    found: int | None = _FIND.value(uow, {"k": kind, "s": subject})
    return found


def where_it_stands(uow: UnitOfWork, post_id: int, network: int) -> list[int]:
    """The rooms of the network that hold, or will hold, a copy of this post, and in which something
    can stand under it."""
    return [row[0] for row in _WHERE_IT_STANDS.all(uow, {"p": post_id, "n": network})]


NONE = timedelta(0)


def show_again(
    uow: UnitOfWork, kind: str, subject: int, *, gone: bool | None = None, apart: timedelta = NONE
) -> None:
    """What the post shows has changed: every copy that is ours is behind. `gone`: take it away
    everywhere, or (False) bring it back. `apart`: no copy is sent sooner than this after it was
    last, and what changes meanwhile is shown together."""
    news = {} if gone is None else {"gone": gone}
    raised = _RAISE.value(uow, {"shows": kind, "about": subject, **news})
    if raised is None:
        return
    if gone is False:
        _bring_back(uow, raised)
    moments = {"now": uow.real} | (
        {"later": uow.real + apart, "just_now": uow.real - apart} if apart else {}
    )
    _stale(gone is True, apart > NONE).run(uow, {"which": raised, **moments})
    uow.wakes = True


_RAISE = Ready(
    update(post)
    .where(post.c.kind == bindparam("shows"), post.c.subject == bindparam("about"))
    .values(version=post.c.version + 1)
    .returning(post.c.id)
)


@cache
def _stale(gone: bool, apart: bool) -> Ready:
    ours = and_(copy.c.post == bindparam("which"), copy.c.native.is_(False))
    # One in doubt is looked for in its own time, and drawn anew after that. One that stands in a
    # room that left before its last edit, or could not be edited any more, is still taken away.
    stuck = ("dropped", "failed", "removed") if gone else ("dropped",)
    stale = or_(
        copy.c.state.in_(("behind", "sending", "shown")),
        and_(copy.c.state.in_(stuck), copy.c.message.is_not(None)),
    )
    return Ready(
        update(copy)
        .where(ours, stale)
        .values(
            due_at=_apart() if apart else bindparam("now"),
            state=case((copy.c.state == "sending", "sending"), else_="behind"),
        )
    )


def _apart() -> ColumnElement[datetime | None]:
    """A copy that waits already will show this too. `since` is when it was sent last."""
    waits = and_(copy.c.state == "behind", copy.c.due_at.is_not(None))
    sent_just_now = or_(copy.c.state == "sending", copy.c.since > bindparam("just_now"))
    later, now = (bindparam(name, type_=Instant()) for name in ("later", "now"))
    return case((waits, copy.c.due_at), (sent_just_now, later), else_=now)


def show_each_again(uow: UnitOfWork, kind: str, subjects: Select[int]) -> None:
    """The same for many posts at once, in as many statements as for one."""
    these = and_(post.c.kind == kind, post.c.subject.in_(subjects), post.c.gone.is_(False))
    uow.connection.execute(update(post).where(these).values(version=post.c.version + 1))
    stale = or_(
        copy.c.state.in_(("behind", "sending", "shown")),
        and_(copy.c.state == "dropped", copy.c.message.is_not(None)),
    )
    uow.connection.execute(
        update(copy)
        .where(copy.c.post.in_(select(post.c.id).where(these)), stale)
        .values(
            due_at=uow.real,
            state=case((copy.c.state == "sending", "sending"), else_="behind"),
        )
    )
    uow.wakes = True


def _bring_back(uow: UnitOfWork, post_id: int) -> None:
    """Copies that were taken away, or that it was too late to send, are posted anew where the
    post's network still has its room."""
    its_room = exists().where(
        room.c.conversation == copy.c.conversation,
        room.c.state == "active",
        post.c.id == copy.c.post,
        post.c.network == room.c.network,
    )
    uow.connection.execute(
        update(copy)
        .where(copy.c.post == post_id, copy.c.state.in_(("gone", "dropped")), its_room)
        .where(copy.c.part < TWICE)
        .values(state="behind", looks=0, tries=0, reason=None, wanted_at=uow.real)
    )


def show_also(uow: UnitOfWork, post_id: int, conversation: int) -> None:
    """Show a post in one more conversation, or anew where it was dropped. What may stand there for
    all we know is looked for first."""
    its_copies = and_(
        copy.c.post == post_id, copy.c.conversation == conversation, copy.c.part < TWICE
    )
    in_doubt = and_(copy.c.message.is_(None), copy.c.since.is_not(None))
    known = uow.connection.execute(
        update(copy)
        .where(its_copies, copy.c.state.in_(ABSENT))
        .values(
            state=case((in_doubt, "doubt"), else_="behind"),
            due_at=uow.real,
            wanted_at=uow.real,
            tries=0,
            looks=0,
            reason=None,
        )
    )
    uow.wakes = True
    if known.rowcount == 0:
        add_copies(uow, post_id, [conversation], {})


def state_in(uow: UnitOfWork, post_id: int, conversation: int) -> str | None:
    """How a post stands in a conversation; None if it never was to stand there."""
    statement = select(copy.c.state).where(
        copy.c.post == post_id, copy.c.conversation == conversation, copy.c.part == 0
    )
    return uow.connection.execute(statement).scalar_one_or_none()


def organisations_without(uow: UnitOfWork, post_id: int, network: int) -> list[str]:
    """The organisations in whose rooms a post should stand, and does not yet."""
    its_room = and_(
        room.c.conversation == copy.c.conversation,
        room.c.network == network,
        room.c.state == "active",
    )
    statement = (
        select(organisation.c.name)
        .distinct()
        .join_from(copy, room, its_room)
        .join(organisation, organisation.c.id == room.c.organisation)
        .where(
            copy.c.post == post_id,
            copy.c.part == 0,
            copy.c.message.is_(None),
            copy.c.state.in_(("behind", "sending", "doubt", "failed", "parked")),
        )
    )
    return list(uow.connection.execute(statement.order_by(organisation.c.name)).scalars())


def answers_not_in(uow: UnitOfWork, thread_id: int, conversation: int) -> list[int]:
    """The posts of a thread's standing answers that this conversation is without, in order."""
    its_post = and_(post.c.kind == "answer", post.c.subject == reply.c.id)
    there = (
        select(copy.c.id)
        .join_from(post, copy, copy.c.post == post.c.id)
        .where(
            its_post,
            copy.c.conversation == conversation,
            copy.c.part == 0,
            copy.c.state.not_in(ABSENT),
        )
        .correlate(reply)
    )
    # Not by a join, in which SQLite would begin with the posts of all answers that there are.
    found = select(post.c.id).where(its_post).correlate(reply).scalar_subquery()
    statement = (
        select(found)
        .where(reply.c.thread == thread_id, reply.c.state == "standing", ~there.exists())
        .where(may_cross(reply.c.organisation))
        .order_by(reply.c.id)
    )
    return list(uow.connection.execute(statement).scalars())


def copy_at(uow: UnitOfWork, conversation: int, message: str) -> tuple[int, bool] | None:
    """The copy that is this message, and whether it is a member's own."""
    row = _AT.first(uow, {"c": conversation, "m": message})
    return None if row is None else (row[0], row[1])


def is_copy(uow: UnitOfWork, conversation: int, message: str) -> bool:
    return _AT.first(uow, {"c": conversation, "m": message}) is not None


def removed_there(uow: UnitOfWork, copy_id: int) -> None:
    """A moderator took our message away: it stays away. (Our own deletions are told, too: of the
    whole post, or of a part that it no longer has, which is in doubt.)"""
    ours = select(post.c.id).where(post.c.id == copy.c.post, post.c.gone.is_(True))
    by_us = or_(ours.exists(), func.coalesce(copy.c.sending, 1) == 0)
    uow.connection.execute(
        update(copy)
        .where(copy.c.id == copy_id, ~by_us, copy.c.state.not_in(("gone", "sending")))
        .values(state="removed", due_at=None, message=None)
    )


def echoed(uow: UnitOfWork, token: str, conversation: int, message: str, root: str | None) -> bool:
    """Our own message came back before, or instead of, the platform's answer: it stands there.

    A copy that is not known to stand anywhere learns from it; it gets one more edit (or is taken
    away), since the echo tells where it stands but not which version.
    """
    where = {"known_by": token, "place": conversation}
    found = _STANDS.first(uow, {**where, "message": message, "root": root})
    if found is None:
        return False
    id, post_id, state = found
    if state != "sending":
        _BEHIND.run(uow, {"which": id, "state": "behind", "due_at": uow.real})
    wake_children(uow, post_id, conversation)
    uow.wakes = True
    return True


_STANDS = Ready(
    update(copy)
    .where(
        copy.c.token == bindparam("known_by"),
        copy.c.conversation == bindparam("place"),
        copy.c.message.is_(None),
        copy.c.state.not_in(("gone", "removed")),
    )
    .returning(copy.c.id, copy.c.post, copy.c.state)
)
_BEHIND = Ready(update(copy).where(copy.c.id == bindparam("which")))


def adopt(uow: UnitOfWork, token: str, conversation: int, message: str, root: str | None) -> None:
    """A message with this token stands here that is not the copy: it was sent twice. It becomes a
    copy beside the other, so that it follows edits and the replies under it are heard."""
    found = uow.connection.execute(
        select(copy.c.post, copy.c.message, copy.c.part).where(
            copy.c.token == token, copy.c.conversation == conversation
        )
    ).one_or_none()
    if found is None or found.message in (None, message) or is_copy(uow, conversation, message):
        return
    beside = and_(
        copy.c.post == found.post,
        copy.c.conversation == conversation,
        copy.c.part % TWICE == found.part % TWICE,
    )
    part = select(func.max(copy.c.part) + TWICE).where(beside).scalar_subquery()
    uow.connection.execute(
        insert(copy).values(
            post=found.post,
            conversation=conversation,
            part=part,
            message=message,
            root=root if found.part % TWICE == 0 else None,
            token=new_token(),
            state="behind",
            due_at=uow.real,
        )
    )
    uow.wakes = True


def wake_children(uow: UnitOfWork, post_id: int, conversation: int) -> None:
    """It stands there now: what waited for that in this conversation is due, its next part too."""
    _WAKE_CHILDREN.run(uow, {"parent": post_id, "place": conversation, "moment": uow.real})


_WAKE_CHILDREN = Ready(
    update(copy)
    .where(
        copy.c.conversation == bindparam("place"),
        ADRIFT,
        copy.c.state == "behind",
        copy.c.due_at.is_(None),
        or_(
            copy.c.post.in_(select(post.c.id).where(post.c.parent == bindparam("parent"))),
            and_(copy.c.post == bindparam("parent"), copy.c.part > 0),
        ),
    )
    .values(due_at=bindparam("moment"))
)


def network_of(uow: UnitOfWork, kind: str, subject: int) -> int | None:
    """The network of a post that is not gone; None where there is no such post."""
    statement = select(post.c.network).where(
        post.c.kind == kind, post.c.subject == subject, post.c.gone.is_(False)
    )
    return uow.connection.execute(statement).scalar_one_or_none()


def anything_in_flight(uow: UnitOfWork, conversation: int) -> bool:
    """Whether a copy in this conversation may stand there under an id we do not know yet."""
    statement = select(copy.c.id).where(
        copy.c.conversation == conversation,
        copy.c.message.is_(None),
        copy.c.due_at.is_not(None),
        or_(copy.c.state == "sending", copy.c.state == "doubt"),
    )
    return uow.connection.execute(statement.limit(1)).first() is not None
