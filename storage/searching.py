"""Searching: the words of each thread, in the index that either database brings.

What is indexed are folded words, which the caller makes; here they are only kept and found. Beside
them stands the network, as a word that folding never makes, so that a search stays inside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Table, and_, func, select, text

from storage.models import account, notice, organisation, reply, thread, unsearched
from storage.people import author_name
from storage.posts import show_again
from storage.ready import Ready
from storage.unit_of_work import UnitOfWork

_LOCK = 0x736561726368
"""The name of the lock under which one worker at a time indexes on PostgreSQL."""

CARD = "found"
"""The kind of post, and the name of the notice behind it, that shows in a conversation what was
found: its facts are the threads, each with the answer it was found in ("12:34,56:")."""

NEWEST = 3000
"""Threads that PostgreSQL looks through one by one before it asks the index, which knows no order:
of a word that stands everywhere it would have to gather everything first."""

ANSWERS = 100
"""Answers of one thread that are looked into, the newest."""


@dataclass(frozen=True, slots=True)
class Term:
    """A folded word that must be there, or (`begins`) one that begins like it."""

    word: str
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """A thread and what is written in it now: nothing, if it is gone or withdrawn."""

    thread: int
    network: int | None
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """Something that was written, and by whom, which is nobody for the question of the week."""

    id: int
    platform: str | None
    tenant: str | None
    author: str | None
    organisation_name: str | None
    body: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A question, and whether it is marked as answered. That of a week and a poll have none."""

    kind: str
    number: int | None
    marked: bool
    question: Written


def take_changed(uow: UnitOfWork, limit: int) -> list[Changed]:
    """Threads to be indexed anew; taken for good when this unit of work is committed."""
    if _IS_CHANGED.first(uow, {}) is None:
        return []
    if uow.connection.dialect.name == "postgresql":
        # Else one worker could read before a change, and write after another has read it.
        uow.connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
    return _as_they_stand(uow, sorted(set(_TAKE.column(uow, {"n": limit}))))


_IS_CHANGED = Ready(select(unsearched.c.id).limit(1))
_TAKE = Ready(
    text(
        "DELETE FROM unsearched WHERE id IN (SELECT id FROM unsearched ORDER BY id LIMIT :n)"
        " RETURNING thread"
    )
)


def _as_they_stand(uow: UnitOfWork, threads: Sequence[int]) -> list[Changed]:
    statement = select(thread.c.id, thread.c.network, thread.c.body).where(
        thread.c.id.in_(threads), thread.c.state != "withdrawn"
    )
    asked = {row.id: row for row in uow.connection.execute(statement)}
    answered = answers(uow, list(asked))
    return [
        Changed(id, asked[id].network, (asked[id].body, *(body for _, body in answered[id])))
        if id in asked
        else Changed(id, None, ())
        for id in threads
    ]


def _newest(threads: Iterable[int]) -> Select[*tuple[Any, ...]]:
    """The bodies of the newest answers of these threads, the oldest of them first."""
    place = func.row_number().over(partition_by=reply.c.thread, order_by=reply.c.id.desc())
    standing = (
        select(reply.c.id, place.label("place"))
        .where(reply.c.thread.in_(threads), reply.c.state == "standing")
        .subquery()
    )
    return (
        select(reply.c.thread, reply.c.id, reply.c.body)
        .join_from(standing, reply, reply.c.id == standing.c.id)
        .where(standing.c.place <= ANSWERS)
        .order_by(reply.c.id)
    )


def keep(uow: UnitOfWork, thread_id: int, network: int | None, words: Iterable[str]) -> None:
    """The words of a thread from now on; without a network, none."""
    name = uow.connection.dialect.name
    _FORGET[name].run(uow, {"t": thread_id})
    if network is None:
        return
    lexemes = [_of_network(network), *sorted(set(words))]
    row = {"t": thread_id, "n": network, "w": lexemes if name != "sqlite" else " ".join(lexemes)}
    _KEEP[name].run(uow, row)


_FORGET = {
    "sqlite": Ready(text("DELETE FROM search_index WHERE rowid = :t")),
    "postgresql": Ready(text("DELETE FROM search_index WHERE thread = :t")),
}
_KEEP = {
    "sqlite": Ready(text("INSERT INTO search_index (rowid, words) VALUES (:t, :w)")),
    "postgresql": Ready(
        text(
            "INSERT INTO search_index (thread, network, words)"
            " VALUES (:t, :n, array_to_tsvector(:w))"
        )
    ),
}


def redraw(uow: UnitOfWork, thread_id: int) -> None:
    """What is written in a thread is other now, and so is every list of hits that names it."""
    network = select(thread.c.network).where(thread.c.id == thread_id).scalar_subquery()
    shown = select(notice.c.id, notice.c.facts).where(
        notice.c.name == CARD, notice.c.network == network
    )
    for id, facts in uow.connection.execute(shown).all():
        if any(hit.startswith(f"{thread_id}:") for hit in facts["found"].split(",")):
            show_again(uow, CARD, id)


