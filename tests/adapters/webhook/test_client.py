"""What a webhook is sent, and how that can end. The other end is respx."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx
from jsonschema import Draft6Validator

from adapters.webhook import client as webhook
from adapters.webhook.addresses import Hosts
from adapters.webhook.client import WebhookPlatform
from bot.cards import Card, Item
from bot.outgoing import CannotLook, InDoubt, Letter, NotSent, Posted, Refused
from bot.text import Text
from tests.adapters.webhook.test_addresses import SLACK, TEAMS

TEAMS_FOLDER = Path(__file__).parent.parent / "teams"
SCHEMA = Draft6Validator(json.loads((TEAMS_FOLDER / "adaptive-card-1.5.0.json").read_text()))
TOKEN = "t" * 26
ENDINGS = {200: Posted, 202: Posted, 429: NotSent, 408: InDoubt, 500: InDoubt, 504: InDoubt}
ENDINGS |= dict.fromkeys((301, 302, 307, 308, 400, 401, 403, 404, 405, 410, 413), Refused)
OVER = {301, 302, 307, 308, 401, 403, 404, 405, 410}
"""What the webhook itself is the end of, and not this one note."""


@pytest.fixture
async def platform() -> AsyncIterator[WebhookPlatform]:
    made = WebhookPlatform(Hosts())
    yield made
    await made.close()


def letter(url: str | None = SLACK, card: Card | None = None) -> Letter:
    drawn = card or Card(title="Spørsmål Q-12", byline="Alta kommune", note="Bare en melding.")
    return Letter(1, "key", drawn, TOKEN, "nb", secret=url)


@pytest.mark.parametrize("url", [SLACK, TEAMS], ids=["slack", "teams"])
@pytest.mark.parametrize(("status", "ending"), ENDINGS.items())
@respx.mock
async def test_each_answer_is_an_ending(
    status: int, ending: type, url: str, platform: WebhookPlatform
) -> None:
    headers = {"Location": "https://evil.example/", "Retry-After": "7"}
    route = respx.post(url).mock(httpx.Response(status, headers=headers, text=url))
    if ending is Posted:
        assert await platform.post(letter(url)) == Posted(TOKEN, TOKEN, final=True)
    else:
        with pytest.raises(ending) as ended:
            await platform.post(letter(url))
        assert url not in repr(ended.value)
        if isinstance(ended.value, Refused):
            assert (ended.value.whose == "conversation") == (status in OVER)
        if isinstance(ended.value, NotSent):
            assert ended.value.retry_after == 7
    assert route.call_count == 1
    assert len(respx.calls) == 1


@pytest.mark.parametrize("words", ["invalid_token", "no_team", "WorkflowTriggerIsNotEnabled"])
@respx.mock
async def test_a_400_can_be_the_end_of_the_webhook(words: str, platform: WebhookPlatform) -> None:
    respx.post(SLACK).mock(httpx.Response(400, text=words))
    with pytest.raises(Refused) as ended:
        await platform.post(letter())
    assert ended.value.whose == "conversation"


BROKEN = [
    (httpx.ConnectError, NotSent),
    (httpx.ConnectTimeout, NotSent),
    (httpx.PoolTimeout, NotSent),
    (httpx.ProxyError, NotSent),
    (httpx.ReadTimeout, InDoubt),
    (httpx.WriteError, InDoubt),
    (httpx.RemoteProtocolError, InDoubt),
    (TimeoutError, InDoubt),
]


@pytest.mark.parametrize(("error", "ending"), BROKEN)
@respx.mock
async def test_a_line_that_breaks_is_in_doubt_only_where_something_may_have_gone_out(
    error: type[Exception], ending: type[Exception], platform: WebhookPlatform
) -> None:
    route = respx.post(SLACK).mock(side_effect=error)
    with pytest.raises(ending):
        await platform.post(letter())
    assert route.call_count == 1


@respx.mock
async def test_what_does_not_answer_is_not_waited_for(
    platform: WebhookPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "PATIENCE", 0.01)

    async def hang(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    respx.post(SLACK).mock(side_effect=hang)
    with pytest.raises(InDoubt):
        await platform.post(letter())


@pytest.mark.parametrize("url", [None, "", "http://127.0.0.1/services/T0/B0/x", SLACK + "#"])
@respx.mock
async def test_nothing_is_called_that_is_no_webhook(
    url: str | None, platform: WebhookPlatform
) -> None:
    with pytest.raises(Refused) as ended:
        await platform.post(letter(url))
    assert ended.value.whose == "conversation"
    assert not respx.calls


async def test_what_was_sent_cannot_be_changed_or_looked_for(platform: WebhookPlatform) -> None:
    for act in (platform.edit, platform.delete):
        with pytest.raises(Refused):
            await act(letter())
    with pytest.raises(CannotLook) as cannot:
        await platform.find(letter())
    assert cannot.value.once
    with pytest.raises(Refused):
        await platform.open_direct(1, SLACK, "U1", {})
    with pytest.raises(Refused):
        await platform.profile(1, SLACK, "U1")


@respx.mock
async def test_the_address_is_in_no_log_and_no_representation(
    platform: WebhookPlatform, caplog: pytest.LogCaptureFixture
) -> None:
    respx.post(SLACK).mock(httpx.Response(200))
    with caplog.at_level(logging.INFO):
        await platform.post(letter())
    assert SLACK.rpartition("/")[2] not in caplog.text
    assert SLACK not in repr(letter())


@respx.mock
async def sent(platform: WebhookPlatform, url: str, card: Card) -> Any:
    route = respx.post(url).mock(httpx.Response(202))
    await platform.post(letter(url, card))
    request = route.calls.last.request
    assert request.headers["Content-Type"].startswith("application/json")
    return json.loads(request.content)


CARD = Card(
    title="Spørsmål Q-12",
    byline="Alta <kommune> & *Co* [x](http://evil.example) {{DATE(2027-01-01)}}",
    text=Text.of("<!channel> <at>alle</at>"),
    facts=(("Tema", "_Gevinster_"), ("Åpne spørsmål", "5")),
    items=(Item("Q-1 · Bodø kommune"),),
    note="Bare en melding.\u202e",
)


async def test_on_slack_it_is_blocks_of_plain_text(platform: WebhookPlatform) -> None:
    body = await sent(platform, SLACK, CARD)
    assert [block["type"] for block in body["blocks"]] == ["header", *["section"] * 4, "context"]
    for block in body["blocks"]:
        for text in block.get("elements") or [block["text"]]:
            assert text["type"] == "plain_text"
            assert text["emoji"] is False
    assert body["blocks"][1]["text"]["text"] == CARD.byline
    assert "&lt;!channel&gt;" in body["text"]
    assert "<" not in body["text"]
    assert (body["unfurl_links"], body["unfurl_media"]) == (False, False)
    assert "\u202e" not in json.dumps(body, ensure_ascii=False)


async def test_on_teams_it_is_a_card_that_a_workflow_posts(platform: WebhookPlatform) -> None:
    body = await sent(platform, TEAMS, CARD)
    assert body["type"] == "message"
    [hung] = body["attachments"]
    assert hung["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = hung["content"]
    assert (card["type"], card["version"], card["lang"]) == ("AdaptiveCard", "1.4", "nb")
    assert {element["type"] for element in card["body"]} == {"RichTextBlock"}
    words = [run["text"] for element in card["body"] for run in element["inlines"]]
    assert words[0] == "Spørsmål Q-12"
    assert "Tema: _Gevinster_" in words
    assert "Åpne spørsmål: 5" in words
    assert not any("{{" in word or "\n" in word for word in words)
    SCHEMA.validate(card)


async def test_a_card_that_is_too_large_is_refused_alone(platform: WebhookPlatform) -> None:
    card = Card(text=Text.of("\n\n".join(["å" * 500] * 60)))
    with pytest.raises(Refused) as ended:
        await platform.post(letter(TEAMS, card))
    assert ended.value.whose == "message"
