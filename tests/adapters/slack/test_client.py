"""Letters to Slack, and every way that sending one can end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.playground import faults
from adapters.playground.slack.stand_in import Channel, SlackStandIn, User, plain
from adapters.playground.slack.stand_in import Workspace as Team
from adapters.slack.calls import Calls, outcome_of
from adapters.slack.client import SlackPlatform
from bot.cards import Button, Card, Picture
from bot.outgoing import (
    CannotLook,
    InDoubt,
    Letter,
    NotSent,
    Opened,
    Posted,
    Profile,
    Refused,
)
from bot.text import Text

TOKEN = "t" * 26
QUESTION = Card(
    title="Spørsmål 12",
    byline="Kari Nilsen · Alta kommune",
    text=Text.of("Hva gjør dere?"),
    buttons=(Button("answer", "Svar", "12"),),
)


@pytest.fixture
def platform(calls: Calls) -> SlackPlatform:
    return SlackPlatform(calls)


@pytest.fixture
def letter(team: Team, room: Channel, slack: SlackStandIn) -> Letter:
    since = slack.clock()
    return Letter(7, room.id, QUESTION, TOKEN, "nb", secret=team.token, since=since)


async def test_a_post_stands_in_the_room_and_can_be_found(
    platform: SlackPlatform, letter: Letter, room: Channel, slack: SlackStandIn
) -> None:
    posted = await platform.post(letter)
    message = room.messages[posted.message]
    assert posted == Posted(message.ts, message.ts)
    assert plain(message) == ("Spørsmål 12\nKari Nilsen · Alta kommune\nHva gjør dere?\n[Svar]")
    assert message.metadata == {"event_type": "mellom_copy", "event_payload": {"d": TOKEN}}
    [asked] = slack.calls("chat.postMessage")
    assert asked.request["unfurl_links"] is False
    assert asked.request["unfurl_media"] is False
    assert asked.request["link_names"] is False
    assert asked.request["text"].startswith("Spørsmål 12\nKari")
    assert "username" not in asked.request
    assert await platform.find(letter) == posted


PICTURE = Picture("https://mellom.example/pictures/a.png", "Et søylediagram")


async def test_a_picture_that_slack_cannot_fetch_is_left_out(
    platform: SlackPlatform, letter: Letter, room: Channel, slack: SlackStandIn
) -> None:
    pictured = replace(letter, card=replace(QUESTION, picture=PICTURE))
    slack.faults.add(faults.error("invalid_blocks"), method="chat.postMessage")
    posted = await platform.post(pictured)
    assert "image" not in [block["type"] for block in room.messages[posted.message].blocks]
    await platform.edit(replace(pictured, message=posted.message))
    assert "image" in [block["type"] for block in room.messages[posted.message].blocks]
    slack.faults.add(faults.error("invalid_blocks"), method="chat.update")
    await platform.edit(replace(pictured, message=posted.message))
    assert "image" not in [block["type"] for block in room.messages[posted.message].blocks]
    before = len(slack.calls("chat.postMessage"))
    for refusal, one in (("invalid_blocks", letter), ("is_archived", pictured)):
        slack.faults.add(faults.error(refusal), method="chat.postMessage")
        with pytest.raises(Refused, match=refusal):
            await platform.post(one)
    assert len(slack.calls("chat.postMessage")) == before + 2


async def test_a_reply_stands_in_its_thread_and_can_be_found(
    platform: SlackPlatform, letter: Letter, room: Channel
) -> None:
    root = await platform.post(letter)
    reply = replace(letter, root=root.message, token="u" * 26)
    assert await platform.find(reply) is None
    posted = await platform.post(reply)
    assert posted.root == root.message
    assert room.messages[posted.message].thread_ts == root.message
    assert await platform.find(reply) == posted


async def test_a_reply_to_a_thread_that_is_gone_says_where_it_stands(
    platform: SlackPlatform, letter: Letter
) -> None:
    reply = replace(letter, root="1600000000.000100")
    posted = await platform.post(reply)
    assert posted.root == posted.message
    assert await platform.find(reply) == posted


async def test_an_edit_changes_words_and_buttons_and_keeps_the_name(
    platform: SlackPlatform, letter: Letter, room: Channel, slack: SlackStandIn
) -> None:
    posted = await platform.post(letter)
    card = Card(text=Text.of("Trukket tilbake."))
    await platform.edit(replace(letter, card=card, message=posted.message))
    assert plain(room.messages[posted.message]) == "Trukket tilbake."
    assert slack.calls("chat.update")[0].request["text"] == "Trukket tilbake."
    assert slack.calls("chat.update")[0].request["parse"] == "none"
    assert await platform.find(letter) == posted


async def test_a_deleted_message_is_gone_also_the_second_time(
    platform: SlackPlatform, letter: Letter, room: Channel, slack: SlackStandIn
) -> None:
    posted = await platform.post(letter)
    await platform.delete(replace(letter, message=posted.message))
    assert posted.message not in room.messages
    await platform.delete(replace(letter, message=posted.message))
    assert slack.calls("chat.update") == []


async def test_a_message_that_may_not_be_deleted_is_overwritten(
    platform: SlackPlatform, letter: Letter, room: Channel, slack: SlackStandIn
) -> None:
    posted = await platform.post(letter)
    slack.faults.add(faults.error("cant_delete_message"), method="chat.delete")
    tombstone = Card(text=Text.of("Slettet av forfatteren."))
    await platform.delete(replace(letter, card=tombstone, message=posted.message))
    assert plain(room.messages[posted.message]) == "Slettet av forfatteren."


async def test_where_that_is_refused_too_the_message_is_refused(
    platform: SlackPlatform, letter: Letter, slack: SlackStandIn
) -> None:
    posted = await platform.post(letter)
    slack.faults.add(faults.error("cant_delete_message"), method="chat.delete")
    slack.faults.add(faults.error("cant_update_message"), method="chat.update")
    with pytest.raises(Refused) as caught:
        await platform.delete(replace(letter, message=posted.message))
    assert (caught.value.reason, caught.value.whose) == ("cant_update_message", "message")


async def test_what_goes_away_while_it_is_overwritten_is_gone(
    platform: SlackPlatform, letter: Letter, slack: SlackStandIn
) -> None:
    posted = await platform.post(letter)
    slack.faults.add(faults.error("cant_delete_message"), method="chat.delete")
    slack.faults.add(faults.error("message_not_found"), method="chat.update")
    await platform.delete(replace(letter, message=posted.message))


async def test_a_conversation_that_is_closed_is_not_asked_to_overwrite(
    platform: SlackPlatform, letter: Letter, slack: SlackStandIn
) -> None:
    slack.faults.add(faults.error("is_archived"), method="chat.delete")
    with pytest.raises(Refused) as caught:
        await platform.delete(replace(letter, message="1.2"))
    assert caught.value.whose == "conversation"
    assert slack.calls("chat.update") == []


# --- how sending ends ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "outcome", "whose"),
    [
        ("ratelimited", NotSent, None),
        ("team_added_to_org", NotSent, None),
        ("internal_error", InDoubt, None),
        ("fatal_error", InDoubt, None),
        ("service_unavailable", InDoubt, None),
        ("request_timeout", InDoubt, None),
        ("invalid_auth", Refused, "installation"),
        ("account_inactive", Refused, "installation"),
        ("token_revoked", Refused, "installation"),
        ("missing_scope", Refused, "installation"),
        ("is_archived", Refused, "conversation"),
        ("not_in_channel", Refused, "conversation"),
        ("channel_not_found", Refused, "conversation"),
        ("restricted_action", Refused, "conversation"),
        ("restricted_action_read_only_channel", Refused, "conversation"),
        ("restricted_action_thread_locked", Refused, "message"),
        ("ekm_access_denied", Refused, "conversation"),
        ("messages_tab_disabled", Refused, "conversation"),
        ("message_not_found", Refused, "message"),
        ("edit_window_closed", Refused, "message"),
        ("msg_blocks_too_long", Refused, "message"),
        ("invalid_blocks", Refused, "message"),
        ("something_of_next_year", Refused, "message"),
    ],
)
async def test_each_of_slacks_errors_has_one_meaning(
    code: str,
    outcome: type[Exception],
    whose: str | None,
    platform: SlackPlatform,
    letter: Letter,
    slack: SlackStandIn,
) -> None:
    slack.faults.add(faults.error(code))
    with pytest.raises(outcome) as caught:
        await platform.post(letter)
    assert getattr(caught.value, "whose", None) == whose
    assert getattr(caught.value, "reason", None) == code


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (faults.drop_after(), InDoubt),
        (faults.drop_before(), InDoubt),
        (faults.hang(), InDoubt),
        (faults.garbage(), InDoubt),
        (faults.status(500), InDoubt),
        (faults.status(502, "<html>Bad gateway</html>"), InDoubt),
        (faults.status(200, "<html>Vedlikehold</html>"), InDoubt),
        (faults.status(200, "ok"), InDoubt),
        (faults.status(200, "null"), InDoubt),
        (faults.status(429, "<html>Slow down</html>"), NotSent),
    ],
    ids=lambda one: f"{one.kind} {one.status} {one.done}" if isinstance(one, faults.Fault) else "",
)
async def test_what_may_have_been_done_is_in_doubt(
    fault: faults.Fault,
    outcome: type[Exception],
    platform: SlackPlatform,
    letter: Letter,
    slack: SlackStandIn,
) -> None:
    slack.faults.add(fault)
    with pytest.raises(outcome):
        await platform.post(letter)
    assert len(slack.calls("chat.postMessage")) == 1


@pytest.mark.parametrize(
    ("seconds", "waits"), [(30, 30), (float("nan"), None), (float("inf"), None)]
)
async def test_slack_says_how_long_to_wait(
    seconds: float,
    waits: float | None,
    platform: SlackPlatform,
    letter: Letter,
    slack: SlackStandIn,
) -> None:
    slack.faults.add(faults.rate_limited(seconds))
    with pytest.raises(NotSent) as caught:
        await platform.post(letter)
    assert caught.value.retry_after == waits


@pytest.mark.parametrize("why", ["nobody listens", "no TLS there"])
async def test_what_reached_nobody_was_not_sent(
    why: str, letter: Letter, slack: SlackStandIn
) -> None:
    closed, plain_http = "http://127.0.0.1:9/api/", slack.api_url.replace("http:", "https:")
    calls = Calls(closed if why == "nobody listens" else plain_http, seconds=2)
    with pytest.raises(NotSent):
        await SlackPlatform(calls).post(letter)
    await calls.close()


async def test_an_ok_without_an_id_is_in_doubt(letter: Letter) -> None:
    async with answering(b'{"ok": true}') as url:
        calls = Calls(url)
        with pytest.raises(InDoubt):
            await SlackPlatform(calls).post(letter)
        await calls.close()


@pytest.mark.parametrize("body", [b"[]", b"null", b'"ok"', b"{", b"\xff", b""])
async def test_an_answer_that_nobody_can_read_is_in_doubt(body: bytes, letter: Letter) -> None:
    async with answering(body) as url:
        calls = Calls(url)
        with pytest.raises(InDoubt):
            await SlackPlatform(calls).post(letter)
        await calls.close()


async def test_a_dropped_answer_is_one_post_which_is_found(
    platform: SlackPlatform, letter: Letter, room: Channel, slack: SlackStandIn
) -> None:
    slack.faults.add(faults.drop_after())
    with pytest.raises(InDoubt):
        await platform.post(letter)
    found = await platform.find(letter)
    assert found is not None
    assert [found.message] == list(room.messages)


async def test_the_bare_sdk_posts_twice_when_an_answer_is_dropped(
    team: Team, room: Channel, slack: SlackStandIn
) -> None:
    """Why our client has no retries."""
    slack.faults.add(faults.drop_after())
    client = AsyncWebClient(token=team.token, base_url=slack.api_url)
    await client.chat_postMessage(channel=room.id, text="Hei")
    assert len(room.messages) == 2


async def test_the_session_is_one_and_a_new_one_only_after_closing(
    platform: SlackPlatform, calls: Calls, letter: Letter
) -> None:
    await platform.post(letter)
    first = calls.session
    await platform.post(letter)
    assert calls.session is first
    await calls.close()
    await platform.post(letter)
    assert calls.session is not first


async def test_a_proxy_in_the_environment_is_not_for_this_machine(
    monkeypatch: pytest.MonkeyPatch, slack: SlackStandIn, letter: Letter
) -> None:
    """The SDK alone would send everything there, stand-ins on loopback too."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    calls = Calls(slack.api_url)
    await SlackPlatform(calls).post(letter)
    await calls.close()
    assert AsyncWebClient().proxy == "http://127.0.0.1:9"


