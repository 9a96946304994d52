"""The Slack stand-in, held to Slack's protocol by Slack's own SDK and by an app that listens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from adapters.playground import faults
from adapters.playground.slack.acts import Unseen
from adapters.playground.slack.stand_in import Channel, SlackStandIn, User, Workspace, plain

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
JSON = dict[str, Any]


@dataclass
class Listener:
    """An app: keeps what it is sent and answers what `answer` says."""

    url: str = ""
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[JSON], web.Response] = lambda body: web.Response()

    async def handle(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.heard.append((dict(request.headers), raw))
        return self.answer(self.body(-1))

    def body(self, number: int) -> JSON:
        headers, raw = self.heard[number]
        if headers["Content-Type"] == "application/json":
            body: JSON = json.loads(raw)
            return body
        form = {name: values[0] for name, values in parse_qs(raw.decode()).items()}
        if "payload" in form:
            payload: JSON = json.loads(form["payload"])
            return payload
        return form

    @property
    def events(self) -> list[JSON]:
        bodies = [self.body(number) for number in range(len(self.heard))]
        return [body["event"] for body in bodies if "event" in body]


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def listening(handler: Any) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    it = Listener()
    async with listening(it.handle) as address:
        it.url = f"{address}/slack/events"
        yield it


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def slack(listener: Listener, clock: Clock) -> AsyncIterator[SlackStandIn]:
    stand_in = SlackStandIn(
        signing_secret=SECRET,
        client_id="1.2",
        client_secret="hush",
        events_url=listener.url,
        clock=clock,
    )
    await stand_in.start()
    yield stand_in
    await stand_in.stop()


@dataclass
class Alta:
    """A workspace with the app in it, one person and one channel that the bot is in."""

    workspace: Workspace
    kari: User
    room: Channel
    client: AsyncWebClient


@pytest.fixture
async def alta(slack: SlackStandIn) -> Alta:
    workspace = slack.workspace("Alta kommune")
    kari, room = workspace.user("Kari Nilsen"), workspace.channel("tavlemøter")
    token = workspace.install()
    await slack.invite_bot(room)
    slack.queue.clear()
    client = AsyncWebClient(token=token, base_url=slack.api_url, retry_handlers=[])
    return Alta(workspace, kari, room, client)


SECTION: JSON = {
    "type": "section",
    "text": {"type": "mrkdwn", "text": "*Kari Nilsen* · Alta kommune"},
}
BUTTONS: JSON = {
    "type": "actions",
    "elements": [
        {
            "type": "button",
            "action_id": f"vote:{value}",
            "value": value,
            "text": {"type": "plain_text", "text": label},
        }
        for value, label in (("1", "Ja"), ("2", "Nei"))
    ],
}
MODAL: JSON = {
    "type": "modal",
    "callback_id": "ask",
    "title": {"type": "plain_text", "text": "Spør"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "question",
            "label": {"type": "plain_text", "text": "Spørsmål"},
            "element": {"type": "plain_text_input", "action_id": "words"},
        }
    ],
}


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


# ---- what Slack sends


async def test_a_message_is_signed_and_wrapped_as_slack_does(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    message = await slack.say(alta.kari, alta.room, "Hei på dere & <b>")
    await slack.flush()

    [(headers, raw)] = listener.heard
    assert SignatureVerifier(SECRET).is_valid_request(raw, headers)
    assert not SignatureVerifier(SECRET).is_valid_request(raw + b" ", headers)
    assert headers["Content-Type"] == "application/json"
    envelope = listener.body(0)
    assert envelope["type"] == "event_callback"
    assert envelope["api_app_id"] == "A0MELLOM"
    assert envelope["authorizations"] == [
        {
            "enterprise_id": None,
            "team_id": alta.workspace.team_id,
            "user_id": alta.workspace.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
    ]
    event = envelope["event"]
    assert event["text"] == "Hei på dere &amp; &lt;b&gt;"
    assert event["blocks"][0]["elements"][0]["elements"] == [
        {"type": "text", "text": "Hei på dere & <b>"}
    ]
    assert (event["channel"], event["channel_type"]) == (alta.room.id, "channel")
    assert (event["user"], event["team"]) == (alta.kari.id, alta.workspace.team_id)
    assert event["ts"] == event["event_ts"] == message.ts
    assert event["client_msg_id"]
    assert plain(message) == "Hei på dere & <b>"


async def test_a_mention_is_two_events_with_ids_of_their_own(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    await slack.say(alta.kari, alta.room, "@Mellom *hjelp* @channel https://example.org/a?b=1.")
    await slack.flush()

    said, mentioned = listener.events
    assert (said["type"], mentioned["type"]) == ("message", "app_mention")
    assert said["ts"] == mentioned["ts"]
    assert listener.body(0)["event_id"] != listener.body(1)["event_id"]
    bot = alta.workspace.bot_user_id
    assert said["text"] == f"<@{bot}> *hjelp* <!channel> <https://example.org/a?b=1>."
    kinds = [element["type"] for element in said["blocks"][0]["elements"][0]["elements"]]
    assert kinds == ["user", "text", "text", "text", "broadcast", "text", "link", "text"]


async def test_a_mention_in_a_direct_message_is_one_event(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    await slack.say(alta.kari, alta.workspace.dm(alta.kari), "@Mellom hei")
    await slack.flush()

    [event] = listener.events
    assert event["channel_type"] == "im"


async def test_nothing_is_heard_from_a_room_without_the_bot(
    slack: SlackStandIn, alta: Alta
) -> None:
    await slack.say(alta.kari, alta.workspace.channel("kantina"), "Suppe i dag, @Mellom")
    assert slack.queue == []


async def test_a_reply_names_its_parent(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    root = await slack.say(alta.kari, alta.room, "Hvordan får dere liv i tavlemøtene?")
    jens = alta.workspace.user("Jens Holm")
    reply = await slack.say(jens, alta.room, "Vi spør en gang til", thread_ts=root)
    await slack.flush()

    event = listener.events[-1]
    assert (event["thread_ts"], event["parent_user_id"]) == (root.ts, alta.kari.id)
    assert alta.room.thread(root.ts) == [root, reply]


async def test_an_edit_and_a_deletion_carry_what_was_there(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    message = await slack.say(alta.kari, alta.room, "Først")
    await slack.edit(message, "Så")
    await slack.delete(message)
    await slack.flush()

    _, changed, deleted = listener.events
    assert (changed["subtype"], changed["hidden"]) == ("message_changed", True)
    assert changed["message"]["text"] == "Så"
    assert changed["message"]["edited"]["user"] == alta.kari.id
    assert changed["previous_message"]["text"] == "Først"
    assert changed["message"]["ts"] == message.ts != changed["ts"]
    assert deleted["subtype"] == "message_deleted"
    assert deleted["deleted_ts"] == message.ts
    assert deleted["previous_message"]["text"] == "Så"
    assert message.ts not in alta.room.messages


async def test_a_deleted_parent_leaves_a_tombstone(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    root = await slack.say(alta.kari, alta.room, "Borte snart")
    await slack.say(alta.kari, alta.room, "Et svar", thread_ts=root)
    await slack.delete(root)
    await slack.flush()

    event = listener.events[-1]
    assert event["subtype"] == "message_changed"
    assert event["message"]["subtype"] == "tombstone"
    assert event["message"]["user"] == "USLACKBOT"
    assert event["previous_message"]["text"] == "Borte snart"
    assert alta.room.messages[root.ts].tombstone


async def test_an_event_that_failed_comes_again_with_retry_headers(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    await slack.say(alta.kari, alta.room, "Hei")
    listener.answer = lambda body: web.Response(status=503)
    for _ in range(6):
        await slack.flush()

    numbers = [headers.get("X-Slack-Retry-Num") for headers, _ in listener.heard]
    assert numbers == [None, "1", "2", "3"]
    assert listener.heard[1][0]["X-Slack-Retry-Reason"] == "http_error"
    assert len({raw for _, raw in listener.heard}) == 1
    assert all(SignatureVerifier(SECRET).is_valid_request(raw, h) for h, raw in listener.heard)


async def test_an_app_that_is_down_gets_the_event_when_it_is_back(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    await slack.say(alta.kari, alta.room, "Hei")
    slack.events_url, up = "http://127.0.0.1:9/", slack.events_url
    [delivery] = await slack.flush()
    assert delivery.replies[0].status == 0

    slack.events_url = up
    await slack.flush()
    assert listener.heard[0][0]["X-Slack-Retry-Reason"] == "connection_failed"


async def test_an_app_that_hangs_is_left_after_slacks_patience(
    slack: SlackStandIn, alta: Alta
) -> None:
    slack.line.patience = 0.05
    gate = asyncio.Event()

    async def hang(request: web.Request) -> web.Response:
        await gate.wait()
        return web.Response()

    async with listening(hang) as address:
        slack.events_url = address
        await slack.say(alta.kari, alta.room, "Hei")
        [delivery] = await slack.flush()
        gate.set()
    assert delivery.reason == "http_timeout"


async def test_a_delivery_can_be_sent_many_times_at_once_or_only_as_its_retry(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    await slack.say(alta.kari, alta.room, "Hei")
    [delivery] = slack.queue
    await slack.send_times(delivery, 4, together=True)
    await slack.send(delivery.again())

    assert slack.queue == []
    assert [h.get("X-Slack-Retry-Num") for h, _ in listener.heard] == [None] * 4 + ["1"]


async def test_our_own_posts_edits_and_deletions_come_back(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    metadata = {"event_type": "mellom_copy", "event_payload": {"d": "x" * 26}}
    posted = await alta.client.chat_postMessage(
        channel=alta.room.id, text="Hei", blocks=[SECTION], metadata=metadata
    )
    await alta.client.chat_update(channel=alta.room.id, ts=posted["ts"], text="Nå")
    await alta.client.chat_delete(channel=alta.room.id, ts=posted["ts"])
    await slack.flush()

    said, told, changed, deleted = listener.events
    assert said["bot_id"] == alta.workspace.bot_id
    assert said["user"] == alta.workspace.bot_user_id
    assert said["app_id"] == "A0MELLOM"
    assert said["metadata"] == told["metadata"] == metadata
    assert told["type"] == "message_metadata_posted"
    assert told["message_ts"] == posted["ts"]
    assert changed["message"]["bot_id"] == alta.workspace.bot_id
    assert "blocks" not in changed["message"]
    assert deleted["previous_message"]["bot_id"] == alta.workspace.bot_id


async def test_a_preview_a_file_and_a_new_channel_id_are_told_of(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    message = await slack.say(alta.kari, alta.room, "Se https://example.org/", files=["plan.pdf"])
    await slack.unfurl(message, "https://example.org/")
    old = alta.room.id
    await slack.change_id(alta.room)
    await slack.flush()

    said, changed, moved = listener.events
    assert said["subtype"] == "file_share"
    assert (said["files"][0]["name"], said["files"][0]["mimetype"]) == (
        "plan.pdf",
        "application/pdf",
    )
    assert changed["message"]["text"] == changed["previous_message"]["text"]
    assert "edited" not in changed["message"]
    assert (moved["old_channel_id"], moved["new_channel_id"]) == (old, alta.room.id)
    info = await alta.client.conversations_info(channel=alta.room.id)
    assert (info["channel"]["name"], info["channel"]["is_member"]) == ("tavlemøter", True)
    assert await refused(alta.client.conversations_info(channel=old)) == "channel_not_found"


@pytest.mark.parametrize(
    ("typed", "wire", "read"),
    [
        ("*fet* og _skrå_", "*fet* og _skrå_", "fet og skrå"),
        ("> sitat\n- ett\n- to", "&gt; sitat\n• ett\n• to", "sitat\n• ett\n• to"),
        ("```\na < b\n```", "```a &lt; b```", "a < b"),
        ("<https://a.no|her> `*y*`", "<https://a.no|her> `*y*`", "her *y*"),
        ("5 * 3 * 2, snake_case_x", "5 * 3 * 2, snake_case_x", "5 * 3 * 2, snake_case_x"),
    ],
)
async def test_what_is_typed_is_wired_as_slack_does_and_read_as_typed(
    slack: SlackStandIn, alta: Alta, typed: str, wire: str, read: str
) -> None:
    message = await slack.say(alta.kari, alta.room, typed)
    assert message.text == wire
    assert plain(message) == read
    message.blocks = []
    assert plain(message) == read


async def test_lifecycle_events_have_their_documented_shapes(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    attic = alta.workspace.channel("loftet", private=True)
    await slack.invite_bot(attic, by=alta.kari)
    await slack.rename(attic, "kjelleren")
    await slack.archive(attic)
    await slack.unarchive(attic)
    await slack.remove_bot(attic)
    await slack.delete_channel(alta.room)
    await slack.uninstall(alta.workspace, order=("app_uninstalled", "tokens_revoked"))
    await slack.flush()

    assert [event["type"] for event in listener.events] == [
        "member_joined_channel",
        "message",
        "group_rename",
        "group_archive",
        "group_unarchive",
        "group_left",
        "member_left_channel",
        "channel_deleted",
        "app_uninstalled",
        "tokens_revoked",
    ]
    assert listener.events[0]["inviter"] == alta.kari.id
    assert listener.events[2]["channel"]["name"] == "kjelleren"
    assert listener.events[-1]["tokens"]["bot"] == [alta.workspace.bot_user_id]
    assert await refused(alta.client.auth_test()) == "account_inactive"


async def test_a_rate_limit_notice_and_an_address_check_are_not_events(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    await slack.rate_limit_events(alta.workspace)
    await slack.verify_url("abc")
    await slack.flush()
    assert [listener.body(n)["type"] for n in (0, 1)] == ["app_rate_limited", "url_verification"]


# ---- what people press


async def test_a_press_names_the_message_and_the_button(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    await alta.client.chat_postMessage(channel=alta.room.id, text="?", blocks=[SECTION, BUTTONS])
    [message] = alta.room.messages.values()
    assert plain(message) == "Kari Nilsen · Alta kommune\n[Ja] [Nei]"
    await slack.press(alta.kari, message, "vote:2")

    headers, raw = listener.heard[-1]
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert SignatureVerifier(SECRET).is_valid_request(raw, headers)
    payload = listener.body(-1)
    assert payload["type"] == "block_actions"
    assert payload["user"]["id"] == alta.kari.id
    assert payload["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": alta.room.id,
        "is_ephemeral": False,
    }
    assert payload["message"]["bot_id"] == alta.workspace.bot_id
    [action] = payload["actions"]
    assert (action["action_id"], action["value"], action["type"]) == ("vote:2", "2", "button")
    assert action["block_id"] == payload["message"]["blocks"][1]["block_id"]


async def test_nobody_presses_a_button_that_is_not_there(slack: SlackStandIn, alta: Alta) -> None:
    message = await slack.say(alta.kari, alta.room, "Ingen knapper her")
    with pytest.raises(Unseen):
        await slack.press(alta.kari, message, "vote")


async def test_a_command_is_answered_to_the_person_alone(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    listener.answer = lambda body: web.json_response({"text": "Bare *du* ser dette"})
    reply = await slack.command(alta.kari, alta.room, "/mellom", "join 42")

    body = listener.body(-1)
    assert reply.status == 200
    assert (body["command"], body["text"], body["channel_id"]) == (
        "/mellom",
        "join 42",
        alta.room.id,
    )
    [whisper] = alta.workspace.ephemerals(alta.kari)
    assert plain(whisper) == "Bare du ser dette"
    assert alta.workspace.ephemerals(alta.workspace.user("Jens Holm")) == []


async def test_a_response_url_is_good_five_times(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    await slack.command(alta.kari, alta.room, "/mellom", "")
    url = listener.body(-1)["response_url"]
    async with aiohttp.ClientSession() as session:
        statuses = []
        for number in range(6):
            async with session.post(url, json={"text": f"Svar {number}"}) as response:
                statuses.append(response.status)
    assert statuses == [200] * 5 + [404]
    assert len(alta.workspace.ephemerals(alta.kari)) == 5


async def test_a_modal_is_opened_once_within_three_seconds(
    slack: SlackStandIn, alta: Alta, listener: Listener, clock: Clock
) -> None:
    await slack.command(alta.kari, alta.room, "/mellom", "ask")
    trigger = listener.body(-1)["trigger_id"]
    await alta.client.views_open(trigger_id=trigger, view=MODAL)
    assert alta.workspace.views[alta.kari.id].payload["callback_id"] == "ask"
    again = alta.client.views_open(trigger_id=trigger, view=MODAL)
    assert await refused(again) == "exchanged_trigger_id"

    late = slack.trigger(alta.kari)
    clock.now += 3.5
    assert await refused(alta.client.views_open(trigger_id=late, view=MODAL)) == (
        "expired_trigger_id"
    )


async def test_a_submission_carries_its_values_and_obeys_the_answer(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    await alta.client.views_open(trigger_id=slack.trigger(alta.kari), view=MODAL)
    view = alta.workspace.views[alta.kari.id]

    assert await slack.submit(alta.kari, view) is None
    assert view.errors == {"question": "Please complete this required field."}
    assert listener.heard == []

    listener.answer = lambda body: web.json_response(
        {"response_action": "errors", "errors": {"question": "For kort"}}
    )
    await slack.submit(alta.kari, view, {"question": "Hva?"})
    payload = listener.body(-1)
    assert payload["type"] == "view_submission"
    assert payload["view"]["state"]["values"] == {
        "question": {"words": {"type": "plain_text_input", "value": "Hva?"}}
    }
    assert view.errors == {"question": "For kort"}
    assert alta.workspace.views[alta.kari.id] is view

    changed = MODAL | {"callback_id": "thanks"}
    listener.answer = lambda body: web.json_response({"response_action": "update", "view": changed})
    await slack.submit(alta.kari, view, {"words": "Hva gjør dere?"})
    assert (view.payload["callback_id"], view.errors) == ("thanks", {})

    listener.answer = lambda body: web.Response()
    await slack.submit(alta.kari, view, {"words": "Hva gjør dere?"})
    assert alta.kari.id not in alta.workspace.views


async def test_a_choice_is_sent_with_its_option_and_stands_in_the_state(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    options = [
        {"value": value, "text": {"type": "plain_text", "text": label}}
        for value, label in (("nb", "Bokmål"), ("da", "Dansk"))
    ]
    select = {"type": "static_select", "action_id": "language", "options": options}
    block = {"type": "section", "block_id": "b", "text": SECTION["text"], "accessory": select}
    await alta.client.chat_postMessage(channel=alta.room.id, text="?", blocks=[block])
    [message] = alta.room.messages.values()
    await slack.press(alta.kari, message, "language", chosen="Dansk")
    payload = listener.body(-1)
    assert payload["actions"][0]["selected_option"] == options[1]
    assert payload["state"]["values"]["b"]["language"]["selected_option"] == options[1]


async def test_an_answer_through_the_response_url_can_replace_the_card(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    await alta.client.chat_postMessage(channel=alta.room.id, text="?", blocks=[BUTTONS])
    [message] = alta.room.messages.values()
    await slack.press(alta.kari, message, "vote:1")
    url = listener.body(-1)["response_url"]
    answer = {"replace_original": True, "text": "Takk"}
    async with aiohttp.ClientSession() as session, session.post(url, json=answer):
        pass
    assert plain(message) == "Takk"


async def test_modals_are_pushed_three_deep_updated_and_cleared(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    async def pushed(name: str) -> str:
        begins = name == "one"
        show = alta.client.views_open if begins else alta.client.views_push
        answer = await show(trigger_id=slack.trigger(alta.kari), view=MODAL | {"callback_id": name})
        return str(answer["view"]["id"])

    first, _, third = await pushed("one"), await pushed("two"), await pushed("three")
    assert await refused(pushed("four")) == "push_limit_reached"
    top = alta.workspace.views[alta.kari.id]
    assert (top.id, top.wire()["root_view_id"]) == (third, first)

    answer = await alta.client.views_update(view_id=first, view=MODAL | {"callback_id": "uno"})
    assert answer["view"]["callback_id"] == "uno"
    stale = alta.client.views_update(view_id=first, hash="1.stale", view=MODAL)
    assert await refused(stale) == "hash_conflict"
    listener.answer = lambda body: web.json_response({"response_action": "clear"})
    await slack.submit(alta.kari, top, {"question": "Hva?"})
    assert alta.workspace.views == {}


async def test_a_broken_form_stays_open_and_says_so(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    await alta.client.views_open(trigger_id=slack.trigger(alta.kari), view=MODAL)
    view = alta.workspace.views[alta.kari.id]
    listener.answer = lambda body: web.Response(status=500)
    await slack.submit(alta.kari, view, {"question": "Hva?"})
    assert alta.workspace.views[alta.kari.id] is view
    assert view.errors


# ---- the Web API


# slack_sdk still sends the client's secret through a class that aiohttp will take away.
@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
async def test_a_workspace_is_installed_through_the_oauth_pages(
    slack: SlackStandIn, alta: Alta
) -> None:
    aarhus = slack.workspace("Aarhus Kommune")
    query = {"client_id": "1.2", "state": "s", "redirect_uri": "http://127.0.0.1:1/back"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(
            f"{slack.base_url}/oauth/v2/authorize", params=query, allow_redirects=False
        ) as response,
    ):
        back = parse_qs(urlsplit(response.headers["Location"]).query)
    assert (response.status, back["state"]) == (302, ["s"])

    asked: JSON = {"client_id": "1.2", "code": back["code"][0]}
    client = AsyncWebClient(base_url=slack.api_url, retry_handlers=[])
    wrong = client.oauth_v2_access(**asked, client_secret="wrong")
    assert await refused(wrong) == "bad_client_secret"
    answer = await client.oauth_v2_access(
        **asked, client_secret="hush", redirect_uri="http://127.0.0.1:1/back"
    )
    assert answer["team"] == {"id": aarhus.team_id, "name": "Aarhus Kommune"}
    assert answer["access_token"] == aarhus.token
    assert answer["bot_user_id"] == aarhus.bot_user_id
    assert await refused(client.oauth_v2_access(**asked, client_secret="hush")) == "invalid_code"
    known = AsyncWebClient(token=aarhus.token, base_url=slack.api_url, retry_handlers=[])
    assert (await known.auth_test())["team_id"] == aarhus.team_id
    assert str(aarhus.token) not in repr(slack.wire)
    assert "hush" not in repr(slack.wire)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": ""}, "no_text"),
        ({"channel": "C0NOWHERE"}, "channel_not_found"),
        ({"blocks": [SECTION] * 51}, "invalid_blocks"),
        (
            {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]},
            "invalid_blocks",
        ),
        ({"blocks": [{"type": "button"}]}, "invalid_blocks"),
        ({"blocks": [BUTTONS | {"elements": BUTTONS["elements"] * 2}]}, "invalid_blocks"),
        ({"metadata": {"event_type": "x"}}, "invalid_metadata_format"),
    ],
)
async def test_what_slack_would_not_take_is_refused_with_its_code(
    alta: Alta, changes: JSON, error: str
) -> None:
    asked = {"channel": alta.room.id, "text": "Hei"} | changes
    call = alta.client.api_call("chat.postMessage", json=asked)
    assert await refused(call) == error
    assert alta.room.messages == {}


async def test_blocks_may_share_an_action_id_and_the_value_tells_them_apart(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    answer = {"type": "button", "action_id": "vote", "text": {"type": "plain_text", "text": "Ja"}}
    blocks = [{"type": "actions", "elements": [answer | {"value": v}]} for v in ("1", "2")]
    await alta.client.chat_postMessage(channel=alta.room.id, text="?", blocks=blocks)
    [message] = alta.room.messages.values()
    await slack.press(alta.kari, message, "vote", value="2")
    [action] = listener.body(-1)["actions"]
    assert action["block_id"] == message.blocks[1]["block_id"]


async def test_a_room_that_cannot_be_written_to_says_why(slack: SlackStandIn, alta: Alta) -> None:
    def post(room: Channel) -> Any:
        return alta.client.chat_postMessage(channel=room.id, text="Hei")

    await slack.archive(alta.room)
    assert await refused(post(alta.room)) == "is_archived"
    assert await refused(post(alta.workspace.channel("kantina"))) == "not_in_channel"
    secret = alta.workspace.channel("hemmelig", private=True)
    assert await refused(post(secret)) == "channel_not_found"


async def test_only_own_messages_are_changed_and_only_while_they_stand(
    slack: SlackStandIn, alta: Alta
) -> None:
    message = await slack.say(alta.kari, alta.room, "Mitt")
    at: JSON = {"channel": alta.room.id, "ts": message.ts}
    assert await refused(alta.client.chat_update(**at, text="Ditt")) == "cant_update_message"
    assert await refused(alta.client.chat_delete(**at)) == "cant_delete_message"
    await slack.delete(message)
    assert await refused(alta.client.chat_update(**at, text="Ditt")) == "message_not_found"
    assert await refused(alta.client.chat_delete(**at)) == "message_not_found"


async def test_a_reply_to_nothing_lands_in_the_room_itself(alta: Alta) -> None:
    answer = await alta.client.chat_postMessage(
        channel=alta.room.id, text="Hei", thread_ts="1600000000.000100"
    )
    assert "thread_ts" not in answer["message"]


async def test_an_update_with_text_alone_drops_the_blocks_and_with_metadata_alone_keeps_all(
    alta: Alta,
) -> None:
    posted = await alta.client.chat_postMessage(channel=alta.room.id, text="Hei", blocks=[SECTION])
    message = alta.room.messages[posted["ts"]]
    at: JSON = {"channel": alta.room.id, "ts": message.ts}
    metadata = {"event_type": "a", "event_payload": {}}
    await alta.client.api_call("chat.update", json={**at, "metadata": metadata})
    assert (message.text, bool(message.blocks), bool(message.metadata)) == ("Hei", True, True)
    await alta.client.chat_update(**at, text="Nå")
    assert (message.text, message.blocks, bool(message.metadata)) == ("Nå", [], True)


async def test_history_and_replies_are_paged_and_show_metadata_on_request(
    slack: SlackStandIn, alta: Alta
) -> None:
    root = await slack.say(alta.kari, alta.room, "Rot")
    metadata = {"event_type": "mellom_copy", "event_payload": {"d": "abc"}}
    for number in range(3):
        await alta.client.chat_postMessage(
            channel=alta.room.id, thread_ts=root.ts, text=f"Svar {number}", metadata=metadata
        )
    await slack.say(alta.kari, alta.room, "Siste")

    in_thread: JSON = {"channel": alta.room.id, "ts": root.ts, "limit": 2}
    page = await alta.client.conversations_replies(**in_thread, include_all_metadata=True)
    assert [m["text"] for m in page["messages"]] == ["Rot", "Svar 0", "Svar 1"]
    assert page["messages"][0]["reply_count"] == 3
    assert page["messages"][1]["metadata"] == metadata
    cursor = page["response_metadata"]["next_cursor"]
    rest = await alta.client.conversations_replies(**in_thread, cursor=cursor)
    assert [m["text"] for m in rest["messages"]] == ["Rot", "Svar 2"]
    assert "metadata" not in rest["messages"][1]
    assert not rest["has_more"]

    everything = await alta.client.conversations_history(channel=alta.room.id)
    assert [m["text"] for m in everything["messages"]] == ["Siste", "Rot"]
    since: JSON = {"channel": alta.room.id, "oldest": root.ts}
    assert len((await alta.client.conversations_history(**since))["messages"]) == 1
    assert len((await alta.client.conversations_history(**since, inclusive=True))["messages"]) == 2


async def test_people_are_looked_up_and_written_to_directly(
    slack: SlackStandIn, alta: Alta
) -> None:
    found = await alta.client.users_info(user=alta.kari.id, include_locale=True)
    assert found["user"]["real_name"] == "Kari Nilsen"
    assert found["user"]["locale"] == "nb-NO"
    opened = await alta.client.conversations_open(users=alta.kari.id)
    await alta.client.chat_postMessage(channel=opened["channel"]["id"], text="Hei, *Kari*")
    [message] = alta.workspace.dm(alta.kari).messages.values()
    assert plain(message) == "Hei, Kari"

    await slack.deactivate(alta.kari)
    assert await refused(alta.client.conversations_open(users=alta.kari.id)) == "user_disabled"


async def test_an_ephemeral_is_for_one_person_in_the_room(slack: SlackStandIn, alta: Alta) -> None:
    await slack.say(alta.kari, alta.room, "Hei")
    to: JSON = {"channel": alta.room.id, "user": alta.kari.id}
    await alta.client.chat_postEphemeral(**to, text="Hysj", blocks=[BUTTONS])
    [whisper] = alta.workspace.ephemerals(alta.kari)
    assert len(alta.room.messages) == 1
    await slack.press(alta.kari, whisper, "vote:1")
    stranger = alta.workspace.user("Jens Holm")
    call = alta.client.chat_postEphemeral(channel=alta.room.id, user=stranger.id, text="Hysj")
    assert await refused(call) == "user_not_in_channel"


async def test_two_workspaces_do_not_see_each_other(slack: SlackStandIn, alta: Alta) -> None:
    aarhus = slack.workspace("Aarhus Kommune")
    client = AsyncWebClient(token=aarhus.install(), base_url=slack.api_url, retry_handlers=[])
    posted = client.chat_postMessage(channel=alta.room.id, text="Hej")
    assert await refused(posted) == "channel_not_found"
    assert await refused(client.users_info(user=alta.kari.id)) == "user_not_found"
    client.token = None
    assert await refused(client.auth_test()) == "not_authed"
    client.token = "xoxb-forged"
    assert await refused(client.auth_test()) == "invalid_auth"


async def test_message_ids_only_grow_even_when_the_clock_goes_back(
    slack: SlackStandIn, alta: Alta, clock: Clock
) -> None:
    first = await slack.say(alta.kari, alta.room, "En")
    clock.now -= 3600
    second = await slack.say(alta.kari, alta.room, "To")
    assert first.ts == "1700000000.000100" or first.ts.startswith("1700000000.")
    assert second.ts > first.ts
    assert len(second.ts.split(".")[1]) == 6


async def test_the_pace_of_a_room_is_kept_where_asked(
    slack: SlackStandIn, alta: Alta, clock: Clock
) -> None:
    slack.enforce_rates = True
    await alta.client.chat_postMessage(channel=alta.room.id, text="En")
    with pytest.raises(SlackApiError) as caught:
        await alta.client.chat_postMessage(channel=alta.room.id, text="To")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    clock.now += 1
    await alta.client.chat_postMessage(channel=alta.room.id, text="To")
    assert [m.text for m in alta.room.messages.values()] == ["En", "To"]


# ---- trouble


@pytest.mark.parametrize(("fault", "stands"), [(faults.drop_after(), 1), (faults.drop_before(), 0)])
async def test_a_line_breaks_after_the_work_or_before_it(
    slack: SlackStandIn, alta: Alta, fault: faults.Fault, stands: int
) -> None:
    slack.faults.add(fault, method="chat.postMessage")
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await alta.client.chat_postMessage(channel=alta.room.id, text="Hei")
    assert len(alta.room.messages) == stands


async def test_a_call_that_hangs_is_given_up_and_the_server_still_stops(
    slack: SlackStandIn, alta: Alta
) -> None:
    slack.faults.add(faults.hang(), method="chat.postMessage", times=None)
    alta.client.timeout = 0.05  # type: ignore[assignment]  # the SDK hands it to aiohttp
    with pytest.raises(TimeoutError):
        await alta.client.chat_postMessage(channel=alta.room.id, text="Hei")
    assert len(alta.room.messages) == 1
    slack.faults.heal()
    await alta.client.chat_postMessage(channel=alta.room.id, text="Hei igjen")


async def test_bad_statuses_garbage_and_limits_are_seen_by_the_sdk(
    slack: SlackStandIn, alta: Alta
) -> None:
    async def post() -> Any:
        return await alta.client.chat_postMessage(channel=alta.room.id, text="Hei")

    slack.faults.add(faults.status(502, "<html>Bad gateway</html>", done=True))
    with pytest.raises(SlackApiError) as caught:
        await post()
    assert caught.value.response.status_code == 502
    assert len(alta.room.messages) == 1

    slack.faults.add(faults.rate_limited(30), conversation=alta.room.id)
    with pytest.raises(SlackApiError) as caught:
        await post()
    assert caught.value.response.headers["Retry-After"] == "30"

    slack.faults.add(faults.error("fatal_error"))
    assert await refused(post()) == "fatal_error"

    slack.faults.add(faults.garbage(done=False))
    with pytest.raises(UnicodeDecodeError):
        await post()

    slack.faults.add(faults.slow(0.0))
    await post()
    assert len(alta.room.messages) == 2


async def test_a_fault_strikes_what_it_is_meant_for_and_as_often_as_told(
    slack: SlackStandIn, alta: Alta
) -> None:
    other = alta.workspace.channel("annet")
    await slack.invite_bot(other)
    slack.faults.add(faults.error("internal_error"), conversation=alta.room.id, times=2)
    await alta.client.chat_postMessage(channel=other.id, text="Hei")
    await alta.client.auth_test()
    outcomes = []
    for _ in range(3):
        try:
            await alta.client.chat_postMessage(channel=alta.room.id, text="Hei")
            outcomes.append("ok")
        except SlackApiError as error:
            outcomes.append(error.response["error"])
    assert outcomes == ["internal_error", "internal_error", "ok"]


async def test_the_journal_keeps_both_directions_without_tokens(
    slack: SlackStandIn, alta: Alta
) -> None:
    await slack.say(alta.kari, alta.room, "Hei")
    await slack.flush()
    await alta.client.chat_postMessage(channel=alta.room.id, text="Svar")
    asked = slack.calls("chat.postMessage")[0]
    assert asked.request["text"] == "Svar"
    assert asked.response["ok"]
    assert slack.counts["chat.postMessage"] == 1
    assert [one.toward for one in slack.wire] == ["mellom", "slack"]

    form = {"token": alta.workspace.token}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.api_url}auth.test", data=form) as response,
    ):
        assert (await response.json())["ok"]
    assert str(alta.workspace.token) not in repr(slack.wire)


async def test_with_auto_every_action_and_every_echo_is_sent_at_once(
    slack: SlackStandIn, alta: Alta, listener: Listener
) -> None:
    slack.auto = True
    await slack.say(alta.kari, alta.room, "Hei")
    assert len(listener.events) == 1
    await alta.client.chat_postMessage(channel=alta.room.id, text="Svar")
    await slack.flush()
    assert listener.events[1]["bot_id"] == alta.workspace.bot_id
