"""Suggesting: of all that could be done in a network this week, the one thing that helps most."""

from __future__ import annotations

from bot import calendars
from bot.calendar import network_working_day
from bot.cards import Item
from bot.features import prompting, reading, weeks, writing
from bot.language import Speech
from bot.windows import day_of
from storage import UnitOfWork, overviews, prompts, threads
from storage.overviews import Line

PATIENCE = 3
"""Network working days that a question may wait before somebody is asked by name."""

IN_A_ROW, FEW = 3, 3
"""After so many prompts with fewer replies than this, asking on helps nobody."""

SOON = 4
"""Weeks within which the bank is used up."""


def suggest(network: int, say: Speech, uow: UnitOfWork) -> Item | None:
    return (
        _ask_somebody(network, say, uow)
        or _rest(network, say, uow)
        or _write(network, say, uow)
        or _finish(network, say, uow)
    )


def _ask_somebody(network: int, say: Speech, uow: UnitOfWork) -> Item | None:
    for line in overviews.unanswered(uow, network, None, 1):
        if _waits_long(line, network, uow):
            words = say(
                "Q-{number} has waited for more than three working days. Is there somebody whom "
                "you could ask by name?",
                number=str(line.number),
            )
            return Item(words, button=reading.button(line.id, say))
    return None


def _waits_long(line: Line, network: int, uow: UnitOfWork) -> bool:
    asker = threads.question(uow, line.id).organisation
    around = calendars.of_network(uow, network, besides=asker).values()
    return network_working_day(day_of(line.created_at), PATIENCE, around) < day_of(uow.now)


def _rest(network: int, say: Speech, uow: UnitOfWork) -> Item | None:
    this = weeks.this(network, uow)
    sent = prompts.sent(uow, network, IN_A_ROW + 1)
    before = [one for one in sent if one.week is not None and one.week < this][:IN_A_ROW]
    replies = prompts.replies_to(uow, [one.thread for one in before if one.thread is not None])
    if len(before) < IN_A_ROW or any(replies.get(one.thread or 0, 0) >= FEW for one in before):
        return None
    return Item(
        say(
            "The last three questions of the week had few replies. Skip a week, or choose another "
            "question: a rest helps more than one more question."
        )
    )


def _write(network: int, say: Speech, uow: UnitOfWork) -> Item | None:
    coming = weeks.ahead(network, SOON, uow)
    used_up = next((week for week in coming if week.reason == prompting.USED_UP), None)
    if used_up is None:
        return None
    words = say(
        "From week {number} on the bank of questions is used up. Would you write one?",
        number=str(used_up.monday.isocalendar().week),
    )
    return Item(words, button=writing.button(say, network))


def _finish(network: int, say: Speech, uow: UnitOfWork) -> Item | None:
    drafts = prompts.in_state(uow, network, "draft")
    if not drafts:
        return None
    words = say(
        "A question of your own is still a draft. Once it is ready, it is asked when its turn "
        "comes."
    )
    return Item(words, button=writing.button(say, network, drafts[0].id))
