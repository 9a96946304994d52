"""An organisation's own Slack app: made from our manifest, with its own secret, token and path."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from adapters.playground import faults, village
from adapters.playground.slack.delivery import Line
from adapters.playground.slack.stand_in import User
from tests.administering import Administrator
from tests.conversation import Person, Room, SlackPerson, SlackRoom, World
from tests.test_joining import VADSO

QUESTION = "Hvordan får dere liv i tavlemøtene?"


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


@dataclass
class Forger:
    """Somebody who has one app's secret, and sends what they like to any path."""

    admin: Administrator
    number: str

    @property
    def everything(self) -> list[int]:
        """What may not change."""
        tables = (
            "receipt",
            "thread",
            "reply",
            "room",
            "member",
            "account",
            "conversation",
            "heard",
        )
        return [self.admin.world.count(f"SELECT count(*) FROM {table}") for table in tables]  # noqa: S608

    def event(self, room: Room) -> dict[str, Any]:
        """What Slack would send of a question that is asked in this room."""
        slack, inner = self.admin.world.slack, room.inner
        assert isinstance(room, SlackRoom)
        user = next(iter(inner.people.values()))
        assert isinstance(user, User)
        self.admin.world.run(slack.say(user, room.channel, f"@Mellom {QUESTION}"))
        [delivery, *_], slack.queue[:] = slack.queue[:], []
        return delivery.envelope

    def sends(self, path: str, secret: str, body: dict[str, Any] | str) -> int:
        line = Line(f"{self.admin.world.village.url}{path}", secret)
        form = isinstance(body, str)
        raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        kind = "application/x-www-form-urlencoded" if form else "application/json"

        async def post() -> int:
            reply = await line.post(raw, {"Content-Type": kind})
            await line.close()
            return reply.status

        return self.admin.world.run(post())


@pytest.fixture
def forger(admin: Administrator, vadso: Room) -> Forger:
    (number,) = [line.split()[0] for line in admin.succeeds("slack", "list").splitlines()
                 if VADSO.name in line]  # fmt: skip
    return Forger(admin, number)


def test_what_another_app_signed_is_refused_and_changes_nothing(
    forger: Forger, vadso: Room, alta: Room, bodo: Room
) -> None:
    own, shared = forger.admin.app.signing_secret, village.SECRET
    of_vadso, of_alta = forger.event(vadso), forger.event(alta)
    before = forger.everything
    path = f"/slack/events/{forger.number}"
    assert forger.sends(path, shared, of_vadso) == 401
    assert forger.sends(path, shared, of_alta) == 401
    assert forger.sends("/slack/events", own, of_vadso) == 401
    assert forger.sends("/slack/events", own, of_alta) == 401
    assert forger.everything == before
    bodo.does_not_see("tavlemøtene")


def named(team: str, app: str) -> dict[str, dict[str, Any] | str]:
    """Each kind of request that can name a workspace."""
    press = {
        "type": "block_actions", "api_app_id": app, "trigger_id": "1.1.x", "token": "x",
        "team": {"id": team}, "user": {"id": "U1", "team_id": team}, "enterprise": None,
        "channel": {"id": "C1"}, "message": {"ts": "1.1", "team": team, "text": ""},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": "C1"},
        "actions": [{"action_id": "room.confirm:1", "value": "1", "type": "button"}],
    }  # fmt: skip
    view = {"id": "V1", "callback_id": "ask", "state": {"values": {}}, "blocks": [],
            "private_metadata": "{}", "app_installed_team_id": team, "team_id": team}  # fmt: skip
    who = {"team": {"id": team}, "user": {"id": "U1", "team_id": team}, "api_app_id": app}
    submission = {"type": "view_submission", "view": view, **who}
    shortcut = {"type": "message_action", "callback_id": "ask", **who}
    command = {"command": "/mellom", "text": "hjelp", "team_id": team, "channel_id": "C1",
               "user_id": "U1", "trigger_id": "1.1.x", "api_app_id": app}  # fmt: skip
    event = {"type": "app_uninstalled", "event_ts": "1.1"}
    envelope = {"type": "event_callback", "team_id": team, "api_app_id": app, "event": event,
                "event_id": "Ev1", "authorizations": [{"team_id": team}]}  # fmt: skip
    forms = {"press": press, "submission": submission, "shortcut": shortcut}
    asked = {name: urlencode({"payload": json.dumps(form)}) for name, form in forms.items()}
    return {"event": envelope, "command": urlencode(command), **asked}


