"""Codes: what lets its reader into the network crosses to no other room."""

from __future__ import annotations

from bot.cards import Card
from bot.features import joining, notices
from bot.features.presence import account_of, direct_message_to, speech_for
from bot.incoming import Edited, Said
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, links, rooms
from storage.rooms import Room

STOPPED, LINK_STOPPED = "code-stopped", "link-stopped"
"""What its author is told of in place of passing it on: in the room, or in private."""


def found_in(text: Text, uow: UnitOfWork) -> str | None:
    """One of our codes in what the others would be shown: words, addresses and files' names."""
    names = (file.name for file in text.files)
    return joining.code_in("\n".join((text.plain(), *text.links(), *names)), uow)


def in_form(say: Speech) -> str:
    return say(
        "This contains a code of mine, and whoever reads it can use it. Nothing was sent. "
        "Take the code out and send again."
    )


def stop(
    uow: UnitOfWork,
    code: str,
    written: Said | Edited,
    room: Room,
    *,
    parent: int | None = None,
    under: str | None = None,
) -> None:
    """Say in the thread that this does not cross; of a code that links accounts, in private."""
    if links.is_given(uow, joining.plain(code)):
        stop_linking(uow, code, written)
        return
    where = room.conversation
    notices.tell(uow, STOPPED, where, network=room.network, parent=parent, under=under)


def stop_linking(uow: UnitOfWork, code: str, written: Said | Edited) -> None:
    """A code that links accounts stands where others see it: it is good for nothing any more."""
    links.void(uow, joining.plain(code))
    there = rooms.conversation_at(uow, written.place.installation, written.place.key)
    account = account_of(written.person, written.place, uow, there)
    language = speech_for(account, written.place, uow).language
    chat = direct_message_to(account, language, uow)
    facts = {"channel": written.place.name or ""}
    notices.tell(uow, LINK_STOPPED, chat, network=None, facts=facts, private=True)


@notices.notice(STOPPED)
def _stopped(say: Speech, _facts: notices.Facts) -> Card:
    words = say(
        "I did not pass this on: it contains a join code, and whoever reads it can use it. "
        "Write it again without the code."
    )
    return Card(text=Text.of(words))


@notices.notice(LINK_STOPPED)
def _link_stopped(say: Speech, facts: notices.Facts) -> Card:
    words = say(
        "I did not pass on what you wrote in {channel}: a code for linking accounts stands there, "
        "where others can read it. It does not work any more. Get a new one, and type it here.",
        channel=facts["channel"] or say("your channel"),
    )
    return Card(text=Text.of(words))
