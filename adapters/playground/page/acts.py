"""What can be done on the playground's page: the bodies of its requests, checked, and done."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

Json = dict[str, Any]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Body = TypeVar("Body", bound=BaseModel)

_MENTION = re.compile(r"(?i)(?<![\w@])@mellom(?!\w)")


class Gone(Exception):
    """What a person wants to act on is not there (any more)."""


class Malformed(Exception):
    """A body that says nothing that can be done; the words say where."""


class Window(Protocol):
    """A room as its people have it before them. What they do answers whether the bot took it.

    What is seen names, as `can`, the acts that not every platform has and this one does.
    """

    def seen(self) -> Json: ...

    def begin_here(self) -> None: ...

    def find(self, words: str) -> str | None: ...

    async def say(self, person: str, text: str, root: str | None, *, direct: bool) -> bool: ...

    async def edit(self, person: str, message: str, text: str) -> bool: ...

    async def delete(self, person: str, message: str) -> bool: ...

    async def restore(self, person: str, message: str) -> bool: ...

    async def press(self, person: str, message: str, action: Mapping[str, object]) -> bool: ...

    async def ask(self, person: str, message: str) -> bool: ...

    async def command(self, person: str, text: str) -> bool: ...

    async def visit(self, person: str) -> bool: ...

    async def submit(self, person: str, form: str, values: Mapping[str, str]) -> bool: ...

    async def close(self, person: str, form: str) -> bool: ...

    async def dismiss(self, person: str, whisper: str) -> bool: ...


class Act(BaseModel):
    """Who acts, and in which room."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    room: Id
    person: Id

    @abstractmethod
    async def do(self, window: Window) -> bool: ...


class Say(Act):
    """Write: in the room, in the thread of `root`, or to the bot alone (`direct`)."""

    text: Words
    root: Id | None = None
    direct: bool = False

    async def do(self, window: Window) -> bool:
        return await window.say(self.person, self.text, self.root, direct=self.direct)


class Edit(Act):
    """Change one's own message."""

    message: Id
    text: Words

    async def do(self, window: Window) -> bool:
        return await window.edit(self.person, self.message, self.text)


class Delete(Act):
    """Take one's own message away."""

    message: Id

    async def do(self, window: Window) -> bool:
        return await window.delete(self.person, self.message)


class Restore(Act):
    """Take back that one's own message was deleted."""

    message: Id

    async def do(self, window: Window) -> bool:
        return await window.restore(self.person, self.message)


class Press(Act):
    """Press a button; `action` is its JSON as it stands in the message."""

    message: Id
    action: Json

    async def do(self, window: Window) -> bool:
        return await window.press(self.person, self.message, self.action)


class Ask(Act):
    """*Ask the network* in the menu of a message, anybody's."""

    message: Id

    async def do(self, window: Window) -> bool:
        return await window.ask(self.person, self.message)


class Command(Act):
    """Give the slash command; `text` is what stands after it."""

    text: Annotated[str, StringConstraints(max_length=4000)]

    async def do(self, window: Window) -> bool:
        return await window.command(self.person, self.text)


class Visit(Act):
    """Open the bot's own page."""

    async def do(self, window: Window) -> bool:
        return await window.visit(self.person)


class Submit(Act):
    """Send the form that is open, with these values in its fields."""

    form: Id
    values: dict[Id, Annotated[str, StringConstraints(max_length=20_000)]]

    async def do(self, window: Window) -> bool:
        return await window.submit(self.person, self.form, self.values)


class Close(Act):
    """Close the form that is open."""

    form: Id

    async def do(self, window: Window) -> bool:
        return await window.close(self.person, self.form)


class Dismiss(Act):
    """Take away what only this person sees."""

    whisper: Id

    async def do(self, window: Window) -> bool:
        return await window.dismiss(self.person, self.whisper)


ACTS: Mapping[str, type[Act]] = {
    "say": Say,
    "edit": Edit,
    "delete": Delete,
    "restore": Restore,
    "press": Press,
    "ask": Ask,
    "command": Command,
    "visit": Visit,
    "submit": Submit,
    "close": Close,
    "dismiss": Dismiss,
}


def parse(name: str, body: bytes) -> Act:
    """The act of this name, from a request's body."""
    return read(ACTS[name], body)


def read(what: type[Body], body: bytes) -> Body:
    """What a request's body says."""
    try:
        return what.model_validate_json(body)
    except ValidationError as error:
        raise Malformed("; ".join(map(_problem, error.errors()))) from error


def mentioning(text: str) -> str:
    """The text with the bot's name as the platforms' own lists of names would put it in."""
    return _MENTION.sub("@Mellom", text)


def _problem(error: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in error["loc"])
    return f"{where}: {error['msg']}" if where else str(error["msg"])
