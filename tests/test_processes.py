"""The processes: how they start, how they are, what they write, and how they stop."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer

from adapters import web
from adapters.playground import faults
from adapters.playground.village import SECRET
from adapters.writing import Clock, Writers
from storage import workers
from storage.migrating import migrate
from storage.unit_of_work import connect
from tests.conversation import MovedClock, SlackPerson, World
from tests.numbers import norwegian_number
from tests.processes import PROGRAM, ROOT, Apart

QUESTION = "Hvordan får dere liv i tavlemøtene?"
ANSWER = "Vi spørger »hvorfor« én gang til."
NUMBER = norwegian_number().text

# --- how it is ------------------------------------------------------------------------------------


class Monitor:
    """Asks an application how it is, on a clock of its own."""

    def __init__(self, database_url: str) -> None:
        self.clock = MovedClock()
        self.writers = Writers(connect(database_url), Clock(now=self.clock, real=self.clock))

    async def tick(self) -> None:
        await self.writers(lambda uow: workers.tick(uow, "a worker"))

    def application(self) -> TestClient[Any, Any]:
        """An application that starts now."""
        return TestClient(TestServer(web.application(self.writers)))


@pytest.fixture
def monitor(database_url: str) -> Iterator[Monitor]:
    monitor = Monitor(database_url)
    yield monitor
    monitor.writers.close()


async def health(client: TestClient[Any, Any]) -> tuple[int, dict[str, Any]]:
    async with client.get("/health") as response:
        return response.status, await response.json()


async def test_a_worker_that_ticks_is_healthy(monitor: Monitor) -> None:
    async with monitor.application() as client:
        await monitor.tick()
        monitor.clock.move(seconds=30)
        assert await health(client) == (
            200, {"database": "ok", "worker_tick_age_seconds": 30.0, "rooms_behind": 0,
                  "posts_given_up": 0},
        )  # fmt: skip


async def test_a_worker_that_has_not_ticked_yet_has_two_minutes(monitor: Monitor) -> None:
    async with monitor.application() as client:
        monitor.clock.move(seconds=119)
        status, told = await health(client)
        assert (status, told["worker_tick_age_seconds"]) == (200, None)
        monitor.clock.move(seconds=2)
        assert (await health(client))[0] == 503


async def test_a_worker_that_stops_ticking_is_told_after_two_minutes(monitor: Monitor) -> None:
    async with monitor.application() as client:
        await monitor.tick()
        monitor.clock.move(seconds=119)
        assert (await health(client))[0] == 200
        monitor.clock.move(seconds=2)
        status, told = await health(client)
        assert (status, told["database"], told["worker_tick_age_seconds"]) == (503, "ok", 121.0)
        await monitor.tick()
        assert (await health(client))[0] == 200


async def test_a_tick_from_before_the_start_gives_the_worker_its_two_minutes_again(
    monitor: Monitor,
) -> None:
    await monitor.tick()
    monitor.clock.move(minutes=5)
    async with monitor.application() as client:
        assert (await health(client))[0] == 200
        monitor.clock.move(seconds=121)
        assert (await health(client))[0] == 503


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_database_that_does_not_answer_is_told(tmp_path: Path, kind: str) -> None:
    nowhere = tmp_path / "nowhere"
    monitor = Monitor(
        f"sqlite:///{nowhere}/mellom.db"
        if kind == "sqlite"
        else f"postgresql+psycopg://kari:shh@/mellom?host={nowhere}"
    )
    async with monitor.application() as client:
        assert await health(client) == (503, {"database": "unreachable"})
        if kind == "sqlite":
            nowhere.mkdir()
            migrate(f"sqlite:///{nowhere}/mellom.db")
            assert (await health(client))[0] == 200
    monitor.writers.close()


def test_a_room_is_behind_when_something_should_have_been_shown_a_minute_ago(
    world: World, kari: SlackPerson
) -> None:
    assert world.run(told_by(world)) == (200, 0)
    world.run(world.slack.say(kari.user, kari.room.channel, f"@Mellom {QUESTION}"))
    world.run(world.slack.flush())
    world.clock.move(seconds=59)
    assert world.run(told_by(world)) == (200, 0)
    world.clock.move(seconds=2)
    assert world.run(told_by(world)) == (200, len(world.rooms))
    world.settle()
    assert world.run(told_by(world)) == (200, 0)


def test_a_room_that_a_platform_refuses_is_behind(world: World, kari: SlackPerson) -> None:
    broken = world.rooms["Bodø kommune"].inner.channel.id
    world.slack.faults.add(faults.error("is_archived"), conversation=broken, times=None)
    kari.asks(QUESTION)
    assert world.run(told_by(world)) == (200, 1)


def test_a_post_that_was_given_up_is_counted_but_not_in_a_room_that_is_behind(
    world: World, kari: SlackPerson
) -> None:
    bodo, randers = (
        world.rooms[f"{name}ommune"].inner.channel.id for name in ("Bodø k", "Randers K")
    )
    world.slack.faults.add(faults.error("msg_too_long"), conversation=bodo)
    world.teams.faults.add(faults.status(403), conversation=randers, times=None)
    kari.asks(QUESTION)
    assert world.run(told_by(world, "posts_given_up")) == (200, 1)
    assert world.run(told_by(world)) == (200, 1)


async def told_by(world: World, what: str = "rooms_behind") -> tuple[int, int]:
    async with ClientSession() as monitor, monitor.get(f"{world.village.url}/health") as response:
        return response.status, (await response.json())[what]


# --- how it starts --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"TEAMS_APP_ID": "shh"}, ["TEAMS_TENANT_ID", "TEAMS_APP_PASSWORD"]),
        ({"SLACK_SIGNING_SECRET": "shh"}, ["SLACK_BOT_TOKEN"]),
    ],
)
def test_half_a_setting_ends_the_process_and_is_named(
    tmp_path: Path, given: dict[str, str], named: list[str]
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, "run"],
        check=False,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{tmp_path}/x.db", **given},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 2
    assert [line.split()[0] for line in ended.stderr.splitlines()] == named
    assert "shh" not in ended.stderr


@pytest.fixture
def apart(database_url: str) -> Iterator[Apart]:
    world = Apart(database_url)
    yield world
    world.close()


def person(apart: Apart, name: str) -> SlackPerson:
    found = apart.person(name)
    assert isinstance(found, SlackPerson)
    return found


@pytest.mark.only_postgresql("web and worker apart refuse SQLite")
def test_web_and_worker_apart_are_one_mellom(apart: Apart) -> None:
    web_process, worker = apart.starts("web"), apart.starts("worker")
    kari = person(apart, "Kari Nilsen")
    kari.asks(QUESTION)
    apart.until(lambda: apart.rooms["Aarhus Kommune"].find(QUESTION))
    assert apart.run(told_by(apart)) == (200, 0)
    assert [apart.run(process.stop()) for process in (web_process, worker)] == [0, 0]


# --- how it stops ---------------------------------------------------------------------------------


def test_asked_to_stop_it_answers_what_it_was_asked_before(apart: Apart) -> None:
    process = apart.starts()
    kari = person(apart, "Kari Nilsen")
    kari.commands("hjelp")
    (menu,) = kari.user.workspace.ephemerals(kari.user)

    async def press_while_it_stops() -> tuple[bool, int]:
        apart.faults.add(faults.slow(0.5), method="views.open")
        pressing = apart.loop.create_task(apart.slack.press(kari.user, menu, "ask"))
        await apart.faults.struck.wait()
        process.inner.terminate()
        return (await pressing).ok, await process.ends()

    assert apart.run(press_while_it_stops()) == (True, 0)
    assert kari.form is not None


def test_asked_to_stop_it_settles_what_it_was_sending(apart: Apart) -> None:
    process = apart.starts()
    kari, bodo = person(apart, "Kari Nilsen"), apart.rooms["Bodø kommune"]
    where = bodo.inner.channel.id
    apart.until(lambda: apart.count("SELECT count(*) FROM copy WHERE due_at IS NOT NULL") == 0)
    apart.faults.add(faults.slow(0.5), method="chat.postMessage", conversation=where)
    kari.asks(QUESTION)
    apart.run(apart.faults.struck.wait())
    assert apart.run(process.stop()) == 0
    bodo.sees_once(QUESTION)
    assert apart.count("SELECT count(*) FROM copy WHERE state = 'sending'") == 0
    assert apart.count("SELECT count(*) FROM conversation WHERE lane_until IS NOT NULL") == 0

    apart.starts()
    apart.until(lambda: apart.count("SELECT count(*) FROM copy WHERE due_at IS NOT NULL") == 0)
    for name in ("Bodø kommune", "Aarhus Kommune", "Randers Kommune"):
        apart.rooms[name].sees_once(QUESTION)


# --- what it writes -------------------------------------------------------------------------------

LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warning|error) [a-z_]+(\.[a-z_]+)+( \w+=\S+)*"
)


def test_what_a_process_writes_holds_no_words_names_or_tokens(apart: Apart) -> None:
    process = apart.starts()
    kari, jens = person(apart, "Kari Nilsen"), apart.person("Jens Holm")
    alta, aarhus = kari.room, jens.room
    bodo = apart.rooms["Bodø kommune"].inner.channel.id
    apart.faults.add(faults.status(502, "Kari Nilsen"), conversation=bodo)
    kari.asks(QUESTION)
    apart.until(lambda: aarhus.find(QUESTION))
    jens.replies(ANSWER, under=QUESTION)
    apart.until(lambda: alta.find(ANSWER))
    jens.edits(ANSWER, "Vi spørger altid.")
    apart.until(lambda: alta.find("altid"))
    kari.commands("join ABCDE-FGHJK")
    kari.asks(f"Hva gjør vi med {NUMBER} i køen?")
    apart.until(lambda: kari.private)
    apart.run(junk(apart))
    assert apart.run(process.stop()) == 0

    assert "platform=slack state=on" in process.told
    assert "platform=teams state=on" in process.told
    assert len(process.lines) > 4
    assert [line for line in process.lines if not LINE.fullmatch(line)] == []
    for secret in secrets(apart):
        assert secret not in process.told


async def junk(apart: Apart) -> None:
    """Requests that nobody sends in earnest: unsigned, forged, of no shape."""
    async with ClientSession() as somebody:
        for path in ("/slack/events", "/api/messages"):
            for body in ("", "[]", '{"type": "Kari Nilsen"}'):
                headers = {"Authorization": "Bearer Kari.Nilsen.wrote"}
                kind = {"Content-Type": "application/json"} | headers
                async with somebody.post(apart.village.url + path, data=body, headers=kind) as got:
                    assert got.status in (400, 401, 415)


def secrets(apart: Apart) -> set[str]:
    """Everything of this conversation that is nobody's business."""
    found = {SECRET, "playground", "tavlemøte", "spørger", "altid", "køen", "ABCDE", NUMBER}
    for name, room in apart.rooms.items():
        found |= {name, *name.split(), *room.inner.people}
        found |= {part for person in room.inner.people for part in person.split()}
    for workspace in apart.slack.workspaces.values():
        assert workspace.token
        found |= {workspace.token, "xoxb"}
    return found - {"kommune", "Kommune"}


def test_a_platform_that_is_off_is_told_at_the_start(apart: Apart) -> None:
    process = apart.starts(SLACK_SIGNING_SECRET="", SLACK_CLIENT_ID="", SLACK_CLIENT_SECRET="",
                           SLACK_API_URL="")  # fmt: skip
    assert "platform=slack state=off" in process.told
    assert "platform=teams state=on" in process.told
    jens = apart.person("Jens Holm")
    jens.asks(QUESTION)
    apart.until(lambda: apart.rooms["Randers Kommune"].find(QUESTION))
    assert apart.run(process.stop()) == 0
