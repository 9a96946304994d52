"""What a network does by itself: each kind of it is looked at when it is due, and says when next.

The tables know what is due, and the clock only ticks. A job is looked at in a unit of work of its
own, by one worker at a time, and writes down what came of each occurrence; so neither two workers
nor a clock that is set back do a thing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from bot import following
from bot.coming import Coming
from bot.features import first_voice, monday, nudging, polling, private, prompting, results, weeks
from storage import UnitOfWork, jobs
from storage.jobs import Job


class Work(NamedTuple):
    """`look` does what is due in a network by now, and says when to look again. `coming` tells what
    it is going to do until a moment, and changes nothing."""

    look: Callable[[Job, UnitOfWork], datetime]
    coming: Callable[[int, datetime, UnitOfWork], Iterator[Coming]]


JOBS: Mapping[str, Work] = {
    prompting.JOB: Work(prompting.look, weeks.coming),
    first_voice.JOB: Work(first_voice.look, first_voice.coming),
    monday.JOB: Work(monday.look, monday.coming),
    polling.JOB: Work(polling.look, polling.coming),
    results.JOB: Work(results.look, results.coming),
    nudging.JOB: Work(nudging.look, nudging.coming),
}

LATER = timedelta(minutes=10)
"""After this, what broke is tried again; it holds up no other network."""


def due(uow: UnitOfWork) -> list[Job]:
    return jobs.due(uow)


def run(one: Job, uow: UnitOfWork) -> None:
    """Do it, unless another worker does or has."""
    taken = jobs.take(uow, one)
    if taken is not None:
        jobs.look_at(uow, one.network, one.name, JOBS[one.name].look(taken, uow))


def put_off(one: Job, uow: UnitOfWork) -> None:
    """It broke."""
    jobs.look_at(uow, one.network, one.name, uow.now + LATER)


def coming(network: int, until: datetime, uow: UnitOfWork) -> list[Coming]:
    """What the network is going to do by itself until then, in its order."""
    found = [one for work in JOBS.values() for one in work.coming(network, until, uow)]
    found = [*found, *private.coming(network, until, uow), *following.coming(network, until, uow)]
    return sorted((one for one in found if one.at <= until), key=lambda one: one.at)
