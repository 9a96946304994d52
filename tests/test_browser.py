"""The playground in a real browser, as somebody meets it who has read nothing.

One page and one browser for all of them, so each says words of its own. Where there is no browser
they are left out, and the end of the run says so.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib.resources import files
from typing import Any

import pytest
import pytest_asyncio

from adapters.playground.page.page import Page
from adapters.playground.page.running import opened
from adapters.playground.page.story import ANSWER, QUESTION
from tests import browser
from tests.browser import Tab
from tests.numbers import norwegian_number

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(browser.PATH is None, reason=browser.NONE),
]

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def page(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Page]:
    folder = tmp_path_factory.mktemp("browser")
    async with opened(f"sqlite:///{folder}/mellom.db") as shown:
        yield shown


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def window() -> AsyncIterator[Tab]:
    async with browser.opened("about:blank") as tab:
        await tab.call("Network.enable")
        await tab.call("Network.setExtraHTTPHeaders", headers={"Accept-Language": "nb"})
        yield tab


@pytest_asyncio.fixture(loop_scope="module")
async def tab(page: Page, window: Tab) -> AsyncIterator[Tab]:
    """The page, loaded anew; whatever its scripts or its policy met is told at the end."""
    window.problems.clear()
    await window.go(page.url)
    await window.until("document.querySelectorAll('.room').length == 4")
    await window.until(f"{channel(0)}.innerText.includes({ANSWER!r})")
    yield window
    assert window.problems == []


def channel(number: int) -> str:
    return f"document.querySelector('#room-{number} .panel:not(.letters)')"


def letters(number: int) -> str:
    return f"document.querySelector('#room-{number} .letters')"


def message(number: int, words: str) -> str:
    """The message with these words that stands last in the room's channel."""
    articles = f"[...{channel(number)}.querySelectorAll('article')]"
    return f"{articles}.findLast((one) => one.innerText.includes({words!r}))"


async def press(tab: Tab, button: str, within: str = "document") -> None:
    """Press the button that reads so."""
    buttons = f"[...{within}.querySelectorAll('button')]"
    await tab.do(f"{buttons}.find((one) => one.innerText.trim() == {button!r}).click()")


async def write(tab: Tab, words: str, box: str) -> None:
    """Write into a box, and send it."""
    await tab.do(f"{box}.focus()")
    await tab.type(words)
    await tab.do("document.activeElement.form.requestSubmit()")


async def arrives(tab: Tab, words: str, *rooms: int) -> None:
    for number in rooms:
        await tab.until(f"{channel(number)}.innerText.includes({words!r})")


# ---- the conversation


async def test_the_page_says_what_to_do_first_and_then_what_to_do_next(tab: Tab) -> None:
    first = await tab.do("document.querySelector('.first').innerText")
    assert "Begynn her, som Kari Nilsen" in first
    reply = f"{channel(2)}.querySelector('.stream > .threads .reply button')"
    await tab.do(f"{reply}.click()")
    await write(tab, "<b>Fem minutter</b> hver dag.", "document.activeElement")
    await arrives(tab, "<b>Fem minutter</b> hver dag.", 0, 1, 2, 3)
    await tab.until("document.querySelector('.first').innerText.includes('Spør nå alle fire')")
    words = "Hvem skriver referat?"
    await write(tab, f"@Mellom {words}", f"{channel(1)}.querySelector('.write textarea')")
    answer = "Svar nå på det, som Kari Nilsen i Alta kommune: Trykk «Svar» under Q-"
    await tab.until(f"document.querySelector('.first').innerText.includes({answer!r})")
    await arrives(tab, words, 0, 1, 2, 3)
    button = f"{message(0, words)}.closest('.thread').querySelector('.reply button')"
    await tab.until(f"{button}.innerText.includes('Q-')")
    named = await tab.do(f"{button}.innerText")
    await tab.do(f"{button}.click()")
    assert await tab.do("document.activeElement.labels[0].innerText") == named
    number = named.removeprefix("Svar på ").removesuffix(" i tråden")
    assert f"Spørsmål {number}" in await tab.do(f"{message(0, words)}.innerText")
    await write(tab, "Den som kom sist.", "document.activeElement")
    close = "Merk det nå, som Jens Holm i Aarhus Kommune: Trykk «Markér som besvaret» under Q-"
    await tab.until(f"document.querySelector('.first').innerText.includes({close!r})")
    assert await tab.do(f"{message(1, words)}.querySelector('.mention').innerText") == "@Mellom"


