"""Direct messages with the bot."""

from __future__ import annotations

from tests.conversation import Room, SlackPerson, TeamsPerson


def test_a_member_asks_privately_before_a_language_is_known(
    ingrid: SlackPerson, alta: Room
) -> None:
    ingrid.asks("Hvem leder tavlemøtene hos dere?")
    ingrid.writes_privately("ask Hvordan får dere liv i tavlemøtene?")
    alta.sees("Ingrid Vik · Bodø kommune", "liv i tavlemøtene")
    ingrid.reads_privately("Q-2")


def test_other_words_in_private_stay_private_and_show_the_menu(
    jens: TeamsPerson, alta: Room
) -> None:
    jens.asks("Hvem leder jeres tavlemøder?")
    jens.writes_privately("Jeg er lidt træt i dag")
    jens.reads_privately("Mellom")
    alta.does_not_see("træt")


def test_a_stranger_is_told_how_to_come_in(jens: TeamsPerson, alta: Room) -> None:
    mette = jens.room.person("Mette Lund")
    mette.writes_privately("spørg Hvordan får I liv i tavlemøderne?")
    mette.reads_privately("deltag KODE")
    alta.does_not_see("tavlemøderne")
