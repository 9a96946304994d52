"""Confirming: what was confirmed for a channel can be read there, and taken back.

Taking it back ends the room's tie at once. What has crossed by then is its authors' own to delete.
"""

from __future__ import annotations

from bot.cards import Answer, Button, Card, Form, Open, Tell
from bot.drawn import Reader, shown_name
from bot.features import consent, joining, notices, proposing, trouble
from bot.features.presence import Presence, present, speech_of
from bot.incoming import Pressed, Submitted
from bot.language import Speech, speak
from bot.text import Text
from storage import UnitOfWork, confirmations, people, posts, rooms
from storage import notices as stored
from storage.confirmations import Confirmation
from storage.rooms import Room

KIND = confirmations.CARD
WITHDRAW = "withdraw-consent"
WITHDRAWN = "consent-withdrawn"
"""The name of the notice that says good-bye."""

WORDS = frozenset(
    {
        *("consent", "agreement", "what is confirmed"),
        *("avtale", "avtalen", "avtala", "samtykke", "hva er bekreftet", "kva er stadfesta"),
        *("aftale", "aftalen", "hvad er bekræftet"),
    }
)


def is_meant(text: Text) -> bool:
    """Whether these are the words that ask for it, and nothing else."""
    return " ".join(text.plain().lower().split()).rstrip(".!? ") in WORDS


def tell(uow: UnitOfWork, who: Presence, *, under: str | None = None) -> None:
    """Show it in the room that it is about. Elsewhere it is said where to ask."""
    room = rooms.active_room_of(uow, who.conversation)
    if room is None:
        private = under is None
        notices.tell(
            uow, "consent-elsewhere", who.conversation, network=who.network, private=private
        )
        return
    made = stored.keep(uow, KIND, network=room.network, facts={"room": str(room.id)})
    posts.show(uow, KIND, made, [room.conversation], network=room.network, under=under)


def card_for(who: Presence, uow: UnitOfWork) -> Card:
    """The same for one person, in answer to a command."""
    room = rooms.active_room_of(uow, who.conversation)
    found = None if room is None else confirmations.of_room(uow, room.id)
    return _elsewhere(who.say, {}) if found is None else _card(found, who.say, uow, now=True)


def card(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    name, facts = stored.find(uow, subject)
    found, say = confirmations.of_room(uow, int(facts["room"])), speak(reader.language)
    if found is None:
        return None
    return _farewell(found, say, uow) if name == WITHDRAWN else _card(found, say, uow)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """The button that takes it back: first it is said what that means."""
    found = _permitted(incoming, incoming.value, uow)
    return found if isinstance(found, Tell) else Open(form(found[1].id, found[0].say))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    found = _permitted(incoming, incoming.subject, uow)
    if isinstance(found, Tell):
        return found
    who, room = found
    rooms.lock_network(uow, room.network)
    if not confirmations.withdraw(uow, room.id, account=who.account.id):
        return Tell.words(_is_over(who.say))
    confirmations.redraw(uow, room.id)
    made = stored.keep(uow, WITHDRAWN, network=room.network, facts={"room": str(room.id)})
    posts.show(uow, KIND, made, [room.conversation], network=room.network)
    proposing.list_again(room.network, uow)
    trouble.tell_left(room, uow)
    return Tell.words(who.say("Withdrawn. Nothing crosses to or from this channel any more."))


def form(room: int, say: Speech) -> Form:
    return Form(
        name=WITHDRAW,
        title=say("Withdraw"),
        submit=say("Withdraw"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(room),
        text=Text.of(
            say("Once you have withdrawn it, nothing crosses to or from this channel any more.")
            + "\n\n"
            + _what_has_crossed(say)
            + "\n\n"
            + _way_back(say)
        ),
    )


def _permitted(
    incoming: Pressed | Submitted, value: str, uow: UnitOfWork
) -> tuple[Presence, Room] | Tell:
    """Who acts, and the room whose confirmation they may take back; else what they are told."""
    who = present(incoming.person, incoming.place, uow)
    room = None if who is None else rooms.active_room_of(uow, who.conversation)
    if who is None or room is None or str(room.id) != value:
        return Tell(joining.not_joined(who.say if who else speech_of(incoming, uow)))
    found = confirmations.of_room(uow, room.id)
    if found is None or not _may(who, found, uow):
        return Tell.words(_not_yours(found, who.say))
    return who, room


def _may(who: Presence, found: Confirmation, uow: UnitOfWork) -> bool:
    """Whoever confirmed it, facilitators, and coordinators of that organisation."""
    member = people.member_of(uow, who.network, who.account.id)
    if member is None:
        return False
    own = None if found.by is None else people.member_of(uow, who.network, found.by)
    coordinates = member.role == "coordinator" and member.organisation == found.organisation
    return member.role == "facilitator" or coordinates or member == own


def _card(found: Confirmation, say: Speech, uow: UnitOfWork, *, now: bool = False) -> Card:
    over = found.state == "ended"
    withdraw = Button(WITHDRAW, say("Withdraw"), str(found.room), style="danger", opens=True)
    return Card(
        title=say("What this channel has confirmed"),
        byline=say("The channel of {organisation}", organisation=_name(found)),
        text=Text(consent.blocks(found.text, say)),
        note=consent.story(found, say, uow, now=now),
        buttons=() if over else (withdraw,),
    )


def _farewell(found: Confirmation, say: Speech, uow: UnitOfWork) -> Card:
    return Card(
        title=say("This channel no longer takes part"),
        text=Text.of(f"{_what_has_crossed(say)}\n\n{_way_back(say)}"),
        note=consent.ending(found, say, uow),
    )


def _what_has_crossed(say: Speech) -> str:
    return say(
        "What has crossed stays: in the other channels, what was written here, and here, what came "
        "from them. Whoever wrote something can still take it back: delete your own message here, "
        "or press {button} on its card, and it disappears in every channel.",
        button=say.quoted(say("Change or withdraw")),
    )


def _way_back(say: Speech) -> str:
    return say(
        "To come back, ask your facilitator for a new code and write here: @Mellom join CODE"
    )


def _name(found: Confirmation) -> str:
    return shown_name(found.organisation_name)


def _is_over(say: Speech) -> str:
    return say("This has been withdrawn already.")


def _not_yours(found: Confirmation | None, say: Speech) -> str:
    return say(
        "The person who confirmed this, a Lean coach of {organisation} or a facilitator can "
        "withdraw it.",
        organisation=_name(found) if found else "–",
    )


@notices.notice("consent-elsewhere")
def _elsewhere(say: Speech, _facts: notices.Facts) -> Card:
    return Card(text=Text.of(say("Ask for that in the channel that it is about.")))
