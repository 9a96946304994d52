"""Private messages that nobody asked for: what is to be sent to whom, when, and how it ended."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, func, insert, or_, select, text, update

from storage.models import about, copy, member, organisation, post, private
from storage.posts import show_again, show_each_again
from storage.ready import Ready
from storage.unit_of_work import UnitOfWork

KIND = "private"
"""The kind of post that shows one."""

UNDELIVERED = "undelivered"
"""Why one was dropped that its platform would not take, or that may not have arrived."""

LATELY = timedelta(days=14)
"""What was made before that is not drawn anew any more."""

DUE = text("private.due_at IS NOT NULL")
NEXT = select(func.min(private.c.due_at)).where(DUE)


@dataclass(frozen=True, slots=True)
class Private:
    """A message to one member. `state` is waiting, sending, shown or dropped; `until` is when it is
    not worth sending any more."""

    id: int
    network: int
    member: int
    kind: str
    facts: dict[str, str]
    state: str
    created_at: datetime
    until: datetime | None
    due_at: datetime | None = None
    """When it is decided again."""

    sent_at: datetime | None = None


_COLUMNS: Select[*tuple[Any, ...]] = select(
    private.c.id,
    private.c.network,
    private.c.member,
    private.c.kind,
    private.c.facts,
    private.c.state,
    private.c.created_at,
    private.c.until,
    private.c.due_at,
    private.c.sent_at,
)


def keep(
    uow: UnitOfWork,
    *,
    network: int,
    member: int,
    kind: str,
    facts: Mapping[str, str] | None = None,
    until: datetime | None = None,
    at: datetime | None = None,
) -> Private:
    """Note that it is to be sent; whether and when is decided next, or then (`at`)."""
    uow.wakes = True
    facts = dict(facts or {})
    statement = insert(private).values(
        network=network,
        member=member,
        kind=kind,
        facts=facts,
        state="waiting",
        created_at=uow.now,
        due_at=at or uow.now,
        until=until,
    )
    made = uow.connection.execute(statement.returning(private.c.id)).scalar_one()
    return Private(made, network, member, kind, facts, "waiting", uow.now, until)


def find(uow: UnitOfWork, id: int) -> Private | None:
    row = _FIND.first(uow, {"p": id})
    return None if row is None else Private(*row)


_FIND = Ready(_COLUMNS.where(private.c.id == bindparam("p")))


def due(uow: UnitOfWork, limit: int = 50) -> list[Private]:
    """Those that are to be decided about now."""
    return [Private(*row) for row in _DUE.all(uow, {"moment": uow.now, "most": limit})]


_DUE = Ready(
    _COLUMNS.where(DUE, private.c.due_at <= bindparam("moment"))
    .order_by(private.c.due_at)
    .limit(bindparam("most"))
)


def coming(uow: UnitOfWork, network: int, until: datetime) -> list[tuple[Private, str, str | None]]:
    """What waits in this network and is decided about by then: with the name of the member's
    organisation, and the rule by which it waits."""
    statement = (
        _COLUMNS.add_columns(organisation.c.name, private.c.reason)
        .join_from(private, member)
        .join(organisation, organisation.c.id == member.c.organisation)
        .where(
            private.c.network == network,
            private.c.state == "waiting",
            DUE,
            private.c.due_at <= until,
        )
        .order_by(private.c.due_at)
    )
    rows = uow.connection.execute(statement)
    return [(Private(*row[:-2]), row[-2], row[-1]) for row in rows]


def wait(uow: UnitOfWork, id: int, until: datetime, reason: str) -> None:
    _settle(uow, id, state="waiting", due_at=until, reason=reason)


def send(uow: UnitOfWork, id: int, look_at: datetime) -> None:
    """It is on its way; at `look_at` what became of it is to be looked at."""
    _settle(uow, id, state="sending", due_at=look_at, reason=None, sent_at=uow.now)


def look_again(uow: UnitOfWork, id: int, at: datetime) -> None:
    _settle(uow, id, due_at=at)


def shown(uow: UnitOfWork, id: int) -> None:
    _settle(uow, id, state="shown", due_at=None)


def drop(uow: UnitOfWork, id: int, reason: str) -> None:
    """It is not sent any more. Where it may have arrived, it counts as sent all the same."""
    sent = {} if is_in_doubt(uow, id) else {"sent_at": None}
    _settle(uow, id, state="dropped", due_at=None, reason=reason, **sent)


def _settle(uow: UnitOfWork, id: int, **values: object) -> None:
    _SETTLE.run(uow, {"which": id, **values})


_SETTLE = Ready(update(private).where(private.c.id == bindparam("which")))


def state_of_copy(uow: UnitOfWork, id: int) -> str | None:
    """How the copy of this message stands, or the last of them; None if there is none."""
    found: str | None = _STATE_OF_COPY.value(uow, {"p": id})
    return found


_STATE_OF_COPY = Ready(
    select(copy.c.state)
    .join_from(copy, post)
    .where(post.c.kind == KIND, post.c.subject == bindparam("p"), copy.c.part == 0)
    .order_by(copy.c.id.desc())
    .limit(1)
)


def is_in_doubt(uow: UnitOfWork, id: int) -> bool:
    """Whether it can never be known if it arrived."""
    return state_of_copy(uow, id) == "parked"


def stands(uow: UnitOfWork, id: int) -> bool:
    """Whether the member has it before them."""
    return _STANDS.first(uow, {"p": id}) is not None


_STANDS = Ready(
    select(copy.c.id)
    .join_from(copy, post)
    .where(post.c.kind == KIND, post.c.subject == bindparam("p"), copy.c.message.is_not(None))
    .limit(1)
)


def decided_at(uow: UnitOfWork, id: int) -> datetime | None:
    """When it is looked at next; None once it has come through or was given up."""
    statement = select(private.c.due_at).where(private.c.id == id)
    return uow.connection.execute(statement).scalar_one_or_none()


def redraw_for_those_in_charge(
    uow: UnitOfWork,
    network: int,
    kind: str,
    facts: Mapping[str, str],
    lately: timedelta = LATELY,
) -> None:
    """Those of this kind that are about this read otherwise now, for whoever runs the network."""
    in_charge = select(member.c.id).where(
        member.c.network == network,
        or_(member.c.role == "facilitator", member.c.deputy.is_not(None)),
    )
    statement = select(private.c.id, private.c.facts).where(
        private.c.member.in_(in_charge),
        private.c.kind == kind,
        private.c.state.in_(("sending", "shown")),
        private.c.created_at > uow.now - lately,
    )
    for id, known in uow.connection.execute(statement).all():
        if facts.items() <= known.items():
            show_again(uow, KIND, id)


def last_sent(
    uow: UnitOfWork, member: int, but: int, beside: Collection[str] = ()
) -> datetime | None:
    """When this member was last sent another one, of any kind but these."""
    statement = select(func.max(private.c.sent_at)).where(
        private.c.member == member, private.c.id != but, private.c.kind.not_in(beside)
    )
    return uow.connection.execute(statement).scalar_one()


def unreached_since(uow: UnitOfWork, member: int) -> datetime | None:
    """When the last message to this member did not arrive, if the one before it did not either."""
    ended = or_(
        private.c.state == "shown",
        and_(private.c.state == "dropped", private.c.reason == UNDELIVERED),
    )
    statement = select(private.c.state, private.c.created_at).where(
        private.c.member == member, ended
    )
    last = uow.connection.execute(statement.order_by(private.c.id.desc()).limit(2)).all()
    if len(last) < 2 or any(row.state == "shown" for row in last):
        return None
    return last[0].created_at


def last_shown(uow: UnitOfWork, member: int) -> Private | None:
    """The last one that this member was sent."""
    statement = _COLUMNS.where(
        private.c.member == member, private.c.state.in_(("sending", "shown"))
    ).order_by(private.c.sent_at.desc(), private.c.id.desc())
    row = uow.connection.execute(statement.limit(1)).one_or_none()
    return None if row is None else Private(*row)


def withdraw(uow: UnitOfWork, member: int, reason: str) -> None:
    """What waits for this member is not sent any more."""
    statement = update(private).where(private.c.member == member, private.c.state == "waiting")
    uow.connection.execute(statement.values(state="dropped", due_at=None, reason=reason))


def standing(uow: UnitOfWork, member: int, *, but: str) -> list[int]:
    """Those that this member was sent and may still see, without one kind."""
    statement = select(private.c.id).where(
        private.c.member == member,
        private.c.state.in_(("sending", "shown")),
        private.c.kind != but,
    )
    return list(uow.connection.execute(statement).scalars())


def waiting(uow: UnitOfWork, member: int, kind: str) -> Private | None:
    """The last message of this kind that still waits for the member."""
    statement = _COLUMNS.where(
        private.c.member == member, private.c.kind == kind, private.c.state == "waiting"
    )
    row = uow.connection.execute(statement.order_by(private.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else Private(*row)


def say_also(uow: UnitOfWork, kept: Private, facts: Mapping[str, str]) -> None:
    """What waits tells of this too."""
    _settle(uow, kept.id, facts={**kept.facts, **facts})


def gather(uow: UnitOfWork, kept: Private, kinds: Collection[str]) -> bool:
    """What waits for the same member under these kinds is told in this one; False if by now this
    one itself is told in another, or was decided about otherwise."""
    is_held = or_(private.c.reason.is_not(None), private.c.due_at <= uow.now)
    others = and_(private.c.kind.in_(kinds), private.c.state == "waiting", is_held)
    statement = (
        select(private.c.id, private.c.facts, private.c.state)
        .where(private.c.member == kept.member, or_(private.c.id == kept.id, others))
        .order_by(private.c.id)
    )
    found = {row.id: row for row in uow.connection.execute(statement.with_for_update())}
    if kept.id not in found or found[kept.id].state != kept.state:
        return False
    facts: dict[str, str] = {}
    for id, row in found.items():
        facts |= row.facts
        if id != kept.id:
            drop(uow, id, "told together")
    if len(found) > 1:
        _settle(uow, kept.id, facts=facts)
        tells_of(uow, kept.id, _threads_of(uow, found))
    return True


def tells_of(uow: UnitOfWork, id: int, threads: Iterable[int]) -> None:
    """This message shows words of these threads: when they read otherwise, so does it."""
    rows = [{"private": id, "thread": thread} for thread in sorted(set(threads))]
    if rows:
        uow.connection.execute(uow.insert(about).on_conflict_do_nothing(), rows)


def told_of(uow: UnitOfWork, id: int) -> list[int]:
    """The threads whose words this message shows."""
    return _threads_of(uow, (id,))


def _threads_of(uow: UnitOfWork, ids: Iterable[int]) -> list[int]:
    statement = select(about.c.thread).where(about.c.private.in_(list(ids))).distinct()
    return sorted(uow.connection.execute(statement).scalars())


def redraw(uow: UnitOfWork, thread_id: int) -> None:
    """What members were told in private about this thread reads otherwise now."""
    statement = (
        select(private.c.id)
        .join_from(about, private, private.c.id == about.c.private)
        .where(about.c.thread == thread_id, private.c.state.in_(("sending", "shown")))
    )
    show_each_again(uow, KIND, statement)


def about_thread(uow: UnitOfWork, member: int, kind: str, thread_id: int) -> list[Private]:
    """What this member was, or is still to be told about the thread in messages of this kind."""
    statement = (
        _COLUMNS.join_from(private, about, about.c.private == private.c.id)
        .where(private.c.member == member, private.c.kind == kind, about.c.thread == thread_id)
        .order_by(private.c.id)
    )
    return [Private(*row) for row in uow.connection.execute(statement)]


def hasten(uow: UnitOfWork, network: int, reason: str) -> None:
    """What waited for this reason is decided about now."""
    statement = update(private).where(
        private.c.network == network, private.c.state == "waiting", private.c.reason == reason
    )
    uow.connection.execute(statement.values(due_at=uow.now))
    uow.wakes = True


def is_told(uow: UnitOfWork, member: int, kind: str) -> bool:
    """Whether the member was ever to be told this."""
    statement = select(private.c.id).where(private.c.member == member, private.c.kind == kind)
    return uow.connection.execute(statement.limit(1)).first() is not None


def forget_before(uow: UnitOfWork, moment: datetime) -> None:
    """Old ones, their posts and copies; what stands on the platform stays."""
    old = select(private.c.id).where(private.c.created_at < moment, private.c.due_at.is_(None))
    theirs = and_(post.c.kind == KIND, post.c.subject.in_(old))
    uow.connection.execute(delete(copy).where(copy.c.post.in_(select(post.c.id).where(theirs))))
    uow.connection.execute(delete(post).where(theirs))
    uow.connection.execute(delete(about).where(about.c.private.in_(old)))
    uow.connection.execute(
        delete(private).where(private.c.created_at < moment, private.c.due_at.is_(None))
    )
