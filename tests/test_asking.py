"""Asking and answering across rooms and platforms."""

from __future__ import annotations

import pytest

from tests.conversation import Person, Room, SlackPerson, SlackRoom, World


def test_a_question_reaches_the_other_rooms_and_the_answer_comes_home(
    kari: Person, jens: Person, alta: Room, aarhus: Room, bodo: Room, randers: Room
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    for room in (aarhus, bodo, randers):
        room.sees("Kari Nilsen · Alta kommune", "Hvordan får dere liv i tavlemøtene?")

    jens.replies("Vi spørger »hvorfor« én gang til.", under="tavlemøtene")
    for room in (alta, bodo, randers):
        room.sees("Jens Holm · Aarhus Kommune", "»hvorfor« én gang til", under="tavlemøtene")


def test_a_question_from_teams_crosses_to_slack_and_back(
    jens: Person, ingrid: Person, aarhus: Room, bodo: Room, randers: Room
) -> None:
    jens.asks("Hvem deltager i jeres tavlemøder?")
    bodo.sees("Jens Holm · Aarhus Kommune", "Hvem deltager i jeres tavlemøder?")
    randers.sees("Jens Holm · Aarhus Kommune", "Hvem deltager")

    ingrid.replies("Alle som vil, og alltid en leder.", under="Hvem deltager")
    aarhus.sees("Ingrid Vik · Bodø kommune", "alltid en leder", under="Hvem deltager")
    randers.sees("Ingrid Vik · Bodø kommune", "alltid en leder", under="Hvem deltager")


def test_a_name_is_asked_for_where_its_bearer_is(
    world: World, bodo: SlackRoom, aarhus: Room
) -> None:
    """Also where nothing but rooms on the other platform shows it."""
    world.act(world.slack.remove_bot(bodo.channel))
    world.person("Ola Berg").asks("Hvordan får dere liv i tavlemøtene?")
    aarhus.sees("Ola Berg · Alta kommune", "Hvordan får dere liv i tavlemøtene?")


def test_the_number_is_the_same_in_every_room(
    kari: Person, jens: Person, alta: Room, aarhus: Room, bodo: Room
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    jens.asks("Hvor tit er jeres leder med?")
    alta.sees("Q-1", under="tavlemøtene")
    aarhus.sees("Q-1", "tavlemøtene")
    aarhus.sees("Q-2", under="Hvor tit er jeres leder med?")
    for room in (alta, bodo):
        room.sees("Q-2", "Hvor tit er jeres leder med?")


def test_ones_own_message_is_the_question_at_home_and_a_foot_card_stands_under_it(
    kari: Person, alta: Room
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    alta.sees_once("tavlemøtene")
    alta.sees("Q-1", under="tavlemøtene")


def test_an_answer_stands_once_in_each_room(
    kari: Person, jens: Person, alta: Room, aarhus: Room, bodo: Room
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    jens.replies("Vi spørger »hvorfor«.", under="tavlemøtene")
    for room in (alta, aarhus, bodo):
        room.sees_once("Vi spørger")


def test_talk_in_the_channel_does_not_cross(kari: Person, ingrid: Person, world: World) -> None:
    kari.says("Kaffe om fem minutter.")
    ingrid.says("Møtet er flyttet.")
    ingrid.replies("Takk!", under="flyttet")
    for name in ("Aarhus Kommune", "Randers Kommune"):
        world.rooms[name].does_not_see("Kaffe")
        world.rooms[name].does_not_see("flyttet")
        world.rooms[name].does_not_see("Takk")
    assert world.count("SELECT count(*) FROM reply") == 0
    assert world.count("SELECT count(*) FROM receipt WHERE incoming IS NOT NULL") == 0


@pytest.mark.parametrize("asker", ["kari", "jens"])
def test_asking_through_the_menus_form(
    asker: str, request: pytest.FixtureRequest, world: World, bodo: Room, randers: Room
) -> None:
    person: Person = request.getfixturevalue(asker)
    person.says("@Mellom")
    label = {"kari": "Still et spørsmål", "jens": "Stil et spørgsmål"}[asker]
    person.opens_form(label, on="Mellom")
    person.sends_form(question="Hvordan måler dere gevinster på én side?")
    person.confirms()
    person.is_told("Q-1")
    for room in world.rooms.values():
        room.sees("Q-1", person.name, "gevinster på én side")


def test_a_form_comes_back_with_the_reason_at_the_field(kari: Person, world: World) -> None:
    kari.says("@Mellom")
    kari.opens_form("Still et spørsmål", on="Still et spørsmål")
    kari.sends_form(question="Hei?")
    assert kari.form is not None
    assert "10" in kari.form
    kari.sends_form(question="Hvordan får dere liv i tavlemøtene?")
    kari.confirms()
    assert world.count("SELECT count(*) FROM thread") == 1


def test_asking_by_a_slash_command(kari: SlackPerson, alta: Room, aarhus: Room) -> None:
    kari.commands("spør Hvordan får dere liv i tavlemøtene?")
    kari.is_told("Q-1")
    aarhus.sees("Kari Nilsen · Alta kommune", "tavlemøtene")
    alta.sees("Kari Nilsen · Alta kommune", "tavlemøtene")
    aarhus.does_not_see("spør Hvordan")


@pytest.mark.parametrize("typed", ["Hvor?", " ".join(f"ord{number}" for number in range(400))])
def test_what_cannot_be_asked_as_it_was_typed_after_a_command_comes_in_the_form(
    typed: str, kari: SlackPerson, aarhus: Room, world: World
) -> None:
    kari.commands(f"spør: {typed}")
    assert f"{kari.typed('question')} {kari.typed('details')}".strip() == typed
    assert kari.form is not None
    assert ("10" in kari.form) == (len(typed) < 10)
    assert world.count("SELECT count(*) FROM thread") == 0
    assert world.count("SELECT count(*) FROM receipt WHERE CAST(answer AS TEXT) LIKE '%ord7%'") == 0
    kari.sends_form(question="Hvor lenge varer tavlemøtene?")
    kari.confirms()
    aarhus.sees("Kari Nilsen · Alta kommune", "Hvor lenge varer tavlemøtene?")


def test_a_slash_command_alone_shows_the_menu_to_that_person_only(
    kari: SlackPerson, alta: Room
) -> None:
    kari.commands("")
    kari.is_told("Still et spørsmål")
    alta.does_not_see("Still et spørsmål")


@pytest.mark.parametrize("answerer", ["jens", "ingrid"])
def test_answering_with_the_button(
    answerer: str, request: pytest.FixtureRequest, kari: Person, world: World
) -> None:
    person: Person = request.getfixturevalue(answerer)
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    person.opens_form("Svar", on="tavlemøtene")
    person.sends_form(answer="Vi begynner med et spørsmål.")
    for room in world.rooms.values():
        room.sees(person.name, "Vi begynner med et spørsmål.", under="tavlemøtene")


def test_on_teams_a_mention_in_the_thread_is_an_answer(
    kari: Person, jens: Person, alta: Room
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    jens.replies("@Mellom Vi spørger altid hvorfor.", under="tavlemøtene")
    alta.sees("Jens Holm", "Vi spørger altid hvorfor.", under="tavlemøtene")
    alta.does_not_see("Q-2")


def test_every_room_reads_in_its_own_language(kari: Person, aarhus: Room, bodo: Room) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    bodo.sees("Spørsmål Q-1")
    aarhus.sees("Spørgsmål Q-1")


def test_a_question_that_is_too_long_is_refused_and_nothing_crosses(
    kari: Person, alta: Room, aarhus: Room, world: World
) -> None:
    kari.asks("Hvordan " + "virkelig " * 300 + "får dere liv i tavlemøtene?")
    alta.sees("735 tegn", under="virkelig")
    aarhus.does_not_see("virkelig")

    kari.edits("virkelig", to="@Mellom Hvordan får dere liv i tavlemøtene?")
    aarhus.sees("Kari Nilsen", "Hvordan får dere liv i tavlemøtene?")


def test_a_member_asks_in_a_direct_message(kari: SlackPerson, aarhus: Room, alta: Room) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    kari.writes_privately("spør Hvor mange timer bruker dere på veiledning?")
    aarhus.sees("Kari Nilsen · Alta kommune", "Hvor mange timer")
    alta.sees("Kari Nilsen · Alta kommune", "Hvor mange timer")
    kari.reads_privately("Q-2")


def test_a_file_is_named_and_not_carried_over(
    kari: SlackPerson, world: World, aarhus: Room, bodo: Room, ingrid: SlackPerson
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    root = ingrid.room.root("tavlemøtene")
    photo = world.slack.say(
        ingrid.user, ingrid.room.channel, "", thread_ts=root, files=[("tavle.png", 240_000)]
    )
    world.act(photo)
    aarhus.sees("Ingrid Vik", "tavle.png", under="tavlemøtene")
    assert "files.slack.com" not in aarhus.sees("tavle.png").words
