"""The state that Slack keeps: workspaces, the people and the channels in them.

Shapes follow docs.slack.dev: "users.info method", "conversations.info method", and the subtypes of
"message event". Every change of a message emits the event that Slack would send.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.playground.slack.messages import TOMBSTONE, Ephemeral, Json, Message, View

TOKEN_SECONDS = 43200
"""How long a token is good where tokens rotate."""

EVERYTHING = (
    "app_mentions:read", "channels:history", "channels:read", "chat:write", "commands",
    "groups:history", "groups:read", "im:history", "im:read", "im:write", "metadata.message:read",
    "users:read",
)  # fmt: skip
"""The scopes that an app has here unless it is said that it has others."""


@dataclass(eq=False)
class User:
    """A person in one workspace, or (`home` is their own) in a channel that it shares with it."""

    workspace: Workspace
    id: str
    name: str
    locale: str = "nb-NO"
    active: bool = True
    home: str = ""

    @property
    def team_id(self) -> str:
        return self.home or self.workspace.team_id

    @property
    def handle(self) -> str:
        return self.name.lower().replace(" ", ".")

    def wire(self, *, locale: bool = False) -> Json:
        """The user object (docs.slack.dev: "users.info method")."""
        body: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.handle,
            "deleted": not self.active,
            "real_name": self.name,
            "tz": "Europe/Amsterdam",
            "profile": {"real_name": self.name, "display_name": "", "team": self.team_id},
            "is_bot": False,
            "is_stranger": bool(self.home),
            "is_app_user": False,
            "updated": 1700000000,
        }
        return body | {"locale": self.locale} if locale else body


_ADMINS: Json = {"type": ["admin"], "user": []}


@dataclass(eq=False)
class Channel:
    """A public or private channel, or the direct conversation of one person with the bot."""

    workspace: Workspace
    id: str
    name: str
    private: bool = False
    direct: User | None = None
    members: set[str] = field(default_factory=set)
    archived: bool = False
    deleted: bool = False
    only_admins: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    gone: dict[str, Message] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """`channel_type` as message events name it."""
        return "im" if self.direct else "group" if self.private else "channel"

    @property
    def shown_name(self) -> str:
        """The name as commands and interactions give it."""
        return "directmessage" if self.direct else "privategroup" if self.private else self.name

    @property
    def has_bot(self) -> bool:
        return self.workspace.bot_user_id in self.members

    def replies(self, root: str) -> list[Message]:
        return [m for m in self.messages.values() if m.thread_ts == root and m.ts != root]

    def thread(self, root: str) -> list[Message]:
        """The first message (or its tombstone) and the replies, oldest first."""
        first = [self.messages[root]] if root in self.messages else []
        return first + self.replies(root)

    def wire(self) -> Json:
        """The conversation object (docs.slack.dev: "conversations.info method")."""
        body: Json = {
            "id": self.id,
            "created": 1700000000,
            "is_archived": self.archived,
            "is_im": self.direct is not None,
            "is_private": self.private or self.direct is not None,
        }
        if self.direct:
            return body | {"user": self.direct.id, "is_open": True}
        return body | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.private,
            "is_group": self.private,
            "is_member": self.has_bot,
            "is_shared": False,
            "is_ext_shared": False,
            "properties": {"posting_restricted_to": _ADMINS} if self.only_admins else {},
        }

    def post(self, user: str, text: str, **rest: Any) -> Message:
        """A new message, announced to the app."""
        message = Message(self, self.workspace.next_ts(), user, text, **rest)
        self.messages[message.ts] = message
        self.announce(message.wire(metadata=self.workspace.echo_metadata), message.ts)
        return message

    def change(self, message: Message, **changes: Any) -> None:
        """The message now reads otherwise: `message_changed`."""
        before = message.wire()
        for name, value in changes.items():
            setattr(message, name, value)
        self._changed(message, before)

    def remove(self, message: Message) -> None:
        """Take a message away; one with replies leaves a tombstone, which is announced as a change
        to subtype `tombstone` and not as a deletion."""
        before = message.wire()
        message.deleted = True
        if self.replies(message.ts):
            message.text, message.blocks, message.metadata = TOMBSTONE, [], None
            message.files, message.attachments, message.client_msg_id = [], [], ""
            message.edited, message.username = None, None
            message.tombstone, message.subtype = True, "tombstone"
            self._changed(message, before)
            return
        self.gone[message.ts] = self.messages.pop(message.ts)
        change = {"subtype": "message_deleted", "hidden": True, "deleted_ts": message.ts}
        self.announce({"type": "message", **change, "previous_message": before})

    def _changed(self, message: Message, before: Json) -> None:
        team = self.workspace.team_id
        after = message.wire() | {"source_team": team, "user_team": team}
        change = {"subtype": "message_changed", "hidden": True}
        self.announce({"type": "message", **change, "message": after, "previous_message": before})

    def announce(self, event: Json, ts: str | None = None) -> None:
        """Emit an event about this channel, if the bot is there to hear it."""
        if not self.has_bot:
            return
        ts = ts or self.workspace.next_ts()
        where = {"channel": self.id, "channel_type": self.kind, "event_ts": ts}
        self.workspace.emit(event | {"ts": ts} | where)


@dataclass(eq=False)
class Workspace:
    """One workspace. `token` is the bot's once the app is installed there; `tokens` are all that
    are good, each with the moment at which it ends (None: never)."""

    name: str
    team_id: str
    bot_user_id: str
    bot_id: str
    app_id: str
    ids: Iterator[int]
    clock: Callable[[], float]
    send: Callable[[Workspace, Json], object]
    bot_name: str = "Mellom"
    token: str | None = None
    refusal: str = "account_inactive"
    echo_metadata: bool = True
    has_home: bool = True
    scopes: tuple[str, ...] = EVERYTHING
    tokens: dict[str, float | None] = field(default_factory=dict)
    old_tokens: set[str] = field(default_factory=set)
    refresh_token: str | None = None
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    whispers: list[Ephemeral] = field(default_factory=list)
    _last: int = 0

    @property
    def domain(self) -> str:
        return "".join(c if c.isalnum() else "-" for c in self.name.lower())

    def emit(self, event: Json) -> None:
        """Tell the app, if it is installed."""
        if self.token:
            self.send(self, event)

    def next_ts(self) -> str:
        """A message id of this workspace: the clock in microseconds, never twice, never back."""
        self._last = max(int(self.clock() * 10_000), self._last + 1)
        return f"{self._last // 10_000}.{self._last % 10_000 * 100:06d}"

    def next_id(self, prefix: str) -> str:
        return f"{prefix}0{next(self.ids):07d}"

    def install(self, scopes: Sequence[str] = EVERYTHING) -> str:
        """Give the app a bot token; a second installation keeps the one it has."""
        self.scopes = tuple(scopes)
        self.token = self.token or f"xoxb-{self.team_id}-{uuid.uuid4().hex}"
        self.tokens[self.token] = None
        return self.token

    def rotate(self) -> str:
        """Give the app another token, which ends, and a token to get the next one with; the one it
        has is good until its own end (docs.slack.dev, "Using token rotation")."""
        self.token = f"xoxe.xoxb-1-{uuid.uuid4().hex}"
        self.tokens[self.token] = self.clock() + TOKEN_SECONDS
        self.refresh_token = f"xoxe-1-{uuid.uuid4().hex}"
        return self.token

    def refused(self, token: str) -> str | None:
        """Why this token of the app's here is not taken; None where it is."""
        ends = self.tokens.get(token)
        return "token_expired" if ends is not None and ends <= self.clock() else None

    def revoke(self) -> None:
        """From now on every token is answered with `refusal`."""
        self.old_tokens |= self.tokens.keys()
        self.tokens.clear()
        self.token = self.refresh_token = None

    def user(self, name: str, locale: str = "nb-NO") -> User:
        """The person of this name, who is made if there is none."""
        for known in self.users.values():
            if known.name == name:
                return known
        user = User(self, self.next_id("U"), name, locale)
        self.users[user.id] = user
        return user

    def channel(self, name: str, private: bool = False) -> Channel:
        """The channel of this name, which is made if there is none; the bot is not in it yet."""
        for known in self.channels.values():
            if known.name == name and not known.direct:
                return known
        channel = Channel(self, self.next_id("C"), name, private)
        self.channels[channel.id] = channel
        return channel

    def dm(self, user: User) -> Channel:
        """The direct conversation of the bot with this person."""
        for known in self.channels.values():
            if known.direct is user:
                return known
        members = {user.id, self.bot_user_id}
        channel = Channel(self, self.next_id("D"), "", direct=user, members=members)
        self.channels[channel.id] = channel
        return channel

    def ephemerals(self, user: User) -> list[Ephemeral]:
        """What only this person was shown, oldest first."""
        return [whisper for whisper in self.whispers if whisper.user == user.id]

    def bot_profile(self) -> Json:
        return {
            "id": self.bot_id,
            "deleted": False,
            "name": self.bot_name,
            "updated": 1700000000,
            "app_id": self.app_id,
            "team_id": self.team_id,
        }


def counter() -> Iterator[int]:
    """Numbers for ids, unlike in all workspaces of one stand-in."""
    return itertools.count(1)
