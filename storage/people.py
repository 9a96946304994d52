"""Accounts on platforms, and the members of networks behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from storage.models import account, conversation, member, membership
from storage.ready import Ready
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account as we know it; `name` is None until the platform has told it. `language`
    is the one that the person chose, else what the platform tells."""

    id: int
    installation: int
    user: str
    address: str
    name: str | None
    language: str | None
    profile_due_at: datetime | None
    met: int | None
    platforms_language: str | None
    gone_at: datetime | None
    platform: str
    tenant: str

    def told(self, column: str) -> object:
        """What the platform last told of it."""
        return self.platforms_language if column == "language" else getattr(self, column)


@dataclass(frozen=True, slots=True)
class Member:
    """A person in one network."""

    id: int
    network: int
    organisation: int
    role: str
    has_spoken: bool = False
    has_left: bool = False


ACCOUNTS: Select[*tuple[Any, ...]] = select(
    account.c.id,
    account.c.installation,
    account.c.user,
    account.c.address,
    account.c.name,
    func.coalesce(account.c.speaks, account.c.language),
    account.c.profile_due_at,
    account.c.met,
    account.c.language,
    account.c.gone_at,
    account.c.platform,
    account.c.tenant,
)
_MEMBER = select(member.c.id).where(member.c.id == bindparam("m"))
_LOCK, _LOCK_WHOLE = _MEMBER.with_for_update(key_share=True), _MEMBER.with_for_update()
_ACCOUNT_OF = Ready(
    ACCOUNTS.where(
        account.c.platform == bindparam("p"),
        account.c.tenant == bindparam("t"),
        account.c.user == bindparam("u"),
    )
)
_ACCOUNT_BY_ID = Ready(ACCOUNTS.where(account.c.id == bindparam("a")))
_MEMBER_OF = Ready(
    select(
        member.c.id,
        member.c.network,
        member.c.organisation,
        member.c.role,
        member.c.spoke_at.is_not(None),
        member.c.left_at.is_not(None),
    )
    .join_from(membership, member, membership.c.member == member.c.id)
    .where(membership.c.network == bindparam("n"), membership.c.account == bindparam("a"))
)


FORMER = ""
"""Stands in place of the name of an author who has long left."""


def author_name(table: Table) -> ColumnElement[str | None]:
    """The name of whoever wrote what a row of this table says, joined with their account."""
    former = exists().where(member.c.id == table.c.member, member.c.former_at.is_not(None))
    return case((former.correlate(table), literal(FORMER)), else_=account.c.name)


def account_of(uow: UnitOfWork, platform: str, tenant: str, user: str) -> Account | None:
    row = _ACCOUNT_OF.first(uow, {"p": platform, "t": tenant, "u": user})
    return None if row is None else Account(*row)


def account_by_id(uow: UnitOfWork, id: int) -> Account:
    return Account(*_ACCOUNT_BY_ID.one(uow, {"a": id}))


def account_met_by(uow: UnitOfWork, installation: int, address: str) -> Account | None:
    """The account with this address, as this installation knows it: each has addresses of its own,
    and may tell of a person by nothing else."""
    there = and_(account.c.installation == installation, account.c.address == address)
    row = uow.connection.execute(ACCOUNTS.where(there).limit(1)).first()
    return None if row is None else Account(*row)


def keep_account(
    uow: UnitOfWork,
    *,
    platform: str,
    tenant: str,
    user: str,
    installation: int,
    address: str,
    name: str | None,
    language: str | None,
    met: int | None = None,
) -> Account:
    """The account of this person, made if it is new, with what the request told of it."""
    known = account_of(uow, platform, tenant, user)
    told: dict[str, object] = {"address": address} | {
        column: value
        for column, value in (
            ("name", _kept(name or "")),
            ("language", language),
            ("met", met),
        )
        if value
    }
    if known is not None:
        news = {column: value for column, value in told.items() if known.told(column) != value}
        if known.gone_at is not None:
            news["gone_at"] = None  # Whoever acts is there.
        if not news:
            return known
        uow.connection.execute(update(account).where(account.c.id == known.id).values(**news))
        return account_by_id(uow, known.id)
    statement = (
        uow.insert(account)
        .values(
            platform=platform,
            tenant=tenant,
            user=user,
            installation=installation,
            **told,
        )
        .on_conflict_do_update(index_elements=["platform", "tenant", "user"], set_=told)
        .returning(account.c.id)
    )
    return account_by_id(uow, uow.connection.execute(statement).scalar_one())


