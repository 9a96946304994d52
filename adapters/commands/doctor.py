"""`mellom doctor`: what is set up and how it is, in words, with what to do."""

from __future__ import annotations

import asyncio
import os
import sys

import typer

from adapters import settings
from adapters.commands import slack_checks, teams_checks
from adapters.commands.checkup import Check, Finding, Patient
from adapters.operating import as_it_is, is_behind

CHECKS: tuple[Check, ...] = (*slack_checks.CHECKS, *teams_checks.CHECKS)


def examine() -> None:
    """Check the settings, the database and the platforms, and say what to do."""
    configured = settings.read(os.environ)
    with as_it_is(configured) as database:
        behind = is_behind(database)
        patient = Patient(configured, None if behind else database)
        findings = asyncio.run(_examined(patient))
    for finding in [*findings, _of_database(behind)]:
        typer.echo(str(finding))
    if any(finding.state == "wrong" for finding in findings):
        sys.exit(1)


async def _examined(patient: Patient) -> list[Finding]:
    return [finding for check in CHECKS for finding in await check(patient)]


def _of_database(behind: bool) -> Finding:
    return Finding("Database", "behind, run mellom migrate" if behind else "up to date")
