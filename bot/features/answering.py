"""Answering: a reply in any room's thread, or the Answer button, crosses to the other rooms."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from bot.cards import NO_TEXT, Answer, Card, Form, Input, Open, Tell
from bot.drawn import ANSWER, Reader, byline, for_its_author, question_title, words_of
from bot.features import (
    audience,
    casting,
    codes,
    greeting,
    joining,
    polling,
    prompting,
    reach,
    voting,
)
from bot.features.presence import Presence, present_in_each
from bot.graphemes import shortened
from bot.incoming import Pressed, Submitted, id_named
from bot.language import Speech, speak
from bot.text import Block, Span, Text
from storage import (
    UnitOfWork,
    invitations,
    noticing,
    overviews,
    people,
    posts,
    privates,
    steps,
    threads,
)
from storage.overviews import Line
from storage.threads import Standing, Utterance

LONGEST = 3000
"""Characters an answer may have in the form."""

BEGINNING = 200
"""Characters of the question that stand above it."""

SAME_WITHIN = timedelta(minutes=1)
"""A form that comes again within this time, under whatever id, is the same form."""

MOMENT = timedelta(minutes=1)
"""Before whoever asked is told of an answer, so that what was mistyped is mended or taken back."""

TOO_MANY, TOO_OFTEN, WITHIN = 20, 3, timedelta(minutes=1)
"""More answers than this in one thread, or the same one so often from the same account, are a loop
between bots and not a conversation."""


ENOUGH = 15
"""Characters of an answer; with fewer it crosses all the same, but the question still waits."""


def is_brief(text: Text) -> bool:
    """Whether it is a word or two, and leads nowhere."""
    leads = text.files or any(True for _ in text.with_links().links())
    return not leads and len(text.plain()) < ENOUGH


class Stopped(StrEnum):
    """Why an answer is not added: too many came at once, or the same one too often."""

    MANY = "many-answers"
    SAME = "same-answer"


def answer(
    uow: UnitOfWork, who: Presence, to: Standing, text: Text, message: str | None = None
) -> Stopped | None:
    """Add an answer to a thread and show it wherever the question stands, unless it is stopped.

    Where a member's own message is the answer, it is the copy in its own room.
    """
    body = text.dump()
    recent, same = threads.count_replies_since(
        uow, to.thread, uow.now - WITHIN, TOO_MANY, who.member, body
    )
    if same >= TOO_OFTEN:
        return Stopped.SAME
    if recent >= TOO_MANY:
        return Stopped.MANY
    reply = threads.answer(
        uow,
        thread_id=to.thread,
        organisation_id=who.organisation,
        member=who.member,
        account_id=who.account.id,
        conversation=who.conversation,
        message=message,
        body=body,
        brief=is_brief(text),
    )
    places = posts.where_it_stands(uow, to.post, to.network)
    own = {who.conversation: (message, message)} if message else {}
    posts.show(uow, "answer", reply, places, network=who.network, parent=to.post, native=own)
    if to.is_question and not is_brief(text):
        is_given(to, who.member, uow)
    greeting.spoke(who, to.thread, uow)
    return None


def is_given(to: Standing, member: int, uow: UnitOfWork) -> None:
    """There is an answer: whoever was asked for it has given it, and whoever asked is told."""
    for one in invitations.answered(uow, to.thread, member):
        posts.show_again(uow, privates.KIND, one)
    steps.begin(uow, to.thread, noticing.STEP, to.network, uow.now + MOMENT)


def form(
    thread: int,
    say: Speech,
    value: str = "",
    problem: str = "",
    *,
    to: Text = NO_TEXT,
    note: str = "",
) -> Form:
    """`to` is what is answered, `note` says who will be shown the answer."""
    return Form(
        name=ANSWER,
        title=say("Answer", context="button"),
        submit=say("Send"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(thread),
        intro=say("Write about the process, not the person."),
        text=to,
        inputs=(field(say, value, problem),),
        note=note,
    )


def field(say: Speech, value: str = "", problem: str = "") -> Input:
    """Where an answer is written, in whichever form."""
    return Input(
        name="answer",
        label=say("Your answer"),
        hint=say("Shown with your name and organisation."),
        value=value,
        problem=problem,
        multiline=True,
        max_length=LONGEST,
    )


def filled(
    uow: UnitOfWork, who: Presence, to: Standing, value: str = "", problem: str = ""
) -> Form:
    """The form for this person, with these words in it."""
    places = posts.where_it_stands(uow, to.post, to.network)
    note = audience.of_rooms(uow, places, who.say)
    asked = beginning(to.network, to.thread, who.say, uow)
    return form(to.thread, who.say, value, problem, to=asked, note=note)


def beginning(network: int, thread: int, say: Speech, uow: UnitOfWork) -> Text:
    """Which question it is, and how it begins: the form lies over the channel."""
    question = overviews.question(uow, network, thread)
    if question is None:
        return Text()
    name = Span(question_title(question.number, say, question.kind), bold=True)
    words = " ".join(asked(question, say, uow).plain().split())
    begins = shortened(words, BEGINNING)
    return Text((Block("paragraph", (name, Span(f"\n{begins}"))),))


def asked(question: Line, say: Speech, uow: UnitOfWork) -> Text:
    """What was asked, as a reader of this language reads it."""
    if question.kind == polling.KIND:
        return Text.of(voting.reads(question.id, say, uow))
    if question.number is None:
        return Text.of(prompting.reads(question.id, say, uow))
    if question.state == "withdrawn":
        return Text.of(say("Withdrawn by its author. The answers stay."))
    return words_of(question, uow, say)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who, to = _of_its_network(incoming, incoming.value, uow)
    if who is None:
        return joining.stranger(incoming, uow)
    if to is None:
        return Tell.words(who.say("This question is gone, or it belongs to another network."))
    return Open(filled(uow, who, to))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    who, to = _of_its_network(incoming, incoming.subject, uow)
    if who is None:
        return joining.stranger(incoming, uow)
    if to is None:
        return Tell.words(who.say("This question is gone, or it belongs to another network."))
    words = incoming.values.get("answer", "")
    if incoming.suspicions:
        return Open(filled(uow, who, to, words, number_in_form(who.say)))
    text = Text.of(words)
    if not text:
        return Open(filled(uow, who, to, words, who.say("Write an answer first.")))
    if voted := casting.answered(text, to, who, uow):
        return voted
    if codes.found_in(text, uow):
        return Open(filled(uow, who, to, words, codes.in_form(who.say)))
    people.lock(uow, who.member)
    since = uow.now - SAME_WITHIN
    is_again = threads.answered_since(uow, to.thread, who.member, text.dump(), since)
    if not is_again and answer(uow, who, to, text):
        return Open(filled(uow, who, to, words, too_many(who.say)))
    reach.mentioned(who, uow)
    return Tell.words(who.say("Thank you. Your answer is on its way to the other channels."))


def number_in_form(say: Speech) -> str:
    return say(
        "This seems to contain a national ID number. Nothing was sent or stored. "
        "Take the number out and send again."
    )


def too_many(say: Speech) -> str:
    return say("Too many answers came in this thread at once. Wait a minute and try again.")


def _of_its_network(
    incoming: Pressed | Submitted, value: str, uow: UnitOfWork
) -> tuple[Presence | None, Standing | None]:
    """Who acts, as a member of the network that the named thread is in, and that thread."""
    here = present_in_each(incoming.person, incoming.place, uow)
    for who in here:
        if to := thread_named(value, who, uow):
            return who, to
    return (here[0] if here else None), None


def thread_named(value: str, who: Presence, uow: UnitOfWork) -> Standing | None:
    """The thread that a client names, if it is one of the person's own network."""
    found = threads.standing(uow, id_named(value))
    return found if found is not None and found.network == who.network else None


def card(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """The answer as it stands in the other rooms."""
    reply = threads.reply_by_id(uow, subject)
    if reply.state != "standing":
        return None
    say = speak(reader.language)
    return Card(
        byline=byline(reply, say, uow),
        text=words_of(reply, uow, say),
        note=_note(reply, say),
        buttons=for_its_author("answer", reply, reader, say),
    )


def _note(reply: Utterance, say: Speech) -> str | None:
    edited = say("Edited.") if reply.edited else ""
    helped = say("This helped.") if reply.marked else ""
    return " ".join(filter(None, (helped, edited))) or None
