"""A channel that is only told what there is: through an incoming webhook, of Slack or of Teams."""

from __future__ import annotations

import logging

import pytest

from adapters.playground import faults
from adapters.playground.faults import Fault
from adapters.playground.village import Town
from adapters.playground.webhooks import Noticeboard
from bot.features import trouble
from tests.conversation import Person, Room, SlackPerson, World

HAMAR = Town("Hamar kommune", "slack", "no", "nb", ())
VEJLE = Town("Vejle Kommune", "teams", "dk", "da", ())
BJARNE = "Bjarne Falk, bjarne@falk.example"
QUESTION = "Hvordan får dere liv i tavlemøtene?"
COPIES = (
    "SELECT count(*) FROM copy JOIN room ON room.conversation = copy.conversation "
    "WHERE room.reads = 'none'"
)
"""Whatever was to stand in the channel that is only told."""
BOTH = pytest.mark.parametrize("town", [HAMAR, VEJLE], ids=["slack", "teams"])


@pytest.fixture
def board(town: Town, world: World) -> Noticeboard:
    """The channel of a town whose IT has not said yes."""
    return world.act(world.village.tell(town, BJARNE))


def last(board: Noticeboard) -> str:
    return board.words[-1]


@BOTH
def test_the_first_note_says_what_it_gets_and_who_confirmed_that(board: Noticeboard) -> None:
    [first] = board.words
    for words in ("Mellom", "Nord", board.name, "IT-sjefen", BJARNE):
        assert words in first


@BOTH
def test_it_is_told_that_something_was_asked_by_whom_and_how_to_answer(
    board: Noticeboard, kari: SlackPerson, jens: Person
) -> None:
    jens.asks("Hvem deltager i tavlemøderne?")
    kari.commands("")
    kari.opens_form("Still et spørsmål", on="Jeg er en robot. Jeg")
    kari.sends_form(question=QUESTION, details="", theme="1")
    assert len(board.notes) == 3
    note = last(board)
    for words in ("Q-2", "Alta kommune", "2", BJARNE):
        assert words in note
    assert "Tema" in note


@BOTH
def test_neither_words_nor_names_of_people_are_told(
    board: Noticeboard, kari: Person, jens: Person
) -> None:
    kari.asks(QUESTION)
    jens.replies("Vi spørger hvorfor.", under="tavlemøtene")
    told = "\n".join(board.words)
    for words in ("tavlemøtene", "Kari", "Nilsen", "hvorfor", "Jens"):
        assert words not in told


@BOTH
def test_only_what_begins_a_thread_is_told_and_it_is_told_once(
    board: Noticeboard, world: World, kari: SlackPerson, jens: Person
) -> None:
    kari.asks(QUESTION)
    jens.replies("Vi spørger hvorfor.", under="tavlemøtene")
    kari.edits("liv i", to="@Mellom Hvordan holder dere tavlemøtene korte?")
    jens.edits("hvorfor", to="Vi spørger hvordan.")
    kari.says("@Mellom besvart", under="korte")
    kari.says("@Mellom åpne igjen", under="korte")
    kari.deletes("korte")
    jens.deletes("hvordan")
    world.later(hours=2)
    assert len(board.notes) == 2
    assert world.count("SELECT count(*) FROM copy WHERE due_at IS NOT NULL") == 0
    assert world.count(f"{COPIES} AND copy.state = 'sent'") == 2
    assert world.count(COPIES) == 2


@BOTH
def test_a_question_that_was_withdrawn_before_it_could_be_told_is_not(
    board: Noticeboard, world: World, kari: Person
) -> None:
    world.village.webhooks.faults.add(faults.rate_limited(60), conversation=board.name)
    kari.asks(QUESTION)
    kari.deletes("liv i")
    world.later(minutes=5)
    assert len(board.notes) == 1


@BOTH
def test_whoever_asks_is_told_who_sees_it_and_who_is_only_told(
    board: Noticeboard, kari: SlackPerson, jens: Person
) -> None:
    kari.commands("")
    kari.opens_form("Still et spørsmål", on="Jeg er en robot. Jeg")
    form = kari.form or ""
    [shown] = [line for line in form.split("\n") if "4 organisasjoner" in line]
    [told] = [line for line in form.split("\n") if "Får bare vite" in line]
    assert board.name not in shown
    assert board.name in told
    kari.sends_form(question=QUESTION)
    kari.confirms()
    jens.opens_form("Svar", on="tavlemøtene")
    assert board.name not in (jens.form or "")


