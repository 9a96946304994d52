"""What others have suggested can be read and supported, and decides what comes to the vote."""

from __future__ import annotations

from bot import bank
from tests.conversation import Person, SlackPerson, World
from tests.test_nominating import OTHER, PLANNED, TEXT, TITLE, listed, suggests

ALL = {"Kari Nilsen": "Forslag fra de andre til", "Jens Holm": "De andres forslag til"}


def sees_all(person: Person) -> None:
    if isinstance(person, SlackPerson):
        person.opens_home()
        person.presses_at_home("Se", on=ALL[person.name])
    else:
        person.writes_privately("hjælp")
        person.presses("Se", on=ALL[person.name], privately=True)


def id_of(world: World, title: str) -> str:
    [(found,)] = world.rows(f"SELECT id FROM nomination WHERE title = '{title}'")  # noqa: S608
    return str(found)


def test_what_is_supported_comes_first_and_nobody_is_told_by_whom(
    world: World, kari: Person, jens: Person, ingrid: Person
) -> None:
    suggests(ingrid, TITLE, TEXT)
    suggests(ingrid, OTHER, "Vi sparer tid, men kan ikke vise hva den brukes til.")
    second = id_of(world, OTHER)
    for person in (kari, jens):
        sees_all(person)
        assert person.form is not None
        assert "Ingrid Vik · Bodø kommune" in person.form
        person.sends_form(support=second)
    sees_all(kari)
    assert kari.form is not None
    assert "2 andre" in kari.form
    assert "Jens" not in kari.form
    assert kari.typed("support") == second
    kari.sends_form(support="")
    world.goes_to(PLANNED)
    assert listed(world)[:2] == [OTHER, TITLE]
    assert world.count("SELECT count(*) FROM backer") == 1


def test_an_organisation_that_suggests_much_leaves_room_for_others(
    world: World, kari: Person, jens: Person
) -> None:
    many = [*bank.problems().values()][8:]
    for one in many:
        suggests(kari, one.titles["nb"], one.texts["nb"])
    suggests(jens, "Noget helt andet", "Vi mangler tid til at lære af hinanden.")
    world.goes_to(PLANNED)
    titles = [one.titles["nb"] for one in many]
    assert listed(world) == [*titles[:2], "Noget helt andet", *titles[2:6]]
