"""Bringing a database up to date: the only way tables come to be."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.unit_of_work import Database, connect

_LOCK = 0x6D656C6C6F6D
"""The name of the lock under which one process at a time migrates a PostgreSQL database."""


def migrate(url: str) -> None:
    """Bring the database at this URL up to date."""
    database = connect(url)
    try:
        with database.engine.connect() as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
            command.upgrade(_config(connection), "head")
    finally:
        database.close()


def is_up_to_date(database: Database) -> bool:
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current == ScriptDirectory.from_config(_config(None)).get_current_head()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
