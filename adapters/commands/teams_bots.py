"""`mellom teams`: bots of organisations' own, and the tenants in which a bot may be used."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections.abc import Iterator
from typing import Annotated

import typer

from adapters import settings
from adapters.commands import terminal
from adapters.operating import Refusal, network_named, organisation_named, unit_of_work
from adapters.teams import connector
from adapters.teams.credentials import Credentials
from adapters.teams.tokens import Tokens
from bot.outgoing import NotSent, Refused
from storage import UnitOfWork, installations, networks, tenants
from storage.installations import Installation

app = typer.Typer(help="Bots and tenants on Teams.", no_args_is_help=True)
tenant = typer.Typer(help="The tenants in which a bot may be used.", no_args_is_help=True)
app.add_typer(tenant, name="tenant")

Network = Annotated[str, typer.Option(help="The network's name.")]
Organisation = Annotated[str, typer.Option(help="The organisation's name.")]
App = Annotated[
    str, typer.Option("--app", help="The bot's application id; without it, TEAMS_APP_ID.")
]
Tenant = Annotated[str, typer.Argument(metavar="TENANT", help="The tenant's id.")]

_WHERE = "as its registration in Azure shows it: 00000000-0000-0000-0000-000000000000"


@app.command("add")
def add(
    network: Network,
    organisation: Organisation,
    app_id: Annotated[str, typer.Option("--app", help="The bot's application (client) id.")],
    tenant_id: Annotated[str, typer.Option("--tenant", help="Its directory (tenant) id.")],
    password_file: Annotated[
        str, typer.Option(help="A file with the client secret; - reads a line of what is piped in.")
    ] = "",
) -> None:
    """Add a bot of an organisation's own, in its own tenant."""
    configured = settings.read(os.environ)
    bot, home = _id(app_id, "--app"), _id(tenant_id, "--tenant")
    with unit_of_work() as uow:
        uow.seal("")  # Without a key its client secret could not be kept: that is told first.
        whose = organisation_named(uow, network_named(uow, network), organisation)
        _may_be_added(uow, configured, bot, home)
    password = terminal.secret("client secret", password_file, "--password-file")
    asyncio.run(_try(Credentials(bot, password, home), configured.microsoft))
    with unit_of_work() as uow:
        installations.keep(
            uow,
            platform="teams",
            app=bot,
            tenant=home,
            secret=password,
            own=True,
            organisation=whose,
        )
    typer.echo(f"Added: Microsoft takes the client secret. Next: mellom manifest teams --app {bot}")


@app.command("list")
def list_bots() -> None:
    """List the bots."""
    configured = settings.read(os.environ)
    with unit_of_work() as uow:
        lines = [_described(uow, row, configured) for row in installations.every(uow, "teams")]
    for line in lines:
        typer.echo(line)
    if not lines:
        typer.echo("There is no bot yet: set TEAMS_APP_ID, or run mellom teams add.")


@app.command("remove")
def remove(
    app_id: Annotated[str, typer.Argument(metavar="APP", help="The bot's application id.")],
) -> None:
    """Take out a bot of an organisation's own: its rooms end, and its client secret is wiped."""
    bot = _id(app_id, "APP")
    configured = settings.read(os.environ)
    if configured.teams is not None and configured.teams.app_id.casefold() == bot:
        raise Refusal("That is the bot of the settings: unset what begins with TEAMS_ instead.")
    with unit_of_work() as uow:
        found = [row for row in installations.every(uow, "teams") if row.app == bot]
        if not any(row.own and not row.stopped for row in found):
            raise Refusal(f"There is no bot {bot}. See: mellom teams list")
        for row in found:
            installations.remove(uow, row.id)
    typer.echo(
        f"Removed {bot}.\nIts client secret is wiped, and its channels are no longer part of a "
        f"network. What is known of its people is deleted in {installations.REMEMBERED.days} days."
        "\nThe app itself stays in Teams until an administrator deletes it there."
    )


@tenant.command("allow")
def allow(
    tenant_id: Tenant, network: Network, organisation: Organisation, app_id: App = ""
) -> None:
    """Let a bot be used in an organisation's tenant, beside its own."""
    there = _id(tenant_id, "TENANT")
    with unit_of_work() as uow:
        whose = organisation_named(uow, network_named(uow, network), organisation)
        tenants.allow(uow, _bot(uow, app_id).id, there, whose)
    typer.echo(f"Allowed. Next: mellom code --network {network!r} --organisation {organisation!r}")


@tenant.command("list")
def list_tenants() -> None:
    """List the tenants that are allowed, and those from which somebody tried."""
    with unit_of_work() as uow:
        bots = {row.id: row for row in installations.every(uow, "teams") if not row.stopped}
        lines = [*_own(bots), *_allowed(uow, bots), *_turned_away(uow, bots)]
    for line in lines:
        typer.echo(line)


