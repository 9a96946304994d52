"""One person, two accounts: a code from the one, typed with the other, and both sides confirm."""

from __future__ import annotations

import functools
import re
import secrets
from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from adapters.playground import faults
from adapters.playground.village import Town
from bot.features import joining, linking
from bot.incoming import Person as Author
from bot.incoming import Place, Pressed
from storage import networks, retention
from storage.models import account, metadata
from tests.conversation import Founded, GoOn, Person, SlackPerson, TeamsPerson, World
from tests.test_joining import SKIVE, VADSO
from tests.test_joining import code as join_code
from tests.test_my_settings import opens
from tests.test_welcoming import role

QUESTION = "Hvordan får dere liv i tavlemøtene?"
CODE = re.compile(r"[A-Z2-9]{5}-[A-Z2-9]{5}")

WORDS = {
    "nb": {
        "ask": "koble",
        "card": "Bruker du meg med to kontoer",
        "get": "Få en kode",
        "own": "Er den også din?",
        "wrong": "Den koden virker ikke her",
        "linked": "Kontoene dine er koblet sammen",
        "not linked": "De to kontoene er ikke koblet sammen",
        "no": "Ikke min",
        "accounts": "Mine kontoer",
        "unlink": "Koble fra denne kontoen",
        "settings": "Mine innstillinger",
        "own code": "Det er din egen kode",
        "two": "hver sin organisasjon",
        "already": "allerede koblet",
        "wait": "Vent i ti minutter",
        "stopped": "en kode for å koble kontoer",
        "mine": "Mine åpne spørsmål",
        "alone": "ikke lenger koblet",
    },
    "da": {
        "ask": "forbind",
        "card": "Bruger du mig med to konti",
        "get": "Få en kode",
        "own": "Er den også din?",
        "wrong": "Den kode virker ikke her",
        "linked": "Dine konti er forbundet",
        "not linked": "De to konti er ikke forbundet",
        "no": "Ikke min",
        "accounts": "Mine konti",
        "unlink": "Fjern forbindelsen",
        "settings": "Mine indstillinger",
        "own code": "Det er din egen kode",
        "two": "hver sin organisation",
        "already": "allerede forbundet",
        "wait": "Vent ti minutter",
        "stopped": "en kode til at forbinde konti",
        "mine": "Mine åbne spørgsmål",
        "alone": "ikke længere forbundet",
    },
}
YES = "Begge er mine"

OVER_THERE = {
    "Kari Nilsen": Town("Alta på Teams", "teams", "no", "nb", ("Tor Dahl", "Kari Nilsen")),
    "Jens Holm": Town("Aarhus på Slack", "slack", "dk", "da", ("Ida Bang", "Jens Holm")),
}
"""The organisation's other channel, in which somebody else has let the bot in."""

HOME = {"Kari Nilsen": "Alta kommune", "Jens Holm": "Aarhus Kommune"}
BOTH = pytest.mark.parametrize("name", sorted(HOME))
"""From Slack to Teams, and from Teams to Slack."""


def language(person: Person) -> str:
    return person.room.inner.town.language


def says(person: Person, name: str) -> str:
    return WORDS[language(person)][name]


def elsewhere(world: World, name: str) -> Person:
    """The same person on the other platform, who has done nothing there yet."""
    town = OVER_THERE[name]
    if town.name in world.rooms:
        return world.rooms[town.name].person(name)
    room = world.opens(town)
    room.person(town.people[0]).says(f"@Mellom join {join_code(world, HOME[name])}")
    world.act(world.village.confirm(room.inner))
    return room.person(name)


@pytest.fixture(scope="module")
def founded_elsewhere(go_on: GoOn) -> Callable[[str, str], Founded]:
    return functools.cache(lambda kind, name: go_on(kind, lambda world: elsewhere(world, name)))


