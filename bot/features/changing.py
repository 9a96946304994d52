"""Changing: what an author edits, deletes or brings back follows in every room."""

from __future__ import annotations

from dataclasses import fields

from bot import ballots
from bot.cards import Card
from bot.features import (
    answering,
    asking,
    casting,
    closing,
    codes,
    commands,
    everywhere,
    hearing,
    menu,
    notices,
    polling,
    retyping,
    waiting,
    warning,
)
from bot.features.presence import (
    account_of,
    conversation_of,
    direct_message_to,
    in_room,
    present_in_each,
    speech_for,
)
from bot.incoming import Deleted, Edited, Said
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, nominations, posts, rooms, threads
from storage.rooms import Room
from storage.threads import Utterance

NOTHING = Text().dump()
REFUSED = "edit-refused"


def edited(incoming: Edited, uow: UnitOfWork) -> None:
    """The message reads otherwise now. One that was not taken in before may be a question now."""
    place = incoming.place
    room = rooms.room_at(uow, place.installation, place.key)
    if room is None or not room.active:
        _in_private(incoming, uow)
        return
    if incoming.suspicion is not None:
        warning.stopped(incoming, room, uow)
        return
    conversation, message = room.conversation, incoming.message
    warning.mended(conversation, message, uow)
    suggested = nominations.written_as(uow, conversation, message)
    if suggested is None and not _concerns_us(incoming, conversation, uow):
        return
    if not threads.hear(uow, conversation, message, incoming.version, restored=incoming.restored):
        return
    question = threads.thread_written_as(uow, conversation, message)
    reply = None if question else threads.reply_written_as(uow, conversation, message)
    if question is None and reply is None and suggested is None:
        if incoming.restored and _was_a_vote(incoming, conversation, uow):
            return  # What comes back is none: there may be a later one.
        hearing.said(_as_said(incoming), uow, is_heard=True)
    elif code := codes.found_in(incoming.whole(incoming.text), uow):
        codes.stop(uow, code, incoming, room, under=incoming.root or message)
    elif suggested is not None:  # It may have been an answer first, which is withdrawn then.
        retyping.edited(suggested, incoming, uow)
    elif question is not None:
        _question_reads(question, incoming, room, uow)
    elif reply is not None:
        _reply_reads(reply, incoming, room, uow)


def _was_a_vote(incoming: Edited, conversation: int, uow: UnitOfWork) -> bool:
    words, root = incoming.text.plain(), incoming.root
    thread = threads.standing_under(uow, conversation, root) if root else None
    under_poll = thread is not None and thread.kind == polling.KIND
    return bool(ballots.typed(words, under_poll=True)) if under_poll else ballots.is_meant(words)


def _in_private(incoming: Edited, uow: UnitOfWork) -> None:
    """A vote or a suggestion that was typed there reads otherwise now; nothing else follows an edit
    there."""
    if not incoming.place.direct:
        return
    account = account_of(incoming.person, incoming.place, uow)
    language = speech_for(account, incoming.place, uow).language
    conversation = conversation_of(incoming.place, account, language, uow)
    suggested = nominations.written_as(uow, conversation, incoming.message)
    is_vote = not incoming.restored and bool(ballots.typed(incoming.text.plain()))
    if suggested is None and not is_vote:
        return
    if not threads.hear(uow, conversation, incoming.message, incoming.version):
        return
    here = present_in_each(incoming.person, incoming.place, uow)
    if suggested is None:
        casting.in_private(_as_said(incoming), here, conversation, uow)
    elif incoming.suspicion is not None:
        menu.tell_of_number(conversation, uow)
    elif any(who.network == suggested.network for who in here):
        retyping.edited(suggested, incoming, uow)


def deleted(incoming: Deleted, uow: UnitOfWork) -> None:
    """The message is gone. Its words are wiped here at once, and every copy follows."""
    place = incoming.place
    conversation = rooms.conversation_at(uow, place.installation, place.key)
    if conversation is None:
        return
    ours = posts.copy_at(uow, conversation, incoming.message)
    if ours is not None and not ours[1]:
        posts.removed_there(uow, ours[0])
        return
    if not threads.bury(uow, conversation, incoming.message):
        return
    warning.mended(conversation, incoming.message, uow)
    if suggested := nominations.written_as(uow, conversation, incoming.message):
        retyping.deleted(suggested, uow)
    elif question := threads.thread_written_as(uow, conversation, incoming.message):
        threads.change_question(uow, question, body=NOTHING, state="withdrawn", edited=False)
        everywhere.show_again(uow, question)
    elif reply := threads.reply_written_as(uow, conversation, incoming.message):
        take_away(reply, uow)


