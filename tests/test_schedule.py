"""What is going to happen, as `mellom schedule` tells it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import schedule
from bot.coming import Coming
from bot.features import prompting
from tests.conversation import Person, World
from tests.test_welcoming import role


def coming(world: World, days: int = 14) -> list[Coming]:
    with world.village.mellom.writers.begin() as uow:
        return schedule.coming(1, uow.now + timedelta(days=days), uow)


def days_of(found: list[Coming], what: str) -> list[str]:
    return [one.at.date().isoformat() for one in found if what in one.what]


def test_it_tells_when_the_next_questions_of_the_week_come_where_and_why(world: World) -> None:
    found = coming(world)
    assert days_of(found, "the question of the week") == ["2027-01-26", "2027-02-02"]
    one = next(one for one in found if "the question of the week" in one.what)
    assert one.at == datetime.fromisoformat("2027-01-26T08:15:00+00:00")
    assert one.to == "Aarhus Kommune, Alta kommune, Bodø kommune, Randers Kommune"
    assert one.why == "it is a day for it"


def test_what_it_tells_is_what_happens(world: World) -> None:
    """Also over a change of the clock, the holidays and the summer."""
    told = coming(world, days=230)
    world.later(days=230)
    occurrences = world.rows("SELECT state, day FROM occurrence WHERE job = 'prompt'")
    posted = sorted(str(day) for state, day in occurrences if state == "done")
    skipped = [state for state, _ in occurrences if state == "skipped"]
    assert days_of(told, "the question of the week") == posted
    assert len(days_of(told, "no question of the week")) == len(skipped)


def test_it_names_what_is_asked_and_says_when_the_bank_is_used_up(world: World) -> None:
    found = coming(world, days=350)
    assert [one.what[:31] for one in found if "the question of" in one.what][:2] == [
        "the question of the week: C02, ",
        "the question of the week: A13, ",
    ]
    assert prompting.USED_UP in {one.why for one in found if "no question" in one.what}


def test_the_poll_is_told_and_that_a_month_has_none(world: World, ingrid: Person) -> None:
    role(world, ingrid, "Bodø kommune", "facilitator")
    told = [one for one in coming(world) if "poll" in one.what]
    assert [one.what for one in told] == ["the list of the poll"]
    world.later(days=9)
    told = [one for one in coming(world) if "poll" in one.what]
    assert [one.what for one in told] == ["the poll opens", "the poll closes"]
    assert told[0].why == "nobody has chosen another list"
    ingrid.presses("Hopp over denne måneden", on="Månedens problemstilling", privately=True)
    told = [one for one in coming(world) if "poll" in one.what]
    assert [(one.what, one.why) for one in told] == [("no poll", "facilitator")]


def test_a_pause_is_told(world: World) -> None:
    world.change("UPDATE network SET paused_at = '2027-01-19 09:00:00.000000'")
    found = coming(world)
    assert {(one.what, one.why) for one in found} == {("no question of the week", "paused")}


def test_private_messages_that_wait_are_told_and_nobody_is_named(
    world: World, ingrid: Person
) -> None:
    world.change("UPDATE member SET role = 'coordinator', away_until = '2027-01-25'")
    world.rooms["Alta kommune"].person("Ola Berg").asks("Hvordan får dere liv i tavlemøtene?")
    world.change("UPDATE private SET state = 'waiting', due_at = '2027-01-26 09:00:00.000000'")
    told = [one for one in coming(world) if "private message" in one.what]
    assert told
    assert not any("Ingrid" in f"{one.what} {one.to} {one.why}" for one in told)
