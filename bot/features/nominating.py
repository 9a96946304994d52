"""Nominating: a member suggests what the network could work on together, at any time of the year.

What others have suggested that is about the same is shown before it is sent: two who want one thing
come further than two things that one wants each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cards import Answer, Button, Card, Form, Open, Tell
from bot.drawn import TYPED, with_names
from bot.features import (
    answering,
    asking,
    audience,
    joining,
    notices,
    problems,
    proposing,
    themes,
    wording,
)
from bot.features.presence import Presence, present_in_each
from bot.features.wording import MINE, NONE, SUGGEST, Draft, Problems
from bot.graphemes import cut_at
from bot.incoming import Commanded, Pressed, Said, Submitted
from bot.language import Speech
from bot.likeness import Words, alike
from bot.text import Text
from storage import UnitOfWork, nominations, people, rooms
from storage.nominations import Nomination

OWN = "suggestion"
COMPARED = 200
"""With so many that stand, those that most want, a new one is compared."""


def button(say: Speech, typed: str = "") -> Button:
    return Button(SUGGEST, say("Suggest a problem"), typed, opens=True)


def own_button(say: Speech, id: int) -> Button:
    return Button(OWN, say("Change or withdraw"), str(id), opens=True)


def filled_for(
    uow: UnitOfWork,
    here: Sequence[Presence],
    draft: Draft,
    found: Problems = NONE,
    like: Sequence[Nomination] = (),
) -> Form:
    """The form for this person. Somebody in several networks chooses one of them, and no theme."""
    say, among = here[0].say, asking.networks_of(here, uow)
    choices = themes.choices(uow, here[0].network, say) if len(here) == 1 else ()
    made = wording.form(say, draft, found, among=among, choices=choices, note=_note(here, uow))
    if not like:
        return made
    said, own = [problems.signed(one, say) for one in like], {who.member for who in here}
    others = [one.id for one in like if one.member not in own]
    return wording.with_those_like_it(made, like, said, others, say, found.get("like", ""))


def _note(here: Sequence[Presence], uow: UnitOfWork) -> str:
    say = here[0].say
    told = " ".join(
        (say("When it comes to the vote, your name and organisation stand on it."), _chosen(say))
    )
    if len(here) > 1:
        return told
    seen_by = rooms.organisations_at(uow, rooms.active_conversations(uow, here[0].network))
    return "\n".join(filter(None, (told, audience.who_sees(seen_by, say))))


def _chosen(say: Speech) -> str:
    return say("If it is chosen, I ask it in your name and you look after it.")


# ---- the way in


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """What was typed before comes along in the button, and goes into this person's form only."""
    here = present_in_each(incoming.person, incoming.place, uow)
    if not here:
        return joining.stranger(incoming, uow)
    draft = Draft.typed(incoming.value)
    found = draft.problems((), here[0].say) if incoming.value else NONE
    return Open(filled_for(uow, here, draft, found))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    here, draft = present_in_each(incoming.person, incoming.place, uow), Draft.of(incoming.values)
    meant = [who for who in here if draft.network in ("", str(who.network))]
    if len(meant) != 1:
        return joining.stranger(incoming, uow)
    [who] = meant
    found = draft.problems(incoming.suspicions, who.say) | draft.code_problem(who.say, uow)
    if found:
        return Open(filled_for(uow, here, draft, found))
    lock(who.network, who.member, uow)
    known = _sent_before(who, draft, uow)
    if known is not None:
        return Tell(_card(known, who.say))
    if draft.like not in ("", MINE):
        return _support(draft, here, who, uow)
    like = [] if draft.like == MINE else like_it(draft, who.network, uow)
    if like:
        return Open(filled_for(uow, here, draft, like=like))
    return Tell(_card(_nominate(who, draft, uow), who.say))


def commanded(incoming: Commanded, words: Text, who: Presence, uow: UnitOfWork) -> Answer:
    """Words after a slash command: suggested, if nothing is missing; else they are in the form."""
    draft = Draft.typed(words.plain())
    found = draft.problems((), who.say) | draft.code_problem(who.say, uow)
    if incoming.suspicion is not None:
        found["text"] = answering.number_in_form(who.say)
    if found:
        return Open(filled_for(uow, [who], draft, found))
    lock(who.network, who.member, uow)
    known = _sent_before(who, draft, uow)
    like = like_it(draft, who.network, uow) if known is None else []
    if like:
        return Open(filled_for(uow, [who], draft, like=like))
    return Tell(_card(known or _nominate(who, draft, uow), who.say))


