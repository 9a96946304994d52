"""Searching: what was asked and answered before, by words, for members of the network."""

from __future__ import annotations

from collections.abc import Sequence

from bot import finding
from bot.cards import Answer, Button, Card, Form, Input, Open, Tell
from bot.drawn import Reader
from bot.features import answering, asking, found, joining, notices
from bot.features.presence import Presence, present
from bot.finding import Hit
from bot.incoming import Pressed, Submitted
from bot.language import Speech, speak
from bot.text import Text
from storage import UnitOfWork, posts, searching
from storage import notices as stored

SEARCH = "search"
FOUND = searching.CARD

LONGEST = 200
"""Characters that may be searched for at once."""


def card_for(who: Presence, words: Text, uow: UnitOfWork) -> Card:
    """The answer to a search, at once."""
    typed = words.plain()
    if not finding.terms(typed):
        return _empty(who.say, {})
    return _list(finding.find(uow, who.network, typed), who.say, uow)


def tell(
    uow: UnitOfWork,
    who: Presence,
    words: Text,
    conversation: int,
    *,
    under: str | None = None,
    private: bool = False,
) -> None:
    """Show in a conversation what was found. Which threads is kept, not what was searched for."""
    typed = words.plain()
    if not finding.terms(typed):
        empty = "search-empty"
        notices.tell(uow, empty, conversation, network=who.network, under=under, private=private)
        return
    hits = finding.find(uow, who.network, typed)
    listed = ",".join(f"{hit.thread}:{hit.reply.id if hit.reply else ''}" for hit in hits)
    facts = {"network": str(who.network), "found": listed}
    made = stored.keep(uow, FOUND, network=who.network, facts=facts)
    posts.show(
        uow,
        FOUND,
        made,
        [conversation],
        network=who.network,
        under=under,
        doubt="park" if private else "resend",
    )


def card(subject: int, reader: Reader, uow: UnitOfWork) -> Card:
    """What was found, as it stands now."""
    _, facts = stored.find(uow, subject)
    listed = [pair.split(":") for pair in facts["found"].split(",") if pair]
    told = [(int(thread), int(reply) if reply else None) for thread, reply in listed]
    hits = finding.again(uow, int(facts["network"]), told)
    return _list(hits, speak(reader.language), uow)


def button(say: Speech) -> Button:
    return Button(SEARCH, say("Search", context="button"), opens=True)


def form(say: Speech, value: str = "", problem: str = "") -> Form:
    return Form(
        name=SEARCH,
        title=say("Search", context="button"),
        submit=say("Search", context="button"),
        cancel=say("Cancel"),
        done=say("Close"),
        inputs=(
            Input(
                name="words",
                label=say("Words"),
                hint=say("Norwegian and Danish spellings find each other."),
                value=value,
                problem=problem,
                max_length=LONGEST,
            ),
        ),
    )


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = present(incoming.person, incoming.place, uow)
    return joining.stranger(incoming, uow) if who is None else Open(form(who.say))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    who = present(incoming.person, incoming.place, uow)
    if who is None:
        return joining.stranger(incoming, uow)
    words = incoming.values.get("words", "")
    if incoming.suspicions:
        return Open(form(who.say, words, answering.number_in_form(who.say)))
    if not finding.terms(words):
        return Open(form(who.say, words, nothing_typed(who.say)))
    return Tell(card_for(who, Text.of(words), uow))


def nothing_typed(say: Speech) -> str:
    return say("Write one or more words to search for, for example a theme or a method.")


@notices.notice("search-empty")
def _empty(say: Speech, _facts: notices.Facts) -> Card:
    return Card(text=Text.of(nothing_typed(say)), buttons=(button(say),))


def _list(hits: Sequence[Hit], say: Speech, uow: UnitOfWork) -> Card:
    if not hits:
        return _nothing(say)
    return Card(
        text=Text.of(_how_many(len(hits), say)),
        items=tuple(found.item(hit, say, uow) for hit in hits),
        buttons=(button(say),),
    )


def _how_many(count: int, say: Speech) -> str:
    if count == finding.MOST:
        return say("These {count} fit best. One more word makes the list shorter.", count=count)
    return say.many("{count} question found.", "{count} questions found.", count)


def _nothing(say: Speech) -> Card:
    return Card(
        text=Text.of(
            say(
                "Nothing was found. Fewer or shorter words find more. "
                "Or ask the network: somebody may know."
            )
        ),
        buttons=(
            Button(asking.ASK, say("Ask a question"), style="primary", opens=True),
            button(say),
        ),
    )
