"""What owners do to teams, channels and the app in the Teams stand-in.

Events after learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/
subscribe-to-conversation-events: the conversation is the team's own id, except where the bot is
added; there it is the channel that was chosen while installing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from adapters.playground.teams import activities
from adapters.playground.teams.delivery import Delivery
from adapters.playground.teams.world import Channel, Chat, Json, Message, Team, Tenant, User


class Lifecycle(ABC):
    """The part of the stand-in that owners use; the rest of it says how activities are sent."""

    @abstractmethod
    def bot_in(self, tenant: Tenant) -> Json: ...

    @abstractmethod
    def activity(self, kind: str, user: User, tenant: Tenant) -> Json: ...

    @abstractmethod
    def queued(self, activity: Json) -> Delivery: ...

    @abstractmethod
    async def settle(self) -> None: ...

    async def install(
        self,
        where: Team | User,
        channel: Channel | None = None,
        *,
        by: User | None = None,
        swapped: bool = False,
        upgrade: bool = False,
    ) -> None:
        """Add the app to a team or for a person. `channel` is the one chosen while installing;
        `swapped` sends `conversationUpdate` first. `upgrade`: a new version of the app brings the
        bot."""
        where.installed = True
        place: Channel | Chat = channel or _first(where)
        by = by or _somebody(where)
        added = [{"id": self.bot_in(where.tenant)["id"]}]
        more: Json = {}
        if isinstance(where, User):
            added.append({"id": where.account, "aadObjectId": where.aad})
        else:
            team = {"id": where.id, "name": where.name, "aadGroupId": where.group}
            more = {"team": team, "settings": {"selectedChannel": {"id": place.id}}}
        installed = self._at(
            "installationUpdate", by, place, more | {"source": {"name": "message"}}
        )
        installed["action"] = "add-upgrade" if upgrade else "add"
        if isinstance(where, Team):
            more["eventType"] = "teamMemberAdded"
        joined = self._at("conversationUpdate", by, place, more)
        joined["membersAdded"] = added
        await self._both(installed, joined, swapped)

    async def remove(
        self,
        where: Team | User,
        *,
        by: User | None = None,
        swapped: bool = False,
        upgrade: bool = False,
    ) -> None:
        """Take the app away from a team or from a person (who leaves no `conversationUpdate`).
        `upgrade`: a new version of the app has the bot no longer."""
        where.installed = False
        by = by or _somebody(where)
        removed = self._at("installationUpdate", by, _first(where), {})
        removed["action"] = "remove-upgrade" if upgrade else "remove"
        if isinstance(where, User):
            self.queued(removed)
            return await self.settle()
        left = self.activity("conversationUpdate", by, where.tenant)
        left |= activities.standing_in_team(where, "teamMemberRemoved")
        left["membersRemoved"] = [{"id": self.bot_in(where.tenant)["id"]}]
        await self._both(removed, left, swapped)

    async def add_member(self, team: Team, user: User) -> None:
        team.members.append(user)
        await self._happen(team, "teamMemberAdded", membersAdded=[_account(user)])

    async def remove_member(self, team: Team, user: User) -> None:
        """Nothing is told of them but the id that this bot knows them by."""
        team.members.remove(user)
        await self._happen(team, "teamMemberRemoved", membersRemoved=[{"id": user.account}])

    async def create_channel(self, team: Team, name: str) -> Channel:
        channel = team.channel(name)
        await self._happen(team, "channelCreated", channel)
        return channel

    async def rename_channel(self, channel: Channel, name: str) -> None:
        channel.name = name
        await self._happen(channel.team, "channelRenamed", channel)

    async def delete_channel(self, channel: Channel) -> None:
        channel.gone = True
        await self._happen(channel.team, "channelDeleted", channel)

    async def restore_channel(self, channel: Channel) -> None:
        channel.gone = False
        await self._happen(channel.team, "channelRestored", channel)

    async def rename_team(self, team: Team, name: str) -> None:
        team.name = name
        await self._happen(team, "teamRenamed")

    async def archive_team(self, team: Team) -> None:
        team.archived = True
        await self._happen(team, "teamArchived")

    async def unarchive_team(self, team: Team) -> None:
        team.archived = False
        await self._happen(team, "teamUnarchived")

    async def delete_team(self, team: Team) -> None:
        team.gone = True
        await self._happen(team, "teamDeleted")

    async def restore_team(self, team: Team) -> None:
        team.gone = False
        await self._happen(team, "teamRestored")

    async def react(
        self, user: User, message: Message, kind: str = "like", *, away: bool = False
    ) -> None:
        """Put a reaction on a message of the bot's, or take it away."""
        activity = self.activity("messageReaction", user, message.place.tenant)
        name = "reactionsRemoved" if away else "reactionsAdded"
        self.queued({**activity, **activities.upon(message), name: [{"type": kind}]})
        await self.settle()

    def _at(self, kind: str, by: User, place: Channel | Chat, more: Json) -> Json:
        stands = activities.standing_in(place)
        data = {"channelData": {**stands["channelData"], **more}}
        return {**self.activity(kind, by, place.tenant), **stands, **data}

    async def _both(self, first: Json, second: Json, swapped: bool) -> None:
        for activity in (second, first) if swapped else (first, second):
            self.queued(activity)
        await self.settle()

    async def _happen(
        self, team: Team, event: str, channel: Channel | None = None, **more: list[Json]
    ) -> None:
        if not team.installed:
            return
        activity = self.activity("conversationUpdate", _somebody(team), team.tenant)
        self.queued({**activity, **activities.standing_in_team(team, event, channel), **more})
        await self.settle()


def _account(user: User) -> Json:
    return {"id": user.account, "name": user.name, "aadObjectId": user.aad}


def _first(where: Team | User) -> Channel | Chat:
    return where.chat if isinstance(where, User) else where.channels[0]


def _somebody(where: Team | User) -> User:
    """Who does what no particular person is said to do."""
    if isinstance(where, User):
        return where
    return where.members[0] if where.members else where.tenant.user("Owner")
