"""Likeness: which of what others have written is about the same, whatever words it is told in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.words import fold, words_in

MOST = 3
"""So many are shown, those that are most alike first."""

BEGINS = 4
"""From so many letters on a word meets the longer ones that begin with it: tavle, tavlemøte."""

ENOUGH = 0.45
"""The share of the words of the shorter one that has to be met in the other."""

EVERYWHERE = frozenset({fold("Lean")})
"""Words that say nothing in a network that is about nothing else."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a title says, and what it says together with the text under it."""

    title: frozenset[str]
    whole: frozenset[str]

    @classmethod
    def of(cls, title: str, text: str) -> Words:
        head = _folded(title)
        return cls(head, head | _folded(text))


def alike(one: Words, others: Mapping[int, Words]) -> list[int]:
    """The others that are about the same as this one, by their names."""
    ranked = ((_likeness(one, other), name) for name, other in others.items())
    found = sorted((-likeness, name) for likeness, name in ranked if likeness)
    return [name for _, name in found[:MOST]]


def _likeness(one: Words, other: Words) -> float:
    """The share of their words that meet; nothing, if that is little. Something of each title has
    to be met, since texts have much in common that they are not about."""
    there = share(one.title, other.whole), share(other.title, one.whole)
    if not all(there):
        return 0
    shorter, longer = sorted((one.whole, other.whole), key=len)
    met = share(shorter, longer)
    return met if met >= ENOUGH or max(there) == 1 else 0


def share(words: frozenset[str], among: frozenset[str]) -> float:
    """How many of the words are met among the others."""
    return sum(_is_met(word, among) for word in words) / max(len(words), 1)


def _is_met(word: str, among: Iterable[str]) -> bool:
    return any(word == other or _begins(word, other) or _begins(other, word) for other in among)


def _begins(word: str, longer: str) -> bool:
    return len(word) >= BEGINS and longer.startswith(word)


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words_in(words)) - EVERYWHERE
