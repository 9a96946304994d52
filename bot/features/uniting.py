"""Uniting: whether two accounts can be one member's, and making them so.

Both must be in the same networks, for the same organisation: an answer carries the name of one
organisation, and a vote counts for one. Only an account that is in no network yet comes into those
of the other, unless its workspace or tenant is known to be another organisation's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.merging import on_its_own, one_of
from storage import UnitOfWork, belonging, members, merging, overviews, people
from storage.members import Profile
from storage.people import Account


class Refusal(StrEnum):
    """Why two accounts are not linked; each is said in its own words."""

    APART = "link-unknown"
    """They are in no network together. Then one learns nothing of the other."""

    TWO = "link-two"
    ALREADY = "link-already"


@dataclass(frozen=True, slots=True)
class Plan:
    """Which members become one, the second the first; and which get an account that has none."""

    pairs: tuple[tuple[Profile, Profile], ...] = ()
    alone: tuple[Profile, ...] = ()

    @property
    def stay(self) -> list[Profile]:
        return [*(stays for stays, _ in self.pairs), *self.alone]

    @property
    def everybody(self) -> list[int]:
        return sorted({one.id for one in (*self.stay, *(goes for _, goes in self.pairs))})


def plan(giver: Account, taker: Account, uow: UnitOfWork) -> Plan | Refusal:
    """What linking them would do, or why that cannot be."""
    ours, theirs = (members.of_account(uow, one.id) for one in (giver, taker))
    if not theirs:
        return _into_its_networks(taker, list(ours.values()), uow)
    pairs = [(ours[network], theirs[network]) for network in sorted(ours.keys() & theirs.keys())]
    if not pairs or any(one.left_at for pair in pairs for one in pair):
        return Refusal.APART
    if any(one.organisation != other.organisation for one, other in pairs):
        return Refusal.TWO
    news = tuple((one, other) for one, other in pairs if one.id != other.id)
    return Plan(pairs=news) if news else Refusal.ALREADY


def _into_its_networks(taker: Account, ours: list[Profile], uow: UnitOfWork) -> Plan | Refusal:
    here = tuple(one for one in ours if one.left_at is None)
    for one in here:
        homes = belonging.at_home(uow, one.network, taker.platform, taker.tenant)
        if homes and one.organisation not in homes:
            return Refusal.TWO
    return Plan(alone=here) if here else Refusal.APART


def unite(giver: Account, taker: Account, uow: UnitOfWork) -> Plan | Refusal:
    """Make them one, as things are when nobody else can change them any more."""
    agreed: Plan | Refusal | None = None
    while (now := plan(giver, taker, uow)) != agreed:
        if isinstance(now, Refusal):
            return now
        for member in now.everybody:
            people.lock(uow, member, whole=True)
        agreed = now
    assert isinstance(agreed, Plan)
    for one in agreed.alone:
        tied = people.also_behind(uow, network=one.network, account_id=taker.id, member_id=one.id)
        if not tied:  # The first act of the other account was quicker: now there are two members.
            return unite(giver, taker, uow)
    for stays, goes in agreed.pairs:
        overviews.outdate(uow, goes.network, goes.id)
        merging.become_one(uow, one_of(stays, goes), goes.id)
    return agreed


def part(account: Account, uow: UnitOfWork) -> list[Profile]:
    """The account gets members of its own; those that it leaves to the other accounts."""
    left = []
    for network in sorted(members.of_account(uow, account.id)):
        one = _locked(account, network, uow)
        if members.is_shared(uow, one.id):
            merging.part(uow, one, account.id, on_its_own(one))
            left.append(one)
    return left


def _locked(account: Account, network: int, uow: UnitOfWork) -> Profile:
    """The member behind the account, whoever that is when nobody else can change it any more."""
    seen = None
    while (now := members.of_account(uow, account.id)[network]) != seen:
        people.lock(uow, now.id, whole=True)
        seen = now
    return now
