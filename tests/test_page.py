"""The playground's page: what its rooms show, what people do in them, and whom it refuses.

The network behind it is real and the same for all tests here, so each says words of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from adapters.playground.page.page import Page
from adapters.playground.page.running import opened
from adapters.playground.page.story import ANSWER, QUESTION
from tests import browser
from tests.numbers import norwegian_number

pytestmark = pytest.mark.asyncio(loop_scope="module")

ALTA, AARHUS, BODO, RANDERS = "Alta kommune", "Aarhus Kommune", "Bodø kommune", "Randers Kommune"
KARI = {"room": ALTA, "person": "Kari Nilsen"}
OLA = {"room": ALTA, "person": "Ola Berg"}
JENS = {"room": AARHUS, "person": "Jens Holm"}
METTE = {"room": AARHUS, "person": "Mette Lund"}
INGRID = {"room": BODO, "person": "Ingrid Vik"}
NILS = {"room": BODO, "person": "Nils Haug"}
LARS = {"room": RANDERS, "person": "Lars Krogh"}
ANNE = {"room": RANDERS, "person": "Anne Dahl"}

Json = dict[str, Any]


class Screen:
    """The rooms as a browser sees them: through the page's stream, and its orders."""

    def __init__(self, session: aiohttp.ClientSession, events: aiohttp.StreamReader) -> None:
        self.session = session
        self.rooms: dict[str, Json] = {}
        self._events = events

    async def until(self, found: Callable[[], Any]) -> Any:
        """What is found, once it is."""
        async with asyncio.timeout(20):
            while not (seen := found()):
                line = (await self._events.readline()).decode()
                if line.startswith("data: "):
                    told = json.loads(line.removeprefix("data: "))
                    if "people" in told:
                        self.rooms[told["name"]] = told
        return seen

    async def shows(self, room: str, words: str) -> Json:
        """The message with these words in it, once it stands in the room."""
        message: Json = await self.until(lambda: self.find(room, words))
        return message

    def find(self, room: str, words: str) -> Json | None:
        messages = self.rooms.get(room, {}).get("messages", [])
        return next((message for message in messages if words in message["plain"]), None)

    def person(self, who: Json) -> Json:
        people: list[Json] = self.rooms[who["room"]]["people"]
        return next(person for person in people if person["name"] == who["person"])

    async def act(self, name: str, who: Json, **more: Any) -> int:
        async with self.session.post(f"/api/{name}", json={**who, **more}) as answer:
            if answer.status == 200:
                assert await answer.json() == {"took": True}
            return answer.status

    async def press(self, who: Json, message: Json) -> Json:
        """Press the message's first button; the form that opens."""
        action = buttons(message["sent"])[0]
        assert await self.act("press", who, message=message["id"], action=action) == 200
        form: Json = await self.until(lambda: self.person(who)["form"])
        return form


def buttons(sent: Json) -> list[Json]:
    """The buttons in what was sent to Slack or to Teams."""
    blocks = sent.get("blocks", [])
    on_slack = [e for block in blocks if block["type"] == "actions" for e in block["elements"]]
    cards = [hung["content"] for hung in sent.get("attachments", [])]
    return on_slack + [action for card in cards for action in card.get("actions", [])]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def page(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Page]:
    folder = tmp_path_factory.mktemp("page")
    async with opened(f"sqlite:///{folder}/mellom.db") as shown:
        yield shown


@pytest_asyncio.fixture(loop_scope="module")
async def session(page: Page) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(page.url) as begun:
        yield begun


@pytest_asyncio.fixture(loop_scope="module")
async def screen(session: aiohttp.ClientSession) -> AsyncIterator[Screen]:
    async with session.get("/api/stream") as stream:
        seen = Screen(session, stream.content)
        await seen.until(lambda: len(seen.rooms) == 4)
        yield seen


# ---- what is seen


async def test_the_page_opens_with_a_conversation_that_has_begun(screen: Screen) -> None:
    for room in (ALTA, AARHUS, BODO, RANDERS):
        assert not (await screen.shows(room, QUESTION))["earlier"]
        assert not (await screen.shows(room, ANSWER))["earlier"]
    assert (await screen.shows(RANDERS, QUESTION))["author"] == "Lars Krogh"
    assert (await screen.shows(BODO, ANSWER))["author"] == "Ingrid Vik"
    for told in screen.rooms.values():
        first = next(message for message in told["messages"] if not message["earlier"])
        assert QUESTION in first["plain"]


