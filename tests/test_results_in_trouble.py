"""The poll of the month where something comes between: a channel that is down, holidays, somebody
who withdraws what the network has chosen."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from adapters.playground import faults
from bot.language import ZONE
from tests.conversation import Person, Room, World
from tests.test_asked_once import heal, is_down
from tests.test_missed import MEANWHILE
from tests.test_results import (
    CLOSES,
    GEMBA,
    GEMBA_WINS,
    MONTH,
    TIME,
    closes,
    have_voted,
    nomination,
)
from tests.test_results import founded_before as founded_before
from tests.test_results import founded_open as founded_open

CHOSEN = {
    "Bodø kommune": f"Nettverket har valgt «{GEMBA}»",
    "Randers Kommune": f"Netværket har valgt »{GEMBA}«",
}


@pytest.mark.parametrize("name", MEANWHILE, ids=["slack", "teams"])
def test_a_channel_that_missed_much_gets_the_poll_and_its_result_beside_the_list(
    name: str, world: World, kari: Person, jens: Person
) -> None:
    have_voted(world, GEMBA_WINS)
    world.goes_to(CLOSES - timedelta(hours=1))
    room = world.rooms[name]
    is_down(world, room, faults.status(503))
    kari.replies("Dette trenger vi.", under=MONTH)
    for number in range(1, 13):
        kari.asks(f"Hvordan gjør dere sak nummer {number}?")
    closes(world)
    jens.replies("Vi går en tur.", under="De finder ikke tid.")
    world.later(minutes=30)
    world.away_until(world.clock.at + timedelta(hours=23))
    heal(world)
    world.later(hours=1)

    room.sees_once(CHOSEN[name])
    room.sees_once("De finder ikke tid.", "Q-13\n")
    room.sees_once(MEANWHILE[name])
    assert " svar" not in room.sees(MEANWHILE[name], "12 sp", "Q-12 ·").words
    room.sees("Vi går en tur.", under="Q-13\n")
    room.sees("Dette trenger vi.", under=CHOSEN[name])
    room.does_not_see("Q-12\n")


def test_where_holidays_lie_between_few_votes_come_to_the_facilitator_at_once(
    world: World, alta: Room
) -> None:
    """It would be open into the weeks in which the network is silent in summer."""
    summer = datetime(2027, 7, 8, 10, tzinfo=ZONE)
    world.change("UPDATE poll SET closes_at = '2027-07-08 08:00:00.000000' WHERE state = 'open'")
    world.change("UPDATE job SET due_at = '2027-07-08 08:00:00.000000' WHERE name = 'result'")
    world.away_until(summer - timedelta(minutes=1))
    have_voted(world, {"Kari": "1"})
    closes(world, summer)
    extended = "SELECT count(*) FROM poll WHERE state = 'open' OR extended"
    assert world.count(extended) == 0
    alta.sees("Avstemningen er stengt. Få har stemt, så nettverkslederen velger.")
    alta.does_not_see("den er åpen lenger")
    asked = "SELECT count(DISTINCT member) FROM private WHERE kind = 'poll-counting'"
    assert world.count(asked) == 2


def test_what_its_author_has_withdrawn_no_workshop_works_on(
    world: World, jens: Person, ingrid: Person
) -> None:
    have_voted(world, GEMBA_WINS)
    closes(world)
    ingrid.writes_privately("nettverket")
    jens.opens_form("Ret eller træk tilbage", on="De finder ikke tid.")
    jens.sends_form(text="", details="")
    # The card that stood before her had the button still.
    ingrid.presses("Ta den med til workshopen", on=GEMBA, privately=True)
    ingrid.is_told("Her er det ikke lenger noe å velge.")
    assert world.count("SELECT count(*) FROM poll WHERE workshop_at IS NOT NULL") == 0
    ingrid.writes_privately("nettverket")
    assert "workshopen" not in ingrid.private[-1].words


def test_whose_suggestion_is_part_of_what_won_withdraws_it_after_the_result(
    world: World, alta: Room, aarhus: Room, ingrid: Person
) -> None:
    """Ingrid's was merged into Jens' before the poll: her name goes, and his question stays."""
    time, gemba = nomination(world, TIME), nomination(world, GEMBA)
    merge = f"UPDATE nomination SET state = 'merged', merged = {gemba} WHERE id = {time}"  # noqa: S608
    world.change(merge)
    have_voted(world, GEMBA_WINS)
    closes(world)
    both = "Jens Holm · Aarhus Kommune, Ingrid Vik · Bodø kommune"
    alta.sees("Q-1", f"Foreslått av: {both}", "De finder ikke tid.")
    ingrid.writes_privately("hei")
    ingrid.presses("Se", on=TIME, privately=True)
    ingrid.sends_form()
    ingrid.is_told("trukket")
    for room in (alta, aarhus):
        room.sees("Q-1", "Jens Holm · Aarhus Kommune", "De finder ikke tid.")
        room.does_not_see("Ingrid Vik · Bodø kommune")
        room.does_not_see(TIME)
    assert world.count("SELECT count(*) FROM nomination WHERE state = 'chosen'") == 1
    withdrawn = "SELECT title FROM nomination WHERE state = 'withdrawn'"
    assert world.rows(withdrawn) == [("",)]
