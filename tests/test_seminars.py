"""The next seminar: whoever runs the network says when and where, and everybody's home tells it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from bot import bank, calendars
from bot.choosing import Seminar as Around
from bot.features import seminars
from bot.features.seminars import Draft, problems
from bot.language import speak
from storage.seminars import Seminar
from tests.conversation import Person, Room, SlackPerson, World
from tests.test_curating import BOTH, LANGUAGE, running
from tests.test_facilitating import RUNS_IT, card

SEMINARS = {"nb": "Seminarer", "da": "Seminarer"}
SAVED = {
    "nb": "Lagret: 10.–11. februar i Bodø kommune.",
    "da": "Gemt: 10.-11. februar i Bodø kommune.",
}
ON_HOME = {"nb": "10.–11. februar i Bodø kommune", "da": "10.-11. februar i Bodø kommune"}
FIRST, LAST = "2027-02-10", "2027-02-11"


def organisation(world: World, name: str) -> str:
    return str(dict(world.rows("SELECT name, id FROM organisation"))[name])


def opens(person: Person) -> None:
    language = LANGUAGE[person.name]
    card(person, language)
    person.presses(SEMINARS[language], on=RUNS_IT[language], privately=True)


def plans(world: World, person: Person) -> None:
    opens(person)
    person.sends_form(host=organisation(world, "Bodø kommune"), first=FIRST, last=LAST)


@BOTH
def test_everybodys_home_tells_when_and_where_the_next_seminar_is(
    name: str, world: World, kari: SlackPerson, jens: Person
) -> None:
    person = running(world, name)
    kari.opens_home()
    assert "Neste seminar" not in kari.home
    plans(world, person)
    person.is_told(SAVED[LANGUAGE[name]])
    kari.opens_home()
    assert f"Neste seminar: {ON_HOME['nb']}" in kari.home
    jens.writes_privately("hej")
    jens.reads_privately(f"Næste seminar: {ON_HOME['da']}")
    assert ON_HOME[LANGUAGE[name]] in card(person, LANGUAGE[name])


@BOTH
def test_it_is_moved_and_cancelled(name: str, world: World, kari: SlackPerson) -> None:
    person = running(world, name)
    plans(world, person)
    opens(person)
    person.sends_form(seminar=str(world.rows("SELECT id FROM seminar")[0][0]))
    assert person.typed("first") == FIRST
    person.sends_form(
        host=organisation(world, "Alta kommune"), first="2027-02-17", last="2027-02-18"
    )
    kari.opens_home()
    assert "17.–18. februar i Alta kommune" in kari.home
    opens(person)
    person.sends_form(seminar=str(world.rows("SELECT id FROM seminar")[0][0]))
    person.sends_form(cancelled="yes")
    kari.opens_home()
    assert "Neste seminar" not in kari.home


def test_what_is_wrong_is_told_and_what_was_typed_stays(world: World) -> None:
    person = running(world, "Lars Krogh")
    opens(person)
    person.sends_form(host=organisation(world, "Bodø kommune"), first=FIRST, last="2027-02-09")
    assert person.form is not None
    assert "Vælg den samme dag" in person.form
    assert person.typed("first") == FIRST
    assert world.count("SELECT count(*) FROM seminar") == 0


def test_it_is_over_once_its_last_day_is(world: World, kari: SlackPerson) -> None:
    plans(world, running(world, "Ingrid Vik"))
    world.goes_to(datetime(2027, 2, 11, 20, tzinfo=UTC))
    kari.opens_home()
    assert "Neste seminar" in kari.home
    world.goes_to(datetime(2027, 2, 12, 8, tzinfo=UTC))
    kari.opens_home()
    assert "Neste seminar" not in kari.home


def test_somebody_else_plans_none(world: World, kari: Person) -> None:
    person = running(world, "Ingrid Vik")
    opens(person)
    world.change("UPDATE member SET role = 'member'")
    person.sends_form(host=organisation(world, "Bodø kommune"), first=FIRST, last=LAST)
    person.is_told("Bare den som leder nettverket")
    assert world.count("SELECT count(*) FROM seminar") == 0


def test_one_of_another_network_cannot_be_changed(world: World) -> None:
    """Whatever id is forged in the form: it is looked for among those of the own network."""
    person = running(world, "Lars Krogh")
    plans(world, person)
    world.change(
        "INSERT INTO network (name, language, created_at) VALUES ('Sør', 'nb', '2027-01-01')"
    )
    world.change("UPDATE seminar SET network = (SELECT id FROM network WHERE name = 'Sør')")
    opens(person)
    person.sends_form(host=organisation(world, "Alta kommune"), first=FIRST, last=LAST)
    assert world.count("SELECT count(*) FROM seminar") == 2
    opens(person)
    person.sends_form(seminar=str(world.rows("SELECT min(id) FROM seminar")[0][0]))
    assert person.form is not None
    assert "Vælg et seminar." in person.form


def test_its_days_are_in_the_calendars_and_its_questions_in_the_weeks_around(world: World) -> None:
    plans(world, running(world, "Ingrid Vik"))
    [network] = {row[0] for row in world.rows("SELECT network FROM seminar")}
    days, after = {date(2027, 2, 10), date(2027, 2, 11)}, date(2027, 3, 22)
    with world.village.mellom.writers.begin() as uow:
        found = calendars.of_network(uow, network)
        assert {one.seminars for one in found.values()} == {frozenset(days)}
        assert calendars.of_organisation(uow, next(iter(found))).seminars == days
        assert seminars.for_prompts(network, after, uow) == [Around(date(2027, 2, 10))]
        assert seminars.for_prompts(network, after + timedelta(weeks=4), uow) == []


def test_the_week_after_it_is_asked_what_was_seen_there(world: World, alta: Room) -> None:
    plans(world, running(world, "Ingrid Vik"))
    world.goes_to(datetime(2027, 2, 16, 9, tzinfo=UTC))
    alta.sees("Ukens spørsmål", bank.prompts()["G01"].words["nb"])


TODAY = date(2027, 1, 19)
HOSTS = (("1", "Alta kommune"), ("2", "Bodø kommune"))
KNOWN = Seminar(1, 1, 1, "Alta kommune", date(2027, 3, 2), date(2027, 3, 3))


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        (Draft("1", "2027-02-10", "2027-02-11"), []),
        (Draft("1", "2027-02-10", "2027-02-10"), []),
        (Draft("1", "2027-01-18", "2027-01-19"), []),  # It is on just now.
        (Draft("1", "2027-01-14", "2027-01-15"), ["last"]),
        (Draft("3", "2027-02-10", "2027-02-11"), ["host"]),
        (Draft("1", "2027-02-10", "2027-02-09"), ["last"]),
        (Draft("1", "2027-02-08", "2027-02-13"), ["last"]),
        (Draft("1", "i morgen", "2027-02-13"), ["first"]),
        (Draft("1", "", ""), ["first", "last"]),
        (Draft("1", "2029-02-10", "2029-02-11"), ["first"]),
        (Draft("1", "9999-12-31", "9999-12-31"), ["first"]),
        (Draft("2", "2027-03-01", "2027-03-02"), ["first"]),
        (Draft("2", "2027-03-03", "2027-03-04"), ["first"]),
        (Draft("2", "2027-03-04", "2027-03-05"), []),
    ],
)
def test_what_a_seminar_can_be(draft: Draft, wrong: Sequence[str]) -> None:
    assert list(problems(draft, HOSTS, [KNOWN], TODAY, speak("en"))) == wrong
