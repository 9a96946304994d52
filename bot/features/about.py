"""About: what a question looks like it is about, for whoever asked to confirm, and what was asked
before that is like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import Answer, Button, Form, Input, Item, Open, Tell
from bot.drawn import withdrawn
from bot.features import charge, closing, found, themes
from bot.features.presence import Presence, present_in_each, speech_of
from bot.finding import Hit, again
from bot.incoming import Pressed, Submitted
from bot.language import Speech
from storage import UnitOfWork, posts, similar
from storage import themes as stored
from storage.themes import MOST, Theme
from storage.threads import Utterance

ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Parts:
    """What is added to a card that only the asker's own room or the asker sees."""

    facts: tuple[tuple[str, str], ...] = ()
    items: tuple[Item, ...] = ()
    buttons: tuple[Button, ...] = ()


NOTHING = Parts()


def under(question: Utterance, say: Speech, uow: UnitOfWork) -> Parts:
    """What stands under a question that was typed, as long as it is open."""
    earlier = similar.earlier(uow, question.id)
    hits = again(uow, question.network, [(one, None) for one in earlier]) if earlier else []
    return parts(question.id, hits, say, uow)


def parts(thread: int, hits: Sequence[Hit], say: Speech, uow: UnitOfWork) -> Parts:
    """`hits` are earlier questions that are like it."""
    facts, buttons = _themes(thread, say, uow)
    return Parts(facts, _items(hits, say, uow), buttons)


def _themes(
    thread: int, say: Speech, uow: UnitOfWork
) -> tuple[tuple[tuple[str, str], ...], tuple[Button, ...]]:
    """What it is or looks like it is about, and the way to say so."""
    if proposed := looks(thread, uow):
        told = (say("Looks like it is about"), themes.named(proposed, say))
        return (told,), (confirm_button(thread, say),)
    facts = themes.facts(uow, thread, say)
    change = Button(ABOUT, say("Change themes"), str(thread), opens=True)
    return facts, (change,) if facts else ()


def _items(hits: Sequence[Hit], say: Speech, uow: UnitOfWork) -> tuple[Item, ...]:
    if not hits:
        return ()
    return (
        Item(say("Asked before"), heading=True),
        *(found.item(hit, say, uow) for hit in hits),
    )


def confirm_button(thread: int, say: Speech) -> Button:
    return Button(ABOUT, say("Confirm themes"), str(thread), opens=True)


def looks(thread: int, uow: UnitOfWork) -> list[Theme]:
    """What a question looks like it is about, while nobody has said so. What the network has
    retired since is proposed no more."""
    return [theme for theme in stored.proposed(uow, thread) if not theme.retired]


# ---- the form, and what comes of it


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    permitted = _permitted(incoming, incoming.value, uow)
    if isinstance(permitted, Tell):
        return permitted
    who, question = permitted
    return Open(filled(question, who, uow))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    permitted = _permitted(incoming, incoming.subject, uow)
    if isinstance(permitted, Tell):
        return permitted
    who, question = permitted
    picked = incoming.values.get("themes", "")
    if problem := too_many(picked, who.say):
        return Open(filled(question, who, uow, picked, problem))
    chosen = picked_from(uow, who.network, picked)
    if chosen != [theme.id for theme in stored.confirmed(uow, question.id)]:
        stored.confirm(uow, question.id, chosen)
        posts.show_again(uow, "question", question.id)
        posts.show_again(uow, "foot", question.id)
    if not chosen:
        return Tell.words(who.say("The question has no theme now."))
    return Tell.words(who.say("Every channel sees now what the question is about."))


def _permitted(
    incoming: Pressed | Submitted, value: str, uow: UnitOfWork
) -> tuple[Presence, Utterance] | Tell:
    """Who acts, and the question whose themes they may confirm; else what they are told."""
    for who in present_in_each(incoming.person, incoming.place, uow):
        question = closing.question_named(value, who, uow)
        if question is None:
            continue
        if not closing.may(who, question, uow) and not charge.runs(who.member, uow):
            return Tell.words(_not_yours(who.say))
        if question.state == "withdrawn":
            return Tell.words(withdrawn(question.number, who.say))
        return who, question
    return Tell.words(_not_yours(speech_of(incoming, uow)))


def _not_yours(say: Speech) -> str:
    return say("The person who asked or a facilitator says what a question is about.")


def filled(
    question: Utterance,
    who: Presence,
    uow: UnitOfWork,
    picked: str | None = None,
    problem: str = "",
) -> Form:
    """With what was picked in it, or with what the question is, or looks like it is, about."""
    if picked is None:
        picked = listed(stored.of_thread(uow, question.id))
    choices = themes.choices(uow, question.network, who.say)
    return form(question.id, question.number, choices, picked, who.say, problem)


def form(
    thread: int,
    number: int,
    choices: tuple[tuple[str, str], ...],
    picked: str,
    say: Speech,
    problem: str = "",
) -> Form:
    return Form(
        name=ABOUT,
        title=say("Themes"),
        submit=say("Confirm"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(thread),
        intro=say("Question Q-{number}", number=str(number)),
        inputs=field(choices, picked, say, problem),
        note=say("Every channel sees the themes with the question."),
    )


def field(
    choices: tuple[tuple[str, str], ...],
    picked: str,
    say: Speech,
    problem: str = "",
    *,
    proposed: bool = True,
) -> tuple[Input, ...]:
    """What a question is about, to be chosen; nothing where the network has no themes. What is
    picked already stands first, to be seen at once and to keep its order."""
    if not choices:
        return ()
    order = _split(picked)
    first = [one for one in choices if one[0] in order]
    first.sort(key=lambda one: order.index(one[0]))
    one = Input(
        name="themes",
        label=say("Looks like it is about") if proposed and picked else say("Themes"),
        hint=say("Choose one or two, or none."),
        value=picked,
        problem=problem,
        required=False,
        choices=(*first, *(one for one in choices if one[0] not in order)),
        many=True,
    )
    return (one,)


def listed(about: Sequence[Theme]) -> str:
    """As the field of a form holds it."""
    return ",".join(str(theme.id) for theme in about if not theme.retired)


def too_many(picked: str, say: Speech) -> str:
    """Why these cannot be a question's themes, if they cannot."""
    if len(set(_split(picked))) <= MOST:
        return ""
    return say("A question has at most two themes. Take the others away.")


def picked_from(uow: UnitOfWork, network: int, picked: str) -> list[int]:
    """The themes that a client names, as far as the network has them."""
    chosen = (themes.chosen(uow, network, one) for one in _split(picked))
    return [one for one in dict.fromkeys(chosen) if one is not None]


def _split(picked: str) -> list[str]:
    return [one for one in picked.split(",") if one]
