"""Words that are longer than can be shown at once: where they are parted, and what is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.graphemes import cut_at
from bot.text import Block, Span, Text

SMALLEST = 48
"""Characters of space in which something is begun: what a reader takes for one has up to a third of
them."""


def parted(text: Text, limit: int) -> list[Text]:
    """The text in parts of at most `limit` characters: parted between two blocks where that leaves
    no part half empty, else inside one. Each half of a block is of its kind: code that is cut is
    closed, and opened again."""
    parts: list[list[Block]] = [[]]
    room = limit
    for block in text.blocks:
        rest: Block | None = block
        while rest is not None:
            length = len(rest.plain()) + 1
            if length <= room:
                parts[-1].append(rest)
                room -= length
                break
            enough = room > limit // 2 or (length > limit and room > limit // 4)
            if room == limit or (enough and room >= SMALLEST):
                start, rest = _cut(rest, room)
                parts[-1].append(start)
            parts.append([])
            room = limit
    return [Text(tuple(part)) for part in parts if part]


def pieces(block: Block, limit: int) -> list[Block]:
    """The block in parts of at most `limit` characters; looks and links are kept on both sides."""
    parts, rest = [], block
    while len(words := words_of(rest)) > limit:
        at = cut_at(words, limit)
        parts.append(replace(rest, spans=_take(rest.spans, 0, len(words[:at].rstrip("\n ")))))
        rest = replace(rest, spans=_take(rest.spans, at, len(words)))
    return [*parts, rest]


def shorten(blocks: Iterable[Block], limit: int) -> tuple[Block, ...]:
    """The first `limit` characters or so, with an ellipsis where the rest is missing."""
    kept: list[Block] = []
    for block in blocks:
        words = words_of(block)
        if len(words) > limit:
            start = replace(block, spans=_take(block.spans, 0, cut_at(words, max(limit - 1, 0))))
            return (*kept, replace(start, spans=(*start.spans, Span("…"))))
        kept.append(block)
        limit -= len(words)
    return tuple(kept)


def words_of(block: Block) -> str:
    """The block's own characters, without the marks it is shown with."""
    return "".join(span.text for span in block.spans)


def _cut(block: Block, room: int) -> tuple[Block, Block | None]:
    """As much of the block as there is room for, marks before its lines counted, and the rest."""
    words = words_of(block)
    marks = len(block.plain()) - len(words) + 1
    at = cut_at(words, max(room - marks, room // 3))
    start = replace(block, spans=_take(block.spans, 0, len(words[:at].rstrip("\n "))))
    rest = replace(block, spans=_take(block.spans, at, len(words)))
    return start, rest if words_of(rest).strip() else None


def _take(spans: tuple[Span, ...], start: int, end: int) -> tuple[Span, ...]:
    """The spans of the characters from `start` to `end`, the outermost cut to fit."""
    taken, at = [], 0
    for span in spans:
        part = span.text[max(start - at, 0) : max(end - at, 0)]
        at += len(span.text)
        if part:
            taken.append(replace(span, text=part))
    return tuple(taken)
