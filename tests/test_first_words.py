"""A question may begin with a word that is also a command, and keeps it wherever it is asked."""

from __future__ import annotations

import pytest

from bot.features.commands import question_in
from bot.text import Text
from tests.conversation import Person, Room, SlackPerson

KEPT = "Spør dere innbyggerne om tavla?"


@pytest.mark.parametrize("asker", ["kari", "jens"])
def test_a_question_to_the_network_keeps_its_first_word(
    asker: str, request: pytest.FixtureRequest, bodo: Room
) -> None:
    person = request.getfixturevalue(asker)
    person.asks(KEPT)
    bodo.sees(person.name, KEPT)
    person.edits("innbyggerne", to="@Mellom Spør dere lederne om tavla?")
    bodo.sees(person.name, "Spør dere lederne om tavla?")


def test_a_command_and_a_private_chat_understand_it_in_the_same_way(
    kari: SlackPerson, aarhus: Room
) -> None:
    kari.commands(KEPT)
    aarhus.sees("Kari Nilsen", KEPT)
    kari.writes_privately("Spør du andre enn lederne?")
    aarhus.sees("Kari Nilsen", "Spør du andre enn lederne?")


def test_in_a_thread_that_is_not_the_networks_too(kari: Person, aarhus: Room) -> None:
    kari.says("Kaffe om fem minutter.")
    kari.replies(f"@Mellom {KEPT}", under="Kaffe")
    aarhus.sees("Kari Nilsen", KEPT)


def test_a_command_before_a_question_is_cut_off(
    kari: SlackPerson, jens: Person, aarhus: Room, bodo: Room
) -> None:
    kari.asks("spør: Bruker dere tavler i hjemmetjenesten?")
    aarhus.sees_once("Bruker dere tavler")
    aarhus.does_not_see("spør:")
    jens.asks("spørg hvordan I holder tavlemøderne korte?")
    bodo.sees("hvordan I holder tavlemøderne korte?")
    bodo.does_not_see("spørg hvordan")


def test_what_is_too_short_for_a_question_is_not_made_one_by_the_command(
    kari: SlackPerson, aarhus: Room
) -> None:
    kari.writes_privately("spør tavla")
    kari.reads_privately("minst 10 tegn")
    aarhus.does_not_see("tavla")


@pytest.mark.parametrize(
    "words",
    [
        "Spør dere innbyggerne om tavla?",
        "Spør du de andre?",
        "Spør vi for lite?",
        "Spør jeg feil personer?",
        "Spør lederne deres hvorfor?",
        "Spør NAV dere om tavlene?",
        "Spør de innbyggjarane om tavla?",
        "Spør me for lite om arbeidet?",
        "Spørg I borgerne om tavlen?",
        "spør I borgerne om tavlen?",
        "Ask you the citizens about the board?",
        "spør om dere har faste tavlemøter",
        "Ask others first, or try it yourself?",
    ],
)
def test_a_word_is_kept_that_may_be_the_questions_own(words: str) -> None:
    assert question_in(Text.of(words)).plain() == words


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("spør Hvordan får dere liv i møtene?", "Hvordan får dere liv i møtene?"),
        ("spør hvordan får dere liv i møtene?", "hvordan får dere liv i møtene?"),
        ("Spør hvilke tavler dere bruker", "hvilke tavler dere bruker"),
        ("spør: dere innbyggerne om tavla?", "dere innbyggerne om tavla?"),
        ("spør Møter dere hver dag?", "Møter dere hver dag?"),
        ("Spør Har dere faste tavlemøter?", "Har dere faste tavlemøter?"),
        ("spør korleis held de møta korte?", "korleis held de møta korte?"),
        ("spørg hvornår holder I tavlemøder?", "hvornår holder I tavlemøder?"),
        ("spørg Bruger I tavler?", "Bruger I tavler?"),
        ("ask does your board work?", "does your board work?"),
        ("Ask: how long is your meeting?", "how long is your meeting?"),
        ("ask, what do you measure?", "what do you measure?"),
    ],
)
def test_a_word_is_a_command_before_what_is_a_question_without_it(
    words: str, question: str
) -> None:
    assert question_in(Text.of(words)).plain() == question
