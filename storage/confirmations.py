"""Confirmations: which text was confirmed for a room, by whom and when, and who took that back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update

from storage.models import conversation, copy, organisation, room
from storage.rooms import drop_unsent
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One room's. Who it was is an account, or (`_as`) a function that an operator named."""

    room: int
    network: int
    organisation: int
    organisation_name: str
    language: str
    place_name: str | None
    conversation: int
    text: str
    at: datetime
    by: int | None
    by_as: str | None
    state: str
    ended_at: datetime | None
    ended_by: int | None
    ended_as: str | None
    reads: str | None

    @property
    def withdrawn(self) -> bool:
        """Whether somebody took it back; a room also ends when we can no longer speak there."""
        return self.ended_by is not None or self.ended_as is not None


_CONFIRMED: Select[*tuple[Any, ...]] = (
    select(
        room.c.id,
        room.c.network,
        room.c.organisation,
        organisation.c.name,
        organisation.c.language,
        conversation.c.name,
        room.c.conversation,
        room.c.consent,
        room.c.confirmed_at,
        room.c.confirmed_by,
        room.c.confirmed_as,
        room.c.state,
        room.c.ended_at,
        room.c.ended_by,
        room.c.ended_as,
        room.c.reads,
    )
    .join_from(room, organisation, organisation.c.id == room.c.organisation)
    .join(conversation, conversation.c.id == room.c.conversation)
    .where(room.c.consent.is_not(None), room.c.confirmed_at.is_not(None))
)


def of_room(uow: UnitOfWork, id: int) -> Confirmation | None:
    """What was confirmed for this room; None while nobody has."""
    row = uow.connection.execute(_CONFIRMED.where(room.c.id == id)).one_or_none()
    return None if row is None else Confirmation(*row)


def of_network(uow: UnitOfWork, network: int) -> Sequence[Confirmation]:
    """Every confirmation there ever was in the network, by organisation, oldest first."""
    statement = _CONFIRMED.where(room.c.network == network)
    rows = uow.connection.execute(statement.order_by(organisation.c.name, room.c.id))
    return [Confirmation(*row) for row in rows]


def withdraw(
    uow: UnitOfWork, id: int, *, account: int | None = None, function: str | None = None
) -> bool:
    """Somebody took it back: the room's tie ends, and who did that is kept. False if it had ended
    already. What was on its way there is dropped."""
    ended = {"state": "ended", "ended_at": uow.now, "ended_by": account, "ended_as": function}
    statement = update(room).where(room.c.id == id, room.c.state == "active").values(**ended)
    conversation_id = uow.connection.execute(
        statement.returning(room.c.conversation)
    ).scalar_one_or_none()
    if conversation_id is None:
        return False
    drop_unsent(uow, copy.c.conversation == conversation_id)
    return True
