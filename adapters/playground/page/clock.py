"""The clock at the top of the page: the product's time, which can be moved, and where to.

Only what the product does by its own time follows: what is due, what is overdue, what it calls
today. What platforms and messages say of the time stays, and so does all that is kept by the wall:
tries, leases, rates, signatures, the hourly tidying.

On the way everything that falls due is done in its order, each at its own moment. What that makes
to be shown is sent while the clock goes on, so an answer to it comes after the journey, not on it.
A clock that is set back undoes nothing: what was done at a moment is not done again at it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from adapters.playground.page.acts import Gone, Json, read
from adapters.playground.village import TOWNS
from adapters.writing import wall
from bot.calendar import Calendar, network_silence, network_working_day
from bot.language import ZONE

if TYPE_CHECKING:
    from adapters.playground.page.page import Page

STOPS = 500
"""How many times a journey stops at most; so it ends even if something stays due."""

CALENDARS = [Calendar(town.country) for town in TOWNS]

Step = Callable[[datetime, datetime | None], datetime]
"""From now, and from when something is due next."""


class Time:
    """The product's time: the wall's, and so much ahead of it."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return wall() + self.ahead

    def move(self, to: datetime | None) -> None:
        """Let it be this moment; None is the wall's."""
        self.ahead = timedelta(0) if to is None else to - wall()


def _working_days_on(moment: datetime, days: int) -> datetime:
    """The same time of day, so many days later on which at least half of the towns are at work."""
    today = moment.date()
    return moment + (network_working_day(today, days, CALENDARS) - today)


def _in_the_morning(moment: datetime) -> datetime:
    return moment.replace(hour=9, minute=15, second=0, microsecond=0)


def _next_tuesday(moment: datetime) -> datetime:
    """The next one on which Mellom may begin something in the channels."""
    moment += timedelta(days=-moment.weekday() % 7 + 1)
    while network_silence(moment.date(), CALENDARS):
        moment += timedelta(weeks=1)
    return _in_the_morning(moment)


STEPS: Mapping[str, Step] = {
    "next": lambda now, due: due or now,
    "quarter": lambda now, _: now + timedelta(minutes=15),
    "hour": lambda now, _: now + timedelta(hours=1),
    "tomorrow": lambda now, _: _in_the_morning(now + timedelta(days=1)),
    "tuesday": lambda now, _: _next_tuesday(now),
    "workdays": lambda now, _: _working_days_on(now, 3),
}
"""Where the clock can be moved to, by the name of the words that say so. Wall time in `ZONE`."""


class Move(BaseModel):
    """A request to move the clock; no step is back to the wall's time."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    step: str | None


def seen(time: Time, next: datetime | None) -> Json:
    """What the page shows: by how many milliseconds the clock is ahead, and when something is due
    next, in milliseconds too."""
    due = None if next is None else round(next.timestamp() * 1000)
    return {"ahead": round(time.ahead.total_seconds() * 1000), "next": due}


async def travel(page: Page, to: datetime) -> None:
    """Go to this moment by way of all that falls due before it."""
    worker = page.village.mellom.worker
    for _ in range(STOPS):
        await worker.idle()
        due = await worker.next_moment()
        if due is None or due > to:
            break
        page.time.move(max(due, page.time.now()))
    page.time.move(max(to, page.time.now()))
    await worker.idle()
    worker.deliverer.wake()


def routes(page: Page) -> list[web.RouteDef]:
    async def move(request: web.Request) -> web.StreamResponse:
        asked = read(Move, await request.read())
        if asked.step is None:
            page.time.move(None)
            page.village.mellom.worker.deliverer.wake()
        elif asked.step in STEPS:
            due = await page.village.mellom.worker.next_moment()
            await travel(page, STEPS[asked.step](page.time.now().astimezone(ZONE), due))
        else:
            raise Gone(f"the clock has no {asked.step!r}")
        await page.look()
        page.ring()
        return web.json_response(seen(page.time, page.next))

    return [web.post("/api/clock", move)]
