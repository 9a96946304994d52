"""What an author takes back stays away, and only other words are said to be an edit."""

from __future__ import annotations

import pytest

from adapters.playground.slack.stand_in import Message as SlackMessage
from adapters.playground.teams.world import Message as TeamsMessage
from tests.conversation import Person, Room, SlackPerson, TeamsPerson, World

QUESTION = "Hvordan får dere liv i tavlemøtene?"
MEND = {"kari": "Endre eller trekk", "jens": "Ret eller træk tilbage"}
ASKERS = {"kari": ("bodo", "Trukket tilbake"), "jens": ("randers", "Trukket tilbage")}


@pytest.mark.parametrize("asker", ASKERS)
def test_ones_own_message_stays_when_its_question_is_withdrawn_on_the_foot_card(
    asker: str, request: pytest.FixtureRequest, world: World, ingrid: Person
) -> None:
    person: Person = request.getfixturevalue(asker)
    there: Room = request.getfixturevalue(ASKERS[asker][0])
    person.asks(QUESTION)
    ingrid.replies("Vi bytter møteleder.", under="tavlemøtene")
    person.opens_form(MEND[asker], on="Q-1")
    assert person.form is not None
    assert "Q-1" not in person.form
    person.sends_form()
    there.sees("Q-1", ASKERS[asker][1])
    there.does_not_see("liv i tavlemøtene")
    there.sees("Vi bytter møteleder.")
    person.room.sees("liv i tavlemøtene")
    person.room.sees("Q-1", {"kari": "trukket tilbake", "jens": "trukket tilbage"}[asker])
    assert world.count("SELECT count(*) FROM thread WHERE body LIKE '%tavle%'") == 0


@pytest.mark.parametrize("asker", ASKERS)
def test_editing_ones_message_afterwards_does_not_bring_the_question_back(
    asker: str, request: pytest.FixtureRequest, world: World
) -> None:
    person: Person = request.getfixturevalue(asker)
    there: Room = request.getfixturevalue(ASKERS[asker][0])
    person.asks(QUESTION)
    person.opens_form(MEND[asker], on="Q-1")
    person.sends_form()
    person.edits("liv i", to="@Mellom Hvordan holder dere tavlemøtene korte?")
    there.does_not_see("tavlemøtene")
    there.sees("Q-1", ASKERS[asker][1])
    assert world.count("SELECT count(*) FROM thread WHERE body LIKE '%tavle%'") == 0
    person.asks("Hvordan holder dere tavlemøtene korte?")
    there.sees("Q-2", "tavlemøtene korte?")


def test_nor_does_deleting_ones_message_and_bringing_it_back(jens: TeamsPerson, bodo: Room) -> None:
    jens.asks(QUESTION)
    message = jens.message("liv i").inner
    assert isinstance(message, TeamsMessage)
    jens.opens_form(MEND["jens"], on="Q-1")
    jens.sends_form()
    jens.deletes("liv i")
    jens.undeletes(message)
    bodo.sees("Q-1", "Trukket tilbake")
    bodo.does_not_see("liv i tavlemøtene")


def test_nobody_but_the_author_withdraws_it(kari: Person, alta: Room, bodo: Room) -> None:
    kari.asks(QUESTION)
    ola = alta.person("Ola Berg")
    ola.presses(MEND["kari"], on="Q-1")
    ola.is_told("Bare den som skrev det")
    bodo.sees("liv i tavlemøtene")


def test_a_question_withdrawn_in_one_form_is_not_changed_in_another(
    kari: SlackPerson, world: World, bodo: Room
) -> None:
    kari.commands(f"spør {QUESTION}")
    kari.opens_form(MEND["kari"], on="liv i")
    changing = kari.user.workspace.views[kari.user.id]
    kari.opens_form(MEND["kari"], on="liv i")
    kari.sends_form(text="")
    world.act(world.slack.submit(kari.user, changing, {"text": "Hvordan holder dere dem korte?"}))
    bodo.sees("Q-1", "Trukket tilbake")
    bodo.does_not_see("korte")


@pytest.mark.parametrize(("author", "word"), [("kari", "Redigeret."), ("jens", "Redigert.")])
def test_an_edit_is_said_to_be_one_only_if_the_words_are_others(
    author: str, word: str, request: pytest.FixtureRequest, ingrid: Person, randers: Room
) -> None:
    person: Person = request.getfixturevalue(author)
    there = randers if author == "kari" else ingrid.room
    person.asks(QUESTION)
    person.replies("Vi bytter møteleder.", under="liv i")
    person.edits("liv i", to=f"@Mellom {QUESTION}")
    person.edits("Vi bytter", to="Vi bytter møteleder.")
    assert word not in there.sees("liv i tavlemøtene").words
    assert word not in there.sees("Vi bytter").words
    person.world.later(seconds=2)
    person.edits("liv i", to=f"@Mellom {QUESTION} Og hvor ofte?")
    person.edits("Vi bytter", to="Vi bytter møteleder hver uke.")
    there.sees("Og hvor ofte?", word)
    there.sees("hver uke.", word)


def test_other_looks_alone_cross_and_are_not_said_to_be_an_edit(
    kari: SlackPerson, world: World, bodo: Room
) -> None:
    kari.asks(QUESTION)
    message = kari.message("liv i").inner
    assert isinstance(message, SlackMessage)
    world.act(world.slack.edit(message, "@Mellom Hvordan får dere *liv* i tavlemøtene?"))
    copy = bodo.sees("Hvordan får dere liv i tavlemøtene?")
    assert isinstance(copy.inner, SlackMessage)
    assert "'bold': True}}, {'type': 'text', 'text': ' i tavlem" in str(copy.inner.blocks)
    assert "Redigert." not in copy.words


def test_what_was_deleted_and_brought_back_is_no_edit(
    kari: Person, jens: TeamsPerson, alta: Room, bodo: Room
) -> None:
    jens.asks(QUESTION)
    jens.replies("Vi spørger hvorfor.", under="liv i")
    for words in ("liv i", "hvorfor"):
        message = jens.message(words).inner
        assert isinstance(message, TeamsMessage)
        jens.deletes(words)
        jens.undeletes(message)
    assert "Redigert." not in alta.sees("liv i tavlemøtene").words
    assert "Redigert." not in bodo.sees("Vi spørger hvorfor.").words


def test_what_a_form_leaves_as_it_was_is_no_edit(kari: SlackPerson, bodo: Room) -> None:
    kari.commands(f"spør {QUESTION}")
    kari.opens_form(MEND["kari"], on="liv i")
    kari.sends_form(text=QUESTION)
    kari.is_told("Det står som før.")
    assert "Redigert." not in bodo.sees("liv i tavlemøtene").words
