"""Which prompt a week gets (DOMAIN 4): what comes first, what fits when, and what never repeats."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import bank
from bot.bank import COMPETENCE, INSPIRATION, MODEL
from bot.calendar import Calendar
from bot.choosing import FIRST, Asked, Seminar, choose
from bot.windows import prompt_week

NORTH = (Calendar("no"), Calendar("dk"))
A_WEEK = timedelta(days=7)


def weeks(first: date, years: int) -> Iterator[date]:
    """The Mondays of the weeks in which a prompt is possible."""
    for number in range(53 * years):
        week = first + number * A_WEEK
        if prompt_week(week, NORTH).days:
            yield week


def asked_over(first: date, years: int, own: frozenset[int] = frozenset()) -> list[Asked]:
    """What is asked from this Monday on; in some weeks it is a prompt of the network's own."""
    asked: list[Asked] = []
    for number, week in enumerate(weeks(first, years)):
        chosen = choose(week, asked)
        if number in own:
            asked.append(Asked(None, MODEL, week))
        elif chosen is not None:
            asked.append(Asked(chosen.key, chosen.theme, week))
    return asked


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


mondays = st.dates(date(2026, 1, 1), date(2029, 12, 31)).map(_monday)


def test_the_first_ten_weeks_ask_what_is_easiest_to_answer() -> None:
    asked = asked_over(date(2027, 1, 25), 1)
    assert tuple(one.key for one in asked[:10]) == FIRST


@settings(max_examples=10, deadline=None)
@given(mondays)
def test_nothing_is_asked_again_within_twelve_months(first: date) -> None:
    last: dict[str | None, date] = {}
    for one in asked_over(first, 3):
        if one.key in last:
            assert one.week - last[one.key] >= timedelta(days=365)
        last[one.key] = one.week


@settings(max_examples=10, deadline=None)
@given(mondays, st.frozensets(st.integers(10, 90), max_size=12))
def test_no_theme_comes_twice_running_after_the_first_ten(first: date, own: frozenset[int]) -> None:
    asked = asked_over(first, 2, own)[9:]
    assert all(a.theme != b.theme for a, b in pairwise(asked) if b.key is not None)


@settings(max_examples=10, deadline=None)
@given(mondays)
def test_any_twelve_have_three_on_the_model_and_two_on_competence_and_inspiration(
    first: date,
) -> None:
    asked = asked_over(first, 4)
    for start in range(len(asked) - 11):
        themes = [one.theme for one in asked[start : start + 12]]
        assert themes.count(MODEL) >= 3
        assert themes.count(COMPETENCE) >= 2
        assert themes.count(INSPIRATION) >= 2


@settings(max_examples=10, deadline=None)
@given(mondays)
def test_what_belongs_to_a_season_is_asked_in_it(first: date) -> None:
    for one in asked_over(first, 2)[10:]:
        number = one.week.isocalendar().week
        if one.key == "A09":
            assert 35 <= number <= 43
        if one.key == "A12":
            assert 38 <= number <= 47
        if one.key == "C04":
            assert 24 <= number <= 26 or 49 <= number <= 51


@settings(max_examples=10, deadline=None)
@given(mondays)
def test_all_that_is_in_season_comes_within_two_years(first: date) -> None:
    """Nothing in the bank is forgotten, though not all of it fits into one year."""
    ordinary = {key for key, one in bank.prompts().items() if not one.when.startswith("seminar")}
    assert {one.key for one in asked_over(first, 2)} == ordinary


@settings(max_examples=10, deadline=None)
@given(mondays)
def test_what_did_not_work_is_asked_only_once_there_is_trust(first: date) -> None:
    asked = [one.key for one in asked_over(first, 1)]
    assert "C11" not in asked[:6]


def test_a_year_has_more_weeks_than_the_bank_has_prompts_and_then_there_is_none() -> None:
    asked = asked_over(date(2027, 1, 25), 1)
    assert len(asked) == 41
    assert choose(asked[-1].week + A_WEEK, asked) is None


@pytest.mark.parametrize(
    ("after", "key"),
    [(-5, "G08"), (-3, "G07"), (1, "G01"), (2, "G02"), (3, "G03"), (6, "G10"), (8, "G06")],
)
def test_around_a_seminar_its_own_series_takes_over(after: int, key: str) -> None:
    seminar = Seminar(date(2027, 5, 12), "frigjort tid")
    week = _monday(seminar.begins) + after * A_WEEK
    found = choose(week, [], [seminar])
    assert found is not None
    assert found.key == key


def test_the_week_of_the_seminar_and_those_between_are_ordinary() -> None:
    seminar = Seminar(date(2027, 5, 12), "frigjort tid")
    for after in (-6, -4, 0, 4, 9):
        found = choose(_monday(seminar.begins) + after * A_WEEK, [], [seminar])
        assert found is not None
        assert found.key == FIRST[0]


def test_without_a_problem_the_prompt_that_names_it_is_left_out() -> None:
    seminar = Seminar(date(2027, 5, 12))
    found = choose(_monday(seminar.begins) + 6 * A_WEEK, [], [seminar])
    assert found is not None
    assert found.key == FIRST[0]


def test_the_bank_ships_with_fifty_two_prompts_in_three_languages() -> None:
    prompts = bank.prompts()
    assert len(prompts) == 52
    assert all(set(one.words) == {"nb", "da", "en"} for one in prompts.values())
    assert max(len(words) for one in prompts.values() for words in one.words.values()) <= 150
    assert [key for key, one in prompts.items() if bank.PROBLEM in one.words["nb"]] == ["G10"]
    assert set(FIRST) <= set(prompts)


def test_what_is_not_wanted_is_passed_over() -> None:
    found = choose(date(2027, 1, 25), [], without={"C02"})
    assert found is not None
    assert found.key == "A13"
