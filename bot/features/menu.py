"""The menu card, and the small cards that answer what is said to the bot."""

from __future__ import annotations

from bot.cards import Button, Card, Item
from bot.features import (
    about,
    answering,
    asking,
    nominating,
    notices,
    searching,
    settings,
    voting,
)
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork


def card(say: Speech, waits: tuple[Item, ...] = ()) -> Card:
    """What the bot can do, and a button for it; `waits` is what waits for whoever is shown it."""
    return Card(
        title="Mellom",
        text=Text.of(how(say)),
        items=waits,
        buttons=(
            Button(asking.ASK, say("Ask a question"), style="primary", opens=True),
            nominating.button(say),
            searching.button(say),
            settings.button(say),
        ),
    )


def how(say: Speech) -> str:
    """What the bot is, and how one asks."""
    return say(
        "I am a bot. I carry questions and answers between the channels of your learning "
        "network. Write @Mellom and your question in your channel, or use the button."
    )


@notices.notice("not-confirmed")
def not_confirmed(say: Speech, _facts: notices.Facts) -> Card:
    """What to do where the room's first card waits."""
    return Card(
        text=Text.of(
            say("This channel is not connected yet. One of you must first confirm it on my card.")
        )
    )


def tell_of_number(conversation: int, uow: UnitOfWork) -> None:
    """Nothing of what somebody wrote in private was kept."""
    notices.tell(uow, "number-in-private", conversation, network=None, private=True)


@notices.notice("number-in-private")
def _number_in_private(say: Speech, _facts: notices.Facts) -> Card:
    return Card(text=Text.of(answering.number_in_form(say)))


@notices.notice("asked")
def _asked(say: Speech, facts: notices.Facts) -> Card:
    thread = facts.get("looks")
    return Card(
        text=Text.of(asking.asked(int(facts["number"]), say)),
        buttons=(about.confirm_button(int(thread), say),) if thread else (),
    )


@notices.notice(voting.MENU)
def _in_channel(say: Speech, facts: notices.Facts) -> Card:
    """What waits for everybody there; nothing is said of any one of them."""
    return card(say, waits=voting.told_open(facts, say))
