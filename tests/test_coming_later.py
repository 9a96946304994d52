"""A room that comes later, or again: what is open is listed there, and shown for whom wants it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from adapters.playground import faults
from adapters.playground.teams.delivery import Delivery as TeamsDelivery
from adapters.playground.village import Town
from bot.features import joining
from storage import networks
from tests.conversation import Person, Room, SlackRoom, TeamsPerson, World, at_once
from tests.lists import can_show, joins, press, shows_here
from tests.test_joining import SKIVE, VADSO, code
from tests.test_scoping import leave_and_return

BOTH = pytest.mark.parametrize("town", [VADSO, SKIVE], ids=["slack", "teams"])
OPEN = {"nb": "Åpne spørsmål", "da": "Åbne spørgsmål"}
ALREADY = {"nb": "står allerede", "da": "står allerede"}


@pytest.fixture
def asked(kari: Person, jens: Person, ingrid: Person) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    jens.replies("Vi spørger »hvorfor« én gang til.", under="liv i tavlemøtene")
    ingrid.replies("Vi bytter møteleder.", under="liv i tavlemøtene")
    jens.asks("Hvem leder jeres tavlemøder?")


@BOTH
@pytest.mark.usefixtures("asked")
def test_a_room_that_comes_later_is_shown_what_is_open_and_chooses(
    town: Town, world: World, kari: Person
) -> None:
    room = joins(world, town)
    listed = OPEN[town.language]
    words = room.sees(listed, "Q-1 · Hvordan får dere liv", "Kari Nilsen · Alta kommune").words
    assert words.index("Q-2") < words.index("Q-1")
    assert "· 2 svar" in words
    room.sees_once(listed)
    assert can_show(room, on=listed) == ["2", "1"]
    room.does_not_see("Vi bytter møteleder.")

    told = shows_here(room.person(town.people[0]), 1, on=listed)
    assert "Q-1" in told
    room.sees("Kari Nilsen · Alta kommune", "liv i tavlemøtene", "Q-1")
    room.sees("Jens Holm · Aarhus Kommune", "hvorfor", under="Q-1\n")
    thread = [seen.words for seen in room.everything if seen.root == room.root("Q-1\n")]
    assert [("hvorfor" in one, "bytter" in one) for one in thread[1:]] == [
        (True, False),
        (False, True),
    ]
    assert can_show(room, on=listed) == ["2"]
    room.sees(listed, "i denne kana")
    room.sees_once(listed)


@BOTH
@pytest.mark.usefixtures("asked")
def test_what_was_shown_later_lives_like_any_other(
    town: Town, world: World, kari: Person, jens: Person, aarhus: Room, alta: Room
) -> None:
    room = joins(world, town)
    somebody = room.person(town.people[0])
    shows_here(somebody, 1, on=OPEN[town.language])
    somebody.replies("Vi står i ring.", under="Q-1\n")
    for other in (alta, aarhus):
        other.sees(somebody.name, "Vi står i ring.", under="liv i tavlemøtene")
    jens.edits("hvorfor", to="Vi spørger »hvad nu«.")
    room.sees("hvad nu", under="Q-1\n")
    kari.replies("Takk!", under="liv i tavlemøtene")
    room.sees("Takk!", under="Q-1\n")
    jens.deletes("hvad nu")
    room.does_not_see("hvad nu")


@BOTH
@pytest.mark.usefixtures("asked")
def test_a_reply_is_copied_only_where_its_question_stands(
    town: Town, world: World, kari: Person
) -> None:
    room = joins(world, town)
    kari.replies("Takk!", under="liv i tavlemøtene")
    room.does_not_see("Takk!")
    shows_here(room.person(town.people[0]), 1, on=OPEN[town.language])
    room.sees_once("Takk!")


@BOTH
@pytest.mark.usefixtures("asked")
def test_two_people_who_press_at_once_and_one_who_presses_twice_get_it_once(
    town: Town, world: World
) -> None:
    room = joins(world, replace(town, people=(*town.people, "Rut Dal")))
    one, other = room.person(town.people[0]), room.person("Rut Dal")
    told = at_once(*((who, press(who, 1, on=OPEN[town.language])) for who in (one, other, one)))
    assert any(ALREADY[town.language] in words for words in told)
    room.sees_once("Kari Nilsen", "liv i tavlemøtene", "Q-1\n")
    room.sees_once("bytter møteleder")
    assert world.count("SELECT count(*) FROM receipt WHERE error IS NOT NULL") == 0


@BOTH
@pytest.mark.usefixtures("asked")
def test_a_question_that_is_withdrawn_leaves_the_list_and_cannot_be_shown(
    town: Town, world: World, kari: Person, jens: Person
) -> None:
    room = joins(world, town)
    listed = OPEN[town.language]
    jens.edits("Hvem leder", to="@Mellom Hvem leder jeres tavlemøder i ferien?")
    room.sees(listed, "i ferien?")
    pressing = press(room.person(town.people[0]), 1, on=listed)
    kari.deletes("liv i")
    room.does_not_see("Hvordan får dere liv")
    assert can_show(room, on=listed) == ["2"]
    answer = world.act(pressing)
    somebody = room.person(town.people[0])
    if isinstance(somebody, TeamsPerson):
        assert isinstance(answer, TeamsDelivery)
        somebody.last = answer
    somebody.is_told("Q-1", "rukket tilba")
    room.does_not_see("bytter møteleder")


def test_more_than_ten_are_told_as_a_number(world: World, kari: Person) -> None:
    for number in range(13):
        kari.asks(f"Hvordan gjør dere sak nummer {number}?")
        world.later(minutes=1)
    room = joins(world, VADSO)
    room.sees(OPEN["nb"], "Q-13 · Hvordan gjør dere sak nummer 12?", "Q-4 ·", "Og 3 spørsmål til.")
    assert can_show(room, on=OPEN["nb"]) == [str(number) for number in range(13, 3, -1)]


@BOTH
@pytest.mark.usefixtures("asked")
def test_of_very_many_it_is_said_that_they_are_more_than_were_counted(
    town: Town, world: World
) -> None:
    world.change(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99)"
        " INSERT INTO thread (network, kind, number, organisation, member, account, conversation,"
        " body, state, created_at) SELECT network, kind, number + i, organisation, member, account,"
        " conversation, body, state, created_at FROM thread, n WHERE number = 2"
    )
    world.change(
        "INSERT INTO post (network, kind, subject)"
        " SELECT network, 'question', id FROM thread WHERE number > 2"
    )
    room = joins(world, town)
    assert "over 90 sp" in room.sees(OPEN[town.language], "Q-101 ·").words
    assert can_show(room, on=OPEN[town.language])[0] == "101"


@pytest.mark.usefixtures("asked")
def test_in_a_room_that_has_left_nothing_can_be_shown_and_what_is_withdrawn_leaves_its_list(
    world: World, kari: Person
) -> None:
    room = joins(world, VADSO)
    assert isinstance(room, SlackRoom)
    leave_and_return(world, room)
    told = shows_here(room.person("Siri Moen"), 1, on=OPEN["nb"])
    assert "ikke med i et nettverk" in told
    room.does_not_see("bytter møteleder")
    kari.deletes("liv i")
    room.does_not_see("Hvordan får dere liv")


@pytest.mark.usefixtures("asked")
def test_a_question_of_another_network_cannot_be_named_in_the_button(world: World) -> None:
    room = joins(world, VADSO)
    with world.village.mellom.writers.begin() as uow:
        other = networks.create_network(uow, "Sør", "nb")
        moved = text("UPDATE thread SET network = :n WHERE number = 1")
        uow.connection.execute(moved, {"n": other})
    told = shows_here(room.person("Siri Moen"), 1, on=OPEN["nb"])
    assert "annet nettverk" in told
    room.does_not_see("bytter møteleder")


# --- leaving and coming back ----------------------------------------------------------------------


@pytest.mark.usefixtures("asked")
def test_a_room_that_comes_back_follows_what_stands_there_and_is_offered_the_rest(
    world: World, bodo: SlackRoom, kari: Person, jens: Person, ingrid: Person, alta: Room
) -> None:
    leave_and_return(world, bodo)
    kari.edits("liv i", to="@Mellom Hvordan holder dere tavlemøtene korte?")
    jens.replies("Vi har et stopur.", under="tavlemøtene korte")
    jens.asks("Hvor står jeres tavler?")
    bodo.does_not_see("korte")

    comes_back(world, bodo, ingrid)
    bodo.sees_once("Kari Nilsen", "tavlemøtene korte?")
    bodo.does_not_see("liv i tavlemøtene")
    assert can_show(bodo, on=OPEN["nb"]) == ["3"]
    jens.edits("én gang til", to="Vi spørger »hvad nu«.")
    bodo.sees_once("hvad nu")
    ingrid.replies("Vi er tilbake.", under="tavlemøtene korte")
    alta.sees("Vi er tilbake.", under="tavlemøtene korte")
    kari.replies("Velkommen!", under="tavlemøtene korte")
    bodo.sees("Velkommen!", under="tavlemøtene korte")
    jens.deletes("hvad nu")
    bodo.does_not_see("hvad nu")
    shows_here(ingrid, 3, on=OPEN["nb"])
    bodo.sees_once("Jens Holm", "Hvor står jeres tavler?", "Q-3\n")


@pytest.mark.usefixtures("asked")
def test_what_was_on_its_way_to_a_room_that_left_is_offered_when_it_comes_back(
    world: World, bodo: SlackRoom, kari: Person, ingrid: Person
) -> None:
    fault = world.slack.faults.add(
        faults.status(503), method="chat.postMessage", conversation=bodo.channel.id, times=None
    )
    kari.asks("Hvor lenge varer tavlemøtene?")
    world.act(world.slack.remove_bot(bodo.channel))
    world.slack.faults.heal(fault)
    world.act(world.slack.invite_bot(bodo.channel))
    comes_back(world, bodo, ingrid)
    world.later(minutes=20)
    bodo.does_not_see("Kari Nilsen", "Q-3\n")
    assert can_show(bodo, on=OPEN["nb"]) == ["3"]
    shows_here(ingrid, 3, on=OPEN["nb"])
    world.later(minutes=5)
    bodo.sees_once("Kari Nilsen", "Hvor lenge", "Q-3\n")


@pytest.mark.usefixtures("asked")
def test_what_an_author_takes_back_while_its_edit_was_on_its_way_leaves_a_room_that_left(
    world: World, bodo: SlackRoom, kari: Person
) -> None:
    fault = world.slack.faults.add(
        faults.status(503), method="chat.update", conversation=bodo.channel.id, times=None
    )
    kari.edits("liv i", to="@Mellom Hvordan holder dere tavlemøtene korte?")
    leave_and_return(world, bodo)
    world.slack.faults.heal(fault)
    kari.deletes("korte")
    bodo.does_not_see("liv i tavlemøtene")


@pytest.mark.usefixtures("asked")
def test_the_same_channel_in_another_network_is_shown_nothing_of_the_first(
    world: World, bodo: SlackRoom, kari: Person, ingrid: Person
) -> None:
    leave_and_return(world, bodo)
    kari.edits("liv i", to="@Mellom Hvordan holder dere tavlemøtene korte?")
    with world.village.mellom.writers.begin() as uow:
        other = networks.create_network(uow, "Sør", "nb")
        organisation = networks.add_organisation(
            uow, network=other, name="Bodø i Sør", country="no", language="nb"
        )
        words = joining.keep_code(uow, network=other, organisation=organisation, role=None)
    ingrid.says(f"@Mellom join {words}")
    ingrid.presses("Bekreft og koble til", on="Sør")
    bodo.does_not_see(OPEN["nb"])
    bodo.does_not_see("tavlemøtene korte?")


def comes_back(world: World, room: Room, person: Person) -> None:
    """The room that has left joins the network once more."""
    person.says(f"@Mellom join {code(world, room.inner.town.name)}")
    person.presses("Bekreft og koble til", on=room.inner.town.name)
