"""Whoever leaves is written to no more, and what they asked is looked after by somebody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from adapters.playground import village
from bot.features import leaving
from storage import redrawing
from tests.conversation import Person, Room, SlackPerson, SlackRoom, TeamsPerson, World
from tests.test_closing import CLOSE, facilitator
from tests.test_joining import code
from tests.test_welcoming import FIRST_TIME, QUESTION, greetings, role

PASSED_ON = {"nb": "er ikke lenger med", "da": "er ikke længere med"}
NOT_JOINED = "ikke med i et nettverk"


def deactivated(world: World, person: Person) -> None:
    assert isinstance(person, SlackPerson)
    world.act(world.slack.deactivate(person.user))


def taken_out(world: World, person: Person) -> None:
    """Of the channel on Slack, of the team on Teams."""
    if isinstance(person, SlackPerson):
        world.act(world.slack.leave(person.user, person.room.channel))
    else:
        assert isinstance(person, TeamsPerson)
        world.act(world.teams.remove_member(person.room.channel.team, person.user))


def marked_as_left(world: World, person: Person) -> None:
    """By a facilitator."""
    left = member(world, person)
    with world.village.mellom.writers.begin() as uow:
        assert leaving.leave(left, uow)
        assert not leaving.leave(left, uow)
    world.settle()


def member(world: World, person: Person) -> int:
    return world.count(
        "SELECT member FROM membership JOIN account ON account.id = account "  # noqa: S608
        f"WHERE account.name = '{person.name}'"
    )


def has_left(world: World, person: Person) -> bool:
    gone = f"SELECT count(*) FROM member WHERE left_at IS NOT NULL AND id = {member(world, person)}"  # noqa: S608
    return world.count(gone) == 1


@pytest.fixture
def ola(world: World) -> Person:
    """In Alta, beside Kari."""
    return world.person("Ola Berg")


@pytest.fixture
def mette(world: World) -> Person:
    """In Aarhus, beside Jens."""
    return world.person("Mette Lund")


@pytest.mark.parametrize("leave", [deactivated, taken_out, marked_as_left])
def test_open_questions_pass_to_a_coordinator_who_is_told_which_and_may_close_them(
    world: World, kari: Person, ola: Person, aarhus: Room, leave: Callable[[World, Person], None]
) -> None:
    role(world, ola, "Alta kommune", "coordinator")
    world.later(days=7)
    kari.asks(QUESTION)
    kari.asks("Hvem leder tavlemøtene hos dere?")
    leave(world, kari)
    assert has_left(world, kari)
    ola.reads_privately("Kari Nilsen", "Alta kommune", PASSED_ON["nb"], "2 åpne spørsmål", "Q-1")
    ola.presses(CLOSE["nb"], on=PASSED_ON["nb"], privately=True)
    ola.sends_form()
    aarhus.sees("Q-1", "Besvaret")
    ola.presses("Åpne igjen", on="Q-1")
    aarhus.does_not_see("Q-1", "Besvaret")


def test_somebody_on_teams_is_out_of_the_team_and_their_contact_looks_after_what_is_open(
    world: World, jens: Person, mette: Person, alta: Room
) -> None:
    mette.asks("Hvem leder tavlemøderne?")
    world.change(
        "UPDATE member SET contact = true WHERE id = (SELECT member FROM membership JOIN account "
        "ON account.id = account WHERE account.name = 'Mette Lund')"
    )
    world.later(days=7)
    jens.asks(QUESTION)
    taken_out(world, jens)
    mette.reads_privately("Jens Holm", "Aarhus Kommune", PASSED_ON["da"], "Q-2")
    mette.presses(CLOSE["da"], on="Q-2", privately=True)
    mette.sends_form()
    alta.sees("Q-2", "Besvart")


def test_without_anybody_of_their_own_whoever_runs_the_network_is_told(
    world: World, kari: Person, jens: Person
) -> None:
    facilitator(world, "Aarhus Kommune", jens)
    world.later(days=7)
    kari.asks(QUESTION)
    deactivated(world, kari)
    world.later(days=1)  # He was asked to greet her today.
    jens.reads_privately("Kari Nilsen", PASSED_ON["da"], "Q-1")


def test_whoever_left_is_asked_for_nothing_any_more(
    world: World, jens: Person, kari: Person, ola: Person, ingrid: Person
) -> None:
    role(world, ingrid, "Bodø kommune", "coordinator")
    role(world, jens, "Aarhus Kommune", "facilitator")
    world.later(days=7)
    ola.asks(QUESTION)
    assert len(greetings(ingrid, "nb")) == 1
    taken_out(world, ingrid)
    assert greetings(ingrid, "nb") == []  # What asks for something is taken away,
    jens.reads_privately("Ola Berg", "har ikke fået svar endnu")  # and somebody else is asked.
    kari.asks("Hvem leder tavlemøtene hos dere?")
    world.later(days=2)
    assert greetings(ingrid, "nb") == []


def test_what_teams_will_not_let_us_take_away_can_be_pressed_in_vain(
    world: World, jens: TeamsPerson, ola: Person, alta: Room
) -> None:
    role(world, jens, "Aarhus Kommune", "coordinator")
    world.later(days=7)
    ola.asks(QUESTION)
    taken_out(world, jens)
    jens.presses("Svar", on=FIRST_TIME["da"], privately=True)
    assert jens.form is None
    jens.is_told("ikke med i et netværk")


def test_what_waits_for_its_hour_is_not_sent_to_somebody_who_has_left_since(
    world: World, jens: Person, ola: Person
) -> None:
    role(world, jens, "Aarhus Kommune", "coordinator")
    ola.asks(QUESTION)
    marked_as_left(world, jens)
    world.later(days=14)
    assert not any(FIRST_TIME["da"] in seen.words for seen in jens.private)


def test_somebody_in_two_channels_who_leaves_one_has_not_left(
    world: World, kari: SlackPerson, alta: SlackRoom, ola: SlackPerson
) -> None:
    channel = alta.channel.workspace.channel("ledelse")
    world.act(world.slack.invite_bot(channel))
    second = Room.of(world, village.Room(alta.inner.town, channel, alta.inner.people))
    there = second.person("Kari Nilsen")
    there.says(f"@Mellom join {code(world, 'Alta kommune')}")
    there.presses("Bekreft og koble til", on="Nord")
    kari.asks(QUESTION)
    there.asks("Hvem leder tavlemøtene hos dere?")
    world.act(world.slack.leave(kari.user, alta.channel))
    assert not has_left(world, kari)
    world.act(world.slack.leave(kari.user, channel))
    assert has_left(world, kari)


def test_a_facilitator_need_be_in_no_channel(world: World, kari: Person) -> None:
    facilitator(world, "Alta kommune", kari)
    taken_out(world, kari)
    assert not has_left(world, kari)
    deactivated(world, kari)
    assert has_left(world, kari)
    assert world.count("SELECT count(*) FROM member WHERE role = 'facilitator'") == 0


@pytest.mark.parametrize("who", ["Kari Nilsen", "Jens Holm"])
def test_whoever_was_taken_out_by_mistake_and_acts_again_is_the_same_member(
    world: World, who: str, ola: Person
) -> None:
    person = world.person(who)
    person.asks(QUESTION)
    welcomed = len(person.letters)
    members = world.count("SELECT count(*) FROM member")
    taken_out(world, person)
    assert has_left(world, person)
    person.replies("Vi bytter leder.", under="tavlemøtene")
    assert not has_left(world, person)
    assert world.count("SELECT count(*) FROM member") == members
    assert world.count("SELECT count(*) FROM thread WHERE keeper IS NOT NULL") == 0
    assert len(person.letters) == welcomed  # They are not welcomed twice.
    if isinstance(person, SlackPerson):
        taken_out(world, person)
        assert has_left(world, person)


def test_an_account_that_is_there_again_is_the_same_member(world: World, kari: SlackPerson) -> None:
    kari.asks(QUESTION)
    deactivated(world, kari)
    assert has_left(world, kari)
    world.later(minutes=5)
    world.act(world.slack.reactivate(kari.user))
    assert not has_left(world, kari)
    assert world.count("SELECT count(*) FROM account WHERE gone_at IS NOT NULL") == 0


def test_a_change_of_profile_brings_nobody_back_who_left_for_another_reason(
    world: World, kari: SlackPerson
) -> None:
    kari.asks(QUESTION)
    marked_as_left(world, kari)
    world.act(world.slack.reactivate(kari.user))
    world.later(minutes=5)
    deactivated(world, kari)
    world.act(world.slack.reactivate(kari.user))
    assert has_left(world, kari)


def test_a_deactivated_account_of_somebody_with_another_one_changes_nothing(
    world: World, kari: Person, jens: Person
) -> None:
    kari.asks(QUESTION)
    jens.replies("Vi spørger hvorfor.", under="tavlemøtene")
    both = member(world, kari)
    world.change(f"UPDATE membership SET member = {both} WHERE member = {member(world, jens)}")  # noqa: S608
    deactivated(world, kari)
    assert not has_left(world, jens)


def test_of_whoever_never_acted_nothing_is_kept(world: World, ola: Person, mette: Person) -> None:
    taken_out(world, ola)
    taken_out(world, mette)
    deactivated(world, ola)
    assert world.count("SELECT count(*) FROM departure") == 0
    assert world.count("SELECT count(*) FROM account WHERE name IN ('Ola Berg', 'Mette Lund')") == 0


def test_whoever_left_reads_nothing_of_the_network_in_private(
    world: World, kari: SlackPerson, jens: Person
) -> None:
    kari.asks(QUESTION)
    jens.asks("Hvem leder jeres tavlemøder?")
    kari.writes_privately("hva er åpent")
    kari.reads_privately("jeres tavlemøder")
    taken_out(world, kari)
    assert not any("jeres tavlemøder" in seen.words for seen in kari.private)
    kari.opens_home()
    assert NOT_JOINED in kari.home
    kari.writes_privately("søk tavlemøder")
    assert not any("jeres tavlemøder" in seen.words for seen in kari.private)


def test_whoever_takes_the_bot_out_of_their_private_chat_is_sent_nothing_there(
    world: World, jens: TeamsPerson, kari: Person, ola: Person
) -> None:
    role(world, jens, "Aarhus Kommune", "coordinator")
    world.later(days=7)
    world.act(world.teams.install(jens.user))
    world.act(world.teams.remove(jens.user))
    ola.asks(QUESTION)
    assert greetings(jens, "da") == []
    assert not has_left(world, jens)
    world.act(world.teams.install(jens.user))
    world.later(days=1)
    kari.asks("Hvem leder tavlemøtene hos dere?")
    assert len(greetings(jens, "da")) == 1


def test_after_thirty_days_a_name_no_longer_stands_on_what_they_wrote(
    world: World, jens: Person, kari: Person, alta: Room, bodo: Room
) -> None:
    kari.asks(QUESTION)
    jens.replies("Vi spørger hvorfor.", under="tavlemøtene")
    jens.asks("Hvem leder jeres tavlemøder?")
    kari.presses(CLOSE["nb"], on="Svar fra de andre")
    kari.sends_form(answers=str(world.count("SELECT id FROM reply")))
    taken_out(world, jens)
    world.later(days=29)
    bodo.sees("Jens Holm · Aarhus Kommune", "jeres tavlemøder")
    world.later(days=2)
    for room in (alta, bodo):
        room.does_not_see("Jens Holm")
        room.sees("Tidligere deltaker · Aarhus Kommune", "jeres tavlemøder")
        room.sees("Tidligere deltaker · Aarhus Kommune", "hvorfor", under="tavlemøtene")
    bodo.sees(QUESTION, "Dette hjalp", "Tidligere deltaker · Aarhus Kommune")
    jens.replies("Jeg er her igen.", under="tavlemøtene")
    world.later(minutes=1)
    bodo.sees("Jens Holm · Aarhus Kommune", "jeres tavlemøder")
    assert world.count("SELECT count(*) FROM member WHERE redraw_at IS NOT NULL") == 0


def test_what_somebody_wrote_is_drawn_anew_a_few_posts_at_a_time(
    world: World, jens: Person, bodo: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redrawing, "FEW", 3)
    for number in range(redrawing.FEW + 2):
        jens.asks(f"Hvem leder tavle nummer {number} hos jer?")
    taken_out(world, jens)
    world.change("UPDATE member SET left_at = '2026-01-01', redraw_at = '2026-01-01'")
    world.settle()
    drawn = "SELECT count(*) FROM post WHERE kind = 'question' AND version > 1"
    assert world.count(drawn) == redrawing.FEW
    world.later(minutes=2)
    bodo.does_not_see("Jens Holm")


OPENED = {"Kari Nilsen": ("Svar", "har forlatt"), "Mette Lund": ("Svar", "har forladt")}


@pytest.mark.parametrize("leave", [taken_out, marked_as_left])
@pytest.mark.parametrize("name", OPENED)
def test_a_form_that_lay_open_brings_nobody_back_who_has_left(
    name: str, leave: Callable[[World, Person], None], world: World, jens: Person, aarhus: Room
) -> None:
    person = world.person(name)
    asks = world.person("Ingrid Vik")
    asks.asks(QUESTION)
    person.opens_form(OPENED[name][0], on="tavlemøtene")
    leave(world, person)
    person.sends_form(answer="Vi spørger hvorfor.")
    person.is_told(OPENED[name][1], "Nord", "Vi spørger hvorfor.")
    assert has_left(world, person)
    assert world.count("SELECT count(*) FROM reply") == 0
    kept = "SELECT count(*) FROM receipt WHERE CAST(answer AS TEXT) LIKE '%hvorfor%'"
    assert world.count(kept) == 0


def test_whoever_presses_anew_in_the_channel_is_back(
    world: World, kari: Person, ingrid: Person, aarhus: Room
) -> None:
    ingrid.asks(QUESTION)
    marked_as_left(world, kari)
    kari.opens_form("Svar", on="tavlemøtene")
    kari.sends_form(answer="Vi spør hvorfor.")
    aarhus.sees("Vi spør hvorfor.")
    assert not has_left(world, kari)
