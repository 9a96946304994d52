"""Referring: whoever is asked something in private and types what they think of it there is shown
where to write it, for nothing that is said to Mellom alone is shown to anybody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import calendars
from bot.calendar import working_days
from bot.cards import Button, Card
from bot.drawn import answer_button, carried
from bot.features import answering, asking, nominating, notices, seeking
from bot.features.commands import HELP, asks, question_in, split, suggestion_in
from bot.features.presence import Presence
from bot.incoming import Said
from bot.language import Speech
from bot.text import Text
from bot.windows import day_of
from storage import UnitOfWork, invitations, polls, threads
from storage import waiting as waits
from storage.invitations import ASKED, SERIES, UNHEARD, Invitation

PATIENCE = 2
"""Working days after it was sent in which words are taken to be about what somebody was asked: what
comes on a Friday is read on Monday. Later they mean what they say."""

SHORTEST = 4
"""Characters of a role, or of somebody's name; a greeting has fewer."""

ANSWER, NAME, PRESS = "answer", "name", "press"
"""How it is answered: in words, by naming somebody, or with its buttons alone."""


def tell(here: Sequence[Presence], incoming: Said, conversation: int, uow: UnitOfWork) -> bool:
    """Whether these words look like an answer to what was asked last; then it is said where to
    write it, and how to say it to everybody if that was meant."""
    asked = _asked_last(here, uow)
    way = asked and _way(asked, uow)
    aside = _meant_for_all(incoming, uow)
    if asked is None or not way or not (aside or _is_like_one(incoming.text, way)):
        return False
    facts = {"way": way, "kind": asked.kind, "private": str(asked.private), **aside}
    if way != PRESS and asked.thread is not None:
        number = threads.question(uow, asked.thread).number
        facts |= {"thread": str(asked.thread), "number": str(number)}
    notices.tell(
        uow, "answer-there", conversation, network=asked.network, facts=facts, private=True
    )
    return True


def _asked_last(here: Sequence[Presence], uow: UnitOfWork) -> Invitation | None:
    """What this person was asked last in any of their networks, if they were asked it lately, and
    have not been heard."""
    found = [one for who in here if (one := invitations.last_sent(uow, who.member))]
    asked, sent_at = max(found, key=lambda one: one[1], default=(None, None))
    if asked is None or sent_at is None or asked.outcome not in UNHEARD:
        return None
    return asked if _is_recent(asked.organisation, sent_at, uow) else None


def _is_recent(organisation: int, sent_at: datetime, uow: UnitOfWork) -> bool:
    calendar = calendars.of_organisation(uow, organisation)
    return working_days(day_of(sent_at), day_of(uow.now), calendar) <= PATIENCE


def _way(asked: Invitation, uow: UnitOfWork) -> str:
    """How it is answered; nothing where it is over."""
    poll = None if asked.thread is None else polls.of_thread(uow, asked.thread)
    if asked.thread is None or (poll is not None and poll.state == "open"):
        return PRESS
    if waits.asked(uow, asked.thread) is None:
        return ""
    return NAME if asked.kind == SERIES[1] else ANSWER


def _is_like_one(text: Text, way: str) -> bool:
    """Whether words that ask and suggest nothing look like an answer."""
    if way == NAME:
        return len(text.plain()) >= SHORTEST and split(text)[0] not in HELP
    return way == ANSWER and not answering.is_brief(text)


def _meant_for_all(incoming: Said, uow: UnitOfWork) -> dict[str, str]:
    """What would be shown to the others, had nothing been asked: "Ask Anne" may as well answer."""
    suggested = suggestion_in(incoming.text)
    if suggested is not None:
        return {"suggest": carried(suggested, incoming.person, uow)}
    if asks(split(incoming.text)[0]):
        return {"ask": carried(question_in(incoming.text), incoming.person, uow)}
    return {}


@notices.notice("answer-there")
def _card(say: Speech, facts: notices.Facts) -> Card:
    answers, others = _buttons(say, facts), _for_all(say, facts)
    words = [_where(say, facts, answers), *(words for words, _ in others)]
    return Card(text=Text.of(" ".join(words)), buttons=(*answers, *(one for _, one in others)))


def _buttons(say: Speech, facts: notices.Facts) -> tuple[Button, ...]:
    way, kind = facts.get("way", ANSWER), facts.get("kind")
    if way == PRESS:
        return ()
    if way == NAME:
        return (seeking.name_button(say("Name somebody"), facts["private"]),)
    answer = answer_button(int(facts["thread"]), say)
    is_of_a_few = kind == ASKED and "ask" in facts
    return (
        (answer, seeking.name_button(say("Ask somebody else"), facts["private"]))
        if is_of_a_few
        else (answer,)
    )


def _where(say: Speech, facts: notices.Facts, buttons: Sequence[Button]) -> str:
    if not buttons:
        return say(
            "Only you see what you write here. What I asked you is answered with the buttons "
            "under it."
        )
    first, *more = (say.quoted(one.label) for one in buttons)
    if facts.get("way") == NAME:
        return say(
            "Only you see what you write here. If it says whom to ask about Q-{number}, press "
            "{button} and write it there.",
            number=facts["number"],
            button=first,
        )
    answers = say(
        "Only you see what you write here. If it is an answer to Q-{number}, press {button} and "
        "write it there.",
        number=facts["number"],
        button=first,
    )
    others = (say("If it says who may know, press {button}.", button=one) for one in more)
    return " ".join((answers, *others))


def _for_all(say: Speech, facts: notices.Facts) -> list[tuple[str, Button]]:
    """The way to say it to the others all the same, and the words for it."""
    if asked := facts.get("ask"):
        button = asking.button(say("Ask everybody"), asked)
        told = say(
            "If it is a question to everybody, press {button}: what you wrote is in the form.",
            button=say.quoted(button.label),
        )
        return [(told, button)]
    if suggested := facts.get("suggest"):
        button = nominating.button(say, suggested)
        told = say(
            "If it is a problem for all to work on, press {button}: what you wrote is in the form.",
            button=say.quoted(button.label),
        )
        return [(told, button)]
    return []
