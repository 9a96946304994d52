"""Weeks: what is asked in each of those to come, and why nothing is in some of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from bot import bank, calendars, reasons
from bot.calendar import Calendar
from bot.cards import Answer, Button, Form, Open
from bot.coming import Coming
from bot.drawn import shown_name
from bot.features import charge, prompting
from bot.features.prompting import A_WEEK, BY_HAND, CLOSES, JOB, LATE, LATEST, USED_UP, slot
from bot.incoming import Pressed
from bot.language import Speech
from bot.laying import Laid
from bot.text import Block, Span, Text
from bot.windows import PROMPT, day_of, moment, prompt_week
from storage import UnitOfWork, jobs, networks, prompts, rooms
from storage.jobs import Occurrence
from storage.prompts import Prompt

WEEKS = "prompt-weeks"
LISTED = 26

State = Literal["ahead", "asked", "skipped", "silent"]


@dataclass(frozen=True, slots=True)
class Week:
    """How the week of a Monday stands: `day` is the one on which its prompt was asked, is, or would
    be if the week were not skipped; `reason` why nothing is asked, or why not on Tuesday."""

    monday: date
    state: State
    day: date | None
    reason: str | None
    prompt: Laid | None = None

    @property
    def at(self) -> datetime | None:
        """When its prompt is asked."""
        return moment(self.day, PROMPT) if self.day else None

    @property
    def closes(self) -> datetime | None:
        """Until when whoever runs the network may change it."""
        return moment(self.day, CLOSES) if self.day else None

    def may_change(self, now: datetime) -> bool:
        by_hand = self.state == "skipped" and self.reason == BY_HAND
        open_ = self.state == "ahead" or by_hand or self.reason == USED_UP
        return open_ and self.closes is not None and now < self.closes


def button(say: Speech, network: int) -> Button:
    return Button(WEEKS, say("The next weeks"), str(network), opens=True)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = charge.steering(incoming, incoming.value, uow)
    if who is None:
        return charge.refused(incoming, uow)
    paused = networks.paused(uow, who.network) is not None
    return Open(form(ahead(who.network, LISTED, uow), who.say, paused=paused))


def this(network: int, uow: UnitOfWork) -> date:
    """The Monday of the week that it is, or of the first that has a prompt."""
    return max(prompting.monday(day_of(uow.now)), prompting.begins(network, uow))


def ahead(network: int, count: int, uow: UnitOfWork) -> list[Week]:
    """This week and those after it."""
    first = this(network, uow)
    return _standing(network, [first + number * A_WEEK for number in range(count)], uow)


def of(network: int, week: date, uow: UnitOfWork) -> Week:
    """One week, with what comes before it reckoned with."""
    first = min(this(network, uow), week)
    count = (week - first).days // 7 + 1
    return _standing(network, [first + number * A_WEEK for number in range(count)], uow)[-1]


def _standing(network: int, mondays: Sequence[date], uow: UnitOfWork) -> list[Week]:
    around = calendars.of_network(uow, network).values()
    settled = jobs.settled(uow, JOB, network, slot(mondays[0]))
    found = [_bare(one, settled.get(slot(one)), around, uow.now) for one in mondays]
    open_ = [week.monday for week in found if week.state == "ahead"]
    laid = prompting.as_laid_out(open_, network, uow)
    asked = prompts.of_weeks(uow, network, mondays[0])
    return [_filled(week, laid.get(week.monday), asked) for week in found]


def _bare(
    week: date, settled: Occurrence | None, around: Collection[Calendar], now: datetime
) -> Week:
    """The week without its prompt."""
    of_week = prompt_week(week, around)
    if settled is not None and settled.day is not None:
        return Week(week, "asked", settled.day, settled.reason)
    day = next((one for one in of_week.days if now < moment(one, LATEST)), None)
    if settled is not None:
        return Week(week, "skipped", day, settled.reason)
    if day is None:
        return Week(week, "silent", None, prompting.missed(of_week))
    return Week(week, "ahead", day, of_week.moved if day == of_week.days[0] else LATE)


def _filled(week: Week, laid: Laid | None, asked: dict[date, Prompt]) -> Week:
    if week.state == "asked":
        return Week(week.monday, "asked", week.day, week.reason, asked.get(week.monday))
    if week.state != "ahead":
        return week
    if laid is None:
        return Week(week.monday, "silent", week.day, USED_UP)
    return Week(week.monday, "ahead", week.day, week.reason, laid)


# ---- for whoever runs Mellom


def coming(network: int, until: datetime, uow: UnitOfWork) -> Iterator[Coming]:
    """The prompts of the weeks until then, and the weeks without one."""
    count = (day_of(until) - this(network, uow)).days // 7 + 1
    against = prompting.against(network, uow)
    listed = ahead(network, count, uow) if count > 0 else []
    for week in listed:
        if week.state == "skipped":
            yield _without(week, week.reason)
        elif week.state != "asked" and (against or week.prompt is None):
            yield _without(week, against or week.reason)
        elif week.state == "ahead":
            yield _with(week, network, uow)


def _with(week: Week, network: int, uow: UnitOfWork) -> Coming:
    assert week.at is not None
    assert week.prompt is not None
    words = bank.words_in("en", week.prompt.words)
    named = f"{week.prompt.key}, {words}" if week.prompt.key else words
    return Coming(
        max(week.at, uow.now),
        f"the question of the week: {named}",
        ", ".join(map(shown_name, _organisations(network, uow))) or "nobody",
        f"not on Tuesday: {week.reason}" if week.reason else "it is a day for it",
    )


def _without(week: Week, reason: str | None) -> Coming:
    tuesday = moment(week.monday + timedelta(days=1), PROMPT)
    return Coming(tuesday, "no question of the week", "nobody", reason or prompting.AWAY)


def _organisations(network: int, uow: UnitOfWork) -> list[str]:
    heard = rooms.organisations_at(uow, rooms.active_conversations(uow, network))
    return [*heard, *rooms.organisations_only_told(uow, network)]


# ---- in words


def form(listed: Sequence[Week], say: Speech, *, paused: bool = False) -> Form:
    """The list, for reading."""
    blocks = (_block(week, say) for week in listed)
    return Form(
        name=WEEKS,
        title=say("The next weeks"),
        submit="",
        cancel=say("Close"),
        intro=say("Mellom is paused: nothing is asked before the pause ends.") if paused else "",
        text=Text(tuple(blocks)),
        note=say("As things stand. What you write, plan or skip moves the questions after it."),
    )


def _block(week: Week, say: Speech) -> Block:
    said = words(week, say)
    return Block("paragraph", (Span(date_line(week, say), bold=True), Span(f"\n{said}")))


def date_line(week: Week, say: Speech) -> str:
    """Which week it is, and the day on which it is asked."""
    number = str(week.monday.isocalendar().week)
    if week.day is None or week.state in ("skipped", "silent"):
        return say("Week {number}", number=number)
    return say("Week {number}: {day}", number=number, day=say.date(week.day, year=False))


def words(week: Week, say: Speech) -> str:
    """What is asked in it, or why nothing is."""
    if week.prompt is None:
        return say("Nothing is asked: {reason}.", reason=reasons.said(week.reason or "away", say))
    said = prompting.words_of(week.prompt, say.language, say)
    if isinstance(week.prompt, Prompt) and week.prompt.state == "withdrawn":
        said = say("{question} (withdrawn)", question=said)
    if week.reason is None:
        return said
    moved = say("Moved from Tuesday ({reason}).", reason=reasons.said(week.reason, say))
    return f"{said}\n{moved}"


def when(week: Week, say: Speech) -> str:
    """When it is, or was asked: one sentence."""
    if week.at is None or week.state in ("skipped", "silent"):
        return words(week, say)
    named = {"day": say.date(week.at, year=False), "time": say.time(week.at)}
    if week.state == "asked":
        withdrawn = isinstance(week.prompt, Prompt) and week.prompt.state == "withdrawn"
        if withdrawn:
            return say("Asked on {day}, and withdrawn.", **named)
        return say("Asked on {day} at {time}.", **named)
    return say("It is asked on {day} at {time}.", **named)
