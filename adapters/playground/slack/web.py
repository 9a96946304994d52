"""The HTTP side of the Slack stand-in: Web API, response addresses, and the OAuth pages.

Sources: docs.slack.dev, "Using the Slack Web API", "Handling user interaction" (response_url),
"Rate limits".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from adapters.playground import faults, wire
from adapters.playground.slack import scopes
from adapters.playground.slack.calls import Call, Refusal
from adapters.playground.slack.messages import Json
from adapters.playground.slack.methods import known
from adapters.playground.slack.world import Workspace

if TYPE_CHECKING:
    from adapters.playground.slack.stand_in import SlackStandIn

RESPONSE_URL_SECONDS = 1800.0
RESPONSE_URL_USES = 5
_SECRETS = ("token", "client_secret", "code", "access_token", "refresh_token")
_NESTED = ("blocks", "attachments", "metadata", "view")


def application(slack: SlackStandIn) -> web.Application:
    """The routes, bound to one stand-in."""
    pages = _Pages(slack)
    app = web.Application(client_max_size=4 * 1024 * 1024)
    app.router.add_route("*", "/api/{method}", pages.api)
    app.router.add_get("/oauth/v2/authorize", slack.oauth.authorize)
    app.router.add_post("/response/{name}", pages.response)
    app.on_shutdown.append(pages.heal)
    return app


class _Pages:
    def __init__(self, slack: SlackStandIn) -> None:
        self.slack = slack

    async def heal(self, _: web.Application) -> None:
        self.slack.faults.heal()

    async def api(self, request: web.Request) -> web.StreamResponse:
        slack, method = self.slack, request.match_info["method"]
        args = await _arguments(request)
        shown = {name: value for name, value in (args or {}).items() if name not in _SECRETS}
        workspace = self._workspace(request, args or {})
        team = workspace.team_id if isinstance(workspace, Workspace) else ""
        exchange = slack.note("slack", method, shown, team)
        exchange.verb, exchange.headers = request.method, wire.headers(request.headers)
        conversation = shown.get("channel") or shown.get("users")
        fault = slack.faults.take(method, conversation)
        exchange.fault = fault.kind if fault else ""

        async def work() -> web.StreamResponse:
            body = self._answer(method, workspace, args, request)
            exchange.response = {name: body[name] for name in body if name not in _SECRETS}
            exchange.status = 429 if body.get("error") == "ratelimited" else 200
            headers = {"Retry-After": "1"} if exchange.status == 429 else {}
            if isinstance(workspace, Workspace):
                headers["X-OAuth-Scopes"] = ",".join(workspace.scopes)
            return web.json_response(body, status=exchange.status, headers=headers)

        response = await faults.answer(request, fault, work, _refused)
        return await self._finish(request, response, broken=fault is not None)

    async def _finish(
        self, request: web.Request, response: web.StreamResponse, *, broken: bool
    ) -> web.StreamResponse:
        """Where events are sent at once, our answer goes first and the echo after it (on a
        connection of its own, since the next request on this one would wait for the echo)."""
        if not (self.slack.auto and self.slack.queue):
            return response
        if not broken:
            response.force_close()
            await response.prepare(request)
            await response.write_eof()
        await self.slack.flush()
        return response

    def _answer(
        self,
        method: str,
        workspace: Workspace | str,
        args: Json | None,
        request: web.Request,
    ) -> Json:
        try:
            if args is None:
                raise Refusal("invalid_json")
            if method == "oauth.v2.access":
                return {"ok": True, **self.slack.oauth.access(args, request)}
            function = known(method)
            if isinstance(workspace, str):
                raise Refusal(workspace)
            self._pace(method, args)
            call = Call(workspace, args, self.slack, self.slack.metadata_events)
            scopes.check(method, call)
            return {"ok": True, **function(call)}
        except Refusal as refusal:
            return refusal.wire()

    def _workspace(self, request: web.Request, args: Json) -> Workspace | str:
        """Whose token this is, or the error code."""
        header = request.headers.get("Authorization", "")
        token = (
            header.removeprefix("Bearer ") if header.startswith("Bearer ") else args.get("token")
        )
        if not token:
            return "not_authed"
        for workspace in self.slack.workspaces.values():
            if token in workspace.tokens:
                return workspace.refused(token) or workspace
            if token in workspace.old_tokens:
                return workspace.refusal
        return "invalid_auth"

    def _pace(self, method: str, args: Json) -> None:
        """docs.slack.dev, "Rate limits": one message a second in a channel."""
        if not self.slack.enforce_rates or method != "chat.postMessage":
            return
        now, channel = self.slack.clock(), str(args.get("channel"))
        if now - self.slack.last_post.get(channel, float("-inf")) < 1.0:
            raise Refusal("ratelimited")
        self.slack.last_post[channel] = now

    async def response(self, request: web.Request) -> web.StreamResponse:
        """A post to a response_url."""
        slack = self.slack
        to = slack.response_urls.get(request.match_info["name"])
        args = await _arguments(request) or {}
        team = to.channel.workspace.team_id if to else ""
        exchange = slack.note("slack", "response_url", args, team)
        exchange.headers = wire.headers(request.headers)
        fault = slack.faults.take("response_url", to.channel.id if to else None)
        exchange.fault = fault.kind if fault else ""

        async def work() -> web.StreamResponse:
            code = None
            if to is None or slack.clock() - to.at > RESPONSE_URL_SECONDS:
                code = "expired_url"
            elif to.uses >= RESPONSE_URL_USES:
                code = "used_url"
            else:
                to.uses += 1
                slack.respond(to, args)
            exchange.response = {"ok": False, "error": code} if code else {"ok": True}
            exchange.status = 404 if code else 200
            return web.json_response(exchange.response, status=exchange.status)

        response = await faults.answer(request, fault, work, _refused)
        return await self._finish(request, response, broken=fault is not None)


async def _arguments(request: web.Request) -> Json | None:
    """The arguments of a call, JSON or form; None if the JSON cannot be read."""
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            return None
        return body if isinstance(body, dict) else None
    form: dict[str, Any] = {
        **request.query,
        **{k: str(v) for k, v in (await request.post()).items()},
    }
    try:
        return form | {name: json.loads(form[name]) for name in _NESTED if form.get(name)}
    except ValueError:
        return None


def _refused(fault: faults.Fault) -> web.StreamResponse:
    if fault.kind == "rate_limited":
        headers = {"Retry-After": f"{fault.seconds:g}"}
        body = {"ok": False, "error": "ratelimited"}
        return web.json_response(body, status=429, headers=headers)
    return web.json_response({"ok": False, "error": fault.code}, status=fault.status)
