"""Shared: what somebody forwards with a message of theirs, which is not in its own words.

Slack documents none of it. A forwarded message hangs on the one that forwards it, among its
`attachments`, with `is_share`. It has its author's name, its words as mrkdwn in `text` and, inside
`message_blocks`, as rich text. The preview of a link hangs there too, without `is_share`: its link
is among the words. What was forwarded from where others may not read may come without any words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from adapters.slack import mrkdwn, rich
from bot.text import Block, Span

Json = Mapping[str, Any]


def forwarded(message: Json) -> list[Json]:
    """The messages that were forwarded with this one."""
    attached = message.get("attachments")
    found = attached if isinstance(attached, list) else []
    return [one for one in found if isinstance(one, dict) and one.get("is_share")]


def quotes(message: Json) -> list[Block]:
    """Each of them as a quotation, under its author's name in plain words. Where it stands is not
    told: nobody else can go there."""
    return [quote for one in forwarded(message) if (quote := _quote(one)) is not None]


def files(message: Json) -> list[Json]:
    """The files that hang on them."""
    return [file for one in forwarded(message) for file in one.get("files") or []]


def _quote(one: Json) -> Block | None:
    spans: list[Span] = []
    for block in _words(one):
        mark = "• " if block.kind == "item" else ""
        look = block.kind == "pre"
        said = [replace(span, code=span.code or look) for span in block.spans]
        spans += [*([Span("\n")] if spans else []), *([Span(mark)] if mark else []), *said]
    if not "".join(span.text for span in spans).strip():
        return None
    name = one.get("author_name") or one.get("author_subname")
    begins = [Span(f"{name}:\n")] if isinstance(name, str) and name else []
    return Block("quote", (*begins, *spans))


def _words(one: Json) -> list[Block]:
    written = one.get("text")
    written = written if isinstance(written, str) else ""
    labels = mrkdwn.labels(written)
    found = [block for blocks in _blocks(one) for block in rich.parse(blocks, labels)]
    return found or mrkdwn.parse(written)


def _blocks(one: Json) -> Iterator[Any]:
    held = one.get("message_blocks")
    for part in held if isinstance(held, list) else []:
        message = part.get("message") if isinstance(part, dict) else None
        if isinstance(message, dict):
            yield message.get("blocks")
