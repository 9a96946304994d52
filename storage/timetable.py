"""When each kind of work that nobody waits for is due next, in one statement: asked after every
commit, it mostly tells that nothing is."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, select

from storage import greetings, incidents, jobs, privates, receipts, redrawing, steps
from storage.models import unsearched
from storage.ready import Ready
from storage.unit_of_work import UnitOfWork


class Timetable(NamedTuple):
    """`retried` by the wall, the others by the product's time; None where nothing waits."""

    retried: datetime | None
    warned: datetime | None
    greeted: datetime | None
    told: datetime | None
    run: datetime | None
    followed: datetime | None
    redrawn: datetime | None
    is_unsearched: bool

    @property
    def moments(self) -> tuple[datetime | None, ...]:
        """Those by the product's time."""
        return self.warned, self.greeted, self.told, self.run, self.followed, self.redrawn


_KINDS = (receipts, incidents, greetings, privates, jobs, steps, redrawing)
_LOOK = Ready(
    select(
        *(kind.NEXT.scalar_subquery() for kind in _KINDS),
        exists().where(unsearched.c.id == unsearched.c.id),
    )
)


def look(uow: UnitOfWork) -> Timetable:
    return Timetable(*_LOOK.all(uow, {})[0])
