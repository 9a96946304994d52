"""Takes pictures of everything the bot shows: `python -m tests.gallery FOLDER`.

Each sample is drawn on both platforms by the playground's own page from the JSON that the adapters
make of it: light and dark, as wide as a desk's screen and as a phone's. One looks at them oneself.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from aiohttp import web

from adapters.playground.page import words as page_words
from adapters.playground.page.web import STATIC
from adapters.slack import blocks
from adapters.slack import home as slack_home
from adapters.teams import cards
from bot import bank
from bot.cards import Card, Form
from bot.drawing import DRAWN
from bot.drawn import Reader
from bot.features import accounts, linking, notices, previewing, queueing, reading, shortlisting
from bot.language import speak
from storage import UnitOfWork, overviews, people
from storage.migrating import migrate
from storage.unit_of_work import Vault, connect
from tests import browser
from tests.samples import FORMS, NOW, ORDINARY, Facts, Size, posts

Json = dict[str, Any]

LOOKED_AT = ("nb", "da")
WIDTHS = {"desk": 1180, "phone": 390}
TALLEST = 4000
"""Pixels of a picture: what is longer is more of the same."""
TOKEN = "t" * 26
KEY = base64.urlsafe_b64encode(b"k" * 32)
"""Always the same, as the addresses of pictures are made with it."""

INDEX = """<!doctype html>
<html>
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href="/static/mellom.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/static/page.css" />
    <link rel="stylesheet" href="/static/rooms.css" />
    <link rel="stylesheet" href="/static/tools.css" />
    <style>
      body { display: block; height: auto; padding: 0.5rem; overflow: visible; }
      section { padding: 0.5rem 0; }
      .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0.75rem; margin: 0.5rem 0; }
      .pair > * { align-self: start; min-width: 0; }
      .room { padding: 0.5rem; }
      dialog[open] { position: static; margin: 0; width: 100%; max-height: none; }
      @media (max-width: 700px) { .pair { grid-template-columns: 1fr; } }
    </style>
    <script type="module" src="/gallery.js"></script>
  </head>
  <body><dialog id="form"></dialog><dialog id="inside"></dialog></body>
</html>
"""
SCRIPT = """
import { drawForm } from "/static/form.js";
import { learn, make } from "/static/make.js";
import { drawMessage } from "/static/message.js";

const language = new URLSearchParams(location.search).get("language");
await learn(language);
const rooms = { slack: "Alta kommune", teams: "Aarhus Kommune" };

function draw(platform, sent) {
  const person = "Kari Nilsen";
  const state = { platform, names: {}, language };
  if (sent.form) {
    const me = { name: person, language };
    const room = { name: rooms[platform], person, me, state, form: sent.form };
    return make("dialog", { open: true }, drawForm(room, {}, () => {}));
  }
  const message = { id: "1", at: 1800000000000, author: null, plain: "", sent, inside: false };
  const drawn = drawMessage(message, { state, person, press: () => {} });
  return make("div", { class: `room here ${platform}` }, drawn);
}

