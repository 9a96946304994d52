"""A network on two invented platforms: people who talk in its rooms, and a clock that is moved.

The platforms are real in what matters to delivery. They keep what stands in each room, and one of
them can be asked for it while the other cannot. They do not fail by themselves: see `delivering`.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select

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
    networks,
    people,
    receipts,
    rooms,
    threads,
)
from storage.models import copy, post

T = TypeVar("T")
Begin = Callable[[], AbstractContextManager[UnitOfWork]]

ROOMS = ("Alta", "Bodø", "Hamar", "Aarhus", "Randers")
BLIND = frozenset({"Aarhus", "Randers"})
"""The rooms on the platform that cannot be asked whether a message stands there."""


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
    """A room as its platform keeps it. `roots`: every message that ever stood there; `begun`: every
    part of what was written that ever did."""

    name: str
    standing: dict[str, Standing] = field(default_factory=dict)
    roots: set[str] = field(default_factory=set)
    begun: set[tuple[str, int]] = field(default_factory=set)
    last_write: datetime | None = None

    def with_token(self, token: str) -> list[Standing]:
        return [message for message in self.standing.values() if message.token == token]


@dataclass(eq=False)
class Written:
    """What a person wrote, as they last left it: a question, or (with `to`) an answer to one."""

    name: str
    room: str
    message: str
    author: Person
    to: Written | None = None
    version: int = 1
    parts: int = 1
    gone: bool = False
    ever_gone: bool = False

    @property
    def kind(self) -> str:
        return "question" if self.to is None else "answer"

    @property
    def words(self) -> str:
        return f"<{self.name}.{self.version}>"

    @property
    def text(self) -> Text:
        """In as many paragraphs as it is to have parts: no two of them fit into one message."""
        more = " " + "Og det kunne sies lenger. " * 80 if self.parts > 1 else ""
        return Text.of("\n\n".join([f"Slik lyder det nå: {self.words}.{more}"] * self.parts))


def part_of(words: str) -> tuple[str, int]:
    """What a message is about, and which part of it."""
    name, part = re.search(r"<(\w+)\.", words), re.search(r"\b([1-3])/[1-3]\b", words)
    return name[1] if name else "", int(part[1]) if part else 1


class PretendPlatform:
    """A platform that keeps its rooms. What goes wrong, and when, its network says (`fault`)."""

    def __init__(self, network: Network, *, blind: bool, pace: Pace) -> None:
        self.network = network
        self.blind = blind
        self.pace = pace
        self.late: list[tuple[datetime, Site, Letter]] = []
        self.doubts: Counter[str] = Counter()
        self.refused: set[str] = set()

    async def post(self, letter: Letter) -> Posted:
        site = self._written_to(letter)
        if letter.root is not None and letter.root not in site.roots:
            self.network.broken.append(f"a child stood in {site.name} before its root")
        self._check_order(site, letter)
        fault = self.network.fault("post", site.name)
        self.network.meanwhile()
        self._fail_before(fault, letter, site)
        message = self._accept(site, letter)
        self.network.meanwhile()
        await self._fail_after(fault, letter)
        return Posted(message.id, letter.root or message.id)

    async def edit(self, letter: Letter) -> None:
        site = self._written_to(letter)
        fault = self.network.fault("edit", site.name)
        self.network.meanwhile()
        self._fail_before(fault, letter)
        if letter.message not in site.standing:
            raise Refused("message_not_found", "message")
        site.standing[letter.message].words = letter.card.plain()
        await self._fail_after(fault, letter)

    async def delete(self, letter: Letter) -> None:
        site = self._written_to(letter)
        fault = self.network.fault("delete", site.name)
        self.network.meanwhile()
        self._fail_before(fault, letter)
        assert letter.message is not None
        if site.standing.pop(letter.message, None) is not None and not self.blind:
            self.network.told_of_deletion(site, letter.message)
        self.network.meanwhile()
        await self._fail_after(fault, letter)

    async def find(self, letter: Letter) -> Posted | None:
        if self.blind:
            raise CannotLook("blind")
        site = self.network.sites[letter.key]
        fault = self.network.fault("find", site.name)
        self.network.meanwhile()
        _stumble(fault)
        self.land()
        found = site.with_token(letter.token)
        return Posted(found[0].id, found[0].root or found[0].id) if found else None

    async def open_direct(
        self, installation: int, secret: str | None, person: str, address: Mapping[str, str]
    ) -> Opened:
        raise Refused("nobody can be written to in private here", "person")

    async def profile(self, installation: int, secret: str | None, person: str) -> Profile:
        fault = self.network.fault("profile")
        if fault == "refused":
            raise Refused(fault, "person")
        _stumble(fault)
        return Profile(f"Name of {person}")

    def land(self) -> None:
        """What was sent and not answered comes to stand."""
        due = [late for late in self.late if late[0] <= self.network.clock.now]
        self.late = [late for late in self.late if late not in due]
        for _moment, site, letter in due:
            self._accept(site, letter)

    def _written_to(self, letter: Letter) -> Site:
        """The room of a letter; it is written to no more often than its pace allows."""
        site, now = self.network.sites[letter.key], self.network.clock.now
        since = timedelta(days=1) if site.last_write is None else now - site.last_write
        if since < timedelta(seconds=self.pace.interval):
            self.network.broken.append(f"{site.name} was written to too fast")
        site.last_write = now
        self.land()
        return site

    def _check_order(self, site: Site, letter: Letter) -> None:
        """A long text is read from its beginning, and all in one thread."""
        name, part = part_of(letter.card.plain())
        withdrawn = any(one.name == name and one.ever_gone for one in self.network.written)
        if part > 1 and not withdrawn and (name, part - 1) not in site.begun:
            self.network.broken.append(f"part {part} of {name} came first in {site.name}")
        if part > 1 and letter.root is None:
            self.network.broken.append(f"part {part} of {name} begins a thread in {site.name}")

    def _accept(self, site: Site, letter: Letter) -> Standing:
        site.begun.add(part_of(letter.card.plain()))
        message = Standing(self.network.new_id(), letter.token, letter.card.plain(), letter.root)
        site.standing[message.id] = message
        site.roots.add(message.id)
        if not self.blind:
            self.network.told_of_own(site, message)
        return message

    def _fail_before(self, fault: str | None, letter: Letter, site: Site | None = None) -> None:
        """The ways to go wrong in which nothing was done yet."""
        match fault:
            case "not sent":
                raise NotSent(fault)
            case "rate limited":
                raise NotSent(fault, 20.0)
            case "refused":
                self.refused.add(letter.token)
                raise Refused(fault, "message")
            case "barred":
                raise Refused(fault, "conversation")
        if fault in ("not done, answer lost", "done late, answer lost"):
            self.doubts[letter.token] += 1
            if site is not None and fault == "done late, answer lost":
                self.late.append((self.network.soon(), site, letter))
            raise InDoubt(fault)
        if fault == "crash before":
            self.doubts[letter.token] += 1
            raise asyncio.CancelledError

    async def _fail_after(self, fault: str | None, letter: Letter) -> None:
        """The ways to go wrong in which it was done."""
        if fault is None:
            return
        self.doubts[letter.token] += 1
        if fault == "frozen":
            await self.network.freeze()
        elif fault == "crash after":
            raise asyncio.CancelledError
        else:
            raise InDoubt(fault)


def _stumble(fault: str | None) -> None:
    """How a question to a platform goes wrong: it does no harm."""
    if fault in ("crash before", "crash after"):
        raise asyncio.CancelledError
    if fault not in (None, "frozen"):
        raise NotSent(str(fault))


class Network:
    """Rooms, the people in them, and Mellom's own code between: nothing goes wrong by itself."""

    def __init__(
        self,
        database: Database,
        seed: int,
        names: Sequence[str] = ROOMS,
        pace: Pace = Pace(1.0),  # noqa: B008 - it cannot be changed
    ) -> None:
        self.database = database
        self.seed = seed
        self.names = names
        self.clock = Clock(datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=seed))
        self.sites = {self.key(name): Site(name) for name in names}
        self.places: dict[str, Place] = {}
        self.conversations: dict[str, int] = {}
        self.written: list[Written] = []
        self.moderated: set[str] = set()
        self.broken: list[str] = []
        self.planned: dict[tuple[str, str], str] = {}
        self.seeing = PretendPlatform(self, blind=False, pace=pace)
        self.blind = PretendPlatform(self, blind=True, pace=pace)
        self._ids = 0
        with self.begin() as uow:
            self._found(uow)
        self.deliverer = self.another_deliverer(self.begin)

    # ---- what Mellom is given

    def begin(self) -> AbstractContextManager[UnitOfWork]:
        return self.database.begin(self.clock.now)

    def another_deliverer(self, begin: Begin) -> Deliverer:
        """As another process has one, if `begin` is of another database object."""

        async def run(work: Callable[[UnitOfWork], T]) -> T:
            with begin() as uow:
                return work(uow)

        platforms = {"seeing": self.seeing, "blind": self.blind}
        return Deliverer(run, platforms, lambda: self.clock.now)

    def take(self, incoming: Incoming) -> None:
        dispatch.receive(incoming, self.begin)

    async def rest(self) -> None:
        """Time goes by until nothing more is due."""
        for _ in range(2000):
            await self.deliverer.drain()
            ahead = self.next_moment()
            if ahead is None:
                return
            self.clock.now = max(self.clock.now, ahead)
            self.seeing.land()
            self.blind.land()
        raise AssertionError(f"seed {self.seed}: it never comes to rest")

    def next_moment(self) -> datetime | None:
        """When something is due; what waited to be tried again is tried."""
        with self.begin() as uow:
            waiting = receipts.take_waiting(uow, uow.real)
        for one in waiting:
            dispatch.retry(one, self.begin)
        with self.begin() as uow:
            due = [deliveries.next_due(uow), receipts.next_due(uow)]
        ahead = [moment for moment in due if moment is not None]
        ahead += [late[0] for site in (self.seeing, self.blind) for late in site.late]
        return min(ahead, default=None)

    # ---- what the platforms are told here, and tell

    def fault(self, call: str, room: str = "") -> str | None:
        """What goes wrong with this call: what was planned for the room."""
        return self.planned.pop((call, room), None)

    def meanwhile(self) -> None:
        """While a call is on its way, others may act."""

    def soon(self) -> datetime:
        """When a message comes to stand whose answer was lost."""
        return self.clock.now

    async def freeze(self) -> None:
        """The process stands still in the middle of a call."""

    def told_of_own(self, site: Site, message: Standing) -> None:
        """Our own message comes back as an event, if the platform pleases."""

    def told_of_deletion(self, site: Site, message: str) -> None:
        """That we took our own message away comes back as an event, if the platform pleases."""

    # ---- what people do

    def ask(self, room: str, who: int = 1) -> Written:
        asked = self.write(room, who)
        self.take(self.said(asked, None))
        return asked

    def answer(self, question: Written, room: str, who: int = 1) -> Written | None:
        """Somebody answers in a thread that Mellom knows in their room; None if it knows none."""
        root = question.message if room == question.room else self._root_of(question, room)
        if root is None:
            return None
        answer = self.write(room, who, to=question)
        self.take(self.said(answer, root))
        return answer

    def write(self, room: str, who: int = 1, to: Written | None = None) -> Written:
        """A person writes; Mellom has not been told yet."""
        name = f"{'A' if to else 'Q'}{len(self.written)}"
        written = Written(name, room, self.new_id(), self._who(room, who), to)
        self.written.append(written)
        self.sites[self.key(room)].roots.add(written.message)
        return written

    def edit(self, written: Written) -> None:
        written.version += 1
        self.take(self.edited(written))

    def delete(self, written: Written) -> None:
        written.gone = written.ever_gone = True
        place = self.places[written.room]
        gone = Deleted(key=self._new_key(), at=self.clock.now, place=place, message=written.message)
        self.take(gone)

    def restore(self, written: Written) -> None:
        written.gone = False
        written.version += 1
        self.take(self.edited(written, restored=True))

    def open(self, room: str) -> None:
        """Mellom can speak in the room again."""
        self.take(Added(key=self._new_key(), at=self.clock.now, place=self.places[room]))

    def said(self, written: Written, root: str | None) -> Said:
        return Said(
            key=self._new_key(),
            at=self.clock.now,
            text=written.text,
            place=self.places[written.room],
            person=written.author,
            message=written.message,
            root=root,
            addressed=root is None,
        )

    def edited(self, written: Written, *, restored: bool = False) -> Edited:
        return Edited(
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

    def echo(self, site: Site, message: Standing) -> Echo:
        return Echo(
            key=f"e{message.id}",
            at=self.clock.now,
            place=self.places[site.name],
            message=message.id,
            root=message.root,
            token=message.token,
        )

    def deletion(self, site: Site, message: str) -> Deleted:
        place = self.places[site.name]
        return Deleted(key=f"d{message}", at=self.clock.now, place=place, message=message)

    # ---- who and where

    def key(self, name: str) -> str:
        return f"{name}-{self.seed}"

    def room_of(self, conversation: int) -> str:
        return next(room for room, id in self.conversations.items() if id == conversation)

    def new_id(self) -> str:
        self._ids += 1
        return f"m{self.seed}-{self._ids}"

    def _new_key(self) -> str:
        return f"k{self.new_id()}"

    def _who(self, room: str, number: int) -> Person:
        """One of two people in each room; the other's name has to be asked for."""
        user = f"{room}{number}-{self.seed}"
        name = "Kari Nilsen" if number == 1 else None
        return Person(_platform(room), self.key(room), user, name)

    def knows(self, written: Written) -> None:
        """Mellom has met the author here already, outside of the network."""
        person = written.author
        with self.begin() as uow:
            people.keep_account(
                uow,
                platform=person.platform,
                tenant=person.tenant,
                user=person.user,
                installation=self.places[written.room].installation,
                address=person.user,
                name=person.name,
                language=None,
                met=self.conversations[written.room],
            )

    def _root_of(self, question: Written, room: str) -> str | None:
        with self.begin() as uow:
            asked_in = self.conversations[question.room]
            thread = threads.thread_written_as(uow, asked_in, question.message)
            roots = (
                select(copy.c.message)
                .join_from(copy, post)
                .where(
                    post.c.kind == "question",
                    post.c.subject == thread,
                    copy.c.conversation == self.conversations[room],
                    copy.c.part == 0,
                )
            )
            return uow.connection.execute(roots).scalar_one_or_none()

    def _found(self, uow: UnitOfWork) -> None:
        network = networks.create_network(uow, f"Network {self.seed}", "nb")
        for name in self.names:
            self._open(uow, network, name)

    def _open(self, uow: UnitOfWork, network: int, name: str) -> None:
        where = installations.keep(
            uow, platform=_platform(name), app="mellom", tenant=self.key(name)
        )
        organisation = networks.add_organisation(
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
            platform=_platform(name),
            tenant=self.key(name),
            user="founder",
            installation=where,
            address="founder",
            name="Ola Berg",
            language=None,
        )
        rooms.confirm(uow, room, account=account.id, consent="any")
        self.places[name] = Place(where, self.key(name))
        self.conversations[name] = conversation


def _platform(room: str) -> str:
    return "blind" if room in BLIND else "seeing"
