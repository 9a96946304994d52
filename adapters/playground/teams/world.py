"""Tenants, teams, channels, people and what they wrote: what the Teams stand-in remembers."""

from __future__ import annotations

import itertools
import secrets
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.playground.teams import cards as teams_cards

Json = dict[str, Any]
THREAD = ";messageid="
"""Stands between a channel's id and the id of a thread's root in a conversation's id."""


def new_id() -> str:
    return str(uuid.uuid4())


def _new_thread_id() -> str:
    return f"19:{secrets.token_hex(16)}@thread.tacv2"


def split(conversation: str) -> tuple[str, str | None]:
    """The channel's or chat's own id, and the thread's root if the id names one."""
    base, _, root = conversation.partition(THREAD)
    return base, root or None


@dataclass(eq=False)
class Message:
    """What stands in a channel or chat. `author` is None where the bot wrote it.

    `activity` is the message as the bot sent it, or as it would be sent to the bot.
    """

    id: str
    place: Channel | Chat
    author: User | None
    activity: Json
    root: str | None = None
    edited: int = 0
    deleted: bool = False

    @property
    def text(self) -> str:
        return str(self.activity.get("text") or "")

    @property
    def attachments(self) -> list[Json]:
        return list(self.activity.get("attachments") or ())

    @property
    def conversation(self) -> str:
        """The id of the conversation that it stands in, with the thread's root in a channel."""
        return self.place.id if self.root is None else f"{self.place.id}{THREAD}{self.root}"


def plain(message: Message) -> str:
    """The words that a person sees: nothing of a message that was deleted."""
    if message.deleted:
        return ""
    if message.author is not None:
        return teams_cards.drawn_html(message.text).replace("\N{NO-BREAK SPACE}", " ")
    return teams_cards.words_of(message.activity)


def buttons(message: Message) -> list[teams_cards.Button]:
    """The buttons that a person sees under a message."""
    if message.deleted:
        return []
    cards = teams_cards.cards(message.activity)
    return [button for card in cards for button in teams_cards.buttons_of(card)]


@dataclass(eq=False)
class _Place:
    messages: list[Message] = field(default_factory=list)

    def message(self, id: str) -> Message | None:
        """The newest message with this id, a deleted one too."""
        return next((m for m in reversed(self.messages) if m.id == id), None)

    @property
    def standing(self) -> list[Message]:
        """The messages that a person still sees."""
        return [message for message in self.messages if not message.deleted]


@dataclass(eq=False)
class Channel(_Place):
    """A standard channel of a team."""

    team: Team = field(kw_only=True)
    name: str = field(kw_only=True)
    id: str = field(kw_only=True, default_factory=_new_thread_id)
    gone: bool = False

    @property
    def tenant(self) -> Tenant:
        return self.team.tenant

    def thread(self, root: Message | str) -> list[Message]:
        """The root and its replies, deleted ones too."""
        id = root if isinstance(root, str) else root.root
        return [message for message in self.messages if message.root == id]

    @property
    def roots(self) -> list[Message]:
        return [message for message in self.messages if message.root == message.id]


@dataclass(eq=False)
class Chat(_Place):
    """The personal chat of one person and the bot."""

    user: User = field(kw_only=True)
    id: str = field(kw_only=True, default_factory=lambda: f"a:1{secrets.token_urlsafe(32)}")

    @property
    def tenant(self) -> Tenant:
        return self.user.tenant


@dataclass(eq=False)
class User:
    """A person in a tenant. `account` is the id that only this bot knows them by.

    `installed`: they have the app in the personal scope. `blocked`: they blocked the bot.
    """

    tenant: Tenant
    name: str
    locale: str = "nb-NO"
    installed: bool = False
    blocked: bool = False
    account: str = field(default_factory=lambda: f"29:1{secrets.token_urlsafe(40)}")
    aad: str = field(default_factory=new_id)

    def __post_init__(self) -> None:
        self.chat = Chat(user=self)

    @property
    def reachable(self) -> bool:
        """Whether the bot may write to them: they have the app, or a team that they are in has."""
        teams = (team for team in self.tenant.teams if self in team.members)
        return self.installed or any(team.installed and not team.gone for team in teams)

    def as_member(self) -> Json:
        first, _, last = self.name.rpartition(" ")
        address = f"{self.aad}@{self.tenant.id}.invalid"
        return {
            "id": self.account,
            "name": self.name,
            "objectId": self.aad,
            "aadObjectId": self.aad,
            "givenName": first,
            "surname": last,
            "email": address,
            "userPrincipalName": address,
            "tenantId": self.tenant.id,
            "userRole": "user",
        }


@dataclass(eq=False)
class Team:
    """A team. `read_all`: its owner let the bot read every message (ChannelMessage.Read.Group)."""

    tenant: Tenant
    name: str
    read_all: bool = False
    installed: bool = False
    gone: bool = False
    archived: bool = False
    group: str = field(default_factory=new_id)
    members: list[User] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.channels.append(Channel(team=self, name="General"))

    @property
    def id(self) -> str:
        """A team goes by the id of its first channel."""
        return self.channels[0].id

    def channel(self, name: str) -> Channel:
        """The channel of this name, made if it is not there yet."""
        for channel in self.channels:
            if channel.name == name:
                return channel
        self.channels.append(Channel(team=self, name=name))
        return self.channels[-1]


@dataclass(eq=False)
class Tenant:
    """An organisation's Microsoft 365."""

    name: str
    id: str = field(default_factory=new_id)
    teams: list[Team] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    app: str | None = None
    """The app that is uploaded here, None where it is the one that serves all."""

    def team(self, name: str, *, read_all: bool = False) -> Team:
        """The team of this name; a new one has everybody in the tenant as members."""
        for known in self.teams:
            if known.name == name:
                return known
        team = Team(self, name, read_all, members=list(self.users))
        self.teams.append(team)
        return team

    def user(self, name: str, locale: str = "nb-NO") -> User:
        """The person of this name; a new one becomes a member of every team of the tenant."""
        for known in self.users:
            if known.name == name:
                return known
        user = User(self, name, locale)
        self.users.append(user)
        for team in self.teams:
            team.members.append(user)
        return user


@dataclass
class World:
    """All tenants that the bot can be met in."""

    tenants: dict[str, Tenant] = field(default_factory=dict)

    def tenant(self, name: str) -> Tenant:
        """The tenant of this name, made if it is not there yet."""
        return self.tenants.setdefault(name, Tenant(name))

    def ids(self) -> set[str]:
        return {tenant.id for tenant in self.tenants.values()}

    def channels(self) -> Iterator[Channel]:
        for tenant in self.tenants.values():
            yield from itertools.chain.from_iterable(team.channels for team in tenant.teams)

    def users(self) -> Iterator[User]:
        for tenant in self.tenants.values():
            yield from tenant.users

    def place(self, id: str) -> Channel | Chat | None:
        """The channel or chat with this id, which has no thread in it."""
        chats = (user.chat for user in self.users())
        places = itertools.chain[Channel | Chat](self.channels(), chats)
        return next((place for place in places if place.id == id), None)

    def user(self, id: str) -> User | None:
        return next((user for user in self.users() if id in (user.account, user.aad)), None)


def tenant_of(parameters: Mapping[str, Any]) -> str:
    """The tenant that a request for a new conversation names, in any of the spellings in use."""
    data = parameters.get("channelData") or {}
    of_data = (data.get("tenant") or {}).get("id")
    return str(of_data or parameters.get("tenantId") or parameters.get("tenantID") or "")
