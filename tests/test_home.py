"""The home: what is open for one person, on Slack's own page for it and in a chat on Teams."""

from __future__ import annotations

import pytest

from adapters.playground import faults
from bot.features import joining
from storage import UnitOfWork, networks
from tests.conversation import Person, Room, SlackPerson, TeamsPerson, World
from tests.numbers import norwegian_number

OWN, WAITING, NETWORK = "Mine åpne spørsmål", "Venter på svar", "I nettverket"
TAVLE = "Hvordan får dere liv i tavlemøtene?"
GEVINST = "Hvordan måler dere gevinster på én side?"


def parts(words: str) -> dict[str, str]:
    """What stands under each heading."""
    own, rest = words.split(OWN)[1].split(WAITING)
    waiting, _, network = rest.partition(NETWORK)
    return {OWN: own, WAITING: waiting, NETWORK: network}


def test_the_home_shows_what_is_open(kari: SlackPerson, jens: Person, ingrid: Person) -> None:
    kari.asks(TAVLE)
    jens.says("@Mellom Hvem leder jeres tavlemøder?")
    ingrid.asks(GEVINST)
    jens.replies("Vi viser tre tal.", under="gevinster")
    kari.opens_home()
    seen = parts(kari.home)
    assert "Nord" in kari.home
    assert "Alta kommune" in kari.home
    assert "Q-1 · Hvordan får dere liv" in seen[OWN]
    assert "ingen svar ennå" in seen[OWN]
    assert "Q-2 · Hvem leder" in seen[WAITING]
    assert "Jens Holm · Aarhus Kommune" in seen[WAITING]
    assert "Q-3 · Hvordan måler" in seen[NETWORK]
    assert "1 svar" in seen[NETWORK]
    assert kari.home.count("tavlemøtene?") == 1


def test_an_empty_home_says_something_useful(kari: SlackPerson) -> None:
    kari.opens_home()
    assert "Et lite spørsmål er en god begynnelse." in kari.home
    assert "[Still et spørsmål]" in kari.home


def test_the_oldest_question_waits_first_and_colleagues_questions_do_not(
    kari: SlackPerson, jens: Person, lars: Person, world: World
) -> None:
    world.person("Ola Berg").asks("Hvem lager agendaen til tavlemøtet?")
    jens.asks("Hvem leder jeres tavlemøder?")
    lars.asks("Hvor længe varer jeres tavlemøder?")
    kari.opens_home()
    waiting = parts(kari.home)[WAITING]
    assert waiting.index("Hvem leder") < waiting.index("Hvor længe")
    assert "agendaen" not in waiting


def test_a_word_or_two_is_no_answer_to_a_question_that_waits(
    kari: SlackPerson, jens: Person
) -> None:
    jens.asks("Hvem leder jeres tavlemøder?")
    kari.replies("God sak!", under="tavlemøder")
    kari.opens_home()
    waiting = parts(kari.home)[WAITING]
    assert "Hvem leder" in waiting
    assert "ingen svar ennå" in waiting


def test_a_stranger_reads_what_to_do(world: World) -> None:
    ola = world.person("Ola Berg")
    assert isinstance(ola, SlackPerson)
    ola.opens_home()
    assert "delta KODE" in ola.home
    assert OWN not in ola.home


def test_asking_from_the_home_draws_it_anew(kari: SlackPerson, aarhus: Room) -> None:
    kari.opens_home()
    kari.presses_at_home("Still et spørsmål")
    kari.sends_form(question=TAVLE)
    kari.confirms()
    kari.is_told("Q-1")
    aarhus.sees("Kari Nilsen · Alta kommune", "tavlemøtene")
    assert "Q-1 · Hvordan får dere liv" in parts(kari.home)[OWN]


def test_answering_from_the_home_draws_it_anew(
    kari: SlackPerson, jens: Person, aarhus: Room
) -> None:
    jens.asks("Hvem leder jeres tavlemøder?")
    kari.opens_home()
    kari.presses_at_home("Les", on="Hvem leder")
    kari.sends_form(answer="Vi bytter hver uke.")
    aarhus.sees("Kari Nilsen · Alta kommune", "Vi bytter hver uke.", under="Hvem leder")
    seen = parts(kari.home)
    assert "Hvem leder" not in seen[WAITING]
    assert "1 svar" in seen[NETWORK]


def test_a_number_in_an_answer_from_the_home_comes_back_at_the_field(
    kari: SlackPerson, jens: Person, aarhus: Room
) -> None:
    number = norwegian_number().text
    jens.asks("Hvem leder jeres tavlemøder?")
    kari.opens_home()
    kari.presses_at_home("Les", on="Hvem leder")
    kari.sends_form(answer=f"Spør {number}")
    assert kari.form is not None
    assert "fødselsnummer" in kari.form
    aarhus.does_not_see(number)


def test_the_tab_of_direct_messages_is_no_home(kari: SlackPerson, world: World) -> None:
    world.act(world.slack.opens_home(kari.user, "messages"))
    assert kari.home == ""


