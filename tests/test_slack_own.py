"""An organisation's own Slack app: made from our manifest, with its own secret, token and path."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from adapters import workspaces
from adapters.playground import village
from adapters.playground.slack.stand_in import OwnApp
from tests.conversation import Room, SlackPerson, SlackRoom, World
from tests.operators import Operator, Said
from tests.test_joining import VADSO, code

QUESTION = "Hvordan får dere liv i tavlemøtene?"
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
        manifest = json.loads(self.succeeds("manifest", "slack", "--installation", number))
        self.app = self.world.slack.make_app(self.workspace, manifest, at=self.world.village.url)
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


def test_an_organisation_brings_its_own_app_and_takes_part_like_the_others(
    admin: Administrator, world: World, alta: Room, aarhus: Room
) -> None:
    number = admin.reserves()
    app = admin.makes_app(number)
    assert world.slack.line_to(admin.workspace.team_id).url.endswith(f"/slack/events/{number}")
    assert admin.verifies() == 401
    secrets = admin.secrets(app, app.install())
    assert "Vadsø kommune" in admin.succeeds("slack", "add", "--installation", number, *secrets)
    assert admin.verifies() == 200

    vadso = admin.opens_room()
    siri = vadso.person("Siri Moen")
    siri.asks(QUESTION)
    alta.sees("Siri Moen · Vadsø kommune", QUESTION)
    aarhus.person("Jens Holm").replies("Vi spørger altid.", under="tavlemøtene")
    vadso.sees("Jens Holm · Aarhus Kommune", "spørger altid", under="tavlemøtene")
    assert isinstance(siri, SlackPerson)
    siri.commands("hjelp")
    siri.is_told("Mellom")
