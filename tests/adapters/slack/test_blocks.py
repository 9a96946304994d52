"""Cards and forms as Slack draws them."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SlackBlock
from slack_sdk.models.views import View

from adapters.playground.slack.limits import block_faults, view_faults
from adapters.slack.blocks import (
    action_of,
    fallback,
    message,
    metadata,
    modal,
    notice,
    token_in,
    told,
)
from adapters.slack.text import clean, parse
from bot.cards import Button, Card, Form, Input, Item, TooLong
from bot.graphemes import cut_at
from bot.splitting import pieces, shorten
from bot.text import Block, Span, Text

Json = dict[str, Any]

TOKEN = "t" * 26
# A busy machine is no failure.
at_leisure = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
GOLDEN = Path(__file__).parent / "golden"
FAMILY = "👨‍👩‍👧‍👦"

HOSTILE = [
    "<!channel>",
    "<!here|her>",
    "<!everyone>",
    "<!subteam^S012345>",
    "<!date^1392734382^{date_long}^https://evil.example|i dag>",
    "<@U0FOREIGN>",
    "<@U0FOREIGN|Kari Nilsen>",
    "<#C0SECRET|styret>",
    "<https://evil.example|https://bank.example>",
    "[bank](https://evil.example)",
    "<mailto:a@b.no|skriv>",
    "<javascript:alert(1)|klikk>",
    "&lt;!channel&gt;",
    "&amp;lt;!channel&amp;gt;",
    "*fet* _skrå_ ~strøket~ `kode` ```blokk```",
    "> sitat\n• liste\n:tada:",
    "@channel @here @everyone @Mellom",
    "<at>Everyone</at>",
    "\u202elennahc!\u202c",
    "<\u200b!channel>",
    "<!chan\u2060nel>",
    "\x00\x1b]0;x\x07",
    "```\n```` <@U0FOREIGN>",
    '"}],"type":"section","text":{"type":"mrkdwn","text":"<!channel>"}',
]


# --- golden cards -------------------------------------------------------------------------------

CARDS = {
    "question": Card(
        title="Spørsmål 12",
        byline="Kari Nilsen · Alta kommune",
        text=parse(
            {
                "text": "Hvordan får dere *liv* i tavlemøtene? Vi har prøvd:\n• <https://a.no|dette>\n"
                "• `stå`\n&gt; Det er fredag :tada:\nHilsen R&amp;D"
            }
        ),
        note="Stilt i fem rom.",
        buttons=(
            Button("answering.answer", "Svar", "12", "primary"),
            Button("asking.all", "Vis alt", "12"),
        ),
    ),
    "result": Card(
        text=Text.of("Takk for stemmene."),
        facts=(("Alta kommune", "5 av 7"), ("Aarhus Kommune", "3 af 4")),
        buttons=(
            Button("polls.vote", "Ja", "1"),
            Button("polls.vote", "Nei", "2"),
            Button("polls.close", "Avslutt", style="danger"),
        ),
    ),
    "list": Card(
        title="Åpne spørsmål",
        items=(
            Item("Q-3 Hvem leder møtet?", "Jens Holm · Aarhus Kommune", Button("show", "Vis", "3")),
            Item("Q-4 Hvor lenge varer det?", button=Button("show", "Vis", "4")),
            Item("Q-5 <!channel> *alle*", "Uten knapp"),
        ),
        note="Tre åpne spørsmål.",
        buttons=(Button("ask", "Still et spørsmål", style="primary"),),
    ),
    "words": Card(text=Text.of("Bare ord.\n\nI to avsnitt.")),
}
FORM = Form(
    name="asking.ask",
    title="Spør nettverket",
    submit="Send",
    cancel="Avbryt",
    subject="12",
    intro="Spørsmålet går til alle rom.",
    inputs=(
        Input("text", "Spørsmål", hint="Uten navn på pasienter.", multiline=True),
        Input("more", "Mer", value="Fra før", problem="Skriv kortere.", required=False),
    ),
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


def golden(name: str, drawn: Json) -> None:
    """What Slack is sent is as agreed. UPDATE_GOLDEN=1 writes it anew, to be read by a person."""
    file = GOLDEN / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(json.dumps(drawn, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert drawn == json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_drawn_as_agreed(name: str) -> None:
    golden(name, message(CARDS[name], TOKEN))


@pytest.mark.parametrize(
    ("name", "form"), [("form", FORM), ("choices", CHOICES), ("read", READING)]
)
def test_a_form_is_drawn_as_agreed(name: str, form: Form) -> None:
    view = modal(form, metadata(form, "C0TAVLE"))
    golden(name, view)
    assert view_faults(view) == []
    View(**view).validate_json()


def test_a_card_in_place_of_a_form_keeps_its_title_and_where_it_was() -> None:
    shown = modal(FORM, metadata(FORM, "C0TAVLE"))
    view = notice(CARDS["words"], shown)
    assert (view["title"], view["close"]) == (shown["title"], shown["close"])
    assert view["private_metadata"] == shown["private_metadata"]
    assert "submit" not in view
    assert view_faults(view) == []


# --- nothing live comes out ---------------------------------------------------------------------


def walk(drawn: Any) -> Iterator[Json]:
    if isinstance(drawn, dict):
        yield drawn
        drawn = list(drawn.values())
    if isinstance(drawn, list):
        for inner in drawn:
            yield from walk(inner)


def assert_inert(drawn: Json, links: frozenset[str] = frozenset()) -> None:
    """No kind of element but text and the links we made; no mrkdwn; nothing live in `text`."""
    assert "<" not in drawn["text"]
    assert ">" not in drawn["text"]
    parts = [part for part in walk(drawn["blocks"]) if "type" in part]
    kinds = {part["type"] for part in parts}
    assert kinds <= {
        "header", "context", "section", "actions", "button", "plain_text", "rich_text",
        "rich_text_section", "rich_text_quote", "rich_text_list", "rich_text_preformatted",
        "text", "link",
    }  # fmt: skip
    assert {part["url"] for part in parts if part["type"] == "link"} <= links


def dressed(words: str) -> Card:
    """These words everywhere on a card that a person's words can stand."""
    spans = (Span(words), Span(words, bold=True, mention="U0FOREIGN"), Span(words, code=True))
    kinds = ("paragraph", "quote", "item", "pre")
    return Card(
        text=Text(tuple(Block(kind, spans) for kind in kinds)),  # type: ignore[arg-type]
        title=words[:150],
        byline=words[:300],
        note=words,
        facts=((words, words),),
        buttons=(Button("a", words[:75] or "x"),),
    )


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_person_writes_comes_out_inert(words: str) -> None:
    drawn = message(dressed(words), TOKEN)
    assert_inert(drawn)
    shown = [part["text"] for part in walk(drawn["blocks"]) if part.get("type") == "text"]
    assert clean(words) in shown


