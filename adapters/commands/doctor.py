"""`mellom doctor`: what is set up and how it is, in words, with what to do."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Annotated

import httpx
import typer

from adapters import settings
from adapters.commands import slack_checks, teams_checks, webhook_checks
from adapters.commands.checkup import Check, Finding, Patient
from adapters.operating import as_it_is, is_behind
from adapters.tls import trust

PATIENCE = 5.0
"""Seconds in which our own address has to answer."""


def examine(
    reach: Annotated[
        bool, typer.Option("--reach", help="Call MELLOM_BASE_URL, too, as the platforms do.")
    ] = False,
    live: Annotated[
        str, typer.Option(help="The id of a channel: write, edit and delete a message there.")
    ] = "",
) -> None:
    """Check the settings, the database and the platforms, and say what to do."""
    configured = settings.read(os.environ)
    with as_it_is(configured) as database:
        behind = is_behind(database)
        patient = Patient(configured, None if behind else database, reach, live)
        findings = asyncio.run(_examined(patient))
    for finding in findings:
        typer.echo(str(finding))
    if any(finding.state == "wrong" for finding in findings):
        sys.exit(1)


async def _examined(patient: Patient) -> list[Finding]:
    return [finding for check in CHECKS for finding in await check(patient)]


async def _database(patient: Patient) -> list[Finding]:
    behind = patient.database is None
    return [Finding("Database", "behind, run mellom migrate" if behind else "up to date")]


async def _address(patient: Patient) -> list[Finding]:
    """Whether what answers at our address is a Mellom; nobody else is called."""
    url = patient.settings.base_url
    if not patient.reach:
        return []
    if url is None:
        remedy = "Set it to the address at which Slack and Teams reach this Mellom."
        return [Finding("MELLOM_BASE_URL", "missing", "wrong", remedy)]
    try:
        async with httpx.AsyncClient(verify=trust(), timeout=PATIENCE) as http:
            answer = await http.get(f"{url}/health")
        told = answer.json()
    except (httpx.HTTPError, ValueError) as problem:
        remedy = "Start mellom run or mellom web, and look at what does https in front of it."
        words = f"no Mellom answers there ({type(problem).__name__})"
        return [Finding("MELLOM_BASE_URL", words, "wrong", remedy)]
    return [_of_health(answer.status_code, told)]


def _of_health(status: int, told: object) -> Finding:
    about = "MELLOM_BASE_URL"
    if not isinstance(told, dict) or "database" not in told:
        remedy = "Something else answers there: look at where it leads."
        return Finding(about, "no Mellom answers there", "wrong", remedy)
    if status != 200:
        remedy = "Look at its log, and whether a worker runs."
        return Finding(about, f"reached, and not well ({status})", "wrong", remedy)
    return Finding(about, "reached, and well")


CHECKS: tuple[Check, ...] = (
    slack_checks.CHECKS[0],
    teams_checks.CHECKS[0],
    _database,
    _address,
    *slack_checks.CHECKS[1:],
    *teams_checks.CHECKS[1:],
    *webhook_checks.CHECKS,
)
"""What is set comes first, then each in depth."""