async def test_the_bots_messages_are_given_as_they_were_sent(page: Page, screen: Screen) -> None:
    question = await screen.shows(BODO, QUESTION)
    posted = page.village.slack.calls("chat.postMessage")
    sent = next(one.request for one in posted if one.response.get("ts") == question["id"])
    types = [block["type"] for block in sent["blocks"]]
    assert [block["type"] for block in question["sent"]["blocks"]] == types
    card = (await screen.shows(AARHUS, QUESTION))["sent"]["attachments"][0]["content"]
    assert card["type"] == "AdaptiveCard"
    assert QUESTION in json.dumps(card, ensure_ascii=False)


# ---- what is done


async def test_a_question_asked_on_the_page_appears_in_the_other_rooms(screen: Screen) -> None:
    words = "Hvor lenge varer et godt tavlemøte?"
    assert await screen.act("say", KARI, text=f"@mellom {words}") == 200
    for room in (AARHUS, BODO, RANDERS):
        assert "Kari Nilsen · Alta kommune" in (await screen.shows(room, words))["plain"]


async def test_what_is_said_without_the_bots_name_stays_in_its_room(screen: Screen) -> None:
    assert await screen.act("say", KARI, text="Kaffen er klar på kjøkkenet.") == 200
    await screen.shows(ALTA, "Kaffen er klar")
    assert await screen.act("say", JENS, text="@Mellom Hvem holder mødet udenfor?") == 200
    await screen.shows(ALTA, "Hvem holder mødet udenfor?")
    assert not any(screen.find(room, "Kaffen er klar") for room in (AARHUS, BODO, RANDERS))


@pytest.mark.parametrize(
    ("who", "words"), [(INGRID, "Ti minutter, alle står."), (LARS, "Et kvarter hver mandag.")]
)
async def test_a_reply_in_a_thread_reaches_the_other_rooms(
    screen: Screen, who: Json, words: str
) -> None:
    root = (await screen.shows(who["room"], QUESTION))["root"]
    assert await screen.act("say", who, text=words, root=root) == 200
    for room in {ALTA, AARHUS, BODO, RANDERS} - {who["room"]}:
        answer = await screen.shows(room, words)
        question = await screen.shows(room, QUESTION)
        assert answer["root"] == question["root"]


@pytest.mark.parametrize(
    ("who", "field", "words"),
    [
        (INGRID, "answer/answer", "Vi bytter på å lede møtet."),
        (JENS, "answer", "Vi begynder med det, der lykkedes."),
    ],
)
async def test_a_button_opens_a_form_and_what_is_sent_in_it_reaches_the_other_rooms(
    screen: Screen, who: Json, field: str, words: str
) -> None:
    form = await screen.press(who, await screen.shows(who["room"], QUESTION))
    assert await screen.act("submit", who, form=form["id"], values={field: words}) == 200
    for room in (ALTA, AARHUS, BODO, RANDERS):
        await screen.shows(room, words)
    thanks = await screen.until(lambda: screen.person(who)["form"])
    assert await screen.act("close", who, form=thanks["id"]) == 200
    await screen.until(lambda: screen.person(who)["form"] is None)


@pytest.mark.parametrize(("who", "field"), [(INGRID, "answer/answer"), (JENS, "answer")])
async def test_a_form_that_is_refused_stays_open_and_says_why(
    screen: Screen, who: Json, field: str
) -> None:
    form = await screen.press(who, await screen.shows(who["room"], QUESTION))
    values = {field: f"Hun heter {norwegian_number().text}"}
    assert await screen.act("submit", who, form=form["id"], values=values) == 200

    def mended() -> Json | None:
        now: Json | None = screen.person(who)["form"]
        return now if now and now != form else None

    again = await screen.until(mended)
    assert again.get("errors") or "Attention" in json.dumps(again["card"])
    assert await screen.act("close", who, form=again["id"]) == 200


async def test_a_command_is_answered_to_that_person_only_and_can_be_hidden(screen: Screen) -> None:
    assert await screen.act("command", KARI, text="") == 200
    whisper = await screen.until(lambda: screen.person(KARI)["whispers"])
    assert "Mellom" in whisper[0]["plain"]
    assert screen.person(OLA)["whispers"] == []
    assert await screen.act("dismiss", KARI, whisper=whisper[0]["id"]) == 200
    await screen.until(lambda: screen.person(KARI)["whispers"] == [])


