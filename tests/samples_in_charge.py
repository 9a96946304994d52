"""What whoever runs a network is shown, at its longest or as it is on an ordinary day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import update

from bot import bank
from bot.cards import Form
from bot.features import (
    answering,
    appointing,
    curating,
    drafting,
    facilitating,
    home,
    pausing,
    prompting,
    queueing,
    replacing,
    seminars,
    sparing,
    steering,
    weeks,
    workshop,
)
from bot.features.appointing import Chosen
from bot.features.presence import Presence, present
from bot.features.weeks import Week
from bot.incoming import Person, Place
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, networks, notices, overviews, people, prompts, rooms
from storage import posts as stored
from storage.facilitating import Who
from storage.models import copy, room
from storage.prompts import Prompt
from storage.seminars import Seminar
from storage.themes import KEYS, Theme

MONDAY = date(2027, 1, 25)
NEIGHBOURS = (
    "Aarhus Kommune",
    "Bodø kommune",
    "Hamar kommune",
    "Randers Kommune",
    "Tromsø kommune",
)
OWN = {"nb": "Hvem skrev sist på tavla hos dere?", "da": "Hvem skrev sidst på tavlen hos jer?"}
THEMES = (
    *(Theme(n, key, None) for n, key in enumerate(KEYS)),
    Theme(20, None, "Sykefravær og nærvær"),
    Theme(21, None, "x" * curating.LONGEST, True),
)


def _member_forms(say: Speech, organisation: str) -> Iterator[Form]:
    yield appointing.choosing(1, [_jens(organisation)] * appointing.LISTED, say)
    yield appointing.searching(1, say)
    yield appointing.searching(1, say, "jens", answering.number_in_form(say))


def _person_forms(say: Speech, organisation: str) -> Iterator[Form]:
    jens = _jens(organisation)
    yield appointing.form(1, jens, Chosen.of(jens), say)
    yield appointing.form(1, jens, Chosen.of(jens), say, may_appoint=False)
    leads, problem = replace(jens, role="facilitator"), appointing.last_one(say)
    yield appointing.form(1, leads, Chosen("member", None, False), say, problem)


def _jens(organisation: str) -> Who:
    return Who(1, "Jens Holm", 1, organisation, "coordinator", 1, True, None, None)


def _themes_forms(say: Speech, _organisation: str) -> Iterator[Form]:
    yield curating.choosing(1, THEMES, say)


def _theme_forms(say: Speech, _organisation: str) -> Iterator[Form]:
    yield from (curating.editing(1, theme, say) for theme in (None, THEMES[5], THEMES[-1]))
    typed = "sykefravær og NÆRVÆR"
    yield curating.editing(1, None, say, typed, curating.refusal(typed, THEMES, None, say))


def _seminars_forms(say: Speech, organisation: str) -> Iterator[Form]:
    yield seminars.choosing_form(1, [_seminar(organisation)], say)
    yield seminars.choosing_form(1, [_seminar(organisation)], say, say("Choose a seminar."))


def _seminar_forms(say: Speech, organisation: str) -> Iterator[Form]:
    known, hosts = _seminar(organisation), (("1", organisation[:75]),)
    yield seminars.form(1, known, seminars.Draft.of(known), hosts, say)
    wrong = seminars.Draft("", "2027-02-10", "2027-02-09")
    found = seminars.problems(wrong, hosts, [], MONDAY, say)
    yield seminars.form(1, None, wrong, hosts, say, found)


def _seminar(organisation: str) -> Seminar:
    return Seminar(1, 1, 1, organisation, date(2027, 5, 12), date(2027, 5, 13))


def _pause_forms(say: Speech, _organisation: str) -> Iterator[Form]:
    yield pausing.form(pausing.PAUSE, 1, say)


def _resume_forms(say: Speech, _organisation: str) -> Iterator[Form]:
    yield pausing.form(pausing.RESUME, 1, say)


def _replacing_forms(say: Speech, _organisation: str) -> Iterator[Form]:
    week = Week(MONDAY, "ahead", MONDAY + timedelta(days=1), None)
    offered = list(bank.prompts().values())[: replacing.OWN + replacing.OFFERED]
    yield replacing.form(1, week, offered[:5], say)
    yield replacing.form(1, week, offered, say, say("Choose a question."))
    yield weeks.form(list(_weeks()), say)
    yield weeks.form(list(_weeks()), say, paused=True)


def _bank_forms(say: Speech, _organisation: str) -> Iterator[Form]:
    every = bank.prompts().items()
    offered = {key: one for key, one in every if not workshop.asks_about_it(one)}
    yield queueing.bank_form(1, offered, say)
    problems = {"prompt": say("This question waits already."), "day": say("Choose a day.")}
    values = {"prompt": "A01", "day": "2027-01-26"}
    yield queueing.bank_form(1, offered, say, values, problems)


def _writing_forms(say: Speech, _organisation: str) -> Iterator[Form]:
    own = Prompt(1, 1, None, bank.MODEL, OWN, "waiting", 1, None, None, True)
    yield drafting.form(1, None, drafting.Draft({}), say)
    draft = drafting.Draft(OWN, place="2", day="2027-02-02")
    yield drafting.form(1, own, draft, say, places=drafting.PLACES)
    wrong = drafting.Draft({"nb": "x" * 3000, "da": bank.PROBLEM}, "", "ready", "1", "2027-03-23")
    yield drafting.form(1, own, wrong, say, drafting.problems(wrong, ["nn"], say), places=3)
    asked = replace(own, state="asked", thread=1)
    yield drafting.form(1, asked, drafting.Draft.as_it_is(asked, ""), say)


def _sparing_forms(say: Speech, organisation: str) -> Iterator[Form]:
    on = tuple((str(id), organisation[:75]) for id in range(1, 16))
    yield sparing.form("1", on, say)
    yield sparing.form("1", on, say, say("Choose an organisation."))


def _weeks() -> Iterator[Week]:
    offered = list(bank.prompts().values())
    for number in range(weeks.LISTED):
        at = MONDAY + timedelta(weeks=number)
        reason = {3: "facilitator", 5: "holy-week", 20: "used-up"}.get(number)
        if reason:
            yield Week(at, "silent", None, reason)
        else:
            moved = "may-day" if number == 8 else None
            yield Week(at, "ahead", at + timedelta(days=1), moved, offered[number])


FORMS: dict[str, Callable[[Speech, str], Iterator[Form]]] = {
    appointing.PEOPLE: _member_forms,
    appointing.PERSON: _person_forms,
    curating.THEMES: _themes_forms,
    curating.THEME: _theme_forms,
    seminars.LIST: _seminars_forms,
    seminars.EDIT: _seminar_forms,
    pausing.PAUSE: _pause_forms,
    pausing.RESUME: _resume_forms,
    steering.CHANGE: _replacing_forms,
    queueing.BANK: _bank_forms,
    drafting.WRITE: _writing_forms,
    sparing.OFF: _sparing_forms,
}


def posts(
    uow: UnitOfWork, network: int, person: Person, neighbours: Sequence[str], now: datetime
) -> Iterator[tuple[str, int]]:
    """The card and the home, with a channel in each state; then a pause."""
    who = present(person, Place(1, "D0KARI", direct=True), uow)
    assert who is not None
    people.give_role(uow, who.member, "facilitator")
    yield overviews.NETWORK, _network(uow, who)
    for name, state in zip(neighbours, _states(now), strict=True):
        _neighbour(uow, network, name, state)
    yield overviews.NETWORK, _network(uow, who)
    yield overviews.CARD, _home(uow, who)
    yield from _prompts(uow, network)
    networks.pause(uow, network, by=who.member)
    pausing.tell_the_rooms(network, who.member, uow)
    told = notices.newest(uow, notices.PAUSED, network) or 0
    yield from ((pausing.KIND, told), (overviews.NETWORK, _network(uow, who)))
    yield pausing.KIND, _noted(uow, who, told)
    pausing.resume(network, uow)
    yield from ((pausing.KIND, told), (pausing.KIND, _noted(uow, who, told)))


def _noted(uow: UnitOfWork, who: Presence, told: int) -> int:
    """The same, where it can be told and not be changed."""
    pausing.note(who.network, [who.conversation], notices.find(uow, told)[1], uow)
    return notices.newest(uow, notices.NOTED, who.network) or 0


def _prompts(uow: UnitOfWork, network: int) -> Iterator[tuple[str, int]]:
    """Asked; edited, while whoever runs the network is away; withdrawn."""
    one = prompting.plan(network, MONDAY, uow)
    assert one is not None
    thread = prompts.asked(uow, one, Text.of("Fortell.").dump(), alone=True)
    stored.show(uow, prompting.KIND, thread, [], network=network)
    yield prompting.KIND, thread
    asked = prompts.of_thread(uow, thread)
    assert asked is not None
    prompts.edit(uow, asked, Text.of("Fortell nå.").dump())
    yield prompting.KIND, thread
    prompts.withdraw(uow, asked)
    yield prompting.KIND, thread
    for state, week in (("waiting", None), ("draft", None), ("planned", date(2027, 3, 1))):
        prompts.keep(uow, network, theme=bank.GEMBA, words=OWN, state=state, week=week)


def _states(now: datetime) -> Iterator[dict[str, object]]:
    yield {"trouble": "not_in_channel", "trouble_at": now - timedelta(hours=2)}
    yield {"state": "pending"}
    yield {"reads": "mentions"}
    yield {"reads": "none"}
    yield {}


def _neighbour(uow: UnitOfWork, network: int, name: str, state: dict[str, object]) -> None:
    """A channel that stands like this; one of which nothing is said is behind."""
    made = networks.add_organisation(uow, network=network, name=name, country="no", language="nb")
    there = rooms.keep_conversation(uow, installation=1, key=name, language="nb", address={})
    tied = rooms.tie(uow, network=network, organisation=made, conversation_id=there, language="nb")
    values = {"state": "active", **state}
    uow.connection.execute(update(room).where(room.c.id == tied).values(**values))
    if not state:
        stored.show(uow, "hello", tied, [there], network=network)
        late = uow.real - timedelta(minutes=9)
        waits = update(copy).where(copy.c.conversation == there)
        uow.connection.execute(waits.values(due_at=late, wanted_at=late))


def _network(uow: UnitOfWork, who: Presence) -> int:
    facilitating.tell(uow, who, who.conversation)
    return notices.newest(uow, overviews.NETWORK, who.network) or 0


def _home(uow: UnitOfWork, who: Presence) -> int:
    home.tell(uow, who, who.conversation, alone=True)
    return notices.newest(uow, overviews.CARD, who.network) or 0
