"""Reach: whether every message of a room reaches us, or only those that mention us.

Some platforms say so when the room joins; elsewhere it is learned from what comes in.
"""

from __future__ import annotations

from bot.features.presence import Presence
from bot.language import Speech
from storage import UnitOfWork, posts, rooms
from storage.rooms import Room

ALL, MENTIONS, NONE = "all", "mentions", "none"


def heard(room: Room, uow: UnitOfWork) -> None:
    """A message came that does not mention us: so all of them do."""
    if room.reads != ALL and rooms.learn_reads(uow, room.conversation, ALL):
        posts.show_again(uow, "welcome", room.id)


def added_anew(conversation: int, uow: UnitOfWork) -> None:
    """We were added to a room that we are in. With that, what we may read there is granted anew, or
    no longer, and nobody tells which."""
    room = rooms.forget_reads(uow, conversation)
    if room is not None:
        posts.show_again(uow, "welcome", room)


def mentioned(who: Presence, uow: UnitOfWork) -> None:
    """Somebody needed a mention, or the button, before anything else came."""
    if not who.in_room or who.reads is not None:
        return
    room = rooms.learn_reads(uow, who.conversation, MENTIONS)
    if room is not None:
        posts.show_again(uow, "welcome", room)


def how_to_answer(reads: str | None, say: Speech) -> str:
    """The small print under a question."""
    if reads == ALL:
        return say("Answer in this thread.")
    return say("Answer with the button, or mention @Mellom in your reply.")


def words(reads: str | None, say: Speech) -> str:
    """What the room's first card says about it, and what to do."""
    if reads == ALL:
        return say("Every reply here reaches me: just answer in the thread.")
    known = (
        say("So far only messages that mention @Mellom have reached me here.")
        if reads == MENTIONS
        else say("I do not know yet whether every reply here reaches me.")
    )
    return f"{known} {_what_to_do(say)}"


def _what_to_do(say: Speech) -> str:
    return say(
        "Mention @Mellom in your reply, or use the Answer button: that always works. An owner of "
        "the team can let me read every reply, by granting the app permission to read channel "
        "messages when adding it."
    )