@BOTH
@pytest.mark.parametrize(
    "fault",
    [faults.drop_after(), faults.drop_before(), faults.status(502)],
    ids=["done and no answer", "not done and no answer", "502"],
)
def test_a_note_in_doubt_is_sent_once_more_and_no_oftener(
    fault: Fault, board: Noticeboard, world: World, kari: Person
) -> None:
    world.village.webhooks.faults.add(fault, conversation=board.name, times=2)
    kari.asks(QUESTION)
    world.later(hours=2)
    assert len(board.notes) == 1 + 2 * fault.done
    assert world.count("SELECT count(*) FROM copy WHERE state = 'parked'") == 1


@BOTH
def test_what_it_could_not_be_told_for_a_day_comes_in_one_note(
    board: Noticeboard, world: World, kari: Person
) -> None:
    hooks = world.village.webhooks.faults
    hooks.add(faults.rate_limited(1000), conversation=board.name, times=None)
    for number in range(12):
        kari.asks(f"Hvordan gjør dere sak nummer {number}?")
        world.later(hours=1)
    hooks.heal()
    world.later(hours=2)
    assert len(board.notes) == 2
    for words in ("12", "Q-12 · Alta kommune", BJARNE):
        assert words in last(board)
    assert "sak nummer" not in last(board)


@BOTH
def test_the_facilitators_are_told_once_that_its_address_is_not_taken_any_more(
    board: Noticeboard, world: World, kari: SlackPerson
) -> None:
    kari.asks("Hvem deltar i tavlemøtene?")
    world.change("UPDATE member SET role = 'facilitator'")
    board.closed = True
    kari.asks(QUESTION)
    kari.asks("Hvem leder dem?")
    world.later(days=1)
    kari.reads_privately(board.name, "adresse")
    assert sum(board.name in seen.words for seen in kari.private) == 1
    board.closed = False
    world.run(world.village.mellom.writers(trouble.probe))
    world.later(minutes=20)
    assert {note.split("\n")[0][-3:] for note in board.words[-2:]} == {"Q-2", "Q-3"}


@BOTH
def test_its_address_is_sealed_and_told_nowhere(
    board: Noticeboard, world: World, kari: Person, caplog: pytest.LogCaptureFixture
) -> None:
    # What is sealed has no slash in it, which every address has.
    secret = board.url.rpartition("/" if board.kind == "slack" else "=")[2]
    with caplog.at_level(logging.DEBUG):
        kari.asks(QUESTION)
        board.closed = True
        kari.asks("Hvem deltar i tavlemøtene?")
    ours = [record for record in caplog.records if record.name.startswith(("adapters", "bot"))]
    assert any(record.getMessage() == "copy.refused" for record in ours)
    assert secret not in caplog.text
    assert world.count("SELECT count(*) FROM installation WHERE secret LIKE '%/%'") == 0
    assert world.count("SELECT count(*) FROM installation WHERE platform = 'webhook'") == 1


@BOTH
def test_a_room_like_that_breaks_no_count(board: Noticeboard, world: World, kari: Person) -> None:
    kari.asks(QUESTION)
    assert world.count("SELECT count(*) FROM room WHERE state = 'active'") == 5
    assert world.count("SELECT count(*) FROM copy WHERE due_at IS NOT NULL") == 0


def test_somebody_of_such_an_organisation_asks_nothing_by_it(
    world: World, kari: SlackPerson, aarhus: Room
) -> None:
    world.act(world.village.tell(HAMAR, BJARNE))
    kari.asks(QUESTION)
    world.change(
        "UPDATE member SET organisation = "
        "(SELECT id FROM organisation WHERE name = 'Hamar kommune')"
    )
    kari.writes_privately("spør Hvem deltar i tavlemøtene?")
    aarhus.does_not_see("Hvem deltar")


@pytest.mark.parametrize(
    ("town", "title", "words"),
    [
        (HAMAR, "Ukens spørsmål", "Fortell om en forbedring"),
        (VEJLE, "Ugens spørgsmål", "Fortæl om en forbedring"),
    ],
    ids=["slack", "teams"],
)
def test_the_question_of_the_week_is_told_in_its_language(
    board: Noticeboard, world: World, title: str, words: str
) -> None:
    world.later(days=7)
    assert title in last(board)
    assert words in last(board)
    assert BJARNE in last(board)
