"""Every way in which a small network can vote, and what somebody can work out from what is told.

Ballots are numbers in a list, sets of them are bits, and the sums of a whole network are one large
number, so that hundreds of thousands of ways to vote take some seconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import (
    chain,
    combinations,
    combinations_with_replacement,
    groupby,
    permutations,
    product,
)
from math import lcm
from typing import NamedTuple

from bot.tally import Option, Result, Sums, add_up, tell

Ballot = frozenset[int]
Teller = Callable[[Sequence[Option], Sums, Sequence[int]], Result]

_WHOLE = lcm(*range(1, 25))
"""Every number of approvals that eight voters can give divides it."""

_BITS = 40
"""Those of each number among the sums."""


@dataclass(frozen=True, slots=True)
class Leak:
    """After `told`, whoever gave the ballot `own` (None: an outsider) knows another's whole."""

    told: Result
    own: Ballot | None
    known: Ballot


class _Vote(NamedTuple):
    """What an organisation's ballots come to, and which may be behind it.

    The last two have a field for every ballot: whether somebody may have given it, and what each
    colleague may then have given.
    """

    sums: int
    seen: int
    own: int
    colleagues: int


class _Known:
    """Which ballots there may be, by organisation: to an outsider; and in a field for each ballot
    of their own, to a colleague and to a voter in another organisation."""

    def __init__(self, organisations: int) -> None:
        self.outsider = [0] * organisations
        self.colleague = [0] * organisations
        self.voter = [[0] * organisations for _ in range(organisations)]


@cache
def ballots(options: int) -> tuple[Ballot, ...]:
    """All ballots: one to three approvals."""
    places = range(1, options + 1)
    return tuple(frozenset(some) for n in (1, 2, 3) for some in combinations(places, n))


def leaks(
    options: Sequence[Option], voters: Sequence[int], teller: Teller = tell
) -> tuple[set[Result], list[Leak]]:
    """Everything that can be told when so many vote in each organisation, and what it gives away.

    It is looked at by an outsider and by every voter, who know how many voted where.
    """
    voters = sorted(voters)
    # Organisations of one size are alike: what is known of them stands with the first of them.
    first = [voters.index(size) for size in voters]
    pairs = list(permutations(enumerate(first), 2))
    known: dict[Result, _Known] = {}
    after: dict[int, _Known] = {}
    for votes in _networks(options, voters):
        sums = sum(vote.sums for vote in votes)
        if sums not in after:
            told = teller(options, _unpacked(sums, options), voters)
            after[sums] = known.get(told) or known.setdefault(told, _Known(len(voters)))
        sets = after[sums]
        for number, vote in zip(first, votes, strict=True):
            sets.outsider[number] |= vote.seen
            sets.colleague[number] |= vote.colleagues
        for (one, mine), (other, theirs) in pairs:
            sets.voter[mine][theirs] |= votes[one].own * votes[other].seen
    every = ballots(len(options))
    return set(known), [leak for told in known for leak in _leaks(told, known[told], every)]


def _leaks(told: Result, known: _Known, every: Sequence[Ballot]) -> Iterator[Leak]:
    for possible in known.outsider:
        if possible.bit_count() == 1:
            yield Leak(told, None, every[possible.bit_length() - 1])
    width = len(every)
    for fields in chain(known.colleague, *known.voter):
        for number, own in enumerate(every):
            possible = fields >> (number * width) & ((1 << width) - 1)
            if possible.bit_count() == 1:
                yield Leak(told, own, every[possible.bit_length() - 1])


def _networks(options: Sequence[Option], voters: Sequence[int]) -> Iterator[tuple[_Vote, ...]]:
    """Every way to vote, but for the order of organisations that are alike."""
    alike = [(size, len(list(some))) for size, some in groupby(voters)]
    choices = [combinations_with_replacement(_votes(options, n), k) for n, k in alike]
    return (tuple(chain.from_iterable(groups)) for groups in product(*choices))


def _votes(options: Sequence[Option], voters: int) -> list[_Vote]:
    """All that so many voters of one organisation can say together."""
    every = ballots(len(options))
    width = len(every)
    seen: dict[int, int] = defaultdict(int)
    own: dict[int, int] = defaultdict(int)
    colleagues: dict[int, int] = defaultdict(int)
    for given in combinations_with_replacement(range(width), voters):
        sums = _packed(add_up(options, [[every[ballot] for ballot in given]]), options)
        for place, ballot in enumerate(given):
            seen[sums] |= 1 << ballot
            own[sums] |= 1 << (ballot * width)
            for other in given[:place] + given[place + 1 :]:
                colleagues[sums] |= 1 << (ballot * width + other)
    return [_Vote(sums, seen[sums], own[sums], colleagues[sums]) for sums in seen]


def _packed(sums: Sums, options: Sequence[Option]) -> int:
    numbers = [sums.scores[option.place] * (_WHOLE // sums.whole) for option in options]
    numbers += [sums.support[option.place] for option in options]
    return sum(number << (_BITS * place) for place, number in enumerate(numbers))


def _unpacked(packed: int, options: Sequence[Option]) -> Sums:
    places = [option.place for option in options]
    numbers = [packed >> (_BITS * n) & ((1 << _BITS) - 1) for n in range(2 * len(places))]
    scores, support = numbers[: len(places)], numbers[len(places) :]
    return Sums(
        dict(zip(places, scores, strict=True)), dict(zip(places, support, strict=True)), _WHOLE
    )
