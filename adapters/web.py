"""The web process: the addresses that platforms send to or fetch from, and how we are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from aiohttp import web

from adapters import pictures
from adapters.writing import Writers
from storage import UnitOfWork, Unreachable, deliveries, rooms, workers

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LARGEST = 1024 * 1024
"""Bytes that any request may have."""

SILENT = timedelta(minutes=2)
"""How long no worker may have been heard of."""

LATE = timedelta(minutes=1)
"""A room is behind when something should have been shown there so long ago."""


def application(
    writers: Writers,
    *,
    slack_events: Handler | None = None,
    slack_own: Handler | None = None,
    slack_install: Handler | None = None,
    slack_redirect: Handler | None = None,
    teams_messages: Handler | None = None,
) -> web.Application:
    """The web application; a platform that is off has no address."""
    app = web.Application(client_max_size=LARGEST)
    app.router.add_get("/health", _Health(writers).answer)
    app.router.add_get(pictures.ADDRESS, pictures.Pictures(writers).answer)
    if slack_events is not None:
        app.router.add_post("/slack/events", slack_events)
    if slack_own is not None:
        app.router.add_post("/slack/events/{installation}", slack_own)
    if slack_install is not None and slack_redirect is not None:
        app.router.add_get("/slack/install", slack_install)
        app.router.add_get("/slack/oauth_redirect", slack_redirect)
    if teams_messages is not None:
        app.router.add_post("/api/messages", teams_messages)
    return app


class _Health:
    """Tells an operator's monitor the truth: database, workers, rooms that are behind."""

    def __init__(self, writers: Writers) -> None:
        self._writers = writers
        self._started = writers.clock.real()

    async def answer(self, _request: web.Request) -> web.Response:
        try:
            ticked, behind, given_up = await self._writers(_look)
        except Unreachable:
            return web.json_response({"database": "unreachable"}, status=503)
        now = self._writers.clock.real()
        silent = now - max(ticked or self._started, self._started) > SILENT
        body = {
            "database": "ok",
            "worker_tick_age_seconds": _age(now, ticked),
            "rooms_behind": behind,
            "posts_given_up": given_up,
        }
        return web.json_response(body, status=503 if silent else 200)


def _look(uow: UnitOfWork) -> tuple[datetime | None, int, int]:
    behind = rooms.count_behind(uow, uow.real - LATE)
    return workers.last_tick(uow), behind, deliveries.count_given_up(uow)


def _age(now: datetime, moment: datetime | None) -> float | None:
    return None if moment is None else round((now - moment).total_seconds(), 1)
