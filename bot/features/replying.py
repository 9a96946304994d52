"""Replying: whoever is asked something in private and types their answer there is shown where to
write it, for nothing that is said to Mellom alone is shown to anybody else."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import Card
from bot.drawn import answer_button
from bot.features import answering, gate, notices
from bot.features.presence import Presence
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, invitations, privates, threads
from storage import waiting as waits
from storage.invitations import ANSWERED
from storage.threads import Utterance

ASKING = (gate.ASKED.name, gate.NUDGE.name)


def tell(here: Sequence[Presence], text: Text, conversation: int, uow: UnitOfWork) -> bool:
    """Whether these words look like an answer to what was asked last; then it is said where to
    write it."""
    if answering.is_brief(text):
        return False
    asked = next((one for who in here if (one := _asked_last(who, uow))), None)
    if asked is None:
        return False
    facts = {"thread": str(asked.id), "number": str(asked.number)}
    notices.tell(
        uow, "answer-there", conversation, network=asked.network, facts=facts, private=True
    )
    return True


def _asked_last(who: Presence, uow: UnitOfWork) -> Utterance | None:
    """The question that the last message to this member is about, if it still waits for them."""
    last = privates.last_shown(uow, who.member)
    one = None if last is None or last.kind not in ASKING else invitations.of_private(uow, last.id)
    if one is None or one.thread is None or one.outcome == ANSWERED:
        return None
    return None if waits.asked(uow, one.thread) is None else threads.question(uow, one.thread)


@notices.notice("answer-there")
def _card(say: Speech, facts: notices.Facts) -> Card:
    answer = answer_button(int(facts["thread"]), say)
    words = say(
        "Only you see what you write here. If it is an answer to Q-{number}, press {button} and "
        "write it there.",
        number=facts["number"],
        button=say.quoted(answer.label),
    )
    return Card(text=Text.of(words), buttons=(answer,))
