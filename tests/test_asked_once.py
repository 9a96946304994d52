"""Whatever the clock, the workers and the platforms do, a week's question is asked once or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.playground import faults
from adapters.playground.faults import Fault
from bot import schedule
from bot.calendar import Calendar
from bot.windows import prompt_week
from storage import Database
from storage.unit_of_work import connect
from tests.conversation import Room, SlackRoom, TeamsRoom, World
from tests.interleaving import Interruption
from tests.pretending import Network
from tests.test_prompting import log, oslo

KEEPS_IT = pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("Bodø kommune", faults.drop_before()),
        ("Randers Kommune", faults.status(503)),
    ],
    ids=["slack gives no answer", "teams answers 503"],
)
WORDS = {"Bodø kommune": "Ukens spørsmål", "Randers Kommune": "Ugens spørgsmål"}


def is_down(world: World, room: Room, fault: Fault) -> None:
    stand_in = world.slack if isinstance(room, SlackRoom) else world.teams
    assert isinstance(room, SlackRoom | TeamsRoom)
    stand_in.faults.add(fault, conversation=room.channel.id, times=None)


def heal(world: World) -> None:
    world.slack.faults.heal()
    world.teams.faults.heal()


# ---- the platforms


@KEEPS_IT
def test_a_room_that_comes_back_the_same_day_gets_it(
    name: str, fault: Fault, world: World, alta: Room
) -> None:
    world.goes_to(oslo(2027, 1, 26, 9))
    is_down(world, world.rooms[name], fault)
    world.goes_to(oslo(2027, 1, 26, 10))
    world.away_until(oslo(2027, 1, 26, 14))
    alta.sees_once("Ukens spørsmål")
    world.rooms[name].does_not_see(WORDS[name])
    heal(world)
    world.goes_to(oslo(2027, 1, 26, 14, 30))
    world.rooms[name].sees_once(WORDS[name])


@KEEPS_IT
def test_a_room_that_comes_back_the_day_after_does_not_and_gets_the_next_one(
    name: str, fault: Fault, world: World, alta: Room
) -> None:
    world.goes_to(oslo(2027, 1, 26, 9))
    is_down(world, world.rooms[name], fault)
    world.goes_to(oslo(2027, 1, 26, 10))
    world.away_until(oslo(2027, 1, 27, 8))
    heal(world)
    world.goes_to(oslo(2027, 1, 27, 12))
    world.rooms[name].does_not_see(WORDS[name])
    world.goes_to(oslo(2027, 2, 2, 10))
    world.rooms[name].sees_once(WORDS[name])


def test_it_stands_in_every_room_within_a_minute(world: World) -> None:
    world.goes_to(oslo(2027, 1, 26, 9, 14))
    world.goes_to(oslo(2027, 1, 26, 9, 16))
    for room in world.rooms.values():
        assert room.find("Ukens spørsmål") or room.find("Ugens spørgsmål"), room


# ---- the clock


def test_a_clock_that_is_set_back_an_hour_asks_nothing_again(world: World, alta: Room) -> None:
    world.goes_to(oslo(2027, 1, 26, 9, 20))
    alta.sees_once("Ukens spørsmål")
    world.away_until(oslo(2027, 1, 26, 8, 20))
    world.goes_to(oslo(2027, 1, 26, 12))
    alta.sees_once("Ukens spørsmål")
    assert log(world) == [("2027-01-25", "done", None)]


@pytest.mark.parametrize(
    ("before", "moments"),
    [
        (oslo(2027, 3, 29, 12), {"2027-03-30": 7, "2027-04-06": 7}),
        (oslo(2027, 10, 25, 12), {"2027-10-26": 7, "2027-11-02": 8}),
    ],
    ids=["summer time begins", "summer time ends"],
)
def test_it_is_a_quarter_past_nine_on_either_side_of_a_change_of_the_clock(
    before: datetime, moments: dict[str, int], world: World
) -> None:
    """On 28 March and 31 October 2027."""
    world.away_until(before - timedelta(days=8))
    world.goes_to(before + timedelta(days=14))
    found = world.rows("SELECT day, at FROM occurrence WHERE state = 'done'")
    asked = {str(day): datetime.fromisoformat(str(at)).replace(tzinfo=UTC) for day, at in found}
    for day, hour in moments.items():
        if day in asked:
            assert (asked[day].hour, asked[day].minute) == (hour, 15), day
    assert set(moments) & set(asked)


def test_what_is_skipped_over_summer_and_christmas_is_written_down_with_its_reason(
    world: World,
) -> None:
    for before, after in (
        (oslo(2027, 3, 20), oslo(2027, 4, 1)),
        (oslo(2027, 7, 10), oslo(2027, 8, 3)),
        (oslo(2027, 12, 18), oslo(2028, 1, 5)),
    ):
        world.away_until(before)
        world.goes_to(after)
    skipped = {slot: reason for slot, state, reason in log(world) if state == "skipped"}
    assert skipped["2027-03-22"] == "holy-week"
    assert skipped["2027-07-12"] == skipped["2027-07-26"] == "summer"
    assert skipped["2027-12-20"] == skipped["2027-12-27"] == "christmas"


# ---- the workers


def test_what_breaks_in_one_network_holds_up_no_other_and_is_tried_again(
    world: World, alta: Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world.change(
        "INSERT INTO network (id, name, language, created_at, last_number)"
        " VALUES (99, 'Broken', 'xx', '2027-01-19 09:00:00.000000', 0)"
    )
    world.change(
        "INSERT INTO job (network, name, due_at)"
        " VALUES (99, 'no-such-job', '2027-01-26 08:00:00.000000')"
    )
    world.goes_to(oslo(2027, 1, 26, 10))
    alta.sees_once("Ukens spørsmål")
    assert "worker.broke" in caplog.text


class Workers:
    """Two workers' database objects on one database, in a network whose question is due."""

    def __init__(self, url: str) -> None:
        self.here, self.there = connect(url), connect(url)

    def network(self, number: int) -> Network:
        network = Network(self.here, number, ("Alta", "Bodø"))
        tuesday = network.clock.now + timedelta(days=9 - network.clock.now.isoweekday())
        while not prompt_week(tuesday.date(), (Calendar("no"), Calendar("dk"))).days:
            tuesday += timedelta(days=7)
        network.clock.now = tuesday.replace(hour=9)
        return network

    @staticmethod
    def works(database: Database, now: datetime) -> None:
        with database.begin(now) as uow:
            jobs = schedule.due(uow)
        for job in jobs:
            with database.begin(now) as uow:
                schedule.run(job, uow)


