"""A join code lets its reader into the network, so it never crosses, wherever it is typed."""

from __future__ import annotations

import pytest

from tests.conversation import Person, World
from tests.test_joining import code

QUESTION = "Hvordan får dere liv i tavlemøtene?"

BOTH = pytest.mark.parametrize("name", ["Kari Nilsen", "Jens Holm"])
"""One of them sits on Slack, the other on Teams."""

LABELS = {
    "Kari Nilsen": ("Still et spørsmål", "Endre eller trekk"),
    "Jens Holm": ("Stil et spørgsmål", "Ret eller træk tilbage"),
}


@pytest.fixture
def secret(world: World) -> str:
    return code(world, "Alta kommune", "facilitator")


def crossed(world: World, words: str, author: Person) -> list[str]:
    """The other rooms in which this stands."""
    others = (room for room in world.rooms.values() if room is not author.room)
    return [room.inner.town.name for room in others if room.find(words)]


@BOTH
@pytest.mark.parametrize("field", ["question", "details"])
def test_in_a_form_that_asks(world: World, name: str, field: str, secret: str) -> None:
    person = world.person(name)
    person.says("@Mellom")
    person.opens_form(LABELS[name][0], on="Mellom")
    values = {"question": QUESTION, field: f"Er det {secret} som gjelder her?"}
    person.sends_form(**values)
    person.is_told("kode")
    assert world.count("SELECT count(*) FROM thread") == 0
    person.sends_form(**(values | {field: "Er det koden som gjelder her?"}))
    if field == "details":  # Its question is plainly about a theme.
        person.confirms()
    assert len(crossed(world, "Er det koden", person)) == 3


@BOTH
def test_in_an_answer_and_where_it_is_changed(
    world: World, name: str, secret: str, ingrid: Person
) -> None:
    person = world.person(name)
    ingrid.asks(QUESTION)
    person.opens_form("Svar", on="tavlemøtene")
    person.sends_form(answer=f"Bruk _{secret}_ her.")
    person.is_told("kode")
    assert world.count("SELECT count(*) FROM reply") == 0
    person.sends_form(answer="Vi spør hvorfor.")
    person.opens_form(LABELS[name][1], on="Vi spør hvorfor.")
    person.sends_form(text=f"Bruk {secret} her.")
    person.is_told("kode")
    assert crossed(world, "Vi spør hvorfor.", person)
    assert not crossed(world, secret, person)


@BOTH
def test_in_a_message_that_is_pointed_at(world: World, name: str, secret: str) -> None:
    person = world.person(name)
    person.says(f"Kan dere hjelpe meg med {secret} her?")
    person.points_at("Kan dere").asks_the_network()
    person.is_told("kode")
    assert secret in person.typed("question")
    person.sends_form()
    assert world.count("SELECT count(*) FROM thread") == 0


@BOTH
def test_in_a_reply_that_mentions_nobody(
    world: World, name: str, secret: str, ingrid: Person
) -> None:
    person = world.person(name)
    ingrid.asks(QUESTION)
    person.replies(f"Her er {secret}, Bodø!", under="tavlemøtene")
    person.room.sees("uden koden" if name == "Jens Holm" else "uten koden", under="tavlemøtene")
    assert not crossed(world, "Bodø!", person)
    assert world.count("SELECT count(*) FROM code WHERE used_at IS NULL") == 1
    person.replies("Her er den, Bodø!", under="tavlemøtene")
    assert len(crossed(world, "Bodø!", person)) == 3


@BOTH
def test_in_an_edit(world: World, name: str, secret: str) -> None:
    person = world.person(name)
    person.asks(QUESTION)
    person.edits("tavlemøtene", to=f"@Mellom Hvordan virker {secret} for dere?")
    person.room.sees("uden koden" if name == "Jens Holm" else "uten koden", under=secret)
    assert not crossed(world, secret, person)
    world.later(minutes=1)
    person.edits(secret, to="@Mellom Hvordan virker koden for dere?")
    assert len(crossed(world, "Hvordan virker koden", person)) == 3


def test_in_the_address_of_a_link(world: World, kari: Person, secret: str) -> None:
    kari.says(f"@Mellom Hvem har prøvd <https://example.org/{secret}|dette her> før?")
    assert world.count("SELECT count(*) FROM thread") == 0


def test_a_text_full_of_words_like_codes_is_looked_up_at_once(world: World, kari: Person) -> None:
    kari.asks(QUESTION)
    kari.replies("mange dager " * 300, under="tavlemøtene")
    assert crossed(world, "mange dager", kari)
