"""A Teams room on the playground's page: what each person in it sees, and what they do."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.playground.page.acts import Gone, Json, mentioning
from adapters.playground.teams import cards as teams_cards
from adapters.playground.teams.cards import Button
from adapters.playground.teams.delivery import Delivery, Dialog
from adapters.playground.teams.stand_in import TeamsStandIn
from adapters.playground.teams.world import Channel, Chat, Message, User, plain
from adapters.playground.village import Room

ACTION = "ask"
DIALOGS = ("task/", "composeExtension/")
"""What is answered with a dialog, or with words in one."""


@dataclass(frozen=True, slots=True)
class Whisper:
    """What only one person was told, under the card that they pressed."""

    id: str
    words: str
    under: Message
    at: int


@dataclass(frozen=True, slots=True)
class Opened:
    """What stands in front of one person: a form, a card, or only words."""

    id: str
    title: str
    words: str = ""
    dialog: Dialog | None = None


@dataclass(eq=False, slots=True)
class Desk:
    """One person's screen, of which Teams itself keeps nothing once it is closed."""

    user: User
    whispers: list[Whisper] = field(default_factory=list)
    opened: Opened | None = None


class TeamsWindow:
    """One channel of a team and its people, with each one's screen."""

    def __init__(self, teams: TeamsStandIn, room: Room) -> None:
        assert isinstance(room.channel, Channel)
        self._teams, self._town, self._channel = teams, room.town, room.channel
        self._desks = {n: Desk(user) for n, user in room.people.items() if isinstance(user, User)}
        self._typed: dict[Message, str] = {}
        self._earlier: set[str] = set()
        self._numbers = itertools.count(1)

    # ---- what is seen

    def seen(self) -> Json:
        """All that stands in the channel and before its people, with the JSON that was sent."""
        return {
            "name": self._town.name,
            "platform": "teams",
            "language": self._town.language,
            "channel": self._channel.name,
            "can": ["restore"],
            "names": {},
            "messages": [self._message(message) for message in self._channel.messages],
            "people": [self._person(desk) for desk in self._desks.values()],
        }

    def begin_here(self) -> None:
        """What stands there by now is how the room came to be."""
        self._earlier = {message.id for message in self._channel.messages}

    def find(self, words: str) -> str | None:
        """The id of a message in the channel that has these words in it."""
        return next((m.id for m in self._channel.standing if words in plain(m)), None)

    def _person(self, desk: Desk) -> Json:
        return {
            "name": desk.user.name,
            "private": [self._message(message) for message in desk.user.chat.messages],
            "whispers": [_whisper(whisper) for whisper in desk.whispers],
            "form": None if desk.opened is None else _form(desk.opened),
        }

    def _message(self, message: Message) -> Json:
        return {
            "id": message.id,
            "root": message.root or message.id,
            "at": int(message.id),
            "author": message.author.name if message.author else None,
            "edited": message.edited > 0,
            "gone": message.deleted,
            "earlier": message.id in self._earlier,
            "plain": plain(message),
            "typed": self._typed.get(message, plain(message)),
            "sent": {} if message.deleted else _sent(message.activity),
        }

    # ---- what is done

    async def say(self, person: str, text: str, root: str | None, *, direct: bool) -> bool:
        user = self._desk(person).user
        place: Channel | Chat = user.chat if direct else self._channel
        if root is not None and (direct or not self._channel.thread(root)):
            raise Gone("that thread is not there any more")
        text = mentioning(text)
        message = await self._teams.say(user, place, text, root, mention_bot="@Mellom" in text)
        self._typed[message] = text
        return True

    async def edit(self, person: str, message: str, text: str) -> bool:
        own = self._own(person, message)
        text = mentioning(text)
        self._typed[own] = text
        await self._teams.edit(own, text, mention_bot="@Mellom" in text)
        return True

    async def delete(self, person: str, message: str) -> bool:
        await self._teams.delete(self._own(person, message))
        return True

    async def restore(self, person: str, message: str) -> bool:
        await self._teams.undelete(self._own(person, message, deleted=True))
        return True

    async def press(self, person: str, message: str, action: Mapping[str, object]) -> bool:
        desk = self._desk(person)
        shown = self._find(desk.user, message)
        button = _button(shown, action)
        return self._answered(desk, await self._teams.press(desk.user, shown, button), shown)

    async def ask(self, person: str, message: str) -> bool:
        desk = self._desk(person)
        shown = self._find(desk.user, message)
        return self._answered(desk, await self._teams.choose(desk.user, shown, ACTION), shown)

    async def command(self, person: str, text: str) -> bool:
        raise Gone("there are no slash commands on Teams")

    async def visit(self, person: str) -> bool:
        raise Gone("a bot has no page of its own on Teams, only its chat")

    async def submit(self, person: str, form: str, values: Mapping[str, str]) -> bool:
        desk = self._desk(person)
        dialog = self._opened(desk, form).dialog
        if dialog is None or not dialog.buttons:
            raise Gone("there is nothing to send any more")
        if not set(values) <= {str(field["id"]) for field in dialog.fields}:
            raise Gone("that field is not there any more")
        sent = await self._teams.submit(desk.user, dialog, values)
        return self._answered(desk, sent, dialog.message)

    async def close(self, person: str, form: str) -> bool:
        desk = self._desk(person)
        self._opened(desk, form)
        desk.opened = None
        return True

    async def dismiss(self, person: str, whisper: str) -> bool:
        desk = self._desk(person)
        desk.whispers = [shown for shown in desk.whispers if shown.id != whisper]
        return True

    def _answered(self, desk: Desk, delivery: Delivery, upon: Message) -> bool:
        """Put before the person what the answer to a press or a form shows."""
        if not delivery.reply.ok:
            return False
        dialog, told = delivery.dialog, delivery.told
        number = str(next(self._numbers))
        if dialog is not None:
            desk.opened = Opened(number, dialog.title, dialog=dialog)
        elif str(delivery.activity.get("name")).startswith(DIALOGS):
            title = desk.opened.title if desk.opened else ""
            desk.opened = Opened(number, title, told) if told else None
        elif told:
            at = int(self._teams.clock() * 1000)
            desk.whispers.append(Whisper(number, told, upon, at))
        return True

    def _desk(self, person: str) -> Desk:
        if person not in self._desks:
            raise Gone(f"there is no {person!r} here")
        return self._desks[person]

    def _find(self, user: User, id: str) -> Message:
        found = self._channel.message(id) or user.chat.message(id)
        if found is None:
            raise Gone("that message is not there any more")
        return found

    def _own(self, person: str, id: str, *, deleted: bool = False) -> Message:
        user = self._desk(person).user
        found = self._find(user, id)
        if found.author is not user or found.deleted is not deleted:
            raise Gone("that message is not there any more, or somebody else's")
        return found

    def _opened(self, desk: Desk, id: str) -> Opened:
        if desk.opened is None or desk.opened.id != id:
            raise Gone("that form is not open any more")
        return desk.opened


