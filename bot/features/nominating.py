"""Nominating: a member suggests what the network could work on together, at any time of the year.

What others have suggested that is about the same is shown before it is sent: two who want one thing
come further than two things that one wants each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot import bank
from bot.cards import Answer, Button, Card, Form, Input, Open, Tell
from bot.drawn import shown_name, with_names
from bot.features import (
    answering,
    asking,
    audience,
    codes,
    joining,
    notices,
    problems,
    proposing,
    themes,
)
from bot.features.presence import Presence, present_in_each
from bot.graphemes import count, cut_at, shortened
from bot.incoming import Commanded, Pressed, Said, Submitted
from bot.language import Speech
from bot.likeness import Words, alike
from bot.text import Block, Span, Text
from storage import UnitOfWork, nominations, people, rooms
from storage.nominations import Nomination

SUGGEST, OWN = "suggest", "suggestion"
TITLE, SHORTEST, LONGEST = 45, 10, 250
"""Characters that a title may have, and a text."""

CODE_POINTS = 80
"""Of what a reader takes for one character there may be several; a title has at most so many."""

COMPARED = 200
"""With so many that stand, those that most want, a new one is compared."""

MINE = "mine"
TYPED = 1500
"""Of what was typed so much goes into the form that a button opens."""

_ENDS = re.compile(r"(?<=[.!?:…])\s+|\n+")
Problems = Mapping[str, str]
NONE: Problems = {}


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the fields of the form; `like` is what was chosen about those that are like
    it."""

    title: str = ""
    text: str = ""
    theme: str = ""
    network: str = ""
    like: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Draft:
        title, text, theme, network, like = (
            values.get(name, "") for name in ("title", "text", "theme", "network", "like")
        )
        return cls(" ".join(title.split()), " ".join(text.split()), theme, network, like)

    @classmethod
    def typed(cls, words: str) -> Draft:
        """The first line or sentence is the title, if it is short enough, and the rest the text."""
        head, *rest = _ENDS.split(words.strip(), maxsplit=1)
        if count(head) > TITLE:
            return cls.of({"text": words})
        return cls.of({"title": head.rstrip(".:… "), "text": " ".join(rest)})

    def problems(self, suspicions: Iterable[str], say: Speech) -> dict[str, str]:
        """What is to be mended, by the field's name."""
        found = {}
        if not any(map(str.isalnum, self.title)):
            found["title"] = say("Write a title.")
        elif problem := _too_long(self.title, TITLE, say):
            found["title"] = problem
        if len(self.text) < SHORTEST:
            found["text"] = say("Write one or two sentences about it.")
        elif problem := _too_long(self.text, LONGEST, say):
            found["text"] = problem
        numbers = answering.number_in_form(say)
        return found | {name: numbers for name in suspicions if name in ("title", "text")}

    def code_problem(self, say: Speech, uow: UnitOfWork) -> dict[str, str]:
        code = codes.found_in(Text.of(f"{self.title}\n\n{self.text}"), uow)
        if code is None:
            return {}
        return {"title" if code in self.title else "text": codes.in_form(say)}


def _too_long(words: str, space: int, say: Speech) -> str:
    length = count(words)
    if length <= space and (space > TITLE or len(words) <= CODE_POINTS):
        return ""
    return say(
        "This has {length} characters; there is space for {count}. Shorten it.",
        length=say.number(length if length > space else len(words)),
        count=say.number(space),
    )


# ---- the form


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
    made = form(say, draft, found, among=among, choices=choices, note=_note(here, uow))
    if not like:
        return made
    said, own = [problems.whose(one, say, uow) for one in like], {who.member for who in here}
    others = [one.id for one in like if one.member not in own]
    return with_those_like_it(made, like, said, others, say, found.get("like", ""))


def _note(here: Sequence[Presence], uow: UnitOfWork) -> str:
    say = here[0].say
    told = say("When it comes to the vote, your name and organisation stand on it.")
    if len(here) > 1:
        return told
    seen_by = rooms.organisations_at(uow, rooms.active_conversations(uow, here[0].network))
    return "\n".join(filter(None, (told, audience.who_sees(seen_by, say))))


