"""What the network chose: the rules, in the words of those who vote, and that no ballot shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tally import Option, Result, Row, Sums, add_up, count, edge, tell, too_few
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


def twice(votes: Ballots) -> Ballots:
    """The same, from two of each."""
    return {one: [*given, *given] for one, given in votes.items()}


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
        # Where one of them has no theme, themes decide nothing; what is the bank's comes last.
        ([Option(A, None, None), Option(B, JANUARY, NOON), *THREE[2:]], ONE_EACH, A, "theme"),
        (
            [Option(A, None, NOON, False), *options(None, JANUARY, None)[1:]],
            ONE_EACH,
            A,
            "earliest",
        ),
        ([Option(A, None, None), *THREE[1:]], ONE_EACH, B, "earliest"),
    ],
)
def test_a_tie_is_settled_by_one_rule_after_the_other(
    among: list[Option], votes: Ballots, winner: int, how: str
) -> None:
    result = count(among, twice(votes))
    assert (result.winner, result.how) == (winner, how)
    assert count(among, votes).winner == winner


@pytest.mark.parametrize(
    ("between", "how"),
    [((1000, 1000), "earliest"), ((1001, 1000), "earliest"), ((1000, 999), "votes")],
)
def test_less_than_a_thousandth_of_a_vote_is_no_difference(
    between: tuple[int, int], how: str
) -> None:
    first, second = between
    sums = Sums({A: second, B: first}, {A: 2, B: 2}, whole=first)
    result = tell(THREE[:2], sums, [2, 2, 2, 2])
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

Told = list[tuple[int, int | None, int | None, str | None]]


def told(votes: Ballots) -> Told:
    return [(row.place, row.rank, row.share, row.bound) for row in count(FOUR, votes).rows]


def only(winner: int) -> Told:
    others = [(place, None, None, None) for place in (A, B, C, D) if place != winner]
    return [(winner, 1, None, None), *others]


def test_of_four_organisations_rounded_shares_are_told() -> None:
    votes: Ballots = {
        ALTA: [{A}, {A}, {A}],
        BODO: [{A, B}, {B}],
        AARHUS: [{B, C}, {C}, {A}],
        RANDERS: [{A, C}, {A}, {C, D}, {D}],
    }
    # 48, 23, 21 and 8 per cent.
    assert told(votes) == [
        (A, 1, 40, "least"),
        (B, 2, 20, None),
        (C, 2, 20, None),
        (D, 4, 10, "most"),
    ]


def test_where_somebody_is_the_only_voter_shares_are_rougher() -> None:
    votes: Ballots = {ALTA: [{A}], BODO: [{A, C}] * 2, AARHUS: [{B, A}] * 2, RANDERS: [{D}] * 2}
    # 50, 25, 13 and 13 per cent.
    assert told(votes) == [
        (A, 1, 40, "least"),
        (D, 2, 30, None),
        (B, 3, 20, "most"),
        (C, 3, 20, "most"),
    ]


@pytest.mark.parametrize(
    ("percent", "several", "single"),
    [
        # At least 35 + 35 + 25 of 100: so near that it is nearly told what they are.
        ((37, 36, 27), None, None),
        # At least 35 + 25 + 25: near enough for whoever is the only voter somewhere.
        ((41, 33, 26), (40, 30, 30), None),
        # At most 35 + 35 + 35.
        ((34, 33, 33), (30, 30, 30), None),
        ((41, 38, 21), (40, 40, 20), (40, 40, 20)),
        ((60, 30, 10), (40, 30, 10), (40, 30, 20)),
    ],
)
def test_shares_that_leave_little_room_are_not_told(
    percent: tuple[int, ...], several: tuple[int, ...] | None, single: tuple[int, ...] | None
) -> None:
    sums = Sums(dict(zip((A, B, C), percent, strict=True)), {A: 4, B: 4, C: 4}, whole=25)
    for voters, shares in (([2, 2, 2, 2], several), ([1, 3, 3, 3], single)):
        result = tell(THREE, sums, voters)
        assert result.winner == A
        assert tuple(row.share for row in result.rows) == (shares or (None, None, None))


@pytest.mark.parametrize(
    ("votes", "how"),
    [
        (twice(WIDER), "organisations"),
        (WIDER, "organisations"),  # A single voter in each of four can reckon no ballot from it.
        ({ALTA: [{A}, {A}, {A, C}], BODO: [{B}, {B}, {B, C}]}, "earliest"),
        ({ALTA: [{A}, {A}, {A}], BODO: [{B}, {B}]}, "votes"),
        ({ALTA: [{A}], BODO: [{B}], AARHUS: [{C}] * 3}, "votes"),
    ],
)
def test_a_tie_is_named_where_no_ballot_can_be_told_from_it(votes: Ballots, how: str) -> None:
    result = count(FOUR, votes)
    assert result.how == how
    assert told(votes) == only(result.winner)


def test_of_three_organisations_the_winner_alone_is_told() -> None:
    votes: Ballots = {ALTA: [{B}] * 9, BODO: [{A}] * 9, AARHUS: [{A, C}] * 9}
    assert count(FOUR, votes).how == "votes"
    assert told(votes) == only(A)


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
    shares = [row.share for row in result.rows]
    assert shares == sorted(shares, key=lambda share: -(share or 0))
    assert set(shares) <= {None} or set(shares) <= {10, 20, 30, 40}
    ranks = [row.rank for row in result.rows]
    assert ranks[0] == 1
    assert ranks[1:] == [None] * 4 or ranks[1:] == sorted(ranks[1:], key=lambda rank: rank or 0)


@given(OPTIONS, VOTES)
def test_what_is_told_of_a_share_is_true(among: list[Option], votes: Ballots) -> None:
    """But for the less than a thousandth of a vote that the winner may be below another."""
    points = scores(among, votes)
    for row in count(among, votes).rows:
        if row.share is None:
            continue
        percent = 100 * points[row.place] / len(votes)
        if row.bound == "most":
            assert percent <= edge(row.share, "most")
        elif row.bound == "least":
            assert percent + Fraction(1, 10) >= edge(row.share, "least")
        else:
            assert abs(percent - row.share) <= 5 + Fraction(1, 10)


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
    # And not because nothing would be told.
    assert {row.share for result in told for row in result.rows} >= {20, 30, 40}
    assert {result.how for result in told} > {"votes"}
    if sum(voters) < 7:
        assert leaks(NEVER_ONCE, voters)[1] == []


@pytest.mark.parametrize(
    ("voters", "among"),
    [
        ((2, 2, 2, 3), NEVER_TWICE),
        ((1, 1, 1, 1, 1), NEVER_TWICE),
        ((1, 1, 1, 2, 2), NEVER_TWICE),
        ((1, 1, 1, 2), options(None, None, JANUARY, MARCH)),
    ],
    ids=str,
)
def test_no_ballot_shows_where_there_are_more(voters: tuple[int, ...], among: list[Option]) -> None:
    """More still takes minutes, and was tried once in another language: up to thirteen voters in
    four to six organisations, and up to five suggestions."""
    assert leaks(among, voters)[1] == []


@pytest.mark.parametrize("voters", [sizes for n in (1, 2, 3) for sizes in small(n)], ids=str)
def test_no_ballot_shows_where_fewer_have_voted_but_what_the_winner_alone_tells(
    voters: tuple[int, ...],
) -> None:
    told, known = leaks(NEVER_TWICE, voters)
    assert {row.rank for result in told for row in result.rows[1:]} == {None}
    assert ({result.how for result in told} > {"votes"}) == (min(voters) >= 3)
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

    def as_to_others(options: Sequence[Option], sums: Sums, voters: Sequence[int]) -> Result:
        return tell(options, sums, [2] * len(voters))

    def everything(options: Sequence[Option], sums: Sums, voters: Sequence[int]) -> Result:
        rows = (Row(place, None, score, None) for place, score in sums.scores.items())
        return Result(0, "votes", tuple(rows))

    assert leaks(NEVER_TWICE, (1, 1, 1, 2), as_to_others)[1]
    known = leaks(NEVER_TWICE, (1, 1, 1, 2), everything)[1]
    assert {leak.own is None for leak in known} == {True, False}
