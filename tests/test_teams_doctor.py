"""`mellom doctor` of Teams: what is wrong is said in words, with what to do."""

from __future__ import annotations

import pytest

from adapters.playground import faults
from tests.conversation import Room, TeamsRoom, World
from tests.outsiders import OWN, PASSWORD, Skive, installed


def told(skive: Skive, *words: str) -> str:
    """What it says where nothing has to be mended."""
    said = skive.types_all("doctor", *words)
    assert (said.status, said.err) == (0, ""), said
    return said.out


def is_sick(skive: Skive, *words: str) -> str:
    said = skive.types_all("doctor", *words)
    assert said.status == 1, said
    return said.out


def test_it_says_of_each_bot_and_each_channel_that_all_is_well(skive: Skive) -> None:
    skive.has_a_bot_of_its_own()
    skive.takes_part()
    skive.person.says("Hej med jer.")
    found = told(skive)
    assert "Teams, the bot mellom-app: Microsoft gives it a token" in found
    assert f"Teams, the bot {OWN} of Skive Kommune: Microsoft gives it a token" in found
    assert "(Skive Kommune): every message there reaches Mellom" in found
    assert "Teams, keys: those with which Teams signs can be read (1)" in found
    assert "mellom manifest teams" in found


def test_a_secret_that_has_ended_is_told_with_how_to_give_another(
    world: World, skive: Skive
) -> None:
    skive.has_a_bot_of_its_own()
    world.teams.identity.passwords = dict.fromkeys(world.teams.identity.passwords, "en-anden")
    found = is_sick(skive)
    assert found.count("Microsoft gives it no token (no token: 401 invalid_client)") == 2
    assert "set TEAMS_APP_PASSWORD" in found
    assert f"mellom teams add --network NETWORK --organisation ORGANISATION --app {OWN}" in found
    assert PASSWORD not in found


@pytest.mark.parametrize("fault", [faults.status(503), faults.garbage()])
def test_where_microsoft_does_not_answer_that_is_no_finding_about_the_bot(
    fault: faults.Fault, world: World, skive: Skive
) -> None:
    world.teams.faults.add(fault, method="token", times=None)
    assert "Microsoft could not be asked" in told(skive)


def test_keys_that_cannot_be_read_are_told(world: World, skive: Skive) -> None:
    world.teams.faults.add(faults.status(503), method="metadata", times=None)
    assert "cannot be read (HTTPStatusError)" in is_sick(skive)


def test_a_tenant_that_tried_is_named_with_how_to_allow_it(skive: Skive) -> None:
    installed(skive).person.says("Hej")
    found = told(skive)
    assert f"Teams, tenant {skive.tenant}: not allowed" in found
    assert f"mellom teams tenant allow {skive.tenant}" in found
    skive.is_allowed()
    assert skive.tenant not in told(skive)


def test_a_channel_where_only_mentions_arrive_is_told_with_what_an_owner_can_do(
    world: World, skive: Skive, aarhus: Room
) -> None:
    assert "(Aarhus Kommune): it is not known yet" in told(skive)
    aarhus.person("Jens Holm").asks("Hvordan holder I liv i tavlemøderne?")
    found = told(skive)
    assert "(Aarhus Kommune): only messages that mention Mellom have reached it" in found
    assert "ChannelMessage.Read.Group" in found


def test_a_host_that_is_not_known_and_a_channel_that_refuses_are_told(
    world: World, skive: Skive
) -> None:
    its_own = "(SELECT id FROM organisation WHERE name = 'Aarhus Kommune')"
    world.change(f"UPDATE room SET trouble = 'send: 403' WHERE organisation = {its_own}")  # noqa: S608
    assert "(Aarhus Kommune): Teams refused a message (send: 403)" in is_sick(skive)
    address = '{"serviceUrl": "https://smba.example/emea/", "tenant": "x"}'
    world.change(f"UPDATE conversation SET address = '{address}'")  # noqa: S608
    found = is_sick(skive)
    assert "Teams answers for it at smba.example, which is unknown" in found
    assert "TEAMS_SERVICE_HOSTS" in found


def test_a_bot_that_was_taken_out_is_told(skive: Skive) -> None:
    skive.has_a_bot_of_its_own()
    skive.succeeds("remove", OWN)
    assert f"Teams, the bot {OWN} of Skive Kommune: removed on" in told(skive)


def test_what_only_a_live_channel_tells_is_tried_there_and_nothing_stays(
    skive: Skive, aarhus: Room
) -> None:
    assert isinstance(aarhus, TeamsRoom)
    before = [seen.id for seen in aarhus.everything]
    found = told(skive, "--live", aarhus.channel.id)
    for words in ("can be written", "can be edited", "can be deleted"):
        assert f"Teams, live: a message {words}" in found or f"Teams, live: it {words}" in found
    assert "the bot serves another tenant than its own" in found
    assert "to be tried by hand: whether Teams tells of messages that are edited" in found
    assert "not needed: whether the app's consent lets Microsoft Graph read" in found
    assert [seen.id for seen in aarhus.everything] == before
    assert "Teams, live" not in told(skive)


def test_what_does_not_go_in_a_live_channel_is_told(
    world: World, skive: Skive, aarhus: Room
) -> None:
    assert isinstance(aarhus, TeamsRoom)
    nowhere = is_sick(skive, "--live", "19:nowhere@thread.tacv2")
    assert "no bot has met the channel 19:nowhere@thread.tacv2" in nowhere
    world.teams.faults.add(faults.error("ForbiddenOperationException", 403), method="update")
    found = is_sick(skive, "--live", aarhus.channel.id)
    assert "not so: it can be edited (update: 403 ForbiddenOperationException)" in found
    assert not [seen for seen in aarhus.everything if "tries whether" in seen.words]


def test_in_its_own_tenant_the_other_way_is_named_as_to_be_tried(
    world: World, skive: Skive
) -> None:
    skive.has_a_bot_of_its_own()
    skive.takes_part()
    found = told(skive, "--live", skive.room.channel.id)
    assert "to be tried by hand: whether the bot serves another tenant than its own" in found
