"""Whoever wrote an answer that helped is thanked in private, once for each question."""

from __future__ import annotations

from tests.conversation import Person, World
from tests.test_closing import CLOSE, FOOT, QUESTION, REOPEN, choice, facilitator
from tests.test_noticing import oslo, told

THANKS = {"nb": "hjalp. Takk.", "da": "hjalp. Tak."}


def marks(person: Person, *answers: str, on: str = FOOT["nb"], language: str = "nb") -> None:
    person.opens_form(CLOSE[language], on=on)
    person.sends_form(answers=",".join(choice(person.world, words) for words in answers))


def test_whoever_helped_is_thanked_once_and_hears_what_it_was(
    kari: Person, jens: Person, ingrid: Person, world: World
) -> None:
    world.away_until(oslo(2027, 1, 20, 10))  # Everybody was welcomed the day before.
    kari.asks(QUESTION)
    jens.replies("Vi spørger »hvorfor« én gang til.", under="tavlemøtene")
    jens.replies("Hver uge.", under="tavlemøtene")
    ingrid.replies("Vi bytter møteleder.", under="tavlemøtene")
    ingrid.asks("Hvem deltar i møtene deres?")
    jens.replies("Alle.", under="Hvem deltar")  # She is told so: it holds no thanks.
    marks(kari, "hvorfor", "Hver uge", on="Q-1")
    world.later(minutes=9)
    assert not told(jens, "hjalp")
    world.later(minutes=2)
    [words] = told(jens, THANKS["da"])
    assert f"Kari Nilsen · Alta kommune skrev, at dit svar på »{QUESTION}« hjalp. Tak." in words
    assert not told(ingrid, "hjalp")
    kari.presses(REOPEN["nb"], on="Q-1")
    marks(kari, "Hver uge", "møteleder", on="Q-1")
    world.later(minutes=11)
    assert len(told(jens, "hjalp")) == 1
    assert world.count("SELECT count(*) FROM private WHERE kind = 'thanks'") == 2
    assert f"skrev at svaret ditt på «{QUESTION}» hjalp. Takk." in told(ingrid, THANKS["nb"])[0]
    kari.deletes(QUESTION)  # Its words stand nowhere any more.
    assert not told(jens, "hjalp")


def test_a_mark_that_is_taken_back_or_set_on_nothing_thanks_nobody(
    jens: Person, kari: Person, ingrid: Person, world: World
) -> None:
    jens.asks("Hvem deltager i jeres tavlemøder?")
    kari.replies("Alle som vil.", under="Hvem deltager")
    ingrid.replies("Hele teamet.", under="Hvem deltager")
    marks(jens, "Alle som vil", on=FOOT["da"], language="da")
    jens.presses(REOPEN["da"], on=FOOT["da"])
    marks(jens, "Hele teamet", on=FOOT["da"], language="da")
    ingrid.deletes("Hele teamet.")
    world.later(hours=3)
    assert not told(kari, "hjalp")
    assert not told(ingrid, "hjalp")


def test_thanks_that_wait_come_in_one_and_name_who_marked(
    kari: Person, jens: Person, ingrid: Person, world: World
) -> None:
    facilitator(world, "Bodø kommune", ingrid)
    kari.asks(QUESTION)
    jens.replies("Vi spørger »hvorfor«.", under="tavlemøtene")
    kari.asks("Hvem leder møtene deres?")
    jens.replies("Det skiftes vi til.", under="Hvem leder")
    world.later(hours=6)
    marks(kari, "hvorfor", on="Q-1")
    marks(ingrid, "skiftes", on="Spørsmål Q-2")
    world.later(days=1)
    [words] = told(jens, "hjalp.")
    assert f"Kari Nilsen · Alta kommune skrev, at dit svar på »{QUESTION}« hjalp." in words
    assert "Ingrid Vik · Bodø kommune skrev, at dit svar på »Hvem leder møtene deres?«" in words
    assert words.count("Tak.") == 1
