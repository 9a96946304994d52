"""A village that was founded once in each process and on each database. Every script begins with a
copy of it, for founding it takes most of a second, and is the same each time."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from adapters.playground.village import Village
from storage import UnitOfWork

# What passed is only added to, so that its items can be shared.
_PASSED = {"wire", "delivered"}

# What runs, and what only leads to something else that is copied by itself.
_RUNNING = {
    *("app", "base_url", "url", "line", "lines", "faults", "oauth", "identity", "clock"),
    *("slack", "teams", "webhooks", "mellom", "world", "connector", "on_message", "next_id"),
    *("_ids", "_trigger_numbers", "_runner", "_flushing", "_something", "_clock", "_database_url"),
}


def move_in(village: Village, founded: Village) -> None:
    """Let everything be in this village, whose stand-ins run, as it was left in the founded one."""
    village.slack._ids = itertools.count(next(founded.slack._ids) + 1)
    pairs = [*zip(_alive(founded), _alive(village), strict=True)]
    known: dict[int, Any] = {id(one): another for one, another in pairs}
    for one, another in zip(_stateful(founded), _stateful(village), strict=True):
        for name, value in vars(one).items():
            if name in _PASSED:
                setattr(another, name, list(value))
            elif name not in _RUNNING:
                setattr(another, name, copy.deepcopy(value, known))


def find_the_way(uow: UnitOfWork, old: str, new: str) -> None:
    """Let every conversation be spoken to where its platform is now."""
    words = "replace(address, :old, :new)"
    if uow.connection.dialect.name != "sqlite":
        words = "CAST(replace(CAST(address AS text), :old, :new) AS json)"
    statement = text(f"UPDATE conversation SET address = {words}")  # noqa: S608
    uow.connection.execute(statement, {"old": old, "new": new})


def _stateful(village: Village) -> Iterator[Any]:
    """Whatever remembers what people did."""
    teams = village.teams
    yield from (village, village.slack, teams, teams.world, teams.connector)


def _alive(village: Village) -> Iterator[Any]:
    """What copies refer to, wherever they referred to the other village's."""
    slack, teams = village.slack, village.teams
    yield from (village, slack, slack._ids, slack.line, slack.faults, slack.oauth)
    yield from (teams, teams.line, teams.faults, teams.identity, teams.world, teams.connector)
