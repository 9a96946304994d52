"""Tokens that are good for twelve hours: renewed in time, by one worker, and kept before use."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from adapters import settings
from adapters.playground import faults
from adapters.playground.slack.stand_in import Workspace
from adapters.running import Mellom
from adapters.writing import Clock
from tests.conversation import Person, Room, SlackRoom, World

QUESTION = "Hvordan får dere liv i tavlemøtene?"


@pytest.fixture
def another(world: World) -> Iterator[Mellom]:
    """A second process on the same database."""
    configured = settings.read(world.village.environment())
    other = Mellom(configured, Clock(now=world.clock, real=world.clock))
    world.run(other.start())
    yield other
    world.run(other.close())


@pytest.fixture
def town(world: World, alta: Room) -> Workspace:
    """A workspace with an app that has token rotation, as all have it."""
    world.slack.rotates = True
    for workspace in world.slack.workspaces.values():
        world.run(world.village.install(workspace))
    assert isinstance(alta, SlackRoom)
    return alta.channel.workspace


def renewals(world: World) -> int:
    calls = world.slack.calls("oauth.v2.access")
    return sum(one.request.get("grant_type") == "refresh_token" for one in calls)


def keeps_up(world: World) -> None:
    world.run(world.village.mellom.worker.keep_up())


def has_its_token(world: World, town: Workspace) -> bool:
    """Whether what is kept is what Slack gave last."""
    with world.village.mellom.writers.begin() as uow:
        row = uow.connection.exec_driver_sql(
            f"SELECT secret, refresh_token FROM installation WHERE tenant = '{town.team_id}'"  # noqa: S608
        ).one()
        assert str(town.token) not in row
        return [uow.unseal(one) for one in row] == [town.token, town.refresh_token]


def test_tokens_are_renewed_before_they_end_and_nobody_notices(
    world: World, town: Workspace, kari: Person, aarhus: Room, bodo: Room
) -> None:
    first = town.token
    for _ in range(3):
        world.later(hours=9)
        keeps_up(world)
        assert renewals(world) % 2 == 0
        world.later(hours=2)
        keeps_up(world)
    assert renewals(world) == 2 * 3
    assert town.token != first
    assert has_its_token(world, town)
    kari.asks(QUESTION)
    bodo.sees("tavlemøtene")
    assert not [one for one in world.slack.wire if "token_expired" in str(one.response)]


def test_two_workers_never_spend_one_refresh_token(
    world: World, another: Mellom, town: Workspace
) -> None:
    world.later(hours=11)
    world.slack.faults.add(faults.slow(0.05), method="oauth.v2.access", times=None)

    async def both() -> None:
        workers = (world.village.mellom.worker, another.worker)
        await asyncio.gather(*(one.keep_up() for one in workers for _ in range(3)))

    world.run(both())
    assert renewals(world) == 2  # One for each workspace.
    assert has_its_token(world, town)


async def crashes_in(world: World, town: Workspace) -> None:
    """The process goes away while Slack is being asked for the next token."""
    asked = renewals(world)
    working = asyncio.create_task(world.village.mellom.worker.keep_up())
    while renewals(world) == asked:
        await asyncio.sleep(0)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    world.slack.faults.heal()


def test_a_crash_before_slack_has_done_it_costs_a_minute(
    world: World, another: Mellom, town: Workspace
) -> None:
    world.later(hours=11)
    world.slack.faults.add(faults.hang(done=False), method="oauth.v2.access")
    world.run(crashes_in(world, town))
    asked = renewals(world)
    world.run(another.worker.keep_up())
    assert renewals(world) == asked  # It may still be on its way.
    world.later(seconds=61)
    world.run(another.worker.keep_up())
    assert renewals(world) > asked
    assert has_its_token(world, town)


def test_a_crash_after_slack_has_done_it_leaves_the_old_token_and_is_mended_by_installing_again(
    world: World, another: Mellom, town: Workspace, alta: SlackRoom, jens: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    world.later(hours=11)
    world.slack.faults.add(faults.hang(), method="oauth.v2.access")
    world.run(crashes_in(world, town))
    world.later(seconds=61)
    world.run(another.worker.keep_up())
    assert "slack.token_not_renewed" in caplog.text
    asked = renewals(world)
    for _ in range(3):
        world.later(minutes=2)
        world.run(another.worker.keep_up())
    assert renewals(world) == asked  # What is refused is not asked for again.

    jens.asks("Hvem leder tavlemøtene?")
    alta.sees("leder tavlemøtene")  # The old one is good until it ends.
    world.later(hours=2)
    jens.asks(QUESTION)
    alta.does_not_see(QUESTION)
    assert world.count("SELECT count(*) FROM room WHERE trouble = 'token_expired'") == 1

    world.run(world.village.install(town))
    world.settle()
    alta.sees_once(QUESTION)
    assert has_its_token(world, town)


@pytest.mark.parametrize(
    "fault", [faults.drop_before(), faults.status(502), faults.rate_limited(30), faults.garbage()]
)
def test_where_slack_does_not_answer_it_is_asked_again(
    fault: faults.Fault, world: World, town: Workspace
) -> None:
    fault.done = False
    world.later(hours=11)
    world.slack.faults.add(fault, method="oauth.v2.access", times=2)
    keeps_up(world)
    asked = renewals(world)
    keeps_up(world)
    assert renewals(world) == asked
    world.later(seconds=61)
    keeps_up(world)
    assert has_its_token(world, town)


def test_a_token_that_came_by_installing_again_meanwhile_stays(
    world: World, town: Workspace
) -> None:
    world.later(hours=11)
    world.slack.faults.add(faults.slow(0.2), method="oauth.v2.access", times=2)

    async def at_once() -> None:
        renewing = asyncio.create_task(world.village.mellom.worker.keep_up())
        while not renewals(world):
            await asyncio.sleep(0)
        world.slack.faults.heal()
        for workspace in world.slack.workspaces.values():
            await world.village.install(workspace)
        await renewing

    world.run(at_once())
    assert has_its_token(world, town)


def test_an_app_that_was_away_for_a_day_renews_first(
    world: World, town: Workspace, kari: Person, bodo: Room
) -> None:
    world.later(hours=30)
    keeps_up(world)
    kari.asks(QUESTION)
    bodo.sees("tavlemøtene")


def test_tokens_that_last_are_left_alone(world: World) -> None:
    world.later(hours=30)
    keeps_up(world)
    assert renewals(world) == 0
