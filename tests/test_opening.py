"""After five working days a newcomer is told, once, how one may begin."""

from __future__ import annotations

import pytest

from tests.conversation import Person, World

WORDS = {"nb": "Mange begynner med å lese, og det er helt fint.", "da": "begynder med at læse med"}


@pytest.fixture(autouse=True)
def informed(world: World) -> None:
    world.change("UPDATE organisation SET informed_on = '2026-12-01'")


def openings(person: Person) -> int:
    return sum(any(words in seen.words for words in WORDS.values()) for seen in person.private)


@pytest.mark.parametrize("name", ["Ola Berg", "Mette Lund"])
def test_a_newcomer_who_has_said_nothing_is_told_once(world: World, name: str) -> None:
    newcomer = world.person(name)
    newcomer.says("@Mellom innstillinger" if name == "Ola Berg" else "@Mellom indstillinger")
    world.later(days=6)
    assert openings(newcomer) == 0
    world.later(days=1, hours=1)
    assert openings(newcomer) == 1
    newcomer.reads_privately(name.split()[0])
    world.later(days=14)
    assert openings(newcomer) == 1


def test_the_button_opens_the_form_and_what_is_written_is_asked(world: World, kari: Person) -> None:
    ola = world.person("Ola Berg")
    ola.says("@Mellom innstillinger")
    world.later(days=7, hours=1)
    ola.presses("Skriv det", on="Mange begynner", privately=True)
    ola.sends_form(question="Jeg veileder i helse og lurer på hvordan dere måler effekt.")
    ola.confirms()
    world.rooms["Aarhus Kommune"].sees("Ola Berg · Alta kommune", "hvordan dere måler effekt")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE organisation SET informed_on = NULL",
        "UPDATE organisation SET informed_on = '2028-01-01'",
        "UPDATE network SET asking_stopped_at = '2027-01-19'",
        "UPDATE member SET role = 'manager'",
        "UPDATE member SET just_reads = true",
        "INSERT INTO muted SELECT id, 'opening' FROM member",
        "UPDATE member SET spoke_at = '2027-01-20'",
    ],
)
def test_who_has_begun_or_is_to_be_left_in_peace_is_not_told(world: World, change: str) -> None:
    ola = world.person("Ola Berg")
    ola.says("@Mellom innstillinger")
    world.change(change)
    world.later(days=10)
    assert openings(ola) == 0


def test_where_nothing_was_announced_nothing_is_planned(world: World) -> None:
    world.change("UPDATE organisation SET informed_on = NULL")
    world.person("Ola Berg").says("@Mellom innstillinger")
    assert world.count("SELECT count(*) FROM invitation") == 0


def test_who_has_written_is_not_told_how_to_begin(world: World) -> None:
    ola = world.person("Ola Berg")
    ola.asks("Hvordan får dere liv i tavlemøtene?")
    world.later(days=10)
    assert openings(ola) == 0
    assert world.rows("SELECT outcome FROM invitation WHERE kind = 'opening'") == [("void",)]


def test_not_now_is_fine(world: World) -> None:
    ola = world.person("Ola Berg")
    ola.says("@Mellom innstillinger")
    world.later(days=7, hours=1)
    ola.presses("Ikke nå", on="Mange begynner", privately=True)
    ola.is_told("en annen gang")


def test_so_is_just_reading(world: World) -> None:
    ola = world.person("Ola Berg")
    ola.says("@Mellom innstillinger")
    world.later(days=7, hours=1)
    ola.presses("Jeg vil bare lese", on="Mange begynner", privately=True)
    [words] = [seen.words for seen in ola.private if WORDS["nb"] in seen.words]
    assert "[Skriv det] [Ikke flere slike]" in words
