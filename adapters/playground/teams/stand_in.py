"""A stand-in for Teams on loopback: people in their tenants on one side, the bot on the other.

    async with TeamsStandIn(app_id, app_password, bot_tenant) as teams:
        teams.messages_url = "http://127.0.0.1:8000/api/messages"
        aarhus = teams.tenant("Aarhus Kommune")
        jens = aarhus.user("Jens Holm", locale="da-DK")
        room = aarhus.team("Forbedring", read_all=True).channel("Mellom")
        await teams.install(room.team, room)
        await teams.say(jens, room, "Hvordan får I liv i tavlemøderne?", mention_bot=True)
        await teams.flush()

What people do makes the activity that the Bot Framework service would send, with a token signed as
the service signs, and waits until `flush`; presses and forms are sent at once, since the answer is
what the person sees. The bot's own posts are not sent back to it: real Teams does not either.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from aiohttp import web

from adapters.playground import wire
from adapters.playground.faults import Faults
from adapters.playground.teams import activities
from adapters.playground.teams import cards as teams_cards
from adapters.playground.teams.cards import Button
from adapters.playground.teams.connector import Connector, Exchange
from adapters.playground.teams.delivery import RETRIES, Delivery, Dialog, Line, Reply
from adapters.playground.teams.identity import Identity
from adapters.playground.teams.life import Lifecycle
from adapters.playground.teams.world import (
    Channel,
    Chat,
    Json,
    Message,
    Team,
    Tenant,
    User,
    World,
    buttons,
    plain,
)

__all__ = ["Button", "Channel", "Chat", "Delivery", "Dialog", "Exchange", "Message", "Reply"]
__all__ += ["Team", "TeamsStandIn", "Tenant", "User", "buttons", "plain"]


def _tell_home(activity: Json, user: User) -> None:
    """In a shared channel the channel's data name the tenant of whoever acts (learn.microsoft.com,
    "Apps for shared and private channels")."""
    activity["channelData"] = {**activity["channelData"], "tenant": {"id": user.tenant.id}}


class TeamsStandIn(Lifecycle):
    """The service and everybody who uses it. `messages_url` is the bot's address.

    What people do is queued (`queue`) and sent by `flush`; with `auto` each action sends at once.
    `wire` is everything that passed in either direction, `delivered` every activity sent. `clock`
    is the time of day there; signatures and tokens go by the real time.
    """

    def __init__(
        self,
        app_id: str,
        app_password: str,
        bot_tenant: str,
        messages_url: str = "",
        *,
        bot_name: str = "Mellom",
        clock: Callable[[], float] = time.time,
        auto: bool = False,
        enforce_rates: bool = False,
    ) -> None:
        self.bot_name = bot_name
        self.bot_tenant = bot_tenant
        self.registered = {app_id: bot_tenant}
        self.clock, self.auto = clock, auto
        self.line = Line(messages_url)
        self.base_url = ""
        self.faults = Faults()
        self.identity = Identity(app_id, app_password)
        self.world = World()
        self.queue: list[Delivery] = []
        self.delivered: list[Delivery] = []
        self.retries = RETRIES
        self._last_id = 0
        self._something = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.connector = Connector(
            self.world, self.identity, self.faults, self._next_id, clock, self._wake
        )
        self.connector.enforce_rates = enforce_rates
        self.app = self._application()

    # ---- running

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=16 * 1024 * 1024)
        application.add_routes(self.connector.routes())
        application.router.add_get("/v1/.well-known/openidconfiguration", self._metadata)
        application.router.add_get("/v1/.well-known/keys", self._keys)
        application.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        application.on_shutdown.append(self._heal)
        return application

    async def start(self, port: int = 0) -> str:
        """Listen on 127.0.0.1 and return the address; port 0 takes a free one."""
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
        await self.line.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    def environment(self) -> dict[str, str]:
        """The settings with which Mellom takes this for Teams."""
        return {
            "TEAMS_APP_ID": self.identity.app_id,
            "TEAMS_APP_PASSWORD": self.identity.app_password,
            "TEAMS_TENANT_ID": self.bot_tenant,
            "TEAMS_OPENID_METADATA_URL": f"{self.base_url}/v1/.well-known/openidconfiguration",
            "TEAMS_TOKEN_URL": f"{self.base_url}/{{tenant}}/oauth2/v2.0/token",
            "TEAMS_SERVICE_HOSTS": self.base_url.removeprefix("http://"),
        }

    def service_url(self, tenant: Tenant) -> str:
        """Where the bot answers what this tenant sends."""
        return f"{self.base_url}/emea/{tenant.id}/"

    @property
    def messages_url(self) -> str:
        return self.line.url

    @messages_url.setter
    def messages_url(self, url: str) -> None:
        self.line.url = url

    @property
    def wire(self) -> list[Exchange]:
        return self.connector.wire

    @property
    def counts(self) -> Counter[str]:
        """How often the bot asked for each operation."""
        return self.connector.counts

    def calls(self, method: str) -> list[Exchange]:
        """What the bot asked for with this operation, oldest first."""
        return [one for one in self.wire if one.toward == "teams" and one.method == method]

    async def _heal(self, _: web.Application) -> None:
        self.faults.heal()

    async def _metadata(self, request: web.Request) -> web.StreamResponse:
        def tell() -> tuple[int, Any, Mapping[str, str]]:
            return 200, self.identity.metadata(self.base_url), {}

        return await self.connector.exchange(request, "metadata", "", None, tell)

    async def _keys(self, request: web.Request) -> web.StreamResponse:
        def tell() -> tuple[int, Any, Mapping[str, str]]:
            return 200, self.identity.key_set(), {}

        return await self.connector.exchange(request, "keys", "", None, tell)

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        asked = {name: value for name, value in form.items() if name != "client_secret"}

        def give() -> tuple[int, Any, Mapping[str, str]]:
            tenant = request.match_info["tenant"]
            if tenant not in {*self.registered.values(), *self.world.ids()}:
                return 400, {"error": "invalid_request", "error_codes": [90002]}, {}
            if self.registered.get(form.get("client_id", ""), tenant) != tenant:
                return 400, {"error": "unauthorized_client", "error_codes": [700016]}, {}
            return *self.identity.give(form), {}

        return await self.connector.exchange(request, "token", "", asked, give)

    # ---- delivery

    def queued(self, activity: Json) -> Delivery:
        """Queue an activity of any shape."""
        self.queue.append(Delivery(activity))
        return self.queue[-1]

    def take(self) -> list[Delivery]:
        """Take what waits out of the queue, to send it by hand."""
        taken, self.queue = self.queue, []
        return taken

    async def flush(self) -> list[Delivery]:
        """Send what waits, in order. What is answered 5xx or not at all waits for the next flush as
        a retry."""
        sent, again = [], []
        while self.queue:
            delivery = self.queue.pop(0)
            reply = await self.send(delivery)
            sent.append(delivery)
            if reply.failed and delivery.attempt < self.retries:
                again.append(delivery.again())
        self.queue[:0] = again
        return sent

    async def send(
        self,
        delivery: Delivery,
        *,
        token: str | None = None,
        headers: Mapping[str, str | None] | None = None,
        body: bytes | None = None,
    ) -> Reply:
        """Send one delivery once, whether it waits or was sent before. A `token` of "" sends none,
        a header of None is left out, and `body` stands in for the activity."""
        if delivery in self.queue:
            self.queue.remove(delivery)
        activity = delivery.activity
        if token is None:
            told = str((activity.get("recipient") or {}).get("id") or "").removeprefix("28:")
            app = told if told in self.registered else None
            token = self.identity.token(serviceurl=activity.get("serviceUrl"), aud=app)
        wanted: dict[str, str | None] = {
            "Content-Type": "application/json; charset=utf-8",
            "Authorization": f"Bearer {token}" if token else None,
            **(headers or {}),
        }
        method = str(activity.get("name") or activity.get("type"))
        conversation = str((activity.get("conversation") or {}).get("id", ""))
        passed = Exchange(self.clock(), "mellom", method, conversation, activity)
        self.wire.append(passed)
        present = {name: value for name, value in wanted.items() if value is not None}
        reply = await self.line.post(delivery.body if body is None else body, present)
        passed.status, passed.response = reply.status, reply.json or reply.text
        passed.headers = wire.headers(present)
        delivery.replies.append(reply)
        self.delivered.append(delivery)
        return reply

    async def send_times(
        self, delivery: Delivery, times: int, *, together: bool = False
    ) -> list[Reply]:
        """The same delivery several times: one after another, or all at once."""
        if together:
            return list(await asyncio.gather(*(self.send(delivery) for _ in range(times))))
        return [await self.send(delivery) for _ in range(times)]

    async def settle(self) -> None:
        """After an action: send at once where that is wanted."""
        if self.auto:
            await self.flush()

    async def until(self, condition: Callable[[], bool], patience: float = 10.0) -> None:
        """Wait until something that the bot wrote, edited or deleted makes the condition true."""
        async with asyncio.timeout(patience):
            while not condition():
                self._something.clear()
                await self._something.wait()

    def _wake(self, message: Message) -> None:
        self._something.set()

    # ---- what administrators do

    def register(self, app_id: str, password: str, tenant: Tenant) -> None:
        """The tenant gets a bot of its own, and its app is the one that is uploaded there."""
        self.identity.passwords[app_id] = password
        self.registered[app_id] = tenant.id
        tenant.app = app_id

    def bot_in(self, tenant: Tenant) -> Json:
        """The bot that people in this tenant meet."""
        return {"id": f"28:{tenant.app or self.identity.app_id}", "name": self.bot_name}

    # ---- what people write

    def tenant(self, name: str) -> Tenant:
        """The tenant of this name, which is made if there is none."""
        return self.world.tenant(name)

    def personal(self, user: User) -> Chat:
        """The personal chat of this person and the bot."""
        return user.chat

    async def say(
        self,
        user: User,
        place: Channel | Chat,
        text: str,
        root: Message | str | None = None,
        *,
        mention_bot: bool = False,
        mentions: Sequence[User] = (),
        rich: str | None = None,
        files: Iterable[str | tuple[str, int]] = (),
    ) -> Message:
        """A person writes; without `root` a new thread. `@Name` is where a mention of the bot or of
        somebody in `mentions` stands, and `rich` the HTML of a message that was formatted. `files`
        are names, or names and sizes (which Teams does not tell)."""
        id = self._next_id()
        thread = root.root if isinstance(root, Message) else root
        in_thread = (thread or id) if isinstance(place, Channel) else None
        bot = self.bot_in(place.tenant) if mention_bot else None
        said = activities.words(
            self._addressed(text, mention_bot), self._mentions(bot, mentions), rich
        )
        activities.hang_files(said, files, isinstance(place, Chat))
        activity = self.activity("message", user, place.tenant)
        activity |= activities.standing_in(place, in_thread)
        activity |= {**said, "entities": [*said["entities"], *activity["entities"]], "id": id}
        if in_thread not in (None, id):
            activity["replyToId"] = in_thread
        _tell_home(activity, user)
        message = Message(id, place, user, activity, in_thread)
        place.messages.append(message)
        if self._hears(message):
            self.queued(activity)
        await self.settle()
        return message

    async def edit(
        self,
        message: Message,
        text: str,
        *,
        mention_bot: bool | None = None,
        rich: str | None = None,
    ) -> None:
        """Its author changes a message; it mentions the bot if it did before, or as told here."""
        heard = self._hears(message)
        mention = self._mentions_bot(message) if mention_bot is None else mention_bot
        bot = self.bot_in(message.place.tenant) if mention else None
        said = activities.words(self._addressed(text, mention), self._mentions(bot, ()), rich)
        client = [e for e in message.activity["entities"] if e["type"] == "clientInfo"]
        said["entities"] += client
        message.activity = {**message.activity, **said}
        message.edited += 1
        self._changed(message, "messageUpdate", "editMessage", heard=heard)
        await self.settle()

    async def delete(self, message: Message) -> None:
        """Its author takes a message away, or an owner anybody's (of its own the bot hears not)."""
        message.deleted = True
        self._changed(message, "messageDelete", "softDeleteMessage")
        await self.settle()

    async def undelete(self, message: Message) -> None:
        """Its author takes the deletion back."""
        message.deleted = False
        self._changed(message, "messageUpdate", "undeleteMessage")
        await self.settle()

    def _changed(self, message: Message, kind: str, event: str, *, heard: bool = False) -> None:
        if message.author is None or not (heard or self._hears(message)):
            return
        now = self.activity(kind, message.author, message.place.tenant)
        times = {name: now[name] for name in ("timestamp", "localTimestamp")}
        activity = {**message.activity, **times, "type": kind}
        activity["channelData"] = {**activity["channelData"], "eventType": event}
        if kind == "messageDelete":
            for words in ("text", "textFormat", "attachments"):
                activity.pop(words, None)
        self.queued(activity)

    # ---- what people press

    async def press(
        self,
        user: User,
        message: Message,
        action: str | Button,
        inputs: Mapping[str, str] | None = None,
        *,
        old_client: bool = False,
    ) -> Delivery:
        """Press a button, named by its title, verb or id. An old client knows no Action.Execute and
        takes its fallback."""
        card, button = _find(teams_cards.cards(message.activity), action)
        if old_client and button.fallback is not None:
            button = button.fallback
        data = {**button.data, **teams_cards.values_of(card), **(inputs or {})}
        pressed = self._pressed(button, data)
        activity = self.activity(pressed["type"], user, message.place.tenant)
        return await self._at_once(activity, pressed, user, message)

    def _pressed(self, button: Button, data: Json) -> Json:
        if button.type == "Action.Execute":
            return {"type": "invoke", **activities.executed(button.id, button.verb, data)}
        if button.type != "Action.Submit":
            raise ValueError(f"{button.type} is not sent to the bot")
        if (data.get("msteams") or {}).get("type") == "task/fetch":
            return {"type": "invoke", **activities.dialog("task/fetch", data)}
        return {"type": "message", "id": self._next_id(), "value": data}

    async def submit(
        self,
        user: User,
        dialog: Dialog,
        values: Mapping[str, str] | None = None,
        action: str | Button | None = None,
    ) -> Delivery:
        """Fill in an open form and send it, with the button named or else its first."""
        button = dialog.buttons[0] if action is None else _find([dialog.card], action)[1]
        data = {**button.data, **teams_cards.values_of(dialog.card), **(values or {})}
        activity = self.activity("invoke", user, dialog.message.place.tenant)
        sent = activities.sent(dialog.command, data)
        return await self._at_once(activity, sent, user, dialog.message)

    async def choose(self, user: User, message: Message, command: str) -> Delivery:
        """Use one of the app's message actions on a message, from its menu."""
        activity = self.activity("invoke", user, message.place.tenant)
        bot = self.bot_in(message.place.tenant)
        asked = activities.chosen(message, command, bot["id"])
        return await self._at_once(activity, asked, user, message)

    async def _at_once(self, activity: Json, what: Json, user: User, message: Message) -> Delivery:
        acted = {**activity, **activities.upon(message), **what}
        _tell_home(acted, user)
        delivery = Delivery(acted, user, message)
        await self.send(delivery)
        await self.settle()
        return delivery

    # ---- small parts

    def activity(self, kind: str, user: User, tenant: Tenant) -> Json:
        """What every activity carries that this person causes now."""
        at = datetime.fromtimestamp(self.clock(), UTC)
        bot, url = self.bot_in(tenant), self.service_url(tenant)
        return activities.activity(kind, user, bot, url, at)

    def _next_id(self) -> str:
        """A message's id is the millisecond it was written in; no two are the same."""
        self._last_id = max(self._last_id + 1, int(self.clock() * 1000))
        return str(self._last_id)

    def _addressed(self, text: str, mention: bool) -> str:
        name = f"@{self.bot_name}"
        return text if name in text or not mention else f"{name} {text}"

    def _mentions(self, bot: Json | None, users: Sequence[User]) -> dict[str, str]:
        of_bot = {bot["name"]: bot["id"]} if bot else {}
        return {**of_bot, **{user.name: user.account for user in users}}

    def _mentions_bot(self, message: Message) -> bool:
        entities = message.activity.get("entities") or ()
        ids = [entity["mentioned"]["id"] for entity in entities if entity["type"] == "mention"]
        return self.bot_in(message.place.tenant)["id"] in ids

    def _hears(self, message: Message) -> bool:
        """Whether Teams tells the bot of it: channel-messages-for-bots-and-agents."""
        place = message.place
        if isinstance(place, Chat):
            return place.user.reachable
        if not place.team.installed:
            return False
        return place.team.read_all or self._mentions_bot(message)


def _find(
    cards: Sequence[Mapping[str, Any]], action: str | Button
) -> tuple[Mapping[str, Any], Button]:
    """The button that is meant, and the card that it stands on."""
    for card in cards:
        for button in teams_cards.buttons_of(card):
            if action in (button, button.title, button.verb or None, button.id or None):
                return card, button
    raise LookupError(f"no button {action!r}")
