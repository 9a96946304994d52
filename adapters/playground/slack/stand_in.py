"""A stand-in for Slack on loopback: several workspaces, one app, the real wire protocol.

It signs what it sends with the app's own signing secret, checks tokens, keeps rooms, and can be
made to fail (`faults`). Nobody at Slack is asked: the sources are the pages of docs.slack.dev that
the modules beside this one name.

    slack = SlackStandIn(signing_secret="…", client_id="…", client_secret="…")
    await slack.start()                                   # SLACK_API_URL is slack.api_url
    slack.events_url = "http://127.0.0.1:8000/slack/events"
    alta = slack.workspace("Alta kommune")
    alta.install()                                        # or through the OAuth pages
    room, kari = alta.channel("tavlemøter"), alta.user("Kari Nilsen")
    await slack.invite_bot(room)
    await slack.say(kari, room, "@Mellom hjelp")
    await slack.flush()
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web
from yarl import URL

from adapters.playground.faults import Faults
from adapters.playground.slack import web as slack_web
from adapters.playground.slack.acts import Unseen
from adapters.playground.slack.delivery import Delivery, Line, Reply
from adapters.playground.slack.messages import Ephemeral, Json, Message, View
from adapters.playground.slack.oauth import OAuth
from adapters.playground.slack.outbox import Exchange
from adapters.playground.slack.people import People
from adapters.playground.slack.words import plain
from adapters.playground.slack.world import Channel, User, Workspace, counter

__all__ = [
    "Channel",
    "Delivery",
    "Ephemeral",
    "Exchange",
    "Message",
    "OwnApp",
    "Reply",
    "SlackStandIn",
    "Unseen",
    "User",
    "View",
    "Workspace",
    "plain",
]


@dataclass(frozen=True)
class OwnApp:
    """An app that a workspace made for itself, as its page shows it."""

    id: str
    signing_secret: str
    workspace: Workspace
    scopes: tuple[str, ...]

    def install(self) -> str:
        """*Install App*: its bot token."""
        return self.workspace.install(self.scopes)


class SlackStandIn(People):
    """Slack for one app that workspaces share, and for such as they make for themselves.
    `events_url` is the shared app's address for events, commands and interactions; `clock` dates
    messages and ages triggers and tokens (signatures always take the real time). `rotates`: its
    tokens are good for twelve hours."""

    def __init__(
        self,
        *,
        signing_secret: str,
        client_id: str,
        client_secret: str,
        app_id: str = "A0MELLOM",
        events_url: str = "",
        clock: Callable[[], float] = time.time,
        auto: bool = False,
        enforce_rates: bool = False,
        metadata_events: bool = True,
        rotates: bool = False,
    ) -> None:
        super().__init__(app_id, Line(events_url, signing_secret), clock, auto=auto)
        self.client_id, self.client_secret = client_id, client_secret
        self.enforce_rates, self.metadata_events = enforce_rates, metadata_events
        self.faults = Faults()
        self.workspaces: dict[str, Workspace] = {}
        self.rotates = rotates
        self.oauth = OAuth(self)
        self.last_post: dict[str, float] = {}
        self.consents = True
        self._ids = counter()
        self._runner: web.AppRunner | None = None
        self.app = slack_web.application(self)

    async def start(self, port: int = 0) -> str:
        """Listen on 127.0.0.1 and return the address; the Web API is at `api_url`."""
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self.base_url

    async def stop(self) -> None:
        """Let every hanging request go and stop listening."""
        self.faults.heal()
        if self._runner is not None:
            await self._runner.cleanup()
        self._runner = None
        for line in (self.line, *self.lines.values()):
            await line.close()

    @property
    def api_url(self) -> str:
        """What `SLACK_API_URL` has to be."""
        return f"{self.base_url}/api/"

    @property
    def events_url(self) -> str:
        return self.line.url

    @events_url.setter
    def events_url(self, url: str) -> None:
        self.line.url = url

    def make_app(self, workspace: Workspace, manifest: Json, at: str = "") -> OwnApp:
        """Somebody in the workspace makes an app from a manifest, in the place of the one that is
        shared, and sees its signing secret; it is not installed yet. What the manifest calls https
        is to be found `at` this address."""
        workspace.revoke()
        workspace.app_id = workspace.next_id("A")
        workspace.bot_user_id, workspace.bot_id = workspace.next_id("U"), workspace.next_id("B")
        url = URL(manifest["settings"]["event_subscriptions"]["request_url"])
        secret = uuid.uuid4().hex
        self.lines[workspace.team_id] = Line(at + url.path if at else str(url), secret)
        scopes = tuple(manifest["oauth_config"]["scopes"]["bot"])
        return OwnApp(workspace.app_id, secret, workspace, scopes)

    def workspace(self, name: str, *, team_id: str | None = None) -> Workspace:
        """The workspace of this name, which is made if there is none; the app is not in it yet
        (`install`, or the OAuth pages)."""
        for known in self.workspaces.values():
            if name == known.name:
                return known
        ids = [f"{prefix}0{next(self._ids):07d}" for prefix in ("T", "U", "B")]
        made = Workspace(
            name, team_id or ids[0], ids[1], ids[2], self.app_id, self._ids, self.clock, self.emit
        )
        self.workspaces[made.team_id] = made
        return made
