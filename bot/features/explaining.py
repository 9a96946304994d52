"""Explaining: which rule decided about how many. It names nobody, and counts nothing under five."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.features import nudging, seeking
from bot.features.measuring import FEWEST
from storage import UnitOfWork, threads
from storage import measuring as stored


def counted(rules: Iterable[str]) -> Iterator[str]:
    """Each rule with how many it decided about, most first. Which rules decided about few is not
    told, nor anything at all where few were looked at: those who know them would know about whom.
    """
    found = Counter(rules)
    if 0 < found.total() < FEWEST:
        yield f"fewer than {FEWEST} members come into question: too few to tell"
        return
    many = sorted((-count, rule) for rule, count in found.items() if count >= FEWEST)
    yield from (f"{rule}: {-count}" for count, rule in many)
    if rest := sum(count for count in found.values() if count < FEWEST):
        yield f"other rules: {rest if rest >= FEWEST else 'fewer than five'}"


def now_and_then(network: int, uow: UnitOfWork) -> Iterator[str]:
    """How it would be decided on the next day on which it is."""
    if stored.asking(uow, network).stopped_at is not None:
        yield (
            "stopped, since more than one in ten wanted no more; whoever runs the network can let "
            "it begin again"
        )
        return
    then = replace(uow, now=nudging.next_day(uow.now))
    found = nudging.decided(network, then, everyone=True)
    yield from counted(one.rule for one in found)
    if not found:
        yield "nothing waits that somebody could help with, or no organisation was informed"


def by_name(network: int, number: int, uow: UnitOfWork) -> Iterator[str]:
    """How it would be decided now whom a question is put to by name."""
    id = threads.numbered(uow, network, number)
    if id is None:
        yield f"there is no question Q-{number} in this network"
        return
    found = seeking.rules(threads.question(uow, id), uow)
    yield from counted(found)
    if not found:
        yield "no other organisation takes part both ways"
