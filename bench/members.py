"""What ten thousand members in one network cost: opening the home, deciding whether somebody is
written to, and what whoever runs the network sees; beside a network of a hundred."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from adapters import settings
from adapters.running import Mellom
from bench import founding, peopling
from bench.full import counted
from bench.load import quantile
from bench.pretend import Platforms
from bot import dispatch
from bot.drawn import Reader
from bot.features import appointing, charge, everywhere, gate, home, private
from bot.features import settings as my_settings
from bot.incoming import Incoming, Person, Place, Pressed, Said, Submitted, Visited
from bot.text import Text
from storage import UnitOfWork
from storage.unit_of_work import Database
from tests import postgres

NOW = datetime(2027, 1, 19, 9, 15, tzinfo=UTC)
"""A Tuesday on which everybody is at work."""

FEW = 100
THREADS = 30
RUNS = 7
"""The place of whoever runs the network, among those who are filled in."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """A network with so many members."""

    database: Database
    many: int

    def person(self, number: int) -> tuple[Person, Place]:
        """Where one of them is met in private."""
        number = number % self.many
        with self.database.begin(NOW) as uow:
            row = uow.connection.execute(
                text("SELECT platform, tenant, name, installation FROM account WHERE id = :a"),
                {"a": peopling.FIRST + number},
            ).one()
        person = Person(row[0], row[1], f"P{number}", row[2], f"P{number}", "nb")
        return person, Place(row[3], f"D{number}", direct=True)

    def plain(self, number: int) -> int:
        """The place of a member who has not left, and runs nothing."""
        number = (20 + 37 * number) % self.many
        return number - 1 if number % 20 == 19 else number


_FREE = text("UPDATE private SET sent_at = NULL WHERE member = :m")

Step = Callable[[Crowd, int], Callable[[UnitOfWork], object] | Incoming]


async def measure(folder: Path, many: int, rounds: int) -> AsyncIterator[str]:
    with TemporaryDirectory(dir=folder) as inside:
        few, more = (f"sqlite:///{inside}/{name}.db" for name in ("few", "many"))
        async for told in _compare("SQLite", few, more, many, rounds):
            yield told
    with postgres.running() as few, postgres.running() as more:
        async for told in _compare("PostgreSQL", few, more, many, rounds):
            yield told


async def _compare(name: str, few: str, more: str, many: int, rounds: int) -> AsyncIterator[str]:
    yield f"{name}, {FEW} members beside {many:,}"
    async with Platforms() as platforms:
        mellom = [await _mellom(url, platforms) for url in (few, more)]
        small, large = Crowd(mellom[0].database, FEW), Crowd(mellom[1].database, many)
        for crowd in (small, large):
            peopling.fill(crowd.database, crowd.many, NOW)
            _give_charge(crowd)
        for told in _steps(small, large, rounds):
            yield f"{name}, {told}"
        for one in mellom:
            await one.close()


async def _mellom(url: str, platforms: Platforms) -> Mellom:
    environ = founding.environment(url, platforms)
    await founding.found(environ, platforms.service_url, "ssstt", threads=THREADS)
    return Mellom(settings.read(environ))


def _give_charge(crowd: Crowd) -> None:
    with crowd.database.begin(NOW) as uow:
        uow.connection.execute(
            text("UPDATE member SET role = 'facilitator', deputy = NULL WHERE id = :m"),
            {"m": peopling.FIRST + RUNS},
        )


def _steps(small: Crowd, large: Crowd, rounds: int) -> Iterator[str]:
    for step, make in STEPS.items():
        for crowd in (small, large):
            _do(crowd, make(crowd, 2 * rounds))  # What is done for the first time is not counted.
        taken: dict[int, list[tuple[float, float]]] = {small.many: [], large.many: []}
        for number in range(rounds):
            for crowd in (small, large) if number % 2 else (large, small):
                taken[crowd.many].append(_time(crowd, make, number))
        counts = [_count(crowd, make, rounds) for crowd in (small, large)]
        yield f"{step}: {_told(*taken.values())}; {counts[0]} and {counts[1]} statements"


def _told(small: list[tuple[float, float]], large: list[tuple[float, float]]) -> str:
    """On the clock, and of processor time."""
    (few, few_worked), (many, many_worked) = zip(*small, strict=True), zip(*large, strict=True)
    return (
        f"p50 {quantile(few, 0.5):.1f} and {quantile(many, 0.5):.1f} ms, "
        f"p99 {quantile(few, 0.99):.1f} and {quantile(many, 0.99):.1f} ms, "
        f"{quantile(many, 0.5) / quantile(few, 0.5):.2f} times; of processor time "
        f"p50 {quantile(few_worked, 0.5):.1f} and {quantile(many_worked, 0.5):.1f} ms, "
        f"p99 {quantile(few_worked, 0.99):.1f} and {quantile(many_worked, 0.99):.1f} ms"
    )


def _time(crowd: Crowd, make: Step, number: int) -> tuple[float, float]:
    do = make(crowd, number)
    begun, work = time.perf_counter(), time.thread_time()
    _do(crowd, do)
    return 1000 * (time.perf_counter() - begun), 1000 * (time.thread_time() - work)


def _count(crowd: Crowd, make: Step, number: int) -> int:
    do = make(crowd, number)
    with counted(crowd.database) as statements:
        _do(crowd, do)
    return sum(not statement.startswith("PRAGMA") for statement in statements)


def _do(crowd: Crowd, do: Callable[[UnitOfWork], object] | Incoming) -> None:
    """One unit of work, to its commit."""
    if callable(do):
        with crowd.database.begin(NOW) as uow:
            do(uow)
        return
    dispatch.receive(do, lambda: crowd.database.begin(NOW))


def _visited(crowd: Crowd, number: int, who: int) -> Incoming:
    person, place = crowd.person(who)
    return Visited(key=f"v{who}-{number}", at=NOW, place=place, person=person)


def _typed(crowd: Crowd, number: int) -> Incoming:
    person, place = crowd.person(crowd.plain(number))
    message = f"{1_900_000_000 + number}.000100"
    return Said(
        key=f"t{number}", at=NOW, place=place, person=person, message=message,
        text=Text.of("hjem"), addressed=True,
    )  # fmt: skip


def _drawn(_: Crowd, number: int) -> Callable[[UnitOfWork], object]:
    def draw(uow: UnitOfWork) -> None:
        newest = text("SELECT max(id) FROM notice WHERE name = 'home'")
        home.card(uow.connection.execute(newest).scalar_one(), Reader("nb"), uow)

    return draw


def _decided(crowd: Crowd, number: int) -> Callable[[UnitOfWork], object]:
    member = peopling.FIRST + crowd.plain(number)

    def decide(uow: UnitOfWork) -> None:
        """As if nobody had been written to today."""
        uow.connection.execute(_FREE, {"m": member})
        private.tell(uow, gate.CHANGED, 1, member, {"by": "1", "role": "yes"})

    return decide


def _edited(_: Crowd, number: int) -> Callable[[UnitOfWork], object]:
    return lambda uow: everywhere.show_again(uow, 1 + number % THREADS)


def _pressed(action: str) -> Step:
    def press(crowd: Crowd, number: int) -> Incoming:
        person, place = crowd.person(RUNS)
        key = f"{action}{number}"
        return Pressed(key=key, at=NOW, place=place, person=person, action=action, value="1")

    return press


def _searched(crowd: Crowd, number: int) -> Incoming:
    person, place = crowd.person(RUNS)
    words = {"words": peopling.name(crowd.plain(number))}
    return Submitted(
        key=f"p{number}", at=NOW, place=place, person=person, form=appointing.PEOPLE,
        subject="1", values=words,
    )  # fmt: skip


STEPS: dict[str, Step] = {
    "a member opens the home": lambda crowd, n: _visited(crowd, n, crowd.plain(n)),
    "whoever runs the network opens it": lambda crowd, n: _visited(crowd, n, RUNS),
    "a member asks for it in private": _typed,
    "it is drawn there": _drawn,
    "the gate decides": _decided,
    "how the network stands": _pressed(charge.NETWORK),
    "the list of members": _pressed(appointing.PEOPLE),
    "a member is searched for": _searched,
    "my settings": _pressed(my_settings.SETTINGS),
    "a question reads otherwise": _edited,
}
