"""The picture of a result: on the cards of both platforms, and fetched as they fetch it."""

from __future__ import annotations

import functools
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from aiohttp import ClientSession
from cryptography.fernet import Fernet
from PIL import Image

from adapters.painting import HEIGHT, WIDTH, png
from adapters.playground.slack.stand_in import Message as SlackMessage
from adapters.playground.teams.world import Message as TeamsMessage
from bot import pictures
from bot.features import charting
from bot.language import speak
from bot.pictures import Bar, Chart
from storage.unit_of_work import Vault
from tests import samples_of_polls as of_polls
from tests.conversation import TUESDAY, Founded, GoOn, Room, Seen, World
from tests.test_results import GEMBA, GEMBA_WINS, closes, have_voted, open_poll

CHOSE = "har valgt"


@pytest.fixture(scope="module")
def founded_open(go_on: GoOn) -> Callable[[str], Founded]:
    return functools.cache(lambda kind: go_on(kind, open_poll))


@pytest.fixture
def founded_before(founded_open: Callable[[str], Founded], database_kind: str) -> Founded:
    return founded_open(database_kind)


def shown(seen: Seen) -> tuple[str, str]:
    """The address of a message's picture, and what stands for it."""
    message = seen.inner
    if isinstance(message, SlackMessage):
        [block] = [block for block in message.blocks if block["type"] == "image"]
        return block["image_url"], block["alt_text"]
    assert isinstance(message, TeamsMessage)
    body = message.attachments[0]["content"]["body"]
    [element] = [element for element in body if element["type"] == "Image"]
    return element["url"], element["altText"]


def fetched(world: World, address: str) -> tuple[int, dict[str, str], bytes]:
    async def fetch() -> tuple[int, dict[str, str], bytes]:
        where = address.replace("http://127.0.0.1/", f"{world.village.url}/")
        async with ClientSession() as session, session.get(where) as answer:
            return answer.status, dict(answer.headers), await answer.read()

    return world.run(fetch())


def test_a_bar_is_as_long_as_what_is_said_of_it_and_the_longest_fills_its_place() -> None:
    rows = ((1, 40, "least"), (2, 30, None), (3, 20, "most"), (4, 10, "most"))
    result = [
        {"place": place, "rank": place, "share": share, "bound": bound}
        for place, share, bound in rows
    ]
    poll = replace(of_polls.poll(TUESDAY), result=result)
    titles = {place: f"Forslag {place}" for place, _, _ in rows}
    drawn = charting.chart(poll, titles, speak("nb"))
    assert drawn is not None
    assert [(bar.length, bar.label) for bar in drawn.bars] == [
        (35, "minst 35\u00a0%"),
        (30, "ca. 30\u00a0%"),
        (25, "høyst 25\u00a0%"),
        (15, "høyst 15\u00a0%"),
    ]
    assert drawn.most == 35


def test_the_result_has_a_picture_in_the_language_of_each_channel(
    world: World, alta: Room, aarhus: Room
) -> None:
    have_voted(world, GEMBA_WINS)
    closes(world)
    norwegian, alt = shown(alta.sees(CHOSE, GEMBA))
    assert alt == "Resultatet som søylediagram. Teksten sier det samme."
    danish, alt = shown(aarhus.sees(CHOSE, GEMBA))
    assert alt == "Resultatet som søjlediagram. Teksten siger det samme."
    assert norwegian != danish
    for address in (norwegian, danish):
        status, headers, body = fetched(world, address)
        assert (status, headers["Content-Type"]) == (200, "image/png")
        assert headers["Cache-Control"] == "public, max-age=86400"
        assert "Set-Cookie" not in headers
        assert len(body) < 1024 * 1024
        picture = Image.open(BytesIO(body))
        assert picture.width == WIDTH
        assert picture.height <= HEIGHT

    # Nobody finds another by changing an address, and where nothing is told, nothing is drawn.
    other = norwegian.replace("result.", "result.9")
    for address in (other, norwegian[:-9] + "AAAAA.png", "http://127.0.0.1/pictures/x.png"):
        assert fetched(world, address)[0] == 404
    world.village.mellom.database.vault = Vault(Fernet.generate_key())
    assert fetched(world, norwegian)[0] == 404


def test_whose_title_is_withdrawn_has_it_taken_from_the_picture(
    world: World, alta: Room, jens: object
) -> None:
    have_voted(world, GEMBA_WINS)
    closes(world)
    before, _ = shown(alta.sees(CHOSE, GEMBA))
    with_it = fetched(world, before)[2]
    person = world.person("Jens Holm")
    person.opens_form("Ret eller træk tilbage", on="De finder ikke tid.")
    person.sends_form(text="", details="")
    after, _ = shown(alta.sees(CHOSE, "Trukket tilbake"))
    assert after != before
    assert fetched(world, before)[2] == fetched(world, after)[2] != with_it


def test_without_an_address_of_its_own_the_words_stand_alone(world: World, alta: Room) -> None:
    world.village.mellom.database.site = None
    have_voted(world, GEMBA_WINS)
    closes(world)
    with pytest.raises(ValueError, match="not enough values"):
        shown(alta.sees(CHOSE, f"1. {GEMBA}"))


# ---- addresses

VAULT = Vault(urlsafe_b64encode(b"k" * 32))
NAME = "result.12.nb.0123abcd"


def test_an_address_names_what_it_was_made_for() -> None:
    assert pictures.named(f"{NAME}.{VAULT.sign(NAME)}", VAULT) == ("result", 12, "nb")


@pytest.mark.parametrize(
    "token",
    [
        "",
        NAME,
        f"{NAME}.{VAULT.sign('result.13.nb.0123abcd')}",
        f"result.13.nb.0123abcd.{VAULT.sign(NAME)}",
        f"{NAME}.{VAULT.sign(NAME)}\n",
        f"{NAME}.{Vault(urlsafe_b64encode(b'l' * 32)).sign(NAME)}",
        f"result.١٢.nb.0123abcd.{VAULT.sign('result.١٢.nb.0123abcd')}",
    ],
)
def test_what_was_not_signed_names_nothing(token: str) -> None:
    assert pictures.named(token, VAULT) is None
    assert pictures.named(token, None) is None


# ---- painting


def chart(*titles: str) -> Chart:
    bars = (
        Bar(n, title, 40 if n == 1 else 20, "minst 40 %", open=n == 1, tag="valgt" * (n == 1))
        for n, title in enumerate(titles, 1)
    )
    return Chart("Månedens problemstilling", tuple(bars), 40, "Andelene er avrundet. " * 5)


@pytest.mark.parametrize("titles", [["Å"] * 3, ["Tavlemøtene går på rutine"] * 7, ["W" * 45] * 7])
def test_a_picture_is_as_large_as_teams_takes(titles: list[str]) -> None:
    body = png(chart(*titles))
    assert body.startswith(b"\x89PNG")
    picture = Image.open(BytesIO(body))
    assert picture.width == WIDTH
    assert picture.height <= HEIGHT
    assert len(body) < 200_000


@pytest.mark.parametrize("letter", "æøåÆØÅéäöŋđčšžŧ«»”–…")
def test_every_letter_of_the_readers_is_in_the_font(letter: str) -> None:
    assert png(chart(letter)) != png(chart("\u2f00")) != png(chart(""))


def test_what_the_font_has_not_is_left_out() -> None:
    assert png(chart("Tavla 🚀")) == png(chart("Tavla"))