@tenant.command("deny")
def deny(tenant_id: Tenant, app_id: App = "") -> None:
    """Let a bot be used in a tenant no longer: the rooms there end."""
    there = _id(tenant_id, "TENANT")
    with unit_of_work() as uow:
        bot = _bot(uow, app_id)
        if bot.tenant.casefold() == there:
            raise Refusal("That is the bot's own tenant, which it always serves.")
        if not tenants.deny(uow, bot.id, there):
            raise Refusal(f"{there} is not allowed. See: mellom teams tenant list")
    typer.echo(
        "Denied. The channels there are no longer part of a network. What is known of the people "
        f"there is deleted in {installations.REMEMBERED.days} days.\n"
        "The app itself stays in Teams until an administrator deletes it there."
    )


def _may_be_added(uow: UnitOfWork, configured: settings.Settings, bot: str, home: str) -> None:
    if configured.teams is not None and configured.teams.app_id.casefold() == bot:
        raise Refusal("--app is the bot of the settings, which is there already.")
    known = [row for row in installations.every(uow, "teams") if row.app == bot]
    if any(row.tenant != home and not row.stopped for row in known):
        raise Refusal(
            f"The bot {bot} is there with another tenant. Take it out first: "
            f"mellom teams remove {bot}"
        )


async def _try(credentials: Credentials, places: settings.Microsoft) -> None:
    """Really get a token: what Microsoft does not take is not kept."""
    async with connector.client() as http:
        try:
            await Tokens(http, time.time, places.token_url).get(credentials)
        except Refused as refused:
            raise Refusal(
                f"Microsoft does not take it ({refused.reason}). Nothing was kept. Check --app and "
                "--tenant, and give the client secret's value, not its id."
            ) from refused
        except NotSent as problem:
            raise Refusal(
                f"Microsoft cannot be asked now ({problem.reason}). Nothing was kept: try again."
            ) from problem


def _bot(uow: UnitOfWork, app_id: str) -> Installation:
    """The bot that is meant. That of the settings is known from its first start on: or from now."""
    teams = settings.read(os.environ).teams
    given = app_id or (teams.app_id if teams else "")
    if not given:
        raise Refusal("Which bot? Set TEAMS_APP_ID and what belongs to it, or name it with --app.")
    if teams is not None and teams.app_id.casefold() == given.casefold():
        installations.keep(uow, platform="teams", app=teams.app_id, tenant=teams.tenant_id)
    for row in installations.every(uow, "teams"):
        if row.app.casefold() == given.casefold() and not row.stopped:
            return row
    raise Refusal(f"There is no bot {given}. See: mellom teams list")


def _id(given: str, name: str) -> str:
    try:
        return str(uuid.UUID(given.strip()))
    except ValueError:
        raise Refusal(f"{name} is an id, {_WHERE}") from None


def _described(uow: UnitOfWork, row: Installation, configured: settings.Settings) -> str:
    teams = configured.teams
    is_set = teams is not None and (row.app, row.tenant) == (teams.app_id, teams.tenant_id)
    whose = "of the settings"
    if not is_set:
        whose = f"of {_organisation(uow, row.organisation)}" if row.own else "no longer set"
    state = ", removed" if row.stopped else ""
    return f"{row.app} in the tenant {row.tenant}: {whose}{state}"


def _organisation(uow: UnitOfWork, id: int | None) -> str:
    known = (
        f"{name} ({where})"
        for network, where, _language in networks.networks(uow)
        for found, name, _country, _spoken in networks.organisations(uow, network)
        if found == id
    )
    return next(known, "nobody")


def _own(bots: dict[int, Installation]) -> Iterator[str]:
    for bot in bots.values():
        yield f"{bot.tenant}: the bot's own ({bot.app})"


def _allowed(uow: UnitOfWork, bots: dict[int, Installation]) -> Iterator[str]:
    for one in tenants.listed(uow):
        if one.installation in bots:
            whose = f"{one.organisation} ({one.network})" if one.organisation else "nobody's"
            yield f"{one.tenant}: {whose}, allowed on {one.at:%Y-%m-%d}"


def _turned_away(uow: UnitOfWork, bots: dict[int, Installation]) -> Iterator[str]:
    for one in tenants.every_turned_away(uow):
        if one.installation in bots:
            yield (
                f"{one.tenant}: not allowed; somebody there last tried on "
                f"{one.last_at:%Y-%m-%d %H:%M} UTC. If it is a member's: "
                f"mellom teams tenant allow {one.tenant} --network NETWORK "
                "--organisation ORGANISATION"
            )