@pytest.mark.parametrize("who", [OLA, METTE])
async def test_what_its_author_edits_and_deletes_follows_in_the_other_rooms(
    screen: Screen, who: Json
) -> None:
    root = (await screen.shows(who["room"], QUESTION))["root"]
    words = f"Vi møtes på tirsdag, sier {who['person']}."
    assert await screen.act("say", who, text=words, root=root) == 200
    own = await screen.shows(who["room"], words)
    assert own["typed"] == words
    await screen.shows(RANDERS, words)

    changed = words.replace("tirsdag", "torsdag")
    assert await screen.act("edit", who, message=own["id"], text=changed) == 200
    await screen.shows(RANDERS, changed)

    assert await screen.act("delete", who, message=own["id"]) == 200
    await screen.until(lambda: not screen.find(RANDERS, changed))


async def test_a_deletion_on_teams_can_be_taken_back(screen: Screen) -> None:
    assert await screen.act("say", METTE, text="Jeg tager kage med på fredag.") == 200
    own = await screen.shows(AARHUS, "kage med")
    assert await screen.act("delete", METTE, message=own["id"]) == 200
    assert await screen.act("delete", METTE, message=own["id"]) == 404
    assert await screen.act("restore", METTE, message=own["id"]) == 200
    await screen.shows(AARHUS, "kage med")


@pytest.mark.parametrize("who", [KARI, METTE])
async def test_what_the_bot_says_to_one_person_is_seen_by_that_person(
    screen: Screen, who: Json
) -> None:
    words = f"@Mellom Hva gjør vi med {norwegian_number().text} i listen?"
    assert await screen.act("say", who, text=words) == 200
    others = {person["name"]: person["private"] for person in screen.rooms[who["room"]]["people"]}
    welcomed = len(others.pop(who["person"]))
    letters = await screen.until(lambda: screen.person(who)["private"][welcomed:])
    assert letters[0]["author"] is None
    answered = welcomed + len(letters) + 2
    assert await screen.act("say", who, text="hjelp", direct=True) == 200
    await screen.until(lambda: len(screen.person(who)["private"]) >= answered)
    now = {person["name"]: person["private"] for person in screen.rooms[who["room"]]["people"]}
    assert all(now[name] == before for name, before in others.items())


@pytest.mark.parametrize(
    ("who", "colleague", "field"), [(KARI, OLA, "ask/question"), (JENS, METTE, "question")]
)
async def test_any_message_can_be_asked_with_and_the_form_has_its_words(
    screen: Screen, who: Json, colleague: Json, field: str
) -> None:
    words = f"Hvem leder møtet hos {colleague['person']}?"
    assert await screen.act("say", colleague, text=words) == 200
    written = await screen.shows(who["room"], words)
    assert await screen.act("ask", who, message=written["id"]) == 200
    form = await screen.until(lambda: screen.person(who)["form"])
    assert words in json.dumps(form, ensure_ascii=False)
    theme = field.replace("question", "theme")
    values = {field: words.replace("møtet", "rådet"), theme: ""}
    assert await screen.act("submit", who, form=form["id"], values=values) == 200
    await screen.shows(BODO, words.replace("møtet", "rådet"))
    told = await screen.until(lambda: screen.person(who)["form"])
    assert await screen.act("close", who, form=told["id"]) == 200


# ---- what cannot be done


@pytest.mark.parametrize(
    ("act", "more"),
    [
        ("edit", {"message": "OWN", "text": "Noe annet."}),
        ("delete", {"message": "OWN"}),
        ("restore", {"message": "OWN"}),
        ("press", {"message": "OWN", "action": {"action_id": "answer", "type": "button"}}),
        ("press", {"message": "9", "action": {}}),
        ("submit", {"form": "9", "values": {}}),
        ("close", {"form": "9"}),
        ("ask", {"message": "9"}),
        ("say", {"text": "Hei.", "root": "9"}),
    ],
)
@pytest.mark.parametrize("who", [NILS, ANNE])
async def test_what_is_not_there_or_somebody_elses_is_answered_404(
    screen: Screen, act: str, more: Json, who: Json
) -> None:
    written = ANSWER if who is NILS else QUESTION
    somebody = (await screen.shows(who["room"], written))["id"]
    more = {name: somebody if value == "OWN" else value for name, value in more.items()}
    assert await screen.act(act, who, **more) == 404


