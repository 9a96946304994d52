"""What stands in a room or in front of a person: messages, ephemerals, modals.

Shapes follow docs.slack.dev: "message event", "Using message metadata", "View interaction
payloads".
"""

from __future__ import annotations

import copy
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adapters.playground.slack.world import Channel, Workspace

Json = dict[str, Any]
TOMBSTONE = "This message was deleted."


@dataclass(eq=False)
class Message:
    """One message as it reads now; `user` is the author's id (the bot user's where `bot`)."""

    channel: Channel
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    bot: bool = False
    thread_ts: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    deleted: bool = False
    tombstone: bool = False
    subtype: str | None = None
    username: str | None = None
    client_msg_id: str = ""
    files: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)

    @property
    def root(self) -> str:
        """The `ts` that its thread hangs on."""
        return self.thread_ts or self.ts

    def wire(self, *, metadata: bool = True) -> Json:
        """The message object as events, `chat.*` answers and history carry it."""
        body: Json = {"type": "message", "ts": self.ts, "text": self.text}
        body |= self._author() | self._thread()
        optional = {
            "subtype": self.subtype,
            "blocks": self.blocks,
            "edited": self.edited,
            "files": self.files,
            "attachments": self.attachments,
            "client_msg_id": self.client_msg_id,
            "metadata": self.metadata if metadata else None,
        }
        body |= {name: value for name, value in optional.items() if value}
        if self.subtype == "thread_broadcast" and self.root in self.channel.messages:
            body["root"] = self.channel.messages[self.root].wire(metadata=metadata)
        if self.tombstone:
            body["hidden"] = True
        return copy.deepcopy(body)

    def forwarded(self, *, hidden: bool = False) -> Json:
        """How it hangs on a message that forwards it. Slack documents it nowhere; this is as its
        events carry it."""
        where, workspace = self.channel, self.channel.workspace
        author = workspace.users.get(self.user)
        name = author.name if author else workspace.bot_name
        at = f"p{self.ts.replace('.', '')}"
        shape: Json = {
            "id": 1,
            "from_url": f"https://{workspace.team_id.lower()}.slack.com/archives/{where.id}/{at}",
            "ts": self.ts,
            "author_id": self.user,
            "author_name": name,
            "author_subname": name,
            "channel_id": where.id,
            "channel_name": where.shown_name,
            "channel_team": workspace.team_id,
            "is_msg_unfurl": True,
            "is_share": True,
            "color": "D0D0D0",
            "mrkdwn_in": ["text"],
            "footer": f"Posted in #{where.shown_name}",
            "fallback": f"[January 19th, 2027 1:00 AM] {name}: {'' if hidden else self.text}",
        }
        if hidden:
            return shape
        said = {"message": {"blocks": self.blocks}} if self.blocks else {}
        held = {"team": workspace.team_id, "channel": where.id, "ts": self.ts, **said}
        files = {"files": self.files} if self.files else {}
        return copy.deepcopy(shape | {"text": self.text, "message_blocks": [held], **files})

    def _author(self) -> Json:
        workspace = self.channel.workspace
        if self.tombstone:
            return {"user": "USLACKBOT"}
        if not self.bot:
            author = workspace.users.get(self.user)
            if author is None or not author.home:
                return {"user": self.user, "team": workspace.team_id}
            home = {"user_team": author.home, "source_team": author.home}
            return {"user": self.user, "team": author.home, **home}
        body = {"bot_id": workspace.bot_id, "app_id": workspace.app_id}
        if self.username:
            return body | {"subtype": "bot_message", "username": self.username}
        return body | {
            "user": self.user,
            "team": workspace.team_id,
            "bot_profile": workspace.bot_profile(),
        }

    def _thread(self) -> Json:
        if self.thread_ts and self.thread_ts != self.ts:
            parent = self.channel.messages.get(self.thread_ts)
            parts = {"thread_ts": self.thread_ts}
            return parts | ({"parent_user_id": parent.user} if parent else {})
        replies = self.channel.replies(self.ts)
        if not replies:
            return {}
        people = list(dict.fromkeys(reply.user for reply in replies))
        return {
            "thread_ts": self.ts,
            "reply_count": len(replies),
            "reply_users_count": len(people),
            "reply_users": people,
            "latest_reply": replies[-1].ts,
            "is_locked": False,
            "subscribed": False,
        }


@dataclass(eq=False)
class Ephemeral:
    """What only one person sees, until it is dismissed or replaced."""

    channel: Channel
    user: str
    ts: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None


@dataclass(eq=False)
class View:
    """A modal (or home tab) in front of one person; `errors` is what it shows beside its inputs."""

    workspace: Workspace
    user: str
    id: str
    payload: Json
    hash: str
    errors: dict[str, str] = field(default_factory=dict)
    under: View | None = None

    @property
    def blocks(self) -> list[Json]:
        return list(self.payload.get("blocks", []))

    def wire(self, values: Json | None = None) -> Json:
        """The view object (docs.slack.dev: "View interaction payloads")."""
        root = self
        while root.under is not None:
            root = root.under
        return {
            "id": self.id,
            "team_id": self.workspace.team_id,
            "private_metadata": "",
            "callback_id": "",
            "close": None,
            "submit": None,
            "clear_on_close": False,
            "notify_on_close": False,
            "external_id": "",
            **copy.deepcopy(self.payload),
            "state": {"values": values or {}},
            "hash": self.hash,
            "root_view_id": root.id,
            "previous_view_id": self.under.id if self.under else None,
            "app_id": self.workspace.app_id,
            "app_installed_team_id": self.workspace.team_id,
            "bot_id": self.workspace.bot_id,
        }


def with_block_ids(blocks: list[Json]) -> list[Json]:
    """Blocks as Slack stores them: one without a `block_id` gets one."""
    return [{"block_id": uuid.uuid4().hex[:5], **block} for block in copy.deepcopy(blocks)]