@pytest.fixture
def founded_before(
    founded_before: Founded,
    founded_elsewhere: Callable[[str, str], Founded],
    database_kind: str,
    request: pytest.FixtureRequest,
) -> Founded:
    """Nearly every script here begins with the other channel, and names whose it is."""
    name = request.node.callspec.params.get("name")
    return founded_elsewhere(database_kind, name) if name else founded_before


def gets_code(person: Person) -> str:
    person.writes_privately(says(person, "ask"))
    person.presses(says(person, "get"), on=says(person, "card"), privately=True)
    assert person.form is not None
    found = CODE.search(person.form)
    assert found is not None, person.form
    return found[0]


def types(person: Person, code: str) -> None:
    person.writes_privately(f"{says(person, 'ask')} {code}")


def link(one: Person, other: Person) -> None:
    types(other, gets_code(one))
    other.presses(YES, on=says(other, "own"), privately=True)
    one.presses(YES, on=says(one, "own"), privately=True)


def asked_to_confirm(person: Person) -> bool:
    return any(says(person, "own") in seen.words for seen in person.private)


def members(world: World, name: str) -> list[int]:
    """The members behind the accounts of this name, in the network of the village."""
    statement = text(
        "SELECT membership.member FROM membership JOIN account ON account.id = membership.account "
        "JOIN network ON network.id = membership.network "
        "WHERE account.name = :name AND network.name = 'Nord' ORDER BY account.id"
    )
    with world.village.mellom.writers.begin() as uow:
        return list(uow.connection.execute(statement, {"name": name}).scalars())


@BOTH
def test_two_accounts_are_one_person_once_both_have_confirmed(world: World, name: str) -> None:
    one, other = world.person(name), elsewhere(world, name)
    other.asks("Hvem leder tavlemøtene hos dere?")
    types(other, gets_code(one))
    other.reads_privately(f"{name} · {HOME[name]}", says(other, "own"))
    assert len(set(members(world, name))) == 2
    other.presses(YES, on=says(other, "own"), privately=True)
    assert len(set(members(world, name))) == 2
    one.reads_privately(f"{name} · {HOME[name]}", says(one, "own"))
    one.presses(YES, on=says(one, "own"), privately=True)
    assert len(set(members(world, name))) == 1
    assert len(members(world, name)) == 2
    one.reads_privately(says(one, "linked"))
    other.reads_privately(says(other, "linked"))


@BOTH
def test_whoever_is_in_no_network_yet_comes_in_as_the_same_member(world: World, name: str) -> None:
    one, other = world.person(name), elsewhere(world, name)
    one.asks(QUESTION)
    link(one, other)
    assert len(set(members(world, name))) == 1
    assert not any("roboten" in seen.words for seen in other.private)  # They were welcomed before.
    other.writes_privately("?")
    other.reads_privately(says(other, "mine"), "Q-1 · Hvordan får dere liv")


@BOTH
def test_what_was_asked_and_answered_with_either_is_theirs_in_both(world: World, name: str) -> None:
    one, other = world.person(name), elsewhere(world, name)
    one.asks(QUESTION)
    other.asks("Hvem leder tavlemøtene hos dere?")
    one.writes_privately("foreslå Få bærer mye. Vi er fem som holder det i gang.")
    other.writes_privately("foreslå Ledere på gemba. Vi får ikke med lederne.")
    link(one, other)
    one.replies("@Mellom besvart", under="Hvem leder")
    other.replies("@Mellom besvart", under="tavlemøtene")
    assert world.count("SELECT count(DISTINCT member) FROM nomination") == 1
    assert world.count("SELECT count(*) FROM thread WHERE answered_at IS NOT NULL") == 2


@BOTH
def test_one_is_no_help_to_oneself(world: World, name: str, ingrid: Person) -> None:
    """What the author adds with the other account is no answer from somebody else."""
    one, other = world.person(name), elsewhere(world, name)
    link(one, other)
    one.asks(QUESTION)
    other.replies("Jeg mener de ukentlige.", under="tavlemøtene")
    ingrid.asks("Hvem leder tavlemøtene hos dere?")
    ingrid.writes_privately("hjelp")
    ingrid.reads_privately("Venter på svar", "Q-1 · Hvordan får dere liv")


