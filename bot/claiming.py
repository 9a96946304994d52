"""Claiming: which calls are to be made now, one in each lane, and what each of them says."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from bot import drawing
from bot.cards import Card, TooLong
from bot.drawn import PROFILE_PATIENCE, Reader, Unnamed
from bot.features import listing
from bot.language import speak
from bot.outgoing import Letter
from bot.parting import parts
from bot.text import Text
from storage import UnitOfWork, Unreachable, deliveries, installations, people
from storage.deliveries import Due
from storage.posts import TWICE

log = logging.getLogger(__name__)

Action = Literal["post", "edit", "delete", "find", "open", "name"]

LEASE = timedelta(seconds=20)
"""How long a lane is held for one call. Twice any platform's time limit (10 s), so that a call
which begins in the first half is over before the lease is."""

CROSSING = ("question", "prompt", "poll", "result", "answer", "foot", listing.KIND)
"""The kinds of posts that only a room of their own network is shown."""

TAKING_AWAY = 0
"""Stands for the version that is being sent while a message is being taken away."""

LANES = 24
"""How many conversations one worker sends to at once."""


@dataclass(frozen=True, slots=True)
class Job:
    """One call to make: what to do, with which letter, for which copy. `asks` is the platform to
    call where that is not the copy's own."""

    due: Due
    action: Action
    until: datetime
    card: Card | None = None
    account: int | None = None
    person: str = ""
    installation: int = 0
    secret: str | None = None
    asks: str | None = None

    def letter(self) -> Letter:
        due = self.due
        return Letter(
            installation=due.installation,
            key=due.key or "",
            card=self.card or Card(),
            token=due.token,
            language=due.language,
            address=due.address,
            secret=self.secret,
            root=due.parent_root or due.under,
            message=due.message,
            since=due.since.timestamp() if due.since else 0.0,
        )


def claim(uow: UnitOfWork, limit: int = LANES, lease: timedelta = LEASE) -> list[Job]:
    """Take the lanes that have something due, and the next call to make in each."""
    jobs = []
    for lane in deliveries.open_lanes(uow, limit):
        until = uow.real + lease
        if not deliveries.lease(uow, lane, until):
            continue
        job = _next(uow, lane, until)
        if job is None:
            deliveries.release(uow, lane, until)
        else:
            jobs.append(job)
    return jobs


def _next(uow: UnitOfWork, lane: int, until: datetime) -> Job | None:
    """The first call that can be made in a lane that we hold; what needs no call is settled."""
    waiting = deliveries.due_in(uow, lane)
    if _is_late(uow, waiting) and listing.instead_of_missed(lane, uow):
        waiting = deliveries.due_in(uow, lane)
    for due in waiting:
        job = _job(uow, due, until)
        if job is None:
            continue
        if job.action in ("post", "edit", "delete"):
            deliveries.begin_sending(uow, due, until, _version(job))
            return replace(job, due=replace(job.due, claimed_until=until, since=uow.real))
        deliveries.hold(uow, due, until)
        return replace(job, due=replace(job.due, claimed_until=until))
    return None


def _is_late(uow: UnitOfWork, waiting: list[Due]) -> bool:
    """Whether something is to be shown that should have been long ago."""
    late = uow.real - listing.LATE
    return any(
        due.message is None
        and due.kind in CROSSING
        and due.wanted_at is not None
        and due.wanted_at < late
        for due in waiting
    )


def _version(job: Job) -> int:
    """Which version is being sent. That a message was being taken away is remembered until it is
    known to stand: an edit that does not find it is told by that why."""
    taken = job.action == "delete" or (job.action == "edit" and job.due.sending == TAKING_AWAY)
    return TAKING_AWAY if taken else job.due.version


