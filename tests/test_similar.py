"""Which earlier questions are plainly like a new one: a table, and what is never shown."""

from __future__ import annotations

import pytest

from bot.similar import alike, words_of

BOARD = "Hvordan får dere liv i tavlemøtene igjen etter det første året?"

PAIRS = (
    # The same, in other words or another language
    (BOARD, "Hvordan får I liv i tavlemøderne efter et år?", True),
    (BOARD, "Korleis får de liv i tavlemøta?", True),
    (BOARD, "Hvordan får dere liv i tavlemøtene?", True),
    (
        "Hvordan måler dere gevinster i hjemmetjenesten?",
        "Hvordan måler I gevinster i hjemmeplejen?",
        True,
    ),
    (
        "Hvordan forankrer dere Lean i ledergruppa?",
        "Vi har fått ny ledergruppe. Hvordan forankrer vi arbeidet?",
        True,
    ),
    ("Hvem lærer opp veilederne hos dere?", "Korleis lærer de opp rettleiarane?", True),
    ("Sykefravær?", "Sjukefråvær?", True),
    # One word in common, and something else asked
    (BOARD, "Hvor lenge varer tavlemøtene?", False),
    (BOARD, "Hvordan får dere liv i morgenmøtene?", False),
    (BOARD, "Bruker dere digital tavle?", False),
    ("Hvordan måler dere gevinster?", "Hvem eier gevinstene når sektorene er ulike?", False),
    ("Sykefravær?", "Hvordan snakker dere om sykefravær med tillitsvalgte?", False),
    # Only what everybody says in common
    (
        "Har dere gode erfaringer med å bruke A3?",
        "Har dere gode erfaringer med å bruke Teams?",
        False,
    ),
    ("Hvordan gjør dere det i kommunen?", "Hvordan gjør andre kommuner det?", False),
    # A long one meets every short one somewhere
    (
        "Hvordan får dere liv i tavlemøtene? " + "Vi har forsøkt kort agenda, fast møteleder, nye "
        "fargekoder, premier, bilder fra gemba, rotasjon mellom vakter og besøk fra politikere.",
        "Rotasjon mellom vakter?",
        False,
    ),
)


@pytest.mark.parametrize(("one", "other", "like"), PAIRS)
def test_questions_that_are_plainly_alike_are_and_others_are_not(
    one: str, other: str, like: bool
) -> None:
    assert alike(words_of(one), {7: words_of(other)}) == ([7] if like else [])
    assert alike(words_of(other), {7: words_of(one)}) == ([7] if like else [])


def test_the_two_that_are_most_like_it_are_told_and_the_newest_of_equals_first() -> None:
    others = {
        1: "Hvordan får dere liv i tavlemøtene etter påske?",
        2: "Hvordan får dere liv i tavlemøtene?",
        3: "Hvordan får I liv i tavlemøderne?",
        4: "Hva koster parkering?",
    }
    words = {id: words_of(question) for id, question in others.items()}
    assert alike(words_of("Hvordan får dere liv i tavlemøtene?"), words) == [3, 2]


def test_nothing_is_like_nothing() -> None:
    assert alike(words_of("Hvordan gjør dere det?"), {1: words_of("Hvordan gjør de det?")}) == []
