"""The bank that Mellom comes with, in bokmål, Danish and English: 52 prompts, and 16 problems that
a network can choose from when few have been nominated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MODEL, COMPETENCE, INSPIRATION, GEMBA = "model", "competence", "inspiration", "gemba"
THEMES = (MODEL, COMPETENCE, INSPIRATION, GEMBA)
"""What prompts are about: A, B, C and G of the bank."""

LANGUAGES = ("nb", "da", "en")

OTHERWISE: Mapping[str, tuple[str, ...]] = {
    "nb": ("nb", "nn", "da", "en"),
    "nn": ("nn", "nb", "da", "en"),
    "da": ("da", "nb", "nn", "en"),
    "en": ("en", "nb", "nn", "da"),
}
"""In which language something is read that there is none of in the reader's own."""

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
            row["id"], row["theme"], row["when"], {one: row[one] for one in LANGUAGES}
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Problem:
    """`theme` is one of those that every network begins with; `titles` and `texts` by language."""

    key: str
    theme: str
    titles: Mapping[str, str]
    texts: Mapping[str, str]


@cache
def problems() -> Mapping[str, Problem]:
    """All of them by their key, in the bank's order."""
    rows = json.loads((files("bot") / "problems.json").read_text("utf-8"))
    return {
        row["id"]: Problem(
            row["id"],
            row["theme"],
            {one: row[one]["title"] for one in LANGUAGES},
            {one: row[one]["text"] for one in LANGUAGES},
        )
        for row in rows
    }


def words_in(language: str, words: Mapping[str, str]) -> str:
    """The words in this language, or in the one that is nearest to it."""
    return next(words[one] for one in OTHERWISE.get(language, OTHERWISE["en"]) if one in words)
