"""Slack's rich text: the block its own composer writes, to and from the neutral form.

A text element stands for itself: whatever is in it, Slack shows those characters. So what a person
wrote, put in text elements, cannot become a mention, a link or a look; no escaping, nothing to
forget. Facts: docs.slack.dev, "Rich text block".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from adapters.slack.emoji import emoji, from_code_points
from bot.text import Block, Span, misleads, safe_link

Json = dict[str, Any]
Labels = Mapping[str, str]

_EMPTY_LINE = re.compile(r"\n[ \t]*\n\s*")
_LINK_LENGTH = 3000
_DEEPEST = 6


# --- from Slack ---------------------------------------------------------------------------------


def parse(blocks: Any, labels: Labels) -> list[Block]:
    """The rich text among a message's blocks. `labels` are names that only its mrkdwn tells."""
    found: list[Block] = []
    for block in _dicts(blocks):
        if block.get("type") == "rich_text":
            for element in _dicts(block.get("elements")):
                found += _element(element, labels)
    return found


def paragraphs(block: Block) -> list[Block]:
    """One block for each run of lines between empty lines."""
    if not any("\n" in span.text for span in block.spans):
        return [block]
    runs: list[list[Span]] = [[]]
    for span in block.spans:
        first, *others = _EMPTY_LINE.split(span.text)
        runs[-1].append(replace(span, text=first))
        runs += [[replace(span, text=part)] for part in others]
    return [replace(block, spans=tuple(run)) for run in runs]


def _element(element: Json, labels: Labels) -> list[Block]:
    kind = element.get("type")
    if kind == "rich_text_list":
        return _list(element, labels)
    spans = _spans(element, labels)
    if kind == "rich_text_quote":
        return [Block("quote", spans)]
    if kind == "rich_text_preformatted":
        return [Block("pre", tuple(replace(span, code=False) for span in spans))]
    return paragraphs(Block("paragraph", spans))


def _list(element: Json, labels: Labels) -> list[Block]:
    depth = int(element.get("indent") or 0)
    items = [_spans(item, labels) for item in _dicts(element.get("elements"))]
    if element.get("style") != "ordered":
        return [Block("item", spans, depth) for spans in items]
    first = int(element.get("offset") or 0) + 1
    lines = [
        (Span(f"{'  ' * depth}{first + number}. "), *spans, Span("\n"))
        for number, spans in enumerate(items)
    ]
    return [Block("paragraph", tuple(span for line in lines for span in line))]


def _spans(element: Json, labels: Labels) -> tuple[Span, ...]:
    return tuple(_span(part, labels) for part in _dicts(element.get("elements")))


def _span(part: Json, labels: Labels) -> Span:
    style = part.get("style")
    look = style if isinstance(style, dict) else {}
    kind = str(part.get("type"))
    return Span(
        text=_WORDS.get(kind, _other)(part, labels),
        bold=bool(look.get("bold")),
        italic=bool(look.get("italic")),
        strike=bool(look.get("strike")),
        code=bool(look.get("code")),
        link=safe_link(str(part.get("url", ""))) if kind == "link" else None,
        mention=str(part.get("user_id", "")) or None if kind == "user" else None,
    )


def _emoji(part: Json, _: Labels) -> str:
    known = from_code_points(part["unicode"]) if isinstance(part.get("unicode"), str) else None
    return known or emoji(str(part.get("name", "")), int(part.get("skin_tone") or 0))


def _other(part: Json, _: Labels) -> str:
    """Something Slack has thought of since: its words, if it has any."""
    said = (part.get(name) for name in ("text", "fallback", "name", "value"))
    return next((words for words in said if isinstance(words, str)), "")


_WORDS: dict[str, Callable[[Json, Labels], str]] = {
    "text": lambda part, _: str(part.get("text", "")),
    "link": lambda part, _: str(part.get("text") or part.get("url", "")),
    "user": lambda part, labels: "@" + labels.get(str(part.get("user_id")), "…"),
    "channel": lambda part, labels: "#" + labels.get(str(part.get("channel_id")), "channel"),
    "usergroup": lambda part, labels: (
        "@" + labels.get(str(part.get("usergroup_id")), "…").removeprefix("@")
    ),
    "broadcast": lambda part, _: f"@{part.get('range', 'channel')}",
    "emoji": _emoji,
}


def _dicts(items: Any) -> list[Json]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


# --- to Slack -----------------------------------------------------------------------------------


def elements(blocks: Iterable[Block]) -> list[Json]:
    """The elements of a rich text block. Paragraphs that follow one another share a section."""
    drawn: list[Json] = []
    previous: Block | None = None
    for block in blocks:
        inline = _inline(block)
        if not inline:
            continue
        if previous is not None and _joins(previous, block):
            _lengthen(drawn[-1], inline, block)
        else:
            drawn.append(_drawn(block, inline))
        previous = block
    return drawn


def _joins(previous: Block, block: Block) -> bool:
    same = previous.kind == block.kind
    return same and (
        block.kind == "paragraph" or (block.kind == "item" and _level(previous) == _level(block))
    )


def _lengthen(element: Json, inline: list[Json], block: Block) -> None:
    if block.kind == "item":
        element["elements"].append(_part("section", inline))
    else:
        element["elements"] += [{"type": "text", "text": "\n\n"}, *inline]


def _drawn(block: Block, inline: list[Json]) -> Json:
    if block.kind == "item":
        items = [_part("section", inline)]
        return _part("list", items) | {"style": "bullet", "indent": _level(block)}
    names = {"quote": "quote", "pre": "preformatted"}
    return _part(names.get(block.kind, "section"), inline)


def _part(name: str, inside: list[Json]) -> Json:
    return {"type": f"rich_text_{name}", "elements": inside}


def _level(block: Block) -> int:
    return min(max(block.depth, 0), _DEEPEST)


def _inline(block: Block) -> list[Json]:
    return [part for span in block.spans for part in _parts(span, looks=block.kind != "pre")]


def _parts(span: Span, *, looks: bool) -> list[Json]:
    """One span as elements of rich text. A mention is another workspace's, so it is only words."""
    if not span.text:
        return []
    style = {name: True for name in ("bold", "italic", "strike", "code") if getattr(span, name)}
    dressed: Json = {"style": style} if style and looks else {}
    link = _address(span.link) if span.link and looks else None
    if link is None:
        return [{"type": "text", "text": span.text} | dressed]
    shown = {"type": "link", "url": link, "text": span.text} | dressed
    if not misleads(span.text, link):
        return [shown]
    # "my-bank.example" that leads somewhere else is shown with where it leads.
    where = {"type": "link", "url": link, "text": link}
    plain = [{"type": "text", "text": words} for words in (f"{span.text} (", ")")]
    return [plain[0], where, plain[1]]


def _address(link: str) -> str | None:
    """A link that Slack takes; it refuses the whole message for one it does not."""
    url = safe_link(link)
    if url is None or len(url) > _LINK_LENGTH or re.search(r"[\s<>|\x00-\x20\x7f]", url):
        return None
    return url if urlsplit(url).netloc or url.lower().startswith("mailto:") else None
