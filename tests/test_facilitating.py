"""Whoever runs a network sees how it stands: their card in private, and on their home."""

from __future__ import annotations

from itertools import product

import pytest
from sqlalchemy import text

from adapters.playground import faults
from adapters.playground.village import Town
from bot.cards import Tell
from bot.features import appointing, charge, curating, joining, pausing
from bot.incoming import Person as Author
from bot.incoming import Place, Pressed
from storage import networks
from tests.conversation import Person, Room, SlackPerson, SlackRoom, World
from tests.test_welcoming import role

QUESTION = "Hvordan får dere liv i tavlemøtene?"
WORD = {"nb": "nettverket", "da": "netværket"}
RUNS_IT = {"nb": "For deg som leder nettverket", "da": "For dig, der leder netværket"}
HAMAR = Town("Hamar kommune", "slack", "no", "nb", ("Siri Lie",))


@pytest.fixture
def ingrid(world: World) -> Person:
    """Runs the network, on Slack."""
    person = world.person("Ingrid Vik")
    role(world, person, "Bodø kommune", "facilitator")
    return person


@pytest.fixture
def lars(world: World) -> Person:
    """Runs the network too, on Teams."""
    person = world.person("Lars Krogh")
    role(world, person, "Randers Kommune", "facilitator")
    return person


def card(person: Person, language: str = "nb") -> str:
    """What is told to whoever asks how the network stands."""
    person.writes_privately(WORD[language])
    return person.private[-1].words


def test_the_card_tells_how_the_network_stands_on_both_platforms(
    ingrid: Person, lars: Person
) -> None:
    seen = card(ingrid)
    assert "Nord" in seen
    assert RUNS_IT["nb"] in seen
    assert "Nettverksledere: Ingrid Vik, Lars Krogh" in " ".join(seen.split())
    assert "ingen ennå" in seen
    for channel in ("Alta kommune", "Aarhus Kommune", "Bodø kommune", "Randers Kommune"):
        assert f"{channel}: alt i orden" in seen
    assert "tirsdag 19. januar kl. 10.0" in seen
    assert "Alta kommune: alt i orden" in card(lars, "da")


def test_others_get_their_overview_and_no_card(kari: Person, jens: Person, ingrid: Person) -> None:
    assert RUNS_IT["nb"] in card(ingrid)
    for person, language in ((kari, "nb"), (jens, "da")):
        assert RUNS_IT[language] not in card(person, language)


def test_the_word_is_no_question_and_shows_no_card_in_a_channel(
    world: World, ingrid: Person, kari: Person, bodo: Room, alta: Room, aarhus: Room
) -> None:
    ingrid.asks("nettverket")
    bodo.sees("Bare du ser det")
    kari.asks("nettverket")
    alta.does_not_see("Bare du ser det")
    bodo.does_not_see(RUNS_IT["nb"])
    aarhus.does_not_see("nettverket,")
    assert world.count("SELECT count(*) FROM thread") == 0
    ingrid.presses("Nettverket", on="Bare du ser det")
    ingrid.is_told(RUNS_IT["nb"], "Aarhus Kommune: alt i orden")


def test_the_word_in_a_thread_is_no_answer(
    world: World, kari: Person, lars: Person, randers: Room
) -> None:
    kari.asks(QUESTION)
    lars.replies("@Mellom netværket", under="tavlemøtene")
    randers.sees("Kun du ser det", under="tavlemøtene")
    assert world.count("SELECT count(*) FROM reply") == 0
    lars.presses("Netværket", on="Kun du ser det")
    lars.is_told(RUNS_IT["da"], "Alta kommune: alt i orden")


def test_the_command_shows_it_to_nobody_else(kari: SlackPerson, ingrid: SlackPerson) -> None:
    ingrid.commands("nettverket")
    ingrid.is_told(RUNS_IT["nb"])
    kari.commands("nettverket")
    assert RUNS_IT["nb"] not in kari.told