async def test_the_token_of_the_settings_stands_in_for_one_that_is_not_kept(
    slack: SlackStandIn, team: Team, letter: Letter
) -> None:
    calls = Calls(slack.api_url, token=team.token)
    await SlackPlatform(calls).post(replace(letter, secret=None))
    await calls.close()


async def test_without_any_token_the_installation_is_refused(
    platform: SlackPlatform, letter: Letter
) -> None:
    with pytest.raises(Refused) as caught:
        await platform.post(replace(letter, secret=None))
    assert caught.value.whose == "installation"


async def test_a_revoked_token_refuses_the_installation(
    platform: SlackPlatform, letter: Letter, team: Team
) -> None:
    team.revoke()
    with pytest.raises(Refused) as caught:
        await platform.post(letter)
    assert caught.value.whose == "installation"


# --- looking ------------------------------------------------------------------------------------


async def test_a_message_is_found_by_its_block_where_metadata_is_gone(
    platform: SlackPlatform, letter: Letter, room: Channel
) -> None:
    posted = await platform.post(letter)
    room.messages[posted.message].metadata = None
    assert await platform.find(letter) == posted
    assert await platform.find(replace(letter, token="other")) is None


async def test_a_busy_room_is_read_page_by_page(
    platform: SlackPlatform, letter: Letter, room: Channel, kari: User, slack: SlackStandIn
) -> None:
    posted = await platform.post(letter)
    for number in range(40):
        await slack.say(kari, room, f"Hei {number}")
    assert await platform.find(letter) == posted
    pages = slack.calls("conversations.history")
    assert 1 < len(pages) <= 5
    assert {str(page.request["limit"]) for page in pages} == {"15"}


