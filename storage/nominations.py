"""Problems that members want their network to work on, and who wants the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, insert, or_, select, update

from storage.models import account, backer, member, nomination, option, organisation, poll
from storage.people import author_name
from storage.ready import Ready
from storage.rooms import may_cross
from storage.unit_of_work import UnitOfWork

STANDING, WITHDRAWN, MERGED, CHOSEN = "standing", "withdrawn", "merged", "chosen"


@dataclass(frozen=True, slots=True)
class Nomination:
    """`key` names it in the bank; then nobody nominated it, and its words are the bank's. `backers`
    counts whoever else wants it, and those whose own was merged into it."""

    id: int
    network: int
    key: str | None
    organisation: int | None
    organisation_name: str | None
    member: int | None
    account: int | None
    author: str | None
    profile_due_at: datetime | None
    conversation: int | None
    title: str
    text: str
    theme: int | None
    state: str
    merged: int | None
    created_at: datetime
    edited: bool
    backers: int
    has_left: bool
    """Whoever nominated it takes part no more."""


_BACKERS = (
    select(func.count())
    .where(backer.c.nomination == nomination.c.id, backer.c.member != nomination.c.member)
    .correlate(nomination)
    .scalar_subquery()
)
_TRIES = (
    select(func.count())
    .join_from(option, poll, poll.c.id == option.c.poll)
    .where(option.c.nomination == nomination.c.id, poll.c.thread.is_not(None))
    .correlate(nomination)
    .scalar_subquery()
)
_COLUMNS: Select[*tuple[Any, ...]] = (
    select(
        nomination.c.id,
        nomination.c.network,
        nomination.c.key,
        nomination.c.organisation,
        organisation.c.name,
        nomination.c.member,
        nomination.c.account,
        author_name(nomination),
        account.c.profile_due_at,
        nomination.c.conversation,
        nomination.c.title,
        nomination.c.text,
        nomination.c.theme,
        nomination.c.state,
        nomination.c.merged,
        nomination.c.created_at,
        nomination.c.edited_at.is_not(None),
        _BACKERS,
        member.c.left_at.is_not(None),
    )
    .select_from(nomination)
    .outerjoin(account, account.c.id == nomination.c.account)
    .outerjoin(organisation, organisation.c.id == nomination.c.organisation)
    .outerjoin(member, member.c.id == nomination.c.member)
)
_FIND = Ready(
    _COLUMNS.where(nomination.c.network == bindparam("n"), nomination.c.id == bindparam("x"))
)
_WRITTEN_AS = _COLUMNS.where(
    nomination.c.conversation == bindparam("c"), nomination.c.message == bindparam("m")
)


def nominate(
    uow: UnitOfWork,
    network_id: int,
    *,
    organisation_id: int,
    member_id: int,
    account_id: int,
    conversation: int,
    title: str,
    text: str,
    theme: int | None = None,
    message: str | None = None,
) -> int:
    return _keep(
        uow,
        network=network_id,
        organisation=organisation_id,
        member=member_id,
        account=account_id,
        conversation=conversation,
        title=title,
        text=text,
        theme=theme,
        message=message,
    )


def from_bank(uow: UnitOfWork, network_id: int, key: str, theme: int | None) -> int:
    """The network's own row of a problem of the bank, which it has only once."""
    known = select(nomination.c.id).where(
        nomination.c.network == network_id, nomination.c.key == key
    )
    found: int | None = uow.connection.execute(known).scalar_one_or_none()
    if found is not None:
        return found
    return _keep(uow, network=network_id, key=key, title="", text="", theme=theme)


def _keep(uow: UnitOfWork, **values: object) -> int:
    statement = insert(nomination).values(state=STANDING, created_at=uow.now, **values)
    return int(uow.connection.execute(statement.returning(nomination.c.id)).scalar_one())


def find(uow: UnitOfWork, network_id: int, id: int) -> Nomination | None:
    row = _FIND.first(uow, {"n": network_id, "x": id})
    return None if row is None else Nomination(*row)


def written_as(uow: UnitOfWork, conversation: int, message: str) -> Nomination | None:
    """The one that was typed in this message."""
    asked = {"c": conversation, "m": message}
    row = uow.connection.execute(_WRITTEN_AS, asked).one_or_none()
    return None if row is None else Nomination(*row)


def standing(uow: UnitOfWork, network_id: int, limit: int | None = None) -> list[Nomination]:
    """Those of members that can be chosen, with most backers first, then those that have come to
    the vote least often, then the earliest. What an
    organisation suggested that took its confirmation back, others are not shown any more."""
    statement = _COLUMNS.where(
        nomination.c.network == network_id,
        nomination.c.state == STANDING,
        nomination.c.key.is_(None),
        may_cross(nomination.c.organisation),
    )
    order = (_BACKERS.desc(), _TRIES, nomination.c.created_at, nomination.c.id)
    return _all(uow, statement.order_by(*order).limit(limit))


def shown(uow: UnitOfWork, network_id: int, ids: Sequence[int]) -> set[int]:
    """Those of these that others may be shown where they do not stand yet: of the bank, and of
    organisations that have not taken their confirmation back."""
    statement = select(nomination.c.id).where(
        nomination.c.network == network_id,
        nomination.c.id.in_(ids),
        or_(nomination.c.key.is_not(None), may_cross(nomination.c.organisation)),
    )
    return set(uow.connection.execute(statement).scalars())


def by(uow: UnitOfWork, network_id: int, member_id: int, limit: int) -> list[Nomination]:
    """The member's own that stand or were merged into another, newest first."""
    statement = _COLUMNS.where(
        nomination.c.network == network_id,
        nomination.c.member == member_id,
        nomination.c.state.in_((STANDING, MERGED)),
    )
    return _all(uow, statement.order_by(nomination.c.id.desc()).limit(limit))


