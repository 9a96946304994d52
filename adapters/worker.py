"""The worker: brings rooms up to date, tries again what waits, and keeps the clock."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from adapters.writing import Writers
from bot import finding, following, schedule
from bot.claiming import LEASE
from bot.delivery import Deliverer
from bot.features import everywhere, greeting, private, trouble, warning
from bot.outgoing import Platform
from storage import (
    UnitOfWork,
    Unreachable,
    deliveries,
    listening,
    receipts,
    retention,
    timetable,
    workers,
)
from storage.jobs import Job
from storage.steps import Step

log = logging.getLogger(__name__)
T = TypeVar("T")
D = TypeVar("D", Job, Step)

HEARTBEAT = timedelta(seconds=20)
TIDYING = timedelta(hours=1)
PROBING = timedelta(minutes=10)
"""How often a room that its platform will not let us speak in is tried."""

UPKEEP = timedelta(minutes=1)
"""How often each platform's upkeep is done."""

Upkeep = Callable[[], Coroutine[Any, Any, None]]

DEAF = 2.0
"""Seconds between looks while the database's notices cannot be heard, or it does not answer."""


class Worker:
    """One worker process's work. Any number of them share a PostgreSQL database."""

    def __init__(
        self,
        writers: Writers,
        platforms: Mapping[str, Platform],
        lease: timedelta = LEASE,
        upkeep: Sequence[Upkeep] = (),
    ) -> None:
        self._writers = writers
        self._upkeep = upkeep
        self._name = secrets.token_hex(8)
        self._deaf = asyncio.Event()
        self.deliverer = Deliverer(writers, platforms, writers.clock.real, lease)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then finish what was begun."""
        loop = asyncio.get_running_loop()
        database = self._writers.database
        wake = self.deliverer.wake
        database.on_wake.append(lambda: _wake_on(loop, wake))
        tasks = [loop.create_task(self._stop_when(stop))]
        if not database.single_writer:
            tasks.append(loop.create_task(listening.listen(database, wake, self._deaf)))
        clock = self._clock()
        clock.start()
        try:
            await self._tick()
            await self.keep_up()
            await self.deliverer.work(self.idle)
        finally:
            clock.shutdown(wait=False)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def idle(self) -> float | None:
        """Do what is due beside sending; in how many seconds something is due next."""
        try:
            due, work = await self._writers(_look)
            if work:
                await self._do(work)
                due, _ = await self._writers(_look)
        except Unreachable:
            log.error("database.unreachable")
            return DEAF
        return min(DEAF, DEAF if due is None else due) if self._deaf.is_set() else due

    async def _do(self, work: Sequence[str]) -> None:
        """What is due, in this order."""
        if "retried" in work:
            for waiting in await self._writers(_waiting):
                await self._writers.retry(waiting)
        for name, beside in _BESIDE.items():
            if name in work:
                await self._alone(beside)
        if "run" in work:
            await self._each(schedule.due, schedule.run, schedule.put_off)
        if "followed" in work:
            await self._each(following.due, following.run, following.put_off)

    async def _alone(self, work: Callable[[UnitOfWork], T]) -> T | None:
        """Do it, and let nothing else be held up should it break, which is a mistake of ours."""
        try:
            return await self._writers(work)
        except Unreachable:
            raise
        except Exception:
            log.exception("worker.broke", extra={"job": work.__name__})
            return None

    async def _each(
        self,
        due: Callable[[UnitOfWork], Sequence[D]],
        run: Callable[[D, UnitOfWork], None],
        put_off: Callable[[D, UnitOfWork], None],
    ) -> None:
        """Run each that is due in a unit of work of its own: what breaks, which is a mistake of
        ours, holds up no other."""
        for one in await self._writers(due):
            try:
                await self._writers(partial(run, one))
            except Unreachable:
                raise
            except Exception:
                log.exception("worker.broke", extra={"job": one.name})
                await self._writers(partial(put_off, one))

    async def next_moment(self) -> datetime | None:
        """When, by the product's time, something is due next; it may be overdue."""
        return await self._writers(_next_moment)

    def _clock(self) -> AsyncIOScheduler:
        """The scheduler only ticks: what is due is asked of our own tables."""
        clock = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        clock.add_job(self._tick, "interval", seconds=HEARTBEAT.total_seconds())
        clock.add_job(self.keep_up, "interval", seconds=UPKEEP.total_seconds())
        clock.add_job(self._tidy, "interval", seconds=TIDYING.total_seconds())
        clock.add_job(self._probe, "interval", seconds=PROBING.total_seconds())
        return clock

    async def _tick(self) -> None:
        try:
            await self._writers(lambda uow: workers.tick(uow, self._name))
        except Unreachable:
            log.error("database.unreachable")

    async def keep_up(self) -> None:
        """What the platforms need now and then, such as tokens that are renewed."""
        for work in self._upkeep:
            try:
                await work()
            except Unreachable:
                log.error("database.unreachable")
            except Exception:
                log.exception("worker.broke", extra={"job": work.__name__})

    async def _tidy(self) -> None:
        try:
            await self._writers(retention.tidy)
        except Unreachable:
            log.error("database.unreachable")

    async def _probe(self) -> None:
        try:
            await self._writers(trouble.probe)
        except Unreachable:
            log.error("database.unreachable")

    async def _stop_when(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self.deliverer.stop()


def _wake_on(loop: asyncio.AbstractEventLoop, wake: Callable[[], None]) -> None:
    loop.call_soon_threadsafe(wake)


def _waiting(uow: UnitOfWork) -> list[receipts.Waiting]:
    return receipts.take_waiting(uow, uow.real)


_BESIDE: Mapping[str, Callable[[UnitOfWork], object]] = {
    "warned": warning.escalate,
    "greeted": greeting.due,
    "told": private.due,
    "redrawn": everywhere.redraw_due,
    "is_unsearched": finding.index,
}
"""What is done beside sending, each in a unit of work of its own."""


def _look(uow: UnitOfWork) -> tuple[float | None, list[str]]:
    """In how many seconds something is due (None: only news can bring it), and what is now."""
    found = timetable.look(uow)
    waits = {
        name: _seconds(uow.real if name == "retried" else uow.now, moment)
        for name, moment in found._asdict().items()
        if isinstance(moment, datetime)
    }
    if found.is_unsearched:
        waits["is_unsearched"] = 0.0
    sending = _seconds(uow.real, deliveries.next_due(uow))
    work = [name for name, wait in waits.items() if wait == 0]
    seconds = [wait for wait in (*waits.values(), sending) if wait is not None]
    return min(seconds, default=None), work


def _next_moment(uow: UnitOfWork) -> datetime | None:
    moments = (moment for moment in timetable.look(uow).moments if moment is not None)
    return min(moments, default=None)


def _seconds(now: datetime, moment: datetime | None) -> float | None:
    return None if moment is None else max((moment - now).total_seconds(), 0.0)
