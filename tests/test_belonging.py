"""For which organisation somebody speaks: their workspace or tenant says so, or they are asked."""

from __future__ import annotations

import pytest

from tests.conversation import Person, Room, SlackPerson, SlackRoom, TeamsPerson, TeamsRoom, World
from tests.test_closing import facilitator
from tests.test_joining import code

QUESTION = "Hva gjør dere når ingen kommer på tavlemøtet?"
ASKED = "for hvilken organisasjon"
CHOOSE = "Velg organisasjon"


def guest(alta: SlackRoom, home: str, name: str = "Siri Moen") -> SlackPerson:
    """Somebody of another workspace, in a channel that Alta shares with it (Slack Connect)."""
    user = alta.channel.workspace.user(name)
    user.home = home
    alta.inner.people[name] = user
    found = alta.person(name)
    assert isinstance(found, SlackPerson)
    return found


@pytest.fixture
def siri(alta: SlackRoom) -> SlackPerson:
    """From a workspace that nobody knows."""
    return guest(alta, "T0FARAWAY")


def organisation(world: World, name: str) -> str:
    return str(world.count(f"SELECT id FROM organisation WHERE name = '{name}'"))  # noqa: S608


def questions(person: Person) -> int:
    return sum(ASKED in seen.words for seen in person.private)


def test_somebody_of_unknown_home_is_asked_and_their_words_move_with_the_answer(
    world: World, siri: SlackPerson, alta: Room, aarhus: Room, jens: Person
) -> None:
    siri.asks(QUESTION)
    jens.replies("Vi ringer til dem.", under="tavlemøtet")
    siri.replies("Takk, det prøver vi.", under="tavlemøtet")
    aarhus.sees("Siri Moen · Alta kommune", "ingen kommer")
    assert questions(siri) == 1
    siri.reads_privately("Nord", ASKED, "Alta kommune")

    siri.presses(CHOOSE, on=ASKED, privately=True)
    siri.sends_form(organisation=organisation(world, "Bodø kommune"))
    siri.is_told("Bodø kommune")
    aarhus.sees("Siri Moen · Bodø kommune", "ingen kommer")
    aarhus.sees("Siri Moen · Bodø kommune", "det prøver vi", under="tavlemøtet")
    siri.asks("Hvem leder tavlemøtene hos dere?")
    aarhus.sees("Siri Moen · Bodø kommune", "Hvem leder")
    assert questions(siri) == 1


def test_a_known_workspace_decides_and_nobody_is_asked(
    world: World, alta: SlackRoom, bodo: SlackRoom, aarhus: Room
) -> None:
    siri = guest(alta, bodo.channel.workspace.team_id)
    siri.asks(QUESTION)
    aarhus.sees("Siri Moen · Bodø kommune", "ingen kommer")
    assert questions(siri) == 0


def test_a_known_tenant_decides_and_an_unknown_one_does_not(
    world: World, aarhus: TeamsRoom, randers: TeamsRoom, alta: Room
) -> None:
    """In a shared channel on Teams."""
    known = randers.channel.tenant.user("Bo Friis", "da-DK")
    unknown = world.teams.world.tenant("Et andet sted").user("Ida Beck", "da-DK")
    for user, question in ((known, "Hvem leder jeres tavler?"), (unknown, "Hvor tit mødes I?")):
        said = world.teams.say(user, aarhus.channel, f"@Mellom {question}", mention_bot=True)
        world.act(said)
    alta.sees("Bo Friis · Randers Kommune", "Hvem leder")
    alta.sees("Ida Beck · Aarhus Kommune", "Hvor tit")
    assert world.count("SELECT count(*) FROM member WHERE home = 'unknown'") == 1
    assert world.count("SELECT count(*) FROM private WHERE kind = 'belonging'") == 1


def test_where_one_workspace_has_several_organisations_the_channel_decides(
    world: World, alta: SlackRoom, kari: SlackPerson, aarhus: Room
) -> None:
    channel = alta.channel.workspace.channel("bodo")
    world.act(world.slack.invite_bot(channel))
    joining = f"@Mellom join {code(world, 'Bodø kommune')}"
    world.act(world.slack.say(kari.user, channel, joining))
    card = next(one for one in channel.messages.values() if one.bot)
    world.act(world.slack.press(kari.user, card, "confirm"))
    nils = alta.channel.workspace.user("Nils Moen")
    world.act(world.slack.say(nils, channel, f"@Mellom {QUESTION}"))
    aarhus.sees("Nils Moen · Bodø kommune", "ingen kommer")
    assert world.count("SELECT count(*) FROM member WHERE home IS NOT NULL") == 0


