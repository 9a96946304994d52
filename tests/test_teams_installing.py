"""Adding, upgrading and removing the app on Teams, told in any order and more than once."""

from __future__ import annotations

import itertools

import pytest

from adapters.playground.teams.delivery import Delivery
from adapters.playground.teams.world import User
from tests.conversation import Person, Room, TeamsRoom, World
from tests.test_joining import code

QUESTION = "Hvordan holder I liv i tavlemøderne?"


@pytest.fixture
def home(aarhus: Room) -> TeamsRoom:
    assert isinstance(aarhus, TeamsRoom)
    return aarhus


def happened(world: World, home: TeamsRoom, what: str, *, swapped: bool = False) -> list[Delivery]:
    """What Teams would tell of this, without telling it."""
    team, teams = home.channel.team, world.teams
    if what == "added":
        world.run(teams.install(team, home.channel, swapped=swapped))
    elif what == "added by an upgrade":
        world.run(teams.install(team, home.channel, swapped=swapped, upgrade=True))
    elif what == "removed":
        world.run(teams.remove(team, swapped=swapped))
    else:
        world.run(teams.remove(team, swapped=swapped, upgrade=True))
    return teams.take()


def told(world: World, deliveries: list[Delivery]) -> None:
    for delivery in deliveries:
        assert world.act(world.teams.send(delivery)).status == 200


def state(world: World) -> list[str]:
    """The ties of Aarhus' channel, from the first to the last."""
    statement = (
        "SELECT count(*) FROM room r JOIN organisation o ON o.id = r.organisation "
        "WHERE o.name = 'Aarhus Kommune' AND r.state = '{}'"
    )
    states = ("pending", "active", "ended")
    return [one for one in states for _ in range(world.count(statement.format(one)))]


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("what", ["added", "added by an upgrade"])
def test_being_added_where_it_is_already_changes_nothing(
    what: str, swapped: bool, world: World, home: TeamsRoom, kari: Person
) -> None:
    before = [seen.id for seen in home.everything]
    deliveries = happened(world, home, what, swapped=swapped)
    told(world, [*deliveries, *deliveries])
    told(world, [delivery.copy(id=f"f:{n}") for n, delivery in enumerate(deliveries)])
    assert state(world) == ["active"]
    assert [seen.id for seen in home.everything] == before
    kari.asks(QUESTION)
    home.sees_once(QUESTION)


@pytest.mark.parametrize("told_in", [(0,), (1,), (0, 1, 0, 1), (1, 0, 1, 0)], ids=str)
@pytest.mark.parametrize("what", ["removed", "removed by an upgrade"])
def test_being_removed_ends_the_tie_by_either_activity_and_however_often_it_is_told(
    what: str, told_in: tuple[int, ...], world: World, home: TeamsRoom, kari: Person
) -> None:
    deliveries = happened(world, home, what)
    told(world, [deliveries[place] for place in told_in])
    assert state(world) == ["ended"]
    kari.asks(QUESTION)
    home.does_not_see(QUESTION)
    world.rooms["Randers Kommune"].sees(QUESTION)


def test_added_and_removed_in_any_order_it_is_out_until_somebody_lets_it_in(
    world: World, home: TeamsRoom, kari: Person
) -> None:
    """Both activities of a removal and both of adding it again, each twice: the tie ends once, and
    only a code makes another. Nothing of the network stands there by itself before."""
    somebody = home.person("Jens Holm")
    for number, order in enumerate(itertools.permutations(range(4))):
        deliveries = happened(world, home, "removed") + happened(world, home, "added")
        told(world, [deliveries[place] for place in order for _ in range(2)])
        assert state(world) == ["ended"] * (number + 1), order
        somebody.says(f"@Mellom join {code(world, 'Aarhus Kommune')}")
        somebody.presses("Bekræft og tilslut", on="Mellom for Nord")
        assert state(world) == ["active", *["ended"] * (number + 1)], order
    kari.asks(QUESTION)
    home.sees_once(QUESTION)


def test_what_was_asked_while_the_app_was_away_stands_in_the_list_when_it_is_back(
    world: World, home: TeamsRoom, kari: Person
) -> None:
    told(world, happened(world, home, "removed") + happened(world, home, "added"))
    kari.asks(QUESTION)
    home.does_not_see(QUESTION)
    somebody = home.person("Jens Holm")
    somebody.says(f"@Mellom join {code(world, 'Aarhus Kommune')}")
    somebody.presses("Bekræft og tilslut", on="Mellom for Nord")
    home.sees_once(QUESTION)
    somebody.asks("Hvem deltager i jeres tavlemøder?")
    kari.room.sees("Hvem deltager")


def test_a_person_who_adds_and_removes_it_for_themselves_changes_no_room(
    world: World, home: TeamsRoom, kari: Person
) -> None:
    jens = home.inner.people["Jens Holm"]
    assert isinstance(jens, User)
    for swapped in (False, True, False):
        world.act(world.teams.install(jens, swapped=swapped))
        world.act(world.teams.install(jens, swapped=swapped))
        world.act(world.teams.remove(jens))
        world.act(world.teams.remove(jens))
    assert {delivery.reply.status for delivery in world.teams.delivered} == {200}
    assert state(world) == ["active"]
    kari.asks(QUESTION)
    home.sees(QUESTION)
