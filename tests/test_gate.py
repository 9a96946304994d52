"""The gate: who is written to unasked, and when. A table of values; the scenes are elsewhere."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import Break, Calendar
from bot.features import gate
from bot.features.gate import KINDS, Kind, Rule, Situation, Verdict, decide
from storage.members import Profile

TUESDAY = datetime(2027, 1, 19, 9, tzinfo=UTC)  # Ten o'clock in Oslo.
INVITING = Kind("inviting", why="why", label="An invitation", invites=True)
HELPING = Kind("helping", why="why", label="Help that was asked for", helps=True)
MEMBER = Profile(
    id=1,
    network=1,
    organisation=1,
    role="member",
    joined_at=TUESDAY - timedelta(days=100),
    welcomed_at=TUESDAY - timedelta(days=100),
    spoke_at=None,
    left_at=None,
    days=frozenset({1, 2, 3, 4, 5}),
    just_reads=False,
    away_from=None,
    away_until=None,
    deputy=None,
    contact=False,
    paused_at=None,
)
NOW = Situation(TUESDAY, MEMBER, frozenset(), Calendar("no"))


def but(**member: object) -> Situation:
    return replace(NOW, member=replace(MEMBER, **member))  # type: ignore[arg-type]


def oslo(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour - 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("situation", "rule"),
    [
        (NOW, None),
        (but(left_at=TUESDAY), Rule.LEFT),
        (replace(NOW, takes_part=False), Rule.LEFT),
        (replace(NOW, muted=frozenset({"inviting"})), Rule.MUTED),
        (but(just_reads=True), Rule.JUST_READS),
        (but(role="manager"), Rule.JUST_READS),
        (but(role="reader"), Rule.JUST_READS),
        (but(paused_at=TUESDAY), Rule.PAUSED),
        (but(away_until=date(2027, 1, 20)), Rule.AWAY),
        (but(away_from=date(2027, 1, 19), away_until=date(2027, 2, 1)), Rule.AWAY),
        (but(away_from=date(2027, 1, 20), away_until=date(2027, 2, 1)), None),
        (but(away_until=date(2027, 1, 19)), None),
        (but(welcomed_at=TUESDAY - timedelta(days=4)), Rule.NEW),
        (but(welcomed_at=TUESDAY - timedelta(days=7)), None),
        (replace(NOW, last_sent=TUESDAY - timedelta(hours=1)), Rule.ONE_A_DAY),
        (replace(NOW, last_sent=TUESDAY - timedelta(days=1)), None),
        (replace(NOW, now=TUESDAY + timedelta(hours=6)), Rule.SILENCE),
        (replace(NOW, until=TUESDAY), Rule.TOO_LATE),
        (but(days=frozenset({3})), Rule.SILENCE),
    ],
)
def test_which_rule_decides(situation: Situation, rule: Rule | None) -> None:
    verdict = decide(INVITING, situation)
    assert verdict.rule == rule
    assert verdict.go is (rule is None)


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (gate.NUDGE, Rule.ONE_A_DAY),
        (gate.ASKED, None),
        (INVITING, None),
        (gate.FIRST_ANSWER, None),
    ],
)
def test_what_goes_alone_goes_on_no_day_on_which_anything_went(
    kind: Kind, rule: Rule | None
) -> None:
    assert decide(kind, replace(NOW, last_of_any=TUESDAY - timedelta(hours=1))).rule is rule


@pytest.mark.parametrize(
    ("situation", "until"),
    [
        (but(away_until=date(2027, 2, 1)), oslo(date(2027, 2, 1), 0 + 1) - timedelta(hours=1)),
        (replace(NOW, last_sent=TUESDAY), oslo(date(2027, 1, 20), 9)),
        (replace(NOW, now=TUESDAY + timedelta(days=2, hours=6)), oslo(date(2027, 1, 26), 9)),
        (but(days=frozenset({4})), oslo(date(2027, 1, 21), 9)),
    ],
)
def test_until_when_it_waits(situation: Situation, until: datetime) -> None:
    assert decide(INVITING, situation).until == until


def test_what_would_wait_too_long_is_not_sent_at_all() -> None:
    waiting = replace(but(away_until=date(2027, 2, 1)), until=TUESDAY + timedelta(days=2))
    assert decide(INVITING, waiting) == Verdict(False, Rule.TOO_LATE)


def test_who_just_reads_still_gets_help_that_was_asked_for() -> None:
    assert decide(HELPING, but(just_reads=True)).go


def test_help_goes_out_in_a_school_break_and_invitations_do_not() -> None:
    calendar = Calendar("no", (Break(date(2027, 1, 18), date(2027, 1, 22)),))
    assert decide(HELPING, replace(NOW, calendar=calendar)).go
    assert decide(INVITING, replace(NOW, calendar=calendar)).rule is Rule.SILENCE


def test_the_welcome_waits_for_no_hour_but_for_a_paused_network() -> None:
    sunday = replace(but(welcomed_at=None, joined_at=TUESDAY), now=TUESDAY - timedelta(days=2))
    assert decide(gate.WELCOME, sunday).go
    assert decide(gate.WELCOME, but(paused_at=TUESDAY)).rule is Rule.PAUSED


def test_an_answer_is_told_of_on_the_same_day_and_to_newcomers_but_not_at_the_weekend() -> None:
    sent = replace(but(welcomed_at=TUESDAY, just_reads=True), last_sent=TUESDAY)
    for kind in (gate.FIRST_ANSWER, gate.ANSWERS):
        assert decide(kind, sent).go
        assert decide(kind, replace(sent, now=TUESDAY + timedelta(days=4))).rule is Rule.SILENCE
        assert decide(kind, replace(sent, muted=frozenset({kind.name}))).rule is Rule.MUTED


def test_a_manager_is_thanked_and_asked_for_nothing() -> None:
    asks = (gate.HELPED, gate.TRIED)
    assert {decide(kind, but(role="manager")).rule for kind in asks} == {Rule.JUST_READS}
    assert decide(gate.THANKS, but(role="manager")).go


def test_a_warning_passes_everything_but_that_somebody_has_left() -> None:
    everything = replace(
        but(paused_at=TUESDAY, away_until=date(2028, 1, 1), just_reads=True),
        muted=frozenset(KINDS),
        now=TUESDAY + timedelta(days=5),
        last_sent=TUESDAY,
    )
    assert decide(gate.NUMBER_LEFT, everything).go
    assert decide(gate.NUMBER_LEFT, but(left_at=TUESDAY)).rule is Rule.LEFT


def test_every_kind_says_why_and_only_safety_and_what_comes_once_have_no_switch() -> None:
    assert all(kind.why for kind in KINDS.values())
    unswitched = {name for name, kind in KINDS.items() if not kind.label}
    assert unswitched == {"welcome", "belonging", "number-left"}


def test_nothing_else_opens_a_direct_message() -> None:
    """Only the gate's messages do, and what answers something that the person has just written, or
    done with an account of theirs that is linked to this one or is to be."""
    features = Path(gate.__file__).parent
    opens = {
        file.stem
        for file in features.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and "direct_message_to" in ast.unparse(node.func)
    }
    answers = {
        "warning",
        "bursts",
        "casting",
        "changing",
        "codes",
        "linking",
        "accounts",
        "retyping",
    }
    assert opens == {"private", *answers}


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31)).map(
        lambda moment: moment.replace(tzinfo=UTC)
    ),
    days=st.frozensets(st.integers(1, 5)).map(lambda days: days | {3}),
    kind=st.sampled_from([INVITING, HELPING, gate.HOST, gate.GREET]),
    last=st.integers(0, 72),
)
def test_what_waits_goes_when_its_time_has_come(
    now: datetime, days: frozenset[int], kind: Kind, last: int
) -> None:
    situation = replace(but(days=days), now=now, last_sent=now - timedelta(hours=last))
    verdict = decide(kind, situation)
    for _ in range(3):
        if verdict.go:
            return
        assert verdict.until is not None
        assert verdict.until > situation.now
        situation = replace(situation, now=verdict.until)
        verdict = decide(kind, situation)
    assert verdict.go


def test_who_works_on_no_day_with_hours_for_it_is_never_written_to() -> None:
    assert decide(INVITING, but(days=frozenset({1, 5}))) == Verdict(False, Rule.SILENCE)
