"""`mellom slack add|list|remove` and `mellom manifest slack`."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from adapters.commands.addresses import public_url
from adapters.commands.slack_secrets import Found, examined, lasting, plausible
from adapters.commands.terminal import secret, show
from adapters.operating import Refusal, network_named, organisation_named, unit_of_work
from adapters.slack import manifest
from bot.language import LANGUAGES
from storage import UnitOfWork, installations, networks
from storage.installations import Installation

app = typer.Typer(help="Slack apps that organisations make for themselves.", no_args_is_help=True)

PAGES = "https://api.slack.com/apps"


@app.command("add")
def add(
    network: Annotated[str, typer.Option(help="The network's name.")] = "",
    organisation: Annotated[str, typer.Option(help="Whose app it is.")] = "",
    installation: Annotated[
        int, typer.Option(help="Its number: give its secrets, when the app has been made.")
    ] = 0,
    signing_secret_file: Annotated[
        str, typer.Option(help="Read the signing secret from this file; - is what is piped in.")
    ] = "",
    token_file: Annotated[
        str, typer.Option(help="Read the bot token from this file; - is what is piped in.")
    ] = "",
) -> None:
    """Add an organisation's own app: first reserve its number, then give its secrets."""
    if installation:
        _complete(installation, signing_secret_file, token_file)
    elif network and organisation:
        _reserve(network, organisation)
    else:
        raise Refusal(
            "Name whose app it is with --network and --organisation, or give --installation and "
            "the number that you were told then."
        )


@app.command("list")
def list_installations() -> None:
    """List where the app is installed, and the apps of organisations' own."""
    with unit_of_work() as uow:
        lines = [_line(one, uow) for one in installations.every(uow, "slack")]
    typer.echo("\n".join(lines) or "No workspace has the app yet.")


@app.command("remove")
def remove(number: Annotated[int, typer.Argument(help="As `mellom slack list` tells it.")]) -> None:
    """Wipe the secrets of an installation, and stop sending there."""
    with unit_of_work() as uow:
        known = _known(uow, number)
        installations.remove(uow, number)
    typer.echo(f"Removed {number}.")
    if not known.reserved:
        typer.echo(
            "Its secrets are wiped, and its channels are no longer part of a network. What is "
            f"known of its people is deleted in {installations.REMEMBERED.days} days.\n"
            f"The app itself stays in Slack until somebody deletes it there: {PAGES}"
        )


def print_manifest(
    installation: Annotated[int, typer.Option(help="The number of an organisation's own app.")] = 0,
    language: Annotated[str, typer.Option(help="nb, nn, da or en.")] = "",
    token_rotation: Annotated[
        bool, typer.Option("--token-rotation", help="Tokens that are good for twelve hours.")
    ] = False,
) -> None:
    """Print what Slack makes the app from: Create New App, From a manifest."""
    if language and language not in LANGUAGES:
        raise Refusal(f"--language is one of {', '.join(LANGUAGES)}.")
    if installation and token_rotation:
        raise Refusal(
            "--token-rotation is for the app that workspaces install through Mellom: the token of "
            "an organisation's own app is copied by hand, and has to last."
        )
    spoken = _language(installation) if installation else "en"
    show(
        manifest.manifest(
            public_url(),
            language or spoken,
            installation=installation or None,
            token_rotation=token_rotation,
        )
    )


def _reserve(network: str, organisation: str) -> None:
    with unit_of_work() as uow:
        uow.seal("")  # Without a key its secrets could not be kept: that is told first.
        whose = organisation_named(uow, network_named(uow, network), organisation)
        number = installations.reserve(uow, platform="slack", organisation=whose)
    typer.echo(
        f"Reserved as installation {number}. Next:\n"
        f"1. mellom manifest slack --installation {number}\n"
        f"2. {PAGES}: Create New App, From a manifest, the organisation's workspace; paste it.\n"
        "3. Install App: install it, and copy the Bot User OAuth Token. Basic Information: copy "
        "the Signing Secret.\n"
        f"4. mellom slack add --installation {number}\n"
        "5. Event Subscriptions: let Slack verify the request URL."
    )


def _complete(number: int, signing_secret_file: str, token_file: str) -> None:
    with unit_of_work() as uow:
        uow.seal("")
        known = _known(uow, number)
    if not known.own:
        raise Refusal(f"Installation {number} is of the app that the settings name, not its own.")
    signing = plausible(secret("signing secret", signing_secret_file, "--signing-secret-file"))
    token = lasting(secret("bot token", token_file, "--token-file"))
    found = asyncio.run(examined(token))
    with unit_of_work() as uow:
        _check_whose(uow, _known(uow, number), found)
        installations.complete(
            uow,
            number,
            app=found.app,
            tenant=found.team,
            bot_user=found.bot_user,
            bot=found.bot,
            secret=token,
            signing_secret=signing,
        )
    typer.echo(
        f"Added: installation {number} is {found.bot_name} in the workspace {found.team_name}.\n"
        "Whether the signing secret is right, Slack tells: on Event Subscriptions, let it verify "
        "the request URL. Then write /invite @Mellom in the channel."
    )


def _check_whose(uow: UnitOfWork, known: Installation, found: Found) -> None:
    """No number may become another app's, and no app have two."""
    if not known.reserved and (known.app, known.tenant) != (found.app, found.team):
        raise Refusal(
            f"Installation {known.id} is of another app or workspace: reserve another number with "
            "mellom slack add --network … --organisation …. Nothing was kept."
        )
    taken = installations.twin(uow, "slack", found.app, found.team, found.bot_user)
    if taken not in (None, known.id):
        raise Refusal(
            f"This app is installation {taken} already: the app whose number is {known.id} is to "
            f"be made from mellom manifest slack --installation {known.id}. Nothing was kept."
        )


def _known(uow: UnitOfWork, number: int) -> Installation:
    found = installations.one(uow, "slack", number)
    if found is None:
        raise Refusal(f"There is no installation {number} on Slack. See: mellom slack list")
    return found


def _language(number: int) -> str:
    """That of the organisation whose app it is."""
    with unit_of_work() as uow:
        known = _known(uow, number)
        if known.organisation is None:
            raise Refusal(f"Installation {number} is of the app that the settings name.")
        return networks.organisation_language(uow, known.organisation)


def _line(one: Installation, uow: UnitOfWork) -> str:
    whose = "the shared app" if one.organisation is None else "its own app"
    name = networks.organisation_name(uow, one.organisation) if one.organisation else None
    where = " · ".join(filter(None, [name, None if one.reserved else one.tenant]))
    return f"{one.id}  {where}, {whose}: {_state(one)}"


def _state(one: Installation) -> str:
    if one.reserved:
        return f"waits for its secrets, mellom slack add --installation {one.id}"
    if one.stopped_at is not None:
        return f"stopped {one.stopped_at:%Y-%m-%d}"
    return "installed"
