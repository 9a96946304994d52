"""Counting: few have voted, also in longer time, so whoever runs the network chooses the problem of
the month. Nobody is told how the few have voted."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import Answer, Button, Card, Form, Input, Item, Open, Tell
from bot.drawn import when
from bot.features import charge, gate, outcomes, private, problems, proposing, results
from bot.features.presence import Presence
from bot.graphemes import cut
from bot.incoming import Pressed, Submitted, id_named
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, networks, nominations, polls, rooms
from storage.nominations import Nomination
from storage.polls import CLOSED, COUNTING, Poll
from storage.privates import Private

CHOOSE = "poll-choose"


@private.message(gate.COUNTING)
def _card(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    """What is to be chosen; once that is done, what was."""
    one = polls.find(uow, kept.network, int(kept.facts["poll"]))
    if one is None or one.state not in (COUNTING, CLOSED):
        return None
    if one.winner is not None:
        return Card(title=say("Problem of the month"), text=Text.of(_chosen(one, say, uow)))
    return Card(
        title=say("Problem of the month"),
        text=Text.of(_why(say)),
        items=tuple(Item(problems.title(each, say.language)) for each in _listed(one, uow)),
        buttons=(button(one, say),),
    )


def waiting(network: int, say: Speech, uow: UnitOfWork) -> list[Item]:
    """What whoever runs the network has to choose, on every card that tells how it stands."""
    one = polls.in_state(uow, network, COUNTING)
    if one is None:
        return []
    if one.winner is not None:
        return [Item(_chosen(one, say, uow))]
    return [Item(_why(say), button=button(one, say))]


def button(one: Poll, say: Speech) -> Button:
    label = say("Choose", context="problem of the month")
    return Button(CHOOSE, label, f"{one.network}:{one.id}", style="primary", opens=True)


def _why(say: Speech) -> str:
    return say("Few have voted on the problem of the month, so it is yours to choose.")


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    found = _decides(incoming, incoming.value, uow)
    if isinstance(found, Tell):
        return found
    who, one = found
    return Open(_filled(one, who.say, uow))


def _filled(one: Poll, say: Speech, uow: UnitOfWork, problem: str = "") -> Form:
    listed = _listed(one, uow)
    titles = [(str(each.id), cut(problems.title(each, say.language), 75)) for each in listed]
    return form(one, titles, say, problem)


def form(one: Poll, titles: Sequence[tuple[str, str]], say: Speech, problem: str = "") -> Form:
    return Form(
        name=CHOOSE,
        title=say("Problem of the month"),
        submit=say("Choose", context="problem of the month"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=f"{one.network}:{one.id}",
        inputs=(
            Input(
                name="problem",
                label=say("What shall the network work on?"),
                problem=problem,
                choices=tuple(titles),
            ),
        ),
        note=say("Every channel sees that the facilitator chose it, since few had voted."),
    )


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    found = _decides(incoming, incoming.subject, uow)
    if isinstance(found, Tell):
        return found
    who, one = found
    value = incoming.values.get("problem", "")
    winner = next((each for each in _listed(one, uow) if str(each.id) == value), None)
    if winner is None:
        return Open(_filled(one, who.say, uow, who.say("Choose one of them.")))
    results.choose(one, winner, uow)
    proposing.list_again(who.network, uow)  # The next one may have named it, too.
    charge.decided(who, uow)
    again = polls.find(uow, one.network, one.id)
    assert again is not None
    return Tell.words(_chosen(again, who.say, uow))


def _decides(
    incoming: Pressed | Submitted, value: str, uow: UnitOfWork
) -> tuple[Presence, Poll] | Tell:
    """Who acts, and in which poll they choose; nobody else does until the end of this unit of
    work."""
    network, _, id = value.partition(":")
    who = charge.steering(incoming, network, uow)
    if who is None:
        return charge.refused(incoming, uow)
    rooms.lock_network(uow, who.network)
    one = polls.find(uow, who.network, id_named(id))
    if one is not None and one.state == COUNTING and one.winner is None:
        return who, one
    if one is not None and one.state in (COUNTING, CLOSED):
        return Tell.words(_chosen(one, who.say, uow))
    return Tell.words(who.say("There is nothing to choose here any more."))


def _chosen(one: Poll, say: Speech, uow: UnitOfWork) -> str:
    """What was, and that the channels are still to be told."""
    if one.state == CLOSED:
        return outcomes.outcome(one, say, uow)
    winner = nominations.find(uow, one.network, one.winner or 0)
    assert winner is not None
    title = say.quoted(problems.title(winner, say.language))
    if networks.paused(uow, one.network) is not None:
        return say(
            "{problem} is chosen. The channels see it when the pause is over.", problem=title
        )
    at = results.not_before(one.network, uow) or uow.now
    told = when(at, say, uow.now)
    return say("{problem} is chosen. The channels see it: {when}.", problem=title, when=told)


def _listed(one: Poll, uow: UnitOfWork) -> list[Nomination]:
    ids = polls.listed(uow, one.id)
    shown = nominations.shown(uow, one.network, ids)
    return [each for each in nominations.in_order(uow, one.network, ids) if each.id in shown]
