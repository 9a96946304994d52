"""What a network does by itself: when it is looked at next, and what came of each occurrence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, delete, func, insert, select, update

from storage.models import job, occurrence
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
    statement = uow.insert(job).values(network=network, name=name, due_at=moment)
    uow.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["network", "name"], set_={"due_at": statement.excluded.due_at}
        )
    )
    uow.wakes = True


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
    statement = _COLUMNS.where(job.c.due_at <= uow.now).order_by(job.c.due_at)
    return [Job(*row) for row in uow.connection.execute(statement.limit(limit))]


def take(uow: UnitOfWork, one: Job) -> Job | None:
    """It, if it is still due: until this unit of work ends it is ours. The network is locked, which
    whoever changes what it does by itself locks first, too."""
    lock_network(uow, one.network)
    statement = _COLUMNS.where(
        job.c.network == one.network, job.c.name == one.name, job.c.due_at <= uow.now
    )
    taken = uow.connection.execute(statement).one_or_none()
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
    statement = uow.insert(occurrence).values(row).on_conflict_do_nothing()
    return uow.connection.execute(statement.returning(occurrence.c.id)).first() is not None


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
    statement = select(
        occurrence.c.slot,
        occurrence.c.state,
        occurrence.c.reason,
        occurrence.c.day,
        occurrence.c.at,
    ).where(occurrence.c.job == name, occurrence.c.network == network, occurrence.c.slot >= since)
    rows = uow.connection.execute(statement.order_by(occurrence.c.slot))
    return {row.slot: Occurrence(*row) for row in rows}
