"""The playground's page for whoever has only a keyboard, a phone, or ears."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from adapters.playground.page.story import QUESTION
from tests import browser
from tests.browser import Tab

# The page and the browser in which it is seen are the same as in the tests of what it does.
from tests.test_browser import arrives, channel, letters, message, press, problems, write
from tests.test_browser import page as page
from tests.test_browser import tab as tab
from tests.test_browser import window as window

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(browser.PATH is None, reason=browser.NONE),
]

ACTIVE = "document.activeElement"
FIRST = "document.querySelector('.first')"
REPLY = f"{channel(0)}.querySelector('.stream > .threads .reply button')"

# Everything that can be pressed and is in sight, with how large it is; links in running text may be
# as low as the text.
SMALL = """[...document.querySelectorAll('button, select, summary, input, textarea, .jumps a')]
  .filter((one) => one.checkVisibility())
  .map((one) => [one.labels?.[0]?.closest('.who, .troubles, .boxes') ? one.labels[0] : one, one])
  .map(([box, one]) => [box.getBoundingClientRect(), one])
  .filter(([{ width, height }]) => width > 0 && (width < LEAST || height < LEAST))
  .map(([{ width, height }, one]) => `${one.outerHTML.slice(0, 90)} ${width}x${height}`)"""

SEEN = """(() => {
  const one = document.activeElement;
  const ring = one.matches('.who input') ? one.nextElementSibling : one;
  const { left, top, width, height } = ring.getBoundingClientRect();
  const [x, y] = [left + Math.min(width, innerWidth) / 2, top + Math.min(height, 40) / 2];
  const over = document.elementFromPoint(x, y);
  const found = over && (over === one || ring.contains(over) || over.contains(ring));
  const { outlineStyle, outlineWidth } = getComputedStyle(ring);
  const drawn = outlineStyle != 'none' && parseFloat(outlineWidth) >= 2;
  return [one === document.body, Boolean(found), drawn, one.outerHTML.slice(0, 120)];
})()"""

# The page has been drawn anew.
TWICE = """new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  .then(() => true)"""

# This was pressed, and the page has come to where that leads.
SCROLLED = """new Promise((done) => {
  addEventListener("scrollend", () => done(true), { once: true });
  CLICKED.click();
})"""


@pytest_asyncio.fixture(loop_scope="module")
async def phone(tab: Tab) -> AsyncIterator[Tab]:
    """The page on a phone."""
    await sized(tab, 390, 760)
    await tab.call("Emulation.setTouchEmulationEnabled", enabled=True)
    await tab.until("getComputedStyle(document.querySelector('.jumps')).display == 'block'")
    yield tab
    await tab.call("Emulation.setTouchEmulationEnabled", enabled=False)
    await tab.call("Emulation.clearDeviceMetricsOverride")


async def sized(tab: Tab, width: int, height: int, *, mobile: bool = False) -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile}
    await tab.call("Emulation.setDeviceMetricsOverride", **size)


async def wants(tab: Tab, motion: str) -> None:
    """Somebody has set in their system how much motion they want."""
    feature = {"name": "prefers-reduced-motion", "value": motion}
    await tab.call("Emulation.setEmulatedMedia", features=[feature])


async def is_on(tab: Tab, words: str) -> None:
    """The focus is on what reads so."""
    await tab.until(f"{ACTIVE}.innerText.trim() == {words!r}")


# ---- the keyboard


@pytest.mark.parametrize("width", [1440, 390])
async def test_every_stop_of_the_tab_key_is_seen(tab: Tab, width: int) -> None:
    await sized(tab, width, 760)
    await wants(tab, "reduce")
    stops, hidden = 0, []
    while stops < 150:
        await tab.key("Tab")
        away, found, drawn, what = await tab.do(SEEN)
        if away:
            break
        stops += 1
        if not (found and drawn):
            hidden.append(what)
    await wants(tab, "no-preference")
    await tab.call("Emulation.clearDeviceMetricsOverride")
    assert hidden == []
    assert 30 < stops < 150


async def test_whoever_closes_a_form_is_back_where_they_opened_it(tab: Tab) -> None:
    button = f"[...{message(2, QUESTION)}.querySelectorAll('button')]"
    await tab.do(f"{button}.find((one) => one.innerText == 'Svar').focus()")
    await tab.key("Enter")
    await tab.until(f"{ACTIVE}.matches('#form textarea')")
    await tab.key("Escape")
    await is_on(tab, "Svar")
    assert await tab.do(f"{message(2, QUESTION)}.contains({ACTIVE})")


@pytest.mark.parametrize(("number", "label"), [(0, "Merk som besvart"), (1, "Markér som besvaret")])
async def test_they_are_back_even_if_what_they_pressed_is_not_there_any_more(
    tab: Tab, number: int, label: str
) -> None:
    words = f"Hvem vasker tavlen i rom {number}?"
    await write(tab, f"@Mellom {words}", f"{channel(number)}.querySelector('.write textarea')")
    await arrives(tab, words, 0, 1, 2, 3)
    thread = f"{message(number, words)}.closest('.thread')"
    await tab.until(f"{thread}.innerText.includes({label!r})")
    buttons = f"[...{thread}.querySelectorAll('button')]"
    await tab.do(f"{buttons}.find((one) => one.innerText == {label!r}).focus()")
    await tab.key("Enter")
    await tab.until("document.querySelector('#form').open")
    await tab.do("document.querySelector('#form form').requestSubmit()")
    await tab.until(f"!{thread}.innerText.includes({label!r})")
    await tab.until("!document.querySelector('#form form textarea, #form form fieldset')")
    await tab.key("Escape")
    await tab.until("!document.querySelector('#form').open")
    await tab.until(f"{thread}.contains({ACTIVE})")


async def test_what_is_hidden_or_deleted_takes_nobody_away_from_the_channel(tab: Tab) -> None:
    await write(tab, "Dette var feil.", f"{channel(0)}.querySelector('.write textarea')")
    await tab.until(f"Boolean({message(0, 'Dette var feil.')})")
    await tab.do(f"{message(0, 'Dette var feil.')}.querySelector('.tools button').focus()")
    await press(tab, "Slett", message(0, "Dette var feil."))
    await tab.until(f"!{message(0, 'Dette var feil.')}")
    assert await tab.do(f"{ACTIVE} == {channel(0)}.querySelector('.stream')")


async def test_a_form_that_has_gone_wrong_says_so_where_it_can_be_read(tab: Tab) -> None:
    await press(tab, "Svar", message(1, QUESTION))
    await tab.until("document.querySelector('#form').open")
    await tab.do("window.truly = fetch; window.fetch = () => Promise.reject(new Error('cut off'))")
    await write(tab, "Dette kommer ikke fram.", ACTIVE)
    await tab.until(
        "document.querySelector('#form [role=alert]').innerText.includes('forbindelsen')"
    )
    await press(tab, "Skjul", "document.querySelector('#form')")
    await tab.do("window.fetch = window.truly; 0")
    assert await tab.do(f"{ACTIVE}.value") == "Dette kommer ikke fram."
    await tab.key("Escape")
    await tab.until("!document.querySelector('#form').open")


async def test_the_arrow_keys_go_from_tab_to_tab(tab: Tab) -> None:
    await tab.do("document.querySelector('#room-0-tab-channel').focus()")
    await tab.key("ArrowRight")
    await is_on(tab, "Privat")
    assert await tab.do(f"{letters(0)}.hidden") is False
    await tab.key("ArrowRight")
    await tab.until("document.querySelector('#room-0-home').innerText.includes('Q-1')")


async def test_what_one_sends_and_is_answered_comes_into_sight(tab: Tab) -> None:
    begins_in_sight = """((one) => {
      const [at, over] = [one, one.closest('.stream')].map((of) => of.getBoundingClientRect());
      return at.top >= over.top - 1 && at.top < over.bottom - 20;
    })"""
    await tab.do(f"{REPLY}.click()")
    await write(tab, "Står dette der man ser det?", ACTIVE)
    own = message(0, "Står dette der")
    await tab.until(f"Boolean({own}) && {begins_in_sight}({own})")
    await press(tab, "Privat", "document.querySelector('#room-0')")
    for number in range(1, 4):
        await write(tab, "hjelp", f"{letters(0)}.querySelector('.write textarea')")
        await tab.until(f"{letters(0)}.querySelectorAll('article:not(.bot)').length == {number}")
        last = f"[...{letters(0)}.querySelectorAll('article')].at(-1)"
        await tab.until(f"{last}.matches('.bot') && {begins_in_sight}({last})")


# ---- ears


async def test_what_arrives_is_told_once_for_all_the_channels_it_came_to(tab: Tab) -> None:
    news = "document.querySelector('#news').textContent"
    await tab.do(f"{REPLY}.click()")
    await write(tab, "Alle hører dette.", ACTIVE)
    await tab.until(f"{news}.includes('Alle hører dette.')")
    lines = (await tab.do(news)).splitlines()
    (told,) = (line for line in lines if "Alle hører dette." in line)
    assert all(name in told for name in ("Aarhus Kommune", "Bodø kommune", "Randers Kommune"))
    assert "Nytt i Alta" not in told


async def test_what_a_form_was_answered_is_read_out_when_it_comes(tab: Tab) -> None:
    await press(tab, "Svar", message(2, QUESTION))
    await tab.until(f"{ACTIVE}.matches('#form textarea')")
    form = "document.querySelector('#form')"
    assert await tab.do(f"{form}.getAttribute('aria-describedby')") is None
    await write(tab, "Vi leser det høyt.", ACTIVE)
    await tab.until(f"{form}.getAttribute('aria-describedby') == 'form-parts'")
    assert "Takk" in await tab.do("document.getElementById('form-parts').innerText")
    await tab.key("Escape")
    await tab.until(f"!{form}.open")


async def test_whoever_wants_no_motion_gets_none(tab: Tab) -> None:
    await wants(tab, "reduce")
    await write(tab, "Rolig nå.", f"{channel(0)}.querySelector('.write textarea')")
    await tab.until(f"{message(0, 'Rolig nå.')}?.matches('.fresh')")
    assert await tab.do("document.getAnimations().length") == 0
    assert await tab.do("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    await wants(tab, "no-preference")


# ---- a phone


async def test_a_phone_shows_one_channel_and_what_to_do_first(phone: Tab) -> None:
    rooms = "[...document.querySelectorAll('.room')].filter((one) => one.checkVisibility())"
    assert await phone.do(f"{rooms}.map((one) => one.id)") == ["room-0"]
    bottom = await phone.do(f"{FIRST}.getBoundingClientRect().bottom")
    assert 0 < bottom < 250
    await phone.do(f"{REPLY}.click()")
    await write(phone, "Skrevet på telefonen.", ACTIVE)
    jumps = "[...document.querySelectorAll('.jumps a')]"
    await phone.until(f"{jumps}.slice(1).every((one) => !one.querySelector('.badge').hidden)")
    inside = "(({ top, bottom }) => top >= 0 && bottom <= innerHeight)"
    await phone.do("scrollTo({ top: 9999, behavior: 'instant' })")
    assert await phone.do(f"{inside}({FIRST}.getBoundingClientRect())")

    await phone.do(f"{jumps}[3].click()")
    assert await phone.do(f"{rooms}.map((one) => one.id)") == ["room-3"]
    arrived = message(3, "Skrevet på telefonen.")
    await phone.until(f"{jumps}[3].querySelector('.badge').hidden")
    assert await phone.do(f"{jumps}[3].getAttribute('aria-current')") == "true"
    await phone.do("new Promise((done) => addEventListener('scrollend', done, { once: true }))")
    assert await phone.do(f"{inside}({arrived}.getBoundingClientRect())")
    assert await phone.do(f"{arrived}.matches('.fresh')")
    who = "document.querySelector('#room-3 .who')"
    bottom = await phone.do(f"{FIRST}.parentElement.getBoundingClientRect().bottom")
    assert await phone.do(f"{who}.getBoundingClientRect().top") >= bottom - 1
    assert await phone.do(f"{inside}({who}.getBoundingClientRect())")


async def test_whoever_chooses_who_they_are_stays_where_they_were(phone: Tab) -> None:
    people = "document.querySelectorAll('#room-0 .who input')"
    for number in range(6):
        await write(phone, f"Side {number}.", f"{channel(0)}.querySelector('.write textarea')")
        await phone.until(f"Boolean({message(0, f'Side {number}.')})")
    await wants(phone, "reduce")
    await phone.do("scrollTo(0, 400)")
    await phone.do(f"{people}[0].focus({{ preventScroll: true }})")
    await phone.key("ArrowRight")
    await phone.until(f"{people}[1].checked")
    # What can be done with one's own messages is not drawn any more, which is a line at most.
    there = await phone.do("scrollY")
    assert abs(there - 400) < 40
    await phone.do(f"{people}[0].closest('label').scrollIntoView({{ block: 'nearest' }})")
    assert await phone.do("scrollY") == there
    await wants(phone, "no-preference")


async def test_what_came_where_nobody_looks_is_counted_until_it_is_seen(phone: Tab) -> None:
    badge = "document.querySelector('.jumps [aria-current=true] .badge')"
    await wants(phone, "reduce")
    await phone.do("scrollTo(0, 0)")
    ask = f"{channel(2)}.querySelector('.write textarea')"
    await phone.do(f"{ask}.value = '@Mellom Hva er nytt nederst?'")
    await phone.do(f"{ask}.form.requestSubmit()")
    await arrives(phone, "Hva er nytt nederst?", 0)
    await phone.until(f"!{badge}.hidden")
    await phone.do(f"{badge}.closest('a').click()")
    await phone.until(f"{badge}.hidden")
    at = await phone.do(f"{message(0, 'Hva er nytt nederst?')}.getBoundingClientRect().top")
    assert 0 < at < 760
    await wants(phone, "no-preference")


async def in_view(tab: Tab, element: str) -> bool:
    """Whether it begins where it can be read: under what stays in sight, and above the edge."""
    over = "document.querySelector('.lead').offsetHeight"
    top = f"{element}.getBoundingClientRect().top"
    return bool(await tab.do(f"{top} >= {over} && {top} < innerHeight - 40"))


async def test_whoever_changes_channel_stands_where_something_is_new(phone: Tab) -> None:
    await sized(phone, 390, 844, mobile=True)
    jumps = "[...document.querySelectorAll('.jumps a')]"
    await phone.do(f"{jumps}[1].click()")
    await write(phone, "@Mellom Hvem rydder?", f"{channel(1)}.querySelector('.write textarea')")
    await arrives(phone, "Hvem rydder?", 0, 1, 2, 3)
    for words in ("Den som er ferdig først.", "Den som er ferdig sist."):
        await phone.do(f"{jumps}[3].click()")
        button = f"{message(3, 'Hvem rydder?')}.closest('.thread').querySelector('.reply button')"
        await phone.do(f"{button}.click()")
        await write(phone, words, ACTIVE)
        await arrives(phone, words, 2)
        await phone.until(f"!{jumps}[2].querySelector('.badge').hidden")
        # That the channel's beginning is far away is what lets the browser come there last.
        await phone.do(f"{button}.scrollIntoView({{ block: 'center', behavior: 'instant' }})")
        await phone.do(TWICE)
        await phone.do(SCROLLED.replace("CLICKED", f"{jumps}[2]"))
        await phone.until(f"{jumps}[2].querySelector('.badge').hidden")
        assert await in_view(phone, message(2, words))


async def test_a_question_that_is_marked_is_news_in_every_other_channel(phone: Tab) -> None:
    jumps = "[...document.querySelectorAll('.jumps a')]"
    words, form = "Hvem låser opp?", "document.querySelector('#form')"
    await wants(phone, "reduce")
    await phone.do(f"{jumps}[0].click()")
    await write(phone, f"@Mellom {words}", f"{channel(0)}.querySelector('.write textarea')")
    await arrives(phone, words, 0, 1, 2, 3)
    thread = f"{message(0, words)}.closest('.thread')"
    await phone.until(f"{thread}.innerText.includes('Merk som besvart')")
    for number in (3, 2, 0):
        await phone.do(f"{jumps}[{number}].click()")
        await phone.until(f"{jumps}[{number}].querySelector('.badge').hidden")
    await press(phone, "Merk som besvart", thread)
    await phone.until(f"{form}.open")
    await phone.do(f"{form}.querySelector('form').requestSubmit()")
    for number, told in ((3, "Besvaret"), (2, "Besvart")):
        badge = f"{jumps}[{number}].querySelector('.badge')"
        await phone.until(f"!{badge}.hidden && {badge}.innerText.startsWith('1')")
        await phone.until(f"document.querySelector('#news').textContent.includes('{told} · ')")
    await phone.until(f"!{form}.querySelector('fieldset')")
    await phone.key("Escape")
    await phone.until(f"!{form}.open")
    for number in (3, 2):
        await phone.do("scrollTo(0, 0)")
        await phone.do(f"{jumps}[{number}].click()")
        await phone.do(TWICE)
        assert await in_view(phone, message(number, words))
    await phone.do(f"{jumps}[0].click()")
    await press(phone, "Åpne igjen", thread)
    await phone.until(f"!{jumps}[2].querySelector('.badge').hidden")
    await wants(phone, "no-preference")


async def test_what_a_press_is_answered_in_private_comes_into_sight(phone: Tab) -> None:
    told = f"[...{channel(0)}.querySelectorAll('.whisper')].at(-1)"
    await wants(phone, "reduce")
    for number in range(6):
        await write(phone, f"Linje {number}.", f"{channel(0)}.querySelector('.write textarea')")
        await phone.until(f"Boolean({message(0, f'Linje {number}.')})")
    asked = f"{message(0, QUESTION)}.querySelectorAll('button')"
    button = f"[...{asked}].find((one) => one.innerText == 'Merk som besvart')"
    await phone.do(f"{button}.scrollIntoView({{ block: 'center' }}); {button}.focus()")
    await phone.key("Enter")
    await phone.until(f"{told}?.innerText.includes('ble stilt av Lars Krogh')")
    await phone.do(TWICE)
    assert await in_view(phone, told)
    await phone.until("document.querySelector('#news').textContent.includes('ble stilt av Lars')")
    await wants(phone, "no-preference")


async def test_a_form_fits_on_a_small_phone(tab: Tab) -> None:
    await sized(tab, 320, 568)
    await press(tab, "Svar", message(0, "Spørsmål Q-1"))
    form = "document.querySelector('#form')"
    await tab.until(f"{form}.open")
    at = await tab.do(
        f"(({{left, right, top, bottom}}) => [left, right, top, bottom])"
        f"({form}.getBoundingClientRect())"
    )
    assert 0 <= at[0] <= at[1] <= 320
    assert 0 <= at[2] <= at[3] <= 568
    assert await tab.do(f"{form}.scrollWidth - {form}.clientWidth") == 0
    await tab.key("Escape")
    await tab.until(f"!{form}.open")
    await tab.call("Emulation.clearDeviceMetricsOverride")


async def small(tab: Tab, least: int) -> list[Any]:
    found: list[Any] = await tab.do(SMALL.replace("LEAST", str(least)))
    return found


async def test_nothing_that_is_pressed_is_smaller_than_a_finger_can_hit(tab: Tab) -> None:
    for width in (1440, 390):
        await sized(tab, width, 760)
        assert await small(tab, 24) == []
        await tab.do("document.querySelector('.hand').click()")
        await tab.do("document.querySelector('#room-0 .platform').click()")
        assert await small(tab, 24) == []
        await press(tab, "Se inni", message(0, QUESTION))
        await tab.until("document.querySelector('#inside').open")
        assert await small(tab, 24) == []
        await tab.key("Escape")
    await tab.call("Emulation.clearDeviceMetricsOverride")


async def test_axe_finds_nothing_wrong_where_few_people_look(phone: Tab) -> None:
    assert await problems(phone) == []
    await phone.do(f"{channel(0)}.querySelector('.earlier').open = true")
    assert await problems(phone, "#room-0") == []
    for name in ("private", "home"):
        await phone.do(f"document.querySelector('#room-0-tab-{name}').click()")
        await phone.until(f"!document.querySelector('#room-0-{name}').hidden")
        assert await problems(phone, "#room-0") == []
