"""Two processes at once on one PostgreSQL: nothing is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator

import pytest

from bot import delivery, dispatch
from bot.delivery import Deliverer
from bot.incoming import Incoming
from storage import Database, posts
from storage.unit_of_work import connect
from tests.delivering import Review
from tests.interleaving import Interruption
from tests.pretending import Network, Written

pytestmark = pytest.mark.only_postgresql("two processes at once need PostgreSQL")

TOWNS = ("Alta", "Bodø")
MOMENTS = 400
"""Statements after which a piece of work is taken to have no end."""

Prepare = Callable[[Network], Awaitable[Callable[[], object]]]


class Pair:
    """Two processes' database objects, on one database."""

    def __init__(self, url: str) -> None:
        self.here, self.there = connect(url), connect(url)
        self.networks = 0

    def network(self, *names: str) -> Network:
        self.networks += 1
        return Network(self.here, self.networks, names or TOWNS)

    def take_there(self, network: Network, incoming: Incoming) -> Callable[[], object]:
        """The other process takes it."""
        return lambda: dispatch.receive(
            incoming, lambda: self.there.begin(network.clock.now)
        )

    def work_there(self, network: Network) -> Callable[[], object]:
        """The other process sends what is due."""
        deliverer = network.another_deliverer(lambda: self.there.begin(network.clock.now))
        return lambda: asyncio.run(deliverer.drain())

    async def at_every_moment(self, prepare: Prepare, *names: str) -> None:
        """While this process sends all that is due, the other strikes at moment 0, 1, 2 …, each time
        in a network of its own. In the end all is right."""
        for moment in range(MOMENTS):
            network = self.network(*names)
            other = await prepare(network)
            interruption = Interruption(self.here.engine, moment, other)
            with interruption.armed():
                await network.rest()
            if not interruption.happened:
                await asyncio.to_thread(other)
            await network.rest()
            problems = Review(network).problems
            assert not problems, f"moment {moment}: {problems}"
            if not interruption.happened:
                assert moment > 10, "hardly a moment was tried"
                print(f"{moment} moments")
                return
        raise AssertionError("the work has no end")


@pytest.fixture
def pair(database_url: str, caplog: pytest.LogCaptureFixture) -> Iterator[Pair]:
    caplog.set_level(logging.CRITICAL)
    pair = Pair(database_url)
    yield pair
    pair.here.close()
    pair.there.close()


async def test_an_edit_at_any_moment_of_sending_is_not_lost(pair: Pair) -> None:
    async def prepare(network: Network) -> Callable[[], object]:
        question = network.ask("Alta")
        question.version += 1
        return pair.take_there(network, network.edited(question))

    await pair.at_every_moment(prepare)


async def test_two_workers_at_any_moment_send_each_copy_once(pair: Pair) -> None:
    async def prepare(network: Network) -> Callable[[], object]:
        network.answer(network.ask("Alta"), "Alta")
        return pair.work_there(network)

    await pair.at_every_moment(prepare)
