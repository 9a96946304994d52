"""Notices: what was said once, by name and facts, so that it can be drawn again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, bindparam, func, insert, select, update

from storage.models import copy, notice, post
from storage.ready import Ready
from storage.unit_of_work import UnitOfWork

PAUSED, RESUMED = "paused", "resumed"
"""A pause of a network that lasts, and one that has ended; also the kind of post that shows it."""

NOTED = "pause-noted"
"""Either of them, where it can be told and not be changed."""


def keep(uow: UnitOfWork, name: str, *, network: int | None, facts: Mapping[str, str]) -> int:
    row = {"network": network, "name": name, "facts": dict(facts), "created_at": uow.now}
    made: int = _KEEP.one(uow, row)[0]
    return made


_KEEP = Ready(insert(notice).returning(notice.c.id))


def find(uow: UnitOfWork, id: int) -> tuple[str, dict[str, str]]:
    _, name, facts = find_in(uow, id)
    return name, facts


def find_in(uow: UnitOfWork, id: int) -> tuple[int | None, str, dict[str, str]]:
    """The same, with the network that it belongs to."""
    network, name, facts = _FIND.one(uow, {"x": id})
    return network, name, facts


_FIND = Ready(
    select(notice.c.network, notice.c.name, notice.c.facts).where(notice.c.id == bindparam("x"))
)


def newest(uow: UnitOfWork, name: str, network: int) -> int | None:
    """The last one of this name in the network."""
    statement = select(func.max(notice.c.id)).where(
        notice.c.name == name, notice.c.network == network
    )
    return uow.connection.execute(statement).scalar_one()


def named(uow: UnitOfWork, name: str, network: int) -> list[tuple[int, dict[str, str]]]:
    """All of this name in the network, with their facts."""
    statement = select(notice.c.id, notice.c.facts).where(
        notice.c.network == network, notice.c.name == name
    )
    return [(id, facts) for id, facts in uow.connection.execute(statement.order_by(notice.c.id))]


def change(uow: UnitOfWork, id: int, name: str, facts: Mapping[str, str]) -> None:
    """It says something else from now on."""
    statement = update(notice).where(notice.c.id == id)
    uow.connection.execute(statement.values(name=name, facts=dict(facts)))


def told_since(uow: UnitOfWork, name: str, conversation: int, moment: datetime) -> bool:
    """Whether this was said in the conversation after `moment`."""
    statement = (
        select(notice.c.id)
        .join_from(notice, post, and_(post.c.kind == "notice", post.c.subject == notice.c.id))
        .join(copy, copy.c.post == post.c.id)
        .where(
            notice.c.name == name,
            notice.c.created_at > moment,
            copy.c.conversation == conversation,
        )
    )
    return uow.connection.execute(statement.limit(1)).first() is not None
