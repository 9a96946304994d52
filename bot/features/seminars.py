"""Seminars: when the network meets next, and where. Whoever runs it says so; everybody reads it on
their home, is left in peace on those days, and is asked what belongs to a seminar around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot import choosing
from bot.cards import Answer, Button, Form, Input, Open, Tell
from bot.drawn import shown_name
from bot.features import charge
from bot.features.presence import Presence
from bot.incoming import Pressed, Submitted
from bot.language import Speech
from bot.windows import day_of
from storage import UnitOfWork, jobs, networks, overviews, polls, rooms, seminars
from storage.seminars import Seminar

LIST, EDIT = "seminars", "seminar"
NEW = "new"

LONGEST = 5
"""Days that a seminar may have."""

FURTHEST = timedelta(days=2 * 365)
LISTED = 20

ASKED_AFTER = timedelta(weeks=max(choosing.AROUND_SEMINAR) + 1)
"""So long after a seminar its questions may come."""

NONE: Mapping[str, str] = {}
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the fields of the form."""

    host: str = ""
    first: str = ""
    last: str = ""
    cancelled: bool = False

    @classmethod
    def of(cls, one: Seminar) -> Draft:
        return cls(str(one.host), one.first.isoformat(), one.last.isoformat())

    @classmethod
    def typed(cls, values: Mapping[str, str]) -> Draft:
        host, first, last = (values.get(name, "") for name in ("host", "first", "last"))
        return cls(host, first, last, values.get("cancelled") == "yes")


def button(say: Speech, network: int) -> Button:
    return Button(LIST, say("Seminars"), str(network), opens=True)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = charge.in_charge(incoming, incoming.value, uow)
    if who is None:
        return charge.refused(incoming, uow)
    coming = _coming(who.network, uow)
    if not coming:
        return Open(_filled(who, None, Draft(), NONE, uow))
    return Open(choosing_form(who.network, coming, who.say))


def chosen(incoming: Submitted, uow: UnitOfWork) -> Answer:
    """Which one it is about."""
    who = charge.in_charge(incoming, incoming.subject, uow)
    if who is None:
        return charge.refused(incoming, uow)
    value, coming = incoming.values.get("seminar", ""), _coming(who.network, uow)
    one = _find(coming, value)
    if one is None and value != NEW:
        return Open(choosing_form(who.network, coming, who.say, who.say("Choose a seminar.")))
    return Open(_filled(who, one, Draft() if one is None else Draft.of(one), NONE, uow))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    network, _, value = incoming.subject.partition(":")
    who = charge.in_charge(incoming, network, uow)
    if who is None:
        return charge.refused(incoming, uow)
    rooms.lock_network(uow, who.network)
    coming = _coming(who.network, uow)
    one, draft = _find(coming, value), Draft.typed(incoming.values)
    if one is None and value != NEW:
        return Tell.words(who.say("This seminar is over or has been cancelled."))
    if one is not None and draft.cancelled:
        seminars.remove(uow, one.id)
        _changed(who.network, uow)
        return Tell.words(who.say("The seminar is cancelled. It stands on no home any more."))
    others = [other for other in coming if other != one]
    found = problems(draft, _hosts(who.network, uow), others, day_of(uow.now), who.say)
    if found:
        return Open(_filled(who, one, draft, found, uow))
    saved = _keep(who.network, one, draft, uow)
    return Tell.words(
        who.say(
            "Saved: {seminar}. Everybody reads it on their home, and is left in peace on those "
            "days.",
            seminar=name(saved, who.say),
        )
    )


def problems(
    draft: Draft, hosts: Choices, others: Sequence[Seminar], today: date, say: Speech
) -> dict[str, str]:
    """What is to be mended, by the field's name."""
    found = {}
    if draft.host not in dict(hosts):
        found["host"] = say("Choose who hosts it.")
    first, last = _day(draft.first), _day(draft.last)
    if first is None:
        found["first"] = say("Choose a day.")
    elif first > today + FURTHEST:
        found["first"] = say("Choose a day within two years.")
    if last is None or last < today:
        found["last"] = say("Choose a day from today on.")
    elif first is not None and not 0 <= (last - first).days < LONGEST:
        found["last"] = say(
            "Choose the same day as the first or one after it; a seminar has at most {count} days.",
            count=str(LONGEST),
        )
    elif first is not None and any(one.first <= last and first <= one.last for one in others):
        found["first"] = say("There is another seminar on these days. Choose other ones.")
    return found