@at_leisure
@given(st.text(max_size=150))
def test_any_words_come_out_inert(words: str) -> None:
    assert_inert(message(dressed(words), TOKEN))


@at_leisure
@given(st.text(max_size=300))
def test_the_text_for_screen_readers_holds_the_words(words: str) -> None:
    said = fallback(Card(text=Text((Block("paragraph", (Span(words),)),))))
    plain = said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert plain == (clean(words.strip()).strip() or "…")


@pytest.mark.parametrize(
    ("words", "link", "live"),
    [
        ("her", "https://a.no/b", True),
        ("A.no", "https://www.a.no/b", True),
        ("https://a.no", "https://a.no", True),
        ("R.A.", "https://a.no", True),
        ("her", "javascript:alert(1)", False),
        ("her", "https://", False),
        ("her", "https://a no", False),
        ("her", "https://a.no|b", False),
        ("her", "https://a.no/" + "x" * 3000, False),
        ("skriv", "mailto:a@b.no", True),
    ],
)
def test_only_links_that_may_be_followed_are_links(words: str, link: str, live: bool) -> None:
    drawn = message(Card(text=Text((Block("paragraph", (Span(words, link=link),)),))), TOKEN)
    [part] = drawn["blocks"][0]["elements"][0]["elements"]
    assert part == ({"type": "link", "url": link, "text": words} if live else text(words))


@pytest.mark.parametrize("words", ["https://bank.example", "bank.example/inn", "www.bank.example"])
def test_a_link_that_says_it_leads_elsewhere_shows_where_it_leads(words: str) -> None:
    span = Span(words, link="https://evil.example")
    drawn = message(Card(text=Text((Block("paragraph", (span,)),))), TOKEN)
    link = {"type": "link", "url": "https://evil.example", "text": "https://evil.example"}
    assert drawn["blocks"][0]["elements"][0]["elements"] == [text(f"{words} ("), link, text(")")]


