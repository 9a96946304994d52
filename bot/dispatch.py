"""The way in: one incoming, one handler, one unit of work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from bot import incoming as came
from bot.cards import NO_TEXT, Answer, Open, Tell
from bot.drawing import shown_in
from bot.drawn import ANSWER, MEND, VOTE
from bot.features import (
    about,
    accounts,
    answering,
    appointing,
    asking,
    belonging,
    casting,
    changing,
    charge,
    closing,
    combining,
    commands,
    comparing,
    confirming,
    counting,
    curating,
    deciding,
    drafting,
    facilitating,
    first_voice,
    hearing,
    home,
    joining,
    kindly,
    languages,
    leaving,
    linking,
    listing,
    measuring,
    mending,
    naming,
    nominated,
    nominating,
    outcomes,
    pausing,
    pointing,
    previewing,
    private,
    queueing,
    reading,
    replacing,
    results,
    searching,
    seeking,
    seminars,
    settings,
    shortlisting,
    showing,
    sparing,
    steering,
    stuck,
    supporting,
    trying,
    unfolding,
    voting,
    warning,
    weeks,
    wording,
    workshop,
    writing,
)
from bot.features.presence import TryLater, speech_of
from bot.incoming import Incoming
from bot.parting import SHOW_ALL
from storage import Overtaken, UnitOfWork, Unreachable, posts, receipts, rooms

log = logging.getLogger(__name__)

Begin = Callable[[], AbstractContextManager[UnitOfWork]]
"""Begins a unit of work at the current time."""

PATIENCE = (timedelta(seconds=2), timedelta(seconds=10), timedelta(seconds=60))
"""When something that waits for its thread, or broke a handler, is tried again."""

_PRESSED: dict[str, Callable[[came.Pressed, UnitOfWork], Answer]] = {
    asking.ASK: asking.pressed,
    comparing.COMPARE: comparing.pressed,
    about.ABOUT: about.pressed,
    ANSWER: answering.pressed,
    MEND: mending.pressed,
    languages.SHOW_IN: shown_in,
    SHOW_ALL: unfolding.pressed,
    closing.CLOSE: closing.pressed,
    closing.REOPEN: closing.reopened,
    reading.READ: reading.pressed,
    searching.SEARCH: searching.pressed,
    joining.CONFIRM: joining.confirmed,
    confirming.WITHDRAW: confirming.pressed,
    listing.SHOW_HERE: showing.pressed,
    warning.REMOVED: warning.removed,
    warning.FALSE_ALARM: warning.false_alarm,
    private.MUTE: private.muted,
    settings.SETTINGS: settings.pressed,
    settings.JUST_READ: settings.just_read,
    belonging.BELONG: belonging.pressed,
    VOTE: voting.pressed,
    wording.SUGGEST: nominating.pressed,
    nominating.OWN: nominated.pressed,
    supporting.SUPPORT: supporting.pressed,
    shortlisting.ALL: shortlisting.pressed,
    shortlisting.CHOOSE: shortlisting.choosing,
    shortlisting.SKIP: shortlisting.skipped,
    shortlisting.UNSKIP: shortlisting.unskipped,
    combining.MERGE: combining.pressed,
    seeking.DECLINE: seeking.declined,
    seeking.JUST_READ: seeking.declined,
    kindly.LATER: kindly.pressed,
    kindly.SUITS: kindly.pressed,
    kindly.REST: kindly.pressed,
    measuring.START: measuring.pressed,
    sparing.OFF: sparing.pressed,
    seeking.NAME: naming.pressed,
    stuck.REPHRASE: stuck.pressed,
    stuck.SAVE: stuck.pressed,
    stuck.OUTSIDE: stuck.pressed,
    deciding.KEEP: deciding.pressed,
    deciding.CLOSE: deciding.pressed,
    deciding.TAKE: deciding.taken,
    first_voice.YES: first_voice.pressed,
    first_voice.ANOTHER_TIME: first_voice.pressed,
    charge.NETWORK: facilitating.pressed,
    appointing.PEOPLE: appointing.pressed,
    curating.THEMES: curating.pressed,
    seminars.LIST: seminars.pressed,
    pausing.PAUSE: pausing.pressed,
    pausing.RESUME: pausing.pressed,
    steering.KEEP: steering.kept,
    steering.SKIP: steering.skipped,
    steering.CHANGE: replacing.pressed,
    queueing.QUEUE: queueing.pressed,
    queueing.BANK: queueing.bank_opens,
    drafting.WRITE: writing.pressed,
    previewing.LOOKS: previewing.pressed,
    steering.UNSKIP: steering.unskipped,
    weeks.WEEKS: weeks.pressed,
    settings.ACCOUNTS: accounts.pressed,
    accounts.UNLINK: accounts.unlinking,
    linking.CODE: linking.given,
    linking.CONFIRM: linking.confirmed,
    linking.REFUSE: linking.refused,
    counting.CHOOSE: counting.pressed,
    outcomes.LOOK_AFTER: results.pressed,
    workshop.MARK: workshop.pressed,
    workshop.UNMARK: workshop.pressed,
    trying.TRIED: trying.pressed,
    trying.TELL: trying.opens,
}
_SUBMITTED: dict[str, Callable[[came.Submitted, UnitOfWork], Answer]] = {
    asking.ASK: comparing.submitted,
    comparing.COMPARE: comparing.confirmed,
    about.ABOUT: about.submitted,
    ANSWER: answering.submitted,
    MEND: mending.submitted,
    SHOW_ALL: unfolding.submitted,
    closing.CLOSE: closing.submitted,
    seeking.NAME: naming.submitted,
    stuck.REPHRASE: stuck.submitted,
    stuck.OUTSIDE: stuck.submitted,
    confirming.WITHDRAW: confirming.submitted,
    searching.SEARCH: searching.submitted,
    settings.SETTINGS: settings.submitted,
    belonging.BELONG: belonging.submitted,
    VOTE: voting.submitted,
    wording.SUGGEST: nominating.submitted,
    nominating.OWN: nominated.submitted,
    nominated.LIST: nominated.chosen,
    supporting.SUPPORT: supporting.submitted,
    shortlisting.CHOOSE: shortlisting.chosen,
    combining.MERGE: combining.submitted,
    appointing.PEOPLE: appointing.chosen,
    appointing.PERSON: appointing.submitted,
    curating.THEMES: curating.chosen,
    curating.THEME: curating.submitted,
    seminars.LIST: seminars.chosen,
    seminars.EDIT: seminars.submitted,
    pausing.PAUSE: pausing.submitted,
    pausing.RESUME: pausing.submitted,
    steering.CHANGE: replacing.submitted,
    queueing.BANK: queueing.from_bank,
    drafting.WRITE: writing.submitted,
    accounts.UNLINK: accounts.unlinked,
    counting.CHOOSE: counting.submitted,
    trying.TELL: trying.submitted,
    sparing.OFF: sparing.submitted,
}
_LOOKS = (
    reading.READ,
    charge.NETWORK,
    appointing.PEOPLE,
    curating.THEMES,
    seminars.LIST,
    weeks.WEEKS,
    queueing.QUEUE,
    queueing.BANK,
    drafting.WRITE,
    previewing.LOOKS,
    shortlisting.ALL,
    supporting.SUPPORT,
    linking.CODE,
)
"""Presses that change nothing, but that of the codes which one is shown only the last is good."""

_CHOOSES = (
    searching.SEARCH,
    appointing.PEOPLE,
    curating.THEMES,
    seminars.LIST,
    nominated.LIST,
)
"""Forms that change nothing: what is chosen in them, or looked for, is shown."""

_KEPT: dict[str, TypeAdapter[Any]] = {}


def receive(incoming: Incoming, begin: Begin) -> Answer:
    """Take one incoming: what it changes is committed when this returns.

    Seen before, it changes nothing and gets the answer it got. What must wait for its thread, or
    breaks its handler, is kept and tried again by the worker. Raises what `storage.Unreachable`
    names when the database does not answer: then nothing was kept, and the platform must send it
    again.
    """
    try:
        return _taken(incoming, begin)
    except Unreachable:
        raise
    except TryLater:
        _keep(incoming, begin, tries=0, error=None)
    except Exception as error:
        log.exception("handler.broke", extra={"incoming": type(incoming).__name__})
        if isinstance(incoming, came.Acted):
            return _try_again(incoming, begin)
        if isinstance(incoming, came.Visited):
            return None  # Whoever opens their home again gets it anew.
        _keep(incoming, begin, tries=0, error=type(error).__name__)
    return None


def _taken(incoming: Incoming, begin: Begin) -> Answer:
    try:
        with begin() as uow:
            return _once(incoming, uow)
    except Overtaken:
        # Whoever acts has become one member with another in this very moment, say: look again.
        with begin() as uow:
            return _once(incoming, uow)


def retry(waiting: receipts.Waiting, begin: Begin) -> None:
    """Try again what waits; after the last try it is given up and its content forgotten."""
    try:
        incoming: Incoming = _load(waiting.incoming)
    except ValueError:
        log.exception("receipt.unreadable")  # An older version of Mellom kept it.
        with begin() as uow:
            receipts.settle(uow, waiting.key)
        return
    try:
        with begin() as uow:
            if receipts.settle(uow, waiting.key):
                handle(incoming, uow)
    except Unreachable:
        raise
    except TryLater:
        _keep(incoming, begin, tries=waiting.tries + 1, error=None)
    except Exception as error:
        log.exception("handler.broke", extra={"incoming": type(incoming).__name__})
        _keep(incoming, begin, tries=waiting.tries + 1, error=type(error).__name__)


def handle(incoming: Incoming, uow: UnitOfWork) -> Answer:
    """Give it to the one handler that knows what to do with it."""
    match incoming:
        case came.Said():
            hearing.said(incoming, uow)
        case came.Edited():
            changing.edited(incoming, uow)
        case came.Deleted():
            changing.deleted(incoming, uow)
        case came.Commanded():
            return hearing.commanded(incoming, uow)
        case came.Pointed():
            return pointing.pointed(incoming, uow)
        case came.Pressed():
            _adopt(incoming, uow)
            press = _PRESSED.get(incoming.action)
            return press(incoming, uow) if press else None
        case came.Submitted():
            submit = _SUBMITTED.get(incoming.form)
            return submit(incoming, uow) if submit else None
        case came.Visited():
            return home.visited(incoming, uow)
        case came.Added():
            joining.added(incoming, uow)
        case came.Removed():
            joining.removed(incoming, uow)
        case came.PeopleLeft():
            leaving.left(incoming, uow)
        case came.PersonGone():
            leaving.gone(incoming, uow)
        case came.PersonHere():
            leaving.here(incoming, uow)
        case came.Moved():
            place = incoming.place
            rooms.move(uow, place.installation, incoming.old_key, place.key, place.name)
        case came.Echo():
            _echoed(incoming, uow)
        case came.Uninstalled():
            joining.uninstalled(incoming, uow)
    return None


def _only_looks(incoming: Incoming) -> bool:
    """Whether it may be repeated freely, and is answered anew each time: what it is answered with
    holds people's words, or a code of which the last is good, and is kept nowhere. Nor is anything
    kept of an account that is there, which is told of whenever somebody is away for lunch."""
    match incoming:
        case came.Visited() | came.PersonHere():
            return True
        case came.Pressed():
            return incoming.action in _LOOKS
        case came.Commanded():
            return commands.is_search(incoming.text) or commands.about_network(incoming.text)
        case came.Submitted():
            return incoming.form in _CHOOSES
    return False


def _once(incoming: Incoming, uow: UnitOfWork) -> Answer:
    if _only_looks(incoming):
        return handle(incoming, uow)
    if isinstance(incoming, came.Submitted) and (told := leaving.meanwhile(incoming, uow)):
        return told  # It changes nothing, and what was typed is kept nowhere.
    if not receipts.begin(uow, incoming.key):
        answered: Answer = _load(receipts.answer_to(uow, incoming.key))
        if isinstance(answered, Open) and isinstance(incoming, _OPENING):
            # Opening a form changes nothing, and nothing of it was kept.
            return handle(incoming, uow)
        return answered
    answer = handle(incoming, uow)
    if answer is not None:
        receipts.keep_answer(uow, incoming.key, _dump(_without_words(answer, incoming)))
    return answer


def _adopt(incoming: came.Pressed, uow: UnitOfWork) -> None:
    """A press on a card that we did not know of: a post in doubt stands twice, and this is one."""
    if incoming.token is None or incoming.message is None:
        return
    conversation = rooms.conversation_at(uow, incoming.place.installation, incoming.place.key)
    if conversation is not None:
        begins = incoming.root in (None, incoming.message)
        root = incoming.message if begins else None
        posts.adopt(uow, incoming.token, conversation, incoming.message, root)


_OPENING = came.Commanded | came.Pointed | came.Pressed


def _without_words(answer: Tell | Open, incoming: Incoming) -> Tell | Open:
    """A form holds what people wrote, and what a person typed into it: that is kept nowhere. Of one
    that was opened only that it was."""
    if isinstance(answer, Tell):
        return answer
    form = replace(answer.form, text=NO_TEXT)
    if isinstance(incoming, _OPENING):
        return Open(replace(form, inputs=(), intro="", note=""))
    return Open(replace(form, inputs=tuple(replace(field, value="") for field in form.inputs)))


def _echoed(incoming: came.Echo, uow: UnitOfWork) -> None:
    if incoming.token is None:
        return
    conversation = rooms.conversation_at(uow, incoming.place.installation, incoming.place.key)
    if conversation is not None:
        begins = incoming.root in (None, incoming.message)
        root = incoming.message if begins else None
        posts.echoed(uow, incoming.token, conversation, incoming.message, root)


def _keep(incoming: Incoming, begin: Begin, *, tries: int, error: str | None) -> None:
    """Keep what came in for another try; not what was written in a direct message."""
    place = getattr(incoming, "place", None)
    private = place is not None and place.direct
    with begin() as uow:
        # Nor what may be a vote, which stands on its ballot and nowhere else.
        vote = casting.possibly(incoming, uow)
        again = tries < len(PATIENCE) and not private and vote is None
        receipts.keep_waiting(
            uow,
            incoming.key,
            _dump(incoming) if again else None,
            due_at=uow.real + PATIENCE[tries] if again else None,
            tries=tries,
            error=error,
        )
        if vote is not None:
            casting.tell_not_kept(vote, uow)


def _try_again(incoming: came.Acted, begin: Begin) -> Tell:
    with begin() as uow:
        say = speech_of(incoming, uow)
    return Tell.words(say("Something went wrong, and nothing was changed. Please try again."))


def _adapter(name: str) -> TypeAdapter[Any]:
    if name not in _KEPT:
        _KEPT[name] = TypeAdapter({"Tell": Tell, "Open": Open}.get(name) or getattr(came, name))
    return _KEPT[name]


def _dump(kept: Incoming | Tell | Open) -> dict[str, Any]:
    name = type(kept).__name__
    return {"type": name, "value": _adapter(name).dump_python(kept, mode="json")}


def _load(kept: dict[str, Any] | None) -> Any:
    return None if kept is None else _adapter(kept["type"]).validate_python(kept["value"])
