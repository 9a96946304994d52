"""Joining: codes, consent, and leaving."""

from __future__ import annotations

import pytest

from adapters.playground.village import TOWNS, Town
from bot.features import joining
from storage import networks
from tests.conversation import Person, Room, SlackPerson, SlackRoom, TeamsRoom, World

VADSO = Town("Vadsø kommune", "slack", "no", "nb", ("Siri Moen",))
SKIVE = Town("Skive Kommune", "teams", "dk", "da", ("Bo Lind",))


def code(world: World, organisation: str, role: str | None = None) -> str:
    """A code as `mellom code` makes it."""
    with world.village.mellom.writers.begin() as uow:
        network = {name: id for id, name, _ in networks.networks(uow)}["Nord"]
        known = {row[1]: row[0] for row in networks.organisations(uow, network)}
        if organisation not in known:
            town = next(town for town in (*TOWNS, VADSO, SKIVE) if town.name == organisation)
            known[organisation] = networks.add_organisation(
                uow,
                network=network,
                name=organisation,
                country=town.country,
                language=town.language,
            )
        return joining.keep_code(uow, network=network, organisation=known[organisation], role=role)


@pytest.mark.parametrize("town", [VADSO, SKIVE], ids=["slack", "teams"])
def test_nothing_crosses_before_somebody_has_confirmed(
    town: Town, world: World, kari: Person
) -> None:
    room = world.opens(town)
    somebody = room.person(town.people[0])
    somebody.says(f"@Mellom join {code(world, town.name)}")
    room.sees("Mellom", "Nord", town.name)

    kari.asks("Hvordan får dere liv i tavlemøtene?")
    room.does_not_see("tavlemøtene")
    somebody.asks("Hvor ofte har dere tavlemøter hos dere?")
    kari.room.does_not_see("Hvor ofte")

    world.act(world.village.confirm(room.inner))
    room.sees("Nord", somebody.name)
    kari.asks("Hvem deltar i tavlemøtene?")
    room.sees("Kari Nilsen", "Hvem deltar")
    room.sees_once("Q-1 · Hvordan får dere liv")  # In the list of what is open, and nowhere else.
    room.sees_once("Hvordan får dere liv")


@pytest.mark.parametrize("town", [VADSO, SKIVE], ids=["slack", "teams"])
def test_a_wrong_a_used_and_an_expired_code_say_what_to_do(town: Town, world: World) -> None:
    room = world.opens(town)
    somebody = room.person(town.people[0])
    used = code(world, "Alta kommune")
    with world.village.mellom.writers.begin() as uow:
        found = networks.find_code(uow, used.replace("-", ""))
        assert found is not None
        networks.use_code(uow, found.id)
    old = code(world, "Alta kommune")

    somebody.says("@Mellom join XXXXX-XXXXX")
    somebody.says(f"@Mellom join {used}")
    world.clock.move(days=15)
    somebody.says(f"@Mellom join {old}")
    assert world.count("SELECT count(*) FROM room") == 4
    answers = {name: room.sees("", under=name).words for name in ("XXXXX", used, old)}
    assert len(set(answers.values())) == 3
    for answer in answers.values():
        assert "nettverkslederen" in answer or "netværkslederen" in answer


def test_a_code_by_slash_command_is_answered_to_that_person_only(world: World) -> None:
    room = world.opens(VADSO)
    siri = room.person("Siri Moen")
    assert isinstance(siri, SlackPerson)
    siri.commands("join XXXXX-XXXXX")
    siri.is_told("kode")
    siri.commands(f"join {code(world, 'Vadsø kommune')}")
    room.sees("Mellom", "Nord", "Vadsø kommune")


def test_a_code_works_once_even_when_two_use_it_at_once(world: World) -> None:
    vadso, skive = world.opens(VADSO), world.opens(SKIVE)
    shared = code(world, "Vadsø kommune")
    village = world.village
    world.run(village.say("Siri Moen", f"@Mellom join {shared}"))
    world.run(village.say("Bo Lind", f"@Mellom join {shared}"))
    world.settle()
    cards = [room for room in (vadso, skive) if room.find("Nord", "Vadsø kommune")]
    assert len(cards) == 1


def test_a_room_that_is_tied_refuses_another_code(world: World, kari: Person, alta: Room) -> None:
    another = code(world, "Vadsø kommune")
    kari.says(f"@Mellom join {another}")
    alta.sees("allerede med i et nettverk", under=another)
    assert world.count("SELECT count(*) FROM code WHERE used_at IS NULL") == 1


AS_TYPED = ("join {} {}", "{}-{}", "join: {}-{}", "Bli {} - {}", "koden er {}{}, hilsen Kari")


