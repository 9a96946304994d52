"""Trouble: a room that its platform will not let us speak in; its facilitators are told once."""

from __future__ import annotations

from bot.cards import Card
from bot.drawn import shown_name
from bot.features import notices, reach
from bot.features.presence import direct_message_to
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, deliveries, people, rooms


def tell(uow: UnitOfWork, conversation: int) -> None:
    """Tell the facilitators of its network that this room cannot be reached."""
    room = rooms.active_room_of(uow, conversation)
    if room is None:
        return
    facts = {"organisation": room.organisation_name}
    for account in people.accounts_with_role(uow, room.network, "facilitator"):
        direct = direct_message_to(account, room.language, uow)
        name = "webhook-unreachable" if room.reads == reach.NONE else "room-unreachable"
        notices.tell(uow, name, direct, network=room.network, facts=facts, private=True)


def probe(uow: UnitOfWork) -> None:
    """Called by the clock: try one post in each room in trouble. Once one is shown, all follow."""
    for conversation in rooms.in_trouble(uow):
        deliveries.revive(uow, conversation, only_one=True)


@notices.notice("room-unreachable")
def _unreachable(say: Speech, facts: notices.Facts) -> Card:
    return Card(
        text=Text.of(
            say(
                "I cannot reach the channel of {organisation} any more. Nothing is lost: what it "
                "misses is shown when I am let in again. Please ask somebody there to add me to "
                "the channel.",
                organisation=shown_name(facts["organisation"]),
            )
        )
    )


@notices.notice("webhook-unreachable")
def _not_told(say: Speech, facts: notices.Facts) -> Card:
    return Card(
        text=Text.of(
            say(
                "The notes to the channel of {organisation} do not arrive any more: their address "
                "there is not taken. Please ask somebody there for a new one, and whoever runs "
                "Mellom to use it.",
                organisation=shown_name(facts["organisation"]),
            )
        )
    )
