"""Bursts: of more answers than a conversation brings some wait, and who wrote one that must not
cross, or cannot, is told so in private, and what to do."""

from __future__ import annotations

from datetime import timedelta

from bot.cards import Card
from bot.drawn import question_name
from bot.features import answering, notices
from bot.features.answering import Stopped
from bot.features.presence import Presence, TryLater, direct_message_to
from bot.incoming import Said
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, threads
from storage import notices as stored
from storage.rooms import Room
from storage.threads import Standing

WORDLESS = "answer-without-words"

PATIENCE = timedelta(seconds=40)
"""So old may an answer be that waits for the others to become fewer: the last of `dispatch`'s tries
comes more than a minute after it was written, and finds it older."""


def stopped(
    why: Stopped, incoming: Said, who: Presence, thread: Standing, room: Room, uow: UnitOfWork
) -> None:
    """An answer was stopped. A lively minute is over soon: what came in it crosses after that."""
    if why is Stopped.MANY and uow.real - incoming.at <= PATIENCE:
        raise TryLater
    _tell_author(why, who, thread, room, uow)


def wordless(who: Presence, thread: Standing, room: Room, uow: UnitOfWork) -> None:
    """An answer came without anything that can be shown to others."""
    _tell_author(WORDLESS, who, thread, room, uow)


def _tell_author(name: str, who: Presence, thread: Standing, room: Room, uow: UnitOfWork) -> None:
    chat = direct_message_to(who.account, room.language, uow)
    if stored.told_since(uow, name, chat, uow.now - answering.WITHIN):
        return
    facts = {"kind": thread.kind}
    if thread.is_question:
        facts["number"] = str(threads.question(uow, thread.thread).number)
    notices.tell(uow, name, chat, network=who.network, facts=facts, private=True)


@notices.notice(WORDLESS)
def _without_words(say: Speech, facts: notices.Facts) -> Card:
    words = say(
        "Your last message under {thread} has no words that I can show to the others. That can be "
        "so with a forwarded message or a picture. Write in the thread what they are to see.",
        thread=_thread(facts, say),
    )
    return Card(text=Text.of(words))


@notices.notice(Stopped.MANY)
def _many(say: Speech, facts: notices.Facts) -> Card:
    words = say(
        "So many answers came to {thread} at once that your last one stands in your own channel "
        "only. Write it once more in a minute, or use the button {answer} there.",
        thread=_thread(facts, say),
        answer=say.quoted(say("Answer", context="button")),
    )
    return Card(text=Text.of(words))


@notices.notice(Stopped.SAME)
def _same(say: Speech, facts: notices.Facts) -> Card:
    words = say(
        "You have answered {thread} with the same words three times within a minute. The others "
        "see that, and are not shown it again.",
        thread=_thread(facts, say),
    )
    return Card(text=Text.of(words))


def _thread(facts: notices.Facts, say: Speech) -> str:
    number = int(facts["number"]) if "number" in facts else None
    return question_name(number, say, facts.get("kind", ""))
