"""The stand-in for Teams keeps to what Teams documents, as the SDK's own code reads it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from aiohttp import web
from botbuilder.schema import Activity, ConversationParameters
from botframework.connector.aio import ConnectorClient
from botframework.connector.auth import (
    ChannelValidation,
    JwtTokenValidation,
    MicrosoftAppCredentials,
    SimpleCredentialProvider,
)
from botframework.connector.models import ErrorResponseException

from adapters.playground import faults
from adapters.playground.teams import cards as teams_cards
from adapters.playground.teams.identity import FORGERIES, SCOPE
from adapters.playground.teams.stand_in import Message, TeamsStandIn, User, buttons, plain

APP_ID = "6b0f2a8e-9d0c-4f5e-8a55-0c2f6d1b7e11"
PASSWORD = "a secret that is only used on loopback"
BOT_TENANT = "3f0f3a51-7a35-4c0f-9a0a-5f4c64f9a001"


class Bot:
    """Takes what the stand-in sends, and answers what it is told to."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.authorizations: list[str] = []
        self.statuses: list[int] = []
        self.answer: Any = None

    async def hear(self, request: web.Request) -> web.StreamResponse:
        self.heard.append(json.loads(await request.read()))
        self.authorizations.append(request.headers.get("Authorization", ""))
        status = self.statuses.pop(0) if self.statuses else 200
        if self.answer is None:
            return web.Response(status=status)
        return web.json_response(self.answer, status=status)


@pytest.fixture
async def bot() -> AsyncIterator[tuple[Bot, str]]:
    bot = Bot()
    application = web.Application()
    application.router.add_post("/api/messages", bot.hear)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield bot, f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
    await runner.cleanup()


@pytest.fixture
async def teams(bot: tuple[Bot, str]) -> AsyncIterator[TeamsStandIn]:
    async with TeamsStandIn(APP_ID, PASSWORD, BOT_TENANT, bot[1]) as teams:
        yield teams


@pytest.fixture
def heard(bot: tuple[Bot, str]) -> list[dict[str, Any]]:
    return bot[0].heard


class Aarhus:
    """One tenant with a team, a room and a person, where the app is installed."""

    def __init__(self, teams: TeamsStandIn) -> None:
        self.tenant = teams.tenant("Aarhus Kommune")
        self.jens = self.tenant.user("Jens Holm", locale="da-DK")
        self.team = self.tenant.team("Forbedring", read_all=True)
        self.room = self.team.channel("Mellom")
        self.team.installed = True


@pytest.fixture
def aarhus(teams: TeamsStandIn) -> Aarhus:
    return Aarhus(teams)


class Client:
    """A plain HTTP client of the connector, with a token got for the secret."""

    def __init__(self, teams: TeamsStandIn, http: httpx.AsyncClient) -> None:
        self.teams = teams
        self.http = http
        self.headers: dict[str, str] = {}

    async def log_in(self, **changes: str) -> httpx.Response:
        form = {
            "grant_type": "client_credentials",
            "client_id": APP_ID,
            "client_secret": PASSWORD,
            "scope": SCOPE,
            **changes,
        }
        url = self.teams.environment()["TEAMS_TOKEN_URL"].format(tenant=self.teams.bot_tenant)
        response = await self.http.post(url, data=form)
        if response.status_code == 200:
            self.headers = {"Authorization": f"Bearer {response.json()['access_token']}"}
        return response

    async def ask(self, verb: str, path: str, body: Any = None) -> httpx.Response:
        tenant = next(iter(self.teams.world.tenants.values()))
        url = f"{self.teams.service_url(tenant)}v3/conversations{path}"
        return await self.http.request(verb, url, json=body, headers=self.headers)

    async def begin(self, channel: str, activity: Any) -> httpx.Response:
        data = {"channel": {"id": channel}}
        body = {"isGroup": True, "channelData": data, "activity": activity}
        return await self.ask("POST", "", body)

    async def write(self, conversation: str, activity: Any) -> httpx.Response:
        return await self.ask("POST", f"/{quote(conversation, safe='')}/activities", activity)


@pytest.fixture
async def client(teams: TeamsStandIn) -> AsyncIterator[Client]:
    async with httpx.AsyncClient(timeout=5) as http:
        client = Client(teams, http)
        await client.log_in()
        yield client


