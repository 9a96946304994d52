"""How fast what comes in is taken, against the same server software with nothing to do.

Both servers of a comparison run in the same minutes, in turns, each alone on the first core.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

from bench import founding, slack, teams
from bench.load import Load, send
from bench.places import WORDS, Network
from bench.pretend import Platforms
from bench.serving import Server, serving

THREADS = 600
"""More than 20 answers a minute in one thread are stopped, so there have to be many."""

WARM = 200


@dataclass(frozen=True, slots=True)
class Counts:
    """How many requests a round sends to each."""

    mellom: int
    bolt: int
    echo: int
    tokens: int


LONG, SHORT = Counts(4000, 8000, 400, 2000), Counts(1000, 3000, 150, 500)


@dataclass(slots=True)
class Comparison:
    """Rates of two servers, round by round."""

    what: str
    ours: list[Load] = field(default_factory=list)
    theirs: list[Load] = field(default_factory=list)

    @property
    def ratios(self) -> list[float]:
        return [a.rate / b.rate for a, b in zip(self.ours, self.theirs, strict=True)]

    def __str__(self) -> str:
        return (
            f"{self.what}: {median(self.ratios):.2f} times "
            f"({min(self.ratios):.2f} to {max(self.ratios):.2f}); "
            f"ours {_told(self.ours)}, theirs {_told(self.theirs)}"
        )


def _told(loads: Sequence[Load]) -> str:
    rate = median(load.rate for load in loads)
    middle, slow = (1000 * median(load.within(share) for load in loads) for share in (0.5, 0.99))
    cpu = 1000 * median(load.cpu / len(load.times) for load in loads)
    return f"{rate:.0f}/s (p50 {middle:.1f}, p99 {slow:.1f}, processor {cpu:.2f} ms)"


def replies(network: Network, first: int) -> Iterator[tuple[int, int, int]]:
    """Which room, person and thread each reply is of: all threads, all rooms, all people."""
    number = first
    while True:
        room = (number + number // THREADS) % len(network.rooms)
        yield room, number // len(network.rooms), number % THREADS
        number += 1


async def against_bolt(folder: Path, rounds: int, counts: Counts) -> list[Comparison]:
    """Replies, and receipts with one row, against a bare Bolt app."""
    full = Comparison("Slack, a reply: receipt, row, post and five copies")
    small = Comparison("Slack, a deletion: receipt and one row")
    async with Platforms() as platforms:
        network = await _template(folder, platforms, "sssss")
        what = folder, platforms, _slack(network), counts
        turns = partial(_mellom_on_slack, *what), partial(_bolt, *what)
        await _in_turns(rounds, turns, (full, small))
    return [full, small]


async def _in_turns(rounds: int, turns: Turns, comparisons: tuple[Comparison, ...]) -> None:
    """Who begins changes from round to round, as the machine does."""
    ours, theirs = turns
    for number in range(rounds):
        if number % 2:
            second = await theirs()
            first = await ours()
        else:
            first = await ours()
            second = await theirs()
        for comparison, our, their in zip(comparisons, first, second, strict=True):
            comparison.ours.append(our)
            comparison.theirs.append(their)


Turn = Callable[[], Awaitable[tuple[Load, Load]]]
Turns = tuple[Turn, Turn]
Events = Callable[[str, int], list[bytes]]
"""So many different requests of a kind."""


def _slack(network: Network) -> Events:
    order = replies(network, 0)

    def events(kind: str, count: int) -> list[bytes]:
        made = []
        for _ in range(count):
            place, person, thread = next(order)
            room = network.rooms[place]
            user = room.people[person % len(room.people)]
            if kind == "reply":
                root = network.roots[thread][room.channel]
                payload = slack.said(room, user, WORDS.format(number=thread), root=root)
            else:
                payload = slack.deleted(room, user, slack.new_ts())
            made.append(slack.request(payload))
        return made

    return events


async def _mellom_on_slack(
    folder: Path, platforms: Platforms, events: Events, counts: Counts
) -> tuple[Load, Load]:
    path = _copy(folder)
    before = _rows(path)
    with serving("mellom_server", founding.environment(f"sqlite:///{path}", platforms)) as server:
        await _all_well(server, events("reply", WARM))
        full = await _all_well(server, events("reply", counts.mellom))
        small = await _all_well(server, events("deletion", counts.mellom))
    taken = WARM + counts.mellom
    _check(before, _rows(path), replies=taken, heard=taken + counts.mellom, copies=5 * taken)
    return full, small


async def _bolt(
    folder: Path, platforms: Platforms, events: Events, counts: Counts
) -> tuple[Load, Load]:
    with serving("bolt_server", {"SLACK_SIGNING_SECRET": slack.SECRET}) as server:
        await _all_well(server, events("reply", WARM))
        full = await _all_well(server, events("reply", counts.bolt))
        return full, await _all_well(server, events("deletion", counts.bolt))


async def against_echo(folder: Path, rounds: int, counts: Counts) -> list[Comparison]:
    """Teams replies with real tokens, against the SDK's adapter with an echo."""
    one = Comparison("Teams, a reply, one token for many: row, post and five copies")
    each = Comparison("Teams, a reply, a new token each: row, post and five copies")
    async with Platforms() as platforms:
        network = await _template(folder, platforms, "ttttt")
        what = folder, platforms, _teams(network, platforms), counts
        turns = partial(_mellom_on_teams, *what), partial(_echo, *what)
        await _in_turns(rounds, turns, (one, each))
    return [one, each]


