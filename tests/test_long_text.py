"""What is longer than one message holds becomes up to three, and the rest is opened to read on."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from adapters.playground.slack.stand_in import Message as SlackMessage
from adapters.playground.teams.world import Message as TeamsMessage
from storage import posts
from storage.models import copy
from tests.conversation import Person, Room, Seen, SlackRoom, World

QUESTION = "Hvordan får dere liv i tavlemøtene?"
UNDER = "tavlemøtene"


def long(characters: int, name: str = "w") -> str:
    """Numbered words in sentences and paragraphs, so that it shows if one is lost or moved."""
    words: list[str] = []
    length = 0
    while length < characters:
        number = len(words)
        word = f"{name}{number}" + (
            ".\n\n" if number % 60 == 59 else "." if number % 9 == 8 else ""
        )
        words.append(word)
        length += len(word) + 1
    return " ".join(words).replace("\n\n ", "\n\n").strip()


def numbers(words: str, name: str = "w") -> list[int]:
    return [int(found) for found in re.findall(rf"\b{name}(\d+)\b", words)]


def parts(room: Room, name: str = "w") -> list[Seen]:
    """The bot's messages with these words, in the order in which they stand."""
    return [seen for seen in room.everything if seen.by_bot and numbers(seen.words, name)]


@pytest.fixture
def asked(kari: Person) -> None:
    kari.asks(QUESTION)


@pytest.mark.usefixtures("asked")
def test_a_long_answer_stands_in_three_numbered_parts_and_nothing_of_it_is_lost(
    ingrid: Person, alta: Room, aarhus: Room
) -> None:
    ingrid.replies(long(8500), under=UNDER)
    for room in (alta, aarhus):
        shown = parts(room)
        assert [number for seen in shown for number in numbers(seen.words)] == numbers(long(8500))
        assert [re.findall(r"\b\d/\d\b", seen.words) for seen in shown] == [
            [f"{number}/3"] for number in (1, 2, 3)
        ]
        assert {seen.root for seen in shown} == {room.root(UNDER)}
        assert all("Ingrid Vik · Bodø kommune" in seen.words for seen in shown)
        assert all("Vis alt" not in seen.words for seen in shown)


@pytest.mark.usefixtures("asked")
def test_its_authors_own_message_is_not_parted(ingrid: Person, bodo: Room) -> None:
    ingrid.replies(long(8500), under=UNDER)
    assert parts(bodo) == []


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(("writer", "length"), [("ingrid", 39_900), ("jens", 27_000)])
@pytest.mark.parametrize("reader", ["kari", "lars"])
def test_all_of_the_longest_answer_can_be_read_on_either_platform(
    writer: str, length: int, reader: str, request: pytest.FixtureRequest
) -> None:
    author: Person = request.getfixturevalue(writer)
    person: Person = request.getfixturevalue(reader)
    author.replies(long(length), under=UNDER)
    shown = parts(person.room)
    assert len(shown) == 3
    read = [number for seen in shown for number in numbers(seen.words)]

    person.opens_form("Vis alt", on="3/3")
    for _page in range(10):
        assert person.form is not None
        assert author.name in person.form
        read += numbers(person.form)
        if len(read) == len(numbers(long(length))):
            break
        person.sends_form()
    assert read == numbers(long(length))


@pytest.mark.usefixtures("asked")
def test_a_reply_under_any_part_is_an_answer(ingrid: Person, kari: Person, aarhus: Room) -> None:
    ingrid.replies(long(8500), under=UNDER)
    kari.replies("Det prøver vi også.", under="3/3")
    aarhus.sees("Kari Nilsen", "Det prøver vi også.", under=UNDER)


@pytest.mark.usefixtures("asked")
def test_a_text_that_shrinks_loses_parts_and_one_that_grows_gains_them(
    ingrid: Person, alta: Room, aarhus: Room
) -> None:
    ingrid.replies(long(8500), under=UNDER)
    ingrid.edits("w1 ", to=long(4000, "x"))
    for room in (alta, aarhus):
        assert parts(room) == []
        assert [number for one in parts(room, "x") for number in numbers(one.words, "x")] == (
            numbers(long(4000, "x"), "x")
        )
        assert len(parts(room, "x")) == 2
    ingrid.edits("x1 ", to="Kort og godt.")
    for room in (alta, aarhus):
        assert parts(room, "x") == []
        room.sees_once("Kort og godt.")
    ingrid.edits("Kort", to=long(20_000, "y"))
    for room in (alta, aarhus):
        shown = parts(room, "y")
        assert len(shown) == 3
        assert [n for one in shown for n in numbers(one.words, "y")] == list(
            range(sum(len(numbers(one.words, "y")) for one in shown))
        )
        room.does_not_see("Kort og godt.")


