"""Whoever runs a network edits its themes, without code: rename, add, retire, bring back."""

from __future__ import annotations

import pytest

from bot.features import curating, joining, themes
from bot.language import LANGUAGES, speak
from storage import networks
from storage import themes as stored
from storage.themes import KEYS, Theme
from tests.conversation import Person, Room, World
from tests.numbers import norwegian_number
from tests.test_facilitating import RUNS_IT, card
from tests.test_forms import QUESTION, begins_to_ask, themes_in
from tests.test_my_settings import opens
from tests.test_welcoming import role

LANGUAGE = {"Ingrid Vik": "nb", "Lars Krogh": "da"}
BOTH = pytest.mark.parametrize("name", list(LANGUAGE))
"""Who runs the network sits on Slack, or on Teams."""

GAINS, CARRY = "Effekter og gevinster", {"nb": "Få bærer mye", "da": "Få bærer meget"}
SAVED = {"nb": "Temaet er lagret.", "da": "Temaet er gemt."}
TAKEN = {"nb": "Det finnes alt et tema", "da": "Der findes allerede et tema"}


def running(world: World, name: str) -> Person:
    person = world.person(name)
    role(world, person, person.room.inner.town.name, "facilitator")
    return person


def opens_theme(person: Person, label: str) -> None:
    """Choose it from the list that the card leads to."""
    language = LANGUAGE[person.name]
    card(person, language)
    person.presses("Temaer", on=RUNS_IT[language], privately=True)
    person.sends_form(theme=themes_in(person)[label])


def new_theme(person: Person, name: str) -> None:
    opens_theme(person, {"nb": "Et nytt tema", "da": "Et nyt tema"}[LANGUAGE[person.name]])
    person.sends_form(name=name)


def asks_about(person: Person, label: str) -> None:
    begins_to_ask(person)
    person.sends_form(question=QUESTION, theme=themes_in(person)[label])


@BOTH
def test_a_theme_is_read_by_its_new_name_everywhere_and_keeps_its_key(
    name: str, world: World, kari: Person, jens: Person, aarhus: Room, alta: Room
) -> None:
    person = running(world, name)
    asks_about(kari, GAINS)
    opens_theme(person, GAINS)
    person.sends_form(name="  Gevinster og\n virkning ")
    person.is_told(SAVED[LANGUAGE[name]])
    for room in (alta, aarhus):
        room.sees("Tema: Gevinster og virkning")
        room.does_not_see(GAINS)
    begins_to_ask(jens)
    assert "Gevinster og virkning" in themes_in(jens)
    assert world.count("SELECT count(*) FROM theme WHERE key = '1.5'") == 1


@BOTH
def test_the_name_of_the_beginning_is_said_in_every_language_again(name: str, world: World) -> None:
    person, language = running(world, name), LANGUAGE[name]
    opens_theme(person, CARRY[language])
    person.sends_form(name="Ildsjeler")
    opens_theme(person, "Ildsjeler")
    person.sends_form(name=CARRY[language])
    for asker, spoken in (("Kari Nilsen", "nb"), ("Jens Holm", "da")):
        other = world.person(asker)
        begins_to_ask(other)
        assert CARRY[spoken] in themes_in(other)


@BOTH
def test_a_theme_that_is_added_can_be_asked_about(
    name: str, world: World, jens: Person, alta: Room
) -> None:
    new_theme(running(world, name), "Sykefravær")
    asks_about(jens, "Sykefravær")
    alta.sees("Tema: Sykefravær")


@BOTH
def test_a_retired_theme_is_offered_no_more_stays_where_it_is_and_can_come_back(
    name: str, world: World, kari: Person, jens: Person, aarhus: Room
) -> None:
    person, language = running(world, name), LANGUAGE[name]
    opens(jens, "Mine indstillinger")
    jens.sends_form(themes="5")
    asks_about(kari, GAINS)
    opens_theme(person, GAINS)
    person.sends_form(retired="yes")
    begins_to_ask(jens)
    assert GAINS not in themes_in(jens)
    aarhus.sees("Q-1", f"Tema: {GAINS}")
    jens.writes_privately("hej")
    assert GAINS not in jens.private[-1].words
    opens(jens, "Mine indstillinger")
    assert jens.typed("themes") == ""

    label = {"nb": f"{GAINS} (ikke i bruk)", "da": f"{GAINS} (ikke i brug)"}[language]
    opens_theme(person, label)
    assert person.typed("retired") == "yes"
    person.sends_form(retired="")
    begins_to_ask(jens)
    assert GAINS in themes_in(jens)
    jens.writes_privately("hej")
    assert GAINS in jens.private[-1].words


