"""Whoever leaves is written to no more, and what they asked is looked after by somebody else."""

from __future__ import annotations

import pytest

from bot.features import leaving
from tests.conversation import Person, Room, World
from tests.test_closing import CLOSE
from tests.test_welcoming import QUESTION, role

PASSED_ON = {"nb": "er ikke lenger med", "da": "er ikke længere med"}


def leaves(world: World, person: Person) -> None:
    """As when a facilitator marks them as somebody who has left."""
    member = world.count(
        "SELECT member FROM membership JOIN account ON account.id = account "  # noqa: S608
        f"WHERE account.name = '{person.name}'"
    )
    with world.village.mellom.writers.begin() as uow:
        assert leaving.leave(member, uow)
        assert not leaving.leave(member, uow)
    world.settle()


@pytest.fixture
def ola(world: World) -> Person:
    """In Alta, beside Kari."""
    return world.person("Ola Berg")


def test_open_questions_pass_to_a_coordinator_who_is_told_which_and_may_close_them(
    world: World, kari: Person, ola: Person, aarhus: Room
) -> None:
    role(world, ola, "Alta kommune", "coordinator")
    world.later(days=7)
    kari.asks(QUESTION)
    kari.asks("Hvem leder tavlemøtene hos dere?")
    leaves(world, kari)
    ola.reads_privately("Kari Nilsen", "Alta kommune", PASSED_ON["nb"], "2 åpne spørsmål", "Q-1")
    ola.presses(CLOSE["nb"], on=PASSED_ON["nb"], privately=True)
    ola.sends_form()
    aarhus.sees("Q-1", "Besvaret")
