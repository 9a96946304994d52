"""Listing: what a room has missed is listed there, for somebody to choose what is shown."""

from __future__ import annotations

from datetime import timedelta

from bot.cards import Button, Card, Item
from bot.drawn import Reader, byline, words_of
from bot.language import Speech, speak
from bot.text import Text
from storage import UnitOfWork, deliveries, listings, posts, rooms, threads
from storage.listings import Line, Listing
from storage.rooms import Room
from storage.threads import Utterance

KIND = listings.CARD
SHOW_HERE = "show-here"
JOINED, MISSED = "joined", "missed"
"""Why a list is shown: the room has joined, or it could not be reached."""

SHOWN = 10
"""Questions of a list that are named; the rest is told as a number."""

EXCERPT = 120
"""Characters of a question that its line in a list has."""

FEW = 10
"""As many posts are shown one after the other, however late."""

LATE = timedelta(hours=1)
"""What has waited for less was not missed: it is only slow."""


def on_joining(room: Room, uow: UnitOfWork) -> None:
    """The room is part of the network from now on: what is open there, once; what stood here
    before, if it was part of it once, is brought up to date."""
    deliveries.take_up(uow, room.conversation, room.network)
    newest, total = listings.open_questions_not_in(uow, room.network, room.conversation, SHOWN)
    if total:
        made = listings.keep(
            uow,
            network=room.network,
            conversation=room.conversation,
            reason=JOINED,
            listed_threads=newest,
            threads=total,
        )
        posts.show(uow, KIND, made, [room.conversation], network=room.network)


def instead_of_missed(lane: int, uow: UnitOfWork) -> bool:
    """If many posts have waited long for this lane, which we hold, one list is shown in their
    place; True if so. What waits while a list still does is told of by that one."""
    room = rooms.active_room_of(uow, lane)
    if room is None:
        return False
    missed = deliveries.missed(uow, lane, room.network, uow.real - LATE)
    known = listings.not_yet_sent(uow, lane, MISSED) if missed else None
    if not missed or (known is None and len(missed) <= FEW):
        return False
    made = known or listings.keep(uow, network=room.network, conversation=lane, reason=MISSED)
    questions = sum(one.kind == "question" for one in missed)
    listings.add(
        uow,
        made,
        (one.thread for one in missed),
        questions=questions,
        answers=len(missed) - questions,
    )
    deliveries.drop_missed(uow, lane, [one.copy for one in missed])
    if known is None:
        posts.show(uow, KIND, made, [lane], network=room.network)
    else:
        posts.show_again(uow, KIND, made)
    return True


def card(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """The list as it stands now; nothing where its room has left the network."""
    if reader.organisation is None:
        return None
    listing = listings.find(uow, subject)
    say = speak(reader.language)
    shown = listings.lines(uow, subject, SHOWN)
    return Card(
        title=say("Open questions") if listing.reason == JOINED else say("What came meanwhile"),
        text=Text.of(_why(listing, say)),
        items=tuple(_item(line, say, uow) for line in shown),
        note=_more(listing, len(shown), say),
    )


def _more(listing: Listing, shown: int, say: Speech) -> str | None:
    """How many there are beside those that are named, as far as they were counted."""
    more = listing.threads - shown
    if listing.reason == JOINED and listing.threads > listings.COUNTED:
        counted = say.number(listings.COUNTED - shown)
        return say("And more than {count} more questions.", count=counted)
    return (
        say.many("And {count} more question.", "And {count} more questions.", more)
        if more > 0
        else None
    )


def _why(listing: Listing, say: Speech) -> str:
    if listing.reason == JOINED:
        return say(
            "These were asked before this channel joined. Choose what is to be shown here, with "
            "its answers."
        )
    questions = say.many("{count} question", "{count} questions", listing.questions)
    answers = say.many("{count} answer", "{count} answers", listing.answers)
    if not listing.answers:
        missed = questions
    elif not listing.questions:
        missed = answers
    else:
        missed = say("{questions} and {answers}", questions=questions, answers=answers)
    came = say("While this channel could not be reached: {missed}.", missed=missed)
    return came + " " + say("Choose what is to be shown here.")


def _item(line: Line, say: Speech, uow: UnitOfWork) -> Item:
    question = threads.question(uow, line.thread)
    name = f"Q-{question.number}"
    if question.state == "withdrawn":
        return Item(f"{name} · " + say("Withdrawn by its author."))
    words = f"{name} · {_excerpt(question, uow)}"
    answers = say.many("{count} answer", "{count} answers", line.answers)
    note = byline(question, say, uow) + (f" · {answers}" if line.answers else "")
    if line.state == "removed":
        return Item(words, f"{note} · " + say("Taken away in this channel."))
    if line.state is not None and line.state not in posts.ABSENT and not line.missing:
        return Item(words, f"{note} · " + say("Stands in this channel now."))
    return Item(words, note, Button(SHOW_HERE, say("Show here"), str(line.thread)))


def _excerpt(question: Utterance, uow: UnitOfWork) -> str:
    on_one_line = " ".join(words_of(question, uow).plain().split())
    return Text.of(on_one_line).shortened(EXCERPT).plain()