def test_a_home_that_could_not_be_drawn_is_drawn_when_it_is_opened_again(
    kari: SlackPerson, world: World
) -> None:
    kari.asks(TAVLE)
    world.slack.faults.add(faults.error("internal_error"), method="views.publish")
    kari.opens_home()
    assert kari.home == ""
    kari.opens_home()
    assert "tavlemøtene" in kari.home


def test_slack_is_not_kept_waiting_for_the_home(kari: SlackPerson, world: World) -> None:
    kari.asks(TAVLE)
    world.slack.faults.add(faults.hang(), method="views.publish")
    opened = world.run(world.slack.opens_home(kari.user))
    world.run(world.slack.flush())
    assert opened.replies[-1].status == 200
    world.slack.faults.heal()


def test_another_networks_questions_are_neither_shown_nor_read(
    kari: SlackPerson, jens: Person, world: World
) -> None:
    jens.asks(TAVLE)
    ola = world.person("Ola Berg")
    assert isinstance(ola, SlackPerson)
    ola.writes_privately(f"bli {world.run(world.village.mellom.writers(_in_another_network))}")
    ola.opens_home()
    assert "Sør" in ola.home
    assert "tavlemøtene" not in ola.home

    kari.opens_home()
    homes = ola.user.workspace.homes
    homes[ola.user.id].payload["blocks"] = homes[kari.user.id].blocks
    ola.presses_at_home("Les", on="tavlemøtene")
    ola.is_told("hører til et annet nettverk")
    assert "Jens Holm" not in ola.told


def test_somebody_in_two_networks_sees_both(kari: SlackPerson, jens: Person, world: World) -> None:
    kari.asks(TAVLE)
    code = world.run(world.village.mellom.writers(_in_another_network))
    kari.writes_privately(f"bli {code}")
    kari.opens_home()
    assert "Nord" in kari.home
    assert "Sør" in kari.home
    assert "tavlemøtene" in kari.home
    assert "[Still et spørsmål]" not in kari.home
    kari.presses_at_home("Les", on="tavlemøtene")
    assert kari.form is not None
    assert "Kari Nilsen · Alta kommune" in kari.form
    kari.sends_form(answer="Vi spør hverandre.")
    jens.room.sees("Kari Nilsen · Alta kommune", "Vi spør hverandre.", under="tavlemøtene")


def test_somebody_in_two_networks_is_shown_both_by_the_command(
    kari: SlackPerson, world: World
) -> None:
    kari.asks(TAVLE)
    code = world.run(world.village.mellom.writers(_in_another_network))
    kari.writes_privately(f"bli {code}")
    private = kari.user.workspace.dm(kari.user)
    world.act(world.slack.command(kari.user, private, "/mellom", "hjelp"))
    kari.is_told("Nord", "Sør", "tavlemøtene")
    kari.writes_privately("søk tavle")
    kari.reads_privately("Q-1 ·", "tavlemøtene")


@pytest.mark.parametrize("name", ["Kari Nilsen", "Jens Holm"])
def test_somebody_in_two_networks_answers_in_the_one_that_the_question_is_of(
    name: str, ingrid: Person, world: World
) -> None:
    person = world.person(name)
    ingrid.asks("Hvem leder møtene hos dere?")
    person.replies("Det vil vi også vite.", under="Hvem leder")
    code = world.run(world.village.mellom.writers(_in_another_network))
    person.writes_privately(f"bli {code}")
    if isinstance(person, SlackPerson):
        person.opens_home()
        person.presses_at_home("Les", on="Hvem leder")
    else:
        person.writes_privately("hej")
        person.presses("Læs", on="Hvem leder", privately=True)
    person.sends_form(answer="Vi bytter hver uke.")
    ingrid.room.sees(name, "Vi bytter hver uke.", under="Hvem leder")


@pytest.mark.parametrize("name", ["Kari Nilsen", "Jens Holm"])
def test_somebody_in_two_networks_is_told_where_to_ask(name: str, world: World) -> None:
    person = world.person(name)
    person.asks(TAVLE)
    code = world.run(world.village.mellom.writers(_in_another_network))
    person.writes_privately(f"bli {code}")
    person.writes_privately("hei")
    person.reads_privately(
        {"Kari Nilsen": "med i flere nettverk", "Jens Holm": "med i flere netværk"}[name]
    )
    if isinstance(person, SlackPerson):
        world.act(
            world.slack.command(
                person.user, person.user.workspace.dm(person.user), "/mellom", GEVINST
            )
        )
        assert "ikke med i et nettverk" not in person.told
    assert world.count("SELECT count(*) FROM thread") == 1


