"""Who is asked first, while another worker asks too, or the one who was asked presses a button.

The other process strikes at every moment of what this one does: see `interleaving`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from bot import schedule
from bot.features import first_voice
from bot.incoming import Person, Place, Pressed
from storage import UnitOfWork
from storage.first_voices import STANDING
from storage.jobs import Job
from storage.models import first_voice as table
from storage.models import member, private
from storage.models import network as network_table
from tests.pairs import Act, Pair, at_every_moment

pytestmark = pytest.mark.only_postgresql("two processes at once need PostgreSQL")

FRIDAY = datetime(2027, 2, 12, 7, tzinfo=UTC)
WEEK = date(2027, 2, 15)


class Scene:
    """A member in Alta and one in Bodø, on the Friday before a week with a prompt."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.network = pair.network(pace=0)
        self.people = [self.network.ask(room).author for room in ("Alta", "Bodø")]
        with self.network.begin() as uow:
            long_ago = datetime(2026, 10, 1, tzinfo=UTC)
            uow.connection.execute(update(member).values(joined_at=long_ago, welcomed_at=long_ago))
            name = f"Network {self.network.seed}"
            ids = select(network_table.c.id).where(network_table.c.name == name)
            self.id = int(uow.connection.execute(ids).scalar_one())
        self.network.clock.now = FRIDAY

    def works(self, uow: UnitOfWork) -> None:
        schedule.run(Job(self.id, first_voice.JOB, uow.now), uow)

    def here_works(self) -> None:
        with self.network.begin() as uow:
            self.works(uow)

    def there_works(self) -> None:
        self.pair.there_does(self.network, self.works)()

    def pressed(self, person: Person, action: str) -> Pressed:
        installation = self.network.places["Alta"].installation
        return Pressed(
            key=self.network.new_id(),
            at=self.network.clock.now,
            place=Place(installation, f"direct {person.user}", direct=True),
            person=person,
            action=action,
            value=f"{self.id}:{WEEK.isoformat()}",
        )

    def states(self) -> list[str]:
        with self.network.begin() as uow:
            mine = select(table.c.state).where(table.c.network == self.id)
            return sorted(uow.connection.execute(mine).scalars())

    def messages(self) -> int:
        with self.network.begin() as uow:
            mine = select(private.c.id).where(
                private.c.network == self.id, private.c.kind == "first-voice"
            )
            return len(uow.connection.execute(mine).all())


def test_two_workers_ask_one_member(pair: Pair) -> None:
    for scene in at_every_moment(pair, Scene, lambda scene: (scene.here_works, scene.there_works)):
        assert scene.states() == ["asked"]
        assert scene.messages() == 1


def test_another_time_while_a_worker_looks_is_not_overlooked(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        scene.here_works()
        scene.network.clock.move(3600)
        press = scene.pressed(scene.people[0], first_voice.ANOTHER_TIME)
        return scene.here_works, pair.there_takes(scene.network, press)

    for scene in at_every_moment(pair, Scene, play):
        scene.here_works()
        assert scene.states() == ["asked", "no"]


def test_a_yes_while_the_next_is_asked_leaves_one_of_the_two(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        scene.here_works()
        scene.network.take(scene.pressed(scene.people[0], first_voice.ANOTHER_TIME))
        press = scene.pressed(scene.people[0], first_voice.YES)
        return scene.here_works, pair.there_takes(scene.network, press)

    for scene in at_every_moment(pair, Scene, play):
        assert len([state for state in scene.states() if state in STANDING]) == 1
