"""Which prompt of the bank a week gets. A pure function of values: the week, and what was asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot import bank
from bot.bank import COMPETENCE, GEMBA, INSPIRATION, MODEL, Prompt

FIRST = ("C02", "A13", "C09", "A01", "B10", "A04", "A10", "B01", "C08", "A14")
"""What a network is asked first, in this order: what is easiest to answer."""

SEASONS = {
    "autumn": frozenset(range(35, 44)),
    "budget": frozenset(range(38, 48)),
    "june,december": frozenset((*range(24, 27), *range(49, 52))),
}
"""The weeks of the year of a prompt that does not fit in every week."""

SHARES = {MODEL: 3, COMPETENCE: 2, INSPIRATION: 2, GEMBA: 1}
"""How the themes are to be shared out. Of the first three there are at least so many among twelve
prompts; the last is what a single prompt that fits in every week is about."""

TRUSTING, TRUST = "C11", 6
"""What did not work is asked only of a network that has been asked so often before."""

SHARED_OVER = 12
AGAIN_AFTER = timedelta(days=365)

AROUND_SEMINAR = {-5: "G08", -3: "G07", 1: "G01", 2: "G02", 3: "G03", 6: "G10", 8: "G06"}
"""What takes the place of the bank's other prompts, by weeks after the week of a seminar. It comes
with every seminar, however often there is one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt that was asked, in the week of this Monday. One of the network's own has no key."""

    key: str | None
    theme: str
    week: date


@dataclass(frozen=True, slots=True)
class Seminar:
    """A seminar that begins on this day, and what its workshop is about, if that is known."""

    begins: date
    problem: str = ""


def choose(
    week: date,
    asked: Sequence[Asked],
    seminars: Collection[Seminar] = (),
    without: Collection[str] = (),
) -> Prompt | None:
    """The prompt for the week of this Monday, after those that were asked, oldest first; None once
    the bank is used up. Those `without` are not wanted."""
    if around := _around(week, seminars, without):
        return around
    fresh = [one for one in _ordinary() if one.key not in without and _is_fresh(one, week, asked)]
    known = {one.key for one in asked}
    begin = next((key for key in FIRST if key not in known and key not in without), None)
    if begin is not None:
        return bank.prompts()[begin]
    last = asked[-1].theme if asked else None
    fitting = [one for one in fresh if one.theme != last and _fits(one, week, asked)]
    return min(fitting, key=lambda one: _rank(one, week, asked), default=None)


def _around(week: date, seminars: Collection[Seminar], without: Collection[str]) -> Prompt | None:
    for seminar in seminars:
        begins = seminar.begins - timedelta(days=seminar.begins.weekday())
        key = AROUND_SEMINAR.get((week - begins).days // 7)
        if key is None or key in without:
            continue
        found = bank.prompts()[key]
        if seminar.problem or bank.PROBLEM not in found.words["en"]:
            return found
    return None


def _ordinary() -> list[Prompt]:
    return [one for one in bank.prompts().values() if not one.when.startswith("seminar")]


def _is_fresh(one: Prompt, week: date, asked: Sequence[Asked]) -> bool:
    return all(week - other.week >= AGAIN_AFTER for other in asked if other.key == one.key)


def _fits(one: Prompt, week: date, asked: Sequence[Asked]) -> bool:
    if one.key == TRUSTING and len(asked) < TRUST:
        return False
    return one.when == "any" or week.isocalendar().week in SEASONS[one.when]


def _rank(one: Prompt, week: date, asked: Sequence[Asked]) -> tuple[bool, float]:
    """What fits only now comes first; then what there was least of, and the bank's order."""
    recent = [other.theme for other in asked[1 - SHARED_OVER :]]
    return one.when == "any", recent.count(one.theme) / SHARES[one.theme]
