"""What an author edits, deletes or brings back follows in every room."""

from __future__ import annotations

import pytest

from adapters.playground.slack.stand_in import Message as SlackMessage
from adapters.playground.teams.world import Message as TeamsMessage
from tests.conversation import Person, Room, SlackRoom, TeamsPerson, World


@pytest.fixture
def asked(kari: Person, jens: Person) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    jens.replies("Vi spørger »hvorfor« én gang til.", under="tavlemøtene")


@pytest.mark.usefixtures("asked")
def test_an_edited_question_follows_everywhere(
    kari: Person, alta: Room, aarhus: Room, bodo: Room
) -> None:
    kari.edits("liv i", to="@Mellom Hvordan holder dere tavlemøtene korte?")
    for room in (aarhus, bodo):
        room.sees("Kari Nilsen", "tavlemøtene korte?")
        room.does_not_see("liv i tavlemøtene")
    alta.sees_once("tavlemøtene korte?")


@pytest.mark.usefixtures("asked")
def test_an_edited_answer_follows_everywhere(
    jens: Person, alta: Room, bodo: Room, randers: Room
) -> None:
    jens.edits("hvorfor", to="Vi spørger »hvad nu«.")
    for room in (alta, bodo, randers):
        room.sees("Jens Holm", "hvad nu", under="tavlemøtene")
        room.does_not_see("hvorfor")


@pytest.mark.usefixtures("asked")
def test_a_deleted_answer_is_taken_away_and_its_thread_stays(
    jens: Person, alta: Room, aarhus: Room, bodo: Room, ingrid: Person
) -> None:
    ingrid.replies("Vi bytter møteleder.", under="tavlemøtene")
    jens.deletes("hvorfor")
    for room in (alta, aarhus, bodo):
        room.does_not_see("hvorfor")
        room.sees("Vi bytter møteleder.", under="tavlemøtene")
        room.sees("tavlemøtene")


@pytest.mark.usefixtures("asked")
def test_a_deleted_question_leaves_its_answers_under_withdrawn(
    kari: Person, alta: Room, aarhus: Room, bodo: Room, world: World
) -> None:
    thread = bodo.root("tavlemøtene")
    kari.deletes("liv i")
    bodo.sees("Q-1", "Trukket tilbake")
    aarhus.sees("Q-1", "Trukket tilbage")
    for room in (aarhus, bodo):
        room.does_not_see("liv i tavlemøtene")
    assert bodo.sees("Vi spørger »hvorfor«").root == thread
    alta.sees("Vi spørger »hvorfor«")
    assert world.count("SELECT count(*) FROM thread WHERE body LIKE '%tavle%'") == 0


