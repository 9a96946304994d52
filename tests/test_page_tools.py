"""The page's clock, its faults and its look inside, as a browser asks for them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import aiohttp
import pytest

from adapters.playground.page import clock, inside
from adapters.playground.page.page import Page
from adapters.playground.page.story import ANSWER, QUESTION, TOLD
from bot.language import ZONE

# The page and the screen on which it is seen are the same as in the tests of the page.
from tests.test_page import AARHUS, ALTA, BODO, INGRID, JENS, KARI, LARS, RANDERS, Json, Screen
from tests.test_page import page as page
from tests.test_page import screen as screen
from tests.test_page import session as session

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNSURE = "610190-0000"
BJARNE = {"room": ALTA, "person": "Bjarne Falk"}


async def asked(session: aiohttp.ClientSession, name: str, **body: Any) -> Json:
    async with session.post(f"/api/{name}", json=body) as answer:
        assert answer.status == 200, await answer.text()
        said: Json = await answer.json()
        return said


async def status(session: aiohttp.ClientSession, name: str, **body: Any) -> int:
    async with session.post(f"/api/{name}", json=body) as answer:
        return answer.status


# ---- who is who


async def test_everybody_has_a_role_and_an_organisation(screen: Screen) -> None:
    assert screen.person(KARI)["role"] == "member"
    assert screen.person(KARI)["organisation"] == ALTA
    assert screen.person(BJARNE)["role"] == "facilitator"
    assert screen.person(BJARNE)["organisation"] == "Falk Læring"


# ---- the clock


@pytest.mark.parametrize(
    ("now", "step", "then"),
    [
        ("2027-03-01 10:00", "quarter", "2027-03-01 10:15"),
        ("2027-03-01 23:30", "hour", "2027-03-02 00:30"),
        ("2027-03-01 10:00", "tomorrow", "2027-03-02 09:15"),
        ("2027-03-01 08:00", "tuesday", "2027-03-02 09:15"),
        ("2027-03-02 08:00", "tuesday", "2027-03-09 09:15"),
        ("2027-03-07 08:00", "tuesday", "2027-03-09 09:15"),
        ("2027-03-01 10:00", "workdays", "2027-03-04 10:00"),
        ("2027-03-05 10:00", "workdays", "2027-03-10 10:00"),
        # Easter, the first of May and the summer are nobody's working days.
        ("2027-03-24 10:00", "workdays", "2027-04-01 10:00"),
        ("2027-03-17 10:00", "tuesday", "2027-03-30 09:15"),
        ("2029-04-27 10:00", "tuesday", "2029-05-08 09:15"),
        ("2027-07-07 10:00", "tuesday", "2027-08-03 09:15"),
        ("2027-07-07 10:00", "tomorrow", "2027-07-08 09:15"),
        # Summer time begins on the 28th: a quarter past nine stays a quarter past nine.
        ("2027-03-27 10:00", "tomorrow", "2027-03-28 09:15"),
    ],
)
async def test_the_clock_goes_where_its_button_says(now: str, step: str, then: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=ZONE)
    assert clock.STEPS[step](at, None) == datetime.fromisoformat(then).replace(tzinfo=ZONE)


async def test_what_falls_due_on_the_way_happens_in_its_order(
    page: Page, screen: Screen, session: aiohttp.ClientSession
) -> None:
    text = f"@Mellom Hvem følger op på {UNSURE} i dag?"
    before = len(screen.person(BJARNE)["private"])
    welcomed = len(screen.person(JENS)["private"])
    assert await screen.act("say", JENS, text=text) == 200
    await screen.until(lambda: len(screen.person(JENS)["private"]) > welcomed)
    moved = await asked(session, "clock", step="tomorrow")
    assert moved["ahead"] > 0
    # After two hours it is taken for a number, and a quarter later the facilitator is told.
    await screen.until(lambda: len(screen.person(BJARNE)["private"]) > before)
    assert len(screen.person(JENS)["private"]) == welcomed + 2
    back = await asked(session, "clock", step=None)
    assert back["ahead"] == 0


async def test_the_clock_goes_nowhere_else(session: aiohttp.ClientSession) -> None:
    assert await status(session, "clock", step="never") == 404
    assert await status(session, "clock", step=5) == 400
    assert await status(session, "clock") == 400


# ---- the look inside


async def test_a_message_tells_where_it_stands_and_what_was_sent(
    screen: Screen, session: aiohttp.ClientSession
) -> None:
    question = await screen.shows(RANDERS, QUESTION)
    assert question["inside"]
    await screen.until(lambda: not any(room["waiting"] for room in screen.rooms.values()))
    seen = await asked(session, "inside", **LARS, message=question["id"])
    assert (seen["post"]["kind"], seen["post"]["number"]) == ("question", 1)
    stands = {copy["room"]: copy for copy in seen["post"]["copies"]}
    assert set(stands) == {ALTA, AARHUS, BODO, RANDERS, TOLD.name}
    assert [name for name, copy in stands.items() if copy["native"]] == [RANDERS]
    assert stands.pop(TOLD.name)["state"] == "sent"
    assert {copy["state"] for copy in stands.values()} == {"shown"}
    lines = {(one["room"], one["line"].split("/emea/")[0]) for one in seen["wire"]}
    assert (RANDERS, "POST /api/messages") in lines
    assert (BODO, "POST /api/chat.postMessage") in lines
    assert (AARHUS, "POST ") in lines
    assert {one["status"] for one in seen["wire"]} <= {200, 201}


async def test_an_answer_tells_only_of_its_own_traffic(
    screen: Screen, session: aiohttp.ClientSession
) -> None:
    answer = await screen.shows(BODO, ANSWER)
    seen = await asked(session, "inside", **INGRID, message=answer["id"])
    assert seen["post"]["kind"] == "answer"
    assert seen["wire"]
    assert [one["name"] for one in seen["wire"] if QUESTION in one["request"]] == []


async def test_what_opens_a_door_is_blanked_out(
    page: Page, screen: Screen, session: aiohttp.ClientSession
) -> None:
    question = await screen.shows(BODO, QUESTION)
    form = await screen.press({"room": BODO, "person": "Nils Haug"}, question)
    assert await screen.act("close", {"room": BODO, "person": "Nils Haug"}, form=form["id"]) == 200
    body = {"room": BODO, "person": "Nils Haug", "message": question["id"]}
    seen = await asked(session, "inside", **body)
    pressed = next(one for one in seen["wire"] if "block_actions" in one["name"] + one["request"])
    assert "/slack/events" in pressed["line"]
    everything = json.dumps(seen)
    secrets = [w.token for w in page.village.slack.workspaces.values()]
    secrets += ["eyJ", "v0=", "/response/", "the-deprecated-verification-token"]
    assert [secret for secret in secrets if secret and secret in everything] == []
    assert "Bearer •••" in json.dumps(seen, ensure_ascii=False)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"token": "abc", "text": "hei"}, {"token": "•••", "text": "hei"}),
        ({"trigger_id": "1.2.3", "n": 1}, {"trigger_id": "•••", "n": 1}),
        ([{"client_secret": "x"}], [{"client_secret": "•••"}]),
        ("eyJhbGciOi.eyJzdWIi.c2ln", "•••"),
        ({"url": "see xoxb-1-2-abc"}, {"url": "see •••"}),
        ({"payload": '{"token": "abc"}'}, {"payload": '{"token": "•••"}'}),
        ({"payload": "{not json"}, {"payload": "{not json"}),
        ({"token": None, "n": None}, {"token": None, "n": None}),
    ],
)
async def test_secrets_are_known_by_their_name_or_their_look(body: Any, shown: Any) -> None:
    assert inside.blanked(body) == shown


async def test_what_is_not_kept_cannot_be_looked_into(
    screen: Screen, session: aiohttp.ClientSession
) -> None:
    assert await screen.act("say", KARI, text="Dette er bare prat.") == 200
    said = await screen.shows(ALTA, "bare prat")
    assert not said["inside"]
    assert await status(session, "inside", **KARI, message=said["id"]) == 404
    assert await status(session, "inside", **KARI, message="9") == 404
    stranger = {"room": ALTA, "person": "Jens Holm"}
    assert await status(session, "inside", **stranger, message=said["id"]) == 404


async def test_the_wire_is_kept_in_bounds(page: Page) -> None:
    wire = page.village.slack.wire
    before = list(wire)
    wire[:0] = before[:1] * (inside.KEPT + 50)
    await page.look()
    assert len(wire) == inside.KEPT
    # More may have passed in the meantime.
    newest = before[-inside.KEPT // 2 :]
    assert {id(one) for one in newest} <= {id(one) for one in wire}


# ---- faults


@pytest.mark.parametrize("trouble", ["down", "dropping", "limited"])
@pytest.mark.parametrize("room", [BODO, RANDERS])
async def test_what_waits_for_a_room_in_trouble_arrives_when_it_is_healed(
    screen: Screen, session: aiohttp.ClientSession, room: str, trouble: str
) -> None:
    body = {"room": room, "everywhere": False}
    await asked(session, "trouble", **body, trouble=trouble)
    await screen.until(lambda: screen.rooms[room]["trouble"])
    assert screen.rooms[room]["trouble"] == {"name": trouble, "everywhere": False}
    root = (await screen.shows(ALTA, QUESTION))["root"]
    words = f"Vi prøver {trouble} i {room}."
    assert await screen.act("say", KARI, text=words, root=root) == 200
    await screen.shows(AARHUS, words)
    if trouble == "dropping":
        await screen.shows(room, words)
    else:
        await screen.until(lambda: screen.rooms[room]["waiting"])
        assert screen.find(room, words) is None

    await asked(session, "trouble", **body, trouble=None)
    await screen.shows(room, words)
    await screen.until(lambda: not screen.rooms[room]["waiting"])
    assert screen.rooms[room]["trouble"] is None


async def test_trouble_everywhere_takes_the_place_of_trouble_in_one_room(
    screen: Screen, session: aiohttp.ClientSession
) -> None:
    await asked(session, "trouble", room=BODO, trouble="down", everywhere=False)
    await asked(session, "trouble", room=ALTA, trouble="slow", everywhere=True)
    slow = {"name": "slow", "everywhere": True}
    await screen.until(lambda: screen.rooms[ALTA]["trouble"] == slow)
    await screen.until(lambda: screen.rooms[BODO]["trouble"] == slow)
    assert screen.rooms[AARHUS]["trouble"] is None
    await asked(session, "trouble", room=BODO, trouble=None, everywhere=True)
    await screen.until(lambda: screen.rooms[ALTA]["trouble"] is None)


async def test_no_other_trouble_can_be_made(session: aiohttp.ClientSession) -> None:
    assert await status(session, "trouble", room=ALTA, trouble="fire", everywhere=True) == 404
    assert await status(session, "trouble", room="Oslo", trouble="down", everywhere=True) == 404
    assert await status(session, "trouble", room=ALTA, trouble="down") == 400
