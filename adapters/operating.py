"""What every command of an operator's needs: the database, and the names of what is in it."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from adapters import settings
from adapters.writing import wall
from storage import Database, NoSecretKey, UnitOfWork, installations, networks
from storage.migrating import is_up_to_date, migrate
from storage.unit_of_work import connect


class Refusal(Exception):
    """What an operator asked for cannot be done; the words say why, and what to do."""


@contextmanager
def unit_of_work() -> Iterator[UnitOfWork]:
    """One on the database of the settings, brought up to date first."""
    configured = settings.read(os.environ)
    migrate(configured.database_url)
    with as_it_is(configured) as database, database.begin(wall()) as uow:
        yield uow


@contextmanager
def as_it_is(configured: settings.Settings) -> Iterator[Database]:
    """The database of these settings, which may be behind."""
    database = connect(configured.database_url, configured.vault)
    try:
        yield database
    finally:
        database.close()


def is_behind(database: Database) -> bool:
    """Whether it is to be brought up to date. What is sealed in it can be read, else that is
    told."""
    try:
        behind = not is_up_to_date(database)
        if not behind:
            _read_secrets(database)
    except NoSecretKey:
        raise
    except Exception as error:
        raise Refusal(silent(error)) from error
    return behind


def _read_secrets(database: Database) -> None:
    with database.begin(wall()) as uow:
        for platform in ("slack", "teams", "webhook"):
            installations.every(uow, platform)


def network_named(uow: UnitOfWork, name: str) -> int:
    found = _known(named(name), networks.networks(uow))
    if found is None:
        raise Refusal(f"There is no network with the name {name!r}. See: mellom network list")
    return found


def organisation_named(uow: UnitOfWork, in_network: int, name: str) -> int:
    found = _known(named(name), networks.organisations(uow, in_network))
    if found is None:
        raise Refusal(f"There is no organisation with the name {name!r}. See: mellom network list")
    return found


def _known(name: str, rows: Iterable[tuple[Any, ...]]) -> int | None:
    """The id of what has this name, or of the one thing that has it in other letters' case."""
    alike = {row[1]: row[0] for row in rows if row[1].casefold() == name.casefold()}
    only = next(iter(alike.values())) if len(alike) == 1 else None
    return alike.get(name, only)


def named(name: str) -> str:
    """A name as it is kept and looked for: with single spaces, and one way to write each letter."""
    plain = unicodedata.normalize("NFC", " ".join(name.split()))
    if not plain or len(plain) > 100 or not plain.isprintable():
        raise Refusal("A name has 1 to 100 visible characters.")
    return plain


def silent(error: Exception) -> str:
    """What is said of a database that does not answer: what it says itself may hold a password."""
    return f"The database does not answer ({type(error).__name__}): check DATABASE_URL."
