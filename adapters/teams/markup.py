"""The HTML that Teams writes, as the neutral form. What is not known here becomes plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from itertools import groupby

from bot.text import Block, BlockKind, Span, Text, safe_link

_BLOCKS = frozenset({"p", "div", "section", "article", "blockquote", "pre", "codeblock", "hr"}) | {
    *("ul", "ol", "li", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6"),
}


def _bold(look: Span) -> Span:
    return replace(look, bold=True)


def _italic(look: Span) -> Span:
    return replace(look, italic=True)


def _strike(look: Span) -> Span:
    return replace(look, strike=True)


def _code(look: Span) -> Span:
    return replace(look, code=True)


_LOOKS: Mapping[str, Callable[[Span], Span]] = {
    **dict.fromkeys(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6"), _bold),
    **dict.fromkeys(("i", "em"), _italic),
    **dict.fromkeys(("s", "strike", "del"), _strike),
    "code": _code,
}
_KINDS: Mapping[str, BlockKind] = {"blockquote": "quote", "pre": "pre", "codeblock": "pre"}
_VOID = frozenset({"br", "img", "hr", "wbr", "input", "meta", "link", "source", "track"})
# A tag that is whole. The parser of the standard library takes quadratic time over any other.
_STRAY = re.compile(r"<(?!/?[a-z][^<>]*+>)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BULLET = "• "
_PLAIN = Span("")
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody who is mentioned: the name as it is shown, and the id to keep."""

    shown: str
    user: str | None


@dataclass(slots=True)
class _Open:
    """An element that is open, and what follows from it for the words inside."""

    tag: str = ""
    look: Span = _PLAIN
    kind: BlockKind = "paragraph"
    depth: int = -1
    items: int = 0
    unseen: bool = False


class _Reader(HTMLParser):
    def __init__(self, mentions: Sequence[Mention]) -> None:
        super().__init__(convert_charrefs=True)
        self._mentions = {str(number): one.user for number, one in enumerate(mentions)}
        self._mentioned = 0
        self._open = [_Open()]
        self._marker = ""
        self._spans: list[Span] = []
        self.blocks: list[Block] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self.finish()
        if tag == "br":
            self._break()
        elif tag in ("img", "emoji"):
            self._say(had.get("alt", ""))
        if tag not in _VOID and len(self._open) < _DEEPEST:
            self._open.append(self._opened(tag, had))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.finish()
        for number in range(len(self._open) - 1, 0, -1):
            if self._open[number].tag == tag:
                del self._open[number:]
                break
        if tag == "li":
            self._marker = ""
        elif tag in ("td", "th"):
            self._say(" ")

    def handle_data(self, data: str) -> None:
        words = data if self._open[-1].kind == "pre" else _SPACE.sub(" ", data)
        self._say(words.replace("\xa0", " "))

    def finish(self) -> None:
        """End the block that is being read, if there is anything in it."""
        top = self._open[-1]
        kind = top.kind
        spans = _trimmed(self._spans, "\n" if kind == "pre" else " \n")
        self._spans = []
        if not any(span.text.strip() for span in spans):
            return
        if self._marker == _BULLET and kind == "paragraph":
            kind = "item"
        elif self._marker:
            spans.insert(0, Span(self._marker))
        self._marker = ""
        self.blocks.append(Block(kind, tuple(spans), top.depth if kind == "item" else 0))

    def _opened(self, tag: str, had: Mapping[str, str]) -> _Open:
        above = self._open[-1]
        opened = replace(above, tag=tag, kind=_KINDS.get(tag, above.kind))
        if opened.kind == "pre":
            opened.look = _PLAIN
        elif tag in _LOOKS:
            opened.look = _LOOKS[tag](above.look)
        elif tag == "a":
            opened.look = replace(above.look, link=safe_link(had.get("href", "")))
        elif tag == "at" or had.get("itemtype", "").endswith("/Mention"):
            opened.look = replace(above.look, mention=self._mention(had))
        elif tag in ("ul", "ol"):
            opened.depth, opened.items = above.depth + 1, 0
        elif tag == "li":
            self._marker = self._next_marker()
        opened.unseen |= tag in ("script", "style") or (tag == "emoji" and bool(had.get("alt")))
        return opened

    def _mention(self, had: Mapping[str, str]) -> str | None:
        """The marks are numbered; in their order where they are not."""
        number = had.get("itemid") or had.get("id") or str(self._mentioned)
        self._mentioned += 1
        return self._mentions.get(number)

    def _next_marker(self) -> str:
        """Bullets are drawn anew elsewhere; a number is part of what was written."""
        list_ = next((one for one in reversed(self._open) if one.tag in ("ul", "ol")), None)
        if list_ is None or list_.tag == "ul":
            return _BULLET
        list_.items += 1
        return f"{list_.items}. "

    def _break(self) -> None:
        if self._spans:
            last = self._spans[-1]
            self._spans[-1] = replace(last, text=last.text.rstrip(" "))
        self._spans.append(Span("\n"))

    def _say(self, words: str) -> None:
        top = self._open[-1]
        at_start = not self._spans or self._spans[-1].text.endswith(("\n", " "))
        if at_start and top.kind != "pre":
            words = words.lstrip(" ")
        if words and not top.unseen:
            self._spans.append(replace(top.look, text=words))


def _merged(spans: Sequence[Span]) -> Iterator[Span]:
    """Neighbours that look the same are one; a mention is somebody, and stays one by itself."""
    for (look, mentioned), run in groupby(spans, key=_look_of):
        if mentioned:
            yield from run
        else:
            yield replace(look, text="".join(span.text for span in run))


def _look_of(span: Span) -> tuple[Span, bool]:
    return replace(span, text=""), span.mention is not None


def _trimmed(spans: Sequence[Span], space: str) -> list[Span]:
    kept = [span for span in _merged(spans) if span.text]
    while kept and not kept[0].text.strip(space):
        kept.pop(0)
    while kept and not kept[-1].text.strip(space):
        kept.pop()
    if kept:
        kept[0] = replace(kept[0], text=kept[0].text.lstrip(space))
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(space))
    return kept


def parse_html(words: str, mentions: Sequence[Mention] = ()) -> Text:
    """What a person wrote, from Teams' HTML; its mentions are numbered as the activity's are."""
    reader = _Reader(mentions)
    reader.feed(_STRAY.sub("&lt;", words))
    reader.close()
    reader.finish()
    return Text(tuple(reader.blocks))
