"""People's words in one neutral form, which adapters parse into and render from."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any, Literal
from urllib.parse import urlsplit

from bot.graphemes import cut_at

BlockKind = Literal["paragraph", "quote", "pre", "item"]


def safe_link(url: str) -> str | None:
    """The address if a reader may be sent there (http, https, mailto), else nothing."""
    try:
        scheme = urlsplit(url.strip()).scheme.lower()
    except ValueError:
        return None
    return url.strip() if scheme in {"http", "https", "mailto"} else None


# Controls, direction overrides and marks that show nothing. Joiners stay: emoji need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")


def inert(words: str) -> str:
    """The words without what cannot be seen, and without what turns the words around it."""
    return _INVISIBLE.sub("", one_line_end(words))


def one_line_end(words: str) -> str:
    """The words with every way to end a line made the same one."""
    return _LINE_ENDS.sub("\n", words)


# A site or a mailbox as people write it; what follows the site's name is its own affair.
_ADDRESS = re.compile(
    r"(?:(?<![/\w.+-])[\w.+-]{1,64}@)?"
    r"((?:[\w-]{1,63}\.){1,9}(?:xn--[\w-]{1,59}|[^\W\d_]{2,63})|(?:\d{1,3}\.){3}\d{1,3})"
    r"(?::\d+)?(?:[/?#]\S*)?"
)
_DOCUMENTS = (
    *(".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".txt", ".csv"),
    *(".png", ".jpg", ".jpeg", ".gif"),
)


def misleads(words: str, link: str) -> bool:
    """Whether the words name one site and the link leads to another."""
    try:
        target = urlsplit(link)
        host = target.path.rpartition("@")[2] if target.scheme == "mailto" else target.hostname
    except ValueError:
        return True
    site = (host or "").lower().partition("?")[0]
    shown = unicodedata.normalize("NFKC", inert(words)).replace("。", ".").lower()
    named = (name for name in _ADDRESS.findall(shown) if not name.endswith(_DOCUMENTS))
    return not all(_belongs(site, name.removeprefix("www.")) for name in named)


def _belongs(site: str, name: str) -> bool:
    return site.removeprefix("www.") == name or site.endswith(f".{name}")


@dataclass(frozen=True, slots=True)
class File:
    """A file that hangs on a message: never copied, only named. Either may not be told."""

    name: str = ""
    size: int | None = None


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
    """What a person wrote. A paragraph's line breaks are kept as newlines inside its spans. The
    files that hang on it are not among the words: each reader is told of them in their own."""

    blocks: tuple[Block, ...] = ()
    files: tuple[File, ...] = ()

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

    def shortened(self, limit: int) -> Text:
        """At most about `limit` visible characters, ended by "…" between two words where something
        is left out; never inside a character that is made of several."""
        kept: list[Block] = []
        room = limit
        for block in self.blocks:
            length = len(block.plain())
            if length > room:
                spans = _shortened(block.spans, room)
                cut = Block(block.kind, (*spans, Span("…")), block.depth)
                return replace(self, blocks=(*kept, cut))
            kept.append(block)
            room -= length
        return self

    def __bool__(self) -> bool:
        return bool(self.plain() or self.files)

    def mentions(self) -> Iterable[str]:
        return (span.mention for block in self.blocks for span in block.spans if span.mention)

    def links(self) -> Iterable[str]:
        return (span.link for block in self.blocks for span in block.spans if span.link)

    def with_links(self) -> Text:
        """Addresses that were typed as mere words, as in a form, lead where they say."""
        blocks = (
            block if block.kind == "pre" else replace(block, spans=tuple(_linked(block.spans)))
            for block in self.blocks
        )
        return replace(self, blocks=tuple(blocks))

    def with_addresses(self) -> Text:
        """For where there are no links: the address of each stands beside its words."""
        blocks = tuple(replace(block, spans=_addressed(block.spans)) for block in self.blocks)
        return replace(self, blocks=blocks)

    def dump(self) -> str:
        """As stored: JSON, with every default left out."""
        blocks = [
            {
                "kind": block.kind,
                **({"depth": block.depth} if block.depth else {}),
                "spans": [_told(span) for span in block.spans],
            }
            for block in self.blocks
        ]
        files = [_told(file) for file in self.files]
        stored: Any = {"blocks": blocks, "files": files} if files else blocks
        return json.dumps(stored, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def load(cls, stored: str) -> Text:
        read = json.loads(stored)
        blocks, files = (read, []) if isinstance(read, list) else (read["blocks"], read["files"])
        return cls(
            tuple(
                Block(
                    block["kind"],
                    tuple(Span(**{"text": "", **span}) for span in block["spans"]),
                    block.get("depth", 0),
                )
                for block in blocks
            ),
            tuple(File(**file) for file in files),
        )


def _told(part: Span | File) -> dict[str, Any]:
    return {name: value for name, value in asdict(part).items() if value}


_TYPED = re.compile(r"https?://[^\s<>\"|\\^`{}]+", re.IGNORECASE)
_AFTER = ".,:;!?'*_~…«»”’"


def _linked(spans: Iterable[Span]) -> Iterator[Span]:
    for span in spans:
        if span.link or span.mention or span.code or "://" not in span.text:
            yield span
            continue
        at = 0
        for found in _TYPED.finditer(span.text):
            address = _without_what_follows(found[0])
            if not _is_whole(address):
                continue
            if at < found.start():
                yield replace(span, text=span.text[at : found.start()])
            yield replace(span, text=address, link=address)
            at = found.start() + len(address)
        if at < len(span.text):
            yield replace(span, text=span.text[at:])


def _without_what_follows(address: str) -> str:
    """What ends the sentence is not the address's, nor a bracket that begins before it."""
    while address[-1] in _AFTER or (address[-1] in ")]" and not set(address) & set("([")):
        address = address[:-1]
    return address


def _is_whole(address: str) -> bool:
    """Whether it names a site, and no user before it, who may look like another site."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and "@" not in parts.netloc


_SCHEME = re.compile(r"(?:https?://(?:www\.)?|mailto:)")


def _addressed(spans: Iterable[Span]) -> tuple[Span, ...]:
    shown: list[Span] = []
    for link, run in groupby(spans, key=lambda span: span.link):
        words = list(run)
        shown += words
        address = _SCHEME.sub("", link or "", count=1).rstrip("/")
        if address not in "".join(span.text for span in words):
            shown.append(Span(f" ({link})"))
    return tuple(shown)


def _shortened(spans: Iterable[Span], room: int) -> Iterable[Span]:
    for span in spans:
        if len(span.text) > room:
            yield replace(span, text=span.text[: cut_at(span.text, room)])
            return
        yield span
        room -= len(span.text)
