"""Reminding: once, in private, when a poll is open for longer, and only where nobody of an
organisation has voted."""

from __future__ import annotations

from datetime import datetime

from bot.cards import Card
from bot.drawn import shown_name, vote_button, when
from bot.features import gate, private
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, members, networks, polls, privates
from storage.polls import OPEN, Poll
from storage.privates import Private


def remind(one: Poll, until: datetime, uow: UnitOfWork) -> None:
    """Decided about by the clock, a few at a time: it may be thousands, and nobody votes before
    this is committed."""
    for member in polls.waited_for(uow, one.id):
        privates.keep(
            uow,
            network=one.network,
            member=member,
            kind=gate.POLL.name,
            facts={"poll": str(one.id)},
            until=until,
        )


@private.message(gate.POLL)
def _invitation(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    """Nothing once somebody there has voted, or it is closed."""
    one = polls.find(uow, kept.network, int(kept.facts["poll"]))
    if one is None or one.state != OPEN or uow.now >= one.closes_at:
        return None
    if not polls.is_waited_for(uow, one.id, kept.member):
        return None
    said = words(one, members.profile(uow, kept.member).organisation, say, uow)
    return Card(text=Text.of(said), buttons=(vote_button(str(one.id), say),))


def words(one: Poll, organisation: int, say: Speech, uow: UnitOfWork) -> str:
    """Until when they may vote, and that nobody of this organisation has yet, while that is so."""
    if organisation not in polls.without_votes(uow, one.id):
        return say(
            "The poll on the problem of the month is open until {when}.",
            when=when(one.closes_at, say, uow.now),
        )
    return say(
        "The poll on the problem of the month is open until {when}. We have no votes from "
        "{organisation} yet. Would you like to help choose?",
        when=when(one.closes_at, say, uow.now),
        organisation=shown_name(networks.organisation_name(uow, organisation)),
    )
