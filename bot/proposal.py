"""Proposing: which themes of its network a question looks like it is about.

A pure function of words. Before it was tuned by them, it said of 47 of the 50 questions in its test
what a reader says they are about: six of these are about none. Of the 48 problems of the bank it
knows 46, and of the 120 questions of the week that stand for a theme it names that of 58, another
one for 11, and none for 51, which are too open to tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.clues import CLUES
from bot.likeness import BEGINS, EVERYWHERE, share
from bot.words import every_word_in, fold, words_in
from storage.themes import MOST, Theme

PLAIN = 2
"""What the clues of a theme must weigh together before it is proposed."""

WORDS = 150
"""So many of the first words tell what a question is about; after them come details."""

HALF = 0.5
"""Of the words of a network's own theme so many must be there; and so much of what the first weighs
a second one must weigh more than."""

HEAD = 4
"""Of what begins like no word of the text nothing is looked for: it is the space before a word, and
three of its letters."""


def propose(text: str, themes: Sequence[Theme]) -> list[Theme]:
    """At most two of these themes, what it is about most first; none, where nothing is plain."""
    said = _Said.of(text)
    weighed = [(_weight(theme, said), theme) for theme in themes if not theme.retired]
    plain = [(weight, theme) for weight, theme in weighed if weight >= PLAIN]
    plain.sort(key=lambda one: -one[0])  # Equal ones stay in the network's order.
    return [theme for weight, theme in plain[:MOST] if weight > plain[0][0] * HALF]


@dataclass(frozen=True, slots=True)
class _Said:
    """A text as it is looked through: its folded words one after the other, and how each begins."""

    whole: str
    words: frozenset[str]
    heads: frozenset[str]

    @classmethod
    def of(cls, text: str) -> _Said:
        folded = [fold(word) for word in every_word_in(text)[:WORDS]]
        whole = f" {' '.join(folded)} "
        heads = (whole[at : at + HEAD] for at, mark in enumerate(whole) if mark == " ")
        return cls(whole, frozenset(folded), frozenset(heads))


def _weight(theme: Theme, said: _Said) -> float:
    return max(_of_clues(theme.key or "", said), _of_name(theme.name or "", said.words))


def _of_clues(key: str, said: _Said) -> int:
    return sum(weight for weight, clue in _clues(key) if _is_there(clue, said))


def _is_there(clue: Mapping[str, Sequence[str]], said: _Said) -> bool:
    return any(one in said.whole for head in said.heads & clue.keys() for one in clue[head])


def _of_name(name: str, words: frozenset[str]) -> float:
    """What the network itself calls it: as much as a clue from half of its words on."""
    wanted = _words_of(name)
    met = share(wanted, words) if wanted else 0
    return 2 * PLAIN * met if met >= HALF else 0


@lru_cache
def _clues(key: str) -> list[tuple[int, dict[str, list[str]]]]:
    return [(weight, _by_head(words.split(","))) for weight, words in CLUES.get(key, ())]


def _by_head(clue: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pattern in map(_pattern, clue):
        found.setdefault(pattern[:HEAD], []).append(pattern)
    return found


def _pattern(words: str) -> str:
    """As it is looked for among the folded words of a text: from a word's beginning, and to its end
    where it is short."""
    folded = [fold(word) for word in words.split()]
    end = " " if len(folded[-1]) < BEGINS or len(folded) > 1 else ""
    return f" {' '.join(folded)}{end}"


@lru_cache
def _words_of(name: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words_in(name)) - EVERYWHERE
