"""Slack as a platform that letters can be sent to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adapters.slack import blocks
from adapters.slack.calls import Calls
from adapters.slack.messages import COPY, token_of
from adapters.slack.text import clean
from bot.cards import Card
from bot.outgoing import (
    CannotLook,
    InDoubt,
    Letter,
    NotSent,
    Opened,
    Pace,
    Posted,
    Profile,
    Refused,
)

Json = dict[str, Any]

# An unlisted app gets at most 15 messages a request (docs.slack.dev: "conversations.history").
_PAGE = 15
_PAGES = 5
# How far Slack's clock may be behind ours.
_SKEW = 30.0
_CANNOT_READ = {"missing_scope", "not_allowed_token_type", "no_permission"}


class SlackPlatform:
    """Posts, edits, deletes and finds messages; see `bot.outgoing.Platform`."""

    # docs.slack.dev, "Rate limits": one message per second and channel, short bursts above that.
    pace = Pace(1.0, 1)

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def post(self, letter: Letter) -> Posted:
        where = {"thread_ts": letter.root} if letter.root is not None else {}
        quiet = {"unfurl_links": False, "unfurl_media": False}
        answer = await self._write("chat.postMessage", letter, **where, **quiet)
        ts, message = answer.get("ts"), answer.get("message")
        if not isinstance(ts, str):
            raise InDoubt("no_ts")
        # For a thread whose root is gone Slack posts in the channel itself, and says so here.
        root = message.get("thread_ts", ts) if isinstance(message, dict) else letter.root
        return Posted(ts, root or ts)

    async def edit(self, letter: Letter) -> None:
        # Text alone would take the blocks away, so both always go.
        await self._write("chat.update", letter, ts=letter.message)

    async def _write(self, method: str, letter: Letter, **more: Any) -> Json:
        card = letter.card
        try:
            return await self._calls.write(method, letter.secret, **_drawn(card, letter), **more)
        except Refused as refused:
            if refused.reason != "invalid_blocks" or card.picture is None:
                raise
        # Slack fetches a picture before it takes the message, and takes none whose picture it did
        # not get (github.com/slackapi/python-slack-sdk, issue 1782).
        card = replace(card, picture=None)
        return await self._calls.write(method, letter.secret, **_drawn(card, letter), **more)

    async def delete(self, letter: Letter) -> None:
        try:
            await self._calls.write(
                "chat.delete", letter.secret, channel=letter.key, ts=letter.message
            )
        except Refused as refused:
            if refused.reason == "message_not_found":
                return
            if refused.whose != "message":
                raise
            # What may not be taken away can often still be overwritten: the letter's card says so.
            await self._overwrite(letter)

    async def _overwrite(self, letter: Letter) -> None:
        try:
            await self.edit(letter)
        except Refused as refused:
            if refused.reason != "message_not_found":
                raise

    async def find(self, letter: Letter) -> Posted | None:
        try:
            return await self._search(letter, letter.root)
        except Refused as refused:
            if refused.reason == "thread_not_found":
                # Then what was meant for the thread stands in the channel itself.
                return await self._search(letter, None)
            if refused.reason in _CANNOT_READ:
                raise CannotLook(refused.reason) from refused
            raise

    async def open_direct(
        self, installation: int, secret: str | None, person: str, address: Mapping[str, str]
    ) -> Opened:
        try:
            answer = await self._calls.write("conversations.open", secret, users=person)
            return Opened(str(answer["channel"]["id"]))
        except Refused as refused:
            raise _about_person(refused) from refused
        except (InDoubt, KeyError, TypeError) as doubt:
            # Opening one that is open already gives the same conversation again.
            raise NotSent(str(doubt)) from doubt

    async def profile(self, installation: int, secret: str | None, person: str) -> Profile:
        try:
            answer = await self._calls.read("users.info", secret, user=person, include_locale=True)
        except Refused as refused:
            raise _about_person(refused) from refused
        user = answer.get("user") or {}
        told = user.get("profile") or {}
        names = (told.get("real_name"), user.get("real_name"), told.get("display_name"))
        name = next((clean(name).strip() for name in names if name), "")
        return Profile(name or str(user.get("name") or person), user.get("locale"))

    async def _search(self, letter: Letter, root: str | None) -> Posted | None:
        """Read from when the letter was first tried. With `oldest` alone Slack gives the messages
        closest to it, and pages forward in time."""
        cursor = None
        for _ in range(_PAGES):
            page = await self._calls.read(
                "conversations.replies" if root else "conversations.history",
                letter.secret,
                channel=letter.key,
                ts=root,
                oldest=f"{max(letter.since - _SKEW, 0):.6f}",
                limit=_PAGE,
                cursor=cursor,
                include_all_metadata=True,
            )
            for message in page.get("messages") or []:
                if token_of(message) == letter.token:
                    return Posted(message["ts"], message.get("thread_ts") or message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
        return None


def _drawn(card: Card, letter: Letter) -> Json:
    """What posting and editing have in common. `chat.update` would link names by default."""
    return {
        "channel": letter.key,
        **blocks.message(card, letter.token),
        "metadata": {"event_type": COPY, "event_payload": {"d": letter.token}},
        "link_names": False,
        "parse": "none",
    }


def _about_person(refused: Refused) -> Refused:
    if refused.whose == "installation":
        return refused
    return Refused(refused.reason, "person")
