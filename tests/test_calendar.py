"""Days on which people are at work, and days on which Mellom is silent, row by row."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import (
    WEEKDAYS,
    Break,
    Calendar,
    Level,
    Reason,
    Silence,
    holiday,
    is_network_open,
    is_open,
    network_silence,
    network_working_day,
    silence,
    working_day,
    working_days,
)
from bot.language import LANGUAGES, speak
from bot.reasons import said

NO, DK = Calendar("no"), Calendar("dk")
BOTH = (NO, DK)
WEEK_8 = Break(date(2027, 2, 22), date(2027, 2, 26))
HARD, NETWORK, SOFT = Level.HARD, Level.NETWORK, Level.SOFT


def day(written: str) -> date:
    return date.fromisoformat(written)


# ---- public holidays


@pytest.mark.parametrize(
    ("of_2027", "of_2028", "of_2029", "norway", "denmark"),
    [
        ("01-01", "01-01", "01-01", "new-years-day", "new-years-day"),
        ("03-25", "04-13", "03-29", "maundy-thursday", "maundy-thursday"),
        ("03-26", "04-14", "03-30", "good-friday", "good-friday"),
        ("03-28", "04-16", "04-01", "easter-sunday", "easter-sunday"),
        ("03-29", "04-17", "04-02", "easter-monday", "easter-monday"),
        ("05-01", "05-01", "05-01", "may-day", None),
        ("05-06", "05-25", "05-10", "ascension-day", "ascension-day"),
        ("05-07", "05-26", "05-11", None, None),
        ("05-16", "06-04", "05-20", "whit-sunday", "whit-sunday"),
        ("12-24", "12-24", "12-24", None, None),
        ("12-25", "12-25", "12-25", "christmas-day", "christmas-day"),
        ("12-26", "12-26", "12-26", "boxing-day", "boxing-day"),
        ("12-31", "12-31", "12-31", None, None),
    ],
)
def test_the_public_holidays(
    of_2027: str, of_2028: str, of_2029: str, norway: str | None, denmark: str | None
) -> None:
    for written in (f"2027-{of_2027}", f"2028-{of_2028}", f"2029-{of_2029}"):
        assert holiday(day(written), "no") == norway
        assert holiday(day(written), "dk") == denmark


@pytest.mark.parametrize(
    ("written", "norway", "denmark"),
    [
        ("2027-05-17", "17-may", "whit-monday"),  # two holidays on one day
        ("2028-05-17", "17-may", None),
        ("2029-05-17", "17-may", None),
        ("2028-06-05", "whit-monday", "whit-monday"),
        ("2029-05-21", "whit-monday", "whit-monday"),
        ("2029-06-05", None, None),
        # Store bededag was the fourth Friday after Easter, for the last time in 2023.
        ("2024-04-26", None, None),
        ("2027-04-23", None, None),
    ],
)
def test_holidays_on_which_the_countries_or_the_years_differ(
    written: str, norway: str | None, denmark: str | None
) -> None:
    assert holiday(day(written), "no") == norway
    assert holiday(day(written), "dk") == denmark


@pytest.mark.parametrize(("year", "open_in_both"), [(2027, 255), (2028, 251), (2029, 251)])
def test_the_weekdays_that_are_no_holiday_in_either_country(year: int, open_in_both: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=ahead) for ahead in range(365 + (year == 2028)))
    weekdays = [one for one in days if one.isoweekday() in WEEKDAYS]
    assert open_in_both == sum(
        holiday(one, "no") is None and holiday(one, "dk") is None for one in weekdays
    )


@pytest.mark.parametrize("country", ["no", "dk"])
def test_every_holiday_has_its_name(country: str) -> None:
    days = (date(2024, 1, 1) + timedelta(days=ahead) for ahead in range(366 * 30))
    assert Reason.HOLIDAY not in {holiday(one, country) for one in days}


# ---- silence


@pytest.mark.parametrize(
    ("written", "norway", "denmark"),
    [
        ("2027-02-10", None, None),
        ("2027-02-13", (HARD, "weekend"), (HARD, "weekend")),
        ("2027-02-15", None, None),  # the Monday after nothing but a weekend
        # Holy Week, and two working days to get going again.
        ("2027-03-19", None, None),
        ("2027-03-22", (SOFT, "holy-week"), (SOFT, "holy-week")),
        ("2027-03-24", (SOFT, "holy-week"), (SOFT, "holy-week")),
        ("2027-03-25", (HARD, "maundy-thursday"), (HARD, "maundy-thursday")),
        ("2027-03-29", (HARD, "easter-monday"), (HARD, "easter-monday")),
        ("2027-03-30", (SOFT, "just-back"), (SOFT, "just-back")),
        ("2027-03-31", (SOFT, "just-back"), (SOFT, "just-back")),
        ("2027-04-01", None, None),
        # May
        ("2027-05-01", (HARD, "weekend"), (HARD, "weekend")),
        ("2027-05-03", None, None),
        ("2029-05-01", (HARD, "may-day"), (SOFT, "may-day")),
        ("2029-05-02", (SOFT, "just-back"), (SOFT, "just-back")),
        ("2027-05-06", (HARD, "ascension-day"), (HARD, "ascension-day")),
        ("2027-05-07", (SOFT, "after-ascension"), (SOFT, "after-ascension")),
        ("2027-05-11", (SOFT, "just-back"), (SOFT, "just-back")),
        ("2027-05-12", None, None),
        ("2027-05-17", (HARD, "17-may"), (HARD, "whit-monday")),
        ("2028-05-17", (HARD, "17-may"), None),
        ("2028-06-05", (HARD, "whit-monday"), (HARD, "whit-monday")),
        ("2029-06-05", None, (SOFT, "5-june")),
        # Summer: weeks 27 to 31
        ("2027-07-02", None, None),
        ("2027-07-05", (SOFT, "around-summer"), (SOFT, "around-summer")),
        ("2027-07-12", (HARD, "summer"), (HARD, "summer")),
        ("2027-07-30", (HARD, "summer"), (HARD, "summer")),
        ("2027-08-06", (SOFT, "around-summer"), (SOFT, "around-summer")),
        ("2027-08-10", (SOFT, "just-back"), (SOFT, "just-back")),
        ("2027-08-11", None, None),
        # Christmas; 2026 has a week 53
        ("2026-12-18", None, None),
        ("2026-12-21", (HARD, "christmas"), (HARD, "christmas")),
        ("2026-12-25", (HARD, "christmas"), (HARD, "christmas")),
        ("2026-12-30", (HARD, "christmas"), (HARD, "christmas")),
        ("2027-01-04", (HARD, "christmas"), (HARD, "christmas")),
        ("2027-01-06", (SOFT, "just-back"), (SOFT, "just-back")),
        ("2027-01-07", None, None),
    ],
)
def test_when_people_are_left_in_peace(
    written: str, norway: tuple[Level, str] | None, denmark: tuple[Level, str] | None
) -> None:
    assert silence(day(written), NO) == _silence(norway)
    assert silence(day(written), DK) == _silence(denmark)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_can_be_said(language: str) -> None:
    words = [said(reason, speak(language)) for reason in Reason]
    assert len(set(words)) == len(Reason)
    assert all(words)


def test_the_reasons_are_said_to_a_reader() -> None:
    assert said(Reason.DANISH_CONSTITUTION_DAY, speak("nb")) == "dansk grunnlovsdag"
    assert said(Reason.EASTER_MONDAY, speak("da")) == "anden påskedag"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2027-02-19", None),
        ("2027-02-22", "school-break"),
        ("2027-02-26", "school-break"),
        ("2027-03-01", "just-back"),
        ("2027-03-02", "just-back"),
        ("2027-03-03", None),
        ("2027-04-14", "seminar"),
        ("2027-04-16", "just-back"),
        ("2027-04-19", None),
    ],
)
def test_school_breaks_and_seminars_are_soft(written: str, reason: str | None) -> None:
    alta = Calendar("no", (WEEK_8,), frozenset({date(2027, 4, 14)}))
    assert silence(day(written), alta) == _silence((SOFT, reason) if reason else None)


def test_an_organisation_keeps_other_soft_days_than_its_country() -> None:
    grundlovsdag = date(2029, 6, 5)
    assert is_open(grundlovsdag, Calendar("dk", soft_days=frozenset()))
    assert not is_open(
        grundlovsdag, Calendar("no", soft_days=frozenset({Reason.DANISH_CONSTITUTION_DAY}))
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2027-02-10", None),
        ("2027-02-13", (HARD, "weekend")),
        ("2027-03-23", (NETWORK, "holy-week")),
        ("2027-03-25", (NETWORK, "maundy-thursday")),
        ("2027-03-30", None),
        ("2029-05-01", (NETWORK, "may-day")),
        ("2029-05-02", None),
        ("2028-05-17", (NETWORK, "17-may")),
        ("2029-06-05", (NETWORK, "5-june")),
        ("2027-07-06", None),
        ("2027-07-13", (HARD, "summer")),
        ("2027-08-03", None),
        ("2028-01-04", (HARD, "christmas")),
        ("2028-01-06", (NETWORK, "just-back")),
        ("2028-01-07", None),
    ],
)
def test_when_nothing_begins_in_the_channels(
    written: str, expected: tuple[Level, str] | None
) -> None:
    assert network_silence(day(written), BOTH) == _silence(expected)


def test_a_network_in_one_country_does_not_keep_the_others_holidays() -> None:
    assert network_silence(date(2028, 5, 17), (DK,)) is None
    assert network_silence(date(2029, 6, 5), (NO,)) is None


def _silence(expected: tuple[Level, str] | None) -> Silence | None:
    return Silence(expected[0], Reason(expected[1])) if expected else None


# ---- working days


@pytest.mark.parametrize(
    ("asked", "number", "then"),
    [
        ("2027-03-24", 3, "2027-04-01"),  # the holidays do not count, nor does the day of asking
        ("2027-02-10", 3, "2027-02-15"),
        ("2027-02-13", 1, "2027-02-15"),
        ("2027-03-22", 1, "2027-03-30"),  # nobody is there for the rest of Holy Week
        ("2029-04-30", 1, "2029-05-02"),
        ("2027-07-09", 1, "2027-08-02"),
        ("2026-12-18", 3, "2027-01-07"),
        ("2027-05-14", 5, "2027-05-24"),
    ],
)
def test_working_days_in_the_network(asked: str, number: int, then: str) -> None:
    assert network_working_day(day(asked), number, [NO, DK, DK]) == day(then)


@pytest.mark.parametrize(
    ("others", "open_that_day"),
    [
        ([("no", False), ("dk", True)], True),
        ([("no", False), ("no", False), ("dk", True)], False),
        ([("no", True), ("dk", True), ("no", False)], True),
        ([("no", False)], False),
        ([], True),
    ],
)
def test_half_of_the_others_make_a_working_day(
    others: list[tuple[str, bool]], open_that_day: bool
) -> None:
    calendars = [Calendar(country, () if at_work else (WEEK_8,)) for country, at_work in others]
    assert is_network_open(WEEK_8.first, calendars) is open_that_day


def test_no_network_works_at_the_weekend() -> None:
    assert not is_network_open(date(2027, 2, 13), [])


@pytest.mark.parametrize(
    ("start", "number", "weekdays", "then"),
    [
        ("2027-02-10", 0, WEEKDAYS, "2027-02-10"),
        ("2027-02-10", 1, WEEKDAYS, "2027-02-11"),
        ("2027-02-19", 1, WEEKDAYS, "2027-03-01"),  # after the school break
        ("2027-02-12", 3, {2, 3}, "2027-03-02"),
        ("2027-02-12", 20, {2, 3}, "2027-05-05"),
        ("2027-03-02", -1, WEEKDAYS, "2027-03-01"),
        ("2027-03-01", -1, WEEKDAYS, "2027-02-19"),
        ("2027-03-30", -2, WEEKDAYS, "2027-03-18"),
    ],
)
def test_a_persons_working_days(start: str, number: int, weekdays: set[int], then: str) -> None:
    assert working_day(day(start), number, Calendar("no", (WEEK_8,)), weekdays) == day(then)


def test_somebody_who_never_works_is_refused_rather_than_waited_for() -> None:
    with pytest.raises(ValueError, match="no weekday"):
        working_day(date(2027, 2, 10), 1, NO, {6, 7})


DAYS = st.dates(date(2025, 1, 1), date(2040, 12, 31))
CALENDARS = st.builds(
    Calendar,
    st.sampled_from(["no", "dk"]),
    st.lists(
        st.builds(
            lambda first, length: Break(first, first + timedelta(days=length)),
            DAYS,
            st.integers(0, 60),
        ),
        max_size=4,
    ).map(tuple),
)
SOME_WEEKDAYS = st.frozensets(st.sampled_from(sorted(WEEKDAYS)), min_size=1)


@given(DAYS, st.integers(1, 30), CALENDARS, SOME_WEEKDAYS)
def test_counting_on_never_comes_back(
    start: date, number: int, calendar: Calendar, weekdays: frozenset[int]
) -> None:
    then = working_day(start, number, calendar, weekdays)
    assert start < then
    assert working_day(start, number - 1, calendar, weekdays) < then
    assert is_open(then, calendar)
    assert then.isoweekday() in weekdays
    assert working_days(start, then, calendar, weekdays) == number
    assert working_days(start, then - timedelta(days=1), calendar, weekdays) == number - 1
    assert working_day(then, -number, calendar, weekdays) < then


@given(DAYS, CALENDARS)
def test_nobody_is_at_work_when_it_is_all_silent(one: date, calendar: Calendar) -> None:
    found = silence(one, calendar)
    if found is not None and found.level is Level.HARD:
        assert not is_open(one, calendar)
    if found is None:
        assert is_open(one, calendar)