def said(
    incoming: Said,
    words: Text,
    here: Sequence[Presence],
    uow: UnitOfWork,
    *,
    parent: int | None = None,
    under: str | None = None,
) -> None:
    """The same in a message. What cannot be suggested as it stands comes in a form, which typed
    words cannot open: a button does."""
    person, who = incoming.person, here[0]
    typed = with_names(words, person.platform, person.tenant, uow).plain()
    draft = Draft.typed(typed)
    why = _why_not(draft, here, uow)
    facts = {"why": why, "typed": typed[: cut_at(typed, TYPED)]} if why else {}
    if not why:
        facts["id"] = str(_nominate(who, draft, uow, incoming.message))
    notices.tell(
        uow,
        "suggest-opens" if why else "suggested",
        who.conversation,
        network=who.network,
        parent=parent,
        under=under,
        facts=facts,
        private=not who.in_room,
    )


def _why_not(draft: Draft, here: Sequence[Presence], uow: UnitOfWork) -> str:
    """What the form is opened for: which network it is, what is missing, or what is like it."""
    who = here[0]
    if len(here) > 1:
        return "network"
    if draft.is_like_a_vote:
        return "vote"
    if draft.problems((), who.say) or draft.code_problem(who.say, uow):
        return "missing"
    lock(who.network, who.member, uow)
    return "like" if like_it(draft, who.network, uow) else ""


# ---- what becomes of it


def like_it(draft: Draft, network: int, uow: UnitOfWork) -> list[Nomination]:
    """Those that stand and are about the same."""
    known = {one.id: one for one in nominations.standing(uow, network, COMPARED)}
    others = {id: Words.of(one.title, one.text) for id, one in known.items()}
    return [known[id] for id in alike(Words.of(draft.title, draft.text), others)]


def lock(network: int, member: int, uow: UnitOfWork) -> None:
    """The network before the member: its list of the month may be made anew."""
    rooms.lock_network(uow, network)
    people.lock(uow, member)


def _sent_before(who: Presence, draft: Draft, uow: UnitOfWork) -> int | None:
    """Teams may send a form again under another id when it got no answer in time."""
    since = uow.now - answering.SAME_WITHIN
    return nominations.same_since(uow, who.member, draft.head, since)


def _nominate(who: Presence, draft: Draft, uow: UnitOfWork, message: str | None = None) -> int:
    made = nominations.nominate(
        uow,
        who.network,
        organisation_id=who.organisation,
        member_id=who.member,
        account_id=who.account.id,
        conversation=who.conversation,
        title=draft.head,
        text=draft.text,
        theme=themes.chosen(uow, who.network, draft.theme),
        message=message,
    )
    proposing.list_again(who.network, uow)
    return made


def _support(draft: Draft, here: Sequence[Presence], who: Presence, uow: UnitOfWork) -> Answer:
    known = nominations.standing(uow, who.network, COMPARED)
    one = next((one for one in known if str(one.id) == draft.like), None)
    if one is None or one.member == who.member:
        like = like_it(draft, who.network, uow)
        problem = {"like": who.say("This has changed meanwhile. Choose again.")}
        return Open(filled_for(uow, here, replace(draft, like=""), problem, like))
    nominations.back(uow, one.id, who.member, who.organisation)
    proposing.list_again(who.network, uow)
    return Tell.words(who.say("You support that one now. Yours was not sent."))


def _card(id: int, say: Speech) -> Card:
    words = say(
        "Thank you. What most of you want comes to the vote, and what is not chosen stays. Until "
        "it comes to the vote you can change or withdraw it."
    )
    return Card(
        title=say("Your suggestion is in"),
        text=Text.of(f"{words} {_chosen(say)}"),
        buttons=(own_button(say, id),),
    )


@notices.notice("suggested")
def _suggested(say: Speech, facts: notices.Facts) -> Card:
    """Where it was typed."""
    note = say("If you edit your message, it changes; if you delete it, it is withdrawn.")
    return replace(_card(int(facts["id"]), say), note=note)


def incomplete(say: Speech) -> str:
    return say(
        "A suggestion needs a title of at most 45 characters, and one or two sentences about it, "
        "of at most 250."
    )


@notices.notice("suggest-opens")
def _opens(say: Speech, facts: notices.Facts) -> Card:
    why = {
        "like": say("Something like it has been suggested already. See it, and send yours or not."),
        "network": say("You are in several networks. Choose which one it is for."),
        "vote": wording.like_a_vote(say),
    }.get(facts.get("why", ""))
    words = why or f"{incomplete(say)} {say('What you wrote is in the form.')}"
    return Card(
        title=say("Suggest a problem"),
        text=Text.of(words),
        buttons=(replace(button(say, facts.get("typed", "")), style="primary"),),
    )


@notices.notice("suggestions")
def suggestions(say: Speech, _facts: notices.Facts) -> Card:
    """What somebody is told who asks for it where a form cannot open by itself."""
    words = say(
        "Once a month the network chooses a problem to work on together. You can suggest one at "
        "any time. What most of you want comes to the vote."
    )
    mine = Button(OWN, say("My suggestions"), opens=True)
    return Card(title=say("Problem of the month"), text=Text.of(words), buttons=(button(say), mine))
