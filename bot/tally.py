"""What a network has chosen, and what may be told of it. Pure functions of values.

Each organisation counts the same, however many vote there: its one vote is shared out by the
approvals that were given in it. All is reckoned in whole numbers, so that it is exact, and neither
the order of ballots nor of organisations matters.

What is told must not let a ballot be computed back. The tests try every way in which small
networks can vote, against somebody who knows their own ballot and how many voted where, and this is
what came out of it:

- Four organisations or more voted, and there was no tie: the shares, to the nearest ten per cent.
  Few people stand behind one that is near an end, so that what comes to 10 or less is told as at
  most 15, and what comes to 40 or more as at least 35; equal ones are in no order. Where all of
  them leave little room for what they may have been, none is told. If some organisation has a
  single voter, who could reckon with little, what comes to 20 or less is told as at most 25, and
  the room is to be larger.
- As many voted, and there was a tie: the winner, that the first were equal, and which rule decided.
- Fewer organisations voted: the winner. If at least three voted in each of them, a tie and what
  decided, too; else a tie is not told to have been one.

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
Bound = Literal["most", "least"]

FEWEST = 5
"""People who have to vote before there is a result."""

ORGANISATIONS = 4
"""Those that have to vote before more is told than the winner and what decided."""

AMONG = 3
"""Voters in each of fewer organisations, before what decided is told."""

HIGHEST = 40
"""Per cent: no share is told to be more."""

_ROUNDED = 5
"""Per cent: so far may a share be from what it is rounded to."""

_EQUAL = 1000
"""The first are equal when less than one in so many parts of an organisation's vote is between."""

_NEVER = date.min


@dataclass(frozen=True, slots=True)
class Option:
    """One of those to choose from. `theme_chosen` is when its theme was last chosen, if ever.
    `created_at` is when it was suggested; nobody has suggested what is the bank's."""

    place: int
    theme_chosen: date | None
    created_at: datetime | None
    has_theme: bool = True


class Row(NamedTuple):
    """What is told of one option. Of those who share a rank, none is told to be before another.

    `share` is to the nearest ten per cent. `bound` says that it may have been less ("most"), or
    more ("least").
    """

    place: int
    rank: int | None
    share: int | None
    bound: Bound | None


class Result(NamedTuple):
    """All that is told: the winner, what decided if the first were equal, and the options in order.

    `how` is "votes" also where a tie is not told. Others without a rank stand as on the list.
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


def edge(share: int, bound: str) -> int:
    """What a share has been at most or at least, in per cent: rounding was done before."""
    return share + _ROUNDED if bound == "most" else share - _ROUNDED


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


class _Limits(NamedTuple):
    """Per cent: no share is told to be less than `lowest`, and none is told unless the least that
    all of them may have been is at most so much together, and the most at least so much."""

    lowest: int
    least: int
    most: int


_ALL_SEVERAL, _SOME_SINGLE = _Limits(10, 90, 100), _Limits(20, 70, 110)


def tell(options: Sequence[Option], sums: Sums, voters: Sequence[int]) -> Result:
    """What may be told, with so many voters in each organisation that voted."""
    first, how = _first(options, sums)
    others = sorted((o for o in options if o is not first), key=lambda option: option.place)
    alone = Result(first.place, "votes", _in_no_order(first, others))
    if how != "votes":
        is_safe = len(voters) >= ORGANISATIONS or min(voters) >= AMONG
        return alone._replace(how=how) if is_safe else alone
    if len(voters) < ORGANISATIONS:
        return alone
    single = min(voters) == 1
    limits = _SOME_SINGLE if single else _ALL_SEVERAL
    shares = _shares(sums, len(voters), limits)
    if _leave_room(shares.values(), limits):
        return alone._replace(rows=_by_share(first, others, shares, limits))
    return alone


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
    if all(option.has_theme for option in left):
        longest = min(option.theme_chosen or _NEVER for option in left)
        left = [option for option in left if (option.theme_chosen or _NEVER) == longest]
        if len(left) == 1:
            return left[0], "theme"
    return min(left, key=_age), "earliest"


def _age(option: Option) -> tuple[bool, float, int]:
    """What nobody has suggested comes last."""
    at = option.created_at
    return at is None, 0 if at is None else at.timestamp(), option.place


def _in_no_order(first: Option, others: Sequence[Option]) -> tuple[Row, ...]:
    rest = (Row(option.place, None, None, None) for option in others)
    return Row(first.place, 1, None, None), *rest


def _by_share(
    first: Option, others: Sequence[Option], shares: Mapping[int, int], limits: _Limits
) -> tuple[Row, ...]:
    """The winner, then the others; equal shares have one rank."""
    highest = shares[first.place]
    rows = [Row(first.place, 1, highest, _bound(highest, limits))]
    for option in sorted(others, key=lambda option: -shares[option.place]):
        share = shares[option.place]
        rank = 2 + sum(shares[other.place] > share for other in others)
        rows.append(Row(option.place, rank, share, _bound(share, limits)))
    return tuple(rows)


def _bound(share: int, limits: _Limits) -> Bound | None:
    if share <= limits.lowest:
        return "most"
    return "least" if share >= HIGHEST else None


def _shares(sums: Sums, organisations: int, limits: _Limits) -> dict[int, int]:
    every = sums.whole * organisations
    tens = {place: (20 * score + every) // (2 * every) for place, score in sums.scores.items()}
    return {place: min(max(10 * ten, limits.lowest), HIGHEST) for place, ten in tens.items()}


def _leave_room(shares: Collection[int], limits: _Limits) -> bool:
    least = sum(share - _ROUNDED for share in shares if share > limits.lowest)
    most = sum(share + _ROUNDED if share < HIGHEST else 100 for share in shares)
    return least <= limits.least and most >= limits.most
