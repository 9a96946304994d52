"""Incidents: that a number was stopped, where and when; never the number, its hash or the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, text, update

from storage.models import incident
from storage.ready import Ready
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Incident:
    """A text that was stopped because it seemed to hold a national identity number."""

    id: int
    network: int
    organisation: int
    account: int
    conversation: int
    message: str | None
    root: str | None
    kind: str
    level: str
    state: str
    created_at: datetime


NEXT = select(func.min(incident.c.due_at)).where(incident.c.state == "open")
_COLUMNS: tuple[Any, ...] = (
    incident.c.id,
    incident.c.network,
    incident.c.organisation,
    incident.c.account,
    incident.c.conversation,
    incident.c.message,
    incident.c.root,
    incident.c.kind,
    incident.c.level,
    incident.c.state,
    incident.c.created_at,
)

# Written out, since SQLite plans a statement anew each time if a value decides on a partial index.
_OPEN_AT = Ready(
    select(*_COLUMNS).where(
        incident.c.conversation == bindparam("c"),
        incident.c.message == bindparam("m"),
        text("incident.state = 'open'"),
    )
)


def open_at(uow: UnitOfWork, conversation: int, message: str) -> Incident | None:
    row = _OPEN_AT.first(uow, {"c": conversation, "m": message})
    return None if row is None else Incident(*row)


def begin(
    uow: UnitOfWork,
    *,
    network: int,
    organisation: int,
    account: int,
    conversation: int,
    message: str,
    root: str,
    kind: str,
    level: str,
    due_at: datetime,
) -> int:
    statement = insert(incident).values(
        network=network,
        organisation=organisation,
        account=account,
        conversation=conversation,
        message=message,
        root=root,
        kind=kind,
        level=level,
        state="open",
        created_at=uow.now,
        due_at=due_at,
    )
    return uow.connection.execute(statement.returning(incident.c.id)).scalar_one()


def find(uow: UnitOfWork, id: int) -> Incident | None:
    row = uow.connection.execute(select(*_COLUMNS).where(incident.c.id == id)).one_or_none()
    return None if row is None else Incident(*row)


def end(uow: UnitOfWork, id: int, state: str) -> bool:
    """Close an open incident; False if it was closed before."""
    statement = update(incident).where(incident.c.id == id, incident.c.state == "open")
    return uow.connection.execute(statement.values(state=state, due_at=None)).rowcount == 1


def raise_level(uow: UnitOfWork, id: int, level: str, due_at: datetime) -> None:
    uow.connection.execute(
        update(incident).where(incident.c.id == id).values(level=level, due_at=due_at)
    )


def due(uow: UnitOfWork) -> list[Incident]:
    """Open incidents that nobody has taken care of in time."""
    rows = uow.connection.execute(
        select(*_COLUMNS)
        .where(incident.c.state == "open", incident.c.due_at <= uow.now)
        .order_by(incident.c.id)
        .limit(50)
    )
    return [Incident(*row) for row in rows]


def count(uow: UnitOfWork) -> int:
    return uow.connection.execute(select(func.count()).select_from(incident)).scalar_one()
