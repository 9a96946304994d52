"""A workspace takes the app away: that leg stops, and a month later its people are forgotten."""

from __future__ import annotations

import pytest

from adapters.playground.slack.delivery import Delivery
from adapters.playground.slack.stand_in import Workspace
from storage import installations, retention
from storage.installations import Installation
from tests.conversation import Person, Room, SlackPerson, SlackRoom, World
from tests.test_joining import code

QUESTION = "Hvordan får dere liv i tavlemøtene?"
EVENTS = ["tokens_revoked", "app_uninstalled"]
ORDERS = pytest.mark.parametrize("order", [EVENTS, EVENTS[::-1]], ids=lambda order: order[0])
STOPPED = "SELECT count(*) FROM installation WHERE stopped_at IS NOT NULL"
NAMED = "SELECT count(*) FROM account WHERE name = 'Ingrid Vik' AND address != ''"


@pytest.fixture
def town(bodo: Room) -> Workspace:
    assert isinstance(bodo, SlackRoom)
    return bodo.channel.workspace


def uninstalls(world: World, town: Workspace, order: list[str] | None = None) -> list[Delivery]:
    """Both events, as Slack sends them."""
    before = len(world.slack.delivered)
    world.act(world.slack.uninstall(town, order=order or EVENTS))
    return world.slack.delivered[before:]


def again(world: World, delivery: Delivery) -> None:
    """The same is told once more, as if it had happened twice."""
    world.slack.queued(delivery.envelope | {"event_id": f"{delivery.event_id}2"})
    world.settle()


def tidy(world: World) -> None:
    with world.village.mellom.writers.begin() as uow:
        retention.tidy(uow)


@ORDERS
def test_told_twice_and_in_either_order_it_stops_once(
    order: list[str], world: World, town: Workspace, ingrid: Person, alta: Room
) -> None:
    ingrid.asks(QUESTION)
    told = uninstalls(world, town, order)
    assert [one.event["type"] for one in told] == order
    since = row(world, town).stopped_at
    assert since is not None
    world.later(days=2)
    for delivery in told:
        again(world, delivery)
    assert [one.replies[-1].status for one in world.slack.delivered[-2:]] == [200, 200]
    stopped = row(world, town)
    assert (stopped.stopped_at, stopped.secret) == (since, None)
    alta.sees(QUESTION)


def row(world: World, town: Workspace) -> Installation:
    with world.village.mellom.writers.begin() as uow:
        (found,) = [one for one in installations.every(uow, "slack") if one.tenant == town.team_id]
        return found


def test_after_thirty_days_nothing_is_known_of_its_people_and_what_they_wrote_stays(
    world: World, town: Workspace, ingrid: Person, kari: Person, aarhus: Room, randers: Room
) -> None:
    ingrid.asks(QUESTION)
    kari.replies("Vi spør alltid.", under="tavlemøtene")
    uninstalls(world, town)
    world.later(days=29)
    tidy(world)
    assert world.count(NAMED) == 1
    world.later(days=2)
    tidy(world)
    known = people(world)
    assert {one for one in known if one[0] == "Kari Nilsen"}
    assert {one for one in known if one[1] == town.team_id} == {(None, town.team_id, "", None)}
    assert places(world, town) == {(None, None)}
    assert world.count(STOPPED + " AND forgotten_at IS NOT NULL") == 1
    tidy(world)

    kari.replies("Vi gjør det hver dag.", under="tavlemøtene")
    aarhus.sees("hver dag", under="tavlemøtene")
    world.change("UPDATE copy SET due_at = since, state = 'behind' WHERE message IS NOT NULL "
                 "AND post IN (SELECT id FROM post WHERE kind = 'question')")  # fmt: skip
    world.settle()
    assert not [one for one in world.slack.calls("users.info") if not one.workspace]
    randers.sees("En deltager · Bodø kommune", QUESTION)


def people(world: World) -> set[tuple[str | None, str, str, str | None]]:
    """Name, workspace, address and language of everybody; whose id is an id is somebody."""
    with world.village.mellom.writers.begin() as uow:
        rows = uow.connection.exec_driver_sql(
            'SELECT name, tenant, address, language, "user" FROM account'
        ).all()
    return {(one[0], one[1], one[2] or "U" * one[4].startswith("U"), one[3]) for one in rows}


def places(world: World, town: Workspace) -> set[tuple[str | None, str | None]]:
    there = row(world, town).id
    with world.village.mellom.writers.begin() as uow:
        rows = uow.connection.exec_driver_sql("SELECT key, name, installation FROM conversation")
        return {(one[0], one[1]) for one in rows.all() if one[2] == there}


def test_installing_again_in_time_stops_the_clock(
    world: World, town: Workspace, ingrid: Person
) -> None:
    ingrid.asks(QUESTION)
    uninstalls(world, town)
    world.later(days=20)
    world.run(world.village.install(town))
    world.later(days=40)
    tidy(world)
    assert world.count(NAMED) == 1
    assert world.count(STOPPED) == 0


def test_installing_again_too_late_everybody_is_somebody_new(
    world: World, town: Workspace, bodo: SlackRoom, ingrid: SlackPerson, aarhus: Room
) -> None:
    ingrid.asks(QUESTION)
    uninstalls(world, town)
    world.later(days=31)
    tidy(world)
    world.run(world.village.install(town))
    world.act(world.slack.invite_bot(bodo.channel))
    ingrid.says(f"@Mellom join {code(world, 'Bodø kommune')}")
    ingrid.presses("Bekreft og koble til", on="Bekreft og koble til")
    ingrid.asks("Hvem leder tavlemøtene hos dere?")
    aarhus.sees("Ingrid Vik · Bodø kommune", "leder tavlemøtene")


def test_an_uninstallation_that_is_told_of_late_does_not_undo_a_new_installation(
    world: World, town: Workspace, bodo: SlackRoom
) -> None:
    told = uninstalls(world, town)
    world.later(minutes=1)
    world.run(world.village.install(town))
    for delivery in told:
        again(world, delivery)
    assert world.count(STOPPED) == 0


def test_people_whom_another_app_of_ours_serves_are_not_forgotten(
    world: World, town: Workspace, ingrid: Person
) -> None:
    ingrid.asks(QUESTION)
    with world.village.mellom.writers.begin() as uow:
        installations.keep(uow, platform="slack", app="A0OTHER", tenant=town.team_id, secret="x")
    uninstalls(world, town)
    world.later(days=31)
    tidy(world)
    assert world.count(NAMED) == 1


def test_nobody_there_is_written_to_with_anyone_elses_token(
    world: World, town: Workspace, ingrid: SlackPerson
) -> None:
    """Something that stands in private there ought to be drawn anew, and something to be sent."""
    ingrid.writes_privately(f"join {code(world, 'Bodø kommune', 'facilitator')}")
    direct = town.dm(ingrid.user).id
    uninstalls(world, town)
    before = len(world.slack.wire)
    there = f"conversation IN (SELECT id FROM conversation WHERE key = '{direct}')"  # noqa: S608
    assert world.count(f"SELECT count(*) FROM copy WHERE {there}") > 0  # noqa: S608
    for message in ("message", "NULL"):
        world.change(
            f"UPDATE copy SET due_at = since, state = 'behind', message = {message} WHERE {there}"  # noqa: S608
        )
        world.later(hours=1)
    assert [one for one in world.slack.wire[before:] if one.toward == "slack"] == []
