"""Networks, their organisations, the conversations we know and the rooms they are tied to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from storage.models import (
    conversation,
    copy,
    installation,
    network,
    organisation,
    room,
)
from storage.people import Account
from storage.ready import Ready
from storage.unit_of_work import UnitOfWork

LEFT = "left"
"""Why a copy was dropped that was on its way to a room whose tie ended."""


@dataclass(frozen=True, slots=True)
class Room:
    """A conversation that is, or waits to be, an organisation's room in a network."""

    id: int
    network: int
    organisation: int
    organisation_name: str
    country: str
    contact: str | None
    conversation: int
    language: str
    state: str
    place_name: str | None
    reads: str | None
    answer_to: str | None

    @property
    def active(self) -> bool:
        return self.state == "active"


# Written out, since SQLite plans a statement anew each time if a value decides on a partial index.
STANDS = text("room.state != 'ended'")
SPEAKS = text("coalesce(room.reads, '') != 'none'")
"""Whether anything that is written there reaches us: it does not through an incoming webhook."""
_ROOM_COLUMNS = (
    room.c.id,
    room.c.network,
    room.c.organisation,
    organisation.c.name.label("organisation_name"),
    organisation.c.country,
    organisation.c.contact,
    room.c.conversation,
    conversation.c.language,
    room.c.state,
    conversation.c.name.label("place_name"),
    room.c.reads,
    room.c.answer_to,
)
_ROOMS: Select[*tuple[Any, ...]] = (
    select(*_ROOM_COLUMNS)
    .join_from(room, conversation)
    .join(organisation, organisation.c.id == room.c.organisation)
    .where(STANDS)
)
_ROOM_AT = Ready(
    _ROOMS.add_columns(conversation.c.address).where(
        conversation.c.installation == bindparam("i"), conversation.c.key == bindparam("k")
    )
)
_ROOM_BY_ID: Select[*tuple[Any, ...]] = (
    select(*_ROOM_COLUMNS)
    .join_from(room, conversation)
    .join(organisation, organisation.c.id == room.c.organisation)
    .where(room.c.id == bindparam("r"))
)
_CONVERSATION_AT = Ready(
    select(conversation.c.id).where(
        conversation.c.installation == bindparam("i"), conversation.c.key == bindparam("k")
    )
)
_OF_ACTIVE = (
    select(room.c.conversation)
    .where(room.c.network == bindparam("n"), room.c.state == "active")
    .order_by(room.c.id)
)
_ACTIVE = Ready(_OF_ACTIVE)


def likely_language(uow: UnitOfWork, installation: int) -> str | None:
    """What is spoken in the other rooms of this workspace or tenant, else in the first network."""
    spoken = (
        select(conversation.c.language)
        .join_from(room, conversation)
        .where(conversation.c.installation == installation)
        .order_by(room.c.id)
        .limit(1)
    )
    found = uow.connection.execute(spoken).scalar_one_or_none()
    if found is not None:
        return found
    first = select(network.c.language).order_by(network.c.id).limit(1)
    return uow.connection.execute(first).scalar_one_or_none()


def takes_part(uow: UnitOfWork, organisation_id: int) -> bool:
    """Whether the organisation has a room that is open, and not one way only."""
    return _TAKES_PART.first(uow, {"o": organisation_id}) is not None


_TAKES_PART = Ready(
    select(room.c.id)
    .where(room.c.organisation == bindparam("o"), room.c.state == "active", SPEAKS)
    .limit(1)
)


def organisations_that_take_part() -> Select[int]:
    """Those with a room that is open, and not one way only."""
    return select(room.c.organisation).where(room.c.state == "active", SPEAKS)


