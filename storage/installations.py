"""Installations: one app of ours in one workspace or tenant, with its sealed secrets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    String,
    Update,
    and_,
    bindparam,
    cast,
    delete,
    literal,
    or_,
    select,
    update,
)

from storage.models import account, allowed, conversation, copy, installation, room
from storage.posts import new_token
from storage.ready import Ready
from storage.rooms import drop_unsent
from storage.unit_of_work import UnitOfWork

REMEMBERED = timedelta(days=30)
"""How long after an installation stopped what is known of its people and channels is kept, should
it have been a mistake."""

SKEW = timedelta(seconds=5)
"""How far a platform's clock may be behind ours."""


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

    @classmethod
    def of_settings(cls, platform: str) -> Installation:
        """What the settings name, and no process has met yet."""
        return cls(0, platform, "", "", "", "", None, None, False, None, False, None)

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
    refresh_token: str | None = None,
    expires_at: datetime | None = None,
    own: bool = False,
    organisation: int | None = None,
) -> int:
    """Note an installation; installing again replaces what was known, and starts it again. One that
    was noted before its app's id was known is the same one."""
    _NAME.run(uow, {"where": platform, "whose": tenant, "app": app})
    known = {
        "bot_user": bot_user,
        "bot": bot,
        "secret": None if secret is None else uow.seal(secret),
        "refresh_token": None if refresh_token is None else uow.seal(refresh_token),
        "expires_at": expires_at,
        "renewing_until": None,
        "own": own,
        "organisation": organisation,
        "installed_at": uow.now,
        "stopped_at": None,
        "forgotten_at": None,
    }
    made: int = _KEEP.one(uow, {"platform": platform, "app": app, "tenant": tenant, **known})[0]
    return made


_NAME = Ready(
    update(installation).where(
        installation.c.platform == bindparam("where"),
        installation.c.tenant == bindparam("whose"),
        installation.c.app == "",
    )
)
_REPLACED = (
    *("bot_user", "bot", "secret", "refresh_token", "expires_at", "renewing_until", "own"),
    *("organisation", "installed_at", "stopped_at", "forgotten_at"),
)
_KEEP = Ready.upsert(
    lambda insert: (
        (made := insert(installation))
        .on_conflict_do_update(
            index_elements=["platform", "app", "tenant"],
            set_={name: made.excluded[name] for name in _REPLACED},
        )
        .returning(installation.c.id)
    )
)


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


def twin(uow: UnitOfWork, platform: str, app: str, tenant: str, bot_user: str) -> int | None:
    """The number under which this app's bot is in this workspace or tenant. The app of the settings
    may be known by its bot alone."""
    statement = select(installation.c.id).where(
        installation.c.platform == platform,
        installation.c.tenant == tenant,
        or_(installation.c.app == app, installation.c.bot_user == bot_user),
    )
    return uow.connection.execute(statement.order_by(installation.c.id)).scalars().first()


def stop(uow: UnitOfWork, id: int, told_at: datetime | None = None) -> None:
    """The app is gone there: its token is wiped, its rooms' ties end, nothing more is sent. What is
    told twice changes nothing, nor does what is `told_at` a time before it was installed anew."""
    gone = update(installation).where(installation.c.id == id, installation.c.stopped_at.is_(None))
    if told_at is not None:
        since = installation.c.installed_at
        gone = gone.where(or_(since.is_(None), since <= told_at + SKEW))
    wiped = gone.values(
        secret=None, refresh_token=None, expires_at=None, renewing_until=None, stopped_at=uow.now
    )
    if uow.connection.execute(wiped).rowcount == 0:
        return
    there = select(conversation.c.id).where(conversation.c.installation == id)
    uow.connection.execute(
        update(room)
        .where(room.c.conversation.in_(there), room.c.state != "ended")
        .values(state="ended", ended_at=uow.now)
    )
    drop_unsent(uow, copy.c.conversation.in_(there))
    uow.connection.execute(
        update(copy)
        .where(copy.c.conversation.in_(there), copy.c.due_at.is_not(None))
        .values(state="behind", due_at=None)
    )


