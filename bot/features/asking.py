"""Asking: a question gets a number and stands in every room of the network."""

from __future__ import annotations

from bot.cards import Answer, Button, Card, Form, Input, Open, Tell
from bot.drawn import MEND, Reader, byline, for_its_author, words_of
from bot.features import answering, closing, joining, notices, reach
from bot.features.presence import Presence, present
from bot.incoming import Pressed, Submitted
from bot.language import Speech, speak
from bot.text import Text
from storage import UnitOfWork, people, posts, rooms, threads
from storage.threads import Utterance

ASK = "ask"
SHORTEST, LONGEST = 10, 2000
"""Characters a question may have."""


def ask(
    uow: UnitOfWork, who: Presence, text: Text, message: str | None = None, root: str | None = None
) -> int:
    """Ask the network; the question's number.

    Where a member's own message is the question, it is the copy in its own room, and a foot card
    under it shows what cannot be shown there.
    """
    thread = threads.ask(
        uow,
        network_id=who.network,
        organisation_id=who.organisation,
        member=who.member,
        account_id=who.account.id,
        conversation=who.conversation,
        message=message,
        body=text.dump(),
    )
    own = {who.conversation: (message, root or message)} if message and who.in_room else {}
    everywhere = rooms.active_conversations(uow, who.network)
    post = posts.show(uow, "question", thread, everywhere, network=who.network, native=own)
    if own:
        posts.show(uow, "foot", thread, [who.conversation], network=who.network, parent=post)
    return threads.question(uow, thread).number


def refusal(text: Text, say: Speech) -> str | None:
    """Why this cannot be a question, and what to do; None if it can."""
    length = len(text.plain())
    if length < SHORTEST:
        return say(
            "A question needs at least {count} characters. Write a little more.", count=SHORTEST
        )
    if length > LONGEST:
        return say(
            "The question has {length} characters; there is space for {count}. "
            "Shorten it, and add the details in its thread.",
            length=say.number(length),
            count=say.number(LONGEST),
        )
    return None


def form(say: Speech, value: str = "", problem: str = "") -> Form:
    return Form(
        name=ASK,
        title=say("Ask a question"),
        submit=say("Ask"),
        cancel=say("Cancel"),
        done=say("Close"),
        intro=say("Write about the process, not the person."),
        inputs=(
            Input(
                name="question",
                label=say("Your question"),
                hint=say("Shown in every channel of the network, with your name and organisation."),
                value=value,
                problem=problem,
                multiline=True,
                max_length=LONGEST,
            ),
        ),
    )


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = present(incoming.person, incoming.place, uow)
    if who is None:
        return joining.stranger(incoming, uow)
    return Open(form(who.say))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    who = present(incoming.person, incoming.place, uow)
    if who is None:
        return joining.stranger(incoming, uow)
    words = incoming.values.get("question", "")
    if incoming.suspicions:
        return Open(form(who.say, words, answering.number_in_form(who.say)))
    text = Text.of(words)
    problem = refusal(text, who.say)
    if problem is not None:
        return Open(form(who.say, words, problem))
    return Tell.words(asked(ask_once(uow, who, text), who.say))


def ask_once(uow: UnitOfWork, who: Presence, text: Text) -> int:
    """Ask what has no message of its own. Teams may send a form again under another id when it got
    no answer in time, so the same question within a minute is the same question."""
    people.lock(uow, who.member)
    since = uow.now - answering.SAME_WITHIN
    known = threads.asked_since(uow, who.member, text.dump(), since)
    return known if known is not None else ask(uow, who, text)


def asked(number: int, say: Speech) -> str:
    return say(
        "Your question, Q-{number}, is on its way to every channel of the network. "
        "Answers come in the thread under it.",
        number=str(number),
    )


def card(subject: int, reader: Reader, uow: UnitOfWork) -> Card:
    """The question as it stands in the other rooms."""
    question = threads.question(uow, subject)
    say = speak(reader.language)
    title = say("Question Q-{number}", number=str(question.number))
    if question.state == "withdrawn":
        return Card(title=title, note=say("Withdrawn by its author. The answers stay."))
    return Card(
        title=title,
        byline=byline(question, say, uow),
        text=words_of(question, uow, say),
        facts=closing.facts(question, say, uow),
        note=_note(question, reader, say),
        buttons=(
            answering.button(subject, say),
            closing.button(question, say),
            *for_its_author("question", question, reader, say),
        ),
    )


def foot(subject: int, reader: Reader, uow: UnitOfWork) -> Card:
    """What stands under the member's own message: number, state and the way to answer."""
    question = threads.question(uow, subject)
    say = speak(reader.language)
    if question.state == "withdrawn":
        return Card(
            text=Text.of(
                say(
                    "Question Q-{number} was withdrawn by its author. The answers stay.",
                    number=str(question.number),
                )
            )
        )
    return Card(
        text=Text.of(
            say(
                "Question Q-{number} stands in every channel of the network. "
                "Answers from the others come in this thread.",
                number=str(question.number),
            )
        ),
        facts=closing.facts(question, say, uow),
        note=closing.note(say) if question.marked else None,
        buttons=(
            answering.button(subject, say),
            closing.button(question, say),
            Button(MEND, say("Change or withdraw"), f"question:{subject}", opens=True),
        ),
    )


def _note(question: Utterance, reader: Reader, say: Speech) -> str:
    edited = say("Edited.") if question.edited else ""
    answered = closing.note(say) if question.marked else ""
    return " ".join(filter(None, (answered, edited, reach.how_to_answer(reader.reads, say))))


@notices.notice("question-refused")
def _refused(say: Speech, facts: notices.Facts) -> Card:
    length = int(facts["length"])
    return Card(text=Text.of(refusal(Text.of("x" * length), say) or ""))
