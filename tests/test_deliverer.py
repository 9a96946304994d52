"""Whatever goes wrong on the way, each room ends with what was written, once, in its last words."""

from __future__ import annotations

from collections import Counter

from storage.unit_of_work import connect
from tests.delivering import Review, Run

SEEDS = 120


async def test_whatever_goes_wrong_each_room_ends_right(database_url: str) -> None:
    database = connect(database_url)
    counts: Counter[str] = Counter()
    problems = []
    for seed in range(SEEDS):
        run = Run(database, seed, counts)
        await run.play()
        problems += [f"seed {seed}: {problem}" for problem in Review(run).problems]
    database.close()
    print(counts)
    assert not problems, "\n".join(problems[:30])
