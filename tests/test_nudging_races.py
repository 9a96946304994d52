"""Who is asked now and then, while another worker decides too, or the member answers just then.

The other process strikes at every moment of what this one does: see `interleaving`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from bot import schedule
from bot.drawn import ANSWER, Reader
from bot.features import nudging, private
from bot.incoming import Place, Submitted
from bot.quiet import is_held_out
from storage import UnitOfWork
from storage.jobs import Job
from storage.models import invitation, thread
from storage.models import network as network_table
from storage.models import private as private_table
from tests.pairs import Act, Pair, at_every_moment

pytestmark = pytest.mark.only_postgresql("two processes at once need PostgreSQL")

MORNING = datetime(2027, 3, 9, 5, tzinfo=UTC)
NINE = MORNING + timedelta(hours=4)


_IN_BODO = (
    "SELECT id FROM member WHERE network = :n AND organisation = "
    "(SELECT max(organisation) FROM room WHERE network = :n)"
)
_SET = (
    "UPDATE member SET joined_at = '2026-06-01', welcomed_at = '2026-06-01' WHERE network = :n",
    "UPDATE organisation SET informed_on = '2026-12-01' WHERE network = :n",
    "UPDATE network SET seed = :seed WHERE id = :n",
    "DELETE FROM thread_theme WHERE thread IN (SELECT id FROM thread WHERE network = :n)",
    "INSERT INTO thread_theme (thread, place, theme, confirmed) SELECT thread.id, 1, "
    "(SELECT min(id) FROM theme WHERE network = :n), true FROM thread "
    "WHERE network = :n AND number > 1",
    "INSERT INTO member_theme (member, theme) SELECT :m, min(id) FROM theme WHERE network = :n",
    "DELETE FROM step WHERE network = :n",
)


class Scene:
    """Three questions of Alta's wait since yesterday, and a quiet member in Bodø can help."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.network = pair.network(pace=0)
        self.network.clock.now = MORNING - timedelta(days=120)
        self.quiet = self.network.ask("Bodø").author
        self.network.clock.now = MORNING - timedelta(hours=20)
        self.questions = [self.network.ask("Alta") for _ in range(3)]
        with self.network.begin() as uow:
            name = f"Network {self.network.seed}"
            ids = select(network_table.c.id).where(network_table.c.name == name)
            self.id = int(uow.connection.execute(ids).scalar_one())
            self._is_set(uow)
        self.network.clock.now = MORNING

    def _is_set(self, uow: UnitOfWork) -> None:
        self.member = uow.connection.execute(text(_IN_BODO), self._n).scalar_one()
        day = MORNING.date()
        seed = next(one for one in map(str, range(99)) if not is_held_out(self.member, day, one))
        for statement in _SET:
            named = {**self._n, "m": self.member, "seed": seed}
            uow.connection.execute(text(statement), named)

    @property
    def _n(self) -> dict[str, int]:
        return {"n": self.id}

    def works(self, uow: UnitOfWork) -> None:
        schedule.run(Job(self.id, nudging.JOB, uow.now), uow)

    def here_works(self) -> None:
        with self.network.begin() as uow:
            self.works(uow)

    def there_works(self) -> None:
        self.pair.there_does(self.network, self.works)()

    def answer(self) -> Submitted:
        """With the form, to the first of them."""
        with self.network.begin() as uow:
            threads = select(func.min(thread.c.id)).where(
                thread.c.network == self.id, thread.c.number > 1
            )
            first = uow.connection.execute(threads).scalar_one()
        installation = self.network.places["Bodø"].installation
        return Submitted(
            key=self.network.new_id(),
            at=self.network.clock.now,
            place=Place(installation, f"direct {self.quiet.user}", direct=True),
            person=self.quiet,
            form=ANSWER,
            subject=str(first),
            values={"answer": "Vi bytter møteleder hver uke."},
        )

    def asked(self) -> list[tuple[str, str]]:
        with self.network.begin() as uow:
            mine = select(invitation.c.kind, invitation.c.outcome)
            rows = uow.connection.execute(mine.where(invitation.c.network == self.id))
            return [(row[0], row[1]) for row in rows]

    def sent(self) -> list[int]:
        with self.network.begin() as uow:
            mine = select(private_table.c.id).where(
                private_table.c.network == self.id, private_table.c.kind == "nudge"
            )
            return list(uow.connection.execute(mine).scalars())

    def is_drawn_at_nine(self) -> bool:
        """Whether there is anything to send by then."""
        self.network.clock.now = NINE
        with self.network.begin() as uow:
            cards = [private.card(id, Reader("nb"), uow) for id in self.sent()]
        return any(card is not None for card in cards)


def test_two_workers_ask_one_member_once(pair: Pair) -> None:
    for scene in at_every_moment(pair, Scene, lambda scene: (scene.here_works, scene.there_works)):
        assert scene.asked() == [("nudge", "open")]
        assert len(scene.sent()) == 1
        assert scene.is_drawn_at_nine()


def test_whoever_answers_while_it_is_decided_is_sent_nothing(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        return scene.here_works, pair.there_takes(scene.network, scene.answer())

    for scene in at_every_moment(pair, Scene, play):
        assert not scene.is_drawn_at_nine()
        assert len(scene.sent()) <= 1


def test_what_is_switched_off_while_it_is_decided_is_not_sent(pair: Pair) -> None:
    def off(uow: UnitOfWork) -> None:
        uow.connection.execute(text("UPDATE network SET asking_stopped_at = now()"))

    def play(scene: Scene) -> tuple[Act, Act]:
        return scene.here_works, pair.there_does(scene.network, off)

    for scene in at_every_moment(pair, Scene, play):
        assert not scene.is_drawn_at_nine()
        with scene.network.begin() as uow:
            uow.connection.execute(text("UPDATE network SET asking_stopped_at = NULL"))
