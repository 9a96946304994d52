"""The language of conversation scripts: who says what, and which room sees what.

A person's line is a genuine request into the real application; what a room sees is read from what
the stand-in platform was sent. The clock stands still unless the script moves it: after each line
everything that is due within `SOON` is brought about, so a script never waits.
"""

from __future__ import annotations

import asyncio
import shutil
from abc import abstractmethod
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from adapters.playground import village
from adapters.playground.slack import words as slack_words
from adapters.playground.slack.acts import elements as slack_elements
from adapters.playground.slack.stand_in import Channel as SlackChannel
from adapters.playground.slack.stand_in import Message as SlackMessage
from adapters.playground.slack.stand_in import SlackStandIn
from adapters.playground.slack.stand_in import User as SlackUser
from adapters.playground.teams import world as teams_world
from adapters.playground.teams.delivery import Delivery as TeamsDelivery
from adapters.playground.teams.stand_in import TeamsStandIn
from adapters.playground.teams.world import Channel as TeamsChannel
from adapters.playground.teams.world import Message as TeamsMessage
from adapters.playground.teams.world import User as TeamsUser
from adapters.playground.village import Town, Village
from adapters.writing import Clock
from storage import UnitOfWork
from tests import founded
from tests.databases import Server

T = TypeVar("T")
SOON = timedelta(seconds=8)
"""How far the clock is moved by itself, so that what waits for a room's rate is sent."""


TUESDAY = datetime(2027, 1, 19, 9, tzinfo=UTC)
"""When every script begins: ten o'clock on a working day in both countries, so that no test depends
on the day it is run. (Tokens are dated by the clock on the wall, which is not ours to move.)"""


class MovedClock:
    """A clock that stands still until it is moved; product's time and the wall's move together."""

    def __init__(self) -> None:
        self.at = TUESDAY

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


