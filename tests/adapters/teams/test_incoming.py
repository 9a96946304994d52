"""Teams' activities, in the bot's words."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from botbuilder.core import TurnContext
from botbuilder.schema import Activity
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.teams.incoming import Malformed, translate
from adapters.teams.wire import Json, parse
from bot.incoming import (
    Added,
    Deleted,
    Edited,
    File,
    Incoming,
    Moved,
    PeopleLeft,
    Person,
    Pointed,
    Pressed,
    Removed,
    Said,
    Submitted,
)
from tests.adapters.teams.parts import BOT, CHANNEL, SERVICE_URL, TEAM, TENANT, activity
from tests.numbers import norwegian_number

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KARI = Person("teams", TENANT, "aad-kari", "Kari Nilsen", address="29:kari", language="nb-NO")
ADDRESS = {
    "serviceUrl": SERVICE_URL,
    "tenant": TENANT,
    "bot": BOT,
    "type": "channel",
    "team": TEAM,
    "channel": CHANNEL,
}
PERSONAL = {
    "conversation": {"id": "a:1kari", "conversationType": "personal", "tenantId": TENANT},
    "channelData": {"tenant": {"id": TENANT}},
}


def read(**changes: Any) -> Incoming | None:
    return translate(activity(**changes), 7, NOW)


def said(**changes: Any) -> Said:
    found = read(**changes)
    assert isinstance(found, Said)
    return found


def invoke(name: str, value: Any, **changes: Any) -> Incoming | None:
    return read(
        type="invoke", name=name, value=value, text=None, replyToId="1700000000009", **changes
    )


def test_a_message_in_a_channel_says_who_where_and_what() -> None:
    found = said()
    assert found.person == KARI
    assert found.place.key == CHANNEL
    assert found.place.installation == 7
    assert not found.place.direct
    assert found.place.address == ADDRESS
    assert found.message == "1700000000001"
    assert found.root is None
    assert found.addressed
    assert found.text.plain() == "Hvordan får dere liv i tavlemøtene?"
    assert found.at == datetime(2026, 11, 22, 10, 11, 12, 345000, tzinfo=UTC)


def test_the_receipts_key_tells_an_edit_from_the_message_it_is_about() -> None:
    key = f"teams:{BOT}:{CHANNEL};messageid=1700000000001"
    assert said().key == f"{key}:message:1700000000001:2026-11-22T10:11:12.345Z"
    edited = read(type="messageUpdate", timestamp="2026-11-22T10:12:00Z")
    assert edited is not None
    assert edited.key == f"{key}:messageUpdate:1700000000001:2026-11-22T10:12:00Z"


def test_activities_without_an_id_have_keys_of_their_own() -> None:
    keys = {said_key(text="a"), said_key(text="b"), said_key(text="a")}
    assert len(keys) == 2


def said_key(text: str) -> str:
    found = read(type="conversationUpdate", id=None, membersAdded=[{"id": BOT}], text=text)
    assert found is not None
    return found.key


def test_a_reply_names_the_root_of_its_thread() -> None:
    found = said(id="1700000000002")
    assert (found.message, found.root) == ("1700000000002", "1700000000001")
    assert found.place.key == CHANNEL


def test_a_message_in_a_personal_chat_is_addressed_without_a_mention() -> None:
    found = said(**PERSONAL, text="hjelp", entities=None)
    assert found.place.direct
    assert found.place.key == "a:1kari"
    assert found.place.address["type"] == "personal"
    assert "channel" not in found.place.address
    assert found.addressed
    assert found.root is None


def test_a_message_that_mentions_others_is_not_addressed() -> None:
    mention = {
        "type": "mention",
        "mentioned": {"id": "29:jens", "name": "Jens Holm"},
        "text": "<at>Jens Holm</at>",
    }
    found = said(text="<at>Jens Holm</at> hva sier du?", entities=[mention])
    assert not found.addressed
    assert found.text.plain() == "Jens Holm hva sier du?"
    assert list(found.text.mentions()) == ["29:jens"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<at>Mellom</at> hjelp", "hjelp"),
        ("<at>Mellom</at>&nbsp;hjelp", "hjelp"),
        ("  <at>Mellom</at>\nhjelp", "hjelp"),
        ("<at>Mellom</at> si det til <at>Mellom</at>", "si det til Mellom"),
        ("hei <at>Mellom</at> du", "hei Mellom du"),
        ("<at>Mellom</at>", ""),
        ("&nbsp;", ""),
        ("a &lt; b &amp;amp; c", "a < b &amp; c"),
        (None, ""),
        ("", ""),
    ],
)
def test_only_the_leading_mention_of_the_bot_is_cut(text: str | None, left: str) -> None:
    mention = activity()["entities"][0]
    assert said(text=text, entities=[mention, mention]).text.plain() == left


def test_the_bare_sdk_cuts_every_mention_and_fails_over_a_message_without_text() -> None:
    received = Activity.deserialize(activity(text="<at>Mellom</at> hva er <at>Mellom</at>?"))
    assert TurnContext.remove_recipient_mention(received).strip() == "hva er ?"
    with pytest.raises(TypeError):
        TurnContext.remove_recipient_mention(Activity.deserialize(activity(text=None)))


def html(content: str) -> list[dict[str, Any]]:
    return [{"contentType": "text/html", "content": content}]


def test_the_looks_come_from_the_html_that_repeats_the_text() -> None:
    found = said(
        text="<at>Mellom</at>&nbsp;Hva er viktigst?",
        attachments=html(
            '<p><span itemtype="http://schema.skype.com/Mention" itemscope="" itemid="0">Mellom'
            "</span>&nbsp;Hva er <strong>viktigst</strong>?</p>"
        ),
    )
    assert found.text.plain() == "Hva er viktigst?"
    assert any(span.bold for span in found.text.blocks[0].spans)


def test_html_that_says_something_else_than_the_text_is_not_believed() -> None:
    found = said(text="Ja", entities=[], attachments=html("<p><b>Nei</b></p>"))
    assert found.text.plain() == "Ja"


def test_a_message_that_is_only_html_is_read() -> None:
    found = said(text=None, entities=[], attachments=html("<div><div>Ja</div></div>"))
    assert found.text.plain() == "Ja"


def test_files_are_described() -> None:
    found = said(
        text=None,
        attachments=[
            {
                "contentType": "application/vnd.microsoft.teams.file.download.info",
                "name": "tavle.pdf",
                "content": {"downloadUrl": "https://x.invalid", "fileType": "pdf"},
            },
            {"contentType": "image/*", "contentUrl": "https://x.invalid"},
            {"contentType": "application/vnd.microsoft.card.adaptive", "content": {}},
        ],
    )
    assert found.files == (File("tavle.pdf"), File())


def test_a_file_in_a_channel_has_no_name() -> None:
    found = said(text="Se her", attachments=html('<p>Se her</p><attachment id="1"></attachment>'))
    assert found.files == (File(),)


def test_a_national_identity_number_never_gets_past() -> None:
    stopped = said(text="Borger 31129956715 skal ha brev")
    assert stopped.suspicion is not None
    assert not stopped.text


def test_an_edit_is_newer_the_later_it_was_made() -> None:
    first = read(type="messageUpdate", timestamp="2026-11-22T10:12:00.9Z", text="En")
    then = read(
        type="messageUpdate",
        timestamp="2026-11-22T12:12:01+01:00",
        channelData={**activity()["channelData"], "eventType": "editMessage"},
    )
    back = read(
        type="messageUpdate",
        timestamp="2026-11-22T11:12:02Z",
        channelData={"eventType": "undeleteMessage"},
    )
    assert isinstance(first, Edited)
    assert isinstance(then, Edited)
    assert isinstance(back, Edited)
    assert first.version < then.version < back.version
    assert first.text.plain() == "En"
    assert first.message == "1700000000001"


def test_a_deletion_names_the_message_and_its_thread() -> None:
    for data in ({"eventType": "softDeleteMessage"}, None):
        found = read(type="messageDelete", id="1700000000002", text=None, channelData=data)
        assert isinstance(found, Deleted)
        assert (found.place.key, found.message) == (CHANNEL, "1700000000002")
        assert found.root == "1700000000001"


JENS = {"id": "29:jens", "aadObjectId": "aad-jens", "name": "Jens Holm"}
SHARED = {"team": {"id": TEAM}, "channel": {"id": CHANNEL}}


@pytest.mark.parametrize(
    ("told", "home"),
    [
        ({"from": {**JENS, "tenantId": "hjemme"}}, "hjemme"),
        ({"from": JENS, "channelData": {**SHARED, "tenant": {"id": "hjemme"}}}, "hjemme"),
        ({"from": JENS}, TENANT),  # A guest: nothing tells where they are at home.
        ({"from": JENS, "channelData": SHARED}, TENANT),
    ],
)
def test_a_person_is_at_home_where_teams_says_and_the_channel_where_it_is_hosted(
    told: dict[str, Any], home: str
) -> None:
    """In a shared channel an author's tenant may be another than the one that hosts it
    (learn.microsoft.com, "Apps for shared and private channels")."""
    found = said(**told)
    assert found.person.tenant == home
    assert found.place.address["tenant"] == TENANT


@pytest.mark.parametrize(
    "sender", [{"id": BOT}, {"id": "28:annen"}, {"role": "bot", "id": "x"}, {}]
)
def test_what_a_bot_says_is_not_a_persons(sender: dict[str, Any]) -> None:
    assert read(**{"from": sender}) is None


def test_the_language_may_stand_in_the_clients_own_entity() -> None:
    found = said(
        locale=None, entities=[{"type": "clientInfo", "locale": "da-DK"}, {"type": "nytt"}]
    )
    assert found.person.language == "da-DK"


# Presses and forms.

DATA = {"action": "poll.vote", "value": "2", "token": "01J"}


def press(data: dict[str, Any]) -> dict[str, Any]:
    return {"action": {"type": "Action.Execute", "verb": "v", "data": data}, "trigger": "manual"}


def test_a_press_is_the_senders_whatever_the_data_says() -> None:
    forged = {**DATA, "userId": "aad-jens", "from": {"aadObjectId": "aad-jens"}}
    for found in (
        invoke("adaptiveCard/action", press(forged)),
        invoke("task/fetch", {"data": {**forged, "msteams": {"type": "task/fetch"}}}),
        read(value=forged, text=None, replyToId="1700000000009"),
    ):
        assert isinstance(found, Pressed)
        assert found.person == KARI
        assert (found.action, found.value, found.token) == ("poll.vote", "2", "01J")
        assert (found.message, found.root) == ("1700000000009", "1700000000001")
        assert found.place.key == CHANNEL


def test_a_press_on_the_roots_own_card_stands_in_no_thread() -> None:
    found = read(
        type="invoke",
        name="adaptiveCard/action",
        value=press(DATA),
        replyToId="1700000000001",
    )
    assert isinstance(found, Pressed)
    assert found.root is None


def test_a_form_brings_its_values() -> None:
    data = {"form": "ask", "subject": "7", "spørsmål": "Hvordan?", "input:value": "x", "tall": 3}
    found = invoke("task/submit", {"data": data, "context": {"theme": "default"}})
    assert isinstance(found, Submitted)
    assert (found.form, found.subject, found.person) == ("ask", "7", KARI)
    assert found.values == {"spørsmål": "Hvordan?", "value": "x"}


@pytest.mark.parametrize("value", [None, "tekst", [], {}, {"action": "x"}, {"action": {"data": 1}}])
def test_a_press_without_the_shape_of_one_is_malformed(value: Any) -> None:
    with pytest.raises(Malformed):
        invoke("adaptiveCard/action", value)


@pytest.mark.parametrize("value", [None, {}, {"data": {"subject": "7"}}])
def test_a_form_without_the_shape_of_one_is_malformed(value: Any) -> None:
    with pytest.raises(Malformed):
        invoke("task/submit", value)


@pytest.mark.parametrize("name", ["fileConsent/invoke", "composeExtension/query", "nytt", "", None])
def test_an_unknown_invoke_is_nothing(name: str | None) -> None:
    assert read(type="invoke", name=name, value={"data": DATA}) is None


def test_choices_come_by_their_values() -> None:
    data = {"form": "ask", "subject": "", "theme": "2", "answers": "1,3", "none": ""}
    found = invoke("composeExtension/submitAction", {"commandId": "ask", "data": data})
    assert isinstance(found, Submitted)
    assert found.values == {"theme": "2", "answers": "1,3", "none": ""}


def chosen(**changes: Any) -> dict[str, Any]:
    """What a message action brings (learn.microsoft.com, "Create and send the task module")."""
    user = {"userIdentityType": "aadUser", "id": "aad-ola", "displayName": "Ola Berg"}
    bot = {"applicationIdentityType": "bot", "id": BOT.removeprefix("28:"), "displayName": "Mellom"}
    message = {
        "linkToMessage": f"https://teams.microsoft.com/l/message/{CHANNEL}/1700000000001",
        "id": "1700000000001",
        "replyToId": None,
        "createdDateTime": "2026-11-22T10:11:12.345Z",
        "lastModifiedDateTime": None,
        "deleted": False,
        "body": {
            "contentType": "html",
            "content": '<div><at id="0">Mellom</at>&nbsp;Hvem leder <b>møtet</b>?</div>',
        },
        "from": {"device": None, "conversation": None, "user": user, "application": None},
        "reactions": [],
        "mentions": [
            {"id": 0, "mentionText": "Mellom", "mentioned": {"user": None, "application": bot}}
        ],
        "attachments": [],
        **changes,
    }
    return {"commandId": "ask", "commandContext": "message", "messagePayload": message}


def pointed(value: Any, **changes: Any) -> Pointed:
    found = invoke("composeExtension/fetchTask", value, **changes)
    assert isinstance(found, Pointed)
    return found


def test_a_message_action_tells_who_chose_which_message_and_who_wrote_it() -> None:
    found = pointed(chosen())
    assert (found.person, found.place.key) == (KARI, CHANNEL)
    assert (found.message, found.root, found.author) == ("1700000000001", None, "aad-ola")
    assert found.text.plain() == "Hvem leder møtet?"


def test_a_message_action_on_a_reply_tells_its_thread_and_its_files() -> None:
    body = {"contentType": "html", "content": '<p>Se</p><attachment id="1"></attachment>'}
    found = pointed(chosen(id="1700000000002", replyToId="1700000000001", body=body))
    assert (found.message, found.root) == ("1700000000002", "1700000000001")
    assert len(found.files) == 1
    named = [{"id": "1", "contentType": "reference", "name": "tavle.pdf"}]
    assert pointed(chosen(body=body, attachments=named)).files == (File("tavle.pdf"),)


def test_what_an_app_wrote_has_no_author() -> None:
    who = {"user": None, "application": {"id": "x"}}
    assert pointed(chosen(**{"from": who})).author is None


def test_a_number_is_taken_out_of_what_was_pointed_at() -> None:
    body = {"contentType": "text", "content": f"Gjelder {norwegian_number().text} her"}
    found = pointed(chosen(body=body))
    assert found.text.plain() == "Gjelder […] her"
    assert found.suspicion is not None


def test_a_chat_between_two_people_is_not_the_bots_chat_with_one_of_them() -> None:
    between = {"id": "19:a_b@unq.gbl.spaces", "conversationType": "personal", "tenantId": TENANT}
    data = {"tenant": {"id": TENANT}, "source": {"name": "message"}}
    found = pointed(chosen(), conversation=between, channelData=data)
    assert not found.place.direct


@pytest.mark.parametrize(
    "value",
    [
        *(None, "tekst", [], {}, {"commandId": "ask"}, {**chosen(), "commandId": "remind"}),
        {"commandId": "ask", "messagePayload": {"body": 1, "from": "x", "mentions": [1]}},
    ],
)
def test_a_message_action_without_a_message_of_ours_is_nothing(value: Any) -> None:
    assert invoke("composeExtension/fetchTask", value) is None


# Where the bot is.


@pytest.mark.parametrize("action", ["add", "add-upgrade"])
def test_being_installed_in_a_team_is_being_added_to_all_its_channels(action: str) -> None:
    found = read(type="installationUpdate", action=action, text=None)
    assert isinstance(found, Added)
    assert (found.place.key, found.person, found.whole) == ("19:general@thread.tacv2", KARI, True)


@pytest.mark.parametrize("action", ["remove", "remove-upgrade"])
def test_being_uninstalled_from_a_team_ends_all_its_channels(action: str) -> None:
    found = read(type="installationUpdate", action=action, text=None)
    assert isinstance(found, Removed)
    assert (found.place.key, found.whole) == (TEAM, True)


def test_being_uninstalled_by_a_person_ends_their_chat() -> None:
    found = read(type="installationUpdate", action="remove", **PERSONAL)
    assert isinstance(found, Removed)
    assert (found.place.key, found.place.direct, found.whole) == ("a:1kari", True, False)
    assert found.person == KARI


def test_only_the_bots_own_coming_and_going_matters() -> None:
    joined = read(type="conversationUpdate", membersAdded=[{"id": "29:jens"}, {"id": BOT}])
    left = read(type="conversationUpdate", membersRemoved=[{"id": BOT}])
    assert isinstance(joined, Added)
    assert isinstance(left, Removed)
    assert left.whole
    assert read(type="conversationUpdate", membersAdded=[{"id": "29:jens"}]) is None
    assert read(type="conversationUpdate") is None


def test_whoever_is_taken_out_of_a_team_is_known_by_their_address_alone() -> None:
    found = happened("teamMemberRemoved", removed=[{"id": "29:jens"}, {"id": "28:another-bot"}])
    assert isinstance(found, PeopleLeft)
    assert (found.place.key, found.whole) == (TEAM, True)
    assert found.people == (Person("teams", TENANT, "29:jens", address="29:jens"),)


def test_whoever_is_taken_out_of_a_shared_channel_is_out_of_that_one_only() -> None:
    channel = {"id": CHANNEL, "name": "Mellom"}
    guest = {"id": "29:nils", "aadObjectId": "aad-nils", "tenantId": "tenant-bodo"}
    found = happened("channelMemberRemoved", removed=[guest], channel=channel)
    assert isinstance(found, PeopleLeft)
    assert (found.place.key, found.whole) == (CHANNEL, False)
    assert found.people == (Person("teams", "tenant-bodo", "aad-nils", address="29:nils"),)


def test_whoever_leaves_a_chat_with_others_is_nothing_to_us() -> None:
    group = {"id": "19:chat@thread.v2", "conversationType": "groupChat"}
    gone = [{"id": "29:jens"}]
    assert read(type="conversationUpdate", membersRemoved=gone, conversation=group) is None


def happened(event: str, removed: Sequence[Json] = (), **data: Any) -> Incoming | None:
    team = {"id": TEAM, "name": "Forbedring"}
    conversation = {"id": TEAM, "conversationType": "channel"}
    told = {"eventType": event, "team": team, "tenant": {"id": TENANT}, **data}
    about = {"conversation": conversation, "channelData": told, "membersRemoved": list(removed)}
    return read(type="conversationUpdate", **about)


@pytest.mark.parametrize("event", ["teamDeleted", "teamHardDeleted", "teamArchived"])
def test_a_team_that_ends_ends_all_its_channels(event: str) -> None:
    found = happened(event)
    assert isinstance(found, Removed)
    assert (found.place.key, found.whole) == (TEAM, True)


@pytest.mark.parametrize("event", ["teamRestored", "teamUnarchived"])
def test_a_team_that_comes_back_brings_all_its_channels(event: str) -> None:
    found = happened(event)
    assert isinstance(found, Added)
    assert (found.place.key, found.whole, found.place.name) == (TEAM, True, "Forbedring")


def test_what_happens_to_a_channel_is_about_that_channel() -> None:
    channel = {"id": CHANNEL, "name": "Mellom"}
    gone = happened("channelDeleted", channel=channel)
    back = happened("channelRestored", channel=channel)
    renamed = happened("channelRenamed", channel=channel)
    put_out = happened("channelMemberRemoved", channel=channel)
    assert put_out is None
    assert isinstance(gone, Removed)
    assert isinstance(back, Added)
    assert isinstance(renamed, Moved)
    assert not gone.whole
    assert gone.place.key == back.place.key == renamed.place.key == renamed.old_key == CHANNEL
    assert gone.place.address["channel"] == CHANNEL
    assert renamed.place.name == "Mellom"


def test_a_shared_channel_can_put_the_bot_out_alone() -> None:
    data = {**activity()["channelData"], "eventType": "channelMemberRemoved"}
    found = read(type="conversationUpdate", membersRemoved=[{"id": BOT}], channelData=data)
    assert isinstance(found, Removed)
    assert (found.place.key, found.whole) == (CHANNEL, False)


@pytest.mark.parametrize("event", ["channelCreated", "teamRenamed", "nytt"])
def test_other_events_are_nothing(event: str) -> None:
    assert happened(event, channel={"id": CHANNEL}) is None


@pytest.mark.parametrize(
    "type_", ["messageReaction", "typing", "endOfConversation", "event", "nytt", ""]
)
def test_other_activities_are_nothing(type_: str) -> None:
    assert read(type=type_) is None


def test_a_message_without_channel_data_is_still_read() -> None:
    found = said(channelData=None, entities=[{"type": "nytt"}, "tekst", None], text=None)
    assert found.place.address["channel"] == CHANNEL
    assert found.person.tenant == TENANT


def test_a_time_that_is_no_time_is_now() -> None:
    for timestamp in (None, "", "i går", "0001-01-01T00:00:00+23:59", 7):
        assert said(timestamp=timestamp).at == NOW
    assert said(timestamp="2026-11-22T10:11:12.3456789").at.microsecond == 345678


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
TYPES = st.sampled_from(
    ["message", "messageUpdate", "messageDelete", "installationUpdate", "conversationUpdate"]
)
INVOKES = st.sampled_from(["adaptiveCard/action", "task/fetch", "task/submit"])


@settings(deadline=None)
@given(st.data(), TYPES | st.just("invoke"))
def test_no_activity_whatever_breaks_the_reading(data: st.DataObject, type_: str) -> None:
    received = activity(type=type_, action="add", membersAdded=[{"id": BOT}], value=press(DATA))
    received["name"] = data.draw(INVOKES)
    for _ in range(data.draw(st.integers(1, 4))):
        inside = received
        while True:
            name = data.draw(st.sampled_from(sorted(inside)))
            if isinstance(inside[name], dict) and inside[name] and data.draw(st.booleans()):
                inside = inside[name]
            else:
                break
        if data.draw(st.booleans()):
            inside.pop(name)
        else:
            inside[name] = data.draw(JSON)
        if not received:
            break
    before = copy.deepcopy(received)
    try:
        translate(received, 1, NOW)
    except Malformed:
        assert type_ == "invoke"
    assert repr(received) == repr(before)


def test_what_no_database_takes_is_gone_before_anything_is_read() -> None:
    body = json.dumps(activity(text="a\x00b")).encode().replace(b"Kari", b"\\ud83d")
    found = translate(parse(body), 1, NOW)
    assert isinstance(found, Said)
    assert found.text.plain() == "ab"
    assert found.person.name == "? Nilsen"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe{}", b'{"a":' * 100_000, b'"\\', b"1" * 5000, b"{'a': 1}"]
)
def test_a_body_that_is_no_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - Any of its kinds.
        parse(body)
