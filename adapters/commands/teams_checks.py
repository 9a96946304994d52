"""What `mellom doctor` looks at of Teams: each bot's token, the keys, its channels and tenants."""

from __future__ import annotations

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from adapters.commands import teams_live
from adapters.commands.checkup import Check, Finding, Patient
from adapters.on_teams import known_bots
from adapters.settings import Teams
from adapters.teams import connector, keys, manifest
from adapters.teams.bots import Bot
from adapters.teams.credentials import Credentials, Hosts
from adapters.teams.tokens import Tokens
from adapters.writing import wall
from bot.features import reach
from bot.outgoing import NotSent, Refused
from storage import UnitOfWork, installations, networks, rooms, tenants
from storage.installations import REMEMBERED, Installation
from storage.rooms import Standing
from storage.tenants import TurnedAway

LATER = "Try again; if that does not help, look at the line."


@dataclass(frozen=True, slots=True)
class Known:
    """What we know of one installation, and whose it is."""

    row: Installation
    name: str
    bot: Bot | None
    rooms: list[Standing]
    turned_away: list[TurnedAway]


async def settings(patient: Patient) -> list[Finding]:
    if patient.settings.teams is not None:
        return [Finding("Teams", "set")]
    own = [one for one in _everything(patient) if one.row.own and not one.row.stopped]
    if own:
        return [Finding("Teams", f"no bot in the settings, {len(own)} of organisations' own")]
    return [Finding("Teams", "off, no settings", "off")]


async def installed(patient: Patient) -> list[Finding]:
    """Each bot's token, its channels, and who tried to use it elsewhere."""
    everything = [*_everything(patient), *_not_met(patient)]
    async with connector.client() as http:
        tokens = Tokens(http, time.time, patient.settings.microsoft.token_url)
        found = [
            finding
            for one in everything
            for finding in await _of_installation(patient, tokens, one)
        ]
    if not any(one.bot for one in everything):
        return found
    return [*found, await _keys(patient), _package()]


async def live(patient: Patient) -> list[Finding]:
    """What only a real tenant tells, if somebody named a channel to try it in."""
    if not teams_live.is_channel(patient.live) or patient.database is None:
        return []
    with patient.database.begin(wall()) as uow:
        bots = list(known_bots(uow, patient.settings.teams))
        places = {
            bot.installation: rooms.address_at(uow, bot.installation, patient.live) for bot in bots
        }
    return await teams_live.tried(patient, bots, places)


CHECKS: tuple[Check, ...] = (settings, installed, live)


def _everything(patient: Patient) -> list[Known]:
    if patient.database is None:
        return []
    with patient.database.begin(wall()) as uow:
        bots = {bot.installation: bot for bot in known_bots(uow, patient.settings.teams)}
        turned_away = tenants.every_turned_away(uow)
        return [
            Known(
                row,
                _named(uow, row),
                bots.get(row.id),
                rooms.standing(uow, row.id),
                [one for one in turned_away if one.installation == row.id],
            )
            for row in installations.every(uow, "teams")
        ]


def _not_met(patient: Patient) -> list[Known]:
    """The bot of the settings, as long as Mellom has not run with it yet."""
    teams = patient.settings.teams
    if teams is None or any(_is(one.row, teams) for one in _everything(patient)):
        return []
    bot = Bot(0, Credentials(teams.app_id, teams.app_password, teams.tenant_id))
    row = Installation.of_settings("teams")
    return [Known(row, f"Teams, the bot {teams.app_id} of the settings", bot, [], [])]


def _is(row: Installation, teams: Teams) -> bool:
    return (row.app, row.tenant) == (teams.app_id, teams.tenant_id)


def _named(uow: UnitOfWork, row: Installation) -> str:
    whose = networks.organisation_name(uow, row.organisation) if row.organisation else ""
    return f"Teams, the bot {row.app} of {whose}" if whose else f"Teams, the bot {row.app}"


