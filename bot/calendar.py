"""Days on which people are at work, and days on which Mellom is silent.

Functions of values alone: neither rows nor a clock are read here. A day is a day in Oslo and
Copenhagen, which keep the same time; the hours within it are in `windows`.

A day on which an organisation is *closed* is nobody's working day. On some further days people are
at work but not to be disturbed: around the summer, on a seminar, just back from somewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from itertools import count
from typing import NamedTuple

WEEKDAYS = frozenset(range(1, 6))
"""Monday to Friday, as `date.isoweekday` counts them."""


class Level(StrEnum):
    """How silent Mellom is."""

    HARD = "hard"  # nothing proactive of any kind
    NETWORK = "network"  # nothing in the channels, for it is a holiday to some of them
    SOFT = "soft"  # answers and help that was asked for go out, nothing else


class Reason(StrEnum):
    """Why Mellom is silent."""

    WEEKEND = "weekend"
    NEW_YEARS_DAY = "new-years-day"
    MAUNDY_THURSDAY = "maundy-thursday"
    GOOD_FRIDAY = "good-friday"
    EASTER_SUNDAY = "easter-sunday"
    EASTER_MONDAY = "easter-monday"
    MAY_DAY = "may-day"
    NORWEGIAN_CONSTITUTION_DAY = "17-may"
    ASCENSION_DAY = "ascension-day"
    WHIT_SUNDAY = "whit-sunday"
    WHIT_MONDAY = "whit-monday"
    CHRISTMAS_DAY = "christmas-day"
    BOXING_DAY = "boxing-day"
    HOLIDAY = "holiday"  # a new one that the library knows and we do not
    SUMMER = "summer"
    CHRISTMAS = "christmas"
    HOLY_WEEK = "holy-week"
    AFTER_ASCENSION = "after-ascension"
    DANISH_CONSTITUTION_DAY = "5-june"
    CHRISTMAS_EVE = "christmas-eve"
    NEW_YEARS_EVE = "new-years-eve"
    SCHOOL_BREAK = "school-break"
    AROUND_SUMMER = "around-summer"
    SEMINAR = "seminar"
    JUST_BACK = "just-back"


@dataclass(frozen=True, slots=True)
class Silence:
    """That a day is silent, and why."""

    level: Level
    reason: Reason


class Break(NamedTuple):
    """A school break, its last day included."""

    first: date
    last: date


_COMMON = {
    Reason.HOLY_WEEK,
    Reason.AFTER_ASCENSION,
    Reason.CHRISTMAS_EVE,
    Reason.NEW_YEARS_EVE,
}

SOFT_DAYS: Mapping[str, frozenset[Reason]] = {
    "no": frozenset(_COMMON),
    "dk": frozenset({*_COMMON, Reason.MAY_DAY, Reason.DANISH_CONSTITUTION_DAY}),
}
"""Days that are no holidays by law, but free to most by agreement, in each country."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """What has to be known of an organisation to tell its days apart."""

    country: str
    breaks: tuple[Break, ...] = ()
    seminars: frozenset[date] = frozenset()
    soft_days: frozenset[Reason] | None = None  # None: as is usual in its country

    @property
    def agreed(self) -> frozenset[Reason]:
        """The soft days that it keeps."""
        return SOFT_DAYS[self.country] if self.soft_days is None else self.soft_days


# ---- silence


def silence(day: date, calendar: Calendar) -> Silence | None:
    """Why people of this organisation are left in peace that day; None if they need not be."""
    if found := _before_coming_back(day, calendar):
        return found
    if _comes_after(day, lambda earlier: _before_coming_back(earlier, calendar)):
        return Silence(Level.SOFT, Reason.JUST_BACK)
    return None


def network_silence(day: date, calendars: Collection[Calendar]) -> Silence | None:
    """Why nothing begins in the channels of these organisations that day; None if it may.

    A school break is the organisation's own, and so is a week at the edge of the summer.
    """
    if found := _network_closed(day, calendars):
        return found
    # So a week that begins on the second of January or later is skipped, and no other week is.
    if _comes_after(day, lambda earlier: _network_closed(earlier, ())) is Reason.CHRISTMAS:
        return Silence(Level.NETWORK, Reason.JUST_BACK)
    return None


def holiday(day: date, country: str) -> Reason | None:
    """The public holiday that it is there by law."""
    return _holidays(country, day.year).get(day)


def _before_coming_back(day: date, calendar: Calendar) -> Silence | None:
    return _closed(day, calendar) or _at_work_but_busy(day, calendar)


def _closed(day: date, calendar: Calendar) -> Silence | None:
    hard = _hard(day) or holiday(day, calendar.country)
    if hard:
        return Silence(Level.HARD, hard)
    soft = _agreed(day, calendar)
    if soft is None and any(first <= day <= last for first, last in calendar.breaks):
        soft = Reason.SCHOOL_BREAK
    return Silence(Level.SOFT, soft) if soft else None


def _network_closed(day: date, calendars: Collection[Calendar]) -> Silence | None:
    if hard := _hard(day):
        return Silence(Level.HARD, hard)
    for calendar in calendars:
        if found := holiday(day, calendar.country) or _agreed(day, calendar):
            return Silence(Level.NETWORK, found)
    return None


def _hard(day: date) -> Reason | None:
    """Why it is silent everywhere."""
    if day.isoweekday() not in WEEKDAYS:
        return Reason.WEEKEND
    if 28 <= day.isocalendar().week <= 30:
        return Reason.SUMMER
    if (day.month, day.day) >= (12, 21) or (day.month, day.day) <= (1, 4):
        return Reason.CHRISTMAS
    return None


def _agreed(day: date, calendar: Calendar) -> Reason | None:
    """The soft day that it is in this organisation."""
    found = _DATES.get((day.month, day.day))
    if holiday(day - timedelta(days=1), calendar.country) is Reason.ASCENSION_DAY:
        found = Reason.AFTER_ASCENSION
    thursday = day + timedelta(days=4 - day.isoweekday())
    if holiday(thursday, calendar.country) is Reason.MAUNDY_THURSDAY:
        found = Reason.HOLY_WEEK
    return found if found in calendar.agreed else None


_DATES = {
    (5, 1): Reason.MAY_DAY,
    (6, 5): Reason.DANISH_CONSTITUTION_DAY,
    (12, 24): Reason.CHRISTMAS_EVE,
    (12, 31): Reason.NEW_YEARS_EVE,
}


def _at_work_but_busy(day: date, calendar: Calendar) -> Silence | None:
    if day in calendar.seminars:
        return Silence(Level.SOFT, Reason.SEMINAR)
    if day.isocalendar().week in (27, 31):
        return Silence(Level.SOFT, Reason.AROUND_SUMMER)
    return None


def _comes_after(day: date, silence: Callable[[date], Silence | None]) -> Reason | None:
    """What it is one of the first two working days after; a weekend alone is nothing."""
    worked = 0
    for back in count(1):
        found = silence(day - timedelta(days=back))
        if found is None:
            worked += 1
        elif found.reason is not Reason.WEEKEND:
            return found.reason
        if worked == 2:
            break
    return None


@cache
def _holidays(country: str, year: int) -> Mapping[date, Reason]:
    # It takes a third of a second to import, which most processes never need.
    from holidays import country_holidays

    found = country_holidays(country.upper(), years=year, language="en_US")
    return {day: _NAMES.get(found.get_list(day)[0], Reason.HOLIDAY) for day in found}


_NAMES = {
    "New Year's Day": Reason.NEW_YEARS_DAY,
    "Maundy Thursday": Reason.MAUNDY_THURSDAY,
    "Good Friday": Reason.GOOD_FRIDAY,
    "Easter Sunday": Reason.EASTER_SUNDAY,
    "Easter Monday": Reason.EASTER_MONDAY,
    "Labor Day": Reason.MAY_DAY,
    "Constitution Day": Reason.NORWEGIAN_CONSTITUTION_DAY,
    "Ascension Day": Reason.ASCENSION_DAY,
    "Pentecost": Reason.WHIT_SUNDAY,
    "Pentecost Monday": Reason.WHIT_MONDAY,
    "Christmas Day": Reason.CHRISTMAS_DAY,
    "Second Day of Christmas": Reason.BOXING_DAY,
}
"""The library's names of what is a holiday in Norway or Denmark."""


