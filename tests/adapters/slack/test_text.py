"""Slack's words, read into the neutral form."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack import mrkdwn
from adapters.slack.text import clean, escape, parse, parse_command
from bot.text import Block, Span, Text
from tests.adapters.slack.payloads import message, rich, section


def paragraph(*spans: Span) -> Text:
    return Text((Block("paragraph", spans),))


def only_text(text: str) -> Text:
    return parse({"text": text})


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Hei *alle* her", [Span("Hei "), Span("alle", bold=True), Span(" her")]),
        ("_litt_ ~feil~", [Span("litt", italic=True), Span(" "), Span("feil", strike=True)]),
        ("*_begge_*", [Span("begge", bold=True, italic=True)]),
        ("`kode *her*`", [Span("kode *her*", code=True)]),
        ("2 * 3 * 4 og a*b*c", [Span("2 * 3 * 4 og a*b*c")]),
        ("a*b* c _d_e", [Span("a*b* c _d_e")]),
        ("snake_case_navn og ~/sti", [Span("snake_case_navn og ~/sti")]),
        ("&lt;b&gt; &amp;lt; R&amp;D", [Span("<b> &lt; R&D")]),
        ("&amp;amp;lt;", [Span("&amp;lt;")]),
        ("<@U1>", [Span("@…", mention="U1")]),
        ("<@U1|kari> hei", [Span("@kari", mention="U1"), Span(" hei")]),
        ("se <#C1|tavle> og <#C2>", [Span("se #tavle og #channel")]),
        ("<!here> <!channel> <!everyone>", [Span("@here @channel @everyone")]),
        ("<!subteam^S1|@ledere>", [Span("@ledere")]),
        ("<!subteam^S1>", [Span("@…")]),
        ("<!date^1392734382^{date}|18. februar>", [Span("18. februar")]),
        (
            "<https://a.no/?x=1&amp;y=2>",
            [Span("https://a.no/?x=1&y=2", link="https://a.no/?x=1&y=2")],
        ),
        ("<https://a.no|her &lt;3>", [Span("her <3", link="https://a.no")]),
        ("<mailto:a@b.no|a@b.no>", [Span("a@b.no", link="mailto:a@b.no")]),
        ("<javascript:alert(1)|klikk>", [Span("klikk")]),
        ("<slack://open|klikk>", [Span("klikk")]),
        (":tada: :vår-logo: :+1::skin-tone-3:", [Span("🎉 :vår-logo: 👍🏼")]),
        ("kl. 10:30:45", [Span("kl. 10:30:45")]),
    ],
)
def test_mrkdwn_is_read_as_slack_shows_it(written: str, read: list[Span]) -> None:
    assert only_text(written) == paragraph(*read)


def test_lines_become_paragraphs_quotes_items_and_preformatted() -> None:
    read = only_text("Først\nså\n\nny\n&gt; sagt\n&gt; igjen\n• en\n    • under\n```x  = 1\n  y```")
    assert [(b.kind, b.depth, b.plain()) for b in read.blocks] == [
        ("paragraph", 0, "Først\nså"),
        ("paragraph", 0, "ny"),
        ("quote", 0, "> sagt\n> igjen"),
        ("item", 0, "• en"),
        ("item", 1, "  • under"),
        ("pre", 0, "x  = 1\n  y"),
    ]


def test_rich_text_counts_more_than_mrkdwn() -> None:
    bold: dict[str, Any] = {"type": "text", "text": "b", "style": {"bold": True}}
    event = message("a*b*c", blocks=rich(section("a", bold, "c")))
    assert parse(event) == paragraph(Span("a"), Span("b", bold=True), Span("c"))


@pytest.mark.parametrize(
    ("part", "span"),
    [
        ({"type": "user", "user_id": "U1"}, Span("@…", mention="U1")),
        ({"type": "channel", "channel_id": "C1"}, Span("#channel")),
        ({"type": "broadcast", "range": "here"}, Span("@here")),
        ({"type": "usergroup", "usergroup_id": "S1"}, Span("@…")),
        ({"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fd"}, Span("👋🏽")),
        ({"type": "emoji", "name": "tada"}, Span("🎉")),
        ({"type": "emoji", "name": "alta"}, Span(":alta:")),
        ({"type": "emoji", "name": "alta", "unicode": "zz"}, Span(":alta:")),
        ({"type": "date", "timestamp": 1, "fallback": "i går"}, Span("i går")),
        ({"type": "color", "value": "#F405B3"}, Span("#F405B3")),
        ({"type": "link", "url": "https://a.no"}, Span("https://a.no", link="https://a.no")),
        ({"type": "link", "url": "javascript:x", "text": "klikk"}, Span("klikk")),
        ({"type": "thought_of_later", "text": "noe"}, Span("noe")),
        (
            {"type": "text", "text": "x", "style": {"italic": True, "strike": True, "code": True}},
            Span("x", italic=True, strike=True, code=True),
        ),
    ],
)
def test_each_element_of_rich_text(part: dict[str, Any], span: Span) -> None:
    assert parse(message("", blocks=rich(section(part)))) == paragraph(span)


def test_names_that_only_mrkdwn_tells_are_taken_from_there() -> None:
    parts = ({"type": "channel", "channel_id": "C1"}, {"type": "usergroup", "usergroup_id": "S1"})
    event = message("<#C1|tavle> <!subteam^S1|@ledere>", blocks=rich(section(*parts)))
    assert parse(event).plain() == "#tavle@ledere"


def test_lists_quotes_and_code_of_rich_text() -> None:
    inside = [section("en"), section("to")]
    event = message(
        "",
        blocks=rich(
            section("Før:\n\nog\n"),
            {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": inside},
            {"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": inside},
            {**section("sagt"), "type": "rich_text_quote"},
            {**section(" a\n\n b"), "type": "rich_text_preformatted"},
        ),
    )
    assert [(b.kind, b.depth, b.plain()) for b in parse(event).blocks] == [
        ("paragraph", 0, "Før:"),
        ("paragraph", 0, "og"),
        ("item", 1, "  • en"),
        ("item", 1, "  • to"),
        ("paragraph", 0, "3. en\n4. to"),
        ("quote", 0, "> sagt"),
        ("pre", 0, " a\n\n b"),
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<@U0BOT> hva gjør dere?", "hva gjør dere?"),
        ("<@U0BOT>: hva?", "hva?"),
        ("  <@U0BOT>   hva?", "hva?"),
        ("Hei <@U0BOT>, hva?", "Hei, hva?"),
        ("Hei <@U0BOT> hva?", "Hei hva?"),
        ("Hei <@U0BOT>du", "Hei du"),
        ("hva? <@U0BOT>", "hva?"),
        ("<@U0BOT|mellom> og <@U0BOT>", "og @…"),
        ("<@U1> <@U0BOT> hei", "@… hei"),
        ("<@U0BOT>", ""),
        ("<@U0OTHER> hei", "@… hei"),
    ],
)
def test_the_first_mention_of_the_bot_is_cut(written: str, read: str) -> None:
    assert parse({"text": written}, "U0BOT").plain() == read


def test_a_mention_in_rich_text_is_cut_too() -> None:
    bot: dict[str, Any] = {"type": "user", "user_id": "U0BOT"}
    event = message("<@U0BOT> hei <@U0BOT>", blocks=rich(section(bot, " hei ", bot)))
    assert parse(event, "U0BOT") == paragraph(Span("hei "), Span("@…", mention="U0BOT"))


def test_a_command_has_no_looks_but_may_have_links() -> None:
    read = parse_command("ask *hva* &lt;nå&gt; <https://a.no|her>\n\n a < b > c")
    assert read.blocks[0].spans == (Span("ask *hva* <nå> "), Span("her", link="https://a.no"))
    assert read.plain() == "ask *hva* <nå> her\na < b > c"


def test_what_only_does_harm_is_taken_away() -> None:
    assert clean("a\x00b\x1b[31m\ud800c\u202ed\u2066e\r\nf\tg") == "ab[31mcde\nf\tg"
    assert clean("👩‍👩‍👧 न्‍ æøå") == "👩‍👩‍👧 न्‍ æøå"
    assert parse(message("\ud83d\u202e")).plain() == ""


def test_nothing_but_files_is_an_empty_text() -> None:
    assert not parse({"text": "", "blocks": None})


@settings(deadline=None)
@given(st.text())
def test_escaping_is_undone_by_reading_it_once(words: str) -> None:
    assert mrkdwn.unescape(escape(words)) == words


@settings(deadline=None)
@given(st.text(min_size=1))
def test_a_text_element_says_what_it_says(words: str) -> None:
    """Whatever it looks like: in rich text, characters are characters."""
    read = parse(message("", blocks=rich(section(words))))
    seen = "".join(clean(words).split())
    assert "".join(read.plain().split()) == seen
    assert all(not (s.bold or s.link or s.mention) for b in read.blocks for s in b.spans)


@settings(deadline=None)
@given(st.text(alphabet="<>*_~`:@#!|&;^ab1 \n•", max_size=200))
def test_no_mrkdwn_breaks_the_reader(text: str) -> None:
    read = parse({"text": text}, "ab")
    assert Text.load(read.dump()) == read


@pytest.mark.parametrize("sign", ["*", "_", "~", "`", "<", "&gt; ", ":", "*a", "<a|", "```", "\n"])
def test_long_nonsense_is_read_in_no_time(sign: str) -> None:
    before = time.perf_counter()
    only_text(sign * 13_000)
    assert time.perf_counter() - before < 2
