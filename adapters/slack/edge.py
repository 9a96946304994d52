"""Where Slack's requests come in: shape, signature, translation, answer, in that order.

Bolt verifies signatures and answers `url_verification` and `ssl_check`. It is hosted with one hook,
`before_authorize`: the only place after the signature and before anything that calls Slack. The
rest of Bolt is not reached, so nothing is acknowledged before it is taken, our own messages are not
filtered away, and no event is "unhandled".
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from adapters.slack import home
from adapters.slack.answers import Answers
from adapters.slack.incoming import NotUnderstood, received_at, translate
from adapters.slack.workspace import Workspace, Workspaces
from adapters.taking import Take, Unavailable
from bot.cards import Answer, Tell
from bot.incoming import Acted, Incoming, Submitted, Visited

log = logging.getLogger(__name__)

LARGEST = 1024 * 1024
"""Bytes that a request may have."""

ANOTHER = "another"
"""Why a request is refused that was signed with our secret, but is not about our workspace."""

_TIMESTAMP, _SECONDS = "X-Slack-Request-Timestamp", re.compile(r"[0-9]{1,12}")
_SIGNATURE, _DIGEST = "X-Slack-Signature", re.compile(r"v0=[0-9a-f]{64}")
_FORM = "application/x-www-form-urlencoded"
_TYPES = {_FORM, "application/json"}
_SSL_CHECK = 1024

# Bolt writes the body of a request with a wrong signature into the log, at INFO.
_QUIET = logging.getLogger("adapters.slack.bolt")
_QUIET.setLevel(logging.ERROR)


class SlackEdge:
    """The edge for one Slack app, that is, for one signing secret.

    `take` runs the unit of work and returns the answer; `workspaces` finds who an installation is,
    without asking anyone. `own`: it is the app of one workspace, and what names another app or
    workspace is refused. `counts` tells what became of the requests.
    """

    def __init__(
        self,
        *,
        signing_secret: str,
        workspaces: Workspaces,
        take: Take,
        answers: Answers,
        own: bool = False,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._workspaces = workspaces
        self._take = take
        self._answers = answers
        self._own = own
        self._verifier = SignatureVerifier(signing_secret)
        self._bolt = AsyncApp(
            name="mellom",
            logger=_QUIET,
            signing_secret=signing_secret,
            authorize=_never,
            before_authorize=_Hook(self._verified),
            process_before_response=True,
            ignoring_self_events_enabled=False,
        )

    async def events(self, request: web.Request) -> web.Response:
        """Answer one request to the events, commands and interactivity address."""
        arrived = asyncio.get_running_loop().time()
        signed = _has_signature(request.headers)
        if refusal := self._shape(request, signed):
            return refusal
        try:
            raw = await _body(request)
        except web.RequestPayloadError:
            return self._refuse(400, "broken_body")
        if raw is None:
            return self._refuse(413, "too_large")
        try:
            body = raw.decode("utf-8")
        except UnicodeDecodeError:
            return self._refuse(400, "not_utf8")
        if not signed:
            return self._ssl_check(body)
        try:
            # Bolt reads the body here, before it looks at the signature.
            bolt_request = AsyncBoltRequest(
                body=body,
                query=request.query_string,
                headers={**request.headers},
                context={"arrived": arrived},
            )
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
            return self._unreadable(body, request.headers)
        response = await self._bolt.async_dispatch(bolt_request)
        if response.status == 401 and response.body != ANOTHER:
            self.counts["unsigned"] += 1
        return await to_aiohttp_response(response)

    async def close(self) -> None:
        """Finish what is being said to people."""
        await self._answers.close()

    def _shape(self, request: web.Request, signed: bool) -> web.Response | None:
        """What can be told without reading the body."""
        length, kind = request.content_length, request.content_type
        if length is not None and length > LARGEST:
            return self._refuse(413, "too_large")
        if kind not in _TYPES:
            return self._refuse(415, "wrong_type")
        small_form = kind == _FORM and length is not None and length <= _SSL_CHECK
        return None if signed or small_form else self._refuse(401, "unsigned")

    def _ssl_check(self, body: str) -> web.Response:
        """Slack tries the certificate now and then, which need not be signed: nothing is done."""
        if parse_qs(body).get("ssl_check") == ["1"]:
            return web.Response()
        return self._refuse(401, "unsigned")

    def _unreadable(self, body: str, headers: Mapping[str, str]) -> web.Response:
        """Slack's own mistake or somebody else's request: only Slack is told what is wrong."""
        if self._verifier.is_valid(body, headers[_TIMESTAMP], headers[_SIGNATURE]):
            return self._refuse(400, "unreadable")
        return self._refuse(401, "unsigned")

    def _refuse(self, status: int, why: str) -> web.Response:
        self.counts[why] += 1
        return web.Response(status=status, text=why)

    async def _verified(self, request: AsyncBoltRequest) -> BoltResponse:
        """A request that is surely Slack's: answered 200 once it is safe, whatever is in it."""
        payload = request.body
        if payload.get("type") == "app_rate_limited":
            # What people wrote in that minute will not be told again.
            log.error("slack.events_withheld", extra={"team": payload.get("team_id")})
            return self._nothing("rate_limited")
        try:
            return await self._passed_on(request)
        except Unavailable:
            self.counts["unavailable"] += 1
            return BoltResponse(status=503)
        except Exception as error:
            # The error's own words may hold what a person wrote, so only its kind is told.
            log.error("slack.failed", extra={"error": type(error).__name__})
            self.counts["failed"] += 1
            return BoltResponse(status=500)

    async def _passed_on(self, request: AsyncBoltRequest) -> BoltResponse:
        """Taken in one unit of work, if it is anything to us, and answered."""
        workspace = self._workspace(request)
        if self._own and not _is_of(request.body, workspace):
            self.counts[ANOTHER] += 1
            return BoltResponse(status=401, body=ANOTHER)
        if workspace is None:
            return self._nothing("no_workspace")
        incoming = self._translated(request, workspace)
        if isinstance(incoming, str):
            return self._nothing(incoming)
        answer = await self._take(incoming)
        self.counts["taken"] += 1
        body = await self._answered(answer, incoming, request, workspace)
        return BoltResponse(status=200, body=body)

    def _translated(self, request: AsyncBoltRequest, workspace: Workspace) -> Incoming | str:
        """What came in, or why it is nothing to us."""
        received = received_at(request.headers["x-slack-request-timestamp"][0])
        try:
            return translate(request.body, workspace, received) or "dropped"
        except NotUnderstood as unknown:
            log.debug("slack.unknown", extra={"kind": str(unknown)})
            return "unknown"
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
            log.warning("slack.malformed", extra={"error": type(error).__name__})
            return "malformed"

    async def _answered(
        self, answer: Answer, to: Incoming, request: AsyncBoltRequest, workspace: Workspace
    ) -> dict[str, Any] | str:
        """Only what a person did, not what they wrote, can be answered at once."""
        if isinstance(to, Visited):
            if isinstance(answer, Tell):
                known = home.known_hash(request.body)
                self._answers.publish(answer.card, to, workspace, known)
            return ""
        if not isinstance(to, Acted):
            return ""
        if isinstance(to, Submitted) and home.is_from_home(request.body):
            self._answers.later(self._draw_home_anew(to, workspace))
        arrived = request.context["arrived"]
        return await self._answers.give(answer, to, request.body, workspace, arrived) or ""

    async def _draw_home_anew(self, acted: Submitted, workspace: Workspace) -> None:
        """What was done there may have changed what stands there."""
        visited = home.again(acted)
        try:
            answer = await self._take(visited)
        except Unavailable:
            return  # It is drawn when it is opened the next time.
        if isinstance(answer, Tell):
            self._answers.publish(answer.card, visited, workspace)

    def _nothing(self, why: str) -> BoltResponse:
        self.counts[why] += 1
        return BoltResponse(status=200)

    def _workspace(self, request: AsyncBoltRequest) -> Workspace | None:
        """Whose app is meant. Pressed in a shared channel, it is that of who posted the message;
        the team beside it is the person's."""
        context, message = request.context, request.body.get("message")
        if request.body.get("type") == "message_action":
            message = None  # Anybody's, from anywhere.
        posted_by = _id(message.get("team")) if isinstance(message, Mapping) else None
        enterprise, team = _id(context.enterprise_id), _id(context.team_id)
        if posted_by and posted_by != team:
            with contextlib.suppress(Unavailable):
                if found := self._workspaces(enterprise, posted_by):
                    return found
        return self._workspaces(enterprise, team)


