"""A Slack room on the playground's page: what each person in it sees, and what they do."""

from __future__ import annotations

from collections.abc import Mapping

from adapters.playground.page.acts import Gone, Json, mentioning
from adapters.playground.slack import acts as slack_acts
from adapters.playground.slack.messages import Ephemeral, Message, View
from adapters.playground.slack.stand_in import SlackStandIn
from adapters.playground.slack.words import plain
from adapters.playground.slack.world import Channel, User
from adapters.playground.village import Room

COMMAND = "/mellom"
SHORTCUT = "ask"


class SlackWindow:
    """One channel and its people, with what the workspace keeps for each of them."""

    def __init__(self, slack: SlackStandIn, room: Room) -> None:
        assert isinstance(room.channel, Channel)
        self._slack, self._town, self._channel = slack, room.town, room.channel
        self._workspace = room.channel.workspace
        self._people = {n: user for n, user in room.people.items() if isinstance(user, User)}
        self._typed: dict[Message, str] = {}
        self._earlier: set[str] = set()

    # ---- what is seen

    def seen(self) -> Json:
        """All that stands in the channel and before its people, with the JSON that was sent."""
        return {
            "name": self._town.name,
            "platform": "slack",
            "language": self._town.language,
            "channel": f"# {self._channel.name}",
            "can": ["command", "visit"],
            "names": self._names(),
            "messages": [self._message(message) for message in self._channel.messages.values()],
            "people": [self._person(user) for user in self._people.values()],
        }

    def begin_here(self) -> None:
        """What stands there by now is how the room came to be."""
        self._earlier = set(self._channel.messages)

    def find(self, words: str) -> str | None:
        """The id of a message in the channel that has these words in it."""
        found = (m.ts for m in self._channel.messages.values() if words in plain(m))
        return next(found, None)

    def _names(self) -> dict[str, str]:
        users = {user.id: user.name for user in self._workspace.users.values()}
        channels = {channel.id: channel.name for channel in self._workspace.channels.values()}
        return users | channels | {self._workspace.bot_user_id: self._workspace.bot_name}

    def _person(self, user: User) -> Json:
        direct = self._workspace.dm(user)
        view, home = self._workspace.views.get(user.id), self._workspace.homes.get(user.id)
        return {
            "name": user.name,
            "private": [self._message(message) for message in direct.messages.values()],
            "whispers": [_whisper(whisper) for whisper in self._workspace.ephemerals(user)],
            "form": None if view is None else _form(view),
            "home": None if home is None else {"id": home.id, "view": home.payload},
        }

    def _message(self, message: Message) -> Json:
        author = self._workspace.users.get(message.user)
        return {
            "id": message.ts,
            "root": message.root,
            "at": _milliseconds(message.ts),
            "author": None if message.bot or author is None else author.name,
            "edited": message.edited is not None,
            "gone": message.tombstone,
            "earlier": message.ts in self._earlier,
            "plain": plain(message),
            "typed": self._typed.get(message, plain(message)),
            "sent": {"text": message.text, "blocks": message.blocks},
        }

    # ---- what is done

    async def say(self, person: str, text: str, root: str | None, *, direct: bool) -> bool:
        user = self._user(person)
        place = self._workspace.dm(user) if direct else self._channel
        if root is not None and root not in place.messages:
            raise Gone("that thread is not there any more")
        text = mentioning(text)
        message = await self._slack.say(user, place, text, thread_ts=root)
        self._typed[message] = text
        return True

    async def edit(self, person: str, message: str, text: str) -> bool:
        own = self._own(person, message)
        self._typed[own] = mentioning(text)
        await self._slack.edit(own, mentioning(text))
        return True

    async def delete(self, person: str, message: str) -> bool:
        await self._slack.delete(self._own(person, message))
        return True

    async def restore(self, person: str, message: str) -> bool:
        raise Gone("what is deleted on Slack does not come back")

    async def press(self, person: str, message: str, action: Mapping[str, object]) -> bool:
        user = self._user(person)
        shown = self._shown(user, message)
        value = action.get("value")
        try:
            reply = await self._slack.press(
                user,
                shown,
                str(action.get("action_id")),
                value=None if value is None else str(value),
            )
        except slack_acts.Unseen as error:
            raise Gone("that button is not there any more") from error
        return reply.ok

    async def ask(self, person: str, message: str) -> bool:
        user = self._user(person)
        shown = self._shown(user, message)
        if not isinstance(shown, Message):
            raise Gone("what only one person sees has no menu")
        return (await self._slack.shortcut(user, shown, SHORTCUT)).ok

    async def command(self, person: str, text: str) -> bool:
        reply = await self._slack.command(self._user(person), self._channel, COMMAND, text)
        return reply.ok

    async def visit(self, person: str) -> bool:
        opened = await self._slack.opens_home(self._user(person))
        return bool(opened.replies) and opened.replies[-1].ok

    async def submit(self, person: str, form: str, values: Mapping[str, str]) -> bool:
        user = self._user(person)
        try:
            reply = await self._slack.submit(user, self._view(user, form), values)
        except slack_acts.Unseen as error:
            raise Gone("that field is not there any more") from error
        return reply is None or reply.ok

    async def close(self, person: str, form: str) -> bool:
        user = self._user(person)
        under = self._view(user, form).under
        if under is None:
            del self._workspace.views[user.id]
        else:
            self._workspace.views[user.id] = under
        return True

    async def dismiss(self, person: str, whisper: str) -> bool:
        for shown in self._workspace.ephemerals(self._user(person)):
            if shown.ts == whisper:
                self._workspace.whispers.remove(shown)
        return True

    def _user(self, person: str) -> User:
        if person not in self._people:
            raise Gone(f"there is no {person!r} here")
        return self._people[person]

    def _own(self, person: str, message: str) -> Message:
        user = self._user(person)
        for place in (self._channel, self._workspace.dm(user)):
            found = place.messages.get(message)
            if found is not None and found.user == user.id and not found.tombstone:
                return found
        raise Gone("that message is not there any more, or somebody else's")

    def _shown(self, user: User, id: str) -> Message | Ephemeral | View:
        home = self._workspace.homes.get(user.id)
        if home is not None and home.id == id:
            return home
        for place in (self._channel, self._workspace.dm(user)):
            if id in place.messages:
                return place.messages[id]
        for whisper in self._workspace.ephemerals(user):
            if whisper.ts == id:
                return whisper
        raise Gone("that message is not there any more")

    def _view(self, user: User, id: str) -> View:
        view = self._workspace.views.get(user.id)
        if view is None or view.id != id:
            raise Gone("that form is not open any more")
        return view


def _milliseconds(ts: str) -> int:
    return int(float(ts) * 1000)


def _whisper(whisper: Ephemeral) -> Json:
    return {
        "id": whisper.ts,
        "root": whisper.thread_ts or whisper.ts,
        "at": _milliseconds(whisper.ts),
        "plain": plain(whisper),
        "private": whisper.channel.direct is not None,
        "sent": {"text": whisper.text, "blocks": whisper.blocks},
    }


def _form(view: View) -> Json:
    return {"id": view.id, "stamp": view.hash, "view": view.payload, "errors": view.errors}
