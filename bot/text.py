"""People's words in one neutral form, which adapters parse into and render from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
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
