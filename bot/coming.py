"""What a network is going to do by itself: when, to whom, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that is going to happen, or that does not, in English for whoever runs Mellom.

    Nobody is named: `to` is a channel, an organisation or a role.
    """

    at: datetime
    what: str
    to: str
    why: str
