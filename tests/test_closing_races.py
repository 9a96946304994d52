"""A question that is closed while somebody else closes, opens, answers or deletes it.

The other process strikes at every moment of what this one does: see `interleaving`.
"""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select, update

from bot.features import closing
from bot.incoming import Pressed, Submitted
from storage.models import member, reply, thread
from tests.pairs import Act, Pair, at_every_moment
from tests.pretending import Written

pytestmark = pytest.mark.only_postgresql("two processes at once need PostgreSQL")


class Scene:
    """Asked in Alta, answered twice in Bodø by a facilitator."""

    def __init__(self, pair: Pair) -> None:
        self.network = pair.network(pace=0)
        self.question = self.network.ask("Alta")
        asyncio.run(self.network.rest())
        first = self.network.answer(self.question, "Bodø")
        assert first is not None
        self.network.clock.move(61)
        second = self.network.answer(self.question, "Bodø")
        assert second is not None
        self.answers = [first, second]
        with self.network.begin() as uow:
            uow.connection.execute(update(member).values(role="facilitator"))
            ids = select(thread.c.id).where(thread.c.message == self.question.message)
            self.thread = uow.connection.execute(ids).scalar_one()

    def closes(self, who: Written, picked: Written | None = None) -> Submitted:
        with self.network.begin() as uow:
            ids = select(reply.c.id).where(reply.c.message == (picked or who).message)
            id = uow.connection.execute(ids).scalar_one_or_none() if picked else ""
        return Submitted(
            key=self.network.new_id(),
            at=self.network.clock.now,
            place=self.network.places[who.room],
            person=who.author,
            form=closing.CLOSE,
            subject=str(self.thread),
            values={"answers": str(id)},
        )

    def reopens(self, who: Written) -> Pressed:
        return Pressed(
            key=self.network.new_id(),
            at=self.network.clock.now,
            place=self.network.places[who.room],
            person=who.author,
            action=closing.REOPEN,
            value=str(self.thread),
        )

    def state(self) -> tuple[str, bool, int]:
        """The question's state, whether it is answered, and how many answers helped."""
        with self.network.begin() as uow:
            row = uow.connection.execute(select(thread).where(thread.c.id == self.thread)).one()
            ids = select(reply.c.id).where(
                reply.c.thread == self.thread, reply.c.helped.is_not(None)
            )
            helped = uow.connection.execute(ids).all()
        return row.state, row.answered_at is not None, len(helped)

    def shown(self) -> list[str]:
        """What stands of the question in Bodø, where it is our card."""
        asyncio.run(self.network.rest())
        site = self.network.sites[self.network.key("Bodø")]
        return [one.words for one in site.standing.values() if "Spørsmål" in one.words]


def test_two_who_close_it_at_once_close_it_once_and_both_picks_count(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        asker = scene.closes(scene.question, scene.answers[0])
        other = scene.closes(scene.answers[0], scene.answers[1])
        return lambda: scene.network.take(asker), pair.there_takes(scene.network, other)

    for scene in at_every_moment(pair, Scene, play):
        assert scene.state() == ("open", True, 2)
        [card] = scene.shown()
        assert "Besvart" in card
        assert card.count("Dette hjalp") == 1


def test_closing_and_answering_at_once_both_happen(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        close = scene.closes(scene.question, scene.answers[0])
        late = scene.network.write("Alta", to=scene.question)
        said = scene.network.said(late, scene.question.message)
        return lambda: scene.network.take(close), pair.there_takes(scene.network, said)

    for scene in at_every_moment(pair, Scene, play):
        assert scene.state() == ("open", True, 1)
        scene.shown()
        site = scene.network.sites[scene.network.key("Bodø")]
        assert any(scene.network.written[-1].name in one.words for one in site.standing.values())


def test_what_is_opened_while_another_closes_it_keeps_no_pick_of_an_open_question(
    pair: Pair,
) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        scene.network.take(scene.closes(scene.question, scene.answers[0]))
        again = scene.closes(scene.question, scene.answers[1])
        reopen = scene.reopens(scene.answers[0])
        return lambda: scene.network.take(again), pair.there_takes(scene.network, reopen)

    for scene in at_every_moment(pair, Scene, play):
        state, answered, helped = scene.state()
        assert state == "open"
        assert (helped > 0) == answered
        [card] = scene.shown()
        assert ("Besvart" in card) == answered


def test_what_is_deleted_while_it_is_closed_is_withdrawn(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        network, close = scene.network, scene.closes(scene.question, scene.answers[0])
        there = scene.network.deletion(network.sites[network.key("Alta")], scene.question.message)
        return lambda: network.take(close), pair.there_takes(network, there)

    for scene in at_every_moment(pair, Scene, play):
        assert scene.state()[0] == "withdrawn"
        [card] = scene.shown()
        assert "Trukket tilbake" in card
        assert "Besvart" not in card
