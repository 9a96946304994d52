"""What the stand-ins keep of the headers that pass: who asks, and no key to anything."""

from __future__ import annotations

from collections.abc import Mapping

BLANK = "•••"
"""What stands where something opened a door."""

KEPT = (
    "Content-Type",
    "User-Agent",
    "X-Slack-Request-Timestamp",
    "X-Slack-Retry-Num",
    "X-Slack-Retry-Reason",
)
PROOFS = ("Authorization", "X-Slack-Signature")


def headers(passed: Mapping[str, str]) -> dict[str, str]:
    """The headers that are kept: of a proof only that it was there, and of what kind."""
    kept = {name: passed[name] for name in KEPT if name in passed}
    return kept | {name: _blanked(passed[name]) for name in PROOFS if name in passed}


def _blanked(proof: str) -> str:
    scheme, space, _ = proof.partition(" ")
    return f"{scheme} {BLANK}" if space else BLANK