@pytest.mark.parametrize(
    "label", ["Nettverket", "Deltakere", "Temaer", "Sett Mellom på pause", "Lagre"]
)
def test_a_press_of_somebody_else_opens_nothing(
    label: str, world: World, kari: Person, ingrid: Person
) -> None:
    """What stands on a card is looked up again: she had the role when it was drawn."""
    ingrid.asks("nettverket")
    ingrid.writes_privately("nettverket")
    if label == "Lagre":
        ingrid.presses("Deltakere", on=RUNS_IT["nb"], privately=True)
        ingrid.sends_form(person=str(member(world, "Kari Nilsen")))
    world.change("UPDATE member SET role = 'member'")
    if label == "Lagre":
        ingrid.sends_form(role="facilitator")
    elif label == "Nettverket":
        ingrid.presses(label, on="Bare du ser det")
    else:
        ingrid.presses(label, on=RUNS_IT["nb"], privately=True)
    ingrid.is_told("Bare den som leder nettverket")
    assert world.count("SELECT count(*) FROM member WHERE role = 'facilitator'") == 0


def member(world: World, name: str) -> int:
    return world.count(
        "SELECT member FROM membership JOIN account ON account.id = membership.account "  # noqa: S608
        f"WHERE account.name = '{name}'"
    )


def test_a_deputy_has_the_card_while_every_facilitator_is_away(
    world: World, jens: Person, ingrid: Person
) -> None:
    jens.says("@Mellom hjælp")
    world.change(f"UPDATE member SET deputy = 1 WHERE id = {member(world, 'Jens Holm')}")  # noqa: S608
    assert RUNS_IT["da"] not in card(jens, "da")
    away(ingrid, "2027-01-19", "2027-02-01")
    assert "Ingrid Vik (tilbage mandag den 1. februar)" in card(jens, "da")
    assert RUNS_IT["nb"] in card(ingrid)
    world.later(days=14)
    assert RUNS_IT["da"] not in card(jens, "da")


def away(person: Person, begins: str, ends: str) -> None:
    person.writes_privately("innstillinger")
    person.presses("Mine innstillinger", on="arbeidsdager", privately=True)
    person.sends_form(away_from=begins, away_until=ends)


def test_a_channel_that_cannot_be_reached_is_named_first_with_what_to_do(
    world: World, ingrid: Person, kari: Person, alta: SlackRoom, lars: Person
) -> None:
    kari.asks("Hvem leder tavlemøtene hos dere?")
    broken = faults.error("not_in_channel")
    world.slack.faults.add(broken, method="chat.postMessage", conversation=alta.channel.id, times=9)
    lars.asks("Hvor længe varer jeres tavlemøder?")
    seen = card(ingrid)
    assert "Alta kommune: har ikke vært å nå siden kl. 10.0" in seen
    assert seen.index("Alta kommune") < seen.index("Aarhus Kommune")
    assert "legge meg til i kanalen" in seen
    world.later(days=1)
    assert "Alta kommune: har ikke kunnet nås siden tirsdag den 19. januar kl. 10.0" in card(
        lars, "da"
    )


def test_a_channel_whose_platform_is_down_is_behind(
    world: World, ingrid: Person, lars: Person, alta: SlackRoom
) -> None:
    down = faults.drop_before()
    world.slack.faults.add(down, method="chat.postMessage", conversation=alta.channel.id, times=99)
    lars.asks("Hvor længe varer jeres tavlemøder?")
    world.later(minutes=14)
    seen = card(ingrid)
    assert "Alta kommune: henger etter siden kl. 10.0" in seen
    assert seen.index("Alta kommune:") < seen.index("Aarhus Kommune:")
    world.slack.faults.heal()
    world.later(minutes=20)
    assert "Alta kommune: alt i orden" in card(ingrid)


def test_the_other_states(world: World, ingrid: Person) -> None:
    world.change("UPDATE room SET reads = 'mentions' WHERE id = 1")
    told = Town("Tromsø kommune", "slack", "no", "nb", ())
    world.act(world.village.tell(told, "Bjarne Falk"))
    siri = world.opens(HAMAR).person("Siri Lie")
    with world.village.mellom.writers.begin() as uow:
        made = networks.add_organisation(
            uow, network=1, name="Hamar kommune", country="no", language="nb"
        )
        code = joining.keep_code(uow, network=1, organisation=made, role=None)
    siri.says(f"@Mellom join {code}")
    seen = card(ingrid)
    for state in (
        "Alta kommune: leser bare det som nevner Mellom",
        "Hamar kommune: venter på å bli bekreftet",
        "Tromsø kommune: én vei",
    ):
        assert state in seen
    order = ["leser bare", "venter på", "én vei", "alt i orden"]
    assert sorted(order, key=seen.index) == order


def test_the_card_of_before_becomes_a_small_menu(ingrid: Person) -> None:
    card(ingrid)
    card(ingrid)
    shown = [seen for seen in ingrid.private if RUNS_IT["nb"] in seen.words]
    assert len(shown) == 1