async def _of_installation(patient: Patient, tokens: Tokens, one: Known) -> list[Finding]:
    if one.row.stopped_at is not None:
        until = f"{one.row.stopped_at + REMEMBERED:%Y-%m-%d}"
        words = f"removed on {one.row.stopped_at:%Y-%m-%d}; its people are forgotten on {until}"
        return [Finding(one.name, words, "off")]
    if one.bot is None:
        return [Finding(one.name, "no longer in the settings", "off")]
    found = [await _token(tokens, one, one.bot)]
    found += [_room(patient, one.bot, room) for room in one.rooms]
    return [*found, *(_turned_away(tried) for tried in one.turned_away)]


async def _token(tokens: Tokens, one: Known, bot: Bot) -> Finding:
    try:
        await tokens.get(bot.credentials)
    except Refused as problem:
        words = f"Microsoft gives it no token ({problem.reason})"
        return Finding(one.name, words, "wrong", _anew(one))
    except NotSent as problem:
        words = f"Microsoft could not be asked ({problem.reason})"
        return Finding(one.name, words, "unsure", LATER)
    return Finding(one.name, "Microsoft gives it a token")


def _anew(one: Known) -> str:
    """Client secrets end, after two years at the latest."""
    make = "Make a new client secret in its registration, and"
    if not one.row.own:
        return f"{make} set TEAMS_APP_PASSWORD. Check TEAMS_APP_ID and TEAMS_TENANT_ID, too."
    return (
        f"{make} give it: mellom teams add --network NETWORK --organisation ORGANISATION "
        f"--app {one.row.app} --tenant {one.row.tenant}"
    )


def _room(patient: Patient, bot: Bot, room: Standing) -> Finding:
    about = f"Teams, {room.name or room.key} ({room.organisation})"
    url = room.address.get("serviceUrl", "")
    if not Hosts(patient.settings.microsoft.service_hosts).allow(url):
        words = f"Teams answers for it at {urlsplit(url).netloc or 'no address'}, which is unknown"
        remedy = "If that is Microsoft's, name it in TEAMS_SERVICE_HOSTS."
        return Finding(about, words, "wrong", remedy)
    tenant = room.address.get("tenant", "")
    if not bot.serves(tenant):
        remedy = f"mellom teams tenant allow {tenant} --network NETWORK --organisation ORGANISATION"
        return Finding(about, f"its tenant {tenant} is not allowed", "wrong", remedy)
    if room.trouble:
        remedy = "Mellom tries again every ten minutes. Look whether the app is still in the team."
        return Finding(about, f"Teams refused a message ({room.trouble})", "wrong", remedy)
    if room.reads == reach.ALL:
        return Finding(about, "every message there reaches Mellom")
    if room.reads is None:
        words = "it is not known yet whether more than mentions reach Mellom"
        return Finding(about, words, "by hand", "Write something there that does not mention it.")
    words = "only messages that mention Mellom have reached it"
    remedy = (
        f"An owner of the team lets it read the channel ({manifest.READ_CHANNELS}) when adding the "
        "app; if it is there without, remove it and add it again, with a new code."
    )
    return Finding(about, words, "by hand", remedy)


def _turned_away(tried: TurnedAway) -> Finding:
    words = f"not allowed, and somebody there tried, last on {tried.last_at:%Y-%m-%d %H:%M} UTC"
    remedy = (
        f"If it is a member's: mellom teams tenant allow {tried.tenant} --network NETWORK "
        "--organisation ORGANISATION"
    )
    return Finding(f"Teams, tenant {tried.tenant}", words, "by hand", remedy)


async def _keys(patient: Patient) -> Finding:
    about, url = "Teams, keys", patient.settings.microsoft.openid_metadata_url
    try:
        found = await keys.published(url)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, LookupError) as problem:
        words = f"{url} cannot be read ({type(problem).__name__})"
        remedy = "Let Mellom reach it: until then no request from Teams can be told to be genuine."
        return Finding(about, words, "wrong", remedy)
    good = sum("msteams" in key.endorsements for key in found.values())
    return Finding(about, f"those with which Teams signs can be read ({good})")


def _package() -> Finding:
    words = f"this Mellom makes version {manifest.VERSION}"
    remedy = (
        "The Teams admin centre shows which is uploaded (Teams apps, Manage apps). If it is lower, "
        "upload what mellom manifest teams writes."
    )
    return Finding("Teams, app package", words, "by hand", remedy)
