"""Installations: one app of ours in one workspace or tenant, with its sealed secrets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from storage.models import account, conversation, copy, installation, room
from storage.posts import new_token
from storage.rooms import drop_unsent
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Installation:
    """Where we are installed. `secret` is what opens the platform there (Slack's bot token, the
    password of a Teams bot), `signing_secret` what its requests are signed with; None where the
    settings hold them. `own` is an app of the organisation's own. One that is `reserved` has its
    number, and waits for its secrets."""

    id: int
    platform: str
    app: str
    tenant: str
    bot_user: str
    bot: str
    secret: str | None
    signing_secret: str | None
    own: bool
    organisation: int | None
    reserved: bool
    stopped_at: datetime | None

    @property
    def stopped(self) -> bool:
        return self.stopped_at is not None


def keep(
    uow: UnitOfWork,
    *,
    platform: str,
    app: str,
    tenant: str,
    bot_user: str = "",
    bot: str = "",
    secret: str | None = None,
    own: bool = False,
    organisation: int | None = None,
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
        "own": own,
        "organisation": organisation,
        "installed_at": uow.now,
        "stopped_at": None,
        "forgotten_at": None,
    }
    statement = (
        uow.insert(installation)
        .values(platform=platform, app=app, tenant=tenant, **known)
        .on_conflict_do_update(index_elements=["platform", "app", "tenant"], set_=known)
        .returning(installation.c.id)
    )
    return uow.connection.execute(statement).scalar_one()


def reserve(uow: UnitOfWork, *, platform: str, organisation: int) -> int:
    """A number for an app that an organisation is about to make: the app has to know it first."""
    nowhere = f"reserved {new_token()}"
    statement = uow.insert(installation).values(
        platform=platform,
        app="",
        tenant=nowhere,
        own=True,
        organisation=organisation,
        reserved_at=uow.now,
    )
    return uow.connection.execute(statement.returning(installation.c.id)).scalar_one()


def complete(
    uow: UnitOfWork,
    id: int,
    *,
    app: str,
    tenant: str,
    bot_user: str,
    bot: str,
    secret: str,
    signing_secret: str,
) -> None:
    """Keep the secrets of an organisation's own app, which is now installed, or is so again."""
    uow.connection.execute(
        update(installation)
        .where(installation.c.id == id, installation.c.own)
        .values(
            app=app,
            tenant=tenant,
            bot_user=bot_user,
            bot=bot,
            secret=uow.seal(secret),
            signing_secret=uow.seal(signing_secret),
            installed_at=uow.now,
            reserved_at=None,
            stopped_at=None,
            forgotten_at=None,
        )
    )


def every(uow: UnitOfWork, platform: str) -> list[Installation]:
    """All of a platform, the stopped and the reserved among them."""
    rows = uow.connection.execute(
        select(installation).where(installation.c.platform == platform).order_by(installation.c.id)
    ).all()
    return [_installation(uow, row) for row in rows]


def one(uow: UnitOfWork, platform: str, id: int) -> Installation | None:
    row = uow.connection.execute(
        select(installation).where(installation.c.platform == platform, installation.c.id == id)
    ).one_or_none()
    return None if row is None else _installation(uow, row)


def of_app(uow: UnitOfWork, platform: str, app: str, tenant: str) -> int | None:
    """The number of this app's installation in this workspace or tenant."""
    statement = select(installation.c.id).where(
        installation.c.platform == platform,
        installation.c.app == app,
        installation.c.tenant == tenant,
    )
    return uow.connection.execute(statement).scalar_one_or_none()


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


def remove(uow: UnitOfWork, id: int) -> None:
    """An operator takes it out: none of its secrets stays. One that was only reserved is gone."""
    uow.connection.execute(
        delete(installation).where(installation.c.id == id, installation.c.reserved_at.is_not(None))
    )
    stop(uow, id)
    uow.connection.execute(
        update(installation).where(installation.c.id == id).values(signing_secret=None)
    )


def of_account(uow: UnitOfWork, id: int) -> tuple[Installation, str, str]:
    """The installation through which a person was met, the person's user id and address there."""
    row = uow.connection.execute(
        select(installation, account.c.user, account.c.address)
        .join_from(account, installation)
        .where(account.c.id == id)
    ).one()
    return _installation(uow, row), row.user, row.address


def _installation(uow: UnitOfWork, row: Row[Any]) -> Installation:
    return Installation(
        id=row.id,
        platform=row.platform,
        app=row.app,
        tenant=row.tenant,
        bot_user=row.bot_user,
        bot=row.bot,
        secret=uow.unseal(row.secret),
        signing_secret=uow.unseal(row.signing_secret),
        own=row.own,
        organisation=row.organisation,
        reserved=row.reserved_at is not None,
        stopped_at=row.stopped_at,
    )
