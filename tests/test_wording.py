"""What the bot says, in every language: it fits where it is shown, and it is said kindly."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import pytest

from adapters.playground.slack.limits import block_faults, view_faults
from adapters.playground.teams.cards import problem_with
from adapters.slack import blocks
from adapters.slack import home as slack_home
from adapters.teams import cards as teams
from adapters.webhook import drawing
from bot import dispatch
from bot.cards import Card, Form
from bot.drawing import DRAWN, ONE_WAY, draw
from bot.drawn import Reader
from bot.features import commands, notices, reach, reading
from bot.language import LANGUAGES, is_translated, read_catalogue, speak
from storage import overviews
from storage.unit_of_work import connect
from tests.samples import FORMS, LONGEST, NOW, Facts, posts

# --- it fits ------------------------------------------------------------------------------------


def _faults(shown: Card | Form) -> list[str]:
    """Why Slack or Teams would not show it."""
    if isinstance(shown, Form):
        dialog = teams.dialog(shown)["task"]["value"]["card"]["content"]
        faults = view_faults(blocks.modal(shown, blocks.metadata(shown, "C0ALTA")))
    else:
        dialog = teams.attachment(shown)["content"]
        faults = block_faults(blocks.message(shown, "t" * 26)["blocks"])
    return faults + [fault for fault in [problem_with(dialog)] if fault]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FORMS)
def test_every_form_fits_on_both_platforms(name: str, language: str) -> None:
    for form in FORMS[name](speak(language), LONGEST):
        assert _faults(form) == []


def test_no_form_is_left_out_here() -> None:
    assert FORMS.keys() == dispatch._SUBMITTED.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_reading_tells_three_states_apart(language: str) -> None:
    states = (None, reach.MENTIONS, reach.ALL)
    assert len({reach.words(state, speak(language)) for state in states}) == 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(notices._DRAWN))
def test_every_notice_fits_on_both_platforms(name: str, language: str) -> None:
    card = notices._DRAWN[name](speak(language), Facts(LONGEST))
    assert card.text
    assert "{" not in card.plain()
    assert _faults(card) == []


def test_every_post_fits_on_both_platforms_in_every_language(database_url: str) -> None:
    kinds = {notices.KIND}
    with contextlib.closing(connect(database_url)) as database, database.begin(NOW) as uow:
        for kind, subject in posts(uow):
            kinds.add(kind)
            for language in LANGUAGES:
                card = DRAWN[kind](subject, Reader(language, 1), uow)
                assert card is not None
                assert "{" not in card.plain()
                assert _faults(card) == []
    assert kinds == DRAWN.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_note_fits_in_a_webhook_and_has_nobodys_words(
    language: str, database_url: str
) -> None:
    reader = Reader(language, 2, reach.NONE, "Bjarne Falk · " + "bjarne@falk.example " * 9)
    kinds = set()
    with contextlib.closing(connect(database_url)) as database, database.begin(NOW) as uow:
        for kind, subject in posts(uow):
            card = draw(kind, subject, reader, uow)
            if card is None:
                continue
            kinds.add(kind)
            assert card.buttons == ()
            assert reader.answer_to in dict(card.facts).values()
            # Whoever confirms such a channel is an operator, and named by function.
            unsaid = ("{", "tavlemøte") if kind == "welcome" else ("{", "tavlemøte", "Kari")
            assert not any(words in card.plain() for words in unsaid)
            assert drawing.body("slack", card, language)
            assert drawing.body("teams", card, language)
    assert kinds == ONE_WAY.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_thread_that_is_read_fits_on_both_platforms(language: str, database_url: str) -> None:
    with contextlib.closing(connect(database_url)) as database, database.begin(NOW) as uow:
        for kind, subject in posts(uow):
            if kind == "question":
                question = overviews.question(uow, 1, subject)
                assert question is not None
                assert _faults(reading.form(question, speak(language), uow)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_home_fits_on_slack(language: str, database_url: str) -> None:
    with contextlib.closing(connect(database_url)) as database, database.begin(NOW) as uow:
        made = next(subject for kind, subject in posts(uow) if kind == "home")
        card = DRAWN["home"](made, Reader(language), uow)
        assert card is not None
        assert view_faults(slack_home.view(card, "D0KARI")) == []
        # In a direct message, all of it is within what Slack takes of one message.
        assert blocks._size(blocks.told(card)["blocks"]) < blocks._ALL_BLOCKS


# --- it is said as people there say it ------------------------------------------------------------

UNSAID = {
    "nb": "artig bedrift borger frokost grine indbygger innsats middag nominer personnummer rar "
    "rådmann spill(?!e) vertskommune fantastisk supert",
    "nn": "artig bedrift borgar frokost grine innsats middag nominer personnummer rar rådmann "
    "spel(?!a) spill(?!e) vertskommune fantastisk supert",
    "da": "afvigelse artig bedrift frokost grine innbygger middag nominer rar rask rådmand "
    "spil(?!l) vedtak vedtægt halvtreds tres firs fantastisk super",
    "en": "amazing fantastic great nominat organiz color favor center guys",
}
"""How words begin that mean something else across the border, or are not the bot's to say."""

STRANGERS = {
    "nb": "af dig dykk efter eg ein eit frå hvad ikkje indlæg jer kva mig noget spørgsmål vere",
    "nn": "dere et fra hva hvem ikke jeg mer noe noen nå svarene trådene uke være",
    "da": "av deg dere etter hva ikkje innlegg meg mer nettverk noe noen nå spørsmål uke ut å",
    "en": "ikke og",
}
"""Words of the neighbour's language, which slip in when one is translated beside the other."""

STRAIGHT_QUOTES = r"[\"'“”‘’]"
EMOJI = "[\u2600-\u27bf\U0001f000-\U0001ffff]"


def _sentences(language: str) -> Iterator[str]:
    for message in read_catalogue(language):
        if message.id and is_translated(message):
            forms = message.string
            yield from (forms,) if isinstance(forms, str) else forms or ()


def _found(pattern: str, language: str) -> list[str]:
    return [words for words in _sentences(language) if re.search(pattern, words, re.IGNORECASE)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_has_a_false_friend_or_a_banned_word(language: str) -> None:
    assert _found(rf"\b(?:{UNSAID[language].replace(' ', '|')})", language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_has_a_word_of_the_neighbours_language(language: str) -> None:
    assert _found(rf"\b(?:{STRANGERS[language].replace(' ', '|')})\b", language) == []


@pytest.mark.parametrize("language", ["nb", "nn", "da"])
def test_only_english_has_straight_quotes(language: str) -> None:
    assert _found(STRAIGHT_QUOTES, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_carries_its_meaning_in_an_emoji_or_asks_more_than_twice(language: str) -> None:
    assert _found(EMOJI, language) == []
    assert [words for words in _sentences(language) if words.count("?") > 2] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_that_people_are_told_to_write_is_understood(language: str) -> None:
    told = re.findall(r"@Mellom (\w+) KODE|@Mellom (\w+) CODE", "\n".join(_sentences(language)))
    typed = {word for pair in told for word in pair if word}
    assert typed
    assert typed <= commands.JOIN
