"""Two suggestions that are about the same find each other, in bokmål, nynorsk and Danish."""

from __future__ import annotations

import pytest

from bot import bank
from bot.likeness import MOST, Words, alike

PROBLEMS = list(bank.problems().values())
IN_BOKMAL = {
    number: Words.of(one.titles["nb"], one.texts["nb"]) for number, one in enumerate(PROBLEMS)
}


@pytest.mark.parametrize("number", range(len(PROBLEMS)))
def test_a_problem_of_the_bank_finds_itself_in_danish_and_no_other(number: int) -> None:
    danish = Words.of(PROBLEMS[number].titles["da"], PROBLEMS[number].texts["da"])
    assert alike(danish, IN_BOKMAL) == [number]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            ("Liv i tavlemøtene", "Vi møtes hver uke, men ingen sier noe."),
            ("Tavlemøder uden energi", "Vi mødes hver uge, og det er altid de samme, der taler."),
        ),
        (
            ("Tavlemøta går på rutine", "Vi møtest kvar veke, men det kjem få forslag."),
            ("Tavlemøter", "Vi får ikke fram nye forslag."),
        ),
        (
            ("Ledere uten tid", "Lederne våre rekker ikke tavlemøtene."),
            ("Ledere på gemba", "Lederne våre vil gjerne, men finner ikke tid til tavlemøtene."),
        ),
    ],
)
def test_other_words_for_the_same_are_found(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert alike(Words.of(*one), {7: Words.of(*other)}) == [7]
    assert alike(Words.of(*other), {7: Words.of(*one)}) == [7]


def test_of_many_the_nearest_are_told_and_nothing_is_like_nothing() -> None:
    same = Words.of("Tavlemøter uten liv", "Vi møtes, og ingen sier noe.")
    near = Words.of("Tavlemøter uten ledere", "Vi møtes, og lederen er borte.")
    found = alike(same, {1: near, **dict.fromkeys(range(2, 9), same)})
    assert found == [2, 3, 4][:MOST]
    assert alike(Words.of("", ""), {1: same}) == alike(Words.of("Lean", "Lean"), {1: same}) == []
