"""What was stored by an older version is still there after the database is brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from storage.migrating import migrate
from storage.unit_of_work import connect

Contents = dict[str, tuple[object, ...]]

OLDEST = "0001"
WHEN = "2027-01-19 08:15:00"
ROWS = (
    ("network", f"(1, 'Nord', 'nb', 2, '{WHEN}')"),
    ("organisation", "(1, 1, 'Alta kommune', 'no', 'nb', NULL)"),
    ("installation", "(1, 'slack', 'A1', 'T1', 'U1', 'B1', NULL, NULL)"),
    ("account", "(1, 'slack', 'T1', 'U2', 1, NULL, 'U2', 'Kari Nilsen', 'nb', NULL)"),
    ("member", f"(1, 1, 1, 'member', '{WHEN}')"),
    ("conversation", "(1, 1, 'C1', NULL, '{}', 'lean', 'nb', NULL, NULL)"),
    ("room", f"(1, 1, 1, 1, 'active', '{WHEN}', NULL, NULL, NULL, NULL, NULL)"),
    ("thread", f"(1, 1, 'question', 1, 1, 1, 1, 1, '1', '[]', 'open', '{WHEN}', NULL)"),
    ("reply", f"(1, 1, 1, 1, 1, 1, '2', '[]', 'standing', '{WHEN}', NULL)"),
    ("post", "(1, 1, 'question', 1, NULL, 1, false, NULL, 'resend')"),
)
"""A row of each table that others refer to, as the oldest version wrote it."""


ASKED_ABOUT_A_THEME = (
    "INSERT INTO network (id, name, language, last_number, created_at)"
    " VALUES (1, 'Nord', 'nb', 2, CURRENT_TIMESTAMP)",
    "INSERT INTO theme (id, network, key) VALUES (7, 1, '1.5')",
    "INSERT INTO thread (id, network, kind, number, body, state, created_at, theme)"
    " VALUES (1, 1, 'question', 1, '[]', 'open', CURRENT_TIMESTAMP, 7)",
    "INSERT INTO thread (id, network, kind, number, body, state, created_at)"
    " VALUES (2, 1, 'question', 2, '[]', 'open', CURRENT_TIMESTAMP)",
)


def test_what_an_older_version_stored_survives(empty_url: str) -> None:
    before = _written_long_ago(empty_url)

    migrate(empty_url)

    with _opened(empty_url) as connection:
        after = _contents(connection)
    assert {table: row[: len(before[table])] for table, row in after.items()} == before


REFUSED = {
    "a thread that replies refer to": "DELETE FROM thread",
    "a second room in a conversation": "INSERT INTO room (id, network, organisation, conversation, "
    "state, joined_at) VALUES (2, 1, 1, 1, 'pending', CURRENT_TIMESTAMP)",
    "a second post of the same": "INSERT INTO post (id, network, kind, subject) "
    "VALUES (2, 1, 'question', 1)",
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_could_not_be_stored_before_still_cannot(empty_url: str, what: str) -> None:
    _written_long_ago(empty_url)
    migrate(empty_url)
    with pytest.raises(IntegrityError), _opened(empty_url) as connection:
        connection.exec_driver_sql(REFUSED[what])


def test_the_theme_that_a_question_had_is_one_that_was_confirmed(empty_url: str) -> None:
    migrate(empty_url, "0017")
    with _opened(empty_url) as connection:
        for statement in ASKED_ABOUT_A_THEME:
            connection.exec_driver_sql(statement)

    migrate(empty_url)

    with _opened(empty_url) as connection:
        about = connection.exec_driver_sql(
            "SELECT thread, place, theme, confirmed FROM thread_theme"
        )
        assert [tuple(row) for row in about] == [(1, 1, 7, True)]


def _written_long_ago(url: str) -> Contents:
    """Make the oldest version's tables with those rows in them."""
    migrate(url, OLDEST)
    with _opened(url) as connection:
        for table, values in ROWS:
            connection.exec_driver_sql(f"INSERT INTO {table} VALUES {values}")  # noqa: S608
        return _contents(connection)


@contextmanager
def _opened(url: str) -> Iterator[Connection]:
    database = connect(url)
    try:
        with database.engine.begin() as connection:
            yield connection
    finally:
        database.close()


def _contents(connection: Connection) -> Contents:
    """The row of each table, with its columns in the order in which they were made."""
    return {
        table: tuple(connection.exec_driver_sql(f"SELECT * FROM {table}").one())  # noqa: S608
        for table, _ in ROWS
    }
