"""The way out: which copies are behind; claim, draw, send, look if in doubt, settle.

Between a claim and its settling lies exactly one call to a platform. The claim is committed before
the call, so a crash leaves a copy that says of itself that it is in doubt.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeVar

from bot.cards import Card, TooLong
from bot.drawing import DRAWN
from bot.drawn import PROFILE_PATIENCE, Reader, Unnamed
from bot.features import trouble
from bot.language import pick, speak
from bot.outgoing import (
    CannotLook,
    InDoubt,
    Letter,
    NotSent,
    Opened,
    Pace,
    Platform,
    Posted,
    Profile,
    Refused,
)
from bot.text import Text
from storage import UnitOfWork, Unreachable, deliveries, installations, people, posts, rooms
from storage.deliveries import Due

log = logging.getLogger(__name__)
T = TypeVar("T")


class Run(Protocol):
    """Runs a function in a unit of work of its own, off the event loop."""

    def __call__(self, work: Callable[[UnitOfWork], T]) -> Awaitable[T]: ...


Action = Literal["post", "edit", "delete", "find", "open", "name"]
Outcome = Posted | Opened | Profile | None | NotSent | InDoubt | Refused | CannotLook

LEASE = timedelta(seconds=20)
"""How long a lane is held for one call. Twice any platform's time limit (10 s), so that a call
which begins in the first half is over before the lease is."""

FIRST_LOOK = timedelta(seconds=15)
SECOND_LOOK = timedelta(seconds=60)
"""When a message in doubt is looked for: its echo or the platform's own view may lag."""

BLIND_WAIT = timedelta(seconds=60)
"""How long a message in doubt is left alone where the platform cannot be asked; twice as long each
time that it is in doubt again."""

CROSSING = ("question", "answer", "foot")
"""The kinds of posts that only a room of their own network is shown."""

RESENDS = 5
"""How often a message is sent once more after a doubt. A platform that is unwell for an hour costs
a thread some duplicates at most, and not its place in a room."""

SETTLING = (0.1, 0.5, 2.0, 5.0)
"""Seconds between the tries to write down how a call ended; less than a lease in all."""

LONGEST_RETRY = timedelta(hours=1)
"""No platform is believed that asks for more patience than this."""

LONGEST_WAIT = timedelta(minutes=5)
TAKING_AWAY = 0
"""Stands for the version that is being sent while a message is being taken away."""

LANES = 24
"""How many conversations one worker sends to at once."""


@dataclass(frozen=True, slots=True)
class Job:
    """One call to make: what to do, with which letter, for which copy."""

    due: Due
    action: Action
    until: datetime
    card: Card | None = None
    account: int | None = None
    person: str = ""
    installation: int = 0
    secret: str | None = None

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


def settle(uow: UnitOfWork, job: Job, outcome: Outcome, pace: Pace) -> None:
    """Write down how a call ended, and give the lane back."""
    due = job.due
    held = deliveries.release(uow, due.conversation, job.until)
    if job.action in ("post", "edit", "delete"):
        deliveries.pace(uow, due.conversation, pace.interval, pace.burst)
    if not held:
        _too_late(uow, job, outcome)
        return
    searched = due.message is None and job.action in ("post", "find")
    if searched and not isinstance(outcome, Posted) and deliveries.known_message(uow, due):
        # It came back to us as an event, which tells more than any failure to answer.
        deliveries.settle(uow, due, state="behind", due_at=uow.real, looks=0)
        return
    match outcome:
        case Refused():
            _refused(uow, job, outcome)
        case NotSent():
            _not_sent(uow, job, outcome)
        case InDoubt():
            _in_doubt(uow, job)
        case CannotLook():
            _cannot_look(uow, job)
        case _:
            _done(uow, job, outcome)


def _too_late(uow: UnitOfWork, job: Job, outcome: Outcome) -> None:
    """The lease ran out and another worker has the lane: of what we know, only where the message
    stands is still of use."""
    log.warning("lane.lost", extra={"copy": job.due.copy})
    if isinstance(outcome, Posted):
        begins = job.due.parent is None and job.due.under is None
        root = outcome.root if begins else None
        posts.echoed(uow, job.due.token, job.due.conversation, outcome.message, root)


