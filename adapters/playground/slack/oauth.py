"""Slack's side of an installation: the page where a person agrees, codes, tokens that rotate.

Sources: docs.slack.dev, "Installing with OAuth", "oauth.v2.access method", "Using token rotation".
"""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web
from yarl import URL

from adapters.playground.slack.calls import Refusal
from adapters.playground.slack.messages import Json
from adapters.playground.slack.world import TOKEN_SECONDS, Workspace

if TYPE_CHECKING:
    from adapters.playground.slack.stand_in import SlackStandIn


@dataclass(frozen=True)
class Code:
    """What a person who agreed brings back to the app."""

    workspace: Workspace
    redirect: str
    scopes: tuple[str, ...]


class OAuth:
    """Installs the app that all workspaces share."""

    def __init__(self, slack: SlackStandIn) -> None:
        self.slack = slack
        self.codes: dict[str, Code] = {}

    async def authorize(self, request: web.Request) -> web.StreamResponse:
        """The person agrees at once (or not: `consents`). `team` chooses the workspace, else it is
        the first one without the app."""
        query = request.query
        known_client = query.get("client_id") == self.slack.client_id
        if not (known_client and "redirect_uri" in query and self.slack.workspaces):
            return web.Response(status=400, text="invalid_client_id or bad_redirect_uri")
        redirect = query["redirect_uri"]
        answer = {"error": "access_denied"}
        if self.slack.consents:
            code = uuid.uuid4().hex
            scopes = tuple(query.get("scope", "").split(","))
            self.codes[code] = Code(self._chosen(query.get("team")), redirect, scopes)
            answer = {"code": code}
        answer["state"] = query.get("state", "")
        back = URL(redirect).update_query(answer)
        return web.Response(status=302, headers={"Location": str(back)})

    def access(self, args: Json, request: web.Request) -> Json:
        """A token for a code, or for a refresh token, which is good once."""
        client_id, client_secret = _client(args, request)
        if client_id != self.slack.client_id:
            raise Refusal("invalid_client_id")
        if client_secret != self.slack.client_secret:
            raise Refusal("bad_client_secret")
        if args.get("grant_type") == "refresh_token":
            return self._granted(self._refreshing(str(args.get("refresh_token"))))
        code = self.codes.pop(args.get("code", ""), None)
        if code is None:
            raise Refusal("invalid_code")
        if args.get("redirect_uri", code.redirect) != code.redirect:
            raise Refusal("bad_redirect_uri")
        workspace = code.workspace
        workspace.install(code.scopes)
        installer = next(iter(workspace.users.values()), None) or workspace.user("Workspace Owner")
        about = {"is_enterprise_install": False, "authed_user": {"id": installer.id}}
        return self._granted(workspace) | about

    def _granted(self, workspace: Workspace) -> Json:
        granted = {
            "access_token": workspace.rotate() if self.slack.rotates else workspace.token,
            "token_type": "bot",
            "scope": ",".join(workspace.scopes),
            "bot_user_id": workspace.bot_user_id,
            "app_id": workspace.app_id,
            "team": {"id": workspace.team_id, "name": workspace.name},
            "enterprise": None,
        }
        lasting = {"refresh_token": workspace.refresh_token, "expires_in": TOKEN_SECONDS}
        return granted | (lasting if self.slack.rotates else {})

    def _refreshing(self, refresh_token: str) -> Workspace:
        for workspace in self.slack.workspaces.values():
            if workspace.refresh_token == refresh_token:
                return workspace
        raise Refusal("invalid_refresh_token")

    def _chosen(self, team: str | None) -> Workspace:
        everywhere = list(self.slack.workspaces.values())
        for workspace in everywhere:
            if team in (workspace.team_id, workspace.name, workspace.domain):
                return workspace
        return next((one for one in everywhere if not one.token), everywhere[0])


def _client(args: Json, request: web.Request) -> tuple[str, str]:
    header = request.headers.get("Authorization", "")
    if header.startswith("Basic "):
        pair = base64.b64decode(header.removeprefix("Basic ")).decode()
        client_id, _, client_secret = pair.partition(":")
        return client_id, client_secret
    return str(args.get("client_id", "")), str(args.get("client_secret", ""))