@BOTH
def test_the_quieter_choices_hold_and_a_role_that_was_given_stays(world: World, name: str) -> None:
    one, other = world.person(name), elsewhere(world, name)
    other.asks("Hvem leder tavlemøtene hos dere?")
    opens(one, says(one, "settings"))
    one.sends_form(just_reads="yes", role="coordinator", days="1,2,3", away_until="2027-02-01")
    role(world, other, HOME[name], "facilitator")
    opens(other, says(other, "settings"))
    other.sends_form(kinds="greet", days="2,3,4", away_until="2027-03-01")
    link(one, other)
    rows = "SELECT count(*) FROM member JOIN membership ON membership.member = member.id WHERE "
    assert world.count(f"{rows} role = 'facilitator' AND just_reads AND days = '23'") == 2
    assert world.count(f"{rows} away_until = '2027-03-01'") == 2
    assert world.count("SELECT count(*) FROM muted WHERE kind = 'greet'") == 0
    assert world.count("SELECT count(*) FROM muted WHERE kind = 'trouble'") == 1


@BOTH
@pytest.mark.parametrize("asked", ["taker", "giver"])
def test_either_can_say_that_it_is_not_theirs(world: World, name: str, asked: str) -> None:
    one, other = world.person(name), elsewhere(world, name)
    types(other, gets_code(one))
    if asked == "giver":
        other.presses(YES, on=says(other, "own"), privately=True)
    refusing = one if asked == "giver" else other
    refusing.presses(says(refusing, "no"), on=says(refusing, "own"), privately=True)
    other.reads_privately(says(other, "not linked"))
    assert len(members(world, name)) == 1
    assert not asked_to_confirm(one)
    assert not asked_to_confirm(other)


@BOTH
def test_after_five_wrong_codes_even_the_right_one_has_to_wait(world: World, name: str) -> None:
    one, other = world.person(name), elsewhere(world, name)
    for number in range(2, 7):
        types(other, f"ABCDE-FGHJ{number}")
    other.reads_privately(says(other, "wrong"))
    types(other, gets_code(one))
    other.reads_privately(says(other, "wait"))
    assert not asked_to_confirm(other)
    world.later(minutes=10)
    types(other, gets_code(one))
    assert asked_to_confirm(other)


@BOTH
def test_a_code_is_good_for_ten_minutes_and_once_and_a_new_one_replaces_it(
    world: World, name: str
) -> None:
    one, other = world.person(name), elsewhere(world, name)
    old = gets_code(one)
    world.later(minutes=10)
    types(other, old)
    assert not asked_to_confirm(other)
    replaced, code = gets_code(one), gets_code(one)
    types(other, replaced)
    assert not asked_to_confirm(other)
    types(other, code.lower().replace("-", " "))
    assert asked_to_confirm(other)
    third = other.room.person(other.room.inner.town.people[0])
    types(third, code)
    third.reads_privately(says(third, "wrong"))
    assert not asked_to_confirm(third)


@BOTH
def test_a_code_is_good_to_the_end_of_its_ten_minutes_and_then_there_is_an_hour_to_confirm(
    world: World, name: str
) -> None:
    one, other = world.person(name), elsewhere(world, name)
    code = gets_code(one)
    world.later(minutes=9, seconds=30)
    types(other, code)
    other.presses(YES, on=says(other, "own"), privately=True)
    world.later(minutes=50)
    one.presses(YES, on=says(one, "own"), privately=True)
    assert len(members(world, name)) == 2


@BOTH
def test_who_is_asked_too_late_begins_again(world: World, name: str) -> None:
    one, other = world.person(name), elsewhere(world, name)
    types(other, gets_code(one))
    other.presses(YES, on=says(other, "own"), privately=True)
    world.later(hours=2)
    one.presses(YES, on=says(one, "own"), privately=True)
    assert len(members(world, name)) == 1


