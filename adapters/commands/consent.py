"""`mellom consent`: which text was confirmed for which channel, by whom and when."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from adapters.commands import consent_page
from adapters.commands.consent_page import Section
from adapters.operating import Refusal, network_named, organisation_named, unit_of_work
from bot.drawn import shown_name
from bot.features import consent
from bot.language import speak
from storage import UnitOfWork, confirmations, networks
from storage.confirmations import Confirmation

app = typer.Typer(help="What was confirmed for the channels of a network.", no_args_is_help=True)

Network = Annotated[str, typer.Option(help="The network's name.")]
Organisation = Annotated[str, typer.Option(help="Only this organisation's.")]


@app.command("list")
def brief(network: Network) -> None:
    """List who confirmed which text for which channel, and who took it back."""
    with unit_of_work() as uow:
        found = _found(uow, network, "")
        for one in found:
            typer.echo(f"{_channel(one)}: text {one.text}")
            typer.echo(f"  {consent.story(one, speak('en'), uow, now=True)}")
    _say_if_none(found)


@app.command()
def show(network: Network, organisation: Organisation = "") -> None:
    """Show the texts, each in its organisation's language."""
    with unit_of_work() as uow:
        found = _found(uow, network, organisation)
        for one in found:
            section = _section(one, uow)
            lines = (f"- {item}" for item in section.items)
            typer.echo("\n".join((_channel(one), *lines, section.last, section.story, "")))
    _say_if_none(found)


@app.command("print")
def write(
    file: Annotated[Path, typer.Argument(help="The page to write, such as consent.html.")],
    network: Network,
    organisation: Organisation = "",
) -> None:
    """Write a page to be printed or kept, with each text as it was confirmed."""
    with unit_of_work() as uow:
        found = _found(uow, network, organisation)
        sections = [_section(one, uow) for one in found]
        name, language = _of_network(uow, network)
    if not found:
        raise Refusal(f"Nothing was confirmed in {network} yet: there is nothing to print.")
    try:
        file.write_text(consent_page.page(name, speak(language), sections), encoding="utf-8")
    except OSError as error:
        raise Refusal(f"{file} cannot be written: {error.strerror}.") from None
    typer.echo(f"Written: {file}")


def _found(uow: UnitOfWork, network: str, organisation: str) -> Sequence[Confirmation]:
    in_network = network_named(uow, network)
    found = confirmations.of_network(uow, in_network)
    if not organisation:
        return found
    only = organisation_named(uow, in_network, organisation)
    return [one for one in found if one.organisation == only]


def _section(one: Confirmation, uow: UnitOfWork) -> Section:
    say = speak(one.language)
    *items, last = consent.text(one.text, say).split("\n")
    return Section(
        language=one.language,
        organisation=shown_name(one.organisation_name),
        channel=shown_name(one.place_name) if one.place_name else "",
        version=one.text,
        items=tuple(items),
        last=last,
        story=consent.story(one, say, uow, now=True),
        stands=one.state != "ended",
    )


def _of_network(uow: UnitOfWork, network: str) -> tuple[str, str]:
    id = network_named(uow, network)
    [(name, language)] = [(row[1], row[2]) for row in networks.networks(uow) if row[0] == id]
    return name, language


def _channel(one: Confirmation) -> str:
    channel = f", {shown_name(one.place_name)}" if one.place_name else ""
    return f"{shown_name(one.organisation_name)}{channel}"


def _say_if_none(found: Sequence[Confirmation]) -> None:
    if not found:
        typer.echo("Nothing was confirmed yet. A channel confirms the card that it is shown.")
