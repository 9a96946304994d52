"""A question that found its answer is marked as answered, and can be opened again."""

from __future__ import annotations

import json

import pytest

from adapters.playground.slack.stand_in import Message as SlackMessage
from adapters.playground.teams.world import Message as TeamsMessage
from bot.text import Text
from storage import networks, threads
from tests.conversation import Person, Room, SlackPerson, TeamsPerson, World
from tests.test_joining import code

QUESTION = "Hvordan får dere liv i tavlemøtene?"
CLOSE = {"nb": "Merk som besvart", "da": "Markér som besvaret"}
REOPEN = {"nb": "Åpne igjen", "da": "Åbn igen"}
FOOT = {"nb": "Svar fra de andre", "da": "Svar fra de andre"}


@pytest.fixture
def asked(kari: Person, jens: Person, ingrid: Person) -> None:
    kari.asks(QUESTION)
    jens.replies("Vi spørger »hvorfor« én gang til.", under="tavlemøtene")
    ingrid.replies("Vi bytter møteleder hver uke.", under="tavlemøtene")


def facilitator(world: World, organisation: str, person: Person) -> None:
    """Give somebody the role, as they would take it: with a code."""
    person.says(f"@Mellom join {code(world, organisation, 'facilitator')}")


def choice(world: World, words: str) -> str:
    return str(world.count(f"SELECT id FROM reply WHERE body LIKE '%{words}%'"))  # noqa: S608


def choices(person: SlackPerson) -> list[str]:
    """What can be ticked in the form that is open."""
    view = person.user.workspace.views[person.user.id]
    [boxes] = [block["element"] for block in view.blocks if block["type"] == "input"]
    return [option["text"]["text"] for option in boxes["options"]]


def quoted(person: SlackPerson) -> str:
    """What stands above that."""
    view = person.user.workspace.views[person.user.id]
    return json.dumps([one for one in view.blocks if one["type"] != "input"], ensure_ascii=False)


@pytest.mark.usefixtures("asked")
def test_the_asker_marks_the_question_answered_and_every_copy_shows_it(
    kari: SlackPerson, world: World, alta: Room, aarhus: Room, bodo: Room, randers: Room
) -> None:
    kari.opens_form(CLOSE["nb"], on=FOOT["nb"])
    assert "\\nHvordan får dere liv" in quoted(kari)
    newest, oldest = choices(kari)
    assert newest == "Ingrid Vik · Bodø kommune: Vi bytter møteleder hver uke."
    assert oldest == "Jens Holm · Aarhus Kommune: Vi spørger »hvorfor« én gang til."
    kari.sends_form(answers=choice(world, "hvorfor"))
    answered, helped = "Besvart · Spørsmål Q-1", "Jens Holm · Aarhus Kommune"
    alta.sees(answered, "Dette hjalp", helped, under="tavlemøtene")
    bodo.sees(answered, "tavlemøtene", "Dette hjalp", helped)
    for room in (aarhus, randers):
        room.sees("Besvaret · Spørgsmål Q-1", "tavlemøtene", "Det hjalp", helped)
    for room in (alta, bodo):
        room.sees("»hvorfor« én gang til", "Dette hjalp", under="tavlemøtene")
    randers.sees("»hvorfor« én gang til", "Det hjalp", under="tavlemøtene")
    for room in (alta, aarhus, randers):
        assert "hjalp" not in room.sees("Vi bytter møteleder").words


def test_a_question_from_teams_is_closed_there_without_picking_any(
    jens: TeamsPerson, ingrid: Person, world: World, aarhus: Room, bodo: Room
) -> None:
    jens.asks("Hvem deltager i jeres tavlemøder?")
    ingrid.replies("Alle som vil.", under="Hvem deltager")
    jens.opens_form(CLOSE["da"], on=FOOT["da"])
    jens.sends_form()
    aarhus.sees("Q-1", "Besvaret", under="Hvem deltager")
    bodo.sees("Q-1", "Besvart", "Hvem deltager")
    assert world.count("SELECT count(*) FROM reply WHERE helped IS NOT NULL") == 0


