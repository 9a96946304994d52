"""What is only kept for a while is gone after it."""

from __future__ import annotations

from storage import retention
from tests.conversation import Person, Room, World


def tidy(world: World) -> None:
    with world.village.mellom.writers.begin() as uow:
        retention.tidy(uow)


def test_receipts_are_forgotten_after_three_days_and_questions_stay(
    kari: Person, world: World, aarhus: Room
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    world.clock.move(days=2)
    tidy(world)
    assert world.count("SELECT count(*) FROM receipt") > 0
    world.clock.move(days=2)
    tidy(world)
    assert world.count("SELECT count(*) FROM receipt") == 0
    assert world.count("SELECT count(*) FROM thread") == 1
    kari.edits("liv i", to="@Mellom Hvordan holder dere tavlemøtene korte?")
    aarhus.sees("tavlemøtene korte?")


def test_ids_of_messages_that_are_no_question_are_forgotten_after_a_week(
    kari: Person, world: World
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    kari.says("Kaffe?")
    kari.deletes("Kaffe?")
    before = world.count("SELECT count(*) FROM heard")
    world.clock.move(days=8)
    tidy(world)
    assert before > 1
    assert world.count("SELECT count(*) FROM heard") == 1


def test_notices_are_forgotten_after_ninety_days_and_what_stands_stays(
    kari: Person, world: World, alta: Room
) -> None:
    kari.says("@Mellom")
    world.clock.move(days=91)
    tidy(world)
    assert world.count("SELECT count(*) FROM notice") == 0
    assert world.count("SELECT count(*) FROM post WHERE kind = 'notice'") == 0
    alta.sees("Still et spørsmål")
