"""The shared Slack app: a workspace installs it in a browser, and does so again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
import pytest

from adapters import on_slack
from adapters.playground.slack.stand_in import Workspace
from tests.conversation import World

COOKIE = "slack-app-oauth-state"


@dataclass
class Browser:
    """Somebody who follows the addresses by hand."""

    world: World

    def get(self, path: str, cookies: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        """The status, where it leads to, and the state that the browser is to keep."""
        address = path if path.startswith("http") else f"{self.world.village.url}{path}"
        pairs = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())

        async def ask() -> tuple[int, str, str]:
            async with (
                aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
                session.get(
                    address, headers={"Cookie": pairs} if pairs else {}, allow_redirects=False
                ) as response,
            ):
                state = response.cookies.get(COOKIE)
                to = response.headers.get("Location", "")
                return response.status, to, state.value if state else ""

        return self.world.run(ask())

    def comes_back(self, town: Workspace) -> tuple[str, str]:
        """As far as the address that Slack sends them back to, and the state of their browser."""
        _, to_slack, state = self.get("/slack/install")
        _, back, _ = self.get(f"{to_slack}&team={town.team_id}")
        return back.removeprefix("http://127.0.0.1"), state


@pytest.fixture
def browser(empty_world: World) -> Browser:
    return Browser(empty_world)


@pytest.fixture
def town(empty_world: World) -> Workspace:
    return empty_world.slack.workspace("Vadsø kommune")


def kept(world: World) -> list[tuple[str, str | None]]:
    with world.village.mellom.writers.begin() as uow:
        rows = uow.connection.exec_driver_sql(
            "SELECT tenant, secret FROM installation WHERE platform = 'slack'"
        ).all()
        return [(row[0], uow.unseal(row[1])) for row in rows if row[1] != row[0]]


def test_a_state_is_good_once_and_in_one_browser(
    browser: Browser, town: Workspace, empty_world: World
) -> None:
    back, state = browser.comes_back(town)
    _, other = browser.comes_back(town)
    assert browser.get(back)[0] == 400
    assert browser.get(back, {COOKIE: other})[0] == 400
    assert kept(empty_world) == []
    assert browser.get(back, {COOKIE: state})[0] == 200
    assert kept(empty_world) == [(town.team_id, town.token)]
    again, _ = browser.comes_back(town)
    replayed = again.rpartition("state=")[0] + f"state={state}"
    assert browser.get(replayed, {COOKIE: state})[0] == 401


def test_a_state_that_nobody_was_given_is_refused(browser: Browser, town: Workspace) -> None:
    back, _ = browser.comes_back(town)
    forged = back.rpartition("state=")[0] + "state=forged"
    assert browser.get(forged, {COOKIE: "forged"})[0] == 401


def test_a_state_is_good_for_ten_minutes(
    browser: Browser, town: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    back, state = browser.comes_back(town)
    assert on_slack.STATE_LIFE == 600
    monkeypatch.setattr(on_slack, "STATE_LIFE", -1)
    assert browser.get(back, {COOKIE: state})[0] == 401


def test_installing_again_replaces_the_token_and_is_the_same_installation(
    browser: Browser, town: Workspace, empty_world: World
) -> None:
    for _ in range(2):
        town.revoke()
        back, state = browser.comes_back(town)
        assert browser.get(back, {COOKIE: state})[0] == 200
        assert kept(empty_world) == [(town.team_id, town.token)]
