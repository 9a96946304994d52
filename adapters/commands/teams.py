"""`mellom manifest teams`."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import Annotated

import typer

from adapters.commands.addresses import is_page, public_url
from adapters.operating import Refusal
from adapters.teams import manifest


def write_package(
    output: Annotated[Path, typer.Option(help="The file to write.")] = Path("mellom.zip"),
    app: Annotated[
        str, typer.Option(help="The bot's application id; without it, TEAMS_APP_ID.")
    ] = "",
    developer: Annotated[
        str, typer.Option(help="Who runs this Mellom, as Teams shows it.")
    ] = manifest.NAME,
    privacy: Annotated[
        str, typer.Option(help="The page that says how you treat personal data.")
    ] = "",
    terms: Annotated[str, typer.Option(help="The page with your terms of use.")] = "",
) -> None:
    """Write the app package that an administrator uploads to Teams."""
    if not 0 < len(developer) <= manifest.DEVELOPER or not developer.isprintable():
        raise Refusal(f"--developer has 1 to {manifest.DEVELOPER} visible characters.")
    for option, page in (("--privacy", privacy), ("--terms", terms)):
        if page and not is_page(page):
            raise Refusal(f"{option} is a page's address: write it as https://host/path")
    made = manifest.manifest(
        _app(app),
        public_url(),
        developer=developer,
        privacy=privacy or None,
        terms=terms or None,
    )
    _write(output, manifest.package(made))
    typer.echo(
        f"Wrote {output}, version {manifest.VERSION} of the app {made['id']}.\n"
        "Upload it in each tenant: Teams admin centre, Teams apps, Manage apps."
    )


def _write(output: Path, package: bytes) -> None:
    try:
        output.write_bytes(package)
    except OSError as error:
        raise Refusal(
            f"{output} cannot be written ({type(error).__name__}): name another file with --output."
        ) from error


def _app(given: str) -> str:
    name = "--app" if given else "TEAMS_APP_ID"
    try:
        return str(uuid.UUID((given or os.environ.get("TEAMS_APP_ID", "")).strip()))
    except ValueError:
        raise Refusal(
            f"{name} must be the bot's application id, as its registration in Azure shows it: "
            "00000000-0000-0000-0000-000000000000"
        ) from None
