"""Who has been away for a week or more is shown what others found useful meanwhile."""

from __future__ import annotations

from datetime import date

import pytest

from bot.features import returning
from tests.conversation import Person, World
from tests.test_noticing import oslo, told
from tests.test_thanking import marks

BACK = {"nb": "Velkommen tilbake.", "da": "Velkommen tilbage."}


@pytest.mark.parametrize(
    ("since", "back", "country", "days"),
    [
        ((2027, 1, 18), (2027, 1, 25), "no", 5),
        ((2027, 1, 19), (2027, 1, 25), "no", 4),
        ((2027, 7, 12), (2027, 8, 2), "no", 15),  # In the weeks of silence, too.
        ((2027, 5, 3), (2027, 5, 10), "dk", 4),  # Ascension.
    ],
)
def test_how_long_somebody_is_away(
    since: tuple[int, int, int], back: tuple[int, int, int], country: str, days: int
) -> None:
    assert returning.days_away(date(*since), date(*back), country) == days


def away(person: Person, until: str, label: str, on: str) -> None:
    person.writes_privately(label)
    person.presses(label, on=on, privately=True)
    person.sends_form(away_until=until)


def test_who_was_away_sees_what_others_found_useful(
    jens: Person, kari: Person, ingrid: Person, world: World
) -> None:
    away(jens, "2027-01-27", "Mine indstillinger", "arbejdsdage")
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    ingrid.replies("Vi bytter møteleder.", under="tavlemøtene")
    marks(kari, "møteleder")
    kari.asks("Hvem leder møtene deres?")
    ingrid.replies("Det går på omgang.", under="Hvem leder")
    world.later(hours=1)
    marks(kari, "omgang", on="Q-2")
    kari.asks("Hva gjør dere når det stopper opp?")
    world.away_until(oslo(2027, 1, 27, 7, 59))
    assert not told(jens, BACK["da"])
    world.goes_to(oslo(2027, 1, 27, 8))
    [words] = told(jens, BACK["da"])
    assert "Her er 2 tråde, som andre havde gavn af, mens du var væk." in words
    assert words.index("Q-2") < words.index("Q-1")
    assert "Q-3" not in words
    kari.deletes("Hvem leder")
    [words] = told(jens, BACK["da"])
    assert "Q-2" not in words


def test_a_few_days_away_or_nothing_useful_is_not_worth_a_message(
    kari: Person, ingrid: Person, jens: Person, world: World
) -> None:
    away(kari, "2027-01-22", "Mine innstillinger", "arbeidsdager")
    away(ingrid, "2027-01-27", "Mine innstillinger", "arbeidsdager")
    jens.asks("Hvem deltager i jeres tavlemøder?")
    ingrid.replies("Hele teamet.", under="Hvem deltager")
    marks(jens, "Hele teamet", on="Svar fra de andre", language="da")
    world.away_until(oslo(2027, 1, 27, 8))
    assert not told(kari, BACK["nb"])
    assert not told(ingrid, BACK["nb"])  # She wrote it herself.
