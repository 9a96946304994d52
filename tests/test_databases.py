"""The databases the tests run on: one for each test, with today's tables."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from storage.migrating import is_up_to_date
from storage.unit_of_work import connect


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_has_a_database_of_its_own(database_url: str, turn: str) -> None:
    database = connect(database_url)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE only_here (turn text)"))
    database.close()


def test_the_database_has_todays_tables(database_url: str, database_kind: str) -> None:
    database = connect(database_url)
    assert is_up_to_date(database)
    assert database.engine.dialect.name == database_kind
    database.close()


@pytest.mark.only_postgresql("SQLite keeps no time zone")
def test_the_server_is_not_on_utc(database_url: str) -> None:
    database = connect(database_url)
    with database.engine.connect() as connection:
        assert connection.execute(text("SHOW timezone")).scalar_one() != "UTC"
    database.close()
