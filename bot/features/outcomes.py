"""Outcomes: what came of a poll, told in the same words wherever it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.cards import Button, Card, Item
from bot.drawn import LONGEST_LIST, Reader, byline, shown_name
from bot.features import charting, problems
from bot.graphemes import cut
from bot.language import Speech, speak
from bot.pictures import Chart
from bot.text import Block, Span, Text
from storage import UnitOfWork, nominations, polls, posts, threads
from storage.nominations import Nomination
from storage.polls import CLOSED, COUNTING, Poll
from storage.threads import Utterance

KIND = polls.RESULT
LOOK_AFTER = "look-after"

Facts = tuple[tuple[str, str], ...]


# ---- the poll's own card


def card(one: Poll, say: Speech, uow: UnitOfWork) -> Card:
    """As it stands in every channel once it is closed. What whoever runs the network has chosen is
    told with the result alone."""
    if one.state == COUNTING:
        one = replace(one, winner=None, how=None)
    titles = _titles(one, say, uow)
    return Card(
        title=say("Problem of the month"),
        text=Text.of(outcome(one, say, uow)),
        picture=charting.picture(one, titles, say, uow),
        items=tuple(_items(one, titles, say, uow)),
        facts=(*_looked_after(one, say, uow), *taken_part(one, say, uow)),
        note=" ".join((*_rule(one, say), *_others(one, say))) or None,
    )


def chart(thread: int, say: Speech, uow: UnitOfWork) -> Chart | None:
    """What is in the picture on it."""
    one = polls.of_thread(uow, thread)
    return None if one is None else charting.chart(one, _titles(one, say, uow), say)


def outcome(one: Poll, say: Speech, uow: UnitOfWork) -> str:
    """What the network has chosen, or why it has not: one sentence."""
    if one.state == COUNTING:
        return say("The poll is closed. Few have voted, so the facilitator chooses.")
    if one.winner is None:
        return say("Few have voted, and nothing was chosen. The same can be chosen next time.")
    won = _titles(one, say, uow)[polls.listed(uow, one.id).index(one.winner) + 1]
    return say("The network has chosen {problem}.", problem=say.quoted(won))


def _titles(one: Poll, say: Speech, uow: UnitOfWork) -> dict[int, str]:
    """What each of them is called, by its place."""
    listed = _listed(one, uow)
    shown = nominations.shown(uow, one.network, [each.id for each in listed.values()])
    return {
        place: _title(one, each, say, uow)
        if each.id in shown or each.id == one.winner
        else say("No longer shown.")
        for place, each in listed.items()
    }


def _title(one: Poll, of: Nomination, say: Speech, uow: UnitOfWork) -> str:
    if of.id == one.winner and is_withdrawn(one, uow):
        return say("Withdrawn by its author.")
    return problems.title(of, say.language)


def is_withdrawn(one: Poll, uow: UnitOfWork) -> bool:
    """Whether whoever looked after what won has withdrawn it, or its organisation has taken its
    confirmation back before anybody did: then its words come back nowhere."""
    if one.question is not None:
        return threads.question(uow, one.question).state == "withdrawn"
    return one.winner is not None and not nominations.shown(uow, one.network, [one.winner])


def _items(one: Poll, titles: Mapping[int, str], say: Speech, uow: UnitOfWork) -> Iterator[Item]:
    """The order in which they were chosen, if that is told; else what else could be chosen."""
    ranks = _ranks(one, titles, say)
    if ranks:
        yield from map(Item, ranks)
        return
    won = None if one.winner is None else polls.listed(uow, one.id).index(one.winner) + 1
    yield Item(say("On the list") if won is None else say("Also on the list"), heading=True)
    yield from (Item(title) for place, title in titles.items() if place != won)


def _ranks(one: Poll, titles: Mapping[int, str], say: Speech) -> list[str]:
    """All of them in order; none where the winner alone is told."""
    ranked = [row for row in one.result or () if row["rank"] is not None]
    return [_line(row, titles, say) for row in ranked] if len(ranked) > 1 else []


def _line(row: Mapping[str, Any], titles: Mapping[int, str], say: Speech) -> str:
    """One of them with its rank, and with its share if that is told."""
    words = f"{row['rank']}. {titles[row['place']]}"
    return words if row["share"] is None else f"{words} · {charting.share(row, say)}"


def _rule(one: Poll, say: Speech) -> Iterator[str]:
    """How it was counted, what decides between equals, and what did if they are told to be."""
    if one.how == "facilitator":
        yield say("Chosen by the facilitator, since few had voted.")
    if not one.result:
        return
    yield say("Each organisation counts the same, however many vote there.")
    yield say(
        "If the first are equal, the one that was chosen in more organisations wins, then the "
        "one whose theme was chosen longest ago, then the one that was suggested earliest."
    )
    if one.how == "organisations":
        yield say("The first were equal: this one was chosen in more organisations.")
    elif one.how == "theme":
        yield say("The first were equal: the theme of this one was chosen longest ago.")
    elif one.how == "earliest":
        yield say("The first were equal: this one was suggested earliest.")
    if any(row["share"] is not None for row in one.result):
        yield charting.rounded(say)
    elif all(row["rank"] is None for row in one.result[1:]):
        yield say("No more is told, so that nobody can work out who chose what.")


def _others(one: Poll, say: Speech) -> Iterator[str]:
    if one.state == CLOSED:
        yield say("What was not chosen can be chosen another month.")


def _looked_after(one: Poll, say: Speech, uow: UnitOfWork) -> Facts:
    if one.state != CLOSED:
        return ()
    if one.question is None:
        return ((say("Looked after by"), say("nobody yet")),)
    question = threads.question(uow, one.question)
    whose = f"{byline(question, say, uow)} (Q-{question.number})"
    return ((say("Looked after by"), whose),)


def taken_part(one: Poll, say: Speech, uow: UnitOfWork) -> Facts:
    """The organisations from which somebody has voted; of an old poll that is known no more."""
    voted = [shown_name(each.name) for each in polls.turnout(uow, one.id) if each.voted]
    return ((say("Have taken part"), cut(", ".join(voted), LONGEST_LIST)),) if voted else ()


# ---- what won


def of_question(question: Utterance, uow: UnitOfWork) -> Poll | None:
    """The poll whose winner this question is about. It was never written as a message."""
    return None if question.message is not None else polls.of_question(uow, question.id)


def title(words: str, say: Speech) -> str:
    """Above the question about it."""
    return f"{say('Problem of the month')} · {words}"


def told_on(card: Card, question: Utterance, say: Speech, uow: UnitOfWork) -> Card:
    """The card of a question, with what came of the poll that chose it, if one did."""
    one = of_question(question, uow)
    if one is None:
        return card
    return replace(
        card,
        title=title(card.title or "", say),
        text=_words(one, question, say.language, uow) or card.text,
        facts=(*_facts(one, question, say, uow), *card.facts),
        items=_lines(one, say, uow),
        note=f"{_rule_of(one, say, uow)}\n{card.note or ''}".strip(),
    )


def _words(one: Poll, question: Utterance, language: str, uow: UnitOfWork) -> Text | None:
    """The bank's in the reader's language; None where they are somebody's own by now."""
    winner = _winner(one, uow)
    if winner is None or winner.key is None or question.edited:
        return None
    return text(winner, language)


