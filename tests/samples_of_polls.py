"""What a network is shown of its polls, at its longest or as it is on an ordinary day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from bot.cards import Form
from bot.drawn import VOTE
from bot.features import counting, gate, outcomes, polling, proposing, results, voting
from bot.features.gate import Kind
from bot.features.presence import Presence, present
from bot.incoming import Person, Place
from bot.language import Speech
from storage import UnitOfWork, nominations, polls, privates
from storage.polls import CLOSED, COUNTING, OPEN, Poll

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


def _counting_forms(say: Speech, now: datetime) -> Iterator[Form]:
    titles = [(str(number), TITLE) for number in range(proposing.MOST)]
    yield counting.form(poll(now), titles, say)
    yield counting.form(poll(now), titles, say, say("Choose one of them."))


FORMS: dict[str, Callable[[Speech, datetime], Iterator[Form]]] = {
    VOTE: _voting_forms,
    counting.CHOOSE: _counting_forms,
}
PRIVATES = (gate.POLL.name, gate.COUNTING.name, gate.CHOSEN.name)
"""Private messages that are about a poll."""


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
    yield from _closing(uow, planned, who, thread)
    polls.set_(uow, one, state=OPEN, winner=None, how=None, result=None, question=None)


def _closing(uow: UnitOfWork, one: Poll, who: Presence, thread: int) -> Iterator[tuple[str, int]]:
    """It is open for longer; few have voted; it is closed, and somebody looks after what won."""
    polls.set_(uow, one.id, extended=True)
    yield polling.KIND, thread
    yield privates.KIND, _told(uow, one, who.member, gate.POLL)
    polls.set_(uow, one.id, state=COUNTING)
    yield polling.KIND, thread
    yield privates.KIND, _told(uow, one, who.member, gate.COUNTING)
    listed = nominations.in_order(uow, one.network, polls.listed(uow, one.id))
    shares = (40, 30, 20, 10, 10, 10, 10)
    bounds = {40: "least", 10: "most"}
    ranked = [
        {"place": n, "rank": min(n, 4), "share": share, "bound": bounds.get(share)}
        for n, share in enumerate(shares, 1)
    ]
    polls.set_(uow, one.id, state=CLOSED, winner=listed[1].id, how="votes", result=ranked)
    yield from ((polling.KIND, thread), (outcomes.KIND, thread))
    polls.set_(uow, one.id, winner=listed[0].id, how="facilitator", result=None)
    yield polling.KIND, thread
    only = [
        {"place": n, "rank": 1 if n == 1 else None, "share": None, "bound": None}
        for n in range(1, 8)
    ]
    results.settle(one, listed[0], "earliest", uow, only)
    yield polling.KIND, thread
    closed = polls.find(uow, one.network, one.id)
    assert closed is not None
    assert closed.question is not None
    [told] = privates.standing(uow, who.member, but="")
    yield privates.KIND, told
    privates.drop(uow, told, "drawn")  # Or nothing else would be sent on this day.
    yield from ((outcomes.KIND, thread), ("question", closed.question))


def _told(uow: UnitOfWork, one: Poll, member: int, kind: Kind) -> int:
    facts = {"poll": str(one.id)}
    kept = privates.keep(uow, network=one.network, member=member, kind=kind.name, facts=facts)
    return kept.id
