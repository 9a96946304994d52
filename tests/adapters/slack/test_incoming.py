"""What Slack tells us, in our words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.slack.incoming import NotUnderstood, translate
from adapters.slack.messages import COPY, at, version_of
from bot.incoming import (
    Added,
    Commanded,
    Deleted,
    Echo,
    Edited,
    File,
    Incoming,
    Moved,
    PeopleLeft,
    Person,
    PersonGone,
    PersonHere,
    Place,
    Pointed,
    Pressed,
    Removed,
    Said,
    Submitted,
    Uninstalled,
)
from bot.text import Span, Text
from tests.adapters.slack.payloads import (
    ALTA,
    KARI,
    ROOM,
    Json,
    changed,
    command,
    deleted,
    envelope,
    message,
    own,
    press,
    shortcut,
    submission,
)
from tests.numbers import norwegian_number

RECEIVED = datetime(2026, 11, 22, 12, tzinfo=UTC)
TS = "1700000001.000100"
PLACE = Place(installation=7, key=ROOM, reads_all=True)
PERSON = Person("slack", ALTA.team, KARI, address=KARI)
GUEST = Person("slack", "T0BODO", "U0GUEST", address="U0GUEST")


def came(event: Json, **around: Any) -> Incoming | None:
    return translate(envelope(event, **around), ALTA, RECEIVED)


# --- written ------------------------------------------------------------------------------------


def test_a_message_is_said_by_its_author_at_its_time() -> None:
    assert came(message("Hei *alle*")) == Said(
        key="slack:A0MELLOM:Ev0001",
        at=datetime(2023, 11, 14, 22, 13, 21, 100, UTC),
        place=PLACE,
        person=PERSON,
        message=TS,
        text=Text.of("Hei *alle*"),
    )


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, True),
        ({"subtype": "file_share"}, True),
        ({"subtype": "me_message"}, True),
        ({"subtype": "thread_broadcast", "thread_ts": "1699999999.000100"}, True),
        ({"subtype": "bot_message", "bot_id": "B0OTHER", "user": None}, False),
        ({"bot_id": "B0OTHER"}, False),
        ({"user": "USLACKBOT"}, False),
        ({"user": None}, False),
        *(
            ({"subtype": subtype}, False)
            for subtype in (
                "channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name",
                "channel_archive", "channel_unarchive", "channel_convert_to_private",
                "channel_posting_permissions", "group_join", "group_topic", "pinned_item",
                "reminder_add", "reminder_delete", "bot_add", "bot_remove", "ekm_access_denied",
                "message_replied", "reply_broadcast", "assistant_app_thread", "huddle_thread",
                "tombstone", "document_mention", "something_of_next_year",
            )
        ),
    ],
)  # fmt: skip
def test_only_what_a_person_wrote_is_said(more: Json, said: bool) -> None:
    came_in = came(message(**more))
    assert isinstance(came_in, Said) if said else came_in is None


def test_a_reply_names_its_root_and_a_root_does_not() -> None:
    reply, root = came(message(thread_ts="1699999999.000100")), came(message(thread_ts=TS))
    assert isinstance(reply, Said)
    assert reply.root == "1699999999.000100"
    assert isinstance(root, Said)
    assert root.root is None


def test_a_reply_also_sent_to_the_channel_is_the_same_message() -> None:
    reply = message(thread_ts="1699999999.000100")
    first, again = came(reply), came({**reply, "subtype": "thread_broadcast", "root": {}})
    assert first == again


def test_a_mention_addresses_the_bot_in_either_of_its_two_events() -> None:
    event = message("<@U0BOT> hei", blocks=None)
    heard = came(event)
    mention = {k: v for k, v in event.items() if k != "channel_type"} | {"type": "app_mention"}
    mentioned = came(mention, event_id="Ev0002")
    assert isinstance(heard, Said)
    assert isinstance(mentioned, Said)
    assert heard.addressed
    assert mentioned.addressed
    assert heard.text == mentioned.text == Text.of("hei")
    assert (heard.place, heard.message) == (mentioned.place, mentioned.message)
    assert heard.key != mentioned.key


@pytest.mark.parametrize("text", ["hei <@U0BOTTOM>", "hei @Mellom", "&lt;@U0BOT&gt;"])
def test_nothing_else_addresses_it(text: str) -> None:
    said = came(message(text, blocks=None))
    assert isinstance(said, Said)
    assert not said.addressed


def test_a_direct_message_is_always_addressed() -> None:
    said = came(message("hjelp", channel="D0KARI", channel_type="im"))
    assert isinstance(said, Said)
    assert said.addressed
    assert said.place == Place(installation=7, key="D0KARI", direct=True, reads_all=True)


@pytest.mark.parametrize(
    ("more", "tenant", "name"),
    [
        ({}, "T0ALTA", None),
        ({"user_team": "T0AARHUS", "source_team": "T0AARHUS"}, "T0AARHUS", None),
        ({"team": "T0AARHUS"}, "T0AARHUS", None),
        ({"team": None}, "T0ALTA", None),
        ({"user_team": "E0OURS"}, "T0ALTA", None),
        ({"user_team": "E0THEIRS"}, "E0THEIRS", None),
        ({"user_profile": {"real_name": "Jens Holm"}}, "T0ALTA", "Jens Holm"),
        ({"user_profile": {"real_name": "", "display_name": "Jens\u202e"}}, "T0ALTA", "Jens"),
    ],
)
def test_the_author_is_at_home_in_their_own_team(more: Json, tenant: str, name: str) -> None:
    said = came(message(**more), enterprise_id="E0OURS")
    assert isinstance(said, Said)
    assert said.person == Person("slack", tenant, KARI, name, KARI)


def test_files_are_described_and_not_copied() -> None:
    files = [
        {"id": "F1", "name": "plan.pdf", "size": 2048, "url_private": "https://files.slack.com/x"},
        {"id": "F2", "mode": "file_access", "file_access": "check_file_info"},
        {"id": "F3", "mode": "tombstone"},
    ]
    said = came(message("", files=files, subtype="file_share", blocks=None))
    assert isinstance(said, Said)
    assert said.files == (File("plan.pdf", 2048), File("", None))
    assert not said.text


def test_an_identity_number_does_not_come_in() -> None:
    said = came(message(f"Ring {norwegian_number().text}", files=[{"name": "a.pdf"}]))
    assert isinstance(said, Said)
    assert said.suspicion is not None
    assert (said.text, said.files) == (Text(), ())


def test_a_workspace_whose_app_id_is_not_known_yet_still_knows_its_own() -> None:
    """The app's id is also on everything that the app is sent."""
    unknown = replace(ALTA, app="")
    event = own(user="U0OTHER", bot_id="B0OTHER")
    assert isinstance(translate(envelope(event), unknown, RECEIVED), Echo)


