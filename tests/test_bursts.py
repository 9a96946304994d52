"""More answers than a conversation brings: none is lost without its author being told."""

from __future__ import annotations

import pytest

from bot.features import answering
from bot.features.answering import TOO_OFTEN
from tests.conversation import Person, Room, SlackPerson, TeamsPerson, World

BOTH = pytest.mark.parametrize("writer", ["Ingrid Vik", "Jens Holm"])
"""One of them sits on Slack, the other on Teams."""

ANSWER = {"Ingrid Vik": "«Svar»", "Jens Holm": "»Svar«"}


TOO_MANY = 5
"""Fewer than in a real network, where it takes more to be too much."""


@pytest.fixture(autouse=True)
def asked(kari: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "TOO_MANY", TOO_MANY)
    kari.asks("Hvordan får dere liv i tavlemøtene?")


def answers_at_once(person: Person, count: int) -> None:
    """So many answers within one moment: the clock does not move between them."""
    world, root = person.world, person.room.root("tavlemøtene")
    for number in range(count):
        words = f"Svar nummer {number}."
        if isinstance(person, SlackPerson):
            world.run(world.slack.say(person.user, person.room.channel, words, thread_ts=root))
        elif isinstance(person, TeamsPerson):
            world.run(world.teams.say(person.user, person.room.channel, words, root))
        world.run(world.village.settle())


def shown(room: Room) -> int:
    return len([seen for seen in room.everything if "Svar nummer" in seen.words])


@BOTH
def test_what_is_too_much_for_one_minute_crosses_in_the_next(
    writer: str, world: World, alta: Room
) -> None:
    person = world.person(writer)
    answers_at_once(person, TOO_MANY + 3)
    world.later(seconds=30)
    assert shown(alta) == TOO_MANY
    world.later(minutes=3)
    assert shown(alta) == TOO_MANY + 3
    assert not [seen for seen in person.private if "Q-1" in seen.words]
    assert world.count("SELECT count(*) FROM receipt WHERE incoming IS NOT NULL") == 0


@BOTH
def test_who_wrote_what_does_not_cross_is_told_once_and_in_private_what_to_do(
    writer: str, world: World, alta: Room
) -> None:
    person = world.person(writer)
    answers_at_once(person, 2 * TOO_MANY + 3)
    world.later(minutes=4)
    assert shown(alta) == 2 * TOO_MANY
    [told] = [seen.words for seen in person.private if "Q-1" in seen.words]
    assert ANSWER[writer] in told
    person.room.does_not_see("Q-1", ANSWER[writer])
    person.replies("Svar nummer hundre.", under="tavlemøtene")
    alta.sees("Svar nummer hundre.")


@BOTH
def test_the_same_over_and_over_is_stopped_and_its_author_told(
    writer: str, world: World, alta: Room
) -> None:
    person = world.person(writer)
    for _ in range(TOO_OFTEN + 2):
        person.replies("Takk for svaret.", under="tavlemøtene")
    crossed = [seen for seen in alta.everything if "Takk for svaret." in seen.words]
    assert len(crossed) == TOO_OFTEN
    assert len([seen for seen in person.private if "Q-1" in seen.words]) == 1


@BOTH
def test_a_form_that_comes_at_a_lively_moment_comes_back_with_what_was_typed(
    writer: str, world: World, alta: Room
) -> None:
    person = world.person(writer)
    person.opens_form("Svar", on="Q-1")
    answers_at_once(person, TOO_MANY)
    person.sends_form(answer="Vi begynner med et spørsmål.")
    if isinstance(person, TeamsPerson):  # On Slack the form stays as it is.
        assert person.typed("answer") == "Vi begynner med et spørsmål."
    assert person.form is not None
    assert "minut" in person.form
    world.later(minutes=2)
    person.sends_form(answer="Vi begynner med et spørsmål.")
    alta.sees("begynner med et spørsmål")