def _question_reads(id: int, incoming: Edited, room: Room, uow: UnitOfWork) -> None:
    text = incoming.whole(commands.question_of(incoming))
    before = threads.question(uow, id)
    if before.state == "open" and before.body == text.dump():
        return
    is_command = incoming.addressed and commands.is_command(incoming.text)
    # One that grows too long crosses in parts: what its author adds is not lost.
    if is_command or len(text.plain()) < asking.SHORTEST:
        if before.state == "open":
            length = "" if is_command else str(len(text.plain()))
            _tell_refused(before.number, length, incoming, room, uow)
        return
    edited = not incoming.restored and reads_otherwise(before, text)
    if threads.change_question(uow, id, body=text.dump(), state="open", edited=edited):
        everywhere.show_again(uow, id)


def _tell_refused(number: int, length: str, incoming: Edited, room: Room, uow: UnitOfWork) -> None:
    """What cannot be a question changes nothing elsewhere, and its author is told so in private."""
    account = account_of(incoming.person, incoming.place, uow, room.conversation)
    chat = direct_message_to(account, room.language, uow)
    facts = {"number": str(number), "length": length}
    notices.tell(uow, REFUSED, chat, network=room.network, facts=facts, private=True)


def _reply_reads(id: int, incoming: Edited, room: Room, uow: UnitOfWork) -> None:
    text = incoming.whole(incoming.text)
    before = threads.reply_by_id(uow, id)
    is_back = before.state != "standing"
    if not is_back and before.body == text.dump():
        return
    if _says_nothing_to_others(before, incoming, room, uow):
        if not is_back:
            take_away(id, uow)
        return
    edited = not incoming.restored and reads_otherwise(before, text)
    change(before, text, uow, edited=edited)
    if is_back:
        closing.answer_changed(id, uow)


def _says_nothing_to_others(
    before: Utterance, incoming: Edited, room: Room, uow: UnitOfWork
) -> bool:
    """Whether an answer became a word for the bot alone, which is done, or has no words left."""
    thread, said = threads.standing(uow, before.thread), _as_said(incoming)
    if thread is not None and (incoming.addressed or thread.kind == polling.KIND):
        who = in_room(incoming.person, room, incoming.place, uow)
        if casting.in_thread(said, who, thread, uow):
            return True
        if incoming.addressed and hearing.is_for_the_bot(said, who, thread, uow):
            return True
    return not incoming.whole(incoming.text)


def change(before: Utterance, text: Text, uow: UnitOfWork, *, edited: bool = True) -> None:
    """An answer reads so now. A word or two may be one at last, or it is none any more."""
    id, gone, brief = before.id, before.state != "standing", answering.is_brief(text)
    threads.change_reply(uow, id, body=text.dump(), state="standing", edited=edited, brief=brief)
    everywhere.show_answer_again(uow, id, gone=False if gone else None)
    to = threads.standing(uow, before.thread)
    if to is None or not to.is_question or brief == answering.is_brief(Text.load(before.body)):
        return
    if brief:
        waiting.unanswered_after_all(to.thread, threads.answered_at(uow, id), uow)
    else:
        answering.is_given(to, threads.answerer(uow, id), uow)


def take_away(reply: int, uow: UnitOfWork) -> None:
    """Its words are wiped here, and every copy goes."""
    threads.change_reply(uow, reply, body=NOTHING, state="withdrawn", edited=False)
    everywhere.show_answer_again(uow, reply, gone=True)
    closing.answer_changed(reply, uow)


def reads_otherwise(before: Utterance, text: Text) -> bool:
    """Whether it has other words now; other looks alone are not said to be an edit."""
    return Text.load(before.body).plain() != text.plain()


def _concerns_us(incoming: Edited, conversation: int, uow: UnitOfWork) -> bool:
    """Idle talk in the channel is not noted, not even that it was edited."""
    if incoming.addressed or incoming.root is not None:
        return True
    return posts.is_copy(uow, conversation, incoming.message)


def _as_said(incoming: Edited) -> Said:
    shared = {field.name for field in fields(Said)} & {field.name for field in fields(Edited)}
    return Said(**{name: getattr(incoming, name) for name in shared})


@notices.notice(REFUSED)
def _refused(say: Speech, facts: notices.Facts) -> Card:
    words = (
        say(
            "In the other channels, Q-{number} reads as it did before your edit.",
            number=facts["number"],
        ),
        _why(facts["length"], say),
        say("Edit your message once more. To withdraw the question, delete the message."),
    )
    return Card(text=Text.of(" ".join(words)))


def _why(length: str, say: Speech) -> str:
    if not length:
        return say("What your message says now is a command to me, and not a question.")
    return asking.refusal(Text.of("x" * int(length)), say) or ""
