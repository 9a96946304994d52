"""What is shown of suggestions for the problem of the month, and of the list that is planned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

from bot import bank
from bot.cards import Form
from bot.features import (
    answering,
    audience,
    combining,
    nominated,
    nominating,
    problems,
    shortlisting,
    supporting,
    themes,
    wording,
)
from bot.features.wording import Draft
from bot.language import Speech
from storage import UnitOfWork, nominations, polls
from storage.nominations import Nomination
from storage.polls import Poll
from storage.themes import KEYS, Theme

TITLE, TEXT = "Tavlemøtene uten liv", "Vi møtes hver uke, men det er alltid de samme som snakker."
THEMES = tuple((key, key) for key in KEYS)
OPENS, CLOSES = datetime(2027, 3, 3, 8, 30, tzinfo=UTC), datetime(2027, 3, 9, 9, tzinfo=UTC)
POLL = Poll(
    *(1, 1, date(2027, 3, 1), "planned", OPENS, CLOSES, False, False),
    *(None, None, None, None, None, False),
)


def _one(organisation: str, text: str = TEXT) -> Nomination:
    return Nomination(
        *(1, 1, None, 1, organisation, 1, 1, "Kari Nilsen", None, 1, TITLE, text, None),
        *("standing", None, OPENS, False, 3, False),
    )


def _suggest_forms(say: Speech, organisation: str) -> Iterator[Form]:
    choices = tuple((key, themes.name(Theme(1, key, None), say)) for key in KEYS)
    note = audience.who_sees([organisation] * 4, say)
    yield wording.form(say, Draft(), choices=choices, note=note)
    wrong = Draft("x" * 46, "kort")
    yield wording.form(say, wrong, wrong.problems(["text"], say), choices=choices, note=note)
    like = [_one(organisation, TEXT * 4), replace(_one(organisation), id=2, member=2)]
    said = [f"Kari Nilsen · {organisation}"] * 2
    made = wording.form(say, Draft(TITLE, TEXT), choices=choices, note=note)
    yield wording.with_those_like_it(made, like, said, [2], say)
    several = (("1", organisation[:75]), ("2", "Sør"))
    yield wording.form(say, Draft(TITLE, TEXT), among=several)


def _own_forms(say: Speech, organisation: str) -> Iterator[Form]:
    own = _one(organisation)
    yield nominated.form(own, Draft(TITLE, TEXT), say, choices=THEMES)
    numbers = {"text": answering.number_in_form(say)}
    yield nominated.form(replace(own, backers=0), Draft(TITLE, TEXT), say, numbers)
    yield nominated.merged(own, own, say)


def _list_forms(say: Speech, organisation: str) -> Iterator[Form]:
    yield nominated.choosing([_one(organisation)] * nominated.LISTED, say)


def _choosing_forms(say: Speech, organisation: str) -> Iterator[Form]:
    own = [(str(n), problems.label(_one(organisation))) for n in range(4)]
    banks = [(key, one.titles["nb"]) for key, one in bank.problems().items()]
    yield shortlisting.form(POLL, [*own, *banks], ["1", "2", "P01"], say)
    yield shortlisting.form(POLL, own, ["1"], say, say("Choose three at least."))


def _merging_forms(say: Speech, organisation: str) -> Iterator[Form]:
    two = [_one(organisation)] * 2
    yield combining.form(1, two, say)
    yield combining.form(1, two, say, say("Choose two different ones."))


def _supporting_forms(say: Speech, organisation: str) -> Iterator[Form]:
    many = [replace(_one(organisation, TEXT * 4), id=id) for id in range(supporting.LISTED)]
    yield supporting.form(1, [_one(organisation), replace(_one(organisation), id=2)], [2], say)
    yield supporting.form(1, many, [], say)
    yield supporting.form(1, [], [], say)


FORMS = {
    supporting.SUPPORT: _supporting_forms,
    wording.SUGGEST: _suggest_forms,
    nominating.OWN: _own_forms,
    nominated.LIST: _list_forms,
    shortlisting.CHOOSE: _choosing_forms,
    combining.MERGE: _merging_forms,
}


def planned(uow: UnitOfWork, network: int, member: int, conversation: int) -> dict[str, str]:
    """The facts of private messages about a list that is planned, with a suggestion in which there
    is another one."""
    made = [_nominate(uow, network, member, conversation, text) for text in (TEXT, TEXT * 4)]
    one = nominations.find(uow, network, made[1])
    assert one is not None
    nominations.merge(uow, one, made[0])
    banks = [nominations.from_bank(uow, network, key, None) for key in ("P01", "P02")]
    poll = polls.plan(
        uow,
        network,
        POLL.month,
        opens_at=OPENS,
        closes_at=CLOSES,
        nominations=[made[0], *banks],
    )
    return {"poll": str(poll), "one": str(made[1]), "into": str(made[0])}


def _nominate(uow: UnitOfWork, network: int, member: int, conversation: int, text: str) -> int:
    return nominations.nominate(
        uow,
        network,
        organisation_id=1,
        member_id=member,
        account_id=1,
        conversation=conversation,
        title=TITLE,
        text=text,
    )
