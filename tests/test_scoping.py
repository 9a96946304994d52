"""What crosses stays inside one network, in rooms that are open, under the right name."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from adapters.playground import faults
from adapters.playground.slack.world import Channel as SlackChannel
from bot.features import joining
from bot.incoming import Person as Author
from bot.incoming import Place, Said
from bot.text import Text
from storage import installations, networks
from tests.conversation import Person, Room, SlackPerson, SlackRoom, TeamsPerson, TeamsRoom, World


@pytest.fixture
def asked(kari: Person) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")


def leave_and_return(world: World, room: SlackRoom) -> None:
    world.act(world.slack.remove_bot(room.channel))
    world.act(world.slack.invite_bot(room.channel))


@pytest.mark.usefixtures("asked")
def test_a_room_that_left_hears_nothing_more_and_nothing_of_it_crosses(
    world: World, bodo: SlackRoom, alta: Room, jens: Person, ingrid: Person
) -> None:
    leave_and_return(world, bodo)
    jens.replies("Vi spørger hvorfor.", under="tavlemøtene")
    bodo.does_not_see("hvorfor")
    ingrid.replies("Vi bytter leder.", under="tavlemøtene")
    alta.does_not_see("bytter leder")


@pytest.mark.usefixtures("asked")
def test_an_edit_does_not_reach_a_room_that_left_but_a_withdrawal_does(
    world: World, bodo: SlackRoom, aarhus: Room, kari: Person
) -> None:
    leave_and_return(world, bodo)
    kari.edits("liv i", to="@Mellom Hvordan holder dere tavlemøtene korte?")
    aarhus.sees("tavlemøtene korte?")
    bodo.does_not_see("tavlemøtene korte?")
    kari.deletes("korte")
    bodo.does_not_see("liv i tavlemøtene")


@pytest.mark.usefixtures("asked")
def test_what_was_behind_in_a_room_that_left_is_taken_away_there_all_the_same(
    world: World, bodo: SlackRoom, kari: Person, jens: Person
) -> None:
    jens.replies("Vi spørger hvorfor.", under="tavlemøtene")
    slow = faults.rate_limited(30)
    world.slack.faults.add(slow, method="chat.update", conversation=bodo.channel.id, times=2)
    kari.edits("liv i", to="@Mellom Hvordan holder dere tavlemøtene korte?")
    jens.edits("hvorfor", to="Vi spørger hvordan.")
    bodo.sees("liv i tavlemøtene")
    leave_and_return(world, bodo)
    kari.deletes("korte")
    jens.deletes("hvordan")
    world.later(minutes=2)
    bodo.does_not_see("liv i tavlemøtene")
    bodo.does_not_see("Vi spørger")


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("name", ["Ingrid Vik", "Jens Holm"])
def test_whoever_sends_an_answer_from_a_room_that_left_is_told_that_it_went_nowhere(
    world: World, alta: Room, name: str
) -> None:
    author = world.person(name)
    author.opens_form("Svar", on="tavlemøtene")
    channel = author.room.inner.channel
    if isinstance(channel, SlackChannel):
        world.act(world.slack.archive(channel))
    else:
        world.act(world.teams.delete_channel(channel))
    author.sends_form(answer="Vi bytter leder hver uke.")
    author.is_told("@Mellom")
    alta.does_not_see("bytter leder")


@pytest.mark.usefixtures("asked")
def test_a_room_that_joined_another_network_is_no_window_into_the_first(
    world: World, bodo: SlackRoom, alta: Room, jens: Person, ingrid: Person
) -> None:
    leave_and_return(world, bodo)
    with world.village.mellom.writers.begin() as uow:
        other = networks.create_network(uow, "Sør", "nb")
        organisation = networks.add_organisation(
            uow, network=other, name="Bodø i Sør", country="no", language="nb"
        )
        code = joining.keep_code(uow, network=other, organisation=organisation, role=None)
    ingrid.says(f"@Mellom join {code}")
    ingrid.presses("Bekreft og koble til", on="Sør")
    jens.replies("Vi spørger hvorfor.", under="tavlemøtene")
    bodo.does_not_see("hvorfor")
    ingrid.replies("Vi bytter leder.", under="tavlemøtene")
    alta.does_not_see("bytter leder")
    ingrid.asks("Hvem er med her i Sør?")
    alta.does_not_see("her i Sør")


def test_a_thread_of_another_network_cannot_be_named_in_a_button(
    world: World, kari: Person, jens: TeamsPerson
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    with world.village.mellom.writers.begin() as uow:
        other = networks.create_network(uow, "Sør", "nb")
        uow.connection.execute(text("UPDATE thread SET network = :n"), {"n": other})
    jens.presses("Svar", on="tavlemøtene")
    assert jens.form is None


def test_members_of_an_organisation_that_left_ask_no_more(
    world: World, bodo: SlackRoom, alta: Room, ingrid: SlackPerson
) -> None:
    ingrid.asks("Hvem leder tavlemøtene hos dere?")
    world.act(world.slack.remove_bot(bodo.channel))
    ingrid.commands("spør Hvordan får dere liv i tavlemøtene?")
    alta.does_not_see("liv i tavlemøtene")


def test_a_guest_speaks_for_the_organisation_they_come_from(
    world: World, bodo: SlackRoom, alta: SlackRoom, aarhus: Room
) -> None:
    with world.village.mellom.writers.begin() as uow:
        installation = {row.tenant: row.id for row in installations.every(uow, "slack")}
    home = bodo.channel.workspace.team_id
    said = Said(
        key="slack:guest",
        at=world.clock(),
        place=Place(installation[alta.channel.workspace.team_id], alta.channel.id),
        person=Author("slack", home, "U0GUEST", name="Nils Haug"),
        message="1.000100",
        text=Text.of("Hva gjør dere når ingen kommer?"),
        addressed=True,
    )
    world.act(world.village.mellom.writers.take(said))
    aarhus.sees("Nils Haug · Bodø kommune", "ingen kommer")


def test_a_wrong_code_is_never_taken_for_a_question(kari: Person, aarhus: Room, alta: Room) -> None:
    kari.says("@Mellom join ABCDE-FGHJ")
    alta.sees("koden", under="ABCDE")
    aarhus.does_not_see("ABCDE")


def test_a_question_that_begins_with_a_word_like_a_command_is_a_question(
    kari: Person, aarhus: Room
) -> None:
    kari.says("@Mellom hjelp oss med tavlemøtene, hvordan får dere liv i dem?")
    aarhus.sees("Kari Nilsen", "hjelp oss med tavlemøtene")


def test_a_form_has_no_message_so_its_card_is_where_its_author_mends_it(
    kari: SlackPerson, world: World, aarhus: Room, bodo: Room, alta: Room
) -> None:
    kari.commands("spør Hvordan får dere liv i tavlemøtene?")
    kari.opens_form("Endre eller trekk", on="liv i tavlemøtene")
    kari.sends_form(text="Hvordan holder dere tavlemøtene korte?")
    for room in (alta, aarhus, bodo):
        room.sees("Kari Nilsen", "tavlemøtene korte?")
        room.does_not_see("liv i tavlemøtene")
    assert bodo.sees("korte?").words.count("Endre eller trekk") == 0

    kari.opens_form("Endre eller trekk", on="tavlemøtene korte?")
    kari.sends_form(text="")
    aarhus.does_not_see("tavlemøtene korte?")
    assert world.count("SELECT count(*) FROM thread WHERE state = 'withdrawn'") == 1


def test_an_answer_by_form_can_be_withdrawn_by_its_author_alone(
    kari: Person, jens: TeamsPerson, world: World, aarhus: TeamsRoom, alta: Room
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    jens.opens_form("Svar", on="tavlemøtene")
    jens.sends_form(answer="Vi spørger altid.")
    mette = aarhus.person("Mette Lund")
    mette.presses("Ret eller træk tilbage", on="Vi spørger altid.")
    mette.is_told("Kun den")
    alta.sees("Vi spørger altid.")
    jens.opens_form("Ret eller træk tilbage", on="Vi spørger altid.")
    jens.sends_form(text="")
    alta.does_not_see("Vi spørger altid.")
    aarhus.does_not_see("Vi spørger altid.")
