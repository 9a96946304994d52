"""What every test can ask for; the fixtures themselves stand in modules of their own."""

from __future__ import annotations

import gc

import pytest

from tests import browser

pytest_plugins = [
    "tests.databases",
    "tests.conversation",
    "tests.operators",
    "tests.administering",
    "tests.outsiders",
    "tests.lives",
    "tests.pairs",
]


def pytest_collection_finish() -> None:
    """What is there by now stays, and most of what a test makes needs no search for what refers to
    itself: a tenth of all the work would be looking through it, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once that there was no browser, instead of in every test that wanted one."""
    if browser.PATH is None:
        terminalreporter.write_line(f"The tests in a browser were left out: {browser.NONE}.")