def test_an_answer_that_was_deleted_and_brought_back_on_teams_stands_again(
    kari: Person, jens: TeamsPerson, alta: Room
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    jens.replies("Vi spørger »hvorfor«.", under="tavlemøtene")
    message = jens.message("hvorfor").inner
    assert isinstance(message, TeamsMessage)
    jens.deletes("hvorfor")
    alta.does_not_see("hvorfor")
    jens.undeletes(message)
    alta.sees("Jens Holm", "hvorfor", under="tavlemøtene")
    alta.sees_once("hvorfor")


@pytest.mark.usefixtures("asked")
def test_a_copy_that_a_moderator_took_away_stays_away(
    kari: Person, bodo: SlackRoom, aarhus: Room
) -> None:
    bodo.loses("Vi spørger »hvorfor«")
    bodo.does_not_see("hvorfor")
    aarhus.sees("hvorfor")
    kari.edits("liv i", to="@Mellom Hvordan holder dere tavlemøtene korte?")
    bodo.does_not_see("hvorfor")


def test_a_mention_that_is_added_by_an_edit_asks(kari: Person, aarhus: Room) -> None:
    kari.says("Hvordan får dere liv i tavlemøtene?")
    aarhus.does_not_see("tavlemøtene")
    kari.edits("liv i", to="@Mellom Hvordan får dere liv i tavlemøtene?")
    aarhus.sees("Kari Nilsen", "tavlemøtene")
    kari.edits("liv i", to="@Mellom Hvordan holder dere liv i tavlemøtene?")
    aarhus.sees_once("tavlemøtene")


def test_edits_that_arrive_in_the_wrong_order_end_with_the_last(
    kari: Person, world: World, aarhus: Room
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    message = kari.message("liv i").inner
    assert isinstance(message, SlackMessage)
    slack = world.slack
    world.run(slack.edit(message, "@Mellom Første utgave av spørsmålet"))
    world.run(slack.edit(message, "@Mellom Andre utgave av spørsmålet"))
    slack.queue.reverse()
    world.settle()
    aarhus.sees("Andre utgave av spørsmålet")
    aarhus.does_not_see("Første utgave")


def test_a_deletion_that_arrives_before_its_message_is_never_shown(
    kari: Person, jens: TeamsPerson, world: World, alta: Room
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    teams, root = world.teams, jens.room.root("tavlemøtene")
    said = world.run(teams.say(jens.user, jens.room.channel, "En fejl", root))
    world.run(teams.delete(said))
    teams.queue.reverse()
    world.settle()
    alta.does_not_see("En fejl")


def test_an_edit_that_arrives_before_its_message_is_shown_once_as_edited(
    kari: Person, jens: TeamsPerson, world: World, alta: Room
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    teams, root = world.teams, jens.room.root("tavlemøtene")
    said = world.run(teams.say(jens.user, jens.room.channel, "Første udgave", root))
    world.run(teams.edit(said, "Anden udgave"))
    teams.queue.reverse()
    world.settle()
    alta.sees_once("udgave")
    alta.sees("Anden udgave", under="tavlemøtene")


@pytest.mark.parametrize(
    ("now", "why"), [("@Mellom", "minst 10 tegn"), ("@Mellom ok", "minst 10 tegn")]
)
@pytest.mark.usefixtures("asked")
def test_an_edit_that_cannot_be_a_question_changes_nothing_and_its_author_is_told(
    now: str, why: str, kari: Person, aarhus: Room, bodo: Room
) -> None:
    question = kari.message("liv i")
    kari.rewrites(question, to=now)
    for room in (aarhus, bodo):
        room.sees("Kari Nilsen", "Q-1", "Hvordan får dere liv i tavlemøtene?")
    kari.reads_privately("Q-1", "før du redigerte", why, "Rediger meldingen")
    kari.rewrites(question, to="@Mellom Hvordan holder dere tavlemøtene korte?")
    for room in (aarhus, bodo):
        room.sees("Kari Nilsen", "Q-1", "tavlemøtene korte?")


def test_an_edit_on_teams_that_cannot_be_a_question_changes_nothing_either(
    jens: Person, bodo: Room, world: World
) -> None:
    jens.asks("Hvem deltager i jeres tavlemøder?")
    question = jens.message("Hvem")
    jens.rewrites(question, to="@Mellom ok")
    bodo.sees("Jens Holm", "Q-1", "Hvem deltager i jeres tavlemøder?")
    jens.reads_privately("Q-1", "før du redigerede", "mindst 10 tegn")
    world.later(minutes=1)
    jens.rewrites(question, to="@Mellom " + "meget langt " * 200)
    bodo.sees("Jens Holm", "Q-1", "meget langt")


def test_a_question_edited_to_a_command_stays_a_question(kari: Person, aarhus: Room) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    question = kari.message("liv i")
    for now in ("søk tavlemøter", "mine innstillinger", "åpne igjen"):
        kari.rewrites(question, to=f"@Mellom {now}")
        aarhus.sees("Q-1", "Hvordan får dere liv i tavlemøtene?")
        aarhus.does_not_see(now)
    kari.reads_privately("Q-1", "en kommando til meg")


@pytest.mark.parametrize("author", ["kari", "jens"])
def test_an_answer_edited_to_a_command_is_taken_away_and_the_command_is_done(
    author: str, kari: Person, jens: Person, alta: Room, aarhus: Room, bodo: Room
) -> None:
    """It closes only where its author may close."""
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    person = jens if author == "jens" else kari
    person.replies("Vi spørger hvorfor.", under="tavlemøtene")
    answer = person.message("hvorfor")
    person.rewrites(answer, to="@Mellom besvaret")
    for room in {alta, aarhus, bodo} - {person.room}:
        room.does_not_see("hvorfor")
        room.does_not_see("besvaret")
    if author == "jens":
        aarhus.sees("Den, der spurgte", under="tavlemøtene")
        assert "Besvart" not in bodo.sees("Q-1").words
    else:
        alta.sees_once("Q-1 er merket som besvart")
        bodo.sees("Q-1", "Besvart")
    person.rewrites(answer, to="Vi spørger altid hvorfor.")
    for room in {alta, aarhus, bodo} - {person.room}:
        room.sees(person.name, "altid hvorfor", under="tavlemøtene")


def test_an_answer_edited_to_nothing_is_taken_away(
    kari: Person, alta: Room, aarhus: Room, bodo: Room
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    kari.replies("Vi spør hvorfor.", under="tavlemøtene")
    answer = aarhus.sees("Vi spør hvorfor.").id
    kari.edits("hvorfor", to="@Mellom")
    assert answer not in [seen.id for seen in aarhus.everything]
    bodo.does_not_see("Vi spør hvorfor.")
    alta.sees("Jeg er en robot. Jeg formidler", under="tavlemøtene")