def test_a_form_that_was_open_when_its_theme_was_retired_asks_without_it(
    world: World, kari: Person, aarhus: Room
) -> None:
    ingrid = running(world, "Ingrid Vik")
    begins_to_ask(kari)
    chosen = themes_in(kari)[GAINS]
    opens_theme(ingrid, GAINS)
    ingrid.sends_form(retired="yes")
    kari.sends_form(question=QUESTION, theme=chosen)
    assert GAINS not in themes_in(kari)
    kari.sends_form(themes="")
    assert "Tema" not in aarhus.sees("Q-1").words


@BOTH
def test_what_is_wrong_with_a_name_is_said_at_the_field(name: str, world: World) -> None:
    person, language = running(world, name), LANGUAGE[name]
    number = norwegian_number().text
    opens_theme(person, {"nb": "Et nytt tema", "da": "Et nyt tema"}[language])
    for typed, problem in {
        "x" * 76: "75",
        "\u200b": {"nb": "Skriv et navn", "da": "Skriv et navn"}[language],
        CARRY[language].upper() + "!": TAKEN[language],
        f"Saken om {number}": {"nb": "fødselsnummer", "da": "CPR-nummer"}[language],
    }.items():
        person.sends_form(name=typed)
        assert person.form is not None
        assert problem in person.form, typed
    assert world.count("SELECT count(*) FROM theme") == len(KEYS)
    person.sends_form(name="Sykefravær")
    assert world.count("SELECT count(*) FROM theme") == len(KEYS) + 1


@BOTH
def test_a_code_of_ours_is_no_name(name: str, world: World) -> None:
    person, language = running(world, name), LANGUAGE[name]
    with world.village.mellom.writers.begin() as uow:
        code = joining.keep_code(uow, network=1, organisation=1, role=None)
    opens_theme(person, {"nb": "Et nytt tema", "da": "Et nyt tema"}[language])
    person.sends_form(name=f"Kode {code}")
    assert {"nb": "Her står det en kode", "da": "Her står der en kode"}[language] in (
        person.form or ""
    )
    assert world.count("SELECT count(*) FROM theme") == len(KEYS)


THEMES = [Theme(1, "1.5", None), Theme(2, None, "Sykefravær"), Theme(3, None, "Turnus", True)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", ["", " ", "…", "x" * 76, "SYKEFRAVÆR", "sykefravær.", "turnus"])
def test_such_a_name_is_refused(typed: str, language: str) -> None:
    assert curating.refusal(typed, THEMES, None, speak(language))


@pytest.mark.parametrize("typed", ["Sjukefråvær", "x" * 75, "Gevinst"])
def test_such_a_name_is_taken(typed: str) -> None:
    assert curating.refusal(typed, THEMES, None, speak("nb")) == ""


def test_an_accent_is_the_same_however_it_is_typed() -> None:
    every = [Theme(1, None, "Kvalitetsmål")]
    assert curating.refusal("Kvalitetsma\u030al", every, None, speak("nb"))
    every = [Theme(1, None, "Kvalitetsmal")]
    assert curating.refusal("Kvalitetsma\u030al", every, None, speak("nb")) == ""


def test_a_name_that_a_theme_has_in_another_language_is_taken() -> None:
    every = [Theme(1, "2.2", None)]
    for language in LANGUAGES:
        called = themes.name(every[0], speak(language))
        assert curating.refusal(called, every, None, speak("nb"))
        assert curating.refusal(called, every, every[0], speak("nb")) == ""


def test_a_network_has_thirty_themes_at_most() -> None:
    say, every = speak("nb"), [Theme(n, None, f"Tema {n}") for n in range(30)]
    retired = Theme(30, None, "Turnus", True)
    assert "30" in curating.refusal("Nytt", every, None, say)
    assert "30" in curating.refusal("Turnus", [*every, retired], retired, say)
    assert curating.refusal("Turnus", [*every, retired], retired, say, retired=True) == ""
    assert curating.refusal("Turnus", [*every[1:], retired], retired, say) == ""


def test_the_list_has_room_for_all_that_were_ever_retired() -> None:
    every = [Theme(n, None, "Tema " + "x" * 70, n > 30) for n in range(200)]
    assert len(curating.choosing(1, every, speak("nb")).inputs[0].choices) == 100


def test_a_theme_that_is_named_falsely_is_left_alone(world: World) -> None:
    lars = running(world, "Lars Krogh")
    with world.village.mellom.writers.begin() as uow:
        other = networks.create_network(uow, "Sør", "nb")
        theirs = stored.add(uow, other, "Turnus")
    for forged in (str(theirs), "9" * 30, "", "-1", "new:x"):
        opens_theme(lars, GAINS)
        lars.sends_form(name="Overtatt", subject=f"1:{forged}")
        lars.is_told("Dette tema er væk")
        assert world.count("SELECT count(*) FROM theme WHERE name = 'Overtatt'") == 0
