"""Waiting: what is done about a question that nobody answers, step by step, and never in public.

After three working days of the other organisations more members are asked by name; after five
whoever runs the network is offered three ways on; after ten whoever asked chooses what becomes of
it. Each step looks anew whether the question still waits.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import calendars
from bot.features import gate, private, seeking
from storage import UnitOfWork, steps
from storage import waiting as stored
from storage.steps import Step
from storage.waiting import Waiting

AGAIN, STUCK, CHOOSE = "ask-again", "stuck", "choose"
AFTER = {AGAIN: 3, STUCK: 5, CHOOSE: 10}
"""Network working days after which each is done."""

LADDER = (seeking.ASK, *AFTER)
HASTILY = timedelta(minutes=10)
"""An answer that was deleted within this time was none."""

SOUGHT, CHOICE = "sought", "choice"
"""What whoever asked is told about their question."""


def rung(name: str, since: datetime, network: int, organisation: int, uow: UnitOfWork) -> datetime:
    """When this is done about a question of the organisation that has waited since then."""
    return calendars.network_days_later(
        uow, since, AFTER[name], network=network, besides=organisation
    )


def ask(step: Step, uow: UnitOfWork) -> None:
    """The question is put to members by name; and if nobody has answered it, it begins to wait."""
    question = stored.unanswered(uow, step.thread)
    again = question is not None and question.sought_at is not None
    since = question.sought_at if question is not None else None
    seeking.ask(step.thread, seeking.MOST if again else seeking.LEAST, since, uow)
    if since is not None and seeking.nobody_left(step.thread, since, uow):
        _tell_at_once(step, uow)
    if question is not None and not again and AGAIN not in steps.planned(uow, step.thread):
        _plan(AGAIN, question, question.asked_at, uow)


def ask_again(step: Step, uow: UnitOfWork) -> None:
    """Three more members are asked, and whoever asked is told so once; where nobody is left to be
    asked, whoever runs the network is told at once."""
    question = _due(step, uow)
    if question is None:
        return
    stored.note(uow, step.thread, sought=True)
    found = seeking.ask(step.thread, seeking.MOST, uow.now, uow)
    since = step.since or question.asked_at
    _plan(CHOOSE, question, since, uow)
    if not found:
        _tell_who_runs_it(step, "nobody", uow)
        return
    _plan(STUCK, question, since, uow)
    tell_owner(question, SOUGHT, uow, count=str(found))


def _tell_at_once(step: Step, uow: UnitOfWork) -> None:
    """None of those who were asked in the end can answer: it is not waited any longer."""
    if STUCK in steps.planned(uow, step.thread):
        steps.drop(uow, step.thread, (STUCK,))
        _tell_who_runs_it(step, "nobody", uow)


def tell_who_runs_it(step: Step, uow: UnitOfWork) -> None:
    if _due(step, uow) is not None:
        _tell_who_runs_it(step, "days", uow)


def let_choose(step: Step, uow: UnitOfWork) -> None:
    question = _due(step, uow)
    if question is not None:
        tell_owner(question, CHOICE, uow)


def begin_again(thread: int, uow: UnitOfWork) -> None:
    """It is open again: if it waits, it waits from now on."""
    question = stored.unanswered(uow, thread)
    if question is None:
        return
    stored.note(uow, thread, sought=False)
    steps.drop(uow, thread, LADDER)
    seeking.begin(thread, question.network, uow)
    _plan(AGAIN, question, uow.now, uow)


def unanswered_after_all(thread: int, answered_at: datetime, uow: UnitOfWork) -> None:
    """An answer is gone. If it stood for a moment only, the question has waited all the time."""
    question = stored.unanswered(uow, thread)
    hasty = uow.now - answered_at <= HASTILY
    if question is None or not hasty or steps.planned(uow, thread) & AFTER.keys():
        return
    if question.sought_at is None:
        _plan(AGAIN, question, question.asked_at, uow)
        return
    for name in (STUCK, CHOOSE):
        _plan(name, question, question.asked_at, uow)


def _plan(name: str, question: Waiting, since: datetime, uow: UnitOfWork) -> None:
    at = rung(name, since, question.network, question.organisation, uow)
    steps.plan(uow, question.thread, name, question.network, max(at, uow.now), since)


def _due(step: Step, uow: UnitOfWork) -> Waiting | None:
    """The question, if it still waits and it is time: days may have become holidays meanwhile."""
    question = stored.unanswered(uow, step.thread)
    if question is None:
        return None
    since = step.since or question.asked_at
    if rung(step.name, since, question.network, question.organisation, uow) > uow.now:
        _plan(step.name, question, since, uow)
        return None
    return question


def _tell_who_runs_it(step: Step, why: str, uow: UnitOfWork) -> None:
    facts = {"thread": str(step.thread), "why": why}
    private.tell_facilitators(uow, gate.STUCK, step.network, facts)


def tell_owner(question: Waiting, what: str, uow: UnitOfWork, **facts: str) -> None:
    if question.owner is not None:
        told = {"thread": str(question.thread), "what": what, **facts}
        private.tell(uow, gate.OWN_QUESTION, question.network, question.owner, told)
