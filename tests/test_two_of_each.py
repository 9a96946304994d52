"""Two web processes and two workers, real ones, on one PostgreSQL."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from adapters.playground.slack.delivery import Delivery, Line
from adapters.playground.slack.world import Channel
from adapters.playground.village import SECRET, TOWNS
from tests.children import Nursery, Parted, free_port

pytestmark = pytest.mark.only_postgresql("two processes at once need PostgreSQL")

ON_SLACK = tuple(town for town in TOWNS if town.platform == "slack")
PATIENCE = 40.0


QUESTIONS = (
    "Hvem leder tavlemøtene hos dere?",
    "Hvordan måler dere gevinster?",
    "Når lærer dere opp nyansatte?",
    "Hva gjør dere med avvik fra pleieplanen?",
)
"""Not like each other: what was asked before, and is like it, stands under a question, too."""


@dataclass
class Four:
    """A village beside two web processes and two workers."""

    village: Parted
    webs: list[Line] = field(default_factory=list)
    nursery: Nursery | None = None

    async def start(self) -> None:
        await self.village.begin("Nord", ON_SLACK)
        self.village.slack.queue.clear()
        ports = [free_port(), free_port()]
        self.nursery = await Nursery.open()
        for command, port in (("web", ports[0]), ("web", ports[1]), ("worker", 0), ("worker", 0)):
            environment = {**self.village.environment(), "PORT": str(port)}
            await self.nursery.begin(command, environment)
        self.webs = [Line(f"http://127.0.0.1:{port}/slack/events", SECRET) for port in ports]

    async def stop(self) -> None:
        if self.nursery is not None:
            await self.nursery.end()
        for web in self.webs:
            await web.close()
        await self.village.stop()

    @property
    def rooms(self) -> list[Channel]:
        channels = [room.channel for room in self.village.rooms.values()]
        return [channel for channel in channels if isinstance(channel, Channel)]

    def take(self) -> list[Delivery]:
        """The events that wait about what people wrote."""
        waiting, self.village.slack.queue = self.village.slack.queue, []
        return [delivery for delivery in waiting if "client_msg_id" in delivery.event]

    async def at_both(self, delivery: Delivery) -> list[int]:
        """The same event at both web processes at once; how they answer."""
        replies = [web.post(delivery.body, delivery.headers) for web in self.webs]
        return [reply.status for reply in await asyncio.gather(*replies)]

    def calls_in(self, room: Channel) -> list[float]:
        """When the room was written to."""
        writes = ("chat.postMessage", "chat.update", "chat.delete")
        wire = self.village.slack.wire
        return [
            one.at for one in wire if one.method in writes and one.request["channel"] == room.id
        ]

    def standing(self, words: str) -> Counter[str]:
        """How often each room shows this, beside where it was written, and where it is named as
        one that was asked before."""
        bots = (m for room in self.rooms for m in room.messages.values() if m.bot)
        return Counter(
            message.channel.workspace.name
            for message in bots
            if words in (wire := str(message.wire())) and "Spurt før" not in wire
        )

    async def until(self, words: str, rooms: int) -> None:
        """Wait until so many rooms show this."""
        async with asyncio.timeout(PATIENCE):
            while len(self.standing(words)) < rooms:
                self.village.bell.clear()
                await self.village.bell.wait()


@pytest.fixture
async def four(database_url: str) -> AsyncIterator[Four]:
    four = Four(Parted(database_url))
    try:
        await four.start()
        yield four
    finally:
        await four.stop()


async def test_two_webs_and_two_workers_are_one_mellom(
    four: Four, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {room.id: len(four.calls_in(room)) for room in four.rooms}
    for number, question in enumerate(QUESTIONS):
        await four.village.say(("Kari Nilsen", "Ingrid Vik")[number % 2], f"@Mellom {question}")
    answers = await asyncio.gather(*(four.at_both(delivery) for delivery in four.take()))
    assert {status for pair in answers for status in pair} == {200}
    for question in QUESTIONS:
        await four.until(question, rooms=1)
    for number in range(1, len(QUESTIONS) + 1):
        await four.until(f"Q-{number}", rooms=2)

    for question in QUESTIONS:
        assert four.standing(question).total() == 1, "acted on twice, or sent twice"
    gaps = {
        room.id: [b - a for a, b in pairwise(four.calls_in(room)[before[room.id] :])]
        for room in four.rooms
    }
    slowest = min(min(between) for between in gaps.values())
    assert all(len(between) >= len(QUESTIONS) for between in gaps.values())
    assert slowest >= 1.0, f"a room was written to {slowest:.3f} s after the last time"

    waits = [await latency(four, number) for number in range(5)]
    with capsys.disabled():
        print(
            f"\n  from a web process's answer to a worker's call: median "
            f"{statistics.median(waits) * 1000:.0f} ms, longest {max(waits) * 1000:.0f} ms; "
            f"shortest time between two calls in a room: {slowest:.3f} s"
        )
    assert max(waits) < 1.0


async def latency(four: Four, number: int) -> float:
    """How long after the web process had answered the first call of a worker came."""
    (bodo,) = (room for room in four.rooms if room.workspace.name == "Bodø kommune")
    async with asyncio.timeout(PATIENCE):
        while time.time() < four.calls_in(bodo)[-1] + 1.3:  # Until the room's rate lets it in.
            await asyncio.sleep(0.05)
    question = f"Hvor ofte rydder dere opp, for {number}. gang?"
    await four.village.say("Kari Nilsen", f"@Mellom {question}")
    (delivery, *_rest) = four.take()
    reply = await four.webs[number % 2].post(delivery.body, delivery.headers)
    answered = time.time()
    assert reply.ok
    await four.until(question, rooms=1)
    return max(four.calls_in(bodo)[-1] - answered, 0.0)
