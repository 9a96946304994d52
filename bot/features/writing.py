"""Writing: whoever runs a network writes a question of the week, says when it is asked, changes it,
or takes it away, whether or not it has been asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot import bank
from bot.cards import Answer, Button, Card, Form, Open, Tell
from bot.features import charge, codes, drafting, planning, previewing, prompting, steering, weeks
from bot.features.drafting import DELETE, DRAFT, NONE, READY, WITHDRAW, Draft, Values
from bot.features.presence import Presence
from bot.incoming import Pressed, Submitted, id_named
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, jobs, networks, overviews, posts, prompts, rooms
from storage.prompts import Prompt


def button(say: Speech, network: int, id: int | None = None) -> Button:
    """Opens the form: for a new question, or for this one."""
    label = say("Write a question") if id is None else say("Edit", context="button")
    return Button(drafting.WRITE, label, f"{network}:{'' if id is None else id}", opens=True)


# ---- the way in


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    network, _, value = incoming.value.partition(":")
    who = charge.steering(incoming, network, uow)
    if who is None:
        return charge.refused(incoming, uow)
    if not value:
        return Open(empty(who, uow))
    one = find(who.network, value, uow)
    if one is None or one.state == "withdrawn":
        return Tell.words(_gone(who.say))
    draft = Draft.as_it_is(one, str(_order(who.network, one, uow).index(one.id) + 1))
    return Open(filled(who, one, draft, uow))


def empty(who: Presence, uow: UnitOfWork, week: date | None = None) -> Form:
    """For a new question, and perhaps for this week, instead of what is planned for it."""
    day = week.isoformat() if week else ""
    draft = Draft({}, day=day, instead=day)
    return filled(who, None, draft, uow)


def filled(
    who: Presence, one: Prompt | None, draft: Draft, uow: UnitOfWork, problems: Values = NONE
) -> Form:
    places = len(_order(who.network, one, uow))
    return drafting.form(who.network, one, draft, who.say, problems, places=places)


def find(network: int, value: str, uow: UnitOfWork) -> Prompt | None:
    """The question that a client names, if it is one of the network's."""
    return prompts.find(uow, network, id_named(value))


def _gone(say: Speech) -> str:
    return say("This question is gone. Open the question of the week again.")


def _order(network: int, one: Prompt | None, uow: UnitOfWork) -> list[int]:
    """The queue with this question in it: where it stands, or as the last."""
    waiting = [other.id for other in prompts.in_state(uow, network, "waiting")]
    id = one.id if one else 0
    return waiting if id in waiting else [*waiting, id]


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    network, _, rest = incoming.subject.partition(":")
    value, _, instead = rest.partition(":")
    who = charge.steering(incoming, network, uow)
    if who is None:
        return charge.refused(incoming, uow)
    rooms.lock_network(uow, who.network)
    jobs.look_now(uow, who.network)
    one = find(who.network, value, uow)
    if (one is None and value) or (one is not None and one.state == "withdrawn"):
        return Tell.words(_gone(who.say))
    draft = Draft.of(incoming.values, instead)
    if one is not None and (late := _late(one, who, uow)):
        return Tell.words(late)
    problems = _problems(one, draft, incoming.suspicions, who, uow)
    if problems:
        return Open(filled(who, one, _offered(one, draft, who.say), uow, problems))
    if one is not None and one.thread is not None:
        told = _change_sent(one, one.thread, draft, who, uow)
    else:
        told = _keep(one, draft, who, uow)
    steering.redraw(who, uow)
    return told


def _offered(one: Prompt | None, draft: Draft, say: Speech) -> Draft:
    """As the form can show it: it may have been asked while another one lay open."""
    known = [state for state, _ in drafting.states(one, say)]
    return draft if draft.status in known else replace(draft, status=known[0])


def _late(one: Prompt, who: Presence, uow: UnitOfWork) -> str:
    """Why it must stay as it is until it has been asked."""
    if one.state != "planned" or one.week is None:
        return ""
    week = weeks.of(who.network, one.week, uow)
    return "" if week.may_change(uow.now) else steering.too_late(week, who.say)


# ---- what is to be mended


