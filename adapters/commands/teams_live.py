"""What only a real tenant tells: tried with one message in a channel that was named for it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import replace

from adapters.commands.checkup import Finding, Patient
from adapters.teams import connector
from adapters.teams.bots import Bot, Bots
from adapters.teams.client import TeamsPlatform
from adapters.teams.credentials import Hosts
from bot.cards import Card
from bot.outgoing import InDoubt, Letter, NotSent, Posted, Refused
from bot.text import Text
from storage.posts import new_token

ABOUT = "Teams, live"
WORDS = "Mellom tries whether it can write, edit and delete a message here."

BY_HAND = (
    (
        "whether Teams tells of messages that are edited and deleted",
        "Change an answer in a thread of Mellom's, delete it, and look at it in another channel.",
    ),
    (
        "whether answers without a mention arrive",
        "Answer in such a thread without @Mellom, and look whether it stands in another channel.",
    ),
)
"""What nobody can try for you."""

GRAPH = (
    "not needed: whether the app's consent lets Microsoft Graph read the bot's own messages. "
    "Mellom does not read them: a message in doubt is sent once more, and may stand there twice."
)


def is_channel(named: str) -> bool:
    """A channel's id in Teams; other platforms' look different."""
    return named.startswith("19:")


async def tried(
    patient: Patient, bots: Iterable[Bot], places: Mapping[int, Mapping[str, str] | None]
) -> list[Finding]:
    """One message, from its first word to its end, by the bot that has met the channel."""
    for bot in bots:
        address = places[bot.installation]
        if address is not None:
            return await _in_channel(patient, bot, address)
    remedy = "Write @Mellom there once, so that it knows where the channel is."
    return [Finding(ABOUT, f"no bot has met the channel {patient.live}", "wrong", remedy)]


async def _in_channel(patient: Patient, bot: Bot, address: Mapping[str, str]) -> list[Finding]:
    async def ours() -> list[Bot]:
        return [bot]

    places = patient.settings.microsoft
    async with connector.client() as http:
        platform = TeamsPlatform(
            Bots(ours, clock=time.time),
            http,
            clock=time.time,
            hosts=Hosts(places.service_hosts),
            token_url=places.token_url,
        )
        found = await _with_a_message(platform, _letter(bot, patient.live, address))
    return [*found, *_abroad(bot, address, found), *_by_hand()]


async def _with_a_message(platform: TeamsPlatform, letter: Letter) -> list[Finding]:
    posted = await _step("a message can be written", platform.post(letter))
    if not isinstance(posted[1], Posted):
        return [posted[0]]
    there = replace(letter, root=posted[1].root, message=posted[1].message)
    edited = await _step("it can be edited", platform.edit(there))
    deleted = await _step("it can be deleted", platform.delete(there))
    return [posted[0], edited[0], deleted[0]]


async def _step(words: str, step: Awaitable[Posted | None]) -> tuple[Finding, Posted | None]:
    try:
        return Finding(ABOUT, words), await step
    except (NotSent, InDoubt, Refused) as problem:
        remedy = "Look whether the app is in the team, and at what is said of the bot above."
        return Finding(ABOUT, f"not so: {words} ({problem.reason})", "wrong", remedy), None


def _abroad(bot: Bot, address: Mapping[str, str], found: list[Finding]) -> list[Finding]:
    """Whether a bot of one tenant serves another: the documents differ on it."""
    if address.get("tenant", "").casefold() == bot.credentials.tenant.casefold():
        how = "Name a channel in another tenant than the bot's own with --live."
        words = "to be tried by hand: whether the bot serves another tenant than its own"
        return [Finding(ABOUT, words, "by hand", how)]
    if any(one.state != "well" for one in found):
        return []
    return [Finding(ABOUT, "the bot serves another tenant than its own")]


def _letter(bot: Bot, channel: str, address: Mapping[str, str]) -> Letter:
    return Letter(
        installation=bot.installation,
        key=channel,
        address=address,
        card=Card(text=Text.of(WORDS)),
        token=new_token(),
        language="en",
        since=time.time(),
    )


def _by_hand() -> list[Finding]:
    tries = [
        Finding(ABOUT, f"to be tried by hand: {what}", "by hand", how) for what, how in BY_HAND
    ]
    return [*tries, Finding(ABOUT, GRAPH, "by hand")]