def test_a_question_from_a_form_is_closed_on_its_own_card(
    kari: SlackPerson, alta: Room, aarhus: Room
) -> None:
    kari.commands(f"spør {QUESTION}")
    kari.opens_form(CLOSE["nb"], on="tavlemøtene")
    kari.sends_form()
    for room, word in ((alta, "Besvart"), (aarhus, "Besvaret")):
        room.sees("Q-1", "tavlemøtene", word)


@pytest.mark.parametrize("somebody", ["jens", "ola"])
@pytest.mark.usefixtures("asked")
def test_anyone_else_is_told_kindly_who_can(
    somebody: str, request: pytest.FixtureRequest, alta: Room, aarhus: Room
) -> None:
    person = alta.person("Ola Berg") if somebody == "ola" else request.getfixturevalue(somebody)
    language = "nb" if somebody == "ola" else "da"
    on = FOOT["nb"] if somebody == "ola" else "tavlemøtene"
    person.presses(CLOSE[language], on=on)
    person.is_told({"nb": "en nettverksleder", "da": "en netværksleder"}[language])
    assert "Besvar" not in aarhus.sees("Q-1").words


@pytest.mark.usefixtures("asked")
def test_a_facilitator_may_close_it_from_another_platform(
    world: World, jens: TeamsPerson, alta: Room, bodo: Room
) -> None:
    facilitator(world, "Aarhus Kommune", jens)
    jens.opens_form(CLOSE["da"], on="tavlemøtene")
    jens.sends_form(answers=choice(world, "møteleder"))
    alta.sees("Q-1", "Besvart", "Ingrid Vik · Bodø kommune", under="tavlemøtene")
    alta.sees("Vi bytter møteleder", "Dette hjalp")


@pytest.mark.usefixtures("asked")
def test_it_is_opened_again_by_the_same_people_only_and_what_helped_is_forgotten(
    kari: Person, jens: TeamsPerson, world: World, alta: Room, aarhus: Room
) -> None:
    kari.opens_form(CLOSE["nb"], on=FOOT["nb"])
    kari.sends_form(answers=choice(world, "hvorfor"))
    jens.presses(REOPEN["da"], on="tavlemøtene")
    jens.is_told("en netværksleder")
    aarhus.sees("Q-1", "Besvaret")
    kari.presses(REOPEN["nb"], on=FOOT["nb"])
    for room in (alta, aarhus):
        assert "Besvar" not in room.sees("Q-1").words
        assert "jalp" not in room.sees("»hvorfor« én gang til").words
    kari.opens_form(CLOSE["nb"], on=FOOT["nb"])


@pytest.mark.usefixtures("asked")
def test_a_new_answer_to_a_closed_question_still_crosses(
    kari: Person, lars: Person, alta: Room, bodo: Room
) -> None:
    kari.opens_form(CLOSE["nb"], on=FOOT["nb"])
    kari.sends_form()
    lars.replies("Vi går en tur først.", under="tavlemøtene")
    for room in (alta, bodo):
        room.sees("Lars Krogh · Randers Kommune", "Vi går en tur først.", under="tavlemøtene")
    bodo.sees("Q-1", "Besvart")


@pytest.mark.parametrize("word", ["besvart", "Løst."])
@pytest.mark.usefixtures("asked")
def test_it_is_closed_by_a_word_in_the_thread_and_opened_by_another(
    word: str, kari: Person, alta: Room, aarhus: Room
) -> None:
    kari.says(f"@Mellom {word}", under="tavlemøtene")
    aarhus.sees("Q-1", "Besvaret")
    aarhus.does_not_see(word)
    alta.sees("Q-1 er merket som besvart", under="tavlemøtene")
    kari.says("@Mellom åpne igjen", under="tavlemøtene")
    assert "Besvaret" not in aarhus.sees("Q-1").words
    alta.sees("Q-1 er åpent.", under="tavlemøtene")


