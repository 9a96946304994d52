"""The hours in which Mellom may write without having been spoken to, row by row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import Break, Calendar, Level, network_silence, silence
from bot.language import ZONE
from bot.windows import (
    PRIVATE,
    PROACTIVE,
    ROOM,
    day_of,
    moment,
    next_in_rooms,
    next_private,
    prompt_week,
)
from tests.test_calendar import BOTH, CALENDARS, DK, NO, SOME_WEEKDAYS

WEEK_8 = Break(date(2027, 2, 22), date(2027, 2, 26))


def at(written: str) -> datetime:
    """A moment by the clock in Oslo."""
    return datetime.fromisoformat(written).replace(tzinfo=ZONE).astimezone(UTC)


# ---- private messages


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2027-02-10 10:00", "2027-02-10 10:00"),
        ("2027-02-10 08:59", "2027-02-10 09:00"),
        ("2027-02-10 09:00", "2027-02-10 09:00"),
        ("2027-02-10 14:29:59.999", "2027-02-10 14:29:59.999"),
        ("2027-02-10 14:30", "2027-02-11 09:00"),
        ("2027-02-11 14:30", "2027-02-16 09:00"),  # no Friday, no Monday
        ("2027-02-12 10:00", "2027-02-16 09:00"),
        ("2027-02-15 12:00", "2027-02-16 09:00"),
        ("2027-03-18 15:00", "2027-04-01 09:00"),
        # The night when an hour is left out, and the night that has one twice.
        ("2027-03-28 00:30", "2027-04-01 09:00"),
        ("2027-10-31 00:30", "2027-11-02 09:00"),
    ],
)
def test_when_somebody_may_be_written_to(now: str, then: str) -> None:
    assert next_private(at(now), NO) == at(then)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2027-02-18 15:00", "2027-02-23 09:00"),  # in the school break
        ("2027-03-23 10:00", "2027-03-23 10:00"),  # in Holy Week
        ("2027-03-25 10:00", "2027-03-30 09:00"),  # but not at Easter
        ("2027-07-06 10:00", "2027-07-06 10:00"),
        ("2027-07-13 10:00", "2027-08-03 09:00"),
        ("2027-12-20 10:00", "2028-01-05 09:00"),
    ],
)
def test_help_that_was_asked_for_waits_only_for_hard_silence(now: str, then: str) -> None:
    alta = Calendar("no", (WEEK_8,))
    assert next_private(at(now), alta, asked_for=True) == at(then)


@pytest.mark.parametrize(
    ("weekdays", "then"),
    [
        ({1, 2, 3}, "2027-02-16 09:00"),
        ({3, 5}, "2027-02-17 09:00"),
        ({4}, "2027-02-18 09:00"),
    ],
)
def test_part_timers_are_written_to_on_their_own_days(weekdays: set[int], then: str) -> None:
    assert next_private(at("2027-02-11 16:00"), NO, weekdays) == at(then)


def test_who_works_only_on_the_edges_of_the_week_is_never_written_to() -> None:
    assert next_private(at("2027-02-10 10:00"), NO, {1, 5}) is None


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2027-02-15 10:59", "2027-02-15 11:00"),
        ("2027-02-19 11:59", "2027-02-19 11:59"),
        ("2027-02-19 12:00", "2027-02-22 11:00"),
    ],
)
def test_nothing_at_all_on_monday_morning_and_friday_afternoon(now: str, then: str) -> None:
    assert next_private(at(now), NO, hours=PROACTIVE) == at(then)


# ---- channels


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2027-02-10 11:29", "2027-02-10 11:29"),
        ("2027-02-10 11:30", "2027-02-11 09:00"),
        ("2027-02-11 11:30", "2027-02-16 09:00"),
        ("2028-05-17 09:30", "2028-05-18 09:00"),
        ("2029-06-05 09:30", "2029-06-06 09:00"),
        ("2027-03-23 09:30", "2027-03-30 09:00"),
        ("2027-12-20 10:00", "2028-01-11 09:00"),
    ],
)
def test_when_something_may_begin_in_the_channels(now: str, then: str) -> None:
    assert next_in_rooms(at(now), BOTH) == at(then)


# ---- properties

MOMENTS = st.datetimes(
    datetime(2025, 1, 1), datetime(2039, 1, 1), timezones=st.sampled_from([UTC, ZONE])
)


@given(MOMENTS, CALENDARS, SOME_WEEKDAYS, st.booleans())
def test_nobody_is_written_to_in_silence_nor_later_than_need_be(
    now: datetime, calendar: Calendar, weekdays: frozenset[int], asked_for: bool
) -> None:
    then = next_private(now, calendar, weekdays, asked_for=asked_for)
    if then is None:
        assert weekdays.isdisjoint(PRIVATE)
        return
    assert then >= now
    found = silence(day_of(then), calendar)
    assert found is None or (asked_for and found.level is Level.SOFT)
    local = then.astimezone(ZONE)
    opens, closes = PRIVATE[local.isoweekday()]
    assert opens <= local.time() < closes
    assert local.isoweekday() in weekdays
    assert next_private(then, calendar, weekdays, asked_for=asked_for) == then
    between = now + (then - now) / 2
    assert next_private(between, calendar, weekdays, asked_for=asked_for) == then or now == then


@given(MOMENTS, st.lists(CALENDARS, max_size=4))
def test_nothing_begins_in_the_channels_in_silence(
    now: datetime, calendars: list[Calendar]
) -> None:
    then = next_in_rooms(now, calendars)
    assert then is not None
    assert then >= now
    assert network_silence(day_of(then), calendars) is None
    opens, closes = ROOM[day_of(then).isoweekday()]
    assert opens <= then.astimezone(ZONE).time() < closes


# ---- the weekly prompt


@pytest.mark.parametrize(
    ("week_of", "posted", "moved"),
    [
        ("2027-02-09", "2027-02-09 09:15", None),
        ("2029-05-01", "2029-05-02 09:15", "may-day"),
        ("2029-06-05", "2029-06-06 09:15", "5-june"),
        ("2028-05-17", "2028-05-16 09:15", None),
        ("2027-05-17", "2027-05-18 09:15", None),
        ("2028-06-05", "2028-06-06 09:15", None),
        ("2027-03-23", None, "holy-week"),
        ("2027-03-30", "2027-03-30 09:15", None),  # summer time since Sunday
        ("2026-12-29", None, "christmas"),  # week 53
        ("2027-01-05", "2027-01-07 09:15", "just-back"),
        ("2028-01-04", None, "christmas"),
        ("2027-07-06", "2027-07-06 09:15", None),
        ("2027-07-13", None, "summer"),
    ],
)
def test_the_day_of_the_prompt(week_of: str, posted: str | None, moved: str | None) -> None:
    week = prompt_week(date.fromisoformat(week_of), BOTH)
    assert week.at == (at(posted) if posted else None)
    assert week.moved == moved


def test_a_prompt_that_missed_its_day_has_others_left_in_its_week() -> None:
    assert prompt_week(date(2028, 5, 19), BOTH).days == (date(2028, 5, 16), date(2028, 5, 18))


@pytest.mark.parametrize(
    ("year", "skipped"),
    [
        (2026, [1, 14, 28, 29, 30, 52, 53]),
        (2027, [12, 28, 29, 30, 51, 52]),
        (2028, [1, 15, 28, 29, 30, 52]),
        (2029, [1, 13, 28, 29, 30, 52]),
    ],
)
def test_every_year_has_46_prompts(year: int, skipped: list[int]) -> None:
    weeks = range(1, date(year, 12, 28).isocalendar().week + 1)
    days = {week: prompt_week(date.fromisocalendar(year, week, 2), BOTH).days for week in weeks}
    assert [week for week, open_days in days.items() if not open_days] == skipped
    assert sum(bool(open_days) for open_days in days.values()) == 46


def test_denmark_alone_is_asked_on_the_norwegian_holiday() -> None:
    assert prompt_week(date(2029, 5, 17), [DK]).days[-1] == date(2029, 5, 17)
    assert date(2029, 5, 17) not in prompt_week(date(2029, 5, 17), BOTH).days


def test_a_time_of_day_is_an_hour_earlier_in_summer() -> None:
    winter, summer = (moment(date(2027, 3, day), PRIVATE[2][0]) for day in (26, 29))
    assert summer - winter == timedelta(days=3) - timedelta(hours=1)
