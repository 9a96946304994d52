"""Every test that wants a database runs on SQLite and on PostgreSQL, each time on a fresh one.

PostgreSQL comes with the tests (`tests/postgres.py`), unless MELLOM_TEST_POSTGRES names a server
whose user may create databases.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, make_url

from adapters.settings import database_url as driver_url
from storage.migrating import migrate
from tests import postgres

KINDS = ("sqlite", "postgresql")
LATER = 3
"""Tests, after which a PostgreSQL database is dropped."""


def pytest_configure() -> None:
    # Asked to stop, the tests stop as they do on Ctrl-C, and take the server with them.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        alone = metafunc.definition.get_closest_marker("only_postgresql")
        metafunc.parametrize("database_kind", KINDS[1:] if alone else KINDS)


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory, if there is room: a test need not wait until a disk has what is thrown away."""
    with tempfile.TemporaryDirectory(prefix="mellom-", dir=postgres.memory()) as name:
        yield Path(name)


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database with today's tables, which is the test's own."""
    request.node.user_properties.append(("database", database_kind))
    for marker in request.node.iter_markers("only_postgresql"):
        request.node.user_properties.append(("alone", marker.args[0]))
    # A script begins with a network, whose database is a copy of the one that was founded.
    is_founded = "world" in request.fixturenames
    kept = request.getfixturevalue("founded_before").database if is_founded else None
    yield from another(database_kind, request, kept, "mellom")


def another(
    kind: str, request: pytest.FixtureRequest, kept: str | None, name: str
) -> Iterator[str]:
    """The URL of a database of its own: a copy of what is kept, or with today's tables alone."""
    if kind == "sqlite":
        path: Path = request.getfixturevalue("folder") / f"{name}.db"
        shutil.copyfile(kept or request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: Server = request.getfixturevalue("postgresql_server")
    made = server.copy_of(kept or server.template)
    yield server.url(made)
    server.left.append(made)


@pytest.fixture
def empty_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any tables, which is the test's own."""
    request.node.user_properties.append(("database", database_kind))
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path}/mellom.db"
        return
    server: Server = request.getfixturevalue("postgresql_server")
    name = server.make_empty()
    yield server.url(name)
    server.left.append(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "mellom.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    given = os.environ.get("MELLOM_TEST_POSTGRES")
    if given:
        yield from _serve(driver_url(given))
    else:
        # A test is over before it has used a statement so often that its plan is kept by itself.
        with postgres.running(plan_cache_mode="force_generic_plan") as url:
            yield from _serve(url)


def _serve(url: str) -> Iterator[Server]:
    address = make_url(url)
    with psycopg.connect(_plain(address), autocommit=True) as connection:
        server = Server(address, connection)
        server.make_template()
        yield server
        server.drop_left()
        for name in (*server.kept, server.template):
            server.drop(name)


class Server:
    """A PostgreSQL server on which each test gets a copy of one template."""

    def __init__(self, address: URL, connection: psycopg.Connection) -> None:
        self.address = address
        self.connection = connection
        self.name = f"mellom_test_{secrets.token_hex(4)}"
        self.template = f"{self.name}_template"
        self.copies = 0
        # Dropped some tests later: PostgreSQL takes a while to see that a connection was closed,
        # and whoever drops a database before that waits a tenth of a second.
        self.left: list[str] = []
        # Dropped when all tests are done: other databases are copies of it.
        self.kept: list[str] = []

    def url(self, name: str) -> str:
        return self.address.set(database=name).render_as_string(hide_password=False)

    def make_template(self) -> None:
        self.connection.execute(f"CREATE DATABASE {self.template}")
        migrate(self.url(self.template))

    def copy_of(self, template: str) -> str:
        return self._make(f"TEMPLATE {template} STRATEGY FILE_COPY")

    def let_go(self, name: str) -> None:
        """Nobody is connected to it any more: only then can it be copied."""
        self.connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            [name],
        )

    def make_empty(self) -> str:
        return self._make("")

    def _make(self, how: str) -> str:
        self.drop_left(but=LATER)
        self.copies += 1
        name = f"{self.name}_{self.copies}"
        self.connection.execute(f"CREATE DATABASE {name} {how}")
        return name

    def drop_left(self, but: int = 0) -> None:
        """Those that are left, but for so many of the newest."""
        while len(self.left) > but:
            self.drop(self.left.pop(0))

    def drop(self, name: str) -> None:
        self.connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _plain(address: URL) -> str:
    return address.set(drivername="postgresql").render_as_string(hide_password=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests ran on each database, and which have no twin."""
    ran = [
        (report.nodeid, dict(report.user_properties))
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", None) == "call"
    ]
    alone = {name: told["alone"] for name, told in ran if "alone" in told}
    counts = Counter(told["database"] for _, told in ran if {"database"} == told.keys())
    if not counts and not alone:
        return
    verdict = "equal" if len({counts[kind] for kind in KINDS}) == 1 else "NOT EQUAL"
    told = ", ".join(f"{counts[kind]} tests on {kind}" for kind in KINDS)
    terminalreporter.write_sep("-", "databases")
    terminalreporter.write_line(f"{told}: {verdict}; on postgresql alone: {len(alone)}")
    for name, reason in alone.items():
        terminalreporter.write_line(f"  {name}: {reason}")