@pytest.mark.usefixtures("asked")
def test_the_word_from_anyone_else_changes_nothing_and_is_no_answer(
    jens: TeamsPerson, alta: Room, aarhus: Room, world: World
) -> None:
    jens.says("@Mellom besvaret", under="tavlemøtene")
    aarhus.sees("en netværksleder", under="tavlemøtene")
    alta.does_not_see("besvaret")
    assert world.count("SELECT count(*) FROM thread WHERE answered_at IS NOT NULL") == 0
    assert world.count("SELECT count(*) FROM reply") == 2


@pytest.mark.usefixtures("asked")
def test_after_the_word_the_answers_that_helped_can_still_be_picked(
    kari: Person, world: World, bodo: Room
) -> None:
    kari.says("@Mellom løst", under="tavlemøtene")
    kari.opens_form("Velg svarene som hjalp", on="er merket som besvart")
    kari.sends_form(answers=choice(world, "hvorfor"))
    bodo.sees("»hvorfor« én gang til", "Dette hjalp")


@pytest.mark.usefixtures("asked")
def test_two_who_close_it_at_once_both_count(
    kari: Person, jens: TeamsPerson, world: World, alta: Room
) -> None:
    facilitator(world, "Aarhus Kommune", jens)
    kari.opens_form(CLOSE["nb"], on=FOOT["nb"])
    jens.opens_form(CLOSE["da"], on="tavlemøtene")
    kari.sends_form(answers=choice(world, "hvorfor"))
    jens.sends_form(answers=choice(world, "møteleder"))
    alta.sees("»hvorfor« én gang til", "Dette hjalp")
    alta.sees("Vi bytter møteleder", "Dette hjalp")
    alta.sees("Q-1", "Jens Holm · Aarhus Kommune, Ingrid Vik · Bodø kommune", under="tavlemøtene")


@pytest.mark.usefixtures("asked")
def test_opening_twice_says_that_it_is_open(kari: SlackPerson, world: World, alta: Room) -> None:
    kari.opens_form(CLOSE["nb"], on=FOOT["nb"])
    kari.sends_form()
    foot = alta.sees(FOOT["nb"]).inner
    assert isinstance(foot, SlackMessage)
    world.run(world.slack.press(kari.user, foot, "reopen"))
    world.run(world.slack.press(kari.user, foot, "reopen"))
    world.settle()
    kari.is_told("Q-1 er åpent.")
    assert world.count("SELECT count(*) FROM thread WHERE answered_at IS NOT NULL") == 0


@pytest.mark.usefixtures("asked")
def test_a_withdrawn_question_is_not_closed(kari: Person, aarhus: Room, world: World) -> None:
    kari.opens_form(CLOSE["nb"], on=FOOT["nb"])
    kari.deletes("liv i")
    kari.sends_form(answers=choice(world, "hvorfor"))
    kari.is_told("Spørsmål Q-1 er trukket tilbake.")
    aarhus.sees("Q-1", "Trukket tilbage")
    aarhus.does_not_see("Besvaret")
    assert world.count("SELECT count(*) FROM reply WHERE helped IS NOT NULL") == 0


@pytest.mark.usefixtures("asked")
def test_an_answer_of_another_question_cannot_be_picked(
    kari: Person, jens: TeamsPerson, ingrid: Person, world: World
) -> None:
    jens.asks("Hvem deltager i jeres tavlemøder?")
    ingrid.replies("Alle som vil.", under="Hvem deltager")
    other = choice(world, "Alle som vil")
    jens.opens_form(CLOSE["da"], on="Q-2")
    jens.sends_form(answers=f"{choice(world, 'hvorfor')},{other},x,9" + "9" * 30)
    assert choice(world, "Alle som vil") == other
    marked = "SELECT id FROM reply WHERE helped IS NOT NULL"
    assert world.count(f"SELECT count(*) FROM ({marked}) AS marked") == 1  # noqa: S608
    assert world.count(marked) == int(other)


@pytest.mark.usefixtures("asked")
def test_a_question_of_another_network_is_not_closed(
    kari: Person, jens: TeamsPerson, world: World
) -> None:
    kari.opens_form(CLOSE["nb"], on=FOOT["nb"])
    with world.village.mellom.writers.begin() as uow:
        other = networks.create_network(uow, "Sør", "nb")
    world.change(f"UPDATE thread SET network = {other}")  # noqa: S608
    kari.sends_form()
    assert world.count("SELECT count(*) FROM thread WHERE answered_at IS NOT NULL") == 0


