"""Whoever runs a network changes what a member does in it, and the member is told by whom."""

from __future__ import annotations

from sqlalchemy import text

from adapters.playground.slack.acts import elements as slack_elements
from bot.features import appointing
from bot.language import speak
from storage import networks, people
from storage.facilitating import Who
from tests.conversation import Person, SlackPerson, TeamsPerson, World
from tests.test_curating import BOTH, LANGUAGE, running
from tests.test_facilitating import RUNS_IT, away, card, member
from tests.test_my_settings import setting

CHANGED = {"nb": "har endret hva du gjør", "da": "har ændret, hvad du gør"}
MEMBERS = {"nb": "Deltakere", "da": "Deltagere"}


def choices(person: Person, field: str) -> dict[str, str]:
    """What a field of the form that is open offers: value by label."""
    if isinstance(person, SlackPerson):
        view = person.user.workspace.views[person.user.id]
        found = {one["action_id"]: one for _, one in slack_elements(view.blocks)}
        return {o["text"]["text"]: o["value"] for o in found[field].get("options", ())}
    assert isinstance(person, TeamsPerson)
    assert person.last is not None
    assert person.last.dialog is not None
    shown = {str(one["id"]): one for one in person.last.dialog.fields}
    return {choice["title"]: choice["value"] for choice in shown[field].get("choices", ())}


def opens_list(person: Person) -> None:
    language = LANGUAGE[person.name]
    card(person, language)
    person.presses(MEMBERS[language], on=RUNS_IT[language], privately=True)


def opens_member(person: Person, name: str) -> None:
    opens_list(person)
    listed = choices(person, "person")
    person.sends_form(person=next(value for label, value in listed.items() if name in label))


def told(person: Person, language: str) -> list[str]:
    return [seen.words for seen in person.private if CHANGED[language] in seen.words]


@BOTH
def test_who_becomes_facilitator_is_told_by_whom_and_has_the_card(
    name: str, world: World, kari: Person, jens: Person
) -> None:
    person = running(world, name)
    for who, label, language in ((kari, "Alta kommune", "nb"), (jens, "Aarhus Kommune", "da")):
        opens_list(person)
        assert f"{who.name} · {label}" in choices(person, "person")
        opens_member(person, who.name)
        person.sends_form(role="facilitator")
        assert setting(world, "role", who.name) == "facilitator"
        world.later(days=1)  # Today they were welcomed.
        (seen,) = told(who, language)
        assert name in seen
        assert RUNS_IT[language] in card(who, language)
    kari.presses("Nettverket", on=CHANGED["nb"], privately=True)
    kari.is_told("Aarhus Kommune: alt i orden")


def test_a_role_is_changed_and_can_be_changed_again_by_the_member(
    world: World, jens: Person
) -> None:
    ingrid = running(world, "Ingrid Vik")
    opens_member(ingrid, "Jens Holm")
    assert ingrid.typed("role") == "member"
    ingrid.sends_form(role="manager")
    ingrid.is_told("Jens Holm får vite det privat")
    world.later(days=1)
    (seen,) = told(jens, "da")
    assert "Din rolle er nu: Leder" in seen
    jens.writes_privately("indstillinger")
    jens.presses("Mine indstillinger", on="arbejdsdage", privately=True)
    assert jens.typed("role") == "manager"


def test_nothing_changed_is_told_to_nobody(world: World, jens: Person) -> None:
    ingrid = running(world, "Ingrid Vik")
    opens_member(ingrid, "Jens Holm")
    ingrid.sends_form()
    ingrid.is_told("Ingenting er endret")
    assert told(jens, "da") == []


@BOTH
def test_deputies_stand_in_their_order_and_whoever_is_displaced_changes_places(
    name: str, world: World, kari: Person, jens: Person
) -> None:
    person = running(world, name)
    opens_member(person, "Kari Nilsen")
    person.sends_form(deputy="1")
    opens_member(person, "Jens Holm")
    person.sends_form(deputy="2")
    assert "Kari Nilsen, Jens Holm" in card(person, LANGUAGE[name])
    world.later(days=1)
    opens_member(person, "Jens Holm")
    person.sends_form(deputy="1")
    assert "Jens Holm, Kari Nilsen" in card(person, LANGUAGE[name])
    world.later(days=1)
    assert ["første vara" in seen for seen in told(kari, "nb")] == [True, True]
    assert "Du er andre vara" in told(kari, "nb")[-1]
    assert "Du er første stedfortræder" in told(jens, "da")[-1]


