"""The tenants in which an app that serves several may be used, and those that were turned away."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from storage import rooms
from storage.installations import REMEMBERED, forget_tenant
from storage.models import allowed, conversation, installation, network, organisation, turned_away
from storage.ready import Ready
from storage.unit_of_work import UnitOfWork

MOST_TURNED_AWAY = 100
"""Tenants that are remembered for each app: whoever knows its id can have it sent something."""


_standing = allowed.c.denied_at.is_(None)


@dataclass(frozen=True, slots=True)
class Allowed:
    """A tenant, and whose it is."""

    installation: int
    tenant: str
    organisation: str | None
    network: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A tenant that somebody tried from, so often and until then."""

    installation: int
    tenant: str
    requests: int
    last_at: datetime


def every_allowed(uow: UnitOfWork) -> dict[int, frozenset[str]]:
    """The tenants, by installation."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for id, tenant in _EVERY.all(uow, {}):
        found[id].add(tenant)
    return {id: frozenset(tenants) for id, tenants in found.items()}


_EVERY = Ready(select(allowed.c.installation, allowed.c.tenant).where(_standing))


def listed(uow: UnitOfWork) -> list[Allowed]:
    rows = uow.connection.execute(
        select(allowed, organisation.c.name.label("whose"), network.c.name.label("where"))
        .outerjoin_from(allowed, organisation, organisation.c.id == allowed.c.organisation)
        .outerjoin(network, network.c.id == organisation.c.network)
        .where(_standing)
        .order_by(allowed.c.id)
    ).all()
    return [
        Allowed(row.installation, row.tenant, row.whose, row.where, row.allowed_at) for row in rows
    ]


def allow(uow: UnitOfWork, installation: int, tenant: str, organisation: int | None) -> None:
    """Let what comes from this tenant in; allowing it again is the same, and nothing of a tenant
    that was denied is to be forgotten then."""
    is_this = allowed.c.organisation.is_not_distinct_from(organisation)
    uow.connection.execute(
        delete(allowed).where(
            allowed.c.installation == installation,
            allowed.c.tenant == tenant,
            or_(is_this, allowed.c.denied_at.is_not(None)),
        )
    )
    uow.connection.execute(
        allowed.insert().values(
            installation=installation,
            tenant=tenant,
            organisation=organisation,
            allowed_at=uow.now,
        )
    )
    uow.connection.execute(
        delete(turned_away).where(
            turned_away.c.installation == installation, turned_away.c.tenant == tenant
        )
    )


def deny(uow: UnitOfWork, installation: int, tenant: str) -> bool:
    """Let nothing from this tenant in any more, and say nothing there; False if it was not
    allowed."""
    statement = update(allowed).where(
        allowed.c.installation == installation, allowed.c.tenant == tenant, _standing
    )
    if not uow.connection.execute(statement.values(denied_at=uow.now)).rowcount:
        return False
    there = select(conversation.c.id).where(_is_there(installation, tenant))
    for id in list(uow.connection.execute(there).scalars()):
        rooms.end_tie(uow, id)
    return True


def forget_denied(uow: UnitOfWork) -> None:
    """What is known of the people and channels of tenants that were denied long ago."""
    old = and_(allowed.c.denied_at.is_not(None), allowed.c.denied_at < uow.now - REMEMBERED)
    statement = (
        select(allowed.c.installation, allowed.c.tenant, installation.c.platform)
        .join(installation, installation.c.id == allowed.c.installation)
        .where(old)
        .distinct()
    )
    for id, tenant, platform in uow.connection.execute(statement).all():
        forget_tenant(uow, platform, tenant, _is_there(id, tenant))
    uow.connection.execute(delete(allowed).where(old))


def _is_there(installation: int, tenant: str) -> ColumnElement[bool]:
    return and_(
        conversation.c.installation == installation,
        conversation.c.address["tenant"].as_string() == tenant,
    )


def turn_away(uow: UnitOfWork, installation: int, tenant: str, requests: int) -> None:
    """Note that somebody tried from there."""
    known = select(func.count()).where(turned_away.c.installation == installation)
    there = select(turned_away.c.tenant).where(
        turned_away.c.installation == installation, turned_away.c.tenant == tenant
    )
    is_new = uow.connection.execute(there).scalar_one_or_none() is None
    if is_new and uow.connection.execute(known).scalar_one() >= MOST_TURNED_AWAY:
        return
    statement = uow.insert(turned_away).values(
        installation=installation,
        tenant=tenant,
        requests=requests,
        first_at=uow.now,
        last_at=uow.now,
    )
    uow.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["installation", "tenant"],
            set_={"requests": turned_away.c.requests + requests, "last_at": uow.now},
        )
    )


def every_turned_away(uow: UnitOfWork) -> list[TurnedAway]:
    rows = uow.connection.execute(select(turned_away).order_by(turned_away.c.last_at.desc())).all()
    return [TurnedAway(row.installation, row.tenant, row.requests, row.last_at) for row in rows]


def forget_turned_away_before(uow: UnitOfWork, moment: datetime) -> None:
    uow.connection.execute(delete(turned_away).where(turned_away.c.last_at < moment))
