"""Charge: who may see how a network stands and change it. It is looked up at every press.

A facilitator may at all times; a deputy, on the days on which every facilitator is away. A deputy
changes neither who facilitates nor who is a deputy.
"""

from __future__ import annotations

from bot.cards import Button, Tell
from bot.features import private
from bot.features.presence import Presence, present_in_each, speech_of
from bot.incoming import Pressed, Submitted
from bot.language import Speech
from storage import UnitOfWork, members

NETWORK = "network"
FACILITATOR = "facilitator"


def button(say: Speech, network: int) -> Button:
    """Opens the card of whoever is in charge; give it to anybody, for it is refused to others."""
    return Button(NETWORK, say("The network"), str(network), opens=True)


def in_charge(incoming: Pressed | Submitted, value: str, uow: UnitOfWork) -> Presence | None:
    """Who acts, if they are in charge of the network that the card names: it, and no other."""
    here = present_in_each(incoming.person, incoming.place, uow)
    who = next((one for one in here if str(one.network) == value), None)
    return who if who is not None and runs(who.member, uow) else None


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


def facilitates(member: int, uow: UnitOfWork) -> bool:
    """In charge in their own right, and not for somebody who is away."""
    return members.profile(uow, member).role == FACILITATOR


def refused(incoming: Pressed | Submitted, uow: UnitOfWork) -> Tell:
    say = speech_of(incoming, uow)
    return Tell.words(say("Only whoever runs the network can open this."))
