"""Searching: by words, across languages and platforms, inside one's own network."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot import finding
from storage import networks, retention
from tests.conversation import Person, Room, SlackPerson, SlackRoom, TeamsPerson, World
from tests.numbers import norwegian_number

LIV = "Hvordan får dere liv i tavlemøtene?"


def hits(world: World, words: str, network: int = 1) -> list[tuple[int | None, str | None]]:
    """The numbers of what is found, and the answer each was found in."""
    with world.village.mellom.writers.begin() as uow:
        found = finding.find(uow, network, words)
        return [(hit.talk.number, hit.reply.body if hit.reply else None) for hit in found]


def numbers(world: World, words: str) -> list[int | None]:
    return [number for number, _ in hits(world, words)]


@pytest.mark.parametrize("end", ["", "?"])
def test_a_long_search_is_no_question_to_the_network(
    end: str, kari: SlackPerson, jens: TeamsPerson, bodo: Room
) -> None:
    kari.asks(LIV)
    kari.commands(f"søk hvordan får dere så mye liv i alle tavlemøtene{end}")
    kari.is_told("Ingenting ble funnet.")
    jens.says(f"@Mellom søg hvordan får I så meget liv i alle tavlemøderne{end}")
    jens.room.sees("Intet blev fundet.", under="så meget liv")
    bodo.does_not_see("Q-2")


def test_an_answer_may_begin_like_a_search(kari: Person, jens: Person, alta: Room) -> None:
    kari.asks(LIV)
    jens.replies("@Mellom Søg hjælp hos naboen, det gjorde vi i fjor.", under="tavlemøtene")
    alta.sees("Jens Holm", "Søg hjælp hos naboen")


def test_a_dane_finds_what_a_norwegian_asked_and_the_other_way_round(
    kari: SlackPerson, jens: TeamsPerson, world: World
) -> None:
    kari.asks(LIV)
    jens.asks("Hvem laver jeres målstyring for hjemmeplejen?")
    jens.says("@Mellom")
    jens.opens_form("Søg", on="Mellom")
    jens.sends_form(words="tavlemøde")
    jens.is_told("Q-1 · Hvordan får dere liv i tavlemøtene?", "Kari Nilsen · Alta kommune")

    kari.commands("søk hjemmetjeneste")
    kari.is_told("Q-2 · Hvem laver jeres målstyring", "Jens Holm · Aarhus Kommune")


def test_an_answer_is_found_and_its_words_stand_under_the_question(
    kari: SlackPerson, jens: Person
) -> None:
    kari.asks(LIV)
    jens.replies("Vi spørger »hvorfor« ved hver afvigelse.", under="tavlemøtene")
    kari.commands("søk avvik")
    kari.is_told("1 spørsmål", "Q-1", "1 svar", "ved hver afvigelse")


def test_all_words_must_be_there_in_the_question_or_its_answers(
    kari: Person, jens: Person, world: World
) -> None:
    kari.asks(LIV)
    jens.asks("Hvem deltager i jeres tavlemøder?")
    jens.replies("Energien kommer, når lederen er med.", under="liv i tavlemøtene")
    assert numbers(world, "tavlemøte") == [2, 1]
    assert numbers(world, "tavlemøte energi") == [1]
    assert numbers(world, "tavlemøte sykefravær") == []


def test_a_longer_word_is_found_by_its_beginning_after_the_very_word(
    kari: Person, world: World
) -> None:
    kari.asks("Hvor henger deres tavle?")
    kari.asks(LIV)
    assert numbers(world, "tavler") == [1, 2]


def test_the_very_word_is_found_behind_however_many_newer_longer_ones(
    kari: Person, world: World
) -> None:
    kari.asks("Hvem har en tavle ute i avdelingen?")
    kari.asks("Hvem henger opp tavlerammen hos dere?")
    world.change(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25)"
        " INSERT INTO thread (network, kind, number, organisation, member, account, conversation,"
        " body, state, created_at) SELECT network, kind, number + i, organisation, member, account,"
        " conversation, body, state, created_at FROM thread, n WHERE number = 2"
    )
    with world.village.mellom.writers.begin() as uow:
        while finding.index(uow):
            pass
    found = numbers(world, "tavle")
    assert found[:2] == [1, 27]
    assert len(found) == finding.MOST


def test_what_is_found_in_the_question_comes_before_what_an_answer_says(
    kari: Person, jens: Person, world: World
) -> None:
    kari.asks("Hva gjør dere med sykefravær?")
    kari.asks(LIV)
    jens.replies("Vi taler om sygefravær.", under="liv i tavlemøtene")
    assert numbers(world, "sykefravær") == [1, 2]


def test_in_a_channel_the_list_stands_in_the_thread_and_the_words_are_not_kept(
    kari: Person, jens: Person, alta: Room, aarhus: Room, world: World
) -> None:
    kari.asks(LIV)
    jens.says("@Mellom søg tavlemøde")
    aarhus.sees("Q-1 · Hvordan får dere liv", "Kari Nilsen", under="søg tavlemøde")
    alta.does_not_see("tavlemøde")
    kari.says("@Mellom søk tavlemøde")
    alta.sees("Q-1 · Hvordan får dere liv", under="søk tavlemøde")
    assert world.count("SELECT count(*) FROM thread") == 1
    kept = "SELECT count(*) FROM notice WHERE CAST(facts AS TEXT) LIKE '%tavle%'"
    assert world.count(kept) == 0


@pytest.mark.parametrize(("who", "word"), [("kari", "søk"), ("jens", "søg")])
def test_in_a_direct_message(
    who: str, word: str, kari: Person, request: pytest.FixtureRequest
) -> None:
    kari.asks(LIV)
    person: Person = request.getfixturevalue(who)
    person.says("@Mellom")
    person.writes_privately(f"{word} tavle")
    person.reads_privately("Q-1 · Hvordan får dere liv")


def test_nothing_found_says_what_to_try_and_offers_to_ask(
    kari: SlackPerson, jens: TeamsPerson, aarhus: Room
) -> None:
    kari.commands("søk hamsterhjul")
    kari.is_told("Ingenting", "Still et spørsmål")
    jens.says("@Mellom søg hamsterhjul")
    aarhus.sees("Intet", under="hamsterhjul")
    jens.opens_form("Stil et spørgsmål", on="Intet")


def test_words_that_say_nothing_are_told_so(
    kari: SlackPerson, jens: TeamsPerson, aarhus: Room
) -> None:
    kari.commands("søk")
    kari.is_told("ett eller flere ord")
    kari.commands("søk og i")
    kari.is_told("ett eller flere ord")
    jens.says("@Mellom søg")
    aarhus.sees("et eller flere ord", under="søg")
    jens.opens_form("Søg", on="et eller flere ord")
    jens.sends_form(words="og")
    assert jens.form is not None
    assert "et eller flere ord" in jens.form


def test_a_question_that_begins_with_find_is_a_question(kari: Person, aarhus: Room) -> None:
    kari.says("@Mellom finn vi noen som har prøvd dette i hjemmetjenesten?")
    aarhus.sees("Kari Nilsen", "prøvd dette i hjemmetjenesten")


def test_what_was_edited_is_found_by_its_new_words_and_not_by_the_old(
    kari: Person, world: World
) -> None:
    kari.asks(LIV)
    kari.edits("liv i", to="@Mellom Hvordan måler dere gevinster?")
    assert numbers(world, "tavlemøte") == []
    assert numbers(world, "gevinster") == [1]


def test_what_is_withdrawn_is_gone_from_the_index_and_never_shown(
    kari: SlackPerson, jens: Person, alta: Room, world: World
) -> None:
    kari.asks(LIV)
    jens.replies("Vi spørger om sygefravær.", under="tavlemøtene")
    kari.says("@Mellom søk sykefravær")
    alta.sees("Q-1 ·", "sygefravær", under="søk sykefravær")
    with world.village.mellom.writers.begin() as uow:
        # The index has not heard of it yet.
        uow.connection.execute(text("UPDATE reply SET state = 'withdrawn'"))
        assert finding.find(uow, 1, "sygefravær") == []
        assert finding.find(uow, 1, "tavle") != []
    kari.deletes("liv i")
    assert numbers(world, "tavle") == []
    assert world.count("SELECT count(*) FROM search_index") == 0
    assert world.count("SELECT count(*) FROM unsearched") == 0
    kari.commands("søk tavle")
    kari.is_told("Ingenting")


def test_rows_that_are_erased_are_erased_from_the_index(kari: Person, world: World) -> None:
    kari.asks(LIV)
    assert world.count("SELECT count(*) FROM search_index") == 1
    with world.village.mellom.writers.begin() as uow:
        for table in ("greeting", "step", "thread_theme", "thread"):
            uow.connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
    world.settle()
    assert world.count("SELECT count(*) FROM search_index") == 0


def test_nobody_finds_what_another_network_says(kari: Person, world: World) -> None:
    kari.asks(LIV)
    kari.asks("Hvor henger deres tavle?")
    with world.village.mellom.writers.begin() as uow:
        other = networks.create_network(uow, "Sør", "nb")
        uow.connection.execute(
            text("UPDATE thread SET network = :n, state = 'open' WHERE number = 1"), {"n": other}
        )
        # Not even while the index still says that it is ours.
        assert [hit.talk.number for hit in finding.find(uow, 1, "tavle")] == [2]
    world.settle()
    assert hits(world, "tavle", other) == [(1, None)]
    assert numbers(world, "tavle") == [2]


def test_a_channel_that_is_not_connected_searches_nothing(
    kari: Person, world: World, ingrid: SlackPerson, bodo: SlackRoom
) -> None:
    kari.asks(LIV)
    world.act(world.slack.remove_bot(bodo.channel))
    ingrid.commands("søk tavle")
    assert "Q-1" not in ingrid.told
    ingrid.is_told("nettverk")


def test_an_answer_to_a_search_is_kept_nowhere(kari: SlackPerson, world: World) -> None:
    kari.asks(LIV)
    kari.commands("søk tavle")
    kari.is_told("Q-1 ·")
    kept = "SELECT count(*) FROM receipt WHERE CAST(answer AS TEXT) LIKE '%tavle%'"
    assert world.count(kept) == 0


def test_a_number_in_the_search_form_is_stopped(kari: SlackPerson) -> None:
    kari.says("@Mellom")
    kari.opens_form("Søk", on="Mellom")
    kari.sends_form(words=norwegian_number().text)
    assert kari.form is not None
    assert "fødselsnummer" in kari.form


def test_a_list_that_stands_is_forgotten_with_the_notices(kari: Person, world: World) -> None:
    kari.asks(LIV)
    kari.says("@Mellom søk tavle")
    world.clock.move(days=91)
    with world.village.mellom.writers.begin() as uow:
        retention.tidy(uow)
    assert world.count("SELECT count(*) FROM post WHERE kind = 'found'") == 0
    assert world.count("SELECT count(*) FROM notice") == 0


def test_words_that_are_taken_back_leave_the_lists_that_were_asked_for(
    kari: Person, jens: Person, aarhus: Room
) -> None:
    kari.asks("Hvordan følger dere opp sykefravær?")
    jens.replies("Vi har et hemmelig greb om sygefravær.", under="følger dere opp")
    jens.asks("søg sygefravær")
    aarhus.sees("Q-1 ·", "følger dere opp", under="søg sygefravær")
    kari.edits("@Mellom Hvordan følger", to="@Mellom Hvordan teller dere sykefravær?")
    aarhus.sees("Q-1 ·", "teller dere", under="søg sygefravær")
    kari.deletes("@Mellom Hvordan teller")
    aarhus.does_not_see("teller dere")


def test_words_for_the_bot_in_a_thread_do_not_cross(kari: Person, alta: Room, aarhus: Room) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    kari.replies("@Mellom hjelp", under="liv i tavlemøtene")
    kari.replies("@Mellom søk tavlemøte", under="liv i tavlemøtene")
    alta.sees("Q-1 ·", under="liv i tavlemøtene")
    aarhus.does_not_see("hjelp")
    aarhus.does_not_see("søk tavlemøte")
    kari.replies(
        "@Mellom Finn gjerne flere eksempler på hva dere gjør hver eneste uke", under="liv i"
    )
    aarhus.sees("Finn gjerne flere eksempler")
