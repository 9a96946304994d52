"""Leaving: whoever leaves is written to no more, and their open questions pass to somebody else."""

from __future__ import annotations

from bot.cards import Card, Item, Tell
from bot.drawn import known_name, shown_name, words_of
from bot.features import closing, gate, private, seeking
from bot.graphemes import cut
from bot.incoming import PeopleLeft, Person, PersonGone, PersonHere, Submitted
from bot.language import Speech, speak
from bot.text import Text
from storage import (
    UnitOfWork,
    attempts,
    first_voices,
    greetings,
    jobs,
    members,
    networks,
    overviews,
    people,
    posts,
    privates,
    redrawing,
    rooms,
    threads,
)
from storage import leaving as stored
from storage.people import Account
from storage.privates import Private
from storage.rooms import Room
from storage.threads import Utterance

LISTED = 10
"""Questions that are named to whoever looks after them from now on."""

TYPED = ("question", "details", "answer", "text")
"""Fields of forms in which people write."""

WORDS = 200
"""Characters of each of them."""


def leave(member: int, uow: UnitOfWork) -> bool:
    """The member has left the network: all sending stops, what asks them for something is taken
    away, and somebody else looks after their open questions. False if they had left already."""
    people.lock(uow, member)
    who = members.profile(uow, member)
    if not stored.leave(uow, member):
        return False
    _write_no_more(who.network, member, uow)
    redrawing.begin(uow, member, uow.now + redrawing.FORMER)
    greetings.end(uow, member)
    greetings.hurry(uow, member)
    attempts.forget(uow, member)
    if first_voices.close(uow, member):
        jobs.look_at(uow, who.network, first_voices.JOB, uow.now)
    seeking.left(member, who.network, uow)
    keeper = _keeper(who.network, who.organisation, uow)
    passed = stored.pass_on(uow, member, keeper)
    if passed and keeper is not None:
        private.tell(uow, gate.PASSED_ON, who.network, keeper, {"author": str(member)})
    return True


def left(incoming: PeopleLeft, uow: UnitOfWork) -> None:
    """People are in a channel no more. Whoever takes part in another one of the network does so
    still, and so does a facilitator, who need be in none."""
    for conversation in _rooms(incoming, uow):
        room = rooms.active_room_of(uow, conversation)
        for person in incoming.people if room is not None else ():
            account = _known(person, incoming.place.installation, uow)
            if room is not None and account is not None:
                _left_room(room, account, uow)


def gone(incoming: PersonGone, uow: UnitOfWork) -> None:
    """An account was deactivated: whoever has no other has left every network."""
    account = _known(incoming.person, incoming.installation, uow)
    if account is None or not stored.account_gone(uow, account.id):
        return
    for member in stored.members_behind(uow, account.id):
        if not stored.has_account(uow, member):
            leave(member, uow)


def here(incoming: PersonHere, uow: UnitOfWork) -> None:
    """An account is there: if it was gone, whoever left with it is back."""
    account = _known(incoming.person, incoming.installation, uow)
    if account is None or account.gone_at is None:
        return
    if incoming.at + (uow.now - uow.real) < account.gone_at:
        return  # It is told late: this was so before.
    for member in stored.left_with(uow, account.id, account.gone_at):
        stored.come_back(uow, member)
    stored.account_back(uow, account.id)


def meanwhile(incoming: Submitted, uow: UnitOfWork) -> Tell | None:
    """The answer to somebody who has left since they opened the form. It lay open from before, so
    that sending it brings nobody back; what was typed in it they get back."""
    place, person = incoming.place, incoming.person
    named = (person.platform, person.tenant, person.user)
    if stored.is_here(uow, *named, place.installation, place.key):
        return None
    room = rooms.room_at(uow, place.installation, place.key)
    account = _known(incoming.person, place.installation, uow)
    if room is None or account is None:
        return None
    member = people.member_of(uow, room.network, account.id)
    if member is None or not member.has_left:
        return None
    say = speak(account.language or room.language)
    words = say(
        "You have left the network {network} since you opened this, so nothing was sent. Write in "
        "the channel if you want to take part again.",
        network=shown_name(networks.network_name(uow, room.network)),
    )
    typed = (incoming.values.get(field, "") for field in TYPED)
    return Tell(Card(text=Text.of("\n\n".join((words, *filter(None, typed))))))


def _rooms(incoming: PeopleLeft, uow: UnitOfWork) -> list[int]:
    place = incoming.place
    if incoming.whole:
        return rooms.conversations_of_team(uow, place.installation, place.key)
    found = rooms.conversation_at(uow, place.installation, place.key)
    return [] if found is None else [found]


def _known(person: Person, installation: int, uow: UnitOfWork) -> Account | None:
    """The account, if we have met it: being in a channel makes nobody known."""
    known = people.account_of(uow, person.platform, person.tenant, person.user)
    if known is None and person.address:
        return people.account_met_by(uow, installation, person.address)
    return known


def _left_room(room: Room, account: Account, uow: UnitOfWork) -> None:
    stored.depart(uow, account.id, room.conversation)
    for member in stored.members_behind(uow, account.id, room.network):
        runs_it = members.profile(uow, member).role == "facilitator"
        if not runs_it and not stored.is_in_a_room(uow, room.network, member):
            leave(member, uow)


def _write_no_more(network: int, member: int, uow: UnitOfWork) -> None:
    """What is on its way is decided again when it is drawn, and the gate lets nothing pass."""
    privates.withdraw(uow, member, gate.Rule.LEFT)
    for id in privates.standing(uow, member, but=gate.WELCOME.name):
        posts.show_again(uow, privates.KIND, id, gone=True)
    for kind in (overviews.CARD, overviews.NETWORK):
        overviews.outdate(uow, network, member, kind)


def _keeper(network: int, organisation: int, uow: UnitOfWork) -> int | None:
    """Whoever looks after what is open: of the same organisation, else who runs the network."""
    found = stored.successor(uow, organisation)
    if found is not None:
        return found
    return next((one.id for one in private.in_charge(uow, network)), None)


@private.message(gate.PASSED_ON)
def _passed_on(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    """Which questions these are, as they stand now; nothing once all of them are closed."""
    ids = stored.kept_by(uow, kept.member, int(kept.facts["author"]))
    if not ids:
        return None
    questions = [threads.question(uow, id) for id in ids[:LISTED]]
    first = questions[0]
    words = say.many(
        "{name} at {organisation} no longer takes part, and {count} question of theirs is open. "
        "It is yours to look after now: you can mark it as answered, and open it again.",
        "{name} at {organisation} no longer takes part, and {count} questions of theirs are open. "
        "They are yours to look after now: you can mark them as answered, and open them again.",
        len(ids),
        name=known_name(first.account, first.author, first.profile_due_at, say, uow),
        organisation=shown_name(first.organisation_name),
    )
    items = tuple(_item(question, say, uow) for question in questions)
    return Card(text=Text.of(words), items=items)


def _item(question: Utterance, say: Speech, uow: UnitOfWork) -> Item:
    words = cut(words_of(question, uow).shortened(WORDS).plain(), WORDS)
    return Item(f"Q-{question.number} · {words}", button=closing.button(question, say))
