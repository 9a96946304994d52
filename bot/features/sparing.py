"""Sparing: whoever runs the network switches off, for an organisation, that its members are asked
now and then. On again needs the day on which people there were told, which the operator knows."""

from __future__ import annotations

from collections.abc import Iterable

from bot.cards import Answer, Button, Form, Input, Item, Open, Tell
from bot.drawn import shown_name
from bot.features import charge, measuring
from bot.features.presence import Presence
from bot.incoming import Pressed, Submitted
from bot.language import Speech
from storage import UnitOfWork, overviews
from storage import informing as stored

OFF = "spare"


def item(network: int, say: Speech, uow: UnitOfWork) -> Iterable[Item]:
    """The switch, where it is on anywhere."""
    if stored.switched_on(uow, network):
        switch = Button(OFF, say("Switch off"), str(network), opens=True)
        yield Item(say("Some members are asked now and then"), button=switch)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = _who(incoming, incoming.value, uow)
    if who is None:
        return charge.refused(incoming, uow)
    return _asked(who, uow)


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    who = _who(incoming, incoming.subject, uow)
    if who is None:
        return charge.refused(incoming, uow)
    on = dict(_on(who.network, uow))
    chosen = incoming.values.get("organisation", "")
    if chosen not in on:
        return _asked(who, uow, who.say("Choose an organisation."))
    # What waits to be sent is decided once more then, and dropped.
    stored.inform(uow, int(chosen), None)
    overviews.redraw_all(uow, who.network, overviews.NETWORK)
    return Tell.words(
        who.say(
            "From now on nobody at {organisation} is asked now and then.", organisation=on[chosen]
        )
    )


def _who(incoming: Pressed | Submitted, value: str, uow: UnitOfWork) -> Presence | None:
    who = charge.in_charge(incoming, value, uow)
    return who if who is not None and measuring.is_for(who.member, uow) else None


def _asked(who: Presence, uow: UnitOfWork, problem: str = "") -> Answer:
    on = _on(who.network, uow)
    if not on:
        return Tell.words(who.say("It is switched off everywhere already."))
    return Open(form(str(who.network), on, who.say, problem))


def _on(network: int, uow: UnitOfWork) -> tuple[tuple[str, str], ...]:
    found = stored.switched_on(uow, network)
    return tuple((str(id), shown_name(name)[:75]) for id, name in found)


def form(
    subject: str, organisations: tuple[tuple[str, str], ...], say: Speech, problem: str = ""
) -> Form:
    return Form(
        name=OFF,
        title=say("Asked now and then"),
        submit=say("Switch off"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=subject,
        intro=say(
            "It stops at once. It can be switched on again by whoever operates Mellom, with the "
            "day on which the organisation has told its people about it."
        ),
        inputs=(
            Input(
                name="organisation",
                label=say("Organisation"),
                problem=problem,
                choices=organisations,
            ),
        ),
    )