def may_cross(organisation_of: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether what this organisation wrote may be shown where it does not stand yet: not if it took
    its confirmation back, and has confirmed nothing since."""
    # Asked for by itself, it is found once, and not again for each question.
    open_now = select(room.c.organisation).where(room.c.state == "active")
    withdrawn = or_(room.c.ended_by.is_not(None), room.c.ended_as.is_not(None))
    left = select(room.c.organisation).where(withdrawn, room.c.organisation.not_in(open_now))
    return organisation_of.not_in(left)


def room_at(
    uow: UnitOfWork, installation: int, key: str, address: Mapping[str, str] | None = None
) -> Room | None:
    """The room tied to this conversation, pending or active. `address` is how to speak there as the
    platform tells it now: it may move."""
    row = _ROOM_AT.first(uow, {"i": installation, "k": key})
    if row is None:
        return None
    *columns, known = row
    found = Room(*columns)
    if address and known != address:
        _keep_address(uow, found.conversation, address)
    return found


def is_tied(uow: UnitOfWork, conversation_id: int) -> bool:
    statement = select(room.c.id).where(
        room.c.conversation == conversation_id, room.c.state != "ended"
    )
    return uow.connection.execute(statement).first() is not None


def is_tied_anywhere(uow: UnitOfWork, installation_id: int, key: str) -> bool:
    """Whether this channel is a room already, through whichever installation: one that two
    workspaces share has the same id in both."""
    platform = (
        select(installation.c.platform)
        .where(installation.c.id == installation_id)
        .scalar_subquery()
    )
    statement = (
        select(room.c.id)
        .join_from(room, conversation)
        .join(installation, installation.c.id == conversation.c.installation)
        .where(
            room.c.state != "ended", conversation.c.key == key, installation.c.platform == platform
        )
    )
    return uow.connection.execute(statement.limit(1)).first() is not None


def _keep_address(uow: UnitOfWork, conversation_id: int, address: Mapping[str, str]) -> None:
    _change(uow, conversation_id, address=dict(address))


def room_by_id(uow: UnitOfWork, id: int) -> Room | None:
    row = uow.connection.execute(_ROOM_BY_ID, {"r": id}).one_or_none()
    return None if row is None else Room(*row)


def active_room_of(uow: UnitOfWork, conversation_id: int) -> Room | None:
    statement = _ROOMS.where(room.c.conversation == conversation_id, room.c.state == "active")
    row = uow.connection.execute(statement).one_or_none()
    return None if row is None else Room(*row)


def active_conversations(uow: UnitOfWork, network: int) -> list[int]:
    return _ACTIVE.column(uow, {"n": network})


def one_way_conversations(uow: UnitOfWork, network: int) -> list[int]:
    """Those that are told what there is, and from which nothing reaches us."""
    statement = _OF_ACTIVE.where(room.c.reads == "none")
    return list(uow.connection.execute(statement, {"n": network}).scalars())


_NAMES = (
    select(organisation.c.name)
    .distinct()
    .join_from(room, organisation, organisation.c.id == room.c.organisation)
    .where(room.c.state == "active")
    .order_by(organisation.c.name)
)


def organisations_at(uow: UnitOfWork, conversations: Sequence[int]) -> list[str]:
    """The names of the organisations whose rooms these are, each once; not of those that are only
    told that there is something."""
    statement = _NAMES.where(room.c.conversation.in_(conversations), SPEAKS)
    return list(uow.connection.execute(statement).scalars())


def organisations_only_told(uow: UnitOfWork, network: int) -> list[str]:
    """The names of the organisations that are told what there is, and shown nobody's words."""
    speak = select(room.c.organisation).where(room.c.state == "active", SPEAKS)
    statement = _NAMES.where(room.c.network == network, room.c.organisation.not_in(speak))
    return list(uow.connection.execute(statement).scalars())


def conversation_at(uow: UnitOfWork, installation: int, key: str) -> int | None:
    found: int | None = _CONVERSATION_AT.value(uow, {"i": installation, "k": key})
    return found


def keep_conversation(
    uow: UnitOfWork,
    *,
    installation: int,
    key: str,
    language: str,
    address: Mapping[str, str],
    name: str | None = None,
    account: int | None = None,
) -> int:
    """The conversation with this id, made if it is new; its address is brought up to date. A
    person's own is open to us whenever they act there."""
    row: dict[str, object] = {"installation": installation, "key": key, "language": language}
    row |= {"account": account, "address": dict(address)} | ({"name": name} if name else {})
    if account is not None:
        _claim_direct(uow, installation, account, key)
        row["closed_at"] = None
    made: int = _KEEP_CONVERSATION[name is not None and name != "", account is not None].value(
        uow, row
    )
    return made


def _keeping(*known: str) -> Ready:
    """Makes a conversation, or brings to date in it what is known."""
    return Ready.upsert(
        lambda insert: (
            (made := insert(conversation))
            .on_conflict_do_update(
                index_elements=["installation", "key"],
                set_={name: made.excluded[name] for name in known},
            )
            .returning(conversation.c.id)
        )
    )


_KEEP_CONVERSATION = {
    (False, False): _keeping("address"),
    (True, False): _keeping("address", "name"),
    (False, True): _keeping("address", "closed_at"),
    (True, True): _keeping("address", "name", "closed_at"),
}


def _claim_direct(uow: UnitOfWork, installation: int, account: int, key: str) -> None:
    """A person wrote to us before we opened their direct message: it is this conversation."""
    _CLAIM_DIRECT.run(uow, {"where": installation, "whose": account, "new": key})


_CLAIM_DIRECT = Ready(
    update(conversation)
    .where(
        conversation.c.installation == bindparam("where"),
        conversation.c.account == bindparam("whose"),
        or_(conversation.c.key.is_(None), conversation.c.key != bindparam("new")),
    )
    .values(key=bindparam("new"))
)


def direct_conversation(
    uow: UnitOfWork,
    *,
    installation: int,
    account: int,
    language: str,
    address: Mapping[str, str],
) -> int:
    """The direct message with a person; it has no key until the platform has opened it."""
    statement = (
        uow.insert(conversation)
        .values(
            installation=installation,
            account=account,
            language=language,
            address=dict(address),
        )
        .on_conflict_do_update(
            index_elements=["installation", "account"], set_={"language": language}
        )
        .returning(conversation.c.id)
    )
    return uow.connection.execute(statement).scalar_one()


def close(uow: UnitOfWork, conversation_id: int, at: datetime | None) -> None:
    """A person took us out of their private chat; None: they have us there (again)."""
    _change(uow, conversation_id, closed_at=at)


def open_to_us(uow: UnitOfWork, accounts: Sequence[Account]) -> list[Account]:
    """Those of these accounts that have not taken us out of their private chat."""
    statement = select(conversation.c.account, conversation.c.installation).where(
        conversation.c.account.in_([one.id for one in accounts]),
        conversation.c.closed_at.is_not(None),
    )
    closed = {tuple(row) for row in uow.connection.execute(statement)}
    return [one for one in accounts if (one.id, one.installation) not in closed]


def opened(uow: UnitOfWork, id: int, key: str, address: Mapping[str, str]) -> None:
    uow.connection.execute(
        update(conversation).where(conversation.c.id == id).values(key=key, address=dict(address))
    )


def tie(
    uow: UnitOfWork,
    *,
    network: int,
    organisation: int,
    conversation_id: int,
    language: str,
    reads: str | None = None,
) -> int:
    """Tie a conversation to an organisation; the tie waits until a person has confirmed it."""
    uow.connection.execute(
        update(conversation).where(conversation.c.id == conversation_id).values(language=language)
    )
    statement = insert(room).values(
        network=network,
        organisation=organisation,
        conversation=conversation_id,
        state="pending",
        joined_at=uow.now,
        reads=reads,
    )
    return uow.connection.execute(statement.returning(room.c.id)).scalar_one()


def tie_one_way(
    uow: UnitOfWork,
    *,
    network: int,
    organisation: int,
    conversation_id: int,
    consent: str,
    confirmed_as: str,
    answer_to: str,
) -> int:
    """Tie a conversation from which nothing reaches us. Nobody can confirm anything there: it is
    told with the tie who did, by their function."""
    statement = insert(room).values(
        network=network,
        organisation=organisation,
        conversation=conversation_id,
        state="active",
        joined_at=uow.now,
        consent=consent,
        confirmed_at=uow.now,
        confirmed_as=confirmed_as,
        reads="none",
        answer_to=answer_to,
    )
    return uow.connection.execute(statement.returning(room.c.id)).scalar_one()


def confirm(uow: UnitOfWork, id: int, *, account: int, consent: str) -> bool:
    """A person confirmed the consent text: from now on it crosses. False if it was done already."""
    statement = (
        update(room)
        .where(room.c.id == id, room.c.state == "pending")
        .values(state="active", consent=consent, confirmed_at=uow.now, confirmed_by=account)
    )
    return uow.connection.execute(statement).rowcount == 1


def learn_reads(uow: UnitOfWork, conversation_id: int, reads: str) -> int | None:
    """Note which messages of the room here reach us. The room's id, None if that is no news: all of
    them, once proven, holds until it is forgotten."""
    known = room.c.reads.is_(None)
    statement = update(room).where(
        room.c.conversation == conversation_id,
        STANDS,
        or_(known, room.c.reads != "all") if reads == "all" else known,
    )
    learned = uow.connection.execute(statement.values(reads=reads).returning(room.c.id))
    return learned.scalar_one_or_none()


def forget_reads(uow: UnitOfWork, conversation_id: int) -> int | None:
    """Which messages of the room here reach us is not known any more. The room's id, None if it
    was not known before."""
    statement = update(room).where(
        room.c.conversation == conversation_id, STANDS, room.c.reads.in_(("all", "mentions"))
    )
    forgotten = uow.connection.execute(statement.values(reads=None).returning(room.c.id))
    return forgotten.scalar_one_or_none()


def end_tie(uow: UnitOfWork, conversation_id: int) -> None:
    """We can no longer speak there: the tie ends, and what was on its way is dropped. What stands
    there is still to be taken away when its author takes it back."""
    uow.connection.execute(
        update(room)
        .where(room.c.conversation == conversation_id, room.c.state != "ended")
        .values(state="ended", ended_at=uow.now)
    )
    drop_unsent(uow, copy.c.conversation == conversation_id)


def drop_unsent(uow: UnitOfWork, where: ColumnElement[bool]) -> None:
    """What was to stand there and does not is not shown by itself when the room comes back."""
    uow.connection.execute(
        update(copy)
        .where(
            where,
            copy.c.message.is_(None),
            copy.c.state.in_(("behind", "sending", "doubt", "failed")),
        )
        .values(state="dropped", due_at=None, reason=LEFT)
    )


def lock_network(uow: UnitOfWork, network_id: int) -> None:
    """Nobody asks a question in the network, or does what it does by itself, until the end of this
    unit of work."""
    _LOCK_NETWORK.all(uow, {"n": network_id})


_LOCK_NETWORK = Ready(
    select(network.c.id).where(network.c.id == bindparam("n")).with_for_update(key_share=True)
)


def address_at(uow: UnitOfWork, installation: int, key: str) -> Mapping[str, str] | None:
    """Where a conversation is, None if we have not met it."""
    statement = select(conversation.c.address).where(
        conversation.c.installation == installation, conversation.c.key == key
    )
    return uow.connection.execute(statement).scalar_one_or_none()


def conversations_of_team(uow: UnitOfWork, installation: int, team: str) -> list[int]:
    """Every conversation whose address says that it belongs to this team."""
    statement = select(conversation.c.id).where(
        conversation.c.installation == installation,
        conversation.c.address["team"].as_string() == team,
    )
    return list(uow.connection.execute(statement).scalars())


def move(uow: UnitOfWork, installation: int, old_key: str, key: str, name: str | None) -> None:
    """The conversation has another id, or another name, from now on.

    Somebody may have spoken there under the new id before we were told. That conversation makes
    way, and keeps the old id; but if it has become a room by now, it is the room.
    """
    moved = conversation_at(uow, installation, old_key)
    if moved is None:
        return
    known = conversation_at(uow, installation, key) if key != old_key else None
    if known is not None and is_tied(uow, known):
        end_tie(uow, moved)
        return
    if known is not None:
        _change(uow, moved, key=None)
        _change(uow, known, key=old_key)
    _change(uow, moved, key=key, **({"name": name} if name else {}))


def _change(uow: UnitOfWork, conversation_id: int, **values: object) -> None:
    statement = update(conversation).where(conversation.c.id == conversation_id)
    uow.connection.execute(statement.values(**values))


def trouble(uow: UnitOfWork, conversation_id: int, reason: str | None) -> bool:
    """Note why a room cannot be spoken to (None: it can again); True if that is news."""
    values = {"trouble": reason, "trouble_at": uow.now if reason else None}
    news = _INTO_TROUBLE if reason else _OUT_OF_TROUBLE
    return news.run(uow, {"lane": conversation_id, **values}) == 1


_NOT_ENDED = update(room).where(room.c.conversation == bindparam("lane"), room.c.state != "ended")
_INTO_TROUBLE = Ready(_NOT_ENDED.where(room.c.trouble.is_(None)))
_OUT_OF_TROUBLE = Ready(_NOT_ENDED.where(room.c.trouble.is_not(None)))


def in_trouble(uow: UnitOfWork) -> list[int]:
    """The conversations of rooms that cannot be spoken to."""
    statement = select(room.c.conversation).where(
        room.c.state == "active", room.c.trouble.is_not(None)
    )
    return list(uow.connection.execute(statement).scalars())


def is_late(moment: datetime) -> ColumnElement[bool]:
    """Of a copy: whether it should have been shown before `moment`."""
    in_doubt = and_(copy.c.state == "doubt", copy.c.message.is_(None), copy.c.wanted_at < moment)
    return and_(
        copy.c.due_at.is_not(None),
        # One that was tried in vain, or is looked for, is due later again and again, and behind all
        # the same.
        or_(copy.c.due_at < moment, copy.c.tries > 1, in_doubt),
    )


def count_behind(uow: UnitOfWork, moment: datetime) -> int:
    """How many active rooms have something that should have been shown before `moment`."""
    statement = (
        select(func.count(func.distinct(copy.c.conversation)))
        # With the sum SQLite goes by what is due, not through all that ever stood in each room.
        .join_from(copy, room, room.c.conversation == copy.c.conversation + 0)
        .where(
            room.c.state == "active",
            room.c.trouble.is_(None),
            is_late(moment),
        )
    )
    behind = uow.connection.execute(statement).scalar_one()
    troubled = select(func.count()).where(room.c.state == "active", room.c.trouble.is_not(None))
    return behind + uow.connection.execute(troubled).scalar_one()


@dataclass(frozen=True, slots=True)
class Standing:
    """How an active room stands with its platform: `trouble` is why it refuses us, `reads` which
    messages there reach us."""

    key: str
    name: str | None
    organisation: str
    trouble: str | None
    reads: str | None
    address: Mapping[str, str]


def standing(uow: UnitOfWork, installation_id: int) -> list[Standing]:
    """The active rooms of an installation."""
    statement = (
        select(
            conversation.c.key,
            conversation.c.name,
            organisation.c.name,
            room.c.trouble,
            room.c.reads,
            conversation.c.address,
        )
        .join_from(room, conversation, conversation.c.id == room.c.conversation)
        .join(organisation, organisation.c.id == room.c.organisation)
        .where(conversation.c.installation == installation_id, room.c.state == "active")
        .order_by(organisation.c.name, room.c.id)
    )
    return [Standing(*row) for row in uow.connection.execute(statement)]