def test_an_organisation_has_one_contact(world: World, kari: Person) -> None:
    ola = world.person("Ola Berg")
    ola.asks("innstillinger")
    lars = running(world, "Lars Krogh")
    opens_member(lars, "Kari Nilsen")
    assert "Kontakt for Alta kommune" in choices(lars, "contact")
    lars.sends_form(contact="yes")
    world.later(days=1)
    assert "kontakt for Alta kommune" in told(kari, "nb")[0]
    opens_member(lars, "Ola Berg")
    lars.sends_form(contact="yes")
    assert setting(world, "contact", "Ola Berg")
    assert not setting(world, "contact", "Kari Nilsen")
    world.later(days=1)
    assert "ikke lenger kontakt" in told(kari, "nb")[-1]


def test_what_is_changed_twice_before_it_is_told_is_told_once(world: World, jens: Person) -> None:
    ingrid = running(world, "Ingrid Vik")
    world.later(hours=8)  # In the evening nobody is written to.
    opens_member(ingrid, "Jens Holm")
    ingrid.sends_form(role="manager", deputy="1")
    opens_member(ingrid, "Jens Holm")
    ingrid.sends_form(role="coordinator")
    assert told(jens, "da") == []
    world.later(days=2)
    (seen,) = told(jens, "da")
    assert "Leankonsulent" in seen
    assert "første stedfortræder" in seen


@BOTH
def test_the_last_facilitator_cannot_leave_the_network_without_one(name: str, world: World) -> None:
    person, language = running(world, name), LANGUAGE[name]
    none_left = {"nb": "ingen annen nettverksleder", "da": "ingen anden netværksleder"}[language]
    opens_member(person, name)
    person.sends_form(role="member")
    assert person.form is not None
    assert none_left in person.form
    person.sends_form(role="facilitator", left="yes")
    assert person.form is not None
    assert none_left in person.form
    assert setting(world, "role", name) == "facilitator"
    opens_member(person, "Kari Nilsen")
    person.sends_form(role="facilitator")
    opens_member(person, name)
    person.sends_form(role="member")
    assert setting(world, "role", name) == "member"
    assert RUNS_IT[language] not in card(person, language)
    assert told(person, language) == []  # Whoever does it knows.


@BOTH
def test_whoever_changes_what_they_do_themselves_is_not_told_of_it(name: str, world: World) -> None:
    person, language = running(world, name), LANGUAGE[name]
    opens_member(person, name)
    assert {"nb": "får vite privat", "da": "får privat at vide"}[language] not in str(person.form)
    person.sends_form(contact="yes")
    person.is_told({"nb": "Endret.", "da": "Ændret."}[language])
    assert "privat" not in person.told.split({"nb": "Endret.", "da": "Ændret."}[language])[-1]
    world.later(days=2)
    assert told(person, language) == []


def test_what_stands_in_private_is_taken_from_whoever_runs_it_no_more(world: World) -> None:
    ingrid, lars = running(world, "Ingrid Vik"), running(world, "Lars Krogh")
    card(lars, "da")
    opens_member(ingrid, "Lars Krogh")
    ingrid.sends_form(role="member")
    assert not any(RUNS_IT["da"] in seen.words for seen in lars.private)
    world.later(days=1)
    assert "Din rolle er nu: Deltager" in told(lars, "da")[-1]


def test_a_deputy_in_charge_appoints_nobody(world: World, jens: Person) -> None:
    ingrid = running(world, "Ingrid Vik")
    opens_member(ingrid, "Jens Holm")
    ingrid.sends_form(deputy="1")
    away(ingrid, "2027-01-19", "2027-02-01")
    card(jens, "da")
    jens.presses("Deltagere", on=RUNS_IT["da"], privately=True)
    listed = choices(jens, "person")
    jens.sends_form(person=listed["Kari Nilsen · Alta kommune"])
    assert "Netværksleder" not in choices(jens, "role")
    jens.sends_form(role="facilitator", deputy="2")
    assert setting(world, "role", "Kari Nilsen") == "member"
    assert setting(world, "deputy", "Kari Nilsen") is None
    card(jens, "da")
    jens.presses("Deltagere", on=RUNS_IT["da"], privately=True)
    jens.sends_form(person=listed["Ingrid Vik · Bodø kommune"])
    assert jens.form is not None
    assert "Er gået ud" not in jens.form
    jens.sends_form(role="member", left="yes")
    assert setting(world, "left_at", "Ingrid Vik") is None
    assert setting(world, "role", "Ingrid Vik") == "facilitator"


