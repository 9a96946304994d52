"""Nobody is shown who chose what. Where a choice could leak, and what shows that it does not:

- Two worlds in which the same people vote at the same moments, and choose otherwise, are the same
  in everything that is stored but the ballots (receipts and what waits in them, notices, facts of
  private messages, posts, copies and their versions, the index of words), in everything that is
  sent to a platform and when, in every answer to a request, in the log down to its least events, in
  what `mellom schedule` tells, and in what others and whoever runs the network look at.
- The result: where those of each organisation have voted the same between them, and each of them
  otherwise, the two worlds are the same once the poll is closed, with their ballots.
- The database afterwards: SQLite is told to overwrite what is wiped.
- Whatever reads ballots in the future: nothing but the tally and the voter's own form does.
- A handler that breaks: what was typed is not kept for another try.
- A change of mind: no post has another version by it (`test_voting`).
"""

from __future__ import annotations

import functools
import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from adapters import journal
from bot import schedule
from storage import retention
from storage.models import metadata
from tests import databases
from tests.conversation import Founded, GoOn, Person, SlackPerson, World
from tests.test_voting import CARD, CLOSES, founded_before, opens, press_and_send, says

__all__ = ("founded_before",)

ROOT = Path(__file__).parent.parent
ONE = ("1,3", "2", "stem 1", "@Mellom 3, 4 og 5")
OTHER = ("2", "4,5,6", "stem 2, 3 og 7", "@Mellom 1")
MATES = ("Ola Berg", "Mette Lund", "Nils Haug", "Anne Dahl")
ONE_OF_MATES, OTHER_OF_MATES = ("2", "4,5,6", "2,3,7", "1"), ("1,3", "2", "1", "3,4,5")
"""Each of them as the one of their organisation has voted in the other world."""

RANDOM = re.compile(
    r"\b[0-9a-f]{26,32}\b|127\.0\.0\.1:\d+|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|\b[A-Z][a-z]?[0-9]{8,}\b|\b1000[0-9]{3}\b"
    r"|(?<=\b18[0-9]{8})[0-9]{3}\b|(?<=\b18[0-9]{8}\.)[0-9]{6}\b"
)
"""Names of copies and of what the stand-ins make, and where they listen; of messages which of those
of one second each is, for copies are sent at once."""


def all_are_members(world: World) -> None:
    for room in world.rooms.values():
        for name in room.inner.people:
            room.person(name).says("@Mellom innstillinger")
    opens(world)


@pytest.fixture(scope="module")
def founded_open(go_on: GoOn) -> Callable[[str], Founded]:
    return functools.cache(lambda kind: go_on(kind, all_are_members))


@pytest.fixture
def other_world(
    database_kind: str, founded_before: Founded, request: pytest.FixtureRequest
) -> Iterator[World]:
    for url in databases.another(database_kind, request, founded_before.database, "other"):
        world = World(url, founded_before.world)
        yield world
        world.close()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is written to stderr, down to the least events."""
    levels = {name: logging.getLogger(name).level for name in ("", *journal.OURS)}
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(journal._is_wanted)
    handler.setFormatter(journal.Lines())
    logging.root.addHandler(handler)
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield stream
    logging.root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def votes(world: World, choices: tuple[str, str, str, str]) -> None:
    """In each of the ways, once more by one of them, and what others look at meanwhile."""
    kari, jens, ingrid, lars = map(
        world.person, ("Kari Nilsen", "Jens Holm", "Ingrid Vik", "Lars Krogh")
    )
    assert isinstance(kari, SlackPerson)
    assert isinstance(ingrid, SlackPerson)
    world.change(
        "UPDATE member SET role = 'facilitator' WHERE id = (SELECT member FROM membership JOIN "
        "account ON account.id = account WHERE account.name = 'Ingrid Vik')"
    )
    press_and_send(kari, choices[0])
    press_and_send(jens, choices[1])
    ingrid.writes_privately(choices[2])
    world.later(minutes=5)
    lars.replies(choices[3], under=CARD)
    lars.edits(choices[3].removeprefix("@"), to=choices[3] + ".")
    ingrid.commands(choices[2])
    ingrid.writes_privately("nettverk")
    ingrid.commands("søk tavlemøte")
    ingrid.opens_home()
    world.later(hours=3)


def known(world: World, *but: str) -> dict[str, list[str]]:
    """All that is stored, table by table."""
    with world.village.mellom.writers.begin() as uow:
        return {
            name: sorted(
                _bare({key: value for key, value in row.items() if key not in but})
                for row in uow.connection.execute(text(f'SELECT * FROM "{name}"')).mappings()  # noqa: S608
            )
            for name in metadata.tables
        }


def assert_alike(one: dict[str, list[str]], other: dict[str, list[str]]) -> None:
    for table, rows in one.items():
        assert rows == other[table], table


def sent(world: World) -> list[str]:
    """Each call to a platform and when it was made, and how each request of theirs was answered."""
    passed: list[Any] = [*world.slack.wire, *world.teams.wire]
    return [
        _bare([one.at, one.method, one.status, one.response])
        if one.toward == "mellom"
        else _bare([one.at, one.method, one.request])
        for one in passed
    ]


def told(stream: io.StringIO) -> list[str]:
    """The log, without the time of the wall's clock."""
    lines = [line.split(" ", 1)[1] for line in stream.getvalue().splitlines()]
    stream.truncate(0)
    stream.seek(0)
    return lines


