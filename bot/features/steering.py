"""Steering: whoever runs a network keeps, changes or skips what is asked in a week. Silence
approves; until 08.00 on the day on which it is asked, everything can be decided otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.cards import Answer, Button, Item, Tell
from bot.features import charge, first_voice, prompting, weeks
from bot.features.presence import Presence
from bot.features.prompting import BY_HAND, JOB, USED_UP, slot
from bot.features.weeks import Week
from bot.incoming import Pressed, Submitted
from bot.language import Speech
from bot.laying import Laid
from storage import UnitOfWork, jobs, prompts, rooms
from storage.prompts import Prompt

KEEP, SKIP, UNSKIP, CHANGE = "prompt-keep", "prompt-skip", "prompt-ask", "prompt-change"


# ---- what is told


def of_week(week: Week, say: Speech, uow: UnitOfWork) -> Iterator[Item]:
    """What is asked, and what has been decided about it."""
    yield Item(say("Question of the week"), heading=True)
    if week.prompt is None:
        yield Item(weeks.words(week, say))
        return
    said = prompting.words_of(week.prompt, say.language, say)
    yield Item(said, " ".join(_notes(week, say, uow)))


def _notes(week: Week, say: Speech, uow: UnitOfWork) -> Iterator[str]:
    yield weeks.when(week, say)
    if not week.may_change(uow.now) or week.closes is None:
        return
    if not is_decided(week):
        yield say("Do nothing, and it comes as it is.")
    yield say("You can change it until {time} that day.", time=say.time(week.closes))


# ---- buttons


def buttons(week: Week, network: int, say: Speech, uow: UnitOfWork) -> Iterator[Button]:
    """What can be decided about the week now."""
    if not week.may_change(uow.now):
        return
    value = f"{network}:{slot(week.monday)}"
    if week.state == "skipped" and week.reason == BY_HAND:
        yield Button(UNSKIP, say("Ask it after all"), value, style="primary")
        return
    if week.prompt is None:
        return  # The bank is used up.
    if not is_decided(week):
        yield Button(KEEP, say("Keep", context="question of the week"), value, style="primary")
    yield Button(CHANGE, say("Change", context="question of the week"), value, opens=True)
    yield Button(SKIP, say("Skip", context="question of the week"), value)


def is_decided(week: Week) -> bool:
    """Whether somebody in charge chose what is asked."""
    return isinstance(week.prompt, Prompt) and week.prompt.chosen


# ---- deciding


def named(value: str) -> tuple[str, date | None]:
    """The network and the week that a client names."""
    network, _, day = value.partition(":")
    return network, prompting.week_of(day)


def decides(
    incoming: Pressed | Submitted, value: str, uow: UnitOfWork
) -> tuple[Presence, Week] | Tell:
    """Who acts and the week that it is about, if they may change it now; else why not. Nobody else
    changes it, and nothing is asked, until the end of this unit of work."""
    network, monday = named(value)
    who = charge.steering(incoming, network, uow)
    if who is None:
        return charge.refused(incoming, uow)
    rooms.lock_network(uow, who.network)
    jobs.look_now(uow, who.network)  # What was skipped may be to be asked at once.
    if monday is None or not is_near(monday, who.network, uow):
        return Tell.words(who.say("This week is over, or too far away."))
    week = weeks.of(who.network, monday, uow)
    if not week.may_change(uow.now):
        return Tell.words(too_late(week, who.say))
    return who, week


def is_near(monday: date, network: int, uow: UnitOfWork) -> bool:
    """From this week on, and within a year."""
    first = weeks.this(network, uow)
    return first <= monday <= first + 52 * prompting.A_WEEK


def too_late(week: Week, say: Speech) -> str:
    if week.state == "asked" and week.at is not None:
        return say(
            "It was asked on {day}. You find it under Question of the week, where it can be edited "
            "or withdrawn.",
            day=say.date(week.at, year=False),
        )
    is_open = week.state == "ahead" or week.reason == BY_HAND
    if is_open and week.closes is not None:
        return say(
            "It can be changed until {time} on the day on which it is asked, and that has passed.",
            time=say.time(week.closes),
        )
    return weeks.words(week, say)


def kept(incoming: Pressed, uow: UnitOfWork) -> Answer:
    found = decides(incoming, incoming.value, uow)
    if isinstance(found, Tell):
        return found
    who, week = found
    one = None if week.state == "skipped" else prompting.plan(who.network, week.monday, uow)
    if one is None:
        return Tell.words(weeks.words(week, who.say))
    prompts.choose(uow, one.id)
    decided(who, week.monday, uow)
    return Tell.words(weeks.when(week, who.say))


def skipped(incoming: Pressed, uow: UnitOfWork) -> Answer:
    found = decides(incoming, incoming.value, uow)
    if isinstance(found, Tell):
        return found
    who, week = found
    prompting.skip(who.network, week.monday, BY_HAND, uow)
    decided(who, week.monday, uow)
    return Tell.words(
        who.say("Nothing is asked this week. The question waits, and you can still ask it.")
    )


def unskipped(incoming: Pressed, uow: UnitOfWork) -> Answer:
    found = decides(incoming, incoming.value, uow)
    if isinstance(found, Tell):
        return found
    who, week = found
    jobs.unsettle(uow, JOB, who.network, slot(week.monday), BY_HAND)
    decided(who, week.monday, uow)
    return Tell.words(weeks.when(weeks.of(who.network, week.monday, uow), who.say))


def redraw(who: Presence, uow: UnitOfWork) -> None:
    """Something was decided that may move what is asked in this week, or in the next."""
    first = weeks.this(who.network, uow)
    charge.decided(who, uow)
    _redraw(who.network, first, uow)
    _redraw(who.network, first + prompting.A_WEEK, uow)


def decided(who: Presence, monday: date, uow: UnitOfWork) -> None:
    charge.decided(who, uow)
    _redraw(who.network, monday, uow)


def _redraw(network: int, monday: date, uow: UnitOfWork) -> None:
    first_voice.lay_out_again(network, monday, uow)
    prompting.redraw(network, monday, uow)


def put_in(one: Laid, network: int, week: Week, uow: UnitOfWork) -> None:
    """It is the one of this week, and what was waits again."""
    clear(network, week.monday, uow)
    if isinstance(one, Prompt):
        prompts.plan(uow, one.id, week.monday)
    else:
        prompting.from_bank(one, network, uow, week=week.monday, state="planned")


def clear(network: int, monday: date, uow: UnitOfWork, *, but: int | None = None) -> None:
    """The week is free: what is planned for it waits again, unless it is this one, and it is not
    skipped for want of a question, or by hand."""
    for reason in (USED_UP, BY_HAND):
        jobs.unsettle(uow, JOB, network, slot(monday), reason)
    known = prompts.planned(uow, network, monday)
    if known is not None and known.id != but:
        prompts.put_back(uow, known)
