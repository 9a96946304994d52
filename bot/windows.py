"""The hours in which Mellom may write without having been spoken to, by the clock in Oslo.

All of them lie far from the hours that the change to and from summer time takes or gives twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.calendar import WEEKDAYS, Calendar, Level, Reason, network_silence, silence
from bot.language import ZONE, here

Hours = Mapping[int, tuple[time, time]]
"""From when until when (no longer then), by the weekday, 1 for Monday."""

MIDWEEK = (2, 3, 4)
PRIVATE: Hours = dict.fromkeys(MIDWEEK, (time(9), time(14, 30)))
ROOM: Hours = dict.fromkeys(MIDWEEK, (time(9), time(11, 30)))
PROACTIVE: Hours = {
    **dict.fromkeys(MIDWEEK, (time(8), time(15, 30))),
    1: (time(11), time(15, 30)),
    5: (time(8), time(12)),
}
"""The widest hours, for what a seminar's date ties to one day."""

PROMPT = time(9, 15)

_HORIZON = 400
"""Days ahead at which the search for an open one is given up."""


def day_of(moment: datetime) -> date:
    """The day that it is in Norway and Denmark."""
    return here(moment).date()


def next_private(
    now: datetime,
    calendar: Calendar,
    weekdays: Collection[int] = WEEKDAYS,
    *,
    asked_for: bool = False,
    hours: Hours = PRIVATE,
) -> datetime | None:
    """From when on a member of this organisation may be written to: `now`, if that is at once.

    `weekdays` are those on which the member works; who works on none with a window is never written
    to (None). What helps somebody who asked for it goes out in soft silence, too.
    """

    def is_open(day: date) -> bool:
        found = silence(day, calendar)
        spoken = found is None or (asked_for and found.level is Level.SOFT)
        return spoken and day.isoweekday() in weekdays

    return _next(now, hours, is_open)


def next_in_rooms(now: datetime, calendars: Collection[Calendar]) -> datetime | None:
    """From when on something may begin in the channels of a network with these organisations."""
    return _next(now, ROOM, lambda day: network_silence(day, calendars) is None)


def _next(now: datetime, hours: Hours, is_open: Callable[[date], bool]) -> datetime | None:
    today = day_of(now)
    for ahead in range(_HORIZON):
        day = today + timedelta(days=ahead)
        if day.isoweekday() not in hours or not is_open(day):
            continue
        opens, closes = (moment(day, at) for at in hours[day.isoweekday()])
        if now < closes:
            return max(now.astimezone(UTC), opens)
    return None


def moment(day: date, at: time) -> datetime:
    """This time of day in Norway and Denmark."""
    return datetime.combine(day, at, ZONE).astimezone(UTC)


# ---- the weekly prompt


@dataclass(frozen=True, slots=True)
class PromptWeek:
    """The days of a week on which its prompt may be posted, best first, and why not on Tuesday."""

    days: tuple[date, ...]
    moved: Reason | None

    @property
    def at(self) -> datetime | None:
        """When its prompt is to be posted; None if the week is skipped."""
        return moment(self.days[0], PROMPT) if self.days else None


def prompt_week(day: date, calendars: Collection[Calendar]) -> PromptWeek:
    """The week of this day, in a network with these organisations."""
    monday = day - timedelta(days=day.weekday())
    found = {one: network_silence(one, calendars) for one in _midweek(monday)}
    tuesday = next(iter(found.values()))
    return PromptWeek(
        tuple(one for one, silent in found.items() if silent is None),
        tuesday.reason if tuesday else None,
    )


def _midweek(monday: date) -> list[date]:
    return [monday + timedelta(days=weekday - 1) for weekday in MIDWEEK]
