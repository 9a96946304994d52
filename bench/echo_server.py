"""Serves an echo bot on the SDK's own CloudAdapter, with its own checks of tokens.

It gets the token that it sends with for nothing: the SDK would ask Microsoft for one each turn.
"""

from __future__ import annotations

import asyncio
import os
import signal
from types import SimpleNamespace
from typing import Any

from aiohttp import web
from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botframework.connector.auth import AppCredentials, ServiceClientCredentialsFactory

ISSUER = "https://api.botframework.com"


class Echo(ActivityHandler):  # type: ignore[misc]
    """Says what is said to it."""

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(f"Echo: {turn_context.activity.text}")


class Given(AppCredentials):  # type: ignore[misc]
    """Credentials that have their token already."""

    def get_access_token(self, force_refresh: bool = False) -> str:
        return "given"


class GivenFactory(ServiceClientCredentialsFactory):  # type: ignore[misc]
    """Knows one app."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id

    async def is_valid_app_id(self, app_id: str) -> bool:
        return app_id == self._app_id

    async def is_authentication_disabled(self) -> bool:
        return False

    async def create_credentials(self, app_id: str, *_: Any, **__: Any) -> AppCredentials:
        return Given(app_id=app_id)


def adapter() -> CloudAdapter:
    metadata = os.environ["TEAMS_OPENID_METADATA_URL"]
    configuration = SimpleNamespace(
        TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL=metadata,
        TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL=metadata,
        TO_BOT_FROM_CHANNEL_TOKEN_ISSUER=ISSUER,
        TO_CHANNEL_FROM_BOT_OAUTH_SCOPE=ISSUER,
        TO_CHANNEL_FROM_BOT_LOGIN_URL="https://login.invalid/",
        OAUTH_URL="https://token.invalid/",
    )
    known = GivenFactory(os.environ["TEAMS_APP_ID"])
    return CloudAdapter(
        ConfigurationBotFrameworkAuthentication(configuration, credentials_factory=known)
    )


async def serve() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    cloud, bot = adapter(), Echo()

    async def messages(request: web.Request) -> web.StreamResponse:
        answer = await cloud.process(request, bot)
        return answer or web.Response(status=201)

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve())