def _kept(name: str) -> str:
    """As much of a name as PostgreSQL takes, and without the one mark that it does not."""
    return name.replace("\0", "")[:300]


def keep_profile(uow: UnitOfWork, id: int, name: str, language: str | None) -> None:
    known = {"name": _kept(name), "profile_due_at": None} | (
        {"language": language} if language else {}
    )
    uow.connection.execute(update(account).where(account.c.id == id).values(**known))


def member_of(uow: UnitOfWork, network: int, account_id: int) -> Member | None:
    row = _MEMBER_OF.first(uow, {"n": network, "a": account_id})
    return None if row is None else Member(*row)


_MAKE = Ready(insert(member).returning(member.c.id))
_TIE = Ready.upsert(
    lambda insert: insert(membership).on_conflict_do_nothing().returning(membership.c.member)
)


def make_member(uow: UnitOfWork, *, network: int, organisation: int, account_id: int) -> Member:
    """The member behind this account, made by a first act of their own."""
    known = member_of(uow, network, account_id)
    if known is not None:
        return known
    row = {"network": network, "organisation": organisation, "role": "member"}
    (made,) = _MAKE.one(uow, {**row, "joined_at": uow.now})
    tied = _TIE.first(uow, {"network": network, "account": account_id, "member": made})
    if tied is None:  # Another first act of theirs was quicker.
        uow.connection.execute(member.delete().where(member.c.id == made))
        found = member_of(uow, network, account_id)
        assert found is not None
        return found
    return Member(made, network, organisation, "member")


def also_behind(uow: UnitOfWork, *, network: int, account_id: int, member_id: int) -> bool:
    """The member is behind this account too; False if it got another one a moment ago."""
    statement = (
        uow.insert(membership)
        .values(network=network, account=account_id, member=member_id)
        .on_conflict_do_nothing()
        .returning(membership.c.member)
    )
    return uow.connection.execute(statement).first() is not None


def lock(uow: UnitOfWork, member_id: int, *, whole: bool = False) -> None:
    """Let nobody else decide about this member until the commit: a person may act twice at once,
    and from two accounts. SQLite has one writer anyway.

    Others may refer to the member meanwhile, as the worker does that has locked the network; unless
    it is `whole`, since the member is to be no more.
    """
    uow.connection.execute(_LOCK_WHOLE if whole else _LOCK, {"m": member_id})


def lock_account(uow: UnitOfWork, account_id: int) -> None:
    """The same for what is decided about an account, whoever it belongs to; others may refer to it
    meanwhile."""
    statement = select(account.c.id).where(account.c.id == account_id)
    uow.connection.execute(statement.with_for_update(key_share=True))


def give_role(uow: UnitOfWork, member_id: int, role: str) -> None:
    uow.connection.execute(update(member).where(member.c.id == member_id).values(role=role))


def networks_of(uow: UnitOfWork, account_id: int) -> list[int]:
    return _NETWORKS_OF.column(uow, {"a": account_id})


_NETWORKS_OF = Ready(select(membership.c.network).where(membership.c.account == bindparam("a")))


def address_met_at(uow: UnitOfWork, account_id: int) -> dict[str, str]:
    """The address of the conversation the person was met in, which leads to a direct message."""
    return _MET_AT.value(uow, {"a": account_id}) or {}


_MET_AT = Ready(
    select(conversation.c.address)
    .join_from(account, conversation, conversation.c.id == account.c.met)
    .where(account.c.id == bindparam("a"))
)


def names(uow: UnitOfWork, platform: str, tenant: str, users: list[str]) -> dict[str, str]:
    """The names we know of these people, by user id."""
    if not users:
        return {}
    statement = select(account.c.user, account.c.name).where(
        account.c.platform == platform,
        account.c.tenant == tenant,
        account.c.user.in_(users),
        account.c.name.is_not(None),
    )
    return {row[0]: row[1] for row in uow.connection.execute(statement)}


def defer_profile(uow: UnitOfWork, id: int, until: datetime) -> None:
    """The platform did not tell the name: it is drawn without one, and asked for again later."""
    uow.connection.execute(update(account).where(account.c.id == id).values(profile_due_at=until))
