"""A real Mellom process that is killed over and over while people talk, and a review of the rooms.

The stand-ins live on, as platforms do: they send again what was not answered, and what they were
asked for they do, even if nobody waits for the answer any more.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from sqlalchemy import text

from adapters.playground import faults
from adapters.playground.slack.messages import Message as SlackMessage
from adapters.playground.slack.world import Channel as SlackChannel
from adapters.playground.slack.world import User as SlackUser
from adapters.playground.teams.world import Channel as TeamsChannel
from adapters.playground.teams.world import Message as TeamsMessage
from adapters.playground.teams.world import User as TeamsUser
from adapters.playground.village import Room, words_in
from bot.settling import RESENDS
from storage.unit_of_work import connect
from tests.children import Nursery, Parted, free_port
from tests.processes import Noticed

PATIENCE = 150.0
"""Seconds in which all must have come to rest after the last kill."""

QUESTIONS = 16
CALLS = (None, "chat.postMessage", "send")
"""In which calls it is killed: in any, but more often in the most harmful ones."""

_MARK = re.compile(r"w(\d+)v(\d+)z")


@dataclass(eq=False)
class Written:
    """What a person wrote, as they last left it; the words have its number and version in them."""

    number: int
    room: Room
    inner: SlackMessage | TeamsMessage
    to: Written | None = None
    version: int = 1
    gone: bool = False

    @property
    def id(self) -> str:
        return self.inner.ts if isinstance(self.inner, SlackMessage) else self.inner.id


class Crowd:
    """The village's people, and the process that they kill."""

    def __init__(self, database_url: str, seed: int) -> None:
        self.database = connect(database_url)
        self.village = Parted(database_url)
        self.dice = random.Random(seed)  # noqa: S311 - it is to be the same each time
        self._luck = random.Random(seed)  # noqa: S311 - asked at moments that nobody can foresee
        self.written: list[Written] = []
        self.counts: Counter[str] = Counter()
        self.noticed = Noticed()
        self.village.slack.faults = self.village.teams.faults = self.noticed
        self.village.teams.connector.faults = self.noticed
        # Nothing is given up, so that all that was written is acknowledged at some time.
        self.village.slack.retries = self.village.teams.retries = 10_000
        self._alive = asyncio.Event()
        self._news = self.village.bell
        self._delivering: asyncio.Task[None] | None = None
        self._nursery: Nursery | None = None
        self._process = 0
        self._environment: dict[str, str] = {}

    async def start(self) -> None:
        await self.village.begin("Nord")
        port = free_port()
        self._environment = {**self.village.environment(), "PORT": str(port)}
        self.village.url = f"http://127.0.0.1:{port}"
        self.village.slack.events_url = f"{self.village.url}/slack/events"
        self.village.teams.messages_url = f"{self.village.url}/api/messages"
        self._nursery = await Nursery.open()
        await self._begin()
        self._delivering = asyncio.create_task(self._deliver())

    async def stop(self) -> None:
        if self._delivering is not None:
            self._delivering.cancel()
            await asyncio.gather(self._delivering, return_exceptions=True)
        if self._nursery is not None:
            await self._nursery.end()
        await self.village.stop()
        self.database.close()

    # ---- dying

    async def die(self, kills: int) -> None:
        """Talk and be killed, so many times; then talk a little more."""
        for _ in range(3):
            await self._ask()
        for _ in range(kills):
            for _ in range(self.dice.randint(1, 3)):
                await self.act()
            await self.kill()
        for _ in range(3):
            await self.act()

    async def kill(self) -> None:
        """SIGKILL at some moment, mostly in the middle of a call; and start again."""
        assert self._nursery is not None
        if self.dice.random() < 0.8:
            await self._in_a_call()
        await asyncio.sleep(self.dice.uniform(0, 0.15))
        self._alive.clear()
        self._nursery.kill(self._process)
        self.counts["kills"] += 1
        self.noticed.heal()
        await self._begin()

    async def _in_a_call(self) -> None:
        """Wait until a platform has done something and not answered, or has been asked and not done
        it yet: a call of one kind if one comes soon, else any, however busy the machine is."""
        self.noticed.struck.clear()
        fault = self.dice.choice((faults.hang(), faults.hang(), faults.slow(0.2)))
        self.noticed.add(fault, method=self.dice.choice(CALLS))
        for patience in (2.0, 20.0):
            try:
                async with asyncio.timeout(patience):
                    await self.noticed.struck.wait()
            except TimeoutError:
                self.noticed.add(fault)
                await self.act()
            else:
                self.counts["kills in a call"] += 1
                return

    async def _begin(self) -> None:
        assert self._nursery is not None
        self._process = await self._nursery.begin("run", self._environment, hurried=True)
        self._alive.set()

    async def _deliver(self) -> None:
        """The platforms send what people did, and our own messages, and again what failed."""
        while True:
            await self._alive.wait()
            self._news.clear()
            self._lose_some()
            slack = await self.village.slack.flush()
            teams = await self.village.teams.flush()
            self.counts["deliveries"] += len(slack) + len(teams)
            again = [one.attempt > 0 for one in slack] + [one.attempt > 0 for one in teams]
            self.counts["sent again"] += sum(again)
            failed = self.village.slack.queue or self.village.teams.queue
            try:
                async with asyncio.timeout(0.05 if failed else 1.0):
                    await self._news.wait()
            except TimeoutError:
                pass

    def _lose_some(self) -> None:
        """Not all of what Slack has to tell of our own messages comes through: else every message
        that it took would be known of, and none looked for."""
        waiting = self.village.slack.queue
        ours = [one for one in waiting if "bot_id" in one.event and one.attempt == 0]
        lost = [one for one in ours if self._luck.random() < 0.5]
        self.village.slack.queue = [one for one in waiting if one not in lost]
        self.counts["lost"] += len(lost)

    # ---- talking

    async def act(self) -> None:
        await asyncio.sleep(self.dice.uniform(0.01, 0.1))  # Nobody acts twice in a millisecond.
        chance = self.dice.random()
        few = chance < 0.12 and len(self._questions()) < QUESTIONS
        if few or not self._standing():
            await self._ask()
        elif chance < 0.6:
            await self._answer()
        elif chance < 0.85:
            await self._edit()
        else:
            await self._delete()
        self._news.set()

    async def _ask(self) -> None:
        await self._say(self.dice.choice(list(self.village.rooms.values())), None)
        self.counts["questions"] += 1

    async def _answer(self) -> None:
        question = self.dice.choice(self._questions())
        room = self.dice.choice(list(self.village.rooms.values()))
        root = question.id if room is question.room else self._root_in(room, question)
        if root is not None:
            await self._say(room, root, question)
            self.counts["answers"] += 1

    async def _edit(self) -> None:
        changed = self.dice.choice(self._standing())
        changed.version += 1
        words = _words(changed.number, changed.version)
        if isinstance(changed.inner, SlackMessage):
            mention = "" if changed.to else "@Mellom "
            await self.village.slack.edit(changed.inner, mention + words)
        else:
            await self.village.teams.edit(changed.inner, words)
        self.counts["edits"] += 1

    async def _delete(self) -> None:
        answers = [one for one in self._standing() if one.to is not None]
        taken = self.dice.choice(answers or self._standing())
        if self.dice.random() < 0.15:
            taken = self.dice.choice(self._standing())
        taken.gone = True
        if isinstance(taken.inner, SlackMessage):
            await self.village.slack.delete(taken.inner)
        else:
            await self.village.teams.delete(taken.inner)
        self.counts["deletions"] += 1

    async def _say(self, room: Room, root: str | None, to: Written | None = None) -> None:
        number = len(self.written)
        words = _words(number, 1)
        user = self.dice.choice(list(room.people.values()))
        inner: SlackMessage | TeamsMessage
        if isinstance(room.channel, SlackChannel) and isinstance(user, SlackUser):
            text = words if to else f"@Mellom {words}"
            inner = await self.village.slack.say(user, room.channel, text, thread_ts=root)
        else:
            assert isinstance(room.channel, TeamsChannel)
            assert isinstance(user, TeamsUser)
            inner = await self.village.teams.say(
                user, room.channel, words, root, mention_bot=to is None
            )
        self.written.append(Written(number, room, inner, to))

    def _questions(self) -> list[Written]:
        return [one for one in self.written if one.to is None]

    def _standing(self) -> list[Written]:
        return [one for one in self.written if not one.gone]

    def _root_in(self, room: Room, question: Written) -> str | None:
        """The thread that Mellom knows in this room. (Nobody answers under a duplicate.)"""
        rows = self.query(
            "SELECT copy.root FROM copy "
            "JOIN post ON post.id = copy.post AND post.kind = 'question' "
            "JOIN thread ON thread.id = post.subject JOIN conversation ON conversation.id = "
            "copy.conversation WHERE thread.message = :message AND conversation.key = :key",
            message=question.id, key=room.channel.id,
        )  # fmt: skip
        return rows[0][0] if rows else None

    # ---- coming to rest

    async def rest(self) -> None:
        """Wait until nothing waits anywhere, and the process says that it is well."""
        async with asyncio.timeout(PATIENCE):
            while not (self._is_quiet() and await self._is_well()):
                await asyncio.sleep(0.25)

    def _is_quiet(self) -> bool:
        waiting = self.village.slack.queue or self.village.teams.queue
        due = "SELECT (SELECT count(*) FROM copy WHERE due_at IS NOT NULL) + "
        due += "(SELECT count(*) FROM receipt WHERE due_at IS NOT NULL)"
        return not waiting and self.query(due)[0][0] == 0

    async def _is_well(self) -> bool:
        async with (
            aiohttp.ClientSession() as monitor,
            monitor.get(f"{self.village.url}/health") as answer,
        ):
            told = await answer.json()
            return bool(answer.status == 200 and told["rooms_behind"] == 0)

    def query(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        with self.database.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement), values)]

    def last_words(self) -> str:
        """What the processes said that was not all well."""
        lines = self._nursery.lines if self._nursery else []
        return "\n".join(line for line in lines if " warning " in line or " error " in line)


