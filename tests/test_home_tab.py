"""The home tab, held to what Slack documents of it: the event, the view, and how it can fail."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.playground import faults
from adapters.slack import home
from bot.incoming import Person, Place, Visited
from tests.adapters.slack.payloads import ALTA
from tests.conversation import Person as Somebody
from tests.conversation import SlackPerson, World

AT = datetime(2018, 1, 8, 22, 45, 22, tzinfo=UTC)


def event(tab: str | None = "home") -> dict[str, Any]:
    opened = {"type": "app_home_opened", "user": "U0KARI", "channel": "D0KARI"}
    return opened | ({"tab": tab} if tab else {}) | {"event_ts": "1515449522.000016"}


def test_opening_the_home_is_a_visit_from_the_persons_direct_message() -> None:
    assert home.opened(event(), ALTA, "k", AT) == Visited(
        key="k",
        at=AT,
        place=Place(ALTA.id, "D0KARI", direct=True, reads_all=True),
        person=Person("slack", ALTA.team, "U0KARI", address="U0KARI"),
    )


@pytest.mark.parametrize("tab", ["messages", "about", None])
def test_another_tab_is_no_visit(tab: str | None) -> None:
    assert home.opened(event(tab), ALTA, "k", AT) is None


@pytest.fixture
def client(world: World, kari: SlackPerson) -> AsyncWebClient:
    token = kari.user.workspace.token
    return AsyncWebClient(token=token, base_url=world.slack.api_url, retry_handlers=[])


def refusal(world: World, client: AsyncWebClient, **call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        world.run(client.views_publish(**call))
    return str(caught.value.response["error"])


VIEW = {"type": "home", "blocks": [{"type": "divider"}]}


def test_the_stand_in_refuses_what_slack_refuses(
    world: World, kari: SlackPerson, client: AsyncWebClient
) -> None:
    kari.opens_home()
    who = kari.user.id
    assert refusal(world, client, user_id=who, view=VIEW, hash="1.stale") == "hash_conflict"
    modal = {"type": "modal", "title": {"type": "plain_text", "text": "Nei"}, "blocks": []}
    assert refusal(world, client, user_id=who, view=modal) == "invalid_arguments"
    many = VIEW | {"blocks": [{"type": "divider"}] * 101}
    assert refusal(world, client, user_id=who, view=many) == "invalid_arguments"
    kari.user.workspace.has_home = False
    assert refusal(world, client, user_id=who, view=VIEW) == "not_enabled"


def test_an_app_without_the_tab_goes_on_working(
    world: World, kari: SlackPerson, jens: Somebody
) -> None:
    kari.user.workspace.has_home = False
    kari.opens_home()
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    jens.room.sees("Kari Nilsen · Alta kommune", "tavlemøtene")
    assert kari.home == ""


def test_a_drawing_that_was_overtaken_does_not_cover_the_newer_one(
    world: World, kari: SlackPerson, client: AsyncWebClient
) -> None:
    kari.opens_home()
    # While ours is under way, something newer is published.
    opened = world.slack.opens_home(kari.user)
    world.slack.auto = False
    world.run(opened)
    newer = {"type": "section", "text": {"type": "plain_text", "text": "Nyere"}}
    world.run(client.views_publish(user_id=kari.user.id, view=VIEW | {"blocks": [newer]}))
    world.settle()
    assert kari.home == "Nyere"


def test_what_cannot_be_told_in_the_home_is_told_in_a_modal(
    world: World, kari: SlackPerson, jens: Somebody
) -> None:
    jens.asks("Hvem leder jeres tavlemøder?")
    kari.opens_home()
    block = next(b for b in kari.user.workspace.homes[kari.user.id].blocks if "accessory" in b)
    block["accessory"]["value"] = "999"
    view = kari.user.workspace.homes[kari.user.id]
    view.payload["blocks"] = [block]
    kari.presses_at_home("Les")
    assert kari.form is not None
    assert "hører til et annet nettverk" in kari.form
    assert kari.user.workspace.ephemerals(kari.user) == []


def test_a_modal_that_could_not_be_opened_is_answered_in_the_direct_message(
    world: World, kari: SlackPerson, jens: Somebody
) -> None:
    jens.asks("Hvem leder jeres tavlemøder?")
    kari.opens_home()
    world.slack.faults.add(faults.error("internal_error"), method="views.open")
    kari.presses_at_home("Les", on="Hvem leder")
    kari.is_told("try again")
