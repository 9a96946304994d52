"""Finding questions and answers by their words, and keeping the index of them up to date."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.words import fold, is_term, words_in
from storage import UnitOfWork, searching
from storage.searching import Talk, Term, Written

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


@dataclass(frozen=True, slots=True)
class Hit:
    """A thread in which all the words stand, and the answer they were found in, if it was not in
    the question alone."""

    thread: int
    talk: Talk
    reply: Written | None


def index(uow: UnitOfWork) -> bool:
    """Bring the index up to date with some of what was written since; whether there may be more."""
    changed = searching.take_changed(uow, AT_ONCE)
    for one in changed:
        searching.keep(uow, one.thread, one.network, {w for b in one.bodies for w in _folded(b)})
    return bool(changed)


def find(uow: UnitOfWork, network: int, words: str, limit: int = MOST) -> list[Hit]:
    """The threads of the network in which all the words stand, the best and newest first: those
    in whose question they stand before those that have them in their answers.

    The index tells where to look. What is told is read from the rows as they are now.
    """
    asked = terms(words)
    if not asked:
        return []
    found = searching.candidates(uow, network, asked, LOOKED_INTO)
    talks = searching.talks(uow, network, found)
    questions = {
        thread: _folded(talks[thread].question.body) for thread in found if thread in talks
    }
    hits = [
        Hit(thread, talks[thread], None)
        for thread, words in sorted(
            questions.items(), key=lambda pair: _rank(pair[0], pair[1], asked)
        )
        if all(_is_met(term, words) for term in asked)
    ]
    answered = [thread for thread in questions if not any(hit.thread == thread for hit in hits)]
    for thread in answered:
        if len(hits) >= limit:
            break
        hit = _in_answers(thread, talks[thread], questions[thread], asked)
        hits += [hit] if hit is not None else []
    return hits[:limit]


def terms(words: str) -> list[Term]:
    """What is looked for: nothing, if the words say nothing of what a text is about."""
    folded = [fold(word) for whole in re.split(r"\s+", words) for word in _asked(whole)]
    return [Term(word, len(word) >= BEGINS) for word in dict.fromkeys(folded) if word][:TERMS]


def _asked(whole: str) -> list[str]:
    """A word with hyphens is looked for by its parts, unless it is a term of the field."""
    found = words_in(whole)
    return found[:1] if found and is_term(found[0]) else words_in(whole.replace("-", " "))


def _folded(body: str) -> set[str]:
    """The words of a stored text. Its looks do not matter here, and to make them takes longest."""
    stored = json.loads(body)
    blocks = stored if isinstance(stored, list) else stored["blocks"]
    lines = ("".join(span.get("text", "") for span in block["spans"]) for block in blocks)
    return {fold(word) for word in words_in("\n".join(lines))}


def _in_answers(thread: int, talk: Talk, question: set[str], asked: Sequence[Term]) -> Hit | None:
    """How question and answers have all the words between them; None if they have them no more."""
    missing = [term for term in asked if not _is_met(term, question)]
    replies = [(reply, _folded(reply.body)) for reply in talk.replies]
    everything = question.union(*(words for _, words in replies))
    is_whole = len(talk.replies) == talk.answers
    if is_whole and not all(_is_met(term, everything) for term in missing):
        return None
    best = max(replies, key=lambda pair: sum(_is_met(t, pair[1]) for t in missing), default=None)
    return None if best is None else Hit(thread, talk, best[0])


def _is_met(term: Term, words: set[str]) -> bool:
    return term.word in words or (term.begins and any(word.startswith(term.word) for word in words))


def _rank(thread: int, words: set[str], asked: Sequence[Term]) -> tuple[bool, int]:
    """The very word before a longer one, then the newest."""
    return any(term.word not in words for term in asked), -thread
