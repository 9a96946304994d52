"""People's words: from Slack's rich text or mrkdwn to the neutral form, and plain words back.

What the bot shows goes out as rich text and plain text, which Slack takes for what it is, so there
people's words need no escaping and cannot become anything else (see `rich.py`). Only the top-level
text of a message is mrkdwn; `escape` is for that.

Facts: docs.slack.dev, "Formatting message text" and "Rich text block".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from adapters.slack import mrkdwn, rich, shared
from bot.text import Block, Span, Text, inert


def clean(words: str) -> str:
    """The words without characters that only do harm."""
    return inert(words)


def escape(words: str) -> str:
    """Plain words as mrkdwn: the three characters that begin and end everything live."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def parse(event: Mapping[str, Any], bot_user: str | None = None) -> Text:
    """What a person wrote, from the rich text if there is any, else from `text`, and what they
    forwarded with it.

    The first mention of `bot_user` is cut: it is an address, not content. In what was forwarded it
    addresses nobody.
    """
    written = str(event.get("text") or "")
    blocks = rich.parse(event.get("blocks"), mrkdwn.labels(written)) or mrkdwn.parse(written)
    blocks = [Block(b.kind, _tidy(b.spans), b.depth) for b in blocks]
    if bot_user is not None:
        blocks = _cut_mention(blocks, bot_user)
    blocks += [replace(quote, spans=_tidy(quote.spans)) for quote in shared.quotes(event)]
    return Text(tuple(b for b in map(_trim, blocks) if b.spans))


def parse_command(words: str) -> Text:
    """The words after a slash command: they have no looks, but may have mentions and links."""
    block = Block("paragraph", _tidy(mrkdwn.inline(words, looks=False)))
    return Text(tuple(b for b in map(_trim, rich.paragraphs(block)) if b.spans))


def mentions(event: Mapping[str, Any], user: str) -> bool:
    """Whether the message mentions this user. `text` stands beside the blocks and says the same."""
    written = str(event.get("text") or "")
    return f"<@{user}>" in written or f"<@{user}|" in written


def _tidy(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Cleaned, with neighbours that look alike made one."""
    tidy: list[Span] = []
    for raw in spans:
        words = clean(raw.text)
        if not words:
            continue
        span = _with_text(raw, words)
        if tidy and not span.mention and replace(tidy[-1], text=span.text) == span:
            tidy[-1] = replace(span, text=tidy[-1].text + span.text)
        else:
            tidy.append(span)
    return tuple(tidy)


def _cut_mention(blocks: list[Block], user: str) -> list[Block]:
    for number, block in enumerate(blocks):
        for at, span in enumerate(block.spans):
            if span.mention == user:
                cut = replace(block, spans=_join(block.spans[:at], block.spans[at + 1 :]))
                return [*blocks[:number], cut, *blocks[number + 1 :]]
    return blocks


def _join(before: tuple[Span, ...], after: tuple[Span, ...]) -> tuple[Span, ...]:
    """The words around a mention that was cut out, with one space where there were two."""
    if not "".join(span.text for span in before).strip():
        first = after[0].text.lstrip(" \u00a0").removeprefix(":").removeprefix(",") if after else ""
        return _tidy((replace(after[0], text=first), *after[1:])) if after else ()
    gap = " " if after and after[0].text[:1].isalnum() else ""
    last = replace(before[-1], text=before[-1].text.rstrip(" \u00a0") + gap)
    return _tidy((*before[:-1], last, *after))


def _trim(block: Block) -> Block:
    """Without white space around the block; preformatted lines keep theirs."""
    blank = "\n" if block.kind == "pre" else " \n\t\u00a0"
    spans = list(block.spans)
    while spans and not spans[0].text.strip(blank) and not spans[0].mention:
        spans.pop(0)
    while spans and not spans[-1].text.strip(blank) and not spans[-1].mention:
        spans.pop()
    if spans:
        spans[0] = _with_text(spans[0], spans[0].text.lstrip(blank))
        spans[-1] = _with_text(spans[-1], spans[-1].text.rstrip(blank))
    return Block(block.kind, tuple(spans), block.depth)


def _with_text(span: Span, words: str) -> Span:
    return span if span.text == words else replace(span, text=words)
