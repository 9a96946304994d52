"""Returning: who has been away for a week or more is shown, on their first day back, up to three
threads that others found useful meanwhile."""

from __future__ import annotations

from datetime import date, time, timedelta

from bot.calendar import WEEKDAYS, holiday
from bot.cards import Card
from bot.features import gate, private, reading
from bot.language import Speech
from bot.text import Text
from bot.windows import day_of, moment
from storage import UnitOfWork, breaks, members, overviews, privates, returning
from storage.members import Profile
from storage.privates import Private

LONG = 5
"""Working days away, after which one may have missed something."""

FEW = 3
"""Threads."""

WORTH = timedelta(weeks=4)
"""So long after they are back it is still worth telling: they may be back in the quiet weeks."""


def chosen(member: Profile, uow: UnitOfWork) -> None:
    """The member has chosen when they are away, or that they are not."""
    waiting = privates.waiting(uow, member.id, gate.BACK.name)
    back = _back(member, day_of(uow.now))
    if waiting is not None and waiting.facts["until"] == str(back):
        return
    since = _since(member, waiting, day_of(uow.now))
    if waiting is not None:
        privates.drop(uow, waiting.id, "chosen anew")
    country = breaks.of_organisation(uow, member.organisation).country
    if back is None or days_away(since, back, country) < LONG:
        return
    at = moment(back, time())
    private.tell(
        uow,
        gate.BACK,
        member.network,
        member.id,
        {"since": str(since), "until": str(back)},
        at + WORTH,
        at=at,
    )


def _back(member: Profile, today: date) -> date | None:
    """The first day back of somebody who is away, or is going to be."""
    back = member.away_until
    return back if back is not None and back > today else None


def _since(member: Profile, waiting: Private | None, today: date) -> date:
    """The first day away. Who stays away for longer has been away since then all the same."""
    begins = member.away_from or today
    if waiting is None:
        return begins
    return min(begins, date.fromisoformat(waiting.facts["since"]))


def days_away(since: date, back: date, country: str) -> int:
    """How many days on which one might work lie between them; in the summer, too."""
    days = (since + timedelta(days=ahead) for ahead in range((back - since).days))
    return sum(1 for day in days if day.isoweekday() in WEEKDAYS and holiday(day, country) is None)


@private.message(gate.BACK)
def _draw(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    """Which ones it is, is decided when it is sent; nothing if they are away still, or again."""
    threads = privates.told_of(uow, kept.id)
    if not privates.stands(uow, kept.id):
        if str(members.profile(uow, kept.member).away_until) != kept.facts["until"]:
            return None
        threads = _useful(kept, uow)
        privates.tells_of(uow, kept.id, threads)
    lines = [overviews.question(uow, kept.network, id) for id in threads]
    found = [line for line in lines if line is not None and line.state == "open"]
    if not found:
        return None
    words = say.many(
        "Welcome back. Here is a thread that others found useful while you were away. You can "
        "safely skip the rest.",
        "Welcome back. Here are {count} threads that others found useful while you were away. You "
        "can safely skip the rest.",
        len(found),
    )
    return Card(text=Text.of(words), items=tuple(reading.item(line, say, uow) for line in found))


def _useful(kept: Private, uow: UnitOfWork) -> list[int]:
    since = moment(date.fromisoformat(kept.facts["since"]), time())
    return returning.useful(uow, kept.network, kept.member, since, FEW)
