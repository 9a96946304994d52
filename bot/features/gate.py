"""The gate: the one place that decides whether a member is written to unasked, and when.

A pure function of values. It is asked when something is to be sent, and once more at the moment of
sending, since a person may have chosen otherwise in between.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.calendar import Calendar, working_day
from bot.language import mark
from bot.windows import PRIVATE, PROACTIVE, Hours, day_of, moment, next_private
from storage.facilitating import Who
from storage.members import Profile
from storage.quiet import Candidate

SETTLING_IN = 5
"""Working days after the welcome in which a newcomer is told nothing more."""

LOOK_AGAIN = timedelta(days=1)
"""After this it is looked whether a network that is paused still is."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of private message.

    `label` is its switch in the settings, and `why` the line that says why it came; one without a
    label cannot be switched off. `at_once`: it follows something that the person has just done, so
    that it waits for no hour. `early`: it also goes to newcomers. `helps`: it serves somebody who
    has asked, and so goes out in soft silence too. `invites`: it asks the member to do something,
    and leaves those alone who just read. `beside`: it is no part of the one message a day, neither
    counted nor held by it. `urgent`: it is about safety, and passes everything but that somebody
    has left.
    """

    name: str
    why: str
    label: str = ""
    at_once: bool = False
    early: bool = False
    helps: bool = False
    invites: bool = False
    beside: bool = False
    urgent: bool = False
    facilitates: bool = False
    """Only whoever runs the network gets it."""

    is_untold: bool = False
    """That one waits is told nobody, not even that it is one at some organisation."""

    alone: bool = False
    """It does not go on a day on which anything else went to the member, even beside."""

    joins: str = ""
    """What waits for the same member under the same word goes out as one message."""

    hours: Hours = field(default_factory=lambda: PRIVATE)


WELCOME = Kind(
    "welcome",
    why=mark("You get this once, for taking part."),
    at_once=True,
    early=True,
)
HOST = Kind(
    "host",
    label=mark("Somebody new has written for the first time"),
    why=mark("You get this since it is your turn to greet somebody new."),
    helps=True,
    invites=True,
)
ASKED = Kind(
    "asked",
    label=mark("Somebody asks something that I may be able to answer"),
    why=mark("You get this since I ask a few members by name rather than everybody."),
    helps=True,
    invites=True,
)
FIRST_VOICE = Kind(
    "first-voice",
    label=mark("Whether I would answer the question of the week first"),
    why=mark("You get this since it is your turn to be asked first."),
    invites=True,
    hours=PROACTIVE,
)
GREET = Kind(
    "greet",
    label=mark("Nobody has greeted somebody new yet"),
    why=mark("You get this since you facilitate the network."),
    helps=True,
    facilitates=True,
)
TROUBLE = Kind(
    "trouble",
    label=mark("A channel cannot be reached"),
    why=mark("You get this since you facilitate the network."),
    early=True,
    helps=True,
    facilitates=True,
)
BELONGING = Kind(
    "belonging",
    why=mark("You get this once, since I do not know where your account is from."),
    at_once=True,
    early=True,
)
STRANGER = Kind(
    "stranger",
    label=mark("Somebody belongs to no organisation of the network"),
    why=mark("You get this since you facilitate the network."),
    early=True,
    helps=True,
    facilitates=True,
)
PASSED_ON = Kind(
    "passed-on",
    label=mark("The questions of somebody who has left are mine to look after"),
    why=mark("You get this since you look after the questions of somebody who has left."),
    helps=True,
)
CHANGED = Kind(
    "changed",
    label=mark("Somebody has changed what Mellom does in the network"),
    why=mark("You get this since it is about what you do in the network."),
    early=True,
    helps=True,
)
MONDAY = Kind(
    "monday",
    label=mark("The week in the network, on Mondays"),
    why=mark("You get this on Mondays since you run the network."),
    early=True,
    helps=True,
    facilitates=True,
    hours=PROACTIVE,
)
POLL_AHEAD = Kind(
    "poll-ahead",
    label=mark("What the network chooses from, before the poll opens"),
    why=mark("You get this once a month since you run the network."),
    early=True,
    helps=True,
    facilitates=True,
    hours=PROACTIVE,
)
MERGED = Kind(
    "merged",
    label=mark("My suggestion became one with another"),
    why=mark("You get this since you suggested it."),
    early=True,
    helps=True,
)
CHOSEN = Kind(
    "chosen",
    label=mark("My suggestion was chosen"),
    why=mark("You get this since you suggested it."),
    early=True,
    helps=True,
)
POLL = Kind(
    "poll",
    label=mark("A poll is open for longer, since few have voted"),
    why=mark("You get this once, since the poll is open for longer."),
    invites=True,
)
COUNTING = Kind(
    "poll-counting",
    label=mark("Few have voted, and the problem of the month is mine to choose"),
    why=mark("You get this since you run the network."),
    early=True,
    helps=True,
    facilitates=True,
)
NUDGE = Kind(
    "nudge",
    label=mark("Now and then, something that I could help with"),
    why=mark("You get this since I ask a few members now and then. Nobody else is told of it."),
    invites=True,
    is_untold=True,
    alone=True,
)
OPENING = Kind(
    "opening",
    label=mark("How to begin, while I am new"),
    why=mark("You get this once, for being new."),
    invites=True,
    is_untold=True,
)
STOPPED = Kind(
    "stopped",
    label=mark("Members are no longer asked now and then"),
    why=mark("You get this since you run the network."),
    early=True,
    helps=True,
    facilitates=True,
)
FIRST_ANSWER = Kind(
    "first-answer",
    label=mark("Somebody has answered my question"),
    why=mark("You get this since you asked."),
    early=True,
    helps=True,
    beside=True,
    joins="answers",
    hours=PROACTIVE,
)
ANSWERS = Kind(
    "answers",
    label=mark("My question has more answers"),
    why=mark("You get this since you asked."),
    early=True,
    helps=True,
    beside=True,
    joins="answers",
    hours=PROACTIVE,
)
HELPED = Kind(
    "helped",
    label=mark("Whether an answer to my question helped"),
    why=mark("You get this once for a question, since you asked it."),
    invites=True,
)
THANKS = Kind(
    "thanks",
    label=mark("My answer helped somebody"),
    why=mark("You get this since you answered."),
    early=True,
    joins="thanks",
)
TRIED = Kind(
    "tried",
    label=mark("Whether I have tried what helped"),
    why=mark("You get this once for a question, since you asked it."),
    invites=True,
)
BACK = Kind(
    "back",
    label=mark("What others found useful while I was away"),
    why=mark("You get this since you have been away."),
    helps=True,
    is_untold=True,
    hours=PROACTIVE,
)
STUCK = Kind(
    "stuck",
    label=mark("A question has waited for an answer for a week"),
    why=mark("You get this since you run the network."),
    early=True,
    helps=True,
    facilitates=True,
)
OWN_QUESTION = Kind(
    "own-question",
    label=mark("What is done about a question of mine that waits"),
    why=mark("You get this since you asked the question."),
    early=True,
    helps=True,
)
NUMBER_LEFT = Kind(
    "number-left",
    why=mark("You get this since you facilitate the network."),
    early=True,
    urgent=True,
    facilitates=True,
)

KINDS = {
    kind.name: kind
    for kind in (
        WELCOME,
        BELONGING,
        HOST,
        ASKED,
        FIRST_VOICE,
        GREET,
        TROUBLE,
        STRANGER,
        PASSED_ON,
        CHANGED,
        MONDAY,
        POLL_AHEAD,
        MERGED,
        CHOSEN,
        POLL,
        COUNTING,
        NUDGE,
        OPENING,
        STOPPED,
        FIRST_ANSWER,
        ANSWERS,
        HELPED,
        THANKS,
        TRIED,
        BACK,
        STUCK,
        OWN_QUESTION,
        NUMBER_LEFT,
    )
}

BESIDE = frozenset(kind.name for kind in KINDS.values() if kind.beside)


class Rule(StrEnum):
    """Which rule decided."""

    LEFT = "left"
    TOO_LATE = "too late"
    MUTED = "muted"
    JUST_READS = "just reads"
    OUT_OF_REACH = "out of reach"
    PAUSED = "paused"
    AWAY = "away"
    NEW = "new"
    ONE_A_DAY = "one a day"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`go`, or the rule that is against it: for good, or until a moment."""

    go: bool
    rule: Rule | None = None
    until: datetime | None = None