def form(
    say: Speech,
    draft: Draft,
    found: Problems = NONE,
    *,
    among: tuple[tuple[str, str], ...] = (),
    choices: tuple[tuple[str, str], ...] = (),
    note: str = "",
) -> Form:
    network = Input(
        name="network", label=say("Which network is it for?"), value=draft.network, choices=among
    )
    return Form(
        name=SUGGEST,
        title=say("Suggest a problem"),
        submit=say("Suggest", context="button"),
        cancel=say("Cancel"),
        done=say("Close"),
        intro=say("What could the network work on together? Once a month all of you choose."),
        inputs=(*((network,) if among else ()), *fields(say, draft, found, choices)),
        note=note,
    )


def fields(
    say: Speech,
    draft: Draft,
    found: Problems,
    choices: tuple[tuple[str, str], ...] = (),
) -> tuple[Input, ...]:
    """The words of a suggestion, new or not, and what it is about."""
    example = problems.bank_title(next(iter(bank.problems())), say.language)
    theme = Input(
        name="theme", label=say("Theme"), value=draft.theme, required=False, choices=choices
    )
    return (
        Input(
            name="title",
            label=say("Title"),
            hint=say("At most 45 characters, such as {example}", example=say.quoted(example)),
            value=draft.title,
            problem=found.get("title", ""),
            max_length=300,  # What is too long is refused in words, and not cut off.
        ),
        Input(
            name="text",
            label=say("In one or two sentences"),
            hint=say("We …, about a process, never a person or a named unit."),
            value=draft.text,
            problem=found.get("text", ""),
            multiline=True,
            max_length=1000,
        ),
        *((theme,) if choices else ()),
    )


def with_those_like_it(
    made: Form,
    like: Sequence[Nomination],
    whose: Sequence[str],
    others: Sequence[int],
    say: Speech,
    problem: str = "",
) -> Form:
    """`whose` they are, and which of them are others' and can be supported."""
    supported = tuple(
        (str(one.id), say("Support {title}", title=say.quoted(shortened(one.title, 50))))
        for one in like
        if one.id in others
    )
    choice = Input(
        name="like",
        label=say("What do you want to do?"),
        problem=problem,
        choices=((MINE, say("Send mine all the same")), *supported),
    )
    told = (_block(one, who) for one, who in zip(like, whose, strict=True))
    return replace(
        made,
        intro=say("Something like it has been suggested already:"),
        text=Text(tuple(told)),
        inputs=(choice, *made.inputs),
    )


def _block(one: Nomination, whose: str) -> Block:
    said = f"\n{one.text}\n{whose}"
    return Block("paragraph", (Span(one.title, bold=True), Span(said)))


# ---- the way in


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """What was typed before comes along in the button, and goes into this person's form only."""
    here = present_in_each(incoming.person, incoming.place, uow)
    if not here:
        return joining.stranger(incoming, uow)
    return Open(filled_for(uow, here, Draft.typed(incoming.value)))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    here, draft = present_in_each(incoming.person, incoming.place, uow), Draft.of(incoming.values)
    meant = [who for who in here if draft.network in ("", str(who.network))]
    if len(meant) != 1:
        return joining.stranger(incoming, uow)
    [who] = meant
    found = draft.problems(incoming.suspicions, who.say) | draft.code_problem(who.say, uow)
    if found:
        return Open(filled_for(uow, here, draft, found))
    lock(who, uow)
    known = _sent_before(who, draft, uow)
    if known is not None:
        return Tell(_card(known, who.say, uow))
    if draft.like not in ("", MINE):
        return _support(draft, here, who, uow)
    like = [] if draft.like == MINE else like_it(draft, who.network, uow)
    if like:
        return Open(filled_for(uow, here, draft, like=like))
    return Tell(_card(_nominate(who, draft, uow), who.say, uow))


