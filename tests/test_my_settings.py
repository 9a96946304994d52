"""My settings: what a member chooses for themselves, on either platform."""

from __future__ import annotations

import pytest

from bot.features import gate
from tests.conversation import Person, World

QUESTION = "Hvordan får dere liv i tavlemøtene?"
SAVED = {"nb": "Innstillingene dine er lagret", "da": "Dine indstillinger er gemt"}


def opens(person: Person, label: str) -> None:
    """By typing the word in private, as the welcome says."""
    person.writes_privately(label)
    person.presses(
        label, on="arbeidsdager" if "inn" in label.lower() else "arbejdsdage", privately=True
    )


def setting(world: World, column: str, name: str) -> object:
    """What is kept of a member, who is known by the account's name."""
    from sqlalchemy import text

    statement = text(
        f"SELECT member.{column} FROM member JOIN membership ON membership.member = member.id "  # noqa: S608
        "JOIN account ON account.id = membership.account WHERE account.name = :name"
    )
    with world.village.mellom.writers.begin() as uow:
        return uow.connection.execute(statement, {"name": name}).scalar_one()


@pytest.mark.parametrize("who", ["Kari Nilsen", "Jens Holm"])
def test_a_member_chooses_and_finds_it_again(world: World, who: str) -> None:
    person = world.person(who)
    nb = who == "Kari Nilsen"
    label = "Mine innstillinger" if nb else "Mine indstillinger"
    opens(person, label)
    theme = world.count("SELECT min(id) FROM theme")
    person.sends_form(
        themes=str(theme), role="coordinator", days="2,4", away_until="2027-02-01", kinds=""
    )
    person.is_told(SAVED["nb" if nb else "da"])
    assert setting(world, "role", who) == "coordinator"
    assert setting(world, "days", who) == "24"
    assert str(setting(world, "away_until", who)) == "2027-02-01"
    # Nobody who does not run the network is offered what goes to whoever does.
    switches = [kind for kind in gate.KINDS.values() if kind.label and not kind.facilitates]
    assert world.count("SELECT count(*) FROM muted") == len(switches)
    opens(person, label)
    assert person.typed("days") == "2,4"
    assert person.typed("away_until") == "2027-02-01"
    assert person.typed("themes") == str(theme)


def test_the_language_is_spoken_from_now_on_whatever_the_platform_tells(
    world: World, kari: Person
) -> None:
    opens(kari, "Mine innstillinger")
    kari.sends_form(language="nn")
    kari.is_told("Innstillingane dine er lagra")
    kari.writes_privately("hjelp")
    kari.reads_privately("Mine innstillingar")
    kari.asks(QUESTION)  # What the platform tells of her comes with each request.
    kari.writes_privately("hjelp")
    assert "Mine innstillingar" in kari.private[-1].words


def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(kari: Person, jens: Person) -> None:
    opens(kari, "Mine innstillinger")
    kari.sends_form(days="3", away_until="2020-01-01")
    assert kari.form is not None
    assert "Velg en dag etter i dag." in kari.form
    kari.sends_form(away_until="2031-01-01")
    assert kari.form is not None
    assert "Velg en dag innen ett år." in kari.form
    opens(jens, "Mine indstillinger")
    jens.sends_form(days="3", away_until="2020-01-01")
    assert jens.form is not None
    assert "Vælg en dag efter i dag." in jens.form
    assert jens.typed("days") == "3"


def test_the_words_open_them_in_a_channel_and_in_a_thread_and_nothing_crosses(
    world: World, kari: Person, jens: Person
) -> None:
    kari.asks("innstillinger")
    kari.room.sees("velger du språk")
    jens.room.does_not_see("innstillinger")
    kari.asks(QUESTION)
    kari.replies("@Mellom stopp", under="tavlemøtene")
    jens.room.does_not_see("stopp")
    assert world.count("SELECT count(*) FROM reply") == 0


def test_who_just_reads_is_asked_for_nothing(world: World) -> None:
    from tests.test_welcoming import FIRST_TIME, role

    mette = world.person("Mette Lund")
    mette.says("@Mellom hjælp")  # Her first act, for which she is welcomed.
    role(world, mette, "Aarhus Kommune", "coordinator")
    mette.presses("Jeg vil bare læse med", on="læringsnetværket", privately=True)
    mette.is_told("siger det ikke til nogen")
    world.later(days=7)
    world.person("Ola Berg").asks(QUESTION)
    assert not any(FIRST_TIME["da"] in seen.words for seen in mette.private)


def test_a_pause_ends_by_itself(world: World, jens: Person) -> None:
    from tests.test_welcoming import FIRST_TIME, role

    role(world, jens, "Aarhus Kommune", "coordinator")
    lars = world.person("Lars Krogh")
    role(world, lars, "Randers Kommune", "coordinator")
    opens(jens, "Mine indstillinger")
    jens.sends_form(away_until="2027-02-02")
    opens(lars, "Mine indstillinger")
    lars.sends_form(away_until="2027-02-02")
    world.later(days=7)
    world.person("Ola Berg").asks(QUESTION)  # Nobody is here to greet him: there is no facilitator.
    world.later(days=7)
    world.person("Nils Haug").asks("Hvem leder tavlemøtene hos dere?")
    told = [FIRST_TIME["da"] in seen.words for one in (jens, lars) for seen in one.private]
    assert sum(told) == 1


def test_a_forged_network_opens_nothing(world: World, kari: Person) -> None:
    from storage import networks

    with world.village.mellom.writers.begin() as uow:
        other = networks.create_network(uow, "Sør", "nb")
    kari.writes_privately("innstillinger")
    forged = f'{{"network": "{other}"}}'
    world.change(f"UPDATE notice SET facts = '{forged}' WHERE name = 'settings'")  # noqa: S608
    world.change("UPDATE post SET version = 2 WHERE kind = 'notice'")
    world.change("UPDATE copy SET due_at = since WHERE state = 'shown'")
    world.later(minutes=1)
    kari.presses("Mine innstillinger", on="velger du språk", privately=True)
    kari.sends_form(days="1")
    assert world.count(f"SELECT count(*) FROM member WHERE network = {other}") == 0  # noqa: S608
    assert setting(world, "days", "Kari Nilsen") == "1"  # Her own, in the network that she is in.
