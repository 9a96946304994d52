"""Pointing: what is already written somewhere becomes a question to the network."""

from __future__ import annotations

from bot.cards import Answer, Open, Tell
from bot.drawn import left_behind, with_names
from bot.features import answering, asking, codes, commands, joining
from bot.features.asking import Draft
from bot.features.presence import Presence, present_in_each
from bot.incoming import Pointed
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, people, posts, threads


def pointed(incoming: Pointed, uow: UnitOfWork) -> Answer:
    """One's own words in the network's room are the question as they stand. Another person's, or
    those of a chat that is not part of it, are proposed in a form to the one who chose them."""
    here = present_in_each(incoming.person, incoming.place, uow)
    if not here:
        return joining.stranger(incoming, uow)
    if len(here) > 1:
        return _for_one_of_several(incoming, here, uow)
    [who] = here
    people.lock(uow, who.member)
    known = _known(incoming, who, uow)
    if known is not None:
        return Tell.words(known)
    text = commands.question_of(incoming)
    if incoming.suspicion is not None:
        return _form(incoming, text, answering.number_in_form(who.say), here, uow)
    if not _is_own(incoming, who, uow):
        return _form(incoming, text, "", here, uow)
    if codes.found_in(incoming.whole(text), uow):
        return _form(incoming, text, codes.in_form(who.say), here, uow)
    if asking.refusal(text, who.say) is not None:
        # What is too long for one field stands in two, and then is not too long.
        problem = asking.refusal(Text.of(Draft.parted(text).question), who.say)
        return _form(incoming, text, problem or "", here, uow)
    root = incoming.root or incoming.message
    threads.hear(uow, who.conversation, incoming.message, "")
    number = asking.ask(uow, who, incoming.whole(text), incoming.message, root)
    return Tell.words(asking.asked(number, who.say))


def _for_one_of_several(incoming: Pointed, here: list[Presence], uow: UnitOfWork) -> Open:
    """Which network it is for is chosen with the form: outside its channels nothing tells."""
    problem = answering.number_in_form(here[0].say) if incoming.suspicion is not None else ""
    return _form(incoming, commands.question_of(incoming), problem, here, uow)


def _known(incoming: Pointed, who: Presence, uow: UnitOfWork) -> str | None:
    """What to say of a message that crossed already, or that is gone."""
    at = who.conversation, incoming.message
    if posts.is_copy(uow, *at):
        return who.say("This already stands in every channel of the network.")
    if threads.is_gone(uow, *at):
        return who.say("That message is gone.")
    return None


def _is_own(incoming: Pointed, who: Presence, uow: UnitOfWork) -> bool:
    """Whether the person's own message can be the question itself: it stands in the network's room,
    and not in the thread of another question."""
    if not who.in_room or incoming.author != incoming.person.user:
        return False
    root = incoming.root
    return root is None or threads.standing_under(uow, who.conversation, root) is None


def _form(
    incoming: Pointed, text: Text, problem: str, here: list[Presence], uow: UnitOfWork
) -> Open:
    """The words in the two fields of the form; what does not come along is told at once."""
    say = here[0].say
    person = incoming.person
    words = with_names(text, person.platform, person.tenant, uow).with_addresses().plain()
    draft = Draft.parted(Text.of(words))
    problems = {"question": problem} if problem else {}
    if len(draft.details) > asking.LONGEST_DETAILS:
        left_out, draft = draft.cut()
        problems["details"] = _left_out(left_out, say)
    told = left_behind(incoming.files, say)
    return Open(asking.filled_for(uow, here, draft, problems, told=told))


def _left_out(count: int, say: Speech) -> str:
    return say(
        "The message is longer than this form. Its last {count} characters are left out.",
        count=say.number(count),
    )
