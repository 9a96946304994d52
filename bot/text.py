"""People's words in one neutral form, which adapters parse into and render from."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Literal
from urllib.parse import urlsplit

BlockKind = Literal["paragraph", "quote", "pre", "item"]


def safe_link(url: str) -> str | None:
    """The address if a reader may be sent there (http, https, mailto), else nothing."""
    try:
        scheme = urlsplit(url.strip()).scheme.lower()
    except ValueError:
        return None
    return url.strip() if scheme in {"http", "https", "mailto"} else None


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters with one look. `mention` is a user id in the author's own workspace."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    link: str | None = None
    mention: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a quotation, preformatted lines or a list item (`depth` 0 is the outermost)."""

    kind: BlockKind
    spans: tuple[Span, ...]
    depth: int = 0

    def plain(self) -> str:
        words = "".join(span.text for span in self.spans)
        if self.kind == "item":
            return "  " * self.depth + "• " + words
        if self.kind == "quote":
            return "\n".join("> " + line for line in words.split("\n"))
        return words


@dataclass(frozen=True, slots=True)
class Text:
    """What a person wrote. A paragraph's line breaks are kept as newlines inside its spans."""

    blocks: tuple[Block, ...] = ()

    @classmethod
    def of(cls, words: str) -> Text:
        """Plain words; an empty line begins a new paragraph."""
        paragraphs = words.replace("\r\n", "\n").strip("\n").split("\n\n")
        return cls(
            tuple(Block("paragraph", (Span(p.strip("\n")),)) for p in paragraphs if p.strip())
        )

    def plain(self) -> str:
        """Every visible character, without looks; blocks stand on lines of their own."""
        return "\n".join(block.plain() for block in self.blocks).strip()

    def with_files(self, names: Iterable[str]) -> Text:
        """With a line for each file that hangs on the message."""
        named = (Block("paragraph", (Span(f"📎 {name.strip('📎 ')}"),)) for name in names)
        return Text((*self.blocks, *named))

    def shortened(self, limit: int) -> Text:
        """At most about `limit` visible characters, ended by "…" between two words where something
        is left out; never inside a character that is made of several."""
        kept: list[Block] = []
        room = limit
        for block in self.blocks:
            length = len(block.plain())
            if length > room:
                spans = _shortened(block.spans, room)
                return Text((*kept, Block(block.kind, (*spans, Span("…")), block.depth)))
            kept.append(block)
            room -= length
        return self

    def __bool__(self) -> bool:
        return bool(self.plain())

    def mentions(self) -> Iterable[str]:
        return (span.mention for block in self.blocks for span in block.spans if span.mention)

    def links(self) -> Iterable[str]:
        return (span.link for block in self.blocks for span in block.spans if span.link)

    def dump(self) -> str:
        """As stored: JSON, with every default left out."""
        return json.dumps(
            [
                {
                    "kind": block.kind,
                    **({"depth": block.depth} if block.depth else {}),
                    "spans": [{k: v for k, v in asdict(span).items() if v} for span in block.spans],
                }
                for block in self.blocks
            ],
            ensure_ascii=False,
            separators=(",", ":"),
        )

    @classmethod
    def load(cls, stored: str) -> Text:
        return cls(
            tuple(
                Block(
                    block["kind"],
                    tuple(Span(**{"text": "", **span}) for span in block["spans"]),
                    block.get("depth", 0),
                )
                for block in json.loads(stored)
            )
        )


def _shortened(spans: Iterable[Span], room: int) -> Iterable[Span]:
    for span in spans:
        if len(span.text) > room:
            yield replace(span, text=_cut(span.text, room))
            return
        yield span
        room -= len(span.text)


def _cut(words: str, room: int) -> str:
    """The beginning of the words, up to the last space if there is one near the end."""
    space = words.rfind(" ", max(0, room - 80), room + 1)
    end = space if space > 0 else room
    while end > 0 and _joins(words[end - 1], words[end : end + 1]):
        end -= 1
    return words[:end]


def _joins(before: str, after: str) -> bool:
    """Whether two code points belong to one character that a person sees."""
    joiner = "\N{ZERO WIDTH JOINER}"
    if joiner in (before, after) or unicodedata.combining(after or " "):
        return True
    return after != "" and (
        "\N{VARIATION SELECTOR-1}" <= after <= "\N{VARIATION SELECTOR-16}"
        or "\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}"
        <= after
        <= "\N{EMOJI MODIFIER FITZPATRICK TYPE-6}"
        or all(
            "\N{REGIONAL INDICATOR SYMBOL LETTER A}"
            <= c
            <= "\N{REGIONAL INDICATOR SYMBOL LETTER Z}"
            for c in (before, after)
        )
    )
