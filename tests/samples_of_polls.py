"""What a network is shown of its polls, at its longest or as it is on an ordinary day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from bot.cards import Form
from bot.features import polling, proposing, voting
from bot.features.presence import present
from bot.incoming import Person, Place
from bot.language import Speech
from storage import UnitOfWork, nominations, polls
from storage.polls import OPEN, Poll

FEBRUARY = date(2027, 2, 1)
TITLE = "Utskriving fra sykehus til kommune, igjen nå"
TEXT = (
    "Utskriving går gjennom fem enheter, og ingen av oss eier helheten. Hvordan får vi noen til å "
    "ta ansvar for hele løpet, også når pasienten bor i en annen kommune?"
)


def poll(opens: datetime) -> Poll:
    """One that is open."""
    closes = opens + timedelta(days=6)
    return Poll(
        id=1,
        network=1,
        month=FEBRUARY,
        state=OPEN,
        opens_at=opens,
        closes_at=closes,
        extended=False,
        approved=False,
        thread=1,
        winner=None,
        how=None,
        result=None,
        question=None,
        workshop=False,
    )


def _voting_forms(say: Speech, now: datetime) -> Iterator[Form]:
    yield voting.form(poll(now), [TITLE] * proposing.MOST, (), say)
    problem = voting.in_form(voting.Outcome.MANY, say)
    yield voting.form(poll(now), [TITLE] * proposing.FEWEST, (1, 3), say, problem)


FORMS: dict[str, Callable[[Speech, datetime], Iterator[Form]]] = {voting.VOTE: _voting_forms}


def posts(
    uow: UnitOfWork, network: int, person: Person, place: Place, now: datetime
) -> Iterator[tuple[str, int]]:
    """A poll in which nobody has voted; then somebody has. What they have not voted in stays open,
    for the lists of what needs their vote."""
    who = present(person, place, uow)
    assert who is not None
    own = nominations.nominate(
        uow,
        network,
        organisation_id=who.organisation,
        member_id=who.member,
        account_id=who.account.id,
        conversation=who.conversation,
        title=TITLE,
        text=TEXT,
    )
    keys = [f"P{number:02}" for number in range(1, proposing.MOST)]
    of_bank = [nominations.from_bank(uow, network, key, None) for key in keys]
    one = polls.plan(
        uow,
        network,
        FEBRUARY,
        opens_at=now,
        closes_at=now + timedelta(days=6),
        nominations=[own, *of_bank],
    )
    planned = polls.find(uow, network, one)
    assert planned is not None
    thread = polling.open_(planned, uow)
    yield polling.KIND, thread
