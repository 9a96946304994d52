"""Unfolding: what is too long for the messages it stands in is opened for whoever wants to read on.

Other organisations' people cannot open the room it was written in, so there is no link to there.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import Answer, Form, Open, Tell
from bot.drawing import DRAWN
from bot.drawn import Reader
from bot.features.presence import Presence, account_of, present, speech_for
from bot.incoming import Pressed, Submitted, id_named
from bot.language import Speech
from bot.parting import SHOW_ALL, rest
from bot.splitting import parted
from bot.text import Text
from storage import UnitOfWork, posts

PAGE = 12_000
"""Characters of one page: about what a dialog on either platform takes with every look kept."""

READABLE = ("question", "answer")


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    return _opened(incoming, incoming.value, uow)


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    return _opened(incoming, incoming.subject, uow)


def _opened(incoming: Pressed | Submitted, asked_for: str, uow: UnitOfWork) -> Answer:
    who = present(incoming.person, incoming.place, uow)
    page = None if who is None else _page(asked_for, who, uow)
    if page is not None:
        return Open(page)
    say = who.say if who else None
    if say is None:
        account = account_of(incoming.person, incoming.place, uow)
        say = speech_for(account, incoming.place, uow)
    return Tell.words(say("There is nothing more to read here."))


def _page(asked_for: str, who: Presence, uow: UnitOfWork) -> Form | None:
    """The page that a client names ("answer:7:2"), if it is of the reader's own network."""
    kind, _, where = asked_for.partition(":")
    number, _, page = where.partition(":")
    if kind not in READABLE or posts.network_of(uow, kind, id_named(number)) != who.network:
        return None
    card = DRAWN[kind](id_named(number), Reader(who.say.language, who.organisation), uow)
    pages = parted(rest(card.text), PAGE) if card is not None else []
    at = id_named(page or "1")
    if not 1 <= at <= len(pages):
        return None
    byline = card.byline if card is not None else None
    return form(f"{kind}:{number}", pages, at, who.say, byline or "")


def form(subject: str, pages: Sequence[Text], at: int, say: Speech, byline: str = "") -> Form:
    """One page (they are counted from 1), with a way on to the next."""
    more = at < len(pages)
    return Form(
        name=SHOW_ALL,
        title=say("Show all"),
        submit=say("Read on") if more else "",
        cancel=say("Close"),
        subject=f"{subject}:{at + 1}" if more else "",
        intro=byline,
        text=pages[at - 1],
        note=f"{at}/{len(pages)}" if len(pages) > 1 else "",
    )
