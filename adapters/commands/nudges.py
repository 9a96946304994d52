"""`mellom organisation nudges`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

import typer

from adapters.operating import Refusal, network_named, organisation_named, unit_of_work
from bot.windows import day_of
from storage import informing

EXAMPLE = "2027-01-04"
FURTHEST = timedelta(days=400)
"""A day that is further away has a year mistyped."""


def change(
    name: str,
    network: Annotated[str, typer.Option(help="The network's name.")],
    informed: Annotated[
        str,
        typer.Option(help=f"The day on which its members and their unions are told: {EXAMPLE}."),
    ] = "",
    off: Annotated[bool, typer.Option("--off", help="Ask nobody there.")] = False,
) -> None:
    """Say when an organisation's people are told that members are asked now and then; from the day
    after, they may be. Without an option, say how it stands."""
    if off and informed:
        raise Refusal("--informed and --off say opposite things: give one of them.")
    with unit_of_work() as uow:
        organisation = organisation_named(uow, network_named(uow, network), name)
        today = day_of(uow.now)
        if off:
            informing.inform(uow, organisation, None)
        elif informed:
            informing.inform(uow, organisation, _read(informed, today))
        stands = informing.informed_on(uow, organisation)
    typer.echo(_words(name, stands, today))


def _read(written: str, today: date) -> date:
    try:
        # Not `fromisoformat`, to which a whole week is the name of its Monday.
        day = datetime.strptime(written.strip(), "%Y-%m-%d").date()
    except ValueError:
        raise Refusal(f"--informed is a day, as {EXAMPLE}; {written!r} is not.") from None
    if abs(day - today) > FURTHEST:
        raise Refusal(f"--informed {written} is more than a year away. Is its year right?")
    return day


def _words(name: str, informed: date | None, today: date) -> str:
    if informed is None:
        return f"{name}: off. Inform its members and their unions first, then: --informed {EXAMPLE}"
    if informed < today:
        return f"{name}: on, since its people were informed on {informed}. To stop it: --off"
    return f"{name}: off until {informed} has passed, on which its people are informed."
