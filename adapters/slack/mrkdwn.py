"""Slack's mrkdwn, read into the neutral form. Facts: docs.slack.dev, "Formatting message text"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from adapters.slack.emoji import emoji
from adapters.slack.rich import paragraphs
from bot.text import Block, Span, safe_link

_ENTITY = re.compile("&(amp|lt|gt);")
_PLAIN = {"amp": "&", "lt": "<", "gt": ">"}
_FENCE = re.compile(r"```\n?(.*?)\n?```", re.S)
_LABEL = re.compile(r"<[@#!](?:subteam\^)?(\w+)\|([^<>]+)>")
_QUOTED = re.compile(r"(?:&gt;|>) ?")
_BULLET = re.compile(r"( *)[•◦▪]\ufe0e? +")
# A sign is a mark only at a word's edges: "2 * 3 * 4" and "snake_case_name" are just characters.
_MARK = (
    r"(?P<{name}>(?<![\w{sign}])\{sign}(?=[^\s{sign}])"
    r"(?:<[^<>\n]*>|[^{sign}<\n])+"
    r"(?<!\s)\{sign}(?![\w{sign}]))"
)
_INLINE = re.compile(
    r"<(?P<token>[^<>\n]+)>"
    r"|`(?P<code>[^`\n]+)`"
    r"|:(?P<emoji>[a-z0-9_+'-]+):(?::skin-tone-(?P<tone>[2-6]):)?|"
    + "|".join(
        _MARK.format(name=name, sign=sign)
        for name, sign in (("bold", "*"), ("italic", "_"), ("strike", "~"))
    )
)
_TOKEN = re.compile(r"<([^<>\n]+)>")


def unescape(words: str) -> str:
    """Undo Slack's escaping, once: `&amp;lt;` is what somebody wrote as `&lt;`."""
    return _ENTITY.sub(lambda found: _PLAIN[found[1]], words)


def labels(text: str) -> dict[str, str]:
    """The names that stand with the ids of people, channels and groups in `text`."""
    return {found[1]: unescape(found[2]) for found in _LABEL.finditer(text)} if "|" in text else {}


def parse(text: str) -> list[Block]:
    """A message's `text`, where Slack gave no rich text."""
    blocks: list[Block] = []
    for number, part in enumerate(_FENCE.split(text.replace("\r\n", "\n"))):
        if number % 2:
            blocks.append(Block("pre", inline(part, looks=False)))
        else:
            blocks += _lines(part)
    return blocks


def inline(text: str, *, looks: bool = True) -> tuple[Span, ...]:
    """One run of text; without `looks` only what is in angle brackets means anything."""
    return tuple(_spans(text, Span(""), _INLINE if looks else _TOKEN))


def _lines(text: str) -> list[Block]:
    blocks: list[Block] = []
    for kind, run in groupby(text.split("\n"), key=_kind):
        lines = list(run)
        if kind == "item":
            blocks += [_item(line) for line in lines]
        elif kind == "quote":
            blocks.append(Block("quote", inline("\n".join(_QUOTED.sub("", x, 1) for x in lines))))
        else:
            blocks += paragraphs(Block("paragraph", inline("\n".join(lines))))
    return blocks


def _kind(line: str) -> str:
    if _QUOTED.match(line):
        return "quote"
    return "item" if _BULLET.match(line) else "paragraph"


def _item(line: str) -> Block:
    found = _BULLET.match(line)
    indent = len(found[1]) if found else 0
    return Block("item", inline(line[found.end() if found else 0 :]), indent // 4)


def _spans(text: str, look: Span, pattern: re.Pattern[str]) -> Iterator[Span]:
    at = 0
    for found in pattern.finditer(text):
        if found.start() > at:
            yield replace(look, text=unescape(text[at : found.start()]))
        yield from _found(found, look, pattern)
        at = found.end()
    if at < len(text):
        yield replace(look, text=unescape(text[at:]))


def _found(found: re.Match[str], look: Span, pattern: re.Pattern[str]) -> Iterator[Span]:
    name = found.lastgroup or "token"
    if pattern is _TOKEN or name == "token":
        yield _token(found[1], look)
    elif name == "code":
        for span in _spans(found["code"], look, _TOKEN):
            yield replace(span, code=True)
    elif name in ("emoji", "tone"):
        yield replace(look, text=emoji(found["emoji"], int(found["tone"] or 0)))
    else:
        yield from _spans(found[name][1:-1], _dressed(look, name), pattern)


def _dressed(look: Span, name: str) -> Span:
    return Span("", look.bold or name == "bold", look.italic or name == "italic",
                look.strike or name == "strike")  # fmt: skip


def _token(inside: str, look: Span) -> Span:
    """What stands in angle brackets: only Slack itself writes those, a person's are escaped."""
    target, _, label = inside.partition("|")
    target, label = unescape(target), unescape(label)
    if target.startswith("@"):
        return replace(
            look, text="@" + (label.removeprefix("@") or "…"), mention=target[1:] or None
        )
    if target.startswith("#"):
        return replace(look, text="#" + (label or "channel"))
    if target.startswith("!"):
        return replace(look, text=_special(target[1:], label))
    link = safe_link(target)
    if link is None and not label:
        return replace(look, text=target if ":" in target else f"<{target}>")
    return replace(look, text=label or target.removeprefix("mailto:"), link=link)


def _special(name: str, label: str) -> str:
    if name.startswith("date^"):
        return label or name
    if name.startswith("subteam^"):
        return "@" + (label.removeprefix("@") or "…")
    return "@" + (label.removeprefix("@") or name)
