"""How many members can vote at once: within a minute, and as fast as they are answered.

Real signed requests to the web processes, from both platforms. The processes, PostgreSQL and the
load share the cores; no worker runs.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from adapters import settings
from adapters.running import Mellom
from adapters.slack import blocks
from adapters.teams.incoming import INPUT
from bench import founding, peopling, slack, teams
from bench.load import Load, quantile, send
from bench.places import Network, Room
from bench.pretend import Platforms
from bench.serving import Server, serving
from bot.features import polling, voting
from bot.language import speak
from storage import UnitOfWork, nominations, polls
from storage.polls import Poll
from tests import postgres

LISTED = 7


@dataclass(frozen=True, slots=True)
class Election:
    """Who votes, and where they sit."""

    network: Network
    voters: tuple[tuple[Room, str], ...]
    poll: Poll


async def measure(folder: Path, many: int, seconds: float) -> AsyncIterator[str]:
    with postgres.running() as url:
        async for told in _on("PostgreSQL", url, 2, many, seconds):
            yield told
    async for told in _on("SQLite", f"sqlite:///{folder}/votes.db", 1, many, seconds):
        yield told


async def _on(name: str, url: str, processes: int, many: int, seconds: float) -> AsyncIterator[str]:
    async with Platforms() as platforms:
        environ = founding.environment(url, platforms)
        [network] = await founding.found(environ, platforms.service_url, "ssstt")
        mellom = Mellom(settings.read(environ))
        election = _open(mellom, network, many)
        with ExitStack() as running:
            servers = [
                running.enter_context(serving("mellom_server", environ)) for _ in range(processes)
            ]
            for server in servers:
                _anywhere(server)
            await _send(servers, _requests(election, platforms, 0)[:100], 0.0)
            for what, every in (("in turn", seconds / many), ("at once", 0.0)):
                sent = _requests(election, platforms, 1 if every else 2)
                loads = await _send(servers, sent, every)
                _check(mellom, election, 1 if every else 2)
                yield f"{name}, {processes} web, {what}: {_told(loads)}"
        await mellom.close()


def _anywhere(server: Server) -> None:
    """Two processes on one core would be one."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(server.process, range(os.cpu_count() or 1))


def _open(mellom: Mellom, network: Network, many: int) -> Election:
    """Members, and a poll that has just opened. One in twenty who are filled in has left."""
    now = datetime.now(UTC)
    peopling.fill(mellom.database, many * 20 // 19 + 20, now)
    with mellom.database.begin(now) as uow:
        _at_home(uow, network)
        listed = [nominations.from_bank(uow, 1, f"P{n:02}", None) for n in range(1, LISTED + 1)]
        closes = now + timedelta(days=6)
        made = polls.plan(
            uow, 1, now.date().replace(day=1), opens_at=now, closes_at=closes, nominations=listed
        )
        planned = polls.find(uow, 1, made)
        assert planned is not None
        polling.open_(planned, uow)
        return Election(network, tuple(_voters(uow, network))[:many], planned)


def _at_home(uow: UnitOfWork, network: Network) -> None:
    """Whoever is filled in on Teams is of the tenant of their room."""
    for room in network.rooms:
        uow.connection.execute(
            text(
                "UPDATE account SET tenant = :tenant WHERE id >= :first AND met = "
                "(SELECT id FROM conversation WHERE key = :channel)"
            ),
            {"tenant": room.tenant, "first": peopling.FIRST, "channel": room.channel},
        )


def _voters(uow: UnitOfWork, network: Network) -> Iterator[tuple[Room, str]]:
    rooms = {room.channel: room for room in network.rooms}
    rows = uow.connection.execute(
        text(
            'SELECT conversation.key, account."user" FROM ballot '
            "JOIN membership ON membership.member = ballot.member "
            "JOIN account ON account.id = membership.account "
            "JOIN conversation ON conversation.id = account.met "
            "WHERE account.id >= :first ORDER BY account.id"
        ),
        {"first": peopling.FIRST},
    )
    for channel, user in rows:
        yield rooms[channel], user


def _choices(number: int, turn: int) -> list[str]:
    """One, two or three of the list."""
    return sorted({str(1 + (number * step + turn) % LISTED) for step in range(1, 2 + number % 3)})


def _requests(election: Election, platforms: Platforms, turn: int) -> list[bytes]:
    titles = [f"Problem {number}" for number in range(LISTED)]
    form = voting.form(election.poll, titles, (), speak("nb"))
    token = platforms.identity.token(serviceurl=platforms.service_url)
    made = []
    for number, (room, user) in enumerate(election.voters):
        chosen = _choices(number, turn)
        if room.platform == "slack":
            picked = [{"value": one} for one in chosen]
            field = {"type": "checkboxes", "selected_options": picked}
            view = blocks.modal(form, blocks.metadata(form, room.channel))
            values = {"values": {"choices": {"choices": field}}}
            made.append(slack.submitted(room, user, view, values))
        else:
            data = {
                "form": voting.VOTE,
                "subject": form.subject,
                f"{INPUT}choices": ",".join(chosen),
            }
            made.append(teams.submitted(room, user, data, platforms.service_url, token))
    return made


async def _send(servers: Sequence[Server], requests: list[bytes], every: float) -> list[Load]:
    """Each process gets every other one."""
    parts = [requests[place :: len(servers)] for place in range(len(servers))]
    sending = (
        send(server.port, part, every=every * len(servers))
        for server, part in zip(servers, parts, strict=True)
    )
    used = sum(server.cpu() for server in servers)
    loads = list(await asyncio.gather(*sending))
    loads[0].cpu = sum(server.cpu() for server in servers) - used
    statuses = sum((load.statuses for load in loads), Counter())
    if set(statuses) != {200}:
        raise RuntimeError(f"answered {dict(statuses)}")
    return loads


def _check(mellom: Mellom, election: Election, turn: int) -> None:
    """All of them are counted, as they were given last."""
    given = Counter(
        sum(1 << (int(one) - 1) for one in _choices(number, turn))
        for number in range(len(election.voters))
    )
    with mellom.database.begin(datetime.now(UTC)) as uow:
        rows = uow.connection.execute(
            text("SELECT choices, count(*) FROM ballot WHERE choices > 0 GROUP BY choices")
        )
        counted = {row[0]: row[1] for row in rows}
    if counted != dict(given):
        raise RuntimeError("not all votes were counted")


def _told(loads: Sequence[Load]) -> str:
    times = [time for load in loads for time in load.times]
    cpu = 1000 * loads[0].cpu / len(times)
    rate = len(times) / max(load.seconds for load in loads)
    told = (f"p{share * 100:.0f} {quantile(times, share) * 1000:.0f} ms" for share in (0.5, 0.99))
    slowest = f"slowest {max(times) * 1000:.0f} ms"
    processor = f"processor of the web processes {cpu:.1f} ms a vote"
    return f"{len(times):,} votes, {rate:.0f}/s, {', '.join(told)}, {slowest}, {processor}"
