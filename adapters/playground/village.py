"""A small learning network on this machine: two workspaces, two tenants, and a real Mellom between.

It comes to be as it would anywhere: the app is installed through OAuth and the connector, codes are
typed in the channels, and somebody in each room confirms the card. Everybody in it is invented.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import aiohttp
from aiohttp.web import AppRunner

from adapters import settings
from adapters.playground.slack import words as slack_words
from adapters.playground.slack.stand_in import SlackStandIn
from adapters.playground.slack.world import Channel as SlackChannel
from adapters.playground.slack.world import User as SlackUser
from adapters.playground.slack.world import Workspace
from adapters.playground.teams import world as teams_world
from adapters.playground.teams.stand_in import TeamsStandIn
from adapters.playground.teams.world import Channel as TeamsChannel
from adapters.playground.teams.world import User as TeamsUser
from adapters.playground.webhooks import Noticeboard, WebhookStandIn
from adapters.running import Mellom, listen
from adapters.writing import Clock
from bot.features import joining, oneway
from storage import UnitOfWork, installations, networks, tenants
from storage.migrating import migrate

SECRET = "a playground keeps no secrets"  # noqa: S105 - it opens nothing but the stand-ins
LOCALES = {"nb": "nb-NO", "nn": "nn-NO", "da": "da-DK", "en": "en-GB"}

Channel = SlackChannel | TeamsChannel
User = SlackUser | TeamsUser


@dataclass(frozen=True, slots=True)
class Town:
    """An organisation to be: where it sits, and who works there."""

    name: str
    platform: str
    country: str
    language: str
    people: tuple[str, ...]


TOWNS = (
    Town("Alta kommune", "slack", "no", "nb", ("Kari Nilsen", "Ola Berg")),
    Town("Aarhus Kommune", "teams", "dk", "da", ("Jens Holm", "Mette Lund")),
    Town("Bodø kommune", "slack", "no", "nb", ("Ingrid Vik", "Nils Haug")),
    Town("Randers Kommune", "teams", "dk", "da", ("Lars Krogh", "Anne Dahl")),
)


@dataclass(eq=False, slots=True)
class Room:
    """One organisation's room on its platform, and the people in it by name."""

    town: Town
    channel: Channel
    people: dict[str, User] = field(default_factory=dict)


