"""What whoever asked, and whoever answered, is told in private."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import text

from bot.cards import Form
from bot.features import answering, gate, naming, seeking, stuck, trying
from bot.features.asking import Draft
from bot.features.gate import Kind
from bot.features.presence import present
from bot.incoming import Person, Place
from bot.language import Speech
from bot.text import Text
from storage import UnitOfWork, attempts, closing, privates, threads

PRIVATES = {
    kind.name
    for kind in (
        gate.FIRST_ANSWER,
        gate.ANSWERS,
        gate.HELPED,
        gate.THANKS,
        gate.TRIED,
        gate.BACK,
    )
}
OLA = Person("slack", "T0ALTA", "U0OLA", name="Ola Berg", language="nb")
LISE = Person("slack", "T0ALTA", "U0LISE", name="Lise Moen", language="nb")


def posts(
    uow: UnitOfWork, place: Place, asker: int, asked: list[int], now: datetime
) -> Iterator[tuple[str, int]]:
    """These questions of one member are answered by another one, and a third one was away."""
    ola, lise = present(OLA, place, uow), present(LISE, place, uow)
    assert ola is not None
    assert lise is not None
    uow.connection.execute(text("UPDATE member SET joined_at = '2026-01-01'"))
    for to in [threads.standing(uow, thread) for thread in asked]:
        assert to is not None
        answering.answer(uow, ola, to, Text.of(f"Vårt svar på nummer {to.thread}."))
    answers = {one.id: one.thread for id in asked for one in closing.latest_answers(uow, id)}
    facts = {f"answer {id}": str(thread) for id, thread in answers.items()}
    first = {name: thread for name, thread in facts.items() if thread == str(asked[0])}

    def kept(kind: Kind, member: int, facts: Mapping[str, str], of: Iterable[int] = ()) -> int:
        made = privates.keep(uow, network=ola.network, member=member, kind=kind.name, facts=facts)
        privates.tells_of(uow, made.id, of)
        return made.id

    yield privates.KIND, kept(gate.FIRST_ANSWER, asker, first)
    yield privates.KIND, kept(gate.ANSWERS, asker, facts)
    about = {"thread": str(asked[0])}
    yield privates.KIND, kept(gate.HELPED, asker, about)
    for thread in asked:
        closing.close(uow, thread, by=asker)
        closing.mark_helped(uow, thread, answers)
    for some in (asked[:1], asked):
        yield privates.KIND, kept(gate.THANKS, ola.member, {}, some)
    attempts.begin(uow, asked[0], asker)
    tried = kept(gate.TRIED, asker, about)
    yield privates.KIND, tried
    told = attempts.find(uow, asked[0], asker)
    assert told is not None
    attempts.tell(uow, told, "adapted", "")
    yield privates.KIND, tried
    days = {"since": str(now.date() - timedelta(days=7)), "until": str(now.date())}
    uow.connection.execute(text("UPDATE member SET away_until = :until"), {"until": now.date()})
    yield privates.KIND, kept(gate.BACK, lise.member, days | {"until": days["until"]})
    for thread in asked:
        closing.reopen(uow, thread)
        closing.forget_helped(uow, thread)


def _trying_forms(say: Speech) -> Iterator[Form]:
    yield trying.form(1, "", "", say)
    number = answering.number_in_form(say)
    yield trying.form(1, "adapted", "Vi gjør det hver fredag.", say, in_words=number)


def _naming_forms(say: Speech) -> Iterator[Form]:
    asked = Text.of("Hvordan får dere liv i tavlemøtene?")
    colleagues = (("1", "Ola Berg"), ("2", "Lise Moen"))
    yield naming.form("1", colleagues, "Alta kommune", say, to=asked)
    number = answering.number_in_form(say)
    yield naming.form("1", (), "Alta kommune", say, "Lederen der", number, to=asked)


def _rephrasing_forms(say: Speech) -> Iterator[Form]:
    draft = Draft("Hva gjør dere i det tredje tavlemøtet?", "Vi har møttes siden september.")
    yield stuck.rephrasing("1:1", draft, say)
    problems = {"question": answering.number_in_form(say)}
    yield stuck.rephrasing("1:1", draft, say, problems)


def _outside_forms(say: Speech) -> Iterator[Form]:
    yield stuck.outside("1:1", Text.of("Hvordan får dere liv i tavlemøtene? " * 60), say)


FORMS = {
    trying.TELL: _trying_forms,
    seeking.NAME: _naming_forms,
    stuck.REPHRASE: _rephrasing_forms,
    stuck.OUTSIDE: _outside_forms,
}
