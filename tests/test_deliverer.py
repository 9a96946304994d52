"""Whatever goes wrong on the way, each room ends with what was written, once, in its last words."""

from __future__ import annotations

import logging
from collections import Counter

import pytest

from storage.unit_of_work import connect
from tests.delivering import FAULTS, Review, Run
from tests.thorough import THOROUGH

RUNS = 300 if THOROUGH else 14
"""Seeded runs on each database; the two databases play different seeds."""


async def test_whatever_goes_wrong_each_room_ends_right(
    database_url: str, database_kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)  # Trouble is what is being made here.
    counts: Counter[str] = Counter()
    problems = []
    database = connect(database_url)
    first = 0 if database_kind == "sqlite" else RUNS
    for seed in range(first, first + RUNS):
        run = Run(database, seed, counts)
        await run.play()
        problems += [f"seed {seed}: {problem}" for problem in Review(run).problems]
    database.close()
    assert not problems, "\n".join(problems[:30])
    assert all(counts[fault] >= 5 for fault in FAULTS), f"hardly tried: {counts}"
