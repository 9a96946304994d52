"""Workshop: whoever runs the network says that the next seminar works on a problem of the month, or
takes that back. What the bank asks after a seminar then names it."""

from __future__ import annotations

from dataclasses import replace

from bot import bank
from bot.cards import Answer, Button, Item, Tell
from bot.features import charge, everywhere, outcomes, problems
from bot.incoming import Pressed, id_named
from bot.language import Speech, speak
from storage import UnitOfWork, nominations, polls, prompts, rooms, threads
from storage.polls import CLOSED, Poll

MARK, UNMARK = "workshop", "workshop-not"


def of_network(network: int, say: Speech, uow: UnitOfWork) -> list[Item]:
    """The last problem of the month, and whether a seminar works on it."""
    one = polls.in_state(uow, network, CLOSED)
    winner = None if one is None else nominations.find(uow, network, one.winner or 0)
    if one is None or winner is None or outcomes.is_withdrawn(one, uow):
        return []
    title = say.quoted(problems.title(winner, say.language))
    return [
        Item(say("Problem of the month"), heading=True),
        Item(title, _stands(one, say), _button(one, say)),
    ]


def _stands(one: Poll, say: Speech) -> str:
    if one.workshop:
        return say("The workshop of the next seminar works on it.")
    return say("Shall the workshop of the next seminar work on it?")


def _button(one: Poll, say: Speech) -> Button:
    value = f"{one.network}:{one.id}"
    if one.workshop:
        return Button(UNMARK, say("Take back", context="workshop"), value)
    return Button(MARK, say("Take it to the workshop"), value)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    network, _, id = incoming.value.partition(":")
    who = charge.in_charge(incoming, network, uow)
    if who is None:
        return charge.refused(incoming, uow)
    rooms.lock_network(uow, who.network)
    one = polls.find(uow, who.network, id_named(id))
    winner = None if one is None else nominations.find(uow, who.network, one.winner or 0)
    gone = winner is None or (one is not None and outcomes.is_withdrawn(one, uow))
    if one is None or winner is None or gone or one.state != CLOSED:
        return Tell.words(who.say("There is nothing to choose here any more."))
    marked = incoming.action == MARK
    polls.set_(uow, one.id, workshop_at=uow.now if marked else None)
    _name_again(who.network, uow)
    title = who.say.quoted(problems.title(winner, who.say.language))
    if marked:
        return Tell.words(
            who.say(
                "The workshop of the next seminar works on {problem}. In the bank there is now a "
                "question of the week that asks about it afterwards.",
                problem=title,
            )
        )
    return Tell.words(who.say("No workshop works on {problem} any more.", problem=title))


def withdrawn(question: int, uow: UnitOfWork) -> None:
    """Somebody has withdrawn this question. If it is what they suggested and the network chose, its
    words go everywhere; if they only looked after it, somebody else can."""
    one = polls.of_question(uow, question)
    winner = None if one is None else nominations.find(uow, one.network, one.winner or 0)
    if one is None or winner is None:
        return
    own = winner.member is not None and threads.question_of(uow, question, winner.member)
    if own:
        nominations.wipe(uow, winner.id)
    else:
        polls.set_(uow, one.id, question=None)
        everywhere.show_poll_again(uow, one.thread or 0)
    _name_again(winner.network, uow)


# ---- the question that asks about it


def named(one: bank.Prompt, network: int, uow: UnitOfWork) -> bank.Prompt:
    """With the problem's name in it, if one of the bank asks about a workshop's problem and it is
    known which that is."""
    about = polls.workshop(uow, network) if asks_about_it(one) else None
    problem = None if about is None else nominations.find(uow, network, about)
    if problem is None:
        return one
    words = {
        language: said.replace(
            bank.PROBLEM, speak(language).quoted(problems.title(problem, language))
        )
        for language, said in one.words.items()
    }
    return replace(one, words=words)


def asks_about_it(one: bank.Prompt) -> bool:
    return bank.PROBLEM in one.words["en"]


def _name_again(network: int, uow: UnitOfWork) -> None:
    """What waits to be asked about it names another one now, or none."""
    for waiting in prompts.in_state(uow, network, "draft", "waiting", "planned"):
        known = bank.prompts().get(waiting.key or "")
        if known is not None and asks_about_it(known):
            words = named(known, network, uow).words
            prompts.rewrite(uow, waiting.id, waiting.theme, words)
