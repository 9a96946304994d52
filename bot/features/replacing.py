"""Replacing: what is asked in a week instead: what waits, something of the bank, or words of one's
own."""

from __future__ import annotations

from collections.abc import Sequence

from bot import bank
from bot.cards import Answer, Form, Input, Open, Tell
from bot.choosing import choose
from bot.features import prompting, steering, weeks, writing
from bot.features.prompting import slot
from bot.features.steering import CHANGE
from bot.features.weeks import Week
from bot.graphemes import cut
from bot.incoming import Pressed, Submitted
from bot.language import Speech
from bot.laying import Laid
from bot.text import Block, Span, Text
from storage import UnitOfWork, prompts
from storage.prompts import Prompt

OWN, OFFERED = 12, 5
"""Prompts that wait, and prompts of the bank, among which one chooses."""

WRITE_ONE = "write"
LABEL = 70
"""Characters of a question in a list of choices."""


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    found = steering.decides(incoming, incoming.value, uow)
    if isinstance(found, Tell):
        return found
    who, week = found
    return Open(form(who.network, week, offers(who.network, week, uow), who.say))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    found = steering.decides(incoming, incoming.subject, uow)
    if isinstance(found, Tell):
        return found
    who, week = found
    value = incoming.values.get("prompt", "")
    if value == WRITE_ONE:
        return Open(writing.empty(who, uow, week.monday))
    offered = offers(who.network, week, uow)
    one = next((one for one in offered if key_of(one) == value), None)
    if one is None:
        problem = who.say("Choose a question.")
        return Open(form(who.network, week, offered, who.say, problem))
    steering.put_in(one, who.network, week, uow)
    steering.decided(who, week.monday, uow)
    return Tell.words(weeks.when(weeks.of(who.network, week.monday, uow), who.say))


def offers(network: int, week: Week, uow: UnitOfWork) -> list[Laid]:
    """What could be asked instead: what waits, and what of the bank fits the week."""
    waiting = prompts.in_state(uow, network, "waiting")
    planned = prompts.planned_from(uow, network, week.monday).values()
    drafts = prompts.in_state(uow, network, "draft")
    out = {one.key for one in (*waiting, *planned, *drafts) if one.key is not None}
    if week.prompt is not None and week.prompt.key is not None:
        out.add(week.prompt.key)
    asked = prompting.asked_before(network, week.monday, uow)
    fitting: list[bank.Prompt] = []
    while len(fitting) < OFFERED and (one := choose(week.monday, asked, without=out)):
        fitting.append(one)
        out.add(one.key)
    own = [one for one in waiting if one != week.prompt]
    return [*own[:OWN], *fitting]


def key_of(one: Laid) -> str:
    """By what a client names it."""
    return str(one.id) if isinstance(one, Prompt) else f"bank-{one.key}"


def form(network: int, week: Week, offered: Sequence[Laid], say: Speech, problem: str = "") -> Form:
    """What is asked instead. Each one is read in full above the list, which may cut it short."""
    said = [prompting.words_of(one, say.language, say) for one in offered]
    choices = tuple(
        (key_of(one), cut(f"{number}. {words}", LABEL))
        for number, (one, words) in enumerate(zip(offered, said, strict=True), 1)
    )
    return Form(
        name=CHANGE,
        title=say("Question of the week"),
        submit=say("Choose"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=f"{network}:{slot(week.monday)}",
        intro=say("What is asked instead on {day}?", day=_day(week, say)),
        text=Text(tuple(_numbered(number, words) for number, words in enumerate(said, 1))),
        inputs=(
            Input(
                name="prompt",
                label=say("Question"),
                problem=problem,
                choices=(*choices, (WRITE_ONE, say("Write one of my own"))),
            ),
        ),
    )


def _day(week: Week, say: Speech) -> str:
    return say.date(week.day or week.monday, year=False)


def _numbered(number: int, words: str) -> Block:
    return Block("paragraph", (Span(f"{number}. {words}"),))
