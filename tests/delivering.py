"""Five rooms on two invented platforms, people who talk in them, and a clock that is moved.

The platforms are real in what matters to delivery: they keep what stands in each room, lose
answers, refuse, are slow, limit rates, and one of them can be asked what stands there while the
other cannot. Everything is decided by one seed, so a run that went wrong can be run again.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Row, select

from bot import dispatch
from bot.delivery import Deliverer
from bot.incoming import Added, Deleted, Echo, Edited, Incoming, Person, Place, Said
from bot.outgoing import (
    CannotLook,
    InDoubt,
    Letter,
    NotSent,
    Opened,
    Pace,
    Posted,
    Profile,
    Refused,
)
from bot.text import Text
from storage import (
    Database,
    UnitOfWork,
    deliveries,
    installations,
    people,
    posts,
    receipts,
    rooms,
    threads,
)
from storage.models import copy, post

T = TypeVar("T")

ROOMS = ("Alta", "Bodø", "Hamar", "Aarhus", "Randers")
BLIND = frozenset({"Aarhus", "Randers"})
"""The rooms on the platform that cannot be asked whether a message stands there."""

FAULTS = {
    "not sent": 6,
    "rate limited": 4,
    "done, answer lost": 4,
    "not done, answer lost": 4,
    "done late, answer lost": 2,
    "crash before": 2,
    "crash after": 3,
    "frozen": 2,
    "refused": 1,
    "barred": 1,
}
"""What goes wrong, and how often; together a quarter of all sends."""

LATEST = 12.0
"""Seconds after which a message whose answer was lost may still come to stand."""


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(eq=False)
class Standing:
    """One message of ours in a room, as people see it now."""

    id: str
    token: str
    words: str
    root: str | None


@dataclass(eq=False)
class Site:
    """A room as its platform keeps it."""

    name: str
    standing: dict[str, Standing] = field(default_factory=dict)
    ever: set[str] = field(default_factory=set)
    by_people: set[str] = field(default_factory=set)
    last_write: datetime | None = None

    def with_token(self, token: str) -> list[Standing]:
        return [message for message in self.standing.values() if message.token == token]


class PretendPlatform:
    """A platform that keeps its rooms, and that goes wrong a quarter of the time."""

    pace = Pace(1.0, 1)

    def __init__(self, run: Run, *, blind: bool) -> None:
        self.run = run
        self.blind = blind
        self.late: list[tuple[datetime, Site, Letter]] = []
        self.doubts: Counter[str] = Counter()
        self.refused: set[str] = set()

    async def post(self, letter: Letter) -> Posted:
        site = self._written_to(letter)
        if letter.root is not None and letter.root not in site.ever | site.by_people:
            self.run.broken.append(f"a child stood in {site.name} before its root")
        fault = self._fault()
        self.run.meanwhile()
        self._fail_before(fault, letter)
        if fault == "done late, answer lost":
            self.doubts[letter.token] += 1
            moment = self.run.clock.now + timedelta(seconds=self.run.dice.uniform(0, LATEST))
            self.late.append((moment, site, letter))
            raise InDoubt(fault)
        message = self._accept(site, letter)
        self.run.meanwhile()
        await self._fail_after(fault, letter)
        return Posted(message.id, letter.root or message.id)

    async def edit(self, letter: Letter) -> None:
        site = self._written_to(letter)
        fault = self._fault()
        self.run.meanwhile()
        self._fail_before(fault, letter)
        if letter.message not in site.standing:
            raise Refused("message_not_found", "message")
        site.standing[letter.message].words = letter.card.plain()
        await self._fail_after(fault, letter)

    async def delete(self, letter: Letter) -> None:
        site = self._written_to(letter)
        fault = self._fault(refuses=False)
        self.run.meanwhile()
        self._fail_before(fault, letter)
        assert letter.message is not None
        if site.standing.pop(letter.message, None) is not None and not self.blind:
            self.run.told_of_deletion(site, letter.message)
        self.run.meanwhile()
        await self._fail_after(fault, letter)

    async def find(self, letter: Letter) -> Posted | None:
        if self.blind:
            raise CannotLook("blind")
        fault = self._fault(refuses=False)
        self.run.meanwhile()
        _stumble(fault)
        self.land()
        found = self.run.sites[letter.key].with_token(letter.token)
        return Posted(found[0].id, found[0].root or found[0].id) if found else None

    async def open_direct(
        self, installation: int, secret: str | None, person: str, address: Mapping[str, str]
    ) -> Opened:
        raise AssertionError("nobody is written to in private here")

    async def profile(self, installation: int, secret: str | None, person: str) -> Profile:
        fault = self._fault()
        if fault == "refused":
            raise Refused(fault, "person")
        _stumble(fault)
        return Profile(f"Name of {person}")

    def land(self) -> None:
        """What was sent and not answered comes to stand."""
        due = [late for late in self.late if late[0] <= self.run.clock.now]
        self.late = [late for late in self.late if late not in due]
        for _moment, site, letter in due:
            self._accept(site, letter)

    def _written_to(self, letter: Letter) -> Site:
        """The room of a letter; it is written to no more often than its pace allows."""
        site, now = self.run.sites[letter.key], self.run.clock.now
        if site.last_write is not None and now - site.last_write < timedelta(seconds=1):
            self.run.broken.append(f"{site.name} was written to twice in a second")
        site.last_write = now
        self.land()
        return site

    def _accept(self, site: Site, letter: Letter) -> Standing:
        message = Standing(self.run.new_id(), letter.token, letter.card.plain(), letter.root)
        site.standing[message.id] = message
        site.ever.add(message.id)
        if not self.blind:
            self.run.told_of_own(site, message)
        return message

    def _fault(self, *, refuses: bool = True) -> str | None:
        dice, counts = self.run.dice, self.run.counts
        if dice.random() >= self.run.trouble:
            return None
        fault = dice.choices(list(FAULTS), list(FAULTS.values()))[0]
        if fault in ("refused", "barred") and not refuses:
            return None
        counts[fault] += 1
        return fault

    def _fail_before(self, fault: str | None, letter: Letter) -> None:
        """The ways to go wrong in which nothing was done."""
        match fault:
            case "not sent":
                raise NotSent(fault)
            case "rate limited":
                raise NotSent(fault, self.run.dice.choice((1.0, 5.0, 30.0)))
            case "refused":
                self.refused.add(letter.token)
                raise Refused(fault, "message")
            case "barred":
                raise Refused(fault, "conversation")
            case "not done, answer lost":
                self.doubts[letter.token] += 1
                raise InDoubt(fault)
            case "crash before":
                self.doubts[letter.token] += 1
                raise asyncio.CancelledError

    async def _fail_after(self, fault: str | None, letter: Letter) -> None:
        """The ways to go wrong in which it was done."""
        if fault is None:
            return
        self.doubts[letter.token] += 1
        if fault == "frozen":
            await self.run.freeze()
            return
        if fault == "crash after":
            raise asyncio.CancelledError
        raise InDoubt(fault)


def _stumble(fault: str | None) -> None:
    """How a question to a platform goes wrong: it does no harm."""
    if fault in ("crash before", "crash after"):
        raise asyncio.CancelledError
    if fault not in (None, "frozen"):
        raise NotSent(str(fault))


@dataclass(eq=False)
class Written:
    """What a person wrote, as they last left it: a question, or (with `to`) an answer to one."""

    name: str
    room: str
    message: str
    author: Person
    to: Written | None = None
    version: int = 1
    gone: bool = False
    ever_gone: bool = False

    @property
    def words(self) -> str:
        return f"<{self.name}.{self.version}>"

    @property
    def text(self) -> Text:
        return Text.of(f"Slik lyder det nå: {self.words}, og ikke mer.")


class Run:
    """One seeded run: people act, the deliverer sends, things go wrong, time is moved."""

    def __init__(self, database: Database, seed: int, counts: Counter[str]) -> None:
        self.database = database
        self.seed = seed
        self.counts = counts
        self.dice = random.Random(seed)  # noqa: S311 - it is to be the same each time
        self.clock = Clock(datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=seed))
        self.trouble = 0.25
        self.sites = {self.key(name): Site(name) for name in ROOMS}
        self.written: list[Written] = []
        self.moderated: set[str] = set()
        self.broken: list[str] = []
        self.seeing = PretendPlatform(self, blind=False)
        self.blind = PretendPlatform(self, blind=True)
        self._ids = 0
        self._waiting: list[Incoming] = []
        self._last: Incoming | None = None
        self._busy = False
        self.places: dict[str, Place] = {}
        self.conversations: dict[str, int] = {}
        with self.begin() as uow:
            self._found(uow)
        platforms = {"seeing": self.seeing, "blind": self.blind}
        self.deliverer = Deliverer(self.work, platforms, lambda: self.clock.now)
        self.other = Deliverer(self.work, platforms, lambda: self.clock.now)

    # ---- what the deliverer and the handlers are given

    def begin(self) -> AbstractContextManager[UnitOfWork]:
        return self.database.begin(self.clock.now)

    async def work(self, work: Callable[[UnitOfWork], T]) -> T:
        with self.begin() as uow:
            return work(uow)

    def take(self, incoming: Incoming) -> None:
        """It is received, now and then twice, as platforms do."""
        self._last = incoming
        dispatch.receive(incoming, self.begin)
        if self.dice.random() < 0.2:
            dispatch.receive(incoming, self.begin)

    def new_id(self) -> str:
        self._ids += 1
        return f"m{self.seed}-{self._ids}"

    # ---- what the platforms tell

    def told_of_own(self, site: Site, message: Standing) -> None:
        """Our own message comes back: before the platform's answer, later, or never."""
        place = self.places[site.name]
        echo = Echo(
            key=f"e{message.id}",
            at=self.clock.now,
            place=place,
            message=message.id,
            root=message.root,
            token=message.token,
        )
        self._tell(echo)

    def told_of_deletion(self, site: Site, message: str) -> None:
        self._tell(
            Deleted(
                key=f"d{message}", at=self.clock.now, place=self.places[site.name], message=message
            )
        )

    def _tell(self, incoming: Incoming) -> None:
        chance = self.dice.random()
        if chance < 0.4:
            self.take(incoming)
        elif chance < 0.8:
            self._waiting.append(incoming)

    # ---- what people do

    async def play(self, acts: int = 14) -> None:
        """People act while the deliverer works and time goes by; then all comes to rest."""
        random.seed(self.seed)  # The waits between tries are spread at random.
        for _ in range(acts):
            self.act()
            if self.dice.random() < 0.6:
                await self.deliverer.drain()
            if self.dice.random() < 0.6:
                self.clock.move(self.dice.uniform(0.5, 40))
        await self.rest()
        self.trouble = 0.0
        self._open_barred_rooms()
        await self.rest()

    async def freeze(self) -> None:
        """The process stands still in the middle of a call, and another one works on."""
        if not self._busy:
            self._busy = True
            self._doubt_what_is_claimed()
            self.clock.move(25)
            await self.other.drain()
            self._busy = False

    def _doubt_what_is_claimed(self) -> None:
        with self.begin() as uow:
            here = copy.c.conversation.in_(self.conversations.values())
            claimed = select(copy.c.token).where(here, copy.c.state == "sending")
            self.seeing.doubts.update(uow.connection.execute(claimed).scalars())

    def _open_barred_rooms(self) -> None:
        for place in self.places.values():
            self.take(Added(key=self._new_key(), at=self.clock.now, place=place))

    async def rest(self) -> None:
        """Time goes by until nothing more is due."""
        for _ in range(2000):
            await self.deliverer.drain()
            self._hear()
            with self.begin() as uow:
                waiting = receipts.take_waiting(uow, uow.real)
            for one in waiting:
                dispatch.retry(one, self.begin)
            with self.begin() as uow:
                due = [deliveries.next_due(uow), receipts.next_due(uow)]
            ahead = [moment for moment in due if moment is not None]
            ahead += [late[0] for site in (self.seeing, self.blind) for late in site.late]
            if not ahead:
                return
            self.clock.now = max(self.clock.now, min(ahead))
            self.seeing.land()
            self.blind.land()
        raise AssertionError(f"seed {self.seed}: it never comes to rest")

    def meanwhile(self) -> None:
        """While a call is on its way, people may act."""
        if not self._busy and self.dice.random() < 0.15:
            self.counts["acted meanwhile"] += 1
            self._busy = True
            self.act()
            self._busy = False

    def act(self) -> None:
        acts = [self.ask, self.reply, self.reply, self.reply, self.edit, self.edit]
        acts += [self.edit, self.delete, self.restore, self.moderate, self._hear, self._hear]
        self.dice.choice(acts)()

    def ask(self) -> None:
        room = self.dice.choice(ROOMS)
        asked = self._write(Written(f"Q{len(self.written)}", room, self.new_id(), self._who(room)))
        self._say(asked, None)

    def reply(self) -> None:
        """Somebody answers in a thread that Mellom knows in their room."""
        questions = [one for one in self.written if one.to is None]
        if not questions:
            return self.ask()
        question, room = self.dice.choice(questions), self.dice.choice(ROOMS)
        root = question.message if room == question.room else self._root_of(question, room)
        if root is not None:
            answer = Written(
                f"A{len(self.written)}", room, self.new_id(), self._who(room), question
            )
            self._say(self._write(answer), root)
        return None

    def edit(self) -> None:
        standing = [one for one in self.written if not one.gone]
        if standing:
            changed = self.dice.choice(standing)
            changed.version += 1
            self._edited(changed)

    def delete(self) -> None:
        standing = [one for one in self.written if not one.gone]
        if standing and self.dice.random() < 0.6:
            taken = self.dice.choice(standing)
            taken.gone = taken.ever_gone = True
            self.take(
                Deleted(
                    key=self._new_key(),
                    at=self.clock.now,
                    place=self.places[taken.room],
                    message=taken.message,
                )
            )

    def restore(self) -> None:
        gone = [one for one in self.written if one.gone]
        if gone:
            back = self.dice.choice(gone)
            back.gone = False
            back.version += 1
            self._edited(back, restored=True)

    def moderate(self) -> None:
        """Now and then somebody takes an answer of ours away in their room."""
        name = self.dice.choice(ROOMS)
        site = self.sites[self.key(name)]
        answers = [one for one in site.standing.values() if one.root is not None]
        if name in BLIND or not answers or self.dice.random() > 0.2:
            return
        taken = self.dice.choice(answers)
        with self.begin() as uow:
            if posts.copy_at(uow, self.conversations[name], taken.id) is None:
                return
        del site.standing[taken.id]
        self.moderated.add(taken.token)
        self._waiting.append(
            Deleted(
                key=f"d{taken.id}", at=self.clock.now, place=self.places[name], message=taken.id
            )
        )

    def _hear(self) -> None:
        """What the platforms had still to tell arrives, in any order."""
        self.dice.shuffle(self._waiting)
        told, self._waiting = self._waiting, []
        for incoming in told:
            self.take(incoming)

    def _write(self, written: Written) -> Written:
        self.written.append(written)
        self.sites[self.key(written.room)].by_people.add(written.message)
        return written

    def _say(self, written: Written, root: str | None) -> None:
        self.take(
            Said(
                key=self._new_key(),
                at=self.clock.now,
                text=written.text,
                place=self.places[written.room],
                person=written.author,
                message=written.message,
                root=root,
                addressed=root is None,
            )
        )

    def _edited(self, written: Written, *, restored: bool = False) -> None:
        self.take(
            Edited(
                key=self._new_key(),
                at=self.clock.now,
                text=written.text,
                place=self.places[written.room],
                person=written.author,
                message=written.message,
                version=f"{written.version:06d}",
                root=None if written.to is None else "any",
                addressed=written.to is None,
                restored=restored,
            )
        )

    # ---- who and where

    def _who(self, room: str) -> Person:
        """One of two people in each room; one's name has to be asked for."""
        number = self.dice.choice((1, 2))
        user = f"{room}{number}-{self.seed}"
        return Person(
            self._platform(room), f"{room}-{self.seed}", user, "Kari" if number == 1 else None
        )

    def _root_of(self, question: Written, room: str) -> str | None:
        """The thread of the question's copy in this room, if Mellom knows it and it stands."""
        with self.begin() as uow:
            thread = threads.thread_written_as(
                uow, self.conversations[question.room], question.message
            )
            for copy in posts.standings(uow, "question", thread or 0):
                if copy["conversation"] == self.conversations[room]:
                    return str(copy["message"]) if copy["message"] else None
        return None

    def room_of(self, conversation: int) -> str:
        return next(room for room, id in self.conversations.items() if id == conversation)

    def _new_key(self) -> str:
        return f"k{self.new_id()}"

    def key(self, name: str) -> str:
        return f"{name}-{self.seed}"

    def _platform(self, room: str) -> str:
        return "blind" if room in BLIND else "seeing"

    def _found(self, uow: UnitOfWork) -> None:
        network = rooms.create_network(uow, f"Network {self.seed}", "nb")
        for name in ROOMS:
            where = installations.keep(
                uow, platform=self._platform(name), app="mellom", tenant=self.key(name)
            )
            organisation = rooms.add_organisation(
                uow, network=network, name=f"{name} kommune", country="no", language="nb"
            )
            conversation = rooms.keep_conversation(
                uow, installation=where, key=self.key(name), language="nb", address={}
            )
            room = rooms.tie(
                uow,
                network=network,
                organisation=organisation,
                conversation_id=conversation,
                language="nb",
            )
            account = people.keep_account(
                uow,
                platform=self._platform(name),
                tenant=self.key(name),
                user="founder",
                installation=where,
                address="founder",
                name="Kari Nilsen",
                language=None,
            )
            rooms.confirm(uow, room, account=account.id, consent="any")
            self.places[name] = Place(where, self.key(name))
            self.conversations[name] = conversation


