"""`mellom doctor`: what is wrong is said in words, with what to do."""

from __future__ import annotations

import pytest

from adapters.playground import faults
from adapters.playground.slack.stand_in import Workspace
from tests.administering import Administrator
from tests.conversation import Room, SlackRoom, World
from tests.operators import Said


@pytest.fixture
def town(alta: Room) -> Workspace:
    assert isinstance(alta, SlackRoom)
    return alta.channel.workspace


def is_sick(admin: Administrator, *words: str) -> str:
    """It finds something that has to be mended."""
    said = admin.types("doctor", *words)
    assert said.status == 1, said
    return said.out


def test_it_says_of_each_workspace_and_each_channel_that_all_is_well(admin: Administrator) -> None:
    admin.adds()
    admin.opens_room()
    told = admin.succeeds("doctor")
    assert told.startswith("Slack: set\nTeams: set\nDatabase: up to date\n")
    for name in ("Alta kommune", "Bodø kommune", "Vadsø kommune"):
        assert f"its token is good, in the workspace {name}" in told
        assert f"Slack, #lean ({name}): Mellom is in the channel" in told


def test_scopes_that_lack_are_named_with_where_to_put_them(
    admin: Administrator, town: Workspace
) -> None:
    town.scopes = tuple(one for one in town.scopes if one not in ("im:write", "commands"))
    told = is_sick(admin)
    assert "lacks commands, im:write" in told
    assert "mellom manifest slack prints" in told
    assert "https://mellom.example/slack/install" in told
    assert "Bodø kommune): Mellom is in the channel" in told


def test_a_token_that_is_refused_is_told_with_how_to_get_another(
    admin: Administrator, town: Workspace
) -> None:
    number = admin.adds()
    town.refusal = admin.workspace.refusal = "token_revoked"
    town.revoke()
    admin.workspace.revoke()
    told = is_sick(admin)
    assert told.count("Slack refuses us (token_revoked)") == 2
    assert "https://mellom.example/slack/install" in told
    assert f"mellom slack add --installation {number}" in told


@pytest.mark.parametrize("fault", [faults.status(502), faults.rate_limited(30), faults.garbage()])
def test_where_slack_does_not_answer_that_is_no_finding_about_the_app(
    fault: faults.Fault, admin: Administrator, world: World
) -> None:
    world.slack.faults.add(fault, method="auth.test", times=None)
    assert admin.succeeds("doctor").count("Slack could not be asked") == 2


def test_a_channel_that_mellom_cannot_write_in_is_told_with_what_to_do(
    admin: Administrator, alta: SlackRoom, bodo: SlackRoom
) -> None:
    alta.channel.members.discard(alta.channel.workspace.bot_user_id)
    bodo.channel.only_admins = True
    told = is_sick(admin)
    assert "Alta kommune): Mellom is not in the channel\n  Write /invite @Mellom" in told
    assert "Bodø kommune): not everybody may post there" in told
    alta.channel.archived = True
    assert "the channel is archived" in is_sick(admin)
    alta.channel.archived, alta.channel.private = False, True
    assert "Slack refuses us (channel_not_found)\n  Write /invite" in is_sick(admin)


def test_what_waits_and_what_is_gone_is_told(
    admin: Administrator, world: World, bodo: SlackRoom
) -> None:
    number = admin.reserves()
    world.act(world.slack.uninstall(bodo.channel.workspace))
    told = admin.succeeds("doctor")
    assert f"When the app is made: mellom slack add --installation {number}" in told
    assert "its people are forgotten on" in told


def test_the_address_is_called_only_when_asked(admin: Administrator, world: World) -> None:
    assert "MELLOM_BASE_URL" not in admin.succeeds("doctor")
    at_home = reach(admin, world.village.url)
    assert (at_home.status, "reached, and well" in at_home.out) == (0, True)
    elsewhere = reach(admin, f"{world.slack.base_url}")
    assert "no Mellom answers there" in elsewhere.out
    nobody = reach(admin, "http://127.0.0.1:9")
    assert (nobody.status, "no Mellom answers there (ConnectError)" in nobody.out) == (1, True)


def reach(admin: Administrator, url: str) -> Said:
    admin.sets(MELLOM_BASE_URL=url)
    return admin.types("doctor", "--reach")


def test_what_only_a_live_channel_tells_is_tried_there_and_nothing_stays(
    admin: Administrator, bodo: SlackRoom, alta: SlackRoom
) -> None:
    before = {room: dict(room.channel.messages) for room in (bodo, alta)}
    told = admin.succeeds("doctor", "--live", bodo.channel.id)
    for words in ("can be written", "can be edited", "found again", "can be deleted"):
        assert words in told
    assert "not so" not in told
    assert "to be tried by hand" in told
    assert {room: dict(room.channel.messages) for room in (bodo, alta)} == before
    assert "Slack, live" not in admin.succeeds("doctor")


def test_what_does_not_go_in_a_live_channel_is_told(
    admin: Administrator, bodo: SlackRoom, world: World
) -> None:
    assert "no installation is in the channel C0NOWHERE" in is_sick(admin, "--live", "C0NOWHERE")
    world.slack.faults.add(faults.error("cant_update_message"), method="chat.update")
    world.slack.faults.add(faults.error("missing_scope"), method="conversations.history")
    told = is_sick(admin, "--live", bodo.channel.id)
    assert "not so: it can be edited (cant_update_message)" in told
    assert "not so: it is found again by its random id (missing_scope)" in told
    assert not [one for one in bodo.everything if "tries whether" in one.words]
