"""What an operator can see of a message: where each copy stands, and what is on its way."""

from __future__ import annotations

from adapters.playground import faults
from storage import inside
from tests.conversation import Person, Room, World
from tests.test_joining import code

QUESTION = "Hvordan får dere liv i tavlemøtene?"


def post_of(world: World, room: Room, words: str) -> inside.Post:
    """The post that the message with these words is a copy of."""
    message = room.sees(words)
    with world.village.mellom.writers.begin() as uow:
        found = inside.post_at(uow, [room.inner.channel.id], message.id)
    assert found is not None
    return found


def test_a_question_stands_in_every_room_and_is_its_authors_own_in_one(
    kari: Person, world: World, alta: Room, aarhus: Room
) -> None:
    kari.asks(QUESTION)
    found = post_of(world, aarhus, "tavlemøtene")
    assert found == post_of(world, alta, "tavlemøtene")
    assert (found.kind, found.number, found.version, found.gone) == ("question", 1, 1, False)
    stands = {copy.organisation: (copy.state, copy.native) for copy in found.copies}
    assert stands.pop("Alta kommune") == ("shown", True)
    assert set(stands.values()) == {("shown", False)}
    assert len(stands) == 3


def test_an_answer_has_its_questions_number(
    kari: Person, jens: Person, world: World, alta: Room
) -> None:
    kari.asks(QUESTION)
    jens.replies("Vi spørger altid.", under="tavlemøtene")
    found = post_of(world, alta, "Vi spørger altid.")
    assert (found.kind, found.number) == ("answer", 1)


def test_a_question_is_followed_from_asked_to_marked(
    kari: Person, jens: Person, world: World
) -> None:
    kari.asks(QUESTION)
    assert asked(world) == [(1, 0, False)]
    jens.replies("Vi spørger altid.", under="tavlemøtene")
    assert asked(world) == [(1, 1, False)]
    kari.presses("Merk som besvart", on="Spørsmål Q-1")
    kari.sends_form()
    assert asked(world) == [(1, 1, True)]


def asked(world: World) -> list[tuple[int, int, bool]]:
    with world.village.mellom.writers.begin() as uow:
        return [(one.number, one.answers, one.marked) for one in inside.questions(uow)]


def test_what_waits_after_a_fault_is_counted_and_can_be_hurried(
    kari: Person, world: World, aarhus: Room
) -> None:
    key = aarhus.inner.channel.id
    down = world.teams.faults.add(faults.status(503), conversation=key, times=None)
    kari.asks(QUESTION)
    writers = world.village.mellom.writers
    with writers.begin() as uow:
        assert inside.on_their_way(uow) == {key: 1}
        assert (key, "") not in inside.messages(uow)
    world.teams.faults.heal(down)
    with writers.begin() as uow:
        inside.hurry(uow, [key])
    world.run(world.village.settle())
    aarhus.sees_once("tavlemøtene")
    with writers.begin() as uow:
        assert inside.on_their_way(uow) == {}


def test_everybody_is_known_by_role_organisation_and_language(kari: Person, world: World) -> None:
    kari.says(f"@Mellom join {code(world, 'Alta kommune', role='facilitator')}")
    with world.village.mellom.writers.begin() as uow:
        assert ("facilitator", "Alta kommune", "nb") in inside.members(uow).values()
