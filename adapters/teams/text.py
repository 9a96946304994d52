"""Teams' text: parsed into the neutral form, and drawn as the Markdown of an Adaptive Card.

A card's TextBlock knows bold, italic, lists and links (learn.microsoft.com, "Text formatting in
cards"); everything else of the neutral form is drawn as plain words, with nothing lost. All that
people wrote is escaped, so that it can neither mention anybody, hide an address behind other words,
show an image, nor call a card's own functions ({{DATE(…)}}).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from urllib.parse import quote

from adapters.teams.markup import Mention, parse_html
from bot.text import Block, Span, Text, misleads, one_line_end, safe_link
from bot.text import inert as inert

_AT = re.compile(r"<at\b[^>]{0,100}>(.{0,300}?)</at>", re.IGNORECASE | re.DOTALL)
_EMPTY_LINES = re.compile(r"\n\s*\n")

_LIVE = re.compile(r"[\\`*_\[\]<~{]|&(?!\s)")
_LIVE_AT_START = re.compile(r"[-+](?=\s|$)|-(?=[ -]*$)|#{1,6}(?=\s|$)|>|\d+(?=[.)](?:\s|$))")
_AROUND = frozenset(".,;:!?()")

Look = tuple[bool, bool, str | None]
"""Bold, italic, and the address that it links to."""


def parse(words: str, how: str = "plain", mentions: Sequence[Mention] = ()) -> Text:
    """What a person wrote: HTML (an activity's textFormat `xml`), or words just as they are.

    Teams turns what is typed as Markdown into HTML by itself; stars that are left are only stars.
    """
    read = parse_html(words, mentions) if how == "xml" else _parse_plain(words, mentions)
    blocks = (replace(block, spans=tuple(_visible(block.spans))) for block in read.blocks)
    return Text(tuple(b for b in blocks if any(span.text.strip() for span in b.spans)))


def _visible(spans: Iterable[Span]) -> Iterator[Span]:
    """Marks that nobody sees do not count as words: an answer of such marks alone is none."""
    shown = (replace(span, text=inert(span.text)) for span in spans)
    return (span for span in shown if span.text)


def _parse_plain(words: str, mentions: Sequence[Mention]) -> Text:
    """Only the marks of mentions and HTML's names for characters are undone."""
    spans: list[Span] = []
    left, done = list(mentions), 0
    for found in _AT.finditer(words):
        shown = html.unescape(found[1])
        meant = next((mention for mention in left if mention.shown == shown), None)
        if meant is not None:
            left.remove(meant)
            spans += (
                Span(_unescaped(words[done : found.start()])),
                Span(shown, mention=meant.user),
            )
            done = found.end()
    spans.append(Span(_unescaped(words[done:])))
    return Text(tuple(_paragraphs(spans)))


def _unescaped(words: str) -> str:
    return one_line_end(html.unescape(words).replace("\xa0", " "))


def _paragraphs(spans: Iterable[Span]) -> Iterator[Block]:
    """An empty line begins a new paragraph."""
    paragraph: list[Span] = []
    for span in spans:
        first, *rest = [span.text] if span.mention else _EMPTY_LINES.split(span.text)
        paragraph.append(replace(span, text=first))
        for text in rest:
            yield from _paragraph(paragraph)
            paragraph = [replace(span, text=text)]
    yield from _paragraph(paragraph)


def _paragraph(spans: Sequence[Span]) -> Iterator[Block]:
    kept = [span for span in spans if span.text]
    if any(span.text.strip() for span in kept):
        kept[0] = replace(kept[0], text=kept[0].text.lstrip("\n"))
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip("\n"))
        yield Block("paragraph", tuple(span for span in kept if span.text))


def without_leading_mention(text: Text, user: str) -> Text:
    """The text without this user's mention, if that is what it begins with. Others of the same user
    are names among the words."""
    blocks = [list(block.spans) for block in text.blocks]
    if blocks:
        first = blocks[0]
        start = next((n for n, span in enumerate(first) if span.text.strip()), 0)
        if first and first[start].mention == user:
            blocks[0] = _without_space_before(first[start + 1 :])
    return Text(
        tuple(
            replace(block, spans=tuple(_named(span, user) for span in spans))
            for block, spans in zip(text.blocks, blocks, strict=True)
            if any(span.text.strip() for span in spans)
        )
    )


def _without_space_before(spans: list[Span]) -> list[Span]:
    for number, span in enumerate(spans):
        if span.text.strip():
            return [replace(span, text=span.text.lstrip()), *spans[number + 1 :]]
    return []


