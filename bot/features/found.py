"""Found: how a question that was found among the earlier ones stands in a list."""

from __future__ import annotations

from bot.cards import Item
from bot.drawn import Written, author_name, question_title, shown_name, words_of
from bot.features import reading
from bot.finding import Hit
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork

_QUESTION, _ANSWER = 120, 80
"""Characters of a question, and of an answer, that a line of the list shows."""


def item(hit: Hit, say: Speech, uow: UnitOfWork) -> Item:
    """A line of a list, with the way to read it."""
    return Item(
        words=title(hit, say, uow),
        note=note(hit, say, uow),
        button=reading.button(hit.thread, say),
    )


def title(hit: Hit, say: Speech, uow: UnitOfWork) -> str:
    """Its number, and how it begins."""
    return f"{_name(hit, say)} · {line(hit.talk.question, _QUESTION, uow)}"


def _name(hit: Hit, say: Speech) -> str:
    number = hit.talk.number
    return question_title(None, say, hit.talk.kind) if number is None else f"Q-{number}"


def note(hit: Hit, say: Speech, uow: UnitOfWork) -> str:
    """Small print: who asked, how it went, and where the words stand."""
    asked = hit.talk.question
    parts = []
    if asked.organisation_name is not None:
        parts = [signed(asked.author, asked.organisation_name, say)]
    parts.append(reading.answers(hit.answers, say))
    if hit.talk.marked:
        parts.append(say("answered"))
    if hit.reply is not None:
        parts.append(say.quoted(line(hit.reply, _ANSWER, uow)))
    return " · ".join(parts)


def signed(author: str | None, organisation: str, say: Speech) -> str:
    """Whose it is; who has no name here yet is a member."""
    return " · ".join(name[:60] for name in (author_name(author, say), shown_name(organisation)))


def line(written: Written, length: int, uow: UnitOfWork) -> str:
    """What was written, on one line, shortened."""
    words = " ".join(words_of(written, uow).plain().split())
    return Text.of(words).shortened(length).plain()
