"""Asking and answering across rooms and platforms."""

from __future__ import annotations

from tests.conversation import Person, Room


def test_a_question_reaches_the_other_rooms_and_the_answer_comes_home(
    kari: Person, jens: Person, alta: Room, aarhus: Room, bodo: Room, randers: Room
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    for room in (aarhus, bodo, randers):
        room.sees("Kari Nilsen · Alta kommune", "Hvordan får dere liv i tavlemøtene?")

    jens.replies("Vi spørger »hvorfor« én gang til.", under="tavlemøtene")
    for room in (alta, bodo, randers):
        room.sees("Jens Holm · Aarhus Kommune", "»hvorfor« én gang til", under="tavlemøtene")
