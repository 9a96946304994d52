"""Finding questions and answers by their words, and keeping the index of them up to date."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.words import fold, is_term, words_in
from storage import UnitOfWork, searching
from storage.searching import Talk, Term, Written

log = logging.getLogger(__name__)

MOST = 20
"""Hits that are told of."""

LOOKED_INTO = 25
"""Of so many of the newest threads with these words the best are told of."""

AT_ONCE = 20
"""Changes that are indexed in one unit of work."""

BEGINS = 4
"""From so many letters on a word finds the longer ones that begin with it: tavle, tavlemøte."""

TERMS = 8
"""Words of one search that are looked for."""

_NUMBER = re.compile(r"[Qq][- ]?(\d{1,9})")
"""A question that is looked for by its number: Q-12."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A thread in which all the words stand, and the answer they were found in, if it was not in
    the question alone. `answers` stand there in all."""

    thread: int
    talk: Talk
    reply: Written | None
    answers: int


def index(uow: UnitOfWork) -> bool:
    """Bring the index up to date with some of what was written since; whether there may be more."""
    changed = searching.take_changed(uow, AT_ONCE)
    for one in changed:
        searching.keep(uow, one.thread, one.network, {w for b in one.bodies for w in _readable(b)})
    return bool(changed)


def find(uow: UnitOfWork, network: int, words: str, limit: int = MOST) -> list[Hit]:
    """The threads of the network in which all the words stand, the best and newest first: those
    in whose question they stand before those that have them in their answers.

    The index tells where to look. What is told is read from the rows as they are now.
    """
    if number := _NUMBER.fullmatch(words.strip()):
        thread = searching.numbered(uow, network, int(number[1]))
        return again(uow, network, [(thread, None)])
    asked = terms(words)
    if not asked:
        return []
    found = searching.candidates(uow, network, asked, LOOKED_INTO)
    talks = searching.talks(uow, network, found)
    questions = {
        thread: _folded(talks[thread].question.body) for thread in found if thread in talks
    }
    whole = [thread for thread, words in questions.items() if _are_met(asked, words)]
    whole.sort(key=lambda thread: _rank(thread, questions[thread], asked))
    told: list[tuple[int, int | None]] = [(thread, None) for thread in whole[:limit]]
    # Most of the time goes into reading answers: only those are read that decide something.
    others = [thread for thread in questions if thread not in whole][: limit - len(told)]
    for thread, answers in searching.answers(uow, others).items():
        missing = [term for term in asked if not _is_met(term, questions[thread])]
        reply = _best(answers, missing)
        told += [] if reply is None else [(thread, reply)]
    return _hits(uow, told, talks)


def again(uow: UnitOfWork, network: int, told: Sequence[tuple[int, int | None]]) -> list[Hit]:
    """What was found before, by thread and answer, as it stands now."""
    return _hits(uow, told, searching.talks(uow, network, [thread for thread, _ in told]))


def _hits(
    uow: UnitOfWork, told: Sequence[tuple[int, int | None]], talks: Mapping[int, Talk]
) -> list[Hit]:
    standing = [thread for thread, _ in told if thread in talks]
    counted = searching.count_answers(uow, standing) if standing else {}
    wanted = [reply for _, reply in told if reply is not None]
    replies = searching.replies(uow, standing, wanted)
    return [
        Hit(thread, talks[thread], replies.get(reply or 0), counted[thread])
        for thread, reply in told
        if thread in counted
    ]


def terms(words: str) -> list[Term]:
    """What is looked for: nothing, if the words say nothing of what a text is about."""
    folded = [fold(word) for whole in re.split(r"\s+", words) for word in _asked(whole)]
    return [Term(word, len(word) >= BEGINS) for word in dict.fromkeys(folded) if word][:TERMS]


def _asked(whole: str) -> list[str]:
    """A word with hyphens is looked for by its parts, unless it is a term of the field."""
    found = words_in(whole)
    return found[:1] if found and is_term(found[0]) else words_in(whole.replace("-", " "))


def _readable(body: str) -> set[str]:
    """The same of a row that may be broken: it must not hold up all that come after it."""
    try:
        return _folded(body)
    except (ValueError, LookupError, TypeError):
        log.exception("words.unreadable")
        return set()


def _folded(body: str) -> set[str]:
    """The words of a stored text."""
    return {fold(word) for word in words_in(plain(body))}


def plain(body: str) -> str:
    """What a stored text says. Its looks do not matter here, and to make them takes longest."""
    stored = json.loads(body)
    blocks = stored if isinstance(stored, list) else stored["blocks"]
    return "\n".join("".join(span.get("text", "") for span in block["spans"]) for block in blocks)


def _best(answers: Sequence[tuple[int, str]], missing: Sequence[Term]) -> int | None:
    """The first answer with the most of what is missing; None if even all of them have not all of
    it any more."""
    best, most, left = None, -1, set(missing)
    for reply, body in answers:
        words = _folded(body)
        met = {term for term in missing if _is_met(term, words)}
        if len(met) > most:
            best, most = reply, len(met)
        left -= met
        if most == len(missing):
            break
    return best if not left or len(answers) == searching.ANSWERS else None


def _are_met(terms: Iterable[Term], words: set[str]) -> bool:
    return all(_is_met(term, words) for term in terms)


def _is_met(term: Term, words: set[str]) -> bool:
    return term.word in words or (term.begins and any(word.startswith(term.word) for word in words))


def _rank(thread: int, words: set[str], asked: Sequence[Term]) -> tuple[bool, int]:
    """The very word before a longer one, then the newest."""
    return any(term.word not in words for term in asked), -thread