REST = frozenset({"shown", "gone", "failed", "dropped", "removed", "parked"})
"""States in which a copy may be when all is at rest."""


class Review:
    """What is wrong in the rooms when all is at rest, in words."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.problems = list(run.broken)
        self.written: dict[tuple[str, int], Written] = {}
        with run.begin() as uow:
            self._find_what_was_written(uow)
            rows = self._copies(uow)
        self.states = {(row.post, row.conversation): row.state for row in rows}
        self.posts = {(row.kind, row.subject): row.post for row in rows}
        for row in rows:
            if not row.native:
                self._check(row)
        for kind, subject in self.written:
            self._check_reach(kind, subject)

    def _find_what_was_written(self, uow: UnitOfWork) -> None:
        for written in self.run.written:
            kind = "question" if written.to is None else "answer"
            find = threads.thread_written_as if kind == "question" else threads.reply_written_as
            subject = find(uow, self.run.conversations[written.room], written.message)
            if subject is None:
                self.problems.append(f"{written.name} was lost")
            else:
                self.written[kind, subject] = written

    def _copies(self, uow: UnitOfWork) -> list[Row[Any]]:
        statement = (
            select(copy, post.c.kind, post.c.subject, post.c.parent, post.c.version)
            .join_from(copy, post)
            .where(copy.c.conversation.in_(self.run.conversations.values()))
        )
        return list(uow.connection.execute(statement))

    def _check_reach(self, kind: str, subject: int) -> None:
        """What was written has a copy in each room in which its question stands."""
        written = self.written[kind, subject]
        question = written.to or written
        thread = next(key for key, one in self.written.items() if one is question)
        for room, conversation in self.run.conversations.items():
            there = self.states.get((self.posts[thread], conversation))
            reached = (self.posts[kind, subject], conversation) in self.states
            if there not in ("removed", "dropped") and not reached:
                self.problems.append(f"{written.name} never was to reach {room}")

    def _check(self, row: Row[Any]) -> None:
        room = self.run.room_of(row.conversation)
        standing = self.run.sites[self.run.key(room)].with_token(row.token)
        written = self.written.get((row.kind, row.subject))
        name = f"{written.name if written else row.kind} in {room} ({row.state})"
        complain = [
            *self._wrong_state(row, written),
            *self._wrong_count(row, len(standing), blind=room in BLIND),
            *self._wrong_words(row, standing, written, blind=room in BLIND),
        ]
        self.problems += [f"{name}: {complaint}" for complaint in complain]

    def _wrong_state(self, row: Row[Any], written: Written | None) -> Iterator[str]:
        parent = self.states.get((row.parent, row.conversation))
        if row.state == "behind" and parent == "parked":
            return
        if row.state not in REST or row.due_at is not None:
            yield "never came to rest"
        if row.state == "failed" and row.token not in self._refused:
            yield "failed, but was not refused"
        if row.state == "removed" and row.token not in self._refused | self.run.moderated:
            yield "is taken for removed, and nobody removed it"
        if row.state == "parked" and self._doubts[row.token] < 2:
            yield "was parked after a single doubt"
        gone = written is not None and written.gone
        if (
            row.state == "dropped"
            and not gone
            and parent not in ("failed", "dropped", "removed", "parked")
        ):
            yield "was dropped, and its question stands"
        renamed = written is not None and written.ever_gone
        if row.resent and not self._doubts[row.token] and not renamed:
            yield "was sent twice without a doubt"

    def _wrong_count(self, row: Row[Any], count: int, *, blind: bool) -> Iterator[str]:
        """One where it stands and none where it does not; where the platform cannot be looked at,
        one more for a doubt that was recorded."""
        most = 1 if row.state in ("shown", "removed") else 0
        if blind:
            most = max(most, int(row.state == "parked")) + int(row.resent)
        least = int(row.state == "shown")
        if row.token in self.run.moderated:
            least = most = 0
        if not least <= count <= most:
            yield f"stands {count} times"

    def _wrong_words(
        self, row: Row[Any], standing: list[Standing], written: Written | None, *, blind: bool
    ) -> Iterator[str]:
        if written is None or row.token in self.run.moderated:
            return
        if row.state == "shown":
            known = next((one for one in standing if one.id == row.message), None)
            if known is None:
                yield "Mellom knows it by a wrong id"
            elif not written.gone and written.words not in known.words:
                yield "does not have its last words"
            elif row.shown != row.version:
                yield "is shown in a version that it is not"
        wiped = written.gone and not (row.state == "removed" and written.to is None)
        # What a recorded doubt may have left behind cannot be reached on a platform that is blind.
        shown = [one for one in standing if not blind or not row.resent or one.id == row.message]
        if (
            wiped
            and row.state != "parked"
            and any(f"<{written.name}." in one.words for one in shown)
        ):
            yield "still has words that were taken away"

    @property
    def _refused(self) -> set[str]:
        return self.run.seeing.refused | self.run.blind.refused

    @property
    def _doubts(self) -> Counter[str]:
        return self.run.seeing.doubts + self.run.blind.doubts
