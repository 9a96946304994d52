"""Whatever a client names in a button or a form: a member of one network reads, changes and names
nothing of another. Every action and form that there is, is tried with every id of the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from adapters.playground.village import Town
from bot import dispatch
from bot.features import joining, polling
from bot.incoming import Person as Author
from bot.incoming import Place, Pressed, Submitted
from storage import networks, nominations, polls
from tests.conversation import Person, SlackPerson, SlackRoom, World

SORREISA = Town("Sørreisa kommune", "slack", "no", "nb", ("Truls Vold",))
OF_NORD = ("tavlemøtene", "hvorfor", "Kari Nilsen", "Jens Holm", "Alta kommune", "Aarhus Kommune")
SEVERAL = "Du er med i flere nettverk"
"""Nor is he told what he is not."""

TABLES = (
    *("thread", "reply", "member", "room", "theme", "incident", "greeting", "muted"),
    *("member_theme", "account", "organisation", "network", "private", "membership", "code"),
    *("poll", "option", "ballot", "nomination", "invitation", "step", "attempt"),
)


@pytest.fixture
def truls(world: World, kari: Person, jens: Person) -> SlackPerson:
    """In a network of his own, beside one with a question, an answer and a poll in it."""
    with world.village.mellom.writers.begin() as uow:
        listed = [nominations.from_bank(uow, 1, key, None) for key in ("P01", "P02", "P03")]
        closes = uow.now + timedelta(days=6)
        planned = polls.plan(
            uow, 1, date(2027, 1, 1), opens_at=uow.now, closes_at=closes, nominations=listed
        )
        polling.open_(polls.find(uow, 1, planned), uow)  # type: ignore[arg-type]
    world.change("UPDATE member SET joined_at = '2026-10-01', welcomed_at = '2026-10-01'")
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    world.later(minutes=11)
    jens.replies("Vi spørger hvorfor.", under="tavlemøtene")
    room = world.opens(SORREISA)
    assert isinstance(room, SlackRoom)
    person = room.person("Truls Vold")
    assert isinstance(person, SlackPerson)
    with world.village.mellom.writers.begin() as uow:
        sor = networks.create_network(uow, "Sør", "nb")
        organisation = networks.add_organisation(
            uow, network=sor, name=SORREISA.name, country="no", language="nb"
        )
        code = joining.keep_code(uow, network=sor, organisation=organisation, role=None)
    person.says(f"@Mellom join {code}")
    person.presses("Bekreft og koble til", on="Mellom for Sør")
    person.asks("Hvem er med her i Sør?")
    return person


def rows_of_nord(world: World, sor: int) -> dict[str, list[Any]]:
    """Everything that is not the other network's, as it stands."""
    with world.village.mellom.writers.begin() as uow:
        his = text("SELECT id FROM member WHERE network = :n")
        members = set(uow.connection.execute(his, {"n": sor}).scalars())
        kept = {}
        for table in TABLES:
            found = uow.connection.execute(text(f"SELECT * FROM {table}")).mappings()  # noqa: S608
            kept[table] = [
                dict(row)
                for row in found
                if row.get("network", 0) != sor and row.get("member", 0) not in members
            ]
        return kept


def named() -> list[str]:
    """Every way to name something of the first network, whose ids are small."""
    ids = [str(id) for id in range(1, 3)]
    kinds = ("question", "answer", "welcome", "hello", "listing", "host", "greet")
    pairs = [f"{kind}:{id}" for kind in kinds for id in ids]
    return [*ids, *pairs, *(f"{pair}:da" for pair in pairs[::2]), "1:2", ""]


def places(world: World, truls: SlackPerson) -> Iterator[Place]:
    """His own channel, and his direct messages."""
    workspace = truls.user.workspace
    installation = world.count(
        f"SELECT id FROM installation WHERE tenant = '{workspace.team_id}'"  # noqa: S608
    )
    assert isinstance(truls.room, SlackRoom)
    yield Place(installation, truls.room.channel.id)
    yield Place(installation, workspace.dm(truls.user).id, direct=True)


def test_no_id_of_another_network_reads_changes_or_names_anything(
    world: World, truls: SlackPerson
) -> None:
    sor = world.count("SELECT id FROM network WHERE name = 'Sør'")
    before = rows_of_nord(world, sor)
    assert len(before["invitation"]) == 2
    him = Author("slack", truls.user.workspace.team_id, truls.user.id, address=truls.user.id)
    values = named()
    begin = world.village.mellom.writers.begin
    seen, number = [], 0
    for place in places(world, truls):
        for action in dispatch._PRESSED:
            for value in values:
                number += 1
                at = {"key": f"forged {number}", "at": world.clock(), "place": place}
                pressed = Pressed(person=him, action=action, value=value, **at)  # type: ignore[arg-type]
                seen.append((action, value, dispatch.receive(pressed, begin)))
        for form in dispatch._SUBMITTED:
            for value in values:
                number += 1
                at = {"key": f"forged {number}", "at": world.clock(), "place": place}
                fields = dict.fromkeys(("answers", "theme", "themes", "organisation"), value)
                fields |= {"choices": "1", "member": value, "outcome": "tried"}
                fields["text"] = "Rådgiveren for læring"
                submitted = Submitted(person=him, form=form, subject=value, values=fields, **at)  # type: ignore[arg-type]
                seen.append((form, value, dispatch.receive(submitted, begin)))
    assert number > 1000
    for name, value, answer in seen:
        told = "" if answer is None else json.dumps(asdict(answer), ensure_ascii=False, default=str)
        assert not any(words in told for words in (*OF_NORD, SEVERAL)), (name, value, told)
    after = rows_of_nord(world, sor)
    assert {table: rows for table, rows in after.items() if rows != before[table]} == {}
