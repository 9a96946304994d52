"""Opening: once, after five working days, a newcomer of whom nothing was heard yet is told how one
may begin, and that reading is fine."""

from __future__ import annotations

from bot.cards import Button, Card
from bot.features import asking, gate, kindly, private, settings
from bot.language import Speech
from bot.text import Text
from bot.windows import day_of
from storage import UnitOfWork, invitations, members, privates
from storage import quiet as stored
from storage.invitations import WAITING
from storage.privates import Private


@private.message(gate.OPENING)
def _draw(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    one = invitations.of_private(uow, kept.id)
    if one is None or not (privates.stands(uow, kept.id) or _is_new(kept, uow)):
        return None
    words = say(
        "Welcome, {name}. Many people start by reading, and that is fine. When you feel like it: "
        "write what you work with and one thing you are curious about. I will find someone you can "
        "talk to.",
        name=kindly.first_name(kept.member, say, uow),
    )
    write = Button(asking.ASK, say("Write it"), opens=True)
    just_read = settings.just_read_button(say, kept.network)
    later = Button(kindly.LATER, say("Not now"), str(kept.id))
    others = (later, just_read) if one.outcome == WAITING else ()
    return Card(text=Text.of(words), buttons=(write, *others))


def _is_new(kept: Private, uow: UnitOfWork) -> bool:
    """Whether nothing was heard of the member, whose organisation has been informed."""
    member = members.profile(uow, kept.member)
    informed = stored.informed_on(uow, member.organisation)
    if informed is None or informed >= day_of(uow.now):
        return False
    if stored.asking(uow, kept.network).stopped_at is not None:
        return False
    return member.spoke_at is None and stored.contributed_at(uow, member.id) is None