def answers(world: World, count: int) -> None:
    """So many answers more to the one question, as long as they are here."""
    asker = "SELECT member, organisation, account, conversation FROM thread"
    [(member, organisation, account, place)] = world.rows(asker)
    with world.village.mellom.writers.begin() as uow:
        for number in range(count):
            threads.answer(
                uow,
                thread_id=1,
                organisation_id=organisation,
                member=member,
                account_id=account,
                conversation=place,
                message=None,
                body=Text.of(f"Nummer {number} er " + "langt og " * 10).dump(),
            )


def test_long_answers_are_cut_at_a_word_and_the_oldest_can_still_be_chosen(
    kari: SlackPerson, jens: TeamsPerson, world: World, bodo: Room
) -> None:
    kari.asks(QUESTION)
    jens.replies("Vi spørger »hvorfor« én gang til.", under="tavlemøtene")
    world.later(minutes=1)
    answers(world, 20)
    kari.opens_form(CLOSE["nb"], on=FOOT["nb"])
    labels = choices(kari)
    assert len(labels) == 21
    assert all(len(label) <= 75 for label in labels)
    assert all(label.endswith(("langt …", "og …")) for label in labels[:-1])
    kari.sends_form(answers=choice(world, "hvorfor"))
    bodo.sees("»hvorfor« én gang til", "Dette hjalp", under="tavlemøtene")


@pytest.mark.parametrize("name", ["Kari Nilsen", "Jens Holm"])
def test_the_form_says_so_when_it_does_not_list_all_answers(name: str, world: World) -> None:
    person = world.person(name)
    person.asks(QUESTION)
    answers(world, 99)
    close = CLOSE["nb" if name == "Kari Nilsen" else "da"]
    person.opens_form(close, on="Svar fra de andre")
    assert "De 100 " not in (person.form or "")
    answers(world, 2)
    person.opens_form(close, on="Svar fra de andre")
    assert "De 100 " in (person.form or "")


@pytest.mark.usefixtures("asked")
def test_an_answer_that_helped_and_is_taken_away_is_named_no_more_until_it_is_back(
    kari: Person, jens: TeamsPerson, world: World, alta: Room, bodo: Room
) -> None:
    kari.opens_form(CLOSE["nb"], on=FOOT["nb"])
    kari.sends_form(answers=choice(world, "hvorfor"))
    message = jens.message("hvorfor").inner
    assert isinstance(message, TeamsMessage)
    jens.deletes("hvorfor")
    for room in (alta, bodo):
        room.sees("Q-1", "Besvart")
        room.does_not_see("Dette hjalp")
    jens.undeletes(message)
    bodo.sees("Q-1", "Dette hjalp", "Jens Holm · Aarhus Kommune")
    bodo.sees("hvorfor", "Dette hjalp.")


def test_an_answer_from_a_form_that_helped_and_is_withdrawn_is_named_no_more(
    kari: Person, jens: TeamsPerson, world: World, bodo: Room
) -> None:
    kari.asks(QUESTION)
    jens.opens_form("Svar", on="tavlemøtene")
    jens.sends_form(answer="Vi spørger »hvorfor«.")
    kari.opens_form(CLOSE["nb"], on=FOOT["nb"])
    kari.sends_form(answers=choice(world, "hvorfor"))
    bodo.sees("Q-1", "Dette hjalp", "Jens Holm")
    jens.opens_form("Ret eller træk tilbage", on="hvorfor")
    jens.sends_form(text="")
    bodo.does_not_see("Dette hjalp")


def test_a_choice_is_cut_between_two_characters(kari: SlackPerson, jens: Person) -> None:
    family = "👩‍👩‍👧‍👦"
    kari.asks(QUESTION)
    for letters in range(1, 8):
        jens.replies("a" * letters + family * 20, under="tavlemøtene")
    kari.opens_form(CLOSE["nb"], on=FOOT["nb"])
    labels = choices(kari)
    assert len(labels) == 7
    assert all(label.endswith(f"{family}…") for label in labels)