async def test_who_is_not_there_is_answered_404(screen: Screen) -> None:
    assert await screen.act("say", {"room": ALTA, "person": "Jens Holm"}, text="Hei.") == 404
    assert await screen.act("say", {"room": "Oslo", "person": "Kari Nilsen"}, text="Hei.") == 404
    assert await screen.act("command", JENS, text="") == 404


@pytest.mark.parametrize(
    ("act", "body", "named"),
    [
        ("say", "", "JSON"),
        ("say", "[]", "object"),
        ("say", '{"room": "Alta kommune"}', "person"),
        ("say", '{"room": "Alta kommune", "person": "Kari Nilsen", "text": ""}', "text"),
        ("say", '{"room": "Alta kommune", "person": "Kari Nilsen", "text": 1}', "text"),
        ("say", json.dumps({**KARI, "text": "x" * 4001}), "text"),
        ("say", json.dumps({**KARI, "text": "Hei.", "colour": "red"}), "colour"),
        ("press", json.dumps({**KARI, "message": "1", "action": "answer"}), "action"),
        ("submit", json.dumps({**KARI, "form": "1", "values": {"answer": None}}), "values.answer"),
    ],
)
async def test_a_body_that_says_nothing_is_answered_400_in_words(
    session: aiohttp.ClientSession, act: str, body: str, named: str
) -> None:
    kind = {"Content-Type": "application/json"}
    async with session.post(f"/api/{act}", data=body, headers=kind) as answer:
        assert answer.status == 400
        assert named in (await answer.json())["error"]


