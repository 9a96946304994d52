"""Prompting: once a week the network is asked a question, on a day on which all of it is at work.

On Tuesday at 09.15, else on Wednesday, else on Thursday, else not at all: a week that was missed is
written down with its reason, and never made up for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from bot import bank, calendars
from bot.cards import Card
from bot.choosing import Asked
from bot.drawn import Reader, answer_button
from bot.features import gate, private, reach, seminars, workshop
from bot.language import Speech, speak
from bot.laying import Laid, lay_out
from bot.text import Text
from bot.windows import PROMPT, PromptWeek, day_of, moment, prompt_week
from storage import (
    UnitOfWork,
    first_voices,
    jobs,
    networks,
    overviews,
    posts,
    privates,
    prompts,
    rooms,
)
from storage.jobs import Job
from storage.overviews import Line
from storage.prompts import Prompt

KIND = JOB = "prompt"

LATEST = time(14, 30)
"""Until when it is still asked on a day on which Mellom was not there at 09.15."""

CLOSES = time(8)
"""Until when whoever runs the network may change it, on the day on which it is asked."""

LATELY = 20
"""Of so many prompts it is looked whether one has told that the facilitator is away."""

A_WEEK = timedelta(days=7)

USED_UP, NO_CHANNEL, PAUSED, AWAY = "used-up", "no-channel", "paused", "away"
BY_HAND = "facilitator"
"""Why a week was skipped, beside the reasons of the calendar."""

LATE = "late"
"""Why a prompt came on a later day than the calendar tells: it could not be asked on that."""


def look(job: Job, uow: UnitOfWork) -> datetime:
    """Settle every week up to now; when something can be done next."""
    first = max(_first(job, uow), begins(job.network, uow))
    settled = jobs.settled(uow, JOB, job.network, slot(first))
    week = first
    while True:
        waits = None if slot(week) in settled else _settle(job.network, week, uow)
        if waits is not None:
            return waits
        week += A_WEEK


def _first(job: Job, uow: UnitOfWork) -> date:
    """The week after the last that is settled: what breaks is put off, perhaps into another one."""
    due = monday(day_of(job.due_at))
    last = jobs.last_settled(uow, JOB, job.network, slot(due))
    return due if last is None else date.fromisoformat(last) + A_WEEK


def begins(network: int, uow: UnitOfWork) -> date:
    """The first week with a prompt: the one after it was founded."""
    return monday(day_of(networks.founded_at(uow, network))) + A_WEEK


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def slot(week: date) -> str:
    """By what a week is written down, and named by clients."""
    return week.isoformat()


def week_of(day: str) -> date | None:
    """The Monday of the week with this day, which a client names; None if it is no day."""
    try:
        return monday(date.fromisoformat(day))
    except ValueError:
        return None


def _settle(network: int, week: date, uow: UnitOfWork) -> datetime | None:
    """Ask, or write down why not; if it is too early for that, when to look again."""
    of_week = prompt_week(week, calendars.of_network(uow, network).values())
    why = None
    for day in of_week.days:
        if uow.now < moment(day, PROMPT):
            return moment(day, PROMPT)
        why = against(network, uow)
        if uow.now < moment(day, LATEST):
            if why is None:
                ask(network, week, day, uow)
                return None
            return moment(day, LATEST)
    tuesday = moment(week + timedelta(days=1), PROMPT)
    if uow.now < tuesday:
        return tuesday
    skip(network, week, why or missed(of_week), uow)
    return None


def missed(of_week: PromptWeek) -> str:
    """Why nothing was asked by the end of this week, if nothing stood against it."""
    return AWAY if of_week.days else of_week.moved or AWAY


def skip(network: int, week: date, reason: str, uow: UnitOfWork) -> bool:
    """Nothing is asked that week, and what was planned for it waits again; False if something has
    been, or the week is skipped already."""
    rooms.lock_network(uow, network)
    if not jobs.settle(uow, JOB, network, slot(week), reason=reason):
        return False
    _put_back(network, week, uow)
    redraw(network, week, uow)
    return True


def _put_back(network: int, week: date, uow: UnitOfWork) -> None:
    known = prompts.planned(uow, network, week)
    if known is not None and known.state == "planned":
        prompts.put_back(uow, known)


def redraw(network: int, week: date, uow: UnitOfWork) -> None:
    """What was sent about this week reads otherwise now: to whoever runs the network, and to
    whoever was asked to answer first."""
    about = {"week": slot(week)}
    privates.redraw_for_those_in_charge(uow, network, gate.MONDAY.name, about)
    for turn in first_voices.of_week(uow, network, week):
        if turn.private is not None and turn.state in first_voices.STANDING:
            posts.show_again(uow, privates.KIND, turn.private)


def against(network: int, uow: UnitOfWork) -> str | None:
    """Why nothing can be asked at this moment, though it is a day for it."""
    if networks.paused(uow, network) is not None:
        return PAUSED
    return None if rooms.active_conversations(uow, network) else NO_CHANNEL


def ask(network: int, week: date, day: date, uow: UnitOfWork) -> None:
    """Ask what is planned for the week, in every channel of the network."""
    one = plan(network, week, uow)
    if one is None:
        skip(network, week, USED_UP, uow)
        return
    of_week = prompt_week(week, calendars.of_network(uow, network).values())
    moved = of_week.moved if day == of_week.days[0] else LATE
    if not jobs.settle(uow, JOB, network, slot(week), done=day, reason=moved):
        _put_back(network, week, uow)  # It was skipped at this very moment.
        return
    language = networks.language(uow, network)
    body = Text.of(bank.words_in(language, one.words)).dump()
    thread = prompts.asked(uow, one, body, alone=_says_who_is_away(one, uow))
    posts.show(
        uow,
        KIND,
        thread,
        rooms.active_conversations(uow, network),
        network=network,
        not_after=moment(day + timedelta(days=1), time()),
    )
    redraw(network, week, uow)


def _says_who_is_away(one: Prompt, uow: UnitOfWork) -> bool:
    """Whether this is the first one from the bank since nobody who runs the network is here."""
    today = day_of(uow.now)
    in_charge = private.in_charge(uow, one.network)
    if one.key is None or not in_charge:
        return False
    if any(gate.back_at(member, today) is None for member in in_charge):
        return False
    since = min(monday(member.away_from or today) for member in in_charge)
    told = (other for other in prompts.sent(uow, one.network, LATELY) if other.alone)
    return not any(other.week is not None and other.week >= since for other in told)


def plan(network: int, week: date, uow: UnitOfWork) -> Prompt | None:
    """The prompt of this week, which from now on is planned for it; None if the bank is used up."""
    rooms.lock_network(uow, network)
    if known := prompts.planned(uow, network, week):
        return known
    laid = as_laid_out([week], network, uow)[week]
    if isinstance(laid, Prompt):
        prompts.plan(uow, laid.id, week)
    elif laid is not None:
        from_bank(laid, network, uow, week=week, state="planned", chosen=False)
    return prompts.planned(uow, network, week)


def as_laid_out(weeks: Sequence[date], network: int, uow: UnitOfWork) -> dict[date, Laid | None]:
    """What is asked in each of these weeks, as things stand."""
    if not weeks:
        return {}
    drafts = prompts.in_state(uow, network, "draft")
    return lay_out(
        weeks,
        asked_before(network, weeks[0], uow),
        prompts.planned_from(uow, network, weeks[0]),
        prompts.in_state(uow, network, "waiting"),
        seminars.for_prompts(network, weeks[0], uow),
        drafts=[one.key for one in drafts if one.key is not None],
    )


def from_bank(one: bank.Prompt, network: int, uow: UnitOfWork, **how: Any) -> int:
    """A prompt of the bank, as one of the network's."""
    one = workshop.named(one, network, uow)
    return prompts.keep(uow, network, key=one.key, theme=one.theme, words=one.words, **how)