# --- edited and deleted -------------------------------------------------------------------------

OLD = message("Hei")
NEW = message("Hei igjen", edited={"user": KARI, "ts": "1700000008.000000"})


def test_an_edit_has_the_new_words_and_a_version() -> None:
    """The version is the event's time, for `edited.ts` has whole seconds only."""
    edited = came(changed(NEW, OLD))
    assert edited == Edited(
        key="slack:A0MELLOM:Ev0001",
        at=datetime(2023, 11, 14, 22, 13, 29, 200, UTC),
        place=PLACE,
        person=PERSON,
        message=TS,
        version="0001700000009.000200",
        text=Text.of("Hei igjen"),
    )


def test_versions_sort_as_text_in_the_order_of_time() -> None:
    moments = ["999999999.999999", "1700000008.000000", "1700000008.000100", "17000000080.0"]
    assert sorted(map(version_of, reversed(moments))) == list(map(version_of, moments))


def test_a_moment_of_slacks_is_kept_to_the_microsecond() -> None:
    assert at("1700000000.000100").isoformat() == "2023-11-14T22:13:20.000100+00:00"
    assert at(1700000000).microsecond == 0


@pytest.mark.parametrize(
    "new",
    [
        message("Hei", attachments=[{"from_url": "https://a.no"}]),
        message("Hei", reply_count=1, thread_ts=TS),
        message("Hei", files=[]),
    ],
)
def test_a_preview_or_a_count_is_no_edit(new: Json) -> None:
    assert came(changed(new, OLD)) is None


