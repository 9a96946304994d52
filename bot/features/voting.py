"""Voting: up to three problems, until the poll closes; nobody sees who chose what."""

from __future__ import annotations

from collections.abc import Iterable

from bot.cards import Answer, Button, Card, Form, Input, Item, Open, Tell
from bot.drawn import Reader, shown_name, when
from bot.features import joining, polling, problems
from bot.features.presence import Presence, present_in_each
from bot.graphemes import shortened
from bot.incoming import Pressed, Submitted
from bot.language import Speech, speak
from bot.text import Text
from storage import UnitOfWork, nominations, people, polls, posts
from storage.nominations import Nomination
from storage.polls import OPEN, Ballot, Poll

VOTE = "vote"
MOST = 3
"""Problems that one may choose."""


# ---- the poll in a channel


def card(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """The poll as it stands in every channel: what can be chosen, and who has taken part."""
    one = polls.of_thread(uow, subject)
    if one is None:
        return None
    say = speak(reader.language)
    return Card(
        title=say("Problem of the month"),
        text=Text.of(
            say(
                "What shall the network work on together? Choose up to three. You can change your "
                "vote until the poll closes, and nobody sees what you choose."
            )
        ),
        items=tuple(_option(place, of, say, uow) for place, of in options(one, uow)),
        facts=_facts(one, say, uow),
        buttons=(button(one, say),),
    )


def options(one: Poll, uow: UnitOfWork) -> list[tuple[int, Nomination]]:
    """What is chosen from, by its place."""
    listed = nominations.in_order(uow, one.network, polls.listed(uow, one.id))
    return list(enumerate(listed, start=1))


def button(one: Poll, say: Speech) -> Button:
    return Button(VOTE, say("Vote", context="button"), str(one.id), style="primary", opens=True)


def _option(place: int, of: Nomination, say: Speech, uow: UnitOfWork) -> Item:
    words = f"{place}. {problems.title(of, say.language)}"
    text = f"{problems.text(of, say.language)} ({problems.whose(of, say, uow)})"
    return Item(words, shortened(text, 300))


def _facts(one: Poll, say: Speech, uow: UnitOfWork) -> tuple[tuple[str, str], ...]:
    voted = [shown_name(each.name) for each in polls.turnout(uow, one.id) if each.voted]
    return (
        (say("Open until"), when(one.closes_at, say, uow.now)),
        (say("Have taken part"), ", ".join(voted) or say("nobody yet")),
    )


# ---- voting


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    found = _votes(incoming, incoming.value, uow)
    if isinstance(found, Tell):
        return found
    who, one, ballot = found
    return Open(form(one, ballot.places, who.say, uow))


def form(one: Poll, chosen: Iterable[int], say: Speech, uow: UnitOfWork, problem: str = "") -> Form:
    choices = tuple(
        (str(place), shortened(f"{place}. {problems.title(of, say.language)}", 75))
        for place, of in options(one, uow)
    )
    return Form(
        name=VOTE,
        title=say("Problem of the month"),
        submit=say("Vote", context="button"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(one.id),
        inputs=(
            Input(
                name="choices",
                label=say("Choose up to three"),
                value=",".join(map(str, chosen)),
                problem=problem,
                choices=choices,
                many=True,
            ),
        ),
        note=say(
            "Nobody sees what you choose. You can change it until {when}.",
            when=when(one.closes_at, say, uow.now),
        ),
    )


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    found = _votes(incoming, incoming.subject, uow)
    if isinstance(found, Tell):
        return found
    who, one, _ = found
    named = incoming.values.get("choices", "").split(",")
    places = [place for place, _ in options(one, uow) if str(place) in named]
    if problem := _problem(len(places), who.say):
        return Open(form(one, places, who.say, uow, problem))
    return Tell.words(vote(one, who, places, uow))


def _problem(chosen: int, say: Speech) -> str:
    if chosen == 0:
        return say("Choose at least one.")
    return say("Choose three at most.") if chosen > MOST else ""


def vote(one: Poll, who: Presence, places: list[int], uow: UnitOfWork) -> str:
    """Count this for the member; what they are told."""
    ballot = polls.ballot_of(uow, one.id, who.member)
    polls.cast(uow, one.id, who.member, places)
    if ballot is not None and not polls.has_voted(
        uow, one.id, ballot.organisation, besides=who.member
    ):
        posts.show_again(uow, polling.KIND, one.thread or 0)
    return who.say(
        "Your vote counts. You can change it until {when}.",
        when=when(one.closes_at, who.say, uow.now),
    )


def _votes(
    incoming: Pressed | Submitted, value: str, uow: UnitOfWork
) -> tuple[Presence, Poll, Ballot] | Tell:
    """Who votes, in which poll, on what ballot; else why they cannot."""
    here = present_in_each(incoming.person, incoming.place, uow)
    if not here:
        told = joining.stranger(incoming, uow)
        assert isinstance(told, Tell)
        return told
    for who in here:
        known = value.isascii() and value.isdigit() and len(value) < 18
        one = polls.find(uow, who.network, int(value)) if known else None
        if one is not None:
            return _ballot(one, who, uow)
    return Tell.words(here[0].say("This poll is gone, or it belongs to another network."))


def _ballot(one: Poll, who: Presence, uow: UnitOfWork) -> tuple[Presence, Poll, Ballot] | Tell:
    people.lock(uow, who.member)
    state, closes_at = polls.hold(uow, one.id)
    if state != OPEN or uow.now >= closes_at:
        return Tell.words(who.say("This poll is closed. The result comes in your channel."))
    ballot = polls.ballot_of(uow, one.id, who.member)
    if ballot is None:
        return Tell.words(
            who.say(
                "Whoever was a member when the poll opened can vote in it. You have joined since, "
                "and can vote in the next one."
            )
        )
    return who, one, ballot
