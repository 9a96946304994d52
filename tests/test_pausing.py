"""One switch stops everything that Mellom does by itself, and every channel sees it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from adapters.playground import faults
from adapters.playground.village import Town
from bot import dispatch
from bot.features import joining, pausing
from bot.incoming import Person as Author
from bot.incoming import Place, Submitted
from bot.language import speak
from storage import networks
from storage.unit_of_work import connect
from tests.conversation import Person, Room, SlackPerson, World
from tests.operators import Operator
from tests.test_facilitating import RUNS_IT, card
from tests.test_facilitating import ingrid as ingrid
from tests.test_facilitating import lars as lars
from tests.test_welcoming import role

PAUSE = {"nb": "Sett Mellom på pause", "da": "Sæt Mellom på pause"}
END = {"nb": "Avslutt pausen", "da": "Afslut pausen"}
PAUSED = {"nb": "satte meg på pause", "da": "satte mig på pause"}
OVER = {"nb": "Jeg var på pause fra", "da": "Jeg var på pause fra"}
QUESTION = "Hvordan får dere liv i tavlemøtene?"


def switches(person: Person, label: str, language: str = "nb") -> None:
    """With the button on the card, and the form that says what it does."""
    card(person, language)
    person.presses(label, on=RUNS_IT[language], privately=True)
    person.sends_form()


@pytest.mark.parametrize(("name", "language"), [("Ingrid Vik", "nb"), ("Lars Krogh", "da")])
def test_every_channel_sees_who_has_paused_it_and_when_that_is_over(
    name: str, language: str, world: World, ingrid: Person, lars: Person
) -> None:
    person = {"Ingrid Vik": ingrid, "Lars Krogh": lars}[name]
    switches(person, PAUSE[language], language)
    for room in world.rooms.values():
        room.sees_once(f"{name} {PAUSED[room.inner.town.language]}", "19. januar kl. 10.0")
    standing = {town: len(room.everything) for town, room in world.rooms.items()}
    world.later(days=1)
    switches(person, END[language], language)
    for town, room in world.rooms.items():
        room.sees_once(OVER[room.inner.town.language], "19. januar kl. 10.0", "20. januar")
        room.does_not_see(PAUSED[room.inner.town.language])
        assert len(room.everything) == standing[town]


def test_what_people_write_crosses_and_what_mellom_would_write_waits(
    world: World, ingrid: Person, kari: Person, jens: Person, aarhus: Room, alta: Room
) -> None:
    role(world, jens, "Aarhus Kommune", "coordinator")
    world.later(days=7)
    switches(ingrid, PAUSE["nb"])
    before = len(jens.private)
    world.person("Ola Berg").asks(QUESTION)
    aarhus.sees("Ola Berg · Alta kommune", "tavlemøtene")
    jens.replies("Vi spørger hvorfor.", under="tavlemøtene")
    alta.sees("Jens Holm · Aarhus Kommune", "hvorfor", under="tavlemøtene")
    world.later(days=2)
    assert len(jens.private) == before
    assert world.person("Ola Berg").private == []
    switches(ingrid, END["nb"])
    assert len(world.person("Ola Berg").private) == 2  # The welcome and the answer waited.


def test_pressed_twice_it_is_one_pause(world: World, ingrid: Person, alta: Room) -> None:
    switches(ingrid, PAUSE["nb"])
    card(ingrid)
    world.change("UPDATE network SET paused_at = NULL")
    ingrid.presses(END["nb"], on=RUNS_IT["nb"], privately=True)
    ingrid.sends_form()
    ingrid.is_told("Mellom er ikke på pause.")
    alta.sees_once("Ingrid Vik satte meg på pause")


def test_the_other_facilitator_is_told_who_was_quicker(
    ingrid: Person, lars: Person, aarhus: Room
) -> None:
    card(lars, "da")
    lars.presses(PAUSE["da"], on=RUNS_IT["da"], privately=True)
    switches(ingrid, PAUSE["nb"])
    lars.sends_form()
    lars.is_told("Ingrid Vik satte mig på pause")
    aarhus.sees_once("satte mig på pause")


def test_two_at_once_make_one_pause(
    database_url: str, world: World, ingrid: Person, lars: Person
) -> None:
    both = [_pressing(person, number) for number, person in enumerate((ingrid, lars))]
    database = connect(database_url)
    clock = world.clock()

    def take(incoming: Submitted) -> object:
        return dispatch.receive(incoming, lambda: database.begin(clock))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(take, both))
    database.close()
    assert world.count("SELECT count(*) FROM notice WHERE name = 'paused'") == 1
    assert world.count("SELECT count(*) FROM network WHERE paused_at IS NOT NULL") == 1


def _pressing(person: Person, number: int) -> Submitted:
    slack = isinstance(person, SlackPerson)
    return Submitted(
        key=f"twice {number}",
        at=person.world.clock(),
        place=Place(1, f"D{number}", direct=True),
        person=_account(person, "slack" if slack else "teams"),
        form=pausing.PAUSE,
        subject="1",
        values={},
    )


def _account(person: Person, platform: str) -> Author:
    from sqlalchemy import text

    statement = text('SELECT tenant, "user" FROM account WHERE name = :name')
    with person.world.village.mellom.writers.begin() as uow:
        tenant, user = uow.connection.execute(statement, {"name": person.name}).one()
    return Author(platform, tenant, user, name=person.name)


def test_a_channel_that_joins_meanwhile_sees_it_too(world: World, ingrid: Person) -> None:
    switches(ingrid, PAUSE["nb"])
    hamar = world.opens(Town("Hamar kommune", "slack", "no", "nb", ("Siri Lie",)))
    with world.village.mellom.writers.begin() as uow:
        made = networks.add_organisation(
            uow, network=1, name="Hamar kommune", country="no", language="nb"
        )
        code = joining.keep_code(uow, network=1, organisation=made, role=None)
    siri = hamar.person("Siri Lie")
    siri.says(f"@Mellom join {code}")
    siri.presses("Bekreft og koble til", on="Mellom for Nord")
    hamar.sees_once("Ingrid Vik satte meg på pause")
    switches(ingrid, END["nb"])
    hamar.sees_once("Jeg var på pause fra")
    hamar.does_not_see("satte meg på pause")


def test_the_home_of_everybody_tells_it(kari: SlackPerson, ingrid: Person, jens: Person) -> None:
    switches(ingrid, PAUSE["nb"])
    jens.asks("Hvem leder jeres tavlemøder?")
    kari.opens_home()
    assert "Ingrid Vik satte meg på pause" in kari.home
    jens.writes_privately("hej")
    assert "Ingrid Vik satte mig på pause" in jens.private[-1].words
    switches(ingrid, END["nb"])
    assert "satte mig på pause" not in jens.private[-1].words  # It stands in his chat, and follows.


def test_a_pause_can_be_ended_after_months(world: World, ingrid: Person, alta: Room) -> None:
    switches(ingrid, PAUSE["nb"])
    for _ in range(10):
        world.later(days=12)
    with world.village.mellom.writers.begin() as uow:
        from storage import retention

        retention.tidy(uow)
    switches(ingrid, END["nb"])
    alta.sees_once("Jeg var på pause fra tirsdag 19. januar")


def test_an_operator_sees_it(operator: Operator, database_url: str, ingrid: Person) -> None:
    operator.sets(DATABASE_URL=database_url)
    assert "paused" not in operator.succeeds("network", "list")
    switches(ingrid, PAUSE["nb"])
    listed = operator.succeeds("network", "list").splitlines()
    assert listed[0] == "Nord (nb)"
    assert listed[1].startswith("  paused since Tuesday 19 January")


def test_the_form_says_what_is_stopped_and_what_is_not() -> None:
    form = pausing.form(pausing.PAUSE, 1, speak("nb"))
    assert "Det folk spør om og svarer, går fortsatt fram" in form.text.plain()


def test_whoever_reads_another_language_better_can_read_it_in_that(
    ingrid: Person, kari: Person
) -> None:
    switches(ingrid, PAUSE["nb"])
    kari.presses("Vis på dansk", on="satte meg på pause")
    kari.is_told("Ingrid Vik satte mig på pause")


PAUSED_ONE_WAY = {"slack": "Jeg ble satt på pause", "teams": "Jeg blev sat på pause"}
TOWNS = pytest.mark.parametrize(
    "town",
    [
        Town("Hamar kommune", "slack", "no", "nb", ()),
        Town("Vejle Kommune", "teams", "dk", "da", ()),
    ],
    ids=["slack", "teams"],
)


@TOWNS
def test_a_channel_that_only_gets_notes_is_told_of_a_pause_and_then_of_its_end(
    town: Town, world: World, ingrid: Person, kari: Person
) -> None:
    board = world.act(world.village.tell(town, "Bjarne Falk"))
    switches(ingrid, PAUSE["nb"])
    assert [PAUSED_ONE_WAY[town.platform] in words for words in board.words] == [False, True]
    assert "19. januar kl. 10.0" in board.words[-1]
    assert "Ingrid" not in board.words[-1]  # It could not be taken away.
    kari.asks(QUESTION)
    assert "Q-1" in board.words[-1]
    world.later(days=1)
    switches(ingrid, END["nb"])
    assert len(board.notes) == 4
    assert OVER[town.language] in board.words[-1]


@TOWNS
def test_a_channel_that_gets_its_first_note_during_a_pause_is_told_so(
    town: Town, world: World, ingrid: Person
) -> None:
    switches(ingrid, PAUSE["nb"])
    board = world.act(world.village.tell(town, "Bjarne Falk"))
    assert len(board.notes) == 2
    assert PAUSED_ONE_WAY[town.platform] in board.words[-1]


def test_a_pause_that_is_over_before_it_could_be_told_is_told_once(
    world: World, ingrid: Person
) -> None:
    town = Town("Hamar kommune", "slack", "no", "nb", ())
    board = world.act(world.village.tell(town, "Bjarne Falk"))
    world.village.webhooks.faults.add(faults.rate_limited(600), conversation=board.name, times=1)
    switches(ingrid, PAUSE["nb"])
    switches(ingrid, END["nb"])
    world.later(minutes=30)
    assert len(board.notes) == 2
    assert OVER["nb"] in board.words[-1]