def words(text: str) -> dict[str, Any]:
    return {"type": "message", "text": text, "textFormat": "plain"}


def card(*body: dict[str, Any], actions: Any = (), version: str = "1.5") -> dict[str, Any]:
    content = {"type": "AdaptiveCard", "version": version, "body": list(body)}
    if actions:
        content["actions"] = list(actions)
    return {
        "type": "message",
        "attachments": [{"contentType": teams_cards.CARD, "content": content}],
    }


def text_block(text: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True}


EXECUTE = {
    "type": "Action.Execute",
    "title": "Svar",
    "verb": "answer",
    "id": "b1",
    "data": {"value": "7"},
    "fallback": {
        "type": "Action.Submit",
        "title": "Svar",
        "data": {"value": "7", "verb": "answer"},
    },
}
FETCH = {
    "type": "Action.Submit",
    "title": "Skriv",
    "data": {"form": "write", "msteams": {"type": "task/fetch"}},
}
FORM = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [
        {"type": "Input.Text", "id": "words", "label": "Spørgsmål", "isRequired": True},
        {"type": "Input.Text", "id": "more", "label": "Mere", "value": "intet"},
    ],
    "actions": [{"type": "Action.Submit", "title": "Send", "data": {"form": "write"}}],
}


async def posted(client: Client, aarhus: Aarhus, activity: Any) -> Message:
    response = await client.begin(aarhus.room.id, activity)
    message = aarhus.room.message(response.json()["activityId"])
    assert message is not None
    return message


# What goes to the bot.


async def check(teams: TeamsStandIn, activity: dict[str, Any], authorization: str) -> Any:
    ChannelValidation.open_id_metadata_endpoint = teams.environment()["TEAMS_OPENID_METADATA_URL"]
    try:
        return await asyncio.to_thread(
            asyncio.run,
            JwtTokenValidation.authenticate_request(
                Activity.deserialize(activity), authorization, SimpleCredentialProvider(APP_ID, "")
            ),
        )
    finally:
        ChannelValidation.open_id_metadata_endpoint = None


async def test_the_sdk_takes_the_stand_ins_tokens_for_the_services(
    teams: TeamsStandIn, aarhus: Aarhus, bot: tuple[Bot, str]
) -> None:
    await teams.say(aarhus.jens, aarhus.room, "Hej")
    await teams.flush()
    identity = await check(teams, bot[0].heard[0], bot[0].authorizations[0])
    assert identity.is_authenticated
    assert teams.counts["metadata"] == teams.counts["keys"] == 1


@pytest.mark.parametrize("name", FORGERIES)
async def test_the_sdk_takes_no_forgery(teams: TeamsStandIn, aarhus: Aarhus, name: str) -> None:
    await teams.say(aarhus.jens, aarhus.room, "Hej")
    (delivery,) = teams.take()
    token = teams.identity.forgery(name, delivery.activity["serviceUrl"])
    with pytest.raises(Exception):  # noqa: B017, PT011  The SDK raises anything from here.
        await check(teams, delivery.activity, f"Bearer {token}")


async def test_a_rotated_key_signs_and_the_old_one_goes_or_stays(teams: TeamsStandIn) -> None:
    first = teams.identity.key
    teams.identity.rotate_keys(keep_old=True)
    assert first in teams.identity.published
    second = teams.identity.key
    teams.identity.rotate_keys()
    assert second not in teams.identity.published
    published = [key["kid"] for key in teams.identity.key_set()["keys"]]
    assert published[0] == teams.identity.key.kid not in (first.kid, second.kid)


