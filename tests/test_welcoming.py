"""A newcomer is welcomed once, in private; their first message is answered by somebody."""

from __future__ import annotations

import pytest

from bot.drawn import Reader
from bot.features import private
from bot.language import LANGUAGES
from tests.conversation import Person, Room, World
from tests.test_joining import code

QUESTION = "Hvordan får dere liv i tavlemøtene?"
WELCOME = {"nb": "roboten i læringsnettverket", "da": "robotten i læringsnetværket"}
FIRST_TIME = {"nb": "har skrevet i nettverket", "da": "har skrevet i netværket"}
NO_REPLY = "har ikke fått svar ennå"


def role(world: World, person: Person, organisation: str, name: str) -> None:
    """Take a role with a code, in private."""
    person.writes_privately(f"join {code(world, organisation, name)}")


def welcomes(person: Person, language: str) -> list[str]:
    return [seen.words for seen in person.private if WELCOME[language] in seen.words]


def greetings(person: Person, language: str) -> list[str]:
    return [seen.words for seen in person.private if FIRST_TIME[language] in seen.words]


@pytest.fixture
def ola(world: World) -> Person:
    """In Alta, beside Kari."""
    return world.person("Ola Berg")


@pytest.fixture
def mette(world: World) -> Person:
    """In Aarhus, beside Jens."""
    return world.person("Mette Lund")


def test_a_first_act_makes_a_member_who_is_welcomed_once(
    world: World, ola: Person, mette: Person
) -> None:
    ola.asks(QUESTION)
    mette.replies("Vi spørger »hvorfor« én gang til.", under="tavlemøtene")
    ola.replies("Takk, det prøver vi.", under="tavlemøtene")
    assert len(welcomes(ola, "nb")) == 1
    assert len(welcomes(mette, "da")) == 1
    assert world.person("Nils Haug").private == []  # Being in the workspace makes nobody a member.


def test_a_press_is_a_first_act_too(kari: Person, mette: Person) -> None:
    kari.asks(QUESTION)
    mette.presses("Svar", on="tavlemøtene")
    assert len(welcomes(mette, "da")) == 1


def test_the_welcome_says_who_runs_the_network_and_how_to_stop(
    world: World, ola: Person, ingrid: Person
) -> None:
    role(world, ingrid, "Bodø kommune", "facilitator")
    ola.asks(QUESTION)
    (welcome,) = welcomes(ola, "nb")
    assert "Ingrid Vik leder nettverket" in welcome
    assert "Mine innstillinger" in welcome
    assert "Jeg måler ikke hva du leser" in welcome


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_welcome_is_short(language: str, world: World, kari: Person, ingrid: Person) -> None:
    """What is longer is not read on a phone."""
    role(world, ingrid, "Bodø kommune", "facilitator")
    kari.asks(QUESTION)
    welcome = world.count("SELECT min(id) FROM private")
    with world.village.mellom.writers.begin() as uow:
        card = private.card(welcome, Reader(language), uow)
    assert card is not None
    assert "Ingrid Vik" in card.plain()
    assert len(card.plain().split()) <= 80, card.plain()


def test_what_a_newcomer_is_told_waits_five_working_days(
    world: World, jens: Person, ola: Person
) -> None:
    role(world, jens, "Aarhus Kommune", "coordinator")
    ola.asks(QUESTION)
    assert greetings(jens, "da") == []  # He was welcomed today himself.
    world.later(days=6)
    assert greetings(jens, "da") == []
    world.later(days=1)
    assert len(greetings(jens, "da")) == 1


def test_the_first_message_is_answered_by_a_host_of_another_organisation(
    world: World, kari: Person, jens: Person, ola: Person
) -> None:
    role(world, jens, "Aarhus Kommune", "coordinator")
    role(world, kari, "Alta kommune", "coordinator")
    world.later(days=7)
    ola.asks(QUESTION)

    (asked,) = greetings(jens, "da")
    assert "Ola Berg" in asked
    assert "Alta kommune" in asked
    assert "du får dette, fordi det er din tur" in asked.lower()
    assert greetings(kari, "nb") == []  # Of his own organisation.
    ola.replies("Jeg mener de ukentlige.", under="tavlemøtene")
    assert len(greetings(jens, "da")) == 1  # It is no first message any more.


def test_hosts_take_turns(
    world: World, kari: Person, ola: Person, jens: Person, lars: Person
) -> None:
    role(world, jens, "Aarhus Kommune", "coordinator")
    role(world, lars, "Randers Kommune", "coordinator")
    world.later(days=7)
    ola.asks(QUESTION)
    world.later(days=1)
    kari.asks("Hvem leder tavlemøtene hos dere?")
    assert [len(greetings(one, "da")) for one in (jens, lars)] == [1, 1]


def test_after_a_working_day_without_a_reply_the_facilitator_is_asked(
    world: World, ola: Person, jens: Person, ingrid: Person
) -> None:
    role(world, jens, "Aarhus Kommune", "coordinator")
    role(world, ingrid, "Bodø kommune", "facilitator")
    world.later(days=7)
    ola.asks(QUESTION)
    world.later(days=1)
    assert not any(NO_REPLY in seen.words for seen in ingrid.private)
    world.later(days=1)
    ingrid.reads_privately("Ola Berg", NO_REPLY)


def test_a_reply_in_time_spares_the_facilitator(
    world: World, ola: Person, kari: Person, jens: Person, ingrid: Person
) -> None:
    role(world, jens, "Aarhus Kommune", "coordinator")
    role(world, ingrid, "Bodø kommune", "facilitator")
    world.later(days=7)
    ola.asks(QUESTION)
    ingrid.replies("Velkommen hit.", under="tavlemøtene")
    world.later(days=7)
    assert not any(NO_REPLY in seen.words for seen in ingrid.private)


def test_without_a_host_the_facilitator_is_asked_at_once(
    world: World, ola: Person, ingrid: Person
) -> None:
    role(world, ingrid, "Bodø kommune", "facilitator")
    world.later(days=7)
    ola.asks(QUESTION)
    ingrid.reads_privately("Ola Berg", NO_REPLY)


def test_the_switch_on_a_message_stops_its_kind(
    world: World, ola: Person, kari: Person, jens: Person
) -> None:
    role(world, jens, "Aarhus Kommune", "coordinator")
    world.later(days=7)
    ola.asks(QUESTION)
    jens.presses("Ikke flere af disse", on=FIRST_TIME["da"], privately=True)
    jens.is_told("Mine indstillinger")
    world.later(days=1)
    kari.asks("Hvem leder tavlemøtene hos dere?")
    world.later(days=7)
    assert len(greetings(jens, "da")) == 1


def test_the_room_gets_one_hello_that_names_who_brought_the_bot(
    world: World, alta: Room, aarhus: Room
) -> None:
    alta.sees_once("Kari Nilsen", "koblet kanalen")
    aarhus.sees_once("Jens Holm", "forbundet kanalen")
