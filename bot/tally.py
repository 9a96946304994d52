"""What a network has chosen, and what may be told of it. Pure functions of values.

Each organisation counts the same, however many vote there: its one vote is shared out by the
approvals that were given in it. All is reckoned in whole numbers, so that it is exact, and neither
the order of ballots nor of organisations matters.

What is told must not let a ballot be computed back. The tests try every way in which small
networks can vote, against somebody who knows their own ballot and how many voted where, and this is
what came out of it:

- Fewer than four organisations voted: the winner alone, and not that there was a tie.
- Four or more: the winner, and which rule decided if the first were equal; else the whole order.
- Each of them with three voters or more, and no tie: the shares, too, to the nearest ten per cent
  and neither under 10 nor over 40, for it is near the ends that they speak of single people.

What is left is what no way of telling can hide, for the winner is told. If a single voter stands
against one other organisation and is outvoted there, everybody in it chose the winner and nothing
else. That somebody approves of the winner, whatever else they chose, shows sooner than that. And
voters who tell each other what they chose know more of those who do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import lcm
from typing import Literal, NamedTuple

How = Literal["votes", "organisations", "theme", "earliest"]

FEWEST = 5
"""People who have to vote before there is a result."""

ORGANISATIONS = 4
VOTERS_IN_EACH = 3
"""What it takes to tell more than the winner, and to tell shares."""

_EQUAL = 1000
"""The first are equal when less than one in so many parts of an organisation's vote is between."""

_NEVER = date.min


@dataclass(frozen=True, slots=True)
class Option:
    """One of those to choose from. `theme_chosen` is when its theme was last chosen, if ever."""

    place: int
    theme_chosen: date | None
    created_at: datetime


class Row(NamedTuple):
    """What is told of one option. A share of 10 per cent means at most that, and 40 at least."""

    place: int
    rank: int | None
    share: int | None


LOWEST, HIGHEST = 10, 40


class Result(NamedTuple):
    """All that is told: the winner, what decided if the first were equal, and the options in order.

    Others without a rank stand in the order of the list.
    """

    winner: int
    how: How
    rows: tuple[Row, ...]


class Sums(NamedTuple):
    """What every option got, by place. Never told: the parts of a vote (`whole` is one vote), and
    the organisations in which somebody approves of it."""

    scores: Mapping[int, int]
    support: Mapping[int, int]
    whole: int


def too_few(organisations: int, voted: int, voters: int) -> bool:
    """Whether fewer than half of the organisations that could have voted, or than five people."""
    return 2 * voted < organisations or voters < FEWEST


def count(options: Sequence[Option], ballots: Mapping[int, Sequence[Collection[int]]]) -> Result:
    """The result, from every organisation's ballots; a ballot is the places that it approves of."""
    votes = {one: [ballot for ballot in given if ballot] for one, given in ballots.items()}
    voted = [given for given in votes.values() if given]
    return tell(options, add_up(options, voted), [len(given) for given in voted])


def add_up(options: Sequence[Option], voted: Sequence[Sequence[Collection[int]]]) -> Sums:
    """What every option got from the organisations that voted."""
    approvals = [Counter(place for ballot in given for place in ballot) for given in voted]
    whole = lcm(*(given.total() for given in approvals))
    return Sums(
        {o.place: sum(a[o.place] * (whole // a.total()) for a in approvals) for o in options},
        {o.place: sum(o.place in a for a in approvals) for o in options},
        whole,
    )


def tell(options: Sequence[Option], sums: Sums, voters: Sequence[int]) -> Result:
    """What may be told, with so many voters in each organisation that voted."""
    first, how = _first(options, sums)
    several = len(voters) >= ORGANISATIONS
    ranked = several and how == "votes"
    others = [option for option in options if option is not first]
    others.sort(
        key=(lambda option: _order(option, sums)) if ranked else lambda option: option.place
    )
    shares = _shares(sums, len(voters)) if ranked and min(voters) >= VOTERS_IN_EACH else {}
    rows = [
        Row(option.place, rank if ranked or option is first else None, shares.get(option.place))
        for rank, option in enumerate([first, *others], 1)
    ]
    return Result(first.place, how if several else "votes", tuple(rows))


def _first(options: Sequence[Option], sums: Sums) -> tuple[Option, How]:
    """The winner, and the rule that decided."""
    top = max(sums.scores[option.place] for option in options)
    left = [o for o in options if (top - sums.scores[o.place]) * _EQUAL < sums.whole]
    if len(left) == 1:
        return left[0], "votes"
    widest = max(sums.support[option.place] for option in left)
    left = [option for option in left if sums.support[option.place] == widest]
    if len(left) == 1:
        return left[0], "organisations"
    longest = min(option.theme_chosen or _NEVER for option in left)
    left = [option for option in left if (option.theme_chosen or _NEVER) == longest]
    if len(left) == 1:
        return left[0], "theme"
    return min(left, key=lambda option: (option.created_at, option.place)), "earliest"


def _order(option: Option, sums: Sums) -> tuple[int, int, date, datetime, int]:
    """Those after the first, by the same rules."""
    return (
        -sums.scores[option.place],
        -sums.support[option.place],
        option.theme_chosen or _NEVER,
        option.created_at,
        option.place,
    )


def _shares(sums: Sums, organisations: int) -> dict[int, int]:
    all_votes = sums.whole * organisations
    tens = {
        place: (20 * score + all_votes) // (2 * all_votes) for place, score in sums.scores.items()
    }
    return {place: min(max(10 * ten, LOWEST), HIGHEST) for place, ten in tens.items()}
