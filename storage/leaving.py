"""Who has left: what falls away with them, and who looks after what they asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    bindparam,
    case,
    exists,
    literal,
    or_,
    select,
    union,
    update,
)

from storage.models import (
    account,
    conversation,
    departure,
    member,
    membership,
    reply,
    room,
    thread,
)
from storage.ready import Ready
from storage.threads import OPEN
from storage.unit_of_work import UnitOfWork


def leave(uow: UnitOfWork, member_id: int) -> bool:
    """The member takes part no more, stands in for nobody and runs nothing; False if that was
    known."""
    statement = update(member).where(member.c.id == member_id, member.c.left_at.is_(None))
    role = case((member.c.role == "facilitator", "member"), else_=member.c.role)
    values = {"left_at": uow.now, "deputy": None, "contact": False, "role": role}
    return uow.connection.execute(statement.values(**values)).rowcount == 1


_HERE = Ready(
    select(member.c.left_at.is_(None))
    .join_from(account, membership, membership.c.account == account.c.id)
    .join(member, member.c.id == membership.c.member)
    .join(room, room.c.network == membership.c.network)
    .join(conversation, conversation.c.id == room.c.conversation)
    .where(
        account.c.platform == bindparam("p"),
        account.c.tenant == bindparam("t"),
        account.c.user == bindparam("u"),
        conversation.c.installation == bindparam("i"),
        conversation.c.key == bindparam("k"),
        room.c.state != "ended",
    )
)


def is_here(
    uow: UnitOfWork, platform: str, tenant: str, user: str, installation: int, key: str
) -> bool:
    """Whether the person is known to take part in the network of the room that is there."""
    named = {"p": platform, "t": tenant, "u": user, "i": installation, "k": key}
    return bool(_HERE.value(uow, named))


def come_back(uow: UnitOfWork, member_id: int) -> list[int]:
    """The member takes part again under their name, and looks after their own questions: those that
    come back to them."""
    named = member.c.former_at.is_(None)
    values = {
        "left_at": None,
        "former_at": None,
        "redrawn": 0,
        "redraw_at": case((named, None), else_=literal(uow.now, member.c.redraw_at.type)),
    }
    uow.connection.execute(update(member).where(member.c.id == member_id).values(**values))
    theirs = update(thread).where(thread.c.member == member_id, thread.c.keeper.is_not(None))
    back = uow.connection.execute(theirs.values(keeper=None).returning(thread.c.id))
    return sorted(back.scalars())


def successor(uow: UnitOfWork, organisation_id: int) -> int | None:
    """Whoever the organisation has named as its contact, else one of its coordinators."""
    statement = (
        select(member.c.id)
        .where(
            member.c.organisation == organisation_id,
            member.c.left_at.is_(None),
            or_(member.c.contact, member.c.role == "coordinator"),
        )
        .order_by(member.c.contact.desc(), member.c.id)
    )
    return uow.connection.execute(statement.limit(1)).scalar_one_or_none()


def pass_on(uow: UnitOfWork, member_id: int, keeper: int | None) -> list[int]:
    """The open questions that this member asked, or looked after for others, are looked after by
    somebody else; their ids."""
    theirs = or_(thread.c.member == member_id, thread.c.keeper == member_id)
    statement = update(thread).where(theirs, OPEN).values(keeper=keeper).returning(thread.c.id)
    return sorted(uow.connection.execute(statement).scalars())


def kept_by(uow: UnitOfWork, member_id: int, author: int) -> list[int]:
    """The open questions of this author that the member looks after, the oldest first."""
    statement = select(thread.c.id).where(
        thread.c.keeper == member_id, thread.c.member == author, OPEN
    )
    return list(uow.connection.execute(statement.order_by(thread.c.number)).scalars())


def keeps(uow: UnitOfWork, member_id: int, thread_id: int) -> bool:
    """Whether this member looks after the question for somebody who has left."""
    statement = select(thread.c.id).where(thread.c.id == thread_id, thread.c.keeper == member_id)
    return uow.connection.execute(statement).first() is not None


def depart(uow: UnitOfWork, account_id: int, conversation: int) -> None:
    """Note that the person behind this account is in the room no more."""
    statement = uow.insert(departure).values(
        account=account_id, conversation=conversation, at=uow.now
    )
    statement = statement.on_conflict_do_update(
        index_elements=["conversation", "account"], set_={"at": uow.now}
    )
    uow.connection.execute(statement)


def is_in_a_room(uow: UnitOfWork, network_id: int, member_id: int) -> bool:
    """Whether there is a room of the network in which the member has acted and which they have not
    left since."""
    accounts = select(membership.c.account).where(membership.c.member == member_id)
    acted = union(
        select(thread.c.conversation).where(thread.c.member == member_id),
        select(reply.c.conversation).where(reply.c.member == member_id),
        select(account.c.met).where(account.c.id.in_(accounts)),
    ).subquery()
    left = exists().where(
        departure.c.conversation == room.c.conversation,
        departure.c.account.in_(accounts),
        ~_wrote_since(member_id),
    )
    statement = select(room.c.id).where(
        room.c.network == network_id,
        room.c.state == "active",
        room.c.conversation.in_(select(acted)),
        ~left,
    )
    return uow.connection.execute(statement.limit(1)).first() is not None


def _wrote_since(member_id: int) -> ColumnElement[bool]:
    """Whether the member wrote in the room after the departure."""
    return or_(
        *(
            exists().where(
                table.c.member == member_id,
                table.c.conversation == departure.c.conversation,
                table.c.created_at > departure.c.at,
            )
            for table in (thread, reply)
        )
    )


def members_behind(uow: UnitOfWork, account_id: int, network_id: int | None = None) -> list[int]:
    """The members whose account this is, in every network, or in this one."""
    statement = select(membership.c.member).where(membership.c.account == account_id)
    if network_id is not None:
        statement = statement.where(membership.c.network == network_id)
    return list(uow.connection.execute(statement.order_by(membership.c.network)).scalars())


def has_account(uow: UnitOfWork, member_id: int) -> bool:
    """Whether a platform still has an account of this member."""
    statement = (
        select(account.c.id)
        .join_from(membership, account)
        .where(membership.c.member == member_id, account.c.gone_at.is_(None))
    )
    return uow.connection.execute(statement.limit(1)).first() is not None


def account_gone(uow: UnitOfWork, account_id: int) -> bool:
    """The platform no longer has it; False if that was known."""
    statement = update(account).where(account.c.id == account_id, account.c.gone_at.is_(None))
    return uow.connection.execute(statement.values(gone_at=uow.now)).rowcount == 1


def account_back(uow: UnitOfWork, account_id: int) -> None:
    statement = update(account).where(account.c.id == account_id)
    uow.connection.execute(statement.values(gone_at=None))


def left_with(uow: UnitOfWork, account_id: int, gone_at: datetime) -> list[int]:
    """The members who left because this account was gone, and for nothing else."""
    statement = (
        select(member.c.id)
        .join_from(membership, member, membership.c.member == member.c.id)
        .where(membership.c.account == account_id, member.c.left_at == gone_at)
    )
    return list(uow.connection.execute(statement).scalars())
