"""What `mellom doctor` looks at of Slack: each installation's token, scopes and channels."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adapters.commands import slack_live
from adapters.commands.checkup import Check, Finding, Patient
from adapters.slack.calls import Calls
from adapters.slack.oauth import SCOPES
from adapters.writing import wall
from bot.outgoing import InDoubt, NotSent, Refused
from storage import UnitOfWork, installations, networks, rooms
from storage.installations import REMEMBERED, Installation
from storage.rooms import Standing

INVITE = "Write /invite @Mellom in the channel."


@dataclass(frozen=True, slots=True)
class Known:
    """What we know of one installation, and whose it is."""

    row: Installation
    name: str
    rooms: list[Standing]

    @property
    def token(self) -> str | None:
        """None is the one in the settings."""
        return "" if self.row.secret is None and self.row.own else self.row.secret


async def settings(patient: Patient) -> list[Finding]:
    if patient.settings.slack is not None:
        return [Finding("Slack", "set")]
    own = [one for one in _everything(patient) if one.row.own]
    if own:
        return [Finding("Slack", f"no app in the settings, {len(own)} of organisations' own")]
    return [Finding("Slack", "off, no settings", "off")]


async def installed(patient: Patient) -> list[Finding]:
    """Each token, what it may do, and each channel that it is to speak in."""
    async with _calls(patient) as calls:
        everything = [*_everything(patient), *_not_met(patient)]
        found = [await _of_installation(patient, calls, one) for one in everything]
    return [finding for of_one in found for finding in of_one]


async def live(patient: Patient) -> list[Finding]:
    """What only a real workspace tells, if somebody named a channel to try it in."""
    if not slack_live.is_channel(patient.live):
        return []
    known = [(one.row.id, one.token) for one in _everything(patient) if not one.row.stopped]
    async with _calls(patient) as calls:
        return await slack_live.tried(calls, known, patient.live)


CHECKS: tuple[Check, ...] = (settings, installed, live)


def _everything(patient: Patient) -> list[Known]:
    if patient.database is None:
        return []
    with patient.database.begin(wall()) as uow:
        return [
            Known(row, _named(uow, row), rooms.standing(uow, row.id))
            for row in installations.every(uow, "slack")
        ]


@asynccontextmanager
async def _calls(patient: Patient) -> AsyncIterator[Calls]:
    token = patient.settings.slack.bot_token if patient.settings.slack else None
    calls = Calls(patient.settings.slack_api_url, token)
    try:
        yield calls
    finally:
        await calls.close()


def _not_met(patient: Patient) -> list[Known]:
    """The token in the settings, as long as Mellom has not run with it yet."""
    shared = patient.settings.slack
    if shared is None or shared.bot_token is None:
        return []
    if any(not one.row.own and one.row.secret is None for one in _everything(patient)):
        return []
    return [Known(Installation.of_settings("slack"), "Slack, SLACK_BOT_TOKEN", [])]


def _named(uow: UnitOfWork, row: Installation) -> str:
    whose = networks.organisation_name(uow, row.organisation) if row.organisation else row.tenant
    return f"Slack, installation {row.id} ({whose})"


async def _of_installation(patient: Patient, calls: Calls, one: Known) -> list[Finding]:
    row = one.row
    if row.reserved:
        remedy = f"When the app is made: mellom slack add --installation {row.id}"
        return [Finding(one.name, "waits for its secrets", "by hand", remedy)]
    if row.stopped_at is not None:
        until = f"{row.stopped_at + REMEMBERED:%Y-%m-%d}"
        words = f"stopped on {row.stopped_at:%Y-%m-%d}; its people are forgotten on {until}"
        return [Finding(one.name, words, "off")]
    found = await _asked(one.name, _anew(patient, one), lambda: _token(patient, calls, one))
    if found.state != "well":
        return [found]
    return [found, *[await _of_room(calls, one, room) for room in one.rooms]]


async def _asked(about: str, remedy: str, look: Callable[[], Awaitable[Finding]]) -> Finding:
    """What was found, or that Slack refuses or does not answer."""
    try:
        return await look()
    except Refused as problem:
        return Finding(about, f"Slack refuses us ({problem.reason})", "wrong", remedy)
    except (NotSent, InDoubt) as problem:
        words = f"Slack could not be asked ({problem.reason})"
        return Finding(
            about, words, "unsure", "Try again; if that does not help, look at the line."
        )


async def _token(patient: Patient, calls: Calls, one: Known) -> Finding:
    me, scopes = await calls.who(one.token)
    missing = sorted(set(SCOPES) - scopes)
    if not missing:
        return Finding(one.name, f"its token is good, in the workspace {me.get('team')}")
    number = f" --installation {one.row.id}" if one.row.own else ""
    remedy = (
        f"On the app's page App Manifest, put in what mellom manifest slack{number} prints. "
        f"{_anew(patient, one)}"
    )
    return Finding(one.name, f"lacks {', '.join(missing)}", "wrong", remedy)


def _anew(patient: Patient, one: Known) -> str:
    """How it is installed once more."""
    if one.row.own:
        return (
            "Install the app again on its page Install App, and give its new token: "
            f"mellom slack add --installation {one.row.id}"
        )
    if one.row.secret is None:
        return "Install the app again on its page Install App, and set SLACK_BOT_TOKEN anew."
    return (
        "Somebody in that workspace installs the app again: "
        f"{patient.settings.base_url}/slack/install"
    )


async def _of_room(calls: Calls, one: Known, room: Standing) -> Finding:
    return await _asked(_about(room.name, room), INVITE, lambda: _room(calls, one, room))


def _about(name: str | None, room: Standing) -> str:
    return f"Slack, {f'#{name}' if name else room.key} ({room.organisation})"


async def _room(calls: Calls, one: Known, room: Standing) -> Finding:
    channel = (await calls.read("conversations.info", one.token, channel=room.key))["channel"]
    about = _about(channel.get("name"), room)
    if channel.get("is_archived"):
        remedy = "Open it again, or connect another channel with a new code."
        return Finding(about, "the channel is archived", "wrong", remedy)
    if not channel.get("is_member"):
        return Finding(about, "Mellom is not in the channel", "wrong", INVITE)
    restricted = (channel.get("properties") or {}).get("posting_restricted_to")
    if restricted and one.row.bot_user not in (restricted.get("user") or []):
        remedy = "In the channel's settings, under posting permissions, let Mellom or all post."
        return Finding(about, "not everybody may post there", "wrong", remedy)
    if room.trouble:
        remedy = "Mellom tries again every ten minutes. Look at who may post there."
        return Finding(about, f"Slack refused a message ({room.trouble})", "wrong", remedy)
    return Finding(about, "Mellom is in the channel")
