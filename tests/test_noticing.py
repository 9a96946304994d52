"""Whoever asked is told in private that there are answers, and asked once whether one helped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.features import noticing
from bot.language import ZONE
from storage.noticing import Said
from tests.conversation import Person, Room, World

QUESTION = "Hvordan får dere liv i tavlemøtene?"
ANSWERED = {"nb": "har svart på spørsmålet ditt", "da": "har svaret på dit spørgsmål"}
MORE = "svar på spørsmålet ditt"
HELPED = {"nb": "Hjalp noen av svarene", "da": "Hjalp nogen af svarene"}


def oslo(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZONE)  # type: ignore[misc,arg-type]


def told(person: Person, words: str) -> list[str]:
    return [seen.words for seen in person.private if words in seen.words]


# ---- the first answer, and more


def test_the_first_answer_is_told_of_once_and_more_of_them_together(
    kari: Person, jens: Person, ingrid: Person, lars: Person, world: World
) -> None:
    kari.asks(QUESTION)
    jens.replies("Vi spørger »hvorfor« én gang til.", under="tavlemøtene")
    assert not told(kari, "svar på")  # It may be mended or taken back.
    world.later(minutes=1)
    [words] = told(kari, ANSWERED["nb"])
    assert "Jens Holm · Aarhus Kommune har svart" in words
    assert "Q-1 · Hvordan får dere liv i tavlemøtene?" in words
    assert "Du får dette fordi du spurte." in words
    assert "hvorfor" not in words
    ingrid.replies("Vi bytter møteleder.", under="tavlemøtene")
    world.later(minutes=30)
    lars.replies("Vi står op hver gang.", under="tavlemøtene")
    world.later(minutes=29)
    assert not told(kari, MORE)
    world.later(minutes=2)
    [words] = told(kari, MORE)
    assert "2 svar på spørsmålet ditt, fra Ingrid Vik · Bodø kommune, Lars Krogh · Randers" in words
    kari.presses("Les", on=MORE, privately=True)
    assert "Vi står op hver gang." in (kari.form or "")
    kari.presses("Ikke flere slike", on=MORE, privately=True)
    jens.replies("Og så spørger vi igen.", under="tavlemøtene")
    world.later(hours=2)
    assert len(told(kari, MORE)) == 1


def test_an_answer_is_told_of_in_teams_and_goes_from_there_when_it_is_taken_back(
    jens: Person, kari: Person, world: World
) -> None:
    jens.asks("Hvem deltager i jeres tavlemøder?")
    kari.replies("Alle, som har lyst.", under="Hvem deltager")
    world.later(minutes=1)
    [words] = told(jens, ANSWERED["da"])
    assert "Kari Nilsen · Alta kommune har svaret" in words
    kari.deletes("Alle, som har lyst.")
    assert not told(jens, ANSWERED["da"])


def test_nobody_is_told_of_what_was_taken_back_or_what_they_have_seen(
    kari: Person, jens: Person, ingrid: Person, world: World
) -> None:
    kari.asks(QUESTION)
    jens.replies("Det ved jeg ikke.", under="tavlemøtene")
    jens.deletes("Det ved jeg ikke.")
    world.later(minutes=2)
    ingrid.replies("Vi bytter møteleder.", under="tavlemøtene")
    kari.replies("Takk, hvor ofte?", under="tavlemøtene")
    world.later(minutes=2)
    ingrid.replies("Hver uke.", under="tavlemøtene")  # They are talking.
    world.later(hours=2)
    assert not told(kari, "svar")
    jens.replies("Vi spørger »hvorfor«.", under="tavlemøtene")
    kari.deletes(QUESTION)
    world.later(hours=2)
    assert not told(kari, "svar")


def test_what_comes_at_the_weekend_is_told_of_after_it_and_all_in_one(
    kari: Person, jens: Person, lars: Person, world: World
) -> None:
    world.goes_to(oslo(2027, 1, 22, 13))
    kari.asks(QUESTION)
    kari.asks("Hvem leder møtene deres?")
    jens.replies("Vi spørger »hvorfor«.", under="tavlemøtene")
    lars.replies("Det skiftes vi til.", under="Hvem leder")
    world.later(hours=20)
    lars.replies("Vi står op hver gang.", under="tavlemøtene")
    world.goes_to(oslo(2027, 1, 25, 10, 59))
    assert not told(kari, "Q-")
    world.goes_to(oslo(2027, 1, 25, 11))
    [words] = told(kari, "Q-")
    assert "Spørsmålene dine har fått svar." in words
    assert "Jens Holm · Aarhus Kommune, Lars Krogh · Randers Kommune" in words
    assert "Q-2 · Hvem leder møtene deres?" in words


def test_what_is_withdrawn_leaves_the_messages_of_those_who_were_asked(
    kari: Person, world: World
) -> None:
    world.change("UPDATE member SET joined_at = '2026-10-01', welcomed_at = '2026-10-01'")
    world.away_until(oslo(2027, 1, 20, 10))
    kari.asks(QUESTION)
    world.later(minutes=11)
    everybody = [world.person(name) for room in world.rooms.values() for name in room.inner.people]
    assert any(told(person, "tavlemøtene") for person in everybody)
    kari.deletes(QUESTION)
    assert not any(told(person, "tavlemøtene") for person in everybody)


def test_of_a_word_or_two_nobody_is_told_until_it_becomes_an_answer(
    kari: Person, jens: Person, ingrid: Person, world: World
) -> None:
    kari.asks(QUESTION)
    jens.replies("Følger!", under="tavlemøtene")
    kari.replies("Takk!", under="tavlemøtene")
    world.away_until(oslo(2027, 1, 27, 12))
    assert not told(kari, ANSWERED["nb"])
    assert not told(kari, HELPED["nb"])
    jens.edits("Følger!", "Vi spørger »hvorfor« én gang til.")
    world.later(minutes=1)
    assert "Jens Holm · Aarhus Kommune har svart" in told(kari, ANSWERED["nb"])[0]
    ingrid.replies("Samme her.", under="tavlemøtene")
    world.away_until(oslo(2027, 2, 2, 12))
    assert not told(kari, HELPED["nb"])  # Five days since the word, not the answer.
    world.away_until(oslo(2027, 2, 3, 13))
    assert told(kari, HELPED["nb"])
    ingrid.edits("Samme her.", "Vi bytter møteleder hver uke.")
    world.later(hours=2)
    assert any("Ingrid Vik · Bodø kommune har svart" in one for one in told(kari, ANSWERED["nb"]))


def test_what_was_passed_over_is_told_of_when_it_becomes_an_answer(
    jens: Person, kari: Person, ingrid: Person, world: World
) -> None:
    jens.asks("Hvem deltager i jeres tavlemøder?")
    ingrid.replies("Alle.", under="Hvem deltager")
    kari.replies("Alle som vil være med.", under="Hvem deltager")
    world.later(minutes=1)
    [words] = told(jens, ANSWERED["da"])
    assert "Ingrid" not in words
    jens.replies("Tak!", under="Hvem deltager")
    world.later(minutes=30)
    ingrid.edits("Alle.", "Alle, også de som er nye.")
    world.later(hours=2)
    assert len(told(jens, ANSWERED["da"])) == 2
    kari.edits("Alle som vil være med.", "Alle.")
    ingrid.edits("Alle, også de som er nye.", "Vi.")
    assert not told(jens, ANSWERED["da"])
    world.away_until(oslo(2027, 1, 27, 12))
    assert not told(jens, HELPED["da"])


NOON = datetime(2027, 1, 19, 11, tzinfo=UTC)
KARI, JENS = 1, 2


def test_whoever_looks_after_a_question_is_told_of_its_answers(
    kari: Person, jens: Person, ingrid: Person, world: World
) -> None:
    kari.asks(QUESTION)
    ingrid.says("@Mellom innstillinger")  # She takes part from now on.
    keeper = (
        "(SELECT member FROM membership JOIN account ON account.id = membership.account "
        "WHERE account.name = 'Ingrid Vik')"
    )
    world.change(f"UPDATE thread SET keeper = {keeper}")  # noqa: S608
    jens.replies("Vi spørger »hvorfor« én gang til.", under="tavlemøtene")
    world.later(minutes=15)
    assert told(ingrid, "har svart")
    assert not told(kari, "har svart")


def said(id: int, member: int, minutes: int, *, stands: bool = True, helped: bool = False) -> Said:
    return Said(id, member, NOON + timedelta(minutes=minutes), stands, helped, stands)


@pytest.mark.parametrize(
    ("thread", "present", "news"),
    [
        ([said(1, JENS, 0)], 0, [1]),
        ([said(1, JENS, 0, helped=True), said(2, JENS, 0)], 0, [2]),
        ([said(1, JENS, 0), said(2, KARI, 0)], 0, []),
        ([said(1, JENS, 0), said(2, KARI, 0, stands=False)], 0, [1]),
        ([said(2, KARI, 0), said(1, JENS, 1)], 0, [1]),  # A word became an answer.
        ([said(1, JENS, 0), said(2, KARI, 1), said(3, JENS, 2)], 0, [3]),
        ([said(1, JENS, 0), said(2, KARI, 1), said(3, JENS, 2)], 5, []),
        ([said(1, KARI, 0), said(2, JENS, 6)], 5, [2]),
    ],
)
def test_what_is_news_to_whoever_asked(thread: list[Said], present: int, news: list[int]) -> None:
    answers = [one for one in thread if one.member != KARI]
    assert noticing.unseen(answers, thread, KARI, timedelta(minutes=present)) == news


# ---- whether it helped


def test_it_is_asked_once_whether_an_answer_helped(
    kari: Person, jens: Person, ingrid: Person, world: World
) -> None:
    kari.asks(QUESTION)
    jens.replies("Vi spørger »hvorfor« én gang til.", under="tavlemøtene")
    world.away_until(oslo(2027, 1, 26, 9, 59))
    assert not told(kari, HELPED["nb"])
    world.goes_to(oslo(2027, 1, 26, 10, 1))
    [words] = told(kari, HELPED["nb"])
    assert "Q-1 · Hvordan får dere liv" in words
    kari.presses("Velg svarene som hjalp", on=HELPED["nb"], privately=True)
    assert "Hvilke svar hjalp?" in (kari.form or "")
    kari.sends_form(answers=str(world.count("SELECT id FROM reply")))
    assert not told(kari, HELPED["nb"])
    kari.reads_privately("Q-1 er merket som besvart i alle kanalene.")
    kari.presses("Åpne igjen", on="Svar fra de andre")
    ingrid.replies("Vi bytter møteleder.", under="tavlemøtene")
    world.away_until(oslo(2027, 2, 9, 12))
    assert world.count("SELECT count(*) FROM private WHERE kind = 'helped'") == 1


@pytest.mark.parametrize("line", ["marked", "taken back", "withdrawn"])
def test_nobody_is_asked_about_what_is_settled(
    line: str, jens: Person, kari: Person, aarhus: Room, world: World
) -> None:
    jens.asks("Hvem deltager i jeres tavlemøder?")
    kari.replies("Alle, som har lyst.", under="Hvem deltager")
    world.later(minutes=2)
    if line == "marked":
        jens.opens_form("Markér som besvaret", on="Svar fra de andre")
        jens.sends_form()
    elif line == "taken back":
        kari.deletes("Alle, som har lyst.")
    else:
        jens.deletes("Hvem deltager")
    world.away_until(oslo(2027, 1, 26, 12))
    assert not told(jens, HELPED["da"])
