"""Trouble: a room that its platform will not let us speak in; its facilitators are told once."""

from __future__ import annotations

from bot.cards import Card
from bot.drawn import LONGEST_LIST, shown_name
from bot.features import gate, outcomes, private, reach
from bot.graphemes import cut
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, deliveries, polls, rooms
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


def tell_of_result(network: int, poll: int, uow: UnitOfWork) -> None:
    """Tell them that the result of a poll has been out for a day, and does not stand everywhere."""
    private.tell_facilitators(uow, gate.TROUBLE, network, {"poll": str(poll), "kind": "result"})


def probe(uow: UnitOfWork) -> None:
    """Called by the clock: try one post in each room in trouble. Once one is shown, all follow."""
    for conversation in rooms.in_trouble(uow):
        deliveries.revive(uow, conversation, only_one=True)


@private.message(gate.TROUBLE)
def _told(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    return _late(kept, say, uow) if kept.facts.get("kind") == "result" else _unreachable(kept, say)


def _late(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    """Nothing once the result stands everywhere."""
    one = polls.find(uow, kept.network, int(kept.facts["poll"]))
    names = [shown_name(name) for name in outcomes.without(one, uow)] if one is not None else []
    if not names:
        return None
    words = say.many(
        "The problem of the month has been chosen, and the channel of {names} has not got the "
        "result yet, for I cannot reach it. It comes when I am let in again.",
        "The problem of the month has been chosen, and the channels of {count} organisations "
        "have not got the result yet, for I cannot reach them: {names}. It comes when I am let in "
        "again.",
        len(names),
        names=cut(", ".join(names), LONGEST_LIST),
    )
    return Card(text=Text.of(words))


def _unreachable(kept: Private, say: Speech) -> Card:
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
