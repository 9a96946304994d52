"""Whom a question is put to by name: by theme, by load, and in turn. A pure function of values,
which also tells of everybody by which rule it was decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from hashlib import blake2b

from bot.calendar import Calendar, working_day
from bot.features import gate
from bot.features.gate import Kind, Situation
from bot.windows import day_of, moment, next_private
from storage.members import ANSWERING
from storage.seeking import Candidate

REST = 10
"""Working days after somebody was asked in which they are not asked again."""

WORTH = 2
"""Working days of the member for which it is worth being sent."""

END_OF_DAY = time(14, 30)
_NEVER = datetime.min.replace(tzinfo=UTC)


class Rule(StrEnum):
    """What decided about a candidate. `TURN` and `THEME` are who is asked."""

    THEME = "can help with the theme"
    TURN = "it is their turn"
    LATER = "others come first"
    KNOWS = "is asked about this question already"
    RESTS = "was asked within ten working days"
    ROLE = "manages, only reads, or runs the network"
    HOMELESS = "it is not known of which organisation they are"
    JUST_READS = "just reads"
    MUTED = "has switched it off"
    AWAY = "is away"
    NEW = "is new"
    OUT_OF_REACH = "cannot be reached"
    SILENT = "cannot be written to in time"


CHOSEN = (Rule.THEME, Rule.TURN)

_BY_THE_GATE = {
    gate.Rule.LEFT: Rule.HOMELESS,
    gate.Rule.MUTED: Rule.MUTED,
    gate.Rule.JUST_READS: Rule.JUST_READS,
    gate.Rule.OUT_OF_REACH: Rule.OUT_OF_REACH,
    gate.Rule.AWAY: Rule.AWAY,
    gate.Rule.NEW: Rule.NEW,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is asked, in this order, and of every candidate (by the member) which rule decided."""

    chosen: tuple[Candidate, ...]
    rules: Mapping[int, Rule]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many are to be asked: `most`, but of those who have not said that they can help only so
    many that they are `least`. `represented` are organisations that are asked already."""

    least: int
    most: int
    represented: Collection[int] = ()


def choose(
    candidates: Iterable[Candidate],
    wanted: Wanted,
    kind: Kind,
    now: datetime,
    calendars: Mapping[int, Calendar],
    seed: str,
) -> Choice:
    """The same values always give the same choice."""
    rules: dict[int, Rule] = {}
    left: list[Candidate] = []
    for one in candidates:
        against = _against(one, kind, now, calendars[one.member.organisation])
        rules[one.member.id] = against or Rule.LATER
        if against is None:
            left.append(one)
    chosen = _pick(sorted(left, key=lambda one: _order(one, seed)), wanted)
    for one in chosen:
        rules[one.member.id] = Rule.THEME if one.helps else Rule.TURN
    return Choice(tuple(chosen), rules)


def until(one: Candidate, now: datetime, calendar: Calendar, kind: Kind) -> datetime:
    """Two of the member's working days from the first moment at which it could be sent."""
    days = one.member.days
    opens = next_private(now, calendar, days, asked_for=kind.helps, hours=kind.hours) or now
    return moment(working_day(day_of(opens), WORTH, calendar, days), END_OF_DAY)


def _against(one: Candidate, kind: Kind, now: datetime, calendar: Calendar) -> Rule | None:
    if one.knows:
        return Rule.KNOWS
    if one.member.role not in ANSWERING:
        return Rule.ROLE
    if one.home is not None:
        return Rule.HOMELESS
    if one.last is not None and day_of(now) < _rested(one.last, calendar, one.member.days):
        return Rule.RESTS
    if not one.member.days & kind.hours.keys():
        return Rule.SILENT
    return _by_the_gate(one, kind, now, calendar)


def _rested(last: datetime, calendar: Calendar, days: Collection[int]) -> date:
    return working_day(day_of(last), REST, calendar, days)


def _by_the_gate(one: Candidate, kind: Kind, now: datetime, calendar: Calendar) -> Rule | None:
    """What the gate would not let pass in time is not begun."""
    situation = Situation(
        now=now,
        member=one.member,
        muted=frozenset({kind.name} if one.is_muted else ()),
        calendar=calendar,
        last_sent=one.last_sent,
        out_of_reach=one.unreached,
    )
    verdict = gate.decide(kind, situation)
    if verdict.go:
        return None
    if verdict.rule in (gate.Rule.AWAY, gate.Rule.NEW) or verdict.until is None:
        return _BY_THE_GATE.get(verdict.rule or gate.Rule.SILENCE, Rule.SILENT)
    return Rule.SILENT if verdict.until > until(one, now, calendar, kind) else None


def _order(one: Candidate, seed: str) -> tuple[bool, int, datetime, bytes]:
    drawn = blake2b(f"{seed}:{one.member.id}".encode(), digest_size=8).digest()
    return (not one.helps, one.load, one.last or _NEVER, drawn)


def _pick(ordered: list[Candidate], wanted: Wanted) -> list[Candidate]:
    """In their order, but so that they are of two organisations, if there are two."""
    chosen: list[Candidate] = []
    while len(chosen) < wanted.most:
        represented = {*wanted.represented, *(one.member.organisation for one in chosen)}
        found = _next([one for one in ordered if one not in chosen], represented)
        if found is None or not (found.helps or len(chosen) < wanted.least):
            break
        chosen.append(found)
    return chosen


def _next(ordered: list[Candidate], represented: Collection[int]) -> Candidate | None:
    if len(represented) == 1:
        for one in ordered:
            if one.member.organisation not in represented:
                return one
    return next(iter(ordered), None)
