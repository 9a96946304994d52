"""Who acts, as which organisation's member, and from where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.features.gate import BELONGING, OPENING, WELCOME
from bot.incoming import Acted, Person, Place
from bot.language import Speech, pick, speak
from storage import (
    UnitOfWork,
    belonging,
    informing,
    invitations,
    leaving,
    networks,
    people,
    privates,
    rooms,
)
from storage.people import Account, Member
from storage.rooms import Room

OPENS_WITHIN = timedelta(days=45)
"""After this nobody is new any more."""


class TryLater(Exception):
    """What this belongs to may be here in a moment: keep it, and try again."""


@dataclass(frozen=True, slots=True)
class Presence:
    """A member who acts in a conversation; `in_room` where that is the network's own room."""

    network: int
    organisation: int
    member: int
    account: Account
    conversation: int
    in_room: bool
    say: Speech
    reads: str | None = None
    """Which messages of the room reach us."""
    has_spoken: bool = True
    """Whether the member has asked or answered before."""


def account_of(
    person: Person, place: Place, uow: UnitOfWork, conversation: int | None = None
) -> Account:
    """The account of this person; `conversation` is a channel that they were met in."""
    return people.keep_account(
        uow,
        platform=person.platform,
        tenant=person.tenant,
        user=person.user,
        installation=place.installation,
        address=person.address or person.user,
        name=person.name,
        language=pick(person.language, "") or None,
        met=conversation,
    )


def speech_for(account: Account, place: Place, uow: UnitOfWork) -> Speech:
    """How to speak to somebody who may belong to no network: as they chose, or as it is likely."""
    return speak(account.language or rooms.likely_language(uow, place.installation))


def speech_of(incoming: Acted, uow: UnitOfWork) -> Speech:
    """How to speak to whoever acted."""
    return speech_for(account_of(incoming.person, incoming.place, uow), incoming.place, uow)


def in_room(person: Person, room: Room, place: Place, uow: UnitOfWork) -> Presence:
    """Acting in an active room makes a person a member. Whoever had left is back."""
    account = account_of(person, place, uow, room.conversation)
    member = people.member_of(uow, room.network, account.id)
    if member is None:
        member = _first_met(person, room, account, uow)
    elif member.has_left:
        leaving.come_back(uow, member.id)
    return Presence(
        network=room.network,
        organisation=member.organisation,
        member=member.id,
        account=account,
        conversation=room.conversation,
        in_room=True,
        say=speak(account.language or room.language),
        reads=room.reads,
        has_spoken=member.has_spoken,
    )


def _first_met(person: Person, room: Room, account: Account, uow: UnitOfWork) -> Member:
    """A member of the organisation whose workspace or tenant is theirs. Where that is not known
    they are asked, and until they have answered it is the room's."""
    homes = belonging.at_home(uow, room.network, person.platform, person.tenant)
    if room.organisation in homes:
        return become_member(uow, room.network, room.organisation, account)
    if len(homes) == 1:
        return become_member(uow, room.network, homes[0], account)
    member = become_member(uow, room.network, room.organisation, account)
    belonging.ask_about(uow, member.id, belonging.UNKNOWN)
    privates.keep(uow, network=room.network, member=member.id, kind=BELONGING.name)
    return member


def become_member(uow: UnitOfWork, network: int, organisation: int, account: Account) -> Member:
    """By a first act of their own, and never by anything else; they are welcomed once."""
    member = people.make_member(
        uow, network=network, organisation=organisation, account_id=account.id
    )
    if member.has_left:
        leaving.come_back(uow, member.id)
    if not privates.is_told(uow, member.id, WELCOME.name):
        privates.keep(uow, network=network, member=member.id, kind=WELCOME.name)
        _begin_later(network, member, uow)
    return member


def _begin_later(network: int, member: Member, uow: UnitOfWork) -> None:
    """After some working days a newcomer is told how one may begin, where that was announced."""
    if informing.informed_on(uow, member.organisation) is None:
        return
    until = uow.now + OPENS_WITHIN
    kept = privates.keep(uow, network=network, member=member.id, kind=OPENING.name, until=until)
    invitations.begin(
        uow,
        network=network,
        member=member.id,
        organisation=member.organisation,
        kind=invitations.OPENING,
        private=kept.id,
    )


def present(person: Person, place: Place, uow: UnitOfWork) -> Presence | None:
    """The member who acts: in an active room, or anywhere else if in one network only."""
    here = present_in_each(person, place, uow)
    return here[0] if len(here) == 1 else None


def present_in_each(person: Person, place: Place, uow: UnitOfWork) -> list[Presence]:
    """The member who acts, once for each network: in an active room that is the room's only."""
    room = rooms.room_at(uow, place.installation, place.key)
    if room is not None and room.active:
        return [in_room(person, room, place, uow)]
    account = account_of(person, place, uow)
    joined = people.networks_of(uow, account.id)
    return [who for network in sorted(joined) if (who := _elsewhere(account, network, place, uow))]


def _elsewhere(account: Account, network: int, place: Place, uow: UnitOfWork) -> Presence | None:
    """The member of this network, outside its rooms."""
    member = people.member_of(uow, network, account.id)
    if member is None or member.has_left:
        return None
    if member.role != "facilitator" and not rooms.takes_part(uow, member.organisation):
        return None
    language = account.language or networks.organisation_language(uow, member.organisation)
    return Presence(
        network=member.network,
        organisation=member.organisation,
        member=member.id,
        account=account,
        conversation=conversation_of(place, account, language, uow),
        in_room=False,
        say=speak(language),
        has_spoken=member.has_spoken,
    )


def conversation_of(place: Place, account: Account, language: str, uow: UnitOfWork) -> int:
    """The conversation row of a place, made if it is new."""
    return rooms.keep_conversation(
        uow,
        installation=place.installation,
        key=place.key,
        language=language,
        address=place.address,
        name=place.name,
        account=account.id if place.direct else None,
    )


def direct_message_to(account: Account, language: str, uow: UnitOfWork) -> int:
    """The conversation row of the person's direct message, opened only when something is sent."""
    return rooms.direct_conversation(
        uow,
        installation=account.installation,
        account=account.id,
        language=account.language or language,
        address=people.address_met_at(uow, account.id),
    )