@pytest.mark.parametrize("typed", AS_TYPED)
@pytest.mark.parametrize("name", ["Kari Nilsen", "Jens Holm"])
def test_a_code_is_used_and_never_crosses_however_it_is_typed(
    world: World, name: str, typed: str, bodo: Room
) -> None:
    person = world.person(name)
    words = typed.format(*code(world, "Alta kommune", "facilitator").split("-"))
    person.says(f"@Mellom {words}")
    assert world.count("SELECT count(*) FROM member WHERE role = 'facilitator'") == 1
    assert world.count("SELECT count(*) FROM thread") == 0
    bodo.does_not_see(words)


def test_a_code_in_a_thread_is_no_answer(world: World, kari: Person, jens: Person) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    jens.replies(f"@Mellom join {code(world, 'Alta kommune', 'facilitator')}", under="tavlemøtene")
    assert world.count("SELECT count(*) FROM member WHERE role = 'facilitator'") == 1
    assert world.count("SELECT count(*) FROM reply") == 0


@pytest.mark.parametrize("typed", AS_TYPED)
def test_a_channel_joins_however_the_code_is_typed(world: World, typed: str) -> None:
    vadso, skive = world.opens(VADSO), world.opens(SKIVE)
    siri, bo = vadso.person("Siri Moen"), skive.person("Bo Lind")
    assert isinstance(siri, SlackPerson)
    siri.commands(typed.format(*code(world, "Vadsø kommune").split("-")))
    bo.says("@Mellom " + typed.format(*code(world, "Skive Kommune").split("-")))
    vadso.sees("Nord", "Vadsø kommune")
    skive.sees("Nord", "Skive Kommune")


def test_a_channel_that_is_not_tied_is_told_how_to_join(world: World) -> None:
    room = world.opens(SKIVE)
    room.person("Bo Lind").asks("Hvordan får I liv i tavlemøderne?")
    room.sees("deltag KODE", under="tavlemøderne")
    assert world.count("SELECT count(*) FROM thread") == 0


def test_a_code_for_a_role_makes_a_facilitator(world: World, kari: SlackPerson) -> None:
    kari.writes_privately(f"join {code(world, 'Alta kommune', 'facilitator')}")
    assert kari.private[-1].by_bot
    assert world.count("SELECT count(*) FROM member WHERE role = 'facilitator'") == 1


@pytest.mark.parametrize("how", ["remove_bot", "archive", "delete_channel"])
def test_on_slack_the_tie_ends_when_the_bot_cannot_speak_there(
    how: str, world: World, ingrid: Person, bodo: Room, kari: Person
) -> None:
    world.act(getattr(world.slack, how)(bodo.inner.channel))
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    bodo.does_not_see("tavlemøtene")
    assert world.count("SELECT count(*) FROM room WHERE state = 'ended'") == 1


def test_on_teams_the_tie_ends_with_the_team_and_with_the_channel(
    world: World, aarhus: Room, randers: Room, kari: Person
) -> None:
    assert isinstance(aarhus, TeamsRoom)
    assert isinstance(randers, TeamsRoom)
    world.act(world.teams.remove(aarhus.channel.team))
    world.act(world.teams.delete_channel(randers.channel))
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    assert world.count("SELECT count(*) FROM room WHERE state = 'ended'") == 2
    aarhus.does_not_see("tavlemøtene")


def test_a_room_that_left_can_join_again(world: World, bodo: SlackRoom, ingrid: Person) -> None:
    channel = bodo.channel
    world.act(world.slack.remove_bot(channel))
    world.act(world.slack.invite_bot(channel))
    ingrid.says(f"@Mellom join {code(world, 'Bodø kommune')}")
    assert world.count("SELECT count(*) FROM room WHERE state = 'pending'") == 1


def speaks_under_a_new_id(world: World, room: SlackRoom, person: Person) -> str:
    """Somebody writes in the channel with its new id, which we are told of only then."""
    old = world.slack.renumber(room.channel)
    person.says("@Mellom hjelp")
    room.sees("kode")
    return old


def test_a_channel_with_a_new_id_is_the_room_though_it_was_spoken_in_before_that_was_told(
    world: World, bodo: SlackRoom, alta: Room, kari: Person, ingrid: Person
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    old = speaks_under_a_new_id(world, bodo, ingrid)
    for _ in range(2):
        world.act(world.slack.tell_new_id(bodo.channel, old))
    ingrid.replies("Vi bytter møteleder.", under="liv i tavlemøtene")
    alta.sees("bytter møteleder", under="liv i tavlemøtene")
    kari.replies("Takk!", under="liv i tavlemøtene")
    bodo.sees_once("Takk!")


def test_a_channel_that_joined_under_its_new_id_is_one_room_alone(
    world: World, bodo: SlackRoom, kari: Person, ingrid: Person
) -> None:
    old = speaks_under_a_new_id(world, bodo, ingrid)
    ingrid.says(f"@Mellom join {code(world, 'Bodø kommune')}")
    ingrid.presses("Bekreft og koble til", on="Bodø kommune")
    world.act(world.slack.tell_new_id(bodo.channel, old))
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    bodo.sees_once("liv i tavlemøtene")
    assert world.count("SELECT count(*) FROM copy WHERE state = 'failed'") == 0
