"""A file never crosses to another organisation: it is said that there is one, and with whom."""

from __future__ import annotations

import pytest

from bot.language import speak
from tests.conversation import Person, Room, SlackPerson, TeamsPerson
from tests.numbers import norwegian_number

QUESTION = "Hvordan får dere liv i tavlemøtene?"


def hangs(person: SlackPerson, words: str, *files: tuple[str, int]) -> None:
    """Answer on Slack with files that hang on the message."""
    slack = person.world.slack
    root = person.room.root("tavlemøtene")
    said = slack.say(person.user, person.room.channel, words, thread_ts=root, files=list(files))
    person.world.act(said)


@pytest.fixture
def asked(kari: Person) -> None:
    kari.asks(QUESTION)


@pytest.mark.usefixtures("asked")
def test_each_reader_is_told_of_a_file_in_their_own_language(
    ingrid: SlackPerson, alta: Room, aarhus: Room
) -> None:
    hangs(ingrid, "Slik ser tavla ut.", ("tavle.png", 240_000))
    alta.sees("Slik ser tavla ut.", "1 vedlegg (tavle.png, 240 kB), hos Ingrid Vik i Bodø kommune")
    aarhus.sees("1 vedhæftet fil (tavle.png, 240 kB), hos Ingrid Vik i Bodø kommune")
    assert "slack.com" not in aarhus.sees("tavle.png").words


@pytest.mark.usefixtures("asked")
def test_several_files_are_named_one_by_one(ingrid: SlackPerson, aarhus: Room) -> None:
    hangs(ingrid, "", ("a.pdf", 120_000), ("b.xlsx", 1_240_000))
    aarhus.sees("2 vedhæftede filer (a.pdf, 120 kB; b.xlsx, 1,2 MB), hos Ingrid Vik")


@pytest.mark.usefixtures("asked")
def test_where_teams_tells_neither_name_nor_size_none_is_told(
    jens: TeamsPerson, alta: Room
) -> None:
    root = jens.room.root("tavlemøtene")
    teams = jens.world.teams
    jens.world.act(teams.say(jens.user, jens.room.channel, "Se her.", root, files=["tavle.png"]))
    alta.sees("Se her.", "1 vedlegg, hos Jens Holm i Aarhus Kommune")
    alta.does_not_see("tavle.png")


@pytest.mark.usefixtures("asked")
def test_a_files_name_is_harmless_where_it_is_told(ingrid: SlackPerson, aarhus: Room) -> None:
    hangs(ingrid, "", ("<!channel> \u202e[rent](https://evil.example)\n.pdf", 1))
    seen = aarhus.sees("<!channel> [rent](https://evil.example) .pdf, 1 kB").words
    assert "\u202e" not in seen


@pytest.mark.usefixtures("asked")
def test_a_file_with_a_national_number_in_its_name_does_not_cross(
    ingrid: SlackPerson, aarhus: Room
) -> None:
    number = norwegian_number().text
    hangs(ingrid, "Se her.", (f"{number}.pdf", 1))
    aarhus.does_not_see("Se her.")
    aarhus.does_not_see(number)


@pytest.mark.parametrize(
    ("language", "size", "told"),
    [
        ("nb", 240_000, "240 kB"),
        ("da", 1_240_000, "1,2 MB"),
        ("en", 1_240_000, "1.2 MB"),
        ("en", 3, "1 kB"),
        ("en", 999_700, "1 MB"),
        ("da", 2_345_000_000, "2.345 MB"),
        ("nb", None, ""),
    ],
)
def test_a_size_is_told_as_the_reader_writes_numbers(
    language: str, size: int | None, told: str
) -> None:
    assert speak(language).size(size).replace("\xa0", " ") == told
