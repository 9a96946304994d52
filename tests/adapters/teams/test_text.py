"""Teams' HTML and Markdown: what is written is what is shown, and nothing of it comes alive."""

from __future__ import annotations

import html

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from adapters.teams.markup import Mention
from adapters.teams.text import escaped, inert, parse, passages, render, without_leading_mention
from bot.text import Block, Span, Text

# Stricter than any Teams client: everything that CommonMark knows is on.
MARKDOWN = MarkdownIt("commonmark", {"html": True})
HARMLESS = {"text", "softbreak", "hardbreak", "em_open", "em_close", "strong_open", "strong_close"}
BLOCKS = {"inline", "paragraph_open", "paragraph_close"}
LISTS = {"bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"}


def tokens(markdown: str) -> list[Token]:
    return MARKDOWN.parse(markdown)


def inlines(markdown: str) -> list[Token]:
    return [child for token in tokens(markdown) for child in token.children or ()]


def shown(markdown: str) -> str:
    """What a reader sees, without looks and without spaces."""
    words = "".join(child.content for child in inlines(markdown) if child.type == "text")
    return "".join(words.split())


def squeezed(text: Text | str) -> str:
    """The same of a text: a bullet is the client's to draw."""
    if isinstance(text, str):
        return "".join(inert(text).split())
    lines = ("".join(span.text for span in block.spans) for block in text.blocks)
    marked = zip(text.blocks, lines, strict=True)
    return squeezed(
        "\n".join(
            "\n".join(f"> {part}" for part in inert(line).split("\n") if part.strip())
            if block.kind == "quote"
            else line
            for block, line in marked
        )
    )


def alive(markdown: str) -> set[str]:
    """Everything in it that a client would do more with than show words."""
    kinds = {child.type for child in inlines(markdown)} | {token.type for token in tokens(markdown)}
    return kinds - HARMLESS - BLOCKS - LISTS


CORPUS = [
    "<at>Everyone</at>",
    "<at id='0'>Mellom</at>",
    "<!channel> <@U0FOREIGN> <!subteam^S1>",
    "[rent harmløst](https://evil.example)",
    "![bilde](https://evil.example/x.png)",
    "[a]: https://evil.example\n[a]",
    "<https://evil.example>",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "&lt;at&gt;Everyone&lt;/at&gt; &amp;lt; &#60; &copy",
    "{{DATE(2026-01-01T00:00:00Z, SHORT)}} ${tittel}",
    "**fet** _skrå_ ~~strøket~~ `kode` ***begge***",
    "2 * 3 * 4, a*b*c, et_navn_her, ~/sti",
    "# Overskrift\n- punkt\n+ punkt\n1. punkt\n2) punkt\n> sitat\n---\n***\n===\n| a | b |",
    "    fire mellomrom *ikke kode*",
    "\tfaneblad `ikke kode`",
    "```\nkode\n```\n~~~\nkode\n~~~",
    "\\*skråstrek\\* \\\\ \\",
    "Kari\u202enesliN\u202c \u200bhei\u2066 du\u2069",
    "👨‍👩‍👧‍👦 🏳️‍🌈 é ﷽",
    "-5 grader, 3 < 4 & 5 > 4, FoU&drift",
    "\x00\x07\x1b[31mrødt\x1b[0m\u2028ny linje",
    "javascript:alert(1) data:text/html,x",
]


@pytest.mark.parametrize("words", CORPUS)
def test_nothing_that_a_person_writes_comes_alive_on_a_card(words: str) -> None:
    for text in (Text.of(words), Text((Block("pre", (Span(words),)),))):
        assert alive(render(text)) == set()
        assert shown(render(text)) == squeezed(text)
        assert "{{" not in render(text)


@pytest.mark.parametrize("words", CORPUS)
def test_a_name_or_title_is_as_inert_as_a_text(words: str) -> None:
    assert alive(escaped(words)) == set()
    assert shown(escaped(words)) == squeezed(words)


@pytest.mark.parametrize("words", CORPUS)
def test_words_typed_in_teams_come_through_its_html_unchanged(words: str) -> None:
    typed = html.escape(inert(words), quote=False).replace("\n", "<br>").replace(" ", "&nbsp;")
    parsed = parse(f"<p>{typed}</p>", "xml")
    assert "".join(parsed.plain().split()) == squeezed(words)
    assert alive(render(parsed)) == set()


