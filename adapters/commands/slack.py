"""`mellom manifest slack`."""

from __future__ import annotations

from adapters.commands.addresses import public_url
from adapters.commands.terminal import show
from adapters.slack import manifest


def print_manifest() -> None:
    """Print what Slack makes the app from: Create New App, From a manifest."""
    show(manifest.manifest(public_url()))
