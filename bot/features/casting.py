"""Casting: a vote that is typed, under the poll's card, to the bot anywhere, or after its command.

It crosses to no other room, and what was chosen is kept nowhere but on the ballot. Whoever typed it
is told in private what came of it; if others can read it where it stands, that too.
"""

from __future__ import annotations

from datetime import datetime

from bot import ballots
from bot.cards import Answer, Card, Open, Tell
from bot.drawn import vote_button
from bot.features import notices, polling, voting
from bot.features.presence import Presence, direct_message_to, present_in_each
from bot.features.voting import Outcome
from bot.incoming import Commanded, Edited, Incoming, Said
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, polls, rooms
from storage.polls import COUNTING, OPEN, Poll
from storage.threads import Standing

# ---- in a channel


def in_thread(incoming: Said, who: Presence, thread: Standing, uow: UnitOfWork) -> bool:
    """Whether what stands in a thread is a vote, which is then done: under the poll's card numbers
    are enough, elsewhere it has to begin with the word, and be said to the bot."""
    words = incoming.text.plain()
    if thread.kind != polling.KIND:
        # There a number is an answer, "@Mellom 3", too.
        return incoming.addressed and ballots.is_meant(words) and in_channel(incoming, who, uow)
    places = ballots.typed(words, under_poll=True)
    if places is None and incoming.addressed:
        places = ballots.to_us(words)
    if places is None or (not places and not incoming.addressed):
        return False
    one = polls.of_thread(uow, thread.thread)
    if one is not None and one.state not in (OPEN, COUNTING) and not ballots.is_meant(words):
        return False  # Once its result is out, numbers are talk like anything else.
    _tell(one, places, who, incoming.place.name, uow)
    return True


def in_channel(incoming: Said, who: Presence, uow: UnitOfWork) -> bool:
    """Whether what was said to the bot in a channel is a vote, which is then done."""
    found = _said(incoming.text, who, uow)
    if found is None:
        return False
    _tell(*found, who, incoming.place.name, uow)
    return True


def _said(text: Text, who: Presence, uow: UnitOfWork) -> tuple[Poll | None, list[int]] | None:
    """The vote in words to the bot, and the poll that is open; None if they are no vote. Where none
    is open they are one only with the word for it."""
    words = text.plain()
    places = ballots.to_us(words)
    one = polls.in_state(uow, who.network, OPEN)
    if places is None or (one is None and not ballots.is_meant(words)):
        return None
    return one, places


def _tell(
    one: Poll | None, places: list[int], who: Presence, channel: str | None, uow: UnitOfWork
) -> None:
    outcome = _cast(one, who, places, uow)
    chat = direct_message_to(who.account, who.say.language, uow)
    _notice(outcome, one, who, chat, uow, channel=channel or "")


def _notice(
    outcome: Outcome, one: Poll | None, who: Presence, chat: int, uow: UnitOfWork, **facts: str
) -> None:
    """In private. What was chosen is not among the facts."""
    facts["at"] = (one.closes_at if one else uow.now).isoformat()
    facts |= {"poll": str(one.id)} if one else {}
    notices.tell(uow, outcome, chat, network=who.network, facts=facts, private=True)


# ---- in private, and after the command


def in_private(incoming: Said, here: list[Presence], conversation: int, uow: UnitOfWork) -> bool:
    """Whether a direct message is a vote in the one poll that it can be meant for, and is done."""
    words = incoming.text.plain()
    places = ballots.to_us(words)
    if places is None:
        return False
    open_now = [(who, one) for who in here if (one := polls.in_state(uow, who.network, OPEN))]
    if len(open_now) > 1 or (not open_now and not (here and ballots.is_meant(words))):
        return False
    who, one = open_now[0] if open_now else (here[0], None)
    _notice(_cast(one, who, places, uow), one, who, conversation, uow)
    return True


def commanded(incoming: Commanded, who: Presence, uow: UnitOfWork) -> Answer:
    """The vote after a command, or the form to choose in; nothing where it is no vote."""
    found = _said(incoming.text, who, uow)
    if found is None:
        return None
    one, places = found
    outcome = _cast(one, who, places, uow)
    if one is None or outcome not in voting.TO_MEND:
        return Tell.words(voting.words(outcome, one.closes_at if one else uow.now, who.say))
    _, _, ballot = polls.hold(uow, one.id, who.member)
    chosen = places or (ballot.places if ballot else ())
    problem = voting.in_form(outcome, who.say) if places else ""
    return Open(voting.filled(one, chosen, who.say, uow, problem))