def _next(uow: UnitOfWork, lane: int, until: datetime) -> Job | None:
    """The first call that can be made in a lane that we hold; what needs no call is settled."""
    for due in deliveries.due_in(uow, lane):
        job = _job(uow, due, until)
        if job is None:
            continue
        if job.action in ("post", "edit", "delete"):
            deliveries.begin_sending(uow, due, until, _version(job))
            return replace(job, due=replace(due, claimed_until=until, since=uow.real))
        deliveries.hold(uow, due, until)
        return replace(job, due=replace(due, claimed_until=until))
    return None


def _version(job: Job) -> int:
    """Which version is being sent. That a message was being taken away is remembered until it is
    known to stand: an edit that does not find it is told by that why."""
    taken = job.action == "delete" or (job.action == "edit" and job.due.sending == TAKING_AWAY)
    return TAKING_AWAY if taken else job.due.version


def _job(uow: UnitOfWork, due: Due, until: datetime) -> Job | None:
    secret = uow.unseal(due.secret) if due.secret else None
    job = Job(due, "post", until, installation=due.installation, secret=secret)
    if due.state in ("sending", "doubt") and due.message is None:
        return replace(job, action="find")
    if due.message is None and due.kind in CROSSING and due.organisation is None:
        deliveries.mark(uow, due.copy, state="dropped", due_at=None)
        return None
    if _is_over(uow, due):
        return None
    if due.gone:
        return replace(job, action="delete", card=_tombstone(due.language))
    if due.key is None:
        return _opening(uow, job)
    try:
        card = _draw(uow, due)
    except Unnamed as unnamed:
        return _naming(uow, job, unnamed.account)
    except Undrawable:
        deliveries.mark(uow, due.copy, state="failed", due_at=None, reason="undrawable")
        return None
    if card is None and due.message is None:
        deliveries.mark(uow, due.copy, state="dropped", due_at=None)
        return None
    if card is None:
        return replace(job, action="delete", card=_tombstone(due.language))
    if due.kind in CROSSING and due.organisation is None and card.text:
        # The room's tie has ended: what takes words away still goes there, but no others do.
        deliveries.mark(uow, due.copy, due_at=None)
        return None
    return replace(job, action="post" if due.message is None else "edit", card=card)


def _is_over(uow: UnitOfWork, due: Due) -> bool:
    """Whether nothing is to be sent for it now; if so, that is written down."""
    if due.message is not None:
        return False
    too_late = due.not_after is not None and due.not_after < uow.now
    orphaned = due.parent is not None and due.parent_state in (None, "failed", "dropped", "removed")
    if due.gone or too_late or orphaned:
        deliveries.mark(uow, due.copy, state="dropped", due_at=None)
        return True
    if due.parent is not None and due.parent_root is None:
        deliveries.wait_for_parent(uow, due)
        return True
    return False


class Undrawable(Exception):
    """Drawing it breaks, which is a mistake of ours and must not hold up any other."""


def _draw(uow: UnitOfWork, due: Due) -> Card | None:
    reader = Reader(due.language, due.organisation)
    try:
        return DRAWN[due.kind](due.subject, reader, uow)
    except TooLong:
        log.exception("card.too_long", extra={"kind": due.kind, "copy": due.copy})
        return Card(text=Text.of(speak(due.language)("This is too long to be shown here.")))
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


def _naming(uow: UnitOfWork, job: Job, account: int) -> Job:
    where, user, _address = installations.of_account(uow, account)
    return replace(
        job,
        action="name",
        account=account,
        person=user,
        installation=where.id,
        secret=where.secret,
    )


def _tombstone(language: str) -> Card:
    """What stands where a message could not be taken away."""
    return Card(text=Text.of(speak(language)("Removed by its author.")))


def _done(uow: UnitOfWork, job: Job, outcome: Outcome) -> None:
    due = job.due
    match job.action, outcome:
        case "post", Posted(message, root):
            deliveries.stands(uow, due, message, root)
            deliveries.settle(uow, due, state="shown", shown=due.version, tries=0, looks=0)
            _well_again(uow, due)
        case "find", Posted(message, root):
            # A look tells where it stands, not which version stands there: one more edit.
            deliveries.stands(uow, due, message, root)
            deliveries.settle(uow, due, state="behind", due_at=uow.real, looks=0)
        case "find", None:
            _not_found(uow, due)
        case "edit", None:
            deliveries.settle(uow, due, state="shown", shown=due.version, sending=None, tries=0)
            _well_again(uow, due)
        case "delete", None:
            _taken_away(uow, due, "gone")
            _well_again(uow, due)
        case "open", Opened(key, address):
            rooms.opened(uow, due.conversation, key, address or due.address)
            deliveries.settle(uow, due, due_at=uow.real)
        case "name", Profile(name, language):
            people.keep_profile(uow, job.account or 0, name, pick(language, "") or None)
            deliveries.settle(uow, due, due_at=uow.real)