def asked_before(network: int, week: date, uow: UnitOfWork) -> list[Asked]:
    before = prompts.asked_before(uow, network, week)
    return [Asked(one.key, one.theme, one.week) for one in before if one.week is not None]


def card(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """The question of the week as it stands in every channel."""
    one = prompts.of_thread(uow, subject)
    if one is None:
        return None
    say = speak(reader.language)
    title = say("Question of the week")
    if one.state == "withdrawn":
        return Card(title=title, note=say("Withdrawn by the facilitator. The answers stay."))
    return Card(
        title=title,
        text=Text.of(words_of(one, reader.language, say)),
        note=_note(one, reader, say),
        buttons=(answer_button(subject, say),),
    )


def current(network: int, uow: UnitOfWork) -> Line | None:
    """The last question of the week, if it is not two weeks old and was not withdrawn."""
    since = monday(day_of(uow.now)) - A_WEEK
    one = prompts.last_asked(uow, network, since)
    return None if one is None else overviews.question(uow, network, one)


def reads(thread: int, say: Speech, uow: UnitOfWork) -> str:
    """What was asked in this thread, as a reader of this language reads it."""
    one = prompts.of_thread(uow, thread)
    if one is None or one.state == "withdrawn":
        return say("Withdrawn by the facilitator. The answers stay.")
    return words_of(one, say.language, say)


def _note(one: Prompt, reader: Reader, say: Speech) -> str:
    away = say("The facilitator is away. I go on with questions from the bank.")
    how = reach.how_to_answer(reader.reads, say)
    return " ".join(filter(None, (say("Edited.") * one.edited, how, away * one.alone)))


def words_of(one: Laid, language: str, say: Speech) -> str:
    """The prompt in this language, or the one that is nearest to it."""
    words = bank.words_in(language, one.words)
    return words.replace(bank.PROBLEM, say("the problem of the workshop"))


def is_of_bank(one: Prompt) -> bool:
    """Whether every word of it is the bank's."""
    known = bank.prompts().get(one.key or "")
    return known is not None and one.words == known.words
