"""Mending: what was asked or answered through a form has no message of its author's to edit, so its
own card carries a button with which the author changes or withdraws it."""

from __future__ import annotations

from bot.cards import Answer, Form, Input, Open, Tell
from bot.drawn import MEND
from bot.features import answering, asking, changing, closing
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
    if written.message is not None:
        return Open(withdrawing(incoming.value, who.say))
    return Open(form(incoming.value, who.say, Text.load(written.body).plain()))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    who = present(incoming.person, incoming.place, uow)
    written = None if who is None else _own(incoming.subject, who, uow)
    if who is None or written is None:
        account = account_of(incoming.person, incoming.place, uow)
        return Tell.words(_not_yours(speech_for(account, incoming.place, uow)))
    if incoming.suspicions:
        return Open(form(incoming.subject, who.say, "", answering.number_in_form(who.say)))
    # What stands in their own message is changed there; here it can only be withdrawn.
    text = Text() if written.message is not None else Text.of(incoming.values.get("text", ""))
    kind = incoming.subject.partition(":")[0]
    problem = asking.refusal(text, who.say) if text and kind == QUESTION else None
    if problem is not None:
        return Open(form(incoming.subject, who.say, text.plain(), problem))
    if text and not changing.reads_otherwise(written, text):
        return Tell.words(who.say("It reads as before."))
    if not _change(kind, written.id, text, uow):
        return Tell.words(_not_yours(who.say))
    return Tell.words(who.say("Changed in every channel.") if text else who.say("Withdrawn."))


def _change(kind: str, id: int, text: Text, uow: UnitOfWork) -> bool:
    if kind == QUESTION:
        return _change_question(id, text, uow)
    state = "standing" if text else "withdrawn"
    threads.change_reply(uow, id, body=text.dump(), state=state)
    posts.show_again(uow, "answer", id, gone=None if text else True)
    if not text:
        closing.answer_changed(id, uow)
    return True


def _change_question(id: int, text: Text, uow: UnitOfWork) -> bool:
    """False if it was withdrawn in the meantime, which is for good."""
    if not text:
        threads.withdraw_question(uow, id, body=text.dump())
    elif not threads.change_question(uow, id, body=text.dump(), state="open"):
        return False
    posts.show_again(uow, "question", id)
    posts.show_again(uow, "foot", id)
    return True


def _own(value: str, who: Presence, uow: UnitOfWork) -> Utterance | None:
    """What the client names, if this member wrote it and it stands. An answer that is their own
    message is changed and deleted there; it has no card in its room."""
    kind, _, number = value.partition(":")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    find = {QUESTION: threads.question_of, ANSWER: threads.reply_of}.get(kind)
    written = find(uow, int(number), who.member) if find else None
    if written is None or written.state == "withdrawn":
        return None
    return written if kind == QUESTION or written.message is None else None


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


def _not_yours(say: Speech) -> str:
    return say("Only its author can change it.")
