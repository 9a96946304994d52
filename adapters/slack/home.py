"""The home tab: what stands in it, and what tells that something was done there.

Facts: docs.slack.dev, "app_home_opened event", "views.publish method", "Home tab views". A press in
it names no channel, so its view carries the person's direct message, and so do the modals that are
opened from it, which thereby know that the home is to be drawn anew when they were sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.slack import blocks
from adapters.slack.messages import place_of
from adapters.slack.workspace import Workspace
from bot.cards import Card, Form
from bot.incoming import Person, Pressed, Submitted, Visited

Json = Mapping[str, Any]
HOME = "home"
_LARGEST = 100


def opened(event: Json, workspace: Workspace, key: str, moment: datetime) -> Visited | None:
    """The event comes for the tab of direct messages too, which the person writes in by itself."""
    if event.get("tab") != HOME:
        return None
    place = place_of(workspace, event["channel"])
    person = Person("slack", workspace.team, event["user"], address=event["user"])
    return Visited(key=key, at=moment, place=place, person=person)


def view(card: Card, place: str) -> dict[str, Any]:
    """A card as the home of a person whose direct message is `place`."""
    carried = json.dumps({"place": place, HOME: True}, separators=(",", ":"))
    drawn = blocks.home(card)[:_LARGEST]
    return {"type": "home", "private_metadata": carried, "blocks": drawn}


def known_hash(payload: Json) -> str | None:
    """Which of our drawings the person had before them; none if there has been none."""
    shown = (payload.get("event") or {}).get("view") or {}
    return shown.get("hash") or None


def is_from_home(payload: Json) -> bool:
    """Whether it was done in the home, or in a modal that was opened from it."""
    carried = (payload.get("view") or {}).get("private_metadata")
    return bool(carried and json.loads(carried).get(HOME))


def metadata(form: Form, place: str, payload: Json) -> str:
    """What a modal carries, wherever it was opened from."""
    return blocks.metadata(form, place, home=is_from_home(payload))


def notice(card: Card, payload: Json) -> dict[str, Any]:
    """A card as a modal over the home, where nothing else can be told."""
    shown = {"title": {"type": "plain_text", "text": "Mellom", "emoji": False}}
    return blocks.notice(card, shown | {"private_metadata": payload["view"]["private_metadata"]})


def again(acted: Pressed | Submitted) -> Visited:
    """The home is to be drawn once more, after what was done in it."""
    key = f"{acted.key}:{HOME}"
    return Visited(key=key, at=acted.at, place=acted.place, person=acted.person)
