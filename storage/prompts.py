"""Questions of the week: those that wait, the one that is planned, and those that were asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, insert, select, update

from storage.models import prompt, reply, thread
from storage.ready import Ready, Row
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Prompt:
    """A network's prompt. `key` names it in the bank; None if it is the network's own. `words` are
    by language. `state` is draft, waiting, planned, asked or withdrawn, and `week` the Monday of
    the week for which it is planned, or in which it was asked. `chosen` by somebody in charge, and
    not by Mellom from the bank; `alone`: nobody was in charge when it was asked."""

    id: int
    network: int
    key: str | None
    theme: str
    words: Mapping[str, str]
    state: str
    place: int
    week: date | None
    thread: int | None
    chosen: bool = False
    alone: bool = False
    edited: bool = False


_COLUMNS: Select[*tuple[Any, ...]] = select(
    prompt.c.id,
    prompt.c.network,
    prompt.c.key,
    prompt.c.theme,
    prompt.c.words,
    prompt.c.state,
    prompt.c.place,
    prompt.c.week,
    prompt.c.thread,
    prompt.c.chosen,
    prompt.c.alone,
    thread.c.edited_at.is_not(None),
).select_from(prompt.outerjoin(thread, thread.c.id == prompt.c.thread))
_OF_NETWORK = _COLUMNS.where(prompt.c.network == bindparam("n"))
_OF_WEEK = Ready(_OF_NETWORK.where(prompt.c.week == bindparam("w")))
_FIND = Ready(_OF_NETWORK.where(prompt.c.id == bindparam("p")))
_OF_THREAD = Ready(_COLUMNS.where(prompt.c.thread == bindparam("t")))
_BEFORE = Ready(
    _OF_NETWORK.where(prompt.c.week < bindparam("w"), prompt.c.state != "draft").order_by(
        prompt.c.week
    )
)
_FROM = _OF_NETWORK.where(prompt.c.week >= bindparam("w"))
_OF_WEEKS, _PLANNED = Ready(_FROM), Ready(_FROM.where(prompt.c.state == "planned"))


def keep(
    uow: UnitOfWork,
    network_id: int,
    *,
    theme: str,
    words: Mapping[str, str],
    key: str | None = None,
    state: str = "waiting",
    week: date | None = None,
    place: int = 0,
    chosen: bool = True,
) -> int:
    statement = insert(prompt).values(
        network=network_id,
        key=key,
        theme=theme,
        words=dict(words),
        state=state,
        place=place,
        week=week,
        chosen=chosen,
        written_at=uow.now,
    )
    return int(uow.connection.execute(statement.returning(prompt.c.id)).scalar_one())


def planned(uow: UnitOfWork, network_id: int, week: date) -> Prompt | None:
    return _one(_OF_WEEK.first(uow, {"n": network_id, "w": week}))


def find(uow: UnitOfWork, network_id: int, id: int) -> Prompt | None:
    return _one(_FIND.first(uow, {"n": network_id, "p": id}))


def of_thread(uow: UnitOfWork, thread_id: int) -> Prompt | None:
    return _one(_OF_THREAD.first(uow, {"t": thread_id}))


def _one(row: Row | None) -> Prompt | None:
    return None if row is None else Prompt(*row)


def in_state(uow: UnitOfWork, network_id: int, *states: str) -> list[Prompt]:
    """Those in one of these states, in the order in which they wait."""
    return [Prompt(*row) for row in _in_state(states).all(uow, {"n": network_id})]


@cache
def _in_state(states: tuple[str, ...]) -> Ready:
    these = _OF_NETWORK.where(prompt.c.state.in_(states))
    return Ready(these.order_by(prompt.c.place, prompt.c.id))


def asked_before(uow: UnitOfWork, network_id: int, week: date) -> list[Prompt]:
    """Those that were asked, or are planned, in the weeks before this one; oldest first."""
    return [Prompt(*row) for row in _BEFORE.all(uow, {"n": network_id, "w": week})]


def last_asked(uow: UnitOfWork, network_id: int, since: date) -> int | None:
    """The thread of the last one that was asked in or after the week of this Monday, if any, and
    was not withdrawn."""
    statement = select(prompt.c.thread).where(
        prompt.c.network == network_id, prompt.c.week >= since, prompt.c.state == "asked"
    )
    newest = statement.order_by(prompt.c.week.desc()).limit(1)
    return uow.connection.execute(newest).scalar_one_or_none()


def planned_from(uow: UnitOfWork, network_id: int, week: date) -> dict[date, Prompt]:
    """Those that are planned for this week and the ones after it, by their week."""
    found = [Prompt(*row) for row in _PLANNED.all(uow, {"n": network_id, "w": week})]
    return {one.week: one for one in found if one.week is not None}


def of_weeks(uow: UnitOfWork, network_id: int, first: date) -> dict[date, Prompt]:
    """Those that were asked, or are planned, in this week and the ones after it."""
    found = [Prompt(*row) for row in _OF_WEEKS.all(uow, {"n": network_id, "w": first})]
    return {one.week: one for one in found if one.week is not None}


def plan(uow: UnitOfWork, id: int, week: date) -> None:
    """It is the one for this week."""
    _set(uow, id, state="planned", week=week)


def wait(uow: UnitOfWork, id: int, place: int) -> None:
    """It waits, at this place."""
    _set(uow, id, state="waiting", week=None, place=place)


def put_back(uow: UnitOfWork, one: Prompt) -> None:
    """It is not asked in its week: it waits as the first again. What Mellom took from the bank is
    in the bank as before."""
    if not one.chosen:
        remove(uow, one.id)
        return
    first = select(func.min(prompt.c.place)).where(
        prompt.c.network == one.network, prompt.c.state == "waiting"
    )
    wait(uow, one.id, (uow.connection.execute(first).scalar_one() or 0) - 1)


def arrange(uow: UnitOfWork, network_id: int, ids: Sequence[int]) -> None:
    """They wait in this order."""
    for place, id in enumerate(ids, 1):
        statement = update(prompt).where(prompt.c.network == network_id, prompt.c.id == id)
        uow.connection.execute(statement.values(place=place))


def draft(uow: UnitOfWork, id: int) -> None:
    """It is not ready to be asked."""
    _set(uow, id, state="draft", week=None)


def choose(uow: UnitOfWork, id: int) -> None:
    """Somebody in charge wants it as it is."""
    _set(uow, id, chosen=True)


def remove(uow: UnitOfWork, id: int) -> None:
    """It was never asked, and is not kept."""
    uow.connection.execute(delete(prompt).where(prompt.c.id == id, prompt.c.thread.is_(None)))


def sent(uow: UnitOfWork, network_id: int, limit: int) -> list[Prompt]:
    """Those that were asked, newest first, whether or not they were withdrawn."""
    statement = _COLUMNS.where(prompt.c.network == network_id, prompt.c.thread.is_not(None))
    rows = uow.connection.execute(statement.order_by(prompt.c.week.desc()).limit(limit))
    return [Prompt(*row) for row in rows]


def replies_to(uow: UnitOfWork, threads: Collection[int]) -> dict[int, int]:
    """How many replies stand under each of these."""
    statement = (
        select(reply.c.thread, func.count())
        .where(reply.c.thread.in_(threads), reply.c.state == "standing")
        .group_by(reply.c.thread)
    )
    return {row[0]: row[1] for row in uow.connection.execute(statement)}


def asked(uow: UnitOfWork, one: Prompt, body: str, *, alone: bool = False) -> int:
    """It is asked now; the thread that its answers stand in."""
    statement = insert(thread).values(
        network=one.network, kind="prompt", body=body, state="standing", created_at=uow.now
    )
    made = int(uow.connection.execute(statement.returning(thread.c.id)).scalar_one())
    _set(uow, one.id, state="asked", thread=made, alone=alone)
    return made


def rewrite(uow: UnitOfWork, id: int, theme: str, words: Mapping[str, str]) -> None:
    _set(uow, id, theme=theme, words=dict(words))


def edit(uow: UnitOfWork, one: Prompt, body: str) -> None:
    """It was asked, and reads otherwise now."""
    changed = update(thread).where(thread.c.id == one.thread)
    uow.connection.execute(changed.values(body=body, edited_at=uow.now))


def withdraw(uow: UnitOfWork, one: Prompt) -> None:
    """It was asked, and is taken away."""
    _set(uow, one.id, state="withdrawn")
    uow.connection.execute(
        update(thread).where(thread.c.id == one.thread).values(state="withdrawn")
    )


def _set(uow: UnitOfWork, id: int, **values: object) -> None:
    _SET.run(uow, {"which": id, **values})


_SET = Ready(update(prompt).where(prompt.c.id == bindparam("which")))