def test_whoever_is_marked_as_left_is_written_to_no_more(
    world: World, jens: Person, lars: Person
) -> None:
    ingrid = running(world, "Ingrid Vik")
    opens_member(ingrid, "Jens Holm")
    ingrid.sends_form(left="yes")
    ingrid.is_told("Jens Holm har sluttet i nettverket")
    assert setting(world, "left_at", "Jens Holm") is not None
    assert told(jens, "da") == []
    opens_list(ingrid)
    assert not any("Jens Holm" in label for label in choices(ingrid, "person"))
    assert any("Lars Krogh" in label for label in choices(ingrid, "person"))


@BOTH
def test_among_many_one_searches_first(name: str, world: World) -> None:
    person, language = running(world, name), LANGUAGE[name]
    _many(world)
    opens_list(person)
    person.sends_form(words="Åse")
    assert person.form is not None
    assert {"nb": "mer enn 100", "da": "mere end 100"}[language] in person.form
    person.sends_form(words="ingen heter dette")
    assert person.form is not None
    assert {"nb": "Ingen deltaker", "da": "Ingen deltager"}[language] in person.form
    person.sends_form(words="åse 12 alta")
    assert sorted(choices(person, "person"))[0] == "Åse Nummer 12 · Alta kommune"
    person.sends_form(person=choices(person, "person")["Åse Nummer 12 · Alta kommune"])
    person.sends_form(role="coordinator")
    assert setting(world, "role", "Åse Nummer 12") == "coordinator"


def _many(world: World) -> None:
    with world.village.mellom.writers.begin() as uow:
        for number in range(101):
            account = people.keep_account(
                uow, platform="slack", tenant="T9", user=f"U{number}", installation=1,
                address=f"U{number}", name=f"Åse Nummer {number}", language="nb",
            )  # fmt: skip
            people.make_member(uow, network=1, organisation=1, account_id=account.id)


def test_a_member_that_is_named_falsely_is_left_alone(world: World) -> None:
    lars = running(world, "Lars Krogh")
    with world.village.mellom.writers.begin() as uow:
        other = networks.create_network(uow, "Sør", "nb")
        made = networks.add_organisation(
            uow, network=other, name="Sørby kommune", country="no", language="nb"
        )
        account = uow.connection.execute(text("SELECT max(id) FROM account")).scalar_one()
        theirs = people.make_member(uow, network=other, organisation=made, account_id=account)
    for forged in (str(theirs.id), "9" * 30, "", "-1", "²"):
        opens_member(lars, "Kari Nilsen")
        lars.sends_form(role="manager", subject=f"1:{forged}")
        lars.is_told("Denne deltager er her ikke længere")
        assert world.count("SELECT count(*) FROM member WHERE role = 'manager'") == 0


def test_names_are_shown_harmless() -> None:
    wild = "\u202eirak " + "x" * 300 + "\nGoogle"
    one = Who(1, wild, 1, wild, "member", None, False, None, None)
    for shown in (appointing.choosing(1, [one], speak("nb")), appointing.form(1, one, appointing.Chosen.of(one), speak("nb"))):  # fmt: skip  # noqa: E501
        words = shown.intro + "".join(label for f in shown.inputs for _, label in f.choices)
        assert "\u202e" not in words
        assert "\n" not in words


def test_who_has_no_name_yet_is_a_member() -> None:
    one = Who(1, None, 1, "Alta kommune", "member", None, False, None, None)
    assert appointing.choosing(1, [one], speak("nb")).inputs[0].choices == (
        ("1", "En deltaker · Alta kommune"),
    )


def test_what_was_listed_is_kept_nowhere(world: World) -> None:
    """The list holds everybody's name, so that no receipt of it is kept."""
    ingrid = running(world, "Ingrid Vik")
    opens_list(ingrid)
    ingrid.sends_form(person=str(member(world, "Jens Holm")))
    kept = "SELECT count(*) FROM receipt WHERE CAST(answer AS TEXT) LIKE '%Jens%'"
    assert world.count(kept) == 0
