"""Two processes at once: a database object for each, on one database, and a race between them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import pytest

from bot import dispatch
from bot.incoming import Incoming
from bot.outgoing import Pace
from storage import UnitOfWork
from storage.unit_of_work import connect
from tests.delivering import Review
from tests.interleaving import Interruption
from tests.pretending import Network
from tests.thorough import THOROUGH

S = TypeVar("S")

MOMENTS = 400
"""Statements after which a piece of work is taken to have no end."""

STEP = 1 if THOROUGH else 4
"""Every moment, or one in four: what is vulnerable mostly lasts for several statements."""

Act = Callable[[], object]
Scene = tuple[Act | None, Act]
"""What this process does before it sends what is due (or nothing), and what the other one does."""


class Pair:
    """Two processes' database objects, on one database."""

    def __init__(self, url: str) -> None:
        self.here, self.there = connect(url), connect(url)
        self.networks = 0

    def network(self, pace: float = 1.0) -> Network:
        self.networks += 1
        return Network(self.here, self.networks, ("Alta", "Bodø"), Pace(pace))

    def there_takes(self, network: Network, incoming: Incoming) -> Act:
        return lambda: dispatch.receive(incoming, lambda: self.there.begin(network.clock.now))

    def there_does(self, network: Network, work: Callable[[UnitOfWork], object]) -> Act:
        def act() -> None:
            with self.there.begin(network.clock.now) as uow:
                work(uow)

        return act

    def there_sends(self, network: Network) -> Act:
        deliverer = network.another_deliverer(lambda: self.there.begin(network.clock.now))
        return lambda: asyncio.run(deliverer.drain())

    async def at_every_moment(
        self,
        prepare: Callable[[Network], Awaitable[Scene]],
        after: Callable[[Network], object] = lambda network: None,
    ) -> Network:
        """While this process does what it has to, the other strikes at moment 0, 1, 2 …, each time
        in a network of its own. In the end all is right there; the last network."""
        for moment in range(0, MOMENTS, STEP):
            network = self.network()
            here, there = await prepare(network)
            interruption = Interruption(self.here.engine, moment, there)
            with interruption.armed():
                if here is not None:
                    here()
                await network.rest()
            if not interruption.happened:
                await asyncio.to_thread(there)
            after(network)
            await network.rest()
            problems = Review(network).problems
            assert not problems, f"moment {moment}: {problems}"
            if not interruption.happened:
                assert moment > 10, "hardly a moment was tried"
                return network
        raise AssertionError("the work has no end")


@pytest.fixture
def pair(database_url: str) -> Iterator[Pair]:
    pair = Pair(database_url)
    yield pair
    pair.here.close()
    pair.there.close()


def at_every_moment(
    pair: Pair,
    begin: Callable[[Pair], S],
    play: Callable[[S], tuple[Act, Act]],
    *,
    least: int = 10,
) -> Iterator[S]:
    """A scene of its own for each moment of what this process does, at which the other one strikes:
    more than the `least`, or hardly anything was tried."""
    for moment in range(0, MOMENTS, STEP):
        scene = begin(pair)
        here, there = play(scene)
        interruption = Interruption(pair.here.engine, moment, there)
        with interruption.armed():
            here()
        if not interruption.happened:
            there()
        yield scene
        if not interruption.happened:
            assert moment > least, "hardly a moment was tried"
            return
    raise AssertionError("the work has no end")
