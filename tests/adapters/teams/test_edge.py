"""POST /api/messages: what is answered to whom, and what gets as far as the bot."""

from __future__ import annotations

import gzip
import io
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import respx
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from azure.core.exceptions import DeserializationError
from botbuilder.core import BotAdapter, TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import Activity

from adapters.playground.teams.identity import FORGERIES
from adapters.playground.teams.identity import Identity as Service
from adapters.playground.teams.stand_in import Message, TeamsStandIn
from adapters.taking import Unavailable
from adapters.teams.bots import Bot, Bots
from adapters.teams.cards import message
from adapters.teams.credentials import Hosts
from adapters.teams.edge import TeamsEdge
from adapters.teams.identity import Identity
from bot.cards import Answer, Button, Card, Form, Input, Open, Tell
from bot.incoming import Incoming, Pressed, Said, Submitted
from tests.adapters.teams.parts import (
    APP,
    CHANNEL,
    CREDENTIALS,
    INSTALLATION,
    SERVICE_URL,
    Clock,
    Keys,
    activity,
    bearer,
    bots,
    identity,
)

FORM = Form("ask", "Nytt spørsmål", "Send", "Avbryt", (Input("question", "Spørsmål"),), "7")
DATA = {"action": "poll.vote", "value": "2", "token": "01J"}


class SimpleAdapter(BotAdapter):  # type: ignore[misc]
    """What the SDK wants for a turn in which nothing is sent."""

    async def send_activities(self, context: Any, activities: Any) -> Any:
        raise NotImplementedError

    async def update_activity(self, context: Any, activity: Any) -> Any:
        raise NotImplementedError

    async def delete_activity(self, context: Any, reference: Any) -> Any:
        raise NotImplementedError


class World:
    """The edge on loopback, with a bot behind it that answers what a test tells it to."""

    def __init__(self, service: Service, keys: Keys) -> None:
        self.service = service
        self.keys = keys
        self.taken: list[Incoming] = []
        self.answer: Answer = None
        self.trouble: Exception | None = None
        self.bots_are_readable = True
        self.clock = clock = Clock(time.time())
        ours = Bots(self.bots, clock=clock)
        self.edge = TeamsEdge(identity(clock, ours), ours, self.take, clock=clock)

    async def bots(self) -> list[Bot]:
        if not self.bots_are_readable:
            raise Unavailable("the database is down")
        return [Bot(INSTALLATION, CREDENTIALS)]

    async def take(self, incoming: Incoming) -> Answer:
        if self.trouble is not None:
            raise self.trouble
        self.taken.append(incoming)
        return self.answer

    async def send(
        self, body: Any, token: str | None = None, **headers: str | None
    ) -> tuple[int, Any]:
        """Status and JSON of the answer. A body of bytes goes as it is."""
        if token is None:
            token = self.service.token(serviceurl=SERVICE_URL)
        given = {"Content-Type": "application/json; charset=utf-8", **headers}
        if token:
            given["Authorization"] = bearer(token)
        sent = {name: value for name, value in given.items() if value is not None}
        answer = await self.client.post(
            "/api/messages",
            data=io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode()),
            headers=sent,
            skip_auto_headers=["Content-Type"],
        )
        text = await answer.text()
        return answer.status, json.loads(text) if text else None

    async def invoke(self, name: str, value: Any, **changes: Any) -> tuple[int, Any]:
        press = activity(type="invoke", name=name, value=value, text=None, **changes)
        return await self.send(press)

    client: TestClient[web.Request, web.Application]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    service = Service(APP, CREDENTIALS.password)
    with respx.mock(assert_all_called=False) as mock:
        world = World(service, Keys(service, mock))
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.router.add_post("/api/messages", world.edge.messages)
        async with TestClient(TestServer(application)) as client:
            world.client = client
            yield world


