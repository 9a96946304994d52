"""A learning network to measure with: its rooms, who is in them, and the threads that stand."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Room:
    """One organisation's channel. `tenant` is its workspace or tenant."""

    platform: str
    installation: int
    tenant: str
    channel: str
    people: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Network:
    """Five rooms; `roots` are the first messages of each thread, by channel."""

    name: str
    rooms: tuple[Room, ...]
    roots: tuple[dict[str, str], ...] = field(default=())


WORDS = (
    "Vi begynner hvert tavlemøte med én observasjon fra dagen før, og spør »hvorfor« to ganger. "
    "Det tar fem minutter, og etter tre uker har folk begynt å ta med egne. Nummer {number}."
)
"""What people write here: about as long as an answer in a channel."""
