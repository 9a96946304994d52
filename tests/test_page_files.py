"""The playground's files: its words, and what its scripts may not do."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from adapters.playground.page import tool_words
from adapters.playground.page import words as page_words
from adapters.playground.page.clock import STEPS
from adapters.playground.page.trouble import TROUBLES
from adapters.playground.page.web import STATIC
from adapters.playground.village import TOWNS
from bot.drawing import DRAWN
from bot.language import LANGUAGES, speak


def scripts() -> Iterator[tuple[str, str]]:
    for path in sorted(STATIC.glob("*.js")):
        yield path.name, path.read_text("utf-8")


def test_no_script_takes_words_for_markup() -> None:
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\("
    assert [name for name, script in scripts() if re.search(markup, script)] == []


def test_every_word_that_the_page_asks_for_is_there_and_no_other() -> None:
    html = (STATIC / "index.html").read_text("utf-8")
    everything = "\n".join([html, *(script for _, script in scripts())])
    asks = r"""(?:\b(?:say|label|send): |\b(?:say|complain|begin)\(|data-say(?:-label)?=)"(\w+)\""""
    given = page_words.words("en")["words"]
    assert isinstance(given, dict)
    assert set(re.findall(asks, everything)) - set(given) == set()
    single = [name for name in given if "." not in name]
    assert [name for name in single if f'"{name}"' not in everything] == []


def test_whatever_the_data_may_name_has_words_and_no_script_knows_it() -> None:
    """A new kind of post, trouble or step of the clock is shown without a line of script."""
    lists = tool_words.lists(speak("en"))
    assert set(lists["kind"]) == set(DRAWN)
    assert set(lists["step"]) == set(STEPS)
    assert set(lists["trouble"]) == {"none", *TROUBLES}
    assert set(lists["told"]) == set(TROUBLES)
    everything = "\n".join(script for _, script in scripts())
    assert [
        name for one in ("step", "told") for name in lists[one] if f'"{name}"' in everything
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_newcomer_begins_where_their_language_is_spoken_if_that_is_anywhere(
    language: str,
) -> None:
    spoken = {town.name: town.language for town in TOWNS}
    begins = spoken[str(page_words.words(language)["first"])]
    assert begins == (language if language in spoken.values() else "nb")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_be_chosen_by_its_own_name(language: str) -> None:
    spoken = page_words.words(language)
    assert spoken["language"] == language
    assert [language, page_words.NAMES[language]] in spoken["languages"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("nb-NO,nb;q=0.9,en;q=0.8", "nb"),
        ("no", "nb"),
        ("da-DK", "da"),
        ("fr,nn-NO;q=0.5", "nn"),
        ("fr", "en"),
        ("", "en"),
    ],
)
def test_the_page_speaks_the_first_language_that_the_browser_wishes_and_it_knows(
    accepted: str, language: str
) -> None:
    assert page_words.preferred(accepted) == language
