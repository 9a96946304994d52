"""The problem of the month: the poll in every channel, and one vote for everybody."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.language import ZONE
from storage import nominations, polls
from tests.conversation import Founded, GoOn, Person, Room, SlackPerson, World

OPENS = datetime(2027, 2, 3, 9, 30, tzinfo=ZONE)
CLOSES = datetime(2027, 2, 9, 10, tzinfo=ZONE)
CARD = "Månedens problemstilling"
WORDS = {
    "nb": {
        "counted": "Stemmen din er talt med",
        "one": "Velg minst",
        "three": "Velg høyst tre",
        "others read": "kan lese tallene du skrev der",
        "not counted": "Dette ble ikke talt med",
        "for example": "«stem 1 3»",
        "needs": "Venter på din stemme",
        "closed": "Denne avstemningen er stengt",
        "later": "for dem som hadde deltatt",
    },
    "da": {
        "counted": "Din stemme er talt med",
        "one": "Vælg mindst",
        "three": "Vælg højst tre",
        "others read": "kan læse de tal, du skrev der",
        "not counted": "Det blev ikke talt med",
        "for example": "»stem 1 3«",
        "needs": "Venter på din stemme",
        "closed": "Denne afstemning er lukket",
        "later": "for dem, der havde deltaget",
    },
}


def opens(world: World) -> None:
    """The poll of February, with a list of seven."""
    world.goes_to(OPENS - timedelta(hours=1))
    with world.village.mellom.writers.begin() as uow:
        planned = polls.in_state(uow, 1, polls.PLANNED)
        assert planned is not None
        keys = [f"P{number:02}" for number in range(1, 8)]
        polls.list_(uow, planned.id, [nominations.from_bank(uow, 1, key, None) for key in keys])
    world.goes_to(OPENS)


@pytest.fixture(scope="module")
def founded_open(go_on: GoOn) -> Callable[[str], Founded]:
    return functools.cache(lambda kind: go_on(kind, opens))


@pytest.fixture
def founded_before(founded_open: Callable[[str], Founded], database_kind: str) -> Founded:
    """The poll of February, just opened."""
    return founded_open(database_kind)


def chosen(world: World, name: str) -> list[int | None]:
    """The choices on the ballots of whoever has an account of this name, as they are stored."""
    found = world.rows(
        "SELECT DISTINCT ballot.member, ballot.choices FROM ballot "  # noqa: S608
        "JOIN membership ON membership.member = ballot.member "
        f"JOIN account ON account.id = membership.account WHERE account.name = '{name}'"
    )
    return [row[1] for row in found]


def version(world: World) -> int:
    """Of what stands in the channels."""
    return world.count("SELECT version FROM post WHERE kind = 'poll'")


def language(person: Person) -> str:
    return person.room.inner.town.language


def says(person: Person, name: str) -> str:
    return WORDS[language(person)][name]


def press_and_send(person: Person, choices: str) -> None:
    person.opens_form("Stem", on=CARD)
    person.sends_form(choices=choices)


# ---- with the button


def test_the_poll_opens_in_every_channel(
    alta: Room, bodo: Room, aarhus: Room, randers: Room
) -> None:
    for room in (alta, bodo, aarhus, randers):
        room.sees_once(
            CARD, "1. Tavl", "2. Frigjort tid", "3. Ny ledergruppe", "stem 1 3", "9. feb"
        )


def test_a_vote_is_changed_until_the_close_and_told_to_nobody(
    world: World, kari: Person, jens: Person, alta: Room, aarhus: Room
) -> None:
    for person in (kari, jens):
        press_and_send(person, "")
        person.is_told(says(person, "one"))
        person.sends_form(choices="1,2,3,4")
        person.is_told(says(person, "three"))
        assert person.typed("choices") == ("1,2,3,4" if person is jens else "")  # Slack keeps it.
        person.sends_form(choices="1,3")
        person.is_told(says(person, "counted"), "9. februar")
        assert chosen(world, person.name) == [0b101]
    world.later(seconds=5)
    for room in (alta, aarhus):
        room.sees_once(CARD, "Aarhus Kommune, Alta kommune")
    before = version(world)
    for person in (kari, jens):
        person.opens_form("Stem", on=CARD)
        assert person.typed("choices") == "1,3"
        person.sends_form(choices="2")
        assert chosen(world, person.name) == [0b10]
    assert version(world) == before, "others could see when somebody changed their mind"


# ---- typed


def test_numbers_under_the_card_are_a_vote_and_everything_else_there_is_talk(
    world: World, kari: Person, jens: Person, bodo: Room
) -> None:
    standing = len(bodo.everything)
    for person, typed in ((kari, "1 og 3"), (jens, "@Mellom 1, 3")):
        person.replies(typed, under=CARD)
        person.reads_privately(says(person, "counted"), says(person, "others read"))
        assert chosen(world, person.name) == [0b101]
        person.edits(typed.removeprefix("@Mellom "), to=typed.replace("3", "2"))
        assert chosen(world, person.name) == [0b11]
        for wrong in ("9", "0", "1 2 3 4", "1-3"):
            person.replies(wrong, under=CARD)
            person.reads_privately(says(person, "not counted"), says(person, "for example"))
        person.deletes(wrong)
        assert chosen(world, person.name) == [0b11]
    assert len(bodo.everything) == standing, "a vote crossed to another room"

    kari.replies("Nummer 2 har vi prøvd i ti år.", under=CARD)
    bodo.sees("Kari Nilsen · Alta kommune", "i ti år", under=CARD)
    kari.edits("i ti år", to="2")
    assert bodo.find("i ti år") is None
    assert chosen(world, "Kari Nilsen") == [0b10]
    assert world.count("SELECT count(*) FROM reply WHERE body LIKE '%2%'") == 0


def test_the_same_in_private_by_command_and_with_a_mention(
    world: World, kari: SlackPerson, jens: Person, bodo: Room
) -> None:
    standing = len(bodo.everything)
    for person, typed in ((kari, "stem 1 3"), (jens, "Jeg stemmer på 1 og 3."), (kari, "2")):
        person.writes_privately(typed)
        person.reads_privately(says(person, "counted"))
        assert not any(says(person, "others read") in seen.words for seen in person.private)
    assert [chosen(world, name) for name in ("Kari Nilsen", "Jens Holm")] == [[0b10], [0b101]]
    kari.commands("stem 3, 4 og 5")
    kari.is_told(says(kari, "counted"))
    assert chosen(world, "Kari Nilsen") == [0b11100]
    kari.commands("stem 1 9")
    kari.is_told("Velg fra listen")
    assert kari.typed("choices") == "1"
    kari.commands("stem")
    assert kari.typed("choices") == "3,4,5"
    for person in (kari, jens):
        person.says("@Mellom stem 1")
        person.reads_privately(says(person, "counted"), says(person, "others read"))
        assert chosen(world, person.name) == [1]
        person.writes_privately("stem")
        person.presses("Stem", on=says(person, "for example"), privately=True)
        assert person.typed("choices") == "1"
    assert len(bodo.everything) == standing
    kari.says("@Mellom Stemmer det at dere har valgt 1 og 3?")
    bodo.sees("Kari Nilsen · Alta kommune", "Stemmer det at")


def test_the_thread_of_the_poll_is_read_and_found_by_its_name(
    kari: SlackPerson, jens: Person, world: World
) -> None:
    jens.replies("Vores tavler kører på rutinen.", under=CARD)
    kari.commands("søk rutinen")
    kari.is_told(CARD, "rutinen")
    kari.presses("Les", on="Fant 1 spørsmål")
    assert kari.form is not None
    assert "2. Frigjort tid" in kari.form
    assert "Spørsmål" not in kari.form
    kari.sends_form(answer="1 og 2")
    kari.is_told(says(kari, "counted"))
    assert chosen(world, "Kari Nilsen") == [0b11]
    assert world.count("SELECT count(*) FROM reply") == 1


# ---- what waits for a vote


def test_home_and_menu_list_it_until_one_has_voted(
    world: World, kari: SlackPerson, jens: Person
) -> None:
    kari.commands("")
    kari.is_told(says(kari, "needs"), "Åpen til")
    kari.opens_home()
    assert says(kari, "needs") in kari.home
    kari.presses_at_home("Stem", on=CARD)
    kari.sends_form(choices="1")
    assert says(kari, "needs") not in kari.home
    kari.commands("")
    assert says(kari, "needs") not in kari.told.rpartition("Jeg er en robot")[2]

    jens.writes_privately("hej")
    jens.reads_privately(says(jens, "needs"), "Åben til")
    jens.presses("Stem", on=says(jens, "needs"), privately=True)
    jens.sends_form(choices="1")
    assert not any(says(jens, "needs") in seen.words for seen in jens.private)
    assert not any(says(jens, "needs") in seen.words for seen in jens.room.everything)
