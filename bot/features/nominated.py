"""Nominated: what a member has suggested is theirs to see, change and withdraw, until it comes to
the vote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.cards import Answer, Button, Card, Form, Input, Item, Open, Tell
from bot.features import (
    everywhere,
    joining,
    nominating,
    problems,
    proposing,
    themes,
    voting,
    wording,
)
from bot.features.nominating import OWN
from bot.features.presence import Presence, present_in_each
from bot.features.wording import NONE, Draft, Problems
from bot.graphemes import shortened
from bot.incoming import Pressed, Submitted
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, nominations, overviews, polls
from storage.nominations import MERGED, Nomination
from storage.polls import Poll

LIST = "suggestions"
LISTED = 50
LABEL = 75
Own = tuple[Presence, Nomination]


def button(say: Speech) -> Button:
    return Button(OWN, say("My suggestions"), opens=True)


def at_home(network: int, member: int, say: Speech, uow: UnitOfWork) -> Iterator[Item]:
    """One line for all of them."""
    own = nominations.by(uow, network, member, LISTED)
    if own:
        named = ", ".join(say.quoted(one.title) for one in own)
        words = say("My suggestions: {titles}", titles=named)
        yield Item(shortened(words, 300), button=replace(button(say), label=say("See")))


# ---- the way in


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    here = present_in_each(incoming.person, incoming.place, uow)
    if not here:
        return joining.stranger(incoming, uow)
    own = [
        (who, one) for who in here for one in nominations.by(uow, who.network, who.member, LISTED)
    ]
    if incoming.value:
        own = [pair for pair in own if str(pair[1].id) == incoming.value]
    if not own:
        return Tell(_none(here[0].say, named=bool(incoming.value)))
    return (
        _opened(own[0], uow)
        if len(own) == 1
        else Open(choosing([one for _, one in own], here[0].say))
    )


def chosen(incoming: Submitted, uow: UnitOfWork) -> Answer:
    """Which one it is about."""
    found = _found(incoming, incoming.values.get("suggestion", ""), uow)
    return found if isinstance(found, Tell) else _opened(found, uow)


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    found = _found(incoming, incoming.subject, uow)
    if isinstance(found, Tell):
        return found
    nominating.lock(found[0].network, found[0].member, uow)
    found = _found(incoming, incoming.subject, uow)
    if isinstance(found, Tell):
        return found
    who, one = found
    if told := _too_late(who, one, uow):
        return Tell.words(told)
    if one.state == MERGED or incoming.values.get("withdraw") == "yes":
        withdraw(one, uow)
        return Tell.words(who.say("Your suggestion is withdrawn."))
    draft = Draft.of(incoming.values)
    wrong = draft.problems(incoming.suspicions, who.say) | draft.code_problem(who.say, uow)
    if wrong:
        return Open(_filled(who, one, draft, uow, wrong))
    if not change(one, draft, uow):
        return Tell.words(who.say("It reads as before."))
    return Tell.words(who.say("Your suggestion is changed."))


def _found(incoming: Pressed | Submitted, value: str, uow: UnitOfWork) -> Own | Tell:
    """The suggestion that the client names, if it is this person's and stands."""
    here = present_in_each(incoming.person, incoming.place, uow)
    if not here:
        return joining.stranger(incoming, uow)
    for who in here:
        for one in nominations.by(uow, who.network, who.member, LISTED):
            if str(one.id) == value:
                return who, one
    return Tell(_none(here[0].say, named=True))


def _none(say: Speech, *, named: bool) -> Card:
    words = (
        say("This suggestion was withdrawn or chosen, or it is not yours.")
        if named
        else say("You have suggested nothing that waits for a vote.")
    )
    return Card(text=Text.of(words), buttons=(nominating.button(say),))


def _opened(own: Own, uow: UnitOfWork) -> Answer:
    who, one = own
    if told := _too_late(who, one, uow):
        return Tell.words(told)
    draft = Draft(one.title, one.text, str(one.theme or ""))
    return Open(_filled(who, one, draft, uow))


