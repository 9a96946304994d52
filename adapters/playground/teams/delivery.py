"""What the Teams stand-in sends to the bot, what the bot answered, and what a person sees of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from adapters.playground.teams import cards as teams_cards
from adapters.playground.teams.world import Json, Message, User

_EXTENSION = "composeExtension/"

RETRIES = 2
"""How often an activity comes again; Teams documents that it does, not how often."""


@dataclass(frozen=True)
class Reply:
    """What the bot answered; status 0 is no answer at all."""

    status: int
    text: str = ""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def failed(self) -> bool:
        """Whether the service sends it again: an error of the server, or no answer."""
        return self.status == 0 or self.status >= 500

    @property
    def json(self) -> Any:
        """The body where it is JSON, else None."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None


@dataclass(frozen=True)
class Dialog:
    """A form that the bot's answer opened in front of `user`, from the card in `message`."""

    user: User
    message: Message
    title: str
    card: Json
    command: Json = field(default_factory=dict)
    """What a message action was asked with, which goes along when it is sent."""

    @property
    def buttons(self) -> list[teams_cards.Button]:
        return teams_cards.buttons_of(self.card)

    @property
    def fields(self) -> list[Mapping[str, Any]]:
        return teams_cards.fields_of(self.card)

    def plain(self) -> str:
        """The words that a person sees in it."""
        words = teams_cards.words_of_card(self.card)
        return "\n".join(part for part in (self.title, words) if part)


@dataclass(eq=False)
class Delivery:
    """One activity on its way. `attempt` 0 is the first; the answers so far are in `replies`.

    `user` and `message` are who pressed and on which card, where it is a press.
    """

    activity: Json
    user: User | None = None
    message: Message | None = None
    attempt: int = 0
    replies: list[Reply] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        return json.dumps(self.activity, ensure_ascii=False).encode()

    @property
    def reply(self) -> Reply:
        """The last answer."""
        return self.replies[-1]

    def again(self) -> Delivery:
        """Make this its next retry."""
        self.attempt += 1
        return self

    def copy(self, **changes: Any) -> Delivery:
        """Another delivery of the same activity, with these fields of it changed."""
        return Delivery({**copy.deepcopy(self.activity), **changes}, self.user, self.message)

    @property
    def dialog(self) -> Dialog | None:
        """The form that the answer opens."""
        task = self._task()
        if task.get("type") != "continue" or self.user is None or self.message is None:
            return None
        value = task["value"]
        if value["card"]["contentType"] != teams_cards.CARD:
            raise ValueError(f"a dialog of {value['card']['contentType']}")
        problem = teams_cards.problem_with(value["card"]["content"])
        if problem:
            raise ValueError(f"Teams would not draw this dialog: {problem}")
        asked = self.activity["value"] if str(self.activity["name"]).startswith(_EXTENSION) else {}
        command = {name: what for name, what in asked.items() if name not in ("data", "context")}
        card = value["card"]["content"]
        return Dialog(self.user, self.message, value.get("title", ""), card, command)

    @property
    def told(self) -> str:
        """The words that the answer shows to the person who acted, and to nobody else."""
        dialog = self.dialog
        if dialog is not None:
            return dialog.plain()
        task = self._task()
        if task:
            return str(task.get("value") or "")
        return self._told_by_card() if self.activity.get("type") == "invoke" else ""

    def _task(self) -> Mapping[str, Any]:
        name = str(self.activity.get("name", ""))
        task = name.startswith(("task/", _EXTENSION))
        body = self.reply.json if task and self.replies else None
        return (body or {}).get("task") or {}

    def _told_by_card(self) -> str:
        """The response format of universal-action-model: a card, a message or an error."""
        body = self.reply.json if self.replies else None
        if not isinstance(body, dict):
            return ""
        value = body.get("value")
        if body.get("type") == teams_cards.CARD:
            return teams_cards.words_of_card(body["value"])
        return str(value.get("message", "")) if isinstance(value, dict) else str(value or "")


class Line:
    """Sends to one address, and waits no longer than Teams does (15 seconds)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.patience = 15.0
        self._session: aiohttp.ClientSession | None = None

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send this body with exactly these headers, and tell what came back."""
        untyped = () if "Content-Type" in headers else ("Content-Type",)
        timeout = aiohttp.ClientTimeout(total=self.patience)
        try:
            async with self._open().post(
                self.url,
                data=body,
                headers=headers,
                skip_auto_headers=untyped,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                return Reply(response.status, await response.text(errors="replace"))
        except (aiohttp.ClientError, TimeoutError):
            return Reply(0)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
        self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            # A bot that was restarted must not be met on a connection to the one before it.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True, limit=0)
            )
        return self._session