def candidates(uow: UnitOfWork, network: int, terms: Sequence[Term], limit: int) -> list[int]:
    """Threads of the network in whose words all the terms are, the newest first; before those that
    have longer words, those that have the very ones.

    SQLite gathers everything that begins like a word before it tells of any, which of common ones
    takes long; and where these are enough, it need not be asked.
    """
    whole = [Term(term.word) for term in terms]
    found = _with(uow, network, whole, limit)
    if len(found) < limit and whole != list(terms):
        longer = _with(uow, network, terms, limit)
        found += [thread for thread in longer if thread not in found]
    return found[:limit]


def _with(uow: UnitOfWork, network: int, terms: Sequence[Term], limit: int) -> list[int]:
    if uow.connection.dialect.name == "sqlite":
        query = " AND ".join(map(_for_sqlite, (*terms, Term(_of_network(network)))))
        return list(uow.connection.execute(_FIND, {"q": query, "limit": limit}).scalars())
    words = " & ".join(map(_for_postgresql, terms))
    of_network = f"{_for_postgresql(Term(_of_network(network)))} & {words}"
    asked = {"q": words, "all": of_network, "n": network, "newest": NEWEST, "limit": limit}
    recent = list(uow.connection.execute(_FIND_NEWEST, asked).scalars())
    if len(recent) == limit:
        return recent
    return list(uow.connection.execute(_FIND_ALL, asked).scalars())


_FIND = text(
    "SELECT rowid FROM search_index WHERE search_index MATCH :q ORDER BY rowid DESC LIMIT :limit"
)
_FIND_NEWEST = text(
    "SELECT thread FROM (SELECT thread, words FROM search_index WHERE network = :n"
    " ORDER BY thread DESC LIMIT :newest) AS newest"
    " WHERE words @@ CAST(:q AS tsquery) ORDER BY thread DESC LIMIT :limit"
)
_FIND_ALL = text(
    "WITH found AS MATERIALIZED"
    " (SELECT thread FROM search_index WHERE words @@ CAST(:all AS tsquery))"
    " SELECT thread FROM found ORDER BY thread DESC LIMIT :limit"
)


def _of_network(network: int) -> str:
    """No folded word has a "w"."""
    return f"network{network}"


def _for_sqlite(term: Term) -> str:
    quoted = term.word.replace('"', '""')
    return f'"{quoted}"{" *" if term.begins else ""}'


def _for_postgresql(term: Term) -> str:
    quoted = term.word.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}'{':*' if term.begins else ''}"


def numbered(uow: UnitOfWork, network: int, number: int) -> int:
    """The network's question with this number; 0, which nothing is, if there is none."""
    statement = select(thread.c.id).where(thread.c.network == network, thread.c.number == number)
    return uow.connection.execute(statement).scalar_one_or_none() or 0


_ANSWERED = and_(thread.c.answered_at.is_not(None), ~thread.c.closed)


def talks(uow: UnitOfWork, network: int, threads: Iterable[int]) -> dict[int, Talk]:
    """These threads as they stand now; what is withdrawn, or of another network, is left out."""
    statement = (
        select(thread.c.kind, thread.c.number, _ANSWERED, *_written(thread))
        .outerjoin_from(thread, account)
        .outerjoin(organisation, organisation.c.id == thread.c.organisation)
        .where(
            thread.c.id.in_(threads),
            # With the sum SQLite goes by the ids, and not through all that the network ever asked.
            thread.c.network + 0 == network,
            thread.c.state != "withdrawn",
        )
    )
    rows = uow.connection.execute(statement)
    found = (Talk(kind, number, marked, Written(*asked)) for kind, number, marked, *asked in rows)
    return {talk.question.id: talk for talk in found}


def answers(uow: UnitOfWork, threads: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """The newest answers that stand in each of these threads, by id and body, in order."""
    found: dict[int, list[tuple[int, str]]] = {id: [] for id in threads}
    for row in uow.connection.execute(_newest(threads)) if threads else ():
        found[row.thread].append((row.id, row.body))
    return found


def replies(uow: UnitOfWork, threads: Sequence[int], ids: Sequence[int]) -> dict[int, Written]:
    """These answers, as far as they stand in these threads."""
    statement = (
        select(*_written(reply))
        .join_from(reply, account)
        .join(organisation, organisation.c.id == reply.c.organisation)
        .where(
            reply.c.id.in_(ids),
            reply.c.thread.in_(threads),
            reply.c.state == "standing",
        )
    )
    rows = uow.connection.execute(statement) if ids else ()
    return {row.id: Written(*row) for row in rows}


def count_answers(uow: UnitOfWork, threads: Sequence[int]) -> dict[int, int]:
    """How many answers stand in each of these threads."""
    statement = (
        select(reply.c.thread, func.count())
        .where(reply.c.thread.in_(threads), reply.c.state == "standing")
        .group_by(reply.c.thread)
    )
    counted = dict.fromkeys(threads, 0)
    return counted | {row[0]: row[1] for row in uow.connection.execute(statement)}


def _written(table: Table) -> tuple[Any, ...]:
    return (
        table.c.id,
        account.c.platform,
        account.c.tenant,
        author_name(table),
        organisation.c.name.label("organisation_name"),
        table.c.body,
    )