async def test_a_body_that_is_too_large_is_answered_413(session: aiohttp.ClientSession) -> None:
    body = {**KARI, "text": "x" * 100_000}
    async with session.post("/api/say", json=body) as answer:
        assert answer.status == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://somewhere.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Host": "somewhere.example"},
        {"Host": "127.0.0.1.somewhere.example"},
        {"Host": "[::1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_page_can_neither_read_nor_do_anything(
    session: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    body = {**KARI, "text": "@Mellom Dette kommer fra en annen side."}
    async with session.post("/api/say", json=body, headers=headers) as answer:
        assert answer.status in (400, 403)
    async with session.get("/api/rooms", headers=headers) as answer:
        assert answer.status in (400, 403)


async def test_a_form_that_another_page_sends_is_refused(session: aiohttp.ClientSession) -> None:
    # Without a preflight a foreign page may only send what is not JSON.
    kind = {"Content-Type": "text/plain"}
    async with session.post("/api/say", data=json.dumps(KARI), headers=kind) as answer:
        assert answer.status == 415


async def test_its_own_page_is_answered(page: Page, session: aiohttp.ClientSession) -> None:
    port = page.url.rpartition(":")[2]
    for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
        headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
        async with session.get("/api/rooms", headers=headers) as answer:
            assert answer.status == 200
            assert len(await answer.json()) == 4


# ---- the page itself


async def test_the_page_and_its_files_run_nothing_from_elsewhere(
    session: aiohttp.ClientSession,
) -> None:
    async with session.get("/") as answer:
        assert answer.status == 200
        policy = answer.headers["Content-Security-Policy"]
        html = await answer.text()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for file in re.findall(r'(?:src|href)="(/[^"]+)"', html):
        async with session.get(file) as answer:
            assert answer.status == 200, file
    assert not re.search(r"\son\w+=|\sstyle=|https?://", html)


async def test_a_person_opens_the_home_and_reads_a_thread_from_it(screen: Screen) -> None:
    assert await screen.act("visit", KARI) == 200
    home = await screen.until(lambda: screen.person(KARI)["home"])
    assert home["view"]["type"] == "home"
    line = next(block for block in home["view"]["blocks"] if "accessory" in block)
    read, number = line["accessory"], line["text"]["text"].split(" · ")[0]
    assert await screen.act("press", KARI, message=home["id"], action=read) == 200
    form = await screen.until(lambda: screen.person(KARI)["form"])
    assert form["view"]["title"]["text"] == f"Spørsmål {number}"
    assert await screen.act("close", KARI, form=form["id"]) == 200
    others = [p for p in screen.rooms[KARI["room"]]["people"] if p["name"] != KARI["person"]]
    assert all(person["home"] is None for person in others)


async def test_there_is_no_home_on_teams(screen: Screen) -> None:
    assert await screen.act("visit", METTE) == 404


# ---- in a browser


def is_shown(screen: Screen, *words: str) -> bool:
    """Whether one message in each of two rooms, one on either platform, has all these words."""
    plain = {room: [m["plain"] for m in screen.rooms[room]["messages"]] for room in (BODO, RANDERS)}
    return all(any(all(w in one for w in words) for one in seen) for seen in plain.values())


@pytest.mark.parametrize(
    ("room", "who", "colleague", "words"),
    [
        (0, KARI, OLA, "Trenger grønne lapper egen rekke?"),
        (1, JENS, METTE, "Starter noen fredagen med fiolin?"),
    ],
)
async def test_a_theme_is_chosen_with_the_keyboard_in_a_browser(
    page: Page, screen: Screen, room: int, who: Json, colleague: Json, words: str
) -> None:
    """The words are like nothing that was asked before, which would be shown first."""
    if browser.PATH is None:
        pytest.skip("no chromium here")
    assert await screen.act("say", colleague, text=words) == 200
    async with browser.opened(page.url) as tab:
        here = f"[...document.querySelectorAll('#room-{room} article')]"
        article = f"{here}.find((one) => one.innerText.includes({words!r}))"
        await tab.until(f"{article} !== undefined")
        await tab.do(f"{article}.querySelector('.tools button:last-child').click()")
        await tab.until("document.querySelector('dialog[open] select') !== null")
        label = "document.querySelector('label[for=' + document.querySelector('dialog select').id"
        assert "Tema" in await tab.do(f"{label} + ']').innerText")
        await tab.do("document.querySelector('dialog select').focus()")
        # A list answers to the first letter of what is in it.
        await tab.call("Input.dispatchKeyEvent", type="keyDown", key="E", text="E")
        theme = await tab.do("document.querySelector('dialog select').selectedOptions[0].text")
        assert theme == "Effekter og gevinster"
        await tab.do("document.querySelector('dialog form').requestSubmit()")
        await screen.until(lambda: is_shown(screen, words, theme))
        assert tab.problems == []
    told = await screen.until(lambda: screen.person(who)["form"])
    assert await screen.act("close", who, form=told["id"]) == 200


async def test_the_home_is_drawn_in_a_browser(page: Page, screen: Screen) -> None:
    if browser.PATH is None:
        pytest.skip("no chromium here")
    words = "Hva står på min egen side?"
    assert await screen.act("say", KARI, text=f"@Mellom {words}") == 200
    await screen.shows(BODO, words)
    async with browser.opened(page.url) as tab:
        await tab.until("document.querySelectorAll('.room').length == 4")
        await tab.do("document.getElementById('room-0-tab-home').click()")
        home = "document.querySelector('#room-0-home')"
        await tab.until(f"{home}.innerText.includes({words!r})")
        assert await tab.do(f"{home}.querySelectorAll('.cannot').length") == 0
        lines = f"[...{home}.querySelectorAll('.section')]"
        line = f"{lines}.find((one) => one.innerText.includes({words!r}))"
        await tab.do(f"{line}.querySelector('button').click()")
        await tab.until(f"document.getElementById('form').innerText.includes({words!r})")
        assert tab.problems == []


# ---- the command


async def test_the_command_says_where_the_page_is_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    names = ("SLACK_", "TEAMS_", "DATABASE_URL", "MELLOM_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    command = "from adapters.cli import main; main()"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", command, "try"),
        env={**clean, "PORT": "0", "TMPDIR": str(tmp_path), "PYTHONPATH": os.getcwd()},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            line = (await process.stdout.readline()).decode()
            url = re.search(r"http://127\.0\.0\.1:\d+", line)
            assert url is not None, line
            async with aiohttp.request("GET", f"{url[0]}/api/rooms") as answer:
                assert len(await answer.json()) == 4
            assert len(os.listdir(tmp_path)) == 1
            process.send_signal(signal.SIGTERM)
            rest = await process.stdout.read()
            assert await process.wait() == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    assert rest == b""
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("port", [1_000_000, "taken"])
async def test_a_port_that_cannot_be_used_is_said_in_words(
    tmp_path: Path, page: Page, port: int | str
) -> None:
    number = int(page.url.rpartition(":")[2]) if port == "taken" else int(port)
    with pytest.raises(SystemExit, match=f"Port {number} cannot be used: .+ PORT="):
        async with opened(f"sqlite:///{tmp_path}/mellom.db", number):
            pass
