"""What the bot says in a channel can be read in the other languages of the network."""

from __future__ import annotations

from tests.conversation import Person, Room, World
from tests.test_joining import VADSO, code

HELLO = {"nb": "har koblet kanalen til", "da": "har forbundet kanalen med"}


def test_a_card_of_the_channel_is_shown_in_the_other_language_to_whoever_asks(
    kari: Person, jens: Person, alta: Room, aarhus: Room
) -> None:
    kari.presses("Vis på dansk", on=HELLO["nb"])
    kari.is_told("Kari Nilsen", HELLO["da"])
    alta.does_not_see(HELLO["da"])

    jens.presses("Vis på bokmål", on=HELLO["da"])
    jens.is_told("Jens Holm", HELLO["nb"])
    aarhus.does_not_see(HELLO["nb"])


def test_the_text_to_confirm_can_be_read_before_anybody_takes_part(world: World) -> None:
    vadso = world.opens(VADSO)
    somebody = vadso.person(VADSO.people[0])
    members = world.count("SELECT count(*) FROM member")
    somebody.says(f"@Mellom join {code(world, VADSO.name)}")
    somebody.presses("Vis på dansk", on="Mellom for Nord")
    somebody.is_told("Intet forlader kanalen")
    assert world.count("SELECT count(*) FROM member") == members


def test_peoples_own_words_stay_as_they_were_written(
    world: World, kari: Person, ingrid: Person
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    vadso = world.opens(VADSO)
    somebody = vadso.person(VADSO.people[0])
    somebody.says(f"@Mellom join {code(world, VADSO.name)}")
    somebody.presses("Bekreft og koble til", on="Mellom for Nord")
    somebody.presses("Vis på dansk", on="Åpne spørsmål")
    somebody.is_told("Åbne spørgsmål", "Hvordan får dere liv i tavlemøtene?")


def test_nothing_that_stands_elsewhere_is_shown_whatever_the_client_names(
    world: World, kari: Person
) -> None:
    world.change("UPDATE post SET subject = subject + 100 WHERE kind = 'hello'")
    kari.presses("Vis på dansk", on=HELLO["nb"])
    kari.is_told("Dette står ikke her lenger")
