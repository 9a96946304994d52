"""Trouble on purpose: what goes wrong between Mellom and a platform, or one room on it, until it is
healed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from adapters.playground import faults
from adapters.playground.faults import Fault, Faults
from adapters.playground.page.acts import Gone, Id, read
from adapters.playground.village import Village
from storage import UnitOfWork, inside

if TYPE_CHECKING:
    from adapters.playground.page.page import Page

SENDING = {
    "slack": ("chat.postMessage", "chat.update", "chat.delete"),
    "teams": ("create", "send", "update", "delete"),
}
POSTING = {"slack": ("chat.postMessage",), "teams": ("create", "send")}
EVERYTHING: Mapping[str, tuple[str | None, ...]] = {
    "slack": (None,),
    # Not the keys by which Mellom knows Teams' own requests: those come from elsewhere.
    "teams": (*SENDING["teams"], "members"),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One way to go wrong, and which calls of each platform it strikes."""

    fault: Fault
    methods: Mapping[str, tuple[str | None, ...]]


TROUBLES: Mapping[str, Trouble] = {
    "down": Trouble(faults.status(503, "Service Unavailable"), EVERYTHING),
    "slow": Trouble(faults.slow(3.0), SENDING),
    "dropping": Trouble(faults.drop_after(), POSTING),
    "limited": Trouble(faults.rate_limited(5.0), SENDING),
}


@dataclass(frozen=True, slots=True)
class On:
    """A trouble that lasts: in one room, or (None) everywhere on its platform."""

    name: str
    platform: str
    room: str | None
    faults: tuple[Fault, ...]


class Troubles:
    """The troubles that last, and the rooms that are getting well after one."""

    def __init__(self, village: Village) -> None:
        self._village = village
        self._lasting: list[On] = []
        self._mending: set[str] = set()

    def seen(self, room: str) -> dict[str, Any] | None:
        """The trouble that this room has."""
        platform = self._village.rooms[room].town.platform
        for on in self._lasting:
            if on.room == room or (on.room is None and on.platform == platform):
                return {"name": on.name, "everywhere": on.room is None}
        return None

    def set(self, room: str, name: str | None, *, everywhere: bool) -> None:
        """Let this last in the room, or everywhere on its platform, in place of what did before.
        No name heals."""
        platform = self._village.rooms[room].town.platform
        for on in list(self._lasting):
            if on.platform == platform and (everywhere or on.room in (None, room)):
                self._heal(on)
        if name is not None:
            place = None if everywhere else self._village.rooms[room].channel.id
            trouble, at = TROUBLES[name], self._at(platform)
            queued = [
                at.add(trouble.fault, method=method, conversation=place, times=None)
                for method in trouble.methods[platform]
            ]
            on = On(name, platform, None if everywhere else room, tuple(queued))
            self._lasting.append(on)

    def mending(self, on_their_way: Mapping[str, int]) -> bool:
        """Whether something still waits from a trouble that is over."""
        self._mending = {key for key in self._mending if on_their_way.get(key)}
        return bool(self._mending)

    def mend(self, uow: UnitOfWork) -> None:
        """After a trouble nobody is to wait minutes for the next try: what waits is due now."""
        inside.hurry(uow, self._mending)

    def _heal(self, on: On) -> None:
        for fault in on.faults:
            self._at(on.platform).heal(fault)
        self._lasting.remove(on)
        rooms = self._village.rooms.values()
        self._mending |= {
            room.channel.id
            for room in rooms
            if room.town.platform == on.platform and on.room in (None, room.town.name)
        }

    def _at(self, platform: str) -> Faults:
        return self._village.slack.faults if platform == "slack" else self._village.teams.faults


class Wish(BaseModel):
    """A request for trouble, or (no name) for its end."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    room: Id
    trouble: str | None
    everywhere: bool


def routes(page: Page) -> list[web.RouteDef]:
    async def trouble(request: web.Request) -> web.StreamResponse:
        wish = read(Wish, await request.read())
        if wish.room not in page.windows or wish.trouble not in (None, *TROUBLES):
            raise Gone(f"there is no {wish.room!r}, or no {wish.trouble!r}")
        page.troubles.set(wish.room, wish.trouble, everywhere=wish.everywhere)
        page.ring()
        return web.json_response({"took": True})

    return [web.post("/api/trouble", trouble)]
