"""Networks, their organisations, and the one-time codes by which rooms and people come in."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, union_all, update

from storage import jobs, themes
from storage.models import code, link, network, organisation, post
from storage.ready import Ready
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code: it ties a room, or where `role` is set it gives a person that role."""

    id: int
    network: int
    organisation: int
    role: str | None
    expires_at: datetime
    used: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """Since when a network is paused, and by which member."""

    at: datetime
    by: int | None


def create_network(uow: UnitOfWork, name: str, language: str) -> int:
    statement = insert(network).values(
        name=name,
        language=language,
        last_number=0,
        created_at=uow.now,
        steered_at=uow.now,
        seed=secrets.token_hex(16),
    )
    made = uow.connection.execute(statement.returning(network.c.id)).scalar_one()
    themes.begin(uow, made)
    jobs.begin(uow, made)
    return made


def networks(uow: UnitOfWork) -> Sequence[tuple[int, str, str]]:
    rows = uow.connection.execute(
        select(network.c.id, network.c.name, network.c.language).order_by(network.c.name)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def network_name(uow: UnitOfWork, id: int) -> str:
    name: str = _NAME.one(uow, {"n": id})[0]
    return name


_NAME = Ready(select(network.c.name).where(network.c.id == bindparam("n")))


def paused(uow: UnitOfWork, id: int) -> Pause | None:
    """The pause that the network is in; nothing is said there unasked before it ends."""
    at, by = _PAUSED.one(uow, {"n": id})
    return None if at is None else Pause(at, by)


_PAUSED = Ready(
    select(network.c.paused_at, network.c.paused_by).where(network.c.id == bindparam("n"))
)


def pause(uow: UnitOfWork, id: int, *, by: int) -> bool:
    """False if it is paused already."""
    statement = update(network).where(network.c.id == id, network.c.paused_at.is_(None))
    values = {"paused_at": uow.now, "paused_by": by}
    return uow.connection.execute(statement.values(**values)).rowcount == 1


def resume(uow: UnitOfWork, id: int) -> bool:
    """End the pause; False if there is none."""
    statement = update(network).where(network.c.id == id, network.c.paused_at.is_not(None))
    ended = uow.connection.execute(statement.values(paused_at=None, paused_by=None))
    return ended.rowcount == 1


def add_organisation(
    uow: UnitOfWork,
    *,
    network: int,
    name: str,
    country: str,
    language: str,
    contact: str | None = None,
) -> int:
    statement = insert(organisation).values(
        network=network, name=name, country=country, language=language, contact=contact
    )
    return uow.connection.execute(statement.returning(organisation.c.id)).scalar_one()


def organisations(uow: UnitOfWork, network: int) -> Sequence[tuple[int, str, str, str]]:
    rows = uow.connection.execute(
        select(
            organisation.c.id,
            organisation.c.name,
            organisation.c.country,
            organisation.c.language,
        )
        .where(organisation.c.network == network)
        .order_by(organisation.c.name)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def language(uow: UnitOfWork, id: int) -> str:
    statement = select(network.c.language).where(network.c.id == id)
    return uow.connection.execute(statement).scalar_one()


def founded_at(uow: UnitOfWork, id: int) -> datetime:
    founded: datetime = _FOUNDED_AT.one(uow, {"n": id})[0]
    return founded


_FOUNDED_AT = Ready(select(network.c.created_at).where(network.c.id == bindparam("n")))


def steered_at(uow: UnitOfWork, id: int) -> datetime:
    """When a facilitator decided anything about the questions of the week last."""
    steered = func.coalesce(network.c.steered_at, network.c.created_at)
    return uow.connection.execute(select(steered).where(network.c.id == id)).scalar_one()


def steer(uow: UnitOfWork, id: int) -> None:
    """A facilitator decides something about them now."""
    statement = update(network).where(network.c.id == id)
    uow.connection.execute(statement.values(steered_at=uow.now))


def languages_around(uow: UnitOfWork, kind: str, subject: int) -> set[str]:
    """The languages of the organisations in the network that a post is shown in."""
    return set(_LANGUAGES_AROUND.column(uow, {"kind": kind, "subject": subject}))


_LANGUAGES_AROUND = Ready(
    select(organisation.c.language)
    .distinct()
    .where(
        organisation.c.network
        == select(post.c.network)
        .where(post.c.kind == bindparam("kind"), post.c.subject == bindparam("subject"))
        .scalar_subquery()
    )
)


def organisation_language(uow: UnitOfWork, id: int) -> str:
    spoken: str = _LANGUAGE_OF.one(uow, {"o": id})[0]
    return spoken


_LANGUAGE_OF = Ready(select(organisation.c.language).where(organisation.c.id == bindparam("o")))


def organisation_name(uow: UnitOfWork, id: int) -> str:
    statement = select(organisation.c.name).where(organisation.c.id == id)
    return uow.connection.execute(statement).scalar_one()


def digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def keep_code(
    uow: UnitOfWork,
    words: str,
    *,
    network: int,
    organisation: int,
    role: str | None,
    expires_at: datetime,
) -> None:
    """Keep a code by its digest; the words themselves are never stored."""
    uow.connection.execute(
        insert(code).values(
            network=network,
            organisation=organisation,
            role=role,
            digest=digest(words),
            expires_at=expires_at,
        )
    )


def known_codes(uow: UnitOfWork, words: Iterable[str]) -> set[str]:
    """Which of these are codes of ours, good or not; of those that link accounts, the good ones."""
    digests = {digest(one): one for one in words}
    statement = union_all(
        select(code.c.digest).where(code.c.digest.in_(list(digests))),
        select(link.c.digest).where(link.c.digest.in_(list(digests)), link.c.state == "given"),
    )
    return {digests[found] for found in uow.connection.execute(statement).scalars()}


def find_code(uow: UnitOfWork, words: str) -> Code | None:
    row = uow.connection.execute(
        select(
            code.c.id,
            code.c.network,
            code.c.organisation,
            code.c.role,
            code.c.expires_at,
            code.c.used_at,
        ).where(code.c.digest == digest(words))
    ).one_or_none()
    if row is None:
        return None
    return Code(row[0], row[1], row[2], row[3], row[4], row[5] is not None)


def use_code(uow: UnitOfWork, id: int) -> bool:
    """Spend it; False if it was spent a moment ago."""
    statement = update(code).where(code.c.id == id, code.c.used_at.is_(None))
    return uow.connection.execute(statement.values(used_at=uow.now)).rowcount == 1
