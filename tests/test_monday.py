"""On Monday whoever runs the network gets one card; doing nothing about it approves."""

from __future__ import annotations

import pytest

from adapters.playground.teams import world as teams_world
from adapters.playground.teams.world import Message as TeamsMessage
from storage import prompts
from tests.conversation import Person, Room, Seen, World
from tests.test_facilitating import ingrid as ingrid
from tests.test_facilitating import lars as lars
from tests.test_prompting import log, oslo
from tests.test_welcoming import role

QUESTION = "Hvordan får dere liv i tavlemøtene?"
WEEK = {"nb": "Uken i Nord", "da": "Ugen i Nord"}
FIRST = {"nb": "Fortell om en forbedring", "da": "Fortæl om en forbedring"}
SKIP = {"nb": "Hopp over", "da": "Spring over"}
AFTER_ALL = {"nb": "Still det likevel", "da": "Stil det alligevel"}
CHANGE = {"nb": "Bytt", "da": "Skift"}
KEEP = {"nb": "Behold", "da": "Behold"}
LANGUAGE = {"Ingrid Vik": "nb", "Lars Krogh": "da"}
BOTH = pytest.mark.parametrize("name", list(LANGUAGE))
"""Who runs the network sits on Slack, or on Teams."""

MONDAY, TUESDAY = oslo(2027, 1, 25, 11), oslo(2027, 1, 26, 9, 15)


def running(world: World, name: str) -> Person:
    person = world.person(name)
    role(world, person, person.room.inner.town.name, "facilitator")
    return person


def cards(person: Person) -> list[str]:
    """The words of each, with what is to be pressed there."""
    heads = WEEK[LANGUAGE[person.name]]
    return [_with_buttons(seen) for seen in person.private if heads in seen.words]


def _with_buttons(seen: Seen) -> str:
    if not isinstance(seen.inner, TeamsMessage):
        return seen.words
    return "\n".join((seen.words, *(one.title for one in teams_world.buttons(seen.inner))))


def presses(person: Person, labels: dict[str, str]) -> None:
    language = LANGUAGE[person.name]
    person.presses(labels[language], on=WEEK[language], privately=True)


@BOTH
def test_it_comes_on_monday_at_eleven_with_who_waits_and_what_is_asked(
    name: str, world: World, kari: Person
) -> None:
    person, language = running(world, name), LANGUAGE[name]
    kari.asks(QUESTION)
    world.goes_to(oslo(2027, 1, 25, 10, 59))
    assert cards(person) == []
    world.goes_to(MONDAY)
    (card,) = cards(person)
    assert "Q-1 · Hvordan får dere liv" in card
    assert "Kari Nilsen · Alta kommune" in card
    assert FIRST[language] in card
    assert {"nb": "tirsdag 26. januar kl. 09.15", "da": "tirsdag den 26. januar kl. 9.15"}[
        language
    ] in card
    world.goes_to(oslo(2027, 1, 29, 15))
    assert len(cards(person)) == 1


def test_nobody_else_gets_it(world: World, ingrid: Person, kari: Person, jens: Person) -> None:
    world.goes_to(MONDAY)
    assert len(cards(ingrid)) == 1
    for other in (kari, jens, world.person("Lars Krogh")):
        assert not any("Nord" in seen.words for seen in other.private)


def test_a_question_can_be_read_and_answered_from_it(
    world: World, ingrid: Person, kari: Person, alta: Room
) -> None:
    kari.asks(QUESTION)
    world.goes_to(MONDAY)
    ingrid.presses("Les", on=WEEK["nb"], privately=True)
    ingrid.sends_form(answer="Vi bytter leder hver uke.")
    alta.sees("Ingrid Vik", "bytter leder", under="tavlemøtene")


@BOTH
def test_doing_nothing_approves(name: str, world: World, alta: Room, aarhus: Room) -> None:
    person, language = running(world, name), LANGUAGE[name]
    world.goes_to(TUESDAY)
    alta.sees(FIRST["nb"])
    aarhus.sees(FIRST["da"])
    (card,) = cards(person)
    assert {"nb": "Stilt tirsdag", "da": "Stillet tirsdag"}[language] in card
    assert SKIP[language] not in card


@BOTH
def test_what_is_kept_is_asked_and_the_card_says_so(name: str, world: World, alta: Room) -> None:
    person, language = running(world, name), LANGUAGE[name]
    world.goes_to(MONDAY)
    presses(person, KEEP)
    (card,) = cards(person)
    assert KEEP[language] not in card
    assert SKIP[language] in card
    world.goes_to(TUESDAY)
    alta.sees(FIRST["nb"])


@BOTH
def test_a_week_is_skipped_and_asked_after_all(name: str, world: World, alta: Room) -> None:
    person, language = running(world, name), LANGUAGE[name]
    world.goes_to(MONDAY)
    presses(person, SKIP)
    (card,) = cards(person)
    assert AFTER_ALL[language] in card
    assert SKIP[language] not in card
    presses(person, AFTER_ALL)
    world.goes_to(TUESDAY)
    alta.sees_once(FIRST["nb"])
    assert log(world)[-1][1] == "done"


