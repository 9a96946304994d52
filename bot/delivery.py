"""The way out: which copies are behind; claim, draw, send, look if in doubt, settle.

Between a claim and its settling lies exactly one call to a platform. The claim is committed before
the call, so a crash leaves a copy that says of itself that it is in doubt.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.claiming import LANES, LEASE, Job, claim
from bot.outgoing import CannotLook, InDoubt, NotSent, Pace, Platform, Refused
from bot.settling import LONGEST_WAIT, Outcome, settle
from storage import UnitOfWork, Unreachable

log = logging.getLogger(__name__)
T = TypeVar("T")


class Run(Protocol):
    """Runs a function in a unit of work of its own, off the event loop."""

    def __call__(self, work: Callable[[UnitOfWork], T]) -> Awaitable[T]: ...


SETTLING = (0.1, 0.5, 2.0, 5.0)
"""Seconds between the tries to write down how a call ended; less than a lease in all."""


class Deliverer:
    """Brings every room up to date through its platform, many rooms at once, one call in each."""

    def __init__(
        self,
        run: Run,
        platforms: Mapping[str, Platform],
        real: Callable[[], datetime],
        lease: timedelta = LEASE,
    ) -> None:
        self._run = run
        self._platforms = platforms
        self._real = real
        self._lease = lease
        self._calls: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Something is due now. Call it on the event loop."""
        self._news.set()

    def stop(self) -> None:
        """Begin nothing more; what was begun is finished."""
        self._stopping = True
        self._news.set()

    async def drain(self) -> None:
        """Send until nothing is due at this moment."""
        while await self._begin() or self._calls:
            await asyncio.wait(self._calls, return_when=asyncio.FIRST_COMPLETED)

    async def work(self, idle: Callable[[], Awaitable[float | None]]) -> None:
        """Send until stopped. Whenever nothing is to be sent, `idle` does what else is due, and
        tells in how many seconds something is due next (None: only news can bring it)."""
        while not self._stopping:
            self._news.clear()
            if not await self._begin():
                full = len(self._calls) == LANES
                await self._rest(None if full else await idle())
        if self._calls:
            await asyncio.wait(self._calls)

    async def _begin(self) -> int:
        """Begin a call in each lane that has something due; how many were begun."""
        free = LANES - len(self._calls)
        if free == 0 or self._stopping:
            return 0
        try:
            jobs = await self._run(lambda uow: claim(uow, free, self._lease))
        except Unreachable:
            log.error("database.unreachable")
            return 0
        for job in jobs:
            call = asyncio.create_task(self._call(job))
            self._calls.add(call)
            call.add_done_callback(self._ended)
        return len(jobs)

    def _ended(self, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        self._news.set()
        if not call.cancelled() and call.exception() is not None:
            log.error("delivery.broke", exc_info=call.exception())

    async def _rest(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            pass

    async def _call(self, job: Job) -> None:
        platform = self._platforms.get(job.asks or job.due.platform)
        pace = Pace(0)
        if platform is None:
            outcome: Outcome = NotSent("platform is off", LONGEST_WAIT.total_seconds())
        elif self._real() > job.until - self._lease / 2:
            # This process stood still since the claim: the call could outlast the lease.
            outcome = NotSent("late")
        else:
            outcome, pace = await _send(platform, job), platform.pace
        await self._settle(job, outcome, pace)

    async def _settle(self, job: Job, outcome: Outcome, pace: Pace) -> None:
        """What cannot be written down will be in doubt, so it is tried more than once."""
        for wait in SETTLING:
            try:
                return await self._run(lambda uow: settle(uow, job, outcome, pace))
            except Unreachable:
                log.error("database.unreachable")
                await asyncio.sleep(wait)
        return await self._run(lambda uow: settle(uow, job, outcome, pace))


async def _send(platform: Platform, job: Job) -> Outcome:
    """The one call. However it ends, its ending is an outcome."""
    try:
        match job.action:
            case "post":
                return await platform.post(job.letter())
            case "edit":
                await platform.edit(job.letter())
            case "delete":
                await platform.delete(job.letter())
            case "find":
                return await platform.find(job.letter())
            case "open":
                return await platform.open_direct(
                    job.installation, job.secret, job.person, job.due.address
                )
            case "name":
                return await platform.profile(job.installation, job.secret, job.person)
    except (NotSent, InDoubt, Refused, CannotLook) as outcome:
        return outcome
    except Exception:
        log.exception("platform.broke", extra={"platform": job.due.platform})
        return InDoubt("unexpected")
    return None
