"""Forms: what can be filled in, what is told where one presses send, and that nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.playground.slack.stand_in import Message as SlackMessage
from adapters.playground.teams import cards as teams_cards
from bot.features import asking, audience
from bot.language import speak
from storage import networks
from tests.conversation import Person, Seen, SlackPerson, TeamsPerson, World
from tests.numbers import norwegian_number

QUESTION = "Hvordan får dere liv i tavlemøtene?"
DETAILS = "Vi har prøvd å stå.\n\nDet hjalp i to uker."

LABELS = {
    "Kari Nilsen": ("Still et spørsmål", "Endre eller trekk", "Svar", "Tema"),
    "Jens Holm": ("Stil et spørgsmål", "Ret eller træk tilbage", "Svar", "Tema"),
}
BOTH = pytest.mark.parametrize("asker", list(LABELS))
"""One of them sits on Slack, the other on Teams."""

ALL = "Aarhus Kommune, Alta kommune, Bodø kommune, Randers Kommune"


ADDRESS = "https://kommune.example/mal_ny.pdf"


def links_of(seen: Seen) -> Any:
    """What a platform was sent, as far as links stand in it: Slack's blocks, or Teams' Markdown."""
    if isinstance(seen.inner, SlackMessage):
        return seen.inner.blocks
    [card] = [one["content"] for one in seen.inner.activity["attachments"]]
    return "\n".join(part.get("text", "") for part in card["body"])


def begins_to_ask(person: Person) -> None:
    person.says("@Mellom")
    person.opens_form(LABELS[person.name][0], on="Mellom")


def themes_in(person: Person) -> dict[str, str]:
    """The choices of the form that is open: value by label."""
    if isinstance(person, SlackPerson):
        view = person.user.workspace.views[person.user.id]
        [field] = [b["element"] for b in view.blocks if b.get("element", {}).get("options")]
        return {option["text"]["text"]: option["value"] for option in field["options"]}
    assert isinstance(person, TeamsPerson)
    assert person.last is not None
    assert person.last.dialog is not None
    [field_] = [one for one in person.last.dialog.fields if one["type"] == "Input.ChoiceSet"]
    return {choice["title"]: choice["value"] for choice in field_["choices"]}


@BOTH
def test_more_detail_stands_in_paragraphs_under_the_question(asker: str, world: World) -> None:
    person = world.person(asker)
    begins_to_ask(person)
    person.sends_form(question=QUESTION, details=DETAILS)
    person.confirms()
    for room in world.rooms.values():
        words = room.sees("Q-1", QUESTION, "å stå", "to uker").words
        assert words.index(QUESTION) < words.index("å stå") < words.index("to uker")


@BOTH
def test_an_address_in_a_form_leads_there(asker: str, world: World) -> None:
    person = world.person(asker)
    begins_to_ask(person)
    person.sends_form(question=f"{QUESTION} Se {ADDRESS}.", details=f"Vår mal ({ADDRESS}) er god.")
    person.confirms()
    drawn = json.dumps(links_of(world.rooms["Bodø kommune"].sees("Q-1")))
    assert drawn.count(f'"url": "{ADDRESS}", "text": "{ADDRESS}"') == 2
    assert links_of(world.rooms["Randers Kommune"].sees("Q-1")).count(f"({ADDRESS})") == 2


@BOTH
def test_a_link_in_somebody_elses_words_still_leads_there(asker: str, world: World) -> None:
    person = world.person(asker)
    colleague = person.room.person({"Kari Nilsen": "Ola Berg", "Jens Holm": "Mette Lund"}[asker])
    colleague.says(f"Har noen prøvd denne: {ADDRESS}")
    person.points_at("Har noen prøvd").asks_the_network()
    person.sends_form(question=person.typed("question"))
    assert f'"url": "{ADDRESS}"' in json.dumps(links_of(world.rooms["Bodø kommune"].sees("Q-1")))
    assert f"({ADDRESS})" in links_of(world.rooms["Randers Kommune"].sees("Q-1"))


@BOTH
def test_marks_that_nobody_sees_are_no_words(asker: str, world: World) -> None:
    person = world.person(asker)
    begins_to_ask(person)
    person.sends_form(question="\u200b" * 15, details=DETAILS)
    person.is_told({"Kari Nilsen": "minst 10 tegn", "Jens Holm": "mindst 10 tegn"}[asker])
    person.says(f"@Mellom {QUESTION}")
    before = len(world.rooms["Bodø kommune"].everything)
    person.says("\u200b \u200b", under="tavlemøtene")
    assert len(world.rooms["Bodø kommune"].everything) == before


@BOTH
def test_the_theme_stands_on_the_card_in_each_rooms_language(asker: str, world: World) -> None:
    person = world.person(asker)
    begins_to_ask(person)
    offered = themes_in(person)
    assert len(offered) == 11
    label = {"Kari Nilsen": "Få bærer mye", "Jens Holm": "Få bærer meget"}[asker]
    person.sends_form(question=QUESTION, theme=offered[label])
    world.rooms["Bodø kommune"].sees("Q-1", "Tema: Få bærer mye")
    world.rooms["Randers Kommune"].sees("Q-1", "Tema: Få bærer meget")


@BOTH
def test_a_theme_can_be_left_out(asker: str, world: World) -> None:
    person = world.person(asker)
    begins_to_ask(person)
    person.sends_form(question=QUESTION)
    person.sends_form(themes="")
    assert "Tema" not in world.rooms["Bodø kommune"].sees("Q-1").words


def test_a_theme_of_another_network_is_not_taken(jens: TeamsPerson, world: World) -> None:
    begins_to_ask(jens)
    foreign = str(max(map(int, themes_in(jens).values())) + 1)
    world.run(world.village.mellom.writers(lambda uow: networks.create_network(uow, "Sør", "nb")))
    jens.sends_form(question=QUESTION, theme=foreign)
    jens.sends_form(themes=foreign)
    jens.is_told("Q-1")
    assert world.count("SELECT count(*) FROM thread_theme") == 0


@BOTH
def test_nothing_that_was_typed_is_lost_when_something_is_wrong(asker: str, world: World) -> None:
    person = world.person(asker)
    begins_to_ask(person)
    theme = next(iter(themes_in(person).values()))
    person.sends_form(question="Hei?", details=DETAILS, theme=theme)
    assert person.form is not None
    assert "10" in person.form
    if isinstance(person, TeamsPerson):  # On Slack the form stays as it is.
        assert person.typed("question") == "Hei?"
        assert person.typed("details") == DETAILS
        assert person.typed("theme") == theme
    assert world.count("SELECT count(*) FROM thread") == 0
    kept = "SELECT count(*) FROM receipt WHERE CAST(answer AS TEXT) LIKE '%Hei?%'"
    assert world.count(kept) == 0
    assert world.count(kept.replace("Hei?", "stå")) == 0


@BOTH
@pytest.mark.parametrize("field", ["question", "details"])
def test_a_number_is_told_at_its_field_and_everything_else_is_kept(
    asker: str, field: str, world: World
) -> None:
    person, number = world.person(asker), norwegian_number().text
    typed = {"question": QUESTION, "details": DETAILS}
    begins_to_ask(person)
    person.sends_form(**{**typed, field: f"Gjelder {number}: hva gjør dere?"})
    assert person.form is not None
    if isinstance(person, SlackPerson):
        assert set(person.user.workspace.views[person.user.id].errors) == {f"ask/{field}"}
    else:
        kept = {**typed, field: "Gjelder […]: hva gjør dere?"}
        assert {name: person.typed(name) for name in kept} == kept
    told = "SELECT count(*) FROM receipt WHERE CAST(answer AS TEXT) LIKE '%Gjelder%'"
    assert world.count(told) == 0
    assert world.count(told.replace("Gjelder", number)) == 0
    person.sends_form(**typed)
    person.confirms()
    person.is_told("Q-1")


@BOTH
def test_what_was_asked_with_details_can_be_changed_and_withdrawn(asker: str, world: World) -> None:
    person, bodo = world.person(asker), world.rooms["Bodø kommune"]
    begins_to_ask(person)
    question = "Hva gjør dere? " * 130
    person.sends_form(question=question, details="Vi prøvde alt. " * 190)
    bodo.sees("Q-1", "Hva gjør dere?")
    bodo.sees("Vi prøvde alt.", "2/2", under="Q-1")
    _, change, _, _ = LABELS[asker]
    person.opens_form(change, on="Q-1")
    assert person.typed("text") == question.strip()
    assert person.typed("details") == ("Vi prøvde alt. " * 190).strip()
    person.sends_form(details="Vi prøvde bare litt. " * 130)
    bodo.sees("Vi prøvde bare litt.", "2/2", under="Q-1")
    person.opens_form(change, on="Q-1")
    person.sends_form(text="", details="")
    bodo.does_not_see("Vi prøvde")


def test_the_form_that_teams_asks_for_twice_has_the_words_in_it_both_times(
    jens: TeamsPerson, world: World
) -> None:
    """An empty one would withdraw the question if it were sent."""
    begins_to_ask(jens)
    jens.sends_form(question=QUESTION)
    jens.confirms()
    jens.opens_form(LABELS[jens.name][1], on="Q-1")
    assert jens.last is not None
    world.act(world.teams.send(jens.last))
    assert jens.typed("text") == QUESTION


@BOTH
def test_who_sees_it_stands_where_one_presses_send(asker: str, world: World) -> None:
    person = world.person(asker)
    _, change, answer, _ = LABELS[asker]
    begins_to_ask(person)
    assert ALL in (person.form or "")
    person.sends_form(question=QUESTION)
    person.confirms()
    person.opens_form(change, on="Q-1")
    assert ALL in (person.form or "")
    person.opens_form(answer, on="Q-1")
    assert f"4 {'organisasjoner' if asker == 'Kari Nilsen' else 'organisationer'}: {ALL}" in (
        person.form or ""
    )


def test_a_room_that_has_left_is_not_named(
    kari: SlackPerson, world: World, ingrid: SlackPerson
) -> None:
    world.act(world.slack.remove_bot(ingrid.room.channel))
    begins_to_ask(kari)
    assert "Aarhus Kommune, Alta kommune, Randers Kommune" in (kari.form or "")


def test_of_many_organisations_five_are_named() -> None:
    names = [f"Kommune {number}" for number in range(1, 13)]
    told = audience.who_sees(names, speak("en"))
    assert told == (
        "Will be shown to 12 organisations: Kommune 1, Kommune 2, Kommune 3, Kommune 4, Kommune 5 "
        "and 7 more"
    )
    assert audience.who_sees(names[:6], speak("en")).endswith("Kommune 5, Kommune 6")
    assert audience.who_sees(names[:1], speak("en")) == (
        "Will be shown to 1 organisation: Kommune 1"
    )
    assert audience.who_sees([], speak("en")) == ""


@pytest.mark.parametrize("details", ["", "Kort.", "Ett.\n\nTo.\n\n" + "Tre. " * 500])
@pytest.mark.parametrize("question", [QUESTION, f"{QUESTION}\n\nOg hvem leder dem?"])
def test_a_question_is_parted_into_fields_that_make_the_same_question(
    question: str, details: str
) -> None:
    text = asking.Draft(question, details).text()
    again = asking.Draft.parted(text)
    assert again.text() == text
    assert len(again.question) <= asking.LONGEST
    assert len(again.details) <= asking.LONGEST_DETAILS


def test_a_field_of_the_form_may_hold_what_is_longer_than_its_space() -> None:
    from adapters.teams import cards

    long = asking.form(speak("nb"), asking.Draft("x" * 2500))
    content = cards.dialog(long)["task"]["value"]["card"]["content"]
    [question, _] = teams_cards.fields_of(content)
    assert question["maxLength"] == len(question["value"]) == 2500


@BOTH
def test_the_form_for_an_answer_says_which_question_it_answers_and_how_that_begins(
    asker: str, world: World, ingrid: Person
) -> None:
    ingrid.asks("Hvem skriver referat?")
    ingrid.asks(f"Hvor henger tavlen? {'Vi har tre steder, og ingen av dem er gode. ' * 20}")
    person = world.person(asker)
    person.opens_form("Svar", on="Hvor henger tavlen")
    assert person.form is not None
    assert "Q-2" in person.form
    assert "Hvor henger tavlen?" in person.form
    assert "referat" not in person.form
    assert len(person.form) < 700
    person.sends_form(answer="")
    assert "Hvor henger tavlen?" in person.form


def test_what_people_wrote_stands_in_no_receipt_of_a_form_that_was_opened(
    world: World, kari: SlackPerson, jens: Person
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    jens.replies("Vi spørger »hvorfor« én gang til.", under="tavlemøtene")
    kari.opens_form("Merk som besvart", on="Q-1")
    assert "Hvilke svar hjalp?" in (kari.form or "")
    jens.opens_form("Svar", on="tavlemøtene")
    kept = str(world.rows("SELECT answer FROM receipt WHERE answer IS NOT NULL"))
    assert "Merk som besvart" in kept  # The form's name: that it was opened is kept.
    assert "hvorfor" not in kept
    assert "tavlemøtene" not in kept