async def test_a_genuine_message_is_taken_and_answered_200(world: World) -> None:
    assert await world.send(activity()) == (200, None)
    (said,) = world.taken
    assert isinstance(said, Said)
    assert said.text.plain() == "Hvordan får dere liv i tavlemøtene?"
    assert said.place.installation == 7


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forged_request_is_answered_401(name: str, world: World) -> None:
    forged = world.service.forgery(name, SERVICE_URL)
    assert await world.send(activity(), forged) == (401, None)
    assert world.taken == []
    assert world.edge.counts["refused 401"] == 1


async def test_a_request_without_a_token_is_answered_401(world: World) -> None:
    assert (await world.send(activity(), ""))[0] == 401
    assert (await world.send(activity(), "", Authorization="Basic eDp5"))[0] == 401
    assert world.taken == []


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b"{}",
        b"",
        b"{",
        b"7",
        b'"message"',
        b"\xff\xfe",
        b'{"type": 7}',
        b'{"a":' * 50_000,
        b"1" * 5000,
    ],
)
async def test_a_body_that_is_no_activity_is_answered_400(body: bytes, world: World) -> None:
    assert (await world.send(body))[0] == 400
    assert (await world.send(body, ""))[0] == 400


@pytest.mark.parametrize("body", [[], None])
def test_the_bare_sdk_fails_over_a_body_that_is_no_activity(body: Any) -> None:
    with pytest.raises((DeserializationError, AttributeError)):
        # Its hosting layer reads `type` off whatever this made of the body.
        _ = Activity().deserialize(body).type


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", ";"])
async def test_another_kind_of_body_is_answered_415(kind: str | None, world: World) -> None:
    assert (await world.send(activity(), **{"Content-Type": kind}))[0] == 415


async def test_a_body_of_five_megabytes_is_answered_413(world: World) -> None:
    assert (await world.send(b" " * (5 * 1024 * 1024)))[0] == 413
    assert world.taken == []


async def test_a_body_that_grows_when_it_is_unpacked_is_answered_413(world: World) -> None:
    packed = gzip.compress(b" " * (5 * 1024 * 1024))
    assert (await world.send(packed, **{"Content-Encoding": "gzip"}))[0] == 413


async def test_a_body_that_cannot_be_unpacked_is_answered_400(world: World) -> None:
    assert (await world.send(b"not gzip", **{"Content-Encoding": "gzip"}))[0] == 400


@pytest.mark.parametrize("service_url", [None, "", "https://evil.example/"])
async def test_a_token_for_a_service_url_that_is_not_teams_is_answered_401(
    service_url: str | None, world: World
) -> None:
    for claim in (SERVICE_URL, service_url):
        token = world.service.token(serviceurl=claim)
        assert (await world.send(activity(serviceUrl=service_url), token))[0] == 401
    assert world.taken == []


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "conversationUpdate", "channelData": None, "membersAdded": [{"id": "29:jens"}]},
        {"type": "conversationUpdate", "channelData": None},
        {"text": None},
        {"entities": [{"type": "nytt", "x": {"y": 1}}, None, 7]},
        {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
        {"type": "noe nytt"},
        {"conversation": None},
        {"from": None},
        {"recipient": None, "channelData": "tekst", "attachments": {"a": 1}},
    ],
)
async def test_whatever_is_genuine_is_answered_200(changes: dict[str, Any], world: World) -> None:
    assert await world.send(activity(**changes)) == (200, None)


async def test_the_bare_sdk_fails_over_an_update_without_channel_data() -> None:
    joined = activity(type="conversationUpdate", channelData=None, membersAdded=[{"id": "29:jens"}])
    turn = TurnContext(SimpleAdapter(), Activity.deserialize(joined))
    with pytest.raises(AttributeError):
        await TeamsActivityHandler().on_turn(turn)


async def test_what_is_not_understood_is_counted(world: World) -> None:
    await world.send(activity(type="noe nytt"))
    await world.send(activity(type="conversationUpdate"))
    assert world.taken == []
    assert world.edge.counts["not_understood"] == 2


async def test_what_cannot_be_taken_now_is_to_be_sent_again(world: World) -> None:
    for trouble in (Unavailable("the database is down"), RuntimeError("a mistake of ours")):
        world.trouble = trouble
        assert (await world.send(activity()))[0] == 503
    world.trouble = None
    assert (await world.send(activity()))[0] == 200


