"""What happens to rooms, people and the installation, and the events Slack sends of it.

Each follows the page of its event's name at docs.slack.dev/reference/events.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from typing import Any

from adapters.playground.slack.delivery import Delivery
from adapters.playground.slack.messages import Json
from adapters.playground.slack.outbox import VERIFICATION_TOKEN, Outbox
from adapters.playground.slack.world import Channel, User, Workspace


def file_object(user: User, file: str | tuple[str, int]) -> Json:
    """docs.slack.dev: "File object". Nothing is stored behind its address."""
    name, size = (file, 1024) if isinstance(file, str) else file
    file_id = user.workspace.next_id("F")
    return {
        "id": file_id,
        "name": name,
        "title": name,
        "mimetype": mimetypes.guess_type(name)[0] or "application/octet-stream",
        "filetype": name.rpartition(".")[2],
        "user": user.id,
        "size": size,
        "mode": "hosted",
        "is_external": False,
        "url_private": f"https://files.slack.com/files-pri/{user.workspace.team_id}-{file_id}/x",
    }


class Lifecycle(Outbox):
    """What is not about messages: rooms, people and the installation itself."""

    async def event(self, workspace: Workspace, event: Json, **envelope: Any) -> Delivery:
        """Any event at all; `envelope` overrides fields around it."""
        delivery = self.emit(workspace, event, **envelope)
        await self.settle()
        return delivery

    async def invite_bot(self, channel: Channel, by: User | None = None) -> None:
        """The bot joins: `member_joined_channel`, and the room's own notice (`channel_join`), which
        is sent but not kept among the messages."""
        workspace = channel.workspace
        channel.members.add(workspace.bot_user_id)
        who = {"user": workspace.bot_user_id}
        inviter = {"inviter": by.id} if by else {}
        kind = {"channel": channel.id, "channel_type": "G" if channel.private else "C"}
        joined = {"type": "member_joined_channel", "team": workspace.team_id, **who, **kind}
        self._tell(channel.workspace, joined | inviter)
        notice = f"<@{workspace.bot_user_id}> has joined the channel"
        channel.announce(
            {"type": "message", "subtype": "channel_join", "text": notice, **who, **inviter}
        )
        await self.settle()

    async def remove_bot(self, channel: Channel, by: User | None = None) -> None:
        """The bot is taken out: `channel_left` (`group_left`) and `member_left_channel`."""
        workspace = channel.workspace
        channel.members.discard(workspace.bot_user_id)
        actor = {"actor_id": by.id} if by else {}
        self._tell(
            workspace, {"type": self._named(channel, "left"), "channel": channel.id, **actor}
        )
        left = {"type": "member_left_channel", "user": workspace.bot_user_id}
        kind = {"channel": channel.id, "channel_type": "G" if channel.private else "C"}
        self._tell(workspace, left | kind | {"team": workspace.team_id})
        await self.settle()

    async def archive(self, channel: Channel, by: User | None = None) -> None:
        channel.archived = True
        await self._channel_event(channel, "archive", {"user": by.id if by else "USLACKBOT"})

    async def unarchive(self, channel: Channel, by: User | None = None) -> None:
        channel.archived = False
        await self._channel_event(channel, "unarchive", {"user": by.id if by else "USLACKBOT"})

    async def delete_channel(self, channel: Channel) -> None:
        channel.deleted = True
        await self._channel_event(channel, "deleted", {})

    async def rename(self, channel: Channel, name: str) -> None:
        """Here `channel` in the event is an object, not an id."""
        channel.name = name
        about = {"id": channel.id, "name": name, "created": 1700000000}
        await self._channel_event(channel, "rename", {"channel": about})

    async def change_id(self, channel: Channel) -> None:
        """The channel gets a new id (`channel_id_changed`); the old one is not found any more."""
        await self.tell_new_id(channel, self.renumber(channel))

    def renumber(self, channel: Channel) -> str:
        """The channel has a new id, which nobody is told of yet; the one that it had."""
        workspace, old = channel.workspace, channel.id
        del workspace.channels[old]
        channel.id = workspace.next_id("C")
        workspace.channels[channel.id] = channel
        return old

    async def tell_new_id(self, channel: Channel, old: str) -> None:
        ids = {"old_channel_id": old, "new_channel_id": channel.id}
        self._tell(channel.workspace, {"type": "channel_id_changed", **ids})
        await self.settle()

    async def deactivate(self, user: User) -> None:
        """The person left the organisation: `user_change` with `deleted`."""
        user.active = False
        self._tell(user.workspace, {"type": "user_change", "user": user.wire(locale=True)})
        await self.settle()

    async def reactivate(self, user: User) -> None:
        """The account is there again: the same event, as for whatever else changes in a profile."""
        user.active = True
        self._tell(user.workspace, {"type": "user_change", "user": user.wire(locale=True)})
        await self.settle()

    async def leave(self, user: User, channel: Channel) -> None:
        """A person leaves a channel or is taken out of it: `member_left_channel`, if the bot is
        there to hear it. `team` is the workspace that they are from."""
        channel.members.discard(user.id)
        if channel.has_bot:
            about = {"user": user.id, "team": user.team_id, "channel": channel.id}
            kind = {"channel_type": "G" if channel.private else "C"}
            self._tell(channel.workspace, {"type": "member_left_channel", **about, **kind})
        await self.settle()

    async def uninstall(
        self,
        workspace: Workspace,
        *,
        order: Sequence[str] = ("tokens_revoked", "app_uninstalled"),
        refusal: str = "account_inactive",
    ) -> None:
        """The app is taken away; Slack sends the two events in either order. From now on the token
        is refused (`account_inactive` or `token_revoked`)."""
        for name in order:
            tokens = {"tokens": {"oauth": [], "bot": [workspace.bot_user_id]}}
            about = tokens if name == "tokens_revoked" else {}
            self._tell(workspace, {"type": name, **about})
        workspace.refusal = refusal
        workspace.revoke()
        await self.settle()

    async def rate_limit_events(self, workspace: Workspace) -> Delivery:
        """`app_rate_limited` stands in place of the envelope, without an event inside."""
        delivery = self.queued(
            {
                "token": VERIFICATION_TOKEN,
                "type": "app_rate_limited",
                "team_id": workspace.team_id,
                "minute_rate_limited": int(workspace.clock()) // 60 * 60,
                "api_app_id": workspace.app_id,
            }
        )
        await self.settle()
        return delivery

    async def verify_url(
        self, challenge: str = "3eZbrw1aBm2rZgRNFdxV2595E9CY", team: str = ""
    ) -> Delivery:
        """What Slack sends when the address is set: the challenge is to be given back. `team` is
        whose own app it is, for the request itself names none."""
        body = {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
        delivery = self.queued(body, team)
        await self.settle()
        return delivery

    async def _channel_event(self, channel: Channel, what: str, about: Json) -> None:
        event = {"type": self._named(channel, what), "channel": channel.id, **about}
        if channel.has_bot:
            self._tell(channel.workspace, event)
        await self.settle()

    def _tell(self, workspace: Workspace, event: Json) -> None:
        workspace.emit(event | {"event_ts": workspace.next_ts()})

    def _named(self, channel: Channel, what: str) -> str:
        return f"group_{what}" if channel.private else f"channel_{what}"
