"""What a reader takes for one character may be many code points: words are cut between those only.

The rules are Unicode's (Standard Annex 29, "Unicode Text Segmentation"), as `regex` knows them.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

_GRAPHEME = regex.compile(r"\X")
_SENTENCE_ENDS = (". ", "! ", "? ", "… ", ".» ", "?» ", ".« ", "?« ", "。", "！", "？")


def cut_at(words: str, limit: int) -> int:
    """How many code points to take, at most `limit`: up to a line's end, else a sentence's, else a
    word's, else (in one endless word) a character's.

    Only where one character alone is longer than that, which is nobody's writing, it is cut.
    """
    if len(words) <= limit:
        return len(words)
    ends = set(_ends(words, limit))
    for marks in ("\n",), _SENTENCE_ENDS, (" ",):
        # A cut that would leave most of the room empty is worse than one further in.
        at = max(_after(words, mark, limit, ends) for mark in marks)
        if at > limit // 2:
            return at
    return max(ends, default=max(limit, 0))


def characters(words: str) -> list[str]:
    """What a reader takes for one each."""
    return [found[0] for found in _GRAPHEME.finditer(words)]


def count(words: str) -> int:
    """How many characters a reader sees."""
    return len(characters(words))


def shortened(words: str, limit: int) -> str:
    """At most `limit` code points, ended by "…" where something is left out."""
    if len(words) <= limit:
        return words
    return words[: cut_at(words, limit - 1)].rstrip() + "…"


def cut(words: str, longest: int) -> str:
    """On one line, and cut at a word, if there is one to cut at."""
    words = " ".join(words.split())
    if len(words) <= longest:
        return words
    shortened, _, _ = words[: longest - 1].rpartition(" ")
    if len(shortened) > longest // 2:
        return f"{shortened} …"
    return f"{words[: cut_at(words, longest - 1)]}…"


def _ends(words: str, limit: int) -> Iterator[int]:
    for found in _GRAPHEME.finditer(words):
        if found.end() > limit:
            return
        yield found.end()


def _after(words: str, mark: str, limit: int, ends: set[int]) -> int:
    """Where the last of these marks ends; 0 where none does so between two characters."""
    at = words.rfind(mark, 0, limit)
    return at + len(mark) if at >= 0 and at + len(mark) in ends else 0
