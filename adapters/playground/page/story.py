"""The conversation that the page opens on, and as whom a newcomer begins in it.

Whoever comes first sees the first room. So the question was asked in the last one: it has arrived,
and is there to be answered.
"""

from __future__ import annotations

from adapters.playground.village import TOWNS, Town

ASKER, QUESTION = "Lars Krogh", "Hvordan får I liv i tavlemøderne?"
ANSWERER = "Ingrid Vik"
ANSWER = "Vi spør «hvorfor» én gang til før noen skriver på tavla."

FIRST = TOWNS[0]
"""Where a newcomer begins, as the first of those who work there."""

TOLD = Town("Hamar kommune", "slack", "no", "nb", ())
"""Whose IT has not said yes: its channel takes part one way, through a webhook."""

ANSWER_TO = "Bjarne Falk, bjarne@falk.example"
