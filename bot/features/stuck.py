"""Stuck: three ways on with a question that has had no answer, for whoever runs the network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.cards import Answer, Button, Card, Form, Input, Item, Open, Tell
from bot.drawn import is_over, shown_name, words_of
from bot.features import answering, asking, charge, gate, private, reading, waiting
from bot.features.asking import Draft
from bot.features.presence import Presence, speech_of
from bot.incoming import Pressed, Submitted, id_named
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, overviews, people, privates, threads
from storage import waiting as stored
from storage.privates import Private
from storage.threads import Utterance
from storage.waiting import Waiting

REPHRASE, SAVE, OUTSIDE = "rephrase", "save-for-seminar", "ask-outside"
LISTED = 10
"""Questions that the network's card names one by one."""

WORDS = 300
"""Characters of the question that are shown."""


@private.message(gate.STUCK)
def _draw(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    """Nothing once somebody has answered; what stands then says so."""
    thread = int(kept.facts["thread"])
    waits = stored.unanswered(uow, thread) is not None
    if not waits and not privates.stands(uow, kept.id):
        return None
    question = threads.question(uow, thread)
    if not waits:
        words = is_over(question, say)
        return Card(text=Text.of(words), buttons=(reading.button(thread, say),))
    begins = say.quoted(words_of(question, uow).shortened(WORDS).plain())
    is_saved, _ = stored.noted(uow, thread)
    buttons = _buttons(f"{kept.network}:{thread}", say, is_saved=is_saved)
    return Card(
        text=Text.of(f"{_how_it_stands(kept, question, say)}\n\n{begins}"),
        note=_done(thread, say, uow),
        buttons=(*buttons, reading.button(thread, say)),
    )


def _how_it_stands(kept: Private, question: Utterance, say: Speech) -> str:
    named = {
        "number": str(question.number),
        "organisation": shown_name(question.organisation_name),
    }
    if kept.facts.get("why") == "nobody":
        return say(
            "Q-{number} from {organisation} waits for an answer, and there is nobody left whom I "
            "could ask by name. What would help?",
            **named,
        )
    return say(
        "Q-{number} from {organisation} has waited for an answer for five working days. What would "
        "help?",
        **named,
    )


def _buttons(value: str, say: Speech, *, is_saved: bool) -> tuple[Button, ...]:
    save = Button(SAVE, say("Save for the seminar"), value)
    return (
        Button(REPHRASE, say("Suggest other words"), value, opens=True),
        *(() if is_saved else (save,)),
        Button(OUTSIDE, say("Ask outside"), value, opens=True),
    )


def _done(thread: int, say: Speech, uow: UnitOfWork) -> str | None:
    is_saved, outside = stored.noted(uow, thread)
    done = (
        say("It is saved for the next seminar.") if is_saved else "",
        say("It was asked outside the network.") if outside else "",
    )
    return " ".join(filter(None, done)) or None


# ---- what is pressed


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """One of the three. Who runs the network is looked up now."""
    found = _permitted(incoming, incoming.value, uow)
    if isinstance(found, Tell):
        return found
    who, question = found
    if incoming.action == SAVE:
        stored.note(uow, question.id, saved=True)
        _redraw(who.network, question.id, uow)
        return Tell.words(
            who.say(
                "Q-{number} is saved for the next seminar. You find it on the network's card.",
                number=str(question.number),
            )
        )
    asked = words_of(question, uow)
    if incoming.action == REPHRASE:
        return Open(rephrasing(incoming.value, Draft.parted(asked), who.say))
    return Open(outside(incoming.value, asked, who.say))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    found = _permitted(incoming, incoming.subject, uow)
    if isinstance(found, Tell):
        return found
    who, question = found
    if incoming.form == REPHRASE:
        return _suggest(incoming, who, question, uow)
    stored.note(uow, question.id, outside=True)
    _redraw(who.network, question.id, uow)
    return Tell.words(who.say("Noted. Come back with what you hear, as an answer in the thread."))


def _suggest(incoming: Submitted, who: Presence, question: Utterance, uow: UnitOfWork) -> Answer:
    """Only the asker changes the question: they are told the other words, and nobody else is."""
    draft = Draft(incoming.values.get("text", ""), incoming.values.get("details", ""))
    problems = _problems(draft, incoming, who, uow)
    if problems:
        return Open(rephrasing(incoming.subject, draft, who.say, problems))
    waits = stored.unanswered(uow, question.id)
    if waits is None or waits.owner is None:
        return Tell.words(is_over(question, who.say))
    words = f"{draft.question.strip()}\n\n{draft.details.strip()}".strip()
    suggested = {"text": words, "member": str(who.member)}
    people.lock(uow, who.member)
    if not _was_sent(waits, suggested, uow):
        waiting.tell_owner(waits, "rephrased", uow, **suggested)
    return Tell.words(
        who.say("Sent to whoever asked. They take it over, change it, or leave it as it is.")
    )


def _was_sent(waits: Waiting, suggested: Mapping[str, str], uow: UnitOfWork) -> bool:
    """The same within a minute is the same: Teams may send a form again under another id."""
    since = uow.now - answering.SAME_WITHIN
    told = privates.about_thread(uow, waits.owner or 0, gate.OWN_QUESTION.name, waits.thread)
    return any(suggested.items() <= one.facts.items() and one.created_at > since for one in told)


def _problems(draft: Draft, incoming: Submitted, who: Presence, uow: UnitOfWork) -> dict[str, str]:
    suspicions = ["question" if name == "text" else name for name in incoming.suspicions]
    return asking.code_problem(draft, who.say, uow) | draft.problems(suspicions, who.say)


def _permitted(
    incoming: Pressed | Submitted, value: str, uow: UnitOfWork
) -> tuple[Presence, Utterance] | Tell:
    network, _, thread = value.partition(":")
    who = charge.in_charge(incoming, network, uow)
    if who is None:
        return charge.refused(incoming, uow)
    found = threads.standing(uow, id_named(thread))
    if found is None or found.network != who.network or not found.is_question:
        say = speech_of(incoming, uow)
        return Tell.words(say("This question is gone, or it belongs to another network."))
    question = threads.question(uow, found.thread)
    if question.state == "withdrawn" or question.marked:
        return Tell.words(is_over(question, who.say))
    return who, question


def _redraw(network: int, thread: int, uow: UnitOfWork) -> None:
    facts = {"thread": str(thread)}
    privates.redraw_for_those_in_charge(uow, network, gate.STUCK.name, facts)
    overviews.redraw_all(uow, network, overviews.NETWORK)


# ---- forms


def rephrasing(
    value: str, draft: Draft, say: Speech, problems: Mapping[str, str] = asking.NONE
) -> Form:
    return Form(
        name=REPHRASE,
        title=say("Suggest other words"),
        submit=say("Send"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=value,
        intro=say(
            "Whoever asked gets your words in private, and takes them over or not. Nothing changes "
            "by itself."
        ),
        inputs=(
            Input(
                name="text",
                label=say("How it could be asked"),
                hint=say("A concrete case, and one question, are answered soonest."),
                value=draft.question,
                problem=problems.get("question", ""),
                multiline=True,
                max_length=asking.LONGEST,
            ),
            asking.details(say, draft, problems),
        ),
    )


def outside(value: str, asked: Text, say: Speech) -> Form:
    """What was asked, to be copied, without a name."""
    begins = asked.shortened(asking.LONGEST).plain()
    words = say("In a network of municipalities somebody asks:")
    return Form(
        name=OUTSIDE,
        title=say("Ask outside"),
        submit=say("It was asked"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=value,
        intro=say(
            "Copy this to somebody outside the network who may know. It names nobody: ask whoever "
            "asked before you say whose question it is."
        ),
        text=Text.of(f"{words}\n\n{say.quoted(begins)}"),
    )


# ---- on the cards of whoever runs the network


def of_network(network: int, say: Speech, uow: UnitOfWork) -> Iterator[Item]:
    """What waits though more were asked, and what is saved for the next seminar."""
    for heading, found in (
        (say("Waiting for an answer"), stored.sought(uow, network, LISTED)),
        (say("Saved for the next seminar"), stored.saved(uow, network, LISTED)),
    ):
        lines = [line for id in found if (line := overviews.question(uow, network, id))]
        if lines:
            yield Item(heading, heading=True)
            yield from (reading.item(line, say, uow) for line in lines)