async def test_whoever_the_page_opens_as_has_somebody_elses_question_to_answer(tab: Tab) -> None:
    chosen = "document.querySelector('#room-0 .who :checked').value"
    assert await tab.do(chosen) == "Kari Nilsen"
    arrived = await tab.do(f"{message(0, QUESTION)}.innerText")
    assert "Lars Krogh · Randers Kommune" in arrived
    assert "Svar" in arrived.splitlines()


async def test_a_form_in_another_language_than_the_pages_says_why(tab: Tab) -> None:
    why = "document.querySelector('#form header').innerText"
    for number, told in ((1, "Mellom skriver dansk til Jens Holm."), (2, None)):
        await press(tab, "Svar", message(number, QUESTION))
        await tab.until("document.querySelector('#form').open")
        lines = (await tab.do(why)).splitlines()
        assert told in lines if told else not any("Mellom skriver" in line for line in lines)
        language = {1: "da", 2: "nb"}[number]
        assert await tab.do("document.querySelector('#form-parts').lang") == language
        await tab.key("Escape")
        await tab.until("!document.querySelector('#form').open")


async def test_what_came_last_is_what_glows(tab: Tab) -> None:
    fresh = f"[...{channel(2)}.querySelectorAll('.fresh')].map((one) => one.innerText).join()"
    await tab.do(f"{channel(0)}.querySelector('.stream > .threads .reply button').click()")
    await write(tab, "Den første av to.", "document.activeElement")
    await tab.until(f"{fresh}.includes('Den første av to.')")
    await write(tab, "@Mellom Hva lyser nå?", f"{channel(0)}.querySelector('.write textarea')")
    await tab.until(f"{fresh}.includes('Hva lyser nå?')")
    assert "Den første av to." not in await tab.do(fresh)


async def test_who_writes_beside_the_question_is_told_that_it_stays_there(tab: Tab) -> None:
    words = "Vi gjør det i fem minutter."
    await write(tab, words, f"{channel(2)}.querySelector('.write textarea')")
    first = "document.querySelector('.first').innerText"
    await tab.until(f"{first}.includes('blir i sin egen kanal')")
    await arrives(tab, words, 2)
    await press(tab, "Svar", message(1, QUESTION))
    await tab.until("document.querySelector('#form').open")
    await tab.until(f"{first}.includes('Begynn her')")
    await tab.key("Escape")


async def test_a_question_is_asked_and_stands_in_all_four_channels(tab: Tab) -> None:
    await press(tab, "@Mellom", channel(1))
    await write(tab, "Hvem lærer nye ledere op?", f"{channel(1)}.querySelector('.write textarea')")
    await arrives(tab, "Hvem lærer nye ledere op?", 0, 1, 2, 3)
    assert "Jens Holm · Aarhus Kommune" in await tab.do(f"{channel(3)}.innerText")


@pytest.mark.parametrize(("number", "button"), [(1, "Svar"), (2, "Svar")])
async def test_a_form_is_filled_in_and_its_answer_arrives(
    tab: Tab, number: int, button: str
) -> None:
    words = f"Vi prøver skjemaet i rom {number}."
    await press(tab, button, message(number, QUESTION))
    await tab.until("document.activeElement.matches('#form textarea')")
    await write(tab, words, "document.activeElement")
    await arrives(tab, words, 0, 1, 2, 3)
    await tab.until("document.querySelector('#form').open")
    await tab.key("Escape")
    await tab.until("!document.querySelector('#form').open")