def test_somebody_of_none_of_the_organisations_can_choose_later(
    world: World, siri: SlackPerson, ingrid: Person, alta: Room, aarhus: Room
) -> None:
    facilitator(world, "Bodø kommune", ingrid)
    siri.asks(QUESTION)
    for _ in range(2):
        siri.presses(CHOOSE, on=ASKED, privately=True)
        siri.sends_form(organisation="none")
        siri.is_told("Alta kommune", "velge på nytt")
    world.later(days=1)
    told = [seen for seen in ingrid.private if "ingen av organisasjonene" in seen.words]
    assert len(told) == 1
    assert "Siri Moen" in told[0].words
    aarhus.sees("Siri Moen · Alta kommune", "ingen kommer")
    siri.presses(CHOOSE, on=ASKED, privately=True)
    siri.sends_form(organisation=organisation(world, "Randers Kommune"))
    aarhus.sees("Siri Moen · Randers Kommune", "ingen kommer")


def test_a_code_for_a_role_says_where_its_bearer_belongs(
    world: World, siri: SlackPerson, aarhus: Room
) -> None:
    siri.asks(QUESTION)
    siri.writes_privately(f"join {code(world, 'Bodø kommune', 'coordinator')}")
    aarhus.sees("Siri Moen · Bodø kommune", "ingen kommer")
    siri.presses(CHOOSE, on=ASKED, privately=True)
    siri.is_told("Bodø kommune")
    assert siri.form is None


def test_the_same_name_in_another_tenant_is_another_member(
    world: World, aarhus: TeamsRoom, jens: TeamsPerson, alta: Room
) -> None:
    """Somebody who moved to another tenant, or was made anew there, is not merged by a name."""
    jens.asks("Hvem leder jeres tavlemøder?")
    before = world.count("SELECT count(*) FROM member")
    moved = world.teams.world.tenant("Et andet sted").user("Jens Holm", "da-DK")
    said = "@Mellom Hvor tit mødes I ved tavlen?"
    world.act(world.teams.say(moved, aarhus.channel, said, mention_bot=True))
    assert world.count("SELECT count(*) FROM member") == before + 1
    renamed = jens.user
    renamed.name = "Jens Holm-Beck"
    jens.asks("Hvad gør I, når ingen kommer?")
    alta.sees("Jens Holm-Beck · Aarhus Kommune", "ingen kommer")
    assert world.count("SELECT count(*) FROM member") == before + 1


def test_whoever_cannot_be_asked_in_private_tells_it_in_their_settings(
    world: World, aarhus: TeamsRoom, alta: Room, bodo: Room
) -> None:
    """In a shared channel on Teams, the app is not in the tenant of everybody who writes there."""
    away = world.teams.world.tenant("Et andet sted").user("Ida Beck", "da-DK")
    aarhus.inner.people["Ida Beck"] = away
    ida = aarhus.person("Ida Beck")
    ida.says("@Mellom Hvor tit mødes I?")
    ida.says("@Mellom indstillinger")
    ida.opens_form("Mine indstillinger", on="Mine indstillinger")
    ida.sends_form(organisation="")
    alta.sees("Ida Beck · Aarhus Kommune", "Hvor tit")
    assert world.count("SELECT count(*) FROM member WHERE home = 'unknown'") == 1
    ida.opens_form("Mine indstillinger", on="Mine indstillinger")
    ida.sends_form(organisation=organisation(world, "Randers Kommune"))
    ida.is_told("Dine indstillinger er gemt", "Randers Kommune")
    alta.sees("Ida Beck · Randers Kommune", "Hvor tit")
    ida.opens_form("Mine indstillinger", on="Mine indstillinger")
    assert "hvilken organisation" not in (ida.form or "")


def test_whoever_belongs_to_none_says_so_in_their_settings_and_is_not_announced_twice(
    world: World, siri: SlackPerson, bodo: Room, ingrid: Person
) -> None:
    facilitator(world, "Bodø kommune", ingrid)
    siri.asks(QUESTION)
    for _ in range(2):
        siri.writes_privately("innstillinger")
        siri.presses("Mine innstillinger", on="Mine innstillinger", privately=True)
        siri.sends_form(organisation="none")
    siri.is_told("Innstillingene dine er lagret")
    assert world.count("SELECT count(*) FROM private WHERE kind = 'stranger'") == 1


def test_whose_home_is_known_is_not_asked_in_their_settings(world: World, kari: Person) -> None:
    kari.writes_privately("innstillinger")
    kari.presses("Mine innstillinger", on="Mine innstillinger", privately=True)
    assert "hvilken organisasjon" not in (kari.form or "")
