"""Trouble: a room that its platform will not let us speak in; its facilitators are told once."""

from __future__ import annotations

from bot.cards import Card
from bot.drawn import shown_name
from bot.features import gate, private, reach
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, deliveries, rooms
from storage.privates import Private
from storage.rooms import Room


def tell(uow: UnitOfWork, conversation: int) -> None:
    """Tell the facilitators of its network that this room cannot be reached."""
    room = rooms.active_room_of(uow, conversation)
    if room is None:
        return
    facts = {"organisation": room.organisation_name}
    facts["kind"] = "webhook" if room.reads == reach.NONE else "room"
    private.tell_facilitators(uow, gate.TROUBLE, room.network, facts)


def tell_left(room: Room, uow: UnitOfWork) -> None:
    """Tell them that what was confirmed for this room has been withdrawn."""
    facts = {"organisation": room.organisation_name, "kind": "left"}
    private.tell_facilitators(uow, gate.TROUBLE, room.network, facts)


def probe(uow: UnitOfWork) -> None:
    """Called by the clock: try one post in each room in trouble. Once one is shown, all follow."""
    for conversation in rooms.in_trouble(uow):
        deliveries.revive(uow, conversation, only_one=True)


@private.message(gate.TROUBLE)
def _unreachable(kept: Private, say: Speech, _uow: UnitOfWork) -> Card:
    organisation = shown_name(kept.facts["organisation"])
    if kept.facts.get("kind") == "webhook":
        words = say(
            "The notes to the channel of {organisation} do not arrive any more: their address "
            "there is not taken. Please ask somebody there for a new one, and whoever runs "
            "Mellom to use it.",
            organisation=organisation,
        )
    elif kept.facts.get("kind") == "left":
        words = say(
            "The channel of {organisation} no longer takes part: what it had confirmed was "
            "withdrawn there. What has crossed stays until its authors delete it. If the channel "
            "is to come back, it needs a new code.",
            organisation=organisation,
        )
    else:
        words = say(
            "I cannot reach the channel of {organisation} any more. Nothing is lost: what it "
            "misses is shown when I am let in again. Please ask somebody there to add me to "
            "the channel.",
            organisation=organisation,
        )
    return Card(text=Text.of(words))
