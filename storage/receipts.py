"""Receipts: what has come in already, what it was answered, and what must be tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from storage.models import receipt
from storage.ready import Ready
from storage.unit_of_work import UnitOfWork

_BEGIN = Ready.upsert(
    lambda insert: insert(receipt).on_conflict_do_nothing().returning(receipt.c.key)
)
_KEEP_ANSWER = Ready(update(receipt).where(receipt.c.key == bindparam("k")))
_ANSWER = Ready(select(receipt.c.answer).where(receipt.c.key == bindparam("k")))
_WAITING = (
    select(receipt.c.key, receipt.c.incoming, receipt.c.tries)
    # Else PostgreSQL takes a third of all receipts for due, whenever it is asked.
    .where(receipt.c.due_at.is_not(None), receipt.c.due_at <= bindparam("t"))
    .order_by(receipt.c.due_at)
    .limit(bindparam("n"))
)
NEXT = select(func.min(receipt.c.due_at)).where(receipt.c.due_at.is_not(None))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that came in and is to be tried again."""

    key: str
    incoming: dict[str, Any]
    tries: int


def begin(uow: UnitOfWork, key: str) -> bool:
    """Note that this came in; False if it had come in before (or is coming in beside us)."""
    row = {"key": key, "received_at": uow.now, "tries": 0}
    return _BEGIN.first(uow, row) is not None


def keep_answer(uow: UnitOfWork, key: str, answer: dict[str, Any]) -> None:
    _KEEP_ANSWER.run(uow, {"k": key, "answer": answer})


def answer_to(uow: UnitOfWork, key: str) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = _ANSWER.value(uow, {"k": key})
    return kept


def keep_waiting(
    uow: UnitOfWork,
    key: str,
    incoming: dict[str, Any] | None,
    *,
    due_at: datetime | None,
    tries: int,
    error: str | None = None,
) -> None:
    """Keep what came in until `due_at`; None: it is given up and its content forgotten."""
    values = {
        "incoming": incoming if due_at else None,
        "due_at": due_at,
        "tries": tries,
        "error": error,
    }
    statement = uow.insert(receipt).values(key=key, received_at=uow.now, **values)
    uow.connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))
    uow.wakes = True


def take_waiting(uow: UnitOfWork, now: datetime, limit: int = 20) -> list[Waiting]:
    rows = uow.connection.execute(_WAITING, {"t": now, "n": limit}).all()
    return [Waiting(*row) for row in rows]


def settle(uow: UnitOfWork, key: str) -> bool:
    """What waited is done; False if somebody else was quicker."""
    statement = (
        update(receipt)
        .where(receipt.c.key == key, receipt.c.due_at.is_not(None))
        .values(due_at=None, incoming=None, error=None)
    )
    return uow.connection.execute(statement).rowcount == 1


def next_due(uow: UnitOfWork) -> datetime | None:
    return uow.connection.execute(NEXT).scalar_one()


def forget_before(uow: UnitOfWork, moment: datetime) -> None:
    uow.connection.execute(
        delete(receipt).where(receipt.c.received_at < moment, receipt.c.due_at.is_(None))
    )
