"""What is done next about a thread, and when: a step that is taken is gone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, text, update

from storage.models import step
from storage.ready import Ready
from storage.unit_of_work import UnitOfWork

DUE = text("step.due_at IS NOT NULL")
"""Others wait for the end of their network's pause."""

NEXT = select(func.min(step.c.due_at)).where(DUE)


@dataclass(frozen=True, slots=True)
class Step:
    thread: int
    name: str
    network: int
    due_at: datetime
    since: datetime | None = None
    """From when the working days are counted that it comes after."""


_BEGIN = Ready.upsert(lambda insert: insert(step).on_conflict_do_nothing())
_COLUMNS = select(step.c.thread, step.c.name, step.c.network, step.c.due_at, step.c.since)


def plan(
    uow: UnitOfWork,
    thread_id: int,
    name: str,
    network: int,
    due_at: datetime,
    since: datetime | None = None,
) -> None:
    """Do this then, whenever it was to be done."""
    row = {"thread": thread_id, "name": name, "network": network, "due_at": due_at, "since": since}
    statement = uow.insert(step).values(row)
    uow.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["thread", "name"],
            set_={"due_at": statement.excluded.due_at, "since": statement.excluded.since},
        )
    )
    uow.wakes = True


def begin(uow: UnitOfWork, thread_id: int, name: str, network: int, due_at: datetime) -> None:
    """Do this then, unless it is to be done already."""
    row = {"thread": thread_id, "name": name, "network": network, "due_at": due_at}
    _BEGIN.many(uow, [row])
    uow.wakes = True


def due(uow: UnitOfWork, limit: int = 50) -> list[Step]:
    statement = _COLUMNS.where(DUE, step.c.due_at <= uow.now).order_by(step.c.due_at)
    return [Step(*row) for row in uow.connection.execute(statement.limit(limit))]


def coming(uow: UnitOfWork, network: int, until: datetime) -> list[Step]:
    """What is to be done in this network by then."""
    statement = _COLUMNS.where(step.c.network == network, DUE, step.c.due_at <= until)
    return [Step(*row) for row in uow.connection.execute(statement.order_by(step.c.due_at))]


def take(uow: UnitOfWork, one: Step) -> bool:
    """Whether it is still due: then it is ours, and gone."""
    statement = delete(step).where(
        step.c.thread == one.thread, step.c.name == one.name, DUE, step.c.due_at <= uow.now
    )
    return uow.connection.execute(statement).rowcount == 1


def hold(uow: UnitOfWork, one: Step) -> None:
    """Until its network's pause is over."""
    statement = update(step).where(step.c.thread == one.thread, step.c.name == one.name)
    uow.connection.execute(statement.values(due_at=None))


def hasten(uow: UnitOfWork, network: int) -> None:
    """The pause is over: what was held is due."""
    statement = update(step).where(step.c.network == network, step.c.due_at.is_(None))
    uow.connection.execute(statement.values(due_at=uow.now))
    uow.wakes = True


def drop(uow: UnitOfWork, thread_id: int, names: Collection[str]) -> None:
    """These are not done any more."""
    statement = delete(step).where(step.c.thread == thread_id, step.c.name.in_(names))
    uow.connection.execute(statement)


def planned(uow: UnitOfWork, thread_id: int) -> set[str]:
    """What is still to be done about it."""
    return set(
        uow.connection.execute(select(step.c.name).where(step.c.thread == thread_id)).scalars()
    )
