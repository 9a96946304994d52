"""Mending: what was asked or answered through a form has no message of its author's to edit, so its
own card carries a button with which the author changes or withdraws it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.cards import Answer, Form, Input, Open, Tell
from bot.drawn import MEND
from bot.features import (
    answering,
    asking,
    audience,
    casting,
    changing,
    everywhere,
    workshop,
)
from bot.features.asking import Draft
from bot.features.presence import Presence, account_of, present, speech_for
from bot.incoming import Pressed, Submitted, id_named
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, people, posts, threads
from storage.threads import Utterance

QUESTION, ANSWER = "question", "answer"


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = present(incoming.person, incoming.place, uow)
    if who is None:
        return _of_one_who_left(incoming, incoming.value, uow)
    written = _own(incoming.value, who.member, uow)
    if written is None:
        return Tell.words(_not_yours(who.say))
    if written.message is not None:
        return Open(withdrawing(incoming.value, who.say))
    draft = _draft(incoming.value, Text.load(written.body))
    return Open(_filled(incoming.value, draft, {}, who, uow))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    who = present(incoming.person, incoming.place, uow)
    if who is None:
        return _of_one_who_left(incoming, incoming.subject, uow)
    written = _own(incoming.subject, who.member, uow)
    if written is None:
        return Tell.words(_not_yours(who.say))
    kind = incoming.subject.partition(":")[0]
    draft = Draft(incoming.values.get("text", ""), incoming.values.get("details", ""))
    # What stands in their own message is changed there; here it can only be withdrawn.
    text = Text() if written.message is not None else draft.text()
    problems = _problems(draft, kind, incoming.suspicions, who.say) if text else {}
    problems = asking.code_problem(draft, who.say, uow) | problems
    if problems:
        return Open(_filled(incoming.subject, draft, problems, who, uow))
    if voted := _as_a_vote(written, kind, text, who, uow):
        return voted
    if text and not changing.reads_otherwise(written, text):
        return Tell.words(who.say("It reads as before."))
    if not _change(kind, written.id, text, uow):
        return Tell.words(_not_yours(who.say))
    return Tell.words(who.say("Changed in every channel.") if text else who.say("Withdrawn."))


def _as_a_vote(
    written: Utterance, kind: str, text: Text, who: Presence, uow: UnitOfWork
) -> Tell | None:
    """What was said under a poll, and says now what its author chooses, is nothing for others."""
    to = threads.standing(uow, written.thread) if kind == ANSWER else None
    voted = casting.answered(text, to, who, uow) if to is not None else None
    if voted is not None:
        _change(ANSWER, written.id, Text(), uow)
    return voted


def _of_one_who_left(incoming: Pressed | Submitted, subject: str, uow: UnitOfWork) -> Answer:
    """Their channel takes no part any more. What they wrote there is still theirs to take back."""
    account = account_of(incoming.person, incoming.place, uow)
    say = speech_for(account, incoming.place, uow)
    for network in people.networks_of(uow, account.id):
        member = people.member_of(uow, network, account.id)
        written = _own(subject, member.id, uow) if member else None
        if written is None:
            continue
        if isinstance(incoming, Pressed):
            return Open(taking_back(subject, say))
        _change(subject.partition(":")[0], written.id, Text(), uow)
        return Tell.words(say("Withdrawn."))
    return Tell.words(_not_yours(say))


def _draft(subject: str, text: Text) -> Draft:
    if subject.startswith(QUESTION):
        return Draft.parted(text)
    return Draft("\n\n".join(block.plain() for block in text.blocks))


def _problems(draft: Draft, kind: str, suspicions: Iterable[str], say: Speech) -> dict[str, str]:
    """What is to be mended. An answer has only its number of characters to keep to."""
    fields = ["question" if name == "text" else name for name in suspicions]
    found = draft.problems(fields, say)
    if "question" not in fields and (kind == ANSWER or not draft.text()):
        found.pop("question", None)
    return found


def _change(kind: str, id: int, text: Text, uow: UnitOfWork) -> bool:
    if kind == QUESTION:
        return _change_question(id, text, uow)
    if text:
        changing.change(threads.reply_by_id(uow, id), text, uow)
    else:
        changing.take_away(id, uow)
    return True


def _change_question(id: int, text: Text, uow: UnitOfWork) -> bool:
    """False if it was withdrawn in the meantime, which is for good."""
    if not text:
        threads.withdraw_question(uow, id, body=text.dump())
        workshop.withdrawn(id, uow)
    elif not threads.change_question(uow, id, body=text.dump(), state="open"):
        return False
    everywhere.show_again(uow, id)
    return True


def _own(value: str, member: int, uow: UnitOfWork) -> Utterance | None:
    """What the client names, if this member wrote it and it stands. An answer that is their own
    message is changed and deleted there; it has no card in its room."""
    kind, _, number = value.partition(":")
    find = {QUESTION: threads.question_of, ANSWER: threads.reply_of}.get(kind)
    written = find(uow, id_named(number), member) if find else None
    if written is None or written.state == "withdrawn":
        return None
    return written if kind == QUESTION or written.message is None else None


def _filled(
    subject: str, draft: Draft, problems: Mapping[str, str], who: Presence, uow: UnitOfWork
) -> Form:
    """The form for this person, with these words in it."""
    kind, _, number = subject.partition(":")
    post = posts.find(uow, kind, int(number))
    places = [] if post is None else posts.where_it_stands(uow, post, who.network)
    note = audience.of_rooms(uow, places, who.say)
    return form(subject, who.say, draft, problems, note=note)


def form(
    subject: str,
    say: Speech,
    draft: Draft,
    problems: Mapping[str, str] = asking.NONE,
    *,
    note: str = "",
) -> Form:
    """An answer is one field. A question has the second one that it was asked with."""
    details = asking.details(say, draft, problems)
    return Form(
        name=MEND,
        title=say("Change or withdraw"),
        submit=say("Send"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=subject,
        inputs=(
            Input(
                name="text",
                label=say("What it should say"),
                hint=say("Leave it empty to withdraw it everywhere."),
                value=draft.question,
                problem=problems.get("question", ""),
                multiline=True,
                required=False,
                max_length=answering.LONGEST,
            ),
            *((details,) if subject.startswith(QUESTION) else ()),
        ),
        note=note,
    )


def withdrawing(subject: str, say: Speech) -> Form:
    """What is asked of the author of a message that is the question itself."""
    return Form(
        name=MEND,
        title=say("Change or withdraw"),
        submit=say("Withdraw"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=subject,
        text=Text.of(
            say(
                "To change the question, edit your own message: it changes in every channel. If "
                "you withdraw it here, every channel shows that, and the answers stay. Your own "
                "message stays where it is. Editing it afterwards does not bring the question "
                "back; write a new message if you want to ask again."
            )
        ),
    )


def taking_back(subject: str, say: Speech) -> Form:
    """What is asked of somebody whose channel has left the network."""
    return Form(
        name=MEND,
        title=say("Change or withdraw"),
        submit=say("Withdraw"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=subject,
        text=Text.of(
            say(
                "This channel no longer takes part, so what you wrote can only be withdrawn: every "
                "channel of the network then shows that, without your words."
            )
        ),
    )


def _not_yours(say: Speech) -> str:
    return say("Only its author can change it.")
