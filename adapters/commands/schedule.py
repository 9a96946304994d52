"""`mellom schedule`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

import typer

from adapters.operating import network_named, unit_of_work
from bot import schedule
from bot.coming import Coming
from bot.drawn import when
from bot.language import speak
from storage import UnitOfWork, networks

AHEAD, LONGEST = 14, 370
"""Days that are told, and at most."""


def show(
    network: Annotated[str, typer.Option(help="Only this network.")] = "",
    days: Annotated[int, typer.Option(min=1, max=LONGEST, help="How far ahead.")] = AHEAD,
) -> None:
    """Say what Mellom is going to do by itself, to whom and why. Nothing is changed."""
    with unit_of_work() as uow:
        only = network_named(uow, network) if network else None
        known = [row for row in networks.networks(uow) if only in (None, row[0])]
        for id, name, _language in known:
            typer.echo(name)
            for line in _lines(id, days, uow):
                typer.echo(f"  {line}")
    if not known:
        typer.echo("There is no network yet. Make one: mellom network create NAME")


def _lines(network: int, days: int, uow: UnitOfWork) -> Iterator[str]:
    if pause := networks.paused(uow, network):
        yield f"paused since {when(pause.at, speak('en'), uow.now)}: nothing happens until it ends"
    found = schedule.coming(network, uow.now + timedelta(days=days), uow)
    for one in found:
        yield from _told(one, uow)
    if not found:
        yield f"nothing within {days} days"


def _told(one: Coming, uow: UnitOfWork) -> Iterator[str]:
    yield f"{when(one.at, speak('en'), uow.now)}: {one.what}"
    yield f"    to: {one.to}"
    yield f"    why: {one.why}"