@pytest.mark.parametrize("root", [None, "1600000000.000100"])
async def test_where_reading_is_not_allowed_one_cannot_look(
    root: str | None, platform: SlackPlatform, letter: Letter, slack: SlackStandIn
) -> None:
    slack.faults.add(faults.error("missing_scope"))
    with pytest.raises(CannotLook):
        await platform.find(replace(letter, root=root))


@pytest.mark.parametrize("fault", [faults.drop_after(), faults.status(502), faults.hang()])
async def test_a_look_that_failed_can_be_done_again(
    fault: faults.Fault, platform: SlackPlatform, letter: Letter, slack: SlackStandIn
) -> None:
    slack.faults.add(fault, times=3)
    with pytest.raises(NotSent):
        await platform.find(letter)


# --- people -------------------------------------------------------------------------------------


async def test_a_direct_message_is_opened_and_written(
    platform: SlackPlatform, letter: Letter, kari: User, team: Team
) -> None:
    opened = await platform.open_direct(7, team.token, kari.id, {})
    assert opened == Opened(team.dm(kari).id)
    await platform.post(replace(letter, key=opened.key))
    assert len(team.dm(kari).messages) == 1


async def test_a_person_is_known_by_name_and_language(
    platform: SlackPlatform, kari: User, team: Team
) -> None:
    assert await platform.profile(7, team.token, kari.id) == Profile("Kari Nilsen", "nb-NO")


