"""Earlier questions that are like a later one, and are shown under it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select

from storage.models import resemblance
from storage.posts import show_again
from storage.unit_of_work import UnitOfWork

_EARLIER = (
    select(resemblance.c.earlier)
    .where(resemblance.c.thread == bindparam("t"))
    .order_by(resemblance.c.place)
)
_LATER = (
    select(resemblance.c.thread)
    .where(resemblance.c.earlier == bindparam("t"))
    .order_by(resemblance.c.thread)
)


def keep(uow: UnitOfWork, thread_id: int, earlier: Sequence[int]) -> None:
    """What was found when the question was asked."""
    rows = [
        {"thread": thread_id, "place": place, "earlier": one}
        for place, one in enumerate(earlier, 1)
    ]
    if rows:
        uow.connection.execute(insert(resemblance), rows)


def earlier(uow: UnitOfWork, thread_id: int) -> list[int]:
    """What is shown under this question, whatever became of it since."""
    return list(uow.connection.execute(_EARLIER, {"t": thread_id}).scalars())


def redraw(uow: UnitOfWork, thread_id: int) -> None:
    """This question reads otherwise now, and so does what stands under later ones like it."""
    for later in uow.connection.execute(_LATER, {"t": thread_id}).scalars().all():
        show_again(uow, "foot", later)
