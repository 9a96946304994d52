"""Links: two accounts that are to be one member's, from the code until both have confirmed."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, insert, select, update

from storage.models import copy, guess, link, post
from storage.networks import digest
from storage.people import lock_account
from storage.unit_of_work import UnitOfWork

HERE, THERE = "link-taker", "link-giver"
"""The kinds of posts that ask whoever typed the code, and whoever was given it."""

_COLUMNS = select(link.c.id, link.c.giver, link.c.taker, link.c.state, link.c.expires_at)


@dataclass(frozen=True, slots=True)
class Link:
    """`giver` was given the code, and `taker` typed it. `state`: given; taken, while the taker is
    asked; half, while the giver is; done, refused, or void."""

    id: int
    giver: int
    taker: int | None
    state: str
    expires_at: datetime


def give(uow: UnitOfWork, account: int, words: str, expires_at: datetime) -> None:
    """Keep a code by its digest. It is the account's only one: what it was given before is void."""
    lock_account(uow, account)
    earlier = update(link).where(link.c.giver == account, link.c.state == "given")
    uow.connection.execute(earlier.values(state="void"))
    uow.connection.execute(
        insert(link).values(
            giver=account, digest=digest(words), state="given", expires_at=expires_at
        )
    )


def find_given(uow: UnitOfWork, words: str) -> Link | None:
    """Whose code this is, if it is good. There are few at a time, and all are compared."""
    wanted, found = digest(words), None
    good = and_(link.c.state == "given", link.c.expires_at > uow.now)
    for row in uow.connection.execute(_COLUMNS.add_columns(link.c.digest).where(good)):
        if hmac.compare_digest(row.digest, wanted):
            found = Link(*row[:5])
    return found


def take(uow: UnitOfWork, id: int, account: int, until: datetime) -> bool:
    """Spend the code; False if somebody did a moment ago."""
    statement = update(link).where(link.c.id == id, link.c.state == "given")
    values = {"taker": account, "state": "taken", "expires_at": until}
    return uow.connection.execute(statement.values(**values)).rowcount == 1


def void(uow: UnitOfWork, words: str) -> bool:
    """A code that others have seen is good for nothing any more; False if it is none, or was."""
    statement = update(link).where(link.c.digest == digest(words), link.c.state == "given")
    return uow.connection.execute(statement.values(state="void")).rowcount == 1


def is_given(uow: UnitOfWork, words: str) -> bool:
    """Whether this links accounts, and nobody has typed it yet."""
    statement = select(link.c.id).where(link.c.digest == digest(words), link.c.state == "given")
    return uow.connection.execute(statement).first() is not None


def lock(uow: UnitOfWork, id: int) -> Link | None:
    """The link, that nobody else decides about until the commit."""
    row = uow.connection.execute(_COLUMNS.where(link.c.id == id).with_for_update()).first()
    return None if row is None else Link(*row)


def find(uow: UnitOfWork, id: int) -> Link | None:
    row = uow.connection.execute(_COLUMNS.where(link.c.id == id)).first()
    return None if row is None else Link(*row)


def settle(uow: UnitOfWork, id: int, state: str) -> None:
    uow.connection.execute(update(link).where(link.c.id == id).values(state=state))


def guessed(uow: UnitOfWork, account: int) -> None:
    uow.connection.execute(insert(guess).values(account=account, at=uow.now))


def guesses_since(uow: UnitOfWork, account: int, moment: datetime) -> int:
    """How many wrong codes this account has typed after `moment`; nobody else can type one for it
    until the commit."""
    lock_account(uow, account)
    statement = select(func.count()).where(guess.c.account == account, guess.c.at > moment)
    return uow.connection.execute(statement).scalar_one()


def forget_before(uow: UnitOfWork, moment: datetime) -> None:
    """Old ones, their posts and copies; what stands on the platform stays."""
    old = select(link.c.id).where(link.c.expires_at < moment)
    theirs = and_(post.c.kind.in_((HERE, THERE)), post.c.subject.in_(old))
    uow.connection.execute(delete(copy).where(copy.c.post.in_(select(post.c.id).where(theirs))))
    uow.connection.execute(delete(post).where(theirs))
    uow.connection.execute(delete(link).where(link.c.expires_at < moment))
    uow.connection.execute(delete(guess).where(guess.c.at < moment))
