"""Comparing: before a question is asked, whoever asks sees what was asked before that is like it;
in the form they confirm, too, what it looks like it is about.

The words travel with the form, or in the button that opens it: they are not asked before that. What
is typed in a channel is read there already, and is asked at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot import proposal, similar
from bot.cards import NO_TEXT, Answer, Button, Card, Form, Open, Tell
from bot.drawn import carried
from bot.features import about, asking, audience, found, joining, notices, themes
from bot.features.asking import Draft
from bot.features.presence import Presence, present_in_each
from bot.finding import Hit
from bot.incoming import Pressed, Said, Submitted
from bot.language import Speech
from bot.text import Block, Span, Text
from storage import UnitOfWork, closing
from storage import themes as stored
from storage.threads import Utterance

COMPARE = "ask-compare"

QUESTION, ANSWER = 120, 200
"""Characters of an earlier question that are shown, and of an answer to it."""


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    """The form was sent: it is asked, unless there is something to confirm or to see first."""
    here, draft = present_in_each(incoming.person, incoming.place, uow), Draft.of(incoming.values)
    meant = [who for who in here if draft.network in ("", str(who.network))]
    if len(meant) != 1:
        return joining.stranger(incoming, uow)
    [who] = meant
    problems = asking.code_problem(draft, who.say, uow)
    problems |= draft.problems(incoming.suspicions, who.say)
    if problems:
        return Open(asking.filled_for(uow, here, draft, problems))
    if (known := asking.known(uow, who, draft.text())) is not None:
        return Tell.words(asking.asked(known, who.say))
    chosen = themes.chosen(uow, who.network, draft.theme)
    picked = _looks(draft, who, uow) if chosen is None else str(chosen)
    hits = similar.find(uow, who.network, draft.text())
    if hits or (picked and chosen is None):
        return Open(_filled(who, draft, picked, hits, uow, proposed=chosen is None))
    return _ask(who, draft, picked, uow)


def confirmed(incoming: Submitted, uow: UnitOfWork) -> Answer:
    """The second step was sent: now it is asked, with the themes that stand there."""
    here, draft = present_in_each(incoming.person, incoming.place, uow), Draft.of(incoming.values)
    who = next((who for who in here if str(who.network) == incoming.subject), None)
    if who is None:
        return joining.stranger(incoming, uow)
    picked = incoming.values.get("themes", "")
    problems = asking.code_problem(draft, who.say, uow)
    problems |= draft.problems(incoming.suspicions, who.say)
    if too_many := about.too_many(picked, who.say):
        problems["themes"] = too_many
    if problems:
        hits = similar.find(uow, who.network, draft.text())
        return Open(_filled(who, draft, picked, hits, uow, problems))
    return _ask(who, draft, picked, uow)


def commanded(who: Presence, text: Text, uow: UnitOfWork) -> Open | None:
    """What was typed after a command comes in the second step, if something is like it."""
    draft = Draft.parted(text)
    hits = similar.find(uow, who.network, draft.text())
    if not hits or asking.known(uow, who, text) is not None:
        return None
    return Open(_filled(who, draft, _looks(draft, who, uow), hits, uow))


def said(who: Presence, text: Text, incoming: Said, conversation: int, uow: UnitOfWork) -> bool:
    """What was typed in private waits for a button, which opens the second step, if something is
    like it: typed words cannot open it. False if nothing is."""
    if not similar.threads(uow, who.network, text):
        return False
    facts = {"typed": carried(text, incoming.person, uow)}
    notices.tell(uow, "ask-opens", conversation, network=who.network, facts=facts, private=True)
    return True


@notices.notice("ask-opens")
def _opens(say: Speech, facts: notices.Facts) -> Card:
    words = say(
        "Something like it has been asked before, so I have not asked it yet. See it, and ask or "
        "not."
    )
    see = Button(COMPARE, say("See it"), facts.get("typed", ""), style="primary", opens=True)
    return Card(text=Text.of(words), buttons=(see,))


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    """The second step, with what was typed before; the first, for who is in several networks."""
    here = present_in_each(incoming.person, incoming.place, uow)
    draft = Draft.parted(Text.of(incoming.value))
    if len(here) != 1 or asking.refusal(draft.text(), here[0].say) is not None:
        return asking.pressed(incoming, uow)
    [who] = here
    hits = similar.find(uow, who.network, draft.text())
    return Open(_filled(who, draft, _looks(draft, who, uow), hits, uow))


def _looks(draft: Draft, who: Presence, uow: UnitOfWork) -> str:
    current = stored.current(uow, who.network)
    return about.listed(proposal.propose(draft.text().plain(), current))


def _ask(who: Presence, draft: Draft, picked: str, uow: UnitOfWork) -> Tell:
    chosen = about.picked_from(uow, who.network, picked)
    number = asking.ask_once(uow, who, draft.text(), chosen)
    return Tell.words(asking.asked(number, who.say))


def _filled(
    who: Presence,
    draft: Draft,
    picked: str,
    hits: Sequence[Hit],
    uow: UnitOfWork,
    problems: Mapping[str, str] = asking.NONE,
    *,
    proposed: bool = True,
) -> Form:
    """The second step for this person."""
    return form(
        who.say,
        draft,
        problems,
        network=who.network,
        picked=picked,
        proposed=proposed,
        choices=themes.choices(uow, who.network, who.say),
        earlier=Text(tuple(_told(hit, who.say, uow) for hit in hits)),
        note=audience.of_network(uow, who.network, who.say),
    )


def form(
    say: Speech,
    draft: Draft,
    problems: Mapping[str, str] = asking.NONE,
    *,
    network: int,
    picked: str,
    choices: tuple[tuple[str, str], ...],
    earlier: Text = NO_TEXT,
    note: str = "",
    proposed: bool = True,
) -> Form:
    """`earlier` tells of questions that are like it. The question is in it as it was typed, to be
    changed, and travels with it."""
    made = asking.form(say, draft, problems, note=note)
    about_it = about.field(choices, picked, say, problems.get("themes", ""), proposed=proposed)
    told = say(
        "Your question is not asked yet. See whether the theme fits, then press {button}.",
        button=say.quoted(made.submit),
    )
    if earlier:
        told = say("Something like it has been asked before:")
    return replace(
        made,
        name=COMPARE,
        subject=str(network),
        submit=say("Ask anyway") if earlier else made.submit,
        intro=" ".join(filter(None, (made.intro, told))),
        text=earlier,
        inputs=(*about_it, *made.inputs),
    )


def _told(hit: Hit, say: Speech, uow: UnitOfWork) -> Block:
    """An earlier question, and the answer that helped, or else the last one."""
    helped = closing.answers_that_helped(uow, hit.thread)
    answers = helped or closing.latest_answers(uow, hit.thread)
    answered = _answer(answers[0], say, uow) if answers else ""
    words = found.line(hit.talk.question, QUESTION, uow)
    return block(f"Q-{hit.talk.number}", words, found.note(hit, say, uow), answered, say)


def _answer(answer: Utterance, say: Speech, uow: UnitOfWork) -> str:
    whose = found.signed(answer.author, answer.organisation_name, say)
    return f"{whose}: {say.quoted(found.line(answer, ANSWER, uow))}"


def block(number: str, words: str, note: str, answered: str, say: Speech) -> Block:
    """A form has no buttons: the rest is found by its number."""
    more = say("To read all of it, search for {number}.", number=number)
    lines = "".join(f"\n{line}" for line in (note, answered) if line)
    title = Span(f"{number} · {words}", bold=True)
    return Block("paragraph", (title, Span(lines), Span(f"\n{more}", italic=True)))