def _job(uow: UnitOfWork, due: Due, until: datetime) -> Job | None:
    if due.stopped_at is not None:
        _leave(uow, due)
        return None
    turn = _turn(uow, due)
    if turn is not None:
        deliveries.hold(uow, due, turn)
        return None
    secret = uow.unseal(due.secret) if due.secret else None
    job = Job(due, "post", until, installation=due.installation, secret=secret)
    if due.state in ("sending", "doubt") and due.message is None:
        return replace(job, due=_under_its_first(uow, due), action="find")
    if due.message is None and due.kind in CROSSING and due.organisation is None:
        deliveries.drop(uow, due)
        return None
    due = _under_its_first(uow, due)
    job = replace(job, due=due)
    if _is_over(uow, due):
        return None
    if due.gone:
        return replace(job, action="delete", card=_tombstone(due.language))
    if due.key is None:
        return _opening(uow, job)
    try:
        drawn = _draw(uow, due)
    except Unnamed as unnamed:
        return _naming(uow, job, unnamed.account) or _job(uow, due, until)
    except Undrawable:
        deliveries.mark(uow, due.copy, state="failed", due_at=None, reason="undrawable")
        return None
    card = drawn[due.part % TWICE] if due.part % TWICE < len(drawn) else None
    if card is None and due.message is None:
        deliveries.drop(uow, due)
        return None
    if card is None:
        return replace(job, action="delete", card=_tombstone(due.language))
    if due.kind in CROSSING and due.organisation is None and card.text:
        # The room's tie has ended: what takes words away still goes there, but no others do.
        deliveries.mark(uow, due.copy, due_at=None)
        return None
    if due.part == 0 and len(drawn) > 1:
        deliveries.has_parts(uow, due, len(drawn))
    return replace(job, action="post" if due.message is None else "edit", card=card)


def _leave(uow: UnitOfWork, due: Due) -> None:
    """Nobody lets us in there any more."""
    if due.message is None:
        deliveries.drop(uow, due)
    else:
        deliveries.mark(uow, due.copy, state="behind", due_at=None)


def _turn(uow: UnitOfWork, due: Due) -> datetime | None:
    """When it is its turn, if it was tried in vain and so was an older one in this room. A platform
    that is down is asked with the oldest alone, and a room that missed a day gets it in order."""
    again = due.message is None and (due.tries > 0 or due.looks > 1 or due.resent)
    return deliveries.older_in_vain(uow, due) if again and due.kind in CROSSING else None


def _is_over(uow: UnitOfWork, due: Due) -> bool:
    """Whether nothing is to be sent for it now; if so, that is written down."""
    if due.message is not None:
        return False
    too_late = due.not_after is not None and due.not_after < uow.now
    orphaned = due.parent is not None and due.parent_state in (None, "failed", "dropped", "removed")
    if due.gone or too_late or orphaned:
        deliveries.drop(uow, due)
        return True
    if due.parent is not None and due.parent_root is None:
        deliveries.wait_for_parent(uow, due)
        return True
    return due.part > 0 and not _may_follow(uow, due)


def _may_follow(uow: UnitOfWork, due: Due) -> bool:
    """Whether the part before this one stands: a long text is read from its beginning."""
    state, stands = deliveries.part_before(uow, due)
    if state is None or (not stands and state in deliveries.ENDED):
        deliveries.drop(uow, due)
    elif not stands:
        deliveries.wait_for_part(uow, due)
    return stands


def _under_its_first(uow: UnitOfWork, due: Due) -> Due:
    """What begins a thread does so with its first part; the others stand in that thread."""
    begins = due.part % TWICE == 0 or due.parent is not None or due.under is not None
    return due if begins else replace(due, under=deliveries.root_of_first(uow, due))


class Undrawable(Exception):
    """Drawing it breaks, which is a mistake of ours and must not hold up any other."""


def _draw(uow: UnitOfWork, due: Due) -> list[Card]:
    """The messages that it is to be; none where it is not to be shown."""
    reader = Reader(due.language, due.organisation, due.reads, due.answer_to)
    try:
        card = drawing.draw(due.kind, due.subject, reader, uow)
        return [] if card is None else parts(card, due.kind, due.subject, speak(due.language))
    except TooLong:
        log.exception("card.too_long", extra={"kind": due.kind, "copy": due.copy})
        return [Card(text=Text.of(speak(due.language)("This is too long to be shown here.")))]
    except Unnamed:
        raise
    except Unreachable:
        raise
    except Exception as error:
        log.exception("card.broke", extra={"kind": due.kind, "copy": due.copy})
        raise Undrawable from error


def _opening(uow: UnitOfWork, job: Job) -> Job:
    if job.due.account is None:
        return job
    return replace(job, action="open", person=deliveries.direct_to(uow, job.due.account))


def _naming(uow: UnitOfWork, job: Job, account: int) -> Job | None:
    """None: nobody is left who could be asked, so it is shown without the name."""
    where, user, _address = installations.of_account(uow, account)
    if where.stopped:
        people.defer_profile(uow, account, uow.real + PROFILE_PATIENCE)
        return None
    return replace(
        job,
        action="name",
        account=account,
        person=user,
        installation=where.id,
        secret=where.secret,
        asks=where.platform,
    )


def _tombstone(language: str) -> Card:
    """What stands where a message could not be taken away."""
    return Card(text=Text.of(speak(language)("Removed by its author.")))