def _well_again(uow: UnitOfWork, due: Due) -> None:
    if rooms.trouble(uow, due.conversation, None):
        deliveries.revive(uow, due.conversation)


def _taken_away(uow: UnitOfWork, due: Due, state: Literal["gone", "behind"]) -> None:
    """Should it be shown again, it is another message, and must not be taken for this one."""
    deliveries.settle(
        uow,
        due,
        state=state,
        due_at=uow.real if state == "behind" else None,
        message=None,
        root=None,
        token=posts.new_token(),
        shown=0,
        sending=None,
        tries=0,
    )


def _not_found(uow: UnitOfWork, due: Due) -> None:
    """Looked for twice and not found: it is sent once more, under the same token."""
    looks = due.looks + 1
    if looks % 2:
        later = uow.real + SECOND_LOOK
        deliveries.settle(uow, due, state="doubt", looks=looks, due_at=later)
    else:
        _send_again_or_park(uow, due, looks, doubts=looks // 2)


def _cannot_look(uow: UnitOfWork, job: Job) -> None:
    due = job.due
    if due.doubt == "park":
        _park(uow, due)
        return
    left_alone = due.since and due.since + BLIND_WAIT * 2**due.looks
    if left_alone and left_alone > uow.real:
        deliveries.settle(uow, due, state="doubt", due_at=left_alone)
    else:
        _send_again_or_park(uow, due, due.looks + 1, doubts=due.looks + 1)


def _send_again_or_park(uow: UnitOfWork, due: Due, looks: int, doubts: int) -> None:
    if doubts > RESENDS:
        _park(uow, due)
        return
    log.warning("copy.resent", extra={"copy": due.copy, "platform": due.platform})
    deliveries.settle(
        uow, due, state="behind", resent=True, looks=looks, since=None, due_at=uow.real
    )


def _park(uow: UnitOfWork, due: Due) -> None:
    log.error("copy.parked", extra={"copy": due.copy, "platform": due.platform})
    deliveries.settle(uow, due, state="parked", reason="in doubt")
    deliveries.drop_children(uow, due)


def _in_doubt(uow: UnitOfWork, job: Job) -> None:
    due = job.due
    if job.action == "post" or job.action == "find":
        deliveries.settle(uow, due, state="doubt", due_at=uow.real + FIRST_LOOK)
    else:
        _again_later(uow, job, None)  # Editing or deleting twice is the same as once.


def _not_sent(uow: UnitOfWork, job: Job, outcome: NotSent) -> None:
    if job.action == "name" and job.due.tries >= 2:
        # The others need not wait until the author's platform is well again.
        people.defer_profile(uow, job.account or 0, uow.real + PROFILE_PATIENCE)
    _again_later(uow, job, outcome.retry_after)


def _again_later(uow: UnitOfWork, job: Job, retry_after: float | None) -> None:
    due = job.due
    wait = timedelta(seconds=min(2.0 ** min(due.tries, 16), LONGEST_WAIT.total_seconds()))
    wait *= random.uniform(0.75, 1.25)  # noqa: S311 - spreads the tries, hides nothing
    if retry_after is not None and job.action != "name":
        wait = timedelta(seconds=min(max(retry_after, 1.0), LONGEST_RETRY.total_seconds()))
        if job.action != "find":  # A look that must wait holds up nobody else in the room.
            deliveries.pause(uow, due.conversation, uow.real + wait)
    state, since = ("doubt", due.since) if job.action == "find" else ("behind", None)
    deliveries.settle(
        uow, due, state=state, since=since, tries=due.tries + 1, due_at=uow.real + wait
    )


def _refused(uow: UnitOfWork, job: Job, outcome: Refused) -> None:
    due = job.due
    reason = outcome.reason.replace(" ", "_")[:60]
    log.error(
        "copy.refused",
        extra={
            "copy": due.copy,
            "platform": due.platform,
            "action": job.action,
            "reason": reason,
        },
    )
    if job.action == "name":
        people.defer_profile(uow, job.account or 0, uow.real + PROFILE_PATIENCE)
        deliveries.settle(uow, due, due_at=uow.real)
        return
    if job.action == "edit" and outcome.whose == "message" and due.sending == TAKING_AWAY:
        # Its author took it back and then thought better of it: our own deletion had been done.
        _taken_away(uow, due, "behind")
        return
    state = "removed" if job.action == "edit" and outcome.whose == "message" else "failed"
    since = due.since if job.action == "find" else None
    deliveries.settle(uow, due, state=state, since=since, reason=reason)
    if state == "failed" and due.message is None:
        deliveries.drop_children(uow, due)
    for conversation in _cannot_go_on(uow, due, outcome):
        deliveries.fail_conversation(uow, conversation, reason)
        if rooms.trouble(uow, conversation, reason):
            log.error("room.unreachable", extra={"conversation": conversation})
            trouble.tell(uow, conversation)


def _cannot_go_on(uow: UnitOfWork, due: Due, outcome: Refused) -> list[int]:
    if outcome.whose == "message":
        return []
    if outcome.whose == "installation":
        return deliveries.conversations_of(uow, due.installation)
    return [due.conversation]


class Deliverer:
    """Brings every room up to date through its platform, many rooms at once, one call in each."""

    def __init__(
        self,
        run: Run,
        platforms: Mapping[str, Platform],
        real: Callable[[], datetime],
        lease: timedelta = LEASE,
    ) -> None:
        self._run = run
        self._platforms = platforms
        self._real = real
        self._lease = lease
        self._calls: set[asyncio.Task[None]] = set()
        self._news = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Something is due now. Call it on the event loop."""
        self._news.set()

    def stop(self) -> None:
        """Begin nothing more; what was begun is finished."""
        self._stopping = True
        self._news.set()

    async def drain(self) -> None:
        """Send until nothing is due at this moment."""
        while await self._begin() or self._calls:
            await asyncio.wait(self._calls, return_when=asyncio.FIRST_COMPLETED)

    async def work(self, idle: Callable[[], Awaitable[float | None]]) -> None:
        """Send until stopped. Whenever nothing is to be sent, `idle` does what else is due, and
        tells in how many seconds something is due next (None: only news can bring it)."""
        while not self._stopping:
            self._news.clear()
            if not await self._begin():
                full = len(self._calls) == LANES
                await self._rest(None if full else await idle())
        if self._calls:
            await asyncio.wait(self._calls)

    async def _begin(self) -> int:
        """Begin a call in each lane that has something due; how many were begun."""
        free = LANES - len(self._calls)
        if free == 0 or self._stopping:
            return 0
        try:
            jobs = await self._run(lambda uow: claim(uow, free, self._lease))
        except Unreachable:
            log.error("database.unreachable")
            return 0
        for job in jobs:
            call = asyncio.create_task(self._call(job))
            self._calls.add(call)
            call.add_done_callback(self._ended)
        return len(jobs)

    def _ended(self, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        self._news.set()
        if not call.cancelled() and call.exception() is not None:
            log.error("delivery.broke", exc_info=call.exception())

    async def _rest(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            pass

    async def _call(self, job: Job) -> None:
        platform = self._platforms.get(job.due.platform)
        pace = Pace(0)
        if platform is None:
            outcome: Outcome = NotSent("platform is off", LONGEST_WAIT.total_seconds())
        elif self._real() > job.until - self._lease / 2:
            # This process stood still since the claim: the call could outlast the lease.
            outcome = NotSent("late")
        else:
            outcome, pace = await _send(platform, job), platform.pace
        await self._settle(job, outcome, pace)

    async def _settle(self, job: Job, outcome: Outcome, pace: Pace) -> None:
        """What cannot be written down will be in doubt, so it is tried more than once."""
        for wait in SETTLING:
            try:
                return await self._run(lambda uow: settle(uow, job, outcome, pace))
            except Unreachable:
                log.error("database.unreachable")
                await asyncio.sleep(wait)
        return await self._run(lambda uow: settle(uow, job, outcome, pace))


async def _send(platform: Platform, job: Job) -> Outcome:
    """The one call. However it ends, its ending is an outcome."""
    try:
        match job.action:
            case "post":
                return await platform.post(job.letter())
            case "edit":
                await platform.edit(job.letter())
            case "delete":
                await platform.delete(job.letter())
            case "find":
                return await platform.find(job.letter())
            case "open":
                return await platform.open_direct(
                    job.installation, job.secret, job.person, job.due.address
                )
            case "name":
                return await platform.profile(job.installation, job.secret, job.person)
    except (NotSent, InDoubt, Refused, CannotLook) as outcome:
        return outcome
    except Exception:
        log.exception("platform.broke", extra={"platform": job.due.platform})
        return InDoubt("unexpected")
    return None
