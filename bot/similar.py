"""Similar: which earlier questions of the network are plainly like a new one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from bot.finding import Hit, again, plain
from bot.likeness import share
from bot.text import Text
from bot.words import fold, words_in
from storage import UnitOfWork, searching
from storage.searching import Term

MOST = 2
"""So many are shown."""

WORDS = 40
"""Of a question so many of the first words are compared; after them come details."""

LOOKED_FOR = 6
"""Words that are looked for in the index: the longest, which are the rarest."""

LOOKED_INTO = 20
"""The newest questions with one of these words, and the most that are compared."""

ENOUGH = 0.6
"""The share of the words of the shorter one that has to be met in the other."""

OF_THE_LONGER = 0.25
"""And of the longer one: in a long text nearly every short one is met."""

TOGETHER = 2
"""Words that have to be met: of one alone, many questions are full that ask something else."""

_EMPTY = """
andre annen ny nye nytt god gode godt bra flere fleire mange mye meget lite lidt litt ha gjør
gjøre gjer gjere gør gøre bruke bruker brukar bruge bruger får gi giv holde holder held tenke
tenker tænker mene erfaring erfaringer erfaringar kommune kommuner kommunar lean jobbe jobber
arbeide arbeider arbejder måte måde nogen prøve prøvd prøvet prøvde hjelp hjælp hjelper hjelpt
gjerne hei hej spørsmål spørgsmål vet ved tips råd dere dykk noen annet alltid altid gang tid år
good many more much use using used get getting other others new experience municipality
municipalities try tried help work works time year years question anyone any make made
"""
EMPTY = frozenset(fold(word) for word in _EMPTY.split())
"""Folded words that stand in questions about anything."""

Words = frozenset[str]


def find(uow: UnitOfWork, network: int, text: Text, besides: int | None = None) -> list[Hit]:
    """The same, to be told of."""
    found = threads(uow, network, text, besides)
    return again(uow, network, [(id, None) for id in found]) if found else []


def threads(uow: UnitOfWork, network: int, text: Text, besides: int | None = None) -> list[int]:
    """At most two earlier questions, what is most like it first; `besides` is the question itself.

    The index tells where to look, the rows as they are now whether it is so.
    """
    asked = words_of(text.plain())
    found: Counter[int] = Counter()
    for word in sorted(asked, key=lambda word: (-len(word), word))[:LOOKED_FOR]:
        found.update(searching.candidates(uow, network, [Term(word)], LOOKED_INTO))
    del found[besides or 0]
    # One word alone decides only where there are no more.
    together = min(TOGETHER, len(asked))
    near = [thread for thread, count in found.most_common(LOOKED_INTO) if count >= together]
    talks = searching.talks(uow, network, near) if near else {}
    others = {
        id: words_of(plain(talk.question.body))
        for id, talk in talks.items()
        if talk.kind == "question"
    }
    return alike(asked, others)


def alike(one: Words, others: Mapping[int, Words]) -> list[int]:
    """Which of the others are plainly like this one, the newest first of those that are as much."""
    ranked = ((_likeness(one, other), name) for name, other in others.items())
    found = sorted((-likeness, -name) for likeness, name in ranked if likeness)
    return [-name for _, name in found[:MOST]]


def words_of(question: str) -> Words:
    """What a question says, without what nearly every question says."""
    said = (word for word in words_in(question)[:WORDS] if not word.isdigit())
    return frozenset(map(fold, said)) - EMPTY


def _likeness(one: Words, other: Words) -> float:
    shorter, longer = sorted((one, other), key=len)
    if not shorter:
        return 0
    of_shorter, of_longer = share(shorter, longer), share(longer, shorter)
    met = round(of_shorter * len(shorter))
    # Of a question of one word there is no more to meet, and the other is to be as short.
    few = met < TOGETHER and len(longer) >= TOGETHER
    if few or of_shorter < ENOUGH or of_longer < OF_THE_LONGER:
        return 0
    return of_shorter + of_longer
