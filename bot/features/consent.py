"""Consent: the texts that are confirmed for a channel before anything crosses.

Whoever confirmed one can have it shown and printed as it was. So a text that has been released is
never changed, in no language: a new wording gets a new name here, and the old one stays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bot.drawn import known_name, shown_name
from bot.language import Speech
from bot.text import Block, Span
from storage import UnitOfWork, people
from storage.confirmations import Confirmation

BOTH_WAYS = "2026-11"
"""Which wording is confirmed now; it is kept with the confirmation."""

ONE_WAY = "2026-11-one-way"
"""The same for a channel that is only told what there is."""


def text(version: str, say: Speech) -> str:
    """What was confirmed under this name; each line is a thing of its own."""
    return TEXTS[version](say)


def blocks(version: str, say: Speech) -> tuple[Block, ...]:
    """The text as a list, so that it is read before it is confirmed; what confirming it means
    stands last, above the button."""
    *lines, last = text(version, say).split("\n")
    items = (Block("item", (Span(line),)) for line in lines)
    return (*items, Block("paragraph", (Span(last),)))


def story(found: Confirmation, say: Speech, uow: UnitOfWork, *, now: bool = False) -> str:
    """Who confirmed it, and who took it back. `now`: at once, even if a platform has not told a
    name yet, since nobody can wait for it here."""
    name = partial(_name, say=say, uow=uow, now=now)
    confirmed = say(
        "Confirmed by {name} on {day} at {time}.",
        name=name(found.by, found.by_as),
        day=say.date(found.at),
        time=say.time(found.at),
    )
    return " ".join(filter(None, (confirmed, _ending(found, say, name))))


def ending(found: Confirmation, say: Speech, uow: UnitOfWork) -> str:
    """Who took it back, and when."""
    return _ending(found, say, partial(_name, say=say, uow=uow, now=False))


def _ending(found: Confirmation, say: Speech, name: Callable[[int | None, str | None], str]) -> str:
    if found.state != "ended":
        return ""
    if found.ended_at is None:
        return say("The channel has left.")
    day, time = say.date(found.ended_at), say.time(found.ended_at)
    if not found.withdrawn:
        return say("The channel left on {day} at {time}.", day=day, time=time)
    who = name(found.ended_by, found.ended_as)
    return say("Withdrawn by {name} on {day} at {time}.", name=who, day=day, time=time)


def _name(
    account: int | None, function: str | None, *, say: Speech, uow: UnitOfWork, now: bool
) -> str:
    """Whoever it was: a person, or the function that an operator named."""
    if account is None:
        return function or "–"
    known = people.account_by_id(uow, account)
    if now:
        return shown_name(known.name or say("A member"))
    return known_name(account, known.name, known.profile_due_at, say, uow)


def _both_ways(say: Speech) -> str:
    return say(
        "I store the questions and answers in this channel's Mellom threads, and show them with "
        "name and organisation in the other organisations' channels. I keep nothing else that is "
        "written here.\n"
        "If I see a national ID number, I tell its author in private.\n"
        "If you edit or delete a message, it changes everywhere.\n"
        "I do not measure what you read. Your manager is not told how active you are.\n"
        "Posts may be subject to access-to-documents rules. Write about the process, not the "
        "person.\n"
        "Nothing leaves this channel until one of you confirms this."
    )


def _one_way(say: Speech) -> str:
    return say(
        "This channel gets a short note when there is something new in the network, such as a "
        "question: which organisation it is from, its theme, and how many questions are open. It "
        "gets nobody's name, and nothing of what people write.\n"
        "I read nothing here. Nothing that is written in this channel reaches me or the network.\n"
        "A note that has been sent cannot be changed or taken back, not even when the question is "
        "withdrawn.\n"
        "I store the address to which the notes are sent, encrypted, and who confirmed this.\n"
        "Whoever runs Mellom can stop the notes at any time."
    )


TEXTS: dict[str, Callable[[Speech], str]] = {BOTH_WAYS: _both_ways, ONE_WAY: _one_way}
"""Every wording that may have been confirmed, by its name."""
