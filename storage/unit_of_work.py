"""The database, and the one transaction in which an incoming changes what is stored."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, InterfaceError, NoResultFound, OperationalError
from sqlalchemy.schema import Table

Insert = postgresql.Insert | sqlite.Insert

CHANNEL = "mellom"
"""The name under which PostgreSQL tells workers that something is to be sent."""

ALIVE: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
"""Seconds after which a PostgreSQL server that has gone silent counts as gone."""

PREPARED = 250
"""Statements that a PostgreSQL connection keeps prepared: a busy one meets some two hundred again
and again. Lists of many lengths make more, which come and go."""

Unreachable = (OperationalError, InterfaceError)
"""What a database that does not answer raises."""

Overtaken = (IntegrityError, NoResultFound)
"""What is raised where a row is looked for, or written about, that somebody else has taken away
since it was read."""


class NoSecretKey(RuntimeError):
    """A token is to be stored or read, and there is no key to seal it with, or a wrong one."""


_NO_KEY = (
    "MELLOM_SECRET_KEY is missing: it encrypts the tokens that are stored. Set it to the one that "
    "was used before."
)
_WRONG_KEY = (
    "MELLOM_SECRET_KEY is not the one that the stored tokens were encrypted with: set it to the "
    "one that was used before."
)


class Vault(Fernet):
    """Seals what is stored, and signs what is handed out and comes back."""

    def __init__(self, key: bytes) -> None:
        super().__init__(key)
        # Another key than those for sealing, so that neither use tells anything for the other.
        self._signing = hmac.digest(key, b"mellom: what is handed out", "sha256")

    def sign(self, words: str) -> str:
        """The same for the same words, and nobody can guess it: 43 characters for an address."""
        signature = hmac.digest(self._signing, words.encode(), "sha256")
        return base64.urlsafe_b64encode(signature).decode().rstrip("=")

    def signed(self, words: str, signature: str) -> bool:
        return hmac.compare_digest(self.sign(words).encode(), signature.encode())


@dataclass(slots=True)
class UnitOfWork:
    """One transaction, and the two times in which it happens.

    `now` is the product's time, which the playground can move; `real` is the clock on the wall, by
    which leases, rates and waits are kept.
    """

    connection: Connection
    now: datetime
    real: datetime
    vault: Vault | None = None
    site: str | None = None
    """Where people's clients reach this Mellom, if they do."""

    wakes: bool = False
    """Whether something became due, so that a worker must be woken after the commit."""

    def insert(self, table: Table) -> Insert:
        """An insert that knows ON CONFLICT, which both databases spell the same."""
        if self.connection.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)

    def seal(self, secret: str) -> str:
        if self.vault is None:
            raise NoSecretKey(_NO_KEY)
        return self.vault.encrypt(secret.encode()).decode()

    def unseal(self, sealed: str | None) -> str | None:
        if sealed is None:
            return None
        if self.vault is None:
            raise NoSecretKey(_NO_KEY)
        try:
            return self.vault.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise NoSecretKey(_WRONG_KEY) from error


@dataclass(slots=True)
class Database:
    """An open database. Every change goes through `begin`."""

    engine: Engine
    vault: Vault | None = None
    site: str | None = None
    on_wake: list[Callable[[], None]] = field(default_factory=list)

    @property
    def single_writer(self) -> bool:
        """SQLite: one writer at a time, in one process."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def begin(self, now: datetime, real: datetime | None = None) -> Iterator[UnitOfWork]:
        """A unit of work: committed at the end of the block, undone when it raises."""
        with self.engine.begin() as connection:
            uow = UnitOfWork(connection, now, real or now, self.vault, self.site)
            yield uow
            if uow.wakes and not self.single_writer:
                connection.execute(_NOTIFY)
        if uow.wakes:
            self._wake()

    @contextmanager
    def together(
        self, now: datetime, real: datetime
    ) -> Iterator[Callable[[], AbstractContextManager[UnitOfWork]]]:
        """Several units of work in one commit, one after the other. One that raises is undone
        alone; all of them are when the block raises, or the database does not take the commit."""
        wakes = False
        with self.engine.begin() as connection:

            @contextmanager
            def begin() -> Iterator[UnitOfWork]:
                nonlocal wakes
                uow = UnitOfWork(connection, now, real, self.vault, self.site)
                connection.exec_driver_sql("SAVEPOINT unit")
                try:
                    yield uow
                except BaseException:
                    connection.exec_driver_sql("ROLLBACK TO unit")
                    connection.exec_driver_sql("RELEASE unit")
                    raise
                connection.exec_driver_sql("RELEASE unit")
                wakes = wakes or uow.wakes

            yield begin
        if wakes:
            self._wake()

    def _wake(self) -> None:
        for wake in self.on_wake:
            wake()

    def close(self) -> None:
        self.engine.dispose()


_NOTIFY = text(f"SELECT pg_notify('{CHANNEL}', '')")


def connect(url: str, vault: Vault | None = None, site: str | None = None) -> Database:
    """Open the database at an SQLAlchemy URL. Tables come only from migrations."""
    if url.startswith("sqlite"):
        return Database(_sqlite(url), vault, site)
    return Database(_postgresql(url), vault, site)


def _postgresql(url: str) -> Engine:
    # An error that tells a statement's values would tell what people wrote.
    engine = create_engine(
        url,
        connect_args=ALIVE,
        pool_size=6,
        max_overflow=4,
        # What was used last is used next: each connection has to learn the tables by itself.
        pool_use_lifo=True,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.prepare_threshold = 0  # From the first time on.
        connection.prepared_max = PREPARED

    return engine


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url, connect_args={"timeout": 20, "check_same_thread": False}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        # The driver's own idea of when a transaction starts would lose updates: we begin ourselves.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # What is wiped is not to be read from the file's free pages.
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    # An event would do the same, but an engine that has any pays for them with every statement.
    engine.dialect.do_begin = _begin_immediately  # type: ignore[method-assign]
    return engine


def _begin_immediately(dbapi_connection: PoolProxiedConnection) -> None:
    dbapi_connection.cursor().execute("BEGIN IMMEDIATE")
