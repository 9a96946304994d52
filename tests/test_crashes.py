"""Killed again and again in the middle of everything, Mellom loses nothing that it acknowledged."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import pytest

from tests.crashing import Crowd, Verdict
from tests.thorough import THOROUGH

KILLS = 50 if THOROUGH else 6


@pytest.fixture
async def crowd(database_url: str) -> AsyncIterator[Crowd]:
    crowd = Crowd(database_url, seed=1)
    try:
        await crowd.start()
        yield crowd
    finally:
        await crowd.stop()


async def test_nothing_acknowledged_is_lost_and_nothing_stands_twice(
    crowd: Crowd, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    await crowd.die(KILLS)
    await crowd.rest()
    verdict = Verdict(crowd)
    with capsys.disabled():
        print(verdict.table(began))
    assert not verdict.problems, "\n".join([*verdict.problems, crowd.last_words()])
    assert crowd.counts["kills in a call"] > KILLS / 4, "hardly a kill hit anything"
