"""What is said about newcomers: to them, once; to their host; and to the facilitator."""

from __future__ import annotations

from bot.cards import Button, Card
from bot.drawn import (
    Reader,
    answer_button,
    known_name,
    member_name,
    question_name,
    shown_name,
    whose,
)
from bot.features import answering, asking, gate, kindly, private, reach, reading, settings
from bot.language import Speech, speak
from bot.text import Text
from bot.windows import day_of
from storage import (
    UnitOfWork,
    confirmations,
    greetings,
    informing,
    invitations,
    measuring,
    members,
    networks,
    overviews,
    people,
    privates,
    quiet,
    rooms,
)
from storage.invitations import UNHEARD
from storage.overviews import Line
from storage.privates import Private

WORDS = 200
"""Characters of the question that a host is shown."""


@private.message(gate.WELCOME)
def _welcome(kept: Private, say: Speech, uow: UnitOfWork) -> Card:
    """At most 80 words: they are read on a phone, between two meetings."""
    network = shown_name(networks.network_name(uow, kept.network))
    member_name(kept.member, say, uow)  # From now on it is known, and found in lists.
    return Card(
        text=Text.of(f"{_what_it_is(network, say)}\n\n{_who_runs_it(kept, say, uow)}"),
        buttons=(
            settings.button(say, str(kept.network)),
            settings.just_read_button(say, kept.network),
        ),
    )


def _what_it_is(network: str, say: Speech) -> str:
    return say(
        "I am the bot of the network {network}. I store what you write in its threads, your "
        "themes, and when I wrote to you. A message you delete is gone everywhere. I do not "
        "measure what you read, and your manager is not told how active you are. Posts may be "
        "subject to access-to-documents rules.",
        network=network,
    )


def _who_runs_it(kept: Private, say: Speech, uow: UnitOfWork) -> str:
    how = say("In My settings: just read, take a pause, or switch messages off.")
    facilitators = members.with_role(uow, kept.network, "facilitator")
    names = [name for one in facilitators[:1] if (name := member_name(one.id, say, uow))]
    return " ".join([*(say("{name} runs the network.", name=name) for name in names), how])


def hello(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """What a room is told once: who brought the bot, and how to take part."""
    room, by = rooms.room_by_id(uow, subject), confirmations.of_room(uow, subject)
    if room is None or by is None or by.by is None or room.state == "ended":
        return None
    say = speak(reader.language)
    account = people.account_by_id(uow, by.by)
    network = shown_name(networks.network_name(uow, room.network))
    who = say(
        "{name} has connected this channel to {network}. I am a bot, and carry questions and "
        "answers between its channels.",
        name=known_name(account.id, account.name, account.profile_due_at, say, uow),
        network=network,
    )
    ask = say("To ask, write @Mellom and your question here.")
    by_itself = say("I write in private only to those who take part, and they can switch it off.")
    how = f"{ask} {reach.how_to_answer(room.reads, say)}"
    return Card(text=Text.of(f"{who}\n\n{how}\n\n{by_itself}"))


@private.message(gate.OPENING)
def _opening(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    """Once, after five working days, to whom has not written yet."""
    one = invitations.of_private(uow, kept.id)
    if one is None or not (privates.stands(uow, kept.id) or _is_new(kept, uow)):
        return None
    name = kindly.first_name(kept.member, say, uow)
    hello = say("Welcome, {name}.", name=name) if name else say("Welcome.")
    words = say(
        "Many people start by reading, and that is fine. When you feel like it: write what you "
        "work with and one thing you are curious about. I will find someone you can talk to."
    )
    write = Button(asking.ASK, say("Write it"), opens=True)
    just_read = settings.just_read_button(say, kept.network)
    later = Button(kindly.LATER, say("Not now"), str(kept.id))
    others = (later, just_read) if one.outcome in UNHEARD else ()
    return Card(text=Text.of(f"{hello} {words}"), buttons=(write, *others))


def _is_new(kept: Private, uow: UnitOfWork) -> bool:
    """Whether nothing was heard of the member, whose organisation has been informed."""
    member = members.profile(uow, kept.member)
    informed = informing.informed_on(uow, member.organisation)
    if informed is None or informed >= day_of(uow.now):
        return False
    if measuring.asking(uow, kept.network).stopped_at is not None:
        return False
    return member.spoke_at is None and quiet.contributed_at(uow, member.id) is None


@private.message(gate.HOST)
def _host(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    question = _still_open(kept, uow)
    if question is None:
        return None
    words = say(
        "{name} at {organisation} has written in the network for the first time, in the thread of "
        "{thread}. A reply from somebody makes it easier to write again. Would you? A sentence "
        "is enough.",
        **whose(int(kept.facts["newcomer"]), say, uow),
        thread=question_name(question.number, say, question.kind),
    )
    return _greet(question, words, say, uow)


@private.message(gate.GREET)
def _facilitator(kept: Private, say: Speech, uow: UnitOfWork) -> Card | None:
    question = _still_open(kept, uow)
    if question is None:
        return None
    words = say(
        "The first message of {name} at {organisation}, in the thread of {thread}, has no reply "
        "yet. Would you write one, or ask somebody to?",
        **whose(int(kept.facts["newcomer"]), say, uow),
        thread=question_name(question.number, say, question.kind),
    )
    return _greet(question, words, say, uow)


def _still_open(kept: Private, uow: UnitOfWork) -> Line | None:
    """The question in whose thread the newcomer waits; nothing if somebody has replied by now."""
    if greetings.is_answered(uow, int(kept.facts["newcomer"])):
        return None
    question = overviews.question(uow, kept.network, int(kept.facts["thread"]))
    return question if question is not None and question.state != "withdrawn" else None


def _greet(question: Line, words: str, say: Speech, uow: UnitOfWork) -> Card:
    asked = answering.asked(question, say, uow).shortened(WORDS).plain()
    return Card(
        text=Text.of(f"{words}\n\n{say.quoted(asked)}"),
        buttons=(answer_button(question.id, say), reading.button(question.id, say)),
    )
