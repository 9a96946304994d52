"""The bank of prompts that Mellom comes with: 52 of them, in bokmål, Danish and English."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MODEL, COMPETENCE, INSPIRATION, GEMBA = "model", "competence", "inspiration", "gemba"
THEMES = (MODEL, COMPETENCE, INSPIRATION, GEMBA)
"""What prompts are about: A, B, C and G of the bank."""

PROBLEM = "{problem}"
"""Stands in a prompt for what a seminar's workshop was about."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """`when` is "any", a season, or how long before or after a seminar; `words` by language."""

    key: str
    theme: str
    when: str
    words: Mapping[str, str]


@cache
def prompts() -> Mapping[str, Prompt]:
    """All of them by their key, in the bank's order."""
    rows = json.loads((files("bot") / "prompts.json").read_text("utf-8"))
    return {
        row["id"]: Prompt(
            row["id"], row["theme"], row["when"], {one: row[one] for one in ("nb", "da", "en")}
        )
        for row in rows
    }
