"""Why Mellom is silent on a day, or asks nothing in a week, said to a reader."""

from __future__ import annotations

from collections.abc import Mapping

from bot.calendar import Reason
from bot.language import Speech, mark

WORDS: Mapping[str, str] = {
    Reason.WEEKEND: mark("weekend"),
    Reason.NEW_YEARS_DAY: mark("New Year's Day"),
    Reason.MAUNDY_THURSDAY: mark("Maundy Thursday"),
    Reason.GOOD_FRIDAY: mark("Good Friday"),
    Reason.EASTER_SUNDAY: mark("Easter Sunday"),
    Reason.EASTER_MONDAY: mark("Easter Monday"),
    Reason.MAY_DAY: mark("1 May"),
    Reason.NORWEGIAN_CONSTITUTION_DAY: mark("17 May"),
    Reason.ASCENSION_DAY: mark("Ascension Day"),
    Reason.WHIT_SUNDAY: mark("Whit Sunday"),
    Reason.WHIT_MONDAY: mark("Whit Monday"),
    Reason.CHRISTMAS_DAY: mark("Christmas Day"),
    Reason.BOXING_DAY: mark("Boxing Day"),
    Reason.HOLIDAY: mark("public holiday"),
    Reason.SUMMER: mark("summer holidays"),
    Reason.CHRISTMAS: mark("Christmas holidays"),
    Reason.HOLY_WEEK: mark("the week before Easter"),
    Reason.AFTER_ASCENSION: mark("the day after Ascension Day"),
    Reason.DANISH_CONSTITUTION_DAY: mark("Danish Constitution Day"),
    Reason.CHRISTMAS_EVE: mark("Christmas Eve"),
    Reason.NEW_YEARS_EVE: mark("New Year's Eve"),
    Reason.SCHOOL_BREAK: mark("school break"),
    Reason.AROUND_SUMMER: mark("the weeks around the summer holidays"),
    Reason.SEMINAR: mark("seminar"),
    Reason.JUST_BACK: mark("the first days back"),
    "facilitator": mark("skipped by the facilitator"),
    "used-up": mark("the bank of questions is used up"),
    "no-channel": mark("no channel takes part"),
    "paused": mark("Mellom is paused"),
    "away": mark("Mellom was not running"),
    "late": mark("it could not be asked earlier"),
}
"""They stand after a colon or in brackets: "Moved to Wednesday (1 May)"."""


def said(reason: str, say: Speech) -> str:
    return say(WORDS[reason])