async def test_a_message_in_a_channel_looks_like_one_from_teams(
    teams: TeamsStandIn, aarhus: Aarhus, heard: list[dict[str, Any]]
) -> None:
    root = await teams.say(aarhus.jens, aarhus.room, "@Mellom 2 < 3 & 4", mention_bot=True)
    reply = await teams.say(aarhus.jens, aarhus.room, "ja", root)
    await teams.flush()
    first, second = heard
    assert first["text"] == "<at>Mellom</at>&nbsp;2 &lt; 3 &amp; 4"
    assert first["entities"][0] == {
        "type": "mention",
        "mentioned": {"id": f"28:{APP_ID}", "name": "Mellom"},
        "text": "<at>Mellom</at>",
    }
    assert first["attachments"][0]["contentType"] == "text/html"
    assert first["conversation"] == {
        "isGroup": True,
        "conversationType": "channel",
        "tenantId": aarhus.tenant.id,
        "id": f"{aarhus.room.id};messageid={root.id}",
    }
    assert second["conversation"]["id"] == first["conversation"]["id"]
    assert (first["id"], second["id"]) == (root.id, reply.id)
    assert first["channelData"]["tenant"]["id"] == aarhus.tenant.id
    assert first["channelData"]["teamsTeamId"] == aarhus.team.id
    assert first["from"]["aadObjectId"] == aarhus.jens.aad
    assert first["locale"] == "da-DK"
    assert first["serviceUrl"] == teams.service_url(aarhus.tenant)
    assert plain(root) == "Mellom 2 < 3 & 4"


async def test_without_consent_the_bot_hears_only_what_mentions_it(
    teams: TeamsStandIn, aarhus: Aarhus, heard: list[dict[str, Any]]
) -> None:
    quiet = aarhus.tenant.team("Stille").channel("Mellom")
    await teams.say(aarhus.jens, quiet, "Mellom?", mention_bot=True)
    await teams.install(quiet.team)
    await teams.flush()
    assert [activity["type"] for activity in heard] == ["installationUpdate", "conversationUpdate"]
    await teams.say(aarhus.jens, quiet, "Ikke til dig")
    await teams.say(aarhus.jens, quiet, "Til dig", mention_bot=True)
    await teams.say(aarhus.jens, teams.personal(aarhus.jens), "Hemmeligt")
    await teams.flush()
    assert [activity["conversation"]["conversationType"] for activity in heard[2:]] == [
        "channel",
        "personal",
    ]


async def test_edit_deletion_and_undeletion_carry_the_messages_id(
    teams: TeamsStandIn, aarhus: Aarhus, heard: list[dict[str, Any]]
) -> None:
    message = await teams.say(aarhus.jens, aarhus.room, "Før")
    await teams.edit(message, "Efter")
    await teams.delete(message)
    assert plain(message) == ""
    await teams.undelete(message)
    await teams.flush()
    assert {activity["id"] for activity in heard} == {message.id}
    kinds = [(a["type"], a["channelData"].get("eventType"), a.get("text")) for a in heard]
    assert kinds == [
        ("message", None, "Før"),
        ("messageUpdate", "editMessage", "Efter"),
        ("messageDelete", "softDeleteMessage", None),
        ("messageUpdate", "undeleteMessage", "Efter"),
    ]
    assert plain(message) == "Efter"


async def test_installing_and_removing_are_told_twice_in_either_order(
    teams: TeamsStandIn, aarhus: Aarhus, heard: list[dict[str, Any]]
) -> None:
    await teams.remove(aarhus.team, swapped=True)
    await teams.install(aarhus.team, aarhus.room, swapped=True)
    await teams.flush()
    assert [(a["type"], a.get("action")) for a in heard] == [
        ("conversationUpdate", None),
        ("installationUpdate", "remove"),
        ("conversationUpdate", None),
        ("installationUpdate", "add"),
    ]
    assert heard[0]["membersRemoved"] == heard[2]["membersAdded"] == [{"id": f"28:{APP_ID}"}]
    assert heard[3]["conversation"]["id"] == aarhus.room.id


async def test_what_happens_to_teams_and_channels_stands_in_the_teams_conversation(
    teams: TeamsStandIn, aarhus: Aarhus, heard: list[dict[str, Any]]
) -> None:
    await teams.rename_channel(aarhus.room, "Nyt navn")
    await teams.delete_channel(aarhus.room)
    await teams.restore_channel(aarhus.room)
    await teams.archive_team(aarhus.team)
    await teams.unarchive_team(aarhus.team)
    await teams.delete_team(aarhus.team)
    await teams.restore_team(aarhus.team)
    await teams.rename_team(aarhus.team, "Andet")
    await teams.create_channel(aarhus.team, "Ekstra")
    await teams.add_member(aarhus.team, User(aarhus.tenant, "Mette Lund"))
    await teams.remove_member(aarhus.team, aarhus.team.members[-1])
    await teams.flush()
    assert {activity["conversation"]["id"] for activity in heard} == {aarhus.team.id}
    assert [activity["channelData"]["eventType"] for activity in heard] == [
        "channelRenamed",
        "channelDeleted",
        "channelRestored",
        "teamArchived",
        "teamUnarchived",
        "teamDeleted",
        "teamRestored",
        "teamRenamed",
        "channelCreated",
        "teamMemberAdded",
        "teamMemberRemoved",
    ]
    assert heard[0]["channelData"]["channel"] == {"id": aarhus.room.id, "name": "Nyt navn"}