@BOTH
def test_ones_own_code_and_an_account_that_is_linked_already(world: World, name: str) -> None:
    one, other = world.person(name), elsewhere(world, name)
    types(one, gets_code(one))
    one.reads_privately(says(one, "own code"))
    link(one, other)
    types(one, gets_code(other))
    one.reads_privately(says(one, "already"))


@BOTH
def test_nobody_is_one_person_in_two_organisations(world: World, name: str) -> None:
    one = world.person(name)
    for stranger in ("Ingrid Vik", "Anne Dahl"):  # A member, and somebody who has done nothing yet.
        other = world.person(stranger)
        types(other, gets_code(one))
        other.reads_privately(says(other, "two"))
        assert not asked_to_confirm(other)


@BOTH
def test_a_code_alone_is_enough_and_a_join_code_is_none(world: World, name: str) -> None:
    one, other = world.person(name), elsewhere(world, name)
    other.writes_privately(gets_code(one))
    assert asked_to_confirm(other)
    third = other.room.person(other.room.inner.town.people[0])
    third.writes_privately(join_code(world, HOME[name], "coordinator"))
    assert world.count("SELECT count(*) FROM member WHERE role = 'coordinator'") == 1


def test_by_command_it_is_answered_at_once_and_confirmed_in_private(
    world: World, jens: Person
) -> None:
    other = elsewhere(world, "Jens Holm")
    assert isinstance(other, SlackPerson)
    other.commands("forbind ABCDE-FGHJK")
    other.is_told(says(other, "wrong"))
    other.commands("mine konti")
    other.is_told("netværk")
    other.commands(f"forbind {gets_code(jens)}")
    other.is_told("privat besked")
    assert asked_to_confirm(other)


@BOTH
@pytest.mark.parametrize("where", ["channel", "thread", "form", "edit"])
def test_a_code_in_a_channel_does_not_cross_and_is_spoiled(
    world: World, name: str, where: str, ingrid: Person
) -> None:
    one, other = world.person(name), elsewhere(world, name)
    ingrid.asks(QUESTION)
    code = gets_code(one)
    before = world.count("SELECT count(*) FROM thread"), world.count("SELECT count(*) FROM reply")
    if where == "channel":
        other.says(f"@Mellom {says(other, 'ask')} {code}")
    elif where == "thread":
        other.replies(f"Koden min er {code} her.", under="tavlemøtene")
    elif where == "edit":
        other.replies("Vi spør hvorfor.", under="tavlemøtene")
        other.edits("hvorfor", to=f"Koden min er {code} her.")
    else:
        other.presses("Svar", on="tavlemøtene")
        other.sends_form(answer=f"Koden min er {code} her.")
        other.is_told("kode")
    ingrid.room.does_not_see(code)
    edited = (0, 1) if where == "edit" else (0, 0)
    after = world.count("SELECT count(*) FROM thread"), world.count("SELECT count(*) FROM reply")
    assert after == (before[0] + edited[0], before[1] + edited[1])
    if where == "form":
        return  # Nobody has seen it there.
    other.reads_privately(says(other, "stopped"))
    types(other, code)
    other.reads_privately(says(other, "wrong"))


@pytest.mark.parametrize("town", [VADSO, SKIVE], ids=["slack", "teams"])
def test_it_is_spoiled_in_a_channel_that_is_in_no_network_too(
    world: World, kari: Person, town: Town
) -> None:
    code = gets_code(kari)
    somebody = world.opens(town).person(town.people[0])
    somebody.says(f"@Mellom Er det {code} som gjelder?")
    somebody.reads_privately(says(somebody, "stopped"))
    somebody.writes_privately(code)
    somebody.reads_privately(says(somebody, "wrong"))


