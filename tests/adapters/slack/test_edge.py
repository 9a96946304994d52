"""Slack's requests at the door: which are let in, and what is answered."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from adapters.playground import faults
from adapters.playground.slack.stand_in import Channel, SlackStandIn, User, plain
from adapters.playground.slack.stand_in import Workspace as Team
from adapters.slack.answers import Answers
from adapters.slack.calls import Calls
from adapters.slack.edge import LARGEST, SlackEdge
from adapters.slack.oauth import SCOPES, Installed, SlackOAuth
from adapters.slack.workspace import Workspace
from adapters.taking import Unavailable
from bot.cards import Answer, Button, Card, Form, Input, Open, Tell
from bot.incoming import (
    Commanded,
    Deleted,
    Echo,
    Incoming,
    Pointed,
    Pressed,
    Said,
    Submitted,
    Uninstalled,
)
from tests.adapters.slack.payloads import (
    ALTA,
    KARI,
    ROOM,
    SECRET,
    Json,
    as_form,
    as_json,
    changed,
    command,
    envelope,
    message,
    own,
    press,
    shortcut,
    signed,
    submission,
)

AGAIN = "Prøv en gang til."
HELLO = envelope(message("Hei"))


class Core:
    """What is behind the edge here: it keeps what came and answers as it is told."""

    def __init__(self) -> None:
        self.came: list[Incoming] = []
        self.answer: Answer = None
        self.fails: Exception | None = None

    async def take(self, incoming: Incoming) -> Answer:
        if self.fails is not None:
            raise self.fails
        self.came.append(incoming)
        return self.answer


class Door:
    """The edge, served on loopback."""

    def __init__(self, edge: SlackEdge, client: TestClient[web.Request, web.Application]) -> None:
        self.edge = edge
        self.client = client

    async def post(self, body: bytes, headers: dict[str, str]) -> aiohttp.ClientResponse:
        return await self.client.post("/slack/events", data=body, headers=headers)

    async def send(self, payload: Json, **how: Any) -> aiohttp.ClientResponse:
        """A well signed event, or a form where it is something a person did."""
        acted = "command" in payload or payload["type"] in ("block_actions", "view_submission")
        body, kind = as_form(payload) if acted else as_json(payload)
        return await self.post(body, signed(body, kind, **how))


@pytest.fixture
def core() -> Core:
    return Core()


async def serve(handler: Any, path: str = "/slack/events") -> TestClient[Any, Any]:
    # The limit is the edge's own, whatever the application has.
    app = web.Application(client_max_size=64 * LARGEST)
    app.router.add_route("*", path, handler)
    client = TestClient(TestServer(app))
    await client.start_server()
    return client


@pytest.fixture
async def door(core: Core, calls: Calls, workspace: Workspace) -> AsyncIterator[Door]:
    known = {ALTA.team: ALTA, workspace.team: workspace}
    edge = SlackEdge(
        signing_secret=SECRET,
        workspaces=lambda enterprise, team: known.get(team or ""),
        take=core.take,
        answers=Answers(calls, AGAIN),
    )
    client = await serve(edge.events)
    yield Door(edge, client)
    await client.close()
    await edge.close()


async def never(**_: Any) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=ALTA.team, bot_token="xoxb-1", bot_id="B")


@pytest.fixture
async def bare() -> AsyncIterator[tuple[AsyncApp, TestClient[Any, Any]]]:
    """Bolt as its documentation shows it, for what is cured here."""
    app = AsyncApp(signing_secret=SECRET, authorize=never)

    async def handle(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    client = await serve(handle)
    yield app, client
    await client.close()


async def bare_status(client: TestClient[Any, Any], body: bytes, headers: dict[str, str]) -> int:
    response = await client.post("/slack/events", data=body, headers=headers)
    return response.status


def assert_empty(folder: Path) -> None:
    assert list(folder.iterdir()) == []


# --- shape and signature ------------------------------------------------------------------------


async def test_a_signed_event_is_taken_and_answered_with_an_empty_200(
    door: Door, core: Core
) -> None:
    response = await door.send(HELLO)
    assert (response.status, await response.text()) == (200, "")
    [said] = core.came
    assert isinstance(said, Said)
    assert said.key == "slack:A0MELLOM:Ev0001"
    assert door.edge.counts == {"taken": 1}


@pytest.mark.parametrize("age", [301, -303, 100_000])
async def test_an_old_or_future_request_is_answered_401_and_not_taken(
    age: int, door: Door, core: Core
) -> None:
    response = await door.send(HELLO, at=time.time() - age)
    assert response.status == 401
    assert core.came == []
    assert door.edge.counts == {"unsigned": 1}


@pytest.mark.parametrize("age", [290, -290])
async def test_a_request_of_the_last_minutes_is_taken(age: int, door: Door) -> None:
    assert (await door.send(HELLO, at=time.time() - age)).status == 200


WRONG: list[dict[str, str]] = [
    {"X-Slack-Request-Timestamp": "abc"},
    {"X-Slack-Request-Timestamp": "1e9"},
    {"X-Slack-Request-Timestamp": "١٧٠٠"},
    {"X-Slack-Request-Timestamp": "-1"},
    {"X-Slack-Request-Timestamp": "9" * 4400},
    {"X-Slack-Request-Timestamp": ""},
    {"X-Slack-Signature": "v0=é"},
    {"X-Slack-Signature": "v0=" + "g" * 64},
    {"X-Slack-Signature": ""},
    {"X-Slack-Signature": "v0=" + "0" * 64},
]


@pytest.mark.parametrize("header", WRONG, ids=lambda h: next(iter(h.values()))[:12])
async def test_anything_but_a_timestamp_and_a_right_signature_is_answered_401(
    header: dict[str, str], door: Door, core: Core
) -> None:
    body, kind = as_json(HELLO)
    response = await door.post(body, signed(body, kind) | header)
    assert response.status == 401
    assert core.came == []


@pytest.mark.parametrize("name", ["X-Slack-Request-Timestamp", "X-Slack-Signature"])
async def test_an_unsigned_request_is_answered_401(name: str, door: Door, core: Core) -> None:
    body, kind = as_json(HELLO)
    headers = signed(body, kind)
    del headers[name]
    assert (await door.post(body, headers)).status == 401
    assert core.came == []


async def test_a_forged_request_is_answered_401(door: Door, core: Core) -> None:
    body, kind = as_json(HELLO)
    assert (await door.send(HELLO, secret="another")).status == 401
    assert (await door.post(body.replace(b"Hei", b"Hai"), signed(body, kind))).status == 401
    assert core.came == []


@pytest.mark.parametrize(
    "headers",
    [{"X-Slack-Request-Timestamp": "abc"}, {"X-Slack-Signature": "v0=é"}],
    ids=["timestamp", "signature"],
)
async def test_bare_bolt_answers_500_to_a_timestamp_or_signature_of_another_shape(
    headers: dict[str, str], bare: tuple[AsyncApp, TestClient[Any, Any]]
) -> None:
    body, kind = as_json(HELLO)
    assert await bare_status(bare[1], body, signed(body, kind) | headers) == 500


UNREADABLE = [b'{"type": "event_call', b"[]", b"null", b'"ord"', b"{" * 100_000, b"nan", b"7"]


@pytest.mark.parametrize("body", UNREADABLE, ids=lambda b: b[:12].decode())
async def test_what_slack_signed_but_nobody_can_read_is_answered_400(
    body: bytes, door: Door, core: Core
) -> None:
    response = await door.post(body, signed(body))
    assert (response.status, await response.text()) == (400, "unreadable")
    assert core.came == []
    assert door.edge.counts == {"unreadable": 1}


@pytest.mark.parametrize("body", UNREADABLE, ids=lambda b: b[:12].decode())
async def test_the_same_unsigned_is_answered_401(body: bytes, door: Door) -> None:
    response = await door.post(body, signed(body, secret="another"))
    assert response.status == 401


@pytest.mark.parametrize("secret", [SECRET, "another"], ids=["signed", "unsigned"])
async def test_bare_bolt_raises_at_truncated_json_signed_or_not(
    secret: str, bare: tuple[AsyncApp, TestClient[Any, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    body = UNREADABLE[0]
    assert await bare_status(bare[1], body, signed(body, secret=secret)) == 500
    assert "JSONDecodeError" in caplog.text


@pytest.mark.parametrize("payload", ["[]", "null", '{"type": "block_act', "7"])
async def test_an_interaction_that_nobody_can_read_is_answered_400(
    payload: str, door: Door
) -> None:
    body = b"payload=" + payload.encode()
    headers = signed(body, "application/x-www-form-urlencoded")
    assert (await door.post(body, headers)).status == 400


async def test_a_body_that_is_not_utf_8_is_answered_400(door: Door) -> None:
    body = b'{"type": "\xff\xfe"}'
    assert (await door.post(body, signed(body))).status == 400


async def test_a_body_over_one_mebibyte_is_answered_413(door: Door, core: Core) -> None:
    body = b" " * (LARGEST + 1)
    response = await door.client.post("/slack/events", data=BytesIO(body), headers=signed(body))
    assert response.status == 413
    assert core.came == []


async def test_so_is_one_that_does_not_say_how_long_it_is(door: Door, core: Core) -> None:
    async def pour() -> AsyncIterator[bytes]:
        for _ in range(33):
            yield b" " * (32 * 1024)

    response = await door.client.post("/slack/events", data=pour(), headers=signed(b""))
    assert response.status == 413
    body, kind = as_json(HELLO)

    async def drip() -> AsyncIterator[bytes]:
        yield body

    response = await door.client.post("/slack/events", data=drip(), headers=signed(body, kind))
    assert response.status == 200
    assert len(core.came) == 1


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "application/xml"])
async def test_another_content_type_is_answered_415(kind: str, door: Door) -> None:
    body, _ = as_json(HELLO)
    assert (await door.post(body, signed(body, kind))).status == 415


async def test_a_charset_does_no_harm(door: Door, core: Core) -> None:
    body, _ = as_json(HELLO)
    assert (await door.post(body, signed(body, "application/json; charset=utf-8"))).status == 200
    assert len(core.came) == 1


async def test_the_address_is_verified(door: Door, core: Core) -> None:
    response = await door.send({"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"})
    assert (response.status, await response.json()) == (200, {"challenge": "3eZbrw1a"})
    assert core.came == []


async def test_the_address_is_not_verified_for_somebody_else(door: Door) -> None:
    challenge = {"type": "url_verification", "challenge": "3eZbrw1a"}
    assert (await door.send(challenge, secret="another")).status == 401


@pytest.mark.parametrize("is_signed", [True, False])
async def test_the_certificate_check_is_answered(is_signed: bool, door: Door, core: Core) -> None:
    body, kind = b"ssl_check=1&token=x", "application/x-www-form-urlencoded"
    headers = signed(body, kind) if is_signed else {"Content-Type": kind}
    assert (await door.post(body, headers)).status == 200
    assert core.came == []


async def test_an_unsigned_form_that_is_no_certificate_check_is_answered_401(door: Door) -> None:
    body, kind = as_form({"command": "/mellom", "text": "ssl_check=1"})
    assert (await door.post(body, {"Content-Type": kind})).status == 401
    long = b"ssl_check=1&x=" + b"x" * 2000
    assert (await door.post(long, {"Content-Type": kind})).status == 401


async def test_what_people_write_is_not_logged(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = envelope(message("hemmelig", blocks=None))
    await door.send(secret)
    await door.send(secret, secret="another")
    await door.send(envelope({"type": "reaction_added", "text": "hemmelig"}))
    await door.send(envelope(message("hemmelig", ts=None, event_ts=None), event_time=None))
    assert "hemmelig" not in caplog.text
    assert not [r for r in caplog.records if "hemmelig" in str(vars(r))]


async def test_bare_bolt_logs_what_came_with_a_wrong_signature(
    bare: tuple[AsyncApp, TestClient[Any, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "slack_bolt.RequestVerification")
    body, kind = as_json(envelope(message("hemmelig")))
    assert await bare_status(bare[1], body, signed(body, kind, secret="another")) == 401
    assert "hemmelig" in caplog.text


# --- events -------------------------------------------------------------------------------------


async def test_only_the_retry_arrives_and_is_taken(door: Door, core: Core) -> None:
    body, kind = as_json(HELLO)
    retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    assert (await door.post(body, signed(body, kind) | retry)).status == 200
    assert len(core.came) == 1


async def test_a_repeated_event_has_the_same_key_each_time(door: Door, core: Core) -> None:
    await asyncio.gather(*(door.send(HELLO) for _ in range(4)))
    assert [incoming.key for incoming in core.came] == ["slack:A0MELLOM:Ev0001"] * 4


@pytest.mark.parametrize("kind", ["reaction_added", "something_of_next_year"])
async def test_an_event_that_we_do_not_know_is_answered_200_and_counted(
    kind: str, door: Door, core: Core
) -> None:
    assert (await door.send(envelope({"type": kind}))).status == 200
    assert (await door.send({"type": kind, "team_id": ALTA.team})).status == 200
    assert door.edge.counts == {"unknown": 2}
    assert core.came == []


async def test_bare_bolt_answers_404_to_an_event_without_a_listener(
    bare: tuple[AsyncApp, TestClient[Any, Any]],
) -> None:
    body, kind = as_json(envelope({"type": "reaction_added"}))
    assert await bare_status(bare[1], body, signed(body, kind)) == 404


@pytest.mark.parametrize(
    "payload",
    [
        envelope({}),
        envelope({"type": "message"}),
        envelope(message(ts=None, event_ts="x")),
        envelope(message(), event_id=None) | {"event": "hei"},
        envelope(changed({}, None)),
        {"type": "event_callback", "team_id": ALTA.team},
        {"type": "block_actions", "team": {"id": ALTA.team}},
        {"type": "block_actions", "team": {"id": ALTA.team}, "actions": []},
        {"type": "view_submission", "team": {"id": ALTA.team}, "view": {}},
        submission({}, {"form": "x"}),
        submission({}, {"form": "x", "place": 7}),
        {"command": "/mellom", "team_id": ALTA.team},
        envelope(message(), event_id="Ev\ud800"),
        envelope(message(), event_id="Ev\0"),
        envelope(message(), api_app_id="A\ud800"),
        envelope(message(user={"id": KARI})),
        envelope(message(ts={"a": 1})),
        envelope(message(event_ts=10**30)),
        envelope(message(thread_ts="9" * 700)),
        press({"action_id": "a", "action_ts": "9" * 40}),
        press({"action_id": "a"}, user={"id": None, "team_id": "T0ALTA"}),
        press({"action_id": "a"}, user={"id": "", "team_id": "T0ALTA"}),
        press({"action_id": "a"}, user={"id": KARI, "team_id": {"id": "T0ALTA"}}),
        press({"action_id": "a"}, channel={"id": ROOM, "name": 5}),
    ],
    ids=str,
)
async def test_whatever_slack_signs_is_never_answered_5xx(
    payload: Json, door: Door, core: Core
) -> None:
    assert (await door.send(payload)).status == 200
    assert core.came == []
    assert sum(door.edge.counts.values()) == 1


async def test_our_own_edited_message_is_dropped_and_counted(door: Door, core: Core) -> None:
    """The edit of a message under a customised name: a bot id deep inside, and no user."""
    names = {"subtype": "bot_message", "user": None, "username": "Kari", "app_id": None}
    event = changed(own("ny", **names), own("gammel", **names))
    assert (await door.send(envelope(event))).status == 200
    assert core.came == []
    assert door.edge.counts == {"dropped": 1}


async def test_bare_bolt_runs_the_listener_for_our_own_edited_message(
    bare: tuple[AsyncApp, TestClient[Any, Any]],
) -> None:
    app, client = bare
    ran = asyncio.Event()

    @app.event({"type": "message", "subtype": "message_changed"})
    async def changed_message() -> None:
        ran.set()

    names = {"subtype": "bot_message", "user": None, "bot_id": "B", "username": "Kari"}
    event = changed(own("ny", **names), own("gammel", **names))
    body, kind = as_json(envelope(event))
    await bare_status(client, body, signed(body, kind))
    await asyncio.wait_for(ran.wait(), 5)


async def test_our_own_message_comes_through_as_an_echo(door: Door, core: Core) -> None:
    await door.send(envelope(own()))
    [echo] = core.came
    assert isinstance(echo, Echo)


async def test_an_uninstallation_comes_through(door: Door, core: Core) -> None:
    await door.send(envelope({"type": "app_uninstalled", "event_ts": "1700000001.000000"}))
    [gone] = core.came
    assert isinstance(gone, Uninstalled)


async def test_a_workspace_that_we_do_not_know_is_answered_200_and_counted(
    door: Door, core: Core
) -> None:
    unknown = {"team_id": "T0NOBODY", "authorizations": [{"team_id": "T0NOBODY"}]}
    assert (await door.send({**HELLO, **unknown})).status == 200
    assert core.came == []
    assert door.edge.counts == {"no_workspace": 1}


async def test_in_a_shared_channel_the_authorized_workspace_is_the_one(
    door: Door, core: Core, workspace: Workspace
) -> None:
    shared = {"team_id": "T0NOBODY", "authorizations": [{"team_id": workspace.team}]}
    await door.send({**HELLO, **shared})
    [said] = core.came
    assert isinstance(said, Said)
    assert said.place.installation == workspace.id


async def test_a_press_by_somebody_from_another_team_belongs_to_whose_message_it_is(
    door: Door, core: Core
) -> None:
    jens = {"id": "U0JENS", "team_id": "T0AARHUS", "name": "jens"}
    payload = press({"action_id": "a"}, user=jens, team={"id": "T0AARHUS"})
    assert (await door.send(payload)).status == 200
    [pressed] = core.came
    assert isinstance(pressed, Pressed)
    assert (pressed.place.installation, pressed.person.tenant) == (ALTA.id, "T0AARHUS")


async def test_a_shortcut_belongs_to_the_workspace_it_was_used_in_whoever_wrote_the_message(
    door: Door, core: Core
) -> None:
    payload = shortcut(message(team="T0AARHUS", user="U0JENS"))
    assert (await door.send(payload)).status == 200
    [pointed] = core.came
    assert isinstance(pointed, Pointed)
    assert (pointed.place.installation, pointed.author) == (ALTA.id, "U0JENS")


async def test_a_shortcut_opens_a_form_or_tells_what_came_of_it(
    at_slack: SlackStandIn, door: Door, core: Core, kari: User, room: Channel, team: Team
) -> None:
    said = await at_slack.say(kari, room, "Hvem leder møtet?")
    core.answer = Open(FORM)
    await at_slack.shortcut(kari, said, "ask")
    assert "Spørsmål" in plain(team.views[kari.id])
    core.answer = Tell(MENU)
    await at_slack.shortcut(kari, said, "ask")
    await door.edge.close()
    assert [plain(whisper) for whisper in team.whispers] == ["Velkommen"]


async def test_events_that_slack_withholds_are_counted_and_told(
    door: Door, core: Core, caplog: pytest.LogCaptureFixture
) -> None:
    limited = {"type": "app_rate_limited", "team_id": ALTA.team, "minute_rate_limited": 1}
    assert (await door.send(limited)).status == 200
    assert door.edge.counts == {"rate_limited": 1}
    assert [r.levelname for r in caplog.records if r.message == "slack.events_withheld"] == [
        "ERROR"
    ]


async def test_what_cannot_be_taken_now_is_answered_503(door: Door, core: Core) -> None:
    core.fails = Unavailable()
    for payload in (HELLO, command("hjelp"), press({"action_id": "a"})):
        assert (await door.send(payload)).status == 503
    assert door.edge.counts == {"unavailable": 3}
    core.fails = None
    assert (await door.send(HELLO)).status == 200
    assert len(core.came) == 1


async def test_a_workspace_that_is_not_loaded_yet_is_answered_503(core: Core, calls: Calls) -> None:
    def loading(enterprise: str | None, team: str | None) -> Workspace | None:
        raise Unavailable

    edge = SlackEdge(
        signing_secret=SECRET, workspaces=loading, take=core.take, answers=Answers(calls, AGAIN)
    )
    client = await serve(edge.events)
    assert (await Door(edge, client).send(HELLO)).status == 503
    await client.close()


async def test_a_message_of_a_team_that_is_none_is_the_pressing_persons_own(
    door: Door, core: Core
) -> None:
    told = press({"action_id": "a"})
    told["message"] = {**(told.get("message") or {}), "team": ["T0ALTA"]}
    assert (await door.send(told)).status == 200
    assert len(core.came) == 1


async def test_what_breaks_is_answered_500_and_named_without_its_words(
    door: Door, core: Core, caplog: pytest.LogCaptureFixture
) -> None:
    core.fails = RuntimeError("hemmelig")
    assert (await door.send(HELLO)).status == 500
    assert door.edge.counts == {"failed": 1}
    assert "hemmelig" not in caplog.text
    [record] = [r for r in caplog.records if r.message == "slack.failed"]
    assert vars(record)["error"] == "RuntimeError"


@pytest.mark.parametrize("fault", [faults.status(500), faults.rate_limited(30), faults.hang()])
async def test_slack_failing_every_call_changes_nothing_in_the_answer(
    fault: faults.Fault, door: Door, core: Core, slack: SlackStandIn
) -> None:
    slack.faults.add(fault, times=None)
    for payload in (HELLO, command("hjelp"), press({"action_id": "a"})):
        response = await door.send(payload)
        assert (response.status, await response.text()) == (200, "")
    assert len(core.came) == 3
    assert slack.counts.total() == 0


async def test_bare_bolt_answers_200_and_loses_the_event_when_slack_fails(
    slack: SlackStandIn, team: Team
) -> None:
    slack.faults.add(faults.error("internal_error"), times=None)
    client = AsyncWebClient(base_url=slack.api_url, token=team.token, retry_handlers=[])
    app = AsyncApp(signing_secret=SECRET, client=client, process_before_response=True)
    heard: list[Any] = []

    @app.event("message")
    async def said(event: Any) -> None:
        heard.append(event)

    async def handle(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    served = await serve(handle)
    body, kind = as_json(HELLO)
    assert await bare_status(served, body, signed(body, kind)) == 200
    assert heard == []
    assert slack.counts["auth.test"] == 1
    await served.close()


async def test_the_environment_gives_bolt_no_stores_and_no_token(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, core: Core, calls: Calls, slack: SlackStandIn
) -> None:
    """Bolt reads these by itself, and would keep tokens in files or ask Slack who it is."""
    for name in ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.setenv(name, "1.2")
    monkeypatch.setenv("HOME", str(tmp_path))
    edge = SlackEdge(
        signing_secret=SECRET,
        workspaces=lambda enterprise, team: ALTA,
        take=core.take,
        answers=Answers(calls, AGAIN),
    )
    client = await serve(edge.events)
    assert (await Door(edge, client).send(HELLO)).status == 200
    assert len(core.came) == 1
    assert_empty(tmp_path)
    await client.close()


# --- answers ------------------------------------------------------------------------------------

FORM = Form(
    name="ask",
    title="Spør",
    submit="Send",
    cancel="Avbryt",
    inputs=(Input("text", "Spørsmål"), Input("more", "Mer", required=False)),
    subject="12",
)
MENU = Tell.words("Velkommen").card
WITH_BUTTON = Card(title="Meny", buttons=(Button("ask", "Spør"),))


@pytest.fixture
def at_slack(door: Door, slack: SlackStandIn) -> SlackStandIn:
    """Slack, sending to the door."""
    slack.events_url = str(door.client.make_url("/slack/events"))
    return slack


async def posted(calls: Calls, team: Team, room: Channel) -> Any:
    """Our message in the room, with a button."""
    button = {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "ask", "text": {"type": "plain_text", "text": "Spør"}}
        ],
    }
    answer = await calls.write(
        "chat.postMessage", team.token, channel=room.id, text="Meny", blocks=[button]
    )
    return room.messages[answer["ts"]]


async def test_a_command_is_answered_to_that_person_only(
    at_slack: SlackStandIn, core: Core, kari: User, room: Channel, team: Team
) -> None:
    core.answer = Tell(WITH_BUTTON)
    reply = await at_slack.command(kari, room, "/mellom", "hjelp")
    assert reply.json["response_type"] == "ephemeral"
    [whisper] = team.whispers
    assert (whisper.user, plain(whisper)) == (kari.id, "Meny\n[Spør]")
    [came] = core.came
    assert isinstance(came, Commanded)
    assert came.text.plain() == "hjelp"


async def test_a_command_without_an_answer_is_answered_empty(
    at_slack: SlackStandIn, kari: User, room: Channel, team: Team
) -> None:
    reply = await at_slack.command(kari, room, "/mellom")
    assert (reply.status, reply.text) == (200, "")
    assert team.whispers == []


async def test_a_command_opens_a_form(
    at_slack: SlackStandIn, core: Core, kari: User, room: Channel, team: Team
) -> None:
    core.answer = Open(FORM)
    reply = await at_slack.command(kari, room, "/mellom", "ask")
    assert (reply.status, reply.text) == (200, "")
    assert "Spørsmål" in plain(team.views[kari.id])


@pytest.mark.parametrize(
    "fault",
    [faults.error("expired_trigger_id"), faults.status(502), faults.drop_before(), faults.hang()],
    ids=lambda fault: fault.kind,
)
async def test_a_form_that_does_not_open_is_told_to_be_tried_again(
    fault: faults.Fault, at_slack: SlackStandIn, core: Core, kari: User, room: Channel, team: Team
) -> None:
    core.answer = Open(FORM)
    at_slack.faults.add(fault, method="views.open")
    await at_slack.command(kari, room, "/mellom", "ask")
    assert [plain(whisper) for whisper in team.whispers] == [AGAIN]


async def test_a_form_is_given_up_when_its_time_is_over(
    core: Core, slack: SlackStandIn, workspace: Workspace, kari: User, team: Team, room: Channel
) -> None:
    """However long Slack takes, the person is answered in time."""
    core.answer = Open(FORM)
    calls = Calls(slack.api_url, seconds=60)
    edge = SlackEdge(
        signing_secret=SECRET,
        workspaces=lambda enterprise, name: workspace,
        take=core.take,
        answers=Answers(calls, AGAIN, seconds=0.1),
    )
    client = await serve(edge.events)
    slack.events_url = str(client.make_url("/slack/events"))
    slack.faults.add(faults.hang(), method="views.open")
    await slack.command(kari, room, "/mellom", "ask")
    assert [plain(whisper) for whisper in team.whispers] == [AGAIN]
    await client.close()
    await calls.close()


async def test_a_press_opens_a_form_or_tells_that_it_could_not(
    at_slack: SlackStandIn, door: Door, core: Core, calls: Calls, kari: User, room: Channel,
    team: Team,
) -> None:  # fmt: skip
    card = await posted(calls, team, room)
    core.answer = Open(FORM)
    await at_slack.press(kari, card, "ask")
    assert "Spørsmål" in plain(team.views[kari.id])
    at_slack.faults.add(faults.error("expired_trigger_id"), method="views.open")
    await at_slack.press(kari, card, "ask")
    await door.edge.close()
    assert [plain(whisper) for whisper in team.whispers] == [AGAIN]


async def test_a_press_is_answered_at_the_address_that_came_with_it(
    at_slack: SlackStandIn, door: Door, core: Core, calls: Calls, kari: User, room: Channel,
    team: Team,
) -> None:  # fmt: skip
    card = await posted(calls, team, room)
    core.answer = Tell(MENU)
    reply = await at_slack.press(kari, card, "ask")
    assert (reply.status, reply.text) == (200, "")
    await door.edge.close()
    assert [plain(whisper) for whisper in team.whispers] == ["Velkommen"]
    assert room.messages[card.ts].text == "Meny"
    assert at_slack.calls("chat.postEphemeral") == []


async def test_a_press_without_such_an_address_is_answered_in_the_room(
    at_slack: SlackStandIn, door: Door, core: Core, calls: Calls, kari: User, room: Channel,
    team: Team, workspace: Workspace,
) -> None:  # fmt: skip
    core.answer = Tell(MENU)
    place = {"type": "message", "message_ts": "1.2", "channel_id": room.id, "thread_ts": "1.1"}
    payload = press(
        {"action_id": "ask"},
        container=place,
        channel={"id": room.id},
        user={"id": kari.id, "team_id": team.team_id},
        team={"id": team.team_id},
        message=own(team=team.team_id),
        response_url=None,
    )
    assert (await door.send(payload)).status == 200
    await door.edge.close()
    assert [(plain(w), w.user, w.thread_ts) for w in team.whispers] == [
        ("Velkommen", kari.id, "1.1")
    ]


async def test_an_address_that_is_used_up_is_not_the_last_word(
    at_slack: SlackStandIn, door: Door, core: Core, calls: Calls, kari: User, room: Channel,
    team: Team,
) -> None:  # fmt: skip
    card = await posted(calls, team, room)
    core.answer = Tell(MENU)
    gone = {"response_url": f"{at_slack.base_url}/response/nowhere"}
    payload = press(
        {"action_id": "ask"},
        container={"type": "message", "message_ts": card.ts, "channel_id": room.id},
        channel={"id": room.id},
        user={"id": kari.id, "team_id": team.team_id},
        team={"id": team.team_id},
        message=card.wire(),
        **gone,
    )
    await door.send(payload)
    await door.edge.close()
    assert [plain(whisper) for whisper in team.whispers] == ["Velkommen"]


async def test_slack_is_not_kept_waiting_while_it_is_slow_itself(
    at_slack: SlackStandIn, core: Core, kari: User, room: Channel, team: Team, workspace: Workspace
) -> None:
    calls = Calls(at_slack.api_url, seconds=60)
    card = await posted(calls, team, room)
    core.answer = Tell(MENU)
    edge = SlackEdge(
        signing_secret=SECRET,
        workspaces=lambda enterprise, name: workspace,
        take=core.take,
        answers=Answers(calls, AGAIN),
    )
    client = await serve(edge.events)
    at_slack.events_url = str(client.make_url("/slack/events"))
    at_slack.faults.add(faults.hang(done=False), times=None)
    reply = await asyncio.wait_for(at_slack.press(kari, card, "ask"), 5)
    assert reply.status == 200
    at_slack.faults.heal()
    await edge.close()
    await client.close()
    await calls.close()


async def opened(at_slack: SlackStandIn, core: Core, kari: User, room: Channel) -> Any:
    """The form, open before Kari."""
    core.answer = Open(FORM)
    await at_slack.command(kari, room, "/mellom", "ask")
    return room.workspace.views[kari.id]


async def test_a_sent_form_comes_in_and_closes(
    at_slack: SlackStandIn, core: Core, kari: User, room: Channel, team: Team
) -> None:
    view = await opened(at_slack, core, kari, room)
    core.answer = None
    reply = await at_slack.submit(kari, view, {"text": "Hva gjør dere?"})
    assert reply is not None
    assert reply.json == {"response_action": "clear"}
    assert kari.id not in team.views
    submitted = core.came[-1]
    assert isinstance(submitted, Submitted)
    assert submitted.values == {"text": "Hva gjør dere?", "more": ""}
    assert (submitted.form, submitted.subject) == ("ask", "12")
    assert (submitted.place.key, submitted.person.user) == (room.id, kari.id)


async def test_a_form_with_problems_stays_with_the_problems_at_its_fields(
    at_slack: SlackStandIn, core: Core, kari: User, room: Channel
) -> None:
    view = await opened(at_slack, core, kari, room)
    bad = Input("text", "Spørsmål", value="", problem="Skriv kortere.")
    core.answer = Open(Form("ask", "Spør", "Send", "Avbryt", (bad, *FORM.inputs[1:]), subject="12"))
    reply = await at_slack.submit(kari, view, {"text": "for langt"})
    assert reply is not None
    assert reply.json["response_action"] == "errors"
    assert view.errors == {"ask/text": "Skriv kortere."}
    core.answer = None
    await at_slack.submit(kari, view, {"text": "kort"})
    keys = [incoming.key for incoming in core.came if isinstance(incoming, Submitted)]
    assert len(set(keys)) == 2


async def test_another_form_takes_the_place_of_the_one_that_was_sent(
    at_slack: SlackStandIn, core: Core, kari: User, room: Channel, team: Team
) -> None:
    view = await opened(at_slack, core, kari, room)
    core.answer = Open(Form("check", "Se over", "Send", "Avbryt", (Input("text", "Er det rett?"),)))
    await at_slack.submit(kari, view, {"text": "Hva?"})
    assert plain(team.views[kari.id]) == "Er det rett?"
    core.answer = None
    await at_slack.submit(kari, team.views[kari.id], {"text": "Ja"})
    submitted = core.came[-1]
    assert isinstance(submitted, Submitted)
    assert (submitted.form, submitted.place.key) == ("check", room.id)


@pytest.mark.parametrize(
    "form",
    [
        FORM,
        Form("ask", "Spør", "Send", "Avbryt", FORM.inputs, subject="13", intro="Se her."),
        Form("ask", "Spør", "Send", "Avbryt", (Input("text", "A", problem="Nei."),), subject="12"),
        Form(
            "check", "Se", "Send", "Avbryt", (Input("text", "A", problem="x"), Input("more", "B"))
        ),
    ],
    ids=["no problems", "another subject", "fewer fields", "another form"],
)
async def test_only_problems_in_the_same_form_leave_it_as_it_is(
    form: Form, at_slack: SlackStandIn, core: Core, kari: User, room: Channel
) -> None:
    view = await opened(at_slack, core, kari, room)
    core.answer = Open(form)
    reply = await at_slack.submit(kari, view, {"text": "Hva?"})
    assert reply is not None
    assert reply.json["response_action"] == "update"


async def test_a_sent_form_can_be_answered_with_words_in_its_place(
    at_slack: SlackStandIn, core: Core, kari: User, room: Channel, team: Team
) -> None:
    view = await opened(at_slack, core, kari, room)
    core.answer = Tell(WITH_BUTTON)
    await at_slack.submit(kari, view, {"text": "Hva?"})
    shown = team.views[kari.id]
    assert plain(shown) == "Meny\n[Spør]"
    await at_slack.press(kari, shown, "ask")
    pressed = core.came[-1]
    assert isinstance(pressed, Pressed)
    assert (pressed.place.key, pressed.message) == (room.id, None)


async def test_what_people_write_has_no_answer_at_once(
    at_slack: SlackStandIn, core: Core, kari: User, room: Channel, team: Team
) -> None:
    core.answer = Tell(MENU)
    await at_slack.say(kari, room, "@Mellom hjelp")
    sent = await at_slack.flush()
    assert [delivery.replies[0].text for delivery in sent] == ["", ""]
    assert team.whispers == []


async def test_a_day_at_slack_comes_through_in_our_words(
    at_slack: SlackStandIn, core: Core, kari: User, room: Channel
) -> None:
    root = await at_slack.say(kari, room, "Hvordan får dere liv i *tavlemøtene*?")
    await at_slack.say(kari, room, "Ingen?", thread_ts=root, files=[("plan.pdf", 2048)])
    await at_slack.edit(root, "Hvordan?")
    await at_slack.unfurl(root, "https://a.no")
    await at_slack.delete(root)
    await at_slack.flush()
    names = [type(incoming).__name__ for incoming in core.came]
    assert names == ["Said", "Said", "Edited", "Deleted"]
    gone = core.came[-1]
    assert isinstance(gone, Deleted)
    assert gone.message == root.ts


# --- installing ---------------------------------------------------------------------------------


class Stores:
    """States and installations, kept where a test can see them."""

    def __init__(self) -> None:
        self.states = ["s1", "s2"]
        self.issued: set[str] = set()
        self.saved: list[Installed] = []
        self.down = False

    async def save(self, installed: Installed) -> None:
        if self.down:
            raise Unavailable
        self.saved.append(installed)

    async def issue(self) -> str:
        if self.down:
            raise Unavailable
        self.issued.add(self.states[-1])
        return self.states.pop()

    async def consume(self, state: str) -> bool:
        known = state in self.issued
        self.issued.discard(state)
        return known


@pytest.fixture
def stores() -> Stores:
    return Stores()


Get = Callable[..., Awaitable[aiohttp.ClientResponse]]


@pytest.fixture
async def get(
    slack: SlackStandIn, calls: Calls, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Get]:
    # Bolt would ask for these too.
    monkeypatch.setenv("SLACK_SCOPES", "files:read")
    monkeypatch.setenv("SLACK_USER_SCOPES", "admin")
    oauth = SlackOAuth(
        client_id=slack.client_id,
        client_secret=slack.client_secret,
        redirect_uri="https://mellom.example/slack/oauth_redirect",
        calls=calls,
        save=stores.save,
        issue=stores.issue,
        consume=stores.consume,
    )
    app = web.Application()
    app.router.add_get("/slack/install", oauth.install)
    app.router.add_get("/slack/oauth_redirect", oauth.oauth_redirect)
    client: TestClient[Any, Any] = TestClient(TestServer(app))
    await client.start_server()

    async def ask(path: str, cookie: str = "") -> aiohttp.ClientResponse:
        headers = {"Cookie": cookie} if cookie else {}
        return await client.get(path, headers=headers, allow_redirects=False)

    yield ask
    await client.close()


COOKIE = "slack-app-oauth-state=s2"


async def test_installing_sends_the_person_to_slack_with_a_state_and_our_scopes(
    get: Get, slack: SlackStandIn
) -> None:
    response = await get("/slack/install")
    assert response.status == 302
    to = urlsplit(response.headers["Location"])
    asked = parse_qs(to.query)
    assert f"{to.scheme}://{to.netloc}{to.path}" == f"{slack.base_url}/oauth/v2/authorize"
    assert asked["state"] == ["s2"]
    assert asked["scope"] == [",".join(SCOPES)]
    assert asked["redirect_uri"] == ["https://mellom.example/slack/oauth_redirect"]
    assert "user_scope" not in asked
    assert "chat:write.customize" not in SCOPES
    cookie = response.cookies["slack-app-oauth-state"]
    assert (cookie.value, cookie["secure"], cookie["httponly"]) == ("s2", True, True)


async def code_from(get: Get, slack: SlackStandIn) -> str:
    """What Slack gives a person who was sent there and says yes."""
    url = (await get("/slack/install")).headers["Location"]
    team = slack.workspace("Alta")
    async with aiohttp.ClientSession() as session:
        response = await session.get(f"{url}&team={team.team_id}", allow_redirects=False)
    return parse_qs(urlsplit(response.headers["Location"]).query)["code"][0]


async def test_coming_back_from_slack_the_installation_is_kept(
    get: Get, slack: SlackStandIn, stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    code = await code_from(get, slack)
    response = await get(f"/slack/oauth_redirect?code={code}&state=s2", COOKIE)
    assert response.status == 200
    [installed] = stores.saved
    team = slack.workspace("Alta")
    assert (installed.app, installed.team, installed.token) == (
        team.app_id,
        team.team_id,
        team.token,
    )
    assert (installed.bot_user, installed.bot) == (team.bot_user_id, team.bot_id)
    assert installed.team_name == "Alta"
    assert installed.enterprise is None
    assert_empty(tmp_path)


@pytest.mark.parametrize(
    ("query", "cookie", "status"),
    [
        ("code=x&state=s2", "", 400),
        ("code=x&state=s2", "slack-app-oauth-state=other", 400),
        ("code=x&state=s9", "slack-app-oauth-state=s9", 401),
        ("state=s2", COOKIE, 401),
        ("code=wrong&state=s2", COOKIE, 401),
        ("error=access_denied", "", 200),
    ],
    ids=["no cookie", "another browser", "unknown state", "no code", "wrong code", "cancelled"],
)
async def test_nothing_is_kept_of_an_installation_that_is_not_whole(
    query: str, cookie: str, status: int, get: Get, stores: Stores
) -> None:
    await get("/slack/install")
    assert (await get(f"/slack/oauth_redirect?{query}", cookie)).status == status
    assert stores.saved == []


async def test_a_state_is_good_once(get: Get, slack: SlackStandIn, stores: Stores) -> None:
    code = await code_from(get, slack)
    back = f"/slack/oauth_redirect?code={code}&state=s2"
    assert (await get(back, COOKIE)).status == 200
    assert (await get(back, COOKIE)).status == 401
    assert len(stores.saved) == 1


async def test_what_stands_in_the_address_is_not_markup_on_the_page(get: Get) -> None:
    response = await get("/slack/oauth_redirect?error=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>" not in await response.text()


async def test_an_installation_that_cannot_be_kept_now_is_answered_503(
    get: Get, slack: SlackStandIn, stores: Stores
) -> None:
    code = await code_from(get, slack)
    stores.down = True
    assert (await get(f"/slack/oauth_redirect?code={code}&state=s2", COOKIE)).status == 503
    assert (await get("/slack/install")).status == 503


@pytest.mark.parametrize(
    "fault",
    [
        faults.drop_after(),
        faults.hang(),
        faults.garbage(),
        *(faults.status(200, body) for body in ("[]", "null", '{"ok": true}')),
        faults.status(200, '{"ok": true, "access_token": "xoxb-1", "team": "T1"}'),
        faults.status(200, '{"ok": true, "access_token": "xoxb-1", "authed_user": {"id": "U1"}}'),
    ],
)
async def test_slack_failing_during_an_installation_is_answered_502(
    fault: faults.Fault, get: Get, slack: SlackStandIn, stores: Stores
) -> None:
    await get("/slack/install")
    slack.faults.add(fault)
    assert (await get("/slack/oauth_redirect?code=x&state=s2", COOKIE)).status == 502
    assert stores.saved == []


async def test_codes_and_tokens_are_not_logged(
    get: Get, slack: SlackStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "adapters")
    caplog.set_level(logging.DEBUG, "slack_sdk")
    caplog.set_level(logging.DEBUG, "slack_bolt")
    await get("/slack/install")
    await get("/slack/oauth_redirect?code=verysecret&state=s2", COOKIE)
    assert "verysecret" not in caplog.text
