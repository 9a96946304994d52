"""What is done about a thread by and by: each step is taken when it is due, once.

The tables know what is due, and the clock only ticks. A step is taken in a unit of work of its own;
whatever has been decided about the thread by then, the step decides anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.coming import Coming
from bot.features import noticing, seeking, trying, waiting
from storage import UnitOfWork, attempts, networks, rooms, steps, threads
from storage import noticing as stored_noticing
from storage.steps import Step


class Work(NamedTuple):
    """`take` does it. `what`, `to` and `why` tell whoever runs Mellom, and name nobody."""

    take: Callable[[Step, UnitOfWork], None]
    what: str
    to: str
    why: str


STEPS: Mapping[str, Work] = {
    seeking.ASK: Work(
        waiting.ask,
        "members are asked by name, if a question still waits",
        "two or three members of other organisations",
        "a question was asked, or somebody who was asked cannot now",
    ),
    waiting.AGAIN: Work(
        waiting.ask_again,
        "more members are asked by name, if nobody has answered a question by then",
        "three other members, and whoever asked",
        "a question has waited for three working days of the others",
    ),
    waiting.STUCK: Work(
        waiting.tell_who_runs_it,
        "three ways on are offered, if nobody has answered a question by then",
        "whoever runs the network",
        "a question has waited for five working days of the others",
    ),
    waiting.CHOOSE: Work(
        waiting.let_choose,
        "it is to be chosen what becomes of a question, if nobody has answered it by then",
        "whoever asked",
        "a question has waited for ten working days of the others",
    ),
    stored_noticing.STEP: Work(
        noticing.tell,
        "whoever asked is told of the answers",
        "a member",
        "a question was answered",
    ),
    stored_noticing.HELPED: Work(
        noticing.ask_whether_it_helped,
        "it is asked whether an answer helped, if none is marked",
        "whoever asked",
        "five network working days after the first answer",
    ),
    attempts.STEP: Work(
        trying.ask,
        "it is asked what became of an answer that helped",
        "whoever asked",
        "two weeks after it was marked",
    ),
}

LATER = timedelta(minutes=10)
"""After this, what broke is tried again; it holds up no other thread."""


def due(uow: UnitOfWork) -> list[Step]:
    return steps.due(uow)


def run(one: Step, uow: UnitOfWork) -> None:
    """Do it, unless another worker does or has, or the network is paused."""
    # Who is asked in one thread is not to be asked in another one at the same moment.
    rooms.lock_network(uow, one.network)
    threads.lock(uow, one.thread)
    if networks.paused(uow, one.network) is not None:
        steps.hold(uow, one)
    elif steps.take(uow, one):
        STEPS[one.name].take(one, uow)


def put_off(one: Step, uow: UnitOfWork) -> None:
    """It broke."""
    steps.plan(uow, one.thread, one.name, one.network, uow.now + LATER, one.since)


def coming(network: int, until: datetime, uow: UnitOfWork) -> Iterator[Coming]:
    """What is to be done about threads until then."""
    if networks.paused(uow, network) is not None:
        return
    for one in steps.coming(uow, network, until):
        if work := STEPS.get(one.name):
            yield Coming(max(one.due_at, uow.now), work.what, work.to, work.why)