@dataclass
class Verdict:
    """What is wrong in the rooms at the end, and what was counted on the way."""

    crowd: Crowd
    problems: list[str] = field(default_factory=list)
    duplicates: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        rows = self.crowd.query(
            "SELECT conversation.key, post.kind, coalesce(thread.message, reply.message), "
            "copy.state, copy.resent FROM copy JOIN post ON post.id = copy.post "
            "JOIN conversation ON conversation.id = copy.conversation "
            "LEFT JOIN thread ON post.kind = 'question' AND thread.id = post.subject "
            "LEFT JOIN reply ON post.kind = 'answer' AND reply.id = post.subject"
        )
        self._copies = {(row[0], row[2]): (row[3], bool(row[4])) for row in rows if row[2]}
        self.resent = sum(row[4] for row in rows)
        self.parked = sum(row[3] == "parked" for row in rows)
        for written in self.crowd.written:
            for room in self.crowd.village.rooms.values():
                if room is not written.room:
                    self.problems += self._of(written, room)
        for room in self.crowd.village.rooms.values():
            self.problems += self._twice_on_slack(room)

    def _of(self, written: Written, room: Room) -> Iterator[str]:
        """What is wrong with one message's copies in one room."""
        kind = "answer" if written.to else "question"
        name = f"{kind} {written.number} ({written.room.town.name}) in {room.town.name}"
        versions = [
            int(version)
            for words in _bots_words(room)
            for number, version in _MARK.findall(words)
            if int(number) == written.number
        ]
        state, resent = self._copies.get((room.channel.id, written.id), ("lost", False))
        spare = RESENDS if resent and room.town.platform == "teams" else 0
        if written.gone:
            if len(versions) > spare:
                yield f"{name}: taken away, and still there ({state})"
            return
        if versions.count(written.version) < 1:
            yield f"{name}: {state}, shows {versions} and not {written.version}"
        if len(versions) > 1 + spare:
            yield f"{name}: stands {len(versions)} times, resent: {resent}"
        if len(versions) > 1:
            self.duplicates[room.town.platform] += len(versions) - 1

    def _twice_on_slack(self, room: Room) -> Iterator[str]:
        if not isinstance(room.channel, SlackChannel):
            return
        ours = [message for message in room.channel.messages.values() if message.bot]
        tokens = Counter(str(message.metadata) for message in ours if message.metadata)
        for token, count in tokens.items():
            if count > 1:
                yield f"{room.town.name}: {token} stands {count} times"

    def table(self, began: float) -> str:
        counts = self.crowd.counts
        rows = [
            ("kills", f"{counts['kills']}, of which {counts['kills in a call']} in a call"),
            ("written", ", ".join(f"{counts[what]} {what}" for what in
                                  ("questions", "answers", "edits", "deletions"))),
            ("events", f"{counts['deliveries']}, of which {counts['sent again']} again; "
                       f"{counts['lost']} of our own never came"),
            ("copies", f"{len(self._copies)}, {self.resent} recorded as sent again, "
                       f"{self.parked} parked"),
            ("duplicates", f"Slack {self.duplicates['slack']}, Teams {self.duplicates['teams']}"),
            ("lost or wrong", str(len(self.problems))),
            ("took", f"{time.monotonic() - began:.0f} s"),
        ]  # fmt: skip
        return "\n" + "\n".join(f"  {name:14} {value}" for name, value in rows)


def _words(number: int, version: int) -> str:
    return f"Hvordan går det med w{number}v{version}z hos dere?"


def _bots_words(room: Room) -> Iterator[str]:
    """What people see of our messages in a room."""
    channel = room.channel
    if isinstance(channel, SlackChannel):
        yield from (words_in(channel, one.ts) for one in channel.messages.values() if one.bot)
    else:
        yield from (words_in(channel, one.id) for one in channel.standing if one.author is None)
