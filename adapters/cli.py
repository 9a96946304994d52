"""The `mellom` command: what an operator types."""

from __future__ import annotations

import asyncio
import errno
import os
import sys
from collections.abc import Coroutine, Iterable
from typing import Annotated, Any

import typer

from adapters import journal, running, settings
from adapters.commands import (
    breaks,
    consent,
    doctor,
    explain,
    nudges,
    schedule,
    slack,
    teams,
    teams_bots,
    webhook,
)
from adapters.operating import (
    Refusal,
    named,
    network_named,
    organisation_named,
    silent,
    unit_of_work,
)
from bot.drawn import when
from bot.features import joining
from bot.language import LANGUAGES, speak
from storage import NoSecretKey, Unreachable, networks
from storage.migrating import is_up_to_date, migrate
from storage.unit_of_work import connect

app = typer.Typer(
    help="Mellom carries one conversation between organisations, on Slack and on Teams.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
network = typer.Typer(help="Learning networks.", no_args_is_help=True)
organisation = typer.Typer(help="The organisations of a network.", no_args_is_help=True)
manifest = typer.Typer(help="The app, for Slack or Teams to read.", no_args_is_help=True)
app.add_typer(network, name="network")
app.add_typer(organisation, name="organisation")
app.add_typer(manifest, name="manifest")
app.add_typer(slack.app, name="slack")
app.add_typer(webhook.app, name="webhook")
app.add_typer(teams_bots.app, name="teams")
app.add_typer(consent.app, name="consent")

COUNTRIES = ("no", "dk")

LONGEST_CONTACT = 200


def main() -> None:
    """Run the command; a refusal is said in words, and the status is 2."""
    try:
        app()
    except settings.SettingsError as error:
        sys.exit(_refused(error.problems))
    except (Refusal, NoSecretKey) as error:
        sys.exit(_refused(error.args))
    except Unreachable as error:
        # What it says itself may hold the address, and with it the password.
        print(silent(error), file=sys.stderr)
        sys.exit(1)


@app.command("try")
def try_it() -> None:
    """Show a small network on this machine: a page, invented people, throw-away data."""
    from adapters.playground.page import running as page

    journal.start()
    if any(os.environ.get(name) for name in (*settings.SLACK, *settings.TEAMS, "DATABASE_URL")):
        raise Refusal(
            "mellom try uses throw-away data and will not start beside real settings: "
            "unset DATABASE_URL and everything that begins with SLACK_ or TEAMS_ first."
        )
    _run(page.serve(settings.read({"PORT": os.environ.get("PORT", "")}).port))


@app.command()
def run() -> None:
    """Web and worker in one process; brings the database up to date first."""
    configured = _configured()
    migrate(configured.database_url)
    _run(running.serve(configured, web=True, worker=True))


@app.command()
def web() -> None:
    """The web process: takes what comes in. Needs PostgreSQL, and a worker beside it."""
    configured = _apart()
    _run(running.serve(configured, web=True, worker=False))


@app.command()
def worker() -> None:
    """The worker process: sends what is to be shown. Needs PostgreSQL."""
    configured = _apart()
    _run(running.serve(configured, web=False, worker=True))


@app.command("migrate")
def bring_up_to_date() -> None:
    """Bring the database up to date."""
    migrate(_configured().database_url)
    typer.echo("The database is up to date.")


@app.command()
def code(
    network: Annotated[str, typer.Option(help="The network's name.")],
    organisation: Annotated[str, typer.Option(help="The organisation's name.")],
    role: Annotated[str, typer.Option(help="Give a person this role, instead.")] = "",
) -> None:
    """Make a one-time code: for a room of an organisation, or for a person's role."""
    if role and role not in joining.ROLES:
        raise Refusal(f"--role is one of {', '.join(joining.ROLES)}.")
    with unit_of_work() as uow:
        in_network = network_named(uow, network)
        made = joining.keep_code(
            uow,
            network=in_network,
            organisation=organisation_named(uow, in_network, organisation),
            role=role or None,
        )
    where = "to the bot in a direct message" if role else "in the channel that is to be the room"
    typer.echo(f"{made}\nWrite it {where}: @Mellom join {made}")
    typer.echo(f"It works once, within {joining.VALID_FOR.days} days.")
    if settings.read(os.environ).teams is not None:
        typer.echo(
            "On Teams, allow the tenant first if it is not the bot's own: mellom teams tenant"
        )


app.command("doctor")(doctor.examine)
app.command("schedule")(schedule.show)
app.command("explain")(explain.explain)


@network.command("create")
def create_network(
    name: str,
    language: Annotated[str, typer.Option(help="nb, nn, da or en.")] = "nb",
) -> None:
    """Create a network."""
    with unit_of_work() as uow:
        name = named(name)
        if _is_taken(name, networks.networks(uow)):
            raise Refusal(f"There is a network with the name {name!r} already.")
        networks.create_network(uow, name, _language(language))
    typer.echo(f"Created. Next: mellom organisation add --network {name!r} NAME")


@network.command("list")
def list_networks() -> None:
    """List the networks and their organisations."""
    with unit_of_work() as uow:
        known = networks.networks(uow)
        for id, name, language in known:
            typer.echo(f"{name} ({language})")
            if pause := networks.paused(uow, id):
                typer.echo(f"  paused since {when(pause.at, speak('en'), uow.now)}")
            for _id, organisation_name, country, spoken in networks.organisations(uow, id):
                typer.echo(f"  {organisation_name} ({country}, {spoken})")
    if not known:
        typer.echo("There is no network yet. Make one: mellom network create NAME")


@organisation.command("add")
def add_organisation(
    name: str,
    network: Annotated[str, typer.Option(help="The network's name.")],
    country: Annotated[str, typer.Option(help="no or dk.")],
    language: Annotated[str, typer.Option(help="nb, nn, da or en.")],
    contact: Annotated[
        str, typer.Option(help="Whom people tell about a breach: a function's name or address.")
    ] = "",
) -> None:
    """Add an organisation to a network."""
    if country not in COUNTRIES:
        raise Refusal(f"--country is one of {', '.join(COUNTRIES)}.")
    with unit_of_work() as uow:
        in_network, name = network_named(uow, network), named(name)
        if _is_taken(name, networks.organisations(uow, in_network)):
            raise Refusal(f"{network} has an organisation with the name {name!r} already.")
        networks.add_organisation(
            uow,
            network=in_network,
            name=name,
            country=country,
            language=_language(language),
            contact=_contact(contact),
        )
    typer.echo(f"Added. Next: mellom code --network {network!r} --organisation {name!r}")


organisation.command("breaks")(breaks.change)
organisation.command("nudges")(nudges.change)
manifest.command("slack")(slack.print_manifest)
manifest.command("teams")(teams.write_package)


def _configured() -> settings.Settings:
    journal.start()
    return settings.read(os.environ)


def _apart() -> settings.Settings:
    """Settings for web and worker apart, which share PostgreSQL."""
    configured = _configured()
    if configured.database_url.startswith("sqlite"):
        raise Refusal(
            "DATABASE_URL is SQLite, which serves one process: use mellom run, or set "
            "DATABASE_URL to a PostgreSQL database to run web and worker apart."
        )
    database = connect(configured.database_url)
    try:
        if not is_up_to_date(database):
            raise Refusal("The database is behind this version: run mellom migrate first.")
    finally:
        database.close()
    return configured


def _is_taken(name: str, rows: Iterable[tuple[Any, ...]]) -> bool:
    """People tell names apart by their words, not by capital letters."""
    return any(row[1].casefold() == name.casefold() for row in rows)


def _contact(contact: str) -> str | None:
    if len(contact) > LONGEST_CONTACT or not contact.isprintable():
        raise Refusal(f"--contact has at most {LONGEST_CONTACT} visible characters.")
    return contact.strip() or None


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise Refusal(f"--language is one of {', '.join(LANGUAGES)}.")
    return language


def _run(work: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(work)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise Refusal(
            "The port cannot be listened on: set PORT to one that is free and above 1023."
        ) from error


def _refused(problems: tuple[str, ...]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    return 2
