"""Monday: once a week whoever runs the network gets one card: who waits for an answer, what is
asked this week, and one suggestion. Whoever does nothing about it approves."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta

from bot import calendars
from bot.calendar import Calendar, network_silence
from bot.cards import Card, Item
from bot.coming import Coming
from bot.drawn import shown_name
from bot.features import (
    charge,
    gate,
    private,
    prompting,
    queueing,
    reading,
    steering,
    suggesting,
    weeks,
)
from bot.features.prompting import A_WEEK, slot
from bot.language import Speech
from bot.windows import day_of, moment, prompt_week
from storage import UnitOfWork, jobs, networks, overviews
from storage.jobs import Job
from storage.privates import Private

JOB = gate.MONDAY.name
AT = time(11)
ENDS = time(12)
"""On Friday it is not worth sending any more."""

QUESTIONS = 3
NOBODY, NOTHING = "nobody", "nothing"
"""Why no card was sent in a week: nobody runs the network, or there is nothing to say."""

FURTHEST = 10
"""Days before the week in which its card may come."""


def look(job: Job, uow: UnitOfWork) -> datetime:
    """Send what is due, or write down why not; when to look again."""
    week = max(prompting.monday(day_of(job.due_at)), prompting.begins(job.network, uow))
    settled = jobs.settled(uow, JOB, job.network, slot(week))
    while True:
        waits = None if slot(week) in settled else _settle(job.network, week, uow)
        if waits is not None:
            return waits
        week += A_WEEK


def _settle(network: int, week: date, uow: UnitOfWork) -> datetime | None:
    around = calendars.of_network(uow, network).values()
    day = day_of_card(week, around)
    at = moment(day or week, AT)
    if uow.now < at:
        return at
    reason = prompting.AWAY if uow.now >= _ends(week) else None
    if day is None:
        reason = NOTHING
    if reason is None:
        reason = _send(network, week, uow)
    jobs.settle(uow, JOB, network, slot(week), done=None if reason else day, reason=reason)
    return None


def coming(network: int, until: datetime, uow: UnitOfWork) -> Iterator[Coming]:
    """The cards of the weeks until then."""
    if networks.paused(uow, network) is not None:
        return
    around = calendars.of_network(uow, network).values()
    week = max(prompting.monday(day_of(uow.now)), prompting.begins(network, uow))
    settled = jobs.settled(uow, JOB, network, slot(week))
    while moment(week - timedelta(days=FURTHEST), AT) <= until:
        day = None if slot(week) in settled else day_of_card(week, around)
        if day is not None and uow.now < _ends(week):
            moved = "it is Monday" if day == week else "Monday is silent"
            at = max(moment(day, AT), uow.now)
            yield Coming(at, "the card of the week", "whoever runs the network", moved)
        week += A_WEEK


def _ends(week: date) -> datetime:
    return moment(week + timedelta(days=4), ENDS)


def day_of_card(week: date, around: Collection[Calendar]) -> date | None:
    """On Monday; if that is silent, on the next day that is not, as long as nothing has been asked
    by then; else on the last one before. None in a week that is silent altogether."""
    asked = prompt_week(week, around).days
    days = (week + timedelta(days=ahead) for ahead in range(5))
    for day in days:
        if network_silence(day, around) is None and (day == week or not asked or day < asked[0]):
            return day
    before = (week - timedelta(days=back) for back in range(1, FURTHEST)) if asked else ()
    return next((day for day in before if network_silence(day, around) is None), None)


def _send(network: int, week: date, uow: UnitOfWork) -> str | None:
    """Write to everybody in charge; why not, if it is not done."""
    told = charge.who_steers(uow, network)
    if not told:
        return NOBODY
    stands = weeks.of(network, week, uow)
    if stands.state == "ahead":
        prompting.plan(network, week, uow)  # What is approved by silence is what is asked.
    elif not overviews.unanswered(uow, network, None, 1):
        return NOTHING
    for one in told:
        private.tell(uow, gate.MONDAY, network, one.id, {"week": slot(week)}, _ends(week))
    return None


@private.message(gate.MONDAY)
def _card(kept: Private, say: Speech, uow: UnitOfWork) -> Card:
    network = kept.network
    week = weeks.of(network, date.fromisoformat(kept.facts["week"]), uow)
    name = shown_name(networks.network_name(uow, network))
    return Card(
        title=say("The week in {network}", network=name),
        items=(
            *_waiting(network, say, uow),
            *steering.of_week(week, say, uow),
            *_suggestion(network, say, uow),
        ),
        buttons=(*steering.buttons(week, network, say, uow), queueing.button(say, network)),
    )


def _waiting(network: int, say: Speech, uow: UnitOfWork) -> Iterator[Item]:
    yield Item(say("Waiting for an answer"), heading=True)
    found = overviews.unanswered(uow, network, None, QUESTIONS)
    yield from (reading.item(line, say, uow) for line in found)
    if not found:
        yield Item(say("Every question has had an answer."))


def _suggestion(network: int, say: Speech, uow: UnitOfWork) -> Iterator[Item]:
    found = suggesting.suggest(network, say, uow)
    if found is not None:
        yield Item(say("A suggestion"), heading=True)
        yield found
