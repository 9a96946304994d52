"""What `mellom doctor` looks at, and how it says what it found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from adapters.settings import Settings
from storage import Database

State = Literal["well", "off", "unsure", "wrong", "by hand"]
"""`wrong` is what somebody has to mend; `unsure` is what could not be looked at."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `words` say how it is; `remedy` says what to do about it."""

    about: str
    words: str
    state: State = "well"
    remedy: str = ""

    def __str__(self) -> str:
        said = f"{self.about}: {self.words}"
        return f"{said}\n  {self.remedy}" if self.remedy else said


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined: the settings, the database (None where it is behind), and how far.

    `reach`: whether the address in the settings is called, too. `live` is the id of a channel that
    a message may be written to and deleted from, to try what only a real platform tells.
    """

    settings: Settings
    database: Database | None
    reach: bool = False
    live: str = ""


Check = Callable[[Patient], Awaitable[Iterable[Finding]]]
"""Looks at one side of the patient. It never raises for what it finds wrong: that is a finding."""