def _sent(activity: Json) -> Json:
    """The parts of an activity that are drawn; the HTML beside a person's words repeats them."""
    attachments = activity.get("attachments") or ()
    cards = [hung for hung in attachments if hung.get("contentType") != "text/html"]
    kept: Json = {name: activity[name] for name in ("text", "textFormat") if name in activity}
    return kept | {"attachments": cards}


def _button(message: Message, action: Mapping[str, object]) -> Button:
    """The button that the client means: the one with the same title, type, name and data."""
    names = ("title", "type", "id", "verb")
    meant = [*(str(action.get(name, "")) for name in names), action.get("data") or {}]
    cards = [] if message.deleted else teams_cards.cards(message.activity)
    for card in cards:
        for button in teams_cards.buttons_of(card):
            if meant == [*(getattr(button, name) for name in names), button.data]:
                return button
    raise Gone("that button is not there any more")


def _whisper(whisper: Whisper) -> Json:
    private = isinstance(whisper.under.place, Chat)
    return {
        "id": whisper.id,
        "root": whisper.under.root or whisper.under.id,
        "at": whisper.at,
        "plain": whisper.words,
        "private": private,
        "sent": {"text": whisper.words, "textFormat": "plain", "attachments": []},
    }


def _form(opened: Opened) -> Json:
    card = None if opened.dialog is None else opened.dialog.card
    shown = {"title": opened.title, "words": opened.words, "card": card}
    return {"id": opened.id, "stamp": opened.id, **shown}
