"""Combining: two suggestions that are the same become one. Both names stand on it, both authors are
told, and nobody's words are changed. Once one of them is voted on, it stays as it is."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import Answer, Button, Card, Form, Input, Open, Tell
from bot.drawn import member_name
from bot.features import charge, gate, nominated, private, problems, proposing
from bot.features.presence import Presence
from bot.incoming import Pressed, Submitted
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, nominations, overviews, polls, rooms
from storage.nominations import Nomination
from storage.polls import COUNTING, OPEN
from storage.privates import Private

MERGE = "poll-merge"
OFFERED = 100


def button(say: Speech, network: int) -> Button:
    return Button(MERGE, say("Merge two"), str(network), opens=True)


def free(network: int, uow: UnitOfWork) -> list[Nomination]:
    """Those that stand and are not being voted on."""
    voted_on = polls.in_state(uow, network, OPEN, COUNTING)
    listed = set(polls.listed(uow, voted_on.id)) if voted_on else set()
    return [of for of in nominations.standing(uow, network, OFFERED) if of.id not in listed]


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = charge.steering(incoming, incoming.value, uow)
    if who is None:
        return charge.refused(incoming, uow)
    offered = free(who.network, uow)
    if len(offered) < 2:
        return Tell.words(_too_few(who.say))
    return Open(form(who.network, offered, who.say))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    who = charge.steering(incoming, incoming.subject, uow)
    if who is None:
        return charge.refused(incoming, uow)
    rooms.lock_network(uow, who.network)
    offered = free(who.network, uow)
    if len(offered) < 2:
        return Tell.words(_too_few(who.say))
    known = {str(of.id): of for of in offered}
    one, into = (known.get(incoming.values.get(name, "")) for name in ("one", "into"))
    if one is None or into is None or one == into:
        return Open(form(who.network, offered, who.say, who.say("Choose two different ones.")))
    _merge(who, one, into, uow)
    return Tell.words(who.say("Both names stand on {title} now.", title=who.say.quoted(into.title)))


def _too_few(say: Speech) -> str:
    return say("There are no two suggestions to merge. What is voted on stays as it is.")


def _merge(who: Presence, one: Nomination, into: Nomination, uow: UnitOfWork) -> None:
    authors = [of.member for of in (one, into, *nominations.merged_into(uow, one.id))]
    nominations.merge(uow, one, into.id)
    charge.decided(who, uow)
    proposing.list_again(who.network, uow)
    facts = {"one": str(one.id), "into": str(into.id), "by": str(who.member)}
    for author in dict.fromkeys(authors):
        if author is None:
            continue
        overviews.redraw_of(uow, who.network, author)
        if author != who.member:
            private.tell(uow, gate.MERGED, who.network, author, facts)


def form(network: int, offered: Sequence[Nomination], say: Speech, problem: str = "") -> Form:
    choices = tuple((str(of.id), problems.label(of)) for of in offered)
    return Form(
        name=MERGE,
        title=say("Merge two"),
        submit=say("Merge", context="button"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(network),
        inputs=(
            Input("into", say("This one stays, with its words"), problem=problem, choices=choices),
            Input("one", say("This one is the same, and becomes part of it"), choices=choices),
        ),
        note=say("Both names stand on the one that stays, and both authors are told by whom."),
    )


@private.message(gate.MERGED)
def _merged(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    """Nothing, if one of them was withdrawn meanwhile."""
    one, into = (nominations.find(uow, kept.network, int(kept.facts[of])) for of in ("one", "into"))
    if one is None or into is None or one.merged is None:
        return None
    name = member_name(int(kept.facts["by"]), say, uow) or say("The facilitator")
    words = say(
        "{name} has made one of two suggestions that are about the same: {one} is now part of "
        "{into}. The names of both of you stand on it.",
        name=name,
        one=say.quoted(one.title),
        into=say.quoted(into.title),
    )
    return Card(
        title=say("Problem of the month"),
        text=Text.of(f"{words}\n\n{problems.text(into, say.language)}"),
        buttons=(nominated.button(say),),
    )
