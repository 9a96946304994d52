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
    shown = who_sees(rooms.organisations_at(uow, rooms.active_conversations(uow, network)), say)
    told = who_is_told(rooms.organisations_only_told(uow, network), say)
    return "\n".join(filter(None, (shown, told)))


def of_rooms(uow: UnitOfWork, conversations: Sequence[int], say: Speech) -> str:
    """Who will see what is shown in these rooms."""
    return who_sees(rooms.organisations_at(uow, conversations), say)


def who_sees(organisations: Sequence[str], say: Speech) -> str:
    """ "Will be shown to 2 organisations: Alta kommune, Bodø kommune"; nothing where it is none."""
    if not organisations:
        return ""
    return say.many(
        "Will be shown to {count} organisation: {names}",
        "Will be shown to {count} organisations: {names}",
        len(organisations),
        names=_named(organisations, say),
    )


def who_is_told(organisations: Sequence[str], say: Speech) -> str:
    """ "Only told that you ask, not what: Vadsø kommune"; nothing where it is none."""
    if not organisations:
        return ""
    return say("Only told that you ask, not what: {names}", names=_named(organisations, say))


def _named(organisations: Sequence[str], say: Speech) -> str:
    names = [shown_name(name) for name in organisations]
    if len(names) <= NAMED:
        return ", ".join(names)
    others = say.number(len(names) - NAMED + 1)
    return say("{names} and {count} more", names=", ".join(names[: NAMED - 1]), count=others)
