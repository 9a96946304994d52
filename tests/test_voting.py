"""The problem of the month: the poll in every channel, and one vote for everybody."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.language import ZONE
from tests.conversation import Person, Room, World

OPENS = datetime(2027, 2, 3, 9, 30, tzinfo=ZONE)


@pytest.fixture
def poll(world: World) -> World:
    """The poll of February, just opened."""
    world.goes_to(OPENS)
    return world


def test_the_poll_opens_in_every_channel(
    poll: World, alta: Room, bodo: Room, aarhus: Room, randers: Room
) -> None:
    for room in (alta, bodo, aarhus, randers):
        room.sees_once(
            "Månedens problemstilling", "1. Tavl", "2. Frigjort tid", "3. Ny ledergruppe"
        )


def test_a_vote_is_told_to_nobody_but_that_the_organisation_takes_part(
    poll: World, kari: Person, alta: Room, aarhus: Room, jens: Person
) -> None:
    kari.opens_form("Stem", on="Månedens problemstilling")
    kari.sends_form(choices="1,3")
    kari.is_told("Stemmen din er talt med")
    for room in (alta, aarhus):
        seen = room.sees("Månedens problemstilling", "Alta kommune")
        assert "Kari" not in seen.words
    jens.opens_form("Stem", on="Månedens problemstilling")
    jens.sends_form(choices="2")
    alta.sees_once("Månedens problemstilling", "Aarhus Kommune, Alta kommune")
