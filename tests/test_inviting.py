"""Whom a question is put to by name. A table of values; the scenes are in `test_seeking`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.calendar import Break, Calendar
from bot.features import gate
from bot.inviting import Choice, Rule, Wanted, choose, until
from storage.members import Profile
from storage.seeking import Candidate

TUESDAY = datetime(2027, 1, 19, 9, tzinfo=UTC)  # Ten o'clock in Oslo.
LONG_AGO = TUESDAY - timedelta(days=100)
CALENDARS = {organisation: Calendar("no") for organisation in range(1, 9)}
TWO_OR_THREE = Wanted(least=2, most=3)


def member(id: int, organisation: int, **values: object) -> Profile:
    profile = Profile(
        id=id,
        network=1,
        organisation=organisation,
        role="member",
        joined_at=LONG_AGO,
        welcomed_at=LONG_AGO,
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
    return replace(profile, **values)  # type: ignore[arg-type]


def one(id: int, organisation: int, **values: object) -> Candidate:
    plain = Candidate(
        member=member(id, organisation),
        home=None,
        helps=False,
        load=0,
        last=None,
        last_sent=None,
        is_muted=False,
        knows=False,
    )
    return replace(plain, **values)  # type: ignore[arg-type]


def but(**values: object) -> Candidate:
    return one(1, 1, member=member(1, 1, **values))


def chosen(*candidates: Candidate, wanted: Wanted = TWO_OR_THREE, seed: str = "7") -> list[int]:
    return [found.member.id for found in choice(*candidates, wanted=wanted, seed=seed).chosen]


def choice(*candidates: Candidate, wanted: Wanted = TWO_OR_THREE, seed: str = "7") -> Choice:
    return choose(candidates, wanted, gate.ASKED, TUESDAY, CALENDARS, seed)


def ago(days: int) -> datetime:
    return TUESDAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("candidate", "rule"),
    [
        (one(1, 1), Rule.TURN),
        (one(1, 1, helps=True), Rule.THEME),
        (one(1, 1, knows=True), Rule.KNOWS),
        (one(1, 1, last=ago(13)), Rule.RESTS),
        (one(1, 1, last=ago(14)), Rule.TURN),
        (one(1, 1, home="unknown"), Rule.HOMELESS),
        (one(1, 1, is_muted=True), Rule.MUTED),
        (one(1, 1, unreached=True), Rule.OUT_OF_REACH),
        (one(1, 1, last_sent=TUESDAY), Rule.TURN),  # It waits until tomorrow.
        (but(role="manager"), Rule.ROLE),
        (but(role="reader"), Rule.ROLE),
        (but(role="facilitator"), Rule.ROLE),
        (but(role="coordinator"), Rule.TURN),
        (but(just_reads=True), Rule.JUST_READS),
        (but(away_until=date(2027, 1, 20)), Rule.AWAY),
        (but(away_from=date(2027, 1, 25), away_until=date(2027, 2, 1)), Rule.TURN),
        (but(welcomed_at=ago(3)), Rule.NEW),
        (but(days=frozenset({1, 5})), Rule.SILENT),  # No day of theirs has hours for it.
        (but(days=frozenset({4})), Rule.TURN),
    ],
)
def test_which_rule_decides(candidate: Candidate, rule: Rule) -> None:
    assert choice(candidate).rules == {1: rule}


def test_who_can_help_comes_first_then_who_is_asked_least_then_whose_turn_is_longest_ago() -> None:
    assert chosen(
        one(1, 1, load=1, last=ago(30)),
        one(2, 2, load=1, last=ago(40)),
        one(3, 3),
        one(4, 4, helps=True, load=2, last=ago(20)),
    ) == [4, 3]
    assert chosen(one(1, 1, load=1, last=ago(30)), one(2, 2, load=1, last=ago(40))) == [2, 1]


def test_a_third_is_asked_only_who_can_help() -> None:
    assert len(chosen(one(1, 1), one(2, 2), one(3, 3))) == 2
    assert len(chosen(*(one(n, n, helps=True) for n in range(1, 6)))) == 3
    assert chosen(one(1, 1, helps=True), one(2, 2, helps=True), one(3, 3)) in ([1, 2], [2, 1])


def test_they_are_of_two_organisations_if_there_are_two() -> None:
    assert chosen(*(one(n, 1, helps=True) for n in range(1, 9)), one(9, 2))[1] == 9
    assert len(chosen(*(one(n, 1) for n in range(1, 9)))) == 2
    told = chosen(one(1, 1, helps=True), one(2, 2), wanted=Wanted(1, 1, represented={1}))
    assert told == [2]


def test_the_same_values_give_the_same_choice_and_another_question_another_one() -> None:
    everybody = [one(n, n % 8 + 1) for n in range(1, 41)]
    by_seed = {tuple(chosen(*everybody, seed=str(seed))) for seed in range(10)}
    assert len(by_seed) > 5
    assert chosen(*everybody) == chosen(*reversed(everybody))


def test_of_everybody_it_is_told_which_rule_decided() -> None:
    rules = choice(one(1, 1), one(2, 2), one(3, 3), one(4, 4, knows=True)).rules
    assert sorted(rules) == [1, 2, 3, 4]
    assert list(rules.values()).count(Rule.LATER) == 1


def test_it_is_worth_sending_for_two_working_days_of_theirs() -> None:
    def worth(one: Candidate, now: datetime, calendar: Calendar = CALENDARS[1]) -> date:
        return until(one, now, calendar, gate.ASKED).date()

    thursday = TUESDAY + timedelta(days=2, hours=6)  # After hours.
    assert worth(one(1, 1), TUESDAY) == date(2027, 1, 21)
    assert worth(one(1, 1), thursday) == date(2027, 1, 28)
    assert worth(but(days=frozenset({2, 3})), TUESDAY) == date(2027, 1, 26)
    away = Calendar("no", (Break(date(2027, 1, 20), date(2027, 1, 22)),))
    assert worth(one(1, 1), TUESDAY, away) == date(2027, 1, 26)
