"""The page of what was confirmed: one file, to be read anywhere, printed and kept.

It has real headings and lists, says in which language each part is, uses no colour to mean anything
and loads nothing (WCAG 2.1 AA).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from bot.language import Speech, speak

_LOOKS = """
:root { color-scheme: light dark; }
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.25rem; margin-top: 2.5rem; }
li { margin: .3rem 0; }
section { break-inside: avoid; border-top: 1px solid; }
.small { font-size: .9rem; }
@media print { body { margin: 0; max-width: none; } }
"""


@dataclass(frozen=True, slots=True)
class Section:
    """One confirmation, in words of its own language."""

    language: str
    organisation: str
    channel: str
    version: str
    items: tuple[str, ...]
    last: str
    story: str
    stands: bool


def page(network: str, say: Speech, sections: Sequence[Section]) -> str:
    title = say("What the channels of {network} have confirmed", network=network)
    about = say(
        "Nothing crosses from a channel before somebody there has confirmed one of these texts. "
        "They say what Mellom does; they are no agreement between the organisations."
    )
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{say.language}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>",
            f"<style>{_LOOKS}</style>",
            "</head>",
            "<body>",
            "<main>",
            f"<h1>{escape(title)}</h1>",
            f"<p>{escape(about)}</p>",
            *(line for n, one in enumerate(sections) for line in _section(n, one)),
            "</main>",
            "</body>",
            "</html>",
            "",
        )
    )


def _section(number: int, one: Section) -> Iterable[str]:
    say = speak(one.language)
    name = f"{one.organisation}, {one.channel}" if one.channel else one.organisation
    state = say("In force") if one.stands else say("No longer in force")
    yield f'<section lang="{one.language}" aria-labelledby="channel-{number}">'
    yield f'<h2 id="channel-{number}">{escape(name)}</h2>'
    yield f"<p><strong>{escape(state)}.</strong> {escape(one.story)}</p>"
    yield "<ul>"
    yield from (f"<li>{escape(item)}</li>" for item in one.items)
    yield "</ul>"
    yield f"<p>{escape(one.last)}</p>"
    yield f'<p class="small">{escape(say("Text: {version}", version=one.version))}</p>'
    yield "</section>"
