"""One activity that arrived from Teams: who, where and when, however much of it is told."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.teams.wire import Json, part, parts, word
from bot.incoming import Person, Place

PLATFORM = "teams"
THREAD = ";messageid="

_PEOPLE = "19:"
"""Begins the id of a conversation between people; that of a person with the bot begins otherwise.
A message action may come from a chat that the bot is not in."""

_MILLISECONDS = 13
"""Stands between a channel's id and the id of a thread's first message."""


def base(conversation: str) -> str:
    """The channel or chat that a conversation id names, without the thread in it."""
    return conversation.partition(THREAD)[0]


def moment(timestamp: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(timestamp)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Arrived:
    """An activity, and what most readers want of it."""

    activity: Json
    installation: int
    at: datetime

    @property
    def data(self) -> Json:
        return part(self.activity, "channelData")

    @property
    def event(self) -> str:
        return word(self.data, "eventType")

    @property
    def bot(self) -> str:
        return word(part(self.activity, "recipient"), "id")

    @property
    def conversation(self) -> str:
        return word(part(self.activity, "conversation"), "id")

    @property
    def key(self) -> str:
        """The receipt's. An edit and a deletion carry the id of the message that they are about, so
        the type and the time belong to it too."""
        a = self.activity
        id = word(a, "id") or hashlib.sha256(json.dumps(a, sort_keys=True).encode()).hexdigest()
        what = (self.bot, self.conversation, word(a, "type"), id, word(a, "timestamp"))
        return ":".join((PLATFORM, *what))

    @property
    def tenant(self) -> str:
        """The tenant that the conversation belongs to: in a shared channel, the one that hosts it
        (learn.microsoft.com, "Apps for shared and private channels")."""
        of_conversation = word(part(self.activity, "conversation"), "tenantId")
        return of_conversation or word(part(self.data, "tenant"), "id")

    @property
    def kind(self) -> str:
        """personal, channel or groupChat."""
        told = word(part(self.activity, "conversation"), "conversationType")
        if told:
            return told
        in_channel = self.data.get("channel") or "@thread.tacv2" in self.conversation
        return "channel" if in_channel else "personal"

    def place(self, key: str = "", name: str = "") -> Place:
        key = key or base(self.conversation)
        address = {
            "serviceUrl": word(self.activity, "serviceUrl"),
            "tenant": self.tenant,
            "bot": self.bot,
            "type": self.kind,
            "team": word(part(self.data, "team"), "id"),
            "channel": key if self.kind == "channel" else "",
        }
        return Place(
            self.installation,
            key,
            direct=self.kind == "personal" and not key.startswith(_PEOPLE),
            name=name or self._name(key) or None,
            address={name: value for name, value in address.items() if value},
        )

    def _name(self, key: str) -> str:
        """A channel's name where it is told; a team goes by the id of its first channel."""
        channel, team = part(self.data, "channel"), part(self.data, "team")
        if word(channel, "id") == key and word(channel, "name"):
            return word(channel, "name")
        return word(team, "name") if word(team, "id") == key else ""

    def person(self) -> Person | None:
        """Who acts, as the service says; nothing that a card or a form carries is asked.

        `tenant` is where the person is at home, as far as Teams tells it: of the author where it
        is told with them, else the channel's data name it, which in a shared channel may be another
        than the channel's own. Of a guest Teams tells only the tenant that they are a guest in.
        """
        return self.named(part(self.activity, "from"), self._language())

    def named(self, account: Json, language: str | None = None) -> Person | None:
        """The person whose account this is, None for a bot's. Where people come and go, it may be
        no more than the id by which this bot knows them."""
        id = word(account, "id")
        user = word(account, "aadObjectId") or id
        if not user or id.startswith("28:") or word(account, "role") == "bot":
            return None
        told = word(account, "tenantId") or word(part(self.data, "tenant"), "id")
        tenant = told or self.tenant
        name = word(account, "name") or None
        return Person(PLATFORM, tenant, user, name, address=id, language=language)

    def _language(self) -> str | None:
        infos = [e for e in parts(self.activity, "entities") if word(e, "type") == "clientInfo"]
        told = (word(one, "locale") for one in (self.activity, *infos))
        return next(filter(None, told), None)

    def root(self, message: str) -> str | None:
        """The first message of the thread, None for that message itself."""
        root = self.conversation.partition(THREAD)[2]
        return root if root and root != message else None

    def root_at(self, message: str) -> datetime | None:
        """When the thread began: the ids of messages in channels are milliseconds."""
        root = self.root(message) or ""
        if not (root.isascii() and root.isdigit() and len(root) == _MILLISECONDS):
            return None
        return datetime.fromtimestamp(int(root) / 1000, UTC)