class _Hook(AsyncMiddleware):
    """The one thing Bolt runs after the signature is found right."""

    def __init__(self, verified: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> None:
        self._verified = verified

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse | None:
        if req.body.get("type") == "url_verification":
            return await next()
        return await self._verified(req)


async def _never(**_: Any) -> AuthorizeResult:
    """Bolt wants one; the hook answers everything before Bolt would ask it."""
    raise AssertionError("not reached")


def _is_of(payload: Mapping[str, Any], workspace: Workspace | None) -> bool:
    """Whether a request is of this workspace's app. Not every kind of them names the app."""
    return workspace is not None and payload.get("api_app_id") in (None, workspace.app)


def _id(told: object) -> str | None:
    return told if isinstance(told, str) else None


def _has_signature(headers: Mapping[str, str]) -> bool:
    """Whether there is something to verify. Bolt fails on any other timestamp and signature."""
    seconds, digest = headers.get(_TIMESTAMP, ""), headers.get(_SIGNATURE, "")
    return bool(_SECONDS.fullmatch(seconds) and _DIGEST.fullmatch(digest))


async def _body(request: web.Request) -> bytes | None:
    """The body, or None where it goes on for too long (no length is told of a chunked one)."""
    if request.content_length is not None:
        return await request.read()
    read = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        read += chunk
        if len(read) > LARGEST:
            return None
    return bytes(read)
