"""What it costs to look for what networks do by themselves, with ten networks and a thousand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, event, insert

from bot import schedule
from storage import Database, UnitOfWork, jobs, networks
from storage.migrating import migrate
from storage.models import conversation, installation, room
from storage.unit_of_work import connect
from tests import postgres

FEW, MANY = 10, 1000
FOUNDED = datetime(2027, 1, 18, 9, tzinfo=UTC)
TUESDAY = datetime(2027, 1, 26, 8, 15, tzinfo=UTC)
LOOKS = 200


def measure(folder: Path) -> Iterator[str]:
    """On either database, ten networks beside a thousand."""
    few, many = (f"sqlite:///{folder / name}.db" for name in ("few", "many"))
    yield from _compared("SQLite", _founded(few, FEW), _founded(many, MANY))
    with postgres.running() as few, postgres.running() as many:
        yield from _compared("PostgreSQL", _founded(few, FEW), _founded(many, MANY))


def _compared(name: str, few: Database, many: Database) -> Iterator[str]:
    looked = [_look(one) for one in (few, many)]
    (took_few, asked_few), (took_many, asked_many) = looked
    yield (
        f"{name}, looking for what is due while nothing is: {took_many / took_few:.2f} times "
        f"({took_many * 1000:.2f} ms to {took_few * 1000:.2f} ms); "
        f"{asked_many} statements, with ten networks {asked_few}"
    )
    for database, number in ((few, FEW), (many, MANY)):
        took, asked, done = _work(database)
        yield (
            f"{name}, the question of the week in {done} networks of five rooms: {took:.2f} s, "
            f"{took / number * 1000:.1f} ms and {asked / number:.1f} statements each"
        )
        database.close()


def _look(database: Database) -> tuple[float, int]:
    """The median of what one look takes, and its statements."""
    took = []
    for _ in range(LOOKS):
        began = perf_counter()
        with database.begin(FOUNDED) as uow:
            assert schedule.due(uow) == []
            jobs.next_due(uow)
        took.append(perf_counter() - began)
    with _counted(database) as statements, database.begin(FOUNDED) as uow:
        schedule.due(uow)
        jobs.next_due(uow)
    return median(took), len(statements)


def _work(database: Database) -> tuple[float, int, int]:
    """All that is due on Tuesday at 09.15: seconds, statements, and how many prompts were asked."""
    began = perf_counter()
    with _counted(database) as statements:
        while True:
            with database.begin(TUESDAY) as uow:
                due = schedule.due(uow)
            if not due:
                break
            for job in due:
                with database.begin(TUESDAY) as uow:
                    schedule.run(job, uow)
    took = perf_counter() - began
    with database.begin(TUESDAY) as uow:
        asked = uow.connection.exec_driver_sql("SELECT count(*) FROM thread WHERE kind = 'prompt'")
        return took, len(statements), int(asked.scalar_one())


@contextmanager
def _counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def _founded(url: str, number: int) -> Database:
    migrate(url)
    database = connect(url)
    with database.begin(FOUNDED) as uow:
        app = uow.connection.execute(
            insert(installation)
            .values(platform="slack", app="A1", tenant="T1")
            .returning(installation.c.id)
        ).scalar_one()
        for one in range(number):
            _found(uow, app, one)
    with database.begin(FOUNDED) as uow:  # From now on they are due in the week after.
        for job in schedule.due(uow):
            schedule.run(job, uow)
    while True:
        with database.begin(FOUNDED + timedelta(minutes=1)) as uow:
            due = schedule.due(uow)
            for job in due:
                schedule.run(job, uow)
        if not due:
            return database


def _found(uow: UnitOfWork, app: int, number: int) -> None:
    network = networks.create_network(uow, f"Network {number}", "nb")
    for place in range(5):
        country, language = ("no", "nb") if place < 3 else ("dk", "da")
        organisation = networks.add_organisation(
            uow, network=network, name=f"Town {place}", country=country, language=language
        )
        made = _one(
            uow.connection,
            conversation,
            installation=app,
            key=f"C{number}-{place}",
            language=language,
        )
        _one(
            uow.connection,
            room,
            network=network,
            organisation=organisation,
            conversation=made,
            state="active",
            joined_at=FOUNDED,
        )


def _one(connection: Connection, table: Any, **values: object) -> int:
    made = connection.execute(insert(table).values(**values).returning(table.c.id))
    return int(made.scalar_one())