# ---- working days


def is_open(day: date, calendar: Calendar) -> bool:
    """Whether the organisation is at work that day."""
    return _closed(day, calendar) is None


def is_network_open(day: date, others: Collection[Calendar]) -> bool:
    """Whether at least half of the other organisations are at work: a network working day."""
    if day.isoweekday() not in WEEKDAYS:
        return False
    return 2 * sum(is_open(day, calendar) for calendar in others) >= len(others)


def working_day(
    day: date, number: int, calendar: Calendar, weekdays: Collection[int] = WEEKDAYS
) -> date:
    """So many working days after this day, which is day 0; before it, for a negative number.

    `weekdays` are those on which the person works, where it is about one.
    """
    if WEEKDAYS.isdisjoint(weekdays):
        raise ValueError("somebody who works on no weekday has no working days")
    return _step(day, number, lambda one: _works(one, calendar, weekdays))


def network_working_day(day: date, number: int, others: Collection[Calendar]) -> date:
    """So many network working days after this day, which is day 0."""
    return _step(day, number, lambda one: is_network_open(one, others))


def working_days(
    day: date, until: date, calendar: Calendar, weekdays: Collection[int] = WEEKDAYS
) -> int:
    """How many working days there are after this day, and until that day, which is counted."""
    days = (day + timedelta(days=ahead) for ahead in range(1, (until - day).days + 1))
    return sum(_works(one, calendar, weekdays) for one in days)


def _works(day: date, calendar: Calendar, weekdays: Collection[int]) -> bool:
    return day.isoweekday() in weekdays and is_open(day, calendar)


def _step(day: date, number: int, counts: Callable[[date], bool]) -> date:
    one = timedelta(days=1 if number > 0 else -1)
    left = abs(number)
    while left:
        day += one
        left -= counts(day)
    return day
