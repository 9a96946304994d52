"""Who sees this: said where one presses send."""

from __future__ import annotations

from collections.abc import Sequence

from bot.drawn import shown_name
from bot.language import Speech
from storage import UnitOfWork, rooms

NAMED = 6
"""So many organisations are named; of more, one fewer and how many others there are."""


def of_network(uow: UnitOfWork, network: int, say: Speech) -> str:
    """Who will see what is shown in every room of the network."""
    return who_sees(rooms.organisations_at(uow, rooms.active_conversations(uow, network)), say)


def of_rooms(uow: UnitOfWork, conversations: Sequence[int], say: Speech) -> str:
    """Who will see what is shown in these rooms."""
    return who_sees(rooms.organisations_at(uow, conversations), say)


def who_sees(organisations: Sequence[str], say: Speech) -> str:
    """ "Will be shown to 2 organisations: Alta kommune, Bodø kommune"; nothing where it is none."""
    if not organisations:
        return ""
    names = [shown_name(name) for name in organisations]
    count = len(names)
    if count > NAMED:
        named = ", ".join(names[: NAMED - 1])
        others = say.number(count - NAMED + 1)
        listed = say("{names} and {count} more", names=named, count=others)
    else:
        listed = ", ".join(names)
    return say.many(
        "Will be shown to {count} organisation: {names}",
        "Will be shown to {count} organisations: {names}",
        count,
        names=listed,
    )
