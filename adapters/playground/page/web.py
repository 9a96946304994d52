"""The playground's page on the wire: its files, what its rooms show, and what people do in them.

It listens on a person's own machine, beside everything else that their browser has open. So it
answers only to the names of this machine (a foreign name may have been pointed here), and takes
orders only from its own page. What it tells is no secret, and everybody in it is invented.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import ClientSession, web

from adapters.playground.page import clock, inside, trouble
from adapters.playground.page import words as page_words
from adapters.playground.page.acts import ACTS, Gone, Malformed, parse
from adapters.playground.page.page import Page

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

STATIC = Path(__file__).parent / "static"
HERE = frozenset({"127.0.0.1", "localhost", "::1"})

LARGEST = 64 * 1024
"""Bytes that an act may have."""

QUIET = 15.0
"""Seconds of silence after which a stream says that it is still there."""

RESTLESS = 0.4
"""Seconds between looks while something is on its way."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def application(page: Page) -> web.Application:
    """The page's own web application; Mellom's is another, on another port."""
    app = web.Application(client_max_size=LARGEST, middlewares=[_guard, _in_words])
    answers = _Answers(page)
    app.router.add_get("/", answers.index)
    app.router.add_get("/api/words", answers.words)
    app.router.add_get("/api/rooms", answers.rooms)
    app.router.add_get("/api/stream", answers.stream)
    app.router.add_get(r"/pictures/{name:[\w.-]+}", answers.picture)
    app.router.add_post(f"/api/{{act:{'|'.join(ACTS)}}}", answers.act)
    app.router.add_routes([*clock.routes(page), *inside.routes(page), *trouble.routes(page)])
    app.router.add_static("/static", STATIC)
    app.on_response_prepare.append(_with_headers)
    return app


class _Answers:
    def __init__(self, page: Page) -> None:
        self._page = page

    async def index(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html")

    async def words(self, request: web.Request) -> web.StreamResponse:
        accepted = request.headers.get("Accept-Language", "")
        language = request.query.get("language") or page_words.preferred(accepted)
        return web.json_response(page_words.words(language))

    async def rooms(self, _request: web.Request) -> web.StreamResponse:
        await self._page.look()
        seen = self._page.seen()
        return web.json_response([shown for kind, _name, shown in seen if kind == "room"])

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the clock and each room as they stand now, and again whenever they
        have changed."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        shown: dict[tuple[str, str], str] = {}
        try:
            while not self._page.leaving:
                bell = self._page.bell
                await self._page.look()
                for part, data in self._changed(shown):
                    await response.write(f"event: {part[0]}\ndata: {data}\n\n".encode())
                    shown[part] = data
                await _rung(bell, response, RESTLESS if self._page.restless else QUIET)
        except ConnectionError:
            pass  # Whoever watched has gone.
        return response

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """One of Mellom's, fetched as Slack and Teams fetch it for those who look at a card."""
        address = f"{self._page.village.url}/pictures/{request.match_info['name']}"
        async with ClientSession() as session, session.get(address) as answer:
            body = await answer.read()
        return web.Response(status=answer.status, body=body, content_type=answer.content_type)

    async def act(self, request: web.Request) -> web.StreamResponse:
        """Do what a person does; `took` says whether the bot answered as it should."""
        act = parse(request.match_info["act"], await request.read())
        window = self._page.windows.get(act.room)
        if window is None:
            raise Gone(f"there is no {act.room!r}")
        try:
            took = await act.do(window)
        finally:
            self._page.ring()
        return web.json_response({"took": took})

    def _changed(self, shown: dict[tuple[str, str], str]) -> Iterator[tuple[tuple[str, str], str]]:
        for kind, name, part in self._page.seen():
            data = json.dumps(part, ensure_ascii=False)
            if data != shown.get((kind, name)):
                yield (kind, name), data


async def _rung(bell: asyncio.Event, response: web.StreamResponse, patience: float) -> None:
    try:
        async with asyncio.timeout(patience):
            await bell.wait()
    except TimeoutError:
        await response.write(b": still here\n\n")


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse whoever is not this machine's own browser on this very page."""
    if _name(request.host) not in HERE:
        return _refused(403, "This page answers only to 127.0.0.1 and localhost.")
    if request.path.startswith("/api/"):
        if request.headers.get("Origin", f"http://{request.host}") != f"http://{request.host}":
            return _refused(403, "Another page may not use this one.")
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return _refused(403, "Another page may not use this one.")
    if request.method == "POST" and request.content_type != "application/json":
        return _refused(415, "What is done here is told as application/json.")
    return await handler(request)


@web.middleware
async def _in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say in words why something was not done."""
    try:
        return await handler(request)
    except Malformed as error:
        return _refused(400, str(error))
    except Gone as error:
        return _refused(404, str(error))
    except web.HTTPRequestEntityTooLarge:
        return _refused(413, f"At most {LARGEST} bytes.")


async def _with_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _refused(status: int, why: str) -> web.Response:
    return web.json_response({"error": why}, status=status)
