"""Voting: up to three problems, until the poll closes; nobody sees who chose what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from bot.cards import Answer, Card, Form, Input, Item, Open, Tell
from bot.drawn import VOTE, Reader, vote_button
from bot.features import joining, outcomes, problems, reach
from bot.features.presence import Presence, present_in_each
from bot.graphemes import shortened
from bot.incoming import Pressed, Submitted, id_named
from bot.language import Speech, speak
from bot.text import Text
from storage import (
    UnitOfWork,
    belonging,
    invitations,
    nominations,
    notices,
    overviews,
    people,
    polls,
    posts,
    privates,
    rooms,
)
from storage.nominations import Nomination
from storage.polls import OPEN, Ballot, Poll

MOST = 3
"""Problems that one may choose."""

MENU = "menu"
"""The notice that tells a whole channel of it."""

APART = timedelta(seconds=3)
"""Between two edits of a card, however many vote for the first time from their organisation."""


class Outcome(StrEnum):
    """What came of a vote; each is said in its own words."""

    COUNTED = "vote-counted"
    NONE = "vote-none"
    MANY = "vote-many"
    UNKNOWN = "vote-unknown"
    CLOSED = "vote-closed"
    JOINED_LATER = "vote-joined-later"
    NO_VOTE = "vote-no-vote"
    NOTHING_OPEN = "vote-nothing-open"
    NOT_KEPT = "vote-not-kept"


TO_MEND = (Outcome.NONE, Outcome.MANY, Outcome.UNKNOWN)
"""What was chosen cannot be counted, and something else can."""


# ---- the poll in a channel


def card(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """The poll as it stands in every channel: what can be chosen, and who has taken part."""
    one = polls.of_thread(uow, subject)
    if one is None:
        return None
    say = speak(reader.language)
    if one.state != OPEN:
        return outcomes.card(one, say, uow)
    return Card(
        title=say("Problem of the month"),
        text=Text.of(
            say(
                "What shall the network work on together? Choose up to three. You can change your "
                "vote until the poll closes. I show nobody what you choose, and delete it when the "
                "result is out."
            )
        ),
        items=tuple(_option(place, of, say, uow) for place, of in options(one, uow)),
        facts=_facts(one, say, uow),
        note=_note(one, reader, say),
        buttons=(vote_button(str(one.id), say),),
    )


def options(one: Poll, uow: UnitOfWork) -> list[tuple[int, Nomination]]:
    """What is chosen from, by its place."""
    listed = nominations.in_order(uow, one.network, polls.listed(uow, one.id))
    return list(enumerate(listed, start=1))


def _option(place: int, of: Nomination, say: Speech, uow: UnitOfWork) -> Item:
    words = f"{place}. {problems.title(of, say.language)}"
    who = f"({shortened(problems.whose(of, say, uow), 300)})"
    return Item(words, f"{problems.brief(of, say.language, who)} {who}")


def until(closes_at: datetime, say: Speech) -> str:
    """When it closes. It is open for some days, so that nobody asks of which year."""
    return f"{say.date(closes_at, year=False)} {say.time(closes_at)}"


def _facts(one: Poll, say: Speech, uow: UnitOfWork) -> tuple[tuple[str, str], ...]:
    taken_part = outcomes.taken_part(one, say, uow) or (
        (say("Have taken part"), say("nobody yet")),
    )
    return ((say("Open until"), until(one.closes_at, say)), *taken_part)


def _note(one: Poll, reader: Reader, say: Speech) -> str:
    longer = say("Few had voted, so it is open for longer.") if one.extended else ""
    return "\n".join(filter(None, (longer, _how_to_type(reader, say))))


def _how_to_type(reader: Reader, say: Speech) -> str:
    mention = "" if reader.reads == reach.ALL else "@Mellom "
    return say(
        "You can also write the numbers: {private} to me in private, where nobody else sees them, "
        "or {here} in this thread, where others can read them.",
        private=typed(say),
        here=say.quoted(f"{mention}1 3"),
    )


def typed(say: Speech) -> str:
    """What is typed to vote, for example."""
    return say.quoted(say("vote 1 3", context="command"))


def reads(thread: int, say: Speech, uow: UnitOfWork) -> str:
    """The list, as a reader of this language reads it."""
    one = polls.of_thread(uow, thread)
    lines = (
        f"{place}. {problems.title(of, say.language)}"
        for place, of in (options(one, uow) if one else ())
    )
    return "\n".join((say("What shall the network work on together?"), *lines))


# ---- what waits for somebody's vote


def needed(network: int, member: int, say: Speech, uow: UnitOfWork) -> tuple[Item, ...]:
    """The poll in which the member can vote and has not; shown to nobody but them."""
    one = polls.needs_vote(uow, network, member)
    if one is None:
        return ()
    note = say("Open until {when}", when=until(one.closes_at, say))
    return (
        Item(say("Needs your vote"), heading=True),
        Item(say("Problem of the month"), note, vote_button(str(one.id), say)),
    )


def open_now(network: int, uow: UnitOfWork) -> dict[str, str]:
    """The poll that is open, as everybody in a channel may be told of it."""
    one = polls.in_state(uow, network, OPEN)
    if one is None or uow.now >= one.closes_at:
        return {}
    return {"poll": str(one.id), "closes": one.closes_at.isoformat()}


def tell_again(one: Poll, until: datetime, uow: UnitOfWork) -> None:
    """It closes at another time than the menus say that stand in channels."""
    now = {"poll": str(one.id), "closes": until.isoformat()}
    for id, facts in notices.named(uow, MENU, one.network):
        if facts.get("poll") == now["poll"]:
            notices.change(uow, id, MENU, facts | now)
            posts.show_again(uow, "notice", id)


def told_open(facts: Mapping[str, str], say: Speech) -> tuple[Item, ...]:
    if "poll" not in facts:
        return ()
    when = until(datetime.fromisoformat(facts["closes"]), say)
    words = say("The poll on the problem of the month is open until {when}.", when=when)
    return (Item(words, button=vote_button(facts["poll"], say)),)


# ---- the form


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    found = _poll_named(incoming, incoming.value, uow)
    if isinstance(found, Tell):
        return found
    who, one = found
    ballot = held(one, who, uow)
    if isinstance(ballot, Outcome):
        return Tell.words(words(ballot, one.closes_at, who.say))
    return Open(filled(one, ballot.places, who.say, uow))


def filled(
    one: Poll, chosen: Iterable[int], say: Speech, uow: UnitOfWork, problem: str = ""
) -> Form:
    """The form, with these places chosen."""
    titles = [problems.title(of, say.language) for _, of in options(one, uow)]
    return form(one, titles, chosen, say, problem)


def form(
    one: Poll, titles: Sequence[str], chosen: Iterable[int], say: Speech, problem: str = ""
) -> Form:
    choices = {
        str(place): shortened(f"{place}. {title}", 75) for place, title in enumerate(titles, 1)
    }
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
                value=",".join(place for place in map(str, chosen) if place in choices),
                problem=problem,
                choices=tuple(choices.items()),
                many=True,
            ),
        ),
        note=say(
            "You can change your vote until {when}. I show nobody what you choose, and delete it "
            "when the result is out.",
            when=until(one.closes_at, say),
        ),
    )


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    found = _poll_named(incoming, incoming.subject, uow)
    if isinstance(found, Tell):
        return found
    who, one = found
    named = incoming.values.get("choices", "").split(",")
    places = [int(place) for place in named if re.fullmatch("[0-9]{1,2}", place)]
    outcome = vote(one, who, places, uow)
    if outcome in TO_MEND:
        return Open(filled(one, places, who.say, uow, in_form(outcome, who.say)))
    return Tell.words(words(outcome, one.closes_at, who.say))


def _poll_named(
    incoming: Pressed | Submitted, value: str, uow: UnitOfWork
) -> tuple[Presence, Poll] | Tell:
    """Who votes, and the poll that a client names, if it is of a network of theirs."""
    here = present_in_each(incoming.person, incoming.place, uow)
    if not here:
        return joining.stranger(incoming, uow)
    for who in here:
        if one := polls.find(uow, who.network, id_named(value)):
            return who, one
    return Tell.words(here[0].say("This poll is gone, or it belongs to another network."))


# ---- the vote


def vote(one: Poll, who: Presence, places: list[int], uow: UnitOfWork) -> Outcome:
    """Count this for the member, whichever account they use, if it can be."""
    ballot = held(one, who, uow)
    if isinstance(ballot, Outcome):
        return ballot
    if problem := _problem(places, ballot):
        return problem
    # Whoever votes again changes nothing that others see, or they would see when.
    first = not ballot.cast and not polls.has_voted(uow, one.id, ballot.organisation)
    polls.cast(uow, one.id, who.member, places)
    if not ballot.cast:
        overviews.redraw_of(uow, who.network, who.member)
    if first:
        posts.show_again(uow, polls.KIND, one.thread or 0, apart=APART)
        for asked in invitations.sent_to(uow, one.thread or 0, ballot.organisation):
            posts.show_again(uow, privates.KIND, asked)
    return Outcome.COUNTED


def held(one: Poll, who: Presence, uow: UnitOfWork) -> Ballot | Outcome:
    """The member's ballot, which nobody else of theirs changes now; else why they cannot vote. The
    clock closes a poll, whether or not anything has been done about that."""
    people.lock(uow, who.member)
    state, closes_at, ballot = polls.hold(uow, one.id, who.member)
    if state in (polls.PLANNED, polls.VOID):
        return Outcome.NOTHING_OPEN
    if state != OPEN or uow.now >= closes_at:
        return Outcome.CLOSED
    return ballot or _without(who, uow)


def _without(who: Presence, uow: UnitOfWork) -> Outcome:
    nowhere = belonging.home_of(uow, who.member) == belonging.NOWHERE
    if nowhere or not rooms.takes_part(uow, who.organisation):
        return Outcome.NO_VOTE
    return Outcome.JOINED_LATER


def _problem(places: list[int], ballot: Ballot) -> Outcome | None:
    if not places:
        return Outcome.NONE
    if not set(places) <= set(range(1, ballot.listed + 1)):
        return Outcome.UNKNOWN
    return Outcome.MANY if len(set(places)) > MOST else None


# ---- what is said of it: never what was chosen


def words(outcome: Outcome, closes_at: datetime, say: Speech) -> str:
    """What whoever voted is told at once."""
    match outcome:
        case Outcome.COUNTED:
            return say(
                "Your vote counts. You can change it until {when}.", when=until(closes_at, say)
            )
        case Outcome.CLOSED:
            return say("The poll has closed. You read in your channel how it went on.")
        case Outcome.JOINED_LATER:
            return say(
                "This poll is for those who had taken part in the network before it opened. You "
                "can vote from the next one on."
            )
        case Outcome.NO_VOTE:
            return say(
                "Organisations with a channel in the network vote in its polls. Yours has none."
            )
    return say("No poll is open now.")


def in_form(outcome: Outcome, say: Speech) -> str:
    """What is to be mended."""
    match outcome:
        case Outcome.NONE:
            return say("Choose at least one.")
        case Outcome.MANY:
            return say("Choose three at most.")
    return say("Choose from the list.")
