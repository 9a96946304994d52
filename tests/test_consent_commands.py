"""`mellom consent`: what was confirmed is listed, shown and printed, in its own language."""

from __future__ import annotations

import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from adapters.playground.village import SECRET
from bot.features import consent
from bot.language import LANGUAGES, speak
from tests.conversation import Person, World
from tests.operators import Operator
from tests.test_confirming import withdraws
from tests.test_one_way import BJARNE, HAMAR

DIGESTS = """
2026-11         nb 7a062ba20bc9d902
2026-11         nn 567d7b99e2de4ac1
2026-11         da fa854a7d508d0406
2026-11         en b7a3c1d6ba074167
2026-11-one-way nb 0abb04afb99ddb16
2026-11-one-way nn 73681c3959e88547
2026-11-one-way da f113e02d2d6c9e34
2026-11-one-way en 7dfe59dfa49e363e
"""
"""Of every text that anybody may have confirmed. One that changes here was changed after that: give
the new wording a name of its own, and leave the old one as it was."""


def test_no_text_that_may_have_been_confirmed_has_changed() -> None:
    for line in DIGESTS.strip().splitlines():
        version, language, digest = line.split()
        words = consent.text(version, speak(language))
        assert hashlib.sha256(words.encode()).hexdigest()[:16] == digest, (version, language)
    told = {tuple(line.split()[:2]) for line in DIGESTS.strip().splitlines()}
    assert told == {(version, language) for version in consent.TEXTS for language in LANGUAGES}


@pytest.fixture
def operator(operator: Operator, world: World) -> Operator:
    """Of the network with four channels that have confirmed, and one that is only told."""
    world.act(world.village.tell(HAMAR, BJARNE))
    operator.sets(MELLOM_SECRET_KEY=SECRET)
    return operator


def test_who_confirmed_what_is_listed(operator: Operator, ingrid: Person) -> None:
    withdraws(ingrid)
    lines = operator.succeeds("consent", "list", "--network", "Nord").splitlines()
    told = dict(zip(lines[::2], lines[1::2], strict=True))
    names = [line.partition(":")[0].partition(",")[0] for line in told]
    assert names == sorted(
        ["Aarhus Kommune", "Alta kommune", "Bodø kommune", "Hamar kommune", "Randers Kommune"]
    )
    [bodo] = [words for line, words in told.items() if line.startswith("Bodø")]
    assert re.search(r"Confirmed by Ingrid Vik .*20\d\d.* Withdrawn by Ingrid Vik", bodo)
    [hamar] = [line for line in told if line.startswith("Hamar")]
    assert hamar.endswith("text 2026-11-one-way")


def test_a_text_is_shown_in_its_organisations_language(operator: Operator) -> None:
    shown = operator.succeeds(
        "consent", "show", "--network", "Nord", "--organisation", "Aarhus Kommune"
    )
    for line in consent.text(consent.BOTH_WAYS, speak("da")).splitlines():
        assert line in shown
    assert "Bekræftet af Jens Holm" in shown
    assert "Alta" not in shown


class Page(HTMLParser):
    """The words of a page, by the language that they are said to be in, and what it is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: dict[str, list[str]] = {}
        self.tags: list[str] = []
        self.loads: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        above = self._open[-1][1] if self._open else ""
        self.tags.append(tag)
        self.loads += [name for name in ("src", "href") if name in given]
        if tag != "meta":
            self._open.append((tag, given.get("lang") or above))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.setdefault(self._open[-1][1], []).append(data.strip())


def test_the_page_has_every_text_in_its_own_language_and_loads_nothing(
    operator: Operator, ingrid: Person, tmp_path: Path
) -> None:
    withdraws(ingrid)
    file = tmp_path / "consent.html"
    operator.succeeds("consent", "print", str(file), "--network", "Nord")
    page = Page(file.read_text(encoding="utf-8"))
    assert page.tags[:2] == ["html", "head"]
    assert [tag for tag in page.tags if re.fullmatch(r"h\d", tag)] == ["h1", *["h2"] * 5]
    assert set(page.words) == {"nb", "da"}
    for language in ("nb", "da"):
        for line in consent.text(consent.BOTH_WAYS, speak(language)).splitlines():
            assert page.words[language].count(line) == 2
    for line in consent.text(consent.ONE_WAY, speak("nb")).splitlines():
        assert page.words["nb"].count(line) == 1
    norwegian = " ".join(page.words["nb"])
    assert re.search(
        r"Bekreftet av Ingrid Vik \w+dag \d+\. \w+ 20\d\d kl\. \d\d\.\d\d\.", norwegian
    )
    assert "Gjelder ikke lenger" in norwegian
    assert page.loads == []


def test_names_on_the_page_are_nothing_but_names(
    operator: Operator, world: World, tmp_path: Path
) -> None:
    world.change("UPDATE organisation SET name = '<script>x</script>' WHERE id = 1")
    file = tmp_path / "consent.html"
    operator.succeeds("consent", "print", str(file), "--network", "Nord")
    assert "script" not in Page(file.read_text(encoding="utf-8")).tags


def test_a_page_that_cannot_be_written_is_told(operator: Operator, tmp_path: Path) -> None:
    there = str(tmp_path / "none" / "consent.html")
    assert there in operator.is_refused("consent", "print", there, "--network", "Nord")


def test_where_nothing_was_confirmed_it_is_said(operator: Operator, tmp_path: Path) -> None:
    operator.succeeds("network", "create", "Sør")
    assert "yet" in operator.succeeds("consent", "list", "--network", "Sør")
    there = str(tmp_path / "consent.html")
    assert "Sør" in operator.is_refused("consent", "print", there, "--network", "Sør")
    assert not (tmp_path / "consent.html").exists()
