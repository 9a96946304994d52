"""Messages: written, edited, deleted, by people and by ourselves.

Facts: docs.slack.dev, "message event" and its subtypes; "Slack Connect" for people of other teams.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from adapters.slack import blocks, shared
from adapters.slack.text import clean, mentions, parse
from adapters.slack.workspace import Workspace
from bot.incoming import Deleted, Echo, Edited, File, Incoming, Person, Place, Said

Json = Mapping[str, Any]

COPY = "mellom_copy"
"""The type of our messages' metadata, which any app in the workspace can read."""

_CONTENT = {None, "file_share", "thread_broadcast", "me_message"}
_SLACKBOT = "USLACKBOT"


def translate(
    event: Json, workspace: Workspace, key: str, moment: datetime, enterprise: str | None = None
) -> Incoming | None:
    """A `message` or `app_mention` event; None for what neither a person nor we ourselves wrote."""
    reader = _Reader(event, workspace, key, moment, enterprise)
    subtype = event.get("subtype")
    if subtype == "message_changed":
        return reader.changed()
    if subtype == "message_deleted":
        return reader.deleted(event["deleted_ts"])
    if is_own(event, workspace):
        return reader.echo() if subtype in _CONTENT or subtype == "bot_message" else None
    if subtype not in _CONTENT or _is_machine(event):
        return None
    # A mention that an edit put in comes as `app_mention` too, under the old message's id.
    return reader.edited(event) if event.get("edited") else reader.said()


def author_of(message: Json, workspace: Workspace) -> str | None:
    """The person who wrote it; None for what a bot or Slack itself did."""
    machine = is_own(message, workspace) or _is_machine(message)
    return None if machine else str(message["user"])


def is_own(message: Json, workspace: Workspace) -> bool:
    """Whether our app wrote this, by any of the names Slack may give it.

    A message with a customised name has no user, and the same app may sit in both workspaces of a
    shared channel, with another bot id in each.
    """
    profile = message.get("bot_profile") or {}
    return (
        message.get("user") == workspace.bot_user
        or message.get("bot_id") == workspace.bot
        or workspace.app in (message.get("app_id"), profile.get("app_id"))
    )


def token_of(message: Json) -> str | None:
    """The copy's token, from the message's metadata or else from its first block."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") == COPY:
        token = (metadata.get("event_payload") or {}).get("d")
        if isinstance(token, str):
            return token
    return blocks.token_in(message.get("blocks"))


def place_of(workspace: Workspace, channel: str, *, name: str | None = None) -> Place:
    direct = channel.startswith("D")
    return Place(workspace.id, channel, direct=direct, name=name, reads_all=True)


def person_of(message: Json, workspace: Workspace, enterprise: str | None) -> Person:
    """The author, at home in their own team, which in a shared channel is not always ours."""
    user = message["user"]
    profile = message.get("user_profile") or {}
    name = profile.get("real_name") or profile.get("display_name")
    tenant = _home(message, workspace, enterprise)
    return Person("slack", tenant, user, clean(name).strip() or None if name else None, user)


def at(seconds: str | int | None) -> datetime:
    """A moment of Slack's, "1700000000.000100", to the microsecond (a float would lose some)."""
    if seconds is None:
        raise ValueError("no time")
    whole, _, part = str(seconds).partition(".")
    moment = datetime.fromtimestamp(int(whole), UTC)
    return moment.replace(microsecond=int(part[:6].ljust(6, "0") or 0))


def _root_at(message: Json) -> datetime | None:
    root = root_of(message)
    return None if root is None else at(root)


def version_of(ts: str) -> str:
    """A moment of Slack's so that a later one is greater as text."""
    return f"{Decimal(ts):020.6f}"


