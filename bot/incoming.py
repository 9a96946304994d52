"""What came in, in our words. Adapters build these from authenticated requests only.

The guard runs on construction: an incoming that exists carries no national identity number, so
none can reach a handler, a receipt, a log or another room. Words that were stopped are gone, or in
what goes back to their author in a form the number alone is; what is left is `suspicion`, the
guard's finding without the number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot import guard
from bot.text import File as File
from bot.text import Text


def id_named(value: str) -> int:
    """The id that a person's own client names: it is only where to look, and allows nothing. 0,
    which nothing has, if it names none."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else 0


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: an account on a platform, as the authenticated request names it.

    `tenant` is the person's own workspace or home tenant, `user` the id there. `address` is what
    the platform wants for opening a direct message (Slack: the user id; Teams: the 29: id). `name`
    is None where the request does not tell.
    """

    platform: str
    tenant: str
    user: str
    name: str | None = None
    address: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Which conversation: `key` is the platform's id of the channel or chat, without the thread.

    `address` holds what the adapter needs to speak there later (Teams: serviceUrl, tenant, …).
    `reads_all`: the platform tells us every message that is written there, whoever it mentions.
    """

    installation: int
    key: str
    direct: bool = False
    name: str | None = None
    address: Mapping[str, str] = field(default_factory=dict)
    reads_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """`key` is the receipt's: the same request delivered again has the same key. `at` is in UTC."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words(_Event):
    """Fields of an incoming that carries a person's text; `suspicion` is set by the guard."""

    text: Text
    files: tuple[File, ...] = ()
    suspicion: guard.Finding | None = None

    def whole(self, words: Text) -> Text:
        """The words, with the files that hang on them."""
        return replace(words, files=self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(_Words):
    """A person wrote a message. `root` is the thread's first message, None if this is one itself;
    `root_at` is when that was written, where its id tells.

    `addressed`: the bot is mentioned (its own mention is already cut from the text) or it is a
    direct message.
    """

    place: Place
    person: Person
    message: str
    root: str | None = None
    root_at: datetime | None = None
    addressed: bool = False

    def __post_init__(self) -> None:
        _stop_numbers(self, self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(_Words):
    """A message now reads like this. `version` sorts as text: a greater one is newer.

    `restored`: it had been deleted, and its author took that back.
    """

    place: Place
    person: Person
    message: str
    version: str
    root: str | None = None
    root_at: datetime | None = None
    addressed: bool = False
    restored: bool = False

    def __post_init__(self) -> None:
        _stop_numbers(self, self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted(_Event):
    """A message is gone; who took it away is not told by every platform."""

    place: Place
    message: str
    root: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded(_Words):
    """Words typed after a slash command. They are not a message: nobody else sees them. A number in
    them is taken out, so that the rest can still be given back."""

    place: Place
    person: Person

    def __post_init__(self) -> None:
        _take_numbers_out(self, self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointed(_Words):
    """A person chose a message, to ask the network with what is written there.

    `author` is the user id of whoever wrote it, None where it was not a person. A number in it is
    taken out, so that the rest can still be shown to the one who chose it. `addressed`: the bot is
    mentioned in it.
    """

    place: Place
    person: Person
    message: str
    root: str | None = None
    author: str | None = None
    addressed: bool = False

    def __post_init__(self) -> None:
        _take_numbers_out(self, self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(_Event):
    """A button was pressed on the card in `message` (None: the card was shown to one person only).

    `value` and `token` (the copy's) came through the person's client.
    """

    place: Place
    person: Person
    action: str
    value: str = ""
    message: str | None = None
    root: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(_Event):
    """A form was sent. `values` are plain text; a number in one is taken out, and the guard's
    finding is in `suspicions`."""

    place: Place
    person: Person
    form: str
    values: Mapping[str, str]
    subject: str = ""
    suspicions: Mapping[str, guard.Finding] = field(default_factory=dict)

    def __post_init__(self) -> None:
        day = self.at.date()
        found = {
            name: finding
            for name, value in self.values.items()
            if (finding := guard.worst(value, day)) is not None
        }
        if found:
            clean = {name: guard.without(self.values[name], day) for name in found}
            object.__setattr__(self, "values", {**self.values, **clean})
            object.__setattr__(self, "suspicions", found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited(_Event):
    """A person opened the bot's home, which nobody else sees. `place` is their direct message."""

    place: Place
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Added(_Event):
    """The bot was added to a conversation, or the conversation came back (unarchived, restored).

    `whole` stands for every conversation of this team (Teams), whose id is then `place.key`.
    """

    place: Place
    person: Person | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed(_Event):
    """The bot can no longer speak there: it was removed, or the conversation archived or deleted.

    `whole` stands for every conversation of this team (Teams), whose id is then `place.key`.
    `person` is whoever took it out of their own private chat.
    """

    place: Place
    whole: bool = False
    person: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleLeft(_Event):
    """People left a conversation, or were taken out of it.

    `whole` stands for every conversation of this team (Teams), whose id is then `place.key`.
    """

    place: Place
    people: tuple[Person, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonGone(_Event):
    """A person's account was deactivated."""

    installation: int
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHere(_Event):
    """A person's account is there. It is told of again and again, and news if it was gone."""

    installation: int
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(_Event):
    """The conversation has a new id or a new name."""

    place: Place
    old_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo(_Event):
    """Our own message came back: evidence of where the copy with this `token` stands."""

    place: Place
    message: str
    root: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Uninstalled(_Event):
    """The organisation took the app away or revoked its tokens."""

    installation: int


Incoming = (
    Said
    | Edited
    | Deleted
    | Commanded
    | Pointed
    | Pressed
    | Submitted
    | Visited
    | Added
    | Removed
    | PeopleLeft
    | PersonGone
    | PersonHere
    | Moved
    | Echo
    | Uninstalled
)
"""Everything that can come in."""

Acted = Commanded | Pointed | Pressed | Submitted
"""What a person does, not what they write: it is answered at once, to that person only."""


def _stop_numbers(incoming: Said | Edited | Commanded | Pointed, at: datetime) -> None:
    names = (file.name for file in incoming.files)
    words = "\n".join((incoming.text.plain(), *incoming.text.links(), *names))
    finding = guard.worst(words, at.date())
    if finding is not None:
        object.__setattr__(incoming, "text", Text())
        object.__setattr__(incoming, "files", ())
        object.__setattr__(incoming, "suspicion", finding)


def _take_numbers_out(incoming: Commanded | Pointed, at: datetime) -> None:
    """As above, but what is left of the words, without their looks, goes back to who chose them."""
    day, words, files = at.date(), incoming.text.plain(), incoming.files
    _stop_numbers(incoming, at)
    if incoming.suspicion is not None:
        clean = tuple(File(guard.without(file.name, day), file.size) for file in files)
        object.__setattr__(incoming, "text", Text.of(guard.without(words, day)))
        object.__setattr__(incoming, "files", clean)
