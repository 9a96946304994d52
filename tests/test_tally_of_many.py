"""That no ballot shows where there are six or seven to choose from: more than can all be tried.

For some networks that voted at random, every voter's ballot is exchanged for another one, until all
that is told is the same as before. Then nobody can know which of the two was given: not an
outsider, and no voter whose own ballot has stayed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from bot.tally import Option, Result, Row, Sums, add_up, tell
from tests.everyone import Ballot, Teller, ballots

NOON = datetime(2027, 1, 4, 11, tzinfo=UTC)
THEMES = (None, None, date(2027, 1, 6), date(2027, 3, 3))
SIZES = (
    *((1, 1, 1, 2), (1, 1, 2, 2), (2, 2, 2, 2), (1, 2, 3, 4), (3, 3, 4, 5)),
    *((1, 1, 1, 1, 1), (1, 1, 2, 2, 3), (2, 1, 4, 1, 1, 3), (1, 1, 3), (2, 2, 2), (3, 4)),
)
"""How many voted in each organisation."""

Votes = tuple[tuple[Ballot, ...], ...]
Voter = tuple[int, int]

TRIES = 5000
"""To find what is told alike; in a few networks of a thousand it takes more, or more cunning."""


def voted(sizes: Sequence[int], every: Sequence[Ballot], chance: Random) -> Votes:
    return tuple(tuple(chance.choice(every) for _ in range(size)) for size in sizes)


def changed(votes: Votes, ballots: dict[Voter, Ballot]) -> Votes:
    return tuple(
        tuple(ballots.get((one, n), ballot) for n, ballot in enumerate(given))
        for one, given in enumerate(votes)
    )


class Network:
    """How one has voted, and what is told of it."""

    def __init__(
        self,
        votes: Votes,
        among: Sequence[Option],
        chance: Random,
        teller: Teller = tell,
        tries: int = TRIES,
    ) -> None:
        self.votes, self.chance, self._tries = votes, chance, tries
        self._among, self._teller = among, teller
        self._sizes = [len(given) for given in votes]
        self.every = ballots(len(among))
        self.voters = [(one, n) for one, size in enumerate(self._sizes) for n in range(size)]
        self.told = self.tells(votes)
        # What changes least is told alike most often: the winner alone, and what was chosen.
        given = [ballot for given in votes for ballot in given]
        self.likely = [*self.every, *[frozenset({self.told.winner})] * 20, *given * 4]

    def tells(self, votes: Votes) -> Result:
        return self._teller(self._among, add_up(self._among, votes), self._sizes)

    def is_told(self, ballots: dict[Voter, Ballot]) -> bool:
        return self.tells(changed(self.votes, ballots)) == self.told

    def shows(self) -> list[Voter]:
        """Those whose ballot somebody may know: an outsider, or any one of the others."""
        return [voter for voter in self.voters if not self.is_hidden(voter)]

    def is_hidden(self, voter: Voter) -> bool:
        """From whoever has not changed theirs: from all, if nobody has changed it each time."""
        each_time: set[Voter] | None = None
        for changed in self.alike(voter):
            each_time = changed if each_time is None else each_time & changed
            if not each_time:
                return True
        return False

    def alike(self, voter: Voter) -> Iterator[set[Voter]]:
        """Who else's ballot is another one where the voter's is, and the same is told."""
        own = [ballot for ballot in self.every if ballot != self.votes[voter[0]][voter[1]]]
        others = [one for one in self.voters if one != voter]
        if any(self.is_told({voter: ballot}) for ballot in own):
            yield set()
        # Colleagues could have chosen each other's: all sums stay.
        mine = [one for one in others if one[0] == voter[0]]
        yield from ({one} for one in mine if self.votes[one[0]][one[1]] in own)
        for n in range(self._tries):
            some = self.chance.sample(others, min(1 + n % 3, len(others)))
            ballots = {one: self.chance.choice(self.likely) for one in some}
            if self.is_told({**ballots, voter: self.chance.choice(own)}):
                yield set(some)


@pytest.mark.parametrize("problems", [6, 7])
def test_no_ballot_shows_among_many_problems(problems: int) -> None:
    chance, every = Random(problems), ballots(problems)  # noqa: S311
    told = set()
    for sizes in SIZES:
        themes = [chance.choice(THEMES) for _ in range(problems)]
        among = [Option(n, t, NOON + timedelta(hours=n)) for n, t in enumerate(themes, 1)]
        votes = voted(sizes, every, chance)
        network = Network(votes, among, chance)
        assert network.shows() == [], (sizes, votes)
        told |= {row.share for row in network.told.rows}
    assert told > {None}, "and not because nothing would be told"


def test_looking_for_what_shows_finds_it() -> None:
    """The test above would say so if there were something."""

    def everything(options: Sequence[Option], sums: Sums, voters: Sequence[int]) -> Result:
        rows = (Row(place, None, score, None) for place, score in sums.scores.items())
        return Result(0, "votes", tuple(rows))

    chance, every = Random(1), ballots(6)  # noqa: S311
    among = [Option(n, None, NOON) for n in range(1, 7)]
    votes = voted((1, 1, 1, 2), every, chance)
    assert Network(votes, among, chance, everything, tries=100).shows()
