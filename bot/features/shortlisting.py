"""Shortlisting: whoever runs a network sees in time what the next poll is about, and chooses
otherwise or has none that month. Silence approves; once it is open, nothing is changed any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot import bank, reasons
from bot.cards import Answer, Button, Card, Form, Input, Item, Open, Tell
from bot.drawn import when
from bot.features import (
    charge,
    combining,
    gate,
    nominated,
    nominating,
    polling,
    private,
    problems,
    prompting,
    proposing,
)
from bot.features.presence import Presence
from bot.features.proposing import FEWEST, MOST
from bot.graphemes import shortened
from bot.incoming import Pressed, Submitted
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, jobs, nominations, polls, rooms
from storage import themes as stored_themes
from storage.nominations import Nomination
from storage.polls import PLANNED, VOID, Poll
from storage.privates import Private

ALL, CHOOSE, SKIP, UNSKIP = "poll-ideas", "poll-list", "poll-skip", "poll-after-all"
LISTED, OFFERED = 20, 60
"""Suggestions that a card names, and that a form lets one choose from."""

LABEL = 75


# ---- what is told


@private.message(gate.POLL_AHEAD)
def _ahead(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    one = polls.find(uow, kept.network, int(kept.facts["poll"]))
    if one is None:
        return None
    listed = _on_list(one, uow) if _is_ahead(one, uow) else []
    return Card(
        title=say("Problem of the month"),
        text=Text.of(_stands(one, say, uow)),
        facts=_days(one, say, uow) if listed else (),
        items=tuple(_numbered(listed, say, uow)),
        note=_filled_up(listed, say) if one.state == PLANNED else None,
        buttons=tuple(_buttons(one, say, uow)),
    )


def _stands(one: Poll, say: Speech, uow: UnitOfWork) -> str:
    """How it stands with the poll, and what happens if nothing is done."""
    if one.state == VOID and polling.is_skipped(one, uow):
        return say("This month has no poll. What was suggested stays.")
    if one.state == VOID:
        return say("This month has no poll: {reason}.", reason=_reason(one, say, uow))
    if one.state != PLANNED:
        return say("The poll has opened, and its list stays as it is.")
    if one.approved:
        return say("This is what was chosen for the next poll. You can change it until it opens.")
    return say(
        "This is what the network chooses from in the next poll. Do nothing, and it opens as it is."
    )


def _reason(one: Poll, say: Speech, uow: UnitOfWork) -> str:
    came = jobs.settled(uow, polling.JOB, one.network, polling.slot(one.month))
    known = came.get(polling.slot(one.month))
    return reasons.said((known.reason if known else None) or prompting.AWAY, say)


def _days(one: Poll, say: Speech, uow: UnitOfWork) -> tuple[tuple[str, str], ...]:
    return (
        (say("Opens"), when(one.opens_at, say, uow.now)),
        (say("Closes"), when(one.closes_at, say, uow.now)),
    )


def _filled_up(listed: Sequence[Nomination], say: Speech) -> str | None:
    taken = sum(1 for of in listed if of.key is not None)
    if not taken:
        return None
    return say.many(
        "Fewer than three have been suggested, so {count} is from the bank.",
        "Fewer than three have been suggested, so {count} are from the bank.",
        taken,
    )


def _numbered(listed: Sequence[Nomination], say: Speech, uow: UnitOfWork) -> Iterator[Item]:
    for place, of in enumerate(listed, start=1):
        yield _item(of, f"{place}. ", say, uow)


def _item(of: Nomination, before: str, say: Speech, uow: UnitOfWork) -> Item:
    about = [problems.whose(of, say, uow), nominated.backed(of.backers, say)]
    who = shortened(". ".join(filter(None, about)), 300)
    note = f"{who}\n{problems.brief(of, say.language, who)}"
    return Item(f"{before}{problems.title(of, say.language)}", note)


def _buttons(one: Poll, say: Speech, uow: UnitOfWork) -> Iterator[Button]:
    """What can be decided about it now."""
    value = f"{one.network}:{one.id}"
    if one.state == PLANNED:
        yield Button(CHOOSE, say("Choose the list"), value, opens=True)
        if len(combining.free(one.network, uow)) > 1:
            yield combining.button(say, one.network)
        yield Button(SKIP, say("Skip this month"), value)
    elif _is_ahead(one, uow):
        yield Button(UNSKIP, say("Open it after all"), value, style="primary")


def _is_ahead(one: Poll, uow: UnitOfWork) -> bool:
    known = polling.next_one(one.network, uow)
    return known is not None and known.id == one.id


def _on_list(one: Poll, uow: UnitOfWork) -> list[Nomination]:
    return nominations.in_order(uow, one.network, polls.listed(uow, one.id))


# ---- all that was suggested


def button(say: Speech, network: int) -> Button:
    return Button(ALL, say("Problem of the month"), str(network), opens=True)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = charge.steering(incoming, incoming.value, uow)
    if who is None:
        return charge.refused(incoming, uow)
    return Tell(card(who.network, who.say, uow))


def card(network: int, say: Speech, uow: UnitOfWork) -> Card:
    """All the year round: what stands, and what of it comes to the vote next."""
    one = polling.next_one(network, uow)
    listed = _on_list(one, uow) if one else []
    named = {of.id for of in listed}
    others = [of for of in nominations.standing(uow, network) if of.id not in named]
    free = (combining.button(say, network),) if len(combining.free(network, uow)) > 1 else ()
    return Card(
        title=say("Problem of the month"),
        text=Text.of(_stands(one, say, uow) if one else _not_planned(say)),
        facts=_days(one, say, uow) if one else (),
        items=(*_numbered(listed, say, uow), *_others(others, say, uow)),
        buttons=(*(_buttons(one, say, uow) if one else free), nominating.button(say)),
    )


def _not_planned(say: Speech) -> str:
    return say("You get the list of the next poll a week before it opens.")


def _others(others: Sequence[Nomination], say: Speech, uow: UnitOfWork) -> Iterator[Item]:
    yield Item(say("Suggestions that wait"), heading=True)
    yield from (_item(of, "", say, uow) for of in others[:LISTED])
    if len(others) > LISTED:
        yield Item(say.many("And {count} other.", "And {count} others.", len(others) - LISTED))
    elif not others:
        yield Item(say("Nothing else has been suggested."))


# ---- deciding


def decides(
    incoming: Pressed | Submitted, value: str, uow: UnitOfWork
) -> tuple[Presence, Poll] | Tell:
    """Who acts and the poll that it is about, if they may change it now; else why not. It does not
    open before the end of this unit of work."""
    network, _, id = value.partition(":")
    who = charge.steering(incoming, network, uow)
    if who is None:
        return charge.refused(incoming, uow)
    rooms.lock_network(uow, who.network)
    one = polling.next_one(who.network, uow)
    if one is None or str(one.id) != id:
        return Tell.words(who.say("It is too late for that: the poll has opened, or it is over."))
    return who, one


def choosing(incoming: Pressed, uow: UnitOfWork) -> Answer:
    found = decides(incoming, incoming.value, uow)
    if isinstance(found, Tell):
        return found
    who, one = found
    chosen = [_key(of) for of in _on_list(one, uow)]
    return Open(form(one, _offered(one, who.say, uow), chosen, who.say))


def chosen(incoming: Submitted, uow: UnitOfWork) -> Answer:
    found = decides(incoming, incoming.subject, uow)
    if isinstance(found, Tell):
        return found
    who, one = found
    offered = _offered(one, who.say, uow)
    wanted = incoming.values.get("problems", "").split(",")
    named = [key for key, _ in offered if key in wanted]
    if problem := _problem(len(named), who.say):
        return Open(form(one, offered, named, who.say, problem))
    polls.list_(uow, one.id, [_of(key, one.network, uow) for key in named])
    polls.set_(uow, one.id, approved_at=uow.now)
    return _decided(
        who, one, who.say("The poll opens with this list: {when}.", when=_opens(one, who, uow)), uow
    )


def skipped(incoming: Pressed, uow: UnitOfWork) -> Answer:
    found = decides(incoming, incoming.value, uow)
    if isinstance(found, Tell):
        return found
    who, one = found
    if one.state == PLANNED:
        polling.skip(one, polling.BY_HAND, uow)
    told = who.say("This month has no poll. What was suggested stays.")
    return _decided(who, one, told, uow)


def unskipped(incoming: Pressed, uow: UnitOfWork) -> Answer:
    found = decides(incoming, incoming.value, uow)
    if isinstance(found, Tell):
        return found
    who, one = found
    if one.state == VOID:
        polling.unskip(one, uow)
    told = who.say("The poll opens: {when}.", when=_opens(one, who, uow))
    return _decided(who, one, told, uow)


def _decided(who: Presence, one: Poll, told: str, uow: UnitOfWork) -> Tell:
    jobs.look_now(uow, one.network)
    charge.decided(who, uow)
    proposing.redraw(one, uow)
    return Tell.words(told)


def _opens(one: Poll, who: Presence, uow: UnitOfWork) -> str:
    return when(one.opens_at, who.say, uow.now)


def _problem(chosen: int, say: Speech) -> str:
    if chosen < FEWEST:
        return say("Choose three at least.")
    return say("Choose seven at most.") if chosen > MOST else ""


# ---- the form


def form(
    one: Poll,
    offered: Sequence[tuple[str, str]],
    chosen: Sequence[str],
    say: Speech,
    problem: str = "",
) -> Form:
    return Form(
        name=CHOOSE,
        title=say("Choose the list"),
        submit=say("Choose"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=f"{one.network}:{one.id}",
        inputs=(
            Input(
                name="problems",
                label=say("What the network chooses from: three to seven"),
                value=",".join(chosen),
                problem=problem,
                choices=tuple(offered),
                many=True,
            ),
        ),
        note=say("Nobody's words are changed. What is left out stays for later months."),
    )


def _offered(one: Poll, say: Speech, uow: UnitOfWork) -> list[tuple[str, str]]:
    """What stands, those that most want first, and all of the bank."""
    standing = nominations.standing(uow, one.network, OFFERED)
    own = [(_key(of), problems.label(of)) for of in standing]
    taken = nominations.keys_chosen(uow, one.network)
    fresh = sorted(bank.problems().values(), key=lambda problem: problem.key in taken)
    named = ((of.key, problems.bank_title(of.key, say.language)) for of in fresh)
    return [
        *own,
        *((key, shortened(f"{title} ({say('from the bank')})", LABEL)) for key, title in named),
    ]


def _key(of: Nomination) -> str:
    """By what a client names it."""
    return of.key or str(of.id)


def _of(key: str, network: int, uow: UnitOfWork) -> int:
    known = bank.problems().get(key)
    if known is None:
        return int(key)
    by_key = {one.key: one.id for one in stored_themes.every(uow, network)}
    return nominations.from_bank(uow, network, key, by_key.get(known.theme))