Ask = Callable[[SlackPlatform, str | None, str], Awaitable[Any]]
ASKS: list[Ask] = [
    lambda platform, token, person: platform.open_direct(7, token, person, {}),
    lambda platform, token, person: platform.profile(7, token, person),
]


@pytest.mark.parametrize("ask", ASKS, ids=["open_direct", "profile"])
@pytest.mark.parametrize("code", ["user_not_found", "user_disabled", "cannot_dm_bot", "unheard_of"])
async def test_a_person_who_cannot_be_reached_is_refused(
    ask: Ask, code: str, platform: SlackPlatform, team: Team, kari: User, slack: SlackStandIn
) -> None:
    slack.faults.add(faults.error(code))
    with pytest.raises(Refused) as caught:
        await ask(platform, team.token, kari.id)
    assert caught.value.whose == "person"


@pytest.mark.parametrize("ask", ASKS, ids=["open_direct", "profile"])
async def test_asking_for_a_person_may_be_done_again_or_end_for_all(
    ask: Ask, platform: SlackPlatform, team: Team, kari: User, slack: SlackStandIn
) -> None:
    slack.faults.add(faults.drop_after(), times=2)
    with pytest.raises(NotSent):
        await ask(platform, team.token, kari.id)
    slack.faults.heal()
    slack.faults.add(faults.error("token_revoked"))
    with pytest.raises(Refused) as caught:
        await ask(platform, team.token, kari.id)
    assert caught.value.whose == "installation"


def test_the_meaning_of_a_code_does_not_hang_on_a_request() -> None:
    outcome = outcome_of("ratelimited", 2.0)
    assert isinstance(outcome, NotSent)
    assert outcome.retry_after == 2.0


class answering:
    """A server that gives these bytes, as JSON, to whoever asks."""

    def __init__(self, body: bytes) -> None:
        self._head = (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n"
        )
        self._body = body

    async def __aenter__(self) -> str:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/api/"

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(self._head + self._body)
        await writer.drain()
        writer.close()


async def test_no_token_is_not_the_settings_token(
    slack: SlackStandIn, team: Team, room: Channel
) -> None:
    """What is taken away somewhere must not be sent there in another's name."""
    calls = Calls(slack.api_url, token=team.token)
    with pytest.raises(Refused, match="not_authed"):
        await calls.write("chat.postMessage", "", channel=room.id, text="Hei")
    with pytest.raises(Refused, match="not_authed"):
        await calls.read("auth.test", "")
    assert (await calls.read("auth.test", None))["team_id"] == team.team_id
    await calls.close()
