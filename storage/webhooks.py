"""Webhooks: the rooms that are only told what there is, and where that is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from storage.models import conversation, installation, organisation, room
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Webhook:
    """One room's; `kind` is what it posts in. Its address is the installation's secret."""

    room: int
    installation: int
    kind: str
    organisation: int
    organisation_name: str
    answer_to: str
    confirmed_as: str
    confirmed_at: datetime
    trouble: str | None


_WEBHOOKS: Select[*tuple[Any, ...]] = (
    select(
        room.c.id,
        installation.c.id,
        installation.c.app,
        organisation.c.id,
        organisation.c.name,
        room.c.answer_to,
        room.c.confirmed_as,
        room.c.confirmed_at,
        room.c.trouble,
    )
    .join_from(room, conversation, conversation.c.id == room.c.conversation)
    .join(installation, installation.c.id == conversation.c.installation)
    .join(organisation, organisation.c.id == room.c.organisation)
    .where(room.c.state == "active", room.c.reads == "none")
    .order_by(organisation.c.name)
)


def of_network(uow: UnitOfWork, network: int) -> Sequence[Webhook]:
    """Those of a network that are sent to."""
    rows = uow.connection.execute(_WEBHOOKS.where(room.c.network == network))
    return [Webhook(*row) for row in rows]


def everywhere(uow: UnitOfWork) -> Sequence[Webhook]:
    """Those of all networks; for those who run Mellom."""
    return [Webhook(*row) for row in uow.connection.execute(_WEBHOOKS)]


def of_organisation(uow: UnitOfWork, id: int) -> Webhook | None:
    row = uow.connection.execute(_WEBHOOKS.where(room.c.organisation == id)).first()
    return None if row is None else Webhook(*row)


def is_used(uow: UnitOfWork, key: str) -> bool:
    """Whether some room, of whichever network, is told through the webhook with this key."""
    statement = _WEBHOOKS.where(conversation.c.key == key)
    return uow.connection.execute(statement).first() is not None
