"""What goes out, in our words: one letter to one conversation, and how sending it can end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.cards import Card


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one conversation may be written to: one letter an `interval` (seconds) in the long
    run, at most `burst` at once (a generic cell rate)."""

    interval: float
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Letter:
    """One copy, drawn for one conversation.

    `key` and `address` say where (as in `incoming.Place`), `secret` is the installation's own token
    where it has one in the database (else the adapter uses its settings). `root` is the thread to
    stand in, None for a new one. `message` is the id of the copy where it is already there. `token`
    is the copy's random name (26 characters), which travels with the message so that it can be
    found again. `since` is when sending it was first tried (Unix seconds).
    """

    installation: int
    key: str
    card: Card
    token: str
    language: str
    address: Mapping[str, str] = field(default_factory=dict)
    secret: str | None = field(default=None, repr=False)
    root: str | None = None
    message: str | None = None
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class Posted:
    """Where it stands now: `message` to edit it by, `root` to match replies to.

    `final`: it cannot be edited or taken away, and `message` is only our own name for it.
    """

    message: str
    root: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A direct conversation that can be written to."""

    key: str
    address: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a platform tells of a person."""

    name: str
    language: str | None = None


class NotSent(Exception):
    """Surely not sent, and worth another try; `retry_after` in seconds where it was told."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class InDoubt(Exception):
    """It may or may not have been done: the line broke after sending, a 5xx, an unreadable 200."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(Exception):
    """Refused for good. `whose` is what cannot go on: this message, the conversation, the whole
    installation, or (opening a direct message) the person."""

    def __init__(
        self,
        reason: str,
        whose: Literal["message", "conversation", "installation", "person"],
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.whose = whose


class CannotLook(Exception):
    """This platform cannot be asked whether a message stands there. `once`: it is to be sent again
    only once, since one too many could never be taken away."""

    def __init__(self, reason: str, *, once: bool = False) -> None:
        super().__init__(reason)
        self.once = once


class Platform(Protocol):
    """What the deliverer wants of a platform. Each call is one request with a time limit and no
    retries of its own, and ends in its result or in NotSent, InDoubt or Refused."""

    pace: Pace

    async def post(self, letter: Letter) -> Posted: ...

    async def edit(self, letter: Letter) -> None: ...

    async def delete(self, letter: Letter) -> None:
        """Take the message away; one that is already gone is a success."""
        ...

    async def find(self, letter: Letter) -> Posted | None:
        """Look for the message that carries `letter.token`. Raises CannotLook where one cannot."""
        ...

    async def open_direct(
        self,
        installation: int,
        secret: str | None,
        person: str,
        address: Mapping[str, str],
    ) -> Opened:
        """The direct conversation with a person (`Person.address`); `address` is that of a
        conversation they were met in (Teams needs its serviceUrl and tenant)."""
        ...

    async def profile(self, installation: int, secret: str | None, person: str) -> Profile:
        """Name and language of a person (`Person.user`) whose requests do not tell them."""
        ...
