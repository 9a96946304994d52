"""A stand-in for Slack on loopback, with one workspace that has the app."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.playground.slack.stand_in import Channel, SlackStandIn, User
from adapters.playground.slack.stand_in import Workspace as Team
from adapters.slack.calls import Calls
from adapters.slack.workspace import Workspace
from tests.adapters.slack.payloads import SECRET


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    stand_in = SlackStandIn(signing_secret=SECRET, client_id="1.2", client_secret="c")
    await stand_in.start()
    yield stand_in
    await stand_in.stop()


@pytest.fixture
def team(slack: SlackStandIn) -> Team:
    made = slack.workspace("Alta")
    made.install()
    return made


@pytest.fixture
def kari(team: Team) -> User:
    return team.user("Kari Nilsen")


@pytest.fixture
def room(team: Team, kari: User) -> Channel:
    channel = team.channel("tavlemøter")
    channel.members |= {team.bot_user_id, kari.id}
    return channel


@pytest.fixture
async def calls(slack: SlackStandIn) -> AsyncIterator[Calls]:
    made = Calls(slack.api_url, seconds=2)
    yield made
    await made.close()


@pytest.fixture
def workspace(team: Team) -> Workspace:
    """The same workspace, as the adapter knows it."""
    return Workspace(7, team.app_id, team.team_id, team.bot_user_id, team.bot_id, token=team.token)
