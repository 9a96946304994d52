"""How the choices of two members become one member's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint

from bot.features import settings
from bot.merging import ROLES, on_its_own, one_of
from storage import merging
from storage.members import Profile
from storage.models import member, metadata
from tests.samples import MEMBER, NOW

OTHER = replace(MEMBER, id=2, away_until=None, days=frozenset({1, 2, 3, 4, 5}), role="member")
QUIET = ("reader", "manager")


@pytest.mark.parametrize(("one", "other"), list(product(ROLES, ROLES)))
def test_the_role_is_one_of_the_two_and_the_quieter_unless_it_was_given(
    one: str, other: str
) -> None:
    role = one_of(replace(MEMBER, role=one), replace(OTHER, role=other)).role
    assert role in (one, other)
    assert (role == "facilitator") == ("facilitator" in (one, other))
    if role != "facilitator":
        assert (role in QUIET) == (one in QUIET or other in QUIET)


def test_every_role_has_its_place() -> None:
    assert set(ROLES) == {"facilitator", *settings.ROLES}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((None, None), (None, None), (None, None)),
        ((None, 5), (None, None), (None, 5)),
        ((None, 5), (None, 9), (None, 9)),
        ((3, 5), (None, None), (3, 5)),
        ((None, 5), (3, 9), (None, 9)),  # One that has begun does not stop for one that is to come.
        ((2, 5), (3, 9), (2, 9)),
        ((1, 3), (5, 9), (5, 9)),
    ],
)
def test_the_pause_that_ends_last_holds(
    one: tuple[int | None, int | None],
    other: tuple[int | None, int | None],
    expected: tuple[int | None, int | None],
) -> None:
    for first, second in ((one, other), (other, one)):
        merged = one_of(away(MEMBER, *first), away(OTHER, *second))
        assert (merged.away_from, merged.away_until) == (day(expected[0]), day(expected[1]))


def away(one: Profile, begins: int | None, ends: int | None) -> Profile:
    return replace(one, away_from=day(begins), away_until=day(ends))


def day(number: int | None) -> date | None:
    return None if number is None else date(2027, 2, number)


def test_what_disturbs_less_holds() -> None:
    merged = one_of(
        replace(MEMBER, just_reads=True, days=frozenset({1, 2})),
        replace(OTHER, days=frozenset({2, 3}), contact=True, deputy=2, prefers=7),
    )
    assert merged.just_reads
    assert merged.days == {2}
    assert (merged.contact, merged.deputy, merged.prefers) == (True, 2, 7)
    apart = one_of(replace(MEMBER, days=frozenset({1})), replace(OTHER, days=frozenset({2})))
    assert apart.days == {1}  # Who works on no day would never be written to, nor told so.


def test_nobody_is_new_twice() -> None:
    long_ago = NOW - timedelta(days=400)
    merged = one_of(MEMBER, replace(OTHER, joined_at=long_ago, welcomed_at=None, spoke_at=long_ago))
    assert merged.joined_at == merged.spoke_at == long_ago
    assert merged.welcomed_at == NOW
    never: datetime | None = None
    assert one_of(replace(MEMBER, spoke_at=never), replace(OTHER, spoke_at=never)).spoke_at is None


def test_an_account_on_its_own_keeps_its_peace_and_no_office() -> None:
    made = on_its_own(replace(MEMBER, role="facilitator", deputy=1, contact=True, just_reads=True))
    assert (made.role, made.deputy, made.contact, made.prefers) == ("member", None, False, None)
    assert made.just_reads
    assert made.away_until == MEMBER.away_until
    assert on_its_own(replace(MEMBER, role="reader")).role == "reader"


def test_everything_that_refers_to_a_member_is_thought_of() -> None:
    """A new table with a member in it goes into one of the two lists, or history is lost."""
    known = {*merging.MOVED, *(column for column, _ in merging.ONE_EACH)}
    referring = {
        key.parent
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column is member.c.id
    }
    assert {str(one) for one in referring} <= {str(one) for one in known}


def test_what_a_member_has_one_of_each_of_is_known_as_such() -> None:
    one_each = {str(column) for column, _ in merging.ONE_EACH}
    unique = {
        str(column)
        for table in metadata.tables.values()
        for one in table.constraints
        if isinstance(one, PrimaryKeyConstraint | UniqueConstraint)
        for column in one.columns
        if any(key.column is member.c.id for key in column.foreign_keys)
    }
    assert unique == one_each
