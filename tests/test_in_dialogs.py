"""A button of what a form was answered with: Slack wants a modal above it, Teams sends it as if it
were a form."""

from __future__ import annotations

import pytest

from adapters.playground import faults
from storage import networks
from tests.conversation import Person, SlackPerson, TeamsPerson, World

QUESTION = "Hvordan leder dere tavlemøtene?"

LABELS = {"Kari Nilsen": ("Søk", "Les"), "Jens Holm": ("Søg", "Læs")}
BOTH = pytest.mark.parametrize("name", sorted(LABELS))
"""One of them sits on Slack, the other on Teams."""


def searches(person: Person, words: str) -> None:
    search = LABELS[person.name][0]
    person.says("@Mellom")
    person.opens_form(search, on="Mellom")
    person.sends_form(words=words)


@BOTH
def test_what_a_search_found_is_read_and_answered(name: str, world: World, ingrid: Person) -> None:
    person = world.person(name)
    ingrid.asks(QUESTION)
    searches(person, "tavle")
    person.presses_in_form(LABELS[name][1], on="tavlemøtene")
    assert person.form is not None
    assert "Ingrid Vik · Bodø kommune" in person.form
    person.sends_form(answer="Vi spør hvorfor.")
    person.is_told("Tak")
    ingrid.room.sees(name, "Vi spør hvorfor.", under="tavlemøtene")


@BOTH
def test_one_searches_again_and_again_from_what_was_found(
    name: str, world: World, ingrid: Person
) -> None:
    person, (search, read) = world.person(name), LABELS[name]
    ingrid.asks(QUESTION)
    searches(person, "hamsterhjul")
    for words in ("hamster", "hjul", "hamsterhjulet", "tavle"):
        person.presses_in_form(search)
        person.sends_form(words=words)
    person.presses_in_form(read, on="tavlemøtene")
    assert person.form is not None
    assert "Ingrid Vik · Bodø kommune" in person.form


@BOTH
def test_what_is_gone_by_now_is_said_where_one_looks(
    name: str, world: World, ingrid: Person
) -> None:
    person = world.person(name)
    ingrid.asks(QUESTION)
    searches(person, "tavle")
    with world.village.mellom.writers.begin() as uow:
        networks.create_network(uow, "Sør", "nb")
    world.change("UPDATE thread SET network = (SELECT max(id) FROM network)")
    person.presses_in_form(LABELS[name][1], on="tavlemøtene")
    assert {"Kari Nilsen": "borte", "Jens Holm": "væk"}[name] in (person.form or person.told)


def test_slack_shows_the_thread_above_the_list_and_the_list_when_it_is_closed(
    kari: SlackPerson, ingrid: Person, world: World
) -> None:
    ingrid.asks(QUESTION)
    searches(kari, "tavle")
    kari.presses_in_form("Les", on="tavlemøtene")
    under = kari.user.workspace.views[kari.user.id].under
    assert under is not None
    kari.user.workspace.views[kari.user.id] = under
    assert "Q-1" in (kari.form or "")


def test_slack_that_shows_no_thread_says_so(
    kari: SlackPerson, ingrid: Person, world: World
) -> None:
    ingrid.asks(QUESTION)
    searches(kari, "tavle")
    world.slack.faults.add(faults.error("internal_error"), method="views.push")
    kari.presses_in_form("Les", on="tavlemøtene")
    shown = kari.user.workspace.ephemerals(kari.user)
    assert shown


@pytest.mark.parametrize("data", [{}, {"action": ""}, {"action": "no-such"}, {"action": 7}])
def test_a_form_of_teams_that_says_nothing_changes_nothing(
    jens: TeamsPerson, world: World, data: dict[str, object]
) -> None:
    searches(jens, "tavle")
    assert jens.last is not None
    value = {**jens.last.activity["value"], "data": data}
    sent = jens.last.copy(value=value, id="forged")
    assert world.act(world.teams.send(sent)).status == 200
    assert sent.reply.json == {}
