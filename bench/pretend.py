"""Slack's Web API and Microsoft's services as far as they are asked here, at a chosen slowness."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import Self

from aiohttp import web

from adapters.playground.teams.identity import Identity
from bench import teams

PASSWORD = "the benchmark's client secret"  # noqa: S105 - opens nothing
TENANT = "bench-tenant"


class Platforms:
    """Answers everything with success after `delay` seconds; `shown` is when what came to stand,
    as (monotonic seconds, channel)."""

    def __init__(self, delay: float = 0.0) -> None:
        self.identity = Identity(teams.APP, PASSWORD)
        self.shown: list[tuple[float, str]] = []
        self.news = asyncio.Event()
        self.url = ""
        self._delay = delay
        self._numbers = itertools.count(1)
        self._runner: web.AppRunner | None = None

    @property
    def service_url(self) -> str:
        """Where a Teams bot answers."""
        return f"{self.url}/emea/"

    def environment(self) -> dict[str, str]:
        """The settings with which Mellom takes this for Teams."""
        return {
            "TEAMS_APP_ID": teams.APP,
            "TEAMS_APP_PASSWORD": PASSWORD,
            "TEAMS_TENANT_ID": TENANT,
            "TEAMS_OPENID_METADATA_URL": f"{self.url}/openid",
            "TEAMS_TOKEN_URL": f"{self.url}/token",
            "TEAMS_SERVICE_HOSTS": self.url.removeprefix("http://"),
        }

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/openid", self._openid)
        app.router.add_get("/v1/.well-known/keys", self._keys)
        app.router.add_post("/token", self._token)
        app.router.add_post("/api/chat.postMessage", self._slack_post)
        app.router.add_post("/emea/v3/conversations", self._teams_create)
        app.router.add_post("/emea/v3/conversations/{id}/activities", self._teams_send)
        app.router.add_post("/emea/v3/conversations/{id}/activities/{to}", self._teams_send)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _openid(self, _: web.Request) -> web.Response:
        return web.json_response(self.identity.metadata(self.url))

    async def _keys(self, _: web.Request) -> web.Response:
        return web.json_response(self.identity.key_set())

    async def _token(self, _: web.Request) -> web.Response:
        return web.json_response({"access_token": "given", "expires_in": 3600})

    async def _slack_post(self, request: web.Request) -> web.Response:
        body = await request.json()
        await asyncio.sleep(self._delay)
        ts = f"{time.time():.0f}.{next(self._numbers):06d}"
        self._stands(body["channel"])
        message = {"type": "message", "ts": ts, "thread_ts": body.get("thread_ts") or ts}
        return web.json_response(
            {"ok": True, "channel": body["channel"], "ts": ts, "message": message}
        )

    async def _teams_create(self, request: web.Request) -> web.Response:
        channel = (await request.json())["channelData"]["channel"]["id"]
        await asyncio.sleep(self._delay)
        message = teams.new_id()
        self._stands(channel)
        made = {"id": f"{channel};messageid={message}", "activityId": message}
        return web.json_response(made, status=201)

    async def _teams_send(self, request: web.Request) -> web.Response:
        await request.read()
        await asyncio.sleep(self._delay)
        self._stands(request.match_info["id"].partition(";")[0])
        return web.json_response({"id": teams.new_id()}, status=201)

    def _stands(self, channel: str) -> None:
        self.shown.append((time.perf_counter(), channel))
        self.news.set()