def _problems(
    one: Prompt | None, draft: Draft, suspicions: Iterable[str], who: Presence, uow: UnitOfWork
) -> dict[str, str]:
    if draft.status not in dict(drafting.states(one, who.say)):
        return {"status": who.say("This has changed meanwhile. Choose again.")}
    if draft.status in (DELETE, WITHDRAW):
        return {}
    found = drafting.problems(draft, suspicions, who.say)
    if one is None and not found and _is_there(draft, who.network, uow):
        found[next(iter(draft.words))] = who.say("This question waits already.")
    for language, words in draft.words.items():
        if language not in found and codes.found_in(Text.of(words), uow):
            found[language] = codes.in_form(who.say)
    if draft.day and draft.status == READY and not drafting.is_sent(one):
        own = one.id if one else _taken_from(draft, who, uow)
        if problem := planning.problem(who.network, draft.day, own, who.say, uow):
            found["day"] = problem
    return found


def _taken_from(draft: Draft, who: Presence, uow: UnitOfWork) -> int | None:
    """What gives its week to this one."""
    week = prompting.week_of(draft.instead)
    known = None if week is None else prompts.planned(uow, who.network, week)
    return None if known is None else known.id


def _is_there(draft: Draft, network: int, uow: UnitOfWork) -> bool:
    """Whether it was written before, as when a form is sent twice."""
    coming = prompts.in_state(uow, network, "draft", "waiting", "planned")
    return any(other.words == draft.words for other in coming)


# ---- what becomes of it


def _change_sent(one: Prompt, thread: int, draft: Draft, who: Presence, uow: UnitOfWork) -> Tell:
    if draft.status == WITHDRAW:
        prompts.withdraw(uow, one)
        told = who.say("Withdrawn in every channel. The answers stay.")
    elif draft.words == one.words:
        prompts.rewrite(uow, one.id, draft.theme, draft.words)  # No channel shows its theme.
        return Tell.words(who.say("It reads as before."))
    else:
        prompts.rewrite(uow, one.id, draft.theme, draft.words)
        language = networks.language(uow, who.network)
        prompts.edit(uow, one, Text.of(bank.words_in(language, draft.words)).dump())
        told = who.say("Changed in every channel.")
    posts.show_again(uow, prompting.KIND, thread)
    overviews.redraw(uow, thread)
    return Tell.words(told)


def _keep(one: Prompt | None, draft: Draft, who: Presence, uow: UnitOfWork) -> Tell:
    if one is not None and draft.status == DELETE:
        prompts.remove(uow, one.id)
        in_bank = who.say("It is in the bank again, and may come from there.")
        return Tell.words(who.say("Deleted.") if one.key is None else in_bank)
    id = _written(one, draft, who, uow)
    if draft.status == DRAFT:
        prompts.draft(uow, id)
        return Tell(_shown(id, who, uow, who.say("Kept as a draft. It is not asked.")))
    week = prompting.week_of(draft.day)
    if week is not None:
        steering.clear(who.network, week, uow, but=id)
        prompts.plan(uow, id, week)
        told = weeks.when(weeks.of(who.network, week, uow), who.say)
        return Tell(_shown(id, who, uow, told))
    _queue(id, draft.place, who.network, uow)
    return Tell(_shown(id, who, uow, when_of(id, who, uow)))


def _written(one: Prompt | None, draft: Draft, who: Presence, uow: UnitOfWork) -> int:
    if one is None:
        return prompts.keep(uow, who.network, theme=draft.theme, words=draft.words, chosen=True)
    prompts.rewrite(uow, one.id, draft.theme, draft.words)
    prompts.choose(uow, one.id)
    return one.id


def _queue(id: int, place: str, network: int, uow: UnitOfWork) -> None:
    """It waits at this place, or as the last."""
    prompts.wait(uow, id, 0)
    others = [one.id for one in prompts.in_state(uow, network, "waiting") if one.id != id]
    at = int(place) - 1 if place.isascii() and place.isdigit() and len(place) < 4 else len(others)
    prompts.arrange(uow, network, [*others[:at], id, *others[at:]])


def when_of(id: int, who: Presence, uow: UnitOfWork) -> str:
    """When it is asked, as things stand."""
    for week in weeks.ahead(who.network, weeks.LISTED, uow):
        if isinstance(week.prompt, Prompt) and week.prompt.id == id and week.state == "ahead":
            return weeks.when(week, who.say)
    return who.say("It waits in the queue.")


def _shown(id: int, who: Presence, uow: UnitOfWork, told: str) -> Card:
    one = prompts.find(uow, who.network, id)
    assert one is not None
    return previewing.card(who.network, one, who.say, uow, told)
