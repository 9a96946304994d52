"""The question of the week: when it comes, where it stands, and what becomes of its answers."""

from __future__ import annotations

from datetime import datetime

from bot.language import ZONE
from tests.conversation import Person, Room, World


def test_the_question_of_the_week_comes_on_tuesday_at_a_quarter_past_nine(
    world: World, alta: Room, aarhus: Room, bodo: Room, randers: Room
) -> None:
    world.later(days=6, hours=23)
    for room in (alta, aarhus, bodo, randers):
        room.does_not_see("Ukens spørsmål")
        room.does_not_see("Ugens spørgsmål")
    world.later(minutes=15)
    alta.sees("Ukens spørsmål", "Fortell om en forbedring på under 30 minutter")
    bodo.sees("Ukens spørsmål", "Fortell om en forbedring på under 30 minutter")
    aarhus.sees("Ugens spørgsmål", "Fortæl om en forbedring på under 30 minutter")
    randers.sees("Ugens spørgsmål", "Fortæl om en forbedring på under 30 minutter")
    world.later(days=1)
    alta.sees_once("Fortell om en forbedring")


def test_an_answer_in_its_thread_stands_in_every_channel(
    world: World, kari: Person, jens: Person, alta: Room, aarhus: Room, bodo: Room, randers: Room
) -> None:
    world.later(days=7)
    kari.replies("Vi flyttet skriveren nærmere døra.", under="Fortell om en forbedring")
    for room in (aarhus, randers):
        room.sees("Kari Nilsen · Alta kommune", "skriveren", under="Fortæl om en forbedring")
    bodo.sees("skriveren", under="Fortell om en forbedring")
    jens.replies("Vi holder tavlemødet stående.", under="Fortæl om en forbedring")
    alta.sees("Jens Holm · Aarhus Kommune", "stående", under="Fortell om en forbedring")


def test_the_question_of_the_week_is_not_marked_as_answered(
    world: World, kari: Person, alta: Room, aarhus: Room
) -> None:
    world.later(days=7)
    kari.replies("@Mellom besvart", under="Fortell om en forbedring")
    alta.sees("Et sent svar teller også", under="Fortell om en forbedring")
    aarhus.does_not_see("besvart")


def test_a_week_that_begins_on_the_first_of_may_is_asked_on_wednesday(
    world: World, alta: Room
) -> None:
    world.away_until(oslo(2029, 4, 23))
    world.goes_to(oslo(2029, 5, 2, 9, 14))
    alta.sees_once("Ukens spørsmål")  # of the week before
    world.goes_to(oslo(2029, 5, 2, 9, 15))
    assert log(world)[-2:] == [
        ("2029-04-23", "done", None),
        ("2029-04-30", "done", "may-day"),
    ]


def test_a_worker_that_was_away_asks_once_and_writes_down_what_it_missed(
    world: World, alta: Room
) -> None:
    world.away_until(oslo(2027, 2, 12, 12))
    assert log(world) == [
        ("2027-01-25", "skipped", "away"),
        ("2027-02-01", "skipped", "away"),
        ("2027-02-08", "skipped", "away"),
    ]
    alta.does_not_see("Ukens spørsmål")
    world.away_until(oslo(2027, 2, 16, 14, 29))
    alta.sees_once("Ukens spørsmål")
    assert log(world)[-1] == ("2027-02-15", "done", None)


def test_who_comes_back_after_half_past_two_asks_the_day_after(world: World, alta: Room) -> None:
    world.away_until(oslo(2027, 1, 26, 14, 30))
    alta.does_not_see("Ukens spørsmål")
    world.goes_to(oslo(2027, 1, 27, 9, 15))
    alta.sees_once("Ukens spørsmål")
    assert log(world) == [("2027-01-25", "done", "late")]


def oslo(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZONE)  # type: ignore[misc,arg-type]


def log(world: World) -> list[tuple[str, str, str | None]]:
    """What came of each week."""
    return world.rows("SELECT slot, state, reason FROM occurrence ORDER BY slot")