async def test_only_in_a_personal_chat_are_files_named(
    teams: TeamsStandIn, aarhus: Aarhus, heard: list[dict[str, Any]]
) -> None:
    await teams.say(aarhus.jens, aarhus.room, "se", files=["plan.docx"])
    await teams.say(aarhus.jens, aarhus.jens.chat, "se", files=["plan.docx"])
    await teams.flush()
    in_channel, in_chat = heard
    assert "plan.docx" not in json.dumps(in_channel)
    assert in_chat["attachments"][0]["name"] == "plan.docx"
    assert in_chat["attachments"][0]["content"]["fileType"] == "docx"


async def test_what_is_answered_5xx_comes_again_and_4xx_does_not(
    teams: TeamsStandIn, aarhus: Aarhus, bot: tuple[Bot, str]
) -> None:
    bot[0].statuses = [503, 400, 200]
    await teams.say(aarhus.jens, aarhus.room, "en")
    await teams.say(aarhus.jens, aarhus.room, "to")
    first, second = await teams.flush()
    assert await teams.flush() == [first]
    assert [reply.status for reply in first.replies] == [503, 200]
    assert [reply.status for reply in second.replies] == [400]
    assert bot[0].heard[0] == bot[0].heard[2]
    assert not teams.queue


async def test_no_answer_is_tried_again(teams: TeamsStandIn, aarhus: Aarhus) -> None:
    teams.messages_url = "http://127.0.0.1:9/api/messages"
    await teams.say(aarhus.jens, aarhus.room, "en")
    (delivery,) = await teams.flush()
    while teams.queue:
        await teams.flush()
    assert [reply.status for reply in delivery.replies] == [0, 0, 0]


async def test_a_delivery_can_be_sent_at_once_many_times_with_anything(
    teams: TeamsStandIn, aarhus: Aarhus, bot: tuple[Bot, str]
) -> None:
    await teams.say(aarhus.jens, aarhus.room, "en")
    (delivery,) = teams.take()
    await teams.send_times(delivery, 4, together=True)
    assert len(bot[0].heard) == len(delivery.replies) == 4
    await teams.send(delivery, token="", headers={"Content-Type": None}, body=b"[]")
    assert bot[0].heard[-1] == []
    assert bot[0].authorizations[-1] == ""
    await teams.send(delivery.copy(id="another"))
    assert bot[0].heard[-1]["id"] == "another"
    assert not teams.queue


async def test_with_auto_everything_is_sent_at_once_and_written_down(
    teams: TeamsStandIn, aarhus: Aarhus, heard: list[dict[str, Any]]
) -> None:
    teams.auto = True
    message = await teams.say(aarhus.jens, aarhus.room, "Hej")
    await teams.delete(message)
    assert [activity["type"] for activity in heard] == ["message", "messageDelete"]
    assert [(one.toward, one.method, one.status) for one in teams.wire] == [
        ("mellom", "message", 200),
        ("mellom", "messageDelete", 200),
    ]


async def test_two_tenants_are_two_worlds_at_two_addresses(
    teams: TeamsStandIn, aarhus: Aarhus, heard: list[dict[str, Any]]
) -> None:
    alta = teams.tenant("Alta kommune")
    kari = alta.user("Kari Nilsen")
    room = alta.team("Forbedring", read_all=True).channel("Mellom")
    teams.auto = True
    await teams.install(room.team, room)
    await teams.say(kari, room, "Hei")
    await teams.say(aarhus.jens, aarhus.room, "Hej")
    assert teams.tenant("Alta kommune") is alta
    tenants = [activity["channelData"]["tenant"]["id"] for activity in heard]
    assert tenants == [alta.id, alta.id, alta.id, aarhus.tenant.id]
    assert len({activity["serviceUrl"] for activity in heard}) == 2
    assert heard[2]["locale"] == "nb-NO"


