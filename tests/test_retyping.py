"""A suggestion that was typed follows its message: what its author edits there, and deletes."""

from __future__ import annotations

import pytest

from adapters.playground.teams.world import Message as TeamsMessage
from tests.conversation import Person, Seen, SlackPerson, TeamsPerson, World
from tests.numbers import danish_number, norwegian_number
from tests.test_joining import code
from tests.test_nominating import (
    ABOUT,
    BOTH,
    LABELS,
    OPENS,
    OTHER,
    PLANNED,
    TEXT,
    TITLE,
    listed,
    standing,
)

NEW, MORE = "Tavlemøtene", "Vi møtes hver uke, og alle snakker."
NUMBERS = {"Kari Nilsen": norwegian_number, "Jens Holm": danish_number}
IN_PRIVATE = pytest.mark.parametrize("private", [False, True], ids=["channel", "private"])


def types(person: Person, words: str, *, private: bool) -> Seen:
    """In the channel, or to Mellom in private; the message itself."""
    if not private:
        person.says(f"@Mellom {words}")
        return person.message(words)
    person.writes_privately(words)
    return next(seen for seen in person.letters if words in seen.words and not seen.by_bot)


def edits(person: Person, written: Seen, to: str, *, private: bool) -> None:
    person.world.later(minutes=1)  # On Teams the time tells which of two edits is the later one.
    person.rewrites(written, to=to if private else f"@Mellom {to}")


def told(person: Person, before: int) -> list[str]:
    """What has come in private since."""
    return [seen.words for seen in person.private if seen.by_bot][before:]


@IN_PRIVATE
@BOTH
def test_it_reads_as_its_message_does_and_goes_with_it(
    name: str, private: bool, world: World
) -> None:
    person = world.person(name)
    written = types(person, f"foreslå {TITLE}. {TEXT}", private=private)
    world.goes_to(PLANNED)
    assert listed(world)[0] == TITLE
    before = len(told(person, 0))
    edits(person, written, f"foreslå: {NEW}. {MORE}", private=private)
    assert standing(world) == [(NEW, MORE)]
    assert listed(world)[0] == NEW
    world.later(minutes=1)
    if private or isinstance(person, SlackPerson):  # On Teams an edit keeps the mention.
        person.rewrites(written, to=f"{OTHER}. {ABOUT}")
    else:
        edits(person, written, f"foreslå {OTHER}. {ABOUT}", private=private)
    assert standing(world) == [(OTHER, ABOUT)]
    assert world.count("SELECT count(*) FROM nomination WHERE key IS NULL") == 1
    assert world.count("SELECT count(*) FROM thread WHERE kind = 'question'") == 0
    assert told(person, before) == []
    edits(person, written, f"foreslå {OTHER}. {ABOUT}", private=private)
    person.removes(written)
    assert standing(world) == []
    assert OTHER not in listed(world)
    assert world.rows("SELECT title, text FROM nomination WHERE key IS NULL") == [("", "")]
    if isinstance(person, TeamsPerson):  # Only there a deletion is taken back.
        message = written.inner
        assert isinstance(message, TeamsMessage)
        world.later(minutes=1)
        person.undeletes(message)
        assert standing(world) == ([] if private else [(OTHER, ABOUT)])


@IN_PRIVATE
@BOTH
def test_what_it_cannot_become_is_told_in_private_and_nothing_is_lost(
    name: str, private: bool, world: World
) -> None:
    person, (_, mend, _) = world.person(name), LABELS[name]
    written = types(person, f"foreslå {TITLE}. {TEXT}", private=private)
    for words, why in (
        (f"foreslå {'a' * 46}. {TEXT}", "45"),
        (f"foreslå {NEW}. {'Vi ' * 100}", "250"),
        ("søk tavler", "ikke "),
        (f"foreslå {NEW}. Skriv {code(world, 'Alta kommune')} til meg.", "kode"),
        (f"foreslå {NEW}. Vi fant {NUMBERS[name]().text} på tavla.", "nummer"),
    ):
        before = len(told(person, 0))
        edits(person, written, words, private=private)
        assert standing(world) == [(TITLE, TEXT)], words
        in_room = why == "kode" and not private
        news = [person.room.sees(why).words] if in_room else told(person, before)
        assert any(why in one for one in news), (words, news)
    person.presses(mend, on="250", privately=True)
    assert person.typed("title") == TITLE
    edits(person, written, f"foreslå {NEW}. {MORE}", private=private)
    assert standing(world) == [(NEW, MORE)]


@IN_PRIVATE
@BOTH
def test_once_it_has_come_to_the_vote_it_stays_whatever_becomes_of_its_message(
    name: str, private: bool, world: World
) -> None:
    person = world.person(name)
    written = types(person, f"foreslå {TITLE}. {TEXT}", private=private)
    world.goes_to(OPENS)
    before = len(told(person, 0))
    edits(person, written, f"foreslå {NEW}. {MORE}", private=private)
    person.removes(written)
    assert standing(world) == [(TITLE, TEXT)]
    assert ["9. februar" in words for words in told(person, before)] == [True, True]


@BOTH
def test_one_that_is_part_of_another_is_only_withdrawn(name: str, world: World) -> None:
    person = world.person(name)
    world.person("Ingrid Vik").says(f"@Mellom foreslå {OTHER}. {ABOUT}")
    written = types(person, f"foreslå {TITLE}. {TEXT}", private=False)
    world.change(
        "UPDATE nomination SET state = 'merged', merged = (SELECT min(id) FROM nomination) "
        "WHERE id = (SELECT max(id) FROM nomination)"
    )
    edits(person, written, f"foreslå {NEW}. {MORE}", private=False)
    person.reads_privately("med et annet" if name == "Kari Nilsen" else "med et andet")
    assert world.rows("SELECT title, state FROM nomination ORDER BY id") == [
        (OTHER, "standing"),
        (TITLE, "merged"),
    ]
    person.removes(written)
    assert world.rows("SELECT title, state FROM nomination ORDER BY id") == [
        (OTHER, "standing"),
        ("", "withdrawn"),
    ]


@BOTH
def test_what_was_withdrawn_with_the_button_no_edit_brings_back(name: str, world: World) -> None:
    person, (_, mend, said) = world.person(name), LABELS[name]
    written = types(person, f"foreslå {TITLE}. {TEXT}", private=False)
    person.opens_form(mend, on=said)
    person.sends_form(withdraw="yes")
    edits(person, written, f"foreslå {NEW}. {MORE}", private=False)
    assert standing(world) == []
    assert world.count("SELECT count(*) FROM nomination") == 1
    person.removes(written)
    assert standing(world) == []


@BOTH
def test_an_answer_that_becomes_a_suggestion_is_one_from_then_on(name: str, world: World) -> None:
    person = world.person(name)
    person.asks("Hvordan får dere ledere på gemba?")
    person.says("@Mellom Vi spør dem.", under="på gemba")
    written = person.message("Vi spør dem.")
    edits(person, written, f"foreslå: {TITLE}. {TEXT}", private=False)
    edits(person, written, f"foreslå {NEW}. {MORE}", private=False)
    assert standing(world) == [(NEW, MORE)]
    assert world.rows("SELECT state FROM reply") == [("withdrawn",)]
    person.removes(written)
    assert standing(world) == []


@BOTH
def test_whoever_is_gone_from_the_network_can_still_delete_it(name: str, world: World) -> None:
    person = world.person(name)
    written = types(person, f"foreslå {TITLE}. {TEXT}", private=False)
    world.change("UPDATE room SET state = 'ended' WHERE state = 'active'")
    person.removes(written)
    assert standing(world) == []
