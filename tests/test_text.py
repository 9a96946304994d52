"""People's words from either platform to either: all of them are seen, and nothing comes alive.

What was sent is read by the stand-ins and by a parser of Markdown, never by our own readers.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from typing import Any

import pytest
import regex
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters.playground.slack.limits import block_faults
from adapters.playground.teams import cards as drawn_on_teams
from adapters.playground.teams.cards import problem_with
from adapters.slack import blocks
from adapters.slack import text as slack
from adapters.teams import cards
from adapters.teams import text as teams
from bot.cards import Card
from bot.graphemes import cut_at, shortened
from bot.language import speak
from bot.parting import MOST, PART, parts, rest
from bot.splitting import parted
from bot.text import Block, File, Span, Text, inert, misleads

TOKEN = "t" * 26
MARKDOWN = MarkdownIt("commonmark", {"html": True})
FAMILY = "👨‍👩‍👧‍👦"

INJECTIONS = [
    "<!channel> <!here|@here> <!everyone> <@U0FOREIGN> <@W1|kari> <#C1|tavle> <!subteam^S1|@alle>",
    "<https://evil.example|Logg inn> <javascript:alert(1)|her> <slack://open> <mailto:a@b.example>",
    "@channel @here @everyone @Mellom",
    "<at>Everyone</at> <at id='0'>Mellom</at> &lt;at&gt;alle&lt;/at&gt;",
    "[rent harmløst](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example>",
    "<img src=x onerror=alert(1)><script>alert(1)</script><a href='javascript:x'>x</a>",
    "{{DATE(2027-01-01T00:00:00Z, SHORT)}} ${title} <!date^1^{date}^https://evil.example|i går>",
    "&amp;lt; &lt; &#60; &copy; &amp;amp;lt;",
    "*fet* _skrå_ ~strøket~ `kode` **fet** __fet__ ~~strøket~~ ```kode```",
    "a*b*c 2 * 3 * 4 snake_case_name ~/path 漢字*太字*です **漢字**です",
    "> sitat\n>>> mer\n- punkt\n  - under\n1. en\n2) to\n# Tittel\n---\n| a | b |",
    "```\nkode med ``` inni\n``` og `enkelt ` tegn",
    ":tada: :vår-logo: :+1::skin-tone-3: 🎉 👩🏽‍🚒 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇳🇴",
    "Kari\u202enesliN\u202c \u200bhei\u2066 du\u2069 \u200f\u061c\ufeff\u00ad",
    "\x00\x07\x1b[31mrødt\x1b[0m\u2028ny linje\x85en til",
    "https://bank.example@evil.example/ bаnk.example www.ks.no kari@alta.example",
]

WORDS = st.text(
    st.one_of(
        st.sampled_from(list("*_`~[]()<>{}!|&;#@:\\-+.1a \nø•>»")), st.characters(codec="utf-8")
    ),
    max_size=40,
) | st.sampled_from(INJECTIONS)
LINKS = st.sampled_from(
    [
        None,
        None,
        None,
        "https://ks.no/a_(b)?x=1&y=2|3>",
        "javascript:alert(1)",
        "https://evil.example",
    ]
)
SPANS = st.builds(
    Span,
    WORDS,
    bold=st.booleans(),
    italic=st.booleans(),
    strike=st.booleans(),
    code=st.booleans(),
    link=LINKS,
    mention=st.sampled_from([None, None, "U0FOREIGN"]),
)
BLOCKS = st.builds(
    Block,
    st.sampled_from(["paragraph", "quote", "pre", "item"]),
    st.lists(SPANS, min_size=1, max_size=3).map(tuple),
    st.integers(0, 8),
)
TEXTS = st.builds(Text, st.lists(BLOCKS, max_size=4).map(tuple))
leisurely = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def squeezed(words: str) -> str:
    return "".join(inert(words).split())


def seen_in(text: Text) -> str:
    return squeezed("".join(span.text for block in text.blocks for span in block.spans))


def is_among(words: str, shown: str) -> bool:
    """Whether all of it is seen, in its order; a bullet or an address may stand between."""
    rest_of = iter(shown)
    return all(character in rest_of for character in words)


def on_slack(card: Card) -> dict[str, Any]:
    drawn = blocks.message(card, TOKEN)
    assert block_faults(drawn["blocks"]) == []
    return drawn


def parts_of(drawn: Any) -> Iterator[dict[str, Any]]:
    """Every object in what Slack is sent."""
    if isinstance(drawn, dict):
        yield drawn
    for inner in drawn.values() if isinstance(drawn, dict) else drawn:
        if isinstance(inner, dict | list):
            yield from parts_of(inner)


def shown_on_slack(drawn: dict[str, Any]) -> str:
    leaves = (one.get("text", one.get("url")) for one in parts_of(drawn["blocks"]))
    return "".join(leaf for leaf in leaves if isinstance(leaf, str))


def assert_inert_on_slack(drawn: dict[str, Any]) -> None:
    kinds = {one["type"] for one in parts_of(drawn["blocks"]) if "type" in one}
    assert kinds <= {
        *("rich_text", "rich_text_section", "rich_text_list", "rich_text_quote", "text", "link"),
        *("rich_text_preformatted", "context", "plain_text", "actions", "button", "section"),
    }
    assert "<" not in drawn["text"]
    assert ">" not in drawn["text"]
    for link in (one for one in parts_of(drawn["blocks"]) if one.get("type") == "link"):
        assert link["url"].startswith(("https://ks.no/", "https://evil.example", "mailto:"))


def on_teams(card: Card) -> list[str]:
    """The Markdown of every text block that Teams is sent."""
    activity = cards.message(card, TOKEN)
    assert cards.size(activity) <= cards.LARGEST
    [attached] = activity["attachments"]
    assert problem_with(attached["content"]) is None
    return [one["text"] for one in parts_of(attached["content"]) if one.get("type") == "TextBlock"]


def shown_on_teams(markdowns: list[str]) -> str:
    tokens = [one for words in markdowns for one in MARKDOWN.parse(words)]
    inner = (child for token in tokens for child in token.children or ())
    return "".join(child.content for child in inner if child.type == "text")


def assert_inert_on_teams(markdowns: list[str]) -> None:
    for words in markdowns:
        tokens = MARKDOWN.parse(words)
        kinds = {token.type for token in tokens if token.type != "inline"}
        kinds |= {child.type for token in tokens for child in token.children or ()}
        assert {kind.removesuffix("_open").removesuffix("_close") for kind in kinds} <= {
            *("text", "softbreak", "hardbreak", "em", "strong", "link", "paragraph"),
            *("bullet_list", "list_item"),
        }
        assert "{{" not in words
        assert "<at" not in words.replace("\\<", "")


@leisurely
@given(TEXTS)
def test_all_words_are_seen_on_both_platforms_and_nothing_comes_alive(text: Text) -> None:
    card = Card(text=text, byline="Kari Nilsen · Alta kommune")
    drawn = on_slack(card)
    assert_inert_on_slack(drawn)
    assert is_among(seen_in(text), squeezed(shown_on_slack(drawn)))
    markdowns = on_teams(card)
    assert_inert_on_teams(markdowns)
    assert is_among(seen_in(text), squeezed(shown_on_teams(markdowns)))


def from_slack(words: str) -> list[Text]:
    element = {"type": "rich_text_section", "elements": [{"type": "text", "text": words}]}
    rich = {"text": "", "blocks": [{"type": "rich_text", "elements": [element]}]}
    return [slack.parse({"text": words}), slack.parse(rich), slack.parse_command(words)]


def from_teams(words: str) -> list[Text]:
    typed = html.escape(words)
    return [teams.parse(words, "xml"), teams.parse(f"<p>{typed}</p>", "xml"), teams.parse(typed)]


@pytest.mark.parametrize("words", INJECTIONS)
def test_what_is_typed_on_one_platform_is_inert_on_the_other_and_on_its_own(words: str) -> None:
    typed = Text.of(words)
    for text in (typed, typed.with_links(), *from_slack(words), *from_teams(words)):
        card = Card(text=text, byline=words[:150], note=words)
        drawn = on_slack(card)
        kinds = {one["type"] for one in parts_of(drawn["blocks"]) if "type" in one}
        assert not kinds & {"user", "usergroup", "channel", "broadcast", "mrkdwn", "image", "date"}
        assert "<" not in drawn["text"]
        assert "javascript:" not in json.dumps([o.get("url") for o in parts_of(drawn["blocks"])])
        assert is_among(seen_in(text), squeezed(shown_on_slack(drawn)))
        markdowns = on_teams(card)
        assert_inert_on_teams(markdowns)
        assert is_among(seen_in(text), squeezed(shown_on_teams(markdowns)))


@leisurely
@given(st.sampled_from(INJECTIONS), WORDS)
def test_typed_words_are_kept_letter_by_letter(first: str, second: str) -> None:
    """As characters that a person typed where no look was meant: rich text, and escaped HTML."""
    words = f"{first} {second}"
    _, rich, _ = from_slack(words)
    _, escaped, plain = from_teams(inert(words))
    for text in (rich, escaped, plain):
        assert squeezed(text.plain()) == squeezed(words)


def test_an_ampersand_that_was_typed_survives_exactly() -> None:
    for text in (slack.parse({"text": "&amp;amp;lt;"}), teams.parse("&amp;amp;lt;")):
        assert text.plain() == "&amp;lt;"
        assert shown_on_slack(on_slack(Card(text=text))) == "&amp;lt;"
        assert shown_on_teams(on_teams(Card(text=text))) == "&amp;lt;"


@pytest.mark.parametrize(
    ("words", "link", "does"),
    [
        ("https://bank.example", "https://evil.example", True),
        ("Logg inn på bank.example nå", "https://evil.example", True),
        ("https://bank.example@evil.example", "https://evil.example", True),
        ("bank。example", "https://evil.example", True),
        ("ba\u200bnk.example", "https://evil.example", True),
        ("10.0.0.1/inn", "https://evil.example", True),
        ("bank.example", "https://bank.example.evil.example", True),
        ("kari@alta.example", "mailto:kari@evil.example", True),
        ("bank.example", "mailto:kari@evil.example", True),
        ("www.ks.no", "https://ks.no/side.html", False),
        ("ks.no/side.html", "https://www.ks.no/side.html", False),
        ("https://ks.no/a.b/c.html?x=d.ef", "https://ks.no/a.b/c.html?x=d.ef", False),
        ("ks.no", "https://portal.ks.no", False),
        ("rapport.docx", "https://alta.example/rapport", False),
        ("kari.nilsen@alta.example", "mailto:kari.nilsen@alta.example", False),
        ("les her", "https://ks.no", False),
        ("kl. 10.30, 2.1 og A3.", "https://ks.no", False),
    ],
)
def test_words_that_name_another_site_than_their_link_are_a_disguise(
    words: str, link: str, does: bool
) -> None:
    assert misleads(words, link) is does
    card = Card(text=Text((Block("paragraph", (Span(words, link=link),)),)))
    assert (link in shown_on_slack(on_slack(card))) >= does
    assert (link in shown_on_teams(on_teams(card))) >= does


@pytest.mark.parametrize(
    ("words", "addresses"),
    [
        ("Se https://ks.no.", ["https://ks.no"]),
        ("(https://ks.no/a_b?x=1&y=2#c), »HTTPS://ks.no/æ«", [
            "https://ks.no/a_b?x=1&y=2#c", "HTTPS://ks.no/æ"
        ]),
        ("https://ks.no/Lean_(metode) og <https://ks.no>", [
            "https://ks.no/Lean_(metode)", "https://ks.no"
        ]),
        ("[her](https://ks.no) https://[::1", ["https://ks.no"]),
        ("https:// http://... https://?x ://ks.no ks.no javascript://ks.no", []),
        ("http://bank.example@evil.example", []),
    ],
)  # fmt: skip
def test_an_address_that_was_typed_leads_where_it_says(words: str, addresses: list[str]) -> None:
    text = Text.of(words).with_links()
    assert text.plain() == words
    assert list(text.links()) == addresses
    assert [span.text for block in text.blocks for span in block.spans if span.link] == addresses


@leisurely
@given(TEXTS)
def test_no_words_are_lost_where_addresses_become_links(text: Text) -> None:
    linked = text.with_links()
    assert linked.plain() == text.plain()
    assert linked.with_links().plain() == text.plain()


@pytest.mark.parametrize(
    "look", [Span("https://ks.no", code=True), Span("https://ks.no", mention="U1")]
)
def test_neither_code_nor_a_name_leads_anywhere(look: Span) -> None:
    text = Text((Block("paragraph", (look,)), Block("pre", (Span("https://ks.no"),))))
    assert text.with_links() == text


@pytest.mark.parametrize("words", [FAMILY, "e\u0301\u0323", "🇳🇴", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👍🏽", "각", "நி"])
def test_nothing_is_cut_inside_what_a_person_sees_as_one_character(words: str) -> None:
    many = words * 50
    ends = {found.end() for found in regex.finditer(r"\X", many)}
    whole = {many[:end].rstrip() for end in ends}
    for limit in range(len(words), len(many) - 1):
        assert cut_at(many, limit) in ends
        assert shortened(many, limit + 1).removesuffix("…") in whole


def test_a_cut_goes_to_the_end_of_a_line_a_sentence_or_a_word() -> None:
    assert cut_at("En linje.\nEn til. Og mer", 17) == 10
    assert cut_at("Vi gjør det. Og så dette", 20) == 13
    assert cut_at("noen ord som står", 12) == 9


LONG = st.lists(
    st.tuples(
        st.sampled_from(["paragraph", "quote", "pre", "item"]),
        st.lists(
            st.sampled_from(["a", "b. ", "c ", "\n", FAMILY, "🇳🇴", "e\u0301"]), min_size=1
        ).map("".join),
        st.integers(1, 40),
    ),
    max_size=6,
).map(
    lambda written: Text(
        tuple(Block(kind, (Span(words * often),)) for kind, words, often in written)  # type: ignore[arg-type]
    )
)


@leisurely
@given(LONG, st.integers(40, 400))
@example(
    text=Text(
        (Block("paragraph", (Span("ab. " * 6),)), Block("quote", (Span(f"{FAMILY}\n" * 4),)))
    ),
    limit=40,
)
def test_a_text_in_parts_is_all_there_and_cut_between_characters(text: Text, limit: int) -> None:
    shown = parted(text, limit)
    assert "".join(map(seen_in, shown)) == seen_in(text)
    graphemes = regex.findall(r"\X", seen_in(text))
    assert [one for part in shown for one in regex.findall(r"\X", seen_in(part))] == graphemes
    assert all(len(part.plain()) <= limit for part in shown)


def test_forty_one_thousand_characters_become_three_messages_that_fit() -> None:
    code = Block("pre", (Span("\n".join(f"x = {number} & <y>" for number in range(1500))),))
    text = Text((Block("paragraph", (Span(f"Hei {FAMILY} alle. " * 1200),)), code))
    assert len(text.plain()) > 41_000
    card = Card(text=text, byline="Kari Nilsen · Alta kommune", note="Endret.")
    messages = parts(card, "answer", 7, speak("nb"))
    assert len(messages) == MOST
    for message in messages:
        assert len(message.text.plain()) <= PART
        assert "```" not in on_slack(message)["text"]
        assert is_among(seen_in(message.text), squeezed(shown_on_slack(on_slack(message))))
        assert is_among(seen_in(message.text), squeezed(shown_on_teams(on_teams(message))))
    assert [button.label for button in messages[-1].buttons] == ["Vis alt"]
    left = seen_in(rest(text))
    assert "".join(seen_in(message.text) for message in messages) + left == seen_in(text)


def test_files_are_kept_beside_the_words() -> None:
    text = Text((Block("paragraph", (Span("Se her"),)),), (File("a.pdf", 12), File()))
    assert Text.load(text.dump()) == text
    assert text.plain() == "Se her"
    assert Text(files=(File(),))
    assert json.loads(Text.of("Se her").dump()) == [
        {"kind": "paragraph", "spans": [{"text": "Se her"}]}
    ]


def test_the_stand_in_shows_the_same_words() -> None:
    """So that the readers of these tests are not blind in the same way."""
    card = Card(text=Text.of("Hei *du* & <deg>"))
    activity = cards.message(card, TOKEN)
    assert "Hei *du* & <deg>" in drawn_on_teams.words_of(activity)