CHARACTERS = st.text(
    st.one_of(st.sampled_from(list("*_`[]()<>~{}!&;#\\-+.1a \nø»")), st.characters(codec="utf-8")),
    max_size=25,
)
LINKS = st.sampled_from(
    [None, None, "https://ks.no/a_(b)?x=1&lt;=2", "mailto:post@example.no", "javascript:alert(1)"]
)
SPANS = st.builds(
    Span,
    CHARACTERS,
    bold=st.booleans(),
    italic=st.booleans(),
    strike=st.booleans(),
    code=st.booleans(),
    link=LINKS,
)
KINDS = st.sampled_from(["paragraph", "quote", "pre", "item"])
TEXTS = st.builds(
    Text,
    st.lists(
        st.builds(
            Block,
            KINDS,
            st.lists(SPANS, max_size=4).map(tuple),
            st.integers(min_value=0, max_value=4),
        ),
        max_size=5,
    ).map(tuple),
)


@settings(deadline=None)
@given(TEXTS)
@example(Text((Block("paragraph", (Span("a"), Span("b", bold=True), Span("c", italic=True))),)))
@example(Text((Block("paragraph", (Span("a", bold=True), Span(""), Span("b", bold=True))),)))
@example(Text((Block("paragraph", (Span("!"), Span("x", link="https://ks.no"))),)))
@example(Text((Block("paragraph", (Span("»a«", bold=True), Span("1.", bold=True))),)))
def test_every_text_is_shown_whole_with_nothing_alive_but_its_own_links(text: Text) -> None:
    drawn = render(text)
    assert alive(drawn) <= {"link_open", "link_close"}
    targets = {str(t.attrs["href"]) for t in inlines(drawn) if t.type == "link_open"}
    assert all(
        target.startswith(("https://ks.no/", "https://ks.no", "mailto:")) for target in targets
    )
    if all(span.link is None for block in text.blocks for span in block.spans):
        assert shown(drawn) == squeezed(text)
    else:
        assert set(squeezed(text)) <= set(shown(drawn))


@settings(deadline=None)
@given(CHARACTERS)
def test_words_without_looks_are_parsed_and_shown_unchanged(words: str) -> None:
    words = inert(words)
    for parsed in (
        parse(html.escape(words), "plain"),
        parse(f"<div>{html.escape(words)}</div>", "xml"),
    ):
        assert shown(render(parsed)) == "".join(words.split())


@settings(deadline=None)
@given(st.text(max_size=80).map(lambda words: words.replace("x", "<p>").replace("y", "</li><ul>")))
def test_any_html_at_all_is_parsed(words: str) -> None:
    assert alive(render(parse(words, "xml"))) <= {"link_open", "link_close"}


def test_the_looks_of_teams_html_are_kept() -> None:
    text = parse(
        "<p>Se <strong>fet</strong>, <em>skrå</em>, <s>strøket</s>, <code>kode</code> og "
        '<a href="https://ks.no">her</a></p>',
        "xml",
    )
    spans = {span.text: span for span in text.blocks[0].spans}
    assert spans["fet"].bold
    assert spans["skrå"].italic
    assert spans["strøket"].strike
    assert spans["kode"].code
    assert spans["her"].link == "https://ks.no"
    assert text.plain() == "Se fet, skrå, strøket, kode og her"
    assert render(text) == "Se **fet**, _skrå_, strøket, kode og [her](https://ks.no)"


def test_lists_quotations_and_code_become_blocks() -> None:
    text = parse(
        "<ul><li>en</li><li>to<ul><li>tre</li></ul></li></ul><ol><li>a</li><li>b</li></ol>"
        "<blockquote><p>sagt</p></blockquote><pre>  x = 1<br>  y</pre>",
        "xml",
    )
    assert [(block.kind, block.depth) for block in text.blocks] == [
        ("item", 0),
        ("item", 0),
        ("item", 1),
        ("paragraph", 0),
        ("paragraph", 0),
        ("quote", 0),
        ("pre", 0),
    ]
    assert text.plain() == "• en\n• to\n  • tre\n1. a\n2. b\n> sagt\n  x = 1\n  y"
    assert passages(text)[0] == ("item", "- en\n- to\n  - tre")


