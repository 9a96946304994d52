"""Where the bot is in Teams, and what becomes of the teams and channels it is in.

After learn.microsoft.com, "Conversation events in your Teams bot". Installing and being added are
told by two activities in any order, so that both say the same here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adapters.teams.arrived import Arrived
from adapters.teams.wire import part, parts, word
from bot.incoming import Added, Incoming, Moved, PeopleLeft, Place, Removed


def installed(arrived: Arrived) -> Incoming | None:
    action = word(arrived.activity, "action").removesuffix("-upgrade")
    if action == "add":
        return _added(arrived)
    return _gone(arrived) if action == "remove" else None


def changed(arrived: Arrived) -> Incoming | None:
    happened = _EVENTS.get(arrived.event)
    if happened is not None:
        return happened(arrived)
    if _is_among(arrived, "membersAdded"):
        return _added(arrived)
    return _gone(arrived) if _is_among(arrived, "membersRemoved") else _people_left(arrived)


def _is_among(arrived: Arrived, who: str) -> bool:
    bot = arrived.bot
    return bool(bot) and any(word(member, "id") == bot for member in parts(arrived.activity, who))


def _added(arrived: Arrived) -> Added:
    """Into a team with all its channels, a shared channel alone, or a chat."""
    shared = arrived.event == "channelMemberAdded"
    whole = arrived.kind == "channel" and not shared and bool(_team(arrived))
    place = _channel(arrived) if shared else arrived.place(_team(arrived) if whole else "")
    who = arrived.person()
    return Added(key=arrived.key, at=arrived.at, place=place, person=who, whole=whole)


def _gone(arrived: Arrived) -> Removed:
    """The bot is installed in a team, a chat or for a person; of channels only a shared one can put
    it out alone."""
    if arrived.event == "channelMemberRemoved":
        return _channel_gone(arrived)
    if arrived.kind == "channel":
        return _team_gone(arrived)
    person = arrived.person() if arrived.kind == "personal" else None
    return Removed(key=arrived.key, at=arrived.at, place=arrived.place(), person=person)


def _people_left(arrived: Arrived) -> PeopleLeft | None:
    """People are out of a team, with all its channels, or of a shared channel alone."""
    people = tuple(filter(None, map(arrived.named, parts(arrived.activity, "membersRemoved"))))
    if not people or arrived.kind != "channel":
        return None
    shared = arrived.event == "channelMemberRemoved"
    place = _channel(arrived) if shared else arrived.place(_team(arrived))
    return PeopleLeft(key=arrived.key, at=arrived.at, place=place, people=people, whole=not shared)


def _team_gone(arrived: Arrived) -> Removed:
    place = arrived.place(_team(arrived))
    return Removed(key=arrived.key, at=arrived.at, place=place, whole=True)


def _team_back(arrived: Arrived) -> Added:
    place = arrived.place(_team(arrived))
    return Added(key=arrived.key, at=arrived.at, place=place, whole=True)


def _team(arrived: Arrived) -> str:
    return word(part(arrived.data, "team"), "id")


def _channel(arrived: Arrived) -> Place:
    return arrived.place(word(part(arrived.data, "channel"), "id"))


def _channel_gone(arrived: Arrived) -> Removed:
    return Removed(key=arrived.key, at=arrived.at, place=_channel(arrived))


def _channel_back(arrived: Arrived) -> Added:
    return Added(key=arrived.key, at=arrived.at, place=_channel(arrived))


def _channel_renamed(arrived: Arrived) -> Moved:
    place = _channel(arrived)
    return Moved(key=arrived.key, at=arrived.at, place=place, old_key=place.key)


_EVENTS: Mapping[str, Callable[[Arrived], Incoming]] = {
    "channelDeleted": _channel_gone,
    "channelRestored": _channel_back,
    "channelRenamed": _channel_renamed,
    "teamDeleted": _team_gone,
    "teamHardDeleted": _team_gone,
    "teamArchived": _team_gone,
    "teamRestored": _team_back,
    "teamUnarchived": _team_back,
}
