"""The Bot Connector API through the SDK's own client, made fit for an event loop.

The client builds addresses and bodies and reads answers. What it sends with is exchanged: its
sender runs blocking requests in the default thread pool, retries some of them behind our back, and
the credentials fetch their token on the event loop. Here one httpx client serves all of them, with
few connections and a queue before it (httpx slows down steeply with many), and nothing is retried.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

import httpx
from botframework.connector.aio import ConnectorClient
from botframework.connector.bot_framework_sdk_client_async import BotFrameworkConnectorConfiguration
from msrest.pipeline import Request, Response, SansIOHTTPPolicy
from msrest.pipeline.async_abc import AsyncHTTPSender, AsyncPipeline
from msrest.pipeline.universal import RawDeserializer
from msrest.universal_http import HTTPClientResponse

from adapters.tls import trust

CONNECTIONS = 16
PATIENCE = 10.0
_CONNECTING = 4.0
_CLIENTS = 200
_OK = 200

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """The ids of a new conversation and of the message in it, empty where they are not told."""

    conversation: str
    message: str


class Failed(Exception):
    """The service answered, and not with success."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(str(response.status_code))
        self.response = response
        self.status = response.status_code
        self.code = _code(response)


def client() -> httpx.AsyncClient:
    """What everything that goes out to Microsoft goes through. Whoever makes it closes it."""
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    timeout = httpx.Timeout(PATIENCE, connect=_CONNECTING)
    return httpx.AsyncClient(verify=trust(), timeout=timeout, limits=limits)


class Connector:
    """Operations on conversations; each is one request, and raises Failed, httpx's errors or
    TimeoutError (then it was sent)."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._sender = _Sender(http)
        self._clients: dict[str, ConnectorClient] = {}

    async def create(self, service_url: str, token: str, parameters: Json) -> Made:
        """A new thread or personal chat."""
        call = self._at(service_url).create_conversation(parameters, custom_headers=_headers(token))
        made = await call
        return Made(_word(made, "id"), _word(made, "activity_id"))

    async def send(self, service_url: str, token: str, conversation: str, activity: Json) -> str:
        """The new message's id, empty if the answer could not be read."""
        call = self._at(service_url).send_to_conversation(
            conversation, activity, custom_headers=_headers(token)
        )
        return _word(await call, "id")

    async def update(
        self, service_url: str, token: str, conversation: str, id: str, activity: Json
    ) -> None:
        await self._at(service_url).update_activity(
            conversation, id, activity, custom_headers=_headers(token)
        )

    async def delete(self, service_url: str, token: str, conversation: str, id: str) -> None:
        await self._at(service_url).delete_activity(
            conversation, id, custom_headers=_headers(token)
        )

    async def reach(self, service_url: str, token: str, conversation: str) -> None:
        """Ask for something that is not offered: whatever the service itself says, it is there."""
        url = f"{service_url.rstrip('/')}/v3/conversations/{quote(conversation, safe='')}"
        response = await self._sender.get(url, _headers(token))
        if response.status_code in (401, 408, 429) or response.status_code >= 500:
            raise Failed(response)

    def _at(self, service_url: str) -> Any:
        """The SDK's client, made once for each service address."""
        found = self._clients.get(service_url)
        if found is None:
            if len(self._clients) >= _CLIENTS:
                del self._clients[next(iter(self._clients))]
            config = copy(_configuration())
            config.base_url = service_url
            found = ConnectorClient(credentials=False, custom_configuration=config)
            config.pipeline = AsyncPipeline([config.user_agent_policy, _Read()], self._sender)
            self._clients[service_url] = found
        return found.conversations


@cache
def _configuration() -> BotFrameworkConnectorConfiguration:
    """Made once: it takes milliseconds to list the answers to be tried again, and none is here."""
    return BotFrameworkConnectorConfiguration(credentials=False, base_url="https://nowhere.invalid")


def _headers(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _word(model: Any, name: str) -> str:
    value = getattr(model, name, None)
    return value if isinstance(value, str) else ""


class _Sender(AsyncHTTPSender[Any, Any]):
    """Sends what the SDK has built, through httpx."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._places = asyncio.Semaphore(CONNECTIONS)

    async def send(self, request: Request[Any], **config: Any) -> Response[Any, Any]:
        asked = request.http_request
        response = await self._asked(
            asked.method, asked.url, headers=dict(asked.headers), content=asked.data
        )
        if not response.is_success:
            raise Failed(response)
        return Response(request, _Answer(asked, response))

    async def get(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        return await self._asked("GET", url, headers=dict(headers))

    async def _asked(self, method: str, url: str, **request: Any) -> httpx.Response:
        async with self._places:
            async with asyncio.timeout(PATIENCE):
                return await self._http.request(method, url, **request)

    async def __aexit__(self, *error: object) -> None:
        """Nothing to close: the httpx client belongs to whoever made it."""


class _Answer(HTTPClientResponse):
    """A success. The SDK knows only some of their numbers, and takes a 204 for a failure."""

    def __init__(self, request: Any, response: httpx.Response) -> None:
        super().__init__(request, response)
        self.status_code = _OK
        self.headers = response.headers
        self.reason = response.reason_phrase

    def body(self) -> bytes:
        return bytes(self.internal_response.content)


class _Read(SansIOHTTPPolicy[Any, Any]):
    """Reads the words of an answer, all that we want of any; what is not there is no error. (The
    SDK would take an id that is an object for the words "{}".)"""

    def on_response(
        self, request: Request[Any], response: Response[Any, Any], **config: Any
    ) -> None:
        read = _object(response.http_response.internal_response).items()
        words = {name: value for name, value in read if isinstance(value, str)}
        response.context[RawDeserializer.CONTEXT_NAME] = words


def _object(response: httpx.Response) -> Json:
    """The body, empty if it is not an object."""
    try:
        found = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _code(response: httpx.Response) -> str:
    """The service's own name of what is wrong, in either of the places where it stands."""
    body = _object(response)
    error = body.get("error")
    code = error.get("code") if isinstance(error, dict) else _sub_code(body.get("message"))
    return code[:60] if isinstance(code, str) and code.isalnum() else ""


def _sub_code(message: Any) -> Any:
    try:
        return json.loads(message)["subCode"]
    except (ValueError, LookupError, TypeError):
        return ""
