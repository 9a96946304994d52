"""Who is asked now and then, and by which rule: tables of values. The scenes are elsewhere."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.calendar import Break, Calendar, working_day
from bot.quiet import (
    ABOUT_ONE,
    Decision,
    Member,
    Moment,
    Rule,
    Topic,
    against,
    decide,
    is_held_out,
    may_be_asked,
)

TODAY = date(2027, 2, 9)  # A Tuesday; its last 20 working days begin on 12 January.
NO, DK = Calendar("no"), Calendar("dk")
QUESTION = Topic(7, TODAY - timedelta(days=1), organisation=2, themes=frozenset({11}))
POLL = Topic(8, TODAY - timedelta(days=1), lacks=frozenset({1}))
CHANCES: dict[int | None, tuple[tuple[int, date], ...]] = {
    None: ((5, date(2027, 2, 2)), (3, date(2027, 1, 26))),
    11: ((7, date(2027, 2, 8)), (5, date(2027, 2, 2))),
    12: ((4, date(2027, 1, 20)),),
}
AT = Moment(TODAY, (QUESTION,), CHANCES, {1: 5, 2: 5, 3: 5})
OLA = Member(1, 1, NO, date(2026, 10, 1), themes=frozenset({11}))


def seeded(*wanted: int, out: tuple[int, ...] = ()) -> str:
    """A seed under which these are asked this quarter, and those left out."""
    return next(
        seed
        for seed in map(str, range(10_000))
        if not any(is_held_out(one, TODAY, seed) for one in wanted)
        and all(is_held_out(one, TODAY, seed) for one in out)
    )


def rules(*members: Member, at: Moment = AT, seed: str = "") -> list[Rule]:
    seed = seed or seeded(*(one.id for one in members))
    return [one.rule for one in decide(members, at, seed)]


@pytest.mark.parametrize(
    ("member", "rule"),
    [
        ({}, None),
        ({"role": "coordinator"}, None),
        ({"role": "manager"}, Rule.ROLE),
        ({"role": "reader"}, Rule.ROLE),
        ({"role": "facilitator"}, Rule.ROLE),
        ({"just_reads": True}, Rule.JUST_READS),
        ({"switched_off": True}, Rule.SWITCHED_OFF),
        ({"away": True}, Rule.AWAY),
        ({"here_since": date(2027, 1, 11)}, None),
        ({"here_since": date(2027, 1, 12)}, Rule.NEW),
        ({"contributed": date(2027, 1, 11)}, None),
        ({"contributed": date(2027, 1, 12)}, Rule.CONTRIBUTED),
        ({"contributed": TODAY}, Rule.CONTRIBUTED),
        ({"contributed": working_day(TODAY, -5, NO)}, Rule.CONTRIBUTED),
        # Who works two days a week has twenty of theirs.
        ({"days": frozenset({2, 3}), "contributed": date(2026, 11, 17)}, Rule.CONTRIBUTED),
        ({"days": frozenset({2, 3}), "contributed": date(2026, 11, 11)}, None),
        # A school break is nobody's working days.
        (
            {
                "calendar": Calendar("no", (Break(date(2027, 1, 25), date(2027, 1, 29)),)),
                "contributed": date(2027, 1, 6),
            },
            Rule.CONTRIBUTED,
        ),
        ({"themes": frozenset({12})}, Rule.NOTHING_OPEN),
        ({"themes": frozenset()}, Rule.NOTHING_OPEN),
        ({"organisation": 2}, Rule.NOTHING_OPEN),
        ({"about": frozenset({7})}, Rule.NOTHING_OPEN),
        ({"sent": date(2027, 1, 12)}, Rule.ASKED),
        ({"sent": date(2027, 1, 11)}, None),
        ({"asked": date(2027, 1, 26)}, Rule.ASKED),
        ({"asked": date(2027, 1, 25)}, None),
        ({"checked": TODAY - timedelta(days=182)}, Rule.RESTS),
        ({"checked": TODAY - timedelta(days=183)}, None),
        ({"days": frozenset({1, 4, 5})}, Rule.SILENT),
        ({"calendar": Calendar("no", (Break(TODAY, TODAY),))}, Rule.SILENT),
        # The first two working days after one.
        (
            {"calendar": Calendar("no", (Break(TODAY - timedelta(days=8), date(2027, 2, 5)),))},
            Rule.SILENT,
        ),
        ({"calendar": Calendar("no", seminars=frozenset({TODAY}))}, Rule.SILENT),
    ],
)
def test_which_rule_is_against_it(member: dict[str, object], rule: Rule | None) -> None:
    assert against(replace(OLA, **member), AT) == rule  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "day",
    [
        date(2027, 2, 8),  # Monday
        date(2027, 2, 12),  # Friday
        date(2027, 7, 14),  # week 28
        date(2027, 7, 7),  # week 27
        date(2027, 8, 4),  # week 31
        date(2027, 12, 22),
        date(2027, 3, 23),  # Tuesday of Holy Week
        date(2027, 3, 30),  # the day after Easter Monday
        date(2027, 5, 18),  # the day after 17 May
    ],
)
def test_nobody_is_asked_on_a_day_that_is_silent(day: date) -> None:
    assert against(OLA, replace(AT, today=day)) is Rule.SILENT


def test_who_may_have_been_at_a_seminar_is_not_quiet() -> None:
    assert against(OLA, replace(AT, met=date(2027, 1, 12))) is Rule.MET
    assert against(OLA, replace(AT, met=date(2027, 1, 11))) is None


def test_who_had_few_chances_is_not_quiet() -> None:
    two = {**CHANCES, None: CHANCES[None][1:]}
    assert against(OLA, AT) is None
    assert against(OLA, replace(AT, chances=two)) is None  # 7 and 5 of the theme, and 3.
    assert against(OLA, replace(AT, chances={11: CHANCES[11]})) is Rule.FEW_CHANCES
    # The same thread, as a prompt and of two themes, is one chance.
    again = {None: CHANCES[None], 11: CHANCES[11][1:]}
    assert against(OLA, replace(AT, chances=again)) is Rule.FEW_CHANCES
    long_ago = tuple((number, date(2027, 1, 5)) for number in range(9))
    assert against(OLA, replace(AT, chances={None: long_ago})) is Rule.FEW_CHANCES


def test_a_poll_is_for_those_whose_organisation_lacks_votes() -> None:
    at = replace(AT, topics=(POLL,))
    nothing_ticked = replace(OLA, themes=frozenset({12}))
    chances = replace(at, chances={**CHANCES, 12: CHANCES[11]})
    assert against(nothing_ticked, chances) is None
    assert against(replace(nothing_ticked, organisation=3), chances) is Rule.NOTHING_OPEN


def test_a_fifth_is_left_out_each_quarter_and_another_fifth_in_the_next() -> None:
    out = {one for one in range(10_000) if is_held_out(one, TODAY, "seed")}
    assert 1900 < len(out) < 2100
    assert out == {one for one in range(10_000) if is_held_out(one, date(2027, 3, 31), "seed")}
    later = {one for one in range(10_000) if is_held_out(one, date(2027, 4, 1), "seed")}
    assert 300 < len(out & later) < 500
    assert rules(OLA, seed=seeded(out=(1,))) == [Rule.HELD_OUT]


def test_at_most_three_are_asked_about_the_same() -> None:
    five = [replace(OLA, id=number) for number in range(1, 6)]
    found = Counter(rules(*five))
    assert found == {Rule.CHOSEN: ABOUT_ONE, Rule.ENOUGH_ASKED: 2}
    two_asked = replace(AT, topics=(replace(QUESTION, asked=2),))
    assert Counter(rules(*five, at=two_asked))[Rule.CHOSEN] == 1


def test_at_most_a_fifth_of_an_organisation_in_a_week() -> None:
    assert [may_be_asked(members) for members in (1, 4, 5, 9, 10, 500)] == [1, 1, 1, 1, 2, 100]
    three = [replace(OLA, id=number) for number in (1, 2, 3)]
    found = Counter(rules(*three, at=replace(AT, free={1: 1})))
    assert found == {Rule.CHOSEN: 1, Rule.ENOUGH_THERE: 2}
    assert Counter(rules(*three, at=replace(AT, free={}))) == {Rule.ENOUGH_THERE: 3}


def test_who_was_asked_longest_ago_comes_first() -> None:
    members = [
        replace(OLA, id=1, sent=date(2026, 12, 1)),
        replace(OLA, id=2, asked=date(2026, 12, 15)),
        replace(OLA, id=3),
    ]
    found = rules(*members, at=replace(AT, free={1: 2}))
    assert found == [Rule.CHOSEN, Rule.ENOUGH_THERE, Rule.CHOSEN]


def test_what_waits_longest_and_fewest_were_asked_about_comes_first() -> None:
    older = replace(QUESTION, thread=6, since=TODAY - timedelta(days=3))
    asked_about = replace(QUESTION, thread=4, since=TODAY - timedelta(days=9), asked=1)
    (found,) = decide([OLA], replace(AT, topics=(QUESTION, asked_about, older)), seeded(1))
    assert found == Decision(1, 1, Rule.CHOSEN, older)


def test_after_three_without_a_response_it_is_asked_whether_it_suits() -> None:
    (found,) = decide([replace(OLA, unanswered=2)], AT, seeded(1))
    assert (found.topic, found.before) == (QUESTION, 2)
    (found,) = decide([replace(OLA, unanswered=3)], AT, seeded(1))
    assert found == Decision(1, 1, Rule.CHOSEN, None, 3)


def test_it_is_the_same_under_the_same_seed_however_they_come() -> None:
    members = [replace(OLA, id=number, organisation=number % 3) for number in range(60)]
    at = replace(AT, free={0: 1, 1: 1})
    found = decide(members, at, "seed")
    for _ in range(5):
        random.shuffle(members)
        assert decide(members, at, "seed") == found
    assert [one.member for one in found] == list(range(60))
    asked = [
        {one.member for one in decide(members, at, str(seed)) if one.is_asked} for seed in range(20)
    ]
    assert len({frozenset(one) for one in asked}) > 10
