"""Themes: what a network's questions can be about."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, insert, select, update

from storage.models import theme, thread
from storage.threads import OPEN
from storage.unit_of_work import UnitOfWork

KEYS = ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "2.1", "2.2", "2.3", "3.1", "3.2")
"""What every network begins with: the problems that bring such networks together."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One of the themes that a network begins with (`key`), or one of its own. `name` is what the
    network calls it, which goes before what it was called in the beginning."""

    id: int
    key: str | None
    name: str | None
    retired: bool = False


_COLUMNS = (theme.c.id, theme.c.key, theme.c.name, theme.c.retired_at.is_not(None))
_OF_THREAD = select(*_COLUMNS).join_from(thread, theme).where(thread.c.id == bindparam("t"))


def begin(uow: UnitOfWork, network: int) -> None:
    """The themes that a new network has."""
    uow.connection.execute(insert(theme), [{"network": network, "key": key} for key in KEYS])


def current(uow: UnitOfWork, network: int) -> list[Theme]:
    """The network's themes, without those it has retired."""
    statement = select(*_COLUMNS).where(theme.c.network == network, theme.c.retired_at.is_(None))
    return [Theme(*row) for row in uow.connection.execute(statement.order_by(theme.c.id))]


def every(uow: UnitOfWork, network: int) -> list[Theme]:
    """The network's themes, and after them those it has retired, the last one first."""
    statement = select(*_COLUMNS).where(theme.c.network == network)
    in_order = statement.order_by(
        theme.c.retired_at.is_not(None), theme.c.retired_at.desc(), theme.c.id
    )
    return [Theme(*row) for row in uow.connection.execute(in_order)]


def add(uow: UnitOfWork, network: int, name: str) -> int:
    statement = insert(theme).values(network=network, name=name)
    return uow.connection.execute(statement.returning(theme.c.id)).scalar_one()


def change(uow: UnitOfWork, theme_id: int, *, name: str | None, retired: bool) -> None:
    """What the network calls it, and whether it is offered."""
    since = func.coalesce(theme.c.retired_at, uow.now) if retired else None
    statement = update(theme).where(theme.c.id == theme_id)
    uow.connection.execute(statement.values(name=name, retired_at=since))


def open_questions(uow: UnitOfWork, network: int, theme_id: int, limit: int) -> list[int]:
    """The newest open questions about it."""
    statement = select(thread.c.id).where(
        thread.c.network == network, thread.c.theme == theme_id, OPEN
    )
    newest = statement.order_by(thread.c.number.desc()).limit(limit)
    return list(uow.connection.execute(newest).scalars())


def choose(uow: UnitOfWork, thread_id: int, theme_id: int) -> None:
    """From now on the question is about this theme."""
    statement = update(thread).where(thread.c.id == thread_id)
    uow.connection.execute(statement.values(theme=theme_id))


def of_thread(uow: UnitOfWork, thread_id: int) -> Theme | None:
    row = uow.connection.execute(_OF_THREAD, {"t": thread_id}).one_or_none()
    return None if row is None else Theme(*row)
