"""Noticing: whoever asked is told in private that there are answers: of the first one at once, of
more at most once an hour. Later they are asked, once, whether one of them helped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import calendars
from bot.cards import Button, Card, Item
from bot.drawn import byline
from bot.features import closing, gate, private, reading
from bot.graphemes import cut
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, noticing, overviews, privates, steps
from storage.noticing import Asked, Said
from storage.overviews import Line
from storage.privates import Private
from storage.steps import Step
from storage.threads import Utterance

TOGETHER = timedelta(hours=1)
"""Answers after the first one are told of together, so long after the first of them."""

PRESENT = timedelta(minutes=5)
"""So long after they have written in the thread, whoever asked sees for themselves what is said."""

PATIENCE = 5
"""Network working days after the first answer, until it is asked whether it helped."""

ANSWER = "answer "
"""Before the id of an answer, in the name of a fact: what goes out as one has the facts of all."""

LISTED = 10
"""Questions that one message tells of."""

NAMES = 250
"""Characters of those who have answered one of them."""


def tell(step: Step, uow: UnitOfWork) -> None:
    """There are answers: the first one is told of now, and more of them when an hour is over."""
    one = noticing.asked(uow, step.thread)
    if one is None:
        return
    said = noticing.said(uow, step.thread)
    answers = [answer for answer in said if one.is_answered_by(answer)]
    untold = [answer for answer in answers if not one.is_told_of(answer)]
    if not untold:
        return
    if one.told is None:
        noticing.note_told(uow, one.thread, said[-1])
        steps.plan(uow, one.thread, noticing.HELPED, one.network, _in_days(one, untold[0].at, uow))
        _tell(one, unseen(untold, said, one.member), gate.FIRST_ANSWER, uow)
    elif uow.now < untold[0].at + TOGETHER:
        steps.plan(uow, one.thread, noticing.STEP, one.network, untold[0].at + TOGETHER)
    else:
        noticing.note_told(uow, one.thread, said[-1])
        _tell(one, unseen(untold, said, one.member, PRESENT), gate.ANSWERS, uow)


def _tell(one: Asked, answers: Sequence[int], kind: gate.Kind, uow: UnitOfWork) -> None:
    if answers and one.state == "open":
        facts = {f"{ANSWER}{answer}": str(one.thread) for answer in answers}
        private.tell(uow, kind, one.network, one.member, facts, of=[one.thread])


def unseen(
    answers: Sequence[Said], said: Sequence[Said], asker: int, present: timedelta = timedelta()
) -> list[int]:
    """Those of these answers that are news to whoever asked: they have not picked them, have not
    written in the thread since, and were not there just before either."""
    own = [one for one in said if one.member == asker and one.stands]

    def is_seen(answer: Said) -> bool:
        since = answer.at - present
        return answer.helped or any(one.place > answer.place or one.at > since for one in own)

    return [answer.id for answer in answers if not is_seen(answer)]


def _in_days(one: Asked, first: datetime, uow: UnitOfWork) -> datetime:
    return calendars.network_days_later(
        uow, first, PATIENCE, network=one.network, besides=one.organisation
    )


@private.message(gate.FIRST_ANSWER)
@private.message(gate.ANSWERS)
def _answers(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    """Who has answered; what they wrote stands in the thread."""
    news: dict[int, list[Utterance]] = {}
    for answer in _news(kept, uow):
        news.setdefault(answer.thread, []).append(answer)
    lines = [overviews.question(uow, kept.network, id) for id in list(news)[:LISTED]]
    found = [(line, news[line.id]) for line in lines if line is not None]
    if not found:
        return None
    if len(found) == 1:
        return _about_one(*found[0], say, uow)
    return Card(
        text=Text.of(say("Your questions have answers.")),
        items=tuple(_item(line, answers, say, uow) for line, answers in found),
    )


def _about_one(line: Line, answers: Sequence[Utterance], say: Speech, uow: UnitOfWork) -> Card:
    words = say.many(
        "{names} has answered your question:",
        "{count} answers to your question, from {names}:",
        len(answers),
        names=_names(answers, say, uow),
    )
    return Card(
        text=Text.of(f"{words}\n\n{reading.first_words(line, uow)}"),
        buttons=(reading.button(line.id, say), _helped_button(line.id, say)),
    )


def _item(line: Line, answers: Sequence[Utterance], say: Speech, uow: UnitOfWork) -> Item:
    words = reading.first_words(line, uow)
    return Item(words, _names(answers, say, uow), reading.button(line.id, say))


def _names(answers: Sequence[Utterance], say: Speech, uow: UnitOfWork) -> str:
    names = dict.fromkeys(byline(answer, say, uow) for answer in answers)
    return cut(", ".join(names), NAMES)


def _helped_button(thread: int, say: Speech) -> Button:
    return Button(closing.CLOSE, say("Mark as answered"), str(thread), opens=True)


def _news(kept: Private, uow: UnitOfWork) -> list[Utterance]:
    """The answers that a message tells of: until it is sent, those that are still news."""
    named = [name for name in kept.facts if name.startswith(ANSWER)]
    answers = noticing.answers(uow, [int(name.removeprefix(ANSWER)) for name in named])
    if privates.stands(uow, kept.id):
        return answers
    fresh: set[int] = set()
    for thread in {one.thread for one in answers}:
        said = noticing.said(uow, thread)
        fresh.update(unseen(said, said, kept.member))
    return [one for one in answers if one.id in fresh]


def ask_whether_it_helped(step: Step, uow: UnitOfWork) -> None:
    """Once, and only while nobody has marked the question as answered."""
    one = noticing.asked(uow, step.thread)
    if one is not None and one.is_open and _has_answers(one, uow):
        facts = {"thread": str(one.thread)}
        private.tell(uow, gate.HELPED, one.network, one.member, facts)


def _has_answers(one: Asked, uow: UnitOfWork) -> bool:
    return any(one.is_answered_by(answer) for answer in noticing.said(uow, one.thread))


@private.message(gate.HELPED)
def _helped(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    """As the question stands now."""
    thread = int(kept.facts["thread"])
    one, line = noticing.asked(uow, thread), overviews.question(uow, kept.network, thread)
    if one is None or line is None or one.state != "open":
        return None
    if one.marked:
        words = say("Q-{number} is marked as answered in every channel.", number=str(line.number))
        return Card(text=Text.of(words)) if privates.stands(uow, kept.id) else None
    if not _has_answers(one, uow):
        return None
    words = say("Did any of the answers to your question help? Whoever wrote it likes to know.")
    choose = Button(
        closing.CLOSE,
        say("Choose the answers that helped"),
        str(thread),
        style="primary",
        opens=True,
    )
    return Card(
        text=Text.of(f"{words}\n\n{reading.first_words(line, uow)}"),
        note=say("If none did, there is nothing you need to do."),
        buttons=(choose, reading.button(thread, say)),
    )