async def test_a_question_is_marked_as_answered_and_every_channel_is_told(tab: Tab) -> None:
    await press(tab, "@Mellom", channel(0))
    words = "Hvor henger tavlen deres?"
    await write(tab, words, f"{channel(0)}.querySelector('.write textarea')")
    await arrives(tab, words, 0, 1, 2, 3)
    thread = f"{message(0, words)}.closest('.thread')"
    await tab.until(f"{thread}.innerText.includes('Merk som besvart')")
    first = "document.querySelector('.first').innerText"
    await press(tab, "Markér som besvaret", message(1, words))
    await tab.until("document.querySelector('#form').open")
    assert "Mellom" in await tab.do("document.querySelector('#form h2').innerText")
    await tab.key("Escape")
    await tab.until("!document.querySelector('#form').open")
    assert "Se inni" not in await tab.do(first)
    await press(tab, "Merk som besvart", thread)
    await tab.until("document.querySelector('#form').open")
    await tab.do("document.querySelector('#form form').requestSubmit()")
    for number, told in ((0, "Besvart"), (1, "Besvaret"), (2, "Besvart"), (3, "Besvaret")):
        await tab.until(f"{message(number, words)}.closest('.thread').innerText.includes({told!r})")
    await tab.key("Escape")


async def test_who_one_is_can_be_chosen_and_mellom_be_written_to_in_private(tab: Tab) -> None:
    about = "document.querySelector('#room-0 .who').innerText"
    await tab.until(f"{about}.includes('Deltaker · Alta kommune · Bokmål')")
    await tab.do("document.querySelector('#room-0 input[value=\"Bjarne Falk\"]').click()")
    await tab.until(f"{about}.includes('Nettverksleder · Falk Læring · Bokmål')")
    await press(tab, "Privat", "document.querySelector('#room-0')")
    await write(tab, "hjelp", f"{letters(0)}.querySelector('.write textarea')")
    await tab.until(f"{letters(0)}.querySelectorAll('article.bot').length > 1")


# ---- time, faults, and the look inside


async def test_the_clock_is_moved_and_what_was_due_then_is_seen_now(tab: Tab) -> None:
    number = norwegian_number().text
    await write(tab, f"@Mellom {number}?", f"{channel(2)}.querySelector('.write textarea')")
    await tab.until("!document.querySelector('#room-2 .tabs .badge').hidden")
    await tab.do("document.querySelector('#room-0 input[value=\"Bjarne Falk\"]').click()")
    told = f"{letters(0)}.textContent.includes('Et innlegg i kanalen til Bodø kommune')"
    assert await tab.do(told) is False

    clock = "document.querySelector('.hand')"
    await tab.do(f"{clock}.click()")
    await press(tab, "15 minutter fram", "document.querySelector('#clock')")
    await tab.until("document.querySelector('#clock').matches('.moved')")
    await tab.until(told)
    closed = (
        f"{clock}.getAttribute('aria-expanded') == 'false' && document.activeElement == {clock}"
    )
    await tab.until(closed)
    await tab.do(f"{clock}.click()")
    await press(tab, "Tilbake til nå", "document.querySelector('#clock')")
    await tab.until("!document.querySelector('#clock').matches('.moved')")
    await tab.until(closed)
    await tab.do(f"{clock}.click()")
    await tab.key("Escape")
    assert await tab.do(closed)


