"""Thanking: whoever wrote an answer that helped is told so in private, once for each question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from bot.cards import Card
from bot.drawn import byline, whose, words_of
from bot.features import gate, private
from bot.graphemes import shortened
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, privates, thanking, threads
from storage.privates import Private
from storage.threads import Utterance

MOMENT = timedelta(minutes=10)
"""In which a mark that was set by mistake is taken back, and more answers are marked."""

WORDS = 120
"""Characters of the question by which one knows what helped."""

LISTED = 10
"""Questions that one message names."""


def marked(question: Utterance, answers: Iterable[int], uow: UnitOfWork) -> None:
    """These answers are picked as ones that helped."""
    for member in thanking.authors(uow, question.thread, answers):
        if not _is_told(member, question.thread, uow):
            private.tell(
                uow,
                gate.THANKS,
                question.network,
                member,
                {},
                at=uow.now + MOMENT,
                of=[question.thread],
            )


def _is_told(member: int, thread: int, uow: UnitOfWork) -> bool:
    told = privates.about_thread(uow, member, gate.THANKS.name, thread)
    return any(one.state != "dropped" for one in told)


@private.message(gate.THANKS)
def _thanks(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    """What helped, as it stands now; nothing if the mark is taken back before it is sent."""
    lines = list(_lines(kept, say, uow))
    if not lines:
        return None
    if len(lines) == 1:
        return Card(text=Text.of(f"{lines[0]} {say('Thank you.')}"))
    return Card(text=Text.of("\n\n".join((*lines, say("Thank you.")))))


def _lines(kept: Private, say: Speech, uow: UnitOfWork) -> Iterator[str]:
    to_come = not privates.stands(uow, kept.id)
    for thread in privates.told_of(uow, kept.id)[:LISTED]:
        if thanking.stands(uow, thread, kept.member, marked=to_come):
            yield _line(threads.question(uow, thread), say, uow)


def _line(question: Utterance, say: Speech, uow: UnitOfWork) -> str:
    words = " ".join(words_of(question, uow).plain().split())
    return say(
        "{name} wrote that your answer to {question} helped.",
        name=_who_marked(question, say, uow),
        question=say.quoted(shortened(words, WORDS)),
    )


def _who_marked(question: Utterance, say: Speech, uow: UnitOfWork) -> str:
    """Whoever asked, as on the question; or else a facilitator, or who looks after it."""
    by = thanking.marked_by(uow, question.thread)
    if by is None or threads.question_of(uow, question.thread, by) is not None:
        return byline(question, say, uow)
    return "{name} · {organisation}".format(**whose(by, say, uow))
