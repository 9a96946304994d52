"""Charge: who may see how a network stands and change it. It is looked up at every press.

A facilitator may at all times; a deputy, on the days on which every facilitator is away. A deputy
changes neither who facilitates nor who is a deputy. What is asked from week to week, the first
deputy may decide too, after ten working days in which no facilitator has.
"""

from __future__ import annotations

from bot import calendars
from bot.calendar import network_working_day
from bot.cards import Button, Tell
from bot.features import gate, private
from bot.features.presence import Presence, present_in_each, speech_of
from bot.incoming import Pressed, Submitted
from bot.language import Speech
from bot.windows import day_of
from storage import UnitOfWork, members, networks
from storage.members import Profile

NETWORK = "network"
FACILITATOR = "facilitator"
PATIENCE = 10
"""Network working days without a decision after which the first deputy may decide, too."""


def button(say: Speech, network: int) -> Button:
    """Opens the card of whoever is in charge; give it to anybody, for it is refused to others."""
    return Button(NETWORK, say("The network"), str(network), opens=True)


def in_charge(incoming: Pressed | Submitted, value: str, uow: UnitOfWork) -> Presence | None:
    """Who acts, if they are in charge of the network that the card names: it, and no other."""
    who = _member_of(incoming, value, uow)
    return who if who is not None and runs(who.member, uow) else None


def steering(incoming: Pressed | Submitted, value: str, uow: UnitOfWork) -> Presence | None:
    """The same, of what it is asked from week to week."""
    who = _member_of(incoming, value, uow)
    return who if who is not None and steers(who.member, uow) else None


def _member_of(incoming: Pressed | Submitted, value: str, uow: UnitOfWork) -> Presence | None:
    here = present_in_each(incoming.person, incoming.place, uow)
    return next((one for one in here if str(one.network) == value), None)


def runs(member: int, uow: UnitOfWork) -> bool:
    """Whether the member is in charge of their network today."""
    one = members.profile(uow, member)
    if one.left_at is not None:
        return False
    if one.role == FACILITATOR:
        return True
    if one.deputy is None:
        return False
    return any(other.id == member for other in private.in_charge(uow, one.network))


def steers(member: int, uow: UnitOfWork) -> bool:
    """Whether the member decides what their network is asked from week to week."""
    one = members.profile(uow, member)
    if runs(member, uow):
        return True
    if one.left_at is not None or one.deputy is None:
        return False
    return any(other.id == member for other in who_steers(uow, one.network))


def who_steers(uow: UnitOfWork, network: int) -> list[Profile]:
    """Whoever runs the network today, and after a long silence the first deputy who is here too."""
    found = private.in_charge(uow, network)
    if not _is_silent(uow, network):
        return found
    today = day_of(uow.now)
    here = [one for one in members.deputies(uow, network) if gate.back_at(one, today) is None]
    known = {one.id for one in found}
    return [*found, *(one for one in here[:1] if one.id not in known)]


def _is_silent(uow: UnitOfWork, network: int) -> bool:
    """Whether no facilitator has decided anything about the questions of the week for so long."""
    others = calendars.of_network(uow, network).values()
    last = day_of(networks.steered_at(uow, network))
    return network_working_day(last, PATIENCE, others) <= day_of(uow.now)


def decided(who: Presence, uow: UnitOfWork) -> None:
    """Somebody has decided something about the questions of the week."""
    if facilitates(who.member, uow):
        networks.steer(uow, who.network)


def facilitates(member: int, uow: UnitOfWork) -> bool:
    """In charge in their own right, and not for somebody who is away."""
    return members.profile(uow, member).role == FACILITATOR


def refused(incoming: Pressed | Submitted, uow: UnitOfWork) -> Tell:
    say = speech_of(incoming, uow)
    return Tell.words(say("Only whoever runs the network can open this."))