class World:
    """A village, the clock, and the loop on which a script's lines are run one after the other."""

    def __init__(self, database_url: str, like: World | None = None) -> None:
        """`like` is a world that was founded; the database is a copy of its own."""
        self.runner = asyncio.Runner()
        self.loop = self.runner.get_loop()
        self.clock = MovedClock()
        self.village = Village(database_url, Clock(now=self.clock, real=self.clock))
        self.rooms: dict[str, Room] = {}
        self.before: set[tuple[str, str]] = set()
        self.compiled: dict[Any, Any] = {}
        self.run(self.village.start())
        if like is not None:
            self._move_in(like)

    def _move_in(self, like: World) -> None:
        self.clock.at = like.clock.at
        founded.move_in(self.village, like.village)
        self._know_the_statements(like)
        old, new = like.village.teams.base_url, self.village.teams.base_url
        with self.village.mellom.writers.begin() as uow:
            founded.find_the_way(uow, old, new)
        self.rooms = {name: Room.of(self, room) for name, room in self.village.rooms.items()}
        self.before = like.before

    def _know_the_statements(self, like: World) -> None:
        """A process compiles a statement once; and so do all worlds that are like this one."""
        engine = self.village.mellom.database.engine
        engine.dialect = like.village.mellom.database.engine.dialect
        self.compiled = like.compiled
        engine.update_execution_options(compiled_cache=self.compiled)

    @property
    def slack(self) -> SlackStandIn:
        return self.village.slack

    @property
    def teams(self) -> TeamsStandIn:
        return self.village.teams

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def close(self) -> None:
        self.run(self.village.stop())
        for _ in range(3):  # A transport that is closed lets go of its socket a moment later.
            self.run(asyncio.sleep(0))
        self.runner.close()

    def act(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something, and let everything that follows from it soon happen."""
        done = self.run(work)
        self.settle()
        return done

    def settle(self, within: timedelta = SOON) -> None:
        until = self.clock.at + within
        while True:
            self.run(self.village.settle())
            due = self.run(self.village.mellom.worker.idle())
            if due is None or self.clock.at + timedelta(seconds=due) > until:
                return
            self.clock.move(seconds=due)

    def later(self, **by: float) -> None:
        """Time goes by; what falls due in it happens in its order."""
        self.goes_to(self.clock.at + timedelta(**by))

    def goes_to(self, moment: datetime) -> None:
        """The same, up to a moment."""
        self.settle(moment.astimezone(UTC) - self.clock.at)
        self.away_until(moment)

    def away_until(self, moment: datetime) -> None:
        """Nothing happens before that moment, as while Mellom is not there."""
        self.clock.at = moment.astimezone(UTC)
        self.settle(timedelta(0))

    def founded(self) -> World:
        """The network with its four rooms, all confirmed."""
        self.run(self.village.found("Nord"))
        self.settle(timedelta(minutes=1))
        self.rooms = {name: Room.of(self, room) for name, room in self.village.rooms.items()}
        everybody = (
            room.person(name) for room in self.rooms.values() for name in room.inner.people
        )
        # Whoever confirmed a room was welcomed, which no script is about but the one of that.
        self.before = {(person.name, seen.id) for person in everybody for seen in person.letters}
        return self

    def opens(self, town: Town) -> Room:
        """Another channel with the bot in it, not part of anything yet."""
        opened = self.act(self.village.open_room(town))
        self.rooms[town.name] = Room.of(self, opened)
        return self.rooms[town.name]

    def person(self, name: str) -> Person:
        room = next(room for room in self.rooms.values() if name in room.inner.people)
        return room.person(name)

    def count(self, statement: str) -> int:
        """A number out of the database, for what cannot be seen on a platform."""
        from sqlalchemy import text

        with self.village.mellom.writers.begin() as uow:
            return int(uow.connection.execute(text(statement)).scalar_one())

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        from sqlalchemy import text

        with self.village.mellom.writers.begin() as uow:
            return [tuple(row) for row in uow.connection.execute(text(statement))]

    def change(self, statement: str) -> None:
        """Something in the database that no person can do."""
        from sqlalchemy import text

        with self.village.mellom.writers.begin() as uow:
            uow.connection.execute(text(statement))

    @contextmanager
    def supposing(self, change: str, at: datetime) -> Iterator[UnitOfWork]:
        """A moment at which something is otherwise in the database; then nothing of it was."""
        from sqlalchemy import text

        with suppress(_Undone), self.village.mellom.database.begin(at, at) as uow:
            uow.connection.execute(text(change))
            yield uow
            raise _Undone


class _Undone(Exception):
    """Rolls back what was only supposed."""


@dataclass(eq=False)
class Seen:
    """A message as a person sees it in a room."""

    id: str
    root: str
    words: str
    by_bot: bool
    inner: SlackMessage | TeamsMessage


class Room:
    """What the people of one organisation see."""

    def __init__(self, world: World, inner: village.Room) -> None:
        self.world = world
        self.inner = inner

    @classmethod
    def of(cls, world: World, inner: village.Room) -> Room:
        return (SlackRoom if inner.town.platform == "slack" else TeamsRoom)(world, inner)

    @property
    def everything(self) -> list[Seen]:
        raise NotImplementedError

    def person(self, name: str) -> Person:
        raise NotImplementedError

    def find(self, *words: str, under: str | None = None) -> Seen | None:
        messages = self.everything
        if under is not None:
            root = self.root(under)
            messages = [seen for seen in messages if seen.root == root and seen.id != root]
        return next((m for m in messages if all(word in m.words for word in words)), None)

    def root(self, words: str) -> str:
        """The thread that begins with a message with these words."""
        for seen in self.everything:
            if words in seen.words:
                return seen.root
        raise AssertionError(f"no message with {words!r} in {self}")

    def sees(self, *words: str, under: str | None = None) -> Seen:
        """One message has all these words; `under`: in the thread of a message with those."""
        found = self.find(*words, under=under)
        assert found is not None, f"no message with {words} under {under} in {self}"
        return found

    def does_not_see(self, *words: str) -> None:
        assert self.find(*words) is None, f"{words} stands in {self}"

    def sees_once(self, *words: str) -> None:
        found = [seen for seen in self.everything if all(word in seen.words for word in words)]
        assert len(found) == 1, f"{words} stands {len(found)} times in {self}"

    def __repr__(self) -> str:
        lines = (f"  [{seen.root}] {seen.words}" for seen in self.everything)
        return "\n".join((self.inner.town.name, *lines))


@dataclass
class Pointing:
    """Somebody has a message's menu open."""

    person: Person
    seen: Seen

    def asks_the_network(self) -> None:
        self.person.asks_with(self.seen)


class Person:
    """Somebody in a room, who writes, presses and fills in forms."""

    def __init__(self, room: Room, name: str) -> None:
        self.room = room
        self.world = room.world
        self.name = name

    def asks(self, question: str) -> None:
        """Mention the bot with a question."""
        self.says(f"@Mellom {question}")

    def points_at(self, words: str) -> Pointing:
        """Open the menu of a message, anybody's, in the room."""
        return Pointing(self, self.room.sees(words))

    def replies(self, text: str, *, under: str) -> None:
        self.says(text, under=under)

    def opens_form(self, label: str, *, on: str) -> None:
        """Press a button that opens a form."""
        self.presses(label, on=on)
        assert self.form is not None, f"no form opened; told: {self.told!r}"

    @property
    @abstractmethod
    def form(self) -> str | None:
        """The words of the form that is open."""

    @property
    @abstractmethod
    def told(self) -> str:
        """What only this person sees, all of it."""

    @property
    def private(self) -> list[Seen]:
        """The direct messages with the bot, since the network was founded."""
        return [seen for seen in self.letters if (self.name, seen.id) not in self.world.before]

    @property
    @abstractmethod
    def letters(self) -> list[Seen]:
        """All direct messages with the bot."""

    @abstractmethod
    def says(self, text: str, *, under: str | None = None) -> None: ...

    def edits(self, words: str, to: str) -> None:
        self.rewrites(self.message(words), to)

    @abstractmethod
    def rewrites(self, written: Seen, to: str) -> None:
        """Edit this message, whatever it says by now."""

    def deletes(self, words: str) -> None:
        self.removes(self.message(words))

    @abstractmethod
    def removes(self, written: Seen) -> None:
        """Delete this message, whatever it says by now."""

    @abstractmethod
    def presses(self, label: str, *, on: str, privately: bool = False) -> None: ...

    @abstractmethod
    def presses_in_form(self, label: str, *, on: str = "") -> None:
        """Press a button of what is open: on Slack the one beside these words."""

    @abstractmethod
    def sends_form(self, **values: str) -> None: ...

    def confirms(self) -> None:
        """Send the second step of asking, with what stands in it."""
        self.sends_form()

    @abstractmethod
    def writes_elsewhere(self, text: str) -> Seen:
        """In a conversation of the same workspace or tenant that is not part of the network."""

    @abstractmethod
    def asks_with(self, seen: Seen) -> None:
        """*Ask the network* in the menu of this message."""

    @abstractmethod
    def typed(self, field: str) -> str:
        """What stands in a field of the form that is open."""

    @abstractmethod
    def writes_privately(self, text: str) -> None: ...

    def is_told(self, *words: str) -> None:
        assert all(word in self.told for word in words), f"{words} not in {self.told!r}"

    def reads_privately(self, *words: str) -> None:
        read = [seen.words for seen in self.private]
        assert any(all(word in text for word in words) for text in read), f"{words} not in {read}"

    def message(self, words: str) -> Seen:
        for seen in self.room.everything:
            if words in seen.words and not seen.by_bot:
                return seen
        raise AssertionError(f"nobody wrote {words!r} in {self.room}")


def at_once(*presses: tuple[Person, Coroutine[Any, Any, object]]) -> list[str]:
    """They press in the same moment, before anything is drawn anew; what each is told."""
    people, acts = zip(*presses, strict=True)

    async def together() -> list[object]:
        return list(await asyncio.gather(*acts))

    world = people[0].world
    answers = world.run(together())
    world.settle()
    for one, answer in zip(people, answers, strict=True):
        if isinstance(one, TeamsPerson):
            assert isinstance(answer, TeamsDelivery)
            one.last = answer
    return [one.told for one in people]


class SlackRoom(Room):
    @property
    def channel(self) -> SlackChannel:
        assert isinstance(self.inner.channel, SlackChannel)
        return self.inner.channel

    @property
    def everything(self) -> list[Seen]:
        return [_on_slack(message) for message in self.channel.messages.values()]

    def person(self, name: str) -> Person:
        return SlackPerson(self, name)

    def loses(self, words: str) -> None:
        """A moderator takes a message away."""
        message = self.sees(words).inner
        assert isinstance(message, SlackMessage)
        self.world.act(self.world.slack.delete(message))


class SlackPerson(Person):
    room: SlackRoom

    @property
    def user(self) -> SlackUser:
        user = self.room.inner.people[self.name]
        assert isinstance(user, SlackUser)
        return user

    @property
    def form(self) -> str | None:
        view = self.user.workspace.views.get(self.user.id)
        if view is None:
            return None
        return "\n".join((slack_words.plain(view), *view.errors.values()))

    @property
    def told(self) -> str:
        shown = self.user.workspace.ephemerals(self.user)
        return "\n".join([*(slack_words.plain(one) for one in shown), self.form or ""])

    @property
    def letters(self) -> list[Seen]:
        messages = self.user.workspace.dm(self.user).messages.values()
        return [_on_slack(message) for message in messages]

    def says(self, text: str, *, under: str | None = None) -> None:
        root = None if under is None else self.room.root(under)
        said = self.world.slack.say(self.user, self.room.channel, text, thread_ts=root)
        self.world.act(said)

    def rewrites(self, written: Seen, to: str) -> None:
        message = written.inner
        assert isinstance(message, SlackMessage)
        self.world.act(self.world.slack.edit(message, to))

    def removes(self, written: Seen) -> None:
        message = written.inner
        assert isinstance(message, SlackMessage)
        self.world.act(self.world.slack.delete(message))

    def commands(self, text: str) -> None:
        """`/mellom` and these words."""
        slack = self.world.slack
        self.world.act(slack.command(self.user, self.room.channel, "/mellom", text))

    @property
    def home(self) -> str:
        """The words of the bot's own page, as it stands before this person."""
        view = self.user.workspace.homes.get(self.user.id)
        return "" if view is None else slack_words.plain(view)

    def opens_home(self) -> None:
        self.world.act(self.world.slack.opens_home(self.user))

    def presses_at_home(self, label: str, *, on: str = "") -> None:
        """Press a button of the home: the one beside these words."""
        view = self.user.workspace.homes[self.user.id]
        action, value = _beside(view.blocks, label, on)
        self.world.act(self.world.slack.press(self.user, view, action, value=value))

    def presses(self, label: str, *, on: str, privately: bool = False) -> None:
        seen = _with_words(self.private if privately else self.room.everything, on)
        message = seen.inner if seen else None
        if message is None:
            shown = self.user.workspace.ephemerals(self.user)
            pressed: Any = next(one for one in reversed(shown) if on in slack_words.plain(one))
        else:
            pressed = message
        action, value = _beside(pressed.blocks, label, "")
        self.world.act(self.world.slack.press(self.user, pressed, action, value=value))

    def presses_in_form(self, label: str, *, on: str = "") -> None:
        view = self.user.workspace.views[self.user.id]
        action, value = _beside(view.blocks, label, on)
        self.world.act(self.world.slack.press(self.user, view, action, value=value))

    def sends_form(self, **values: str) -> None:
        view = self.user.workspace.views[self.user.id]
        self.world.act(self.world.slack.submit(self.user, view, values))

    def writes_elsewhere(self, text: str) -> Seen:
        channel = self.user.workspace.channel("utenfor")
        return _on_slack(self.world.act(self.world.slack.say(self.user, channel, text)))

    def asks_with(self, seen: Seen) -> None:
        assert isinstance(seen.inner, SlackMessage)
        self.world.act(self.world.slack.shortcut(self.user, seen.inner, "ask"))

    def typed(self, field: str) -> str:
        view = self.user.workspace.views[self.user.id]
        found = {element["action_id"]: element for _, element in slack_elements(view.blocks)}
        one = found[field].get("initial_option")
        chosen = found[field].get("initial_options") or ([one] if one else [])
        typed = found[field].get("initial_value") or found[field].get("initial_date")
        return str(typed or ",".join(option["value"] for option in chosen))

    def writes_privately(self, text: str) -> None:
        chat = self.user.workspace.dm(self.user)
        self.world.act(self.world.slack.say(self.user, chat, text))


class TeamsRoom(Room):
    @property
    def channel(self) -> TeamsChannel:
        assert isinstance(self.inner.channel, TeamsChannel)
        return self.inner.channel

    @property
    def everything(self) -> list[Seen]:
        return [_on_teams(message) for message in self.channel.standing]

    def person(self, name: str) -> Person:
        return TeamsPerson(self, name)


class TeamsPerson(Person):
    room: TeamsRoom

    def __init__(self, room: Room, name: str) -> None:
        super().__init__(room, name)
        self.last: TeamsDelivery | None = None

    @property
    def user(self) -> TeamsUser:
        user = self.room.inner.people[self.name]
        assert isinstance(user, TeamsUser)
        return user

    @property
    def form(self) -> str | None:
        dialog = self.last.dialog if self.last else None
        return dialog.plain() if dialog else None

    @property
    def told(self) -> str:
        return "\n".join(((self.last.told if self.last else ""), self.form or ""))

    @property
    def letters(self) -> list[Seen]:
        return [_on_teams(message) for message in self.user.chat.standing]

    def says(self, text: str, *, under: str | None = None) -> None:
        root = None if under is None else self.room.root(under)
        mention = "@Mellom" in text
        said = self.world.teams.say(self.user, self.room.channel, text, root, mention_bot=mention)
        self.world.act(said)

    def rewrites(self, written: Seen, to: str) -> None:
        message = written.inner
        assert isinstance(message, TeamsMessage)
        mentions = True if "@Mellom" in to else None
        self.world.act(self.world.teams.edit(message, to, mention_bot=mentions))

    def removes(self, written: Seen) -> None:
        message = written.inner
        assert isinstance(message, TeamsMessage)
        self.world.act(self.world.teams.delete(message))

    def undeletes(self, message: TeamsMessage) -> None:
        self.world.act(self.world.teams.undelete(message))

    def presses(self, label: str, *, on: str, privately: bool = False) -> None:
        seen = _with_words(self.private if privately else self.room.everything, on)
        assert seen is not None, f"no card with {on!r}"
        message = seen.inner
        assert isinstance(message, TeamsMessage)
        self.last = self.world.act(self.world.teams.press(self.user, message, label))

    def presses_in_form(self, label: str, *, on: str = "") -> None:
        assert self.last is not None
        assert self.last.dialog is not None
        pressed = self.world.teams.submit(self.user, self.last.dialog, action=label)
        self.last = self.world.act(pressed)

    def sends_form(self, **values: str) -> None:
        assert self.last is not None
        assert self.last.dialog is not None
        sent = self.world.teams.submit(self.user, self.last.dialog, values)
        self.last = self.world.act(sent)

    def writes_elsewhere(self, text: str) -> Seen:
        channel = self.room.channel.team.channel("Udenfor")
        return _on_teams(self.world.act(self.world.teams.say(self.user, channel, text)))

    def asks_with(self, seen: Seen) -> None:
        assert isinstance(seen.inner, TeamsMessage)
        self.last = self.world.act(self.world.teams.choose(self.user, seen.inner, "ask"))

    def typed(self, field: str) -> str:
        assert self.last is not None
        assert self.last.dialog is not None
        found = {str(one["id"]): one for one in self.last.dialog.fields}
        return str(found[field].get("value", ""))

    def writes_privately(self, text: str) -> None:
        self.world.act(self.world.teams.say(self.user, self.user.chat, text))


def _on_slack(message: SlackMessage) -> Seen:
    words = slack_words.plain(message)
    return Seen(message.ts, message.root, words, message.bot, message)


def _on_teams(message: TeamsMessage) -> Seen:
    words = teams_world.plain(message)
    return Seen(message.id, message.root or message.id, words, message.author is None, message)


def _with_words(messages: list[Seen], words: str) -> Seen | None:
    found = (seen for seen in reversed(messages) if words in seen.words and seen.by_bot)
    return next(found, None)


def _beside(blocks: list[dict[str, Any]], label: str, words: str) -> tuple[str, str | None]:
    """The button with this label, in a block with these words: its action and its value."""
    for block in blocks:
        if words not in block.get("text", {}).get("text", ""):
            continue
        for element in (*block.get("elements", []), block.get("accessory") or {}):
            if element.get("type") == "button" and element["text"]["text"] == label:
                return str(element["action_id"]), element.get("value")
    raise AssertionError(f"no button {label!r} beside {words!r}")


@pytest.fixture
def empty_world(database_url: str) -> Iterator[World]:
    """Stand-ins and Mellom, and no network yet."""
    world = World(database_url)
    yield world
    world.close()


@pytest.fixture
def world(database_url: str, founded_before: Founded) -> Iterator[World]:
    """The network with its four rooms; its database is a copy of the founded one's."""
    world = World(database_url, founded_before.world)
    yield world
    world.close()


@dataclass(frozen=True, slots=True)
class Founded:
    """A world in which nothing happens any more, and its database: a file, or a name."""

    world: World
    database: str

    @classmethod
    def on(cls, url: str, database: str) -> Founded:
        world = World(url).founded()
        world.close()
        return cls(world, database)

    def go_on(self, url: str, database: str, lines: Callable[[World], object]) -> Founded:
        """What it is after these lines; the database is a copy of this one's."""
        world = World(url, self.world)
        lines(world)
        world.close()
        return Founded(world, database)


GoOn = Callable[[str, Callable[[World], object]], Founded]


@pytest.fixture(scope="session")
def go_on(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> GoOn:
    """For a module whose scripts all begin with the same lines: the world on this kind of database
    after them. See `founded_before`."""

    def after(kind: str, lines: Callable[[World], object]) -> Founded:
        before: Founded = request.getfixturevalue(f"founded_on_{kind}")
        if kind == "sqlite":
            path = tmp_path_factory.mktemp("founded") / "mellom.db"
            shutil.copyfile(before.database, path)
            return before.go_on(f"sqlite:///{path}", str(path), lines)
        server: Server = request.getfixturevalue("postgresql_server")
        name = server.copy_of(before.database)
        server.kept.append(name)
        after = before.go_on(server.url(name), name, lines)
        server.let_go(name)
        return after

    return after


@pytest.fixture
def founded_before(database_kind: str, request: pytest.FixtureRequest) -> Founded:
    """What scripts begin with a copy of. A module may have its own (`go_on`)."""
    kept: Founded = request.getfixturevalue(f"founded_on_{database_kind}")
    return kept


@pytest.fixture(scope="session")
def founded_on_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Founded:
    path = tmp_path_factory.mktemp("founded") / "mellom.db"
    shutil.copyfile(sqlite_template, path)
    return Founded.on(f"sqlite:///{path}", str(path))


@pytest.fixture(scope="session")
def founded_on_postgresql(postgresql_server: Server) -> Founded:
    name = postgresql_server.copy_of(postgresql_server.template)
    postgresql_server.kept.append(name)
    founded = Founded.on(postgresql_server.url(name), name)
    postgresql_server.let_go(name)
    return founded


@pytest.fixture
def alta(world: World) -> Room:
    return world.rooms["Alta kommune"]


@pytest.fixture
def bodo(world: World) -> Room:
    return world.rooms["Bodø kommune"]


@pytest.fixture
def aarhus(world: World) -> Room:
    return world.rooms["Aarhus Kommune"]


@pytest.fixture
def randers(world: World) -> Room:
    return world.rooms["Randers Kommune"]


@pytest.fixture
def kari(world: World) -> Person:
    """In Alta, on Slack."""
    return world.person("Kari Nilsen")


@pytest.fixture
def jens(world: World) -> Person:
    """In Aarhus, on Teams."""
    return world.person("Jens Holm")


@pytest.fixture
def ingrid(world: World) -> Person:
    """In Bodø, on Slack."""
    return world.person("Ingrid Vik")


@pytest.fixture
def lars(world: World) -> Person:
    """In Randers, on Teams."""
    return world.person("Lars Krogh")
