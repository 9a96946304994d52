"""Weighing: whether those who were asked now and then contribute more often than those who, by lot,
were left out. It is known for a whole network, and only where many were weighed.

Who was left out is kept nowhere: each day that is over is decided about once more, as things stood
on its morning. Only what members have chosen since, such as to just read, is known as it is today:
whoever of those left out did so is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot import calendars
from bot.calendar import network_working_day
from bot.features import nudging
from bot.quiet import Rule
from bot.windows import day_of, moment
from storage import UnitOfWork, jobs
from storage import measuring as measured
from storage import quiet as stored
from storage.retention import NOTICES

DAYS = 5
"""Network working days, after that on which it was decided, in which they may contribute."""

AGAIN = timedelta(days=28)
"""Who is left out counts once in so long: as often as they would have been asked."""

BACK = NOTICES - AGAIN
"""So far back a day can be decided about once more: of the weeks before it, too, it is still known
who was asked something."""

ENOUGH = 30
"""Pairs: with fewer it is not known."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of so many contributed soon after."""

    contributed: int = 0
    of: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.contributed + other.contributed, self.of + other.of)

    @property
    def percent(self) -> int:
        return round(100 * self.contributed / self.of)


def told(network: int, uow: UnitOfWork) -> str:
    """The use of it, in words for whoever runs Mellom."""
    return in_words(*of_asking(network, uow))


def in_words(asked: Share, left_out: Share) -> str:
    if min(asked.of, left_out.of) < ENOUGH:
        return f"not known yet: it takes {ENOUGH} who were asked, and {ENOUGH} who were left out"
    return (
        f"{asked.percent} % of {asked.of} who were asked contributed within {DAYS} working days of "
        f"the network, and {left_out.percent} % of {left_out.of} who were left out by lot"
    )


def of_asking(network: int, uow: UnitOfWork) -> tuple[Share, Share]:
    """Of those who were asked now and then, and of those who were left out by lot."""
    around = calendars.of_network(uow, network).values()
    asked, left_out = Share(), Share()
    counted: dict[int, datetime] = {}
    for at in _mornings(network, uow):
        until = moment(network_working_day(day_of(at), DAYS + 1, around), time())
        if until > uow.now:
            break
        asked += _share(measured.asked_at(uow, network, at), at, until, uow)
        left_out += _share(_left_out(network, at, counted, uow), at, until, uow)
    return asked, left_out


def _mornings(network: int, uow: UnitOfWork) -> list[datetime]:
    """On which it was decided who is asked, the first of them first; since it was begun again, if
    it was stopped."""
    begun = measured.asking(uow, network).since
    since = uow.now - BACK
    done = jobs.settled(uow, nudging.JOB, network, day_of(since).isoformat()).values()
    return [one.at for one in done if one.at >= (max(since, begun) if begun else since)]


def _left_out(
    network: int, at: datetime, counted: dict[int, datetime], uow: UnitOfWork
) -> list[int]:
    """Those who were left out that day and are not counted for a day shortly before."""
    just_before = replace(uow, now=at - timedelta.resolution)
    found = [
        one.member
        for one in nudging.decided(network, just_before)
        if one.rule is Rule.HELD_OUT
        and at - counted.get(one.member, datetime.min.replace(tzinfo=at.tzinfo)) >= AGAIN
    ]
    counted.update(dict.fromkeys(found, at))
    return found


def _share(those: list[int], at: datetime, until: datetime, uow: UnitOfWork) -> Share:
    return Share(len(stored.who_contributed(uow, those, at, until)), len(those))
