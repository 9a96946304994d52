"""What is asked of the database does not grow with what is in it."""

from __future__ import annotations

import re
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, update

from bot import dispatch, finding
from bot.claiming import claim
from bot.features import asking, everywhere, facilitating, home, joining
from bot.features.presence import Presence, present
from bot.incoming import Commanded, Incoming, Person, Place, Pressed, Said
from bot.text import Text
from storage import (
    UnitOfWork,
    deliveries,
    installations,
    listings,
    members,
    networks,
    notices,
    overviews,
    people,
    posts,
    privates,
    rooms,
    searching,
    threads,
)
from storage import facilitating as stored
from storage.migrating import migrate
from storage.models import copy, room
from storage.unit_of_work import Database, connect

NOW = datetime(2027, 1, 19, 8, 15, tzinfo=UTC)
KARI = Person("slack", "T0ALTA", "U0KARI", name="Kari Nilsen", language="nb")


class Undone(Exception):
    """What was done to see how is not kept."""


def listen(database: Database) -> list[str]:
    """Every statement that is sent from now on."""
    sent: list[str] = []
    if database.single_writer:
        # Some statements are handed to the driver directly, so the driver tells.
        event.listen(database.engine, "connect", lambda raw, _: raw.set_trace_callback(sent.append))
        database.engine.dispose()
    else:
        event.listen(database.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
    return sent


def counts(database: Database, sent: list[str], number: int, place: Place) -> dict[str, int]:
    """How many statements it takes to ask, to answer, to search and to claim."""
    told = {}
    incomings: dict[str, Incoming] = {
        "asking": _said(place, f"{number}.0", "Hvordan får dere liv i tavlemøtene?"),
        "answering": _said(place, f"{number}.1", f"Svar {number}.", root="3"),
        "searching": Commanded(
            key=f"s{number}", at=NOW, place=place, person=KARI, text=Text.of("søk tavle")
        ),
    }
    for step, incoming in incomings.items():
        sent.clear()
        dispatch.receive(incoming, lambda: database.begin(NOW))
        told[step] = _count(sent)
    sent.clear()
    with suppress(Undone), database.begin(NOW) as uow:
        assert claim(uow)
        raise Undone
    return {**told, "claiming": _count(sent)}


def _count(sent: list[str]) -> int:
    """Without what SQLite says to itself when it looks something up in the index of words."""
    return sum(
        "search_index_" not in statement and not statement.startswith("--") for statement in sent
    )


def _said(place: Place, message: str, words: str, root: str | None = None) -> Said:
    return Said(
        key=message, at=NOW, place=place, person=KARI, message=message, text=Text.of(words),
        root=root, addressed=root is None,
    )  # fmt: skip


def _found(uow: UnitOfWork) -> Place:
    """A network with one room, in which a question stands."""
    installation = installations.keep(uow, platform="slack", app="A0MELLOM", tenant="T0ALTA")
    place = Place(installation, "C0ALTA")
    network = networks.create_network(uow, "Nord", "nb")
    organisation = networks.add_organisation(
        uow, network=network, name="Alta kommune", country="no", language="nb"
    )
    code = joining.keep_code(uow, network=network, organisation=organisation, role=None)
    dispatch.handle(_said(place, "1", f"join {code}"), uow)
    room = rooms.room_at(uow, installation, place.key)
    assert room is not None
    press = {"action": joining.CONFIRM, "value": str(room.id)}
    dispatch.handle(Pressed(key="2", at=NOW, place=place, person=KARI, **press), uow)
    dispatch.handle(_said(place, "3", "Hvor henger deres tavle?"), uow)
    for number in "45":  # As many as are shown under a question that is like them.
        like = f"Hvordan får dere liv i tavlemøtene hos {number}?"
        dispatch.handle(_said(place, number, like), uow)
    while finding.index(uow):
        pass
    return place


def _fill(uow: UnitOfWork, place: Place) -> None:
    """A year of questions about the same, and answers."""
    who = present(KARI, place, uow)
    assert who is not None
    for number in range(60):
        words = f"Hvordan får dere liv i tavlemøtene, for {number}. gang?"
        asking.ask(uow, who, Text.of(words), f"{100 + number}.9")
    standing = threads.standing_under(uow, who.conversation, "3")
    assert standing is not None
    for number in range(60):
        threads.answer(
            uow, thread_id=standing.thread, organisation_id=who.organisation, member=who.member,
            account_id=who.account.id, conversation=who.conversation, message=f"{200 + number}.9",
            body=Text.of(f"Tavlemøtet varer {number} minutter.").dump(),
        )  # fmt: skip
    uow.connection.execute(update(copy).values(state="shown", shown=1, due_at=None))


def test_no_more_statements_for_many_questions_than_for_one(database_url: str) -> None:
    with closing(connect(database_url)) as database:
        with database.begin(NOW) as uow:
            place = _found(uow)
        sent = listen(database)
        counts(database, sent, 9, place)  # What is new about the room is told once.
        with database.begin(NOW) as uow:
            uow.connection.execute(update(copy).values(state="shown", shown=1, due_at=None))
        few = counts(database, sent, 10, place)
        with database.begin(NOW - timedelta(days=100)) as uow:
            _fill(uow, place)
            while finding.index(uow):
                pass
        many = counts(database, sent, 20, place)
    assert all(few.values())
    # PostgreSQL need not ask twice where the newest are many enough.
    grown = {step: count for step, count in many.items() if count > few[step]}
    assert grown == {}, f"it was {few}"


STANDING = r"(SCAN|SEARCH) (thread|copy|reply|post)\b"
TOO_MANY = (
    r"SCAN \w|\(network=\?\)|\(conversation=\?\)|\(conversation=\? AND message>\?\)|\(kind=\?\)"
)


SMALL = r"ix_copy_due_at|ix_copy_adrift|ix_copy_given_up|ix_thread_open"
"""Indexes of what waits, which is little however much there is."""


def test_nothing_goes_through_all_that_ever_stood_there(tmp_path: Path) -> None:
    """SQLite knows no numbers of rows: the way it goes is the same on a database of years."""
    ways: set[str] = set()
    with closing(connect(f"sqlite:///{tmp_path / 'ways.db'}")) as database:
        migrate(str(database.engine.url))
        with database.begin(NOW) as uow:
            _found(uow)
        sent: list[tuple[str, Any]] = []
        event.listen(database.engine, "before_cursor_execute", lambda *told: sent.append(told[2:4]))
        with suppress(Undone), database.begin(NOW) as uow:
            lane = rooms.active_conversations(uow, 1)[0]
            deliveries.open_lanes(uow, 24)
            deliveries.next_due(uow)
            deliveries.due_in(uow, lane)
            deliveries.take_up(uow, lane, 1)
            deliveries.revive(uow, lane)
            deliveries.missed(uow, lane, 1, NOW)
            rooms.count_behind(uow, NOW)
            due = deliveries.due_in(uow, lane)[0]
            deliveries.older_in_vain(uow, due)
            deliveries.hasten(uow, lane)
            deliveries.drop_children(uow, due)
            deliveries.count_given_up(uow)
            deliveries.fail_conversation(uow, lane, "gone")
            posts.wake_children(uow, due.post, lane)
            posts.answers_not_in(uow, 1, lane)
            listings.open_questions_not_in(uow, 1, lane, 10)
            everywhere.show_again(uow, 1)
            assert finding.find(uow, 1, "tavle")
            assert searching.talks(uow, 1, range(1, 30))
            searching.replies(uow, range(1, 30), range(1, 30))
            searching.count_answers(uow, range(1, 30))
            searching.answers(uow, range(1, 30))
            asked = list(sent)
            for statement, values in asked:
                plan = uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                ways |= {row[3] for row in plan if re.match(STANDING, row[3])}
            raise Undone
    assert ways
    assert not {way for way in ways if re.search(TOO_MANY, way) and not re.search(SMALL, way)}


VALUE = re.compile(r"%\((\w+)\)s")


@pytest.mark.only_postgresql("SQLite plans without numbers of rows")
def test_postgresql_needs_no_new_plan_for_every_moment(database_url: str) -> None:
    """Of three million copies, as it is made to believe, few wait: a plan for whatever moment that
    goes through them all is never taken, and making one each time takes longer than to do it."""
    with closing(connect(database_url)) as database:
        with database.begin(NOW) as uow:
            _found(uow)
            lane = rooms.active_conversations(uow, 1)[0]
            due = deliveries.due_in(uow, lane)[0]
            uow.connection.execute(update(copy).values(state="shown", due_at=None))
        with database.begin(NOW) as uow:
            uow.connection.exec_driver_sql("ANALYZE")
            uow.connection.exec_driver_sql(
                "UPDATE pg_class SET reltuples = 3e6 WHERE oid = 'copy'::regclass"
            )
        sent = listen(database)
        with database.begin(NOW) as uow:
            deliveries.open_lanes(uow, 24)
            deliveries.due_in(uow, lane)
            deliveries.older_in_vain(uow, due)
            deliveries.hasten(uow, lane)
            deliveries.drop_children(uow, due)
            posts.wake_children(uow, due.post, lane)
            costs = {asked: _cost(uow, asked) for asked in list(sent)}
    assert {asked for asked, cost in costs.items() if cost > 1000} == set()


def _cost(uow: UnitOfWork, statement: str) -> float:
    """Of the plan for whatever values, as PostgreSQL reckons."""
    names: dict[str, str] = {}
    asked = VALUE.sub(lambda m: names.setdefault(m[1], f"${len(names) + 1}"), statement)
    driver: Any = uow.connection.connection.driver_connection
    explain = f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {asked}"
    [plan] = driver.execute(explain, prepare=False).fetchone()
    return float(plan[0]["Plan"]["Total Cost"])


def test_the_card_of_whoever_runs_a_network_takes_no_more_statements_for_many(
    database_url: str,
) -> None:
    with closing(connect(database_url)) as database:
        with database.begin(NOW) as uow:
            place = _found(uow)
            who = present(KARI, place, uow)
            assert who is not None
            people.give_role(uow, who.member, "facilitator")
        sent = listen(database)
        few = _cards(database, sent, who)
        with database.begin(NOW) as uow:
            _grow(uow, who)
        assert _cards(database, sent, who) == few


def _cards(database: Database, sent: list[str], who: Presence) -> tuple[int, int]:
    """How many statements the card takes, and its part of the home."""
    with database.begin(NOW) as uow:
        sent.clear()
        facilitating.network_card(who.network, who.member, who.say, uow)
        whole = len(sent)
        sent.clear()
        facilitating.at_home(who.network, who.say, uow)
        return whole, len(sent)


def _grow(uow: UnitOfWork, who: Presence) -> None:
    """Sixty channels and organisations, with a member and something late in each."""
    for number in range(60):
        made = networks.add_organisation(
            uow, network=who.network, name=f"Kommune {number}", country="no", language="nb"
        )
        there = rooms.keep_conversation(
            uow, installation=1, key=f"C{number}", language="nb", address={}
        )
        tied = rooms.tie(
            uow, network=who.network, organisation=made, conversation_id=there, language="nb"
        )
        uow.connection.execute(update(room).values(state="active"))
        posts.show(uow, "hello", tied, [there], network=who.network)
        account = people.keep_account(
            uow, platform="slack", tenant="T9", user=f"U{number}", installation=1,
            address=f"U{number}", name=f"Åse {number}", language="nb",
        )  # fmt: skip
        member = people.make_member(
            uow, network=who.network, organisation=made, account_id=account.id
        )
        people.give_role(uow, member.id, "facilitator")
    uow.connection.execute(update(copy).values(due_at=NOW - timedelta(hours=1)))


PEOPLE = r"(SCAN|SEARCH) (member|membership|account|private|notice|copy)\b"
EVERYBODY = r"SCAN \w|\(network=\?\)|\(network=\? AND name=\?\)|\(organisation=\?\)"
FEW_OF_THEM = r"ix_member_deputy|ix_member_contact"


def test_nobody_is_found_by_going_through_everybody(tmp_path: Path) -> None:
    ways: set[str] = set()
    with closing(connect(f"sqlite:///{tmp_path / 'ways.db'}")) as database:
        migrate(str(database.engine.url))
        with database.begin(NOW) as uow:
            who = present(KARI, _found(uow), uow)
            assert who is not None
        sent: list[tuple[str, Any]] = []
        event.listen(database.engine, "before_cursor_execute", lambda *told: sent.append(told[2:4]))
        with database.begin(NOW) as uow:
            people.networks_of(uow, who.account.id)
            members.with_role(uow, who.network, "facilitator")
            members.deputies(uow, who.network)
            members.accounts_of(uow, who.member)
            privates.last_sent(uow, who.member, but=0)
            stored.in_charge_of(uow, who.network)
            stored.people_beside(uow, who.network, who.member)
            stored.person(uow, who.network, who.member)
            stored.rooms_of(uow, who.network, NOW)
            for statement, values in list(sent):
                plan = uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                ways |= {row[3] for row in plan if re.match(PEOPLE, row[3])}
    assert ways
    assert not {w for w in ways if re.search(EVERYBODY, w) and not re.search(FEW_OF_THEM, w)}


def test_no_more_statements_for_many_who_look_at_the_network_than_for_one(
    database_url: str,
) -> None:
    with closing(connect(database_url)) as database:
        with database.begin(NOW) as uow:
            place = _found(uow)
            who = present(KARI, place, uow)
            assert who is not None
        sent = listen(database)
        _looked_at(database, sent, who, 1)
        few = _looked_at(database, sent, who, 1)
        assert _looked_at(database, sent, who, 30) == few


def _looked_at(database: Database, sent: list[str], who: Presence, times: int) -> tuple[int, int]:
    """How many statements it takes to ask for the home, and to change what stands there."""
    with database.begin(NOW) as uow:
        for number in range(times):
            facts = {"member": str(1000 + number), "organisation": "1"}
            made = notices.keep(uow, overviews.CARD, network=who.network, facts=facts)
            posts.show(uow, overviews.CARD, made, [who.conversation], network=who.network)
        sent.clear()
        home.tell(uow, who, who.conversation, alone=True)
        asked = len(sent)
        sent.clear()
        everywhere.show_again(uow, 1)
        return asked, len(sent)
