"""`mellom explain`."""

from __future__ import annotations

from typing import Annotated

import typer

from adapters.operating import network_named, unit_of_work
from bot.features import explaining


def explain(
    network: Annotated[str, typer.Option(help="The network's name.")],
) -> None:
    """Say which rule decides about how many members, who are asked now and then. Nobody is named,
    and what is fewer than five is not counted."""
    with unit_of_work() as uow:
        id = network_named(uow, network)
        typer.echo("Members asked now and then, as it would be decided next:")
        for line in explaining.now_and_then(id, uow):
            typer.echo(f"  {line}")
