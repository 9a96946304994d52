"""Joining: a one-time code ties a room to its organisation, and a person confirms it."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from bot.cards import Answer, Button, Card, Tell
from bot.drawn import Reader, shown_name
from bot.features import consent, everywhere, listing, notices, pausing, reach
from bot.features.presence import (
    account_of,
    become_member,
    conversation_of,
    in_room,
    present_in_each,
    speech_for,
    speech_of,
)
from bot.incoming import (
    Acted,
    Added,
    Commanded,
    Person,
    Place,
    Pressed,
    Removed,
    Said,
    Uninstalled,
)
from bot.language import Speech, mark, speak
from bot.text import Text
from storage import (
    UnitOfWork,
    belonging,
    confirmations,
    deliveries,
    installations,
    networks,
    people,
    posts,
    rooms,
)
from storage.people import Account

CONFIRM = "confirm"

VALID_FOR = timedelta(days=14)
ROLES = ("facilitator", "coordinator", "manager", "reader")
_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_LENGTH = 10
_HALVES = rf"[{_ALPHABET}]{{5}}[\W_]{{0,3}}[{_ALPHABET}]{{5}}"
_CODE = re.compile(_HALVES, re.IGNORECASE)
_AS_WRITTEN = re.compile(rf"(?<![\w-])[{_ALPHABET}]{{5}}-[{_ALPHABET}]{{5}}(?![\w-])")
_CODES = re.compile(rf"(?<![^\W_])(?=({_HALVES})(?![^\W_]))", re.IGNORECASE)

_REFUSALS = {
    "code-unknown": mark(
        "I do not know that code. Check it letter by letter, or ask your facilitator for a new one."
    ),
    "code-used": mark("That code has been used. Ask your facilitator for a new one."),
    "code-expired": mark("That code has expired. Ask your facilitator for a new one."),
    "code-for-rooms": mark(
        "That code is for a channel. Add me to the channel or its team, and write there: "
        "@Mellom join CODE"
    ),
    "room-tied": mark(
        "This channel is already part of a network. If it is to join another, first remove me "
        "from the channel or its team."
    ),
    "role-given": mark("Thank you. You now have your new role in the network."),
    "card-shown": mark(
        "My card in this channel says what happens next. If you do not see it, add me first: "
        "on Slack with /invite @Mellom, on Teams to the channel's team."
    ),
}


def new_code() -> str:
    """A code of 49 bits, in letters and digits that are not mistaken for each other."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def keep_code(uow: UnitOfWork, *, network: int, organisation: int, role: str | None) -> str:
    """Make a one-time code, valid for `VALID_FOR`; only its digest is stored."""
    words = new_code()
    networks.keep_code(
        uow,
        plain(words),
        network=network,
        organisation=organisation,
        role=role,
        expires_at=uow.now + VALID_FOR,
    )
    return words


def is_one_word(words: str) -> bool:
    """Whether one word stands where a code may: several are talk, not a code."""
    return len(words.split()) == 1


def is_like_a_code(words: str) -> bool:
    """Whether this can be a code, with whatever stands between its halves."""
    return _CODE.fullmatch(words.strip()) is not None


def code_as_written(words: str) -> str | None:
    """What has the very form of our codes, whether it is one or not."""
    found = _AS_WRITTEN.search(words)
    return None if found is None else found[0]


def is_known(words: str, uow: UnitOfWork) -> bool:
    """Whether this lets a room or a person into a network, or did."""
    return networks.find_code(uow, plain(words)) is not None


def code_in(words: str, uow: UnitOfWork) -> str | None:
    """One of our codes among the words, good or not, however it was introduced."""
    found = [match[1] for match in _CODES.finditer(words)]
    known = networks.known_codes(uow, map(plain, found)) if found else set()
    return next((code for code in found if plain(code) in known), None)