# Cards, forms.


async def test_a_press_asks_the_bot_and_shows_its_answer(
    teams: TeamsStandIn, aarhus: Aarhus, client: Client, bot: tuple[Bot, str]
) -> None:
    message = await posted(client, aarhus, card(text_block("Hvad?"), actions=[EXECUTE]))
    kind = "application/vnd.microsoft.activity.message"
    bot[0].answer = {"statusCode": 200, "type": kind, "value": "Tak"}
    delivery = await teams.press(aarhus.jens, message, "Svar")
    (sent,) = bot[0].heard
    assert (sent["type"], sent["name"]) == ("invoke", "adaptiveCard/action")
    assert sent["value"]["trigger"] == "manual"
    assert sent["value"]["action"] == {
        "type": "Action.Execute",
        "id": "b1",
        "verb": "answer",
        "data": {"value": "7"},
    }
    assert sent["replyToId"] == message.id
    assert sent["conversation"]["id"] == message.conversation
    assert delivery.told == "Tak"


async def test_an_old_client_sends_the_fallback_as_a_message_with_a_value(
    teams: TeamsStandIn, aarhus: Aarhus, client: Client, heard: list[dict[str, Any]]
) -> None:
    message = await posted(client, aarhus, card(text_block("Hvad?"), actions=[EXECUTE]))
    await teams.press(aarhus.jens, message, "answer", old_client=True)
    (sent,) = heard
    assert sent["type"] == "message"
    assert sent["value"] == {"value": "7", "verb": "answer"}
    assert sent["replyToId"] == message.id
    assert "text" not in sent


async def test_a_dialog_opens_and_comes_back_filled_in(
    teams: TeamsStandIn, aarhus: Aarhus, client: Client, bot: tuple[Bot, str]
) -> None:
    message = await posted(client, aarhus, card(text_block("Hvad?"), actions=[FETCH]))
    content = {"contentType": teams_cards.CARD, "content": FORM}
    bot[0].answer = {
        "task": {"type": "continue", "value": {"title": "Ny", "height": "medium", "card": content}}
    }
    opened = await teams.press(aarhus.jens, message, "Skriv")
    assert bot[0].heard[0]["name"] == "task/fetch"
    assert bot[0].heard[0]["value"]["data"]["form"] == "write"
    assert opened.dialog is not None
    assert opened.dialog.plain() == "Ny\nSpørgsmål\nMere\nintet"
    bot[0].answer = {"task": {"type": "message", "value": "Modtaget"}}
    sent = await teams.submit(aarhus.jens, opened.dialog, {"words": "Hvordan?"})
    assert bot[0].heard[1]["name"] == "task/submit"
    assert bot[0].heard[1]["value"] == {
        "data": {"form": "write", "words": "Hvordan?", "more": "intet"},
        "context": {"theme": "default"},
    }
    assert sent.told == "Modtaget"
    assert sent.dialog is None


async def test_a_reaction_names_the_message_it_is_on(
    teams: TeamsStandIn, aarhus: Aarhus, client: Client, heard: list[dict[str, Any]]
) -> None:
    message = await posted(client, aarhus, words("Hej"))
    await teams.react(aarhus.jens, message)
    await teams.flush()
    assert heard[0]["reactionsAdded"] == [{"type": "like"}]
    assert heard[0]["replyToId"] == message.id


