"""Ballots as people type them: "1 3", "1, 3", "1 og 3", "vote 1, 2 and 5".

Functions of words alone. What is like one is never shown to others, so that more is taken for one
than can be counted.
"""

from __future__ import annotations

import re
import unicodedata

VOTE = frozenset({"vote", "stem", "stemme", "stemmer", "stemmen", "røyst", "røyste", "røystar"})
"""What a vote typed elsewhere than under the poll begins with."""

_AROUND = VOTE | {
    *("jeg", "eg", "i", "vil", "vel", "velger", "vælger", "choose", "min", "mi", "my", "is", "er"),
    *("på", "for", "nr", "nummer", "number", "no", "forslag", "problem", "og", "and", "samt"),
}
"""Words around the numbers that say no more than they do."""

UNCLEAR = 0
"""The place of no problem: 1-3 may be two of them, or three."""

_BETWEEN = re.compile(r"[\s,;:.+&/()#•*!\"'`«»“”„]+")
_NUMBER, _ANY_NUMBER = re.compile(r"[0-9]{1,2}"), re.compile(r"[0-9]+")
_RANGE = re.compile(r"[0-9]{1,2}[-–][0-9]{1,2}")
_KEYCAP = str.maketrans("", "", "\ufe0f\u20e3")


def typed(words: str) -> list[int] | None:
    """The numbers of a vote, none of them for the word alone; None if this is talk."""
    bare = unicodedata.normalize("NFKC", words.translate(_KEYCAP)).lower()
    parts = [part for part in _BETWEEN.split(bare) if part]
    named = bool(parts) and parts[0] in VOTE
    numbers = [_place(part, named) for part in parts if part not in _AROUND]
    if None in numbers or (not numbers and not (named and len(parts) == 1)):
        return None
    return list(dict.fromkeys(number for number in numbers if number is not None))


def is_meant(words: str) -> bool:
    """Whether it is one by its first word, wherever it is written."""
    first = (_BETWEEN.split(words.lower().strip(), maxsplit=1) or [""])[0]
    return first in VOTE and typed(words) is not None


def _place(part: str, named: bool) -> int | None:
    """A number that is longer is a year or a telephone's, unless it was said to be a vote."""
    if _NUMBER.fullmatch(part):
        return int(part)
    unclear = _RANGE.fullmatch(part) or (named and _ANY_NUMBER.fullmatch(part))
    return UNCLEAR if unclear else None
