"""Queueing: all that there is of the questions of the week, for whoever runs the network: what is
asked next, what waits and in which order, what is planned, and what has been asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from bot import bank
from bot.cards import Answer, Button, Card, Form, Input, Item, Open, Tell
from bot.choosing import AGAIN_AFTER
from bot.features import (
    charge,
    drafting,
    planning,
    previewing,
    prompting,
    steering,
    weeks,
    workshop,
    writing,
)
from bot.features.presence import Presence
from bot.features.prompting import monday
from bot.graphemes import cut
from bot.incoming import Pressed, Submitted
from bot.language import Speech
from bot.windows import day_of
from storage import UnitOfWork, jobs, prompts, rooms
from storage.prompts import Prompt

QUEUE, BANK = "prompt-queue", "prompt-bank"
WAITING, PLANNED, DRAFTS, SENT = 10, 6, 4, 5
"""Lines of each list."""

LABEL = 75
ASKED_LATELY = 60
"""Of so many questions it is looked when they were asked; a year has fewer weeks."""


def button(say: Speech, network: int) -> Button:
    return Button(QUEUE, say("Question of the week"), str(network), opens=True)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = charge.steering(incoming, incoming.value, uow)
    if who is None:
        return charge.refused(incoming, uow)
    return Tell(card(who.network, who.say, uow))


def card(network: int, say: Speech, uow: UnitOfWork) -> Card:
    week = next(iter(weeks.ahead(network, 1, uow)))
    return Card(
        title=say("Question of the week"),
        items=tuple(_items(network, week, say, uow)),
        buttons=(
            *steering.buttons(week, network, say, uow),
            writing.button(say, network),
            Button(BANK, say("Take one from the bank"), str(network), opens=True),
            weeks.button(say, network),
            previewing.button(say, network),
        ),
    )


def _items(network: int, week: weeks.Week, say: Speech, uow: UnitOfWork) -> Iterator[Item]:
    yield Item(weeks.date_line(week, say), heading=True)
    yield from list(steering.of_week(week, say, uow))[1:]
    waiting = prompts.in_state(uow, network, "waiting")
    yield Item(say("In the queue"), heading=True)
    if not waiting:
        yield Item(say("Nothing waits. What is asked comes from the bank."))
    yield from _listed(waiting, WAITING, network, say)
    planned = sorted(prompts.planned_from(uow, network, week.monday).items())
    later = [one for at, one in planned if at != week.monday]
    if later:
        yield Item(say("Planned"), heading=True)
        yield from _listed(later, PLANNED, network, say)
    drafts = prompts.in_state(uow, network, "draft")
    if drafts:
        yield Item(say("Drafts"), heading=True)
        yield from _listed(drafts, DRAFTS, network, say)
    sent = [one for one in prompts.sent(uow, network, SENT) if one.state == "asked"]
    if sent:
        yield Item(say("Asked"), heading=True)
        yield from _listed(sent, SENT, network, say)


def _listed(found: Sequence[Prompt], most: int, network: int, say: Speech) -> Iterator[Item]:
    for one in found[:most]:
        words = prompting.words_of(one, say.language, say)
        yield Item(words, _about(one, say), writing.button(say, network, one.id))
    if len(found) > most:
        yield Item(say.many("And {count} other.", "And {count} others.", len(found) - most))


def _about(one: Prompt, say: Speech) -> str:
    """Its theme, and the week in which it is or was asked."""
    theme = say(drafting.THEMES[one.theme])
    if one.week is None:
        return theme
    number = str(one.week.isocalendar().week)
    return f"{say('Week {number}', number=number)} · {theme}"


# ---- out of the bank


def bank_opens(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = charge.steering(incoming, incoming.value, uow)
    if who is None:
        return charge.refused(incoming, uow)
    return Open(bank_form(who.network, offered(who.network, uow), who.say))


def from_bank(incoming: Submitted, uow: UnitOfWork) -> Answer:
    who = charge.steering(incoming, incoming.subject, uow)
    if who is None:
        return charge.refused(incoming, uow)
    rooms.lock_network(uow, who.network)
    jobs.look_now(uow, who.network)
    known = offered(who.network, uow)
    one = known.get(incoming.values.get("prompt", ""))
    day, problems = incoming.values.get("day", ""), {}
    if one is None:
        problems["prompt"] = who.say("Choose a question.")
    elif problem := _again(one, day, who, uow):
        problems["prompt"] = problem
    elif day and (problem := planning.problem(who.network, day, None, who.say, uow)):
        problems["day"] = problem
    if one is None or problems:
        return Open(bank_form(who.network, known, who.say, incoming.values, problems))
    told = _put(one, prompting.week_of(day), who, uow)
    steering.redraw(who, uow)
    return Tell(previewing.card(who.network, one, who.say, uow, told))


def _put(one: bank.Prompt, week: date | None, who: Presence, uow: UnitOfWork) -> str:
    if week is not None:
        steering.clear(who.network, week, uow)
        prompting.from_bank(one, who.network, uow, week=week, state="planned")
        return weeks.when(weeks.of(who.network, week, uow), who.say)
    last = max((other.place for other in prompts.in_state(uow, who.network, "waiting")), default=0)
    id = prompting.from_bank(one, who.network, uow, place=last + 1)
    return writing.when_of(id, who, uow)


def _again(one: bank.Prompt, day: str, who: Presence, uow: UnitOfWork) -> str:
    """Why it is not to be asked now, if it is not: it waits already, or was asked lately."""
    coming = prompts.in_state(uow, who.network, "waiting", "planned")
    wanted = prompting.week_of(day)
    if any(other.key == one.key and (other.chosen or other.week != wanted) for other in coming):
        return who.say("This question waits already.")
    week = wanted or monday(day_of(uow.now))
    for other in prompts.sent(uow, who.network, ASKED_LATELY):
        again = other.key == one.key and not workshop.asks_about_it(bank.prompts()[one.key])
        if again and other.week is not None and week - other.week < AGAIN_AFTER:
            return who.say(
                "This was asked in the week of {day}. It can be asked again from {again}.",
                day=who.say.date(other.week),
                again=who.say.date(other.week + AGAIN_AFTER),
            )
    return ""


def offered(network: int, uow: UnitOfWork) -> dict[str, bank.Prompt]:
    """What of the bank can be asked: that about a workshop's problem if it is known which it is."""
    every = [workshop.named(one, network, uow) for one in bank.prompts().values()]
    return {one.key: one for one in every if not workshop.asks_about_it(one)}


def bank_form(
    network: int,
    offered: Mapping[str, bank.Prompt],
    say: Speech,
    values: drafting.Values = drafting.NONE,
    problems: drafting.Values = drafting.NONE,
) -> Form:
    choices = tuple(
        (key, cut(prompting.words_of(one, say.language, say), LABEL))
        for key, one in offered.items()
    )
    return Form(
        name=BANK,
        title=say("From the bank"),
        submit=say("Choose"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(network),
        intro=say("It is put last in the queue, or planned for the week that you choose."),
        inputs=(
            Input(
                name="prompt",
                label=say("Question"),
                value=values.get("prompt", ""),
                problem=problems.get("prompt", ""),
                choices=choices,
            ),
            Input(
                name="day",
                label=say("Asked in the week of"),
                hint=say("Choose any day of the week. Without one it waits in the queue."),
                value=values.get("day", ""),
                problem=problems.get("day", ""),
                required=False,
                day=True,
            ),
        ),
    )
