"""What comes in at once: on SQLite it shares a commit, and none is the worse for another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from adapters.taking import Unavailable
from adapters.writing import TOGETHER, WRITERS, Clock, Writers
from bot.incoming import Incoming, Person, Place, Removed, Said
from bot.text import Text
from storage import Database, networks, posts, receipts
from storage.unit_of_work import connect

NOW = datetime(2027, 1, 19, 8, 15, tzinfo=UTC)
MANY = 20
CUT = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = connect(database_url)
    yield database
    database.close()


@pytest.fixture
def writers(database: Database) -> Iterator[Writers]:
    writers = Writers(database, Clock(now=lambda: NOW, real=lambda: NOW))
    yield writers
    writers.close()


def removed(key: str) -> Removed:
    return Removed(key=key, at=NOW, place=Place(1, "C0NOWHERE"))


def with_receipt(database: Database) -> dict[str, str | None]:
    """The keys of what was taken, with what went wrong."""
    with database.begin(NOW) as uow:
        rows = uow.connection.execute(text("SELECT key, error FROM receipt")).all()
    return {row[0]: row[1] for row in rows}


def commits(database: Database) -> list[object]:
    counted: list[object] = []
    event.listen(database.engine, "commit", counted.append)
    return counted


def breaking() -> Said:
    """Words that came through an installation that nobody made, which no database takes."""
    return Said(
        key="breaks",
        at=NOW,
        place=Place(999, "C0"),
        person=Person("slack", "T0", "U0"),
        message="1.0",
        text=Text.of("Hei"),
        addressed=True,
    )


async def test_what_comes_at_once_is_all_taken(writers: Writers, database: Database) -> None:
    keys = [f"event {number}" for number in range(MANY)]
    counted = commits(database)
    await asyncio.gather(*(writers.take(removed(key)) for key in keys))
    assert len(counted) == (-(-MANY // TOGETHER) if database.single_writer else MANY)
    assert set(with_receipt(database)) == set(keys)


async def test_the_same_twice_at_once_is_taken_once(writers: Writers, database: Database) -> None:
    await asyncio.gather(*(writers.take(removed("the same")) for _ in range(3)))
    assert list(with_receipt(database)) == ["the same"]


async def test_one_that_breaks_does_not_harm_its_neighbours(
    writers: Writers, database: Database
) -> None:
    at_once: list[Incoming] = [removed("before"), breaking(), removed("after")]
    await asyncio.gather(*map(writers.take, at_once))
    assert with_receipt(database) == {"before": None, "breaks": "IntegrityError", "after": None}


async def test_none_is_taken_while_there_is_no_database(database: Database) -> None:
    database.engine.dispose()
    nowhere = connect(str(database.engine.url.set(database="/nowhere/at/all")))
    writers = Writers(nowhere, Clock())
    at_once = (writers.take(removed(key)) for key in ("one", "other"))
    endings = await asyncio.gather(*at_once, return_exceptions=True)
    writers.close()
    assert [type(ending) for ending in endings] == [Unavailable, Unavailable]


@pytest.mark.only_postgresql("SQLite has no connection that could be cut")
async def test_a_connection_that_was_cut_costs_one_answer(
    writers: Writers, database: Database
) -> None:
    connections = [database.engine.connect() for _ in range(WRITERS)]
    for connection in connections:
        connection.close()
    with database.engine.connect() as whole:
        whole.execute(text(CUT))
        with pytest.raises(Unavailable):
            await writers.take(removed("lost"))
    # The others were cut, too, and none of them is asked any more.
    await asyncio.gather(*(writers.take(removed(f"after-{n}")) for n in range(WRITERS)))
    assert set(with_receipt(database)) == {f"after-{n}" for n in range(WRITERS)}


def test_a_unit_that_raises_is_undone_alone(database: Database) -> None:
    with database.together(NOW, NOW) as begin:
        for key in ("first", "second", "third"):
            try:
                with begin() as uow:
                    receipts.begin(uow, key)
                    if key == "second":
                        raise RuntimeError
            except RuntimeError:
                pass
    assert set(with_receipt(database)) == {"first", "third"}


def test_all_units_are_undone_when_their_block_raises(database: Database) -> None:
    def break_after_the_first() -> None:
        with database.together(NOW, NOW) as begin:
            with begin() as uow:
                receipts.begin(uow, "first")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_after_the_first()
    assert with_receipt(database) == {}


def test_the_worker_is_woken_after_the_commit_and_not_before(database: Database) -> None:
    seen: list[dict[str, str | None]] = []
    database.on_wake.append(lambda: seen.append(with_receipt(database)))
    with database.together(NOW, NOW) as begin:
        for key in ("first", "second"):
            with begin() as uow:
                receipts.begin(uow, key)
                uow.wakes = True
        assert not seen
    assert seen == [{"first": None, "second": None}]


def test_a_refused_row_is_an_error_of_integrity_that_tells_no_words(database: Database) -> None:
    with database.begin(NOW) as uow:
        network = networks.create_network(uow, "Nord", "nb")
        posts.show(uow, "answer", 7, [], network=network)
    with pytest.raises(IntegrityError) as refused, database.begin(NOW) as uow:
        posts.show(uow, "answer", 7, [], network=network, doubt="words")
    assert "words" not in str(refused.value)
