"""Rooms that come later, and what people do with the lists that are shown there."""

from __future__ import annotations

import copy
from collections.abc import Coroutine
from typing import Any

from adapters.playground.slack.stand_in import Message as SlackMessage
from adapters.playground.teams import world as teams_world
from adapters.playground.teams.delivery import Delivery as TeamsDelivery
from adapters.playground.teams.world import Message as TeamsMessage
from adapters.playground.village import Town
from tests.conversation import Person, Room, SlackPerson, TeamsPerson, World
from tests.test_joining import SKIVE, VADSO, code

LATE = {"slack": VADSO, "teams": SKIVE}


def joins(world: World, town: Town) -> Room:
    """A new room comes in: the code is typed there, and somebody confirms."""
    room = world.opens(town)
    room.person(town.people[0]).says(f"@Mellom join {code(world, town.name)}")
    world.act(world.village.confirm(room.inner))
    return room


def shows_here(person: Person, thread: int, *, on: str) -> str:
    """Press "Show here" at this question, in the newest list; what the person is told."""
    answer = person.world.act(press(person, thread, on=on))
    if isinstance(person, TeamsPerson):
        assert isinstance(answer, TeamsDelivery)
        person.last = answer
    return person.told


def press(person: Person, thread: int, *, on: str) -> Coroutine[Any, Any, object]:
    """The press itself, to be run when its time has come."""
    seen = [one for one in person.room.everything if on in one.words and one.by_bot][-1]
    if isinstance(person, SlackPerson):
        assert isinstance(seen.inner, SlackMessage)
        # Kept as it is now: a list that is drawn anew has lost the button meanwhile.
        message = copy.copy(seen.inner)
        accessories = [block.get("accessory", {}) for block in message.blocks]
        [action] = [one["action_id"] for one in accessories if one.get("value") == str(thread)]
        return person.world.slack.press(person.user, message, action)
    assert isinstance(person, TeamsPerson)
    assert isinstance(seen.inner, TeamsMessage)
    standing = copy.copy(seen.inner)
    buttons = teams_world.buttons(standing)
    [button] = [one for one in buttons if one.data.get("value") == str(thread)]
    return person.world.teams.press(person.user, standing, button)


def can_show(room: Room, *, on: str) -> list[str]:
    """The questions that can be shown from the newest list: the values of its buttons."""
    seen = [one for one in room.everything if on in one.words and one.by_bot][-1]
    if isinstance(seen.inner, SlackMessage):
        accessories = [block.get("accessory", {}) for block in seen.inner.blocks]
        return [one["value"] for one in accessories if "value" in one]
    found = (one.data for one in teams_world.buttons(seen.inner))
    return [str(one["value"]) for one in found if one["action"] == "show-here"]