GO = Verdict(True)


@dataclass(frozen=True, slots=True)
class Situation:
    """What the gate looks at. `last_sent` is when the member was last sent another message."""

    now: datetime
    member: Profile
    muted: frozenset[str]
    calendar: Calendar
    last_sent: datetime | None = None
    last_of_any: datetime | None = None
    """The same, counting what goes beside; for what goes alone."""

    until: datetime | None = None
    """When the message is not worth sending any more."""

    takes_part: bool = True
    """Whether the member's organisation has a channel that takes part, or needs none."""

    out_of_reach: bool = False
    """Whether the last two messages did not arrive, and nothing was heard of the member since."""


def decide(kind: Kind, at: Situation) -> Verdict:
    """Whether a message of this kind goes to the member now."""
    if at.member.left_at is not None or not at.takes_part:
        return Verdict(False, Rule.LEFT)
    if kind.urgent:
        return GO
    if rule := _never(kind, at):
        return Verdict(False, rule)
    if at.member.paused_at is not None:
        return _later(Rule.PAUSED, at.now + LOOK_AGAIN, at)
    if not kind.at_once and (back := back_at(at.member, day_of(at.now))):
        return _later(Rule.AWAY, moment(back, time()), at)
    if not kind.early and (settled := _settled_in(at)) > day_of(at.now):
        return _later(Rule.NEW, moment(settled, time()), at)
    return GO if kind.at_once else _within_hours(kind, at)


