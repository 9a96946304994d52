"""Whose turn it is to answer first: a table of values."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.turns import in_turn
from storage.first_voices import Candidate

OLD, NEW = datetime(2027, 1, 22, 8, tzinfo=UTC), datetime(2027, 1, 29, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("candidates", "order"),
    [
        ([], []),
        ([(1, 1, None, None), (2, 2, None, None)], [1, 2]),
        ([(1, 1, None, OLD), (2, 2, None, None)], [2, 1]),  # Never is longest ago.
        ([(1, 1, OLD, NEW), (2, 2, None, OLD)], [2, 1]),
        ([(1, 1, OLD, OLD), (2, 1, None, OLD)], [2, 1]),  # Within one organisation.
        ([(1, 1, NEW, NEW), (2, 1, OLD, NEW)], [2, 1]),
        # Many members give an organisation no more turns.
        ([(1, 1, None, NEW), (2, 1, None, NEW), (3, 2, OLD, OLD)], [3, 1, 2]),
        # Its turn was another member's, who may have left.
        ([(4, 2, None, NEW), (5, 1, OLD, OLD)], [5, 4]),
        ([(2, 1, OLD, OLD), (1, 2, OLD, OLD)], [2, 1]),  # A draw is settled in always one way.
    ],
)
def test_whose_turn_it_is(
    candidates: list[tuple[int, int, datetime | None, datetime | None]], order: list[int]
) -> None:
    found = in_turn(Candidate(*one) for one in candidates)
    assert [one.member for one in found] == order
    assert found == in_turn(reversed(found))