@pytest.mark.usefixtures("asked")
def test_all_parts_of_a_deleted_answer_are_taken_away(
    ingrid: Person, alta: Room, aarhus: Room
) -> None:
    ingrid.replies(long(8500), under=UNDER)
    ingrid.deletes("w1 ")
    for room in (alta, aarhus):
        assert parts(room) == []


def test_a_question_begins_its_thread_and_its_later_parts_stand_in_it(
    jens: Person,
    alta: Room,
    bodo: Room,
    kari: Person,
    aarhus: Room,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.features.asking.LONGEST", 9000)
    jens.says(f"@Mellom {long(5000)}")
    for room in (alta, bodo):
        first, second = parts(room)
        assert first.id == first.root
        assert second.root == first.id
        assert "Q-1" in first.words
        assert "Q-1" not in second.words
    kari.replies("Vi begynner stående.", under="2/2")
    aarhus.sees("Kari Nilsen", "Vi begynner stående.", under="w1 ")


@pytest.mark.usefixtures("asked")
def test_code_that_is_cut_is_code_on_both_sides(ingrid: Person, alta: Room, aarhus: Room) -> None:
    lines = "\n".join(f"w{number} = {number}" for number in range(400))
    ingrid.replies(f"Slik:\n```\n{lines}\n```\nDet er alt.", under=UNDER)
    for room in (alta, aarhus):
        shown = parts(room)
        assert [n for seen in shown for n in numbers(seen.words)] == list(range(400))
        for seen in shown:
            assert "```" not in seen.words
            assert _is_code(seen)


def _is_code(seen: Seen) -> bool:
    """Whether the platform was sent the numbered lines as code."""
    if isinstance(seen.inner, SlackMessage):
        elements = [one for block in seen.inner.blocks for one in block.get("elements", [])]
        code = [one for one in elements if one["type"] == "rich_text_preformatted"]
        return bool(code) and "w" in code[0]["elements"][0]["text"]
    assert isinstance(seen.inner, TeamsMessage)
    [card] = [one["content"] for one in seen.inner.activity["attachments"]]
    code = [block for block in card["body"] if block.get("fontType") == "Monospace"]
    return bool(code) and "w" in code[0]["text"]


@pytest.mark.usefixtures("asked")
def test_a_page_of_another_network_or_of_nothing_is_not_opened(
    ingrid: Person, kari: Person, world: World
) -> None:
    ingrid.replies(long(20_000), under=UNDER)
    button = "UPDATE post SET network = NULL WHERE kind = 'answer' RETURNING 1"
    world.count(button)
    kari.presses("Vis alt", on="3/3")
    assert kari.form is None or "w1" not in kari.form
    kari.is_told("ikke mer å lese")


@pytest.mark.usefixtures("asked")
def test_a_part_that_a_moderator_takes_away_stays_away(
    ingrid: Person, world: World, alta: Room
) -> None:
    assert isinstance(alta, SlackRoom)
    ingrid.replies(long(8500), under=UNDER)
    alta.loses("2/3")
    ingrid.edits("w1 ", to=long(8700, "x"))
    assert [re.findall(r"\b\d/3\b", one.words) for one in parts(alta, "x")] == [["1/3"], ["3/3"]]
    assert len(parts(world.rooms["Aarhus Kommune"], "x")) == 3


@pytest.mark.usefixtures("asked")
def test_a_message_that_was_sent_twice_is_no_further_part(
    ingrid: Person, aarhus: Room, world: World
) -> None:
    ingrid.replies(long(5000), under=UNDER)
    second = parts(aarhus)[1]
    with world.village.mellom.writers.begin() as uow:
        query = select(copy.c.token, copy.c.conversation).where(copy.c.message == second.id)
        token, conversation = uow.connection.execute(query).one()
        for twice in ("1795000000001", "1795000000002"):
            posts.adopt(uow, token, conversation, twice, None)
        query = select(copy.c.part).where(copy.c.message.like("179500000000_"))
        assert sorted(uow.connection.execute(query).scalars()) == [101, 201]
    world.settle()
    ingrid.edits("w1 ", to=long(8500, "x"))
    assert len(parts(aarhus, "x")) == 3
