"""Members: what they have chosen for themselves, and who among them does what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, bindparam, delete, func, insert, select, update

from storage.models import (
    account,
    conversation,
    installation,
    member,
    member_theme,
    membership,
    muted,
    network,
    theme,
)
from storage.people import ACCOUNTS, Account
from storage.ready import Ready
from storage.unit_of_work import UnitOfWork

ANSWERING = ("member", "coordinator")
"""The roles of those who are asked for something; nobody else is, ever."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A member with everything that they, or their facilitator, have chosen. `away_until` is the
    first day back; `days` are the days of the week on which they work, 1 for Monday."""

    id: int
    network: int
    organisation: int
    role: str
    joined_at: datetime
    welcomed_at: datetime | None
    spoke_at: datetime | None
    left_at: datetime | None
    days: frozenset[int]
    just_reads: bool
    away_from: date | None
    away_until: date | None
    deputy: int | None
    contact: bool
    paused_at: datetime | None
    """Since when a facilitator has paused the whole network."""

    prefers: int | None = None
    """The account that is written to in private, where there are several."""


PROFILES: Select[*tuple[object, ...]] = select(
    member.c.id,
    member.c.network,
    member.c.organisation,
    member.c.role,
    member.c.joined_at,
    member.c.welcomed_at,
    member.c.spoke_at,
    member.c.left_at,
    member.c.days,
    member.c.just_reads,
    member.c.away_from,
    member.c.away_until,
    member.c.deputy,
    member.c.contact,
    network.c.paused_at,
    member.c.prefers,
).join_from(member, network, network.c.id == member.c.network)
_ONE = Ready(PROFILES.where(member.c.id == bindparam("m")))


def profile(uow: UnitOfWork, id: int) -> Profile:
    return read(_ONE.one(uow, {"m": id}))


def read(row: Sequence[object]) -> Profile:
    """A row of `PROFILES`."""
    columns = list(row)
    columns[8] = frozenset(int(day) for day in str(columns[8]))
    return Profile(*columns)  # type: ignore[arg-type] # Core columns have no static type.


def of_account(uow: UnitOfWork, account_id: int) -> dict[int, Profile]:
    """The members behind this account, by network."""
    return {one.network: one for one in map(read, _OF_ACCOUNT.all(uow, {"a": account_id}))}


_OF_ACCOUNT = Ready(
    PROFILES.join(membership, membership.c.member == member.c.id).where(
        membership.c.account == bindparam("a")
    )
)


def muted_by(uow: UnitOfWork, id: int) -> frozenset[str]:
    """The kinds of private messages that this member does not want."""
    return frozenset(_MUTED_BY.column(uow, {"m": id}))


_MUTED_BY = Ready(select(muted.c.kind).where(muted.c.member == bindparam("m")))


def mute(uow: UnitOfWork, id: int, kinds: Iterable[str]) -> None:
    rows = [{"member": id, "kind": kind} for kind in sorted(set(kinds))]
    if rows:
        uow.connection.execute(uow.insert(muted).on_conflict_do_nothing(), rows)


def unmute(uow: UnitOfWork, id: int, kinds: Collection[str]) -> None:
    uow.connection.execute(delete(muted).where(muted.c.member == id, muted.c.kind.in_(kinds)))


def themes_of(uow: UnitOfWork, id: int) -> list[int]:
    """What the member can help with, without what the network has retired."""
    statement = (
        select(theme.c.id)
        .join_from(member_theme, theme)
        .where(member_theme.c.member == id, theme.c.retired_at.is_(None))
        .order_by(theme.c.id)
    )
    return list(uow.connection.execute(statement).scalars())


def choose_themes(uow: UnitOfWork, id: int, chosen: Iterable[int]) -> None:
    uow.connection.execute(delete(member_theme).where(member_theme.c.member == id))
    rows = [{"member": id, "theme": one} for one in sorted(set(chosen))]
    if rows:
        uow.connection.execute(insert(member_theme), rows)


def choose(
    uow: UnitOfWork,
    id: int,
    *,
    role: str,
    days: Iterable[int],
    just_reads: bool,
    away_from: date | None,
    away_until: date | None,
) -> None:
    uow.connection.execute(
        update(member)
        .where(member.c.id == id)
        .values(
            role=role,
            days="".join(str(day) for day in sorted(set(days))),
            just_reads=just_reads,
            away_from=away_from,
            away_until=away_until,
        )
    )


def appoint(uow: UnitOfWork, id: int, *, role: str, deputy: int | None, contact: bool) -> None:
    """What the member does, by the word of whoever runs the network."""
    statement = update(member).where(member.c.id == id)
    uow.connection.execute(statement.values(role=role, deputy=deputy, contact=contact))


def prefer(uow: UnitOfWork, id: int, account_id: int | None) -> None:
    """Which of the member's accounts is written to in private; None: the one that came first."""
    uow.connection.execute(update(member).where(member.c.id == id).values(prefers=account_id))


