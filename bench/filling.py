"""Fills a network with years of talk: questions, their answers and the copies of both, in bulk."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, islice
from typing import Any

import psycopg
from sqlalchemy import make_url, text

from bot.text import Text
from bot.words import fold, words_in
from storage.searching import keep
from storage.unit_of_work import Database

FIRST = 1_000_000
"""The first id of what is filled in: beyond those of the network itself."""

ROOMS = 5
COMMON = ("tavlemøtet", "forbedringer", "lederen")
"""Each stands in a third of all texts."""

_SYLLABLES = """
for an ved ud ut be gjen inn op mål til sam over under hjem syk skole verdi dag gemba
ord møt led tav plan vel tal fre gang sik bru melk ran dal vik strøm gev spør løp våg
else ing het skap dom sjon tid er en et are iske lig bar sam verk flate rom skrift
"""


class Words:
    """Invented words, a few of which are said often and most of them seldom, as in any language."""

    def __init__(self, seed: int = 7, size: int = 20_000) -> None:
        self.random = random.Random(seed)  # noqa: S311 - no secret is made of it
        parts = [
            self.random.choices(_SYLLABLES.split(), k=self.random.randint(2, 4))
            for _ in range(size)
        ]
        self.all = sorted({"".join(syllables) for syllables in parts})
        self.random.shuffle(self.all)
        self._weights = list(accumulate(1 / (rank + 10) for rank in range(len(self.all))))

    def text(self) -> str:
        words = self.random.choices(
            self.all, cum_weights=self._weights, k=self.random.randint(8, 25)
        )
        words += [word for word in COMMON if self.random.random() < 1 / 3]
        self.random.shuffle(words)
        return " ".join(words)


POOL = 4_000
"""Different texts: the words in them are as many and as often said, and it is sooner filled."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A text as it is stored, and its folded words."""

    body: str
    folded: frozenset[str]

    @classmethod
    def of(cls, words: str) -> Saying:
        return cls(Text.of(words).dump(), frozenset(fold(word) for word in words_in(words)))


def fill_words(database: Database, questions: int, answers: int) -> Words:
    """So many questions with so many answers each, in the network that is there, and indexed."""
    words = Words()
    pool = [Saying.of(words.text()) for _ in range(POOL)]
    talk = [words.random.choices(pool, k=1 + answers) for _ in range(questions)]
    people, begun = _people(database), datetime(2020, 1, 6, 8)
    write = _on_sqlite if database.single_writer else _on_postgresql
    write(database, "thread", _threads(talk, people, begun))
    write(database, "reply", _replies(talk, people, begun))
    _index(database, talk)
    _finish(database, questions, ("thread", "reply"))
    return words


def fill_copies(database: Database, questions: int, answers: int) -> None:
    """A post for each, with a copy in every room."""
    people = _people(database)
    write = _on_sqlite if database.single_writer else _on_postgresql
    write(database, "post", _posts(questions, answers))
    write(database, "copy", _copies(questions * (1 + answers), answers, people))
    _finish(database, questions, ("post", "copy"))


Row = tuple[Any, ...]


def _people(database: Database) -> list[Row]:
    """A member of each room: organisation, member, account, conversation."""
    with database.begin(datetime.now().astimezone()) as uow:
        rows = uow.connection.execute(
            text(
                "SELECT room.organisation, min(member.id), min(membership.account),"
                " min(room.conversation) FROM room"
                " JOIN member ON member.organisation = room.organisation"
                " JOIN membership ON membership.member = member.id"
                " GROUP BY room.organisation ORDER BY room.organisation LIMIT 5"
            )
        )
        return [tuple(row) for row in rows]


def _threads(talk: Sequence[Sequence[Saying]], people: list[Row], begun: datetime) -> Iterator[Row]:
    for number, texts in enumerate(talk):
        organisation, member, account, conversation = people[number % ROOMS]
        yield (
            FIRST + number, 1, "question", FIRST + number, organisation, member, account,
            conversation, f"q{number}", texts[0].body, "open", begun + timedelta(minutes=number),
        )  # fmt: skip


def _replies(talk: Sequence[Sequence[Saying]], people: list[Row], begun: datetime) -> Iterator[Row]:
    id = FIRST
    for number, texts in enumerate(talk):
        for place, answer in enumerate(texts[1:]):
            organisation, member, account, conversation = people[(number + place + 1) % ROOMS]
            yield (
                id, FIRST + number, organisation, member, account, conversation, f"a{id}",
                answer.body, "standing", begun + timedelta(minutes=number, seconds=place),
            )  # fmt: skip
            id += 1


def _posts(questions: int, answers: int) -> Iterator[Row]:
    for number in range(questions):
        yield FIRST + number, 1, "question", FIRST + number, None
    for number in range(questions * answers):
        parent = FIRST + number // answers
        yield FIRST + questions + number, 1, "answer", FIRST + number, parent


def _copies(posts: int, answers: int, people: list[Row]) -> Iterator[Row]:
    """Every copy stands; the roots are those of the questions."""
    questions = posts // (1 + answers)
    tokens = random.Random(11)  # noqa: S311
    for number in range(posts):
        for place, person in enumerate(people):
            id = number * ROOMS + place
            message = f"{1_500_000_000 + id}.000100"
            root = message if number < questions else None
            token = f"{tokens.getrandbits(104):026x}"
            yield FIRST + id, FIRST + number, person[3], 1, message, root, token, "shown"


_COLUMNS = {
    "thread": "id network kind number organisation member account conversation message body state "
    "created_at",
    "reply": "id thread organisation member account conversation message body state created_at",
    "post": "id network kind subject parent",
    "copy": "id post conversation shown message root token state",
}


def _on_sqlite(database: Database, table: str, rows: Iterator[Row]) -> None:
    columns = _COLUMNS[table].split()
    marks = ", ".join("?" * len(columns))
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
    with sqlite3.connect(database.engine.url.database or "") as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-800000")
        connection.executemany(sql, (tuple(map(_plain, row)) for row in rows))
    connection.close()


def _plain(value: Any) -> Any:
    return f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else value


def _on_postgresql(database: Database, table: str, rows: Iterator[Row]) -> None:
    address = make_url(str(database.engine.url)).set(drivername="postgresql")
    columns = ", ".join(_COLUMNS[table].split())
    with (
        psycopg.connect(address.render_as_string(hide_password=False)) as connection,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copying,
    ):
        for row in rows:
            copying.write_row(row)


def _index(database: Database, talk: Sequence[Sequence[Saying]]) -> None:
    """As the worker does it, but all at once."""
    numbered = iter(enumerate(talk))
    while some := list(islice(numbered, 2000)):
        with database.begin(datetime.now().astimezone()) as uow:
            for number, texts in some:
                keep(uow, FIRST + number, 1, frozenset().union(*(each.folded for each in texts)))
            if not database.single_writer:
                # As PostgreSQL does by itself, which these servers do not: a plan for the empty
                # table would be kept, and go through all of it for each.
                uow.connection.execute(text("ANALYZE search_index"))


def _finish(database: Database, questions: int, tables: tuple[str, ...]) -> None:
    """Ids and numbers go on from here, nothing waits, and the planner knows what there is."""
    with database.begin(datetime.now().astimezone()) as uow:
        run = uow.connection.execute
        run(text("UPDATE network SET last_number = :n"), {"n": FIRST + questions})
        run(text("DELETE FROM unsearched"))
        if not database.single_writer:
            for table in tables:
                last = f"(SELECT max(id) FROM {table})"  # noqa: S608
                run(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not database.single_writer:
            connection.execute(text("VACUUM ANALYZE"))