async def test_while_the_keys_cannot_be_fetched_it_is_to_be_sent_again(world: World) -> None:
    world.keys.broken = True
    assert (await world.send(activity()))[0] == 503
    assert world.taken == []


async def test_while_our_bots_cannot_be_read_it_is_to_be_sent_again(world: World) -> None:
    world.bots_are_readable = False
    assert (await world.send(activity()))[0] == 503
    world.bots_are_readable = True
    world.clock.now += 6
    assert (await world.send(activity()))[0] == 200
    world.bots_are_readable = False
    world.clock.now += 61
    assert (await world.send(activity(id="1700000000002")))[0] == 200  # It was known before.
    elsewhere = {"id": CHANNEL, "conversationType": "channel", "tenantId": "elsewhere"}
    assert (await world.send(activity(conversation=elsewhere)))[0] == 503
    assert len(world.taken) == 2


# Invokes.


def press(data: dict[str, Any]) -> dict[str, Any]:
    return {"action": {"type": "Action.Execute", "verb": "x", "data": data}, "trigger": "manual"}


async def test_a_press_is_answered_with_words_for_the_one_who_pressed(world: World) -> None:
    world.answer = Tell.words("Stemmen er talt.")
    status, body = await world.invoke("adaptiveCard/action", press(DATA), replyToId="9")
    assert status == 200
    assert body["value"] == "Stemmen er talt."
    (pressed,) = world.taken
    assert isinstance(pressed, Pressed)
    assert pressed.message == "9"


async def test_a_vote_is_the_senders_and_a_second_delivery_is_the_same_one(world: World) -> None:
    forged = {**DATA, "userId": "aad-jens"}
    for id in ("f:1", "f:2", "f:2"):
        await world.invoke("adaptiveCard/action", press(forged), id=id)
    first, other, again = world.taken
    assert {p.person.user for p in world.taken if isinstance(p, Pressed)} == {"aad-kari"}
    assert other.key == again.key != first.key


async def test_a_press_that_opens_a_form_is_answered_with_the_dialog(world: World) -> None:
    world.answer = Open(FORM)
    status, body = await world.invoke("task/fetch", {"data": DATA})
    assert (status, body["task"]["type"]) == (200, "continue")
    world.answer = Tell.words("Den er lukket.")
    _, body = await world.invoke("task/fetch", {"data": DATA})
    assert body == {"task": {"type": "message", "value": "Den er lukket."}}


async def test_a_form_is_answered_with_words_with_itself_or_with_nothing(world: World) -> None:
    data = {"data": {"form": "ask", "subject": "7", "question": "Hvordan?"}}
    assert await world.invoke("task/submit", data) == (200, {})
    world.answer = Open(FORM)
    assert (await world.invoke("task/submit", data))[1]["task"]["type"] == "continue"
    world.answer = Tell.words("Takk!")
    assert (await world.invoke("task/submit", data))[1]["task"]["value"] == "Takk!"
    submitted = world.taken[0]
    assert isinstance(submitted, Submitted)
    assert submitted.values == {"question": "Hvordan?"}


@pytest.mark.parametrize("value", [None, [], {}, {"action": {}}, {"action": {"data": "tekst"}}])
async def test_a_press_without_the_shape_of_one_is_400_inside_a_good_answer(
    value: Any, world: World
) -> None:
    status, body = await world.invoke("adaptiveCard/action", value)
    assert (status, body["statusCode"]) == (200, 400)
    assert body["type"] == "application/vnd.microsoft.error"
    assert world.taken == []


async def test_a_form_without_the_shape_of_one_changes_nothing(world: World) -> None:
    assert await world.invoke("task/submit", {"data": {}}) == (200, {})
    assert world.taken == []


@pytest.mark.parametrize("name", ["fileConsent/invoke", "composeExtension/query", "noe/nytt", None])
async def test_an_unknown_invoke_is_answered_501_and_changes_nothing(
    name: str | None, world: World
) -> None:
    assert await world.invoke(str(name), {"data": DATA}) == (501, None)
    assert world.taken == []


