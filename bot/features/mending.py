"""Mending: what was asked or answered through a form has no message of its author's to edit, so its
own card carries a button with which the author changes or withdraws it."""

from __future__ import annotations

from bot.cards import Answer, Form, Input, Open, Tell
from bot.drawn import MEND
from bot.features import answering, asking
from bot.features.presence import Presence, account_of, present, speech_for
from bot.incoming import Pressed, Submitted
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, posts, threads
from storage.threads import Utterance

QUESTION, ANSWER = "question", "answer"


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = present(incoming.person, incoming.place, uow)
    if who is None:
        account = account_of(incoming.person, incoming.place, uow)
        return Tell.words(_not_yours(speech_for(account, incoming.place, uow)))
    written = _own(incoming.value, who, uow)
    if written is None:
        return Tell.words(_not_yours(who.say))
    return Open(form(incoming.value, who.say, Text.load(written.body).plain()))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    who = present(incoming.person, incoming.place, uow)
    written = None if who is None else _own(incoming.subject, who, uow)
    if who is None or written is None:
        account = account_of(incoming.person, incoming.place, uow)
        return Tell.words(_not_yours(speech_for(account, incoming.place, uow)))
    if incoming.suspicions:
        return Open(form(incoming.subject, who.say, "", answering.number_in_form(who.say)))
    text = Text.of(incoming.values.get("text", ""))
    kind = incoming.subject.partition(":")[0]
    problem = asking.refusal(text, who.say) if text and kind == QUESTION else None
    if problem is not None:
        return Open(form(incoming.subject, who.say, text.plain(), problem))
    _change(kind, written.id, text, uow)
    return Tell.words(who.say("Changed in every channel.") if text else who.say("Withdrawn."))


def _change(kind: str, id: int, text: Text, uow: UnitOfWork) -> None:
    if kind == QUESTION:
        state = "open" if text else "withdrawn"
        threads.change_question(uow, id, body=text.dump(), state=state)
        posts.show_again(uow, "question", id)
        return
    state = "standing" if text else "withdrawn"
    threads.change_reply(uow, id, body=text.dump(), state=state)
    posts.show_again(uow, "answer", id, gone=None if text else True)


def _own(value: str, who: Presence, uow: UnitOfWork) -> Utterance | None:
    """What the client names, if it was this member who wrote it, through a form, and it stands."""
    kind, _, number = value.partition(":")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    find = {QUESTION: threads.question_of, ANSWER: threads.reply_of}.get(kind)
    written = find(uow, int(number), who.member) if find else None
    stands = written is not None and written.message is None and written.state != "withdrawn"
    return written if stands else None


def form(subject: str, say: Speech, value: str, problem: str = "") -> Form:
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
                value=value[: answering.LONGEST],
                problem=problem,
                multiline=True,
                required=False,
                max_length=answering.LONGEST,
            ),
        ),
    )


def _not_yours(say: Speech) -> str:
    return say("Only its author can change it.")
