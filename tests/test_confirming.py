"""What a channel has confirmed: it can be read there, and taken back; then nothing crosses."""

from __future__ import annotations

import pytest

from adapters.playground import faults
from tests.conversation import Person, Room, SlackPerson, TeamsPerson, World
from tests.lists import joins, shows_here
from tests.test_joining import SKIVE, VADSO, code

QUESTION = "Hvordan får dere liv i tavlemøtene?"
BOTH = pytest.mark.parametrize("name", ["Ingrid Vik", "Lars Krogh"], ids=["slack", "teams"])
WORDS = {"slack": "avtale", "teams": "aftale"}
CARD = {"slack": "Det denne kanalen har bekreftet", "teams": "Det, denne kanal har bekræftet"}
WITHDRAW = {"slack": "Trekk tilbake", "teams": "Træk tilbage"}
CONFIRM = {"slack": "Bekreft og koble til", "teams": "Bekræft og tilslut"}
TAKEN_BACK = {"slack": "Trukket tilbake av", "teams": "Trukket tilbage af"}
LEFT = {"slack": "er ikke lenger med", "teams": "er ikke længere med"}


def platform(person: Person) -> str:
    return person.room.inner.town.platform


def reads_it(person: Person) -> None:
    person.says(f"@Mellom {WORDS[platform(person)]}")


def withdraws(person: Person) -> None:
    """The first of a room's people confirmed it, and may do this."""
    reads_it(person)
    person.opens_form(WITHDRAW[platform(person)], on=CARD[platform(person)])
    person.sends_form()


@pytest.fixture
def who(name: str, world: World) -> Person:
    """Whoever confirmed the channel of Bodø, or of Randers."""
    return world.person(name)


@BOTH
def test_what_was_confirmed_can_be_read_with_who_and_when(who: Person) -> None:
    reads_it(who)
    card = who.room.sees(CARD[platform(who)])
    for words in (who.name, who.room.inner.town.name, "2027", "kl."):
        assert words in card.words
    assert "innsyn" in card.words or "aktindsigt" in card.words
    assert "samtykke" not in card.words.lower()


def test_by_command_only_that_person_sees_it(kari: SlackPerson, alta: Room) -> None:
    kari.commands("avtale")
    kari.is_told(CARD["slack"], "Kari Nilsen")
    alta.does_not_see(CARD["slack"])


@BOTH
def test_in_a_thread_the_words_are_no_answer(who: Person, kari: Person, world: World) -> None:
    kari.asks(QUESTION)
    who.replies(f"@Mellom {WORDS[platform(who)]}", under="tavlemøtene")
    who.room.sees(CARD[platform(who)], under="tavlemøtene")
    assert world.count("SELECT count(*) FROM reply") == 0


def test_elsewhere_it_is_said_where_to_ask(kari: SlackPerson, jens: TeamsPerson) -> None:
    for person in (kari, jens):
        person.asks(QUESTION)
        person.writes_privately(WORDS[platform(person)])
    kari.reads_privately("i kanalen det gjelder")
    jens.reads_privately("i den kanal, det gælder")


@BOTH
def test_before_it_is_withdrawn_it_is_said_what_that_means(who: Person, world: World) -> None:
    reads_it(who)
    who.opens_form(WITHDRAW[platform(who)], on=CARD[platform(who)])
    assert "KODE" in (who.form or "")
    assert world.count("SELECT count(*) FROM room WHERE state = 'active'") == 4


@BOTH
def test_from_that_moment_nothing_crosses_in_either_direction(
    who: Person, kari: Person, jens: Person, alta: Room, aarhus: Room
) -> None:
    kari.asks(QUESTION)
    who.replies("Vi bytter leder.", under="tavlemøtene")
    withdraws(who)
    kari.asks("Hvem deltar i tavlemøtene?")
    jens.replies("Vi spørger hvorfor.", under="liv i tavlemøtene")
    kari.edits("liv i", to="@Mellom Hvordan holder dere tavlemøtene korte?")
    for words in ("Hvem deltar", "hvorfor", "tavlemøtene korte"):
        who.room.does_not_see(words)
    who.replies("Vi bytter hver uke.", under="liv i tavlemøtene")
    who.asks("Hva gjør dere når ingen kommer?")
    who.edits("bytter leder", to="Vi bytter leder hver dag.")
    for room in (alta, aarhus):
        room.sees("Vi bytter leder.")
        for words in ("hver uke", "ingen kommer", "hver dag"):
            room.does_not_see(words)


