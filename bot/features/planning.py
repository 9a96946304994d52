"""Planning: for which week a question can be meant, and what to do where it cannot."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot import reasons
from bot.features import prompting, weeks
from bot.features.prompting import BY_HAND, USED_UP
from bot.features.weeks import Week
from bot.language import Speech
from storage import UnitOfWork, prompts

AHEAD = 53
"""Weeks within which something can be planned."""


def problem(network: int, day: str, own: int | None, say: Speech, uow: UnitOfWork) -> str:
    """Why nothing can be planned for the week with this day, and which week is near; else nothing.
    `own` is the question that it is about."""
    week = prompting.week_of(day)
    if week is None:
        return say("Choose a day.")
    coming = weeks.ahead(network, AHEAD, uow)
    taken = {
        at
        for at, one in prompts.planned_from(uow, network, coming[0].monday).items()
        if one.chosen and one.id != own
    }
    free = [one.monday for one in coming if _is_free(one, uow) and one.monday not in taken]
    if week in free:
        return ""
    near = _near(week, free)
    if near is None:
        return say("No week within a year is free.")
    named = {"day": say.date(near)}
    found = next((one for one in coming if one.monday == week), None)
    if found is None and week < coming[0].monday:
        return say("That week is over. The next free one begins on {day}.", **named)
    if found is None:
        return say("That is more than a year ahead. The last free week begins on {day}.", **named)
    if week in taken:
        return say(
            "Another question is planned for that week. The nearest free one begins on {day}.",
            **named,
        )
    return _against(found, say, **named)


def _against(week: Week, say: Speech, *, day: str) -> str:
    if week.state in ("ahead", "asked"):
        return say("It is too late for that week. The nearest free one begins on {day}.", day=day)
    if week.reason == BY_HAND:
        return say("That week is skipped. The nearest free one begins on {day}.", day=day)
    return say(
        "Nothing is asked in that week ({reason}). The nearest free one begins on {day}.",
        reason=reasons.said(week.reason or prompting.AWAY, say),
        day=day,
    )


def _is_free(week: Week, uow: UnitOfWork) -> bool:
    if week.closes is None or uow.now >= week.closes:
        return False
    return week.state == "ahead" or week.reason == USED_UP


def _near(week: date, free: Iterable[date]) -> date | None:
    """The one that is nearest; of two that are as near, the later."""
    return min(free, key=lambda one: (abs((one - week).days), one < week), default=None)