@pytest.mark.parametrize("name", ["Kari Nilsen", "Jens Holm"])
def test_somebody_in_two_networks_chooses_one_for_what_is_written_elsewhere(
    name: str, world: World, bodo: Room
) -> None:
    person = world.person(name)
    person.asks(TAVLE)
    code = world.run(world.village.mellom.writers(_in_another_network))
    person.writes_privately(f"bli {code}")
    person.asks_with(person.writes_elsewhere(GEVINST))
    person.is_told("Nord: ", "Alta kommune", "Aarhus Kommune")
    assert person.typed("question") == GEVINST
    [(nord,)] = world.rows("SELECT id FROM network WHERE name = 'Nord'")
    person.sends_form(network=str(nord), question="Hva?")
    person.is_told("10")
    person.sends_form(network=str(nord), question=GEVINST)
    person.confirms()
    bodo.sees(name, "Q-2", GEVINST)
    assert world.count("SELECT count(*) FROM thread") == 2


def test_a_network_that_was_chosen_and_left_meanwhile_is_not_exchanged_for_the_other(
    kari: SlackPerson, world: World
) -> None:
    kari.asks(TAVLE)
    code = world.run(world.village.mellom.writers(_in_another_network))
    kari.writes_privately(f"bli {code}")
    kari.asks_with(kari.writes_elsewhere(GEVINST))
    [(nord,)] = world.rows("SELECT id FROM network WHERE name = 'Nord'")
    world.act(world.slack.remove_bot(kari.room.channel))
    kari.sends_form(network=str(nord), question=GEVINST)
    assert world.count("SELECT count(*) FROM thread") == 1


def test_a_network_that_ones_organisation_left_is_none_to_be_told_apart(
    kari: SlackPerson, bodo: Room, world: World
) -> None:
    kari.asks(TAVLE)
    with world.village.mellom.writers.begin() as uow:
        other = networks.create_network(uow, "Sør", "nb")
        firm = networks.add_organisation(
            uow, network=other, name="Kyst Utvikling", country="no", language="nb"
        )
        code = joining.keep_code(uow, network=other, organisation=firm, role="reader")
    kari.writes_privately(f"bli {code}")
    kari.writes_privately("spør Hvem leder møtene hos dere?")
    bodo.sees("Kari Nilsen · Alta kommune", "Hvem leder")


# --- in a chat ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Jens Holm", "Kari Nilsen"])
def test_what_is_said_in_private_gets_the_same_lists(name: str, world: World) -> None:
    person = world.person(name)
    person.asks(TAVLE)
    person.writes_privately("hei")
    person.reads_privately("Nord", "Q-1 · Hvordan får dere liv", person.room.inner.town.name)


def test_being_installed_for_a_person_says_nothing(jens: TeamsPerson, world: World) -> None:
    world.act(world.teams.install(jens.user))
    assert jens.private == []


def test_what_was_withdrawn_is_gone_from_the_lists_in_private(
    kari: Person, jens: TeamsPerson
) -> None:
    kari.asks(TAVLE)
    jens.says("@Mellom hjælp")
    jens.writes_privately("hej")
    jens.reads_privately("liv i tavlemøtene")
    kari.deletes("tavlemøtene")
    assert not any("liv i tavlemøtene" in seen.words for seen in jens.private)


def test_only_the_newest_card_in_private_holds_words(kari: Person, jens: TeamsPerson) -> None:
    kari.asks(TAVLE)
    jens.says("@Mellom hjælp")
    jens.writes_privately("hej")
    jens.writes_privately("hej igen")
    holding = [seen for seen in jens.private if "liv i tavlemøtene" in seen.words]
    assert len(holding) == 1
    assert holding[0] is not next(seen for seen in jens.private if seen.by_bot)


def test_a_card_in_private_is_drawn_anew_for_the_questions_on_it_alone(
    kari: Person, jens: TeamsPerson, world: World
) -> None:
    for number in range(17):
        kari.asks(f"Hvordan gjør dere sak nummer {number + 1:02}?")
    jens.says("@Mellom hjælp")
    jens.writes_privately("hej")
    drawn = "SELECT version FROM post WHERE kind = 'home'"
    jens.reads_privately("nummer 05", "nummer 08", "nummer 17")
    assert not any("nummer 06" in seen.words for seen in jens.private)
    kari.edits("nummer 06", to="@Mellom Hvordan gjør dere sak seks?")
    assert world.count(drawn) == 1
    kari.edits("nummer 05", to="@Mellom Hvordan gjør dere sak fem?")
    jens.reads_privately("sak fem", "nummer 17")
    assert world.count(drawn) == 2
    kari.deletes("sak fem")
    jens.reads_privately("sak seks", "nummer 17")
    kari.edits("sak seks", to="@Mellom Hvordan gjør dere sak seks nå?")
    jens.reads_privately("sak seks nå")


def test_the_menu_in_a_channel_stays_small(jens: TeamsPerson, kari: Person, aarhus: Room) -> None:
    kari.asks(TAVLE)
    jens.says("@Mellom hjælp")
    menu = aarhus.sees("Jeg formidler")
    assert "Q-1" not in menu.words


def _in_another_network(uow: UnitOfWork) -> str:
    """A code that makes somebody facilitator of a network beside the first."""
    network = networks.create_network(uow, "Sør", "nb")
    firm = networks.add_organisation(
        uow, network=network, name="Kyst Utvikling", country="no", language="nb"
    )
    return joining.keep_code(uow, network=network, organisation=firm, role="facilitator")
