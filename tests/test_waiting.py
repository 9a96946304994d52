"""A question that nobody answers: more are asked by name, then whoever runs the network has three
ways on, then whoever asked chooses. Never a public word about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from bot.calendar import Calendar, network_working_day
from bot.language import ZONE
from bot.text import Text
from storage import threads
from tests.conversation import Founded, GoOn, Person, World
from tests.test_seeking import QUESTION, asked
from tests.test_welcoming import role

EVERYBODY = ("Ola Berg", "Mette Lund", "Nils Haug", "Anne Dahl")


def oslo(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZONE)  # type: ignore[misc,arg-type]


def members(world: World) -> None:
    """Two of each organisation, for long; Ingrid runs the network."""
    for name in EVERYBODY:
        world.person(name).says("@Mellom innstillinger")
    role(world, world.person("Ingrid Vik"), "Bodø kommune", "facilitator")
    world.change("UPDATE member SET joined_at = '2026-10-01', welcomed_at = '2026-10-01'")
    world.change("UPDATE private SET sent_at = '2026-10-01'")


@pytest.fixture(scope="module")
def with_members(go_on: GoOn) -> Callable[[str], Founded]:
    import functools

    return functools.cache(lambda kind: go_on(kind, members))


@pytest.fixture
def founded_before(with_members: Callable[[str], Founded], database_kind: str) -> Founded:
    return with_members(database_kind)


def texts(person: Person, *words: str) -> list[str]:
    return [one.words for one in person.private if all(word in one.words for word in words)]


def about_it(world: World) -> list[str]:
    """What stands in the channels about the question."""
    seen = [one.words for room in world.rooms.values() for one in room.everything]
    return [words for words in seen if "Q-1" in words or "tavlemøtene" in words]


WEDNESDAY, TUESDAY, A_WEEK_LATER = (
    oslo(2027, 1, 20, 12),
    oslo(2027, 1, 26, 12),
    oslo(2027, 2, 2, 12),
)


def test_after_three_working_days_three_new_people_are_asked_and_the_asker_is_told_once(
    world: World, kari: Person
) -> None:
    kari.asks(QUESTION)  # On Tuesday.
    world.goes_to(WEDNESDAY)
    first = asked(world)
    assert len(first) == 2
    public = about_it(world)
    world.goes_to(TUESDAY)
    again = [name for name in asked(world) if name not in first]
    assert len(again) == 3
    assert len(asked(world)) == len(set(asked(world)))
    (told,) = texts(kari, "Jeg har spurt 3 deltakere til", "Q-1")
    assert not any(name in told for name in again)
    assert about_it(world) == public
    assert world.count("SELECT count(*) FROM thread WHERE sought_at IS NOT NULL") == 1


def test_an_answer_stops_it_and_an_own_word_does_not(
    world: World, kari: Person, jens: Person
) -> None:
    kari.asks(QUESTION)
    kari.replies("Vi har prøvd korte møter.", under="tavlemøtene")
    kari.asks("Hvem leder tavlemøtene hos dere?")
    jens.replies("Det gør lederen.", under="Hvem leder")
    world.goes_to(TUESDAY)
    assert texts(kari, "Q-1", "Jeg har spurt")
    assert not texts(kari, "Q-2", "Jeg har spurt")


def test_a_word_or_two_crosses_and_the_question_waits_all_the_same(
    world: World, kari: Person, jens: Person
) -> None:
    kari.asks(QUESTION)
    jens.replies("Følger!", under="tavlemøtene")
    kari.room.sees("Følger!", under="tavlemøtene")
    world.goes_to(TUESDAY)
    assert texts(kari, "Q-1", "Jeg har spurt")


def test_a_link_is_an_answer_and_so_is_what_a_word_became(
    world: World, kari: Person, jens: Person
) -> None:
    kari.asks(QUESTION)
    jens.replies("https://a.no", under="tavlemøtene")
    kari.asks("Hvem leder tavlemøtene hos dere?")
    jens.replies("Vi.", under="Hvem leder")
    jens.edits("Vi.", "Hos os gør lederen det hver mandag.")
    world.goes_to(TUESDAY)
    assert not texts(kari, "Jeg har spurt")


def test_after_five_whoever_runs_the_network_has_three_ways_on(
    world: World, kari: Person, ingrid: Person
) -> None:
    kari.asks(QUESTION)
    world.goes_to(A_WEEK_LATER)
    (card,) = texts(ingrid, "Q-1", "Hva kan hjelpe")
    assert "Kari" not in card
    ingrid.presses("Spar til seminaret", on="Hva kan hjelpe", privately=True)
    ingrid.is_told("Q-1")
    ingrid.reads_privately("Spart til neste seminar")
    with pytest.raises((AssertionError, LookupError)):
        ingrid.presses("Spar til seminaret", on="Hva kan hjelpe", privately=True)
    ingrid.presses("Spør utenfor", on="Hva kan hjelpe", privately=True)
    assert ingrid.form is not None
    assert QUESTION in ingrid.form
    assert "Kari" not in ingrid.form
    ingrid.sends_form()
    ingrid.reads_privately("Spurt utenfor nettverket")
    ingrid.writes_privately("nettverket")
    ingrid.reads_privately("Spart til neste seminar", "tavlemøtene")


def test_other_words_are_the_askers_to_take_over(
    world: World, kari: Person, ingrid: Person, jens: Person
) -> None:
    kari.asks(QUESTION)
    world.goes_to(A_WEEK_LATER)
    ingrid.presses("Foreslå andre ord", on="Hva kan hjelpe", privately=True)
    ingrid.sends_form(text="Kort")
    assert ingrid.form is not None
    assert "minst 10 tegn" in ingrid.form
    better = "Hva spør dere om i tavlemøtene når alt er grønt?"
    ingrid.sends_form(text=better)
    ingrid.presses("Foreslå andre ord", on="Hva kan hjelpe", privately=True)
    ingrid.sends_form(text=better)  # The same within a minute is the same.
    suggested = "SELECT count(*) FROM private WHERE CAST(facts AS TEXT) LIKE '%rephrased%'"
    assert world.count(suggested) == 1
    world.later(days=1)
    jens.room.does_not_see("alt er grønt")
    kari.reads_privately("Ingrid Vik", better)
    kari.presses("Bruk disse ordene", on=better, privately=True)
    jens.room.sees("Kari Nilsen · Alta kommune", better)
    kari.room.sees(better, under="tavlemøtene")


def test_an_old_card_on_what_is_closed_says_so_and_does_nothing(
    world: World, kari: Person, ingrid: Person
) -> None:
    kari.asks(QUESTION)
    world.goes_to(A_WEEK_LATER)
    world.change("UPDATE thread SET answered_at = created_at")
    ingrid.presses("Spar til seminaret", on="Hva kan hjelpe", privately=True)
    ingrid.is_told("Q-1", "besvart eller lukket")
    assert world.count("SELECT count(*) FROM thread WHERE saved_at IS NOT NULL") == 0


def test_what_does_not_fit_in_the_form_for_other_words_is_not_lost(
    world: World, kari: Person, ingrid: Person
) -> None:
    long = f"{QUESTION}\n\n{'Vi har prøvd mye. ' * 120}Her er slutten."
    kari.asks(QUESTION)
    id = world.count("SELECT id FROM thread WHERE number = 1")
    with world.village.mellom.writers.begin() as uow:
        threads.rephrase(uow, id, body=Text.of(long).dump())
    world.goes_to(A_WEEK_LATER)
    ingrid.presses("Foreslå andre ord", on="Hva kan hjelpe", privately=True)
    assert QUESTION in ingrid.typed("text")
    assert ingrid.typed("details").endswith("Her er slutten.")
    better = "Hva spør dere om i tavlemøtene når alt er grønt?"
    ingrid.sends_form(text=better, details=ingrid.typed("details"))
    world.later(days=1)
    kari.presses("Bruk disse ordene", on=better, privately=True)
    assert "Her er slutten." in world.rows("SELECT body FROM thread WHERE number = 1")[0][0]


def test_after_ten_the_asker_chooses(world: World, kari: Person, jens: Person) -> None:
    kari.asks(QUESTION)
    world.goes_to(oslo(2027, 2, 3, 12))
    kari.presses("Foreslå som månedens problemstilling", on="Du velger hva", privately=True)
    assert "tavlemøtene" in kari.typed("title")
    kari.presses("La det stå åpent", on="Du velger hva", privately=True)
    kari.is_told("Q-1 står åpent")
    world.change("UPDATE thread SET answered_at = created_at")
    kari.presses("La det stå åpent", on="Du velger hva", privately=True)
    kari.is_told("Q-1 er besvart eller lukket")
    world.change("UPDATE thread SET answered_at = NULL")
    kari.presses("Lukk det", on="Du velger hva", privately=True)
    kari.is_told("Q-1")
    jens.room.sees("Lukket · Spørgsmål Q-1", "tavlemøtene")
    kari.room.sees("Lukket · Spørsmål Q-1", under="tavlemøtene")
    cards = [words for words in about_it(world) if "Q-1" in words]
    assert not any(word in words for words in cards for word in ("esvart", "esvaret"))


def test_what_was_closed_unanswered_can_be_opened_again_or_answered_after_all(
    world: World, kari: Person, jens: Person
) -> None:
    kari.asks(QUESTION)
    world.goes_to(oslo(2027, 2, 3, 12))
    kari.presses("Lukk det", on="Du velger hva", privately=True)
    kari.writes_privately("søk tavlemøtene")
    kari.reads_privately("tavlemøtene")
    assert not texts(kari, "besvart", "Q-1 ·")
    kari.presses("Åpne igjen", on="Lukket")
    jens.room.sees("Spørgsmål Q-1", "tavlemøtene")
    jens.room.does_not_see("Lukket")
    jens.replies("Vi spørger altid: hvad stopper jer?", under="tavlemøtene")
    kari.replies("@Mellom besvart", under="tavlemøtene")
    jens.room.sees("Besvaret · Spørgsmål Q-1")


def test_where_nobody_is_left_whoever_runs_the_network_is_told_at_once(
    world: World, kari: Person, ingrid: Person
) -> None:
    kari.asks(QUESTION)
    world.goes_to(WEDNESDAY)
    world.change("UPDATE member SET just_reads = true WHERE role = 'member'")
    world.goes_to(TUESDAY)
    assert len(asked(world)) == 2
    ingrid.reads_privately("Q-1", "ikke flere igjen")
    assert not texts(kari, "Jeg har spurt", "Q-1")


def test_who_cannot_be_reached_is_not_counted_and_the_asker_told_nothing_untrue(
    world: World, kari: Person, ingrid: Person
) -> None:
    kari.asks(QUESTION)
    world.goes_to(WEDNESDAY)
    first = asked(world)
    world.change("UPDATE account SET gone_at = '2027-01-20' WHERE name <> 'Ingrid Vik'")
    world.goes_to(TUESDAY)
    assert asked(world) == first
    assert not texts(kari, "Jeg har spurt", "Q-1")
    ingrid.reads_privately("Q-1", "ikke flere igjen")


def test_the_last_two_of_whose_messages_did_not_arrive_are_not_asked(
    world: World, kari: Person, ingrid: Person
) -> None:
    """Nobody is chosen who then looks as if they had never been asked."""
    world.change(
        "INSERT INTO private (network, member, kind, facts, state, reason, created_at) "
        "SELECT 1, member.id, 'poll', '{}', 'dropped', 'undelivered', '2027-01-18' FROM member "
        "CROSS JOIN (SELECT 1 AS n UNION SELECT 2) AS twice WHERE role = 'member'"
    )
    kari.asks(QUESTION)
    world.goes_to(TUESDAY)
    assert asked(world) == []
    assert world.rows("SELECT outcome FROM invitation") == []
    ingrid.reads_privately("Q-1", "ikke flere igjen")


def test_opened_again_it_waits_from_then_on(world: World, kari: Person, jens: Person) -> None:
    kari.asks(QUESTION)
    world.change("UPDATE thread SET answered_at = created_at")
    world.goes_to(TUESDAY)
    assert not texts(kari, "Jeg har spurt", "Q-1")
    kari.replies("@Mellom åpne igjen", under="tavlemøtene")
    world.goes_to(oslo(2027, 1, 28, 12))
    assert not texts(kari, "Jeg har spurt", "Q-1")
    world.goes_to(A_WEEK_LATER)
    assert texts(kari, "Jeg har spurt", "Q-1")


@pytest.mark.parametrize("cut", ["deleted", "down to a word"])
def test_an_answer_that_was_deleted_or_cut_down_at_once_was_none(
    world: World, kari: Person, jens: Person, cut: str
) -> None:
    kari.asks(QUESTION)
    world.goes_to(oslo(2027, 1, 22, 9, 55))
    jens.replies("Øh, forkert tråd.", under="tavlemøtene")
    world.later(minutes=8)
    assert world.rows("SELECT name FROM step WHERE name IN ('ask-again', 'stuck')") == []
    if cut == "deleted":
        jens.deletes("forkert tråd")
    else:
        jens.edits("forkert tråd", "Hov.")
    world.goes_to(TUESDAY)
    assert texts(kari, "Jeg har spurt", "Q-1")


def test_a_pause_holds_it_and_its_end_lets_it_go_on(world: World, kari: Person) -> None:
    from bot.features import pausing
    from storage import networks

    kari.asks(QUESTION)
    with world.village.mellom.writers.begin() as uow:
        networks.pause(uow, 1, by=1)
    world.goes_to(TUESDAY)
    assert asked(world) == []
    with world.village.mellom.writers.begin() as uow:
        pausing.resume(1, uow)
    world.later(minutes=1)
    assert asked(world) != []


def test_the_clock_follows_the_calendars_of_the_others() -> None:
    """Asked on Wednesday of Holy Week: the third working day is the Thursday after Easter."""
    others = [Calendar("no"), Calendar("dk")]
    asked_on = oslo(2027, 3, 24, 12).date()
    assert network_working_day(asked_on, 3, others) == oslo(2027, 4, 1, 12).date()


def test_the_steps_are_told_to_the_operator_without_a_name(world: World, kari: Person) -> None:
    from bot import schedule

    kari.asks(QUESTION)
    with world.village.mellom.writers.begin() as uow:
        told = [one for one in schedule.coming(1, oslo(2027, 1, 28), uow) if "by name" in one.what]
    assert [one.to for one in told] == ["two or three members of other organisations"]
