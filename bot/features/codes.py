"""Codes: what lets its reader into the network crosses to no other room."""

from __future__ import annotations

from bot.cards import Card
from bot.features import joining, notices
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork
from storage.rooms import Room

STOPPED = "code-stopped"
"""What its author is told of, in the room, in place of passing it on."""


def found_in(text: Text, uow: UnitOfWork) -> str | None:
    """One of our codes in what the others would be shown: words, addresses and files' names."""
    names = (file.name for file in text.files)
    return joining.code_in("\n".join((text.plain(), *text.links(), *names)), uow)


def in_form(say: Speech) -> str:
    return say(
        "This contains a join code, and whoever reads it can use it. Nothing was sent. "
        "Take the code out and send again."
    )


def stop(
    uow: UnitOfWork, room: Room, *, parent: int | None = None, under: str | None = None
) -> None:
    """Say in the thread that this does not cross."""
    where = room.conversation
    notices.tell(uow, STOPPED, where, network=room.network, parent=parent, under=under)


@notices.notice(STOPPED)
def _stopped(say: Speech, _facts: notices.Facts) -> Card:
    words = say(
        "I did not pass this on: it contains a join code, and whoever reads it can use it. "
        "Write it again without the code."
    )
    return Card(text=Text.of(words))
