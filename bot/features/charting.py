"""Charting: the result of a poll as a picture, beside the words that say the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot import pictures, tally
from bot.cards import Picture
from bot.language import Speech
from bot.pictures import Bar, Chart
from storage import UnitOfWork
from storage.polls import Poll

RESULT = "result"
"""The kind of its picture; the subject is the poll's thread."""


def picture(one: Poll, titles: Mapping[int, str], say: Speech, uow: UnitOfWork) -> Picture | None:
    """The picture, if shares are told and platforms can fetch it."""
    drawn = chart(one, titles, say)
    if drawn is None or one.thread is None:
        return None
    alt = say("The result as a bar chart. The text says the same.")
    return pictures.picture(RESULT, one.thread, say.language, drawn, alt, uow)


def chart(one: Poll, titles: Mapping[int, str], say: Speech) -> Chart | None:
    """What is in it. Without shares there are no bars to draw."""
    if not one.result or any(row["share"] is None for row in one.result):
        return None
    return Chart(
        title=say("Problem of the month"),
        bars=tuple(_bar(titles[row["place"]], row, say) for row in one.result),
        most=tally.edge(tally.HIGHEST, "least"),
        note=" ".join(
            (
                say("Each organisation counts the same, however many vote there."),
                rounded(say),
            )
        ),
    )


def _bar(title: str, row: Mapping[str, Any], say: Speech) -> Bar:
    return Bar(
        number=row["rank"],
        title=title,
        length=_length(row),
        label=share(row, say),
        open=row.get("bound") == "least",
        tag=say("chosen", context="problem of the month") if row["rank"] == 1 else "",
    )


def _length(row: Mapping[str, Any]) -> int:
    """What is said of it: its edge where only that is known."""
    bound = row.get("bound")
    share: int = row["share"]
    return share if bound is None else tally.edge(share, bound)


def share(row: Mapping[str, Any], say: Speech) -> str:
    """A share as it is told."""
    bound = row.get("bound")
    if bound is None:
        return say("about {share}", share=say.percent(row["share"] / 100))
    edge = say.percent(tally.edge(row["share"], bound) / 100)
    if bound == "most":
        return say("at most {share}", share=edge)
    return say("at least {share}", share=edge)


def rounded(say: Speech) -> str:
    return say(
        "Shares are of the votes of organisations, and rounded, so that nobody can work out who "
        "chose what."
    )
