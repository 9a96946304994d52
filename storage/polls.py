"""Polls: one each month, with the ballots of everybody who was a member when it opened.

What somebody chose is read by themselves and by the tally alone, and is gone with the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from storage.models import ballot, member, option, organisation, poll, thread
from storage.ready import Ready, Row
from storage.rooms import organisations_that_take_part
from storage.unit_of_work import UnitOfWork

KIND = "poll"
"""The kind of its thread, and of the post that begins it."""

RESULT = "result"
"""The kind of the post about what won, where nobody has nominated it who could look after it. What
is said under it belongs to the poll, whose thread is its subject."""

PLANNED, OPEN, COUNTING, CLOSED, VOID = "planned", "open", "counting", "closed", "void"
"""Not yet open; open; closed with too few votes, so that whoever runs the network chooses; closed;
skipped."""

Result = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Poll:
    """`month` is its first day. `thread` is what is said under it, `question` the one about what
    won. `how` it won is votes, organisations, theme, earliest or facilitator."""

    id: int
    network: int
    month: date
    state: str
    opens_at: datetime
    closes_at: datetime
    extended: bool
    approved: bool
    thread: int | None
    winner: int | None
    how: str | None
    result: Result | None
    question: int | None
    workshop: bool
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ballot:
    """With whose it is counted, the places that were chosen on it, and how many there are."""

    organisation: int
    places: tuple[int, ...]
    cast: bool
    listed: int


@dataclass(frozen=True, slots=True)
class Turnout:
    """An organisation with a vote. How many of its members have voted is told to nobody."""

    organisation: int
    name: str
    voted: int


_COLUMNS: Select[*tuple[Any, ...]] = select(
    poll.c.id,
    poll.c.network,
    poll.c.month,
    poll.c.state,
    poll.c.opens_at,
    poll.c.closes_at,
    poll.c.extended,
    poll.c.approved_at.is_not(None),
    poll.c.thread,
    poll.c.winner,
    poll.c.how,
    poll.c.result,
    poll.c.question,
    poll.c.workshop_at.is_not(None),
    poll.c.closed_at,
)
_FIND = Ready(_COLUMNS.where(poll.c.network == bindparam("n"), poll.c.id == bindparam("p")))
_OF_MONTH = Ready(_COLUMNS.where(poll.c.network == bindparam("n"), poll.c.month == bindparam("m")))
_OF_THREAD = Ready(_COLUMNS.where(poll.c.thread == bindparam("t")))
_OF_QUESTION = Ready(_COLUMNS.where(poll.c.question == bindparam("t")))


# ---- polls


def plan(
    uow: UnitOfWork,
    network_id: int,
    month: date,
    *,
    opens_at: datetime,
    closes_at: datetime,
    nominations: Sequence[int],
) -> int:
    """The list that is proposed for a month."""
    statement = insert(poll).values(
        network=network_id, month=month, state=PLANNED, opens_at=opens_at, closes_at=closes_at
    )
    made = int(uow.connection.execute(statement.returning(poll.c.id)).scalar_one())
    list_(uow, made, nominations)
    return made


def list_(uow: UnitOfWork, id: int, nominations: Sequence[int]) -> None:
    """These are to be chosen from, in this order."""
    uow.connection.execute(delete(option).where(option.c.poll == id))
    rows = [
        {"poll": id, "nomination": one, "place": place}
        for place, one in enumerate(nominations, start=1)
    ]
    uow.connection.execute(insert(option), rows)


def listed(uow: UnitOfWork, id: int) -> list[int]:
    """The nominations that are chosen from, in the order of their places."""
    return _LISTED.column(uow, {"p": id})


_LISTED = Ready(
    select(option.c.nomination).where(option.c.poll == bindparam("p")).order_by(option.c.place)
)


def find(uow: UnitOfWork, network_id: int, id: int) -> Poll | None:
    return _one(_FIND.first(uow, {"n": network_id, "p": id}))


def of_month(uow: UnitOfWork, network_id: int, month: date) -> Poll | None:
    return _one(_OF_MONTH.first(uow, {"n": network_id, "m": month}))


def of_thread(uow: UnitOfWork, thread_id: int) -> Poll | None:
    return _one(_OF_THREAD.first(uow, {"t": thread_id}))


def of_question(uow: UnitOfWork, thread_id: int) -> Poll | None:
    """The one whose winner is talked about there."""
    return _one(_OF_QUESTION.first(uow, {"t": thread_id}))


def in_state(uow: UnitOfWork, network_id: int, *states: str) -> Poll | None:
    """The newest of the network that is in one of these states."""
    return _one(_in_state(states).first(uow, {"n": network_id}))


@cache
def _in_state(states: tuple[str, ...]) -> Ready:
    these = _COLUMNS.where(poll.c.network == bindparam("n"), poll.c.state.in_(states))
    return Ready(these.order_by(poll.c.month.desc()).limit(1))


def running(uow: UnitOfWork, network_id: int) -> Poll | None:
    """The one of the network that is voted in now, by its days."""
    statement = _COLUMNS.where(
        poll.c.network == network_id,
        poll.c.state.in_((OPEN, COUNTING, CLOSED)),
        poll.c.opens_at <= uow.now,
        poll.c.closes_at > uow.now,
    )
    return _one(uow.connection.execute(statement.order_by(poll.c.month.desc()).limit(1)).first())


def voted_on(uow: UnitOfWork, nomination: int) -> Poll | None:
    """The poll in which it is being voted on: from then on nobody changes it any more."""
    statement = _COLUMNS.join(option, option.c.poll == poll.c.id).where(
        option.c.nomination == nomination, poll.c.state.in_((OPEN, COUNTING))
    )
    row = uow.connection.execute(statement.limit(1)).one_or_none()
    return None if row is None else Poll(*row)


def threads_with(uow: UnitOfWork, nomination: int) -> list[int]:
    """The threads of the polls in which it was chosen from."""
    statement = select(poll.c.thread).join(option, option.c.poll == poll.c.id)
    here = option.c.nomination == nomination, poll.c.thread.is_not(None)
    return list(uow.connection.execute(statement.where(*here)).scalars())


def _one(row: Row | None) -> Poll | None:
    return None if row is None else Poll(*row)


def set_(uow: UnitOfWork, id: int, **values: object) -> None:
    _SET.run(uow, {"which": id, **values})


_SET = Ready(update(poll).where(poll.c.id == bindparam("which")))


def open_(uow: UnitOfWork, one: Poll, body: str) -> int:
    """It is open: everybody who is a member now has a ballot. The thread that it begins."""
    statement = insert(thread).values(
        network=one.network, kind=KIND, body=body, state="standing", created_at=uow.now
    )
    made = int(uow.connection.execute(statement.returning(thread.c.id)).scalar_one())
    set_(uow, one.id, state=OPEN, thread=made)
    electors = select(bindparam("p"), member.c.id, member.c.organisation).where(
        member.c.network == one.network,
        member.c.left_at.is_(None),
        or_(member.c.home.is_(None), member.c.home != "none"),
        member.c.organisation.in_(organisations_that_take_part()),
    )
    issue = insert(ballot).from_select(["poll", "member", "organisation"], electors)
    uow.connection.execute(issue, {"p": one.id})
    return made


def close(uow: UnitOfWork, one: Poll, *, winner: int, how: str, result: Result | None) -> None:
    """The result stands, and nobody can tell any more who chose what."""
    set_(
        uow,
        one.id,
        state=CLOSED,
        winner=winner,
        how=how,
        result=None if result is None else [dict(line) for line in result],
        closed_at=uow.now,
    )
    forget_choices(uow, one.id)


def workshop(uow: UnitOfWork, network_id: int) -> int | None:
    """The nomination that the workshop of the last seminar is about, as far as that is known and
    nobody has withdrawn it."""
    withdrawn = exists().where(thread.c.id == poll.c.question, thread.c.state == "withdrawn")
    statement = (
        select(poll.c.winner)
        .where(poll.c.network == network_id, poll.c.workshop_at.is_not(None), ~withdrawn)
        .order_by(poll.c.workshop_at.desc())
        .limit(1)
    )
    return uow.connection.execute(statement).scalar_one_or_none()


def forget_choices(uow: UnitOfWork, id: int) -> None:
    uow.connection.execute(update(ballot).where(ballot.c.poll == id).values(choices=None))


# ---- ballots

_LOCK = select(poll.c.id).where(poll.c.id == bindparam("p")).with_for_update()
_HOLD = Ready(
    select(
        poll.c.state,
        poll.c.closes_at,
        ballot.c.organisation,
        ballot.c.choices,
        ballot.c.voted_at.is_not(None),
        select(func.count())
        .where(option.c.poll == bindparam("p"))
        .correlate(None)
        .scalar_subquery(),
    )
    .select_from(
        poll.outerjoin(ballot, and_(ballot.c.poll == poll.c.id, ballot.c.member == bindparam("m")))
    )
    .where(poll.c.id == bindparam("p"))
    .with_for_update(read=True, of=poll)
)
_CAST = (
    update(ballot)
    .where(ballot.c.poll == bindparam("p"), ballot.c.member == bindparam("m"))
    .values(choices=bindparam("c"), voted_at=bindparam("t"))
)
_VOTED = Ready(
    select(ballot.c.member)
    .where(
        ballot.c.poll == bindparam("p"),
        ballot.c.organisation == bindparam("o"),
        ballot.c.voted_at.is_not(None),
    )
    .limit(1)
)


def hold(uow: UnitOfWork, id: int, member_id: int) -> tuple[str, datetime, Ballot | None]:
    """The state of a poll, when it closes, and the member's ballot; None if they were not a member
    when it opened. The first two do not change until the end of this unit of work, though others
    may vote."""
    [row] = _HOLD.all(uow, {"p": id, "m": member_id})
    state, closes_at, organisation_id, choices, is_cast, count = row
    if organisation_id is None:
        return state, closes_at, None
    return state, closes_at, Ballot(organisation_id, _places(choices), is_cast, count)


def lock(uow: UnitOfWork, id: int) -> None:
    """Nobody votes until the end of this unit of work."""
    uow.connection.execute(_LOCK, {"p": id})


def cast(uow: UnitOfWork, id: int, member_id: int, places: Sequence[int]) -> None:
    """What the member chooses, from now on."""
    choices = sum(1 << (place - 1) for place in set(places))
    uow.connection.execute(_CAST, {"p": id, "m": member_id, "c": choices, "t": uow.now})


def has_voted(uow: UnitOfWork, id: int, organisation_id: int) -> bool:
    """Whether anybody of the organisation has voted."""
    return _VOTED.first(uow, {"p": id, "o": organisation_id}) is not None


def turnout(uow: UnitOfWork, id: int) -> list[Turnout]:
    """The organisations with a vote, by name."""
    return [Turnout(*row) for row in _TURNOUT.all(uow, {"p": id})]


_TURNOUT = Ready(
    select(organisation.c.id, organisation.c.name, func.count(ballot.c.voted_at))
    .join_from(ballot, organisation)
    .where(ballot.c.poll == bindparam("p"))
    .group_by(organisation.c.id, organisation.c.name)
    .order_by(organisation.c.name)
)


def cast_by_organisation(uow: UnitOfWork, id: int) -> dict[int, list[tuple[int, ...]]]:
    """For the tally alone: what was chosen, by organisation; whose it is, is not read."""
    statement = select(ballot.c.organisation, ballot.c.choices).where(
        ballot.c.poll == id, ballot.c.choices.is_not(None), ballot.c.choices > 0
    )
    found: dict[int, list[tuple[int, ...]]] = {}
    for whose, choices in uow.connection.execute(statement):
        found.setdefault(whose, []).append(_places(choices))
    return found


VOTER, VOTED_IN, VOTED_AT = ballot.c.member, ballot.c.poll, ballot.c.voted_at
"""Who has voted, in which, and when; not what."""


def without_votes(uow: UnitOfWork, id: int) -> list[int]:
    """The organisations from which nobody has voted."""
    voted = func.count(case((ballot.c.voted_at <= uow.now, 1)))
    statement = select(ballot.c.organisation).where(ballot.c.poll == id)
    nobody = statement.group_by(ballot.c.organisation).having(voted == 0)
    return list(uow.connection.execute(nobody).scalars())


def waited_for(uow: UnitOfWork, id: int) -> list[int]:
    """Those who have not voted, in organisations from which nobody has."""
    return list(uow.connection.execute(_waited_for(id).order_by(ballot.c.member)).scalars())


def is_waited_for(uow: UnitOfWork, id: int, member_id: int) -> bool:
    """Whether the member is among them still."""
    statement = _waited_for(id).where(ballot.c.member == member_id)
    return uow.connection.execute(statement).first() is not None


def _waited_for(id: int) -> Select[int]:
    other = ballot.alias()
    voted = exists().where(
        other.c.poll == ballot.c.poll,
        other.c.organisation == ballot.c.organisation,
        other.c.voted_at.is_not(None),
    )
    return (
        select(ballot.c.member)
        .join(member, member.c.id == ballot.c.member)
        .where(ballot.c.poll == id, ~voted, member.c.left_at.is_(None))
    )


def needs_vote(uow: UnitOfWork, network_id: int, member_id: int) -> Poll | None:
    """The open poll in which the member can vote, and has not."""
    theirs = exists().where(
        ballot.c.poll == poll.c.id, ballot.c.member == member_id, ballot.c.voted_at.is_(None)
    )
    open_now = and_(poll.c.network == network_id, poll.c.state == OPEN)
    statement = _COLUMNS.where(open_now, poll.c.closes_at > uow.now, theirs).limit(1)
    row = uow.connection.execute(statement).one_or_none()
    return None if row is None else Poll(*row)


def forget_before(uow: UnitOfWork, moment: datetime) -> None:
    """Who voted in polls that closed before."""
    old = select(poll.c.id).where(poll.c.closed_at < moment)
    uow.connection.execute(delete(ballot).where(ballot.c.poll.in_(old)))


def _places(choices: int | None) -> tuple[int, ...]:
    bits = choices or 0
    return tuple(place for place in range(1, bits.bit_length() + 1) if bits >> (place - 1) & 1)
