"""Closing: the asker or a facilitator marks a question as answered, and picks what answered it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.cards import NO_TEXT, Answer, Button, Card, Form, Input, Open, Tell
from bot.drawn import LONGEST_LIST, author_name, byline, shown_name, withdrawn, words_of
from bot.features import answering, everywhere, notices, thanking, waiting
from bot.features.presence import Presence, account_of, present_in_each, speech_for
from bot.graphemes import cut
from bot.incoming import Pressed, Submitted, id_named
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, attempts, closing, leaving, people, posts, steps, threads
from storage.threads import Standing, Utterance

CLOSE, REOPEN = "close", "reopen"
TRIED_AFTER = timedelta(weeks=2)
"""After an answer is marked as one that helped, it is asked what became of it."""

LONGEST_CHOICE = 75


def button(question: Utterance, say: Speech) -> Button:
    """What the asker or a facilitator can do about the question now; others are told so."""
    if question.marked:
        return Button(REOPEN, say("Open again"), str(question.id))
    return Button(CLOSE, say("Mark as answered"), str(question.id), opens=True)


def title(question: Utterance, say: Speech) -> str:
    """The question's number, and that it is answered: whoever only glances at it sees so."""
    number = str(question.number)
    if question.closed and question.state != "withdrawn":
        return say("Closed · Question Q-{number}", number=number)
    if question.marked and question.state != "withdrawn":
        return say("Answered · Question Q-{number}", number=number)
    return say("Question Q-{number}", number=number)


def note(question: Utterance, say: Speech) -> str:
    """The small print of a question that is answered, or closed."""
    if question.closed:
        return say("Answers are still welcome.")
    return say("New answers are still welcome.") if question.marked else ""


def facts(question: Utterance, say: Speech, uow: UnitOfWork) -> tuple[tuple[str, str], ...]:
    """Whose answers did it: their own room shows them too, where no card of ours is the answer."""
    if not question.marked:
        return ()
    helped = closing.answers_that_helped(uow, question.id)
    authors = dict.fromkeys(byline(answer, say, uow) for answer in helped)
    if not authors:
        return ()
    return ((say("This helped"), cut(", ".join(authors), LONGEST_LIST)),)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """The button that closes: it asks which answers did it."""
    found = _permitted(incoming, incoming.value, uow)
    if isinstance(found, Tell):
        return found
    who, question = found
    latest = closing.latest_answers(uow, question.id)
    choices = [(str(answer.id), _choice(answer, who.say, uow)) for answer in latest]
    asked = answering.beginning(who.network, question.id, who.say, uow)
    return Open(form(question.id, question.number, choices, who.say, to=asked))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    found = _permitted(incoming, incoming.subject, uow)
    if isinstance(found, Tell):
        return found
    who, question = found
    picked = [id for one in incoming.values.get("answers", "").split(",") if (id := id_named(one))]
    if not close(question, who, uow, picked):
        return Tell.words(withdrawn(question.number, who.say))
    return Tell.words(_answered(question.number, who.say))


