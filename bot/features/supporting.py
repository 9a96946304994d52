"""Supporting: what others have suggested for a month is everybody's to read, and to want as well.
How many want it is told, and not who."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from bot.cards import Answer, Button, Form, Input, Item, Open, Tell
from bot.features import joining, nominated, nominating, problems, proposing
from bot.features.presence import Presence, present_in_each
from bot.graphemes import shortened
from bot.incoming import Pressed, Submitted
from bot.language import Speech
from bot.text import Block, Span, Text
from storage import UnitOfWork, nominations
from storage.nominations import Nomination

SUPPORT = "support"
LISTED = 20
LABEL = 75


def at_home(network: int, member: int, say: Speech, uow: UnitOfWork) -> Iterator[Item]:
    """One line, if others have suggested anything."""
    if _of_others(network, member, uow):
        button = Button(SUPPORT, say("See"), str(network), opens=True)
        yield Item(say("What others suggest for the problem of the month"), button=button)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = _member(incoming, incoming.value, uow)
    return Open(_filled(who, uow)) if who else joining.stranger(incoming, uow)


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    who = _member(incoming, incoming.subject, uow)
    if who is None:
        return joining.stranger(incoming, uow)
    nominating.lock(who.network, who.member, uow)
    wanted = incoming.values.get("support", "").split(",")
    for one in _of_others(who.network, who.member, uow):
        if str(one.id) in wanted:
            nominations.back(uow, one.id, who.member, who.organisation)
        else:
            nominations.back_no_more(uow, one.id, who.member)
    proposing.list_again(who.network, uow)
    return Tell.words(who.say("Thank you. What most of you want comes to the vote."))


def _member(incoming: Pressed | Submitted, network: str, uow: UnitOfWork) -> Presence | None:
    here = present_in_each(incoming.person, incoming.place, uow)
    return next((who for who in here if str(who.network) == network), None)


def _of_others(network: int, member: int, uow: UnitOfWork) -> list[Nomination]:
    found = nominations.standing(uow, network, LISTED)
    return [one for one in found if one.member != member]


def _filled(who: Presence, uow: UnitOfWork) -> Form:
    found = _of_others(who.network, who.member, uow)
    backed = nominations.backed_by(uow, who.member, [one.id for one in found])
    return form(who.network, found, backed, who.say)


def form(network: int, found: Sequence[Nomination], backed: Collection[int], say: Speech) -> Form:
    choices = tuple((str(one.id), shortened(one.title, LABEL)) for one in found)
    support = Input(
        name="support",
        label=say("Which of them do you support?"),
        hint=say("Others see how many support each, and not who."),
        value=",".join(str(one.id) for one in found if one.id in backed),
        required=False,
        choices=choices,
        many=True,
    )
    return Form(
        name=SUPPORT,
        title=say("What others suggest"),
        submit=say("Save"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(network),
        text=Text(tuple(_block(one, say) for one in found)),
        inputs=(support,) if choices else (),
        note="" if choices else say("Nothing is suggested by others now."),
    )


def _block(one: Nomination, say: Speech) -> Block:
    about = (one.text, problems.signed(one, say), nominated.backed(one.backers, say))
    small = "\n".join(filter(None, about))
    return Block("paragraph", (Span(one.title, bold=True), Span(f"\n{small}")))