async def test_a_room_is_down_and_what_waits_for_it_arrives_when_it_is_healed(tab: Tab) -> None:
    room = "document.querySelector('#room-3')"
    await tab.do(f"{room}.querySelector('.platform').click()")
    await tab.until("document.activeElement.matches('#room-3 .troubles input:checked')")
    await tab.do(f"{room}.querySelector('.troubles [value=down]').click()")
    await tab.until(f"{room}.querySelector('.strip').innerText.includes('Teams er nede.')")
    await tab.do(f"{channel(0)}.querySelector('.stream > .threads .reply button').click()")
    await write(tab, "Vi står alle sammen.", "document.activeElement")
    await arrives(tab, "Vi står alle sammen.", 0, 1, 2)
    await tab.until(f"{room}.innerText.includes('1 melding er på vei.')")
    assert not await tab.do(f"{channel(3)}.innerText.includes('Vi står alle sammen.')")

    await press(tab, "Se inni", message(1, "Vi står alle sammen."))
    inside = "document.querySelector('#inside')"
    await tab.until(f"{inside}.open && {inside}.querySelectorAll('.state.waits').length == 1")
    await tab.key("Escape")
    await press(tab, "Reparer", room)
    await arrives(tab, "Vi står alle sammen.", 3)
    strip = f"{room}.querySelector('.strip')"
    await tab.until(f"{strip}.innerText.includes('1 melding har kommet fram.')")
    await press(tab, "Vis", strip)
    await tab.until(f"{strip}.hidden")
    assert await tab.do(f"document.activeElement == {message(3, 'Vi står alle sammen.')}")


async def test_the_look_inside_shows_every_copy_and_the_wire_and_leaves_with_escape(
    tab: Tab,
) -> None:
    await tab.do(f"{message(0, ANSWER)}.querySelector('.look').focus()")
    await tab.key("Enter")
    inside = "document.querySelector('#inside')"
    await tab.until(f"{inside}.open")
    assert await tab.do(f"{inside}.querySelectorAll('tbody tr').length") == 4
    assert "Q-1" in await tab.do(f"{inside}.innerText")
    assert not await tab.do(f"{inside}.querySelector('.wire').checkVisibility()")
    await tab.do(f"{inside}.querySelector('.passed summary').click()")
    await tab.do(f"{inside}.querySelector('.wire summary').click()")
    shown = await tab.do(f"{inside}.querySelector('.wire details[open]').innerText")
    assert "X-Slack-Signature: •••" in shown
    await tab.key("Escape")
    await tab.until(f"!{inside}.open")
    assert await tab.do("document.activeElement.innerText") == "Se inni"


@pytest.mark.parametrize(
    ("script", "draws", "unknown"),
    [
        ("slack.js", "drawSlack({blocks: [{type: 'video'}]}, {names: {}})", "video"),
        (
            "slack.js",
            "drawSlack({blocks: [{type: 'actions', elements: [{type: 'overflow'}]}]}, {names: {}})",
            "overflow",
        ),
        (
            "slack.js",
            "drawSlack({blocks: [{type: 'input', element: {type: 'timepicker'}}]},"
            " {names: {}, field: () => null})",
            "timepicker",
        ),
        ("teams.js", "[drawCard({body: [{type: 'Media'}]}, {})]", "Media"),
        ("teams.js", "[drawCard({body: [{type: 'Input.Date'}]}, {})]", "Input.Date"),
        ("teams.js", "[drawCard({actions: [{type: 'Action.ShowCard'}]}, {})]", "Action.ShowCard"),
        ("teams.js", "drawTeams({attachments: [{contentType: 'image/png'}]}, {})", "image/png"),
    ],
)
async def test_what_the_page_cannot_draw_it_says(
    tab: Tab, script: str, draws: str, unknown: str
) -> None:
    name = draws.strip("[").partition("(")[0]
    drawn = await tab.do(
        f"import('/static/{script}').then(({{ {name} }}) =>"
        f" {draws}.map((one) => one.textContent).join(' '))"
    )
    assert drawn == f"Denne siden kan ikke vise: {unknown}"


