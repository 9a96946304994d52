"""Seeking: a question is put to two or three members of other organisations by name, so that it is
somebody's to answer and not everybody's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot import calendars, inviting
from bot.cards import Answer, Button, Card, Tell
from bot.drawn import answer_button, is_over, member_name, wonders, words_of
from bot.features import gate, joining, private, settings, themes
from bot.features.presence import Presence, present_in_each
from bot.incoming import Pressed, Submitted, id_named
from bot.inviting import Wanted
from bot.language import Speech
from bot.text import Text
from bot.windows import day_of
from storage import (
    UnitOfWork,
    invitations,
    members,
    people,
    posts,
    privates,
    steps,
    threads,
)
from storage import seeking as stored
from storage import themes as stored_themes
from storage.invitations import (
    ANSWERED,
    NAMED,
    NOT_NOW,
    STANDING,
    UNHEARD,
    UNSURE,
    VOID,
    WAITING,
    Invitation,
)
from storage.privates import Private
from storage.threads import Utterance

ASK = stored.STEP
DECLINE, JUST_READ, NAME = "not-now", "asked-just-read", "name-somebody"

AT_FIRST = timedelta(minutes=10)
"""After a question is asked, so that what was mistyped is mended first, or taken back."""

LEAST, MOST = 2, 3
"""Who are asked: two by turn, and a third who can help with the theme."""

TRIES = 3
"""Members who are asked in the place of others."""

WORDS = 200
"""Characters of the question that they are shown."""


def begin(thread: int, network: int, uow: UnitOfWork) -> None:
    """A question was asked."""
    steps.plan(uow, thread, ASK, network, uow.now + AT_FIRST)


def ask(thread: int, least: int, since: datetime | None, uow: UnitOfWork) -> int:
    """Put the question to as many as it is not put to yet, while it waits; to how many more. Those
    who were asked before `since` do not count, and neither does who turns out to be out of
    reach."""
    found = 0
    while invitations.is_waiting(uow, thread):
        question = threads.question(uow, thread)
        chosen = choose(question, _wanted(thread, least, since, uow), uow).chosen
        found += sum(_put(question, one, uow) for one in chosen)
        if not chosen:
            break
    return found


def _wanted(thread: int, least: int, since: datetime | None, uow: UnitOfWork) -> Wanted:
    known = [one for one in invitations.of_thread(uow, thread) if not since or one.at >= since]
    standing = [one for one in known if one.outcome in STANDING]
    left = min(MOST - len(standing), MOST + TRIES - len(known))
    return Wanted(
        least=min(least - len(standing), left),
        most=left,
        represented={one.organisation for one in standing},
    )


def nobody_left(thread: int, since: datetime, uow: UnitOfWork) -> bool:
    """Whether of those who were asked since then nobody may still answer."""
    known = invitations.of_thread(uow, thread)
    return not any(one.at >= since and one.outcome in STANDING for one in known)


def put_to(thread: int, member: int, named_by: int, uow: UnitOfWork) -> bool:
    """Put the question to this member, whom somebody has named; False where a rule is against it,
    or it does not wait any more."""
    if not invitations.is_waiting(uow, thread, member):
        return False
    question = threads.question(uow, thread)
    chosen = choose(question, Wanted(least=1, most=1), uow, only=member).chosen
    return any(_put(question, one, uow, member=str(named_by)) for one in chosen)


def rules(question: Utterance, uow: UnitOfWork) -> list[inviting.Rule]:
    """By which rule it would be decided now about everybody who could be asked."""
    found = stored.everybody(uow, _sought(question, uow))
    return list(_choice(question, found, Wanted(LEAST, MOST), uow).rules.values())


def choose(
    question: Utterance, wanted: Wanted, uow: UnitOfWork, only: int | None = None
) -> inviting.Choice:
    """Who is asked, and by which rule it was decided about each: the others are looked at only
    where too few can help."""
    about = _sought(question, uow)
    if about.themes and only is None:
        helping = stored.candidates(uow, about, only_helping=True)
        choice = _choice(question, helping, wanted, uow)
        of = {*wanted.represented, *(one.member.organisation for one in choice.chosen)}
        if len(choice.chosen) == wanted.most and len(of) > 1:
            return choice
    return _choice(question, stored.candidates(uow, about, only=only), wanted, uow)


def _choice(
    question: Utterance, found: list[stored.Candidate], wanted: Wanted, uow: UnitOfWork
) -> inviting.Choice:
    return inviting.choose(
        [_as_heard_of(one, uow) for one in found],
        wanted,
        gate.ASKED,
        uow.now,
        calendars.of_network(uow, question.network),
        seed=str(question.id),
    )


def _as_heard_of(one: stored.Candidate, uow: UnitOfWork) -> stored.Candidate:
    """Whoever has contributed since is not out of reach after all."""
    if not one.unreached or private.is_out_of_reach(one.member.id, uow):
        return one
    return replace(one, unreached=not members.accounts_of(uow, one.member.id))


def _sought(question: Utterance, uow: UnitOfWork) -> stored.Sought:
    return stored.Sought(
        thread=question.id,
        network=question.network,
        organisation=question.organisation,
        themes=_themes(question.id, uow),
        kind=gate.ASKED.name,
        today=day_of(uow.now),
    )


def _put(question: Utterance, one: stored.Candidate, uow: UnitOfWork, **by: str) -> bool:
    """Whether it reaches them, as far as that can be known now."""
    calendar = calendars.of_organisation(uow, one.member.organisation)
    until = inviting.until(one, uow.now, calendar, gate.ASKED)
    facts = {"thread": str(question.id), **by}
    sent = private.tell(uow, gate.ASKED, question.network, one.member.id, facts, until)
    reached = privates.decided_at(uow, sent) is not None
    invitations.begin(
        uow,
        network=question.network,
        member=one.member.id,
        organisation=one.member.organisation,
        kind=invitations.ASKED,
        thread=question.id,
        private=sent,
        outcome=WAITING if reached else VOID,
    )
    return reached


def _themes(thread: int, uow: UnitOfWork) -> list[int]:
    return [theme.id for theme in stored_themes.of_thread(uow, thread)]


@private.given_up(gate.ASKED)
def _given_up(kept: Private, uow: UnitOfWork) -> None:
    """It did not reach the member, or may not have: somebody else is asked."""
    one = invitations.of_private(uow, kept.id)
    outcome = UNSURE if privates.is_in_doubt(uow, kept.id) else VOID
    if one is not None and invitations.settle(uow, one.id, outcome):
        ask_another(one.thread, one.network, uow)


def left(member: int, network: int, uow: UnitOfWork) -> None:
    """Whoever leaves answers nothing any more: somebody else is asked."""
    for thread in invitations.close(uow, member):
        ask_another(thread, network, uow)


def ask_another(thread: int | None, network: int, uow: UnitOfWork) -> None:
    """In the place of somebody who does not answer."""
    if thread is not None:
        steps.plan(uow, thread, ASK, network, uow.now)


# ---- what the member sees


@private.message(gate.ASKED)
def _draw(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    """Why they of all people are asked, and the question; nothing once that does not wait."""
    thread = int(kept.facts["thread"])
    if not privates.stands(uow, kept.id) and not invitations.is_waiting(uow, thread, kept.member):
        return None
    question = threads.question(uow, thread)
    one = invitations.of_private(uow, kept.id)
    outcome = WAITING if one is None else one.outcome
    if question.state == "withdrawn" or (question.marked and outcome == WAITING):
        return over(question, say)
    parts = (wonders(question, say, uow), _begins(question, say, uow), _asks(kept, say, uow))
    return Card(
        text=Text.of("\n\n".join(parts)),
        note=came_of_it(outcome, say),
        buttons=_buttons(outcome, kept, say),
    )


def over(question: Utterance, say: Speech) -> Card:
    """What became of it; to what is closed one may still answer."""
    answer = () if question.state == "withdrawn" else (answer_button(question.id, say),)
    return Card(text=Text.of(is_over(question, say)), buttons=answer)


def _begins(question: Utterance, say: Speech, uow: UnitOfWork) -> str:
    return say.quoted(words_of(question, uow).shortened(WORDS).plain())


def reason(kept: Private, say: Speech, uow: UnitOfWork) -> str:
    """Plainly: why it is they who are asked."""
    if "member" in kept.facts:
        name = member_name(int(kept.facts["member"]), say, uow) or say("A member")
        return say("{name} says that you may know.", name=name)
    if known := themes.helped_with(uow, kept.member, int(kept.facts["thread"])):
        return say("You said that you can help with {theme}.", theme=themes.name(known[0], say))
    return say("This time it is your turn.")


def _asks(kept: Private, say: Speech, uow: UnitOfWork) -> str:
    return f"{reason(kept, say, uow)} {say('Do you have two minutes for a sentence or two?')}"


def came_of_it(outcome: str, say: Speech) -> str | None:
    if outcome == ANSWERED:
        return say("Thank you for your answer.")
    if outcome == NAMED:
        return say("Thank you for naming somebody.")
    if outcome == NOT_NOW:
        return say("You said that it does not suit you now. That is fine.")
    return None


def name_button(label: str, private: int | str | None) -> Button:
    """To name somebody in answer to this private message; whoever asked is told, and no channel."""
    return Button(NAME, label, str(private), opens=True)


def _buttons(outcome: str, kept: Private, say: Speech) -> tuple[Button, ...]:
    answer = answer_button(int(kept.facts["thread"]), say)
    if outcome == ANSWERED:
        return ()
    if outcome not in UNHEARD:
        return (answer,)
    return (
        replace(answer, style="primary"),
        Button(DECLINE, say("Not now"), str(kept.id)),
        name_button(say("Ask somebody else"), kept.id),
        Button(JUST_READ, say("I'd rather just read"), str(kept.id)),
    )


def whose(
    incoming: Pressed | Submitted, value: str, uow: UnitOfWork
) -> tuple[Presence, Invitation] | None:
    """Who acts, if it is the member whom this message asked: the request tells who that is, and the
    button only which message it was."""
    one = invitations.of_private(uow, id_named(value))
    here = present_in_each(incoming.person, incoming.place, uow)
    who = next((who for who in here if one is not None and who.member == one.member), None)
    return None if who is None or one is None else (who, one)


def declined(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """*Not now*, or *I'd rather just read*."""
    found = whose(incoming, incoming.value, uow)
    if found is None:
        return joining.not_theirs(incoming, uow)
    who, one = found
    people.lock(uow, who.member)
    if incoming.action == JUST_READ:
        return Tell.words(settings.only_reads(who, uow))
    is_news = invitations.settle(uow, one.id, NOT_NOW)
    if is_news:
        ask_another(one.thread, one.network, uow)
        posts.show_again(uow, privates.KIND, id_named(incoming.value))
    if is_news and one.thread is not None and invitations.is_waiting(uow, one.thread):
        return Tell.words(who.say("That is fine. I ask somebody else."))
    return Tell.words(who.say("That is fine."))