def join(words: str, incoming: Said, uow: UnitOfWork) -> None:
    """`@Mellom join CODE`, typed where the room is to be."""
    account = account_of(incoming.person, incoming.place, uow)
    say = speech_for(account, incoming.place, uow)
    outcome = _join(words, incoming, account, uow)
    if outcome == "card-shown":
        return
    conversation = conversation_of(incoming.place, account, say.language, uow)
    under = None if incoming.place.direct else incoming.root or incoming.message
    private = incoming.place.direct
    notices.tell(uow, outcome, conversation, network=None, under=under, private=private)


def join_by_command(words: str, incoming: Commanded, uow: UnitOfWork) -> str:
    """`/mellom join CODE`; the answer's words."""
    account = account_of(incoming.person, incoming.place, uow)
    say = speech_for(account, incoming.place, uow)
    return say(_REFUSALS[_join(words, incoming, account, uow)])


def confirmed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """A person confirmed the consent text: from now on the room is part of the network."""
    room = rooms.room_at(uow, incoming.place.installation, incoming.place.key)
    if room is None or str(room.id) != incoming.value:
        return None
    who = in_room(incoming.person, room, incoming.place, uow)
    rooms.lock_network(uow, room.network)  # A question of this moment is listed, or shown here.
    if not rooms.confirm(uow, room.id, account=who.account.id, consent=consent.BOTH_WAYS):
        return Tell.words(who.say("This channel is already connected."))
    posts.show_again(uow, "welcome", room.id)
    posts.show(uow, "hello", room.id, [room.conversation], network=room.network)
    pausing.on_joining(room, uow)
    listing.on_joining(room, uow)
    return None


def added(incoming: Added, uow: UnitOfWork) -> None:
    """We can speak there (again): what failed to be shown is due."""
    for conversation in _meant(incoming, uow):
        rooms.close(uow, conversation, None)
        if rooms.is_tied(uow, conversation):
            rooms.trouble(uow, conversation, None)
            if not incoming.place.reads_all:
                reach.added_anew(conversation, uow)
            deliveries.revive(uow, conversation)


def removed(incoming: Removed, uow: UnitOfWork) -> None:
    """We can no longer speak there: the tie ends. Whoever takes us out of their private chat is
    sent nothing there any more."""
    if incoming.person is not None:
        conversation = _private_chat(incoming.person, incoming.place, uow)
        if conversation is not None:
            rooms.close(uow, conversation, uow.now)
    for conversation in _meant(incoming, uow):
        rooms.end_tie(uow, conversation)


def _private_chat(person: Person, place: Place, uow: UnitOfWork) -> int | None:
    """Of somebody we know, for whom it need never have been opened."""
    account = people.account_of(uow, person.platform, person.tenant, person.user)
    if account is None:
        return None
    return conversation_of(place, account, speech_for(account, place, uow).language, uow)


def _meant(incoming: Added | Removed, uow: UnitOfWork) -> list[int]:
    """The conversation, or every one of the team."""
    place = incoming.place
    if incoming.whole:
        return rooms.conversations_of_team(uow, place.installation, place.key)
    found = rooms.conversation_at(uow, place.installation, place.key)
    return [] if found is None else [found]


def uninstalled(incoming: Uninstalled, uow: UnitOfWork) -> None:
    installations.stop(uow, incoming.installation, incoming.at)


