"""What Slack tells of a message in several events, in whatever order they come."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

from adapters.playground.slack.stand_in import Delivery
from adapters.playground.slack.stand_in import Message as SlackMessage
from tests.conversation import Person, Room, SlackPerson, World

QUESTION = "Hvordan får dere liv i tavlemøtene?"
Act = Callable[[int], list[Delivery]]


def in_every_order(world: World, act: Act, check: Callable[[int], None]) -> None:
    """Do the same again and again, and let what it makes Slack send arrive in each order."""
    number, orders = 0, 1
    while number < orders:
        made = act(number)
        every = list(permutations(range(len(made))))
        orders = len(every)
        world.slack.queue[:] = [made[place] for place in every[number]]
        world.settle()
        world.later(minutes=3)
        check(number)
        number += 1
    assert number > 1


def says(
    person: SlackPerson, text: str, under: str | None = None, *, broadcast: bool = False
) -> SlackMessage:
    """They write; what Slack tells of it waits on the stand-in."""
    slack = person.world.slack
    said = slack.say(person.user, person.room.channel, text, thread_ts=under, broadcast=broadcast)
    return person.world.run(said)


def waiting(world: World) -> list[Delivery]:
    made, world.slack.queue[:] = list(world.slack.queue), []
    return made


def test_a_question_edited_within_seconds_stands_once_as_it_reads_last(
    kari: SlackPerson, world: World, aarhus: Room
) -> None:
    def act(number: int) -> list[Delivery]:
        message = says(kari, f"@Mellom Hvordan staver dere tavlemøtr {number}?")
        world.run(world.slack.edit(message, f"@Mellom Hvordan staver dere tavlemøter {number}?"))
        return waiting(world)

    def check(number: int) -> None:
        aarhus.sees_once(f"tavlemøter {number}?")
        aarhus.does_not_see("tavlemøtr")

    in_every_order(world, act, check)


def test_a_reply_edited_within_seconds_may_come_before_its_question(
    kari: SlackPerson, world: World, aarhus: Room, bodo: Room
) -> None:
    ola = kari.room.person("Ola Berg")
    assert isinstance(ola, SlackPerson)

    def act(number: int) -> list[Delivery]:
        question = says(kari, f"@Mellom Hva gjør dere i tilfelle {number}?")
        waiting_question = waiting(world)[:1]  # Its `app_mention` says the same.
        reply = says(ola, f"Førstt {number}", question.ts)
        world.run(world.slack.edit(reply, f"Sist {number}"))
        return waiting_question + waiting(world)

    def check(number: int) -> None:
        for room in (aarhus, bodo):
            room.sees("Ola Berg", f"Sist {number}", under=f"tilfelle {number}?")
            room.sees_once(f"Sist {number}")
            room.does_not_see("Førstt")

    in_every_order(world, act, check)


def test_a_reply_that_was_deleted_is_nowhere_whatever_came_first(
    kari: SlackPerson, ingrid: SlackPerson, world: World, alta: Room, aarhus: Room, bodo: Room
) -> None:
    kari.asks(QUESTION)
    root = bodo.root("tavlemøtene")

    def act(number: int) -> list[Delivery]:
        reply = says(ingrid, f"Feil {number}", root)
        world.run(world.slack.edit(reply, f"Mer feil {number}"))
        world.run(world.slack.delete(reply))
        return waiting(world)

    def check(number: int) -> None:
        for room in (alta, aarhus):
            room.does_not_see("eil")

    in_every_order(world, act, check)
    assert world.count("SELECT count(*) FROM reply WHERE body LIKE '%eil%'") == 0


def test_a_reply_also_sent_to_the_channel_is_one_answer(
    kari: SlackPerson, ingrid: SlackPerson, world: World, alta: Room, aarhus: Room, bodo: Room
) -> None:
    kari.asks(QUESTION)
    root = bodo.root("tavlemøtene")

    def act(number: int) -> list[Delivery]:
        reply = says(ingrid, f"@Mellom Til alle {number}", root, broadcast=True)
        # A second telling of it, as an edit that changes no word.
        reply.channel.change(reply, subtype="thread_broadcast")
        return waiting(world)

    def check(number: int) -> None:
        for room in (alta, aarhus):
            room.sees("Ingrid Vik · Bodø kommune", f"Til alle {number}", under="tavlemøtene")
            room.sees_once(f"Til alle {number}")
            assert "Redige" not in room.sees(f"Til alle {number}").words

    in_every_order(world, act, check)
    assert world.count("SELECT count(*) FROM thread") == 1


def test_a_reply_sent_to_the_channel_afterwards_is_still_one_answer(
    kari: SlackPerson, ingrid: SlackPerson, world: World, alta: Room, bodo: Room
) -> None:
    kari.asks(QUESTION)
    root = bodo.root("tavlemøtene")

    def act(number: int) -> list[Delivery]:
        reply = says(ingrid, f"Først her {number}", root)
        reply.channel.change(reply, subtype="thread_broadcast")
        return waiting(world)

    def check(number: int) -> None:
        alta.sees_once(f"Først her {number}")
        assert "Redigert." not in alta.sees(f"Først her {number}").words

    in_every_order(world, act, check)


def test_a_broadcast_in_a_thread_of_ones_own_does_not_cross(
    kari: SlackPerson, ingrid: SlackPerson, world: World, aarhus: Room
) -> None:
    talk = says(ingrid, "Lunsj?")
    says(ingrid, "Klokka tolv, alle sammen.", talk.ts, broadcast=True)
    world.settle()
    world.later(minutes=3)
    aarhus.does_not_see("Klokka tolv")


def test_a_file_is_named_and_its_answer_edited_in_either_order(
    kari: SlackPerson, ingrid: SlackPerson, world: World, alta: Room, aarhus: Room, bodo: Room
) -> None:
    kari.asks(QUESTION)
    root = bodo.root("tavlemøtene")

    def act(number: int) -> list[Delivery]:
        slack, files = world.slack, [(f"tavle-{number}.png", 240_000)]
        reply = world.run(
            slack.say(ingrid.user, ingrid.room.channel, "Seh her", thread_ts=root, files=files)
        )
        world.run(slack.edit(reply, f"Se her {number}"))
        return waiting(world)

    def check(number: int) -> None:
        for room in (alta, aarhus):
            room.sees_once(f"Se her {number}", f"tavle-{number}.png")
            room.does_not_see("Seh her")
            room.does_not_see("files.slack.com")

    in_every_order(world, act, check)


def test_a_question_with_a_file_names_it(kari: SlackPerson, world: World, aarhus: Room) -> None:
    def act(number: int) -> list[Delivery]:
        text, files = f"@Mellom Hva synes dere om tavle {number}?", [(f"tavle-{number}.png", 9000)]
        world.run(world.slack.say(kari.user, kari.room.channel, text, files=files))
        return waiting(world)

    def check(number: int) -> None:
        aarhus.sees_once(f"synes dere om tavle {number}?", f"tavle-{number}.png")

    in_every_order(world, act, check)


def test_a_link_that_is_shown_with_a_preview_is_no_edit(
    kari: SlackPerson, ingrid: Person, world: World, bodo: Room
) -> None:
    kari.asks("Har dere lest https://eksempel.example/tavle om tavlemøter?")
    message = kari.message("lest").inner
    assert isinstance(message, SlackMessage)
    world.act(world.slack.unfurl(message, "https://eksempel.example/tavle"))
    assert "Redigert." not in bodo.sees("Har dere lest").words