def reopened(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """The button that opens again."""
    found = _permitted(incoming, incoming.value, uow)
    if isinstance(found, Tell):
        return found
    who, question = found
    if not reopen(question, uow):
        return Tell.words(_is_open(question.number, who.say))
    return None


def _permitted(
    incoming: Pressed | Submitted, value: str, uow: UnitOfWork
) -> tuple[Presence, Utterance] | Tell:
    """Who acts, and the question that they may close and open; else what they are told."""
    for who in present_in_each(incoming.person, incoming.place, uow):
        question = question_named(value, who, uow)
        if question is None:
            continue
        if not may(who, question, uow):
            return Tell.words(f"{_who_asked(question, who.say)} {_not_yours(who.say)}")
        if question.state == "withdrawn":
            return Tell.words(withdrawn(question.number, who.say))
        return who, question
    return _stranger(incoming, uow)


def said(word: str, who: Presence, thread: Standing, uow: UnitOfWork) -> None:
    """`@Mellom answered` or `@Mellom open again` in the thread; what came of it is said there."""
    about, outcome = {"thread": str(thread.thread)}, "close-prompt"
    if thread.is_question:
        question = threads.question(uow, thread.thread)
        about["number"] = str(question.number)
        outcome = _outcome(word, question, who, uow)
    notices.tell(
        uow, outcome, who.conversation, network=who.network, parent=thread.post, facts=about
    )


def _outcome(word: str, question: Utterance, who: Presence, uow: UnitOfWork) -> str:
    if not may(who, question, uow):
        return "close-refused"
    if question.state == "withdrawn":
        return "close-withdrawn"
    if word == REOPEN:
        reopen(question, uow)
        return "opened"
    if not close(question, who, uow):
        return "close-withdrawn"
    return "answered" if closing.latest_answers(uow, question.id) else "answered-alone"


def close(question: Utterance, who: Presence, uow: UnitOfWork, picked: Iterable[int] = ()) -> bool:
    """Mark it, and what did it, in every copy; False if it is withdrawn. Two who close it at once
    both count: it is answered once, and by all that either picked."""
    closing.lock(uow, question.id)
    news = closing.close(uow, question.id, by=who.member)
    if not news and threads.question(uow, question.id).state == "withdrawn":
        return False
    helped = closing.mark_helped(uow, question.id, picked)
    if helped:
        steps.begin(uow, question.id, attempts.STEP, question.network, uow.now + TRIED_AFTER)
        thanking.marked(question, helped, uow)
    if news or helped:
        _show_again(question.id, helped, uow)
    return True


def shut(question: Utterance, who: Presence, uow: UnitOfWork) -> bool:
    """Close what nobody has answered, without calling it answered; False if it is withdrawn."""
    closing.lock(uow, question.id)
    if closing.close(uow, question.id, by=who.member, unanswered=True):
        _show_again(question.id, (), uow)
        return True
    return threads.question(uow, question.id).state != "withdrawn"


def reopen(question: Utterance, uow: UnitOfWork) -> bool:
    """Open it again, and forget what helped, so that closing it anew begins afresh."""
    closing.lock(uow, question.id)
    if not closing.reopen(uow, question.id):
        return False
    steps.drop(uow, question.id, (attempts.STEP,))
    _show_again(question.id, closing.forget_helped(uow, question.id), uow)
    waiting.begin_again(question.id, uow)
    return True


def answer_changed(answer: int, uow: UnitOfWork) -> None:
    """An answer was taken away or came back: the question's cards name whose answers helped."""
    written = threads.reply_by_id(uow, answer)
    if written.marked:
        _show_again(written.thread, (), uow)
    if written.state != "standing":
        waiting.unanswered_after_all(written.thread, threads.answered_at(uow, answer), uow)


def form(
    thread: int,
    number: int,
    choices: Sequence[tuple[str, str]],
    say: Speech,
    *,
    to: Text = NO_TEXT,
) -> Form:
    """`to` is the question that is marked."""
    hint = say("Choose as many as you like, or none.")
    if len(choices) == closing.MOST:
        latest = say("The {count} latest answers are listed.", count=str(closing.MOST))
        hint = f"{hint} {latest}"
    field = Input(
        name="answers",
        label=say("Which answers helped?"),
        hint=hint,
        required=False,
        choices=tuple(choices),
        many=True,
    )
    return Form(
        name=CLOSE,
        title=say("Mark as answered"),
        submit=say("Mark as answered"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(thread),
        intro=say(
            "Question Q-{number} is shown as answered in every channel of the network. It can be "
            "opened again.",
            number=str(number),
        ),
        text=to,
        inputs=(field,) if choices else (),
    )


def _choice(answer: Utterance, say: Speech, uow: UnitOfWork) -> str:
    author = f"{author_name(answer.author, say)} · {shown_name(answer.organisation_name)}"
    return cut(f"{author}: {words_of(answer, uow).plain()}", LONGEST_CHOICE)


def may(who: Presence, question: Utterance, uow: UnitOfWork) -> bool:
    """Whoever asked it, or looks after it since they have left; and a facilitator."""
    if threads.question_of(uow, question.id, who.member) is not None:
        return True
    if leaving.keeps(uow, who.member, question.id):
        return True
    member = people.member_of(uow, who.network, who.account.id)
    return member is not None and member.role == "facilitator"


def question_named(value: str, who: Presence, uow: UnitOfWork) -> Utterance | None:
    """The question that a client names, if it is one of the person's own network."""
    found = threads.standing(uow, id_named(value))
    if found is None or found.network != who.network or not found.is_question:
        return None
    return threads.question(uow, found.thread)


def _show_again(thread: int, answers: Iterable[int], uow: UnitOfWork) -> None:
    everywhere.show_again(uow, thread)
    for answer in answers:
        posts.show_again(uow, "answer", answer)


def _stranger(incoming: Pressed | Submitted, uow: UnitOfWork) -> Tell:
    account = account_of(incoming.person, incoming.place, uow)
    return Tell.words(_not_yours(speech_for(account, incoming.place, uow)))


def _not_yours(say: Speech) -> str:
    return say(
        "The person who asked or a facilitator can mark a question as answered and open it again."
    )


def _who_asked(question: Utterance, say: Speech) -> str:
    """So that whoever may not mark it knows whom to ask."""
    return say(
        "Q-{number} was asked by {name} at {organisation}.",
        number=str(question.number),
        name=shown_name(question.author or say("A member")),
        organisation=shown_name(question.organisation_name),
    )


def _answered(number: int | str, say: Speech) -> str:
    return say("Q-{number} is marked as answered in every channel.", number=str(number))


def _is_open(number: int | str, say: Speech) -> str:
    return say("Q-{number} is open.", number=str(number))


@notices.notice("answered")
def _told_answered(say: Speech, facts: notices.Facts) -> Card:
    pick = Button(CLOSE, say("Choose the answers that helped"), facts["thread"], opens=True)
    return Card(text=Text.of(_answered(facts["number"], say)), buttons=(pick,))


@notices.notice("answered-alone")
def _told_answered_alone(say: Speech, facts: notices.Facts) -> Card:
    return Card(text=Text.of(_answered(facts["number"], say)))


@notices.notice("opened")
def _told_opened(say: Speech, facts: notices.Facts) -> Card:
    return Card(text=Text.of(_is_open(facts["number"], say)))


@notices.notice("close-refused")
def _told_refused(say: Speech, _facts: notices.Facts) -> Card:
    return Card(text=Text.of(_not_yours(say)))


@notices.notice("close-prompt")
def _told_prompt(say: Speech, _facts: notices.Facts) -> Card:
    words = say("The question of the week is not marked as answered. A late answer counts too.")
    return Card(text=Text.of(words))


@notices.notice("close-withdrawn")
def _told_withdrawn(say: Speech, facts: notices.Facts) -> Card:
    return Card(text=Text.of(withdrawn(facts["number"], say)))