def _too_late(who: Presence, one: Nomination, uow: UnitOfWork) -> str:
    """Why it must stay as it is, if it must."""
    poll = voted_on(one, uow)
    return "" if poll is None else stays(until(poll), who.say)


def voted_on(one: Nomination, uow: UnitOfWork) -> Poll | None:
    """The poll that it, or what it is part of, has come to."""
    return polls.voted_on(uow, one.merged or one.id)


def until(poll: Poll) -> str:
    """Until when what is voted on stays as it is; "" if that is not known."""
    return "" if poll.state == polls.COUNTING else poll.closes_at.isoformat()


def stays(until: str, say: Speech) -> str:
    if not until:
        return say("It has come to the vote, and stays as it is until one is chosen.")
    return say(
        "It has come to the vote, and stays as it is until the poll is over: {when}.",
        when=voting.until(datetime.fromisoformat(until), say),
    )


# ---- what becomes of it


def change(one: Nomination, draft: Draft, uow: UnitOfWork) -> bool:
    """False if it reads like this already."""
    theme = themes.chosen(uow, one.network, draft.theme)
    title = draft.head
    if (title, draft.text, theme) == (one.title, one.text, one.theme):
        return False
    nominations.rewrite(uow, one.id, title=title, text=draft.text, theme=theme)
    _show_again(one, uow)
    return True


def withdraw(one: Nomination, uow: UnitOfWork) -> None:
    nominations.withdraw(uow, one)
    _show_again(one, uow)


def _show_again(one: Nomination, uow: UnitOfWork) -> None:
    """On the list that is proposed, in the author's overview, and in polls that are over."""
    proposing.list_again(one.network, uow)
    if one.member is not None:
        overviews.redraw_of(uow, one.network, one.member)
    for thread in polls.threads_with(uow, one.merged or one.id):
        everywhere.show_poll_again(uow, thread)


# ---- the forms


def choosing(own: Sequence[Nomination], say: Speech) -> Form:
    choices = tuple((str(one.id), shortened(one.title, LABEL)) for one in own)
    return Form(
        name=LIST,
        title=say("My suggestions"),
        submit=say("Next"),
        cancel=say("Cancel"),
        done=say("Close"),
        inputs=(Input("suggestion", say("Suggestion"), choices=choices),),
    )


def _filled(
    who: Presence, one: Nomination, draft: Draft, uow: UnitOfWork, wrong: Problems = NONE
) -> Form:
    into = None if one.merged is None else nominations.find(uow, who.network, one.merged)
    if into is not None:
        return merged(one, into, who.say)
    choices = themes.choices(uow, who.network, who.say)
    return form(one, draft, who.say, wrong, choices)


def form(
    one: Nomination,
    draft: Draft,
    say: Speech,
    found: Problems = NONE,
    choices: tuple[tuple[str, str], ...] = (),
) -> Form:
    withdraw = Input(
        name="withdraw",
        label=say("Withdraw"),
        required=False,
        choices=(("yes", say("Withdraw this suggestion")),),
        many=True,
    )
    return Form(
        name=OWN,
        title=say("My suggestion"),
        submit=say("Save"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(one.id),
        intro=backed(one.backers, say),
        inputs=(*wording.fields(say, draft, found, choices), withdraw),
    )


def merged(one: Nomination, into: Nomination, say: Speech) -> Form:
    """What is part of another one can only be withdrawn."""
    words = say(
        "It is one with {title} now, and your name stands on that. If you withdraw yours, your "
        "name no longer does.",
        title=say.quoted(problems.title(into, say.language)),
    )
    return Form(
        name=OWN,
        title=say("My suggestion"),
        submit=say("Withdraw"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(one.id),
        intro=say.quoted(one.title),
        text=Text.of(words),
    )


def backed(backers: int, say: Speech) -> str:
    if not backers:
        return ""
    return say.many("{count} other wants it, too.", "{count} others want it, too.", backers)