class Village:
    """The stand-ins, Mellom and the rooms. Start it, found it, and people can begin to talk."""

    def __init__(self, database_url: str, clock: Clock | None = None) -> None:
        self._database_url = database_url
        self._clock = clock or Clock()
        self.slack = SlackStandIn(
            signing_secret=SECRET, client_id="1.1", client_secret=SECRET, clock=self._seconds
        )
        self.teams = TeamsStandIn("mellom-app", SECRET, "mellom-tenant", clock=self._seconds)
        self.webhooks = WebhookStandIn()
        self.rooms: dict[str, Room] = {}
        self.told: dict[str, tuple[Town, Noticeboard]] = {}
        self.mellom: Mellom
        self.url = ""
        self._runner: AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Start the stand-ins, and Mellom with settings that point to them."""
        await self.slack.start()
        await self.teams.start()
        await self.webhooks.start()
        migrate(self._database_url)
        self.mellom = Mellom(settings.read(self.environment()), self._clock)
        await self.mellom.start()
        self._runner = await listen(self.mellom, port, "127.0.0.1")
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.slack.events_url = f"{self.url}/slack/events"
        self.teams.messages_url = f"{self.url}/api/messages"

    async def stop(self) -> None:
        await self.slack.stop()
        await self.teams.stop()
        await self.webhooks.stop()
        await self.part()

    async def part(self) -> None:
        """The Mellom of this process ends here, and the stand-ins go on. Whoever looks into its
        database after that has it closed again when all of it stops."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self.mellom.close()

    def environment(self) -> Mapping[str, str]:
        """What an operator would set, with the stand-ins in the platforms' places."""
        return {
            "DATABASE_URL": self._database_url,
            "MELLOM_SECRET_KEY": SECRET,
            "MELLOM_BASE_URL": "http://127.0.0.1",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_CLIENT_ID": self.slack.client_id,
            "SLACK_CLIENT_SECRET": SECRET,
            "SLACK_API_URL": self.slack.api_url,
            "WEBHOOK_HOSTS": self.webhooks.host,
            **self.teams.environment(),
        }

    def _seconds(self) -> float:
        return self._clock.real().timestamp()

    async def settle(self) -> None:
        """Deliver what waits on the stand-ins, and send what is due, until all is quiet."""
        delivered = True
        while delivered:
            await self.mellom.worker.deliverer.drain()
            await self.mellom.told()
            delivered = bool(await self.slack.flush() + await self.teams.flush())

    async def found(self, network: str, towns: tuple[Town, ...] = TOWNS) -> None:
        """Make the network, and open a room for each town."""
        codes = await self.mellom.writers(lambda uow: _codes(uow, network, towns))
        for town in towns:
            await self.open_room(town)
        for town in towns:
            await self.say(next(iter(town.people)), f"@Mellom join {codes[town.name]}")
        await self.settle()
        for town in towns:
            await self.confirm(self.rooms[town.name])
        await self.settle()

    async def open_room(self, town: Town) -> Room:
        """Install the app in the town's workspace or tenant, and make a channel with the bot in."""
        locale = LOCALES[town.language]
        room = await (self._on_slack(town) if town.platform == "slack" else self._on_teams(town))
        channel = room.channel
        for name in town.people:
            home = channel.workspace if isinstance(channel, SlackChannel) else channel.tenant
            room.people[name] = home.user(name, locale)
        self.rooms[town.name] = room
        return room

    async def tell(self, town: Town, answer_to: str) -> Noticeboard:
        """A town whose IT has not said yes takes part one way, through a webhook of its channel."""
        kind: Literal["slack", "teams"] = "teams" if town.platform == "teams" else "slack"
        board = self.webhooks.channel(town.name, kind)
        await self.mellom.writers(lambda uow: _tell(uow, town, board, answer_to))
        self.told[town.name] = town, board
        return board

    async def bring(self, name: str, town: str, organisation: str, role: str) -> None:
        """Another person comes into the town's room. They belong to an organisation of their own,
        and take their role with a code, in private."""
        room = self.rooms[town]
        channel, locale = room.channel, LOCALES[room.town.language]
        home = channel.workspace if isinstance(channel, SlackChannel) else channel.tenant
        user = room.people[name] = home.user(name, locale)
        code = await self.mellom.writers(lambda uow: _role_code(uow, organisation, room.town, role))
        if isinstance(user, SlackUser):
            await self.slack.say(user, user.workspace.dm(user), f"join {code}")
        else:
            await self.teams.say(user, user.chat, f"join {code}")
        await self.settle()

    async def confirm(self, room: Room) -> None:
        """Somebody in the room confirms its first card."""
        somebody = next(iter(room.people.values()))
        if isinstance(room.channel, SlackChannel) and isinstance(somebody, SlackUser):
            for message in room.channel.messages.values():
                if any(block["type"] == "actions" for block in message.blocks):
                    await self.slack.press(somebody, message, joining.CONFIRM)
                    return
        elif isinstance(room.channel, TeamsChannel) and isinstance(somebody, TeamsUser):
            for written in room.channel.messages:
                if teams_world.buttons(written):
                    await self.teams.press(somebody, written, teams_world.buttons(written)[0])
                    return

    async def say(self, name: str, text: str, root: str | None = None) -> str:
        """A person writes in their room; `root` is the thread. The id of the message."""
        room, user = self.find(name)
        if isinstance(room.channel, SlackChannel) and isinstance(user, SlackUser):
            said = await self.slack.say(user, room.channel, text, thread_ts=root)
            return said.ts
        assert isinstance(room.channel, TeamsChannel)
        assert isinstance(user, TeamsUser)
        mention = "@Mellom" in text
        written = await self.teams.say(user, room.channel, text, root, mention_bot=mention)
        return written.id

    def find(self, name: str) -> tuple[Room, User]:
        """The person with this name, and their room."""
        for room in self.rooms.values():
            if name in room.people:
                return room, room.people[name]
        raise KeyError(name)

    async def _on_slack(self, town: Town) -> Room:
        workspace = self.slack.workspace(town.name)
        await self.install(workspace)
        channel = workspace.channel("lean")
        await self.slack.invite_bot(channel)
        return Room(town, channel)

    async def install(self, workspace: Workspace) -> None:
        """Somebody in the workspace installs the app there, or does so again."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            await self._install(browser, workspace.team_id)

    async def _install(self, browser: aiohttp.ClientSession, team: str) -> None:
        """A person goes through the installation in a browser: to Slack, and back to Mellom."""
        async with browser.get(f"{self.url}/slack/install", allow_redirects=False) as away:
            to_slack, cookies = away.headers["Location"], away.cookies
        async with browser.get(f"{to_slack}&team={team}", allow_redirects=False) as back:
            address = back.headers["Location"].replace("http://127.0.0.1/", f"{self.url}/")
        browser.cookie_jar.update_cookies(cookies)
        cookie = {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())}
        async with browser.get(address, allow_redirects=False, headers=cookie) as done:
            if done.status >= 400:
                raise RuntimeError(f"installing was answered {done.status}")

    async def _on_teams(self, town: Town) -> Room:
        tenant = self.teams.world.tenant(town.name)
        await self.mellom.writers(lambda uow: _allow(uow, tenant.id, town))
        team = tenant.team("Lean", read_all=True)
        channel = team.channel("Lean")
        somebody = team.tenant.user(town.people[0], LOCALES[town.language])
        await self.teams.install(team, channel, by=somebody)
        return Room(town, channel)


def _codes(uow: UnitOfWork, network: str, towns: tuple[Town, ...]) -> dict[str, str]:
    """A new network with its organisations, and a code for a room of each."""
    made = networks.create_network(uow, network, "nb")
    codes = {}
    for town in towns:
        organisation = networks.add_organisation(
            uow, network=made, name=town.name, country=town.country, language=town.language
        )
        codes[town.name] = joining.keep_code(
            uow, network=made, organisation=organisation, role=None
        )
    return codes


def _tell(uow: UnitOfWork, town: Town, board: Noticeboard, answer_to: str) -> None:
    """What `mellom webhook add` does, in the one network there is."""
    ((network, _name, _language),) = networks.networks(uow)
    organisation = networks.add_organisation(
        uow, network=network, name=town.name, country=town.country, language=town.language
    )
    key = hashlib.sha256(board.url.encode()).hexdigest()
    installation = installations.keep(
        uow, platform="webhook", app=board.kind, tenant=key, secret=board.url
    )
    oneway.connect(
        uow,
        network=network,
        organisation=organisation,
        installation=installation,
        key=key,
        confirmed_as="IT-sjefen",
        answer_to=answer_to,
    )


def _allow(uow: UnitOfWork, tenant: str, town: Town) -> None:
    """Let the one bot be used in the town's tenant, as an operator does."""
    bot, *_ = installations.every(uow, "teams")
    known = (
        organisation
        for network, _name, _language in networks.networks(uow)
        for organisation, name, _country, _spoken in networks.organisations(uow, network)
        if name == town.name
    )
    tenants.allow(uow, bot.id, tenant, next(known, None))


def _role_code(uow: UnitOfWork, organisation: str, town: Town, role: str) -> str:
    """A code for a role in the one network there is, from a new organisation that has no room."""
    ((network, _name, _language),) = networks.networks(uow)
    made = networks.add_organisation(
        uow, network=network, name=organisation, country=town.country, language=town.language
    )
    return joining.keep_code(uow, network=network, organisation=made, role=role)


def words_in(channel: Channel, message_id: str) -> str:
    """What a person sees of a message."""
    if isinstance(channel, SlackChannel):
        return slack_words.plain(channel.messages[message_id])
    found = channel.message(message_id)
    return "" if found is None else teams_world.plain(found)
