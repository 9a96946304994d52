"""Cards and forms as Adaptive Cards: as the schema wants them, and as they have been before."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft6Validator

from adapters.playground.teams import cards as teams_cards
from adapters.teams import answers, cards
from bot.cards import Button, Card, Form, Input, Item, Open, Tell
from bot.text import Block, Span, Text

HERE = Path(__file__).parent
SCHEMA = Draft6Validator(json.loads((HERE / "adaptive-card-1.5.0.json").read_text()))
TOKEN = "01JABCDEFGHJKMNPQRSTVWXYZ0"

QUESTION = Card(
    title="Spørsmål 7",
    byline="Kari Nilsen · Alta kommune",
    text=Text(
        (
            Block("paragraph", (Span("Hvordan får dere "), Span("liv", bold=True), Span("?"))),
            Block("item", (Span("tavlemøter"),)),
            Block("item", (Span("morgenmøter"),)),
            Block("quote", (Span("Vi spør *hvorfor*"),)),
            Block("pre", (Span("a = 1\nb = 2"),)),
            Block("paragraph", (Span("Les mer", link="https://ks.no/lean"),)),
        )
    ),
    facts=(("Svar", "3"), ("Åpent til", "12. desember")),
    note="Synlig i fem kommuner.",
    buttons=(
        Button("question.close", "Lukk", "7", style="danger"),
        Button("question.answer", "Svar", "7", style="primary", opens=True),
    ),
)
POLL = Card(
    title="Hvilken dag?",
    buttons=tuple(Button("poll.vote", f"Dag {n}", str(n)) for n in range(8)),
)
FORM = Form(
    name="ask",
    title="Nytt spørsmål",
    submit="Send",
    cancel="Avbryt",
    subject="7",
    intro="Det står i alle rom.",
    inputs=(
        Input("question", "Spørsmål", hint="Kort og konkret", multiline=True, max_length=3000),
        Input("subject", "Emne", value="<at>Everyone</at>", problem="For langt", required=False),
    ),
)


LIST = Card(
    title="Åpne spørsmål",
    items=(
        Item("Q-3 Hvem leder møtet?", "Jens Holm · Aarhus Kommune", Button("show", "Vis", "3")),
        Item("Q-4 Hvor lenge varer det?", button=Button("all", "Vis alt", "4", opens=True)),
        Item("Q-5 <at>Everyone</at> **alle**", "Uten knapp"),
    ),
    note="Tre åpne spørsmål.",
    buttons=(Button("ask", "Still et spørsmål", style="primary", opens=True),),
)
CHOICES = Form(
    name="ask",
    title="Spør nettverket",
    submit="Send",
    cancel="Avbryt",
    text=Text.of("Først dette.\n\nSå dette."),
    note="Vises for 2 organisasjoner: Alta kommune, Bodø kommune",
    inputs=(
        Input("theme", "Tema", value="2", required=False, choices=(("1", "Energi"), ("2", "Få"))),
        Input("none", "Hvem", hint="Velg en.", choices=(("1", "Kari"), ("2", "Ola"))),
        Input(
            "answers",
            "Svar",
            value="1,3",
            problem="Velg minst ett.",
            choices=(("1", "Ett"), ("2", "To"), ("3", "Tre")),
            many=True,
        ),
    ),
)
READING = Form(
    name="all", title="Hele svaret", submit="", cancel="Lukk", text=Text.of("Alt som sto der.")
)


def checked(attachment: dict[str, Any]) -> dict[str, Any]:
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    content: dict[str, Any] = attachment["content"]
    SCHEMA.validate(content)
    assert teams_cards.problem_with(content) is None
    return content


def golden(name: str, drawn: dict[str, Any]) -> None:
    """Compare with the kept drawing; delete the file to have it drawn anew, and look at it."""
    kept = HERE / "golden" / f"{name}.json"
    if not kept.exists():
        kept.write_text(json.dumps(drawn, ensure_ascii=False, indent=2) + "\n")
        pytest.fail(f"drawn anew: {kept.name}")
    assert drawn == json.loads(kept.read_text())


def test_a_question_is_drawn_as_before() -> None:
    drawn = cards.message(QUESTION, TOKEN, "nb")
    checked(drawn["attachments"][0])
    golden("question", drawn)


def test_a_poll_is_drawn_as_before() -> None:
    drawn = cards.message(POLL, TOKEN, "da")
    checked(drawn["attachments"][0])
    golden("poll", drawn)


def test_a_list_is_drawn_as_before() -> None:
    drawn = cards.message(LIST, TOKEN, "nb")
    checked(drawn["attachments"][0])
    golden("list", drawn)


@pytest.mark.parametrize(
    ("name", "form"), [("form", FORM), ("choices", CHOICES), ("read", READING)]
)
def test_a_form_is_drawn_as_before(name: str, form: Form) -> None:
    drawn = cards.dialog(form)
    checked(drawn["task"]["value"]["card"])
    golden(name, drawn)


def test_a_form_that_comes_back_has_what_was_typed_and_chosen_in_it() -> None:
    typed = {"theme": "1", "answers": "2,3", "none": ""}
    drawn = answers.body("task/submit", Open(CHOICES), typed)
    fields = teams_cards.fields_of(drawn["task"]["value"]["card"]["content"])
    # What the form itself says stands; what it does not say is what was typed.
    assert [field.get("value") for field in fields] == ["2", None, "1,3"]
    empty = replace(CHOICES, inputs=tuple(replace(one, value="") for one in CHOICES.inputs))
    drawn = answers.body("composeExtension/submitAction", Open(empty), typed)
    fields = teams_cards.fields_of(drawn["task"]["value"]["card"]["content"])
    assert [field.get("value") for field in fields] == ["1", None, "2,3"]


def test_everything_on_a_card_is_read_by_a_person() -> None:
    words = teams_cards.words_of(cards.message(QUESTION, TOKEN))
    for part in ("Spørsmål 7", "Kari Nilsen · Alta kommune", "Hvordan får dere liv?", "Vi spør *h"):
        assert part in words
    assert "Svar: 3" in words
    assert "Synlig i fem kommuner." in words


def test_a_button_that_opens_a_form_asks_for_a_dialog() -> None:
    content = checked(cards.attachment(QUESTION, TOKEN))
    closing, answering = content["actions"]
    data = {"action": "question.close", "value": "7", "token": TOKEN}
    assert closing["type"] == "Action.Execute"
    assert closing["data"] == closing["fallback"]["data"] == data
    assert closing["fallback"]["type"] == "Action.Submit"
    assert closing["style"] == "destructive"
    assert answering["type"] == "Action.Submit"
    assert answering["data"]["msteams"] == {"type": "task/fetch"}
    assert answering["data"]["token"] == TOKEN


def test_more_buttons_than_a_row_holds_stand_in_rows() -> None:
    content = checked(cards.attachment(POLL, TOKEN))
    rows = [element["actions"] for element in content["body"] if element["type"] == "ActionSet"]
    assert [len(row) for row in rows] == [6, 2]
    assert "actions" not in content


def test_a_forms_inputs_never_take_the_names_of_our_own_data() -> None:
    fields = teams_cards.fields_of(cards.dialog(FORM)["task"]["value"]["card"]["content"])
    assert [field["id"] for field in fields] == ["question", "input:subject"]
    assert fields[0]["isRequired"]
    assert fields[0]["errorMessage"]
    assert fields[1]["value"] == "<at>Everyone</at>"


def test_a_card_and_a_form_of_nothing_can_be_drawn() -> None:
    checked(cards.attachment(Card()))
    checked(cards.dialog(Form("f", "t", "s", "c", ()))["task"]["value"]["card"])


LIVE = "<at>Everyone</at> [x](https://evil.example) {{DATE(2026-01-01T00:00:00Z)}} \u202e![y](z)"


def test_names_facts_and_notes_are_as_inert_as_texts() -> None:
    card = Card(
        Text.of(LIVE),
        title=LIVE,
        byline=LIVE,
        note=LIVE,
        facts=((LIVE, LIVE),),
        buttons=(Button("a", LIVE[:75]),),
    )
    drawn = cards.message(card, TOKEN)
    assert list(teams_cards.mentioned(drawn)) == []
    words = _texts(drawn["attachments"][0]["content"]["body"])
    assert len(words) == 6
    for text in words:
        assert "{{" not in text
        assert "](" not in text.replace("\\]", "")
        assert "<at>" not in text.replace("\\<", "")
        assert "\u202e" not in text
    assert "\n" not in drawn["summary"]


def _texts(node: Any) -> list[str]:
    if isinstance(node, list):
        return [text for part in node for text in _texts(part)]
    if isinstance(node, dict):
        own = [node[name] for name in ("text", "title", "value") if isinstance(node.get(name), str)]
        return own + [text for part in node.values() for text in _texts(part)]
    return []


def test_a_notification_is_short_and_plain() -> None:
    card = Card(Text.of("ord " * 1000), title="Tittel\nher")
    assert cards.summary(card).startswith("Tittel her ord ord")
    assert len(cards.summary(card)) <= 300


@pytest.mark.parametrize(
    "text",
    [
        Text.of("😀" * 12_000),
        Text.of("*" * 12_000),
        Text.of('"\\' * 6_000),
        Text.of("a\n\n" * 4_000),
        Text(tuple(Block("pre" if n % 2 else "item", (Span("a"),)) for n in range(2_000))),
    ],
)
def test_the_longest_text_still_fits_into_a_message(text: Text) -> None:
    card = Card(text, title="T", buttons=tuple(Button("a", "b", "7" * 100) for _ in range(10)))
    drawn = cards.message(card, TOKEN)
    assert cards.size(drawn) <= cards.LARGEST == 80 * 1024
    checked(drawn["attachments"][0])
    assert "".join(teams_cards.words_of(drawn).split()).count("a") >= text.plain().count("a")


def test_a_card_that_no_message_holds_is_said_to_be_too_large() -> None:
    buttons = tuple(Button("a", "b", "7" * 1900) for _ in range(10))
    with pytest.raises(cards.TooLarge):
        cards.message(Card(Text.of("*" * 12_000), buttons=buttons), TOKEN)


WORDS = st.text(max_size=70)
CARDS = st.builds(
    Card,
    WORDS.map(Text.of),
    title=WORDS | st.none(),
    byline=WORDS | st.none(),
    note=WORDS | st.none(),
    facts=st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple),
    buttons=st.lists(st.builds(Button, WORDS.map(lambda w: w[:60]), WORDS), max_size=8).map(tuple),
)


@settings(deadline=None, max_examples=30)
@given(CARDS)
def test_every_card_is_what_the_schema_wants(card: Card) -> None:
    checked(cards.message(card, TOKEN, "nn")["attachments"][0])


# Answers to invokes.

PRESSED, FETCH, SUBMIT = "adaptiveCard/action", "task/fetch", "task/submit"


def test_words_for_the_person_who_pressed_are_a_message() -> None:
    assert answers.body(PRESSED, Tell.words("Stemmen er talt.")) == {
        "statusCode": 200,
        "type": "application/vnd.microsoft.activity.message",
        "value": "Stemmen er talt.",
    }


def test_an_answer_with_buttons_is_a_card() -> None:
    drawn = answers.body(PRESSED, Tell(POLL))
    assert drawn["type"] == "application/vnd.microsoft.card.adaptive"
    SCHEMA.validate(drawn["value"])


def test_a_form_is_a_dialog_to_a_press_and_to_a_form_with_problems() -> None:
    for name in (FETCH, SUBMIT):
        drawn = answers.body(name, Open(FORM))["task"]
        assert drawn["type"] == "continue"
        assert drawn["value"]["title"] == "Nytt spørsmål"
        words = teams_cards.words_of_card(drawn["value"]["card"]["content"])
        assert "For langt" in words


def test_words_in_a_dialog_are_a_message_there() -> None:
    for name in (FETCH, SUBMIT):
        told = answers.body(name, Tell.words("Takk!"))
        assert told == {"task": {"type": "message", "value": "Takk!"}}


def test_a_long_text_opens_as_a_card_of_its_own() -> None:
    card = Card(Text.of("ord " * 500), title="Alt sammen")
    drawn = answers.body(FETCH, Tell(card))["task"]
    assert drawn["type"] == "continue"
    assert drawn["value"]["title"] == "Alt sammen"
    checked(drawn["value"]["card"])


def test_no_answer_is_a_good_answer() -> None:
    assert answers.body(FETCH, None) == answers.body(SUBMIT, None) == {}
    assert answers.body(PRESSED, None)["statusCode"] == 200
    assert answers.body(PRESSED, Open(FORM))["statusCode"] == 200
