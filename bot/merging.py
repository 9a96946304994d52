"""How the choices of two members who turn out to be one person become one member's.

Where they differ, what disturbs less wins: a person who has said stop once has said it. What lets
somebody do more was given to the person, and so it stays.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from storage.members import Profile

ROLES = ("facilitator", "manager", "reader", "coordinator", "member")
"""The first of them wins. A facilitator was made one with a code, and the network would be without;
of those that people choose themselves, the ones that are asked for nothing come first, and then
the one that somebody has chosen before the one that everybody has."""


def one_of(stays: Profile, goes: Profile) -> Profile:
    """The first member, with what was the second one's."""
    away_from, away_until = _pause(stays, goes)
    return replace(
        stays,
        role=min(stays.role, goes.role, key=ROLES.index),
        joined_at=min(stays.joined_at, goes.joined_at),
        welcomed_at=_earlier(stays.welcomed_at, goes.welcomed_at),
        spoke_at=_earlier(stays.spoke_at, goes.spoke_at),
        days=(stays.days & goes.days) or stays.days,
        just_reads=stays.just_reads or goes.just_reads,
        away_from=away_from,
        away_until=away_until,
        deputy=min((n for n in (stays.deputy, goes.deputy) if n is not None), default=None),
        contact=stays.contact or goes.contact,
        prefers=stays.prefers or goes.prefers,
    )


def on_its_own(member: Profile) -> Profile:
    """What an account begins with that is a member of its own again: whatever keeps it in peace,
    and none of what others gave the person."""
    role = "member" if member.role == "facilitator" else member.role
    return replace(member, role=role, deputy=None, contact=False, prefers=None)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)


def _pause(one: Profile, other: Profile) -> tuple[date | None, date | None]:
    """The pause that ends last; it begins with the other one, if that lasts until then."""
    first, last = sorted((one, other), key=lambda member: member.away_until or date.min)
    begins = last.away_from
    if begins is None or first.away_until is None or first.away_until < begins:
        return begins, last.away_until
    return first.away_from and min(first.away_from, begins), last.away_until
