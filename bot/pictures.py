"""Pictures of what is stored: what is in one, and the address at which platforms fetch it.

Slack and Teams fetch a card's pictures themselves, and show who they are to nobody. So the address
is the key: it names what is drawn and for readers of which language, and is signed, so that nobody
finds another. It says nothing of people. What is in the picture has a part in it, too, since what
a platform has fetched once it does not fetch again.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from bot.cards import Picture
from storage import UnitOfWork
from storage.unit_of_work import Vault

NAME = r"[a-z]{1,16}\.[0-9]{1,18}\.[a-z]{2}\.[0-9a-f]{8}"
SIGNATURE = r"[A-Za-z0-9_-]{43}"
_TOKEN = re.compile(f"({NAME})\\.({SIGNATURE})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: a bar of so many of the chart's `most`, and what it stands for.

    `open` is one that may be longer than it is drawn. `tag` is a word beside the title of one that
    is to stand out.
    """

    number: int
    title: str
    length: int
    label: str
    open: bool = False
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars under a title, and what is to be known of them."""

    title: str
    bars: tuple[Bar, ...]
    most: int
    note: str


def picture(
    kind: str, subject: int, language: str, chart: Chart, alt: str, uow: UnitOfWork
) -> Picture | None:
    """Where it is fetched; nothing where no platform can, or there is no key to sign with."""
    if uow.site is None or uow.vault is None:
        return None
    mark = hashlib.sha256(repr(chart).encode()).hexdigest()[:8]
    name = f"{kind}.{subject}.{language}.{mark}"
    return Picture(f"{uow.site}/pictures/{name}.{uow.vault.sign(name)}.png", alt)


def named(token: str, vault: Vault | None) -> tuple[str, int, str] | None:
    """What is drawn there: kind, subject and language; nothing if we did not sign it."""
    found = _TOKEN.fullmatch(token)
    if found is None or vault is None or not vault.signed(found[1], found[2]):
        return None
    kind, subject, language, _mark = found[1].split(".")
    return kind, int(subject), language