def test_a_file_taken_away_is_an_edit() -> None:
    old = message("Hei", files=[{"id": "F1", "name": "feil.pdf"}])
    new = message("Hei", files=[{"id": "F1", "mode": "tombstone"}])
    edited = came(changed(new, old))
    assert isinstance(edited, Edited)
    assert edited.files == ()
    assert edited.version == "0001700000009.000200"


def test_an_edit_without_what_was_before_counts() -> None:
    assert isinstance(came(changed(NEW, None)), Edited)


def test_a_mention_put_in_by_an_edit_is_an_edit_in_both_its_events() -> None:
    new = message("<@U0BOT> hei", blocks=None, edited={"user": KARI, "ts": "1700000008.000000"})
    edited, mentioned = came(changed(new, OLD)), came({**new, "type": "app_mention"})
    assert isinstance(edited, Edited)
    assert isinstance(mentioned, Edited)
    assert edited.addressed
    assert mentioned.addressed
    assert edited.message == mentioned.message
    assert edited.text == mentioned.text
    assert edited.version >= mentioned.version


def test_others_edits_are_not_taken() -> None:
    assert came(changed(message("b", bot_id="B0OTHER"), message("a", bot_id="B0OTHER"))) is None
    assert came(changed(message("b", subtype="channel_topic"), message("a"))) is None


def test_a_deleted_message_is_gone() -> None:
    assert came(deleted(message(thread_ts="1699999999.000100"))) == Deleted(
        key="slack:A0MELLOM:Ev0001",
        at=datetime(2023, 11, 14, 22, 13, 29, 300, UTC),
        place=PLACE,
        message=TS,
        root="1699999999.000100",
    )
    assert isinstance(came(deleted(None)), Deleted)
    assert came(deleted(message(bot_id="B0OTHER"))) is None
    assert came(deleted(message(subtype="channel_join"))) is None


def test_a_deleted_root_with_replies_is_gone_too() -> None:
    """Then Slack leaves a tombstone in its place, and says that the message changed."""
    tomb = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": TS}
    gone = came(changed({**tomb, "thread_ts": TS, "text": "This message was deleted."}, OLD))
    assert isinstance(gone, Deleted)
    assert (gone.message, gone.root) == (TS, None)
    again = came(deleted({**tomb, "thread_ts": TS}))
    assert isinstance(again, Deleted)


# --- our own ------------------------------------------------------------------------------------

TOKEN = {"event_type": COPY, "event_payload": {"d": "t" * 26}}


@pytest.mark.parametrize(
    "event",
    [
        own(),
        own(subtype="bot_message", user=None, username="Kari", bot_profile=None),
        own(bot_id="B0AARHUS", user="U0AARHUS"),
        own(bot_id="B0AARHUS", user="U0AARHUS", app_id=None),
        own(bot_id=None, app_id=None, bot_profile=None),
    ],
    ids=["plain", "customised", "other installation", "only its profile", "only its user"],
)
def test_our_own_message_is_an_echo(event: Json) -> None:
    echo = came({**event, "metadata": TOKEN, "thread_ts": "1699999999.000100"})
    assert echo == Echo(
        key="slack:A0MELLOM:Ev0001",
        at=datetime(2023, 11, 14, 22, 13, 21, 100, UTC),
        place=PLACE,
        message=TS,
        root="1699999999.000100",
        token="t" * 26,
    )


def test_the_token_is_also_in_the_first_block() -> None:
    echo = came(own(blocks=[{"type": "header", "block_id": "u" * 26}, {"type": "actions"}]))
    assert isinstance(echo, Echo)
    assert echo.token == "u" * 26
    bare = came(own(blocks=None))
    assert isinstance(bare, Echo)
    assert bare.token is None


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (own("ny"), own("gammel")),
        (own("ny", user=None, username="Kari"), own("gammel", user=None, username="Kari")),
        (message("ny", user=None, bot_id=ALTA.bot), None),
        (message("ny"), own("gammel")),
    ],
    ids=["plain", "customised", "only its bot id", "only what was before"],
)
def test_our_own_edits_are_dropped(new: Json, old: Json | None) -> None:
    """Taken for a person's, an edit of a copy would be carried over and come back without end."""
    assert came(changed(new, old)) is None


@pytest.mark.parametrize("more", [{}, {"user": None, "username": "Kari"}])
def test_a_copy_that_somebody_took_away_is_told(more: Json) -> None:
    assert isinstance(came(deleted(own(**more))), Deleted)