def planned(world: World) -> list[str]:
    with world.village.mellom.writers.begin() as uow:
        until = uow.now + timedelta(days=30)
        return [str(one) for one in schedule.coming(1, until, uow)]


def _bare(value: Any) -> str:
    return RANDOM.sub("…", json.dumps(value, default=str, ensure_ascii=False, sort_keys=True))


def test_what_somebody_chose_makes_no_difference_to_anything_but_their_ballot(
    world: World, other_world: World, log: io.StringIO
) -> None:
    votes(world, ONE)
    one_log = told(log)
    votes(other_world, OTHER)
    assert told(log) == one_log
    assert world.rows("SELECT choices FROM ballot ORDER BY member") != other_world.rows(
        "SELECT choices FROM ballot ORDER BY member"
    )
    assert_alike(known(world, "choices"), known(other_world, "choices"))
    assert sent(world) == sent(other_world)
    assert planned(world) == planned(other_world)

    is_closed_with(world, ONE_OF_MATES)
    one_log = told(log)
    is_closed_with(other_world, OTHER_OF_MATES)
    assert sorted(told(log)) == sorted(one_log)
    assert_alike(known(world), known(other_world))
    assert sorted(sent(world)) == sorted(sent(other_world))
    assert planned(world) == planned(other_world)
    with world.village.mellom.writers.begin() as uow:
        retention.tidy(replace(uow, now=uow.now + timedelta(days=91)))
    assert world.count("SELECT count(*) FROM ballot") == 0


def is_closed_with(world: World, choices: tuple[str, ...]) -> None:
    for name, chosen in zip(MATES, choices, strict=True):
        press_and_send(world.person(name), chosen)
    world.goes_to(CLOSES)
    world.later(minutes=5)
    assert world.rows("SELECT state, how FROM poll WHERE id = 1") == [("closed", "earliest")]


def test_sqlite_is_told_to_overwrite_what_is_wiped(world: World) -> None:
    if world.village.mellom.database.single_writer:
        assert world.count("PRAGMA secure_delete") == 1


def test_only_the_tally_and_the_voter_read_what_was_chosen() -> None:
    """Another module that names the ballots is looked at, and then named here."""
    named = {
        path.relative_to(ROOT).as_posix()
        for folder in ("adapters", "bot", "storage")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
        and re.search(r"\bballot\.c\b|cast_by_organisation|polls\.hold", path.read_text("utf-8"))
    }
    assert named == {
        "storage/polls.py",
        "storage/merging.py",
        "bot/features/voting.py",
        "bot/features/casting.py",
        "bot/features/results.py",
    }


def test_a_vote_that_broke_is_kept_nowhere_and_its_voter_told_so(
    world: World, kari: Person, jens: Person, log: io.StringIO
) -> None:
    press_and_send(kari, "1,2")
    world.change("CREATE UNIQUE INDEX broken ON ballot (choices)")
    jens.replies("@Mellom 1 og 2", under=CARD)
    jens.reads_privately(says(jens, "not kept"), says(jens, "for example"))
    press_and_send(jens, "1,2")
    jens.is_told("Noget gik galt")
    assert "handler.broke incoming=Said" in log.getvalue()
    assert "1 og 2" not in log.getvalue()
    assert re.search(r"parameters|choices\)?=|1,2", log.getvalue()) is None
    assert world.rows("SELECT * FROM receipt WHERE due_at IS NOT NULL") == []
    kept = world.rows("SELECT incoming, answer FROM receipt")
    assert "og 2" not in _bare(kept)
    assert '1,2"' not in _bare(kept)
    world.change("DROP INDEX broken")
    jens.presses("Stem", on=says(jens, "not kept"), privately=True)
    jens.sends_form(choices="1,2")
    jens.is_told(says(jens, "counted"))
