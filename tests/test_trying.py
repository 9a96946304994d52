"""Two weeks after an answer helped, whoever asked is asked what became of it."""

from __future__ import annotations

import pytest

from bot.features import leaving
from tests.conversation import Person, World
from tests.numbers import norwegian_number
from tests.test_closing import QUESTION
from tests.test_noticing import oslo, told
from tests.test_retention import tidy
from tests.test_thanking import marks

ASKED = {"nb": "Fikk du prøvd det?", "da": "Fik du afprøvet det?"}
EQUALLY = {"nb": "Alle svarene er like nyttige.", "da": "Alle svarene er lige nyttige."}


def outcomes(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT outcome, words FROM attempt")


def test_four_answers_are_equally_good_and_a_line_is_ones_own(
    kari: Person, jens: Person, world: World
) -> None:
    kari.asks(QUESTION)
    jens.replies("Vi spørger »hvorfor« én gang til.", under="tavlemøtene")
    marks(kari, "hvorfor")
    world.away_until(oslo(2027, 2, 2, 9, 59))
    assert not told(kari, ASKED["nb"])
    world.goes_to(oslo(2027, 2, 2, 10, 1))
    [words] = told(kari, ASKED["nb"])
    assert "Q-1 · Hvordan får dere liv" in words
    kari.presses("Utsatt", on=ASKED["nb"], privately=True)
    kari.is_told(EQUALLY["nb"])
    [words] = told(kari, EQUALLY["nb"])
    assert "Svaret ditt: Utsatt" in words
    kari.presses("Endre eller legg til en linje", on=EQUALLY["nb"], privately=True)
    assert "Bare du ser dette." in (kari.form or "")
    assert kari.typed("outcome") == "postponed"
    kari.sends_form(outcome="adapted", text=f"Snakket med {norwegian_number().text}")
    assert outcomes(world) == [("postponed", "")]
    kari.sends_form(outcome="adapted", text="Vi gjør det hver fredag.")
    assert outcomes(world) == [("adapted", "Vi gjør det hver fredag.")]
    assert "Svaret ditt: Tilpasset" in told(kari, EQUALLY["nb"])[0]
    kari.presses("Åpne igjen", on="Svar fra de andre")
    marks(kari, "hvorfor")
    world.away_until(oslo(2027, 2, 17, 12))
    assert world.count("SELECT count(*) FROM step WHERE name = 'tried'") == 0
    assert world.count("SELECT count(*) FROM private WHERE kind = 'tried'") == 1
    kari_is = world.count("SELECT member FROM attempt")
    with world.village.mellom.writers.begin() as uow:
        leaving.leave(kari_is, uow)
    assert outcomes(world) == []


def test_it_is_asked_in_teams_and_nobody_else_answers(
    jens: Person, kari: Person, world: World
) -> None:
    jens.asks("Hvem deltager i jeres tavlemøder?")
    kari.replies("Alle som vil.", under="Hvem deltager")
    marks(jens, "Alle som vil", on="Svar fra de andre", language="da")
    world.away_until(oslo(2027, 2, 2, 10, 1))
    jens.presses("Lagt væk", on=ASKED["da"], privately=True)
    assert outcomes(world) == [("dropped", "")]
    assert "Dit svar: Lagt væk" in told(jens, EQUALLY["da"])[0]
    world.later(minutes=11)
    world.clock.move(days=91)
    tidy(world)
    assert world.count("SELECT count(*) FROM about") == 0
    assert outcomes(world) == [("dropped", "")]
    world.clock.move(days=275)
    tidy(world)
    assert outcomes(world) == []


@pytest.mark.parametrize("line", ["reopened", "withdrawn"])
def test_nothing_is_asked_about_what_did_not_help_after_all(
    line: str, kari: Person, jens: Person, world: World
) -> None:
    kari.asks(QUESTION)
    jens.replies("Vi spørger »hvorfor«.", under="tavlemøtene")
    marks(kari, "hvorfor")
    if line == "reopened":
        kari.presses("Åpne igjen", on="Svar fra de andre")
    else:
        jens.deletes("Vi spørger")
    world.away_until(oslo(2027, 2, 3, 12))
    assert not told(kari, ASKED["nb"])
    assert outcomes(world) == []
