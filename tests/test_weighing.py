"""The use of asking members now and then: those who were asked beside those who were left out."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.features import nudging, weighing
from bot.features.weighing import Share
from bot.quiet import Decision, Rule
from storage import quiet as stored
from tests.conversation import Founded, GoOn, Person, World
from tests.test_nudging import (
    MORNING,
    QUESTION,
    a_question_waits,
    asked,
    can_help,
    leaves_out,
    oslo,
)

DAYS_OVER = oslo(2027, 2, 17)  # Five working days after that Tuesday.


def some_are_left_out(world: World) -> None:
    """Of those who could help Ingrid is left out, and Nils, of whom something was heard lately; a
    poll waits for the votes of other organisations."""
    world.person("Nils Haug").says("@Mellom innstillinger")
    a_question_waits(world)
    can_help(world, "Nils Haug")
    leaves_out(world, "Ingrid Vik", "Nils Haug")


@pytest.fixture(scope="module")
def founded_left_out(go_on: GoOn) -> Callable[[str], Founded]:
    return functools.cache(lambda kind: go_on(kind, some_are_left_out))


@pytest.fixture
def founded_before(founded_left_out: Callable[[str], Founded], database_kind: str) -> Founded:
    return founded_left_out(database_kind)


def decided(world: World, *when: int) -> list[Decision]:
    """As of that moment, whenever that is."""
    with world.village.mellom.writers.begin() as uow:
        return nudging.decided(1, replace(uow, now=oslo(*when)), everyone=True)


def weighed(world: World) -> tuple[Share, Share]:
    with world.village.mellom.writers.begin() as uow:
        return weighing.of_asking(1, uow)


def test_a_day_that_is_over_is_decided_about_as_it_was(
    world: World, kari: Person, ingrid: Person, jens: Person
) -> None:
    morning = (2027, 2, 9, 5, 59)
    before = decided(world, *morning)
    assert {one.rule for one in before} == {Rule.CHOSEN, Rule.HELD_OUT}
    world.goes_to(oslo(*MORNING))
    assert asked(world) == ["Jens Holm"]
    ingrid.replies("Vi bytter møteleder hver uke.", under=QUESTION)
    jens.replies("Vi spørger »hvorfor« én gang til.", under=QUESTION)
    assert decided(world, 2027, 2, 10, 5, 59) == []
    kari.asks("Hvem skal eie forbedringene våre?")
    kari.presses("Merk som besvart", on="Q-1")
    kari.sends_form()
    world.goes_to(oslo(2027, 2, 24, 10))
    assert decided(world, *morning) == before


@pytest.mark.parametrize("answers", ["Ingrid Vik", "Jens Holm", None])
def test_those_who_were_asked_are_weighed_against_those_who_were_left_out(
    world: World, answers: str | None
) -> None:
    world.goes_to(oslo(*MORNING))
    if answers:
        world.person(answers).replies("Vi bytter møteleder hver uke.", under=QUESTION)
    world.goes_to(DAYS_OVER.replace(day=16, hour=23))
    assert weighed(world) == (Share(), Share())
    world.goes_to(DAYS_OVER.replace(hour=1))
    if answers is None:
        world.person("Jens Holm").asks("Hvem har prøvet standardarbejde i hjemmeplejen?")
    jens, out = Share(int(answers == "Jens Holm"), 1), Share(int(answers == "Ingrid Vik"), 2)
    assert weighed(world) == (jens, out)
    world.goes_to(DAYS_OVER.replace(month=3))
    assert weighed(world)[1].of == 2


def test_what_was_asked_since_pushes_nothing_out_of_what_was_open_then(world: World) -> None:
    before = decided(world, 2027, 2, 9, 5, 59)
    columns = "network, kind, organisation, member, body, state"
    world.goes_to(oslo(2027, 2, 20, 10))
    for number in range(100, 100 + max(stored.NEWEST, stored.LATEST)):
        world.change(
            f"INSERT INTO thread (number, created_at, {columns}) "  # noqa: S608
            f"SELECT {number}, '2027-02-15', {columns} FROM thread WHERE number = 1"
        )
    world.change("UPDATE network SET last_number = 1000")
    assert decided(world, 2027, 2, 9, 5, 59) == before


def test_days_on_which_it_was_stopped_or_that_are_long_gone_are_not_weighed(world: World) -> None:
    world.goes_to(DAYS_OVER.replace(hour=1))
    assert weighed(world) == (Share(0, 1), Share(0, 2))
    world.change("UPDATE network SET asking_since = '2027-02-10'")
    assert weighed(world) == (Share(), Share())
    world.change("UPDATE network SET asking_since = NULL")
    world.clock.at += weighing.BACK
    assert weighed(world) == (Share(), Share())


@pytest.mark.parametrize(
    ("asked", "left_out", "said"),
    [
        (Share(20, 60), Share(20, 29), "not known yet: it takes 30 who were asked, and 30"),
        (Share(20, 29), Share(20, 60), "not known yet"),
        (
            Share(20, 60),
            Share(6, 30),
            "33 % of 60 who were asked contributed within 5 working days of the network, and 20 % "
            "of 30 who were left out by lot",
        ),
    ],
)
def test_few_tell_nothing(asked: Share, left_out: Share, said: str) -> None:
    assert weighing.in_words(asked, left_out).startswith(said)
