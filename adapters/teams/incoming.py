"""What Teams tells the bot, in the bot's words. Pure: it reads no clock and asks nobody.

Shapes as learn.microsoft.com shows them: "Receive messages", "Conversation events in your Teams
bot", "Get and use dialogs", and "Universal Action Model". Any field may be absent, and new kinds of
activity appear at any time: what is not understood is None, never an error.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from adapters.teams import membership
from adapters.teams.arrived import Arrived, moment
from adapters.teams.markup import Mention
from adapters.teams.text import inert, parse, without_leading_mention
from adapters.teams.wire import Json, part, parts, word
from bot.incoming import (
    Deleted,
    Edited,
    File,
    Incoming,
    Pointed,
    Pressed,
    Said,
    Submitted,
)
from bot.text import Text

RESERVED = frozenset({"form", "subject", "action", "value", "token", "type", "msteams", "verb"})
"""What our own cards carry in `data`, beside the inputs that the client adds."""

ASK = "ask"
"""The id of the command with which somebody asks the network with a message."""

INPUT = "input:"
"""Begins the id of an input whose name is one of those."""

# Characters. Teams takes no message with more (100 KB, two bytes each).
_LONGEST = 60_000
_FORMATTED = re.compile(r"<(?!/?(?:p|div|br|span|at|attachment)\b)", re.IGNORECASE)
_MARK = re.compile(r"</?at\b[^>]{0,100}>", re.IGNORECASE)
_DOWNLOAD = "application/vnd.microsoft.teams.file.download.info"


class Malformed(Exception):
    """A press on a card or a form that does not have the shape of one."""


def translate(activity: Json, installation: int, now: datetime) -> Incoming | None:
    """An authentic activity as an incoming, None if it is not one that the bot acts upon.

    `now` stands in where the activity does not say when it was. Raises Malformed.
    """
    read = _READ.get(word(activity, "type"))
    if read is None or not word(part(activity, "conversation"), "id"):
        return None
    return read(Arrived(activity, installation, moment(word(activity, "timestamp")) or now))


def _message(arrived: Arrived) -> Incoming | None:
    value = arrived.activity.get("value")
    if isinstance(value, dict) and word(value, "action"):
        # A client that does not know Action.Execute takes its fallback, which is a message.
        return _press(arrived, value)
    person, message = arrived.person(), word(arrived.activity, "id")
    if person is None or not message:
        return None
    return Said(
        key=arrived.key,
        at=arrived.at,
        place=arrived.place(),
        person=person,
        message=message,
        root=arrived.root(message),
        root_at=arrived.root_at(message),
        text=_text(arrived),
        files=_files(arrived.activity),
        addressed=_addressed(arrived),
    )


def _update(arrived: Arrived) -> Incoming | None:
    person, message = arrived.person(), word(arrived.activity, "id")
    if arrived.event not in ("editMessage", "undeleteMessage", "") or not message or person is None:
        return None
    return Edited(
        key=arrived.key,
        at=arrived.at,
        place=arrived.place(),
        person=person,
        message=message,
        root=arrived.root(message),
        root_at=arrived.root_at(message),
        text=_text(arrived),
        files=_files(arrived.activity),
        addressed=_addressed(arrived),
        version=arrived.at.isoformat(timespec="microseconds"),
        restored=arrived.event == "undeleteMessage",
    )


def _delete(arrived: Arrived) -> Incoming | None:
    message = word(arrived.activity, "id")
    if arrived.event not in ("softDeleteMessage", "") or not message:
        return None
    root = arrived.root(message)
    return Deleted(
        key=arrived.key, at=arrived.at, place=arrived.place(), message=message, root=root
    )


def _mentions(arrived: Arrived) -> list[Mention]:
    found = []
    for entity in parts(arrived.activity, "entities"):
        if word(entity, "type") == "mention":
            who = part(entity, "mentioned")
            shown = html.unescape(_MARK.sub("", word(entity, "text"))) or word(who, "name")
            found.append(Mention(shown, word(who, "aadObjectId") or word(who, "id") or None))
    return found


def _addressed(arrived: Arrived) -> bool:
    if arrived.kind == "personal":
        return True
    mentioned = (part(entity, "mentioned") for entity in parts(arrived.activity, "entities"))
    return any(word(who, "id") == arrived.bot for who in mentioned if arrived.bot)


def _text(arrived: Arrived) -> Text:
    """The words with their looks where Teams repeats them as HTML, else the bare words.

    The HTML is taken only if it says the same: what is read is what the text says.
    """
    words, mentions = word(arrived.activity, "text"), _mentions(arrived)
    how = "xml" if word(arrived.activity, "textFormat") == "xml" else "plain"
    bare = parse(words[:_LONGEST], how, mentions)
    rich = _html(arrived.activity)
    if rich and len(rich) < _LONGEST and (not bare or _FORMATTED.search(rich)):
        formatted = parse(rich, "xml", mentions)
        if not bare or _letters(formatted) == _letters(bare):
            bare = formatted
    return without_leading_mention(bare, arrived.bot) if arrived.bot else bare


def _html(activity: Json) -> str:
    hung = parts(activity, "attachments")
    return next(
        (word(one, "content") for one in hung if word(one, "contentType") == "text/html"), ""
    )


def _letters(text: Text) -> str:
    return "".join(filter(str.isalnum, text.plain()))


def _files(activity: Json) -> tuple[File, ...]:
    """In a channel Teams tells only that there is a file, by a mark in the HTML."""
    hung = parts(activity, "attachments")
    named = [File(inert(word(one, "name"))) for one in hung if _is_file(one)]
    marks = _html(activity).count("<attachment ")
    return (*named, *(File() for _ in range(min(marks, 20) - len(named))))


def _is_file(attachment: Json) -> bool:
    kind = word(attachment, "contentType")
    return kind == _DOWNLOAD or kind.partition("/")[0] in ("image", "video", "audio")


# Presses and forms.


def _invoke(arrived: Arrived) -> Incoming | None:
    read = INVOKES.get(word(arrived.activity, "name"))
    return None if read is None else read(arrived, part(arrived.activity, "value"))


def _execute(arrived: Arrived, value: Json) -> Incoming | None:
    action = part(value, "action")
    data = part(action, "data")
    verb = word(data, "action") or word(action, "verb")
    return _press(arrived, {**data, "action": verb})


def _fetch(arrived: Arrived, value: Json) -> Incoming | None:
    return _press(arrived, part(value, "data"))


def _press(arrived: Arrived, data: Mapping[str, Any]) -> Incoming | None:
    person, action = arrived.person(), word(data, "action")
    if not action:
        raise Malformed("a press that does not say which button")
    if person is None:
        return None
    message = word(arrived.activity, "replyToId")
    return Pressed(
        key=arrived.key,
        at=arrived.at,
        place=arrived.place(),
        person=person,
        action=action,
        value=word(data, "value"),
        message=message or None,
        root=arrived.root(message),
        token=word(data, "token") or None,
    )


def _submit(arrived: Arrived, value: Json) -> Incoming | None:
    data, person = part(value, "data"), arrived.person()
    if not word(data, "form"):
        # A button of a card that is shown in a dialog is sent as if it were a form.
        return _press(arrived, data)
    if person is None:
        return None
    return Submitted(
        key=arrived.key,
        at=arrived.at,
        place=arrived.place(),
        person=person,
        form=word(data, "form"),
        subject=word(data, "subject"),
        values={
            name.removeprefix(INPUT): inert(value)
            for name, value in data.items()
            if name not in RESERVED and isinstance(value, str)
        },
    )


def _pointed(arrived: Arrived, value: Json) -> Incoming | None:
    """A message action. The message comes as Graph tells it, not as an activity."""
    message, person = part(value, "messagePayload"), arrived.person()
    if word(value, "commandId") != ASK or not word(message, "id") or person is None:
        return None
    root = word(message, "replyToId") or arrived.root(word(message, "id"))
    body, author = part(message, "body"), part(part(message, "from"), "user")
    how = "xml" if word(body, "contentType") == "html" else "plain"
    mentioned = _mentioned(message)
    text = parse(word(body, "content")[:_LONGEST], how, mentioned)
    return Pointed(
        key=arrived.key,
        at=arrived.at,
        place=arrived.place(),
        person=person,
        message=word(message, "id"),
        root=root if root and root != word(message, "id") else None,
        text=without_leading_mention(text, arrived.bot) if arrived.bot else text,
        files=_hung(message, word(body, "content")),
        author=word(author, "id") or None,
        addressed=any(one.user == arrived.bot for one in mentioned if arrived.bot),
    )


def _mentioned(message: Json) -> list[Mention]:
    """Its mentions, in the order of their numbers. An app goes by its id without what says so."""
    found = []
    for one in parts(message, "mentions"):
        who = part(one, "mentioned")
        app = word(part(who, "application"), "id")
        user = f"28:{app.removeprefix('28:')}" if app else word(part(who, "user"), "id")
        found.append(Mention(word(one, "mentionText"), user or None))
    return found


def _hung(message: Json, html_: str) -> tuple[File, ...]:
    """Its files: those that are named, else a mark in the HTML for each."""
    named = [File(word(one, "name")) for one in parts(message, "attachments") if word(one, "name")]
    marks = html_.count("<attachment ")
    return (*named, *(File() for _ in range(min(marks, 20) - len(named))))


_READ: Mapping[str, Callable[[Arrived], Incoming | None]] = {
    "message": _message,
    "messageUpdate": _update,
    "messageDelete": _delete,
    "installationUpdate": membership.installed,
    "conversationUpdate": membership.changed,
    "invoke": _invoke,
}

INVOKES: Mapping[str, Callable[[Arrived, Json], Incoming | None]] = {
    "adaptiveCard/action": _execute,
    "task/fetch": _fetch,
    "task/submit": _submit,
    "composeExtension/fetchTask": _pointed,
    "composeExtension/submitAction": _submit,
}