@BOTH
def test_the_channel_is_told_once_what_became_of_what_has_crossed(
    who: Person, world: World
) -> None:
    withdraws(who)
    words = LEFT[platform(who)]
    told = who.room.sees(words, who.name, "KODE", "2027")
    assert told.by_bot
    who.room.sees_once(words)
    card = who.room.sees("Mellom for Nord", TAKEN_BACK[platform(who)])
    assert who.name in card.words
    reading = who.room.sees(CARD[platform(who)])
    assert TAKEN_BACK[platform(who)] in reading.words


@BOTH
def test_what_waits_for_delivery_there_is_not_delivered(
    who: Person, world: World, kari: Person
) -> None:
    stand_in = world.slack if platform(who) == "slack" else world.teams
    channel = who.room.inner.channel.id
    reads_it(who)
    who.opens_form(WITHDRAW[platform(who)], on=CARD[platform(who)])
    stand_in.faults.add(faults.rate_limited(60), conversation=channel, times=3)
    kari.asks(QUESTION)
    who.sends_form()
    world.later(minutes=10)
    who.room.does_not_see("tavlemøtene")
    who.room.sees(LEFT[platform(who)])
    # Nor is it shown by itself, should the channel come back.
    assert world.count("SELECT count(*) FROM copy WHERE state = 'dropped' AND reason = 'left'") == 1


@BOTH
def test_what_its_people_wrote_and_waits_elsewhere_does_not_come_any_more(
    who: Person, world: World, aarhus: Room, alta: Room, kari: Person
) -> None:
    kari.asks(QUESTION)
    world.teams.faults.add(faults.rate_limited(120), conversation=aarhus.channel.id, times=None)  # type: ignore[attr-defined]
    who.replies("Vi bytter leder.", under="tavlemøtene")
    alta.sees("Vi bytter leder.")
    withdraws(who)
    world.teams.faults.heal()
    world.later(minutes=10)
    aarhus.does_not_see("bytter leder")
    alta.sees("Vi bytter leder.")


@BOTH
def test_whoever_wrote_something_can_still_take_it_back(
    who: Person, alta: Room, aarhus: Room, kari: Person
) -> None:
    kari.asks("Hvem deltar i tavlemøtene?")
    who.asks(QUESTION)
    who.replies("Vi bytter leder.", under="Hvem deltar")
    who.opens_form("Svar", on="Hvem deltar")
    who.sends_form(answer="Og vi bytter sted.")
    alta.sees("bytter sted")
    withdraws(who)
    who.deletes("bytter leder")
    who.deletes("liv i")
    change = {"slack": "Endre eller trekk", "teams": "Ret eller træk tilbage"}[platform(who)]
    who.opens_form(change, on="bytter sted")
    who.sends_form()
    for room in (alta, aarhus):
        for words in ("bytter leder", "liv i", "bytter sted"):
            room.does_not_see(words)


def test_somebody_else_takes_nothing_back(world: World, ingrid: Person, alta: Room) -> None:
    ingrid.asks(QUESTION)
    ingrid.room.person("Nils Haug").asks("Hvem deltar i tavlemøtene?")
    withdraws(ingrid)
    nils = ingrid.room.person("Nils Haug")
    nils.presses("Endre eller trekk", on="Q-1 står")
    nils.is_told("Bare den som skrev det")
    alta.sees("liv i")


@BOTH
@pytest.mark.parametrize("role", ["member", "reader", "manager", "coordinator", "facilitator"])
def test_only_some_may_withdraw_it(role: str, who: Person, world: World) -> None:
    neighbour = who.room.person(next(n for n in who.room.inner.people if n != who.name))
    reads_it(neighbour)
    world.change(
        f"UPDATE member SET role = '{role}' WHERE id = (SELECT max(id) FROM member)"  # noqa: S608
    )
    neighbour.presses(WITHDRAW[platform(who)], on=CARD[platform(who)])
    if role in ("coordinator", "facilitator"):
        neighbour.sends_form()
        who.room.sees(LEFT[platform(who)], neighbour.name)
    else:
        neighbour.is_told(who.room.inner.town.name)
        assert world.count("SELECT count(*) FROM room WHERE state = 'active'") == 4


