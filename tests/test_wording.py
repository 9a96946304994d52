"""What the bot says, in every language: it fits where it is shown, and it is said kindly."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from adapters.playground.slack.limits import block_faults, view_faults
from adapters.playground.teams.cards import problem_with
from adapters.slack import blocks
from adapters.slack import home as slack_home
from adapters.teams import cards as teams
from bot import dispatch, drawn, finding, parting
from bot.cards import Card, Form
from bot.drawing import DRAWN
from bot.drawn import Reader
from bot.features import (
    answering,
    asking,
    audience,
    closing,
    hearing,
    home,
    joining,
    listing,
    mending,
    notices,
    reach,
    reading,
    searching,
    themes,
    unfolding,
)
from bot.features.asking import Draft
from bot.features.presence import present
from bot.incoming import Deleted, Edited, Incoming, Person, Place, Pressed, Said, Submitted
from bot.language import LANGUAGES, Speech, is_translated, read_catalogue, speak
from bot.text import Text
from storage import UnitOfWork, installations, listings, networks, overviews, rooms, threads
from storage.themes import KEYS, Theme
from storage.unit_of_work import connect

NOW = datetime(2027, 1, 19, 8, 15, tzinfo=UTC)
LONG_NAME = "Midt-Østlandet interkommunale læringsnettverk for tjenesteutvikling og innbyggere"
LONG_CHANNEL = "lean-og-kontinuerlig-forbedring-i-hele-kommunen-og-litt-til"
QUESTION = "Hvordan får dere liv i tavlemøtene?"
KARI = Person("slack", "T0ALTA", "U0KARI", name="Kari Nilsen", language="nb")


# --- it fits ------------------------------------------------------------------------------------


class Facts(dict[str, str]):
    """What a notice is about, at its longest; a fact that is not named here is a number."""

    def __missing__(self, name: str) -> str:
        return "123456789"


FACTS = Facts(
    at=NOW.isoformat(),
    channel=LONG_CHANNEL,
    contact="personvernombud@midt-ostlandet-utviklingsselskap.example",
    organisation=LONG_NAME,
)


def _asking_forms(say: Speech) -> Iterator[Form]:
    note = audience.who_sees([LONG_NAME] * 12, say)
    choices = tuple((key, themes.name(Theme(1, key, None), say)) for key in KEYS)
    for words in ("", "Hei", QUESTION * asking.LONGEST):
        draft = Draft(words, words, "1.1")
        problems = draft.problems(["question"] if words else [], say)
        yield asking.form(say, draft, problems, choices=choices, note=note)


def _answering_forms(say: Speech) -> Iterator[Form]:
    yield answering.form(123456789, say, note=audience.who_sees([LONG_NAME], say))
    yield answering.form(123456789, say, "", answering.number_in_form(say))


def _mending_forms(say: Speech) -> Iterator[Form]:
    yield mending.form("question:123456789", say, Draft(QUESTION, QUESTION))
    yield mending.form("answer:123456789", say, Draft(QUESTION))
    yield mending.withdrawing("question:123456789", say)


def _closing_forms(say: Speech) -> Iterator[Form]:
    label = closing.cut(f"Kari Nilsen · {LONG_NAME}: {QUESTION}", closing.LONGEST_CHOICE)
    yield closing.form(123456789, 123456789, (), say)
    yield closing.form(123456789, 123456789, [(str(n), label) for n in range(10)], say)


def _reading_forms(say: Speech) -> Iterator[Form]:
    pages = [Text.of("Slik gjør vi det. " * (unfolding.PAGE // 18))] * 4
    yield from (unfolding.form("answer:123456789", pages, at, say, LONG_NAME) for at in (1, 4))


def _search_forms(say: Speech) -> Iterator[Form]:
    yield searching.form(say)
    yield searching.form(say, "og", searching.nothing_typed(say))
    yield searching.form(say, "", answering.number_in_form(say))


FORMS: dict[str, Callable[[Speech], Iterator[Form]]] = {
    asking.ASK: _asking_forms,
    answering.ANSWER: _answering_forms,
    drawn.MEND: _mending_forms,
    parting.SHOW_ALL: _reading_forms,
    closing.CLOSE: _closing_forms,
    searching.SEARCH: _search_forms,
}


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
    for form in FORMS[name](speak(language)):
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
    card = notices._DRAWN[name](speak(language), FACTS)
    assert card.text
    assert "{" not in card.plain()
    assert _faults(card) == []


def test_every_post_fits_on_both_platforms_in_every_language(database_url: str) -> None:
    kinds = {notices.KIND}
    with contextlib.closing(connect(database_url)) as database, database.begin(NOW) as uow:
        for kind, subject in _posts(uow):
            kinds.add(kind)
            for language in LANGUAGES:
                card = DRAWN[kind](subject, Reader(language, 1), uow)
                assert card is not None
                assert "{" not in card.plain()
                assert _faults(card) == []
    assert kinds == DRAWN.keys()


def _posts(uow: UnitOfWork) -> Iterator[tuple[str, int]]:
    """Each kind of post, in each of its states; only the notices have a test of their own."""
    installation = installations.keep(uow, platform="slack", app="A0MELLOM", tenant="T0ALTA")
    place = Place(installation, "C0ALTA", name=LONG_CHANNEL)
    network = networks.create_network(uow, LONG_NAME, "nb")
    organisation = networks.add_organisation(
        uow, network=network, name=LONG_NAME, country="no", language="nb"
    )
    code = joining.keep_code(uow, network=network, organisation=organisation, role=None)

    _take(uow, _said(place, "1", f"join {code}"))
    room = rooms.room_at(uow, installation, place.key)
    assert room is not None
    yield "welcome", room.id
    press = {"action": joining.CONFIRM, "value": str(room.id)}
    _take(uow, Pressed(key="2", at=NOW, place=place, person=KARI, **press))
    yield "welcome", room.id

    _take(uow, _said(place, "3", QUESTION))
    question = threads.thread_written_as(uow, room.conversation, "3") or 0
    yield from (("question", question), ("foot", question))
    _take(uow, _said(place, "4", "Vi begynner med et spørsmål.", root="3"))
    answer = threads.reply_written_as(uow, room.conversation, "4") or 0
    yield "answer", answer
    yield "home", _home(uow, place)
    _take(uow, _edited(place, "3", QUESTION + " Og i planleggingen?"))
    _take(uow, _edited(place, "4", "Vi slutter med et spørsmål.", root="3"))
    yield from (("question", question), ("answer", answer))
    _take(uow, _submitted(place, closing.CLOSE, str(question), answers=str(answer)))
    yield from (("question", question), ("foot", question), ("answer", answer))
    for reason in (listing.JOINED, listing.MISSED):
        yield (
            listing.KIND,
            listings.keep(
                uow,
                network=network,
                conversation=room.conversation,
                reason=reason,
                listed_threads=[question],
                threads=123456,
            ),
        )
    listings.add(uow, 2, [question], questions=123456, answers=123456)
    yield from ((listing.KIND, 1), (listing.KIND, 2))
    yield from _lists(uow, place, room.conversation)
    _take(uow, Deleted(key="7", at=NOW, place=place, message="3"))
    yield from (("question", question), ("foot", question), (listing.KIND, 1))


def _submitted(place: Place, form: str, subject: str, **values: str) -> Submitted:
    return Submitted(
        key=form, at=NOW, place=place, person=KARI, form=form, subject=subject, values=values
    )


def _home(uow: UnitOfWork, place: Place) -> int:
    """What is open, in a direct message: as many long questions as it shows."""
    for number in range(home.OWN + home.WAITING + home.LATEST):
        _take(uow, _said(place, f"home {number}", QUESTION * 50))
    private = Place(place.installation, "D0KARI", direct=True)
    who = present(KARI, private, uow)
    assert who is not None
    home.tell(uow, who, who.conversation, alone=True)
    return max(id for id, _ in overviews._standing(uow, who.network))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_thread_that_is_read_fits_on_both_platforms(language: str, database_url: str) -> None:
    with contextlib.closing(connect(database_url)) as database, database.begin(NOW) as uow:
        for kind, subject in _posts(uow):
            if kind == "question":
                question = overviews.question(uow, 1, subject)
                assert question is not None
                assert _faults(reading.form(question, speak(language), uow)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_home_fits_on_slack(language: str, database_url: str) -> None:
    with contextlib.closing(connect(database_url)) as database, database.begin(NOW) as uow:
        made = next(subject for kind, subject in _posts(uow) if kind == "home")
        card = DRAWN["home"](made, Reader(language), uow)
        assert card is not None
        assert view_faults(slack_home.view(card, "D0KARI")) == []
        # In a direct message, all of it is within what Slack takes of one message.
        assert blocks._size(blocks.told(card)["blocks"]) < blocks._ALL_BLOCKS


def _lists(uow: UnitOfWork, place: Place, conversation: int) -> Iterator[tuple[str, int]]:
    """What a search found: as many long questions as a list has, an answer, and nothing."""
    who = present(KARI, place, uow)
    assert who is not None
    for _ in range(finding.MOST):
        asking.ask(uow, who, Text.of("gevinster " * 150))
    while finding.index(uow):
        pass
    for words in ("gevinst", "tavlemøte slutter", "hamsterhjul"):
        searching.tell(uow, who, Text.of(words), conversation)
        row = uow.connection.execute(text("SELECT max(id) FROM notice"))
        yield "found", row.scalar_one()


def _take(uow: UnitOfWork, incoming: Incoming) -> None:
    dispatch.handle(incoming, uow)


def _said(place: Place, message: str, words: str, root: str | None = None) -> Said:
    return Said(
        key=message,
        at=NOW,
        place=place,
        person=KARI,
        message=message,
        text=Text.of(words),
        root=root,
        addressed=root is None,
    )


def _edited(place: Place, message: str, words: str, root: str | None = None) -> Edited:
    return Edited(
        key=f"{message} edited",
        at=NOW,
        place=place,
        person=KARI,
        message=message,
        version="1",
        text=Text.of(words),
        root=root,
        addressed=root is None,
    )


# --- it is said as people there say it ------------------------------------------------------------

UNSAID = {
    "nb": "artig bedrift borger frokost grine indbygger innsats middag nominer personnummer rar "
    "rådmann spill vertskommune fantastisk supert",
    "nn": "artig bedrift borgar frokost grine innsats middag nominer personnummer rar rådmann spel "
    "spill vertskommune fantastisk supert",
    "da": "afvigelse artig bedrift frokost grine innbygger middag nominer rar rask rådmand spil "
    "vedtak vedtægt halvtreds tres firs fantastisk super",
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
    commands = {word for pair in told for word in pair if word}
    assert commands
    assert commands <= hearing.JOIN
