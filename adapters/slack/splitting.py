"""Where to cut words that are longer than Slack can show."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from bot.text import Block, Span

_JOINER = "\u200d"


def cut_at(words: str, limit: int) -> int:
    """How many characters to take, at most `limit`: up to a line's end, else a word's, else (in one
    endless word) a character's that a reader takes for one."""
    if len(words) <= limit:
        return len(words)
    for end in "\n", " ":
        # A cut that would leave most of the room empty is worse than one inside a line.
        at = words.rfind(end, limit // 2, limit)
        if at > 0 and not _continues(words, at + 1):
            return at + 1
    return _between_graphemes(words, limit)


def pieces(block: Block, limit: int) -> list[Block]:
    """The block in parts of at most `limit` characters; looks and links are kept on both sides."""
    parts, rest = [], block
    while len(words := _words(rest)) > limit:
        at = cut_at(words, limit)
        parts.append(replace(rest, spans=_take(rest.spans, 0, len(words[:at].rstrip("\n ")))))
        rest = replace(rest, spans=_take(rest.spans, at, len(words)))
    return [*parts, rest]


def shorten(blocks: tuple[Block, ...], limit: int) -> tuple[Block, ...]:
    """The first `limit` characters or so, with an ellipsis where the rest is missing."""
    kept: list[Block] = []
    for block in blocks:
        words = _words(block)
        if len(words) > limit:
            start = replace(block, spans=_take(block.spans, 0, cut_at(words, max(limit - 1, 0))))
            return (*kept, replace(start, spans=(*start.spans, Span("…"))))
        kept.append(block)
        limit -= len(words)
    return tuple(kept)


def _words(block: Block) -> str:
    return "".join(span.text for span in block.spans)


def _take(spans: tuple[Span, ...], start: int, end: int) -> tuple[Span, ...]:
    """The spans of the characters from `start` to `end`, the outermost cut to fit."""
    taken, at = [], 0
    for span in spans:
        part = span.text[max(start - at, 0) : max(end - at, 0)]
        at += len(span.text)
        if part:
            taken.append(replace(span, text=part))
    return tuple(taken)


def _between_graphemes(words: str, limit: int) -> int:
    """The last place at or before `limit` where a reader sees one character end.

    Looks back only so far: nobody's script piles more than this on one character.
    """
    if limit <= 0:
        return 0
    for at in range(limit, max(limit - 64, 0), -1):
        if not _continues(words, at):
            return at
    return limit


def _continues(words: str, at: int) -> bool:
    """Whether the character at `at` belongs to the one before it."""
    if at >= len(words) or at <= 0:
        return False
    before, after = words[at - 1], words[at]
    if before == "\r":
        return after == "\n"
    return (
        after == _JOINER
        or before == _JOINER
        or unicodedata.category(after).startswith("M")
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or "\U000e0020" <= after <= "\U000e007f"
        or (_is_flag_half(after) and _flag_halves_before(words, at) % 2 == 1)
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(words: str, at: int) -> int:
    count = 0
    while count < at and _is_flag_half(words[at - 1 - count]):
        count += 1
    return count