@dataclass(frozen=True, slots=True)
class Renewal:
    """A token that one worker is to exchange; `sealed` is how what it spends is stored."""

    id: int
    refresh_token: str
    sealed: str


def begin_renewals(uow: UnitOfWork, ending: datetime, until: datetime) -> list[Renewal]:
    """Take those tokens that end before `ending`; nobody else takes them before `until`, since
    what they are renewed with is good once."""
    free = or_(installation.c.renewing_until.is_(None), installation.c.renewing_until <= uow.real)
    taken = (
        update(installation)
        .where(installation.c.refresh_token.is_not(None), installation.c.expires_at < ending, free)
        .values(renewing_until=until)
        .returning(installation.c.id, installation.c.refresh_token)
    )
    renewals = []
    for row in uow.connection.execute(taken).all():
        refresh_token = uow.unseal(row.refresh_token)
        assert refresh_token is not None
        renewals.append(Renewal(row.id, refresh_token, row.refresh_token))
    return renewals


def renewed(
    uow: UnitOfWork, renewal: Renewal, *, secret: str, refresh_token: str, expires_at: datetime
) -> bool:
    """Keep the new token; False where the app was installed anew or taken away meanwhile."""
    statement = _spent(renewal).values(
        secret=uow.seal(secret),
        refresh_token=uow.seal(refresh_token),
        expires_at=expires_at,
        renewing_until=None,
    )
    return uow.connection.execute(statement).rowcount == 1


def not_renewed(uow: UnitOfWork, renewal: Renewal) -> None:
    """It is of no use any more; the token it was for is good until it ends."""
    uow.connection.execute(_spent(renewal).values(refresh_token=None, renewing_until=None))


def _spent(renewal: Renewal) -> Update:
    return update(installation).where(
        installation.c.id == renewal.id, installation.c.refresh_token == renewal.sealed
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


def forget_stopped(uow: UnitOfWork) -> None:
    """What is known of the people and channels of those that stopped long ago, and their secrets.
    What people wrote stays, without their names."""
    old = select(installation).where(
        installation.c.stopped_at < uow.now - REMEMBERED, installation.c.forgotten_at.is_(None)
    )
    for row in uow.connection.execute(old).all():
        forget_tenant(uow, row.platform, row.tenant, conversation.c.installation == row.id)
        uow.connection.execute(
            update(installation)
            .where(installation.c.id == row.id)
            .values(signing_secret=None, forgotten_at=uow.now)
        )


def forget_tenant(uow: UnitOfWork, platform: str, tenant: str, there: ColumnElement[bool]) -> None:
    """Forget the conversations that are meant, and the people of the workspace or tenant, unless
    they meet us through another app."""
    if not _is_served(uow, platform, tenant):
        _forget_people(uow, platform, tenant)
    uow.connection.execute(
        update(conversation).where(there).values(key=None, name=None, address={})
    )


def _is_served(uow: UnitOfWork, platform: str, tenant: str) -> bool:
    """Whether an app of ours is in this workspace or tenant, or may be used there."""
    working = and_(
        installation.c.platform == platform,
        installation.c.stopped_at.is_(None),
        installation.c.reserved_at.is_(None),
    )
    here = select(installation.c.id).where(working, installation.c.tenant == tenant)
    serving = (
        select(installation.c.id)
        .join(allowed, allowed.c.installation == installation.c.id)
        .where(working, allowed.c.tenant == tenant, allowed.c.denied_at.is_(None))
    )
    return uow.connection.execute(here.union(serving)).first() is not None


def _forget_people(uow: UnitOfWork, platform: str, tenant: str) -> None:
    """They are nobody any more; should one of them come again, that is somebody new."""
    uow.connection.execute(
        update(account)
        .where(account.c.platform == platform, account.c.tenant == tenant)
        .values(
            user=literal("forgotten ").concat(cast(account.c.id, String)),
            address="",
            name=None,
            language=None,
            profile_due_at=None,
        )
    )
