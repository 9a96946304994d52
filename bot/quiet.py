"""Who is asked, now and then, something that they could help with: those of whom nothing was heard
for a while, where something waits that they are among the few to know about.

A pure function of values, the same under the same seed. For everybody it decides about it tells the
rule. What it reads is put together to decide once, and nothing of it is kept.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache

from bot.calendar import Calendar, silence, working_day
from bot.windows import MIDWEEK
from storage.invitations import REST
from storage.members import ANSWERING

WHILE = 20
"""Of their own working days: nothing heard, here for so long, and so long after the last time."""

AFTER_ASKED = 10
"""Of their own working days, after they were asked by name."""

CHANCES = 3
"""So often there was something to say in that time."""

ABOUT_ONE = 3
"""Members who are asked about the same."""

IN_A_ROW = 3
"""Times without a response, until they are asked whether it suits them."""

SHARE = 5
"""One in so many of an organisation's members in a week; and of all, not asked so that it can be
known whether asking is of use."""


class Rule(StrEnum):
    """Which rule decided, in words for whoever runs Mellom."""

    ROLE = "facilitates, manages or reads"
    JUST_READS = "would rather just read"
    SWITCHED_OFF = "has switched it off"
    AWAY = "is away"
    NEW = "came, or came back, within the last 20 working days"
    CONTRIBUTED = "contributed within the last 20 working days"
    MET = "may have been at the seminar within the last 20 working days"
    FEW_CHANCES = "had fewer than three chances in that time"
    NOTHING_OPEN = "could help with nothing that waits now"
    ASKED = "was asked something lately"
    RESTS = "did not answer, and is left alone for six months"
    SILENT = "is not to be disturbed today"
    HELD_OUT = "is left out this quarter, so that the use of it can be known"
    ENOUGH_THERE = "enough of the organisation are asked this week"
    ENOUGH_ASKED = "enough are asked about the same"
    CHOSEN = "is asked"


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that waits: a question with these themes, from this organisation; or a poll, in
    which these organisations lack votes. `asked` is how many were asked about it before."""

    thread: int
    since: date
    organisation: int | None = None
    themes: frozenset[int] = frozenset()
    lacks: frozenset[int] = frozenset()
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """What is looked at of one member. `here_since` is when they came, or came back from a pause;
    `sent` and `asked` when they were last written to like this and last asked by name; `unanswered`
    how many of these they have not responded to, one after the other."""

    id: int
    organisation: int
    calendar: Calendar
    here_since: date
    role: str = "member"
    days: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    themes: frozenset[int] = frozenset()
    about: frozenset[int] = frozenset()
    """Threads that they were asked about, or have answered."""

    just_reads: bool = False
    switched_off: bool = False
    away: bool = False
    contributed: date | None = None
    sent: date | None = None
    asked: date | None = None
    unanswered: int = 0
    checked: date | None = None
    """When they were asked whether it suits them, and did not answer."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is the same for all. `chances` are the threads in which there was something to say, by
    theme, newest first, with their days; None: whatever the theme. `free` is how many of each
    organisation may still be asked this week. `met` is the last day of the latest seminar: nobody
    knows who was there, so everybody may have been."""

    today: date
    topics: Sequence[Topic]
    chances: Mapping[int | None, Sequence[tuple[int, date]]]
    free: Mapping[int, int] = field(default_factory=dict)
    met: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Which rule decided about whom. One who is asked: about what, and how often without a response
    before; or (None) whether it suits them."""

    member: int
    organisation: int
    rule: Rule
    topic: Topic | None = None
    before: int = 0

    @property
    def is_asked(self) -> bool:
        return self.rule is Rule.CHOSEN


def decide(members: Iterable[Member], at: Moment, seed: str) -> list[Decision]:
    """About each of them, in the order of their ids."""
    found: list[Decision] = []
    passed: list[Member] = []
    for one in members:
        rule = against(one, at) or (Rule.HELD_OUT if is_held_out(one.id, at.today, seed) else None)
        if rule is None:
            passed.append(one)
        else:
            found.append(Decision(one.id, one.organisation, rule))
    passed.sort(key=lambda one: (_last(one), _order(one.id, at.today, seed)))
    return sorted([*found, *_few(passed, at)], key=lambda decision: decision.member)


def against(one: Member, at: Moment) -> Rule | None:
    """The first rule that is against asking this member today; None if there is none."""
    return next((rule for rule, holds in _RULES if holds(one, at)), None)


def is_held_out(member: int, today: date, seed: str) -> bool:
    """One in five, drawn anew each quarter; it is stored nowhere who."""
    quarter = f"{today.year}-{(today.month - 1) // 3}"
    return _drawn(seed, quarter, member) % SHARE == 0


def may_be_asked(members: int) -> int:
    """How many of so many may be asked in a week; one where they are few."""
    return max(1, members // SHARE)


def topics_for(one: Member, topics: Iterable[Topic]) -> list[Topic]:
    """What this member is among the few to help with."""
    return [topic for topic in topics if topic.thread not in one.about and _helps(one, topic)]


def _helps(one: Member, topic: Topic) -> bool:
    if topic.organisation is None:
        return one.organisation in topic.lacks
    return one.organisation != topic.organisation and not one.themes.isdisjoint(topic.themes)


def _few(passed: Sequence[Member], at: Moment) -> Iterable[Decision]:
    """Of those whom no rule is against, as many as their organisations and the topics allow."""
    free, asked = Counter(dict(at.free)), Counter({one.thread: one.asked for one in at.topics})
    for one in passed:
        if free[one.organisation] <= 0:
            yield Decision(one.id, one.organisation, Rule.ENOUGH_THERE)
            continue
        if one.unanswered >= IN_A_ROW:
            free[one.organisation] -= 1
            yield Decision(one.id, one.organisation, Rule.CHOSEN, before=one.unanswered)
            continue
        open_ = [one for one in topics_for(one, at.topics) if asked[one.thread] < ABOUT_ONE]
        if not open_:
            yield Decision(one.id, one.organisation, Rule.ENOUGH_ASKED)
            continue
        topic = min(open_, key=lambda topic: _first(topic, asked[topic.thread]))
        asked[topic.thread] += 1
        free[one.organisation] -= 1
        yield Decision(one.id, one.organisation, Rule.CHOSEN, topic, one.unanswered)


def _first(topic: Topic, asked: int) -> tuple[bool, int, date, int]:
    """A question before a poll; what fewest were asked about, and what waits longest."""
    return topic.organisation is None, asked, topic.since, topic.thread


def _last(one: Member) -> date:
    return max(one.sent or date.min, one.asked or date.min)


def _order(member: int, today: date, seed: str) -> tuple[int, int]:
    return _drawn(seed, today.isoformat(), member), member


def _drawn(seed: str, of: str, member: int) -> int:
    digest = hashlib.blake2b(f"{of}:{member}".encode(), key=seed.encode()[:64], digest_size=8)
    return int.from_bytes(digest.digest(), "big")


# ---- the rules, in the order in which they are looked at


def begins(one: Member, today: date, days: int = WHILE) -> date:
    """The working day before so many of their own; today is not counted."""
    return _back(today, days + 1, one.calendar, one.days)


@lru_cache(maxsize=1024)
def _back(today: date, days: int, calendar: Calendar, weekdays: frozenset[int]) -> date:
    return working_day(today, -days, calendar, weekdays)


def _within(day: date | None, one: Member, today: date, days: int) -> bool:
    """Whether it was on one of the last so many of their working days, or after them."""
    return day is not None and day > begins(one, today, days)


def _chances(one: Member, at: Moment) -> int:
    since = begins(one, at.today)
    found = (at.chances.get(theme, ()) for theme in (None, *one.themes))
    return len({thread for chances in found for thread, day in chances if day > since})


def _is_silent(one: Member, at: Moment) -> bool:
    is_theirs = at.today.isoweekday() in MIDWEEK and at.today.isoweekday() in one.days
    return not is_theirs or silence(at.today, one.calendar) is not None


_RULES: Sequence[tuple[Rule, Callable[[Member, Moment], bool]]] = (
    (Rule.ROLE, lambda one, at: one.role not in ANSWERING),
    (Rule.JUST_READS, lambda one, at: one.just_reads),
    (Rule.SWITCHED_OFF, lambda one, at: one.switched_off),
    (Rule.AWAY, lambda one, at: one.away),
    (Rule.SILENT, _is_silent),
    (Rule.NOTHING_OPEN, lambda one, at: not topics_for(one, at.topics)),
    (Rule.NEW, lambda one, at: _within(one.here_since, one, at.today, WHILE)),
    (Rule.CONTRIBUTED, lambda one, at: _within(one.contributed, one, at.today, WHILE)),
    (Rule.MET, lambda one, at: _within(at.met, one, at.today, WHILE)),
    (Rule.RESTS, lambda one, at: one.checked is not None and at.today < one.checked + REST),
    (Rule.ASKED, lambda one, at: _within(one.sent, one, at.today, WHILE)),
    (Rule.ASKED, lambda one, at: _within(one.asked, one, at.today, AFTER_ASKED)),
    (Rule.FEW_CHANCES, lambda one, at: _chances(one, at) < CHANCES),
)
