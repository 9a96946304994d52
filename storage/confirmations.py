"""Confirmations: which text was confirmed for a room, by whom and when, and who took that back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, or_, select, update

from storage.models import conversation, copy, notice, organisation, post, reply, room, thread
from storage.posts import show_again
from storage.rooms import drop_unsent, takes_part
from storage.unit_of_work import UnitOfWork

CARD = "consent"
"""The kind of post, and the name of the notice behind it, that shows what was confirmed."""


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
    """Somebody took it back: the room's tie ends, and who did that is kept. What was on its way
    there is dropped, and so is what its people wrote where it does not stand yet. False if the tie
    had ended already."""
    ended = {"state": "ended", "ended_at": uow.now, "ended_by": account, "ended_as": function}
    statement = update(room).where(room.c.id == id, room.c.state == "active").values(**ended)
    found = uow.connection.execute(
        statement.returning(room.c.conversation, room.c.organisation)
    ).one_or_none()
    if found is None:
        return False
    drop_unsent(uow, copy.c.conversation == found.conversation)
    drop_unsent(uow, copy.c.post.in_(_written_at(uow, found.conversation, found.organisation)))
    return True


def _written_at(uow: UnitOfWork, conversation_id: int, organisation_id: int) -> Select[int]:
    """The posts of what was asked and answered in a conversation; of what the organisation wrote
    anywhere, in private too, where it has no other room."""
    everything = not takes_part(uow, organisation_id)

    def theirs(table: Table) -> ColumnElement[bool]:
        here = table.c.conversation == conversation_id
        return or_(here, table.c.organisation == organisation_id) if everything else here

    asked = select(thread.c.id).where(theirs(thread))
    answered = select(reply.c.id).where(theirs(reply))
    return select(post.c.id).where(
        or_(
            and_(post.c.kind == "question", post.c.subject.in_(asked)),
            and_(post.c.kind == "answer", post.c.subject.in_(answered)),
        )
    )


def redraw(uow: UnitOfWork, id: int) -> None:
    """The cards that tell what was confirmed for this room are out of date."""
    show_again(uow, "welcome", id)
    told = select(notice.c.id).where(
        notice.c.name == CARD, notice.c.facts["room"].as_string() == str(id)
    )
    for one in uow.connection.execute(told).scalars().all():
        show_again(uow, CARD, one)