# What the bot asks for.


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({}, 200, None),
        ({"client_secret": "guess"}, 401, "invalid_client"),
        ({"client_id": "another"}, 400, "unauthorized_client"),
        ({"scope": "https://graph.microsoft.com/.default"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
async def test_a_token_is_given_for_the_secret_only(
    client: Client, changes: dict[str, str], status: int, error: str | None
) -> None:
    response = await client.log_in(**changes)
    assert response.status_code == status
    assert response.json().get("error") == error
    assert client.teams.counts["token"] == 2


async def test_without_a_good_token_nothing_is_done(
    teams: TeamsStandIn, aarhus: Aarhus, client: Client
) -> None:
    teams.identity.revoke()
    assert (await client.begin(aarhus.room.id, words("Hej"))).status_code == 401
    teams.identity.expires_in = -1
    await client.log_in()
    assert (await client.begin(aarhus.room.id, words("Hej"))).status_code == 401
    assert not aarhus.room.messages


async def test_the_sdks_client_writes_edits_and_deletes(
    teams: TeamsStandIn, aarhus: Aarhus, client: Client
) -> None:
    credentials = MicrosoftAppCredentials(APP_ID, PASSWORD)
    credentials.get_access_token = lambda force_refresh=False: client.headers[
        "Authorization"
    ].removeprefix("Bearer ")
    sdk = ConnectorClient(credentials, teams.service_url(aarhus.tenant))
    conversations = sdk.conversations
    created = await conversations.create_conversation(
        ConversationParameters(
            is_group=True,
            channel_data={"channel": {"id": aarhus.room.id}},
            activity=Activity.deserialize(words("Et")),
            tenant_id=aarhus.tenant.id,
        )
    )
    (root,) = aarhus.room.roots
    assert created.id == f"{aarhus.room.id};messageid={root.id}"
    assert created.activity_id == root.id
    reply = await conversations.reply_to_activity(
        created.id, "5e0c5c57-0000-4000-8000-000000000000", Activity.deserialize(words("To"))
    )
    await conversations.update_activity(created.id, root.id, Activity.deserialize(words("Et!")))
    await conversations.delete_activity(created.id, reply.id)
    assert [plain(message) for message in aarhus.room.thread(root)] == ["Et!", ""]
    members = await conversations.get_conversation_paged_members(created.id)
    assert [member.id for member in members.members] == [aarhus.jens.account]
    with pytest.raises(ErrorResponseException) as refused:
        await conversations.update_activity(created.id, "1", Activity.deserialize(words("?")))
    assert refused.value.response.status_code == 404


async def test_a_first_private_message_needs_the_person_their_tenant_and_the_app(
    teams: TeamsStandIn, aarhus: Aarhus, client: Client
) -> None:
    member = [{"id": aarhus.jens.account}]
    asked = {"members": member, "tenantId": aarhus.tenant.id}
    created = await client.ask("POST", "", asked)
    assert created.json() == {"id": aarhus.jens.chat.id}
    assert (await client.ask("POST", "", {**asked, "tenantId": "other"})).status_code == 400
    assert (await client.write(aarhus.jens.chat.id, words("Hej"))).status_code == 201
    assert [plain(message) for message in teams.personal(aarhus.jens).messages] == ["Hej"]
    aarhus.jens.blocked = True
    blocked = await client.write(aarhus.jens.chat.id, words("Hej"))
    assert blocked.status_code == 403
    assert "MessageWritesBlocked" in blocked.json()["message"]
    aarhus.jens.blocked = False
    await teams.remove(aarhus.team)
    refused = await client.ask("POST", "", {"members": member, "tenantID": aarhus.tenant.id})
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "ForbiddenOperationException"


async def test_a_new_thread_may_be_answered_without_its_activitys_id(
    teams: TeamsStandIn, aarhus: Aarhus, client: Client
) -> None:
    teams.connector.tells_activity_id = False
    created = await client.begin(aarhus.room.id, words("Hej"))
    assert created.json() == {"id": aarhus.room.roots[0].conversation}


async def test_where_the_bot_may_not_write(
    teams: TeamsStandIn, aarhus: Aarhus, client: Client
) -> None:
    async def code() -> tuple[int, str]:
        response = await client.write(aarhus.room.id, words("Hej"))
        return response.status_code, response.json()["error"]["code"]

    await teams.archive_team(aarhus.team)
    assert await code() == (403, "NotEnoughPermissions")
    await teams.unarchive_team(aarhus.team)
    await teams.remove(aarhus.team)
    assert await code() == (403, "BotNotInConversationRoster")
    await teams.install(aarhus.team)
    await teams.delete_channel(aarhus.room)
    assert await code() == (404, "ConversationNotFound")
    await teams.restore_channel(aarhus.room)
    said = await teams.say(aarhus.jens, aarhus.room, "Min")
    path = f"/{aarhus.room.id}/activities/{said.id}"
    assert (await client.ask("PUT", path, words("Din"))).status_code == 403
    assert (await client.ask("DELETE", path)).status_code == 403
    lost = await client.write(f"{aarhus.room.id};messageid=1", words("Hej"))
    assert lost.status_code == 404


async def test_a_message_is_measured_in_utf16(aarhus: Aarhus, client: Client) -> None:
    most = "\N{PARTY POPPER}" * 25_000
    assert (await client.begin(aarhus.room.id, words(most))).status_code == 201
    response = await client.begin(aarhus.room.id, words(most + "!" * 1500))
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "MessageSizeTooBig"


@pytest.mark.parametrize(
    "wrong",
    [
        card(text_block("Hej"), version="1.6"),
        card({"type": "Carousel"}),
        card({"type": "Container", "items": [{"type": "TextBlock"}]}),
        card({"type": "Input.Text", "label": "uden navn"}),
        card(text_block("Hej"), actions=[{"type": "Action.Http", "title": "?"}]),
        {"type": "message", "text": ""},
        {"type": "trace", "text": "x"},
        [],
    ],
)
async def test_what_teams_does_not_draw_is_refused(
    aarhus: Aarhus, client: Client, wrong: Any
) -> None:
    response = await client.begin(aarhus.room.id, wrong)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "BadArgument"
    assert not aarhus.room.messages


async def test_members_come_in_pages(aarhus: Aarhus, client: Client) -> None:
    for number in range(4):
        aarhus.tenant.user(f"Person {number}")
    path = f"/{quote(aarhus.room.id, safe='')}/pagedmembers?pageSize=2"
    names, more = [], ""
    for _ in range(3):
        page = (await client.ask("GET", path + more)).json()
        names += [member["name"] for member in page["members"]]
        more = f"&continuationToken={page.get('continuationToken')}"
    assert names == ["Jens Holm", "Person 0", "Person 1", "Person 2", "Person 3"]
    assert more == "&continuationToken=None"
    one = await client.ask("GET", f"/{aarhus.room.id}/members/{aarhus.jens.aad}")
    assert one.json()["tenantId"] == aarhus.tenant.id


async def test_more_than_seven_in_a_second_are_throttled(bot: tuple[Bot, str]) -> None:
    now = 1_790_000_000.0
    async with (
        TeamsStandIn(APP_ID, PASSWORD, BOT_TENANT, bot[1], clock=lambda: now) as teams,
        httpx.AsyncClient() as http,
    ):
        aarhus, client = Aarhus(teams), Client(teams, http)
        await client.log_in()
        teams.connector.enforce_rates = teams.connector.tells_retry_after = True
        answers = [await client.begin(aarhus.room.id, words("Hej")) for _ in range(8)]
        assert [answer.status_code for answer in answers] == [201] * 7 + [429]
        assert answers[-1].headers["Retry-After"] == "1"
        now += 2.1
        assert (await client.begin(aarhus.room.id, words("Hej"))).status_code == 201
        assert len(aarhus.room.messages) == 8


# Trouble on purpose.


@pytest.mark.parametrize(
    ("fault", "stands", "status"),
    [
        (faults.drop_after(), True, None),
        (faults.drop_before(), False, None),
        (faults.status(502, "<html>Bad gateway</html>", done=True), True, 502),
        (faults.status(503), False, 503),
        (faults.status(429), False, 429),
        (faults.rate_limited(3), False, 429),
        (faults.error("ForbiddenOperationException"), False, 403),
        (faults.slow(0.01), True, 201),
        (faults.garbage(), True, 200),
    ],
    ids=lambda value: value.kind if isinstance(value, faults.Fault) else None,
)
async def test_a_fault_strikes_once_and_leaves_a_trace(
    teams: TeamsStandIn,
    aarhus: Aarhus,
    client: Client,
    fault: faults.Fault,
    stands: bool,
    status: int | None,
) -> None:
    teams.faults.add(fault, method="create", conversation=aarhus.room.id)
    if status is None:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.begin(aarhus.room.id, words("Hej"))
    else:
        response = await client.begin(aarhus.room.id, words("Hej"))
        assert response.status_code == status
        waits = response.headers.get("Retry-After")
        assert waits == ("3" if fault.kind == "rate_limited" else None)
    assert bool(aarhus.room.messages) == stands
    assert teams.wire[-1].status == (status or 0)
    assert teams.wire[-1].fault == fault.kind
    assert (await client.begin(aarhus.room.id, words("Hej"))).status_code == 201
    assert teams.counts["create"] == 2


async def test_a_hanging_request_is_let_go_by_healing(
    teams: TeamsStandIn, aarhus: Aarhus, client: Client
) -> None:
    teams.faults.add(faults.hang(done=True), method="send")
    asked = asyncio.create_task(client.write(aarhus.room.id, words("Hej")))
    await teams.until(lambda: bool(aarhus.room.messages))
    assert not asked.done()
    teams.faults.heal()
    with pytest.raises(httpx.RemoteProtocolError):
        await asked


@pytest.mark.parametrize("operation", ["update", "delete", "token", "keys", "metadata"])
async def test_every_operation_can_be_struck(
    teams: TeamsStandIn, aarhus: Aarhus, client: Client, operation: str
) -> None:
    message = await posted(client, aarhus, words("Hej"))
    teams.faults.add(faults.status(500), method=operation)
    path = f"/{aarhus.room.id}/activities/{message.id}"
    asked: dict[str, Callable[[], Awaitable[httpx.Response]]] = {
        "update": lambda: client.ask("PUT", path, words("Nej")),
        "delete": lambda: client.ask("DELETE", path),
        "token": client.log_in,
        "keys": lambda: client.http.get(f"{teams.base_url}/v1/.well-known/keys"),
        "metadata": lambda: client.http.get(teams.environment()["TEAMS_OPENID_METADATA_URL"]),
    }
    assert (await asked[operation]()).status_code == 500
    assert plain(message) == "Hej"
    assert (await asked[operation]()).status_code == 200


# What a person sees.


def test_the_words_of_a_card_are_those_that_teams_draws() -> None:
    activity = card(
        text_block("**Spørgsmål 7**"),
        {
            "type": "Container",
            "items": [
                {
                    "type": "RichTextBlock",
                    "inlines": ["a*b*c ", {"type": "TextRun", "text": "<b>", "weight": "Bolder"}],
                },
                {"type": "TextBlock", "text": "skjult", "isVisible": False},
            ],
        },
        {"type": "FactSet", "facts": [{"title": "Frist", "value": "1. \\*maj\\*"}]},
        {
            "type": "ColumnSet",
            "columns": [{"type": "Column", "items": [text_block("[her](https://a.example)")]}],
        },
        actions=[EXECUTE, {"type": "Action.ShowCard", "title": "Mere", "card": FORM}],
    )
    activity["text"] = "se _her_ &amp; der"
    assert teams_cards.words_of(activity) == (
        "se her & der\nSpørgsmål 7\na*b*c <b>\nFrist: 1. *maj*\nher"
    )
    (content,) = teams_cards.cards(activity)
    assert [button.title for button in teams_cards.buttons_of(content)] == ["Svar", "Send"]


@pytest.mark.parametrize(
    ("markdown", "seen"),
    [
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case_name", "snake_case_name"),
        ("\\*ikke\\* **fed**", "*ikke* fed"),
        ("~~væk~~ `kode`", "væk kode"),
        ("&lt;at&gt; \\[a\\](b)", "<at> [a](b)"),
    ],
)
def test_markdown_is_read_as_it_is_drawn(markdown: str, seen: str) -> None:
    assert teams_cards.drawn_markdown(markdown) == seen


def test_a_mention_is_live_only_with_an_entity_whose_text_is_there() -> None:
    entity = {"type": "mention", "text": "<at>Jens</at>", "mentioned": {"id": "29:1"}}
    live = {"type": "message", "text": "Hej <at>Jens</at>", "entities": [entity]}
    assert list(teams_cards.mentioned(live)) == [("<at>Jens</at>", "29:1")]
    assert teams_cards.words_of(live) == "Hej Jens"
    dead = {**live, "text": "Hej <at>Mette</at>"}
    assert not list(teams_cards.mentioned(dead))


async def test_a_deleted_message_has_neither_words_nor_buttons(
    aarhus: Aarhus, client: Client
) -> None:
    message = await posted(client, aarhus, card(text_block("Hvad?"), actions=[EXECUTE]))
    assert [button.title for button in buttons(message)] == ["Svar"]
    await client.ask("DELETE", f"/{aarhus.room.id}/activities/{message.id}")
    assert (plain(message), buttons(message)) == ("", [])
    gone = await client.ask("DELETE", f"/{aarhus.room.id}/activities/{message.id}")
    assert gone.status_code == 404
