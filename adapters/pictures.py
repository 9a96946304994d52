"""The pictures that platforms fetch for the cards: one address for each, which nobody can guess."""

from __future__ import annotations

import asyncio

from aiohttp import web

from adapters.writing import Writers
from bot import drawing, pictures
from bot.pictures import Chart
from storage import Unreachable

ADDRESS = f"/pictures/{{token:{pictures.NAME}\\.{pictures.SIGNATURE}}}.png"
"""What does not even look like one is not looked at."""

HEADERS = {
    # Another picture has another address; what is not to be seen any more is gone within a day.
    "Cache-Control": "public, max-age=86400",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


class Pictures:
    """Draws what a signed address names, as the rows are now."""

    def __init__(self, writers: Writers) -> None:
        self._writers = writers

    async def answer(self, request: web.Request) -> web.Response:
        named = pictures.named(request.match_info["token"], self._writers.database.vault)
        if named is None:
            return web.Response(status=404)
        try:
            chart = await self._writers(lambda uow: drawing.depict(*named, uow))
        except Unreachable:
            return web.Response(status=503)
        if chart is None:
            return web.Response(status=404)
        # Not on a writer: those who write are not to wait for what is drawn.
        body = await asyncio.to_thread(_png, chart)
        return web.Response(body=body, content_type="image/png", headers=HEADERS)


def _png(chart: Chart) -> bytes:
    # Imported here, since few processes ever draw, and Pillow is large.
    from adapters.painting import png

    return png(chart)
