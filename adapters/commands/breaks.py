"""`mellom organisation breaks`."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from typing import Annotated

import typer

from adapters.operating import Refusal, network_named, organisation_named, unit_of_work
from bot.calendar import Break
from storage import breaks

LONGEST = 100
"""Days that a break may last; a longer one has a year mistyped."""

EXAMPLE = "2027-02-22..2027-02-26"


def change(
    name: str,
    network: Annotated[str, typer.Option(help="The network's name.")],
    added: Annotated[
        list[str] | None,
        typer.Option("--break", help=f"Add one, as {EXAMPLE}; may be given several times."),
    ] = None,
    removed: Annotated[
        list[str] | None, typer.Option("--remove", help="Remove one, written the same way.")
    ] = None,
) -> None:
    """List, add or remove school breaks, in which an organisation's people are left in peace."""
    to_add = {_read("--break", written) for written in added or ()}
    to_remove = {_read("--remove", written) for written in removed or ()}
    with unit_of_work() as uow:
        organisation = organisation_named(uow, network_named(uow, network), name)
        known = {Break(*one) for one in breaks.of_organisation(uow, organisation).breaks}
        for one in to_remove - known:
            raise Refusal(f"{name} has no break {_words(one)}. {_those(known)}")
        kept = sorted(known - to_remove | to_add)
        _check_apart(kept)
        if kept != sorted(known):
            breaks.keep(uow, organisation, kept)
    typer.echo("\n".join(map(_words, kept)) if kept else f"None. Add one: --break {EXAMPLE}")


def _read(option: str, written: str) -> Break:
    """The days in their order, as the calendar has them."""
    first, _, last = written.strip().partition("..")
    try:
        found = Break(_day(first), _day(last or first))
    except ValueError:
        raise Refusal(
            f"{option} is the first day and the last, as {EXAMPLE}; {written!r} is not."
        ) from None
    if found.last < found.first:
        raise Refusal(f"{option} {written} ends before it begins.")
    if (found.last - found.first).days >= LONGEST:
        raise Refusal(f"{option} {written} is longer than {LONGEST} days. Are its years right?")
    return found


def _day(written: str) -> date:
    # Not `fromisoformat`, to which a whole week is the name of its Monday.
    return datetime.strptime(written.strip(), "%Y-%m-%d").date()


def _check_apart(found: list[Break]) -> None:
    for one, after in pairwise(found):
        if after.first <= one.last:
            raise Refusal(
                f"{_words(one)} and {_words(after)} overlap. Nothing was changed: leave one out, "
                "or remove the one that is there with --remove."
            )


def _those(found: set[Break]) -> str:
    return f"It has: {', '.join(map(_words, sorted(found)))}." if found else "It has none."


def _words(one: Break) -> str:
    return f"{one.first}..{one.last}"