def test_a_line_break_is_kept_and_shown() -> None:
    text = parse("<p>En<br>to</p><p>tre</p>", "xml")
    assert [block.plain() for block in text.blocks] == ["En\nto", "tre"]
    assert render(text) == "En\n\nto\n\ntre"


def test_emoji_and_pictures_are_their_words() -> None:
    text = parse('<p>Bra <emoji alt="🙂">smile</emoji><img alt="tavle" src="x"></p>', "xml")
    assert text.plain() == "Bra 🙂tavle"


@pytest.mark.parametrize("broken", ["1 < 2", "<!-- b", "<![CDATA[", "<?php", "<a b='", "</"])
def test_html_that_is_not_whole_is_words_and_costs_no_time(broken: str) -> None:
    assert parse(f"<p>a {html.escape(broken)}</p>", "xml").plain() == f"a {broken}"
    assert parse(f"<p>a {broken} <b>c</b></p>", "xml").plain() == f"a {broken} c"
    # The parser of the standard library alone would take most of a minute over some of these.
    parse(broken * 10_000, "xml")


def test_a_script_in_the_html_is_not_words() -> None:
    assert parse("<p>Hei</p><script>alert(1)</script>", "xml").plain() == "Hei"


def test_stars_in_plain_words_are_only_stars() -> None:
    assert parse("**ikke fet**").plain() == "**ikke fet**"


def test_an_ampersand_that_was_typed_survives_exactly() -> None:
    assert parse("&amp;lt;").plain() == "&lt;"
    assert shown(render(parse("&amp;lt;"))) == "&lt;"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//x", "file:///x"])
def test_only_addresses_that_a_reader_may_be_sent_to_are_links(address: str) -> None:
    assert parse(f'<a href="{address}">her</a>', "xml").blocks[0].spans == (Span("her"),)
    assert render(Text((Block("paragraph", (Span("her", link=address),)),))) == "her"


def test_an_address_over_another_address_is_shown_as_what_it_is() -> None:
    trick = Text((Block("paragraph", (Span("https://bank.no", link="https://evil.example"),)),))
    assert render(trick) == "https://bank.no ([https://evil.example](https://evil.example))"
    honest = Text((Block("paragraph", (Span("www.ks.no", link="https://ks.no/side"),)),))
    assert render(honest) == "[www.ks.no](https://ks.no/side)"


KARI = Mention("Kari Nilsen", "aad-kari")
BOT = Mention("Mellom", "28:app")


def test_a_mention_is_a_name_with_its_id() -> None:
    for words, how in (
        ("Spør <at>Kari Nilsen</at> du", "plain"),
        ('<p>Spør <at id="1">Kari Nilsen</at>&nbsp;du</p>', "xml"),
        (
            '<p>Spør <span itemtype="http://schema.skype.com/Mention" itemscope="" itemid="1">'
            "Kari Nilsen</span> du</p>",
            "xml",
        ),
    ):
        text = parse(words, how, (BOT, KARI))
        assert text.plain() == "Spør Kari Nilsen du"
        assert list(text.mentions()) == ["aad-kari"]


def test_only_the_bots_leading_mention_is_taken_away() -> None:
    words = "<at>Mellom</at>&nbsp; hva er <at>Mellom</at>?"
    text = without_leading_mention(parse(words, "plain", (BOT, BOT)), "28:app")
    assert text.plain() == "hva er Mellom?"
    assert list(text.mentions()) == []


def test_a_mention_of_somebody_else_first_stays() -> None:
    text = parse("<at>Kari Nilsen</at> og <at>Mellom</at>", "plain", (KARI, BOT))
    assert without_leading_mention(text, "28:app").plain() == "Kari Nilsen og Mellom"


def test_nothing_but_the_bots_mention_is_an_empty_text() -> None:
    assert not without_leading_mention(parse("<at>Mellom</at>&nbsp;", "plain", (BOT,)), "28:app")


def test_a_mark_that_mentions_nobody_is_only_words() -> None:
    assert parse("<at>Everyone</at> hei").plain() == "<at>Everyone</at> hei"
