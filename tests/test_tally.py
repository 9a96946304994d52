"""What the network chose: the rules, in the words of those who vote, and that no ballot shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tally import Option, Result, Row, Sums, add_up, count, tell, too_few
from tests.everyone import leaks

ALTA, BODO, AARHUS, RANDERS = 1, 2, 3, 4
A, B, C, D = 1, 2, 3, 4

Ballots = Mapping[int, Sequence[Collection[int]]]

NOON = datetime(2027, 1, 4, 11, tzinfo=UTC)
JANUARY, MARCH = date(2027, 1, 6), date(2027, 3, 3)


def options(*themes: date | None) -> list[Option]:
    """Suggestions, the earliest first, by when their themes were chosen last."""
    return [Option(n, theme, NOON + timedelta(hours=n)) for n, theme in enumerate(themes, 1)]


THREE = options(None, None, None)
FOUR = options(None, None, None, None)


def scores(among: Sequence[Option], votes: Ballots) -> dict[int, Fraction]:
    sums = add_up(among, list(votes.values()))
    return {place: Fraction(score, sums.whole) for place, score in sums.scores.items()}


# ---- the rules


def test_a_score_is_the_parts_of_the_approvals_in_each_organisation() -> None:
    votes: Ballots = {ALTA: [{A, B, C}, {A}], BODO: [{B}]}
    assert scores(THREE, votes) == {A: Fraction(1, 2), B: Fraction(5, 4), C: Fraction(1, 4)}


def test_an_organisation_with_one_voter_counts_fully() -> None:
    votes: Ballots = {ALTA: [{A}], BODO: [{B}, {B}, {B}], AARHUS: [{A, B}], RANDERS: [{A, C}]}
    assert scores(THREE, votes) == {A: 2, B: Fraction(3, 2), C: Fraction(1, 2)}
    assert count(THREE, votes).winner == A


def test_an_organisation_with_forty_voters_does_not_decide_everything() -> None:
    votes: Ballots = {ALTA: [{A}] * 40, BODO: [{B}], AARHUS: [{B}], RANDERS: [{C}]}
    assert count(THREE, votes).winner == B


def test_whoever_has_a_ballot_and_did_not_vote_counts_nowhere() -> None:
    voted: Ballots = {ALTA: [{A}] * 3, BODO: [{A, B}] * 3, AARHUS: [{B}] * 3, RANDERS: [{A}] * 4}
    unused: Ballots = {**voted, ALTA: [{A}, set(), {A}, {A}], 5: [set()], 6: []}
    assert count(THREE, unused) == count(THREE, voted)


ONE_EACH: Ballots = {ALTA: [{A}], BODO: [{B}], AARHUS: [{A, B}], RANDERS: [{C}]}
WIDER: Ballots = {ALTA: [{A}], BODO: [{B, C}], AARHUS: [{B, D}], RANDERS: [{A, B}]}


@pytest.mark.parametrize(
    ("among", "votes", "winner", "how"),
    [
        # One and a half votes each, A from two organisations and B from three.
        (options(None, MARCH, None, None), WIDER, B, "organisations"),
        # From as many: the theme that was chosen longest ago, and never is longest.
        (options(MARCH, JANUARY, None), ONE_EACH, B, "theme"),
        (options(MARCH, None, None), ONE_EACH, B, "theme"),
        (options(None, JANUARY, None), ONE_EACH, A, "theme"),
        # Themes that were chosen as long ago, or the same: the suggestion that was made first.
        (options(MARCH, MARCH, None), ONE_EACH, A, "earliest"),
        (list(reversed(THREE)), ONE_EACH, A, "earliest"),
        ([Option(place, None, NOON) for place in (C, B, A)], ONE_EACH, A, "earliest"),
    ],
)
def test_a_tie_is_settled_by_one_rule_after_the_other(
    among: list[Option], votes: Ballots, winner: int, how: str
) -> None:
    result = count(among, votes)
    assert (result.winner, result.how) == (winner, how)


@pytest.mark.parametrize(
    ("between", "how"),
    [((1000, 1000), "earliest"), ((1001, 1000), "earliest"), ((1000, 999), "votes")],
)
def test_less_than_a_thousandth_of_a_vote_is_no_difference(
    between: tuple[int, int], how: str
) -> None:
    first, second = between
    sums = Sums({A: second, B: first}, {A: 2, B: 2}, whole=first)
    result = tell(THREE[:2], sums, [1, 1, 1, 2])
    assert (result.winner, result.how) == (A if how == "earliest" else B, how)


@pytest.mark.parametrize(
    ("organisations", "voted", "voters", "few"),
    [
        (4, 2, 5, False),
        (4, 1, 40, True),
        (5, 2, 40, True),
        (5, 3, 5, False),
        (4, 4, 4, True),
        (0, 0, 0, True),
    ],
)
def test_when_too_few_have_voted(organisations: int, voted: int, voters: int, few: bool) -> None:
    assert too_few(organisations, voted, voters) is few


# ---- what is told


def told(votes: Ballots) -> list[tuple[int, int | None, int | None]]:
    return [(row.place, row.rank, row.share) for row in count(FOUR, votes).rows]


def test_three_voters_in_each_of_four_organisations_are_told_of_in_shares() -> None:
    votes: Ballots = {
        ALTA: [{A}, {A}, {A}],
        BODO: [{A, B}, {A, B}, {B}],
        AARHUS: [{B, C}, {B}, {A}],
        RANDERS: [{A}, {C}, {B}],
    }
    # 49, 36, 15 and 0 per cent.
    assert told(votes) == [(A, 1, 40), (B, 2, 40), (C, 3, 10), (D, 4, 10)]


def test_with_fewer_voters_somewhere_there_is_the_order_and_no_shares() -> None:
    votes: Ballots = {ALTA: [{A}] * 3, BODO: [{B, A}] * 3, AARHUS: [{C, A}] * 3, RANDERS: [{C, D}]}
    assert told(votes) == [(A, 1, None), (C, 2, None), (B, 3, None), (D, 4, None)]


@pytest.mark.parametrize("each", [1, 3])
def test_after_a_tie_the_others_have_no_order(each: int) -> None:
    votes = {one: [*given] * each for one, given in WIDER.items()}
    assert told(votes) == [(B, 1, None), (A, None, None), (C, None, None), (D, None, None)]


def test_of_three_organisations_only_the_winner_is_told() -> None:
    votes: Ballots = {ALTA: [{B}] * 9, BODO: [{A}] * 9, AARHUS: [{A, B}] * 9}
    result = count(FOUR, votes)
    assert (result.winner, result.how) == (A, "votes")
    assert told(votes) == [(A, 1, None), (B, None, None), (C, None, None), (D, None, None)]


# ---- for any votes

GIVEN = st.sets(st.integers(1, 5), min_size=1, max_size=3)
VOTES = st.dictionaries(
    st.integers(1, 9), st.lists(GIVEN, min_size=1, max_size=6), min_size=1, max_size=6
)
OPTIONS = st.lists(st.sampled_from([None, JANUARY, MARCH]), min_size=5, max_size=5).map(
    lambda themes: options(*themes)
)


@given(VOTES)
def test_every_organisation_gives_one_vote(votes: Ballots) -> None:
    assert sum(scores(options(*[None] * 5), votes).values()) == len(votes)


@given(OPTIONS, VOTES, st.data())
def test_no_order_makes_a_difference(
    among: list[Option], votes: Ballots, data: st.DataObject
) -> None:
    organisations = data.draw(st.permutations(list(votes)))
    shuffled = {one: data.draw(st.permutations(votes[one])) for one in organisations}
    assert count(data.draw(st.permutations(among)), shuffled) == count(among, votes)


@given(VOTES, st.integers(2, 7))
def test_how_many_vote_in_an_organisation_makes_no_difference(votes: Ballots, times: int) -> None:
    one = min(votes)
    more = {**votes, one: [*votes[one]] * times}
    among = options(*[None] * 5)
    assert scores(among, more) == scores(among, votes)


@given(OPTIONS, VOTES)
def test_the_winner_is_nowhere_below_another(among: list[Option], votes: Ballots) -> None:
    result = count(among, votes)
    points = scores(among, votes)
    assert max(points.values()) - points[result.winner] < Fraction(1, 1000)
    assert result.rows[0].place == result.winner
    assert sorted(row.place for row in result.rows) == [1, 2, 3, 4, 5]
    ranks = [row.rank for row in result.rows]
    assert ranks in ([1, 2, 3, 4, 5], [1, None, None, None, None])
    shares = [row.share for row in result.rows]
    assert shares == sorted(shares, key=lambda share: -(share or 0))
    assert set(shares) <= {None} or set(shares) <= {10, 20, 30, 40}


# ---- no ballot shows: every way in which so few can vote

NEVER_TWICE = options(None, None, JANUARY)
"""A tie among the first two is settled in another way than one with the third: so, what decided
tells most."""

NEVER_ONCE = options(None, JANUARY, JANUARY)


def small(organisations: int) -> list[tuple[int, ...]]:
    """How five to eight voters can be spread over so many organisations."""
    sizes = combinations_with_replacement(range(1, 8), organisations)
    return [some for some in sizes if 5 <= sum(some) <= 8]


@pytest.mark.parametrize("voters", small(4), ids=str)
def test_no_ballot_shows_where_four_organisations_have_voted(voters: tuple[int, ...]) -> None:
    told, known = leaks(NEVER_TWICE, voters)
    assert known == []
    # It is not told by telling nothing: three winners in two orders each, and what else decided.
    assert len(told) > 6
    if sum(voters) < 8:
        assert leaks(NEVER_ONCE, voters)[1] == []


@pytest.mark.parametrize("voters", [(1, 1, 1, 2), (1, 1, 1, 3)], ids=str)
def test_no_ballot_shows_among_four_suggestions(voters: tuple[int, ...]) -> None:
    assert leaks(options(None, None, JANUARY, MARCH), voters)[1] == []


@pytest.mark.parametrize("voters", [(1, 1, 1, 1, 1), (1, 1, 1, 1, 2), (1, 1, 1, 1, 1, 1)], ids=str)
def test_no_ballot_shows_where_more_organisations_have_voted(voters: tuple[int, ...]) -> None:
    assert leaks(NEVER_TWICE, voters)[1] == []


def test_no_ballot_shows_where_shares_are_told() -> None:
    """Four suggestions would be 85 million ways to vote. They were tried once, in another language:
    no ballot shows, and some would if shares went up to 50, or with shares after a tie."""
    told, known = leaks(NEVER_TWICE, (3, 3, 3, 3))
    assert known == []
    assert {row.share for result in told for row in result.rows} == {None, 10, 20, 30, 40}


@pytest.mark.parametrize("voters", [sizes for n in (1, 2, 3) for sizes in small(n)], ids=str)
def test_no_ballot_shows_where_fewer_have_voted_but_what_the_winner_alone_tells(
    voters: tuple[int, ...],
) -> None:
    told, known = leaks(NEVER_TWICE, voters)
    assert {row.rank for result in told for row in result.rows[1:]} == {None}
    if len(voters) == 2 and 1 in voters:
        # One voter stands against one other organisation: whoever is outvoted knows by whom. No
        # way of telling who won can hide it.
        assert known
        assert {leak.known for leak in known} == {frozenset({leak.told.winner}) for leak in known}
        assert all(leak.own and leak.told.winner not in leak.own for leak in known)
    else:
        assert known == []


def test_looking_for_what_shows_finds_it() -> None:
    """The tests above would say so if there were something."""

    def shares(options: Sequence[Option], sums: Sums, voters: Sequence[int]) -> Result:
        return tell(options, sums, [3] * len(voters))

    def everything(options: Sequence[Option], sums: Sums, voters: Sequence[int]) -> Result:
        return Result(
            0, "votes", tuple(Row(place, None, score) for place, score in sums.scores.items())
        )

    assert leaks(NEVER_TWICE, (1, 1, 1, 2), shares)[1]
    assert {leak.own is None for leak in leaks(NEVER_TWICE, (1, 1, 1, 2), everything)[1]} == {
        True,
        False,
    }