class _Reader:
    """One event about one message."""

    def __init__(
        self, event: Json, workspace: Workspace, key: str, moment: datetime, enterprise: str | None
    ) -> None:
        self._event = event
        self._workspace = workspace
        self._key = key
        self._moment = moment
        self._enterprise = enterprise
        self._place = place_of(workspace, event["channel"])

    def said(self) -> Said:
        event = self._event
        return Said(
            key=self._key,
            at=self._moment,
            place=self._place,
            person=person_of(event, self._workspace, self._enterprise),
            message=event["ts"],
            root=root_of(event),
            root_at=_root_at(event),
            text=parse(event, self._workspace.bot_user),
            files=files_of(event),
            addressed=self._addressed(event),
        )

    def edited(self, message: Json) -> Edited:
        edited = message.get("edited") or {}
        return Edited(
            key=self._key,
            at=self._moment,
            place=self._place,
            person=person_of(message, self._workspace, self._enterprise),
            message=message["ts"],
            root=root_of(message),
            root_at=_root_at(message),
            # `edited.ts` counts whole seconds only; two edits in one second would tie.
            version=version_of(self._event.get("event_ts") or edited.get("ts") or message["ts"]),
            text=parse(message, self._workspace.bot_user),
            files=files_of(message),
            addressed=self._addressed(message),
        )

    def changed(self) -> Edited | Deleted | None:
        """Slack also says "changed" when it shows a link's preview or counts replies."""
        message, before = self._event["message"], self._event.get("previous_message") or {}
        if message.get("subtype") == "tombstone":
            return self.deleted(message["ts"])
        if is_own(message, self._workspace) or is_own(before, self._workspace):
            return None
        if message.get("subtype") not in _CONTENT or _is_machine(message):
            return None
        return self.edited(message) if _reads_otherwise(message, before) else None

    def deleted(self, ts: str) -> Deleted | None:
        """Ours too: a moderator may have taken a copy away, and then it stays away."""
        before = self._event.get("previous_message") or {}
        if not is_own(before, self._workspace):
            of_content = before.get("subtype") in {*_CONTENT, "tombstone"}
            if before.get("bot_id") or not of_content:
                return None
        return Deleted(
            key=self._key, at=self._moment, place=self._place, message=ts, root=root_of(before, ts)
        )

    def echo(self) -> Echo:
        event = self._event
        return Echo(
            key=self._key,
            at=self._moment,
            place=self._place,
            message=event["ts"],
            root=root_of(event),
            token=token_of(event),
        )

    def _addressed(self, message: Json) -> bool:
        if self._place.direct or self._event.get("channel_type") == "im":
            return True
        mentioned = self._event.get("type") == "app_mention"
        return mentioned or mentions(message, self._workspace.bot_user)


def root_of(message: Json, ts: str | None = None) -> str | None:
    thread = message.get("thread_ts")
    return thread if thread != (message.get("ts") or ts) else None


def _is_machine(message: Json) -> bool:
    """Another bot, a workflow, Slack itself; or nobody, which is none of the shapes we know."""
    user = message.get("user")
    return bool(message.get("bot_id")) or not user or user == _SLACKBOT


def _reads_otherwise(message: Json, before: Json) -> bool:
    return (
        not before
        or message.get("text") != before.get("text")
        or message.get("blocks") != before.get("blocks")
        or files_of(message) != files_of(before)
        or shared.quotes(message) != shared.quotes(before)
    )


def files_of(message: Json) -> tuple[File, ...]:
    """What hangs on it, or on what it forwards. A file taken away leaves a tombstone; one of
    another team has no name."""
    hanging = (*(message.get("files") or []), *shared.files(message))
    files = [file for file in hanging if file.get("mode") != "tombstone"]
    return tuple(File(clean(f.get("name") or f.get("title") or ""), f.get("size")) for f in files)


def _home(message: Json, workspace: Workspace, enterprise: str | None) -> str:
    """The author's team. An organisation's id (E…) stands for ours only if it is our own."""
    team = message.get("user_team") or message.get("team")
    if not team or team == enterprise:
        return workspace.team
    return str(team)
