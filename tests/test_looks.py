"""What is sent for each kind of card: as agreed, valid by both platforms' rules, and said in words.

The golden files are every sample of an ordinary day in bokmål; UPDATE_GOLDEN=1 writes them anew, to
be read by a person, who also looks at what `python -m tests.gallery FOLDER` makes of them.
"""

from __future__ import annotations

import contextlib
import html
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft6Validator
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from adapters.slack import blocks
from adapters.teams import cards
from bot.cards import Card
from bot.language import LANGUAGES
from storage.unit_of_work import connect
from tests import gallery
from tests.samples import LONGEST, NOW, ORDINARY, Size

Json = dict[str, Any]

HERE = Path(__file__).parent / "adapters"
SCHEMA = Draft6Validator(json.loads((HERE / "teams" / "adaptive-card-1.5.0.json").read_text()))

LARGE = 16_000
"""Characters of a drawing that nobody would read through."""


@pytest.fixture(scope="module")
def shown() -> dict[str, list[Json]]:
    return gallery.samples("nb")


def golden(platform: str, kind: str, drawn: list[Json]) -> None:
    file = HERE / platform / "golden" / "kinds" / f"{kind}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(drawn, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert drawn == json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_every_kind_is_drawn_as_agreed(platform: str, shown: dict[str, list[Json]]) -> None:
    for kind, pairs in shown.items():
        drawn = [pair[platform] for pair in pairs]
        golden(platform, kind, [one for one in drawn if len(json.dumps(one)) < LARGE])
    kept = {file.stem for file in (HERE / platform / "golden" / "kinds").iterdir()}
    assert kept == set(shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_valid_by_both_platforms_rules(language: str) -> None:
    for pairs in gallery.samples(language).values():
        for pair in pairs:
            view = pair["slack"].get("form", pair["slack"]).get("view", pair["slack"])
            if view.get("type") in ("modal", "home"):
                View(**view).validate_json()
            for block in view["blocks"]:
                parsed = Block.parse(block)
                assert parsed is not None
                parsed.validate_json()
            # The schema is about how a card is made, which is the same in all languages.
            for content in _contents(pair["teams"]) if language == LANGUAGES[0] else ():
                SCHEMA.validate(content)


def _contents(sent: Json) -> list[Json]:
    if "form" in sent:
        return [sent["form"]["card"]]
    return [hung["content"] for hung in sent["attachments"]]


@pytest.mark.parametrize("size", [ORDINARY, LONGEST], ids=["ordinary", "longest"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_has_words_that_say_all_of_it(
    language: str, size: Size, database_url: str
) -> None:
    with contextlib.closing(connect(database_url)) as database, database.begin(NOW) as uow:
        for _, card in gallery.shown(uow, language, size):
            if isinstance(card, Card):
                _says_all(card)


def _says_all(card: Card) -> None:
    said = _flat(card.plain())
    for drawn in (blocks.message(card, "t" * 26)["blocks"], cards.attachment(card)["content"]):
        for words in _words(drawn):
            assert _flat(words.replace("**", "")) in said
    text = _flat(html.unescape(blocks.message(card, "t" * 26)["text"]))
    assert said == text or (said.startswith(text) and len(text) > blocks._TEXT - 200)
    summary = cards.summary(card)
    assert said == summary or (
        said.startswith(summary.rstrip(" …")) and len(summary) > cards._SUMMARY / 2
    )


def _words(drawn: Any) -> Iterator[str]:
    """What stands in a card before its reader; a button says itself."""
    if isinstance(drawn, list):
        for part in drawn:
            yield from _words(part)
    elif isinstance(drawn, dict) and drawn.get("type", "") != "button":
        for name, part in drawn.items():
            if name in ("text", "title", "value") and isinstance(part, str):
                yield from _lines(part)
            elif name not in ("data", "actions"):
                yield from _words(part)


def _lines(words: str) -> list[str]:
    """Lines without the marks that make lists and paragraphs of them."""
    plain = html.unescape(words).replace("\\", "").replace("\u200b", "")
    return [line.strip("\r-• ") for line in plain.split("\n") if line.strip("\r-• ")]


def _flat(words: str) -> str:
    return " ".join(words.replace("\u200b", "").split())
