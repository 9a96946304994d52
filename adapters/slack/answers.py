"""What the person who acted sees at once: an answer of the bot's, as Slack wants it.

A command is answered in the response, a sent form with the view that replaces it, a press at the
address it came with. Facts: docs.slack.dev, "Handling user interaction", "Modals".
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from typing import Any

from adapters.slack import blocks, home
from adapters.slack.calls import Calls
from adapters.slack.workspace import Workspace
from bot.cards import Answer, Card, Form, Open, Tell
from bot.incoming import Acted, Commanded, Pointed, Pressed, Submitted, Visited
from bot.outgoing import InDoubt, NotSent, Refused

Json = dict[str, Any]

log = logging.getLogger(__name__)

EMPTY: Json = {}


class Answers:
    """Gives answers. `again` is what is said where a form could not be opened.

    A trigger is good for three seconds after the person acted, and Slack waits as long for the
    response; `seconds` after the request came the opening of a form is given up.
    """

    def __init__(self, calls: Calls, again: str, seconds: float = 2.5) -> None:
        self._calls = calls
        self._again = Tell.words(again)
        self._seconds = seconds
        self._whispers: set[asyncio.Task[None]] = set()

    async def give(
        self, answer: Answer, to: Acted, payload: Mapping[str, Any], workspace: Workspace,
        arrived: float,
    ) -> Json:  # fmt: skip
        """The body of the response; empty is an empty response."""
        if isinstance(to, Submitted):
            return _instead(answer, to, payload)
        if isinstance(answer, Open):
            metadata = home.metadata(answer.form, to.place.key, payload)
            view = blocks.modal(answer.form, metadata)
            opened = await self._open(view, payload, workspace, arrived)
            answer = None if opened else self._again
        elif isinstance(answer, Tell) and payload.get("view"):
            # Pressed in the home or in a modal, which would hide what is said in the room.
            view = home.notice(answer.card, payload)
            opened = await self._open(view, payload, workspace, arrived)
            answer = None if opened else answer
        if answer is None:
            return EMPTY
        if isinstance(to, Commanded):
            return _ephemeral(answer.card)
        self.later(self._whisper(answer.card, to, payload.get("response_url"), workspace))
        return EMPTY

    def publish(
        self, card: Card, to: Visited, workspace: Workspace, known: str | None = None
    ) -> None:
        """Draw a person's home. Where they had `known` before them, and something newer stands
        there by now, that is left."""
        view = home.view(card, to.place.key)
        self.later(self._publish(view, to.person.user, workspace, known))

    async def _publish(
        self, view: Json, user: str, workspace: Workspace, known: str | None
    ) -> None:
        unless_newer = {"hash": known} if known else {}
        try:
            await self._calls.write(
                "views.publish", workspace.token, user_id=user, view=view, **unless_newer
            )
        except (NotSent, InDoubt, Refused) as error:
            if error.reason != "hash_conflict":
                log.warning("slack.no_home", extra={"reason": error.reason, "on": workspace.id})

    async def close(self) -> None:
        """Wait for what is still being said."""
        while self._whispers:
            await asyncio.wait(self._whispers)

    async def _open(
        self, view: Json, payload: Mapping[str, Any], workspace: Workspace, arrived: float
    ) -> bool:
        try:
            async with asyncio.timeout_at(arrived + self._seconds):
                await self._show(view, payload, workspace)
        except (NotSent, InDoubt, Refused, TimeoutError) as error:
            reason = getattr(error, "reason", "timeout")
            log.warning("slack.form_not_opened", extra={"reason": reason, "on": workspace.id})
            return False
        return True

    async def _show(self, view: Json, payload: Mapping[str, Any], workspace: Workspace) -> None:
        """By itself, or above the modal in which somebody acted; in its place, where three stand
        above each other already."""
        under, token = payload.get("view") or {}, workspace.token
        above, trigger = under.get("type") == "modal", payload["trigger_id"]
        try:
            await self._calls.write(
                "views.push" if above else "views.open", token, trigger_id=trigger, view=view
            )
        except Refused as error:
            if error.reason != "push_limit_reached":
                raise
            await self._calls.write("views.update", token, view_id=under["id"], view=view)

    def later(self, whisper: Awaitable[None]) -> None:
        """Slack is not kept waiting for its own answer; the reference keeps the task alive."""
        task = asyncio.ensure_future(whisper)
        self._whispers.add(task)
        task.add_done_callback(self._whispers.discard)

    async def _whisper(
        self, card: Card, to: Pointed | Pressed, url: str | None, workspace: Workspace
    ) -> None:
        """Tell only the person who acted: at the address that came along, else in the room."""
        try:
            if not (url and await self._calls.respond(url, _ephemeral(card))):
                await self._post_ephemeral(card, to, workspace)
        except (NotSent, InDoubt, Refused) as error:
            log.warning("slack.not_told", extra={"reason": error.reason, "on": workspace.id})

    async def _post_ephemeral(
        self, card: Card, to: Pointed | Pressed, workspace: Workspace
    ) -> None:
        thread = {"thread_ts": to.root} if to.root else {}
        where = {"channel": to.place.key, "user": to.person.user}
        await self._calls.write(
            "chat.postEphemeral", workspace.token, **where, **thread, **blocks.told(card)
        )


def _ephemeral(card: Card) -> Json:
    return {"response_type": "ephemeral", "replace_original": False, **blocks.told(card)}


def _instead(answer: Answer, to: Submitted, payload: Mapping[str, Any]) -> Json:
    """What takes the place of a form that was sent."""
    view = payload["view"]
    if answer is None:
        return {"response_action": "clear"}
    if isinstance(answer, Tell):
        return {"response_action": "update", "view": blocks.notice(answer.card, view)}
    if _only_problems(answer.form, to):
        problems = answer.form.problems()
        errors = {blocks.field_id(to.form, name): words for name, words in problems.items()}
        return {"response_action": "errors", "errors": errors}
    metadata = home.metadata(answer.form, to.place.key, payload)
    return {"response_action": "update", "view": blocks.modal(answer.form, metadata)}


def _only_problems(form: Form, to: Submitted) -> bool:
    """Whether it is the same form as was sent: then it stays, with the problems at its fields."""
    same = (form.name, form.subject) == (to.form, to.subject)
    return same and bool(form.problems()) and {f.name for f in form.inputs} == set(to.values)
