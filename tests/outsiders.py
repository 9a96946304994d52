"""A municipality on Teams that is not let in yet, and somebody who runs Mellom."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path

import pytest

from adapters import operating
from adapters.playground.village import Room as VillageRoom
from tests.conversation import Room, TeamsRoom, World
from tests.operators import Operator, Said
from tests.test_joining import SKIVE, code

OWN = str(uuid.UUID(int=7))
PASSWORD = "en-hemmelighed"


class Skive:
    """Skive, whose tenant nobody has allowed, and whoever runs Mellom."""

    def __init__(self, world: World, room: TeamsRoom, operator: Operator, folder: Path) -> None:
        self.world = world
        self.room = room
        self.person = room.person(SKIVE.people[0])
        self.tenant = room.channel.tenant.id
        self._operator = operator
        self._folder = folder
        operator.sets(**world.village.environment())

    def types(self, *words: str) -> Said:
        """`mellom teams` and these words; Teams and Mellom go on meanwhile."""
        return self.types_all("teams", *words)

    def types_all(self, *words: str) -> Said:
        """`mellom` and these words."""
        return self.world.run(asyncio.to_thread(self._operator.types, *words))

    def succeeds(self, *words: str) -> str:
        said = self.types(*words)
        assert (said.status, said.err) == (0, ""), said
        return said.out

    def is_refused(self, *words: str) -> str:
        said = self.types(*words)
        assert (said.status, said.out) == (2, ""), said
        return said.err

    def takes_part(self) -> None:
        """A code is typed, and somebody confirms the card."""
        self.person.says(f"@Mellom join {code(self.world, SKIVE.name)}")
        self.world.act(self.world.village.confirm(self.room.inner))

    def adding(self, password: str = PASSWORD, app: str = OWN, tenant: str = "") -> list[str]:
        file = self._folder / "password"
        file.write_text(password + "\n", encoding="utf-8")
        bot = ["--app", app, "--tenant", tenant or self.tenant, "--password-file", str(file)]
        return ["add", *WHOSE, *bot]

    def has_a_bot_of_its_own(self) -> None:
        """It is registered, its app is uploaded and added to the team, and the operator adds it."""
        channel = self.room.channel
        self.world.teams.register(OWN, PASSWORD, channel.tenant)
        self.succeeds(*self.adding())
        self.world.act(self.world.teams.install(channel.team, channel))

    def is_allowed(self) -> str:
        return self.succeeds("tenant", "allow", self.tenant, *WHOSE)

    def is_denied(self) -> str:
        return self.succeeds("tenant", "deny", self.tenant)


WHOSE = ("--network", "Nord", "--organisation", SKIVE.name)


KNOWN = "SELECT count(*) FROM account WHERE name = 'Bo Lind'"


@pytest.fixture
def skive(
    world: World, operator: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Skive:
    monkeypatch.setattr(operating, "wall", world.clock)  # The operator lives when the others do.
    code(world, SKIVE.name)  # The organisation is known then.
    tenant = world.teams.tenant(SKIVE.name)
    channel = tenant.team("Lean", read_all=True).channel("Lean")
    inner = VillageRoom(SKIVE, channel)
    inner.people[SKIVE.people[0]] = tenant.user(SKIVE.people[0], "da-DK")
    room = Room.of(world, inner)
    assert isinstance(room, TeamsRoom)
    world.rooms[SKIVE.name] = room
    return Skive(world, room, operator, tmp_path)


def installed(skive: Skive) -> Skive:
    channel = skive.room.channel
    skive.world.act(skive.world.teams.install(channel.team, channel))
    return skive
