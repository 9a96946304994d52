"""Kindly: what a member reads who is asked something they could help with, and what they press."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.cards import Answer, Button, Card, Tell
from bot.drawn import answer_button, known_name, shown_name, vote_button, wonders, words_of
from bot.features import (
    gate,
    joining,
    nudging,
    private,
    reminding,
    seeking,
    settings,
    themes,
    voting,
)
from bot.features.presence import Presence
from bot.incoming import Pressed, id_named
from bot.language import Speech
from bot.text import Text
from bot.windows import day_of
from storage import (
    UnitOfWork,
    invitations,
    members,
    networks,
    people,
    polls,
    posts,
    privates,
    threads,
)
from storage.invitations import CHECK, GO_ON, NOT_NOW, PAUSE, SERIES, UNHEARD, Invitation
from storage.privates import Private
from storage.themes import Theme
from storage.threads import Utterance

LATER, SUITS, REST = "another-time", "suits", "three-months"
"""What is pressed for: not now; please do; a pause of three months."""

OUTCOMES = {LATER: NOT_NOW, SUITS: GO_ON, REST: PAUSE}
THREE_MONTHS = timedelta(days=91)
WORDS = 300
"""Characters of the question that are shown."""


@private.message(gate.NUDGE)
def _draw(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    """Decided once more at the moment of sending. What stands is drawn as it is."""
    one = invitations.of_private(uow, kept.id)
    if one is None or not (privates.stands(uow, kept.id) or nudging.still_holds(kept.id, one, uow)):
        return None
    if one.kind == CHECK:
        return _ended(_check(one, say, uow), one)
    poll = polls.of_thread(uow, one.thread or 0)
    if poll is not None and poll.state != polls.OPEN:
        return Card(text=Text.of(voting.words(voting.Outcome.CLOSED, poll.closes_at, say)))
    if poll is not None:
        words = reminding.words(poll, one.organisation, say, uow)
        buttons = (vote_button(str(poll.id), say), *_or_else(one, say))
        return _ended(Card(text=Text.of(words), buttons=buttons), one)
    asked = threads.question(uow, one.thread or 0)
    if asked.state == "withdrawn" or (asked.marked and one.outcome in UNHEARD):
        return seeking.over(asked, say)
    return _ended(_question(one, asked, say, uow), one, seeking.came_of_it(one.outcome, say))


@private.given_up(gate.NUDGE)
@private.given_up(gate.OPENING)
def given_up(kept: Private, uow: UnitOfWork) -> None:
    """It did not reach the member, and counts as not sent, whatever they did meanwhile; unless it
    may have."""
    one = invitations.of_private(uow, kept.id)
    if one is None:
        return
    if privates.is_in_doubt(uow, kept.id):
        invitations.settle(uow, one.id, invitations.UNSURE)
    else:
        invitations.void(uow, one.id)


def _question(one: Invitation, asked: Utterance, say: Speech, uow: UnitOfWork) -> Card:
    quoted = say.quoted(words_of(asked, uow, say).shortened(WORDS).plain())
    is_second = one.kind == SERIES[1]
    tell = _whom_to_ask if is_second else _why_you
    begins, ends = tell(one, asked, say, uow)
    return Card(
        text=Text.of(f"{begins}\n\n{quoted}\n\n{ends}"),
        buttons=(
            replace(
                seeking.name_button(say("Name somebody"), one.private)
                if is_second
                else answer_button(asked.id, say),
                style="primary",
            ),
            *_or_else(one, say),
        ),
    )


def _why_you(one: Invitation, asked: Utterance, say: Speech, uow: UnitOfWork) -> tuple[str, str]:
    about = themes.helped_with(uow, one.member, asked.id)
    minutes = say("Do you have two minutes for a sentence or two?")
    if about:
        minutes = f"{_said(about, say)} {minutes}"
    return f"{_hello(one.member, say, uow)} {wonders(asked, say, uow)}", minutes


def reason(kept: Private, say: Speech, uow: UnitOfWork) -> str | None:
    """Plainly: why it is they who were asked, as far as that is known still."""
    one = invitations.of_private(uow, kept.id)
    if one is None:
        return None
    if one.kind == CHECK:
        return say("I do not know yet whether it suits you that I ask.")
    if polls.of_thread(uow, one.thread or 0) is not None:
        return say(
            "There were no votes from {organisation} then.",
            organisation=shown_name(networks.organisation_name(uow, one.organisation)),
        )
    about = themes.helped_with(uow, one.member, one.thread or 0)
    return _said(about, say) if about else None


def _said(about: list[Theme], say: Speech) -> str:
    return say("You said that you can help with {theme}.", theme=themes.named(about, say))


def _whom_to_ask(
    one: Invitation, asked: Utterance, say: Speech, uow: UnitOfWork
) -> tuple[str, str]:
    begins = say(
        "We are looking for somebody who knows a lot about this, from Q-{number}:",
        number=str(asked.number),
    )
    ends = say(
        "Whom should we ask at {organisation}? A role is enough.",
        organisation=shown_name(networks.organisation_name(uow, one.organisation)),
    )
    return f"{_hello(one.member, say, uow)} {begins}", ends


def _check(one: Invitation, say: Speech, uow: UnitOfWork) -> Card:
    words = say(
        "Now and then I send you questions from the others. Does that suit you, or would you "
        "rather just read? Both are fine."
    )
    value = str(one.private)
    return Card(
        text=Text.of(f"{_hello(one.member, say, uow)} {words}"),
        buttons=(
            Button(SUITS, say("Please do"), value),
            settings.just_read_button(say, one.network),
            Button(REST, say("Pause for three months"), value),
        ),
    )


def _or_else(one: Invitation, say: Speech) -> tuple[Button, ...]:
    return (
        Button(LATER, say("Not now"), str(one.private)),
        settings.just_read_button(say, one.network),
    )


def _ended(card: Card, one: Invitation, note: str | None = None) -> Card:
    """Who has said how it is need not be asked again; they may still answer."""
    if one.outcome in UNHEARD:
        return card
    is_over = one.outcome != NOT_NOW or one.kind == CHECK
    left = () if is_over else card.buttons[:1]
    buttons = tuple(each for each in left if each.action != seeking.NAME)
    return replace(card, note=note, buttons=buttons)


def _hello(member: int, say: Speech, uow: UnitOfWork) -> str:
    name = first_name(member, say, uow)
    return say("Hi {name}.", name=name) if name else say("Hi.")


def first_name(member: int, say: Speech, uow: UnitOfWork) -> str | None:
    """As one is spoken to; of "Nilsen, Kari" it is the second. None while it is not known."""
    account = next(iter(members.accounts_of(uow, member)), None)
    if account is None:
        return None
    name = known_name(account.id, account.name, account.profile_due_at, say, uow)
    if account.name is None:
        return None
    _, _, after = name.rpartition(",")
    return (after.split() or [name])[0]


# ---- what they press


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    found = seeking.whose(incoming, incoming.value, uow)
    if found is None:
        return joining.not_theirs(incoming, uow)
    who, one = found
    people.lock(uow, who.member)
    invitations.settle(uow, one.id, OUTCOMES[incoming.action])
    if incoming.action == REST:
        members.pause(uow, who.member, day_of(uow.now) + THREE_MONTHS)
    posts.show_again(uow, privates.KIND, id_named(incoming.value))
    return Tell.words(_thanks(incoming.action, who))


def _thanks(action: str, who: Presence) -> str:
    if action == SUITS:
        return who.say("Thank you for saying so. I go on, and not often.")
    if action == REST:
        return who.say(
            "Fine. I write nothing to you by myself for three months. You can end the pause in My "
            "settings at any time."
        )
    return who.say("Thank you for saying so. Another time, then.")