@pytest.mark.parametrize("kind", named("", ""))
def test_an_organisation_cannot_say_anything_of_another_workspace(
    kind: str, forger: Forger, alta: SlackRoom, world: World
) -> None:
    """Its own administrator has the secret, and can sign whatever they like."""
    team, app = alta.channel.workspace.team_id, forger.admin.app
    before = forger.everything
    for name in (app.id, "A0MELLOM"):
        body = named(team, name)[kind]
        assert forger.sends(f"/slack/events/{forger.number}", app.signing_secret, body) == 401
    assert forger.everything == before
    assert world.count("SELECT count(*) FROM installation WHERE stopped_at IS NOT NULL") == 0
    of_its_own = named(forger.admin.workspace.team_id, app.id)[kind]
    path = f"/slack/events/{forger.number}"
    assert forger.sends(path, app.signing_secret, of_its_own) == 200


@pytest.mark.parametrize("kind", named("", ""))
def test_nor_in_the_name_of_another_app(kind: str, forger: Forger) -> None:
    before = forger.everything
    body = named(forger.admin.workspace.team_id, "A0MELLOM")[kind]
    path = f"/slack/events/{forger.number}"
    assert forger.sends(path, forger.admin.app.signing_secret, body) == 401
    assert forger.everything == before


def test_the_shared_app_cannot_speak_for_a_workspace_with_its_own(
    forger: Forger, vadso: Room, world: World
) -> None:
    body = forger.event(vadso)
    before = forger.everything
    # Slack is asked to send it again, until the database has been looked into.
    answers = {forger.sends("/slack/events", village.SECRET, body) for _ in range(50)}
    assert answers == {503, 200}
    assert forger.everything == before


@pytest.mark.parametrize("number", ["999999", "0", "-1", "x", "1" * 30, "%D9%A1", "../events"])
def test_a_number_that_is_nobodys_is_refused(number: str, forger: Forger, vadso: Room) -> None:
    body, before = forger.event(vadso), forger.everything
    path = f"/slack/events/{number}"
    assert forger.sends(path, forger.admin.app.signing_secret, body) == 401
    assert forger.everything == before


def test_a_number_that_is_only_reserved_lets_nobody_in(forger: Forger, vadso: Room) -> None:
    reserved = forger.admin.reserves("Alta kommune")
    body = forger.event(vadso)
    for secret in (forger.admin.app.signing_secret, village.SECRET, "x"):
        assert forger.sends(f"/slack/events/{reserved}", secret, body) == 401


def test_what_is_sent_goes_out_with_the_token_of_its_own_workspace(
    vadso: Room, world: World, admin: Administrator, kari: Person
) -> None:
    kari.asks(QUESTION)
    vadso.sees("Kari Nilsen · Alta kommune", QUESTION)
    posts = world.slack.calls("chat.postMessage")
    assert isinstance(vadso, SlackRoom)
    there = {one.workspace for one in posts if one.request["channel"] == vadso.channel.id}
    assert there == {admin.workspace.team_id}


@pytest.mark.parametrize("whose", ["Vadsø kommune", "Alta kommune"])
def test_slack_is_not_asked_anything_before_it_is_answered(
    whose: str, vadso: Room, alta: Room, aarhus: Room, world: World
) -> None:
    """Bolt would ask who it is, and lose what came when Slack fails."""
    room = world.rooms[whose]
    assert isinstance(room, SlackRoom)
    slack, user = world.slack, next(iter(room.inner.people.values()))
    assert isinstance(user, User)
    fault = slack.faults.add(faults.status(500), times=None)
    before = len(slack.wire)
    world.run(slack.say(user, room.channel, f"@Mellom {QUESTION}"))
    sent = world.run(slack.flush())
    assert {reply.status for delivery in sent for reply in delivery.replies} == {200}
    assert world.count("SELECT count(*) FROM thread") == 1
    assert [one for one in slack.wire[before:] if one.toward == "slack"] == []
    slack.faults.heal(fault)
    world.settle()
    aarhus.sees(QUESTION)