def _cast(one: Poll | None, who: Presence, places: list[int], uow: UnitOfWork) -> Outcome:
    return Outcome.NOTHING_OPEN if one is None else voting.vote(one, who, places, uow)


def answered(text: Text, to: Standing, who: Presence, uow: UnitOfWork) -> Tell | None:
    """The same in the form for an answer, under what is read of the poll."""
    under_poll = to.kind == polling.KIND
    places = ballots.typed(text.plain(), under_poll=True) if under_poll else None
    one = polls.of_thread(uow, to.thread) if places else None
    if not places or one is None:
        return None
    outcome = voting.vote(one, who, places, uow)
    told = voting.in_form(outcome, who.say) if outcome in voting.TO_MEND else ""
    return Tell.words(told or voting.words(outcome, one.closes_at, who.say))


# ---- what is not kept


def possibly(incoming: Incoming, uow: UnitOfWork) -> Said | Edited | None:
    """What may be a vote typed in a channel, and cannot be taken now. It is not tried again, for
    what was chosen is kept nowhere."""
    if not isinstance(incoming, Said | Edited):
        return None
    if not ballots.typed(incoming.text.plain(), under_poll=incoming.root is not None):
        return None
    room = rooms.room_at(uow, incoming.place.installation, incoming.place.key)
    if room is None or not room.active:
        return None
    return incoming if polls.in_state(uow, room.network, OPEN) else None


def tell_not_kept(incoming: Said | Edited, uow: UnitOfWork) -> None:
    """Whoever wrote it is told so, and how to vote."""
    here = present_in_each(incoming.person, incoming.place, uow)
    for who in here[:1]:
        one = polls.in_state(uow, who.network, OPEN)
        chat = direct_message_to(who.account, who.say.language, uow)
        channel = incoming.place.name or ""
        _notice(Outcome.NOT_KEPT, one, who, chat, uow, channel=channel)


# ---- what is said of it


def _drawn(outcome: Outcome) -> None:
    @notices.notice(outcome)
    def _told(say: Speech, facts: notices.Facts) -> Card:
        parts = (_what(outcome, say, facts), _others_read(outcome, say, facts.get("channel")))
        again = (vote_button(facts["poll"], say),) if outcome in _WITH_BUTTON else ()
        return Card(text=Text.of("\n\n".join(filter(None, parts))), buttons=again)


_WITH_BUTTON = (*voting.TO_MEND, Outcome.COUNTED, Outcome.NOT_KEPT)
for _outcome in Outcome:
    _drawn(_outcome)


def _what(outcome: Outcome, say: Speech, facts: notices.Facts) -> str:
    how = say(
        "Write the numbers of one to three problems, for example {typed}, or use the button.",
        typed=voting.typed(say),
    )
    match outcome:
        case Outcome.NONE:
            return how
        case Outcome.UNKNOWN:
            return f"{say('This was not counted: not every number is on the list.')} {how}"
        case Outcome.MANY:
            return f"{say('This was not counted: you can choose three at most.')} {how}"
        case Outcome.NOT_KEPT:
            return _not_kept(say, facts)
    return voting.words(outcome, datetime.fromisoformat(facts["at"]), say)


def _not_kept(say: Speech, facts: notices.Facts) -> str:
    return say(
        "Something went wrong with what you wrote in {channel}. It may be a vote, so I have not "
        "kept it. To vote, write to me here, for example {typed}, or use the button. If it was an "
        "answer, write it once more.",
        channel=facts["channel"] or say("your channel"),
        typed=voting.typed(say),
    )


def _others_read(outcome: Outcome, say: Speech, channel: str | None) -> str:
    """What is said to somebody who typed a vote where others see it."""
    if channel is None or outcome is Outcome.NOT_KEPT:
        return ""
    told = say(
        "Others in {channel} can read the numbers you wrote there. What you write to me here, or "
        "choose with the button, nobody else sees.",
        channel=channel or say("your channel"),
    )
    if outcome is not Outcome.COUNTED:
        return told
    return f"{told} {say('If you delete the message there, your vote still counts.')}"