def back_at(member: Profile | Who | Candidate, today: date) -> date | None:
    """The first day back of somebody who is away today."""
    if member.away_until is None or member.away_until <= today:
        return None
    is_gone = member.away_from is None or member.away_from <= today
    return member.away_until if is_gone else None


def _never(kind: Kind, at: Situation) -> Rule | None:
    if at.until is not None and at.until <= at.now:
        return Rule.TOO_LATE
    if kind.label and kind.name in at.muted:
        return Rule.MUTED
    # A manager is asked for nothing, ever.
    if kind.invites and (at.member.just_reads or at.member.role in ("reader", "manager")):
        return Rule.JUST_READS
    if kind.invites and at.out_of_reach:
        return Rule.OUT_OF_REACH
    return None


def _settled_in(at: Situation) -> date:
    since = day_of(at.member.welcomed_at or at.member.joined_at)
    return working_day(since, SETTLING_IN, at.calendar, at.member.days)


def _within_hours(kind: Kind, at: Situation) -> Verdict:
    earliest = at.now
    last = (at.last_sent, at.last_of_any if kind.alone else None)
    sent_today = any(one is not None and day_of(one) == day_of(at.now) for one in last)
    if sent_today and not kind.beside:
        earliest = moment(day_of(at.now) + timedelta(days=1), time())
    opens = next_private(
        earliest, at.calendar, at.member.days, asked_for=kind.helps, hours=kind.hours
    )
    if opens is None:
        return Verdict(False, Rule.SILENCE)
    if opens <= at.now:
        return GO
    return _later(Rule.ONE_A_DAY if earliest > at.now else Rule.SILENCE, opens, at)


def _later(rule: Rule, until: datetime, at: Situation) -> Verdict:
    """Then it is decided again; unless it is too late by then."""
    if at.until is not None and at.until <= until:
        return Verdict(False, Rule.TOO_LATE)
    return Verdict(False, rule, until)
