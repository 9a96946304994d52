"""Reading: a whole thread, for a member of its network, wherever they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cards import Answer, Button, Form, Item, Open, Tell
from bot.drawn import ANSWER, author_name, question_title, shown_name, when, words_of
from bot.features import answering, audience
from bot.features.presence import Presence, present_in_each, speech_of
from bot.incoming import Pressed, id_named
from bot.language import Speech
from bot.text import Block, Span, Text
from storage import UnitOfWork, overviews, posts, threads
from storage.overviews import Line

READ = "read"

ROOM = 9000
"""Characters of one thread that a modal and a dialog hold."""

OF_QUESTION, OF_ANSWER = 3000, 1500
"""Characters of its question, and of each answer, before the rest of it is left out."""

WORDS = 110
"""Characters of a question in a list."""

ANSWERS = 40
"""Answers of one thread that are read at once, the newest."""


def button(thread: int, say: Speech) -> Button:
    """Opens the thread; give it to anybody who may see that there is one."""
    return Button(READ, say("Read", context="button"), str(thread), opens=True)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    here = present_in_each(incoming.person, incoming.place, uow)
    for who in here:
        question = _question(incoming.value, who, uow)
        if question is not None:
            return Open(form(question, who.say, uow, _who_sees(question, who, uow)))
    say = here[0].say if here else speech_of(incoming, uow)
    return Tell.words(say("This question is gone, or it belongs to another network."))


def form(question: Line, say: Speech, uow: UnitOfWork, sees: str = "") -> Form:
    """The thread as it stands now; while the question stands, one may answer it below. `sees` says
    who will be shown that."""
    answers = overviews.answers_to(uow, question.id, ANSWERS)
    text, shown = _thread(question, answers, say, uow)
    reading = Form(
        name=READ,
        title=question_title(question.number, say, question.kind),
        submit="",
        cancel=say("Close"),
        text=text,
        note=_note(threads.count_replies(uow, question.id), shown, say),
    )
    if question.state == "withdrawn":
        return reading
    # Sent, it is an answer like any other: who may give it is looked into there.
    return replace(
        reading,
        name=ANSWER,
        subject=str(question.id),
        submit=say("Send"),
        done=say("Close"),
        inputs=(answering.field(say),),
        note="\n".join(line for line in (reading.note, sees) if line),
    )


def _who_sees(question: Line, who: Presence, uow: UnitOfWork) -> str:
    post = posts.find(uow, question.kind, question.id)
    places = [] if post is None else posts.where_it_stands(uow, post, who.network)
    return audience.of_rooms(uow, places, who.say)


def byline(line: Line, say: Speech) -> str:
    """Who wrote it, and for which organisation; who has no name here yet is a member."""
    if line.organisation_name is None:
        return question_title(None, say, line.kind)
    return f"{author_name(line.author, say)} · {shown_name(line.organisation_name)}"


def item(line: Line, say: Speech, uow: UnitOfWork) -> Item:
    """A question in a list: how it begins, whose it is, and the way to read and answer it."""
    note = f"{byline(line, say)} · {answers(line.answers, say)}"
    return Item(first_words(line, uow), note, button(line.id, say))


def first_words(line: Line, uow: UnitOfWork) -> str:
    words = " ".join(words_of(line, uow).shortened(WORDS).plain().split())
    return f"Q-{line.number} · {words[: WORDS + 20]}"


def answers(count: int, say: Speech) -> str:
    """How many there are, in the small print of a list."""
    return say.many("{count} answer", "{count} answers", count) if count else say("no answer yet")


def _question(value: str, who: Presence, uow: UnitOfWork) -> Line | None:
    """The question that a client names, if it is one of the person's own network."""
    return overviews.question(uow, who.network, id_named(value))


def _thread(
    question: Line, answers: Sequence[Line], say: Speech, uow: UnitOfWork
) -> tuple[Text, int]:
    """The question and as many of the newest answers as there is room for, and how many."""
    asked = answering.asked(question, say, uow).shortened(OF_QUESTION)
    first = _said(question, asked, say, uow)
    room = ROOM - len(first.plain())
    kept: list[Text] = []
    for answer in reversed(answers):
        said = _said(answer, words_of(answer, uow, say).shortened(OF_ANSWER), say, uow)
        room -= len(said.plain())
        if room < 0:
            break
        kept.append(said)
    blocks = (block for text in (first, *reversed(kept)) for block in text.blocks)
    return Text(tuple(blocks)), len(kept)


def _said(line: Line, words: Text, say: Speech, uow: UnitOfWork) -> Text:
    """What somebody wrote, under their name and the time."""
    edited = f" · {say('Edited.')}" if line.edited and line.state != "withdrawn" else ""
    spans = (
        Span(byline(line, say), bold=True),
        Span(f"\n{when(line.created_at, say, uow.now)}{edited}"),
    )
    return Text((Block("paragraph", spans), *words.blocks))


def _note(answers: int, shown: int, say: Speech) -> str:
    """Of all that stand there, a word or two as well."""
    left_out = answers - shown
    if not answers:
        return say("Nobody has answered yet.")
    if not left_out:
        return ""
    return say.many(
        "{count} older answer is left out here. It stands in the thread in your channel.",
        "{count} older answers are left out here. They stand in the thread in your channel.",
        left_out,
    )
