"""Nobody is shown how active anybody is, and it is written down nowhere: the hard rules for what
Mellom says by itself to members. Where it could leak, and what shows that it does not:

- Two worlds that differ only in *who* of an organisation has been quiet. What everybody else is
  shown, in their channels, in private, on their homes and on the card of whoever runs the network;
  what they are answered; what `mellom schedule` and `mellom explain` tell; and the log, down to its
  least events, are the same. So is every table but those that keep that a private message was sent.
- Two worlds that differ only in *whether* somebody has been quiet, who is left out this quarter:
  they are the same in everything, table by table.
- What is kept of those who were asked is a day, a kind and what came of it.
- Managers are never asked, whatever else holds of them.
- No table has a place for what anybody reads, or for how active they are.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import quiet
from bot.features import explaining, gate, nudging
from storage import retention
from storage.models import invitation, metadata
from tests import test_secret_ballots
from tests.conversation import Founded, GoOn, SlackPerson, World
from tests.test_nudging import MORNING, a_question_waits, asked, can_help, id_of, leaves_out, oslo
from tests.test_secret_ballots import assert_alike, known, planned, sent, told
from tests.test_welcoming import role

log, other_world = test_secret_ballots.log, test_secret_ballots.other_world
INGRID, NILS = "Ingrid Vik", "Nils Haug"

HASH = re.compile(r'"hash": "[^"]*"')
"""By which Slack knows a home that has changed since; it is made up."""

PRIVATE = {"invitation", "private", "post", "copy", "conversation", "ballot"}
"""Tables that tell to whom a private message was sent, and who has voted."""

KEPT = {
    "id",
    "network",
    "member",
    "organisation",
    "kind",
    "thread",
    "private",
    "outcome",
    "at",
}
"""What is kept of somebody who was asked."""


def two_of_bodo(world: World) -> None:
    """Ingrid and Nils can both help; Kari runs the network."""
    world.person(NILS).says("@Mellom innstillinger")
    a_question_waits(world)
    can_help(world, NILS)
    role(world, world.person("Kari Nilsen"), "Alta kommune", "facilitator")
    leaves_out(world)
    world.change(
        "INSERT INTO ballot (poll, member, organisation) SELECT poll.id, member.id, "
        "member.organisation FROM member, poll WHERE member.id NOT IN (SELECT member FROM ballot)"
    )


@pytest.fixture(scope="module")
def founded_with_two(go_on: GoOn) -> Callable[[str], Founded]:
    return functools.cache(lambda kind: go_on(kind, two_of_bodo))


@pytest.fixture
def founded_before(founded_with_two: Callable[[str], Founded], database_kind: str) -> Founded:
    return founded_with_two(database_kind)


def votes(world: World, name: str) -> None:
    """What nobody is shown: that of an organisation it was this one who voted."""
    voted = "UPDATE ballot SET voted_at = '2027-02-03 09:00:00', choices = 1 WHERE member = "
    world.change(f"{voted}{id_of(world, name)}")


def everybody_else_looks(world: World) -> list[str]:
    """All that others can ask for, and what the commands of whoever runs Mellom tell."""
    kari, jens = world.person("Kari Nilsen"), world.person("Jens Holm")
    assert isinstance(kari, SlackPerson)
    kari.writes_privately("nettverk")
    kari.presses("Deltakere", on="For deg som leder nettverket", privately=True)
    people = kari.form or kari.told
    kari.opens_home()
    kari.commands("søk tavlemøte")
    jens.writes_privately("hjem")
    jens.writes_privately("søg tavlemøde")
    seen = [
        people,
        kari.home,
        kari.told,
        *(one.words for person in (kari, jens) for one in person.private),
        *(one.words for room in world.rooms.values() for one in room.everything),
        *planned(world),
    ]
    with world.village.mellom.writers.begin() as uow:
        return [*seen, *explaining.now_and_then(1, uow)]


def addresses(world: World) -> set[str]:
    """Where Ingrid and Nils are written to in private."""
    ids = f"{id_of(world, INGRID)}, {id_of(world, NILS)}"
    found = world.rows(
        "SELECT conversation.key FROM conversation JOIN membership "  # noqa: S608
        "ON membership.account = conversation.account "
        f"WHERE key IS NOT NULL AND membership.member IN ({ids})"
    )
    return {row[0] for row in found}


def to_others(world: World) -> list[str]:
    """Each call to a platform that is not about the private messages of these two."""
    theirs = addresses(world)
    every = zip([*world.slack.wire, *world.teams.wire], sent(world), strict=True)
    return sorted(
        HASH.sub("", bare) for raw, bare in every if not any(key in str(raw) for key in theirs)
    )


def but_the_private(tables: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: rows for name, rows in tables.items() if name not in PRIVATE}


def test_who_has_been_quiet_makes_no_difference_to_what_anybody_else_can_see(
    world: World, other_world: World, log: io.StringIO
) -> None:
    votes(world, NILS)
    votes(other_world, INGRID)
    worlds = {world: INGRID, other_world: NILS}
    logs, screens = [], []
    for one in worlds:
        told(log)
        looked = []
        for moment in ((2027, 2, 9, 7), MORNING, (2027, 2, 9, 9, 30), (2027, 2, 16, 12)):
            one.goes_to(oslo(*moment))
            looked.append(everybody_else_looks(one))
        logs.append(told(log))
        screens.append(looked)
    assert asked(world) == [INGRID, "Jens Holm"]
    assert asked(other_world) == ["Jens Holm", NILS]
    assert screens[0] == screens[1]
    assert logs[0] == logs[1]
    assert to_others(world) == to_others(other_world)
    tables, others = known(world), known(other_world)
    assert_alike(but_the_private(tables), but_the_private(others))
    assert [len(rows) for rows in tables.values()] == [len(rows) for rows in others.values()]


def test_whether_somebody_was_quiet_who_is_not_asked_is_written_down_nowhere(
    world: World, other_world: World, log: io.StringIO
) -> None:
    logs = []
    for one in (world, other_world):
        leaves_out(one, INGRID)
        votes(one, NILS)
        if one is other_world:
            votes(one, INGRID)
        told(log)
        one.goes_to(oslo(2027, 2, 9, 9, 30))
        everybody_else_looks(one)
        logs.append(told(log))
    assert asked(world) == asked(other_world) == ["Jens Holm"]
    with world.village.mellom.writers.begin() as uow:
        rules = {one.member: one.rule for one in nudging.decided(1, uow, everyone=True)}
    assert rules[id_of(world, INGRID)] is quiet.Rule.HELD_OUT
    assert logs[0] == logs[1]
    assert sent(world) == sent(other_world)
    unvoted = ("voted_at", "choices")
    assert_alike(known(world, *unvoted), known(other_world, *unvoted))


def test_what_is_kept_of_who_was_asked_is_a_day_a_kind_and_what_came_of_it(world: World) -> None:
    assert {column.name for column in invitation.c} == KEPT
    world.goes_to(oslo(2027, 2, 9, 10))
    assert world.rows("SELECT facts FROM private WHERE kind = 'nudge'")[0][0] in ("{}", {})
    with world.village.mellom.writers.begin() as uow:
        retention.tidy(replace(uow, now=uow.now + timedelta(days=91)))
    assert world.count("SELECT count(*) FROM invitation WHERE kind != 'check'") == 0
    assert world.count("SELECT count(*) FROM private WHERE kind = 'nudge'") == 0


def test_managers_are_never_asked_and_told_nothing(world: World) -> None:
    for name in (INGRID, NILS):
        world.change(f"UPDATE member SET role = 'manager' WHERE id = {id_of(world, name)}")  # noqa: S608
    before = [len(world.person(name).private) for name in (INGRID, NILS)]
    world.goes_to(oslo(2027, 2, 11, 14))
    assert asked(world) == ["Jens Holm"]
    assert [len(world.person(name).private) for name in (INGRID, NILS)] == before


def test_no_table_has_a_place_for_what_anybody_reads_or_for_how_active_they_are() -> None:
    """A column with such a name is looked at, and then named here."""
    suspects = {"quiet", "active", "activity", "seen", "read", "reads", "typing", "login", "last"}
    named = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.c
        if suspects & set(column.name.split("_"))
    }
    assert named == {
        "network.last_number",  # of its questions
        "turned_away.last_at",  # a tenant
        "school_break.last_day",
        "seminar.last_day",
        "room.reads",  # which messages reach us
        "member.just_reads",  # what they have chosen
    }


def test_that_somebody_is_to_be_asked_is_not_told_even_of_an_organisation(world: World) -> None:
    world.goes_to(oslo(2027, 2, 9, 7))
    assert world.count("SELECT count(*) FROM private WHERE state = 'waiting'") == 2
    coming = " ".join(planned(world))
    assert gate.NUDGE.label not in coming
    assert "a few members, of organisations that were informed" in coming