def _teams(network: Network, platforms: Platforms) -> Events:
    order = replies(network, 0)
    url = platforms.service_url

    def events(kind: str, count: int) -> list[bytes]:
        made, shared = [], platforms.identity.token(serviceurl=url)
        for number in range(count):
            place, person, thread = next(order)
            room = network.rooms[place]
            user, root = room.people[person % len(room.people)], network.roots[thread][room.channel]
            activity = teams.said(room, user, WORDS.format(number=thread), url, root=root)
            # Two tokens for the same time would be the same token.
            own = kind == "own token"
            token = platforms.identity.token(serviceurl=url, exp=3600 + number) if own else shared
            made.append(teams.request(activity, token))
        return made

    return events


async def _mellom_on_teams(
    folder: Path, platforms: Platforms, events: Events, counts: Counts
) -> tuple[Load, Load]:
    path = _copy(folder)
    before = _rows(path)
    with serving("mellom_server", founding.environment(f"sqlite:///{path}", platforms)) as server:
        await _all_well(server, events("shared token", WARM))
        one = await _all_well(server, events("shared token", counts.mellom))
        each = await _all_well(server, events("own token", counts.tokens))
    taken = WARM + counts.mellom + counts.tokens
    _check(before, _rows(path), replies=taken, heard=taken, copies=5 * taken)
    return one, each


async def _echo(
    folder: Path, platforms: Platforms, events: Events, counts: Counts
) -> tuple[Load, Load]:
    with serving("echo_server", platforms.environment()) as server:
        await _all_well(server, events("shared token", WARM // 4))
        said = len(platforms.shown)
        one = await _all_well(server, events("shared token", counts.echo))
        each = await _all_well(server, events("own token", counts.echo))
    if len(platforms.shown) - said != 2 * counts.echo:
        raise RuntimeError("the echo did not say everything")
    return one, each


async def _template(folder: Path, platforms: Platforms, layout: str) -> Network:
    path = folder / "template.db"
    path.unlink(missing_ok=True)
    environ = founding.environment(f"sqlite:///{path}", platforms)
    [network] = await founding.found(environ, platforms.service_url, layout, threads=THREADS)
    return network


def _copy(folder: Path) -> Path:
    for old in folder.glob("round.db*"):
        old.unlink()
    return Path(shutil.copyfile(folder / "template.db", folder / "round.db"))


async def _all_well(server: Server, requests: list[bytes]) -> Load:
    used = server.cpu()
    load = await send(server.port, requests)
    load.cpu = server.cpu() - used
    if set(load.statuses) - {200, 201}:
        raise RuntimeError(f"answered {dict(load.statuses)}")
    return load


def _rows(path: Path) -> dict[str, int]:
    """What the work has left behind."""
    counted = {
        "replies": "SELECT count(*) FROM reply",
        "heard": "SELECT count(*) FROM heard",
        "copies": "SELECT count(*) FROM copy",
    }
    with closing(sqlite3.connect(path)) as connection:
        return {name: connection.execute(query).fetchone()[0] for name, query in counted.items()}


def _check(before: dict[str, int], after: dict[str, int], **expected: int) -> None:
    done = {name: after[name] - before[name] for name in expected}
    if done != expected:
        raise RuntimeError(f"the work was not done: {done} instead of {expected}")
