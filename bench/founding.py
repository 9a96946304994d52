"""Makes the database that a measurement begins with: networks of five rooms, and their threads."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import text

from adapters import settings
from adapters.running import Mellom
from bench import pretend, slack, teams
from bench.places import Network, Room
from bot import dispatch
from bot.delivery import Deliverer
from bot.incoming import Incoming, Said
from bot.outgoing import Letter, Pace, Posted
from storage import UnitOfWork, installations, networks, people, rooms, tenants
from storage.migrating import migrate

TOWNS = ("Alta", "Bodø", "Hamar", "Aarhus", "Randers")
PEOPLE = 4
"""In each room."""

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
"""Seals the tokens, which open nothing."""


def environment(database_url: str, platforms: pretend.Platforms) -> dict[str, str]:
    """What an operator would set, with the pretended platforms in their places."""
    return {
        "DATABASE_URL": database_url,
        "MELLOM_SECRET_KEY": KEY,
        "MELLOM_BASE_URL": "http://127.0.0.1",
        "SLACK_SIGNING_SECRET": slack.SECRET,
        "SLACK_CLIENT_ID": "1.1",
        "SLACK_CLIENT_SECRET": slack.SECRET,
        "SLACK_API_URL": f"{platforms.url}/api/",
        **platforms.environment(),
    }


async def found(
    environ: Mapping[str, str],
    service_url: str,
    layout: str,
    *,
    networks: int = 1,
    threads: int = 0,
) -> list[Network]:
    """Make the networks. `layout` tells the platforms of the five rooms: "sssss", "sssst"."""
    migrate(environ["DATABASE_URL"])
    mellom = Mellom(settings.read(environ))
    try:
        made = []
        for number in range(networks):
            network = await mellom.writers(partial(_network, number=number, layout=layout))
            await asyncio.to_thread(_begin, mellom, network, service_url)
            asked = await asyncio.to_thread(_ask, mellom, network, service_url, threads)
            made.append(replace(network, roots=asked))
        return made
    finally:
        await mellom.close()


def said(room: Room, person: int, words: str, service_url: str, **more: Any) -> dict[str, Any]:
    """What the room's platform sends when a person writes there."""
    user = room.people[person % len(room.people)]
    if room.platform == "slack":
        return slack.said(room, user, words, **more)
    return teams.said(room, user, words, service_url, **more)


def incoming(payload: dict[str, Any], room: Room) -> Said:
    read: Incoming = (slack if room.platform == "slack" else teams).incoming(payload, room)
    assert isinstance(read, Said)
    return read


def _network(uow: UnitOfWork, number: int, layout: str) -> Network:
    made = tuple(
        _room(uow, f"{number:03d}{place}", "slack" if kind == "s" else "teams")
        for place, kind in enumerate(layout)
    )
    return Network(f"Network {number}", made)


def _room(uow: UnitOfWork, number: str, platform: str) -> Room:
    crew = tuple(f"{number}{person}" for person in range(PEOPLE))
    if platform == "slack":
        id = installations.keep(
            uow,
            platform="slack",
            app=slack.APP,
            tenant=f"T{number}",
            bot_user=f"UT{number}",
            bot=f"BT{number}",
            secret=f"xoxb-{number}",
        )
        return Room("slack", id, f"T{number}", f"C{number}", tuple(f"U{p}" for p in crew), "nb-NO")
    id = installations.keep(uow, platform="teams", app=teams.APP, tenant=pretend.TENANT)
    tenants.allow(uow, id, f"tenant-{number}", None)
    channel = f"19:{number:0>32}@thread.tacv2"
    return Room("teams", id, f"tenant-{number}", channel, crew, "da-DK")


def _begin(mellom: Mellom, network: Network, service_url: str) -> None:
    """Tie the rooms, as a code and a confirmed card do; everybody in them is known by name."""
    with mellom.writers.begin() as uow:
        id = networks.create_network(uow, network.name, "nb")
        for town, room in zip(TOWNS, network.rooms, strict=True):
            _tie(uow, id, f"{town} kommune", room, service_url)


def _tie(uow: UnitOfWork, network: int, name: str, room: Room, service_url: str) -> None:
    language = room.language[:2]
    country = room.language[-2:].lower()
    organisation = networks.add_organisation(
        uow, network=network, name=name, country=country, language=language
    )
    place = incoming(said(room, 0, "Hei.", service_url), room).place
    conversation = rooms.keep_conversation(
        uow, installation=place.installation, key=place.key, language=language,
        address=place.address, name="lean",
    )  # fmt: skip
    tie = rooms.tie(
        uow, network=network, organisation=organisation, conversation_id=conversation,
        language=language,
    )  # fmt: skip
    for number in range(PEOPLE):
        account = _meet(uow, room, number, conversation, service_url)
        people.make_member(uow, network=network, organisation=organisation, account_id=account.id)
        rooms.confirm(uow, tie, account=account.id, consent="bench")


def _meet(
    uow: UnitOfWork, room: Room, number: int, conversation: int, service_url: str
) -> people.Account:
    person = incoming(said(room, number, "Hei.", service_url), room).person
    return people.keep_account(
        uow, platform=person.platform, tenant=person.tenant, user=person.user,
        installation=room.installation, address=person.address, name="Kari Nilsen",
        language=room.language[:2] if person.language else None, met=conversation,
    )  # fmt: skip


def _ask(
    mellom: Mellom, network: Network, service_url: str, threads: int
) -> tuple[dict[str, str], ...]:
    """So many questions, each shown in every room; the roots of their threads, by channel."""
    for number in range(threads):
        room = network.rooms[number % len(network.rooms)]
        words = f"Hvordan får dere liv i tavlemøtene, for {number + 2}. gang?"
        payload = said(room, number // len(network.rooms), words, service_url, ask=True)
        dispatch.receive(incoming(payload, room), mellom.writers.begin)
    asyncio.run(_deliver(mellom))
    with mellom.writers.begin() as uow:
        return _roots(uow)


async def _deliver(mellom: Mellom) -> None:
    async def run(work: Callable[[UnitOfWork], Any]) -> Any:
        with mellom.writers.begin() as uow:
            return work(uow)

    shown: Any = _AtOnce()
    deliverer = Deliverer(run, {"slack": shown, "teams": shown}, mellom.writers.clock.real)
    await deliverer.drain()


class _AtOnce:
    """A platform that takes whatever it is given, at any rate."""

    pace = Pace(0.0, 1)

    async def post(self, letter: Letter) -> Posted:
        message = teams.new_id() if letter.address else slack.new_ts()
        return Posted(message, letter.root or message)


def _roots(uow: UnitOfWork) -> tuple[dict[str, str], ...]:
    """The first message of each thread, by channel."""
    rows = uow.connection.execute(
        text(
            "SELECT post.subject, conversation.key, copy.root FROM copy "
            "JOIN post ON post.id = copy.post "
            "JOIN conversation ON conversation.id = copy.conversation "
            "WHERE post.kind = 'question' AND copy.root IS NOT NULL ORDER BY post.subject"
        )
    )
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for subject, channel, root in rows:
        found[subject][channel] = root
    return tuple(found.values())
