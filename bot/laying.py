"""Laying out: which prompt is asked in which week, as things stand. A pure function of values,
which the posting obeys and every list of what is to come shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from bot import bank
from bot.choosing import AGAIN_AFTER, Asked, Seminar, choose
from storage.prompts import Prompt

Laid = Prompt | bank.Prompt
"""What stands in a network's rows, or what Mellom takes from the bank."""


def lay_out(
    weeks: Iterable[date],
    asked: Sequence[Asked],
    planned: Mapping[date, Prompt],
    waiting: Sequence[Prompt],
    seminars: Collection[Seminar] = (),
    drafts: Collection[str] = (),
) -> dict[date, Laid | None]:
    """For each of these weeks, of which none is silent: what is planned for it, else the next that
    waits, else what the bank has. None once that is used up.

    `asked` is what was asked in the weeks before the first of them, oldest first. `drafts` are
    those of the bank that somebody in charge holds back.
    """
    laid: dict[date, Laid | None] = {}
    before, queue = list(asked), list(waiting)
    for week in weeks:
        one: Laid | None = planned.get(week)
        if one is None and queue:
            one = queue.pop(0)
        if one is None:
            one = choose(week, before, seminars, without={*_soon(week, planned), *drafts})
        if one is not None:
            before.append(Asked(one.key, one.theme, week))
        laid[week] = one
    return laid


def _soon(week: date, planned: Mapping[date, Prompt]) -> set[str]:
    """What is planned for a later week is not asked before it."""
    later = (one for at, one in planned.items() if week < at < week + AGAIN_AFTER)
    return {one.key for one in later if one.key is not None}
