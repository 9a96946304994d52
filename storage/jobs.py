"""What a network does by itself: when it is looked at next, and what came of each occurrence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, delete, func, insert, select, update

from storage.models import job, occurrence
from storage.ready import Ready
from storage.rooms import lock_network
from storage.unit_of_work import UnitOfWork

NAMES = ("prompt", "first-voice", "monday", "poll", "nudge")
"""What every network does."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a network is to do, and when it was to be looked at."""

    network: int
    name: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`slot` is the day or the week that it belongs to; `day` the one on which it was done, and
    `reason` why it was skipped, or done on another day than is usual."""

    slot: str
    state: str
    reason: str | None
    day: date | None
    at: datetime


def look_at(uow: UnitOfWork, network: int, name: str, moment: datetime) -> None:
    """Look at it then, whenever it was to be looked at."""
    _LOOK_AT.run(uow, {"network": network, "name": name, "due_at": moment})
    uow.wakes = True


_LOOK_AT = Ready.upsert(
    lambda insert: (made := insert(job)).on_conflict_do_update(
        index_elements=["network", "name"], set_={"due_at": made.excluded.due_at}
    )
)


def look_now(uow: UnitOfWork, network: int) -> None:
    """Something has changed that may move what the network does by itself."""
    soon = and_(job.c.network == network, job.c.due_at > uow.now)
    uow.connection.execute(update(job).where(soon).values(due_at=uow.now))
    uow.wakes = True


NEXT = select(func.min(job.c.due_at))
_COLUMNS = select(job.c.network, job.c.name, job.c.due_at)


def begin(uow: UnitOfWork, network: int) -> None:
    """A new network is looked at from now on."""
    rows = [{"network": network, "name": name, "due_at": uow.now} for name in NAMES]
    uow.connection.execute(insert(job), rows)
    uow.wakes = True


def due(uow: UnitOfWork, limit: int = 50) -> list[Job]:
    return [Job(*row) for row in _DUE.all(uow, {"moment": uow.now, "most": limit})]


_IS_DUE = _COLUMNS.where(job.c.due_at <= bindparam("moment"))
_DUE = Ready(_IS_DUE.order_by(job.c.due_at).limit(bindparam("most")))
_STILL_DUE = Ready(
    _IS_DUE.where(job.c.network == bindparam("network"), job.c.name == bindparam("name"))
)


def take(uow: UnitOfWork, one: Job) -> Job | None:
    """It, if it is still due: until this unit of work ends it is ours. The network is locked, which
    whoever changes what it does by itself locks first, too."""
    lock_network(uow, one.network)
    taken = _STILL_DUE.first(uow, {"network": one.network, "name": one.name, "moment": uow.now})
    return None if taken is None else Job(*taken)


def next_due(uow: UnitOfWork) -> datetime | None:
    return uow.connection.execute(NEXT).scalar_one()


def settle(
    uow: UnitOfWork,
    name: str,
    network: int,
    slot: str,
    *,
    done: date | None = None,
    reason: str | None = None,
) -> bool:
    """Write down that it was done on this day, or skipped; False if that had been written down
    before, so that it must not be done again."""
    row = {
        "job": name,
        "network": network,
        "slot": slot,
        "state": "done" if done else "skipped",
        "reason": reason,
        "day": done,
        "at": uow.now,
    }
    return _SETTLE.first(uow, row) is not None


_SETTLE = Ready.upsert(
    lambda insert: insert(occurrence).on_conflict_do_nothing().returning(occurrence.c.id)
)


def unsettle(uow: UnitOfWork, name: str, network: int, slot: str, reason: str) -> bool:
    """It is not skipped after all; False unless it was skipped for this reason."""
    statement = delete(occurrence).where(
        occurrence.c.job == name,
        occurrence.c.network == network,
        occurrence.c.slot == slot,
        occurrence.c.state == "skipped",
        occurrence.c.reason == reason,
    )
    return uow.connection.execute(statement).rowcount == 1


def last_settled(uow: UnitOfWork, name: str, network: int, before: str) -> str | None:
    """The last slot before this one of which it is written down what came."""
    statement = select(func.max(occurrence.c.slot)).where(
        occurrence.c.job == name, occurrence.c.network == network, occurrence.c.slot < before
    )
    return uow.connection.execute(statement).scalar_one()


def settled(uow: UnitOfWork, name: str, network: int, since: str) -> dict[str, Occurrence]:
    """What came of each, from this slot on."""
    rows = _SETTLED.all(uow, {"j": name, "n": network, "s": since})
    return {slot: Occurrence(slot, *told) for slot, *told in rows}


_SETTLED = Ready(
    select(
        occurrence.c.slot,
        occurrence.c.state,
        occurrence.c.reason,
        occurrence.c.day,
        occurrence.c.at,
    )
    .where(
        occurrence.c.job == bindparam("j"),
        occurrence.c.network == bindparam("n"),
        occurrence.c.slot >= bindparam("s"),
    )
    .order_by(occurrence.c.slot)
)
