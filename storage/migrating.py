"""Bringing a database up to date: the only way tables come to be.

`python -m storage.migrating "Rooms have a colour"` writes the migration from the newest one to
today's models, to be read through by whoever changed them.
"""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.unit_of_work import Database, connect

_LOCK = 0x6D656C6C6F6D
"""The name of the lock under which one process at a time migrates a PostgreSQL database."""


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at this URL up to date, or up to a revision."""
    database = connect(url)
    try:
        with database.engine.connect() as connection:
            if database.single_writer:
                # A table that is made anew is dropped for a moment, and others refer to it.
                connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                _upgrade(connection, revision)
    finally:
        database.close()


def _upgrade(connection: Connection, revision: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
    if revision == "head" and _current(connection) == _newest():
        return
    command.upgrade(_config(connection), revision)
    if connection.dialect.name == "sqlite":
        lost = connection.execute(text("PRAGMA foreign_key_check")).all()
        if lost:
            raise RuntimeError(f"the migration would leave rows that refer to nothing: {lost[:5]}")


def is_up_to_date(database: Database) -> bool:
    with database.engine.connect() as connection:
        return _current(connection) == _newest()


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@functools.cache
def _newest() -> str | None:
    """Every migration is read to find the last, and none is added while a process runs."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def revise(message: str) -> None:
    """Write the migration that leads to today's models, as SQLite and Alembic see them."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/mellom.db"
        migrate(url)
        database = connect(url)
        with database.engine.connect() as connection, connection.begin():
            config = _config(connection)
            head = ScriptDirectory.from_config(config).get_current_head() or "0000"
            number = f"{int(head) + 1:04}"
            command.revision(config, message, autogenerate=True, rev_id=number)
        database.close()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    revise(sys.argv[1])
