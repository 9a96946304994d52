"""A hundred votes in a second: each is counted, and no card is edited more often than it may be."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Iterator
from copy import copy as copied
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from adapters.playground.slack.world import User as SlackUser
from adapters.playground.teams.world import User as TeamsUser
from bot.features.voting import APART
from storage import Database, people, posts, threads
from storage.models import copy, post
from storage.unit_of_work import connect
from tests.conversation import Room, SlackPerson, SlackRoom, TeamsPerson, TeamsRoom, World
from tests.pretending import Network
from tests.test_voting import CARD, founded_before, founded_open, opens

__all__ = ("founded_before", "founded_open", "opens")

User = SlackUser | TeamsUser


def crowd(world: World, many: int) -> dict[str, list[User]]:
    """So many people more in each room, who were members when the poll opened."""
    come = {name: list(_coming(world, room, many)) for name, room in world.rooms.items()}
    world.change(
        "INSERT INTO ballot (poll, member, organisation) SELECT 1, id, organisation FROM member "
        "WHERE id NOT IN (SELECT member FROM ballot)"
    )
    return come


def _coming(world: World, room: Room, many: int) -> Iterator[User]:
    [(platform, installation, organisation)] = world.rows(
        "SELECT platform, installation.id, room.organisation FROM room "  # noqa: S608
        "JOIN conversation ON conversation.id = room.conversation "
        "JOIN installation ON installation.id = conversation.installation "
        f"WHERE conversation.key = '{room.inner.channel.id}'"
    )
    for number in range(many):
        user, tenant, id = _person(room, f"Person {number}")
        with world.village.mellom.writers.begin() as uow:
            account = people.keep_account(
                uow, platform=platform, tenant=tenant, user=id, installation=installation,
                address=id, name="Person", language=None,
            )  # fmt: skip
            people.make_member(uow, network=1, organisation=organisation, account_id=account.id)
        yield user


def _person(room: Room, name: str) -> tuple[User, str, str]:
    if isinstance(room, SlackRoom):
        workspace = room.channel.workspace
        colleague = workspace.user(name, "nb-NO")
        return colleague, workspace.team_id, colleague.id
    assert isinstance(room, TeamsRoom)
    tenant = room.channel.team.tenant
    other = tenant.user(name, "da-DK")
    return other, tenant.id, other.aad


class Forms:
    """The form that lies open before everybody, opened by one person on each platform."""

    def __init__(self, world: World) -> None:
        kari, jens = world.person("Kari Nilsen"), world.person("Jens Holm")
        for person in (kari, jens):
            person.opens_form("Stem", on=CARD)
        assert isinstance(kari, SlackPerson)
        assert isinstance(jens, TeamsPerson)
        assert jens.last is not None
        assert jens.last.dialog is not None
        self.world, self.dialog = world, jens.last.dialog
        self.view = kari.user.workspace.views[kari.user.id]

    async def sends(self, user: User, choices: str) -> None:
        if isinstance(user, SlackUser):
            await self.world.slack.submit(user, copied(self.view), {"choices": choices})
        else:
            await self.world.teams.submit(user, self.dialog, {"choices": choices})


def edits(room: Room) -> list[float]:
    """When our messages in the room were changed."""
    world = room.world
    if isinstance(room, SlackRoom):
        calls = world.slack.calls("chat.update")
        return [one.at for one in calls if one.request["channel"] == room.channel.id]
    here = room.inner.channel.id
    passed = world.teams.wire
    return [
        one.at for one in passed if one.method == "update" and one.conversation.startswith(here)
    ]


def test_a_hundred_votes_in_a_second_are_a_few_edits_and_the_right_tally(world: World) -> None:
    """The organisations come one after the other: four changes are to be shown within it."""
    world.later(seconds=10)
    come, forms = crowd(world, 25), Forms(world)
    before = {name: len(edits(room)) for name, room in world.rooms.items()}
    for tenth in range(10):
        some = [
            forms.sends(user, f"{1 + number % 3}")
            for place, users in enumerate(come.values())
            for number, user in enumerate(users)
            if max(2 * place, number * 10 // 25) == tenth
        ]
        world.run(_together(some))
        world.run(world.village.settle())
        world.clock.move(seconds=0.1)
    world.settle()
    for name, room in world.rooms.items():
        made = edits(room)[before[name] :]
        assert len(made) == 2
        assert all(later - earlier >= APART.total_seconds() for earlier, later in pairwise(made))
        room.sees_once(CARD, "Aarhus Kommune, Alta kommune, Bodø kommune, Randers Kommune")
    tally = world.rows("SELECT choices, count(*) FROM ballot GROUP BY choices ORDER BY choices")
    assert sorted(tally, key=str) == [(1, 36), (2, 32), (4, 32), (None, 4)]


class Edited(Network):
    """Notes when a card was edited; every fourth edit fails, and is tried again."""

    def __init__(self, database: Database) -> None:
        self.edits: dict[str, list[datetime]] = {}
        self.tries = 0
        super().__init__(database, 1)

    def fault(self, call: str, room: str = "") -> str | None:
        if call != "edit":
            return None
        self.tries += 1
        if self.tries % 4 == 0:
            return "not sent"
        self.edits.setdefault(room, []).append(self.clock.now)
        return None


async def test_what_changes_all_the_time_is_edited_once_in_three_seconds_and_ends_right(
    database_url: str,
) -> None:
    database = connect(database_url)
    network = Edited(database)
    asked = network.ask("Alta")
    await network.rest()
    changes = 150
    for _ in range(changes):
        with network.begin() as uow:
            thread = threads.thread_written_as(uow, network.conversations["Alta"], asked.message)
            posts.show_again(uow, "question", thread or 0, apart=APART)
        await network.deliverer.drain()
        network.clock.move(0.1)
    await network.rest()
    with network.begin() as uow:
        shown = select(copy.c.shown).join_from(copy, post).where(post.c.kind == "question")
        assert sorted(uow.connection.execute(shown).scalars()) == [1, *[changes + 1] * 4]
    assert len(network.edits) == 4
    for moments in network.edits.values():
        assert 3 <= len(moments) <= 6
        assert all(later - earlier >= APART for earlier, later in pairwise(moments))
    database.close()


async def _together(some: Iterable[Coroutine[Any, Any, None]]) -> None:
    await asyncio.gather(*some)