def merged_into(uow: UnitOfWork, id: int) -> list[Nomination]:
    return [Nomination(*row) for row in _MERGED_INTO.all(uow, {"x": id})]


_MERGED_INTO = Ready(
    _COLUMNS.where(nomination.c.merged == bindparam("x")).order_by(nomination.c.id)
)


def same_since(uow: UnitOfWork, member_id: int, title: str, moment: datetime) -> int | None:
    """The same one from the same member, if it was nominated after `moment`."""
    statement = select(nomination.c.id).where(
        nomination.c.member == member_id,
        nomination.c.title == title,
        nomination.c.created_at > moment,
        nomination.c.state == STANDING,
    )
    return uow.connection.execute(statement.limit(1)).scalar_one_or_none()


def _all(uow: UnitOfWork, statement: Select[*tuple[Any, ...]]) -> list[Nomination]:
    return [Nomination(*row) for row in uow.connection.execute(statement)]


def rewrite(uow: UnitOfWork, id: int, *, title: str, text: str, theme: int | None) -> None:
    _set(uow, id, title=title, text=text, theme=theme, edited_at=uow.now)


def settle(uow: UnitOfWork, id: int, state: str) -> None:
    """It stands (again), is withdrawn, or was chosen."""
    _set(uow, id, state=state)


def withdraw(uow: UnitOfWork, one: Nomination) -> None:
    """Its words are wiped. What was merged into it stands by itself again; and if it was itself
    merged, its author does not back the other one any more."""
    theirs = update(nomination).where(nomination.c.merged == one.id)
    uow.connection.execute(theirs.values(state=STANDING, merged=None))
    uow.connection.execute(
        delete(backer).where(backer.c.nomination == one.merged, backer.c.member == one.member)
    )
    _set(uow, one.id, state=WITHDRAWN, merged=None, title="", text="")


def let_go(uow: UnitOfWork, id: int) -> None:
    """Its message is gone: should it come back, it is a new one."""
    _set(uow, id, message=None)


def wipe(uow: UnitOfWork, id: int) -> None:
    """It was chosen, and the question about it is withdrawn: its words are, too."""
    _set(uow, id, state=WITHDRAWN, title="", text="")


def merge(uow: UnitOfWork, one: Nomination, into: int) -> None:
    """It is the same as another, which whoever nominated and backed it backs from now on."""
    _set(uow, one.id, state=MERGED, merged=into)
    these = or_(nomination.c.id == one.id, nomination.c.merged == one.id)
    uow.connection.execute(update(nomination).where(these).values(merged=into))
    theirs = select(backer.c.member, backer.c.organisation).where(backer.c.nomination == one.id)
    for who, whose in uow.connection.execute(theirs).all():
        back(uow, into, who, whose)
    if one.member is not None and one.organisation is not None:
        back(uow, into, one.member, one.organisation)


def back(uow: UnitOfWork, id: int, member_id: int, organisation_id: int) -> bool:
    """The member wants it taken up, too; False if that is known."""
    row = {"nomination": id, "member": member_id, "organisation": organisation_id, "at": uow.now}
    statement = uow.insert(backer).values(row).on_conflict_do_nothing()
    return uow.connection.execute(statement).rowcount == 1


def backed_by(uow: UnitOfWork, member_id: int, ids: Sequence[int]) -> set[int]:
    """Those of these that the member wants taken up, though somebody else nominated them."""
    statement = select(backer.c.nomination).where(
        backer.c.member == member_id, backer.c.nomination.in_(ids)
    )
    return set(uow.connection.execute(statement).scalars())


def back_no_more(uow: UnitOfWork, id: int, member_id: int) -> None:
    statement = delete(backer).where(backer.c.nomination == id, backer.c.member == member_id)
    uow.connection.execute(statement)


def backers(uow: UnitOfWork, id: int) -> list[int]:
    statement = select(backer.c.member).where(backer.c.nomination == id)
    return list(uow.connection.execute(statement.order_by(backer.c.at)).scalars())


def keys_chosen(uow: UnitOfWork, network_id: int) -> set[str]:
    """The problems of the bank that have been the problem of the month."""
    statement = select(nomination.c.key).where(
        nomination.c.network == network_id,
        nomination.c.key.is_not(None),
        nomination.c.state == CHOSEN,
    )
    return {str(key) for key in uow.connection.execute(statement).scalars()}


def theme_chosen(uow: UnitOfWork, network_id: int) -> dict[int, datetime]:
    """When a problem of each theme was the problem of the month last."""
    statement = (
        select(nomination.c.theme, func.max(poll.c.closed_at))
        .join_from(poll, nomination, nomination.c.id == poll.c.winner)
        .where(
            poll.c.network == network_id,
            poll.c.closed_at.is_not(None),
            nomination.c.theme.is_not(None),
        )
        .group_by(nomination.c.theme)
    )
    return {row[0]: row[1] for row in uow.connection.execute(statement)}


def in_order(uow: UnitOfWork, network_id: int, ids: Sequence[int]) -> list[Nomination]:
    """These, in this order."""
    rows = _all(uow, _COLUMNS.where(nomination.c.network == network_id, nomination.c.id.in_(ids)))
    known = {one.id: one for one in rows}
    return [known[id] for id in ids if id in known]


def _set(uow: UnitOfWork, id: int, **values: object) -> None:
    uow.connection.execute(update(nomination).where(nomination.c.id == id).values(**values))