def card(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """The room's first card: what Mellom is, the consent text, and who confirmed it."""
    room = rooms.room_by_id(uow, subject)
    confirmed = confirmations.of_room(uow, subject)
    if room is None or (room.state == "ended" and not (confirmed and confirmed.withdrawn)):
        return None
    say = speak(reader.language)
    network = shown_name(networks.network_name(uow, room.network))
    organisation = shown_name(room.organisation_name)
    begins = () if room.state == "ended" else _begins(room.reads, say).blocks
    wording = confirmed.text if confirmed else consent.BOTH_WAYS
    return Card(
        title=say("Mellom for {network}", network=network),
        byline=say("The channel of {organisation}", organisation=organisation),
        text=Text((*begins, *consent.blocks(wording, say))),
        note=consent.story(confirmed, say, uow) if confirmed else None,
        buttons=()
        if confirmed
        else (Button(CONFIRM, say("Confirm and connect"), str(subject), style="primary"),),
    )


def not_joined(say: Speech, _facts: notices.Facts | None = None) -> Card:
    """What to do where no network is."""
    return Card(
        text=Text.of(
            say(
                "This conversation is not part of a network yet. "
                "Ask your facilitator for a code and write: @Mellom join CODE"
            )
        )
    )


def stranger(incoming: Acted, uow: UnitOfWork) -> Tell:
    """The answer to somebody who belongs to no network here, or no longer does; or to several, and
    nothing tells which is meant."""
    here = present_in_each(incoming.person, incoming.place, uow)
    if len(here) > 1:
        return Tell.words(where_to_ask(here[0].say))
    return not_theirs(incoming, uow)


def not_theirs(incoming: Acted, uow: UnitOfWork) -> Tell:
    """The answer to somebody who presses what was sent to another, or is over."""
    here = present_in_each(incoming.person, incoming.place, uow)
    if not here:
        return Tell(not_joined(speech_of(incoming, uow)))
    return Tell.words(nothing_here(here[0].say))


def nothing_here(say: Speech) -> str:
    return say("There is nothing to answer here any more.")


def where_to_ask(say: Speech) -> str:
    """Said to somebody in several networks where it cannot be told which a question is for."""
    return say(
        "You are in more than one network. Write @Mellom and your question in the channel of the "
        "one it is for."
    )


def _begins(reads: str | None, say: Speech) -> Text:
    return Text.of(f"{_what_it_is(say)}\n\n{reach.words(reads, say)}")


def _what_it_is(say: Speech) -> str:
    return say(
        "I am a bot that helps your learning network between the seminars. Write @Mellom and a "
        "question: I show it in every channel of the network, and the answers come back to its "
        "thread."
    )


def _join(words: str, incoming: Said | Commanded, account: Account, uow: UnitOfWork) -> str:
    """Use a code; the name of what came of it."""
    code = networks.find_code(uow, plain(words))
    if code is None:
        return "code-unknown"
    if code.used:
        return "code-used"
    if code.expires_at <= uow.now:
        return "code-expired"
    if code.role is None:
        return _tie(code, incoming, account, uow)
    if not networks.use_code(uow, code.id):
        return "code-used"
    member = become_member(uow, code.network, code.organisation, account)
    people.give_role(uow, member.id, code.role)
    if belonging.home_of(uow, member.id) is not None:
        belonging.place(uow, member.id, code.organisation)
        everywhere.redraw_all_of(uow, member.id)
    return "role-given"


def _tie(code: networks.Code, incoming: Said | Commanded, account: Account, uow: UnitOfWork) -> str:
    place = incoming.place
    if place.direct:
        return "code-for-rooms"
    if rooms.is_tied_anywhere(uow, place.installation, place.key):
        return "room-tied"
    if not networks.use_code(uow, code.id):
        return "code-used"
    language = networks.organisation_language(uow, code.organisation)
    conversation = conversation_of(place, account, language, uow)
    room = rooms.tie(
        uow,
        network=code.network,
        organisation=code.organisation,
        conversation_id=conversation,
        language=language,
        reads=reach.ALL if place.reads_all else None,
    )
    posts.show(uow, "welcome", room, [conversation], network=code.network)
    return "card-shown"


def plain(words: str) -> str:
    """A code as people may type it: small letters, spaces or without its hyphen."""
    return "".join(mark for mark in words.upper() if mark.isalnum())


def _draws(words: str) -> notices.Draw:
    return lambda say, _facts: Card(text=Text.of(say(words)))


for _name, _words in _REFUSALS.items():
    notices.notice(_name)(_draws(_words))
notices.notice("not-joined")(not_joined)