@BOTH
def test_unlinking_begins_afresh_and_leaves_what_was_with_the_other(
    world: World, name: str
) -> None:
    one, other = world.person(name), elsewhere(world, name)
    one.asks(QUESTION)
    link(one, other)
    opens(other, says(other, "settings"))
    other.sends_form(just_reads="yes", role="coordinator", kinds="")
    other.asks("Hvem leder tavlemøtene hos dere?")

    unlinks(other)
    other.is_told(says(other, "alone"))
    one.reads_privately(says(one, "alone"))
    assert len(set(members(world, name))) == 2
    other.replies("@Mellom besvart", under="Hvem leder")
    assert world.count("SELECT count(*) FROM thread WHERE answered_at IS NOT NULL") == 0
    one.replies("@Mellom besvart", under="Hvem leder")
    assert world.count("SELECT count(*) FROM thread WHERE answered_at IS NOT NULL") == 1
    assert world.count("SELECT count(*) FROM member WHERE just_reads") == 2
    assert world.count("SELECT count(*) FROM muted WHERE kind = 'host'") == 2


def unlinks(person: Person) -> None:
    person.writes_privately(says(person, "accounts").lower())
    unlinks_with_the_card(person)


def unlinks_with_the_card(person: Person) -> None:
    person.presses(says(person, "accounts"), on=says(person, "card"), privately=True)
    if isinstance(person, SlackPerson):
        person.presses(says(person, "unlink"), on="Slack · ")
    else:
        person.presses_in_form(says(person, "unlink"))
    person.sends_form()


@BOTH
def test_private_messages_go_where_the_member_wants_them(world: World, name: str) -> None:
    one, other = world.person(name), elsewhere(world, name)
    link(one, other)
    role(world, one, HOME[name], "coordinator")
    world.later(days=7)
    opens(other, says(other, "settings"))
    account = world.count("SELECT max(account.id) FROM account JOIN link ON taker = account.id")
    other.sends_form(account=str(account))
    before = len(one.private), len(other.private)
    world.person("Nils Haug").asks(QUESTION)  # Somebody new, whom it is their turn to greet.
    assert (len(one.private), len(other.private)) == (before[0], before[1] + 1)
    assert "Nils Haug" in other.private[-1].words


@BOTH
def test_what_is_on_its_way_to_an_account_that_is_unlinked_goes_to_the_other(
    world: World, name: str
) -> None:
    one, other = world.person(name), elsewhere(world, name)
    link(one, other)
    role(world, one, HOME[name], "coordinator")
    world.later(days=7)
    one.writes_privately(says(one, "accounts").lower())
    on_slack = isinstance(one, SlackPerson)
    faults_there = (world.slack if on_slack else world.teams).faults
    faults_there.add(
        faults.rate_limited(60),
        method="chat.postMessage" if on_slack else "send",
        conversation=chat_of(one),
        times=None,
    )
    world.person("Nils Haug").asks(QUESTION)
    unlinks_with_the_card(one)
    faults_there.heal()
    world.later(minutes=15)
    other.reads_privately("Nils Haug")
    assert not any("Nils Haug" in seen.words for seen in one.private)


def chat_of(person: Person) -> str:
    if isinstance(person, SlackPerson):
        return person.user.workspace.dm(person.user).id
    assert isinstance(person, TeamsPerson)
    return person.user.chat.id


@BOTH
def test_nobody_else_can_confirm_whatever_their_client_sends(
    world: World, name: str, ingrid: Person
) -> None:
    one, other = world.person(name), elsewhere(world, name)
    types(other, gets_code(one))
    ingrid.asks(QUESTION)
    asked = str(world.count("SELECT max(id) FROM link"))
    stranger = world.count("SELECT id FROM account WHERE name = 'Ingrid Vik'")
    giver, taker = (world.count(f"SELECT {side} FROM link") for side in ("giver", "taker"))  # noqa: S608
    for action in (linking.CONFIRM, linking.REFUSE):
        for value in (asked, "", "1'; DROP TABLE link", "9" * 30, "²"):
            for somebody in (stranger, giver):  # It is not the giver's turn yet.
                press(world, somebody, action, value)
    assert world.count("SELECT count(*) FROM link WHERE state = 'taken'") == 1
    press(world, taker, linking.CONFIRM, asked)
    press(world, taker, linking.CONFIRM, asked)
    press(world, taker, linking.REFUSE, asked)
    assert world.count("SELECT count(*) FROM link WHERE state = 'half'") == 1
    assert len(members(world, name)) == 1


