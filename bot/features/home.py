"""Home: what is open for one person, in each of their networks. Nobody else is shown it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.cards import Button, Card, Item, Tell
from bot.drawn import Reader, shown_name
from bot.features import (
    asking,
    charge,
    facilitating,
    joining,
    menu,
    nominated,
    nominating,
    notices,
    pausing,
    prompting,
    reading,
    seminars,
    settings,
    supporting,
    themes,
    voting,
)
from bot.features.presence import Presence, account_of, present_in_each, speech_for
from bot.graphemes import cut
from bot.incoming import Person, Place, Visited
from bot.language import Speech, speak
from bot.text import Text
from storage import UnitOfWork, members, networks, overviews, posts
from storage import notices as stored
from storage import themes as stored_themes
from storage.overviews import Line

OWN, WAITING, LATEST = 5, 5, 10
"""Lines of each list, for somebody in one network; for somebody in several they are shared out."""

NETWORKS = 3
"""Networks that one home has room for."""


def visited(incoming: Visited, uow: UnitOfWork) -> Tell:
    """Somebody opened their home."""
    return Tell(overview(incoming.person, incoming.place, uow))


def overview(person: Person, place: Place, uow: UnitOfWork) -> Card:
    """What is open for this person, in every network that they are in."""
    here = present_in_each(person, place, uow)[:NETWORKS]
    if not here:
        account = account_of(person, place, uow)
        return joining.not_joined(speech_for(account, place, uow))
    if len(here) == 1:
        return _card(here[0].network, here[0].member, here[0].organisation, here[0].say, uow)
    return _of_several(here, uow)


def tell(uow: UnitOfWork, who: Presence, conversation: int, *, alone: bool) -> None:
    """Show it in a direct message; `alone`: it is this person's only network."""
    overviews.outdate(uow, who.network, who.member)
    facts = {"member": str(who.member), "organisation": str(who.organisation)}
    facts |= {"alone": "yes"} if alone else {}
    made = stored.keep(uow, overviews.CARD, network=who.network, facts=facts)
    posts.show(uow, overviews.CARD, made, [conversation], network=who.network, doubt="park")


def card(subject: int, reader: Reader, uow: UnitOfWork) -> Card:
    """As it stands in a direct message, until it is told again further down."""
    network, name, facts = stored.find_in(uow, subject)
    if name != overviews.CARD or network is None:
        return notices.card(subject, reader, uow)
    member, organisation = int(facts["member"]), int(facts["organisation"])
    alone = "alone" in facts
    drawn = _card(network, member, organisation, speak(reader.language), uow, alone=alone)
    buttons = [item.button for item in drawn.items if item.button is not None]
    named = {int(button.value) for button in buttons if button.action == reading.READ}
    overviews.note_shown(uow, subject, facts, named)
    return drawn


def _card(
    network: int,
    member: int,
    organisation: int,
    say: Speech,
    uow: UnitOfWork,
    *,
    alone: bool = True,
) -> Card:
    items = _items(network, member, organisation, (OWN, WAITING, LATEST), say, uow)
    runs_it = facilitating.at_home(network, say, uow) if charge.runs(member, uow) else ()
    return Card(
        title=shown_name(networks.network_name(uow, network)),
        byline=shown_name(networks.organisation_name(uow, organisation)),
        text=Text.of(_how(network, say, uow, alone=alone)),
        items=(*runs_it, *items),
        facts=_facts(network, member, say, uow),
        buttons=_buttons(network, say, alone=alone),
    )


def _how(network: int, say: Speech, uow: UnitOfWork, *, alone: bool) -> str:
    """What one can do; above it, that the network is paused."""
    how = menu.how(say) if alone else joining.where_to_ask(say)
    pause = networks.paused(uow, network)
    return f"{pausing.words(pause, say, uow)}\n\n{how}" if pause else how


def _of_several(here: Sequence[Presence], uow: UnitOfWork) -> Card:
    say = here[0].say
    few = 9 // len(here)
    items: list[Item] = []
    for who in here:
        name = shown_name(networks.network_name(uow, who.network))
        items.append(Item(name, heading=True))
        items += _items(
            who.network, who.member, who.organisation, (few - 1, few - 1, few), say, uow
        )
    return Card(
        title="Mellom",
        text=Text.of(joining.where_to_ask(say)),
        items=tuple(items),
        buttons=tuple(_networks_run(here, say, uow)),
    )


def _networks_run(here: Sequence[Presence], say: Speech, uow: UnitOfWork) -> Iterator[Button]:
    """The way to each network that the person runs."""
    for who in here:
        if charge.runs(who.member, uow):
            name = shown_name(networks.network_name(uow, who.network))
            label = say("The network {network}", network=name)
            yield replace(charge.button(say, who.network), label=cut(label, 75))


def _items(
    network: int,
    member: int,
    organisation: int,
    most: tuple[int, int, int],
    say: Speech,
    uow: UnitOfWork,
) -> Iterator[Item]:
    """What waits for the member's vote, and three lists; a question stands in one of them only."""
    own = overviews.open_of(uow, network, member, most[0])
    waiting = overviews.unanswered(uow, network, organisation, most[1])
    above = {line.id for line in (*own, *waiting)}
    newest = overviews.latest(uow, network, most[2] + len(above))
    others = [line for line in newest if line.id not in above][: most[2]]
    yield from voting.needed(network, member, say, uow)
    yield Item(say("My open questions"), heading=True)
    yield from [_own(line, say, uow) for line in own] or [
        Item(say("You have no open question now."))
    ]
    yield from nominated.at_home(network, member, say, uow)
    yield from supporting.at_home(network, member, say, uow)
    yield from _of_the_week(network, say, uow)
    yield Item(say("Waiting for an answer"), heading=True)
    yield from [reading.item(line, say, uow) for line in waiting] or [
        Item(say("Every question from the others has had an answer."))
    ]
    if others or not above:
        yield Item(say("In the network"), heading=True)
        yield from [reading.item(line, say, uow) for line in others] or [
            Item(say("Nothing is open in the network now. A small question is a good start."))
        ]


def _of_the_week(network: int, say: Speech, uow: UnitOfWork) -> Iterator[Item]:
    """The question of the week, until the next one comes."""
    line = prompting.current(network, uow)
    if line is not None:
        words = " ".join(prompting.reads(line.id, say, uow).split())
        yield Item(say("Question of the week"), heading=True)
        yield Item(
            cut(words, 300), reading.answers(line.answers, say), reading.button(line.id, say)
        )


def _own(line: Line, say: Speech, uow: UnitOfWork) -> Item:
    """One knows who asked it."""
    note = reading.answers(line.answers, say)
    return Item(reading.first_words(line, uow), note, reading.button(line.id, say))


def _facts(network: int, member: int, say: Speech, uow: UnitOfWork) -> tuple[tuple[str, str], ...]:
    """When the network meets next, and the themes that the member has chosen."""
    chosen = set(members.themes_of(uow, member))
    named = [
        themes.name(one, say) for one in stored_themes.current(uow, network) if one.id in chosen
    ]
    own = ((say("My themes"), cut(", ".join(named), 800)),) if named else ()
    return (*seminars.facts(network, say, uow), *own)


def _buttons(network: int, say: Speech, *, alone: bool) -> tuple[Button, ...]:
    """Where a question is for can be told only for somebody in one network."""
    ask = Button(asking.ASK, say("Ask a question"), style="primary", opens=True)
    asking_ = (ask, nominating.button(say)) if alone else (nominating.button(say),)
    return (*asking_, settings.button(say, str(network)))