def _facts(one: Poll, question: Utterance | None, say: Speech, uow: UnitOfWork) -> Facts:
    """Who nominated it and wants it, and who has voted."""
    winner = _winner(one, uow)
    if winner is None:
        return ()
    return (
        *_suggested(winner, question, say, uow),
        *_wanted(winner, say, uow),
        *taken_part(one, say, uow),
    )


def _lines(one: Poll, say: Speech, uow: UnitOfWork) -> tuple[Item, ...]:
    """The order in which they were chosen, on the card of what won; nothing if that is not told."""
    ranks = _ranks(one, _titles(one, say, uow), say)
    return (Item(say("Result"), heading=True), *map(Item, ranks)) if ranks else ()


def _rule_of(one: Poll, say: Speech, uow: UnitOfWork) -> str:
    """Where it is from if nobody suggested it, and how it was chosen: the small print under it."""
    winner = _winner(one, uow)
    is_of_bank = winner is not None and winner.key is not None
    from_list = say("The suggestion is from Mellom's own list.") if is_of_bank else ""
    return " ".join(filter(None, (from_list, *_rule(one, say))))


def _suggested(
    winner: Nomination, question: Utterance | None, say: Speech, uow: UnitOfWork
) -> Facts:
    if winner.key is not None:
        return ()
    alone = not nominations.merged_into(uow, winner.id)
    if alone and question is not None and question.account == winner.account:
        return ()  # It stands above the question.
    return ((say("Suggested by"), cut(problems.whose(winner, say, uow), LONGEST_LIST)),)


def _wanted(winner: Nomination, say: Speech, uow: UnitOfWork) -> Facts:
    """How many, and not who: it stands beside a secret ballot."""
    authors = {one.member for one in (winner, *nominations.merged_into(uow, winner.id))}
    others = [id for id in nominations.backers(uow, winner.id) if id not in authors]
    return ((say("Others who want it"), say.number(len(others))),) if others else ()


def result(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """What won, for somebody to look after it; then who does."""
    one = polls.of_thread(uow, subject)
    winner = None if one is None else _winner(one, uow)
    if one is None or winner is None:
        return None
    say = speak(reader.language)
    free = one.question is None and not is_withdrawn(one, uow)
    how = say("Whoever looks after it asks it in every channel, in their own name.")
    button = Button(LOOK_AFTER, say("I will look after it"), str(one.id), style="primary")
    return Card(
        title=say("Problem of the month"),
        text=Text.of(say("Withdrawn by its author."))
        if is_withdrawn(one, uow)
        else text(winner, reader.language),
        facts=(*_facts(one, None, say, uow), *_looked_after(one, say, uow)),
        items=_lines(one, say, uow),
        note="\n".join(filter(None, (_rule_of(one, say, uow), how * free))) or None,
        buttons=(button,) if free else (),
    )


def without(one: Poll, uow: UnitOfWork) -> list[str]:
    """The organisations in whose channels the result should stand, and does not."""
    post = posts.find(uow, KIND, one.thread or 0)
    if post is None and one.question is not None:
        post = posts.find(uow, "question", one.question)
    return [] if post is None else posts.organisations_without(uow, post, one.network)


def is_of_bank(one: Poll, uow: UnitOfWork) -> bool:
    """Whether every word of it is the bank's."""
    return all(each.key is not None for each in _listed(one, uow).values())


def _winner(one: Poll, uow: UnitOfWork) -> Nomination | None:
    return None if one.winner is None else nominations.find(uow, one.network, one.winner)


def _listed(one: Poll, uow: UnitOfWork) -> dict[int, Nomination]:
    found = nominations.in_order(uow, one.network, polls.listed(uow, one.id))
    return dict(enumerate(found, start=1))


def text(one: Nomination, language: str) -> Text:
    """Its title, and what it is about."""
    return _under_title(one, problems.text(one, language), language)


def with_title(one: Nomination, words: str, say: Speech) -> Text:
    """Its title, and something else."""
    return _under_title(one, words, say.language)


def _under_title(one: Nomination, words: str, language: str) -> Text:
    title = Block("paragraph", (Span(problems.title(one, language), bold=True),))
    return Text((title, *Text.of(words).blocks))