@BOTH
def test_a_week_that_is_skipped_is_not_asked_and_its_question_comes_the_week_after(
    name: str, world: World, alta: Room
) -> None:
    person = running(world, name)
    world.goes_to(MONDAY)
    presses(person, SKIP)
    world.goes_to(oslo(2027, 1, 29, 15))
    alta.does_not_see("Ukens spørsmål")
    world.goes_to(oslo(2027, 2, 2, 9, 15))
    alta.sees_once(FIRST["nb"])


@BOTH
def test_from_eight_on_the_day_it_is_asked_it_stays(name: str, world: World, alta: Room) -> None:
    person, language = running(world, name), LANGUAGE[name]
    world.goes_to(oslo(2027, 1, 26, 8))
    presses(person, SKIP)
    person.is_told({"nb": "kl. 08.00", "da": "kl. 8.00"}[language])
    world.goes_to(TUESDAY)
    alta.sees(FIRST["nb"])


def test_its_changes_stand_whatever_the_hour(world: World, ingrid: Person) -> None:
    world.goes_to(MONDAY)
    world.goes_to(oslo(2027, 1, 25, 23))
    presses(ingrid, SKIP)
    (card,) = cards(ingrid)
    assert AFTER_ALL["nb"] in card


def test_its_switch_stops_it_and_the_card_stays(world: World, ingrid: Person) -> None:
    world.goes_to(MONDAY)
    presses(ingrid, {"nb": "Ikke flere slike"})
    world.goes_to(TUESDAY)
    assert len(cards(ingrid)) == 1
    world.goes_to(oslo(2027, 2, 1, 15))
    assert len(cards(ingrid)) == 1


def test_after_a_silent_monday_it_comes_before_the_question(world: World, ingrid: Person) -> None:
    """Whit Monday is the 17th of May, and the question comes on Tuesday at a quarter past nine."""
    world.away_until(oslo(2027, 5, 12))
    world.goes_to(oslo(2027, 5, 14, 10, 59))
    before = len(cards(ingrid))
    world.goes_to(oslo(2027, 5, 14, 11))
    assert len(cards(ingrid)) == before + 1
    assert "18. mai" in cards(ingrid)[-1]


@BOTH
def test_another_question_is_asked_instead(name: str, world: World, alta: Room) -> None:
    person, language = running(world, name), LANGUAGE[name]
    world.goes_to(MONDAY)
    presses(person, CHANGE)
    assert person.form is not None
    assert {"nb": "tavlemøte i det siste", "da": "tavlemøde for nylig"}[language] in person.form
    person.sends_form(prompt="bank-A13")
    (card,) = cards(person)
    assert FIRST[language] not in card
    assert KEEP[language] not in card
    world.goes_to(TUESDAY)
    alta.does_not_see(FIRST["nb"])
    alta.sees_once("Ukens spørsmål")
    world.goes_to(oslo(2027, 2, 2, 9, 15))
    alta.sees_once(FIRST["nb"])


LONG = {"nb": "Q-1 har ventet i mer enn tre", "da": "Q-1 har ventet i mere end tre"}
FEW = {"nb": "De tre siste ukespørsmålene fikk få", "da": "De seneste tre ugers spørgsmål fik få"}
DRAFT = {"nb": "er fortsatt et utkast", "da": "er stadig et udkast"}


@BOTH
def test_of_all_that_could_be_done_it_suggests_the_one_thing_that_helps_most(
    name: str, world: World, kari: Person, jens: Person
) -> None:
    person, language = running(world, name), LANGUAGE[name]
    with world.village.mellom.writers.begin() as uow:
        prompts.keep(uow, 1, theme="model", words={"nb": "Hva nå?"}, state="draft")
    world.goes_to(MONDAY)
    assert DRAFT[language] in cards(person)[-1]
    world.goes_to(oslo(2027, 2, 9, 12))
    kari.asks(QUESTION)
    world.goes_to(oslo(2027, 2, 15, 11))
    last = cards(person)[-1]
    assert LONG[language] in last
    assert FEW[language] not in last
    jens.replies("Vi spørger hvorfor.", under="tavlemøtene")
    world.goes_to(oslo(2027, 2, 22, 11))
    last = cards(person)[-1]
    assert FEW[language] in last
    assert DRAFT[language] not in last


def test_a_question_that_waits_only_since_friday_is_no_reason_to_ask_by_name(
    world: World, ingrid: Person, kari: Person
) -> None:
    world.goes_to(oslo(2027, 1, 22, 9))
    kari.asks(QUESTION)
    world.goes_to(MONDAY)
    (card,) = cards(ingrid)
    assert "Q-1 ·" in card
    assert LONG["nb"] not in card
