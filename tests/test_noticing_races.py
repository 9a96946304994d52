"""Whoever asked is told of an answer once, whoever else works or writes at the same moment.

The other process strikes at every moment of what this one does: see `interleaving`.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from bot import following
from bot.features import gate, private
from storage import UnitOfWork, noticing, privates
from storage.models import member, thread
from storage.models import private as table
from storage.steps import Step
from tests.pairs import Act, Pair, at_every_moment

pytestmark = pytest.mark.only_postgresql("two processes at once need PostgreSQL")

TUESDAY = datetime(2027, 2, 16, 9, tzinfo=UTC)
KINDS = (gate.FIRST_ANSWER.name, gate.ANSWERS.name)


class Scene:
    """Asked in Alta and answered there, a minute ago."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.network = pair.network(pace=0)
        self.network.clock.now = TUESDAY
        self.question = self.network.ask("Alta")
        self.network.answer(self.question, "Alta", who=2)
        with self.network.begin() as uow:
            ids = select(thread.c.id, thread.c.network, thread.c.member)
            mine = ids.where(thread.c.message == self.question.message)
            self.thread, self.id, self.asker = uow.connection.execute(mine).one()
            uow.connection.execute(update(member).values(welcomed_at=datetime(2026, 10, 1)))
        self.network.clock.move(61)

    def works(self, uow: UnitOfWork) -> None:
        following.run(Step(self.thread, noticing.STEP, self.id, uow.now), uow)

    def sends(self, uow: UnitOfWork) -> None:
        private.due(uow)

    def here(self, work: str) -> None:
        with self.network.begin() as uow:
            getattr(self, work)(uow)

    def there(self, work: str) -> None:
        self.pair.there_does(self.network, getattr(self, work))()

    def told(self) -> list[tuple[str, int]]:
        """How each message to whoever asked stands, and of how many answers it tells."""
        with self.network.begin() as uow:
            mine = select(table.c.state, table.c.facts).where(
                table.c.member == self.asker, table.c.kind.in_(KINDS)
            )
            rows = uow.connection.execute(mine.order_by(table.c.id)).all()
        return sorted((state, len(facts)) for state, facts in rows)


def test_two_workers_tell_of_an_answer_once(pair: Pair) -> None:
    for scene in at_every_moment(
        pair, Scene, lambda scene: (lambda: scene.here("works"), lambda: scene.there("works"))
    ):
        assert scene.told() == [("sending", 1)]


def test_an_answer_that_is_given_meanwhile_is_told_of_once(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        answer = scene.network.write("Alta", who=3, to=scene.question)
        said = scene.network.said(answer, scene.question.message)
        return lambda: scene.here("works"), pair.there_takes(scene.network, said)

    for scene in at_every_moment(pair, Scene, play):
        scene.network.clock.move(3700)
        scene.here("works")
        told = scene.told()
        assert sum(answers for _, answers in told) == 2, told


def test_two_workers_send_what_waits_as_one(pair: Pair) -> None:
    def begin(pair: Pair) -> Scene:
        scene = Scene(pair)
        scene.here("sends")  # Everybody is welcomed.
        with scene.network.begin() as uow:
            for number, kind in enumerate(KINDS):
                kept = privates.keep(
                    uow,
                    network=scene.id,
                    member=scene.asker,
                    kind=kind,
                    facts={f"answer {number}": str(scene.thread)},
                )
                privates.tells_of(uow, kept.id, [scene.thread])
        return scene

    for scene in at_every_moment(
        pair, begin, lambda scene: (lambda: scene.here("sends"), lambda: scene.there("sends"))
    ):
        assert scene.told() == [("dropped", 1), ("sending", 2)]
