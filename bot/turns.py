"""Whose turn it is. A pure function of values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from storage.first_voices import Candidate

_NEVER = datetime.min.replace(tzinfo=UTC)


def in_turn(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The organisation whose turn is longest ago comes first, and within it the member whose turn
    is; never is longest."""
    return sorted(
        candidates,
        key=lambda one: (
            one.organisations_last or _NEVER,
            one.organisation,
            one.last or _NEVER,
            one.member,
        ),
    )
