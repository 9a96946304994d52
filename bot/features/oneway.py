"""One way: what a channel is told from which nothing reaches us, through an incoming webhook.

What is sent there can be neither edited nor taken away, so nobody's name and nothing of what people
write is in it. Only what begins a thread is told; what comes under it, and every change, is not.
A kind of post that is to be told there has its own card, made with `note`, and a line in
`drawing.ONE_WAY`.
"""

from __future__ import annotations

from datetime import datetime

from bot.cards import Card, Item
from bot.drawn import Reader, question_title, shown_name, when
from bot.features import consent, listing, outcomes, pausing, prompting, themes
from bot.language import Speech, speak
from bot.text import Text
from storage import (
    UnitOfWork,
    confirmations,
    listings,
    networks,
    notices,
    polls,
    posts,
    prompts,
    rooms,
    threads,
)

Facts = tuple[tuple[str, str], ...]


def connect(
    uow: UnitOfWork,
    *,
    network: int,
    organisation: int,
    installation: int,
    key: str,
    confirmed_as: str,
    answer_to: str,
) -> int:
    """Tie a channel that is told what there is, and show it what it agreed to; the room's id."""
    language = networks.organisation_language(uow, organisation)
    conversation = rooms.keep_conversation(
        uow, installation=installation, key=key, language=language, address={}
    )
    room = rooms.tie_one_way(
        uow,
        network=network,
        organisation=organisation,
        conversation_id=conversation,
        consent=consent.ONE_WAY,
        confirmed_as=confirmed_as,
        answer_to=answer_to,
    )
    posts.show(uow, "welcome", room, [conversation], network=network)
    if pause := networks.paused(uow, network):
        pausing.note(network, [conversation], {"begin": pause.at.isoformat()}, uow)
    return room


def question(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """That something was asked. Nothing where it was withdrawn before it could be told."""
    asked = threads.question(uow, subject)
    if asked.state == "withdrawn":
        return None
    say = speak(reader.language)
    title = say("Question Q-{number}", number=str(asked.number))
    chosen = outcomes.of_question(asked, uow)
    return note(
        outcomes.title(title, say) if chosen else title,
        asked.organisation_name,
        reader,
        say,
        facts=(*themes.facts(uow, subject, say), _open(asked.network, say, uow)),
    )


def prompt(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """The question of the week: in words where it is one of the bank, since what whoever runs the
    network has written could not be changed there any more."""
    one = prompts.of_thread(uow, subject)
    if one is None or one.state == "withdrawn":
        return None
    say = speak(reader.language)
    words = prompting.words_of(one, reader.language, say) if prompting.is_of_bank(one) else ""
    return Card(
        title=question_title(None, say),
        text=Text.of(words),
        facts=_how_to_answer(reader, say),
        note=_for_good(say),
    )


def poll(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """That the network chooses. What it chooses from are members' words, which stay elsewhere."""
    one = polls.of_thread(uow, subject)
    if one is None or one.state != polls.OPEN:
        return None
    say = speak(reader.language)
    words = say(
        "The network chooses the problem that it works on together. The poll is open until {when}.",
        when=when(one.closes_at, say, uow.now),
    )
    return Card(
        title=question_title(None, say, polls.KIND),
        text=Text.of(words),
        facts=_how_to_answer(reader, say),
        note=_for_good(say),
    )


def result(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """What the network has chosen: in words where all that could be chosen is the bank's."""
    one = polls.of_thread(uow, subject)
    if one is None or one.winner is None:
        return None
    say = speak(reader.language)
    words = say("The network has chosen its problem of the month.")
    if outcomes.is_of_bank(one, uow):
        words = outcomes.outcome(one, say, uow)
    return Card(
        title=say("Problem of the month"),
        text=Text.of(words),
        facts=_how_to_answer(reader, say),
        note=_for_good(say),
    )


def welcome(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """The channel's first note: what it gets, and who confirmed that."""
    room, confirmed = rooms.room_by_id(uow, subject), confirmations.of_room(uow, subject)
    if room is None or room.state == "ended" or confirmed is None:
        return None
    say = speak(reader.language)
    network = shown_name(networks.network_name(uow, room.network))
    organisation = shown_name(room.organisation_name)
    return Card(
        title=say("Mellom for {network}", network=network),
        byline=say("The channel of {organisation}", organisation=organisation),
        text=Text(consent.blocks(consent.ONE_WAY, say)),
        facts=_how_to_answer(reader, say),
        note=consent.story(confirmed, say, uow),
    )


def paused(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """That the network is paused, while it is, or that it is no more. Nobody is named."""
    network, name, facts = notices.find_in(uow, subject)
    if name != notices.NOTED or network is None:
        return None  # It is for the other channels, where it changes.
    say, begin = speak(reader.language), datetime.fromisoformat(facts["begin"])
    if "end" in facts:
        words = pausing.over(begin, datetime.fromisoformat(facts["end"]), say, uow)
    elif networks.paused(uow, network) is None:
        return None
    else:
        words = say(
            "I have been paused since {when}. I write nothing by myself while the pause lasts. "
            "Whatever is asked is still told here.",
            when=when(begin, say, uow.now),
        )
    return Card(text=Text.of(words), facts=_how_to_answer(reader, say), note=_for_good(say))


def missed(subject: int, reader: Reader, uow: UnitOfWork) -> Card | None:
    """One note in place of many that could not be sent."""
    say, told = speak(reader.language), listings.find(uow, subject)
    lines = [line.thread for line in listings.lines(uow, subject, listing.SHOWN)]
    asked = [one for one in (threads.question(uow, id) for id in lines) if one.state == "open"]
    if not asked:
        return None
    questions = say.many("{count} question", "{count} questions", told.questions)
    return Card(
        title=say("What came meanwhile"),
        text=Text.of(say("While this channel could not be reached: {missed}.", missed=questions)),
        items=tuple(Item(f"Q-{one.number} · {shown_name(one.organisation_name)}") for one in asked),
        facts=(_open(asked[0].network, say, uow), *_how_to_answer(reader, say)),
        note=_for_good(say),
    )


def note(title: str, organisation: str, reader: Reader, say: Speech, *, facts: Facts = ()) -> Card:
    """What is told of anything: its number, whose it is, and how to answer."""
    return Card(
        title=title,
        byline=say("From {organisation}", organisation=shown_name(organisation)),
        facts=(*facts, *_how_to_answer(reader, say)),
        note=_for_good(say),
    )


def _open(network: int, say: Speech, uow: UnitOfWork) -> tuple[str, str]:
    return say("Open questions"), say.number(threads.count_open(uow, network))


def _how_to_answer(reader: Reader, say: Speech) -> Facts:
    return ((say("To read or answer"), reader.answer_to),) if reader.answer_to else ()


def _for_good(say: Speech) -> str:
    return say(
        "This channel only gets notes. What people write stays in the network's other channels. "
        "A note cannot be changed or taken back later."
    )
