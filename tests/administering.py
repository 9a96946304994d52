"""Administrators, who run Mellom and make an app of their organisation's own in Slack."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from adapters import workspaces
from adapters.playground import village
from adapters.playground.slack.stand_in import OwnApp
from tests.conversation import Room, SlackRoom, World
from tests.operators import Operator, Said
from tests.test_joining import VADSO, code

BASE = "https://mellom.example"


class Administrator:
    """Somebody who runs Mellom, and makes an app in Vadsø's workspace."""

    def __init__(self, operator: Operator, world: World, folder: Path) -> None:
        self.world = world
        self._operator = operator
        self._folder = folder
        operator.sets(**{**world.village.environment(), "MELLOM_BASE_URL": BASE})
        code(world, VADSO.name)  # Its organisation is known then.
        self.workspace = world.slack.workspace(VADSO.name)
        self.app: OwnApp

    def types(self, *words: str) -> Said:
        """Slack and Mellom go on meanwhile."""
        return self.world.run(asyncio.to_thread(self._operator.types, *words))

    def sets(self, **settings: str) -> None:
        self._operator.sets(**settings)

    def succeeds(self, *words: str) -> str:
        said = self.types(*words)
        assert (said.status, said.err) == (0, ""), said
        return said.out

    def is_refused(self, *words: str) -> str:
        said = self.types(*words)
        assert (said.status, said.out) == (2, ""), said
        return said.err

    def reserves(self, organisation: str = VADSO.name) -> str:
        said = self.succeeds("slack", "add", "--network", "Nord", "--organisation", organisation)
        return said.split("installation ")[1].split(".")[0]

    def makes_app(self, number: str) -> OwnApp:
        """In Slack, from the manifest."""
        return self.makes_app_from(self.succeeds("manifest", "slack", "--installation", number))

    def makes_app_from(self, manifest: str) -> OwnApp:
        at = self.world.village.url
        self.app = self.world.slack.make_app(self.workspace, json.loads(manifest), at=at)
        return self.app

    def file(self, name: str, words: str) -> str:
        path = self._folder / name
        path.write_text(words + "\n", encoding="utf-8")
        return str(path)

    def secrets(self, app: OwnApp, token: str) -> list[str]:
        signing = self.file("signing", app.signing_secret)
        return ["--signing-secret-file", signing, "--token-file", self.file("token", token)]

    def adds(self) -> str:
        """The whole way."""
        number = self.reserves()
        app = self.makes_app(number)
        secrets = self.secrets(app, app.install())
        self.succeeds("slack", "add", "--installation", number, *secrets)
        return number

    def verifies(self) -> int:
        """*Event Subscriptions*, Retry: what Slack is answered."""
        team = self.workspace.team_id
        delivery = self.world.run(self.world.slack.verify_url(team=team))
        return self.world.run(self.world.slack.send(delivery)).status

    def opens_room(self) -> Room:
        channel = self.workspace.channel("lean")
        inner = village.Room(VADSO, channel)
        self.world.village.rooms[VADSO.name] = inner
        for name in VADSO.people:
            inner.people[name] = self.workspace.user(name)
        self.world.act(self.world.slack.invite_bot(channel))
        room = self.world.rooms[VADSO.name] = SlackRoom(self.world, inner)
        room.person(VADSO.people[0]).says(f"@Mellom join {code(self.world, VADSO.name)}")
        self.world.act(self.world.village.confirm(inner))
        return room


@pytest.fixture
def admin(
    operator: Operator, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Administrator:
    # An administrator takes longer than it takes until the process looks again.
    monkeypatch.setattr(workspaces, "LOOK_AGAIN", 0.0)
    return Administrator(operator, world, tmp_path)


@pytest.fixture
def vadso(admin: Administrator) -> Room:
    """The room of the organisation that has its own app."""
    admin.adds()
    return admin.opens_room()
