"""`mellom manifest teams`."""

from __future__ import annotations

import os
import uuid
from typing import Annotated

import typer

from adapters.commands.addresses import is_page, public_url
from adapters.commands.terminal import show
from adapters.operating import Refusal
from adapters.teams import manifest


def print_manifest(
    developer: Annotated[
        str, typer.Option(help="Who runs this Mellom, as Teams shows it.")
    ] = manifest.NAME,
    privacy: Annotated[
        str, typer.Option(help="The page that says how you treat personal data.")
    ] = "",
    terms: Annotated[str, typer.Option(help="The page with your terms of use.")] = "",
) -> None:
    """Print manifest.json, which goes into the app package beside its two icons."""
    if not 0 < len(developer) <= manifest.DEVELOPER or not developer.isprintable():
        raise Refusal(f"--developer has 1 to {manifest.DEVELOPER} visible characters.")
    for option, page in (("--privacy", privacy), ("--terms", terms)):
        if page and not is_page(page):
            raise Refusal(f"{option} is a page's address: write it as https://host/path")
    show(
        manifest.manifest(
            _app(),
            public_url(),
            developer=developer,
            privacy=privacy or None,
            terms=terms or None,
        )
    )


def _app() -> str:
    try:
        return str(uuid.UUID(os.environ.get("TEAMS_APP_ID", "").strip()))
    except ValueError:
        raise Refusal(
            "TEAMS_APP_ID must be the bot's application id, as its registration in Azure shows "
            "it: 00000000-0000-0000-0000-000000000000"
        ) from None
