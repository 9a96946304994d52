"""`mellom explain`."""

from __future__ import annotations

from typing import Annotated

import typer

from adapters.operating import network_named, unit_of_work
from bot.features import explaining, weighing


def explain(
    network: Annotated[str, typer.Option(help="The network's name.")],
    question: Annotated[str, typer.Option(help="Only whom this one is put to, such as Q-12.")] = "",
) -> None:
    """Say which rule decides about how many members: who are asked now and then, and of what use it
    was; or whom a question is put to. Nobody is named, and nothing is told of fewer than five."""
    with unit_of_work() as uow:
        id = network_named(uow, network)
        if question:
            number = number_of(question)
            typer.echo(f"Members whom Q-{number} is put to by name, as it would be decided now:")
            for line in explaining.by_name(id, number, uow):
                typer.echo(f"  {line}")
            return
        typer.echo("Members asked now and then, as it would be decided next:")
        for line in explaining.now_and_then(id, uow):
            typer.echo(f"  {line}")
        typer.echo("The use of asking them, in the last two months:")
        typer.echo(f"  {weighing.told(id, uow)}.")


def number_of(question: str) -> int:
    found = question.strip().upper().removeprefix("Q-")
    if not found.isascii() or not found.isdigit():
        raise typer.BadParameter("Name a question by its number: --question Q-12")
    return int(found)
