"""A message that is forwarded on Slack crosses as a quotation, and nothing of it unseen."""

from __future__ import annotations

import pytest

from adapters.playground.slack.stand_in import Message, User
from tests.conversation import Person, Room, SlackPerson, TeamsPerson
from tests.numbers import norwegian_number

QUESTION = "Hvordan får dere liv i tavlemøtene?"


def elsewhere(person: SlackPerson, words: str, *files: tuple[str, int]) -> Message:
    """What a colleague wrote where the network is not."""
    slack = person.world.slack
    colleague = person.room.inner.people["Ola Berg"]
    assert isinstance(colleague, User)
    channel = person.user.workspace.channel("utenfor")
    return person.world.act(slack.say(colleague, channel, words, files=list(files)))


def forwards(
    person: SlackPerson, message: Message, words: str = "", *, under: str = "", hidden: bool = False
) -> Message:
    root = person.room.root(under) if under else None
    slack, channel = person.world.slack, person.room.channel
    said = slack.forward(person.user, message, channel, words, thread_ts=root, hidden=hidden)
    return person.world.act(said)


@pytest.fixture
def asked(jens: Person) -> None:
    jens.asks(QUESTION)


@pytest.mark.usefixtures("asked")
def test_a_forwarded_answer_crosses_as_a_quotation_under_its_authors_name(
    kari: SlackPerson, aarhus: Room, bodo: Room
) -> None:
    forwards(
        kari, elsewhere(kari, "Vi *starter* med <https://alta.no/tavle|tavla>."), under="liv i"
    )
    for room in (aarhus, bodo):
        seen = room.sees("Kari Nilsen · Alta kommune", "Ola Berg:", under="liv i")
        assert "starter" in seen.words
        assert "archives" not in seen.words
        assert "utenfor" not in seen.words


@pytest.mark.usefixtures("asked")
def test_ones_own_words_stand_above_what_is_forwarded_and_files_are_named(
    kari: SlackPerson, aarhus: Room
) -> None:
    message = elsewhere(kari, "Se tavla.", ("tavle.png", 240_000))
    forwards(kari, message, "Slik gjør de det:", under="liv i")
    words = aarhus.sees("Slik gjør de det:", "Ola Berg:", "Se tavla.", "tavle.png").words
    assert words.index("Slik gjør") < words.index("Ola Berg:") < words.index("Se tavla.")


def test_a_forwarded_message_becomes_a_question_when_the_bot_is_mentioned_with_it(
    kari: SlackPerson, aarhus: Room, bodo: Room
) -> None:
    forwards(kari, elsewhere(kari, QUESTION), "@Mellom")
    for room in (aarhus, bodo):
        room.sees("Kari Nilsen · Alta kommune", "Q-1", "Ola Berg:", QUESTION)
    forwards(kari, elsewhere(kari, "Hvem leder møtene deres?"), "@Mellom spør")
    assert "spør" not in aarhus.sees("Q-2", "Ola Berg:", "Hvem leder møtene deres?").words


@pytest.mark.usefixtures("asked")
def test_a_mention_of_the_bot_in_what_is_forwarded_asks_nothing(
    kari: SlackPerson, aarhus: Room
) -> None:
    forwards(kari, elsewhere(kari, "@Mellom Hvem leder møtene deres?"))
    aarhus.does_not_see("Hvem leder")


@pytest.mark.usefixtures("asked")
def test_a_number_in_what_is_forwarded_is_stopped(kari: SlackPerson, aarhus: Room) -> None:
    number = norwegian_number().text
    forwards(kari, elsewhere(kari, f"Det gjelder {number} hos oss."), under="liv i")
    aarhus.does_not_see("Det gjelder")
    kari.reads_privately("fødselsnummer")
    for table in ("reply", "thread", "receipt"):
        rows = kari.world.rows(f"SELECT * FROM {table}")  # noqa: S608
        assert number not in str(rows)


@pytest.mark.usefixtures("asked")
def test_what_comes_without_words_is_told_its_author_once(kari: SlackPerson, aarhus: Room) -> None:
    for _ in range(2):
        forwards(kari, elsewhere(kari, "Bare for oss."), under="liv i", hidden=True)
    aarhus.does_not_see("Kari Nilsen")
    told = [seen.words for seen in kari.private if "ingen ord" in seen.words]
    assert len(told) == 1
    assert "Q-1" in told[0]


@pytest.mark.usefixtures("asked")
def test_the_preview_of_a_link_is_no_forwarded_message(kari: SlackPerson, aarhus: Room) -> None:
    kari.replies("Se https://alta.no/tavle", under="liv i")
    answer = kari.message("alta.no/tavle").inner
    assert isinstance(answer, Message)
    kari.world.act(kari.world.slack.unfurl(answer, "https://alta.no/tavle"))
    assert "Redig" not in aarhus.sees("alta.no/tavle").words


def test_a_forwarded_message_can_be_pointed_at(kari: SlackPerson, aarhus: Room) -> None:
    message = forwards(kari, elsewhere(kari, QUESTION))
    kari.world.act(kari.world.slack.shortcut(kari.user, message, "ask"))
    aarhus.sees("Ola Berg:", QUESTION)


@pytest.mark.usefixtures("asked")
def test_an_answer_on_teams_without_words_is_told_too(randers: Room) -> None:
    """A picture that Teams tells nothing of."""
    lars = randers.person("Lars Krogh")
    assert isinstance(lars, TeamsPerson)
    lars.replies(" ", under="liv i")
    lars.reads_privately("Q-1")
