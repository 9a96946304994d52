"""What whoever runs a network is shown of it: how each room stands, and who is in it. Each is one
statement, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select

from storage.models import account, conversation, copy, member, membership, organisation, room
from storage.rooms import STANDS, is_late
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Standing:
    """How a room stands: `trouble_at` is since when its platform refuses us, `behind_since` since
    when something waits there."""

    organisation_name: str
    place_name: str | None
    state: str
    reads: str | None
    trouble_at: datetime | None
    behind_since: datetime | None


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody in the network by name, which is None until their platform has told it."""

    member: int
    name: str | None
    organisation: int
    organisation_name: str
    role: str
    deputy: int | None
    contact: bool
    away_from: date | None
    away_until: date | None


def rooms_of(uow: UnitOfWork, network: int, before: datetime) -> Sequence[Standing]:
    """The rooms of the network. One is behind where something should have been shown `before`."""
    behind = _behind(network, before)
    statement = (
        select(
            organisation.c.name,
            conversation.c.name,
            room.c.state,
            room.c.reads,
            room.c.trouble_at,
            behind.c.since,
        )
        .join_from(room, organisation, organisation.c.id == room.c.organisation)
        .join(conversation, conversation.c.id == room.c.conversation)
        .outerjoin(behind, behind.c.conversation == room.c.conversation)
        .where(room.c.network == network, STANDS)
        .order_by(organisation.c.name, room.c.id)
    )
    return [Standing(*row) for row in uow.connection.execute(statement)]


def _behind(network: int, before: datetime) -> Any:
    """Since when the oldest of what waits in each room waits. What stands there already and is only
    to be changed waits since it was last tried."""
    waits_since = case(
        (copy.c.message.is_(None), func.coalesce(copy.c.wanted_at, copy.c.due_at)),
        else_=func.coalesce(copy.c.since, copy.c.due_at),
    )
    return (
        select(copy.c.conversation, func.min(waits_since, type_=copy.c.due_at.type).label("since"))
        # With the sum SQLite goes by what is due, not through all that ever stood in each room.
        .join_from(copy, room, room.c.conversation == copy.c.conversation + 0)
        .where(
            room.c.network == network,
            room.c.state == "active",
            is_late(before),
        )
        .group_by(copy.c.conversation)
        .subquery()
    )


_NAME = (
    select(account.c.name)
    .join_from(membership, account, account.c.id == membership.c.account)
    .where(membership.c.member == member.c.id)
    .order_by(account.c.id)
    .limit(1)
    .correlate(member)
    .scalar_subquery()
)
_PEOPLE: Select[*tuple[Any, ...]] = (
    select(
        member.c.id,
        _NAME,
        member.c.organisation,
        organisation.c.name,
        member.c.role,
        member.c.deputy,
        member.c.contact,
        member.c.away_from,
        member.c.away_until,
    )
    .join_from(member, organisation, organisation.c.id == member.c.organisation)
    .where(member.c.left_at.is_(None))
    .order_by(organisation.c.name, member.c.id)
)


def people_of(uow: UnitOfWork, network: int, limit: int | None = None) -> Sequence[Who]:
    """Who is in the network, and has not left."""
    statement = _PEOPLE.where(member.c.network == network).limit(limit)
    return [Who(*row) for row in uow.connection.execute(statement)]


def person(uow: UnitOfWork, network: int, id: int) -> Who | None:
    """The member, if they are in this network and have not left it."""
    statement = _PEOPLE.where(member.c.network == network, member.c.id == id)
    row = uow.connection.execute(statement).one_or_none()
    return None if row is None else Who(*row)


def in_charge_of(uow: UnitOfWork, network: int) -> Sequence[Who]:
    """The facilitators and their deputies."""
    runs_it = or_(member.c.role == "facilitator", member.c.deputy.is_not(None))
    statement = _PEOPLE.where(and_(member.c.network == network, runs_it))
    return [Who(*row) for row in uow.connection.execute(statement)]


def people_beside(uow: UnitOfWork, network: int, but: int) -> Sequence[Who]:
    """Those others who are a deputy, or an organisation's contact."""
    stands = or_(member.c.deputy.is_not(None), member.c.contact)
    statement = _PEOPLE.where(member.c.network == network, stands, member.c.id != but)
    return [Who(*row) for row in uow.connection.execute(statement)]


def count_members(uow: UnitOfWork, network: int) -> int:
    statement = select(func.count()).where(member.c.network == network, member.c.left_at.is_(None))
    return uow.connection.execute(statement.select_from(member)).scalar_one()
