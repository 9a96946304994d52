"""Asking now and then: where it is on, how it stands in the whole network, and when it stops."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapters.playground import faults
from bot.features import explaining, measuring
from bot.quiet import Rule
from bot.windows import day_of
from tests import test_nudging
from tests.conversation import Person, World
from tests.operators import Operator
from tests.test_facilitating import card
from tests.test_nudging import MORNING, TOO_EARLY, asked, oslo
from tests.test_welcoming import role

founded_quiet, founded_before = test_nudging.founded_quiet, test_nudging.founded_before
NUDGES = ("organisation", "nudges", "Alta kommune", "--network", "Nord")
STOPPED = "Jeg har sluttet å spørre deltakere av og til."


@pytest.fixture
def kari(world: World) -> Person:
    """Runs the network, on Slack."""
    person = world.person("Kari Nilsen")
    role(world, person, "Alta kommune", "facilitator")
    return person


def sent(world: World, outcome: str, many: int, *, kind: str = "nudge") -> None:
    """So many were asked before, and this came of it."""
    for _ in range(many):
        world.change(
            "INSERT INTO invitation (network, member, organisation, kind, outcome, at) "  # noqa: S608
            f"SELECT network, id, organisation, '{kind}', '{outcome}', '2027-01-05' FROM member "
            "WHERE id = (SELECT min(id) FROM member)"
        )


# ---- the card of whoever runs the network


def test_the_card_tells_where_it_is_on_and_counts_only_what_is_enough(
    world: World, kari: Person
) -> None:
    world.change("UPDATE organisation SET informed_on = NULL WHERE name = 'Alta kommune'")
    seen = card(kari)
    assert "slått på i Aarhus Kommune, Bodø kommune, Randers Kommune; slått av i Alta" in seen
    assert "for få til å vise" in seen
    sent(world, "open", 4)
    assert "for få til å vise" in card_of_next_week(world, kari)
    sent(world, "answered", 1)
    assert "for få til å vise" in card(kari)  # Until the week is over.
    assert "5 spurt, færre enn fem svarte" in card_of_next_week(world, kari)
    sent(world, "answered", 4)
    sent(world, "void", 40)
    sent(world, "answered", 40, kind="asked")
    world.change("UPDATE invitation SET outcome = 'answered' WHERE kind = 'nudge'")
    assert "5 spurt, færre enn fem svarte" in card(kari)
    assert "spurt, 49 svarte" in card_of_next_week(world, kari)


def card_of_next_week(world: World, kari: Person) -> str:
    world.change("UPDATE network SET asking_told = '2027-02-01' WHERE asking_told IS NOT NULL")
    with world.village.mellom.writers.begin() as uow:
        measuring.count_the_week(1, uow)
    return card(kari)


def test_whoever_runs_the_network_switches_it_off_for_an_organisation(
    world: World, kari: Person, jens: Person
) -> None:
    world.goes_to(oslo(2027, 2, 9, 8, 59))  # Both are to be asked.
    bodo = world.count("SELECT id FROM organisation WHERE name = 'Bodø kommune'")
    card(kari)
    kari.presses("Slå av", on="Noen deltakere blir spurt av og til", privately=True)
    kari.sends_form(organisation=str(bodo))
    kari.is_told("Fra nå av blir ingen i Bodø kommune spurt av og til.")
    assert "slått av i Bodø kommune" in card(kari)
    world.goes_to(oslo(*MORNING))
    assert asked(world) == ["Jens Holm"]


@pytest.mark.parametrize("role_", ["coordinator", "manager"])
def test_nobody_else_switches_it_off(world: World, kari: Person, role_: str) -> None:
    card(kari)
    id = test_nudging.id_of(world, "Kari Nilsen")
    world.change(f"UPDATE member SET role = '{role_}' WHERE id = {id}")  # noqa: S608
    kari.presses("Slå av", on="Noen deltakere blir spurt av og til", privately=True)
    assert kari.form is None


def test_where_nobody_was_informed_the_card_says_nothing_of_it(world: World, kari: Person) -> None:
    world.change("UPDATE organisation SET informed_on = NULL")
    assert "av og til" not in card(kari)


# ---- harm


def test_more_than_one_in_ten_stops_it_and_whoever_runs_the_network_lets_it_begin_again(
    world: World, kari: Person
) -> None:
    sent(world, "open", 8)
    sent(world, "just reads", 1)
    sent(world, "no more", 1)
    world.goes_to(oslo(2027, 2, 9, 10))
    assert asked(world) == []
    kari.reads_privately(STOPPED, "Flere enn én av ti")
    assert STOPPED in card(kari)
    assert len([seen for seen in kari.private if "Du kan la meg begynne igjen." in seen.words]) == 1

    kari.presses("Begynn igjen", on="Du kan la meg begynne igjen", privately=True)
    kari.is_told("Fra nå av spør jeg deltakere av og til igjen.")
    assert STOPPED not in card(kari)
    world.goes_to(oslo(2027, 2, 10, 10))
    assert asked(world) == ["Ingrid Vik", "Jens Holm"]


@pytest.mark.parametrize("others", [1, 0])
def test_whoever_wants_no_more_stops_what_waits_for_the_same_day(
    world: World, kari: Person, ingrid: Person, others: int
) -> None:
    sent(world, "open", 8)
    sent(world, "just reads", others)
    test_nudging.sent_before(world, "nudge", "2027-02-04")
    world.goes_to(oslo(*TOO_EARLY))  # Jens is to be asked.
    just_reads(ingrid)
    world.goes_to(oslo(*MORNING))
    assert asked(world) == ([] if others else ["Jens Holm"])
    assert any(STOPPED in seen.words for seen in kari.private) is bool(others)


def test_what_they_were_not_sent_yet_does_them_no_harm(world: World, ingrid: Person) -> None:
    sent(world, "open", 8)
    sent(world, "just reads", 1)
    world.goes_to(oslo(*TOO_EARLY))  # Both are to be asked.
    just_reads(ingrid)
    world.goes_to(oslo(2027, 2, 9, 9, 30))
    assert asked(world) == ["Jens Holm"]
    assert outcome(world, "Ingrid Vik") == "void"


def just_reads(ingrid: Person) -> None:
    ingrid.writes_privately("Mine innstillinger")
    ingrid.presses("Mine innstillinger", on="arbeidsdager", privately=True)
    ingrid.sends_form(just_reads="yes")


@pytest.mark.parametrize(
    ("open_", "harmed"),
    [(9, 1), (19, 2), (8, 1), (0, 2)],
)
def test_it_goes_on_while_that_is_not_so_or_not_known(
    world: World, kari: Person, open_: int, harmed: int
) -> None:
    sent(world, "open", open_)
    sent(world, "just reads", harmed)
    world.goes_to(oslo(*MORNING))
    assert asked(world) == ["Ingrid Vik", "Jens Holm"]


def test_only_whoever_runs_the_network_lets_it_begin_again(
    world: World, kari: Person, jens: Person
) -> None:
    world.change("UPDATE network SET asking_stopped_at = '2027-02-08'")
    card(kari)
    role(world, kari, "Alta kommune", "coordinator")
    kari.presses("Begynn igjen", on=STOPPED, privately=True)
    assert world.count("SELECT count(*) FROM network WHERE asking_stopped_at IS NOT NULL") == 1


@pytest.mark.parametrize("days", [3, 9])
def test_who_switches_it_off_soon_after_is_counted_and_later_is_not(
    world: World, ingrid: Person, days: int
) -> None:
    world.goes_to(oslo(*MORNING))
    world.later(days=days)
    ingrid.presses("Ikke flere slike", on="to minutter", privately=True)
    outcomes = world.rows("SELECT outcome FROM invitation ORDER BY id")
    assert ("no more",) in outcomes if days < 7 else outcomes == [("open",), ("open",)]


@pytest.mark.parametrize(("open_", "harmed"), [(0, 3), (6, 3), (17, 3)])
def test_where_few_were_asked_three_who_want_no_more_are_enough(
    world: World, open_: int, harmed: int
) -> None:
    sent(world, "open", open_)
    sent(world, "no more", harmed)
    world.goes_to(oslo(*MORNING))
    assert asked(world) == []


def test_it_is_no_harm_to_switch_off_what_has_nothing_to_do_with_it(
    world: World, ingrid: Person, jens: Person
) -> None:
    world.goes_to(oslo(*MORNING))
    ingrid.asks("Hvem leder møtene deres?")
    jens.replies("Det skiftes vi til.", under="Hvem leder")
    world.later(minutes=15)
    ingrid.presses("Ikke flere slike", on="har svart på spørsmålet ditt", privately=True)
    assert outcome(world, "Ingrid Vik") == "open"


def outcome(world: World, name: str) -> str:
    """What came of it that they were asked now and then."""
    found = world.rows(
        "SELECT outcome FROM invitation WHERE kind = 'nudge' "  # noqa: S608
        f"AND member = {test_nudging.id_of(world, name)}"
    )
    return str(found[0][0])


def test_it_is_harm_where_nobody_can_write_to_them_any_more(
    world: World, ingrid: Person, jens: Person
) -> None:
    world.goes_to(oslo(*MORNING))
    ingrid.asks("Hvem leder møtene deres?")
    world.slack.faults.add(
        faults.error("messages_tab_disabled"), method="chat.postMessage", times=None
    )
    jens.replies("Det skiftes vi til.", under="Hvem leder")
    world.later(minutes=30)
    assert outcome(world, "Ingrid Vik") == "no more"
    assert outcome(world, "Jens Holm") == "open"


def test_a_manager_who_stands_in_is_told_nothing_of_it(
    world: World, kari: Person, jens: Person
) -> None:
    id = test_nudging.id_of(world, "Jens Holm")
    world.change(f"UPDATE member SET deputy = 1, role = 'manager' WHERE id = {id}")  # noqa: S608
    world.change("UPDATE member SET away_until = '2027-02-12' WHERE role = 'facilitator'")
    sent(world, "no more", 5)
    world.goes_to(oslo(2027, 2, 10, 10))
    assert not [seen for seen in jens.private if "holdt op med at spørge" in seen.words]
    assert "af og til" not in card(jens, "da")
    world.change(f"UPDATE member SET role = 'member' WHERE id = {id}")  # noqa: S608
    assert "af og til" in card(jens, "da")
    world.goes_to(oslo(2027, 2, 16, 10))
    kari.reads_privately(STOPPED)


# ---- what an operator asks for


def test_mellom_explain_counts_rules_and_nothing_under_five(world: World) -> None:
    with world.village.mellom.writers.begin() as uow:
        assert list(explaining.now_and_then(1, uow)) == [TOO_FEW]
    world.change("UPDATE network SET asking_stopped_at = '2027-02-08'")
    with world.village.mellom.writers.begin() as uow:
        assert "stopped" in "".join(explaining.now_and_then(1, uow))


TOO_FEW = "fewer than 5 members come into question: too few to tell"


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (
            [Rule.CHOSEN] * 3 + [Rule.AWAY] * 2 + [Rule.ROLE] * 5 + [Rule.CONTRIBUTED] * 12,
            [
                "contributed within the last 20 working days: 12",
                "facilitates, manages or reads: 5",
                "other rules: 5",
            ],
        ),
        ([Rule.CHOSEN] * 3 + [Rule.ROLE] * 5, [f"{Rule.ROLE}: 5", "other rules: fewer than five"]),
        ([Rule.CHOSEN] * 4, [TOO_FEW]),
        ([], []),
    ],
)
def test_what_was_decided_about_few_is_not_told(rules: list[Rule], told: list[str]) -> None:
    """Whoever knows who can help with what would know about whom."""
    assert list(explaining.counted(rules)) == told


@pytest.fixture
def told(operator: Operator) -> Operator:
    operator.succeeds("network", "create", "Nord")
    operator.succeeds(
        "organisation", "add", "Alta kommune", "--network", "Nord",
        "--country", "no", "--language", "nb",
    )  # fmt: skip
    return operator


def test_an_organisation_is_on_from_the_day_after_its_people_are_informed(told: Operator) -> None:
    today = day_of(datetime.now(UTC))
    assert "off. Inform its members" in told.succeeds(*NUDGES)
    assert "off until" in told.succeeds(*NUDGES, "--informed", str(today))
    yesterday = str(today - timedelta(days=1))
    assert f"on, since its people were informed on {yesterday}" in told.succeeds(
        *NUDGES, "--informed", yesterday
    )
    assert yesterday in told.succeeds(*NUDGES)
    assert "off. Inform" in told.succeeds(*NUDGES, "--off")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--informed", "4. januar"), "--informed is a day, as 2027-01-04; '4. januar' is not."),
        (("--informed", "2072-01-04"), "more than a year away. Is its year right?"),
        (("--informed", "2027-01-04", "--off"), "give one of them"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    told: Operator, words: tuple[str, ...], said: str
) -> None:
    assert said in told.is_refused(*NUDGES, *words)
    assert "off. Inform" in told.succeeds(*NUDGES)


def test_mellom_explain_says_where_there_is_nothing_to_explain(told: Operator) -> None:
    assert "no organisation was informed" in told.succeeds("explain", "--network", "Nord")
