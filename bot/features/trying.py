"""Trying: two weeks after an answer helped, whoever asked is asked once what became of it. Four
answers are equally good, and what is told is the person's own."""

from __future__ import annotations

from bot.cards import Answer, Button, Card, Form, Input, Open, Tell
from bot.features import answering, gate, joining, private, reading
from bot.features.presence import Presence, present_in_each, speech_of
from bot.incoming import Pressed, Submitted, id_named
from bot.language import Speech, mark
from bot.text import Text
from storage import UnitOfWork, attempts, closing, noticing, overviews, posts, privates
from storage.attempts import OUTCOMES, Attempt
from storage.overviews import Line
from storage.privates import Private
from storage.steps import Step

TRIED, TELL = "tried", "tried-tell"

LONGEST = 300
"""Characters of the line that somebody adds for themselves."""

LABELS = {
    "tried": mark("Tried"),
    "adapted": mark("Adapted"),
    "postponed": mark("Postponed"),
    "dropped": mark("Dropped"),
}


def ask(step: Step, uow: UnitOfWork) -> None:
    """If an answer still counts as one that helped, and they were not asked before."""
    one = noticing.asked(uow, step.thread)
    if one is None or _question(one.network, one.thread, uow) is None:
        return
    if attempts.begin(uow, one.thread, one.member):
        facts = {"thread": str(one.thread)}
        sent = private.tell(uow, gate.TRIED, one.network, one.member, facts)
        attempts.asked_in(uow, one.thread, one.member, sent)


def _question(network: int, thread: int, uow: UnitOfWork) -> Line | None:
    """The question, if it stands and an answer that helped does."""
    line = overviews.question(uow, network, thread)
    if line is None or line.state != "open" or not closing.answers_that_helped(uow, thread):
        return None
    return line


@private.message(gate.TRIED)
def _draw(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    thread = int(kept.facts["thread"])
    line, told = _question(kept.network, thread, uow), attempts.find(uow, thread, kept.member)
    if line is None or told is None:
        return None
    if told.outcome is not None:
        return Card(
            text=Text.of(f"{reading.first_words(line, uow)}\n\n{_thanks(say)}"),
            facts=((say("Your answer"), say(LABELS[told.outcome])),),
            buttons=(_opens(told, say("Change or add a line"), say),),
        )
    words = say(
        "An answer to your question is marked as one that helped. Did you try it? Every answer is "
        "useful."
    )
    return Card(
        text=Text.of(f"{words}\n\n{reading.first_words(line, uow)}"),
        note=say("Nobody else is told what you answer."),
        buttons=tuple(
            Button(TRIED, say(LABELS[outcome]), f"{thread}:{outcome}") for outcome in OUTCOMES
        ),
    )


def _opens(told: Attempt, label: str, say: Speech) -> Button:
    return Button(TELL, label, str(told.thread), opens=True)


def _thanks(say: Speech) -> str:
    """The same for each of the four."""
    return say("Thank you for telling. Every answer is as useful as the others.")


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """One of the four answers."""
    thread, _, outcome = incoming.value.partition(":")
    found = _asked(incoming, thread, uow)
    if isinstance(found, Tell):
        return found
    who, told = found
    if outcome not in OUTCOMES:
        return _nothing(who.say)
    return _keep(who, told, outcome, told.words, uow)


def opens(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """What was answered, to change it or say it in words."""
    found = _asked(incoming, incoming.value, uow)
    if isinstance(found, Tell):
        return found
    who, told = found
    return Open(form(told.thread, told.outcome or "", told.words, who.say))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    found = _asked(incoming, incoming.subject, uow)
    if isinstance(found, Tell):
        return found
    who, told = found
    outcome = incoming.values.get("outcome", "")
    words = incoming.values.get("text", "").strip()
    if incoming.suspicions:
        number = answering.number_in_form(who.say)
        return Open(form(told.thread, outcome, words, who.say, in_words=number))
    if outcome not in OUTCOMES:
        missing = who.say("Choose one of the four.")
        return Open(form(told.thread, "", words, who.say, in_outcome=missing))
    return _keep(who, told, outcome, words[:LONGEST], uow)


def form(
    thread: int,
    outcome: str,
    words: str,
    say: Speech,
    *,
    in_outcome: str = "",
    in_words: str = "",
) -> Form:
    return Form(
        name=TELL,
        title=say("What became of it"),
        submit=say("Save"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(thread),
        intro=say("Only you see this. It is passed on to nobody."),
        inputs=(
            Input(
                name="outcome",
                label=say("What became of it"),
                value=outcome,
                problem=in_outcome,
                choices=tuple((one, say(LABELS[one])) for one in OUTCOMES),
            ),
            Input(
                name="text",
                label=say("A line for yourself"),
                hint=say("Deleted after a year, or when you leave the network."),
                value=words,
                problem=in_words,
                required=False,
                multiline=True,
                max_length=LONGEST,
            ),
        ),
    )


def _keep(who: Presence, told: Attempt, outcome: str, words: str, uow: UnitOfWork) -> Tell:
    attempts.tell(uow, told, outcome, words)
    if told.private is not None:
        posts.show_again(uow, privates.KIND, told.private)
    return Tell.words(_thanks(who.say))


def _asked(
    incoming: Pressed | Submitted, thread: str, uow: UnitOfWork
) -> tuple[Presence, Attempt] | Tell:
    """Who acts, and what they were asked; whose it is, the request tells."""
    for who in present_in_each(incoming.person, incoming.place, uow):
        told = attempts.find(uow, id_named(thread), who.member)
        if told is not None:
            return who, told
    return _nothing(speech_of(incoming, uow))


def _nothing(say: Speech) -> Tell:
    return Tell.words(joining.nothing_here(say))
