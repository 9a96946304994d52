"""`mellom webhook`: channels that are only told what there is, through an incoming webhook."""

from __future__ import annotations

import hashlib
import os
from typing import Annotated

import typer

from adapters import settings
from adapters.commands import terminal
from adapters.operating import Refusal, network_named, organisation_named, unit_of_work
from adapters.webhook.addresses import Hosts, Kind, NotAWebhook
from bot.features import consent, oneway
from bot.language import Speech, speak
from storage import UnitOfWork, confirmations, installations, networks, webhooks

app = typer.Typer(
    help="Channels that take part one way, through an incoming webhook.", no_args_is_help=True
)

LONGEST = 200

Network = Annotated[str, typer.Option(help="The network's name.")]
Organisation = Annotated[str, typer.Option(help="The organisation's name.")]


@app.command()
def add(
    network: Network,
    organisation: Organisation,
    answer_to: Annotated[
        str, typer.Option(help="Where people there read and answer: shown under every note.")
    ],
    confirmed_by: Annotated[
        str, typer.Option(help="Who confirmed the text for the organisation: a function, no name.")
    ],
    url_file: Annotated[
        str, typer.Option(help="A file with the webhook's address; else you are asked for it.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="The text has been confirmed.")] = False,
) -> None:
    """Let a channel be told what is asked in the network."""
    answer_to, confirmed_by = (
        _words("--answer-to", answer_to),
        _words("--confirmed-by", confirmed_by),
    )
    configured = settings.read(os.environ)
    if configured.vault is None:
        raise Refusal(
            "MELLOM_SECRET_KEY is missing: it encrypts the webhook's address. Set it to at least "
            "16 characters that nobody can guess, here and for the processes."
        )
    say = _speech_of(network, organisation)
    url = terminal.secret("webhook's address", url_file, "--url-file")
    kind = _kind(url, configured.webhook_hosts)
    typer.echo(consent.text(consent.ONE_WAY, say))
    if not yes and not typer.confirm(f"Has this been confirmed by: {confirmed_by}"):
        raise Refusal("Nothing was kept: the text must be confirmed for the organisation first.")
    with unit_of_work() as uow:
        in_network = network_named(uow, network)
        _add(
            uow,
            in_network,
            organisation_named(uow, in_network, organisation),
            kind,
            url,
            confirmed_by,
            answer_to,
        )
    typer.echo("Added. A first note is on its way to the channel when mellom run is running.")


@app.command("list")
def show(network: Network) -> None:
    """List the channels that are told, and who confirmed that. Their addresses are not shown."""
    with unit_of_work() as uow:
        known = webhooks.of_network(uow, network_named(uow, network))
    say = speak("en")
    for one in known:
        typer.echo(f"{one.organisation_name} ({one.kind}): answers go to {one.answer_to}")
        typer.echo(f"  Confirmed by {one.confirmed_as}, {say.date(one.confirmed_at)}")
        if one.trouble:
            typer.echo(f"  Its notes do not arrive ({one.trouble}): remove it and add it anew.")
    if not known:
        typer.echo("No channel is told through a webhook. Add one: mellom webhook add")


@app.command()
def remove(
    network: Network,
    organisation: Organisation,
    by: Annotated[str, typer.Option(help="Who takes it back: a function, no name.")],
) -> None:
    """Send nothing more to a channel, and forget its address."""
    by = _words("--by", by)
    with unit_of_work() as uow:
        in_network = network_named(uow, network)
        found = webhooks.of_organisation(uow, organisation_named(uow, in_network, organisation))
        if found is None:
            raise Refusal(f"{organisation} has no webhook. See: mellom webhook list")
        confirmations.withdraw(uow, found.room, function=by)
        installations.stop(uow, found.installation)
    typer.echo("Removed. What the channel was told still stands there; its people can delete it.")


def _speech_of(network: str, organisation: str) -> Speech:
    """How the organisation is spoken to. A person is asked only when this is known to be right."""
    with unit_of_work() as uow:
        id = organisation_named(uow, network_named(uow, network), organisation)
        if webhooks.of_organisation(uow, id) is not None:
            raise Refusal(
                f"{organisation} has a webhook already. To use another one, first: "
                "mellom webhook remove"
            )
        return speak(networks.organisation_language(uow, id))


def _add(
    uow: UnitOfWork,
    network: int,
    organisation: int,
    kind: Kind,
    url: str,
    confirmed_by: str,
    answer_to: str,
) -> None:
    # The address is a secret, so what it is known by is made of it and does not tell it.
    key = hashlib.sha256(url.encode()).hexdigest()
    if webhooks.is_used(uow, key):
        raise Refusal("That webhook is used already: make one for each channel.")
    installation = installations.keep(uow, platform="webhook", app=kind, tenant=key, secret=url)
    oneway.connect(
        uow,
        network=network,
        organisation=organisation,
        installation=installation,
        key=key,
        confirmed_as=confirmed_by,
        answer_to=answer_to,
    )


def _kind(url: str, extra: tuple[str, ...]) -> Kind:
    try:
        return Hosts(extra).kind(url)
    except NotAWebhook as problem:
        raise Refusal(f"{problem} Nothing was kept.") from None


def _words(option: str, given: str) -> str:
    words = " ".join(given.split())
    if not words or len(words) > LONGEST or not words.isprintable():
        raise Refusal(f"{option} has 1 to {LONGEST} visible characters.")
    return words