def text(words: str) -> Json:
    return {"type": "text", "text": words}


# --- limits -------------------------------------------------------------------------------------

words = st.text(alphabet=st.characters(codec="utf-8"), max_size=400) | st.sampled_from(
    [FAMILY * 900, "&" * 3500, "ord " * 3000, "x" * 11_999, "\n" * 500, "linje\n" * 900]
)
spans = st.builds(
    Span, words, st.booleans(), st.booleans(), st.booleans(), st.booleans(),
    st.none() | st.sampled_from(["https://a.no", "javascript:x"]), st.none() | st.just("U1"),
)  # fmt: skip
texts = st.builds(
    lambda blocks: Text(tuple(blocks)),
    st.lists(
        st.builds(
            Block,
            st.sampled_from(["paragraph", "quote", "pre", "item"]),
            st.lists(spans, max_size=4).map(tuple),
            st.integers(0, 9),
        ),
        max_size=5,
    ),
).filter(lambda one: len(one.plain()) <= 12_000)
label = st.text(min_size=1, max_size=75).filter(lambda one: clean(one).strip() != "")
cards = st.builds(
    Card,
    text=texts,
    title=st.none() | st.text(max_size=150),
    byline=st.none() | st.text(max_size=300),
    note=st.none() | st.text(max_size=1500),
    facts=st.lists(st.tuples(label, st.text(max_size=800)), max_size=10).map(tuple),
    buttons=st.lists(
        st.builds(
            Button,
            st.sampled_from(["vote", "vote#1", "asking.ask"]),
            label,
            st.text(max_size=1900),
            st.sampled_from(["plain", "primary", "danger"]),
        ),
        max_size=10,
    ).map(tuple),
)


def block_kit_faults(blocks: list[Json]) -> list[str]:
    """What the documented limits, and Slack's own models, have against these blocks."""
    for block in SlackBlock.parse_all(blocks):
        block.validate_json()
    return block_faults(blocks) + [
        f"empty text in {part}"
        for part in walk(blocks)
        if part.get("type") == "text" and not part["text"]
    ]


@at_leisure
@given(cards)
def test_any_card_is_a_message_that_slack_takes(card: Card) -> None:
    drawn = message(card, TOKEN)
    assert block_kit_faults(drawn["blocks"]) == []
    assert 0 < len(drawn["text"]) <= 3500
    assert token_in(drawn["blocks"]) == TOKEN
    kept = {k: v for part in walk(drawn["blocks"]) for k, v in part.items() if k == "action_id"}
    assert {action_of(action) for action in kept.values()} <= {b.action for b in card.buttons}
    for block in drawn["blocks"]:
        if block["type"] == "rich_text":
            shown = [part["text"] for part in walk(block) if part.get("type") == "text"]
            assert len(block["elements"]) > 0
            assert sum(map(len, shown)) <= 10 * 900 + 300


@at_leisure
@given(cards)
def test_a_card_in_an_answer_is_shown_whole(card: Card) -> None:
    drawn = told(card)
    assert block_kit_faults(drawn["blocks"]) == []
    shown = "".join(part["text"] for part in walk(drawn["blocks"]) if part.get("type") == "text")
    for block in card.text.blocks:
        for span in block.spans:
            if not span.link:
                for word in clean(span.text).split():
                    assert word[:2900] in shown


fields = st.lists(
    st.builds(
        Input,
        st.text(min_size=1, max_size=64),
        label,
        st.text(max_size=150),
        st.text(max_size=4000),
        st.text(max_size=300),
        st.booleans(),
        st.booleans(),
        st.integers(1, 3000),
    ),
    max_size=5,
    unique_by=lambda field: field.name,
).map(tuple)
short = st.text(min_size=1, max_size=24).filter(lambda one: clean(one).strip() != "")
forms = st.builds(
    Form, label, short, short, short, fields, st.text(max_size=400), st.text(max_size=1500)
)


@at_leisure
@given(forms)
def test_any_form_is_a_modal_that_slack_takes(form: Form) -> None:
    view = modal(form, metadata(form, "C0TAVLE"))
    assert view_faults(view) == []
    View(**view).validate_json()
    assert json.loads(view["private_metadata"])["subject"] == form.subject


