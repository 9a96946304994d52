"""The question of the week: when it comes, where it stands, and what becomes of its answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import pytest

from bot import schedule
from bot.features import prompting
from bot.language import ZONE
from storage import UnitOfWork
from storage.jobs import Job
from tests.conversation import Person, Room, SlackPerson, World


def test_the_question_of_the_week_comes_on_tuesday_at_a_quarter_past_nine(
    world: World, alta: Room, aarhus: Room, bodo: Room, randers: Room
) -> None:
    world.later(days=6, hours=23)
    for room in (alta, aarhus, bodo, randers):
        room.does_not_see("Ukens spørsmål")
        room.does_not_see("Ugens spørgsmål")
    world.later(minutes=15)
    alta.sees("Ukens spørsmål", "Fortell om en forbedring på under 30 minutter")
    bodo.sees("Ukens spørsmål", "Fortell om en forbedring på under 30 minutter")
    aarhus.sees("Ugens spørgsmål", "Fortæl om en forbedring på under 30 minutter")
    randers.sees("Ugens spørgsmål", "Fortæl om en forbedring på under 30 minutter")
    world.later(days=1)
    alta.sees_once("Fortell om en forbedring")


def test_an_answer_in_its_thread_stands_in_every_channel(
    world: World, kari: Person, jens: Person, alta: Room, aarhus: Room, bodo: Room, randers: Room
) -> None:
    world.later(days=7)
    kari.replies("Vi flyttet skriveren nærmere døra.", under="Fortell om en forbedring")
    for room in (aarhus, randers):
        room.sees("Kari Nilsen · Alta kommune", "skriveren", under="Fortæl om en forbedring")
    bodo.sees("skriveren", under="Fortell om en forbedring")
    jens.replies("Vi holder tavlemødet stående.", under="Fortæl om en forbedring")
    alta.sees("Jens Holm · Aarhus Kommune", "stående", under="Fortell om en forbedring")


def test_the_question_of_the_week_is_not_marked_as_answered(
    world: World, kari: Person, alta: Room, aarhus: Room
) -> None:
    world.later(days=7)
    kari.replies("@Mellom besvart", under="Fortell om en forbedring")
    alta.sees("Et sent svar teller også", under="Fortell om en forbedring")
    aarhus.does_not_see("besvart")


def test_a_week_that_begins_on_the_first_of_may_is_asked_on_wednesday(
    world: World, alta: Room
) -> None:
    world.away_until(oslo(2029, 4, 23))
    world.goes_to(oslo(2029, 5, 2, 9, 14))
    alta.sees_once("Ukens spørsmål")  # of the week before
    world.goes_to(oslo(2029, 5, 2, 9, 15))
    assert log(world)[-2:] == [
        ("2029-04-23", "done", None),
        ("2029-04-30", "done", "may-day"),
    ]


def test_a_worker_that_was_away_asks_once_and_writes_down_what_it_missed(
    world: World, alta: Room
) -> None:
    world.away_until(oslo(2027, 2, 12, 12))
    assert log(world) == [
        ("2027-01-25", "skipped", "away"),
        ("2027-02-01", "skipped", "away"),
        ("2027-02-08", "skipped", "away"),
    ]
    alta.does_not_see("Ukens spørsmål")
    world.away_until(oslo(2027, 2, 16, 14, 29))
    alta.sees_once("Ukens spørsmål")
    assert log(world)[-1] == ("2027-02-15", "done", None)


def test_a_holiday_is_not_blamed_for_what_a_worker_missed_after_it(world: World) -> None:
    world.away_until(oslo(2029, 5, 4, 10))
    assert log(world)[-1] == ("2029-04-30", "skipped", "away")


def test_a_week_in_which_everything_broke_is_written_down(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_job: Job, _uow: UnitOfWork) -> datetime:
        raise RuntimeError

    world.goes_to(oslo(2027, 1, 26, 9, 15))
    jobs = cast(dict[str, Any], schedule.JOBS)
    with monkeypatch.context() as broken:
        broken.setitem(jobs, prompting.JOB, jobs[prompting.JOB]._replace(look=breaks))
        world.away_until(oslo(2027, 2, 2, 9, 15))
        world.away_until(oslo(2027, 2, 8, 9))
    world.goes_to(oslo(2027, 2, 9, 9, 15))
    assert log(world) == [
        ("2027-01-25", "done", None),
        ("2027-02-01", "skipped", "away"),
        ("2027-02-08", "done", None),
    ]


def test_who_comes_back_after_half_past_two_asks_the_day_after(world: World, alta: Room) -> None:
    world.away_until(oslo(2027, 1, 26, 14, 30))
    alta.does_not_see("Ukens spørsmål")
    world.goes_to(oslo(2027, 1, 27, 9, 15))
    alta.sees_once("Ukens spørsmål")
    assert log(world) == [("2027-01-25", "done", "late")]


def oslo(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZONE)  # type: ignore[misc,arg-type]


def log(world: World) -> list[tuple[str, str, str | None]]:
    """What came of each week."""
    return world.rows(
        "SELECT slot, state, reason FROM occurrence WHERE job = 'prompt' ORDER BY slot"
    )


def test_a_newcomer_who_answers_first_in_its_thread_is_greeted(
    world: World, jens: Person, lars: Person, alta: Room
) -> None:
    world.later(days=7)
    world.change("UPDATE member SET role = 'coordinator' WHERE organisation = 4")
    ola = alta.person("Ola Berg")
    ola.replies("Vi la matten nærmere døra.", under="Fortell om en forbedring")
    hosts = [one for name in world.rooms for one in world.rooms[name].inner.people]
    told = [seen.words for name in hosts for seen in world.person(name).private]
    assert any("Ola Berg" in words for words in told), told


def test_it_is_found_by_its_words_and_by_those_of_its_answers(
    world: World, kari: Person, jens: Person
) -> None:
    world.later(days=7)
    kari.replies("Vi flyttet skriveren nærmere døra.", under="Fortell om en forbedring")
    jens.says("@Mellom søg skriver")
    jens.room.sees("Ugens spørgsmål · Fortell om en forbedring", "skriveren")
    jens.says("@Mellom søg forbedring minutter")
    jens.room.sees("Ugens spørgsmål · Fortell om en forbedring", "1 svar")


def test_it_stands_in_the_home_until_the_next_one_comes(
    world: World, kari: SlackPerson, ingrid: Person
) -> None:
    world.later(days=7)
    ingrid.replies("Vi flyttet skriveren.", under="Fortell om en forbedring")
    kari.opens_home()
    assert "Ukens spørsmål\nFortell om en forbedring" in kari.home
    assert "1 svar" in kari.home
    kari.presses_at_home("Les", on="Fortell om en forbedring")
    assert "Ingrid Vik" in (kari.form or "")
    world.later(days=7)
    kari.opens_home()
    assert "Fortell om en forbedring" not in kari.home


def test_an_answer_to_it_can_be_changed_and_taken_back(
    world: World, kari: Person, jens: Person, aarhus: Room
) -> None:
    world.later(days=7)
    kari.replies("Vi flyttet skriveren.", under="Fortell om en forbedring")
    kari.edits("Vi flyttet skriveren.", "Vi flyttet kopimaskinen.")
    aarhus.sees("kopimaskinen", under="Fortæl om en forbedring")
    kari.deletes("kopimaskinen")
    aarhus.does_not_see("kopimaskinen")


def test_an_answer_after_the_next_question_still_counts(
    world: World, kari: Person, aarhus: Room
) -> None:
    world.later(days=20)
    kari.replies("Vi flyttet skriveren.", under="Fortell om en forbedring")
    aarhus.sees("skriveren", under="Fortæl om en forbedring")


@pytest.mark.parametrize(
    ("name", "title", "begins"),
    [
        ("Kari Nilsen", "Ukens spørsmål", "Fortell om en forbedring"),
        ("Jens Holm", "Ugens spørgsmål", "Fortæl om en forbedring"),
    ],
)
def test_the_form_for_an_answer_to_it_says_what_it_answers(
    name: str, title: str, begins: str, world: World
) -> None:
    world.later(days=7)
    person = world.person(name)
    person.opens_form("Svar", on=begins)
    assert person.form is not None
    assert title in person.form
    assert begins in person.form
