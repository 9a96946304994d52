"""Proposing: what the next poll is about, if whoever runs the network decides nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot import bank
from bot.features import gate
from storage import UnitOfWork, nominations, polls, privates
from storage import themes as stored_themes
from storage.nominations import CHOSEN, MERGED, Nomination
from storage.polls import PLANNED, Poll

FEWEST, MOST = 3, 7
"""Problems that are chosen from."""

IN_TURN = 2
"""So many of one organisation come to the vote before others have had their turn."""


def proposed(network: int, uow: UnitOfWork) -> list[int]:
    """The nominations with most backers, two of an organisation before a third of any; and where
    they are few, problems of the bank that the network has not chosen, of other themes first."""
    return _filled(network, _fairly(nominations.standing(uow, network))[:MOST], uow)


def _fairly(found: list[Nomination]) -> list[Nomination]:
    """Those that are the third of their organisation, or a later one, come after the others."""
    seen: Counter[int | None] = Counter()
    first: list[Nomination] = []
    later: list[Nomination] = []
    for one in found:
        seen[one.organisation] += 1
        (first if seen[one.organisation] <= IN_TURN else later).append(one)
    return [*first, *later]


def list_again(network: int, uow: UnitOfWork) -> None:
    """What was nominated has changed, and with it the list that is planned. One that somebody chose
    only loses what does not stand any more, and is filled up."""
    one = polls.in_state(uow, network, PLANNED)
    if one is None:
        return
    chosen = _still(one, uow) if one.approved else None
    listed = proposed(network, uow) if chosen is None else _filled(network, chosen, uow)
    polls.list_(uow, one.id, listed)
    redraw(one, uow)


def mend(one: Poll, uow: UnitOfWork) -> None:
    """The list without what does not stand any more, or may not be shown to others."""
    if [of.id for of in _still(one, uow)] != polls.listed(uow, one.id):
        list_again(one.network, uow)


def redraw(one: Poll, uow: UnitOfWork) -> None:
    """Whoever runs the network sees how it stands now."""
    facts = {"poll": str(one.id)}
    privates.redraw_for_those_in_charge(uow, one.network, gate.POLL_AHEAD.name, facts)


def _still(one: Poll, uow: UnitOfWork) -> list[Nomination]:
    """What was chosen and can be; in place of what was merged into another, that."""
    chosen = nominations.in_order(uow, one.network, polls.listed(uow, one.id))
    ids = [of.merged if of.state == MERGED and of.merged else of.id for of in chosen]
    known = nominations.in_order(uow, one.network, list(dict.fromkeys(ids)))
    standing = {of.id for of in nominations.standing(uow, one.network)}
    return [of for of in known if of.id in standing or (of.key and of.state != CHOSEN)]


def _filled(network: int, found: list[Nomination], uow: UnitOfWork) -> list[int]:
    """As many as it takes, with others that stand, and then with some of the bank."""
    ids = [one.id for one in found]
    if len(ids) >= FEWEST:
        return ids
    more = [one for one in nominations.standing(uow, network, MOST) if one.id not in ids]
    found = [*found, *more[: FEWEST - len(ids)]]
    ids = [one.id for one in found]
    known = {one.key for one in found}
    themes = {one.theme for one in found}
    return [*ids, *_from_bank(network, themes, known, FEWEST - len(ids), uow)]


def _from_bank(
    network: int, themes: set[int | None], known: set[str | None], count: int, uow: UnitOfWork
) -> Iterator[int]:
    """Those that the network has chosen come last: it is not to be left without any."""
    by_key = {one.key: one.id for one in stored_themes.every(uow, network)}
    taken = nominations.keys_chosen(uow, network)
    fresh = [one for one in bank.problems().values() if one.key not in known]
    fresh.sort(key=lambda one: (one.key in taken, by_key.get(one.theme) in themes))
    for one in fresh[:count]:
        yield nominations.from_bank(uow, network, one.key, by_key.get(one.theme))