def test_a_coordinator_of_another_organisation_may_not(world: World, ingrid: Person) -> None:
    nils = ingrid.room.person("Nils Haug")
    reads_it(nils)
    world.change(
        "UPDATE member SET role = 'coordinator', organisation = "
        "(SELECT id FROM organisation WHERE name = 'Alta kommune') "
        "WHERE id = (SELECT max(id) FROM member)"
    )
    nils.presses("Trekk tilbake", on=CARD["slack"])
    nils.is_told("Bodø kommune")
    assert world.count("SELECT count(*) FROM room WHERE state = 'active'") == 4


@BOTH
def test_a_form_that_is_sent_twice_withdraws_once(who: Person, world: World) -> None:
    withdraws(who)
    reading = CARD[platform(who)]
    assert WITHDRAW[platform(who)] + "\n" not in who.room.sees(reading).words
    assert world.count("SELECT count(*) FROM room WHERE ended_by IS NOT NULL") == 1


@BOTH
def test_the_facilitators_are_told(who: Person, world: World, kari: SlackPerson) -> None:
    kari.asks(QUESTION)
    world.change("UPDATE member SET role = 'facilitator'")
    withdraws(who)
    world.later(days=1)
    kari.reads_privately(who.room.inner.town.name, "trukket tilbake")


@BOTH
def test_the_channel_comes_back_with_a_new_code(
    who: Person, world: World, kari: Person, alta: Room
) -> None:
    who.asks(QUESTION)
    withdraws(who)
    kari.asks("Hvem deltar i tavlemøtene?")
    who.says(f"@Mellom join {code(world, who.room.inner.town.name)}")
    who.presses(CONFIRM[platform(who)], on="Mellom for Nord")
    who.room.sees("Q-2 · Hvem deltar")
    who.asks("Hvem leder dem?")
    alta.sees("Hvem leder dem?")
    assert world.count("SELECT count(*) FROM room WHERE ended_by IS NOT NULL") == 1


@BOTH
def test_what_its_people_wrote_goes_to_no_channel_that_comes_later(
    who: Person, world: World, kari: Person
) -> None:
    kari.asks("Hvem deltar i tavlemøtene?")
    who.replies("Vi bytter leder.", under="Hvem deltar")
    who.asks(QUESTION)
    withdraws(who)
    room = joins(world, VADSO if platform(who) == "teams" else SKIVE)
    room.sees("Q-1 · Hvem deltar")
    room.does_not_see("liv i tavlemøtene")
    newcomer = room.person(room.inner.town.people[0])
    thread = world.count("SELECT id FROM thread WHERE number = 1")
    shows_here(newcomer, thread, on="Q-1 ·")
    room.sees("Kari Nilsen", "Hvem deltar")
    room.does_not_see("bytter leder")


def test_a_list_that_stands_brings_it_no_more(world: World, ingrid: Person) -> None:
    ingrid.asks(QUESTION)
    room = joins(world, SKIVE)
    withdraws(ingrid)
    bo = room.person("Bo Lind")
    assert "ikke længere med" in shows_here(bo, 1, on="Q-1 ·")
    assert not any("Ingrid Vik" in seen.words and "Q-1\n" in seen.words for seen in room.everything)


@BOTH
def test_its_people_are_asked_for_nothing_any_more(who: Person, world: World, kari: Person) -> None:
    who.asks("Hvem deltar i tavlemøtene?")
    world.change(
        "UPDATE member SET role = 'coordinator' WHERE id = (SELECT max(member) FROM thread)"
    )
    world.later(days=14)
    before = len(who.private)
    withdraws(who)
    kari.asks(QUESTION)
    world.later(days=2)
    assert [seen.words for seen in who.private[before:]] == []
