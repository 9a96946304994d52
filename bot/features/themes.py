"""Themes: what a question is about, chosen where it is asked through a form."""

from __future__ import annotations

from collections.abc import Iterable

from bot.drawn import shown_name
from bot.language import Speech, mark
from storage import UnitOfWork, members, themes
from storage.themes import Theme

_NAMES = {
    "1.1": mark("Progress that stops"),
    "1.2": mark("Input from outside"),
    "1.3": mark("Critical success factors"),
    "1.4": mark("New energy and parallel initiatives"),
    "1.5": mark("Effects and gains"),
    "1.6": mark("Units that stand still"),
    "2.1": mark("Leaders' understanding of Lean"),
    "2.2": mark("Anchoring in the leadership team"),
    "2.3": mark("Training Lean coaches"),
    "3.1": mark("Energy in the Lean team"),
    "3.2": mark("A few carry a lot"),
}


def name(theme: Theme, say: Speech) -> str:
    """The theme in the reader's language; what the network itself calls it, as it was written."""
    known = None if theme.name else _NAMES.get(theme.key or "")
    return say(known) if known else shown_name(theme.name or theme.key or "")[:75]


def choices(uow: UnitOfWork, network: int, say: Speech) -> tuple[tuple[str, str], ...]:
    """What a form offers."""
    return tuple((str(theme.id), name(theme, say)) for theme in themes.current(uow, network))


def helped_with(uow: UnitOfWork, member: int, thread: int) -> list[Theme]:
    """What a question is about that this member has said they can help with."""
    ticked = set(members.themes_of(uow, member))
    return [theme for theme in themes.of_thread(uow, thread) if theme.id in ticked]


def chosen(uow: UnitOfWork, network: int, value: str) -> int | None:
    """The theme that a client names, if the network has it."""
    return next((t.id for t in themes.current(uow, network) if str(t.id) == value), None)


def facts(uow: UnitOfWork, thread: int, say: Speech) -> tuple[tuple[str, str], ...]:
    """The line of a question's card that tells what it is about, if whoever asked has said so."""
    about = themes.confirmed(uow, thread)
    if not about:
        return ()
    return ((say("Theme") if len(about) == 1 else say("Themes"), named(about, say)),)


def named(about: Iterable[Theme], say: Speech) -> str:
    """Their names, one after the other. There are commas in some."""
    return " · ".join(name(theme, say) for theme in about)
