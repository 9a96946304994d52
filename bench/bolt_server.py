"""Serves a bare Bolt app: it verifies requests, and its one listener does nothing."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

from aiohttp.web import AppRunner, TCPSite
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult


async def authorize(enterprise_id: str | None, team_id: str | None, **_: Any) -> AuthorizeResult:
    """Asks nobody, as an app with its installations in memory would."""
    return AuthorizeResult(
        enterprise_id=enterprise_id,
        team_id=team_id,
        bot_token="xoxb-bench",  # noqa: S106 - opens nothing
        bot_id="B0BENCH",
        bot_user_id="U0BENCH",
    )


async def nothing() -> None:
    """What the app does with a message."""


async def serve() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    app = AsyncApp(signing_secret=os.environ["SLACK_SIGNING_SECRET"], authorize=authorize)
    app.event("message")(nothing)
    runner = AppRunner(app.web_app(path="/slack/events"), access_log=None)
    await runner.setup()
    await TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve())
