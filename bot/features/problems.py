"""Problems: what was nominated, and by whom, as every list and card tells it."""

from __future__ import annotations

from bot import bank
from bot.drawn import author_name, known_name, shown_name
from bot.graphemes import shortened
from bot.language import Speech, speak
from storage import UnitOfWork, nominations
from storage.nominations import Nomination

LONGEST, SHORTEST = 300, 100
"""What is told of one in a list, and what is left of its text where many names stand beside it."""


def title(one: Nomination, language: str) -> str:
    """A member's as they wrote it; one of the bank in this language."""
    if one.state == nominations.WITHDRAWN:
        say = speak(language)
        return say("Withdrawn by its author.")
    return bank_title(one.key, language) if one.key else one.title


def bank_title(key: str, language: str) -> str:
    return bank.words_in(language, bank.problems()[key].titles)


def text(one: Nomination, language: str) -> str:
    return bank.words_in(language, bank.problems()[one.key].texts) if one.key else one.text


def brief(one: Nomination, language: str, beside: str) -> str:
    """Its text, short enough for what stands beside it: who nominated it is never cut."""
    return shortened(text(one, language), max(SHORTEST, LONGEST - len(beside)))


def label(one: Nomination) -> str:
    """A member's, in a list of choices."""
    return shortened(f"{one.title} · {shown_name(one.organisation_name or '')}", 75)


def whose(one: Nomination, say: Speech, uow: UnitOfWork) -> str:
    """Who nominated it, and everybody whose own was merged into it; or that it is of the bank."""
    if one.key is not None:
        return say("from the bank")
    authors = (one, *nominations.merged_into(uow, one.id))
    return ", ".join(dict.fromkeys(_author(author, say, uow) for author in authors))


def _author(one: Nomination, say: Speech, uow: UnitOfWork) -> str:
    assert one.account is not None
    name = known_name(one.account, one.author, one.profile_due_at, say, uow)
    return f"{name} · {shown_name(one.organisation_name or '')}"


def signed(one: Nomination, say: Speech) -> str:
    """The same of one alone, where nobody can be asked for a name: in a form, say."""
    return f"{author_name(one.author, say)} · {shown_name(one.organisation_name or '')}"
