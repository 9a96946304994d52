"""Lives of Mellom's processes, each ended where it was chosen, beside a world that goes on."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text

from adapters.writing import Clock
from storage.unit_of_work import connect
from tests.children import Nursery, free_port
from tests.conversation import World
from tests.databases import Server
from tests.dying import AT_REST, DIES, LEARNT, MOMENT, SharedClock


class Lives:
    """One life after the other in the same time, which can be begun anew: then everything is as the
    world was left, but for what stands on the platforms."""

    def __init__(self, world: World, another: Callable[[], str], clock: Path) -> None:
        self.world = world
        self._another = another
        clock.write_bytes(bytes(8))
        self._path, self._clock = clock, SharedClock(clock)
        self._nursery = world.run(Nursery.open())
        self._url = ""

    def prepare(self, end: datetime) -> Counter[str]:
        """The world's own Mellom leaves it. How many moments of each name there are until this end
        in a life that nobody cuts short."""
        self._end = end
        self.world.run(self.world.village.part())
        self.world.village._clock = Clock(self._clock, self._clock)
        self.begin()
        said = self._live(LEARNT, learns=True)
        found = [line.split(maxsplit=2) for line in said if line.startswith(f"{MOMENT} ")]
        return Counter({name: int(count) for _, count, name in found})

    def begin(self) -> None:
        """The same time begins anew."""
        self._url = self._another()
        self._clock.at = self.world.clock.at
        everybody = (name for room in self.world.rooms.values() for name in room.inner.people)
        # Other worlds that are like this one know the same set.
        self.world.before = self.world.before | {
            (name, seen.id) for name in everybody for seen in self.world.person(name).letters
        }

    def dies(self, like: str, after: int = 0) -> None:
        """Go on, and be killed before a moment that is named like this, after so many of them."""
        said = self._live(f"^({DIES} |{AT_REST}$)", dies=like, after=after)
        assert AT_REST not in said, f"{like!r} does not come"

    def rest(self) -> None:
        """Go on, until nothing more is due."""
        self._live(f"^{AT_REST}$")

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        database = connect(self._url)
        with database.engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(statement))]
        database.close()
        return found

    def close(self) -> None:
        self.world.run(self._nursery.end())

    def _live(
        self, until: str, dies: str | None = None, after: int = 0, *, learns: bool = False
    ) -> list[str]:
        """What it says until it says this, which ends it."""
        environment = {
            **self.world.village.environment(),
            "DATABASE_URL": self._url,
            "PORT": str(free_port()),
        }
        life = {
            "clock": str(self._path),
            "end": self._end.isoformat(),
            "dies": dies,
            "after": after,
            "learns": learns,
        }
        return self.world.run(self._nursery.lives(environment, life, until))


@pytest.fixture
def another(
    database_kind: str, database_url: str, request: pytest.FixtureRequest
) -> Callable[[], str]:
    """Makes a copy of the test's own database, to which nobody is connected; its URL."""
    name = make_url(database_url).database
    assert name is not None
    made: list[str] = []

    def on_sqlite() -> str:
        made.append(f"{name}-{len(made)}")
        shutil.copyfile(name, made[-1])
        return f"sqlite:///{made[-1]}"

    def on_postgresql() -> str:
        server: Server = request.getfixturevalue("postgresql_server")
        copied = server.copy_of(name)
        server.left.append(copied)
        return server.url(copied)

    return on_sqlite if database_kind == "sqlite" else on_postgresql


@pytest.fixture
def lives(world: World, another: Callable[[], str], folder: Path) -> Iterator[Lives]:
    lives = Lives(world, another, folder / "clock")
    yield lives
    lives.close()
