"""Two working days before the question of the week, one member is asked to answer it first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import text

from bot import bank, dispatch, schedule
from bot.cards import Tell
from bot.features import first_voice, leaving, pausing, prompting
from bot.incoming import Person as Author
from bot.incoming import Place, Pressed
from bot.language import ZONE
from storage import UnitOfWork, jobs, prompts, retention
from storage.jobs import Job
from tests.conversation import Person, World
from tests.test_welcoming import role

ASKED = "Vil du svare først?"
OVER = ("Spørsmålet er stilt", "Spørgsmålet er stillet", "ikke noe av")
WEEK = date(2027, 1, 25)
FRIDAY = (2027, 1, 22, 8)
TUESDAY = (2027, 1, 26, 9, 15)
NUMBERS = count()


def oslo(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZONE)  # type: ignore[misc,arg-type]


@pytest.fixture(autouse=True)
def settled_in(request: pytest.FixtureRequest) -> None:
    """Everybody has been a member for long."""
    if "world" in request.fixturenames:
        world: World = request.getfixturevalue("world")
        world.change("UPDATE member SET joined_at = '2026-10-01', welcomed_at = '2026-10-01'")


def asked(world: World) -> list[str]:
    """Who has been asked by now, by name, once for each time."""
    names = [name for room in world.rooms.values() for name in room.inner.people]
    return [
        name
        for name in names
        for seen in world.person(name).private
        if any(words in seen.words for words in (ASKED, *OVER))
    ]


def log(world: World) -> list[tuple[str, str, str | None]]:
    of_job = "SELECT slot, state, reason FROM occurrence WHERE job = 'first-voice' ORDER BY slot"
    return world.rows(of_job)


def do(world: World, work: Callable[[UnitOfWork], object]) -> None:
    with world.village.mellom.writers.begin() as uow:
        work(uow)
    world.settle()


# ---- who is asked, and when


def test_one_member_is_asked_on_friday_morning(world: World, kari: Person) -> None:
    world.goes_to(oslo(2027, 1, 22, 7, 59))
    assert asked(world) == []
    world.goes_to(oslo(*FRIDAY))
    assert asked(world) == ["Kari Nilsen"]
    kari.reads_privately("På tirsdag spør jeg alle: «Fortell om en forbedring på under 30 minutter")
    kari.reads_privately("Da er det lettere for de andre å følge etter.")
    kari.reads_privately("Du får dette fordi det er din tur")
    world.goes_to(oslo(2027, 1, 26, 15))
    assert asked(world) == ["Kari Nilsen"]  # Who says nothing is left in peace.
    assert log(world) == [("2027-01-25", "done", None)]


def test_the_turn_goes_round_the_organisations_and_then_their_members(world: World) -> None:
    world.person("Ola Berg").asks("Hvordan får dere liv i tavlemøtene?")
    world.change("UPDATE member SET joined_at = '2026-10-01', welcomed_at = '2026-10-01'")
    order = []
    for week in range(6):
        before = asked(world)
        world.goes_to(oslo(2027, 1, 22, 8) + timedelta(weeks=week))
        order += list((Counter(asked(world)) - Counter(before)).elements())
    assert order == [
        "Kari Nilsen",
        "Jens Holm",
        "Ingrid Vik",
        "Lars Krogh",
        "Ola Berg",
        "Jens Holm",
    ]


PUT_OFF = (
    "UPDATE member SET just_reads = true WHERE id = {kari}",
    "UPDATE member SET role = 'manager' WHERE id = {kari}",
    "UPDATE member SET role = 'reader' WHERE id = {kari}",
    "UPDATE member SET role = 'facilitator' WHERE id = {kari}",
    "UPDATE member SET home = 'unknown' WHERE id = {kari}",
    "UPDATE member SET days = '345' WHERE id = {kari}",
    "UPDATE member SET days = '24' WHERE id = {kari}",
    "UPDATE member SET away_until = '2027-01-26' WHERE id = {kari}",
    "UPDATE member SET away_from = '2027-01-26', away_until = '2027-02-01' WHERE id = {kari}",
    "UPDATE member SET welcomed_at = '2027-01-20' WHERE id = {kari}",
    "INSERT INTO muted (member, kind) VALUES ({kari}, 'first-voice')",
    "INSERT INTO school_break SELECT organisation, '2027-01-22', '2027-01-25' FROM member"
    " WHERE id = {kari}",
    "INSERT INTO school_break SELECT organisation, '2027-01-26', '2027-01-29' FROM member"
    " WHERE id = {kari}",
    "UPDATE room SET reads = 'none' WHERE organisation ="
    " (SELECT organisation FROM member WHERE id = {kari})",
    "UPDATE member SET left_at = '2027-01-20' WHERE id = {kari}",
)
"""Whatever holds of Kari, it is not her turn."""


def asked_if(world: World, change: str) -> list[str]:
    """Who would be asked that Friday, had this been so."""
    at = oslo(*FRIDAY)
    kari = world.count("SELECT min(id) FROM member")
    with world.supposing(change.format(kari=kari), at) as uow:
        first_voice.look(Job(1, first_voice.JOB, at), uow)
        names = text(
            "SELECT account.name FROM first_voice f JOIN membership m ON m.member = f.member "
            "JOIN account ON account.id = m.account"
        )
        found = list(uow.connection.execute(names).scalars())
    return found


def test_whom_the_gate_would_put_off_is_passed_over_at_once(world: World) -> None:
    found = {change: asked_if(world, change) for change in PUT_OFF}
    assert found == {change: ["Jens Holm"] for change in PUT_OFF}
    assert asked_if(world, "DELETE FROM receipt") == ["Kari Nilsen"]


def test_whoever_got_another_message_that_day_is_asked_on_monday_at_eleven(
    world: World, kari: Person
) -> None:
    world.change(
        "INSERT INTO private (network, member, kind, facts, state, created_at, sent_at) "
        "SELECT network, min(id), 'host', '{}', 'shown', '2027-01-22 06:00', '2027-01-22 06:00' "
        "FROM member GROUP BY network"
    )
    world.goes_to(oslo(2027, 1, 25, 10, 59))
    assert asked(world) == []
    world.goes_to(oslo(2027, 1, 25, 11, 1))
    assert asked(world) == ["Kari Nilsen"]


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        ((2027, 1, 22, 11, 30), ["Kari Nilsen"]),
        ((2027, 1, 22, 12, 30), []),
        ((2027, 1, 25, 13), ["Kari Nilsen"]),
        ((2027, 1, 26, 8, 10), ["Kari Nilsen"]),
        ((2027, 1, 26, 8, 50), []),
    ],
)
def test_a_worker_that_was_away_asks_until_shortly_before_the_prompt(
    world: World, back: tuple[int, ...], expected: list[str]
) -> None:
    world.away_until(oslo(*back))
    assert asked(world) == expected
    world.away_until(oslo(2027, 1, 26, 9, 20))
    assert asked(world) == expected


def test_a_week_that_was_missed_is_written_down(world: World) -> None:
    world.away_until(oslo(2027, 1, 26, 9, 10))
    assert log(world) == [("2027-01-25", "skipped", "away")]


def test_what_is_asked_on_wednesday_says_so(world: World, kari: Person, jens: Person) -> None:
    world.away_until(oslo(2029, 4, 27, 7))
    world.goes_to(oslo(2029, 4, 27, 8))
    read = [seen.words for one in (kari, jens) for seen in one.private if ASKED in seen.words]
    assert "onsdag" in read[-1]


def test_the_operator_is_told_that_somebody_is_to_be_asked_and_not_who(world: World) -> None:
    assert told(world) == [("the member whose turn it is", "two working days before Tuesday 26")]
    planned(world, "C11")
    assert told(world) == [("whoever runs the network", "two working days before Tuesday 26")]
    assert world.rows("SELECT state FROM first_voice") == []
    world.goes_to(oslo(*FRIDAY))
    assert told(world) == []


def told(world: World) -> list[tuple[str, str]]:
    with world.village.mellom.writers.begin() as uow:
        found = schedule.coming(1, oslo(2027, 1, 28), uow)
    return [(one.to, one.why[:34]) for one in found if "answer first" in one.what]


def test_a_paused_network_asks_nobody_until_the_pause_is_over(world: World) -> None:
    world.change("UPDATE network SET paused_at = '2027-01-20'")
    world.goes_to(oslo(2027, 1, 25, 13))
    assert asked(world) == []
    do(world, lambda uow: pausing.resume(1, uow))
    assert asked(world) == ["Kari Nilsen"]


def test_a_pause_that_lasts_is_why_nobody_was_asked(world: World) -> None:
    world.change("UPDATE network SET paused_at = '2027-01-20'")
    world.goes_to(oslo(*TUESDAY))
    assert log(world) == [("2027-01-25", "skipped", "paused")]


def test_whom_no_message_reaches_costs_nobody_the_turn(world: World) -> None:
    world.change("UPDATE account SET gone_at = '2027-01-20' WHERE name = 'Kari Nilsen'")
    world.goes_to(oslo(*FRIDAY))
    assert asked(world) == ["Jens Holm"]


def test_what_did_not_work_is_asked_of_the_facilitator_first(world: World, ingrid: Person) -> None:
    role(world, ingrid, "Bodø kommune", "facilitator")
    planned(world, "C11")
    world.goes_to(oslo(*FRIDAY))
    assert asked(world) == ["Ingrid Vik"]
    ingrid.reads_privately("Hva prøvde du sist som ikke virket")
    ingrid.presses("En annen gang", on=ASKED, privately=True)
    world.later(minutes=5)
    assert asked(world) == ["Ingrid Vik"]


def planned(world: World, key: str) -> None:
    one = bank.prompts()[key]
    do(
        world,
        lambda uow: prompts.keep(
            uow,
            1,
            key=key,
            theme=one.theme,
            words=one.words,
            state="planned",
            week=WEEK,
        ),
    )


# ---- what they answer


def test_yes_is_confirmed_once_with_day_and_time(world: World, kari: Person) -> None:
    world.goes_to(oslo(*FRIDAY))
    for _ in range(2):
        assert "tirsdag 26. januar kl. 09.15" in press(world, kari, first_voice.YES)
    before = len(kari.private)
    world.goes_to(oslo(2027, 1, 26, 15))
    assert len(kari.private) == before
    assert asked(world) == ["Kari Nilsen"]
    assert world.rows("SELECT state FROM first_voice") == [("yes",)]


def test_the_button_says_yes(world: World, kari: Person) -> None:
    world.goes_to(oslo(*FRIDAY))
    kari.presses("Ja", on=ASKED, privately=True)
    kari.is_told("Takk. Spørsmålet kommer tirsdag 26. januar kl. 09.15.")
    kari.reads_privately(ASKED, "Spørsmålet kommer tirsdag 26. januar kl. 09.15.")


def test_another_time_is_thanked_and_the_next_is_asked(
    world: World, kari: Person, jens: Person, ingrid: Person
) -> None:
    world.goes_to(oslo(*FRIDAY))
    kari.presses("En annen gang", on=ASKED, privately=True)
    kari.is_told("Takk for at du sa fra. Da blir det en annen gang.")
    assert asked(world) == ["Kari Nilsen", "Jens Holm"]
    jens.reads_privately("På tirsdag spørger jeg alle: »Fortæl om en forbedring på under 30")
    jens.presses("En anden gang", on=ASKED, privately=True)
    jens.is_told("Tak, fordi du sagde til. Så bliver det en anden gang.")
    assert asked(world) == ["Kari Nilsen", "Jens Holm", "Ingrid Vik"]
    ingrid.presses("Ja", on=ASKED, privately=True)
    ingrid.presses("En annen gang", on=ASKED, privately=True)  # She thinks better of it.
    assert len(asked(world)) == 4
    world.person("Lars Krogh").presses("En anden gang", on=ASKED, privately=True)
    assert len(asked(world)) == 4


def test_who_declines_in_the_last_hour_brings_nobody_into_trouble(
    world: World, kari: Person
) -> None:
    world.goes_to(oslo(2027, 1, 26, 8, 46))
    kari.presses("En annen gang", on=ASKED, privately=True)
    kari.is_told("Da blir det en annen gang")
    world.later(minutes=20)
    assert asked(world) == ["Kari Nilsen"]


def test_yes_after_another_time_is_welcome_but_nobody_is_asked_twice(
    world: World, kari: Person
) -> None:
    world.goes_to(oslo(*FRIDAY))
    press(world, kari, first_voice.ANOTHER_TIME)
    assert "noen andre" in press(world, kari, first_voice.YES)
    assert world.rows("SELECT state FROM first_voice ORDER BY asked_at, member") == [
        ("no",),
        ("asked",),
    ]


@pytest.mark.parametrize("button", [first_voice.YES, first_voice.ANOTHER_TIME])
def test_a_press_after_it_was_asked_says_where_to_answer(
    world: World, kari: Person, jens: Person, button: str
) -> None:
    """The message says so by itself; where it still stood as before, the press does."""
    world.goes_to(oslo(*TUESDAY))
    kari.reads_privately("Spørsmålet er stilt. Svar i tråden i kanalen deres, eller her.")
    assert ASKED not in "".join(seen.words for seen in kari.private)
    assert "Spørsmålet er stilt" in press(world, kari, button)
    kari.presses("Svar", on="Spørsmålet er stilt", privately=True)
    kari.sends_form(answer="Vi flyttet skriveren.")
    jens.room.sees("Kari Nilsen · Alta kommune", "skriveren", under="Fortæl om en forbedring")
    assert world.rows("SELECT state FROM first_voice") == [("asked",)]


def test_the_same_on_teams(world: World, kari: Person, jens: Person) -> None:
    world.goes_to(oslo(*FRIDAY))
    kari.presses("En annen gang", on=ASKED, privately=True)
    jens.presses("Ja", on=ASKED, privately=True)
    jens.is_told("Tak. Spørgsmålet kommer tirsdag den 26. januar kl. 9.15.")
    world.goes_to(oslo(*TUESDAY))
    jens.reads_privately("Spørgsmålet er stillet. Svar i tråden i jeres kanal eller her.")


def test_only_who_was_asked_can_answer(world: World, kari: Person, jens: Person) -> None:
    world.goes_to(oslo(*FRIDAY))
    for action in (first_voice.YES, first_voice.ANOTHER_TIME):
        assert "noget at svare på" in press(world, jens, action)
        for value in ("", "1", "1:", "x:y", "1:2027-02-30", "1:9999-12-31", "2:2027-01-25", "²:1"):
            press(world, jens, action, value)
            press(world, kari, action, value)
    assert world.rows("SELECT state FROM first_voice") == [("asked",)]
    assert asked(world) == ["Kari Nilsen"]


def press(world: World, person: Person, action: str, value: str = "1:2027-01-25") -> str:
    """What a press is told, whatever the client sends along."""
    name = person.name
    platform, tenant, user, installation = world.rows(
        'SELECT platform, tenant, "user", installation FROM account '  # noqa: S608
        f"WHERE name = '{name}'"
    )[0]
    pressed = Pressed(
        key=f"{name} {action} {next(NUMBERS)}",
        at=world.clock(),
        place=Place(installation, f"direct {user}", direct=True),
        person=Author(platform, tenant, user),
        action=action,
        value=value,
    )
    answer = dispatch.receive(pressed, world.village.mellom.writers.begin)
    world.settle()
    assert answer is None or isinstance(answer, Tell)
    return "" if answer is None else answer.card.plain()


# ---- what changes meanwhile


def test_the_message_shows_what_the_facilitator_makes_of_the_week(
    world: World, kari: Person
) -> None:
    world.goes_to(oslo(2027, 1, 22, 14))  # What stands is changed outside the hours, too.

    def rewrite(uow: UnitOfWork) -> None:
        one = prompts.planned(uow, 1, WEEK)
        assert one is not None
        prompts.rewrite(uow, one.id, one.theme, {"nb": "Hva gjorde dere på mandag?"})
        prompting.redraw(1, WEEK, uow)

    do(world, rewrite)
    kari.reads_privately("På tirsdag spør jeg alle: «Hva gjorde dere på mandag?»")

    def skip(uow: UnitOfWork) -> None:
        jobs.settle(uow, prompting.JOB, 1, "2027-01-25", reason="facilitator")
        prompting.redraw(1, WEEK, uow)

    do(world, skip)
    kari.reads_privately("Det ble ikke noe av spørsmålet.")
    assert "Hva gjorde dere" not in "".join(seen.words for seen in kari.private)
    assert "ikke noe av" in press(world, kari, first_voice.YES)
    assert "ikke noe av" in press(world, kari, first_voice.ANOTHER_TIME)
    world.goes_to(oslo(*TUESDAY))
    assert asked(world) == ["Kari Nilsen"]


def test_whoever_said_yes_is_told_when_a_pause_took_the_week(world: World, kari: Person) -> None:
    world.goes_to(oslo(*FRIDAY))
    kari.presses("Ja", on=ASKED, privately=True)
    world.change("UPDATE network SET paused_at = '2027-01-25 09:00:00.000000'")
    world.goes_to(oslo(2027, 1, 28, 14, 30))
    kari.reads_privately("Det ble ikke noe av spørsmålet.")


def test_a_week_that_is_skipped_before_asks_nobody(world: World) -> None:
    do(world, lambda uow: jobs.settle(uow, prompting.JOB, 1, "2027-01-25", reason="facilitator"))
    world.goes_to(oslo(*TUESDAY))
    assert asked(world) == []


def test_whoever_leaves_is_asked_nothing_more_and_the_next_is(world: World, kari: Person) -> None:
    world.goes_to(oslo(*FRIDAY))
    do(world, lambda uow: leaving.leave(1, uow))
    assert asked(world) == ["Jens Holm"]


def test_after_ninety_days_only_the_turn_is_known(world: World, kari: Person) -> None:
    world.goes_to(oslo(*FRIDAY))
    press(world, kari, first_voice.ANOTHER_TIME)
    world.clock.move(days=91)
    world.change("UPDATE member SET left_at = '2027-03-01' WHERE id = 2")
    with world.village.mellom.writers.begin() as uow:
        retention.tidy(uow)
    assert world.rows("SELECT member, state, private FROM first_voice") == [(1, "past", None)]


def test_the_clock_set_back_asks_nobody_again(world: World) -> None:
    world.goes_to(oslo(2027, 1, 22, 9))
    world.clock.at = oslo(*FRIDAY)
    do(world, lambda uow: schedule.run(Job(1, first_voice.JOB, uow.now), uow))
    do(world, lambda uow: jobs.look_at(uow, 1, first_voice.JOB, uow.now))
    assert asked(world) == ["Kari Nilsen"]
