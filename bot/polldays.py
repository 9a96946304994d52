"""The days of a poll: when it opens and when it closes, in a network of several calendars.

It opens early in the month, stays open for at least three whole network working days, and neither
opens nor closes on a day on which either country is silent.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.calendar import Calendar, network_silence, network_working_day
from bot.windows import MIDWEEK, day_of, moment

OPENS, CLOSES = time(9, 30), time(10)
AFTER = 4
"""Network working days from opening to closing, so that three of them are whole."""

MORE = 2
"""Network working days by which a poll is extended in which few have voted."""

LATEST = 14
"""Until this day of the month it may open."""

LONGEST = timedelta(days=14)
"""What could only close later than this after it opened is not opened: holidays lie between."""


@dataclass(frozen=True, slots=True)
class PollDays:
    """When the poll of a month opens and closes."""

    opens_at: datetime
    closes_at: datetime


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    return month_of(month + timedelta(days=31))


def poll_days(month: date, around: Collection[Calendar]) -> PollDays | None:
    """Of the month of this day; None if holidays leave no time for it."""
    first = month_of(month)
    days = [first + timedelta(days=ahead) for ahead in range(LATEST)]
    # Wednesdays first: Tuesday is the day of the question of the week.
    for opens in [day for weekday in (3, 4) for day in days if day.isoweekday() == weekday]:
        if found := _from(opens, around):
            return found
    return None


def _from(opens: date, around: Collection[Calendar]) -> PollDays | None:
    if not _may_begin_or_end(opens, around):
        return None
    closes = closing_day(network_working_day(opens, AFTER, around), around)
    if closes - opens > LONGEST:
        return None
    return PollDays(moment(opens, OPENS), moment(closes, CLOSES))


def closing_day(earliest: date, around: Collection[Calendar]) -> date:
    """From this day on the first on which a poll may close."""
    day = earliest
    while not _may_begin_or_end(day, around):
        day += timedelta(days=1)
    return day


def extended(closes_at: datetime, around: Collection[Calendar]) -> datetime:
    """When a poll closes in which few have voted by then."""
    earliest = network_working_day(day_of(closes_at), MORE, around)
    return moment(closing_day(earliest, around), CLOSES)


def reopened(now: datetime, around: Collection[Calendar]) -> datetime:
    """When a poll closes that opens now, later than it should have."""
    earliest = network_working_day(day_of(now), AFTER, around)
    return moment(closing_day(earliest, around), CLOSES)


def _may_begin_or_end(day: date, around: Collection[Calendar]) -> bool:
    return day.isoweekday() in MIDWEEK and network_silence(day, around) is None
