"""Fills a network with people, in bulk: thousands of members, what each was written to in private,
and the overview that stands there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Table, insert, select, text

from storage import models
from storage.unit_of_work import Database

FIRST = 1_000_000
"""The first id of what is filled in: beyond those of the network itself."""

MESSAGES = 3
"""Private messages that each member was sent."""

_FIRST_NAMES = (
    "Kari",
    "Jens",
    "Ingrid",
    "Mette",
    "Lars",
    "Anne",
    "Sunniva",
    "Bjarne",
    "Åse",
    "Per",
)
_LAST_NAMES = ("Nilsen", "Holm", "Bakke", "Sørensen", "Dahl", "Juhl", "Lie", "Østergaard", "Moe")

Row = dict[str, Any]


def fill(database: Database, many: int, now: datetime) -> None:
    """So many members more, spread over the network's organisations."""
    with database.begin(now) as uow:
        homes = _homes(uow.connection)
    joined = now - timedelta(days=300)
    for table, rows in (
        (models.account, _accounts(many, homes)),
        (models.member, _members(many, homes, joined)),
        (models.membership, _memberships(many)),
        (models.member_theme, _themes(many)),
        (models.conversation, _conversations(many, homes)),
        (models.private, _privates(many, joined)),
        (models.notice, _overviews(many, now)),
        (models.post, _posts(many)),
        (models.copy, _copies(many)),
    ):
        _write(database, table, rows, now)
    _finish(database)


def _homes(connection: Any) -> Sequence[Row]:
    """Of each organisation: its id, its workspace or tenant and through what it is met."""
    room, place, by = models.room, models.conversation, models.installation
    rows = connection.execute(
        select(
            room.c.organisation,
            place.c.installation,
            by.c.platform,
            by.c.tenant,
            place.c.id.label("room"),
        )
        .join_from(room, place, place.c.id == room.c.conversation)
        .join(by, by.c.id == place.c.installation)
        .order_by(room.c.organisation)
    )
    return [dict(row) for row in rows.mappings()]


def name(number: int) -> str:
    """No two of the first hundreds are alike, and so many have the same last name."""
    first = _FIRST_NAMES[number % len(_FIRST_NAMES)]
    return f"{first} {_LAST_NAMES[number // 7 % len(_LAST_NAMES)]} {number}"


def _accounts(many: int, homes: Sequence[Row]) -> Iterator[Row]:
    for number in range(many):
        home = homes[number % len(homes)]
        yield {
            "id": FIRST + number,
            "platform": home["platform"],
            "tenant": home["tenant"],
            "user": f"P{number}",
            "installation": home["installation"],
            "met": home["room"],
            "address": f"P{number}",
            "name": name(number),
            "language": "nb",
        }


def _members(many: int, homes: Sequence[Row], joined: datetime) -> Iterator[Row]:
    """One in a hundred is a Lean coach, one in twenty has left, and two stand in."""
    for number in range(many):
        yield {
            "id": FIRST + number,
            "network": 1,
            "organisation": homes[number % len(homes)]["organisation"],
            "role": "coordinator" if number % 100 == 50 else "member",
            "joined_at": joined,
            "welcomed_at": joined,
            "left_at": joined if number % 20 == 19 else None,
            "deputy": number + 1 if number < 2 else None,
            "contact": number < len(homes),
        }


def _memberships(many: int) -> Iterator[Row]:
    for number in range(many):
        yield {"network": 1, "account": FIRST + number, "member": FIRST + number}


def _themes(many: int) -> Iterator[Row]:
    for number in range(many):
        for theme in (1, 2 + number % 9):
            yield {"member": FIRST + number, "theme": theme}


def _conversations(many: int, homes: Sequence[Row]) -> Iterator[Row]:
    for number in range(many):
        yield {
            "id": FIRST + number,
            "installation": homes[number % len(homes)]["installation"],
            "key": f"D{number}",
            "account": FIRST + number,
            "address": {},
            "language": "nb",
        }


def _privates(many: int, joined: datetime) -> Iterator[Row]:
    for number in range(many * MESSAGES):
        yield {
            "id": FIRST + number,
            "network": 1,
            "member": FIRST + number // MESSAGES,
            "kind": ("welcome", "host", "changed")[number % MESSAGES],
            "facts": {"by": "1", "role": "yes"},
            "state": "shown",
            "created_at": joined,
            "sent_at": joined + timedelta(days=number % MESSAGES),
        }


def _overviews(many: int, now: datetime) -> Iterator[Row]:
    for number in range(many):
        yield {
            "id": FIRST + number,
            "network": 1,
            "name": "home",
            "facts": {"member": str(FIRST + number), "organisation": "1", "shows": "1,2,3"},
            "created_at": now - timedelta(days=1),
        }


def _posts(many: int) -> Iterator[Row]:
    """Those of the messages, and after them those of the overviews."""
    for number in range(many * MESSAGES):
        yield {"id": FIRST + number, "network": 1, "kind": "private", "subject": FIRST + number}
    for number in range(many):
        id = FIRST + many * MESSAGES + number
        yield {"id": id, "network": 1, "kind": "home", "subject": FIRST + number}


def _copies(many: int) -> Iterator[Row]:
    """All of it stands in each member's direct message."""
    for number in range(many * (MESSAGES + 1)):
        to = number // MESSAGES if number < many * MESSAGES else number - many * MESSAGES
        yield {
            "id": FIRST + number,
            "post": FIRST + number,
            "conversation": FIRST + to,
            "shown": 1,
            "message": f"{1_500_000_000 + number}.000100",
            "token": f"{number:026x}",
            "state": "shown",
        }


def _write(database: Database, table: Table, rows: Iterator[Row], now: datetime) -> None:
    while some := list(islice(rows, 5000)):
        with database.begin(now) as uow:
            uow.connection.execute(insert(table), some)


def _finish(database: Database) -> None:
    """Ids go on from here, and the planner knows what there is."""
    if database.single_writer:
        return
    tables = ("account", "member", "conversation", "private", "notice", "post", "copy")
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            last = f"(SELECT max(id) FROM {table})"  # noqa: S608
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})")
            )
        connection.execute(text("VACUUM ANALYZE"))
