"""What whoever runs a network is shown of it: how each room stands, and who is in it. Each is one
statement, however many there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CompoundSelect, Select, bindparam, case, func, select, union

from storage.models import (
    account,
    conversation,
    copy,
    installation,
    member,
    membership,
    organisation,
    room,
)
from storage.ready import Ready
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
        select(room.c.conversation, func.min(waits_since, type_=copy.c.due_at.type).label("since"))
        # With the sum SQLite goes by what is due, not through all that ever stood in each room.
        .join_from(copy, room, room.c.conversation == copy.c.conversation + 0)
        .where(
            room.c.network == network,
            room.c.state == "active",
            is_late(before),
        )
        .group_by(room.c.conversation)
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


_NAMES = Ready(
    select(membership.c.member, account.c.name, organisation.c.name)
    .join_from(membership, member, member.c.id == membership.c.member)
    .join(account, account.c.id == membership.c.account)
    .join(organisation, organisation.c.id == member.c.organisation)
    .where(membership.c.network == bindparam("n"), member.c.left_at.is_(None))
    .order_by(account.c.id)
)


def names_in(uow: UnitOfWork, network: int) -> Mapping[int, str]:
    """What each member and their organisation are called, by the member. Neither database folds
    letters as people do, so who looks for a name looks here."""
    found: dict[int, str] = {}
    for id, name, organisation_name in _NAMES.all(uow, {"n": network}):
        found.setdefault(id, f"{name or ''} {organisation_name}")
    return found


def these(uow: UnitOfWork, network: int, ids: Collection[int]) -> Sequence[Who]:
    """Those of these members who are in the network and have not left it."""
    statement = _PEOPLE.where(member.c.network == network, member.c.id.in_(ids))
    return [Who(*row) for row in uow.connection.execute(statement)]


def person(uow: UnitOfWork, network: int, id: int) -> Who | None:
    """The member, if they are in this network and have not left it."""
    statement = _PEOPLE.where(member.c.network == network, member.c.id == id)
    row = uow.connection.execute(statement).one_or_none()
    return None if row is None else Who(*row)


def in_charge_of(uow: UnitOfWork, network: int) -> Sequence[Who]:
    """The facilitators and their deputies."""
    here = select(member.c.id).where(member.c.network == network)
    # Each is found by an index of its own; of both at once, none is used.
    facilitators = here.where(member.c.role == "facilitator")
    runs_it = union(facilitators, here.where(member.c.deputy.is_not(None)))
    return _who(uow, runs_it)


def people_beside(uow: UnitOfWork, network: int, but: int) -> Sequence[Who]:
    """Those others who are a deputy, or an organisation's contact."""
    others = select(member.c.id).where(member.c.network == network, member.c.id != but)
    stands = union(others.where(member.c.deputy.is_not(None)), others.where(member.c.contact))
    return _who(uow, stands)


def _who(uow: UnitOfWork, ids: CompoundSelect[int]) -> Sequence[Who]:
    statement = _PEOPLE.where(member.c.id.in_(ids))
    return [Who(*row) for row in uow.connection.execute(statement)]


def count_members(uow: UnitOfWork, network: int) -> int:
    statement = select(func.count()).where(member.c.network == network, member.c.left_at.is_(None))
    return uow.connection.execute(statement.select_from(member)).scalar_one()


@dataclass(frozen=True, slots=True)
class Place:
    """A room that takes part, by how what is asked looks there."""

    organisation_name: str
    platform: str
    language: str
    reads: str | None


def places_of(uow: UnitOfWork, network: int) -> Sequence[Place]:
    """The rooms that take part."""
    statement = (
        select(organisation.c.name, installation.c.platform, conversation.c.language, room.c.reads)
        .join_from(room, organisation, organisation.c.id == room.c.organisation)
        .join(conversation, conversation.c.id == room.c.conversation)
        .join(installation, installation.c.id == conversation.c.installation)
        .where(room.c.network == network, room.c.state == "active")
        .order_by(organisation.c.name, room.c.id)
    )
    return [Place(*row) for row in uow.connection.execute(statement)]