def press(world: World, id: int, action: str, value: str) -> None:
    """As a client of this account may send it, whatever stands before the person."""
    with world.village.mellom.writers.begin() as uow:
        row = uow.connection.execute(select(account).where(account.c.id == id)).one()
    who = Author(row.platform, row.tenant, row.user, name=row.name, address=row.address)
    pressed = Pressed(
        key=secrets.token_hex(8),
        at=world.clock(),
        place=Place(row.installation, f"direct {id}", direct=True),
        person=who,
        action=action,
        value=value,
    )
    world.act(world.village.mellom.writers.take(pressed))


def test_a_code_of_another_network_is_like_a_wrong_one_and_lets_nobody_in(
    world: World, kari: Person
) -> None:
    other = elsewhere(world, "Kari Nilsen")
    with world.village.mellom.writers.begin() as uow:
        south = networks.create_network(uow, "Sør", "nb")
        organisation = networks.add_organisation(
            uow, network=south, name="Alta i Sør", country="no", language="nb"
        )
        secret = joining.keep_code(uow, network=south, organisation=organisation, role="reader")
    other.writes_privately(f"join {secret}")
    for _ in range(5):
        types(other, gets_code(kari))
        assert "Kari Nilsen" not in other.private[-1].words
        assert says(other, "wrong") in other.private[-1].words
    assert world.count("SELECT count(*) FROM guess") == 5
    assert not asked_to_confirm(other)
    assert len(members(world, "Kari Nilsen")) == 1


def test_a_network_that_only_one_is_in_stays_as_it_is(world: World, kari: Person) -> None:
    other = elsewhere(world, "Kari Nilsen")
    other.asks(QUESTION)
    with world.village.mellom.writers.begin() as uow:
        south = networks.create_network(uow, "Sør", "nb")
        organisation = networks.add_organisation(
            uow, network=south, name="Alta i Sør", country="no", language="nb"
        )
        secret = joining.keep_code(
            uow, network=south, organisation=organisation, role="facilitator"
        )
    kari.writes_privately(f"join {secret}")
    types(other, gets_code(kari))
    assert not any("Alta i Sør" in seen.words for seen in other.private)
    other.presses(YES, on=says(other, "own"), privately=True)
    kari.presses(YES, on=says(kari, "own"), privately=True)
    assert len(set(members(world, "Kari Nilsen"))) == 1
    assert world.count(f"SELECT count(*) FROM membership WHERE network = {south}") == 1  # noqa: S608


@BOTH
def test_the_code_is_kept_nowhere(
    world: World, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    one, other = world.person(name), elsewhere(world, name)
    code = gets_code(one)
    types(other, code)
    assert code not in caplog.text
    with world.village.mellom.writers.begin() as uow:
        for table in metadata.sorted_tables:
            kept = str(uow.connection.execute(select(table)).all())
            assert code not in kept, table.name
            assert code.replace("-", "") not in kept, table.name


def test_links_and_wrong_codes_are_forgotten(world: World, kari: Person) -> None:
    other = elsewhere(world, "Kari Nilsen")
    types(other, "ABCDE-FGHJK")
    link(kari, other)
    world.clock.move(days=91)
    with world.village.mellom.writers.begin() as uow:
        retention.tidy(uow)
    for what in ("link", "guess", "post WHERE kind LIKE 'link%'"):
        assert world.count(f"SELECT count(*) FROM {what}") == 0  # noqa: S608
    assert len(set(members(world, "Kari Nilsen"))) == 1
