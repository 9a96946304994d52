"""Deciding: whoever asked a question that waits is told what is done about it, and chooses what
becomes of it."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import Answer, Button, Card, Tell
from bot.drawn import MEND, TYPED, is_over, member_name, whose, withdrawn, words_of
from bot.features import closing, everywhere, gate, joining, private, reading
from bot.features.presence import Presence, present_in_each
from bot.features.waiting import CHOICE, SOUGHT
from bot.features.wording import SUGGEST
from bot.graphemes import cut_at
from bot.incoming import Pressed, id_named
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, posts, privates, threads
from storage import waiting as stored
from storage.privates import Private
from storage.threads import Utterance

KEEP, CLOSE, TAKE = "keep-open", "close-unanswered", "take-over"


@private.message(gate.OWN_QUESTION)
def _draw(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    """Nothing once it does not wait any more; what stands then says so."""
    thread, what = int(kept.facts["thread"]), kept.facts["what"]
    question = threads.question(uow, thread)
    if what == "tip":
        return _tip(kept, question, say, uow)
    if stored.unanswered(uow, thread) is None:
        if not privates.stands(uow, kept.id):
            return None
        words = is_over(question, say)
        return Card(text=Text.of(words), buttons=(reading.button(thread, say),))
    if what == SOUGHT:
        return _sought(kept, question, say)
    return _choice(question, say, uow) if what == CHOICE else _rephrased(kept, question, say, uow)


def _sought(kept: Private, question: Utterance, say: Speech) -> Card:
    words = say.many(
        "I have asked {count} more member about Q-{number} in private.",
        "I have asked {count} more members about Q-{number} in private.",
        int(kept.facts["count"]),
        number=str(question.number),
    )
    return Card(text=Text.of(words), buttons=(reading.button(question.id, say),))


def _tip(kept: Private, question: Utterance, say: Speech, uow: UnitOfWork) -> Card | None:
    if question.state == "withdrawn":
        return None
    words = say(
        "{name} at {organisation} suggests whom you could ask about Q-{number}:",
        **whose(int(kept.facts["member"]), say, uow),
        number=str(question.number),
    )
    return Card(
        text=Text.of(f"{words}\n\n{say.quoted(kept.facts['text'])}"),
        buttons=(reading.button(question.id, say),),
    )


def _choice(question: Utterance, say: Speech, uow: UnitOfWork) -> Card:
    words = say(
        "Q-{number} is still open. You choose what becomes of it. Some questions are big enough "
        "for the whole network to work on.",
        number=str(question.number),
    )
    asked = words_of(question, uow).plain()
    return Card(
        text=Text.of(f"{words}\n\n{say.quoted(words_of(question, uow).shortened(200).plain())}"),
        buttons=(
            Button(
                SUGGEST,
                say("Suggest as problem of the month"),
                asked[: cut_at(asked, TYPED)],
                opens=True,
            ),
            Button(KEEP, say("Keep it open"), str(question.id)),
            Button(CLOSE, say("Close it"), str(question.id)),
        ),
    )


def _rephrased(kept: Private, question: Utterance, say: Speech, uow: UnitOfWork) -> Card:
    words = say(
        "{name} suggests asking Q-{number} like this. Only you can change it.",
        name=member_name(int(kept.facts["member"]), say, uow) or say("A member"),
        number=str(question.number),
    )
    card = Card(
        text=Text.of(f"{words}\n\n{say.quoted(kept.facts['text'])}"),
        buttons=(
            Button(TAKE, say("Use these words"), str(kept.id), style="primary"),
            Button(MEND, say("Change or withdraw"), f"question:{question.id}", opens=True),
        ),
    )
    if words_of(question, uow).plain() == Text.of(kept.facts["text"]).plain():
        return replace(card, note=say("It reads like this now."), buttons=())
    return card


# ---- what is pressed


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """*Keep it open*, or *Close it*. Whose question it is, the rows tell."""
    found = _own(incoming, id_named(incoming.value), uow)
    if found is None:
        return joining.not_theirs(incoming, uow)
    who, question = found
    number = str(question.number)
    if incoming.action == KEEP:
        return Tell.words(_kept(question, who.say))
    waits = stored.unanswered(uow, question.id) is not None
    if not (closing.shut if waits else closing.close)(question, who, uow):
        return Tell.words(withdrawn(number, who.say))
    return Tell.words(
        who.say("Q-{number} is closed in every channel. It can be opened again.", number=number)
    )


def _kept(question: Utterance, say: Speech) -> str:
    if question.state == "withdrawn" or question.marked:
        return is_over(question, say)
    return say("Q-{number} stays open.", number=str(question.number))


def taken(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """The asker uses the words that were suggested to them."""
    kept = privates.find(uow, id_named(incoming.value))
    found = kept and _own(incoming, id_named(kept.facts.get("thread", "")), uow)
    if not kept or not found or "text" not in kept.facts:
        return joining.not_theirs(incoming, uow)
    who, question = found
    text = Text.of(kept.facts["text"])
    if kept.member != who.member or not threads.rephrase(uow, question.id, body=text.dump()):
        return Tell.words(who.say("Only its author can change it."))
    everywhere.show_again(uow, question.id)
    posts.show_again(uow, privates.KIND, kept.id)
    return Tell.words(who.say("Changed in every channel."))


def _own(incoming: Pressed, thread: int, uow: UnitOfWork) -> tuple[Presence, Utterance] | None:
    for who in present_in_each(incoming.person, incoming.place, uow):
        found = threads.standing(uow, thread)
        if found is not None and found.network == who.network and found.is_question:
            question = threads.question(uow, thread)
            if closing.may(who, question, uow):
                return who, question
    return None
