"""The conversation that the page opens on, and as whom a newcomer begins in it.

The question was asked in the last room: wherever a newcomer begins, it has arrived, and is there to
be answered.
"""

from __future__ import annotations

from adapters.playground.village import TOWNS, Town

ASKER, QUESTION = "Lars Krogh", "Hvordan får I liv i tavlemøderne?"
ANSWERER = "Ingrid Vik"
ANSWER = "Vi spør «hvorfor» én gang til før noen skriver på tavla."

FIRST = {"da": TOWNS[1]}
"""Where a newcomer who reads this language begins, as the first of those who work there."""


def first_in(language: str) -> Town:
    """Where whoever reads this language begins: a channel that speaks it, or the first."""
    return FIRST.get(language, TOWNS[0])


TOLD = Town("Hamar kommune", "slack", "no", "nb", ())
"""Whose IT has not said yes: its channel takes part one way, through a webhook."""

ANSWER_TO = "Bjarne Falk, bjarne@falk.example"