def _keep(network: int, one: Seminar | None, draft: Draft, uow: UnitOfWork) -> Seminar:
    host, first, last = (
        int(draft.host),
        date.fromisoformat(draft.first),
        date.fromisoformat(draft.last),
    )
    if one is None:
        id = seminars.add(uow, network, host, first, last)
    else:
        id = one.id
        seminars.change(uow, id, host, first, last)
    _changed(network, uow)
    return seminars.find(uow, id)


def _changed(network: int, uow: UnitOfWork) -> None:
    """What the network does by itself goes by its seminars, and cards tell of them."""
    jobs.look_now(uow, network)
    for kind in (overviews.CARD, overviews.NETWORK):
        overviews.redraw_all(uow, network, kind)


# ---- what is told of them


def name(one: Seminar, say: Speech) -> str:
    return say(
        "{days} at {organisation}",
        days=say.days(one.first, one.last),
        organisation=shown_name(one.host_name),
    )


def facts(network: int, say: Speech, uow: UnitOfWork) -> tuple[tuple[str, str], ...]:
    """The next one; nothing where none is known."""
    coming = _coming(network, uow)
    return ((say("Next seminar"), name(coming[0], say)),) if coming else ()


def for_prompts(network: int, week: date, uow: UnitOfWork) -> list[choosing.Seminar]:
    """Those around which something is asked in this week or later, with the one whose workshop
    works on a problem of the month: the first that was not over when the problem was marked."""
    found = seminars.since(uow, network, week - ASKED_AFTER)
    marked = seminars.last_marked(uow, network)
    about = polls.workshop(uow, network)
    first = next((one.id for one in found if marked is not None and marked <= one.last), None)
    return [
        choosing.Seminar(one.first, str(about) if about is not None and one.id == first else "")
        for one in found
    ]


# ---- the forms


def choosing_form(network: int, coming: Sequence[Seminar], say: Speech, problem: str = "") -> Form:
    known = tuple((str(one.id), name(one, say)[:75]) for one in coming[:LISTED])
    return Form(
        name=LIST,
        title=say("Seminars"),
        submit=say("Next"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(network),
        inputs=(
            Input(
                name="seminar",
                label=say("Seminar"),
                problem=problem,
                choices=(*known, (NEW, say("A new seminar"))),
            ),
        ),
    )


def _filled(
    who: Presence, one: Seminar | None, draft: Draft, found: Mapping[str, str], uow: UnitOfWork
) -> Form:
    return form(who.network, one, draft, _hosts(who.network, uow), who.say, found)


def form(
    network: int,
    one: Seminar | None,
    draft: Draft,
    hosts: Choices,
    say: Speech,
    found: Mapping[str, str] = NONE,
) -> Form:
    """One seminar, or a new one."""

    def field(key: str, label: str, value: str) -> Input:
        return Input(key, label, value=value, problem=found.get(key, ""), day=True)

    return Form(
        name=EDIT,
        title=say("Seminar") if one else say("A new seminar"),
        submit=say("Save"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=f"{network}:{one.id if one else NEW}",
        intro=say(
            "Everybody reads on their home when the next seminar is, and where. Around it the bank "
            "asks what belongs to a seminar."
        ),
        inputs=(
            Input(
                name="host",
                label=say("Host"),
                value=draft.host,
                problem=found.get("host", ""),
                choices=hosts,
            ),
            field("first", say("First day"), draft.first),
            field("last", say("Last day"), draft.last),
            *((_cancelled(say, draft),) if one else ()),
        ),
    )


def _cancelled(say: Speech, draft: Draft) -> Input:
    return Input(
        name="cancelled",
        label=say("Cancelled"),
        hint=say("Nobody is told by me: tell those who wanted to come."),
        value="yes" if draft.cancelled else "",
        required=False,
        choices=(("yes", say("It does not take place")),),
        many=True,
    )


def _hosts(network: int, uow: UnitOfWork) -> Choices:
    return tuple(
        (str(id), shown_name(name)[:75]) for id, name, *_ in networks.organisations(uow, network)
    )[:100]


def _coming(network: int, uow: UnitOfWork) -> list[Seminar]:
    """Those that are not over, the next of them first."""
    return seminars.since(uow, network, day_of(uow.now))


def _find(coming: Sequence[Seminar], value: str) -> Seminar | None:
    return next((one for one in coming if str(one.id) == value), None)


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
