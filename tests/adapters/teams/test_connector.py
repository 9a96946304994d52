"""What goes out to Teams: what is asked for, and what the deliverer hears of how it ended."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
import respx

from adapters.playground.faults import Fault, drop_after, garbage, status
from adapters.playground.teams.stand_in import TeamsStandIn, buttons, plain
from adapters.taking import Unavailable
from adapters.teams import connector
from adapters.teams.bots import Bot, Bots
from adapters.teams.client import TeamsPlatform
from adapters.teams.credentials import Credentials, Hosts
from bot.cards import Button, Card
from bot.outgoing import CannotLook, InDoubt, Letter, NotSent, Opened, Platform, Posted, Refused
from bot.text import Text
from tests.adapters.teams.parts import (
    APP,
    BOT,
    CHANNEL,
    CREDENTIALS,
    INSTALLATION,
    SERVICE_URL,
    TEAM,
    TENANT,
    Clock,
    bots,
)

TOKEN_URL = f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
CONVERSATIONS = f"{SERVICE_URL}v3/conversations"
ESCAPED = "19%3Aalta%40thread.tacv2"
CARD = Card(Text.of("Hvordan får dere liv?"), buttons=(Button("vote", "Ja", "1"),))
ADDRESS = {
    "serviceUrl": SERVICE_URL,
    "tenant": TENANT,
    "bot": BOT,
    "type": "channel",
    "team": TEAM,
    "channel": CHANNEL,
}
PERSONAL = {"serviceUrl": SERVICE_URL, "tenant": TENANT, "bot": BOT, "type": "personal"}
ROOT = Letter(INSTALLATION, CHANNEL, CARD, "01J", "nb", ADDRESS)
REPLY = replace(ROOT, root="100")
EDIT = replace(REPLY, message="101")
DIRECT = Letter(INSTALLATION, "a:1kari", CARD, "01J", "nb", PERSONAL)

Call = Callable[[TeamsPlatform], Awaitable[Any]]


class Microsoft:
    """The login host and the connector, as respx plays them."""

    def __init__(self, mock: respx.Router) -> None:
        self.mock = mock
        self.tokens = 0
        self.login = mock.post(TOKEN_URL).mock(side_effect=self._give)

    async def _give(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)  # Others get their turn, as they do while a real line is slow.
        self.tokens += 1
        given = {"access_token": f"token-{self.tokens}", "expires_in": 3599}
        return httpx.Response(200, json=given)

    def answers(self, method: str, url: str, *answers: Any) -> respx.Route:
        """Answer requests there one after the other; a dict is the JSON of a 201."""
        responses = [
            httpx.Response(201, json=answer) if isinstance(answer, dict) else answer
            for answer in answers
        ]
        return self.mock.request(method, url).mock(side_effect=responses)


@pytest.fixture
def microsoft() -> AsyncIterator[Microsoft]:  # type: ignore[misc]
    with respx.mock(assert_all_called=False) as mock:
        yield Microsoft(mock)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def teams(clock: Clock) -> AsyncIterator[TeamsPlatform]:
    async with connector.client() as http:
        yield TeamsPlatform(bots(), http, clock=clock)


def sent(route: respx.Route, number: int = -1) -> Any:
    return json.loads(route.calls[number].request.content)


# What is asked for.


async def test_a_new_thread_is_a_new_conversation_in_the_channel(
    microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    made = {"id": f"{CHANNEL};messageid=100", "activityId": "100"}
    route = microsoft.answers("POST", CONVERSATIONS, made)
    assert await teams.post(ROOT) == Posted("100", "100")
    asked = sent(route)
    assert asked["channelData"] == {"channel": {"id": CHANNEL}, "tenant": {"id": TENANT}}
    assert asked["isGroup"] is True
    assert asked["bot"] == {"id": BOT}
    assert asked["tenantID"] == TENANT
    assert asked["activity"]["type"] == "message"
    content = asked["activity"]["attachments"][0]["content"]
    assert content["body"][0]["text"] == "Hvordan får dere liv?"
    assert content["actions"][0]["data"] == {"action": "vote", "value": "1", "token": "01J"}
    assert content["actions"][0]["fallback"]["type"] == "Action.Submit"
    assert route.calls[0].request.headers["Authorization"] == "Bearer token-1"


async def test_the_conversation_names_the_root_where_the_message_is_not_told(
    microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    microsoft.answers("POST", CONVERSATIONS, {"id": f"{CHANNEL};messageid=100"})
    assert await teams.post(ROOT) == Posted("100", "100")


async def test_a_reply_is_sent_to_the_channel_with_the_root_in_its_name(
    microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    url = f"{CONVERSATIONS}/{ESCAPED}%3Bmessageid%3D100/activities"
    route = microsoft.answers("POST", url, {"id": "101"})
    assert await teams.post(REPLY) == Posted("101", "100")
    assert str(route.calls[0].request.url) == url
    assert sent(route)["summary"] == "Hvordan får dere liv?"


async def test_a_direct_message_has_no_thread(microsoft: Microsoft, teams: TeamsPlatform) -> None:
    microsoft.answers("POST", f"{CONVERSATIONS}/a%3A1kari/activities", {"id": "5"}, {"id": "6"})
    assert await teams.post(DIRECT) == Posted("5", "5")
    assert await teams.post(replace(DIRECT, root="5")) == Posted("6", "5")


async def test_an_edit_and_a_deletion_name_the_message(
    microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    url = f"{CONVERSATIONS}/{ESCAPED}%3Bmessageid%3D100/activities/101"
    put = microsoft.answers("PUT", url, {"id": "101"})
    microsoft.answers("DELETE", url, *(httpx.Response(code) for code in (200, 201, 202, 204)))
    await teams.edit(EDIT)
    assert sent(put)["attachments"]
    for _ in range(4):
        await teams.delete(EDIT)
    assert microsoft.tokens == 1


async def test_a_direct_conversation_is_opened_with_the_persons_tenant(
    microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    route = microsoft.answers("POST", CONVERSATIONS, {"id": "a:1kari"})
    opened = await teams.open_direct(INSTALLATION, None, "29:kari", ADDRESS)
    assert opened == Opened("a:1kari", PERSONAL)
    asked = sent(route)
    assert asked["members"] == [{"id": "29:kari"}]
    assert asked["isGroup"] is False
    assert asked["channelData"] == {"tenant": {"id": TENANT}}


async def test_what_teams_cannot_be_asked_is_said_at_once(
    microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    platform: Platform = teams
    with pytest.raises(NotSent):
        await platform.profile(INSTALLATION, None, "aad-kari")
    assert platform.pace.interval == 0.6
    assert microsoft.tokens == 0


@pytest.mark.parametrize("status", [200, 400, 403, 404, 405])
async def test_a_message_cannot_be_looked_for_where_teams_answers(
    microsoft: Microsoft, teams: TeamsPlatform, status: int
) -> None:
    route = microsoft.mock.get(url__regex=r".*/v3/conversations/[^/]+$")
    route.mock(httpx.Response(status))
    with pytest.raises(CannotLook):
        await teams.find(ROOT)
    assert route.call_count == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
async def test_where_teams_does_not_answer_it_is_asked_again_before_anything_is_resent(
    microsoft: Microsoft, teams: TeamsPlatform, status: int
) -> None:
    microsoft.mock.get(url__regex=r".*/v3/conversations/[^/]+$").mock(httpx.Response(status))
    with pytest.raises(NotSent):
        await teams.find(ROOT)


# Where it goes.


@pytest.mark.parametrize(
    "url",
    ["", "https://evil.example/", "http://smba.trafficmanager.net/", "https://x/{conversationId}"],
)
async def test_nothing_and_no_token_goes_to_a_host_that_is_not_teams(
    url: str, microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    strange = {**ADDRESS, "serviceUrl": url}
    calls: list[Call] = [
        lambda t: t.post(replace(ROOT, address=strange)),
        lambda t: t.edit(replace(EDIT, address=strange)),
        lambda t: t.delete(replace(EDIT, address=strange)),
        lambda t: t.open_direct(INSTALLATION, None, "29:kari", strange),
    ]
    for call in calls:
        with pytest.raises(Refused) as refused:
            await call(teams)
        assert refused.value.whose == "conversation"
    assert microsoft.mock.calls.call_count == 0


# Tokens.


async def test_a_token_is_kept_until_five_minutes_before_its_end(
    microsoft: Microsoft, teams: TeamsPlatform, clock: Clock
) -> None:
    microsoft.answers("POST", f"{CONVERSATIONS}/a%3A1kari/activities", *[{"id": "5"}] * 4)
    for seconds, tokens in ((0, 1), (3298, 1), (1, 2), (0, 2)):
        clock.now += seconds
        await teams.post(DIRECT)
        assert microsoft.tokens == tokens
    form = dict(httpx.QueryParams(microsoft.login.calls[0].request.content.decode()))
    assert form == {
        "grant_type": "client_credentials",
        "client_id": APP,
        "client_secret": "hemmelig",
        "scope": "https://api.botframework.com/.default",
    }


async def test_many_who_wait_for_a_token_fetch_it_once(
    microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    microsoft.answers("POST", f"{CONVERSATIONS}/a%3A1kari/activities", *[{"id": "5"}] * 20)
    await asyncio.gather(*(teams.post(DIRECT) for _ in range(20)))
    assert microsoft.tokens == 1


async def test_a_token_that_is_not_taken_is_fetched_anew_once(
    microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    url = f"{CONVERSATIONS}/a%3A1kari/activities"
    refused = httpx.Response(401)
    route = microsoft.answers("POST", url, refused, {"id": "5"}, refused, refused)
    assert await teams.post(DIRECT) == Posted("5", "5")
    assert route.calls[1].request.headers["Authorization"] == "Bearer token-2"
    with pytest.raises(Refused) as raised:
        await teams.post(DIRECT)
    assert raised.value.whose == "installation"
    assert (microsoft.tokens, route.call_count) == (3, 4)


@pytest.mark.parametrize(
    ("answer", "ends"),
    [
        (httpx.Response(401, json={"error": "invalid_client"}), Refused),
        (httpx.Response(400, json={"error": "unauthorized_client"}), Refused),
        (httpx.Response(429, headers={"Retry-After": "7"}), NotSent),
        (httpx.Response(503), NotSent),
        (httpx.Response(200, text="<html>"), NotSent),
        (httpx.Response(200, json=[]), NotSent),
        (httpx.ConnectError("no"), NotSent),
        (httpx.ReadTimeout("slow"), NotSent),
    ],
)
async def test_without_a_token_nothing_is_sent(
    answer: Any, ends: type[Exception], microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    microsoft.login.mock(side_effect=[answer])
    with pytest.raises(ends) as raised:
        await teams.post(DIRECT)
    if isinstance(raised.value, Refused):
        assert raised.value.whose == "installation"
    if isinstance(raised.value, NotSent) and getattr(answer, "status_code", 0) == 429:
        assert raised.value.retry_after == 7


async def test_a_letters_own_secret_goes_before_the_one_in_the_settings(
    microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    microsoft.answers("POST", f"{CONVERSATIONS}/a%3A1kari/activities", {"id": "5"})
    await teams.post(replace(DIRECT, secret="egen"))
    assert b"client_secret=egen" in microsoft.login.calls[0].request.content


async def test_an_installation_without_credentials_is_refused(
    microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    with pytest.raises(Refused) as refused:
        await teams.post(replace(DIRECT, installation=99))
    assert refused.value.whose == "installation"


async def test_while_the_bots_cannot_be_read_it_is_not_sent_and_tried_again(
    microsoft: Microsoft, clock: Clock
) -> None:
    is_down = True

    async def load() -> list[Bot]:
        if is_down:
            raise Unavailable("the database is down")
        return [Bot(INSTALLATION, CREDENTIALS)]

    microsoft.answers("POST", f"{CONVERSATIONS}/a%3A1kari/activities", {"id": "5"})
    async with connector.client() as http:
        teams = TeamsPlatform(Bots(load, clock=clock), http, clock=clock)
        for _ in range(2):
            with pytest.raises(NotSent):
                await teams.post(DIRECT)
        is_down = False
        clock.now += 6
        assert (await teams.post(DIRECT)).message == "5"


async def test_another_login_host_can_be_named(microsoft: Microsoft, clock: Clock) -> None:
    url = "https://login.example/{tenant}/token"
    route = microsoft.mock.post(f"https://login.example/{TENANT}/token").mock(
        httpx.Response(200, json={"access_token": "x", "expires_in": "60"})
    )
    microsoft.answers("POST", f"{CONVERSATIONS}/a%3A1kari/activities", {"id": "5"}, {"id": "6"})
    async with connector.client() as http:
        teams = TeamsPlatform(bots(), http, clock=clock, token_url=url)
        await teams.post(DIRECT)
        await teams.post(DIRECT)
        assert route.call_count == 1
        clock.now += 31
    assert microsoft.tokens == 0


# How it ends.

POST_ROOT: Call = lambda teams: teams.post(ROOT)  # noqa: E731 - A table of calls.
POST_REPLY: Call = lambda teams: teams.post(REPLY)  # noqa: E731
POST_DIRECT: Call = lambda teams: teams.post(DIRECT)  # noqa: E731
EDITING: Call = lambda teams: teams.edit(EDIT)  # noqa: E731
DELETING: Call = lambda teams: teams.delete(EDIT)  # noqa: E731
OPENING: Call = lambda teams: teams.open_direct(INSTALLATION, None, "29:kari", ADDRESS)  # noqa: E731

POSTS = [POST_ROOT, POST_REPLY, POST_DIRECT]
HARMLESS = [EDITING, DELETING, OPENING]


def failing(microsoft: Microsoft, trouble: Any) -> respx.Route:
    return microsoft.mock.route(host="smba.trafficmanager.net").mock(side_effect=trouble)


async def ending(teams: TeamsPlatform, call: Call) -> Any:
    with pytest.raises((NotSent, InDoubt, Refused)) as raised:
        await call(teams)
    return raised.value


@pytest.mark.parametrize("call", POSTS)
@pytest.mark.parametrize(
    "trouble",
    [
        httpx.Response(500),
        httpx.Response(502, text="<html>Bad gateway</html>"),
        httpx.Response(503),
        httpx.Response(504),
        httpx.Response(408),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(201, json={}),
        httpx.Response(201, json={"id": {}}),
        httpx.ReadTimeout("slow"),
        httpx.WriteError("broken"),
        httpx.ReadError("broken"),
        httpx.RemoteProtocolError("dropped"),
        TimeoutError(),
    ],
)
async def test_a_post_that_may_have_been_done_is_in_doubt(
    call: Call, trouble: Any, microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    route = failing(microsoft, [trouble])
    assert isinstance(await ending(teams, call), InDoubt)
    assert route.call_count == 1


@pytest.mark.parametrize("call", HARMLESS)
@pytest.mark.parametrize(
    "trouble", [httpx.Response(500), httpx.Response(504), httpx.ReadTimeout("x"), TimeoutError()]
)
async def test_what_can_be_done_twice_is_never_in_doubt(
    call: Call, trouble: Any, microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    failing(microsoft, [trouble])
    assert isinstance(await ending(teams, call), NotSent)


@pytest.mark.parametrize("call", [*POSTS, *HARMLESS])
@pytest.mark.parametrize(
    "trouble",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.PoolTimeout("full"),
        httpx.Response(412),
        httpx.Response(429),
    ],
)
async def test_what_was_surely_not_done_is_tried_again(
    call: Call, trouble: Any, microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    route = failing(microsoft, [trouble])
    ended = await ending(teams, call)
    assert isinstance(ended, NotSent)
    assert ended.retry_after is None
    assert route.call_count == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("30", 30.0), ("0.5", 0.5), ("-1", 0.0), ("i morgen", None), ("nan", None), ("1e999", None)],
)
async def test_teams_says_how_long_to_wait(
    header: str, seconds: float | None, microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    failing(microsoft, [httpx.Response(429, headers={"Retry-After": header})])
    assert (await ending(teams, POST_REPLY)).retry_after == seconds


def error(code: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": "Kari Nilsen is not here."}}


BLOCKED = {"errorCode": 209, "message": '{"subCode": "MessageWritesBlocked"}'}


@pytest.mark.parametrize(
    ("call", "number", "body", "whose"),
    [
        (POST_ROOT, 403, error("BotNotInConversationRoster"), "conversation"),
        (POST_ROOT, 404, error("ConversationNotFound"), "conversation"),
        (POST_REPLY, 403, None, "conversation"),
        (POST_DIRECT, 403, BLOCKED, "person"),
        (POST_DIRECT, 404, None, "person"),
        (OPENING, 403, error("ForbiddenOperationException"), "person"),
        (OPENING, 404, None, "person"),
        (EDITING, 403, None, "conversation"),
        (EDITING, 404, error("ActivityNotFoundInConversation"), "message"),
        (EDITING, 404, error("ConversationNotFound"), "conversation"),
        (DELETING, 403, None, "conversation"),
        (POST_ROOT, 413, error("MessageSizeTooBig"), "message"),
        (POST_ROOT, 400, error("BadArgument"), "message"),
        (POST_ROOT, 302, None, "message"),
    ],
)
async def test_a_refusal_says_what_it_is_the_end_of(
    call: Call, number: int, body: Any, whose: str, microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    failing(microsoft, [httpx.Response(number, json=body)])
    ended = await ending(teams, call)
    assert isinstance(ended, Refused)
    assert ended.whose == whose
    assert str(number) in ended.reason
    assert "Kari" not in ended.reason


async def test_the_reason_is_teams_own_name_for_it(
    microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    failing(microsoft, [httpx.Response(403, json=BLOCKED)])
    assert (await ending(teams, POST_DIRECT)).reason == "send: 403 MessageWritesBlocked"


async def test_deleting_what_is_gone_is_done(microsoft: Microsoft, teams: TeamsPlatform) -> None:
    failing(
        microsoft, [httpx.Response(404), httpx.Response(404, json=error("ConversationNotFound"))]
    )
    await teams.delete(EDIT)
    await teams.delete(EDIT)


async def test_a_card_that_teams_would_not_take_is_not_sent(
    microsoft: Microsoft, teams: TeamsPlatform
) -> None:
    buttons = tuple(Button("a", "b", "7" * 1900) for _ in range(10))
    large = replace(ROOT, card=Card(Text.of("*" * 12_000), buttons=buttons))
    with pytest.raises(Refused) as refused:
        await teams.post(large)
    assert refused.value.whose == "message"
    assert microsoft.tokens == 0


async def test_a_letter_without_a_message_cannot_be_edited(teams: TeamsPlatform) -> None:
    for call in (teams.edit, teams.delete):
        with pytest.raises(Refused):
            await call(ROOT)


# Against the stand-in, over real connections.


@pytest.fixture
async def stand_in() -> AsyncIterator[TeamsStandIn]:
    async with TeamsStandIn(APP, CREDENTIALS.password, TENANT) as stand_in:
        yield stand_in


@pytest.fixture
async def local(stand_in: TeamsStandIn) -> AsyncIterator[TeamsPlatform]:
    settings = stand_in.environment()
    async with connector.client() as http:
        yield TeamsPlatform(
            bots(Bot(INSTALLATION, Credentials(APP, CREDENTIALS.password, TENANT))),
            http,
            clock=stand_in.clock,
            hosts=Hosts([settings["TEAMS_SERVICE_HOSTS"]]),
            token_url=settings["TEAMS_TOKEN_URL"],
        )


async def test_a_thread_lives_from_its_first_card_to_its_end(
    stand_in: TeamsStandIn, local: TeamsPlatform
) -> None:
    tenant = stand_in.tenant("Aarhus Kommune")
    channel = tenant.team("Forbedring").channel("Mellom")
    channel.team.installed = True
    address = {
        "serviceUrl": stand_in.service_url(tenant),
        "tenant": tenant.id,
        "bot": BOT,
        "type": "channel",
        "channel": channel.id,
    }
    letter = Letter(INSTALLATION, channel.id, CARD, "01J", "da", address)
    posted = await local.post(letter)
    reply = await local.post(replace(letter, root=posted.root))
    root, answer = channel.standing
    assert (root.id, answer.id, answer.root) == (posted.message, reply.message, posted.root)
    assert buttons(root)[0].data["token"] == "01J"
    edited = replace(letter, message=posted.message, card=Card(Text.of("Hvorfor?")))
    await local.edit(edited)
    assert plain(root) == "Hvorfor?"
    await local.delete(replace(letter, root=posted.root, message=reply.message))
    assert answer.deleted
    await local.delete(replace(letter, root=posted.root, message=reply.message))
    assert len(stand_in.calls("token")) == 1


@pytest.mark.parametrize(
    ("fault", "ends", "standing"),
    [
        (drop_after(), InDoubt, 1),
        (status(502, "<html>", done=True), InDoubt, 1),
        (garbage(), InDoubt, 1),
        (status(412), NotSent, 0),
    ],
)
async def test_a_message_in_a_personal_chat_is_sent_once_whatever_happens(
    fault: Fault,
    ends: type[Exception],
    standing: int,
    stand_in: TeamsStandIn,
    local: TeamsPlatform,
) -> None:
    jens = stand_in.tenant("Aarhus Kommune").user("Jens Holm")
    jens.installed = True
    met = {"serviceUrl": stand_in.service_url(jens.tenant), "tenant": jens.tenant.id, "bot": BOT}
    opened = await local.open_direct(INSTALLATION, None, jens.account, met)
    letter = Letter(INSTALLATION, opened.key, CARD, "01J", "da", opened.address)
    stand_in.faults.add(fault, method="send")
    with pytest.raises(ends):
        await local.post(letter)
    assert len(jens.chat.standing) == standing
    assert len(stand_in.calls("send")) == 1


async def test_a_person_who_blocked_the_bot_is_told_from_a_broken_room(
    stand_in: TeamsStandIn, local: TeamsPlatform
) -> None:
    jens = stand_in.tenant("Aarhus Kommune").user("Jens Holm")
    jens.blocked = True
    met = {"serviceUrl": stand_in.service_url(jens.tenant), "tenant": jens.tenant.id, "bot": BOT}
    with pytest.raises(Refused) as refused:
        await local.open_direct(INSTALLATION, None, jens.account, met)
    assert refused.value.whose == "person"


async def test_nobody_there_to_answer_is_not_sent(clock: Clock) -> None:
    address = {**PERSONAL, "serviceUrl": "http://127.0.0.1:1/"}
    async with connector.client() as http:
        teams = TeamsPlatform(
            bots(),
            http,
            clock=clock,
            hosts=Hosts(["127.0.0.1:1"]),
            token_url="http://127.0.0.1:1/token",
        )
        with pytest.raises(NotSent):
            await teams.post(replace(DIRECT, address=address))
