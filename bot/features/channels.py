"""Channels: how each room of a network stands, in the words of whoever runs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import IntEnum

from bot.cards import Item
from bot.drawn import shown_name, when
from bot.features import reach
from bot.language import Speech
from bot.windows import day_of
from storage import UnitOfWork, facilitating
from storage.facilitating import Standing

LATE = timedelta(minutes=1)
"""What is due for longer is behind."""

NAME = 120
"""Characters of a channel's name in a list."""


class State(IntEnum):
    """In the order in which they are told: what somebody must do something about comes first."""

    UNREACHABLE = 0
    BEHIND = 1
    MENTIONS = 2
    PENDING = 3
    ONE_WAY = 4
    FINE = 5


def standing(uow: UnitOfWork, network: int) -> list[Standing]:
    """Every room, in that order."""
    return sorted(facilitating.rooms_of(uow, network, uow.real - LATE), key=state)


def state(room: Standing) -> State:
    if room.trouble_at is not None:
        return State.UNREACHABLE
    if room.behind_since is not None:
        return State.BEHIND
    if room.state == "pending":
        return State.PENDING
    if room.reads == reach.MENTIONS:
        return State.MENTIONS
    return State.ONE_WAY if room.reads == reach.NONE else State.FINE


def items(rooms: Sequence[Standing], say: Speech, uow: UnitOfWork) -> list[Item]:
    """A line for each, with what to do about it."""
    several = Counter(room.organisation_name for room in rooms)
    return [
        Item(_words(room, several[room.organisation_name] > 1, say, uow), _what_to_do(room, say))
        for room in rooms
    ]


def fine(count: int, say: Speech, *, others: bool) -> str:
    """The rooms of which there is nothing to say."""
    if others:
        return say.many(
            "{count} other channel is fine.", "The {count} other channels are fine.", count
        )
    return say.many("{count} channel, and it is fine.", "All {count} channels are fine.", count)


def _words(room: Standing, by_name: bool, say: Speech, uow: UnitOfWork) -> str:
    name = shown_name(room.organisation_name)
    if by_name and room.place_name:
        name = f"{name} ({shown_name(room.place_name)})"
    return _as_it_stands(name[:NAME], room, say, uow)


def _as_it_stands(channel: str, room: Standing, say: Speech, uow: UnitOfWork) -> str:
    match state(room):
        case State.UNREACHABLE:
            since = _since(room.trouble_at or uow.now, say, uow.now)
            return say("{channel}: out of reach since {when}", channel=channel, when=since)
        case State.BEHIND:
            since = _since(min(room.behind_since or uow.real, uow.real), say, uow.real)
            return say("{channel}: behind since {when}", channel=channel, when=since)
        case State.MENTIONS:
            return say("{channel}: reads mentions only", channel=channel)
        case State.PENDING:
            return say("{channel}: waits to be confirmed", channel=channel)
        case State.ONE_WAY:
            return say("{channel}: one way, gets notes only", channel=channel)
    return say("{channel}: fine", channel=channel)


def _since(at: datetime, say: Speech, now: datetime) -> str:
    return say.time(at) if day_of(at) == day_of(now) else when(at, say, now)


def _what_to_do(room: Standing, say: Speech) -> str:
    match state(room):
        case State.UNREACHABLE:
            return say("Ask somebody there to add me to the channel. Then it gets what it misses.")
        case State.BEHIND:
            return say("Nothing is lost: I go on trying.")
        case State.MENTIONS:
            return say("An owner of the team can let me read every reply.")
        case State.PENDING:
            return say("Somebody there confirms it on my first card in the channel.")
    return ""
