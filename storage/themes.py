"""Themes: what a network's questions can be about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, insert, select, update

from storage.models import theme, thread, thread_theme
from storage.ready import Ready
from storage.threads import OPEN
from storage.unit_of_work import UnitOfWork

KEYS = ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "2.1", "2.2", "2.3", "3.1", "3.2")
"""What every network begins with: the problems that bring such networks together."""

MOST = 2
"""Themes of one question."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One of the themes that a network begins with (`key`), or one of its own. `name` is what the
    network calls it, which goes before what it was called in the beginning."""

    id: int
    key: str | None
    name: str | None
    retired: bool = False


_COLUMNS = (theme.c.id, theme.c.key, theme.c.name, theme.c.retired_at.is_not(None))
_OF_THREAD = (
    select(*_COLUMNS)
    .join_from(thread_theme, theme)
    .where(thread_theme.c.thread == bindparam("t"))
    .order_by(thread_theme.c.place)
)
_BY_THREAD = Ready(_OF_THREAD)
_CONFIRMED = _OF_THREAD.where(thread_theme.c.confirmed)
_PROPOSED = _OF_THREAD.where(thread_theme.c.confirmed.is_(False))
_FORGET = delete(thread_theme).where(thread_theme.c.thread == bindparam("t"))


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
    """The newest open questions about it, confirmed or not."""
    statement = (
        select(thread.c.id)
        .join_from(thread_theme, thread)
        .where(thread_theme.c.theme == theme_id, thread.c.network == network, OPEN)
    )
    newest = statement.order_by(thread.c.number.desc()).limit(limit)
    return list(uow.connection.execute(newest).scalars())


def confirm(uow: UnitOfWork, thread_id: int, themes: Iterable[int]) -> None:
    """Whoever asked says what the question is about: at most two themes, or none."""
    uow.connection.execute(_FORGET, {"t": thread_id})
    _keep(uow, thread_id, themes, confirmed=True)


def propose(uow: UnitOfWork, thread_id: int, themes: Iterable[int]) -> None:
    """What a new question looks like it is about, until whoever asked has said so."""
    _keep(uow, thread_id, themes, confirmed=False)


def of_thread(uow: UnitOfWork, thread_id: int) -> list[Theme]:
    """What the question is about: what was confirmed, else what is proposed, which is not shown to
    others. What it is about most comes first."""
    return [Theme(*row) for row in _BY_THREAD.all(uow, {"t": thread_id})]


def confirmed(uow: UnitOfWork, thread_id: int) -> list[Theme]:
    """What the question is about, as whoever asked has confirmed it."""
    return [Theme(*row) for row in uow.connection.execute(_CONFIRMED, {"t": thread_id})]


def proposed(uow: UnitOfWork, thread_id: int) -> list[Theme]:
    """What the question looks like it is about, as long as whoever asked has not said."""
    return [Theme(*row) for row in uow.connection.execute(_PROPOSED, {"t": thread_id})]


def _keep(uow: UnitOfWork, thread_id: int, themes: Iterable[int], *, confirmed: bool) -> None:
    rows = [
        {"thread": thread_id, "place": place, "theme": theme, "confirmed": confirmed}
        for place, theme in enumerate(list(dict.fromkeys(themes))[:MOST], 1)
    ]
    if rows:
        uow.connection.execute(insert(thread_theme), rows)