def _named(span: Span, user: str) -> Span:
    return replace(span, mention=None) if span.mention == user else span


def escaped(words: str) -> str:
    """Plain words as Markdown that shows exactly them."""
    return _lines((Span(words),))


def render(text: Text) -> str:
    """All of it as one Markdown string."""
    return "\n\n".join(passage for _, passage in passages(text))


def passages(text: Text) -> list[tuple[str, str]]:
    """One Markdown string for each block, with its kind; items next to each other are one list."""
    found: list[tuple[str, str]] = []
    for kind, blocks in groupby(text.blocks, key=lambda block: block.kind):
        if kind == "item":
            drawn = ["\n".join(_items(blocks))]
        else:
            mark = "\\> " if kind == "quote" else ""
            drawn = [_lines(block.spans, mark) for block in blocks]
        found += ((kind, passage) for passage in drawn if passage)
    return found


def _items(blocks: Iterable[Block]) -> Iterator[str]:
    depth = -1
    for block in blocks:
        words = " ".join(line for line in map(_line, _split(block.spans)) if line)
        if words:
            # A list that begins too deep would be code in Markdown.
            depth = min(block.depth, depth + 1)
            yield f"{'  ' * depth}- {words}"


def _lines(spans: Iterable[Span], mark: str = "") -> str:
    """Markdown wants an empty line where a line shall end."""
    return "\n\n".join(mark + line for line in map(_line, _split(spans)) if line)


def _split(spans: Iterable[Span]) -> Iterator[list[Span]]:
    line: list[Span] = []
    for span in spans:
        first, *rest = inert(span.text).replace("\t", " ").split("\n")
        line.append(replace(span, text=first))
        for text in rest:
            yield line
            line = [replace(span, text=text)]
    yield line


def _line(spans: Iterable[Span]) -> str:
    """One line's spans as Markdown."""
    seen = (span for span in spans if span.text)
    runs = [(look, "".join(span.text for span in run)) for look, run in groupby(seen, key=_look_of)]
    line = ""
    for number, (look, words) in enumerate(runs):
        after = runs[number + 1][1][0] if number + 1 < len(runs) else ""
        drawn = _drawn(look, words, line[-1:], after)
        if line.endswith("!") and drawn.startswith("["):
            line = line[:-1] + "\\!"
        line += drawn
    # Four spaces would begin a block of code, in which nothing is escaped.
    indent = "\xa0" * (len(line) - len(line.lstrip()))
    line = line.strip()
    return indent + _still_at_start(line) if line else ""


def _still_at_start(line: str) -> str:
    """What would make a list, a heading or a quotation of the line is escaped."""
    found = _LIVE_AT_START.match(line)
    if found is None:
        return line
    before = found.end() if found[0].isdigit() else 0
    return f"{line[:before]}\\{line[before:]}"


def _look_of(span: Span) -> Look:
    link = safe_link(inert(span.link)) if span.link else None
    return (span.bold, span.italic, None) if link is None else (False, False, link)


def _drawn(look: Look, words: str, before: str, after: str) -> str:
    bold, italic, link = look
    core = words.strip()
    start, end = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
    if not core:
        return words
    if link:
        return start + _linked(core, link) + end
    sides = ("**" if bold else "") + ("_" if italic else "")
    if not _takes_marks(core, start[-1:] or before, end[:1] or after, italic):
        sides = ""
    return f"{start}{sides}{_escape(core)}{sides[::-1]}{end}"


def _takes_marks(core: str, before: str, after: str, italic: bool) -> bool:
    """Whether Markdown would take marks around the words for marks: CommonMark's rules, narrowed.
    Where it would not, the look is left out rather than the words spoilt."""
    free_before, free_after = not before.strip(), not after.strip()
    plain_start, plain_end = core[0].isalnum(), core[-1].isalnum()
    if italic:
        free_before |= plain_start and before in _AROUND
        free_after |= plain_end and after in _AROUND
        return free_before and free_after
    return (plain_start or free_before) and (plain_end or free_after)


def _escape(words: str) -> str:
    return _LIVE.sub(lambda found: "\\" + found[0], words)


def _linked(words: str, link: str) -> str:
    target = re.sub(r"[^\w\-.~:/?#@!$&'+,;=%]", lambda found: quote(found[0]), link)
    target = re.sub(r"&(?=#?\w+;)", r"\\&", target)
    if misleads(words, link):
        # Words that read like one address, over another one, are the oldest trick there is.
        return f"{_escape(words)} ([{_escape(link)}]({target}))"
    return f"[{_escape(words)}]({target})"
