"""A call of the Web API by the app, and what Slack says when it will not do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from adapters.playground.slack.messages import Json
from adapters.playground.slack.world import Channel, User, Workspace


class Refusal(Exception):
    """`{"ok": false, "error": code}`."""

    def __init__(
        self, code: str, messages: list[str] | None = None, about: Json | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []
        self.about = about or {}

    def wire(self) -> Json:
        body: Json = {"ok": False, "error": self.code, **self.about}
        return body | ({"response_metadata": {"messages": self.messages}} if self.messages else {})


class Triggers(Protocol):
    """Who knows which trigger ids are good."""

    def spend(self, trigger_id: str) -> tuple[Workspace, User]:
        """Whose it is; raises Refusal if it is unknown, used or older than 3 seconds."""
        ...


@dataclass
class Call:
    """One authenticated call by the app."""

    workspace: Workspace
    args: Json
    triggers: Triggers
    metadata_events: bool = True

    def flag(self, name: str) -> bool:
        return str(self.args.get(name, "")).lower() in ("1", "true")

    def need(self, name: str) -> str:
        if not self.args.get(name):
            raise Refusal("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return str(self.args[name])

    def person(self, user_id: str) -> User:
        """The person of this id."""
        if user_id not in self.workspace.users:
            raise Refusal("user_not_found")
        return self.workspace.users[user_id]

    def channel(self) -> Channel:
        """The channel named; a private one without the bot does not exist for it."""
        workspace, name = self.workspace, self.need("channel")
        if name in workspace.users:
            return workspace.dm(workspace.users[name])
        channel = workspace.channels.get(name)
        if channel is None or channel.deleted or (channel.private and not channel.has_bot):
            raise Refusal("channel_not_found")
        return channel

    def readable(self) -> Channel:
        """The channel named, if the bot is in it."""
        channel = self.channel()
        if not channel.has_bot:
            raise Refusal("not_in_channel")
        return channel

    def writable(self) -> Channel:
        """The channel named, if the bot may write there."""
        if self.channel().archived:
            raise Refusal("is_archived")
        if self.channel().only_admins:
            raise Refusal("restricted_action")
        return self.readable()
