"""Themes: what a network's questions can be about."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from storage.models import theme, thread
from storage.unit_of_work import UnitOfWork

KEYS = ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "2.1", "2.2", "2.3", "3.1", "3.2")
"""What every network begins with: the problems that bring such networks together."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One of the themes that a network begins with (`key`), or one of its own (`name`)."""

    id: int
    key: str | None
    name: str | None


_COLUMNS = (theme.c.id, theme.c.key, theme.c.name)
_OF_THREAD = select(*_COLUMNS).join_from(thread, theme).where(thread.c.id == bindparam("t"))


def begin(uow: UnitOfWork, network: int) -> None:
    """The themes that a new network has."""
    uow.connection.execute(insert(theme), [{"network": network, "key": key} for key in KEYS])


def current(uow: UnitOfWork, network: int) -> list[Theme]:
    """The network's themes, without those it has retired."""
    statement = select(*_COLUMNS).where(theme.c.network == network, theme.c.retired_at.is_(None))
    return [Theme(*row) for row in uow.connection.execute(statement.order_by(theme.c.id))]


def choose(uow: UnitOfWork, thread_id: int, theme_id: int) -> None:
    """From now on the question is about this theme."""
    statement = update(thread).where(thread.c.id == thread_id)
    uow.connection.execute(statement.values(theme=theme_id))


def of_thread(uow: UnitOfWork, thread_id: int) -> Theme | None:
    row = uow.connection.execute(_OF_THREAD, {"t": thread_id}).one_or_none()
    return None if row is None else Theme(*row)
