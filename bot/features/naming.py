"""Naming: whoever is asked something names somebody else who may know: a colleague, who is asked
next, or a role, which whoever asked is told."""

from __future__ import annotations

from bot.cards import Answer, Form, Input, Open, Tell
from bot.drawn import shown_name
from bot.features import answering, asking, codes, joining, seeking, waiting
from bot.features.presence import Presence
from bot.incoming import Pressed, Submitted, id_named
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, invitations, networks, people, posts, privates, rooms, threads
from storage import seeking as stored
from storage import waiting as waits
from storage.invitations import ASKED, NAMED, Invitation

LISTED = 100
LONGEST = 200
"""Characters of a role, or of a name that stands in no list."""


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    found = _asked(incoming, incoming.value, uow)
    if found is None:
        return joining.not_theirs(incoming, uow)
    who, one = found
    return Open(_filled(who, one, uow))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    found = _asked(incoming, incoming.subject, uow)
    if found is None:
        return joining.not_theirs(incoming, uow)
    who, one = found
    typed = incoming.values.get("text", "").strip()
    colleague = _colleague(incoming.values.get("member", ""), who, uow)
    problem = _problem(typed, colleague, incoming, who, uow)
    if problem:
        return Open(_filled(who, one, uow, typed, problem, colleague))
    # Whom somebody else names, or the clock asks, at the same moment is not asked twice.
    rooms.lock_network(uow, who.network)
    if one.thread is not None:
        threads.lock(uow, one.thread)
    people.lock(uow, who.member)
    if one.thread is None or not invitations.settle(uow, one.id, NAMED):
        return Tell.words(who.say("Thank you. You have been heard already."))
    posts.show_again(uow, privates.KIND, id_named(incoming.subject))
    _follow(one, one.thread, who, colleague, typed, uow)
    # Whether a colleague is asked, and if not why, is theirs to know.
    return Tell.words(who.say("Thank you. I go on from there."))


def _follow(
    one: Invitation,
    thread: int,
    who: Presence,
    colleague: int | None,
    typed: str,
    uow: UnitOfWork,
) -> None:
    if typed:
        question = waits.asked(uow, thread)
        if question is not None:
            facts = {"text": typed, "member": str(who.member)}
            waiting.tell_owner(question, "tip", uow, **facts)
    is_put = colleague is not None and seeking.put_to(thread, colleague, who.member, uow)
    if not is_put and one.kind == ASKED:
        seeking.ask_another(thread, who.network, uow)


def _asked(
    incoming: Pressed | Submitted, value: str, uow: UnitOfWork
) -> tuple[Presence, Invitation] | None:
    """Who acts, if it is the member whom this message asked, and the question is still open."""
    found = seeking.whose(incoming, value, uow)
    if found is None or found[1].thread is None or waits.asked(uow, found[1].thread) is None:
        return None
    return found


def _colleague(value: str, who: Presence, uow: UnitOfWork) -> int | None:
    """Whom a client names, if it is one of those who were listed."""
    listed = stored.colleagues(uow, who.organisation, who.member, LISTED)
    return next((id for id, _ in listed if str(id) == value), None)


def _problem(
    typed: str, colleague: int | None, incoming: Submitted, who: Presence, uow: UnitOfWork
) -> str:
    if "text" in incoming.suspicions:
        return answering.number_in_form(who.say)
    if codes.found_in(Text.of(typed), uow):
        return codes.in_form(who.say)
    if not typed and colleague is None:
        return who.say("Choose somebody, or write a name or a role.")
    return asking.too_long(typed, LONGEST, who.say) or ""


def _filled(
    who: Presence,
    one: Invitation,
    uow: UnitOfWork,
    typed: str = "",
    problem: str = "",
    chosen: int | None = None,
) -> Form:
    listed = stored.colleagues(uow, who.organisation, who.member, LISTED)
    choices = tuple((str(id), shown_name(name)[:75]) for id, name in listed)
    organisation = shown_name(networks.organisation_name(uow, who.organisation))
    asked = answering.beginning(who.network, one.thread or 0, who.say, uow)
    return form(
        str(one.private),
        choices,
        organisation,
        who.say,
        typed,
        problem,
        to=asked,
        chosen=str(chosen or ""),
    )


def form(
    subject: str,
    choices: tuple[tuple[str, str], ...],
    organisation: str,
    say: Speech,
    typed: str = "",
    problem: str = "",
    *,
    to: Text,
    chosen: str = "",
) -> Form:
    colleague = Input(
        name="member",
        label=say("Somebody who takes part"),
        hint=say("I ask them in private, and say that you named them."),
        value=chosen,
        required=False,
        choices=choices,
    )
    somebody = Input(
        name="text",
        label=say("Or somebody else") if choices else say("A name or a role"),
        hint=say("A role is enough. Whoever asked reads it, with your name."),
        value=typed,
        problem=problem,
        required=not choices,
        max_length=LONGEST,
    )
    return Form(
        name=seeking.NAME,
        title=say("Ask somebody else"),
        submit=say("Send"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=subject,
        intro=say("Who at {organisation} may know?", organisation=organisation),
        text=to,
        inputs=(*((colleague,) if choices else ()), somebody),
    )
