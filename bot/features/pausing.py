"""Pausing: whoever runs a network stops everything that Mellom does there by itself, and every
channel sees that. What people ask and answer still crosses, since they ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.cards import Answer, Button, Card, Form, Open, Tell
from bot.drawn import Reader, member_name, when
from bot.features import charge, gate
from bot.incoming import Pressed, Submitted
from bot.language import Speech, speak
from bot.text import Text
from storage import UnitOfWork, jobs, networks, notices, overviews, posts, privates, rooms, steps
from storage.networks import Pause

PAUSE, RESUME = "pause", "resume"
KIND = notices.PAUSED


def button(say: Speech, network: int, *, is_paused: bool) -> Button:
    """The switch. It opens what says what it does; only then something is switched."""
    if is_paused:
        return Button(RESUME, say("End the pause"), str(network), opens=True)
    return Button(PAUSE, say("Pause Mellom"), str(network), opens=True)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = charge.in_charge(incoming, incoming.value, uow)
    if who is None:
        return charge.refused(incoming, uow)
    return Open(form(incoming.action, who.network, who.say))


def form(name: str, network: int, say: Speech) -> Form:
    """What the switch does."""
    if name == RESUME:
        title, words = say("End the pause"), say(
            "Then I write by myself again, and what waited comes when its time has come. Every "
            "channel sees that the pause is over."
        )  # fmt: skip
    else:
        title, words = say("Pause Mellom"), say(
            "Then I write nothing by myself, neither in the channels nor in private, until you or "
            "somebody else who runs the network ends the pause. What people ask and answer still "
            "crosses. Every channel sees that you have paused me."
        )  # fmt: skip
    return Form(
        name=name,
        title=title,
        submit=title,
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(network),
        text=Text.of(words),
    )


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    who = charge.in_charge(incoming, incoming.subject, uow)
    if who is None:
        return charge.refused(incoming, uow)
    if incoming.form == RESUME:
        ended = resume(who.network, uow)
        return Tell.words(_ended(who.say) if ended else who.say("Mellom is not paused."))
    if not networks.pause(uow, who.network, by=who.member):
        return Tell.words(_already(who.network, who.say, uow))
    tell_the_rooms(who.network, who.member, uow)
    _redraw(who.network, uow)
    return Tell.words(
        who.say(
            "Mellom is paused. Every channel sees it. What people ask and answer still crosses."
        )
    )


def _ended(say: Speech) -> str:
    return say("The pause is over. Every channel sees it.")


def _already(network: int, say: Speech, uow: UnitOfWork) -> str:
    pause = networks.paused(uow, network)
    return say("Mellom is paused already.") if pause is None else words(pause, say, uow)


def tell_the_rooms(network: int, by: int, uow: UnitOfWork) -> None:
    """One notice in each room, which the end of the pause changes."""
    facts = {"by": str(by), "begin": uow.now.isoformat()}
    made = notices.keep(uow, notices.PAUSED, network=network, facts=facts)
    posts.show(uow, KIND, made, rooms.active_conversations(uow, network), network=network)
    note(network, rooms.one_way_conversations(uow, network), facts, uow)


def resume(network: int, uow: UnitOfWork) -> bool:
    """End the pause; False if there is none."""
    if not networks.resume(uow, network):
        return False
    told = notices.newest(uow, notices.PAUSED, network)
    if told is not None:
        _, facts = notices.find(uow, told)
        facts = {**facts, "end": uow.now.isoformat()}
        notices.change(uow, told, notices.RESUMED, facts)
        posts.show_again(uow, KIND, told)
        note(network, rooms.one_way_conversations(uow, network), facts, uow)
    privates.hasten(uow, network, gate.Rule.PAUSED)
    jobs.look_now(uow, network)
    steps.hasten(uow, network)
    _redraw(network, uow)
    return True


def note(network: int, told: list[int], facts: Mapping[str, str], uow: UnitOfWork) -> None:
    """In channels where no notice can be changed, the pause and its end have one each."""
    if told:
        made = notices.keep(uow, notices.NOTED, network=network, facts=facts)
        posts.show(uow, KIND, made, told, network=network)


def _redraw(network: int, uow: UnitOfWork) -> None:
    for kind in (overviews.CARD, overviews.NETWORK):
        overviews.redraw_all(uow, network, kind)


def on_joining(room: rooms.Room, uow: UnitOfWork) -> None:
    """A channel that joins during a pause sees it too."""
    if networks.paused(uow, room.network) is None:
        return
    told = notices.newest(uow, notices.PAUSED, room.network)
    post = None if told is None else posts.find(uow, KIND, told)
    if post is not None:
        posts.show_also(uow, post, room.conversation)


def card(subject: int, reader: Reader, uow: UnitOfWork) -> Card:
    """The notice in a room, while the pause lasts and after it."""
    say = speak(reader.language)
    _, facts = notices.find(uow, subject)
    begin = datetime.fromisoformat(facts["begin"])
    if "end" not in facts:
        return Card(text=Text.of(words(Pause(begin, int(facts["by"])), say, uow)))
    return Card(text=Text.of(over(begin, datetime.fromisoformat(facts["end"]), say, uow)))


def over(begin: datetime, end: datetime, say: Speech, uow: UnitOfWork) -> str:
    """That the pause has ended."""
    return say(
        "I was paused from {begin} to {end}. Now I write by myself again.",
        begin=when(begin, say, uow.now),
        end=when(end, say, uow.now),
    )


def words(pause: Pause, say: Speech, uow: UnitOfWork) -> str:
    """That the network is paused, by whom and since when, and what works all the same."""
    name = member_name(pause.by, say, uow) if pause.by is not None else None
    return say(
        "{name} has paused me since {when}. I write nothing by myself while the pause lasts. What "
        "you ask and answer still reaches the other channels.",
        name=name or say("The facilitator"),
        when=when(pause.at, say, uow.now),
    )
