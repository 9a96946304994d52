"""What a network does by itself: each kind of it is looked at when it is due, and says when next.

The tables know what is due, and the clock only ticks. A job is looked at in a unit of work of its
own, by one worker at a time, and writes down what came of each occurrence; so neither two workers
nor a clock that is set back do a thing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.features import prompting
from storage import UnitOfWork, jobs
from storage.jobs import Job

Work = Callable[[Job, UnitOfWork], datetime]
"""Does what is due in a network by now; when to look again."""

JOBS: Mapping[str, Work] = {prompting.JOB: prompting.look}

LATER = timedelta(minutes=10)
"""After this, what broke is tried again; it holds up no other network."""


def due(uow: UnitOfWork) -> list[Job]:
    return jobs.due(uow)


def run(one: Job, uow: UnitOfWork) -> None:
    """Do it, unless another worker does or has."""
    taken = jobs.take(uow, one)
    if taken is not None:
        jobs.look_at(uow, one.network, one.name, JOBS[one.name](taken, uow))


def put_off(one: Job, uow: UnitOfWork) -> None:
    """It broke."""
    jobs.look_at(uow, one.network, one.name, uow.now + LATER)
