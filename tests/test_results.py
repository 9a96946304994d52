"""The result of a poll: it is out once, reads the same everywhere, and somebody looks after it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from adapters.playground import faults
from adapters.playground.slack.acts import Unseen
from adapters.playground.slack.stand_in import Message as SlackMessage
from adapters.playground.teams.world import Message as TeamsMessage
from adapters.playground.village import Town
from bot.features import outcomes, pausing
from bot.language import ZONE
from storage import nominations, polls
from tests.conversation import (
    Founded,
    GoOn,
    Person,
    Room,
    SlackPerson,
    TeamsPerson,
    World,
    at_once,
)
from tests.test_asked_once import heal, is_down
from tests.test_confirming import withdraws
from tests.test_schedule import coming
from tests.test_welcoming import role

OPENS = datetime(2027, 2, 3, 9, 30, tzinfo=ZONE)
CLOSES = datetime(2027, 2, 9, 10, tzinfo=ZONE)
LATER = datetime(2027, 2, 11, 10, tzinfo=ZONE)
"""When it closes after it was extended."""

MONTH = "Månedens problemstilling"
GEMBA, BOARD, TIME = "Ledere på tur", "Tavlen på rutine", "Tiden som forsvant"
NONE_LEFT = "SELECT count(*) FROM ballot WHERE choices IS NOT NULL"


def nominates(world: World, person: Person, title: str, words: str) -> None:
    world.later(minutes=1)
    with world.village.mellom.writers.begin() as uow:
        found = uow.connection.execute(
            text(
                "SELECT m.organisation, m.id, a.id, r.conversation FROM member m"
                " JOIN membership s ON s.member = m.id JOIN account a ON a.id = s.account"
                " JOIN room r ON r.organisation = m.organisation WHERE a.name = :name"
            ),
            {"name": person.name},
        ).one()
        nominations.nominate(
            uow,
            1,
            organisation_id=found[0],
            member_id=found[1],
            account_id=found[2],
            conversation=found[3],
            title=title,
            text=words,
        )


def open_poll(world: World) -> None:
    """All eight are members, three have nominated something, two run the network, one on each
    platform, and the poll has just opened."""
    for room in world.rooms.values():
        for name in room.inner.people:
            room.person(name).says("@Mellom innstillinger")
    for name, organisation in (("Ingrid Vik", "Bodø kommune"), ("Lars Krogh", "Randers Kommune")):
        role(world, world.person(name), organisation, "facilitator")
    nominates(world, world.person("Kari Nilsen"), BOARD, "Vi sier det samme hver uke.")
    nominates(world, world.person("Jens Holm"), GEMBA, "De finder ikke tid.")
    nominates(world, world.person("Ingrid Vik"), TIME, "Ingen ser hva den brukes til.")
    world.goes_to(OPENS)
    world.later(minutes=1)


@pytest.fixture(scope="module")
def founded_open(go_on: GoOn) -> Callable[[str], Founded]:
    return functools.cache(lambda kind: go_on(kind, open_poll))


@pytest.fixture
def founded_before(founded_open: Callable[[str], Founded], database_kind: str) -> Founded:
    return founded_open(database_kind)


def vote(world: World, choices: dict[str, str]) -> None:
    """By the first names of people."""
    everybody = [room.person(name) for room in world.rooms.values() for name in room.inner.people]
    for person in everybody:
        if chosen := choices.get(person.name.partition(" ")[0]):
            person.opens_form("Stem", on=MONTH)
            person.sends_form(choices=chosen)


def have_voted(world: World, choices: dict[str, str]) -> None:
    """The same, where it is not the voting that a scene is about."""
    with world.village.mellom.writers.begin() as uow:
        for name, chosen in choices.items():
            statement = (
                "SELECT s.member FROM membership s JOIN account a ON a.id = s.account"
                " WHERE a.name LIKE :name"
            )
            found = uow.connection.execute(text(statement), {"name": f"{name} %"}).scalar_one()
            polls.cast(uow, 1, found, [int(place) for place in chosen.split(",")])


GEMBA_WINS = {
    "Kari": "2",
    "Ola": "2,3",
    "Jens": "2",
    "Mette": "1",
    "Ingrid": "3",
    "Nils": "3",
    "Lars": "2",
}
"""Of 1 (the board), 2 (the managers at gemba) and 3 (the time)."""


def closes(world: World, at: datetime = CLOSES) -> None:
    world.goes_to(at)
    world.later(minutes=1)


def test_what_an_organisation_suggested_that_is_out_crosses_no_more(
    world: World, alta: Room, bodo: Room, jens: Person
) -> None:
    have_voted(world, {**GEMBA_WINS, "Kari": "2", "Ola": "1,2"})
    withdraws(jens)
    before = [seen.id for seen in (*alta.everything, *bodo.everything)]
    closes(world)
    after = [seen for seen in (*alta.everything, *bodo.everything) if seen.id not in before]
    assert after
    assert not [seen.words for seen in after if GEMBA in seen.words or "Jens" in seen.words]
    assert world.count(NONE_LEFT) == 0


def test_what_won_is_asked_in_the_name_of_whoever_nominated_it_and_the_rest_stays(
    world: World, alta: Room, bodo: Room, aarhus: Room, randers: Room, kari: Person, jens: Person
) -> None:
    vote(world, GEMBA_WINS)
    [(ola, organisation)] = world.rows(
        "SELECT m.id, m.organisation FROM member m JOIN membership s ON s.member = m.id"
        " JOIN account a ON a.id = s.account WHERE a.name = 'Ola Berg'"
    )
    gemba = int(nomination(world, GEMBA))
    with world.village.mellom.writers.begin() as uow:
        nominations.back(uow, gemba, ola, organisation)
    told = [one for one in coming(world) if "the poll closes" in one.what]
    assert [(one.at, one.why) for one in told] == [(CLOSES, "it has been open for long enough")]
    world.goes_to(CLOSES - timedelta(seconds=1))
    assert world.count(NONE_LEFT) == 7
    alta.does_not_see("Q-1")
    closes(world)
    assert world.count(NONE_LEFT) == 0
    at_least, at_most = "minst 35\u00a0%", "høyst 25\u00a0%"
    ranks = f"1. {GEMBA} · {at_least}", f"2. {TIME} · ca. 30\u00a0%", f"3. {BOARD} · {at_most}"
    danish = tuple(line.replace("minst", "mindst").replace("høyst", "højst") for line in ranks)
    for room in (alta, bodo):
        poll = room.sees(f"Nettverket har valgt «{GEMBA}»", "Ansvarlig: Jens Holm", "(Q-1)", *ranks)
        assert "Hver organisasjon teller likt" in poll.words
        assert "Aarhus Kommune, Alta kommune, Bodø kommune, Randers Kommune" in poll.words
        assert "Stem]" not in poll.words
    for room in (aarhus, randers):
        room.sees(f"Netværket har valgt »{GEMBA}«", "Ansvarlig: Jens Holm", "(Q-1)", *danish)
    for room in world.rooms.values():
        asked = room.sees(
            f"{MONTH} · Sp", "Q-1", "Jens Holm · Aarhus Kommune", "De finder ikke tid."
        )
        shown = ranks if room in (alta, bodo) else danish
        assert all(rank in asked.words for rank in ("Resultat", *shown))
        room.sees_once("Jens Holm · Aarhus Kommune", "De finder ikke tid.", "Q-1\n")

    wanted = alta.sees(f"{MONTH} · Sp", "Andre som ønsker den: 1")
    assert "Ola Berg" not in wanted.words
    assert letters(jens, "Dit forslag blev valgt", "Q-1", GEMBA)

    kari.replies("Vi har satt av en fast time.", under="De finder ikke tid.")
    randers.sees("Kari Nilsen · Alta kommune", "en fast time", under="De finder ikke tid.")
    jens.opens_form("Ret eller træk tilbage", on="De finder ikke tid.")
    jens.sends_form(text="Vores ledere finder ikke tid. Hvad virker?", details="")
    alta.sees("Q-1", "Hvad virker?", f"1. {GEMBA}", "Redigert")
    jens.opens_form("Ret eller træk tilbage", on="Hvad virker?")
    jens.sends_form(text="", details="")
    alta.sees("Q-1", "Trukket tilbake")
    alta.does_not_see(f"1. {GEMBA}")
    alta.sees("1. Trukket tilbake", f"2. {TIME}")
    # Its words come back nowhere.
    assert world.count(f"SELECT count(*) FROM nomination WHERE title = '{GEMBA}'") == 0  # noqa: S608
    ingrid = world.person("Ingrid Vik")
    ingrid.writes_privately("nettverket")
    assert not letters(ingrid, "Ta den med til workshopen")

    # What lost is proposed for the next month, with those who want it.
    world.goes_to(datetime(2027, 2, 24, 12, tzinfo=ZONE))
    [(march,)] = world.rows("SELECT id FROM poll WHERE state = 'planned'")
    with world.village.mellom.writers.begin() as uow:
        listed = nominations.in_order(uow, 1, polls.listed(uow, march))
    assert [one.title for one in listed[:2]] == [BOARD, TIME]
    assert all(one.key for one in listed[2:])


def test_the_rule_that_decided_between_equals_is_named(
    world: World, alta: Room, aarhus: Room
) -> None:
    """Though Jens and Lars have voted alone in their organisations."""
    have_voted(
        world, {"Kari": "1", "Ola": "1", "Jens": "1", "Ingrid": "3", "Nils": "3", "Lars": "3"}
    )
    closes(world)
    alta.sees(f"Nettverket har valgt «{BOARD}»", "Hvis de første", "Denne ble foreslått først")
    aarhus.sees(f"Netværket har valgt »{BOARD}«", "Denne blev foreslået først")
    alta.sees("Også på listen", GEMBA, TIME, "Vi viser ikke mer")
    alta.does_not_see("2. ")
    alta.sees(f"{MONTH} · Sp", "Kari Nilsen · Alta kommune", "Denne ble foreslått først")


def test_where_a_ballot_could_be_told_from_a_tie_the_rules_alone_are_told(
    world: World, alta: Room, aarhus: Room
) -> None:
    """In Aarhus nobody has voted, and in Randers Lars alone."""
    have_voted(world, {"Kari": "1", "Ola": "1", "Ingrid": "3", "Nils": "3", "Lars": "1,3"})
    closes(world)
    alta.sees(f"Nettverket har valgt «{BOARD}»", "Hvis de første står likt", "Vi viser ikke mer")
    aarhus.sees(f"Netværket har valgt »{BOARD}«", "Hvis de første står lige")
    alta.does_not_see("De første sto likt")


# ---- few have voted


def letters(person: Person, *words: str) -> list[str]:
    return [one.words for one in person.private if all(word in one.words for word in words)]


def test_few_votes_extend_it_once_and_then_whoever_runs_the_network_chooses(
    world: World, alta: Room, aarhus: Room, ingrid: Person, lars: Person, kari: Person
) -> None:
    nils, jens = world.person("Nils Haug"), world.person("Jens Holm")
    change(world, nils, "away_until = '2027-02-10'")
    have_voted(world, {"Kari": "1"})
    kari.says("@Mellom")
    menu = "Avstemningen om månedens problemstilling er åpen til"
    alta.sees_once(f"{menu} tirsdag 9. februar")
    closes(world)
    alta.sees(MONTH, "torsdag 11. februar kl. 10.00", "Få hadde stemt, så den er åpen lenger")
    alta.sees_once(f"{menu} torsdag 11. februar")
    alta.does_not_see(f"{menu} tirsdag")
    alta.does_not_see("Resultat")
    told = [one for one in coming(world) if "the poll closes" in one.what]
    assert [(one.at, one.why) for one in told] == [(LATER, "it was extended")]
    # Asked once are those who have not voted, where nobody has.
    asks_nb = ("åpen til torsdag 11. februar kl. 10.00", "stemmer fra Bodø kommune")
    assert len(letters(ingrid, *asks_nb, "Vil du være med og velge?")) == 1
    for person, name in ((jens, "Aarhus Kommune"), (lars, "Randers Kommune")):
        assert len(letters(person, "indtil videre stemmer fra " + name, "være med til")) == 1
    for person in (kari, world.person("Ola Berg"), nils):
        assert not letters(person, "vstemningen om")
    ingrid.presses("Stem", on="stemmer fra Bodø", privately=True)
    ingrid.sends_form(choices="2")
    world.goes_to(LATER - timedelta(minutes=1))
    assert not letters(nils, "vstemningen om"), "somebody there has voted before it was sent"

    closes(world, LATER)
    assert world.count(NONE_LEFT) == 0
    alta.sees("Avstemningen er stengt. Få har stemt, så nettverkslederen velger.", "Har stemt")
    aarhus.sees("Få har stemt, så netværkslederen vælger")
    assert len(letters(ingrid, "så det er du som velger", BOARD)) == 1
    assert len(letters(lars, "dig, der vælger den", BOARD)) == 1
    assert any("to be chosen" in one.what for one in coming(world))

    # Next month's list is proposed all the same, and what is left to be chosen is asked for again.
    world.goes_to(datetime(2027, 2, 25, 12, tzinfo=ZONE))
    assert len(letters(lars, "dig, der vælger den", BOARD)) == 2
    assert world.count("SELECT count(*) FROM poll WHERE state = 'planned'") == 1
    lars.presses("Vælg", on="dig, der vælger den", privately=True)
    lars.sends_form(problem="")
    lars.is_told("Vælg en af dem")
    world.goes_to(datetime(2027, 2, 25, 21, tzinfo=ZONE))
    lars.sends_form(problem=nomination(world, TIME))
    lars.is_told(f"»{TIME}« er valgt. Kanalerne ser det: tirsdag den 2. marts kl. 9.00")
    assert letters(ingrid, f"«{TIME}» er valgt", "tirsdag 2. mars")
    alta.does_not_see("Q-1")
    assert ("the result of the poll", "the facilitator chose it") in [
        (one.what, one.why) for one in coming(world)
    ]
    world.goes_to(datetime(2027, 3, 2, 9, 1, tzinfo=ZONE))
    alta.sees("Q-1", "Ingrid Vik · Bodø kommune", "Valgt av nettverkslederen, fordi få hadde stemt")
    aarhus.sees(f"har valgt »{TIME}«", "Valgt af netværkslederen, fordi få havde stemt")
    assert not letters(ingrid, "så det er du som velger")
    assert len(letters(ingrid, f"Nettverket har valgt «{TIME}»")) == 2
    listed = world.rows(
        "SELECT n.title FROM option o JOIN nomination n ON n.id = o.nomination"
        " JOIN poll p ON p.id = o.poll WHERE p.state = 'planned'"
    )
    assert (TIME,) not in listed
    assert len(listed) == 3
    assert world.count("SELECT count(*) FROM thread WHERE kind = 'question'") == 1


def change(world: World, person: Person, how: str) -> None:
    which = "SELECT s.member FROM membership s JOIN account a ON a.id = s.account"
    world.change(f"UPDATE member SET {how} WHERE id = ({which} WHERE a.name = '{person.name}')")  # noqa: S608


def nomination(world: World, title: str) -> str:
    [(found,)] = world.rows(f"SELECT id FROM nomination WHERE title = '{title}'")  # noqa: S608
    return str(found)


def test_what_nobody_chooses_before_the_next_poll_is_chosen_no_more(
    world: World, alta: Room, ingrid: Person
) -> None:
    closes(world)
    closes(world, LATER)
    assert letters(ingrid, "så det er du som velger")
    world.goes_to(datetime(2027, 3, 3, 9, 31, tzinfo=ZONE))
    alta.sees("Få har stemt, og ingenting ble valgt")
    assert not letters(ingrid, "så det er du som velger")
    alta.sees(MONTH, "Åpen til", f"1. {BOARD}", f"3. {TIME}")


# ---- nobody to look after it

HAMAR = Town("Hamar kommune", "slack", "no", "nb", ())


def test_one_of_the_bank_is_looked_after_by_whoever_says_so_first(
    world: World, alta: Room, aarhus: Room, kari: Person, jens: Person
) -> None:
    board = world.act(world.village.tell(HAMAR, "Bjarne Falk"))
    with world.village.mellom.writers.begin() as uow:
        bank = [nominations.from_bank(uow, 1, key, None) for key in ("P01", "P02", "P03")]
        polls.list_(uow, 1, bank)
    have_voted(world, GEMBA_WINS)
    closes(world)
    offered = "Frigjort tid blir usynlig"
    alta.sees(MONTH, offered, "kan ikke vise hva den brukes til", "fra Melloms egen liste")
    aarhus.sees(
        MONTH,
        "Frigjort tid bliver usynlig",
        "kan ikke vise, hvad den bruges til",
        "fra Melloms egen liste",
    )
    assert world.count("SELECT count(*) FROM thread WHERE kind = 'question'") == 0
    assert f"Nettverket har valgt «{offered}»" in board.words[-1]
    kari.replies("Dette kjenner vi.", under="hva den brukes til")
    aarhus.sees("Kari Nilsen", "Dette kjenner vi.", under="hvad den bruges til")

    told = at_once(*((one, looks_after(one, on="s til.")) for one in (kari, jens)))
    first = next(one for one, words in zip((kari, jens), told, strict=True) if "Q-1, " in words)
    assert sum("allerede" in words for words in told) == 1
    name = first.room.inner.town.name
    for room, words in ((alta, "hva den brukes til"), (aarhus, "hvad den bruges til")):
        room.sees(f"{MONTH} · Sp", "Q-1", f"{first.name} · {name}", words)
        room.sees(MONTH, words, f"Ansvarlig: {first.name} · {name} (Q-1)")
        room.sees_once("Ansvarlig: " + first.name, words)
    assert world.count("SELECT count(*) FROM thread WHERE kind = 'question'") == 1
    assert world.count("SELECT count(*) FROM receipt WHERE error IS NOT NULL") == 0

    change = {"Kari Nilsen": "Endre eller trekk", "Jens Holm": "Ret eller træk tilbage"}
    first.presses(change[first.name], on="Q-1")
    first.sends_form(text="")
    lars = world.person("Lars Krogh")
    lars.presses("Jeg tager mig af den", on="hvad den bruges til")
    alta.sees(MONTH, offered, "Ansvarlig: Lars Krogh · Randers Kommune (Q-2)")


def looks_after(person: Person, *, on: str) -> Coroutine[Any, Any, object]:
    """The press itself, to be run when its time has come."""
    message = person.room.sees(on, "nsvarlig: ingen en").inner
    if isinstance(person, TeamsPerson):
        assert isinstance(message, TeamsMessage)
        return person.world.teams.press(person.user, message, "Jeg tager mig af den")
    assert isinstance(person, SlackPerson)
    assert isinstance(message, SlackMessage)
    buttons = [one for block in message.blocks for one in block.get("elements", ())]
    [one] = [one for one in buttons if one.get("action_id") == outcomes.LOOK_AFTER]
    return person.world.slack.press(person.user, message, one["action_id"], value=one["value"])


def test_what_somebody_nominated_who_has_left_is_looked_after_by_another(
    world: World, alta: Room, jens: Person, ingrid: SlackPerson
) -> None:
    have_voted(world, GEMBA_WINS)
    change(world, jens, "left_at = '2027-02-05 09:00:00.000000'")
    closes(world)
    alta.sees(MONTH, GEMBA, "De finder ikke tid.", "Foreslått av: Jens Holm · Aarhus Kommune")
    ingrid.presses("Jeg tar ansvar for den", on="De finder ikke tid.")
    ingrid.is_told("ditt spørsmål, Q-1")
    alta.sees(f"{MONTH} · Spørsmål Q-1", "Ingrid Vik · Bodø kommune", "De finder ikke tid.")
    # A seminar works on it: a question of the bank that asks about that can be chosen now.
    ingrid.writes_privately("nettverket")
    ingrid.presses("Ta den med til workshopen", on=GEMBA, privately=True)
    ingrid.is_told(f"Workshopen på neste seminar arbeider med «{GEMBA}»")
    asks = f"Workshopen tok opp «{GEMBA}»."
    bank(ingrid)
    ingrid.sends_form(prompt="G10", day="")
    ingrid.is_told(asks)
    ingrid.writes_privately("nettverket")
    ingrid.presses("Ta tilbake", on=GEMBA, privately=True)
    ingrid.is_told("Ingen workshop arbeider lenger med")
    bank(ingrid)
    with pytest.raises(Unseen):
        ingrid.sends_form(prompt="G10", day="")
    [(words,)] = world.rows("SELECT words FROM prompt WHERE key = 'G10'")
    assert "{problem}" in str(words)


def bank(person: SlackPerson) -> None:
    """What the bank offers to whoever runs the network."""
    person.writes_privately("nettverket")
    person.presses("Ukens spørsmål", on="For deg som leder", privately=True)
    person.presses("Ta et fra banken", on="I køen")


# ---- when it comes


def test_a_platform_that_is_down_gets_it_when_it_is_back_and_others_have_it_at_once(
    world: World, alta: Room, randers: Room, ingrid: Person, lars: Person
) -> None:
    have_voted(world, GEMBA_WINS)
    world.goes_to(CLOSES - timedelta(minutes=5))
    is_down(world, randers, faults.status(503))
    closes(world)
    alta.sees_once(f"{MONTH} · Spørsmål Q-1")
    world.away_until(CLOSES + timedelta(hours=23))
    late = "har ikke fått resultatet ennå"
    assert not letters(ingrid, late)
    world.away_until(CLOSES + timedelta(hours=25))
    world.later(minutes=2)
    assert len(letters(ingrid, "kanalen til Randers Kommune", late)) == 1
    assert len(letters(lars, "kanalen for Randers Kommune", "ikke fået resultatet endnu")) == 1
    heal(world)
    world.later(hours=1)
    randers.sees_once(f"{MONTH} · Spørgsmål Q-1")
    randers.sees(f"Netværket har valgt »{GEMBA}«")
    assert len(letters(ingrid, late)) <= 1


def test_whoever_comes_late_tells_it_in_the_hours_of_channels_and_a_pause_keeps_it_back(
    world: World, alta: Room, kari: Person
) -> None:
    have_voted(world, GEMBA_WINS)
    world.away_until(CLOSES + timedelta(hours=2))
    kari.presses("Stem", on=MONTH)
    kari.is_told("stengt")
    told = [(one.at, one.what) for one in coming(world) if "poll" in one.what]
    tomorrow = datetime(2027, 2, 10, 9, tzinfo=ZONE)
    assert (tomorrow, "the result of the poll") in told
    world.change("UPDATE network SET paused_at = '2027-02-09 12:00:00.000000'")
    world.goes_to(tomorrow + timedelta(hours=1))
    assert world.count("SELECT count(*) FROM poll WHERE state = 'open'") == 1
    assert [one.why for one in coming(world) if "poll" in one.what] == [
        "its result waits for the end of the pause"
    ]
    with world.village.mellom.writers.begin() as uow:
        pausing.resume(1, uow)
    world.settle()
    world.later(minutes=1)
    alta.sees_once(f"{MONTH} · Spørsmål Q-1", GEMBA)
