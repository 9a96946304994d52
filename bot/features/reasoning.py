"""Reasoning: why a member got the last message that came to them unasked. Only they are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.cards import Card
from bot.drawn import when
from bot.features import gate, kindly, notices, seeking
from bot.features.presence import Presence
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, privates
from storage.privates import Private


def tell(here: Sequence[Presence], conversation: int, uow: UnitOfWork) -> None:
    """In their private chat, of the message that came last in any of their networks."""
    found = [(last, who) for who in here if (last := privates.last_shown(uow, who.member))]
    if not found:
        notices.tell(uow, "why-nothing", conversation, network=here[0].network, private=True)
        return
    last, who = max(found, key=lambda pair: _sent(pair[0]))
    facts = {"words": words(last, who.say, uow)}
    notices.tell(uow, "why", conversation, network=who.network, facts=facts, private=True)


def _sent(one: Private) -> datetime:
    return one.sent_at or one.created_at


def card_for(who: Presence, uow: UnitOfWork) -> Card:
    """The same as the answer to a command, which only they see."""
    last = privates.last_shown(uow, who.member)
    if last is None:
        return _nothing(who.say, {})
    return Card(text=Text.of(words(last, who.say, uow)))


def words(last: Private, say: Speech, uow: UnitOfWork) -> str:
    kind = gate.KINDS[last.kind]
    about = say(kind.label) if kind.label else say("The welcome, and what I ask once")
    sentences = [
        say(
            "The last message that I sent you by myself came on {when}: {kind}.",
            when=when(_sent(last), say, uow.now),
            kind=say.quoted(about),
        ),
        say(kind.why),
        _why_you(last, say, uow),
        say("In My settings you can switch it off.") if kind.label else None,
        say("Nobody else is told what you get."),
    ]
    return " ".join(filter(None, sentences))


def _why_you(last: Private, say: Speech, uow: UnitOfWork) -> str | None:
    """Why they of all people were asked."""
    if last.kind == gate.ASKED.name:
        return seeking.reason(last, say, uow)
    if last.kind == gate.NUDGE.name:
        return kindly.reason(last, say, uow)
    return None


@notices.notice("why")
def _why(_say: Speech, facts: notices.Facts) -> Card:
    return Card(text=Text.of(facts["words"]))


@notices.notice("why-nothing")
def _nothing(say: Speech, _facts: notices.Facts) -> Card:
    return Card(text=Text.of(say("I have sent you nothing by myself lately.")))


@notices.notice("why-in-private")
def _in_private(say: Speech, _facts: notices.Facts) -> Card:
    words = say("Ask me that in private: what I send you is nothing for others to read.")
    return Card(text=Text.of(words))
