"""A room whose platform was down gets what it missed: in order, or as one list if it is much."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from adapters.playground import faults
from adapters.playground.faults import Fault
from tests.conversation import Person, Room, SlackRoom, TeamsRoom, World
from tests.lists import can_show, shows_here

MEANWHILE = {"Bodø kommune": "Det som kom i mellomtiden", "Randers Kommune": "Det, der kom i"}
PLATFORMS = pytest.mark.parametrize("name", MEANWHILE, ids=["slack", "teams"])
WAYS = pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("Bodø kommune", faults.drop_before()),
        ("Randers Kommune", faults.status(503)),
    ],
    ids=["slack gives no answer", "teams answers 503"],
)


def is_down(world: World, room: Room, fault: Fault) -> None:
    """Nothing can be sent to this room until its platform is `healed`."""
    stand_in = world.slack if isinstance(room, SlackRoom) else world.teams
    assert isinstance(room, SlackRoom | TeamsRoom)
    stand_in.faults.add(fault, conversation=room.channel.id, times=None)


def passes_a_day(world: World) -> None:
    """It is tried again in vain for half an hour, and once more at the end."""
    world.later(minutes=30)
    world.away_until(world.clock.at + timedelta(hours=23))


def is_up_again(world: World, room: Room) -> None:
    stand_in = world.slack if isinstance(room, SlackRoom) else world.teams
    stand_in.faults.heal()
    world.later(hours=1)


def numbers(room: Room) -> list[int]:
    """The questions that stand in this room, from top to bottom."""
    found = (re.match(r"\D{0,12}Q-(\d+)\n", seen.words) for seen in room.everything)
    return [int(one[1]) for one in found if one]


@WAYS
def test_a_room_that_was_down_for_a_day_gets_the_few_it_missed_in_order(
    name: str, fault: Fault, world: World, kari: Person, jens: Person
) -> None:
    room = world.rooms[name]
    is_down(world, room, fault)
    for number in range(1, 6):
        kari.asks(f"Hvordan gjør dere sak nummer {number}?")
        jens.replies(f"Svar på {number}.", under=f"sak nummer {number}?")
    passes_a_day(world)
    assert numbers(room) == []
    is_up_again(world, room)
    assert numbers(room) == [1, 2, 3, 4, 5]
    for number in range(1, 6):
        room.sees_once(f"Svar på {number}.")
    room.does_not_see(MEANWHILE[name])


@PLATFORMS
def test_a_room_that_missed_more_than_ten_gets_one_list_in_their_place(
    name: str, world: World, kari: Person, jens: Person
) -> None:
    room, fault = world.rooms[name], faults.status(503)
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    kari.replies("Det var jeg som spurte.", under="liv i tavlemøtene")
    room.sees("Det var jeg som spurte.")
    world.later(minutes=5)
    is_down(world, room, fault)
    for number in range(2, 14):
        kari.asks(f"Hvordan gjør dere sak nummer {number}?")
        jens.replies(f"Svar på {number}.", under=f"sak nummer {number}?")
    jens.replies("Et nyt svar.", under="liv i tavlemøtene")
    kari.edits("Det var", to="Det er jeg som spør.")
    passes_a_day(world)
    is_up_again(world, room)

    room.sees_once(MEANWHILE[name])
    assert numbers(room) == [1]
    words = room.sees(MEANWHILE[name], "12 sp", "13 svar", "Q-13 ·", "3 sp").words
    assert words.count("Q-") == 10
    assert can_show(room, on=MEANWHILE[name]) == [str(one) for one in range(13, 3, -1)]
    room.sees_once("Det er jeg som spør.")

    somebody = room.person(room.inner.town.people[0])
    shows_here(somebody, 13, on=MEANWHILE[name])
    world.later(minutes=5)
    assert numbers(room) == [1, 13]
    room.sees_once("Svar på 13.")
    room.sees_once(MEANWHILE[name])
    kari.asks("Er alle her igjen nå?")
    assert numbers(room) == [1, 13, 14]


def test_a_burst_in_a_healthy_room_is_shown_in_full(
    world: World, kari: Person, bodo: Room, randers: Room
) -> None:
    for number in range(1, 15):
        kari.asks(f"Hvordan gjør dere sak nummer {number}?")
    world.later(minutes=2)
    assert numbers(bodo) == numbers(randers) == list(range(1, 15))


def test_a_room_that_was_in_trouble_for_a_day_gets_one_list(
    world: World, kari: Person, bodo: SlackRoom
) -> None:
    refusal = faults.error("not_in_channel")
    is_down(world, bodo, refusal)
    for number in range(1, 13):
        kari.asks(f"Hvordan gjør dere sak nummer {number}?")
    passes_a_day(world)
    world.slack.faults.heal()
    world.act(world.slack.invite_bot(bodo.channel))
    world.later(minutes=5)
    assert numbers(bodo) == []
    bodo.sees_once(MEANWHILE["Bodø kommune"], "12 spørsmål")


def test_what_a_list_has_told_of_does_not_come_by_itself_when_a_room_is_revived(
    world: World, kari: Person, bodo: SlackRoom
) -> None:
    test_a_room_that_was_in_trouble_for_a_day_gets_one_list(world, kari, bodo)
    is_down(world, bodo, faults.error("is_archived"))
    kari.asks("Er alle her igjen nå?")
    world.slack.faults.heal()
    world.act(world.slack.invite_bot(bodo.channel))
    world.later(minutes=5)
    assert numbers(bodo) == [13]
    bodo.sees_once(MEANWHILE["Bodø kommune"])


def test_the_old_answers_of_a_question_that_is_shown_later_are_no_list_again(
    world: World, kari: Person, bodo: SlackRoom, ingrid: Person
) -> None:
    is_down(world, bodo, faults.status(503))
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    for number in range(12):
        kari.replies(f"Tanke nummer {number}.", under="liv i tavlemøtene")
        world.later(minutes=1)
    passes_a_day(world)
    is_up_again(world, bodo)
    assert numbers(bodo) == []
    shows_here(ingrid, 1, on=MEANWHILE["Bodø kommune"])
    world.later(minutes=5)
    assert numbers(bodo) == [1]
    told = [seen.words for seen in bodo.everything if "Tanke nummer" in seen.words]
    assert [f"nummer {number}." in words for number, words in enumerate(told)] == [True] * 12
    bodo.sees_once(MEANWHILE["Bodø kommune"])