const samples = await (await fetch(`/samples?language=${language}`)).json();
for (const [kind, shown] of Object.entries(samples)) {
  const pairs = shown.map((sample) =>
    make("div", { class: "pair" }, draw("slack", sample.slack), draw("teams", sample.teams)),
  );
  document.body.append(make("section", { id: kind }, make("h2", {}, kind), pairs));
}
document.body.dataset.ready = "yes";
"""


def samples(language: str) -> dict[str, list[Json]]:
    """Everything, by its kind, as it is sent to each platform."""
    drawn: dict[str, list[Json]] = {}
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/mellom.db"
        migrate(url)
        opened = connect(url, Vault(KEY), "https://mellom.example")
        with contextlib.closing(opened) as database, database.begin(NOW) as uow:
            for kind, one in shown(uow, language):
                pair = {"slack": _on_slack(kind, one), "teams": _on_teams(one, language)}
                drawn.setdefault(kind, []).append(pair)
    return drawn


def shown(
    uow: UnitOfWork, language: str, size: Size = ORDINARY
) -> Iterator[tuple[str, Card | Form]]:
    """A room's own and the others' drawing of each post, each notice, each form."""
    say = speak(language)
    for kind, subject in posts(uow, size):
        own = 1 if kind in ("welcome", "foot", "home") else 2
        card = DRAWN[kind](subject, Reader(language, own), uow)
        assert card is not None
        yield kind, card
        if kind == "question":
            yield "question-at-home", DRAWN[kind](subject, Reader(language, 1), uow) or card
            thread = overviews.question(uow, 1, subject)
            assert thread is not None
            yield "form-reading", reading.form(thread, say, uow)
    mine = [people.account_by_id(uow, id) for id in (1, 2)]
    yield "steering", queueing.card(1, say, uow)
    yield "shortlisting", shortlisting.card(1, say, uow)
    yield "preview", previewing.card(1, bank.prompts()["A01"], say, uow, say("Planned"))
    yield "accounts", accounts.listed(mine, say, is_linked=True)
    yield "form-code", linking.code_form("ABCDE-FGHJK", say)
    for name in sorted(notices._DRAWN):
        yield "notice", notices._DRAWN[name](say, Facts(size))
    for name, forms in FORMS.items():
        for form in forms(say, size):
            yield f"form-{name}", form


def _on_slack(kind: str, shown: Card | Form) -> Json:
    if isinstance(shown, Form):
        view = blocks.modal(shown, blocks.metadata(shown, "C0ALTA"))
        return {"form": {"id": "1", "view": view, "errors": {}}}
    if kind == "home":
        return slack_home.view(shown, "D0KARI")
    return blocks.message(shown, TOKEN)


def _on_teams(shown: Card | Form, language: str) -> Json:
    if isinstance(shown, Card):
        return cards.message(shown, TOKEN, language)
    value = cards.dialog(shown)["task"]["value"]
    return {"form": {"id": "1", "title": value["title"], "card": value["card"]["content"]}}


@contextlib.asynccontextmanager
async def _served() -> AsyncIterator[str]:
    async def index(_request: web.Request) -> web.Response:
        return web.Response(text=INDEX, content_type="text/html")

    async def script(_request: web.Request) -> web.Response:
        return web.Response(text=SCRIPT, content_type="text/javascript")

    async def words(request: web.Request) -> web.Response:
        return web.json_response(page_words.words(request.query["language"]))

    async def drawn(request: web.Request) -> web.Response:
        return web.json_response(samples(request.query["language"]))

    app = web.Application()
    app.router.add_get("/", index)
    app.router.add_get("/gallery.js", script)
    app.router.add_get("/api/words", words)
    app.router.add_get("/samples", drawn)
    app.router.add_static("/static", STATIC)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def take(folder: Path) -> None:
    """A picture of every kind in every language, light and dark, wide and narrow."""
    async with _served() as url, browser.opened("about:blank") as tab:
        await tab.call("Emulation.setScrollbarsHidden", hidden=True)
        for language in LOOKED_AT:
            await tab.go(f"{url}/?language={language}")
            await tab.until("document.body.dataset.ready")
            # Pictures are not fetched here: their words stand in their places.
            unknown = "document.querySelectorAll('.cannot[data-say=cannot_draw]').length"
            assert await tab.do(unknown) == 0
            for scheme in ("light", "dark"):
                features = [{"name": "prefers-color-scheme", "value": scheme}]
                await tab.call("Emulation.setEmulatedMedia", features=features)
                for name, width in WIDTHS.items():
                    await _pictures(tab, folder, f"{language}-{scheme}-{name}", width)
        assert tab.problems == []


async def _pictures(tab: browser.Tab, folder: Path, name: str, width: int) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    await tab.call("Emulation.setDeviceMetricsOverride", **size)
    wide = await tab.do("document.documentElement.scrollWidth")
    assert wide <= width, f"{name}: {wide} pixels wide"
    seen = "[...document.querySelectorAll('.pair > *')].every((one) => one.offsetHeight)"
    assert await tab.do(seen), f"{name}: something is not shown at all"
    sections = await tab.do(
        "[...document.querySelectorAll('section')].map((one) => { const at ="
        " one.getBoundingClientRect(); return [one.id, at.top + scrollY, at.height]; })"
    )
    for kind, top, height in sections:
        clip = {"x": 0, "y": top, "width": width, "height": min(height, TALLEST), "scale": 1}
        shot = await tab.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        (folder / f"{name}-{kind}.png").write_bytes(base64.b64decode(shot["data"]))


if __name__ == "__main__":
    if browser.PATH is None:
        sys.exit(f"No pictures were taken: {browser.NONE}.")
    FOLDER = Path(sys.argv[1])
    FOLDER.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(FOLDER))
