"""Showing here: what a room has missed is shown there, because somebody in it wishes for it."""

from __future__ import annotations

from bot.cards import Answer, Tell
from bot.features import joining, listing
from bot.features.answering import thread_named
from bot.features.presence import Presence, present, speech_of
from bot.incoming import Pressed
from storage import UnitOfWork, listings, posts, threads
from storage.threads import Standing


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """Show here: the question and its answers, in the room in which this was pressed."""
    who = present(incoming.person, incoming.place, uow)
    if who is None or not who.in_room:
        return Tell(joining.not_joined(who.say if who else speech_of(incoming, uow)))
    named = thread_named(incoming.value, who, uow)
    if named is None or not named.is_question:
        return Tell.words(who.say("This question is gone, or it belongs to another network."))
    threads.lock(uow, named.thread)
    outcome = _show_here(named, who, uow)
    for one in listings.with_thread(uow, who.conversation, named.thread):
        posts.show_again(uow, listing.KIND, one)
    return Tell.words(outcome)


def _show_here(named: Standing, who: Presence, uow: UnitOfWork) -> str:
    """What came of it, in words. The thread is locked, so whoever else pressed is done."""
    question = threads.question(uow, named.thread)
    number = str(question.number)
    if question.state == "withdrawn":
        return who.say("Question Q-{number} was withdrawn by its author.", number=number)
    state = posts.state_in(uow, named.post, who.conversation)
    if state == "removed":
        return who.say(
            "Question Q-{number} was taken away in this channel, and stays away.", number=number
        )
    if not threads.may_cross(uow, named.thread) and (state is None or state in posts.ABSENT):
        return who.say(
            "Question Q-{number} goes to no further channel: its organisation no longer takes "
            "part.",
            number=number,
        )
    wanted = posts.answers_not_in(uow, named.thread, who.conversation)
    if state is None or state in posts.ABSENT:
        wanted = [named.post, *wanted]
    for post in wanted:
        posts.show_also(uow, post, who.conversation)
    if not wanted:
        return who.say("Question Q-{number} stands in this channel already.", number=number)
    return who.say(
        "Question Q-{number} and its answers are on their way to this channel.", number=number
    )