def commanded(incoming: Commanded, words: Text, who: Presence, uow: UnitOfWork) -> Answer:
    """Words after a slash command: suggested, if nothing is missing; else they are in the form."""
    draft = Draft.typed(words.plain())
    found = draft.problems((), who.say) | draft.code_problem(who.say, uow)
    if incoming.suspicion is not None:
        found["text"] = answering.number_in_form(who.say)
    if found:
        return Open(filled_for(uow, [who], draft, found))
    lock(who, uow)
    known = _sent_before(who, draft, uow)
    like = like_it(draft, who.network, uow) if known is None else []
    if like:
        return Open(filled_for(uow, [who], draft, like=like))
    return Tell(_card(known or _nominate(who, draft, uow), who.say, uow))


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
        facts["id"] = str(_nominate(who, draft, uow))
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
    if draft.problems((), who.say) or draft.code_problem(who.say, uow):
        return "missing"
    lock(who, uow)
    return "like" if like_it(draft, who.network, uow) else ""


# ---- what becomes of it


def title_of(draft: Draft) -> str:
    """As it is shown: it stands in lists, and passes for nothing else there."""
    return shown_name(draft.title)


def like_it(draft: Draft, network: int, uow: UnitOfWork) -> list[Nomination]:
    """Those that stand and are about the same."""
    known = {one.id: one for one in nominations.standing(uow, network, COMPARED)}
    others = {id: Words.of(one.title, one.text) for id, one in known.items()}
    return [known[id] for id in alike(Words.of(draft.title, draft.text), others)]


def lock(who: Presence, uow: UnitOfWork) -> None:
    """The network before the member: its list of the month may be made anew."""
    rooms.lock_network(uow, who.network)
    people.lock(uow, who.member)


def _sent_before(who: Presence, draft: Draft, uow: UnitOfWork) -> int | None:
    """Teams may send a form again under another id when it got no answer in time."""
    since = uow.now - answering.SAME_WITHIN
    return nominations.same_since(uow, who.member, title_of(draft), since)


def _nominate(who: Presence, draft: Draft, uow: UnitOfWork) -> int:
    made = nominations.nominate(
        uow,
        who.network,
        organisation_id=who.organisation,
        member_id=who.member,
        account_id=who.account.id,
        conversation=who.conversation,
        title=title_of(draft),
        text=draft.text,
        theme=themes.chosen(uow, who.network, draft.theme),
    )
    proposing.list_again(who.network, uow)
    return made


def _support(draft: Draft, here: Sequence[Presence], who: Presence, uow: UnitOfWork) -> Answer:
    like = like_it(draft, who.network, uow)
    one = next((one for one in like if str(one.id) == draft.like), None)
    if one is None or one.member == who.member:
        problem = {"like": who.say("This has changed meanwhile. Choose again.")}
        return Open(filled_for(uow, here, replace(draft, like=""), problem, like))
    nominations.back(uow, one.id, who.member, who.organisation)
    proposing.list_again(who.network, uow)
    return Tell.words(who.say("You support that one now. Yours was not sent."))


def _card(id: int, say: Speech, uow: UnitOfWork) -> Card:
    return _suggested(say, {"id": str(id)})


@notices.notice("suggested")
def _suggested(say: Speech, facts: notices.Facts) -> Card:
    words = say(
        "Thank you. What most of you want comes to the vote, and what is not chosen stays. Until "
        "it comes to the vote you can change or withdraw it."
    )
    return Card(
        title=say("Your suggestion is in"),
        text=Text.of(words),
        buttons=(own_button(say, int(facts["id"])),),
    )


@notices.notice("suggest-opens")
def _opens(say: Speech, facts: notices.Facts) -> Card:
    why = {
        "like": say("Something like it has been suggested already. See it, and send yours or not."),
        "network": say("You are in several networks. Choose which one it is for."),
    }.get(facts.get("why", ""))
    words = why or say(
        "A suggestion needs a title of at most 45 characters, and one or two sentences about it. "
        "What you wrote is in the form."
    )
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
