"""Now and then: somebody of whom nothing was heard for a while is asked, in private, something that
they of all people could help with. Who that is, is decided anew each time, and shown to nobody.

It is decided on the morning of the day, and once more when it is sent. What cannot be sent within
that day is not sent at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot import calendars, quiet
from bot.calendar import Calendar
from bot.coming import Coming
from bot.features import gate, measuring, private
from bot.quiet import Decision, Member, Moment, Topic
from bot.windows import MIDWEEK, PRIVATE, day_of, moment
from storage import UnitOfWork, informing, invitations, jobs, networks, seminars
from storage import measuring as measured
from storage import quiet as stored
from storage.invitations import ASKED, CHECK, SERIES, THEIRS, UNSURE, WAITING, Invitation
from storage.jobs import Job
from storage.quiet import Candidate, Invited, Waiting

JOB = measured.JOB
AT = time(6)


def look(job: Job, uow: UnitOfWork) -> datetime:
    """Ask whoever is to be asked today, once; when to look again. Whoever wants no more of it has
    it looked at, too."""
    measuring.stop_if_it_does_harm(job.network, uow)
    day = day_of(uow.now)
    if day.isoweekday() in MIDWEEK and moment(day, AT) <= uow.now < _ends(day):
        _work(job.network, day, uow)
    return _next(uow.now)


def _next(now: datetime) -> datetime:
    days = (day_of(now) + timedelta(days=ahead) for ahead in range(8))
    return next(at for day in days if day.isoweekday() in MIDWEEK and (at := moment(day, AT)) > now)


def next_day(now: datetime) -> datetime:
    """Now, if it is a day and a time for it, else the next that is."""
    day = day_of(now)
    return now if day.isoweekday() in MIDWEEK and now < _ends(day) else _next(now)


def _ends(day: date) -> datetime:
    return moment(day, PRIVATE[day.isoweekday()][1])


def _work(network: int, day: date, uow: UnitOfWork) -> None:
    if networks.paused(uow, network) is not None:
        return  # The end of the pause looks at it at once.
    measured.settle_votes(uow, network)
    measuring.count_the_week(network, uow)
    if not jobs.settle(uow, JOB, network, day.isoformat(), done=day):
        return
    for one in decided(network, uow):
        if one.is_asked:
            _ask(network, one, _ends(day), uow)


def _ask(network: int, one: Decision, until: datetime, uow: UnitOfWork) -> None:
    if not private.would_pass(uow, gate.NUDGE, one.member, until):
        return  # They got another message today, say. Nothing is noted.
    of = [] if one.topic is None else [one.topic.thread]
    sent = private.tell(uow, gate.NUDGE, network, one.member, {}, until, of=of)
    invitations.begin(
        uow,
        network=network,
        member=one.member,
        organisation=one.organisation,
        kind=CHECK if one.topic is None else SERIES[one.before],
        private=sent,
        thread=None if one.topic is None else one.topic.thread,
    )


def coming(network: int, until: datetime, uow: UnitOfWork) -> Iterator[Coming]:
    """The days on which somebody may be asked; not whether anybody is."""
    today = day_of(uow.now)
    informed = [day for _, day in informing.informed(uow, network) if day is not None]
    off = measured.asking(uow, network).stopped_at or networks.paused(uow, network)
    at = moment(today, AT) if informed and not off else until + timedelta(days=1)
    while at <= until:
        if at > uow.now and day_of(at) > min(informed):
            yield Coming(
                at,
                "members may be asked about what waits",
                "a few members, of organisations that were informed",
                "it is a Tuesday, Wednesday or Thursday",
            )
        at = _next(at)


# ---- deciding


def decided(network: int, uow: UnitOfWork, *, everyone: bool = False) -> list[Decision]:
    """About whom it is decided how, as things stand at the moment of the unit of work, which may be
    one that is over. With `everyone`, also about those of whom it is sure without looking closely.
    """
    asking = measured.asking(uow, network)
    if asking.stopped_at is not None and asking.stopped_at <= uow.now:
        return []
    today = day_of(uow.now)
    waits = stored.waiting(uow, network, moment(today, time()))
    found = stored.candidates(uow, network, waits, today=today, everyone=everyone)
    around = calendars.of_network(uow, network)
    them = [_member(one, around[one.organisation], today) for one in found]
    free = _free(network, {one.organisation for one in found}, today, uow)
    return quiet.decide(them, _moment(network, waits, free, uow), asking.seed)


def still_holds(kept: int, one: Invitation, uow: UnitOfWork) -> bool:
    """Whether the member would be asked this at this moment, too."""
    if measured.asking(uow, one.network).stopped_at is not None:
        return False
    today = day_of(uow.now)
    waits = stored.waiting(uow, one.network, moment(today, time()), only=one.thread)
    found = stored.candidates(uow, one.network, waits, today=today, only=one.member, but=kept)
    around = calendars.of_network(uow, one.network)
    at = _moment(one.network, waits, {}, uow)
    return any(
        quiet.against(_member(them, around[them.organisation], today), at) is None for them in found
    )


def _moment(network: int, waits: list[Waiting], free: dict[int, int], uow: UnitOfWork) -> Moment:
    chances = stored.chances(uow, network) if waits else {}
    return Moment(
        today=day_of(uow.now),
        topics=tuple(
            Topic(one.thread, day_of(one.since), one.organisation, one.themes, one.lacks, one.asked)
            for one in waits
        ),
        chances={
            theme: tuple((id, day_of(at)) for id, at in found) for theme, found in chances.items()
        },
        free=free,
        met=seminars.last_day_before(uow, network, day_of(uow.now)),
    )


def _free(network: int, organisations: set[int], today: date, uow: UnitOfWork) -> dict[int, int]:
    """How many of each organisation may still be asked this week."""
    monday = moment(today - timedelta(days=today.weekday()), time())
    asked = stored.asked_since(uow, network, monday)
    counted = stored.counted(uow, organisations)
    return {id: quiet.may_be_asked(many) - asked.get(id, 0) for id, many in counted.items()}


def _member(one: Candidate, calendar: Calendar, today: date) -> Member:
    series = [sent for sent in one.invited if sent.kind in THEIRS]
    by_name = [sent for sent in one.invited if sent.kind == ASKED]
    silent = _without_response(one, series)
    return Member(
        id=one.id,
        organisation=one.organisation,
        calendar=calendar,
        here_since=_here_since(one, today),
        role=one.role,
        days=one.days,
        themes=one.themes,
        about=one.about,
        just_reads=one.just_reads,
        switched_off=one.switched_off,
        away=gate.back_at(one, today) is not None,
        contributed=day_of(one.contributed) if one.contributed else None,
        sent=day_of(series[0].at) if series else None,
        asked=day_of(by_name[0].at) if by_name else None,
        unanswered=0 if silent is None or silent.kind == CHECK else _place(silent),
        checked=None if silent is None or silent.kind != CHECK else day_of(silent.at),
    )


def _here_since(one: Candidate, today: date) -> date:
    """When they came, or came back from a pause, whose beginning need not be known."""
    joined = day_of(one.joined_at)
    if one.away_until is None or one.away_until > today:
        return joined
    return max(joined, one.away_until)


def _without_response(one: Candidate, series: list[Invited]) -> Invited | None:
    """The last that they were sent, if they neither pressed anything nor contributed since. One
    that may not have arrived is passed over."""
    last = next((sent for sent in series if sent.outcome != UNSURE), None)
    if last is None or last.outcome != WAITING:
        return None
    heard = one.contributed is not None and one.contributed > last.at
    return None if heard else last


def _place(sent: Invited) -> int:
    """The how manieth it was without a response."""
    return SERIES.index(sent.kind) + 1