def test_a_subject_that_slack_would_not_carry_is_refused_here() -> None:
    form = Form("f", "t", "s", "c", (), subject='"' * 1500)
    with pytest.raises(TooLong):
        metadata(form, "C0TAVLE")


def test_buttons_that_do_the_same_have_ids_of_their_own() -> None:
    drawn = message(CARDS["result"], TOKEN)
    ids = [button["action_id"] for button in drawn["blocks"][-1]["elements"]]
    assert ids == ["polls.vote", "polls.vote#1", "polls.close"]
    assert [action_of(one) for one in ids] == ["polls.vote", "polls.vote", "polls.close"]


def test_the_longest_card_fits_with_an_ellipsis_where_its_end_is_missing() -> None:
    card = Card(text=Text.of("ord " * 2999), note="n" * 1500, title="t" * 150, byline="b" * 300)
    drawn = message(card, TOKEN)
    assert len(json.dumps(drawn["blocks"], ensure_ascii=False)) <= 13_100
    last = [part["text"] for part in walk(drawn["blocks"]) if part.get("type") == "text"][-1]
    assert last.endswith("…")


def test_a_long_text_stands_in_several_blocks_that_keep_its_words() -> None:
    words = "ord " * 2000
    drawn = message(Card(text=Text.of(words), byline="Kari Nilsen · Alta kommune"), TOKEN)
    shown = [
        "".join(part["text"] for part in walk(block) if part.get("type") == "text")
        for block in drawn["blocks"]
    ]
    assert len(shown) == 3
    assert all(len(one) <= 3000 + len("Kari Nilsen · Alta kommune\n") for one in shown)
    assert " ".join(shown).split()[5:] == words.split()


def test_looks_go_before_words_do() -> None:
    spans = tuple(Span("a", bold=bool(n % 2)) for n in range(2000))
    drawn = message(Card(text=Text((Block("paragraph", spans),))), TOKEN)
    assert drawn["blocks"][0]["elements"] == [
        {"type": "rich_text_section", "elements": [text("a" * 2000)]}
    ]


# --- splitting ----------------------------------------------------------------------------------


@at_leisure
@given(st.text(alphabet="ab \né\u0301👩🏽\u200d🇳🇴", max_size=300), st.integers(1, 50))
def test_pieces_are_short_and_lose_nothing(words: str, limit: int) -> None:
    parts = pieces(Block("paragraph", (Span(words),)), limit)
    shown = ["".join(span.text for span in part.spans) for part in parts]
    assert all(len(one) <= limit for one in shown)
    assert "".join("".join(shown).split()) == "".join(words.split())


@pytest.mark.parametrize("character", [FAMILY, "👍🏽", "e\u0301\u0323", "🇳🇴", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "नि", "❤️"])
def test_a_cut_never_goes_through_a_character(character: str) -> None:
    for limit in range(1, 90):
        at = cut_at(character * 100, limit)
        if limit >= len(character):
            assert at % len(character) == 0
            assert at > limit - len(character)


def test_a_cut_goes_to_the_end_of_a_line_or_a_word() -> None:
    assert cut_at("en linje\nen til", 12) == 9
    assert cut_at("noen ord her", 9) == 9
    assert cut_at("noen ord her", 7) == 5
    assert cut_at("kort", 9) == 4


def test_looks_and_links_stand_on_both_sides_of_a_cut() -> None:
    block = Block("quote", (Span("aaa ", bold=True), Span("bbb ccc", link="https://a.no")))
    parts = pieces(block, 8)
    assert [part.spans for part in parts] == [
        (Span("aaa ", bold=True), Span("bbb", link="https://a.no")),
        (Span("ccc", link="https://a.no"),),
    ]
    assert {part.kind for part in parts} == {"quote"}


def test_what_is_shortened_to_nothing_says_so() -> None:
    assert shorten((Block("paragraph", (Span("ord"),)),), 0) == (Block("paragraph", (Span("…"),)),)


def test_the_family_is_one_character_of_seven() -> None:
    """So that the tests above mean what they say."""
    assert len(FAMILY) == 7
    assert all(unicodedata.category(c) in ("So", "Cf") for c in FAMILY)
