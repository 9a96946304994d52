"""Whether every reply of a room reaches the bot, or only mentions: its first card says so."""

from __future__ import annotations

import pytest

from adapters.playground.village import Town
from tests.conversation import Room, SlackPerson, SlackRoom, TeamsPerson, TeamsRoom, World
from tests.test_joining import code

SKIVE = Town("Skive Kommune", "teams", "dk", "da", ("Bo Lind",))
UNKNOWN = "Jeg ved endnu ikke, om alle svar her når mig."
MENTIONS = "Indtil nu har kun beskeder, der nævner @Mellom, nået mig her."
ALL = "Alle svar her når mig"
OWNER = "En ejer af teamet"
QUESTION = "Hvordan får dere liv i tavlemøtene?"


@pytest.fixture
def skive(world: World) -> Room:
    """A room in a team whose owner did not let the bot read its messages."""
    room = world.opens(SKIVE)
    assert isinstance(room, TeamsRoom)
    room.channel.team.read_all = False
    room.person("Bo Lind").says(f"@Mellom join {code(world, SKIVE.name)}")
    world.act(world.village.confirm(room.inner))
    return room


@pytest.fixture
def bo(skive: Room) -> TeamsPerson:
    person = skive.person("Bo Lind")
    assert isinstance(person, TeamsPerson)
    return person


def test_at_first_it_is_not_known_and_the_card_says_what_always_works(skive: Room) -> None:
    skive.sees("Mellom for Nord", UNKNOWN, "brug Svar-knappen", OWNER)


def test_where_every_reply_is_read_by_the_platforms_rules_nothing_is_needed(
    alta: Room, kari: SlackPerson
) -> None:
    alta.sees("Mellom for Nord", "Alle svar her når meg")
    kari.asks(QUESTION)
    alta.sees("Mellom for Nord", "Alle svar her når meg")


def test_the_first_message_without_a_mention_proves_that_all_is_read(
    jens: TeamsPerson, kari: SlackPerson, aarhus: Room, alta: Room
) -> None:
    aarhus.sees("Mellom for Nord", UNKNOWN)
    kari.asks(QUESTION)
    aarhus.sees(QUESTION, "Svar med knappen, eller nævn @Mellom")
    jens.replies("Vi spørger hvorfor.", under="tavlemøtene")
    alta.sees("Vi spørger hvorfor.")
    card = aarhus.sees("Mellom for Nord", ALL)
    assert OWNER not in card.words
    kari.asks("Hvem deltar i tavlemøtene?")
    aarhus.sees("Hvem deltar", "Svar i denne tråd.")


def test_a_room_that_only_answers_by_mention_is_said_to_need_it(
    bo: TeamsPerson, kari: SlackPerson, skive: Room, alta: Room
) -> None:
    kari.asks(QUESTION)
    bo.replies("Vi går en tur.", under="tavlemøtene")
    alta.does_not_see("Vi går en tur.")
    skive.sees("Mellom for Nord", UNKNOWN)
    bo.replies("@Mellom Vi går en lang tur.", under="tavlemøtene")
    alta.sees("Bo Lind · Skive Kommune", "Vi går en lang tur.")
    skive.sees("Mellom for Nord", MENTIONS, "brug Svar-knappen", OWNER)


def test_a_room_that_asks_by_mention_and_one_that_answers_by_the_button_too(
    bo: TeamsPerson, jens: TeamsPerson, skive: Room, aarhus: Room, alta: Room
) -> None:
    bo.asks("Hvem deltager i jeres tavlemøder?")
    skive.sees("Mellom for Nord", MENTIONS)
    aarhus.sees("Mellom for Nord", UNKNOWN)
    jens.opens_form("Svar", on="Hvem deltager")
    jens.sends_form(answer="Alle, der vil.")
    alta.sees("Jens Holm", "Alle, der vil.")
    aarhus.sees("Mellom for Nord", MENTIONS)


def test_a_room_is_let_read_later_and_the_card_changes_once(
    bo: TeamsPerson, skive: Room, world: World
) -> None:
    bo.asks("Hvem deltager i jeres tavlemøder?")
    assert isinstance(skive, TeamsRoom)
    skive.channel.team.read_all = True
    version = (
        "SELECT post.version FROM post JOIN room ON room.id = post.subject "
        "WHERE post.kind = 'welcome' ORDER BY room.id DESC LIMIT 1"
    )
    before = world.count(version)
    for number in range(3):
        bo.says(f"Kaffe {number}?")
    skive.sees("Mellom for Nord", ALL)
    assert world.count(version) == before + 1
    bo.replies("@Mellom Og i planlægningen?", under="Hvem deltager")
    skive.sees("Mellom for Nord", ALL)
    assert world.count(version) == before + 1


@pytest.mark.parametrize("upgrade", [False, True])
def test_a_room_whose_team_adds_the_app_anew_is_to_be_proven_again(
    upgrade: bool, bo: TeamsPerson, skive: Room, kari: SlackPerson, alta: Room, world: World
) -> None:
    assert isinstance(skive, TeamsRoom)
    team = skive.channel.team
    team.read_all = True
    bo.says("Kaffe om fem minutter?")
    skive.sees("Mellom for Nord", ALL)
    team.read_all = False
    world.act(world.teams.install(team, upgrade=upgrade))
    skive.sees("Mellom for Nord", UNKNOWN)
    kari.asks(QUESTION)
    skive.sees(QUESTION, "Svar med knappen, eller nævn @Mellom")
    team.read_all = True
    bo.replies("Vi går en tur.", under="tavlemøtene")
    alta.sees("Vi går en tur.")
    skive.sees("Mellom for Nord", ALL)


def test_a_channel_on_slack_that_comes_back_is_read_in_full_as_before(
    alta: SlackRoom, world: World
) -> None:
    world.act(world.slack.invite_bot(alta.channel))
    alta.sees("Mellom for Nord", "Alle svar her når meg")
