"""School breaks: how an operator tells of them, and whose days they silence."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from bot import calendars
from bot.calendar import Break, Calendar
from storage import UnitOfWork, networks
from storage.unit_of_work import connect
from tests.conversation import SlackRoom, World
from tests.operators import Operator

WINTER, AUTUMN = "2027-02-22..2027-02-26", "2027-10-04..2027-10-08"
WEEK_8 = Break(date(2027, 2, 22), date(2027, 2, 26))
ALTA = ("organisation", "breaks", "Alta kommune", "--network", "Nord")


@pytest.fixture
def told(operator: Operator) -> Operator:
    """An operator whose network has two organisations."""
    operator.succeeds("network", "create", "Nord")
    for name, country, language in (("Alta", "no", "nb"), ("Aarhus", "dk", "da")):
        operator.succeeds(
            "organisation", "add", f"{name} kommune", "--network", "Nord",
            "--country", country, "--language", language,
        )  # fmt: skip
    return operator


def stored(database_url: str) -> list[Calendar]:
    with closing(connect(database_url)) as database, database.begin(datetime.now(UTC)) as uow:
        known = networks.organisations(uow, _only_network(uow))
        return [calendars.of_organisation(uow, id) for id, *_ in known]


# ---- the command


def test_breaks_are_added_listed_and_removed(told: Operator, database_url: str) -> None:
    assert "--break" in told.succeeds(*ALTA)
    assert told.succeeds(*ALTA, "--break", AUTUMN, "--break", WINTER) == f"{WINTER}\n{AUTUMN}\n"
    assert told.succeeds(*ALTA) == f"{WINTER}\n{AUTUMN}\n"
    assert stored(database_url) == [
        Calendar("dk"),
        Calendar("no", (WEEK_8, Break(date(2027, 10, 4), date(2027, 10, 8)))),
    ]
    assert told.succeeds(*ALTA, "--remove", AUTUMN) == f"{WINTER}\n"
    assert stored(database_url)[1].breaks == (WEEK_8,)
    assert "--break" in told.succeeds(*ALTA, "--remove", WINTER)
    assert stored(database_url)[1].breaks == ()


def test_a_break_is_put_right_in_one_go(told: Operator) -> None:
    told.succeeds(*ALTA, "--break", WINTER)
    longer = "2027-02-22..2027-02-28"
    assert told.succeeds(*ALTA, "--remove", WINTER, "--break", longer) == f"{longer}\n"


def test_a_break_that_is_there_already_is_there_once(told: Operator) -> None:
    told.succeeds(*ALTA, "--break", WINTER)
    assert told.succeeds(*ALTA, "--break", WINTER, "--break", WINTER) == f"{WINTER}\n"


def test_the_breaks_of_others_stay(told: Operator, database_url: str) -> None:
    aarhus = ("organisation", "breaks", "Aarhus kommune", "--network", "Nord")
    told.succeeds(*aarhus, "--break", WINTER)
    told.succeeds(*ALTA, "--break", WINTER)
    told.succeeds(*ALTA, "--remove", WINTER)
    assert [one.breaks for one in stored(database_url)] == [(WEEK_8,), ()]


def test_a_break_may_be_one_day(told: Operator) -> None:
    assert told.succeeds(*ALTA, "--break", "2027-4-2") == "2027-04-02..2027-04-02\n"


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--break", "22.2.2027"), "--break is the first day and the last, as 2027-02-22..2027-02"),
        (("--break", "2027-02-22..2027-02-30"), "'2027-02-22..2027-02-30' is not"),
        (("--break", "2027-W08"), "'2027-W08' is not"),
        (("--break", "..2027-02-26"), "is not"),
        (("--break", "2027-02-26..2027-02-22"), "ends before it begins"),
        (("--break", "2027-02-22..2028-02-26"), "Are its years right?"),
        (("--break", "2027-02-26..2027-03-01"), "overlap. Nothing was changed"),
        (("--break", AUTUMN, "--break", "2027-10-08..2027-10-15"), "overlap"),
        (("--break", AUTUMN, "--break", "week 8"), "'week 8' is not"),
        (("--remove", AUTUMN), f"no break {AUTUMN}. It has: {WINTER}."),
        (("--remove", "2027-02-22..2027-02-25"), "no break 2027-02-22..2027-02-25"),
    ],
)
def test_a_break_that_cannot_be_is_refused_and_nothing_is_half_done(
    told: Operator, database_url: str, options: tuple[str, ...], named: str
) -> None:
    told.succeeds(*ALTA, "--break", WINTER)
    assert named in told.is_refused(*ALTA, *options)
    assert stored(database_url)[1].breaks == (WEEK_8,)


@pytest.mark.parametrize(
    ("name", "network", "named"),
    [("Bodø kommune", "Nord", "no organisation"), ("Alta kommune", "Syd", "no network")],
)
def test_breaks_are_those_of_an_organisation_that_is_known(
    told: Operator, name: str, network: str, named: str
) -> None:
    command = ("organisation", "breaks", name, "--network", network, "--break", WINTER)
    assert named in told.is_refused(*command)


# ---- the network's calendars


def test_a_networks_calendars_are_those_of_the_organisations_with_a_channel_in_it(
    world: World, alta: SlackRoom, bodo: SlackRoom
) -> None:
    def found(besides: int | None = None) -> dict[int, Calendar]:
        with world.village.mellom.writers.begin() as uow:
            return calendars.of_network(uow, _only_network(uow), besides=besides)

    everybody = found()
    assert sorted(one.country for one in everybody.values()) == ["dk", "dk", "no", "no"]
    assert found(besides=min(everybody)).keys() == everybody.keys() - {min(everybody)}
    world.act(world.slack.remove_bot(bodo.channel))
    assert sorted(one.country for one in found().values()) == ["dk", "dk", "no"]


def _only_network(uow: UnitOfWork) -> int:
    ((network, *_),) = networks.networks(uow)
    return network