async def test_a_channel_that_is_only_told_gets_nobodys_words(tab: Tab) -> None:
    words = "Hvem får vite om dette spørsmålet?"
    await write(tab, f"@Mellom {words}", f"{channel(0)}.querySelector('.write textarea')")
    await arrives(tab, words, 3)
    board = "document.querySelector('.board')"
    await tab.until(f"{board}.textContent.split('Fra Alta kommune').length > 1")
    assert words not in await tab.do(f"{board}.textContent")
    await tab.do(f"{board}.querySelector('button').click()")
    await tab.until(f"{board}.querySelector('section').checkVisibility()")
    assert await problems(tab, ".board") == []
    await tab.key("Escape")
    await tab.until(f"!{board}.querySelector('section').checkVisibility()")


async def test_the_page_asks_nobody_but_this_machine(tab: Tab, page: Page) -> None:
    await press(tab, "Se inni", message(0, QUESTION))
    await tab.until("document.querySelector('#inside').open")
    await tab.key("Escape")
    asked = await tab.do("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert len(asked) > 10
    assert [name for name in asked if not name.startswith(f"{page.url}/")] == []


# ---- accessibility


async def problems(tab: Tab, *within: str) -> list[str]:
    """What axe-core finds wrong by WCAG 2.1 A and AA, in these parts of the page or in all."""
    if not await tab.do("'axe' in window"):
        await tab.do(files("axe_core_python").joinpath("axe.min.js").read_text("utf-8") + ";0")
    found: list[dict[str, Any]] = await tab.do(
        f"axe.run({list(within) or 'document'}, {{runOnly: {STANDARDS}}})"
        ".then(({violations}) => violations.map(({id, nodes}) =>"
        " ({id, where: nodes.map(({html, any}) => html.slice(0, 200) + (any[0]?.message ?? ''))})))"
    )
    return [f"{one['id']}: {one['where'][:3]}" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_wrong_anywhere(tab: Tab, scheme: str) -> None:
    feature = {"name": "prefers-color-scheme", "value": scheme}
    await tab.call("Emulation.setEmulatedMedia", features=[feature])
    # In the dark only the colours differ, and they are the same in all rooms of a platform.
    parts = () if scheme == "light" else (".top", "#room-0", "#room-1", "footer")
    assert await problems(tab, *parts) == []

    await tab.do("document.querySelector('.hand').click()")
    for number in (0, 1):
        await tab.do(f"document.querySelector('#room-{number} .platform').click()")
    await tab.do("document.querySelector('#room-1 .troubles [value=slow]').click()")
    await tab.until("!document.querySelector('#room-1 .strip').hidden")
    assert await problems(tab, ".top", "#room-0 > .bar", "#room-0 > .troubles") == []
    assert await problems(tab, "#room-1 > .bar", "#room-1 > .troubles", "#room-1 > .strip") == []
    await press(tab, "Reparer", "document.querySelector('#room-1')")
    await tab.until("document.querySelector('#room-1 .strip').hidden")

    await press(tab, "Se inni", message(0, QUESTION))
    await tab.until("document.querySelector('#inside').open")
    for part in (".passed", ".wire"):
        await tab.do(f"document.querySelector('#inside {part} summary').click()")
    assert await problems(tab, "#inside") == []
    await tab.key("Escape")

    await press(tab, "Svar", message(2, QUESTION))
    await tab.until("document.querySelector('#form').open")
    assert await problems(tab, "#form") == []
    await tab.key("Escape")
    await tab.until("!document.querySelector('#form').open")


@pytest.mark.parametrize("width", [320, 390, 720, 1440])
async def test_nothing_runs_out_of_the_side_of_the_window(tab: Tab, width: int) -> None:
    size = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": False}
    await tab.call("Emulation.setDeviceMetricsOverride", **size)
    await tab.do("document.querySelector('.hand').click()")
    await press(tab, "Se inni", message(0, QUESTION))
    await tab.until("document.querySelector('#inside').open")
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await tab.do(over) == 0
    await tab.key("Escape")
    await tab.call("Emulation.clearDeviceMetricsOverride")