async def test_an_old_clients_press_is_a_message(world: World) -> None:
    world.answer = Tell.words("Ingen ser dette.")
    assert await world.send(activity(text=None, value=DATA, replyToId="9")) == (200, None)
    assert isinstance(world.taken[0], Pressed)


# Against the stand-in, which signs and publishes its keys itself.


@pytest.fixture
async def served() -> AsyncIterator[tuple[TeamsStandIn, list[Incoming]]]:
    taken: list[Incoming] = []

    async def take(incoming: Incoming) -> Answer:
        taken.append(incoming)
        return Open(FORM) if isinstance(incoming, Pressed) else None

    async with TeamsStandIn(APP, CREDENTIALS.password, "leietaker") as teams:
        settings = teams.environment()
        aarhus = teams.tenant("Aarhus Kommune")
        ours = bots(Bot(7, CREDENTIALS, frozenset({aarhus.id})))
        door = Identity(
            ours,
            clock=time.time,
            hosts=Hosts([settings["TEAMS_SERVICE_HOSTS"]]),
            metadata_url=settings["TEAMS_OPENID_METADATA_URL"],
        )
        edge = TeamsEdge(door, ours, take, clock=time.time)
        application = web.Application()
        application.router.add_post("/api/messages", edge.messages)
        async with TestServer(application) as server:
            teams.messages_url = str(server.make_url("/api/messages"))
            yield teams, taken


async def test_a_conversation_in_teams_is_understood_from_end_to_end(
    served: tuple[TeamsStandIn, list[Incoming]],
) -> None:
    teams, taken = served
    aarhus = teams.tenant("Aarhus Kommune")
    jens = aarhus.user("Jens Holm", locale="da-DK")
    channel = aarhus.team("Forbedring", read_all=True).channel("Mellom")
    await teams.install(channel.team, channel)
    asked = await teams.say(jens, channel, "Hvordan får I liv i tavlemøderne?", mention_bot=True)
    reply = await teams.say(jens, channel, "Vi spørger »hvorfor«.", root=asked)
    await teams.edit(reply, "Vi spørger »hvorfor« én gang til.")
    await teams.delete(reply)
    await teams.undelete(reply)
    await teams.archive_team(channel.team)
    await teams.unarchive_team(channel.team)
    await teams.rename_channel(channel, "Imellem")
    await teams.delete_channel(channel)
    await teams.remove(channel.team)
    for delivery in await teams.flush():
        assert delivery.reply.status == 200
        teams.identity.rotate_keys()
    assert [type(incoming).__name__ for incoming in taken] == [
        *("Added", "Added", "Said", "Said", "Edited", "Deleted", "Edited", "Removed", "Added"),
        *("Moved", "Removed", "Removed", "Removed"),
    ]
    said, answered = taken[2:4]
    assert isinstance(said, Said)
    assert isinstance(answered, Said)
    assert said.text.plain() == "Hvordan får I liv i tavlemøderne?"
    assert said.addressed
    assert (said.person.user, said.person.tenant) == (jens.aad, aarhus.id)
    assert answered.root == said.message == asked.id
    assert not answered.addressed


async def test_a_form_is_opened_and_sent_from_a_card_in_teams(
    served: tuple[TeamsStandIn, list[Incoming]],
) -> None:
    teams, taken = served
    jens = teams.tenant("Aarhus Kommune").user("Jens Holm")
    card = Card(buttons=(Button("question.answer", "Svar", "7", opens=True),))
    shown = Message("1", jens.chat, None, message(card, "01J"))
    jens.chat.messages.append(shown)
    pressed = await teams.press(jens, shown, "Svar")
    assert pressed.dialog is not None
    sent = await teams.submit(jens, pressed.dialog, {"question": "Hvordan?"})
    assert sent.reply.status == 200
    press_, submitted = taken
    assert isinstance(press_, Pressed)
    assert (press_.action, press_.value, press_.token) == ("question.answer", "7", "01J")
    assert isinstance(submitted, Submitted)
    assert (submitted.form, submitted.subject) == ("ask", "7")
    assert submitted.values == {"question": "Hvordan?"}
