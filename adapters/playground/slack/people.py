"""What people do on Slack: write, change, take away, press, fill in, give commands.

Sources: docs.slack.dev, "app_mention event", "Modals", "Handling user interaction",
"Implementing slash commands", "Shortcuts interaction payloads".
"""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.playground.slack import acts
from adapters.playground.slack.calls import Refusal
from adapters.playground.slack.delivery import Delivery, Line, Reply
from adapters.playground.slack.life import Lifecycle, file_object
from adapters.playground.slack.messages import Ephemeral, Json, Message, View, with_block_ids
from adapters.playground.slack.outbox import VERIFICATION_TOKEN
from adapters.playground.slack.views import push_view, replace_view
from adapters.playground.slack.words import typed
from adapters.playground.slack.world import Channel, User, Workspace

TRIGGER_SECONDS = 3.0


@dataclass(eq=False)
class Trigger:
    """A person's action that may open one modal."""

    user: User
    at: float
    used: bool = False


@dataclass(eq=False)
class ResponseUrl:
    """Where the app may answer an action; `source` is what it stood on, None for a command."""

    user: User
    channel: Channel
    at: float
    source: Message | Ephemeral | None = None
    uses: int = 0


class People(Lifecycle):
    """The people of all workspaces, and what their actions entitle the app to."""

    def __init__(self, app_id: str, line: Line, clock: Callable[[], float], *, auto: bool) -> None:
        super().__init__(app_id, line, clock, auto=auto)
        self.base_url = ""
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self._trigger_numbers = itertools.count(1_000_000)

    async def say(
        self,
        user: User,
        channel: Channel,
        text: str,
        *,
        thread_ts: str | Message | None = None,
        files: Iterable[str | tuple[str, int]] = (),
        broadcast: bool = False,
    ) -> Message:
        """A person writes; a mention of the bot (`@Mellom` or `<@U…>`) is two events, `message` and
        `app_mention`. `files` are names, or names and sizes."""
        channel.members.add(user.id)
        words, blocks = typed(text, user.workspace)
        root = thread_ts.root if isinstance(thread_ts, Message) else thread_ts
        attached = [file_object(user, file) for file in files]
        subtype = "thread_broadcast" if broadcast else "file_share" if attached else None
        message = channel.post(
            user.id,
            words,
            blocks=blocks if text else [],
            thread_ts=root,
            files=attached,
            subtype=subtype,
            client_msg_id=str(uuid.uuid4()),
        )
        self._mention(message)
        await self.settle()
        return message

    async def forward(
        self,
        user: User,
        message: Message,
        channel: Channel,
        text: str = "",
        *,
        thread_ts: str | None = None,
        hidden: bool = False,
    ) -> Message:
        """A person forwards a message, with or without words of their own: an attachment, as
        `Message.forwarded` says. `hidden`: it comes without its words."""
        words, blocks = typed(text, user.workspace)
        forwarded = channel.post(
            user.id,
            words,
            blocks=blocks if text else [],
            thread_ts=thread_ts,
            attachments=[message.forwarded(hidden=hidden)],
            client_msg_id=str(uuid.uuid4()),
        )
        self._mention(forwarded)
        await self.settle()
        return forwarded

    async def edit(self, message: Message, text: str) -> None:
        """Its author changes a message."""
        workspace = message.channel.workspace
        words, blocks = typed(text, workspace)
        ts = workspace.next_ts()
        edited = {"user": message.user, "ts": f"{ts[:-6]}000000"}
        message.channel.change(message, text=words, blocks=blocks, edited=edited)
        await self.settle()

    async def delete(self, message: Message) -> None:
        """Its author, or a moderator, takes a message away; Slack does not say who."""
        message.channel.remove(message)
        await self.settle()

    async def unfurl(self, message: Message, url: str) -> None:
        """Slack adds a preview: `message_changed` with the same words and no `edited`."""
        preview = {"id": 1, "from_url": url, "fallback": url, "original_url": url}
        message.channel.change(message, attachments=[preview])
        await self.settle()

    def _mention(self, message: Message) -> None:
        """docs.slack.dev, "app_mention event": not dispatched in direct messages."""
        channel, workspace = message.channel, message.channel.workspace
        if (
            channel.direct
            or not channel.has_bot
            or f"<@{workspace.bot_user_id}>" not in message.text
        ):
            return
        event = message.wire() | {"type": "app_mention", "channel": channel.id}
        event.pop("subtype", None)
        workspace.emit(event | {"event_ts": message.ts})

    async def command(self, user: User, channel: Channel, command: str, text: str = "") -> Reply:
        """A slash command; what the app answers at once is shown to the person (or the room)."""
        channel.members.add(user.id)
        form = acts.command(user, channel, command, text) | {
            "token": VERIFICATION_TOKEN,
            "trigger_id": self.trigger(user),
            "response_url": self.response_url(user, channel),
        }
        reply = await self.form(f"command {command}", form, user.workspace.team_id)
        if reply.ok and reply.text:
            body = reply.json if isinstance(reply.json, dict) else {"text": reply.text}
            self.respond(ResponseUrl(user, channel, self.clock()), body)
        await self.settle()
        return reply

    async def opens_home(self, user: User, tab: str = "home") -> Delivery:
        """A person opens the app's own page (docs.slack.dev: "app_home_opened event"); the view is
        in it once there is one."""
        workspace, home = user.workspace, user.workspace.homes.get(user.id)
        event = {"type": "app_home_opened", "user": user.id, "channel": workspace.dm(user).id}
        shown = {"view": home.wire()} if home is not None and tab == "home" else {}
        about = {"tab": tab, "event_ts": workspace.next_ts()}
        return await self.event(workspace, event | about | shown)

    async def press(
        self,
        user: User,
        on: Message | Ephemeral | View,
        action_id: str,
        *,
        value: str | None = None,
        chosen: Any = None,
        values: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Use a button or a choice (`chosen`); `value` tells buttons of one action id apart, and
        `values` is what stands in the inputs beside it."""
        block, element = acts.find(on, action_id, value)
        picked = {} if chosen is None else {action_id: chosen}
        filled, _ = acts.state(on.blocks, {**(values or {}), **picked})
        payload = self._interaction("block_actions", user) | acts.container(on)
        now = user.workspace.next_ts()
        payload["state"] = {"values": filled}
        payload["actions"] = [acts.action(block, element, chosen, now)]
        if isinstance(on, View):
            payload["view"]["state"] = payload.pop("state")
        else:
            payload["response_url"] = self.response_url(user, on.channel, on)
        reply = await self.interact(payload)
        await self.settle()
        return reply

    async def shortcut(self, user: User, message: Message, callback_id: str) -> Reply:
        """Use one of the app's shortcuts on a message, anybody's, also where the bot is not."""
        channel = message.channel
        payload = self._interaction("message_action", user) | {
            "callback_id": callback_id,
            "action_ts": user.workspace.next_ts(),
            "message_ts": message.ts,
            "channel": {"id": channel.id, "name": channel.shown_name},
            "message": message.wire(),
            "response_url": self.response_url(user, channel, message),
        }
        reply = await self.interact(payload)
        await self.settle()
        return reply

    async def submit(
        self, user: User, view: View, values: Mapping[str, Any] | None = None
    ) -> Reply | None:
        """Fill in the open modal (by block id or action id) and send it. None: Slack's client did
        not send it, and `view.errors` says why."""
        filled, complaints = acts.state(view.blocks, values or {})
        view.errors = complaints
        if complaints:
            return None
        payload = self._interaction("view_submission", user)
        payload |= {"view": view.wire(filled), "response_urls": []}
        reply = await self.interact(payload)
        self._apply(view, reply)
        await self.settle()
        return reply

    async def interact(self, payload: Json) -> Reply:
        """Send any interaction payload, signed."""
        form = {"payload": json.dumps(payload, ensure_ascii=False)}
        team = (payload.get("team") or {}).get("id", "")
        return await self.form(str(payload.get("type")), form, team, shown=payload)

    def _interaction(self, kind: str, user: User) -> Json:
        return {
            "type": kind,
            "user": acts.who(user),
            "api_app_id": user.workspace.app_id,
            "token": VERIFICATION_TOKEN,
            "trigger_id": self.trigger(user),
            "team": acts.where(user),
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _apply(self, view: View, reply: Reply) -> None:
        """docs.slack.dev, "Modals": an empty 200 closes the view, `response_action` does others."""
        views = view.workspace.views
        if not reply.ok:
            view.errors = {"": "We had some trouble connecting. Try again?"}
            return
        body = reply.json if isinstance(reply.json, dict) else {}
        wanted = body.get("response_action")
        if wanted == "errors":
            view.errors = dict(body["errors"])
        elif wanted == "update":
            replace_view(view, body["view"])
        elif wanted == "push":
            views[view.user] = push_view(view, body["view"])
        elif wanted == "clear" or view.under is None or view.payload.get("clear_on_close"):
            views.pop(view.user, None)
        else:
            views[view.user] = view.under

    def trigger(self, user: User) -> str:
        """A trigger id: good once, for three seconds."""
        name = f"{next(self._trigger_numbers)}.{next(self._trigger_numbers)}.{uuid.uuid4().hex}"
        self.triggers[name] = Trigger(user, self.clock())
        return name

    def spend(self, trigger_id: str) -> tuple[Workspace, User]:
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if trigger.used:
            raise Refusal("exchanged_trigger_id")
        if self.clock() - trigger.at > TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        trigger.used = True
        return trigger.user.workspace, trigger.user

    def response_url(
        self, user: User, channel: Channel, source: Message | Ephemeral | None = None
    ) -> str:
        """An address to answer at: five times within half an hour."""
        name = uuid.uuid4().hex
        self.response_urls[name] = ResponseUrl(user, channel, self.clock(), source)
        return f"{self.base_url}/response/{name}"

    def respond(self, to: ResponseUrl, body: Json) -> None:
        """Do what a post to a response_url asks."""
        source, blocks = to.source, with_block_ids(body.get("blocks") or [])
        workspace, text = to.channel.workspace, body.get("text") or ""
        if source is not None and body.get("delete_original"):
            self._forget(source)
        elif source is not None and body.get("replace_original"):
            if isinstance(source, Message):
                to.channel.change(source, text=text, blocks=blocks)
            source.text, source.blocks = text, blocks
        elif body.get("response_type") == "in_channel":
            to.channel.post(workspace.bot_user_id, text, bot=True, blocks=blocks)
        else:
            ts, thread = workspace.next_ts(), body.get("thread_ts")
            workspace.whispers.append(Ephemeral(to.channel, to.user.id, ts, text, blocks, thread))

    def _forget(self, source: Message | Ephemeral) -> None:
        if isinstance(source, Message):
            source.channel.remove(source)
        else:
            source.channel.workspace.whispers.remove(source)