@pytest.fixture
def workers(database_url: str) -> Iterator[Workers]:
    workers = Workers(database_url)
    yield workers
    workers.here.close()
    workers.there.close()


@pytest.mark.only_postgresql("two workers at once need PostgreSQL")
def test_two_workers_at_any_moment_ask_once(workers: Workers) -> None:
    for moment in range(0, 400, 3):
        network = workers.network(moment + 20)  # days into 2027
        now = network.clock.now
        other = Interruption(workers.here.engine, moment, lambda: workers.works(workers.there, now))  # noqa: B023
        with other.armed():
            workers.works(workers.here, now)
        with workers.here.begin(now) as uow:
            asked = uow.connection.exec_driver_sql(
                "SELECT (SELECT count(*) FROM thread WHERE kind = 'prompt'),"
                " (SELECT count(*) FROM occurrence WHERE job = 'prompt' AND state = 'done')"
            ).one()
            # What the networks before do in the days to come is not what this is about.
            uow.connection.exec_driver_sql("UPDATE job SET due_at = '2040-01-01'")
        assert asked[0] == asked[1] > 0
        if not other.happened:
            assert moment > 10, "hardly a moment was tried"
            return
    raise AssertionError("the work has no end")


def test_a_worker_that_dies_before_its_commit_has_asked_nothing_and_the_next_one_asks(
    database_url: str,
) -> None:
    database = connect(database_url)
    network = Network(database, 1, ("Alta", "Bodø"))
    network.clock.now = datetime(2027, 1, 12, 9, tzinfo=UTC)
    with pytest.raises(KeyboardInterrupt):
        works(network, and_dies=True)
    assert threads(database) == 0
    works(network)
    assert threads(database) == 1
    database.close()


def works(network: Network, *, and_dies: bool = False) -> None:
    with network.begin() as uow:
        for job in schedule.due(uow):
            schedule.run(job, uow)
        if and_dies:
            raise KeyboardInterrupt


def threads(database: Database) -> int:
    with database.begin(datetime.now(UTC)) as uow:
        counted = uow.connection.exec_driver_sql("SELECT count(*) FROM thread")
        return int(counted.scalar_one())