def test_our_own_arrival_is_no_echo() -> None:
    assert came(own(subtype="channel_join", bot_id=None, app_id=None, bot_profile=None)) is None


# --- rooms and installations --------------------------------------------------------------------

SEEN: dict[str, Any] = {
    "key": "slack:A0MELLOM:Ev0001",
    "at": datetime(2023, 11, 14, 22, 13, 21, tzinfo=UTC),
}


@pytest.mark.parametrize(
    ("event", "incoming"),
    [
        (
            {"type": "member_joined_channel", "user": "U0BOT", "channel": ROOM, "inviter": KARI},
            Added(place=PLACE, person=PERSON, **SEEN),
        ),
        (
            {"type": "member_joined_channel", "user": "U0BOT", "channel": ROOM},
            Added(place=PLACE, **SEEN),
        ),
        ({"type": "member_joined_channel", "user": KARI, "channel": ROOM}, None),
        (
            {"type": "member_left_channel", "user": "U0BOT", "channel": ROOM},
            Removed(place=PLACE, **SEEN),
        ),
        (
            {"type": "member_left_channel", "user": KARI, "channel": ROOM, "team": ALTA.team},
            PeopleLeft(place=PLACE, people=(PERSON,), **SEEN),
        ),
        (
            {"type": "member_left_channel", "user": "U0GUEST", "channel": ROOM, "team": "T0BODO"},
            PeopleLeft(place=PLACE, people=(GUEST,), **SEEN),
        ),
        ({"type": "member_left_channel", "channel": ROOM}, None),
        (
            {"type": "user_change", "user": {"id": KARI, "team_id": ALTA.team, "deleted": True}},
            PersonGone(installation=7, person=PERSON, **SEEN),
        ),
        (
            {"type": "user_change", "user": {"id": "U0GUEST", "team_id": "T0BODO"}},
            PersonHere(installation=7, person=GUEST, **SEEN),
        ),
        *(
            ({"type": kind, "channel": ROOM}, Removed(place=PLACE, **SEEN))
            for kind in (
                "channel_left", "group_left", "channel_archive", "group_archive",
                "channel_deleted", "group_deleted",
            )
        ),
        *(
            ({"type": kind, "channel": ROOM, "user": KARI}, Added(place=PLACE, **SEEN))
            for kind in ("channel_unarchive", "group_unarchive")
        ),
        *(
            (
                {"type": kind, "channel": {"id": ROOM, "name": "tavle", "created": 1}},
                Moved(place=Place(7, ROOM, name="tavle", reads_all=True), old_key=ROOM, **SEEN),
            )
            for kind in ("channel_rename", "group_rename")
        ),
        (
            {"type": "channel_id_changed", "old_channel_id": "C0OLD", "new_channel_id": ROOM},
            Moved(place=PLACE, old_key="C0OLD", **SEEN),
        ),
        ({"type": "app_uninstalled"}, Uninstalled(installation=7, **SEEN)),
        (
            {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BOT"]}},
            Uninstalled(installation=7, **SEEN),
        ),
        ({"type": "tokens_revoked", "tokens": {"oauth": [KARI], "bot": []}}, None),
    ],
)  # fmt: skip
def test_what_happens_to_rooms_and_installations(event: Json, incoming: Incoming | None) -> None:
    assert came({"event_ts": "1700000001.000000", **event}) == incoming


def test_an_event_without_a_time_of_its_own_has_the_envelopes() -> None:
    gone = came({"type": "app_uninstalled"})
    assert gone == Uninstalled(installation=7, **SEEN)


@pytest.mark.parametrize("kind", ["reaction_added", "star_added", "something_of_next_year"])
def test_an_event_that_we_do_not_know_is_said_to_be_that(kind: str) -> None:
    with pytest.raises(NotUnderstood, match=kind):
        came({"type": kind})
    with pytest.raises(NotUnderstood, match=kind):
        translate({"type": kind}, ALTA, RECEIVED)


# --- acted --------------------------------------------------------------------------------------


def test_a_command() -> None:
    assert translate(command("ask Hva &amp; *hvem*?"), ALTA, RECEIVED) == Commanded(
        key="slack:A0MELLOM:13345224609.738474920.8088930838d88f008e0",
        at=RECEIVED,
        place=Place(7, ROOM, name="tavlemoter", reads_all=True),
        person=PERSON,
        text=Text.of("ask Hva & *hvem*?"),
    )


@pytest.mark.parametrize(
    ("channel", "name", "place"),
    [
        ("D0KARI", "directmessage", Place(7, "D0KARI", direct=True, reads_all=True)),
        ("G0STYRE", "privategroup", Place(7, "G0STYRE", reads_all=True)),
    ],
)
def test_a_command_where_slack_tells_no_name(channel: str, name: str, place: Place) -> None:
    came_in = translate(command(channel_id=channel, channel_name=name), ALTA, RECEIVED)
    assert isinstance(came_in, Commanded)
    assert came_in.place == place
    assert not came_in.text


def test_a_press() -> None:
    pressed = translate(press({"action_id": "polls.vote#2", "value": "12:3"}), ALTA, RECEIVED)
    assert pressed == Pressed(
        key="slack:A0MELLOM:12321423423.333649436676.d8c1bb837935619ccad0f624c448ffb3",
        at=datetime(2023, 11, 14, 22, 13, 25, tzinfo=UTC),
        place=Place(7, ROOM, name="tavlemoter", reads_all=True),
        person=PERSON,
        action="polls.vote",
        value="12:3",
        message=TS,
        token="tok",
    )


def test_a_press_on_what_only_one_person_sees_has_no_message() -> None:
    seen_by_one = {"type": "message", "message_ts": TS, "channel_id": ROOM, "is_ephemeral": True}
    payload = press(
        {"action_id": "menu"}, container={**seen_by_one, "thread_ts": "1699999999.000100"}
    )
    del payload["message"]
    pressed = translate(payload, ALTA, RECEIVED)
    assert isinstance(pressed, Pressed)
    assert (pressed.message, pressed.root, pressed.token) == (None, "1699999999.000100", None)


def test_a_press_in_a_thread_names_its_root() -> None:
    old = "1699999999.000100"
    pressed = translate(press({"action_id": "a"}, message=own(thread_ts=old)), ALTA, RECEIVED)
    root = translate(press({"action_id": "a"}, message=own(thread_ts=TS)), ALTA, RECEIVED)
    assert isinstance(pressed, Pressed)
    assert pressed.root == old
    assert isinstance(root, Pressed)
    assert root.root is None


def test_whoever_presses_is_named_by_slack_not_by_the_button() -> None:
    other = {"id": "U0JENS", "team_id": "T0AARHUS", "name": "jens"}
    payload = press({"action_id": "a", "value": '{"user": "U0KARI"}'}, user=other)
    pressed = translate(payload, ALTA, RECEIVED)
    assert isinstance(pressed, Pressed)
    assert pressed.person == Person("slack", "T0AARHUS", "U0JENS", address="U0JENS")


def test_what_is_not_a_button_is_not_taken() -> None:
    assert translate(press({"type": "static_select", "action_id": "a"}), ALTA, RECEIVED) is None


CARRIED = {"form": "asking.ask", "subject": "12", "place": ROOM}


def test_a_sent_form() -> None:
    payload = submission({"text": "Hva & <hvem>?\x00", "more": None}, CARRIED)
    assert translate(payload, ALTA, RECEIVED) == Submitted(
        key="slack:A0MELLOM:156772938.1827394",
        at=RECEIVED,
        place=PLACE,
        person=PERSON,
        form="asking.ask",
        subject="12",
        values={"text": "Hva & <hvem>?", "more": ""},
    )


def test_a_form_sent_again_after_mending_is_another_request() -> None:
    """The view is the same, and Slack need not give it a new hash for showing errors."""
    first = submission({"text": "feil"}, CARRIED)
    second = {**submission({"text": "rett"}, CARRIED), "trigger_id": "156772999.1"}
    keys = {came_in.key for p in (first, second) if (came_in := translate(p, ALTA, RECEIVED))}
    assert len(keys) == 2


def test_a_form_of_somebody_elses_is_not_taken() -> None:
    assert translate(submission({}, CARRIED, callback_id="x"), ALTA, RECEIVED) is None
    assert translate(submission({}, CARRIED, private_metadata=""), ALTA, RECEIVED) is None


def test_a_press_on_a_card_in_a_modal_happens_where_the_form_was_opened() -> None:
    payload = press({"action_id": "a"}, view=submission({}, CARRIED)["view"])
    for name in ("message", "channel", "response_url"):
        del payload[name]
    payload["container"] = {"type": "view", "view_id": "V0001"}
    pressed = translate(payload, ALTA, RECEIVED)
    assert isinstance(pressed, Pressed)
    assert (pressed.place, pressed.message) == (PLACE, None)


def test_an_identity_number_in_a_form_field_is_taken_out() -> None:
    typed = f"Gjelder {norwegian_number().text}, sier hun."
    came_in = translate(submission({"text": typed, "more": "Ja."}, CARRIED), ALTA, RECEIVED)
    assert isinstance(came_in, Submitted)
    assert came_in.values == {"text": "Gjelder […], sier hun.", "more": "Ja."}
    assert set(came_in.suspicions) == {"text"}


def test_spans_are_those_of_the_neutral_form() -> None:
    said = came(message("se <https://a.no|her>", blocks=None))
    assert isinstance(said, Said)
    assert said.text.blocks[0].spans == (Span("se "), Span("her", link="https://a.no"))


# --- a message that was pointed at --------------------------------------------------------------


def pointed(message_: Json, **more: Any) -> Pointed:
    found = translate(shortcut(message_, **more), ALTA, RECEIVED)
    assert isinstance(found, Pointed)
    return found


def test_a_shortcut_tells_who_chose_which_message_and_who_wrote_it() -> None:
    found = pointed(message("<@U0BOT> Hvem leder møtet?", user="U0OLA", blocks=None))
    assert (found.person, found.place) == (PERSON, replace(PLACE, name="tavlemoter"))
    assert (found.message, found.root, found.author) == (TS, None, "U0OLA")
    assert found.text == Text.of("Hvem leder møtet?")
    assert found.at == at("1700000005.000100")


def test_a_shortcut_on_a_reply_tells_its_thread_and_its_files() -> None:
    files = [{"id": "F1", "name": "tavle.png", "size": 9}]
    found = pointed(message(thread_ts="1700000000.000100", files=files))
    assert found.root == "1700000000.000100"
    assert found.files == (File("tavle.png", 9),)


def test_what_the_bot_wrote_has_no_author() -> None:
    assert pointed(own()).author is None
    assert pointed(message(user=None, bot_id="B0OTHER")).author is None


def test_a_number_is_taken_out_of_what_was_pointed_at() -> None:
    found = pointed(message(f"Gjelder {norwegian_number().text} her"))
    assert found.text == Text.of("Gjelder […] her")
    assert found.suspicion is not None


def test_a_number_in_the_name_of_a_file_is_taken_out() -> None:
    files = [{"id": "F1", "name": f"{norwegian_number().text}.png", "size": 9}]
    found = pointed(message("Se her", files=files))
    assert (found.files, found.text.plain()) == ((File("[…].png", 9),), "Se her")


def test_a_direct_message_between_two_people_is_not_taken_for_ours() -> None:
    found = pointed(message(), channel={"id": "D0TWO", "name": "directmessage"})
    assert found.place == Place(7, KARI)


def test_another_shortcut_is_not_understood() -> None:
    with pytest.raises(NotUnderstood):
        translate(shortcut(message(), callback_id="remind"), ALTA, RECEIVED)


# --- choices in a form --------------------------------------------------------------------------


def chosen(element: Json) -> str:
    payload = submission({}, CARRIED)
    payload["view"]["state"]["values"] = {"asking.ask/theme": {"theme": element}}
    came_in = translate(payload, ALTA, RECEIVED)
    assert isinstance(came_in, Submitted)
    return came_in.values["theme"]


def option(value: str) -> Json:
    return {"text": {"type": "plain_text", "text": value, "emoji": True}, "value": value}


def test_what_was_chosen_comes_back_by_its_value() -> None:
    assert chosen({"type": "static_select", "selected_option": option("2")}) == "2"
    assert chosen({"type": "static_select", "selected_option": None}) == ""
    ticked = [option("1"), option("3")]
    assert chosen({"type": "checkboxes", "selected_options": ticked}) == "1,3"
    assert chosen({"type": "checkboxes", "selected_options": []}) == ""
