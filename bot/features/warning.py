"""Warning: a text that seems to hold a national identity number was stopped; its author is told."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.cards import Answer, Button, Card, Tell
from bot.drawn import shown_name
from bot.features import gate, notices, private
from bot.features.presence import account_of, direct_message_to, speech_of
from bot.guard import Level
from bot.incoming import Edited, Pressed, Said, id_named
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, incidents, people, rooms, threads
from storage.incidents import Incident
from storage.people import Account
from storage.privates import Private
from storage.rooms import Room

log = logging.getLogger(__name__)

REMOVED, FALSE_ALARM = "number-removed", "number-false-alarm"
SURE_PATIENCE = timedelta(minutes=15)
"""How long the author of a text with a sure number has before the facilitator is told."""
UNSURE_PATIENCE = timedelta(hours=2)
"""How long an unsure one may stay unanswered before it is taken for a number."""


def stopped(incoming: Said | Edited, room: Room, uow: UnitOfWork) -> None:
    """Nothing of the text was kept. Its author is told privately, once for each message."""
    finding = incoming.suspicion
    if finding is None or incidents.open_at(uow, room.conversation, incoming.message) is not None:
        return
    if isinstance(incoming, Said) and threads.is_heard(uow, room.conversation, incoming.message):
        return  # It reads otherwise by now.
    if isinstance(incoming, Edited) and _is_overtaken(incoming, room, uow):
        return
    account = account_of(incoming.person, incoming.place, uow, room.conversation)
    sure = finding.level is Level.HIGH
    incident = incidents.begin(
        uow,
        network=room.network,
        organisation=room.organisation,
        account=account.id,
        conversation=room.conversation,
        message=incoming.message,
        root=incoming.root or incoming.message,
        kind=finding.kind,
        level=finding.level.value,
        due_at=uow.now + (SURE_PATIENCE if sure else UNSURE_PATIENCE),
    )
    _tell_author(incident, account, room, incoming.at, sure=sure, uow=uow)


def _is_overtaken(incoming: Edited, room: Room, uow: UnitOfWork) -> bool:
    message, version = incoming.message, incoming.version
    return threads.is_overtaken(
        uow, room.conversation, message, version, restored=incoming.restored
    )


def mended(conversation: int, message: str, uow: UnitOfWork) -> None:
    """The message was edited or deleted by its author: no number stands there any more."""
    incident = incidents.open_at(uow, conversation, message)
    if incident is not None:
        incidents.end(uow, incident.id, "removed")


def removed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    say = speech_of(incoming, uow)
    if not _end(incoming, "removed", uow):
        return Tell.words(say("This is already settled."))
    return Tell.words(say("Thank you. I have kept nothing of the text."))


def false_alarm(incoming: Pressed, uow: UnitOfWork) -> Answer:
    say = speech_of(incoming, uow)
    if not _end(incoming, "false alarm", uow):
        return Tell.words(say("This is already settled."))
    return Tell.words(
        say(
            "Thank you. I have kept nothing of the text, so I cannot pass it on. Edit your "
            "message and put a full stop inside the number: then it reaches the others."
        )
    )


def escalate(uow: UnitOfWork) -> None:
    """Called by the clock: what its author has not seen to in time goes to the facilitator."""
    for incident in incidents.due(uow):
        room = rooms.active_room_of(uow, incident.conversation)
        if room is None:
            incidents.end(uow, incident.id, "room ended")
        elif incident.level != Level.HIGH.value:
            account = people.account_by_id(uow, incident.account)
            due = uow.now + SURE_PATIENCE
            incidents.raise_level(uow, incident.id, Level.HIGH.value, due)
            _tell_author(incident.id, account, room, incident.created_at, sure=True, uow=uow)
        else:
            incidents.end(uow, incident.id, "told")
            _tell_others(incident, room, uow)


def _end(incoming: Pressed, state: str, uow: UnitOfWork) -> bool:
    """Only the author can settle it, whatever the client sends."""
    incident = incidents.find(uow, id_named(incoming.value))
    account = account_of(incoming.person, incoming.place, uow)
    if incident is None or incident.account != account.id:
        return False
    return incidents.end(uow, incident.id, state)


def _tell_author(
    incident: int, account: Account, room: Room, at: datetime, *, sure: bool, uow: UnitOfWork
) -> None:
    facts = {
        "incident": str(incident),
        "channel": room.place_name or "",
        "at": at.isoformat(),
        "country": room.country,
        "contact": room.contact or "",
    }
    direct = direct_message_to(account, room.language, uow)
    name = "number-sure" if sure else "number-unsure"
    notices.tell(uow, name, direct, network=room.network, facts=facts, private=True)


def _tell_others(incident: Incident, room: Room, uow: UnitOfWork) -> None:
    facts = {"organisation": room.organisation_name, "at": incident.created_at.isoformat()}
    if not private.tell_facilitators(uow, gate.NUMBER_LEFT, room.network, facts):
        log.error("incident.nobody_to_tell", extra={"network": room.network})
    notices.tell(uow, "number-here", room.conversation, network=room.network, under=incident.root)


@notices.notice("number-sure")
def _sure(say: Speech, facts: notices.Facts) -> Card:
    warn = say(
        "Your post in {channel} at {time} seems to contain a national ID number. Please delete or "
        "edit it now. I have not stored the number.",
        **_where(say, facts),
    )
    tell = say(
        "Tell your municipality's data-protection officer: {contact}. The municipality decides "
        "whether it must be reported; the limit is 72 hours after it became aware.",
        contact=facts["contact"] or say("see the municipality's website"),
    )
    return Card(text=Text.of(warn + "\n\n" + tell), buttons=_buttons(say, facts))


@notices.notice("number-unsure")
def _unsure(say: Speech, facts: notices.Facts) -> Card:
    words = say(
        "Your post in {channel} at {time} contains a number that may belong to a person. Is it a "
        "national ID number? Then please delete or edit the post now. I have not stored the "
        "number, and the post goes no further as it is.",
        **_where(say, facts),
    )
    return Card(text=Text.of(words), buttons=_buttons(say, facts))


@private.message(gate.NUMBER_LEFT)
def _left(kept: Private, say: Speech, _uow: UnitOfWork) -> Card:
    at = datetime.fromisoformat(kept.facts["at"])
    return Card(
        text=Text.of(
            say(
                "A post in the channel of {organisation}, from {day} at {time}, still seems to "
                "contain a national ID number. I have not stored it or passed it on. Please ask "
                "the author or the channel's owner to delete the post.",
                organisation=shown_name(kept.facts["organisation"]),
                day=say.date(at),
                time=say.time(at),
            )
        )
    )


@notices.notice("number-here")
def _here(say: Speech, _facts: notices.Facts) -> Card:
    return Card(
        text=Text.of(
            say(
                "A post in this thread may contain personal data. "
                "Please do not reply to, copy or forward it."
            )
        )
    )


def _where(say: Speech, facts: notices.Facts) -> dict[str, str]:
    time = say.time(datetime.fromisoformat(facts["at"]))
    return {"channel": facts["channel"] or say("your channel"), "time": time}


def _buttons(say: Speech, facts: notices.Facts) -> tuple[Button, ...]:
    return (
        Button(REMOVED, say("I have deleted it"), facts["incident"]),
        Button(FALSE_ALARM, say("It is not an ID number"), facts["incident"]),
    )
