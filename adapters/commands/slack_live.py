"""What only a real workspace tells: tried with one message in a channel that was named for it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Iterable

from adapters.commands.checkup import Finding
from adapters.slack.calls import Calls
from adapters.slack.client import SlackPlatform
from bot.cards import Card
from bot.outgoing import CannotLook, InDoubt, Letter, NotSent, Posted, Refused
from bot.text import Text
from storage.posts import new_token

ABOUT = "Slack, live"
WORDS = "Mellom tries whether it can write, edit, find and delete a message here."

BY_HAND = (
    (
        "what becomes of a message in a channel that is shared with another workspace",
        "Ask a question in such a channel, change it and delete it, and look at both sides.",
    ),
    (
        "whether Slack's terms allow what you share between organisations",
        "Somebody who may decide that reads Slack's API Terms of Service.",
    ),
)
"""What nobody can try for you."""

ECHOES = (
    "not needed: whether Slack sends our own messages back with their ids. Where it does not, a "
    "message in doubt is found by reading the channel, as was tried here."
)


def is_channel(named: str) -> bool:
    """A channel's id in Slack; other platforms' look different."""
    return bool(named) and ":" not in named


async def tried(
    calls: Calls, known: Iterable[tuple[int, str | None]], channel: str
) -> list[Finding]:
    """One message, from its first word to its end."""
    for installation, token in known:
        if await _is_in(calls, token, channel):
            found = await _with_a_message(SlackPlatform(calls), installation, token, channel)
            return [*found, Finding(ABOUT, ECHOES, "by hand"), *_by_hand()]
    remedy = "Name it by its id, as its details show it (C…), and write /invite @Mellom there."
    return [Finding(ABOUT, f"no installation is in the channel {channel}", "wrong", remedy)]


async def _is_in(calls: Calls, token: str | None, channel: str) -> bool:
    try:
        told = await calls.read("conversations.info", token, channel=channel)
    except (NotSent, Refused):
        return False
    return bool((told.get("channel") or {}).get("is_member"))


async def _with_a_message(
    platform: SlackPlatform, installation: int, token: str | None, channel: str
) -> list[Finding]:
    letter = _letter(installation, token, channel)
    posted = await _step("a message can be written", platform.post(letter))
    if not isinstance(posted[1], Posted):
        return [posted[0]]
    there = _letter(installation, token, channel, letter, posted[1].message)
    edited = await _step("it can be edited", platform.edit(there))
    looked = await _step("it is found again by its random id", platform.find(letter))
    deleted = await _step("it can be deleted", platform.delete(there))
    found = looked[0]
    if found.state == "well" and looked[1] != posted[1]:
        remedy = "Messages in doubt are sent once more: a few may stand there twice."
        found = Finding(ABOUT, "it is not found again by its random id", "wrong", remedy)
    return [posted[0], edited[0], found, deleted[0]]


async def _step(words: str, step: Awaitable[Posted | None]) -> tuple[Finding, Posted | None]:
    try:
        return Finding(ABOUT, words), await step
    except (NotSent, InDoubt, Refused, CannotLook) as problem:
        reason = getattr(problem, "reason", str(problem))
        return Finding(ABOUT, f"not so: {words} ({reason})", "wrong", "See the scopes above."), None


def _letter(
    installation: int,
    token: str | None,
    channel: str,
    before: Letter | None = None,
    message: str | None = None,
) -> Letter:
    return Letter(
        installation=installation,
        key=channel,
        card=Card(text=Text.of(WORDS)),
        token=before.token if before else new_token(),
        language="en",
        secret=token,
        message=message,
        since=time.time(),
    )


def _by_hand() -> list[Finding]:
    return [Finding(ABOUT, f"to be tried by hand: {what}", "by hand", how) for what, how in BY_HAND]