def just_read(uow: UnitOfWork, id: int) -> None:
    uow.connection.execute(update(member).where(member.c.id == id).values(just_reads=True))


def pause(uow: UnitOfWork, id: int, until: date) -> None:
    """The member is left in peace from now on; `until` is the first day back."""
    statement = update(member).where(member.c.id == id)
    uow.connection.execute(statement.values(away_from=None, away_until=until))


def speak(uow: UnitOfWork, accounts: Iterable[Account], language: str) -> None:
    """These accounts are one person, who wants to be spoken to in this language."""
    ids = [one.id for one in accounts]
    uow.connection.execute(update(account).where(account.c.id.in_(ids)).values(speaks=language))
    direct = update(conversation).where(conversation.c.account.in_(ids))
    uow.connection.execute(direct.values(language=language))


def accounts_of(uow: UnitOfWork, id: int) -> list[Account]:
    """The accounts through which the member can be reached: the one that they prefer, and then in
    the order in which they came."""
    return [Account(*row) for row in _ACCOUNTS_OF.all(uow, {"m": id})]


_PREFERS = select(member.c.prefers).where(member.c.id == bindparam("m")).scalar_subquery()
_ACCOUNTS_OF = Ready(
    ACCOUNTS.join_from(membership, account, account.c.id == membership.c.account)
    .join(installation, installation.c.id == account.c.installation)
    .where(
        membership.c.member == bindparam("m"),
        account.c.gone_at.is_(None),
        installation.c.stopped_at.is_(None),
    )
    .order_by(account.c.id != func.coalesce(_PREFERS, account.c.id), account.c.id)
)


def is_shared(uow: UnitOfWork, id: int) -> bool:
    """Whether the member has several accounts, whether or not all of them can be reached."""
    statement = select(func.count()).where(membership.c.member == id)
    return uow.connection.execute(statement).scalar_one() > 1


def with_role(uow: UnitOfWork, network_id: int, role: str) -> list[Profile]:
    """The members with this role who have not left."""
    return [read(row) for row in _WITH_ROLE.all(uow, {"n": network_id, "r": role})]


_HERE = PROFILES.where(member.c.network == bindparam("n"), member.c.left_at.is_(None))
_WITH_ROLE = Ready(_HERE.where(member.c.role == bindparam("r")).order_by(member.c.id))
_DEPUTIES = Ready(_HERE.where(member.c.deputy.is_not(None)).order_by(member.c.deputy, member.c.id))


def deputies(uow: UnitOfWork, network_id: int) -> list[Profile]:
    """Who stands in for the facilitator, in this order."""
    return [read(row) for row in _DEPUTIES.all(uow, {"n": network_id})]


def welcomed(uow: UnitOfWork, id: int) -> None:
    statement = update(member).where(member.c.id == id, member.c.welcomed_at.is_(None))
    uow.connection.execute(statement.values(welcomed_at=uow.now))


def speaks_first(uow: UnitOfWork, id: int) -> bool:
    """Note that the member has asked or answered; True the first time."""
    return _SPEAKS_FIRST.run(uow, {"which": id, "spoke_at": uow.now}) == 1


_SPEAKS_FIRST = Ready(
    update(member).where(member.c.id == bindparam("which"), member.c.spoke_at.is_(None))
)
