"""Belonging: somebody from a workspace or tenant that nobody knows is asked for which organisation
they speak. Nothing is guessed from a name or an address."""

from __future__ import annotations

from bot.cards import Answer, Button, Card, Form, Input, Open, Tell
from bot.drawn import member_name, shown_name
from bot.features import everywhere, gate, joining, private
from bot.features.presence import Presence, present_in_each
from bot.graphemes import cut
from bot.incoming import Pressed, Submitted
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, belonging, members, networks, people
from storage.privates import Private

BELONG = "belong"
LISTED = 99
"""Organisations to choose from; a list has a hundred lines, and one is for those of none."""

LONGEST = 75


@private.message(gate.BELONGING)
def _ask(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    if belonging.home_of(uow, kept.member) is None:
        return None
    network = shown_name(networks.network_name(uow, kept.network))
    words = say(
        "You write in the network {network}, and I do not know for which organisation. Until you "
        "choose, your name stands there with {organisation}, whose channel you wrote in.",
        network=network,
        organisation=_stands_under(kept.member, uow),
    )
    choose = Button(BELONG, say("Choose organisation"), str(kept.network), "primary", opens=True)
    return Card(text=Text.of(words), buttons=(choose,))


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = _asked(incoming, incoming.value, uow)
    if isinstance(who, Tell):
        return who
    return Open(form(who.network, choices(who.network, who.say, uow), who.say))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    who = _asked(incoming, incoming.subject, uow)
    if isinstance(who, Tell):
        return who
    people.lock(uow, who.member)
    told = choose(who, incoming.values.get("organisation", ""), uow)
    if told is None:
        return Open(form(who.network, choices(who.network, who.say, uow), who.say))
    return Tell.words(told)


def choose(who: Presence, chosen: str, uow: UnitOfWork) -> str | None:
    """What the member is told who has chosen; None if that is no organisation of the network."""
    if chosen == belonging.NOWHERE:
        return _to_none(who, uow)
    if chosen not in {str(id) for id, *_ in networks.organisations(uow, who.network)}:
        return None
    belonging.place(uow, who.member, int(chosen))
    everywhere.redraw_all_of(uow, who.member)
    name = _stands_under(who.member, uow)
    return who.say(
        "Thank you. Your name stands with {organisation} from now on.", organisation=name
    )


def form(network: int, choices: tuple[tuple[str, str], ...], say: Speech) -> Form:
    return Form(
        name=BELONG,
        title=say("Choose organisation"),
        submit=say("Save"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(network),
        intro=say("What you have written so far moves along."),
        inputs=(field(choices, say),),
    )


def field(choices: tuple[tuple[str, str], ...], say: Speech) -> Input:
    return Input("organisation", say("For which organisation do you write?"), choices=choices)


def choices(network: int, say: Speech, uow: UnitOfWork) -> tuple[tuple[str, str], ...]:
    named = networks.organisations(uow, network)[:LISTED]
    listed = [(str(id), cut(shown_name(name), LONGEST)) for id, name, *_ in named]
    return (*listed, (belonging.NOWHERE, say("None of these")))


def _asked(incoming: Pressed | Submitted, network: str, uow: UnitOfWork) -> Presence | Tell:
    """Whoever is still asked, in the network that the card is about; else what they are told."""
    here = present_in_each(incoming.person, incoming.place, uow)
    who = next((one for one in here if str(one.network) == network), None)
    if who is None:
        return joining.stranger(incoming, uow)
    if belonging.home_of(uow, who.member) is None:
        name = _stands_under(who.member, uow)
        return Tell.words(who.say("Your name stands with {organisation}.", organisation=name))
    return who


def _to_none(who: Presence, uow: UnitOfWork) -> str:
    """They belong to no organisation here. Whoever runs the network is told, once."""
    if belonging.home_of(uow, who.member) != belonging.NOWHERE:
        belonging.ask_about(uow, who.member, belonging.NOWHERE)
        facts = {"member": str(who.member)}
        private.tell_facilitators(uow, gate.STRANGER, who.network, facts)
    return who.say(
        "Thank you. I tell whoever runs the network. Your name stands with {organisation} for now, "
        "and you can choose again with the same button.",
        organisation=_stands_under(who.member, uow),
    )


def _stands_under(member: int, uow: UnitOfWork) -> str:
    return shown_name(networks.organisation_name(uow, members.profile(uow, member).organisation))


@private.message(gate.STRANGER)
def _tell_facilitator(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    member = int(kept.facts["member"])
    if belonging.home_of(uow, member) != belonging.NOWHERE:
        return None
    words = say(
        "{name}, who writes in the channel of {organisation}, says that they belong to none of "
        "the network's organisations. If theirs is to take part, please have it added; they can "
        "choose it then. Until then what they write stands under {organisation}.",
        name=member_name(member, say, uow) or say("A member"),
        organisation=_stands_under(member, uow),
    )
    return Card(text=Text.of(words))
