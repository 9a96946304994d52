"""Installations: one app of ours in one workspace or tenant, with its sealed token."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update

from storage.models import account, conversation, copy, installation, room
from storage.rooms import drop_unsent
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Installation:
    """Where we are installed; `secret` is the token itself, None where the settings hold it."""

    id: int
    platform: str
    app: str
    tenant: str
    bot_user: str
    bot: str
    secret: str | None
    stopped: bool


def keep(
    uow: UnitOfWork,
    *,
    platform: str,
    app: str,
    tenant: str,
    bot_user: str = "",
    bot: str = "",
    secret: str | None = None,
) -> int:
    """Note an installation; installing again replaces what was known, and starts it again. One that
    was noted before its app's id was known is the same one."""
    uow.connection.execute(
        update(installation)
        .where(
            installation.c.platform == platform,
            installation.c.tenant == tenant,
            installation.c.app == "",
        )
        .values(app=app)
    )
    known = {
        "bot_user": bot_user,
        "bot": bot,
        "secret": None if secret is None else uow.seal(secret),
        "stopped_at": None,
    }
    statement = (
        uow.insert(installation)
        .values(platform=platform, app=app, tenant=tenant, **known)
        .on_conflict_do_update(index_elements=["platform", "app", "tenant"], set_=known)
        .returning(installation.c.id)
    )
    return uow.connection.execute(statement).scalar_one()


def every(uow: UnitOfWork, platform: str) -> list[Installation]:
    rows = uow.connection.execute(
        select(installation).where(installation.c.platform == platform).order_by(installation.c.id)
    ).all()
    return [
        Installation(
            id=row.id,
            platform=row.platform,
            app=row.app,
            tenant=row.tenant,
            bot_user=row.bot_user,
            bot=row.bot,
            secret=uow.unseal(row.secret),
            stopped=row.stopped_at is not None,
        )
        for row in rows
    ]


def stop(uow: UnitOfWork, id: int) -> None:
    """The app is gone there: its token is wiped, its rooms' ties end, nothing more is sent."""
    uow.connection.execute(
        update(installation).where(installation.c.id == id).values(secret=None, stopped_at=uow.now)
    )
    there = select(conversation.c.id).where(conversation.c.installation == id)
    uow.connection.execute(
        update(room)
        .where(room.c.conversation.in_(there), room.c.state != "ended")
        .values(state="ended")
    )
    drop_unsent(uow, copy.c.conversation.in_(there))
    uow.connection.execute(
        update(copy)
        .where(copy.c.conversation.in_(there), copy.c.due_at.is_not(None))
        .values(state="behind", due_at=None)
    )


def of_account(uow: UnitOfWork, id: int) -> tuple[Installation, str, str]:
    """The installation through which a person was met, the person's user id and address there."""
    row = uow.connection.execute(
        select(installation, account.c.user, account.c.address)
        .join_from(account, installation)
        .where(account.c.id == id)
    ).one()
    found = Installation(
        id=row.id,
        platform=row.platform,
        app=row.app,
        tenant=row.tenant,
        bot_user=row.bot_user,
        bot=row.bot,
        secret=uow.unseal(row.secret),
        stopped=row.stopped_at is not None,
    )
    return found, row.user, row.address
