"""Belonging: to which organisation of a network a person's workspace or tenant leads."""

from __future__ import annotations

from sqlalchemy import or_, select, union, update

from storage.models import (
    allowed,
    backer,
    conversation,
    installation,
    member,
    nomination,
    organisation,
    reply,
    room,
    thread,
)
from storage.rooms import STANDS
from storage.unit_of_work import UnitOfWork

UNKNOWN, NOWHERE = "unknown", "none"
"""The organisation is only taken for the room's, and the member is asked; or is none of them."""


def at_home(uow: UnitOfWork, network: int, platform: str, tenant: str) -> list[int]:
    """The organisations of the network that are at home in this workspace or tenant: they have a
    room there, or an app of their own, or it was said whose the tenant is."""
    there = or_(
        installation.c.tenant == tenant, conversation.c.address["tenant"].as_string() == tenant
    )
    rooms = (
        select(room.c.organisation)
        .join_from(room, conversation)
        .join(installation, installation.c.id == conversation.c.installation)
        .where(
            room.c.network == network,
            STANDS,
            installation.c.platform == platform,
            there,
        )
    )
    apps = select(installation.c.organisation).where(
        installation.c.platform == platform,
        installation.c.tenant == tenant,
        installation.c.organisation.is_not(None),
    )
    told = (
        select(allowed.c.organisation)
        .join_from(allowed, installation, installation.c.id == allowed.c.installation)
        .where(
            installation.c.platform == platform,
            allowed.c.tenant == tenant,
            allowed.c.denied_at.is_(None),
        )
    )
    known = union(rooms, apps, told).subquery()
    statement = select(organisation.c.id).where(
        organisation.c.network == network, organisation.c.id.in_(select(known))
    )
    return list(uow.connection.execute(statement.order_by(organisation.c.id)).scalars())


def home_of(uow: UnitOfWork, member_id: int) -> str | None:
    """Whether the member's organisation is still asked about, or is none of the network's; None
    where it is known."""
    statement = select(member.c.home).where(member.c.id == member_id)
    return uow.connection.execute(statement).scalar_one()


def ask_about(uow: UnitOfWork, member_id: int, home: str) -> None:
    """The member's organisation is only taken for the room's until they say which it is."""
    uow.connection.execute(update(member).where(member.c.id == member_id).values(home=home))


def place(uow: UnitOfWork, member_id: int, organisation_id: int) -> None:
    """The member belongs to this organisation, and so does what they have written."""
    known = {"organisation": organisation_id, "home": None}
    uow.connection.execute(update(member).where(member.c.id == member_id).values(**known))
    for table in (thread, reply, nomination, backer):
        theirs = update(table).where(table.c.member == member_id)
        uow.connection.execute(theirs.values(organisation=organisation_id))
