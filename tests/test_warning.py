"""A national identity number is stopped: nothing of its text is kept, and its author is told."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from adapters.playground.slack.stand_in import Message
from tests.conversation import Person, Room, SlackPerson, TeamsPerson, World
from tests.numbers import danish_number, norwegian_number

SURE = norwegian_number().text
DANISH = danish_number().text
UNSURE = "610190-0000"


def everything_stored(world: World) -> str:
    """Every value of every table, as text."""
    with world.village.mellom.writers.begin() as uow:
        from storage.models import metadata

        return "\n".join(
            str(tuple(row))
            for table in metadata.sorted_tables
            for row in uow.connection.execute(text(f'SELECT * FROM "{table.name}"'))  # noqa: S608
        )


@pytest.mark.parametrize("who", ["kari", "jens"])
@pytest.mark.parametrize("number", [SURE, DANISH], ids=["norwegian", "danish"])
def test_a_question_with_a_number_is_stopped_and_its_author_told_privately(
    who: str, number: str, request: pytest.FixtureRequest, world: World, bodo: Room, randers: Room
) -> None:
    author: Person = request.getfixturevalue(who)
    author.asks(f"Hvordan følger dere opp {number} i tavlemøtene?")
    for room in (bodo, randers):
        room.does_not_see("tavlemøtene")
    assert len(author.private) == 1
    assert number not in author.private[0].words
    stored = everything_stored(world)
    assert number not in stored
    assert number.replace("-", "").replace(" ", "") not in stored
    assert "følger dere opp" not in stored


def test_the_warning_is_in_the_words_of_the_authors_country(
    kari: Person, jens: Person, world: World
) -> None:
    kari.asks(f"Hvordan følger dere opp {SURE} i tavlemøtene?")
    kari.reads_privately("fødselsnummer", "72 timer")
    jens.asks(f"Hvordan følger I op på {DANISH} i tavlemøderne?")
    jens.reads_privately("CPR-nummer", "72 timer")


def test_a_number_in_two_cells_or_on_two_lines_is_stopped(
    kari: SlackPerson, jens: TeamsPerson, world: World, bodo: Room
) -> None:
    born, rest = SURE[:6], SURE[6:]
    kari.asks(f"Hvordan følger dere opp i tavlemøtene?\n{born}\n{rest}")
    cells = f"<table><tr><td><p>{born}</p></td><td><p>{rest}</p></td></tr></table>"
    said = world.teams.say(
        jens.user, jens.room.channel, f"@Mellom følger I op? {born} {rest}",
        mention_bot=True, rich=f"<p>@Mellom følger I op i tavlemøderne?</p>{cells}",
    )  # fmt: skip
    world.act(said)
    bodo.does_not_see("følger")
    assert len(kari.private) == len(jens.private) == 1
    stored = everything_stored(world)
    assert rest not in stored
    assert "følger" not in stored


def test_a_reply_and_an_edit_with_a_number_are_stopped(
    kari: Person, jens: Person, alta: Room, world: World
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    jens.replies(f"Ring til {DANISH}", under="tavlemøtene")
    alta.does_not_see("Ring til")
    jens.replies("Vi spørger hvorfor.", under="tavlemøtene")
    jens.edits("hvorfor", to=f"Vi spørger {DANISH}")
    alta.sees("Vi spørger hvorfor.")
    alta.does_not_see(DANISH)
    assert len(jens.private) == 2
    assert DANISH not in everything_stored(world)


def test_an_edit_that_takes_the_number_out_lets_the_question_go(
    kari: Person, aarhus: Room, world: World
) -> None:
    kari.asks(f"Hvordan følger dere opp {SURE} i tavlemøtene?")
    kari.edits("følger dere opp", to="@Mellom Hvordan følger dere opp i tavlemøtene?")
    aarhus.sees("Kari Nilsen", "Hvordan følger dere opp i tavlemøtene?")
    assert world.count("SELECT count(*) FROM incident WHERE state = 'removed'") == 1


@pytest.mark.parametrize("now", ["edited", "deleted"])
def test_nobody_is_warned_of_an_edit_that_is_told_too_late(
    kari: SlackPerson, world: World, now: str
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    question = kari.message("liv i").inner
    assert isinstance(question, Message)
    world.run(world.slack.edit(question, f"@Mellom Hvordan følger dere opp {SURE}?"))
    late, world.slack.queue = list(world.slack.queue), []
    if now == "edited":
        world.act(world.slack.edit(question, "@Mellom Hvordan følger dere opp?"))
    else:
        world.act(world.slack.delete(question))
    for delivery in late:
        world.act(world.slack.send(delivery))
    assert not kari.private
    assert world.count("SELECT count(*) FROM incident") == 0


@pytest.mark.parametrize("who", ["kari", "jens"])
def test_a_form_with_a_number_comes_back_and_nothing_is_sent(
    who: str, request: pytest.FixtureRequest, world: World, bodo: Room
) -> None:
    author: Person = request.getfixturevalue(who)
    author.says("@Mellom")
    author.presses({"kari": "Still et spørsmål", "jens": "Stil et spørgsmål"}[who], on="Mellom")
    author.sends_form(question=f"Hvordan følger dere opp {SURE} i tavlemøtene?")
    assert author.form is not None
    assert "følger dere opp" in author.form or who == "kari"  # Slack's own client keeps it.
    assert world.count("SELECT count(*) FROM thread") == 0
    assert SURE not in everything_stored(world)
    author.sends_form(question="Hvordan følger dere opp i tavlemøtene?")
    author.confirms()
    bodo.sees("følger dere opp i tavlemøtene?")


def test_a_command_with_a_number_is_refused_at_once(kari: SlackPerson, world: World) -> None:
    kari.commands(f"spør Hvordan følger dere opp {SURE} i tavlemøtene?")
    assert SURE not in kari.told
    assert "Q-1" not in kari.told
    assert kari.typed("question") == "Hvordan følger dere opp […] i tavlemøtene?"
    assert SURE not in everything_stored(world)
    assert "følger dere opp" not in everything_stored(world)


def test_an_unsure_number_is_asked_about_and_goes_no_further(
    kari: Person, aarhus: Room, world: World
) -> None:
    kari.asks(f"Hvordan følger dere opp {UNSURE} i tavlemøtene?")
    aarhus.does_not_see("tavlemøtene")
    kari.reads_privately("?")
    kari.presses("Det er ikke et fødselsnummer", on="", privately=True)
    assert world.count("SELECT count(*) FROM incident WHERE state = 'false alarm'") == 1
    assert UNSURE not in everything_stored(world)


def test_after_a_quarter_of_an_hour_the_facilitator_is_told_without_the_number(
    kari: Person, ingrid: SlackPerson, world: World, alta: Room
) -> None:
    with world.village.mellom.writers.begin() as uow:
        uow.connection.execute(text("UPDATE member SET role = 'facilitator' WHERE id = 2"))
    kari.asks(f"Hvordan følger dere opp {SURE} i tavlemøtene?")
    facilitators = list(map(world.person, ("Ingrid Vik", "Jens Holm", "Lars Krogh")))
    assert not any(person.private for person in facilitators)
    world.later(minutes=16)
    told = [person.private[-1].words for person in facilitators if person.private]
    assert len(told) == 1
    assert "Alta kommune" in told[0]
    assert SURE not in told[0]
    alta.sees("personopplysninger", under="følger dere opp")


def test_nobody_is_told_when_the_author_has_deleted_it_in_time(kari: Person, world: World) -> None:
    with world.village.mellom.writers.begin() as uow:
        uow.connection.execute(text("UPDATE member SET role = 'facilitator'"))
    kari.asks(f"Hvordan følger dere opp {SURE} i tavlemøtene?")
    kari.deletes("følger dere opp")
    world.later(minutes=16)
    assert all(not world.person(name).private for name in ("Ingrid Vik", "Jens Holm"))
    assert world.count("SELECT count(*) FROM notice WHERE name = 'number-left'") == 0


def test_only_the_author_can_settle_the_warning(
    kari: SlackPerson, ingrid: SlackPerson, world: World
) -> None:
    kari.asks(f"Hvordan følger dere opp {SURE} i tavlemøtene?")
    ingrid.asks(f"Hva gjør dere med {SURE} på tavla?")
    card = ingrid.private[-1].inner
    mine = kari.private[-1].inner
    stolen = [block for block in mine.blocks if block["type"] == "actions"]  # type: ignore[union-attr]
    card.blocks = [*card.blocks[:-1], *stolen]  # type: ignore[union-attr]
    ingrid.presses("Jeg har slettet det", on="", privately=True)
    assert world.count("SELECT count(*) FROM incident WHERE state = 'open'") == 2


def test_a_number_in_idle_talk_is_settled_when_its_author_takes_it_out(
    kari: Person, world: World
) -> None:
    with world.village.mellom.writers.begin() as uow:
        uow.connection.execute(text("UPDATE member SET role = 'facilitator'"))
    kari.says(f"Ring {SURE} i dag")
    assert len(kari.private) == 1
    kari.edits("Ring", to="Ring i dag")
    world.later(minutes=16)
    assert world.count("SELECT count(*) FROM notice WHERE name = 'number-left'") == 0


def test_a_number_that_stays_in_an_answer_is_told_of_in_its_thread_and_the_room_lives_on(
    kari: Person, jens: Person, aarhus: Room, world: World
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    jens.replies(f"Ring til {DANISH}", under="tavlemøtene")
    world.later(minutes=16)
    aarhus.sees("personoplysninger", under="tavlemøtene")
    assert world.count("SELECT count(*) FROM room WHERE trouble IS NOT NULL") == 0
