"""Operators, who type `mellom` and some words."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from adapters import cli, journal


@dataclass
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str


class Operator:
    """Somebody at a terminal with these settings; the commands run in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        for name in list(os.environ):
            ours = ("SLACK_", "TEAMS_", "MELLOM_", "WEBHOOK_")
            if name.startswith(ours) or name in ("DATABASE_URL", "PORT"):
                monkeypatch.delenv(name)

    def sets(self, **settings: str) -> None:
        for name, value in settings.items():
            self._monkeypatch.setenv(name, value)

    def types(self, *words: str) -> Said:
        """`mellom` and these words."""
        self._monkeypatch.setattr(sys, "argv", ["mellom", *words])
        status = 0
        try:
            cli.main()
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 1
        told = self._capsys.readouterr()
        return Said(status, told.out, told.err)

    def succeeds(self, *words: str) -> str:
        said = self.types(*words)
        assert (said.status, said.err) == (0, "")
        return said.out

    def is_refused(self, *words: str) -> str:
        """It says why in words, and the status is 2."""
        said = self.types(*words)
        assert (said.status, said.out) == (2, "")
        assert "Traceback" not in said.err
        return said.err


@pytest.fixture
def _log_as_it_was() -> Iterator[None]:
    """Some commands begin to write the log; other tests are not to notice."""
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook
    handlers, level, noisy = logging.root.handlers[:], logging.root.level, logging.raiseExceptions
    yield
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    logging.raiseExceptions = noisy
    logging.captureWarnings(False)
    for name in journal.OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
def anybody(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], _log_as_it_was: None
) -> Operator:
    """With no settings at all."""
    return Operator(monkeypatch, capsys)


@pytest.fixture
def operator(anybody: Operator, database_url: str) -> Operator:
    anybody.sets(DATABASE_URL=database_url)
    return anybody
