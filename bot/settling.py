"""Settling: how a call ended is written down, and what follows from it."""

from __future__ import annotations

import logging
import random
from datetime import timedelta
from typing import Literal

from bot.claiming import TAKING_AWAY, Job
from bot.drawn import PROFILE_PATIENCE
from bot.features import trouble
from bot.language import pick
from bot.outgoing import (
    CannotLook,
    InDoubt,
    NotSent,
    Opened,
    Pace,
    Posted,
    Profile,
    Refused,
)
from storage import UnitOfWork, deliveries, people, posts, rooms
from storage.deliveries import Due

log = logging.getLogger(__name__)

Outcome = Posted | Opened | Profile | None | NotSent | InDoubt | Refused | CannotLook

FIRST_LOOK = timedelta(seconds=15)
SECOND_LOOK = timedelta(seconds=60)
"""When a message in doubt is looked for: its echo or the platform's own view may lag."""

BLIND_WAIT = timedelta(seconds=60)
"""How long a message in doubt is left alone where the platform cannot be asked; twice as long each
time that it is in doubt again."""

RESENDS = 5
"""How often a message is sent once more after a doubt, each time when the platform answers again.
One that is unwell for an hour costs a thread a few duplicates at most, not its place in a room."""

LONGEST_RETRY = timedelta(hours=1)
"""No platform is believed that asks for more patience than this."""

LONGEST_WAIT = timedelta(minutes=5)


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
            _cannot_look(uow, job, outcome)
        case _:
            _done(uow, job, outcome)


def _too_late(uow: UnitOfWork, job: Job, outcome: Outcome) -> None:
    """The lease ran out and another worker has the lane: of what we know, only where the message
    stands is still of use."""
    log.warning("lane.lost", extra={"copy": job.due.copy})
    if isinstance(outcome, Posted) and outcome.final:
        deliveries.sent(uow, job.due, outcome.message)
    elif isinstance(outcome, Posted):
        begins = job.due.parent is None and job.due.under is None
        root = outcome.root if begins else None
        posts.echoed(uow, job.due.token, job.due.conversation, outcome.message, root)


def _done(uow: UnitOfWork, job: Job, outcome: Outcome) -> None:
    due = job.due
    match job.action, outcome:
        case "post", Posted(message, _, final=True):
            deliveries.sent(uow, due, message)
            deliveries.hasten(uow, due.conversation)
            _well_again(uow, due)
        case "post", Posted(message, root):
            deliveries.stands(uow, due, message, root)
            deliveries.settle(uow, due, state="shown", shown=due.version, tries=0, looks=0)
            deliveries.hasten(uow, due.conversation)
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


def _cannot_look(uow: UnitOfWork, job: Job, outcome: CannotLook) -> None:
    due = job.due
    if due.doubt == "park":
        _park(uow, due)
        return
    left_alone = due.since and due.since + BLIND_WAIT * 2 ** min(due.looks, RESENDS)
    if left_alone and left_alone > uow.real:
        deliveries.settle(uow, due, state="doubt", due_at=left_alone)
    else:
        most = 1 if outcome.once else RESENDS
        _send_again_or_park(uow, due, due.looks + 1, doubts=due.looks + 1, most=most)


def _send_again_or_park(
    uow: UnitOfWork, due: Due, looks: int, doubts: int, most: int = RESENDS
) -> None:
    if doubts > most:
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
        wait = FIRST_LOOK * 2 ** min(due.looks, RESENDS)
        deliveries.settle(uow, due, state="doubt", due_at=uow.real + wait)
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