def test_the_home_begins_with_it_and_leads_to_the_card(ingrid: SlackPerson, kari: Person) -> None:
    ingrid.opens_home()
    assert "Alt er i orden i 4 kanaler" in ingrid.home
    assert ingrid.home.index(RUNS_IT["nb"]) < ingrid.home.index("Mine åpne spørsmål")
    ingrid.presses_at_home("Nettverket", on="Alt er i orden")
    ingrid.is_told(RUNS_IT["nb"], "Aarhus Kommune: alt i orden")
    ingrid.presses_in_form("Temaer")
    assert ingrid.form is not None
    assert "Det spørsmål kan handle om" in ingrid.form
    assert isinstance(kari, SlackPerson)
    kari.opens_home()
    assert RUNS_IT["nb"] not in kari.home


def test_the_overview_in_a_chat_begins_with_it_too(world: World, lars: Person) -> None:
    world.change("UPDATE room SET reads = 'mentions' WHERE id = 1")
    lars.writes_privately("hej")
    seen = lars.private[-1].words
    assert "Alta kommune: læser kun" in seen
    assert "I 3 andre kanaler er alt i orden" in seen
    lars.presses("Netværket", on=RUNS_IT["da"], privately=True)
    lars.is_told("Aarhus Kommune: alt i orden")
    lars.presses_in_form("Temaer")
    assert lars.form is not None
    assert "Det, spørgsmål kan handle om" in lars.form


def test_who_runs_one_network_runs_no_other(world: World, ingrid: Person) -> None:
    """She is a member of the other one, too."""
    with world.village.mellom.writers.begin() as uow:
        other = networks.create_network(uow, "Sør", "nb")
        made = networks.add_organisation(
            uow, network=other, name="Sørby kommune", country="no", language="nb"
        )
        code = joining.keep_code(uow, network=other, organisation=made, role="coordinator")
    ingrid.writes_privately(f"join {code}")
    world.change(f"UPDATE member SET role = 'facilitator' WHERE network = {other}")  # noqa: S608
    ingrid.writes_privately("nettverket")
    world.change(f"UPDATE member SET role = 'coordinator' WHERE network = {other}")  # noqa: S608
    ingrid.presses("Sett Mellom på pause", on="Sør", privately=True)
    ingrid.is_told("Bare den som leder nettverket")
    ingrid.presses("Sett Mellom på pause", on="Nord", privately=True)
    ingrid.sends_form()
    assert world.count("SELECT count(*) FROM network WHERE paused_at IS NOT NULL") == 1
    assert world.count(f"SELECT count(paused_at) FROM network WHERE id = {other}") == 0  # noqa: S608


def test_a_network_that_a_card_names_falsely_is_not_opened(
    world: World, ingrid: Person, lars: Person
) -> None:
    with world.village.mellom.writers.begin() as uow:
        other = networks.create_network(uow, "Sør", "nb")
        networks.add_organisation(
            uow, network=other, name="Sørby kommune", country="no", language="nb"
        )
    actions = (charge.NETWORK, appointing.PEOPLE, curating.THEMES, pausing.PAUSE)
    for person, action, network in product((ingrid, lars), actions, ("2", "0", "", "x", "9" * 40)):
        answer = world.act(world.village.mellom.writers.take(forged(person, action, network)))
        assert isinstance(answer, Tell)
        told = answer.card.plain()
        assert told.startswith(("Bare den som leder", "Kun den, der leder"))


def forged(person: Person, action: str, value: str) -> Pressed:
    """What a client might send that says of itself what it likes."""
    statement = text('SELECT platform, tenant, "user" FROM account WHERE name = :name')
    with person.world.village.mellom.writers.begin() as uow:
        row = uow.connection.execute(statement, {"name": person.name}).one()
    return Pressed(
        key=f"{person.name}:{action}",
        at=person.world.clock(),
        place=Place(1, f"D {person.name}", direct=True),
        person=Author(row[0], row[1], row[2], name=person.name),
        action=action,
        value=value,
    )


def test_nothing_tells_how_active_anybody_is(
    world: World, ingrid: Person, kari: Person, jens: Person
) -> None:
    kari.asks(QUESTION)
    jens.replies("Vi spørger hvorfor.", under="tavlemøtene")
    seen = card(ingrid)
    assert "Deltakere" in seen
    assert "Kari" not in seen
    assert "Jens" not in seen
