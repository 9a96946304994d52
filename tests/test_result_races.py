"""A poll is closed while another worker closes it, or somebody votes, or dies in the middle of it.

The other process strikes at every moment of what this one does: see `interleaving`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from bot import dispatch, schedule
from bot.cards import Tell
from bot.drawn import VOTE
from bot.features import polling
from bot.incoming import Person, Submitted
from storage import UnitOfWork, nominations, polls
from storage.jobs import Job
from storage.models import ballot, member, nomination, poll, thread
from storage.models import network as network_table
from tests.pairs import Act, Pair, at_every_moment

CLOSES = datetime(2027, 2, 9, 9, tzinfo=UTC)


class Scene:
    """Four members in each of two channels, six of whom have voted in a poll that is to close: the
    first two are equal, and one vote more decides."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.network = pair.network(pace=0)
        self.people = [
            self.network.ask(room, who).author for room in ("Alta", "Bodø") for who in (1, 2)
        ]
        with self.network.begin() as uow:
            name = f"Network {self.network.seed}"
            ids = select(network_table.c.id).where(network_table.c.name == name)
            self.id = int(uow.connection.execute(ids).scalar_one())
            self.poll = self.opened(uow)
        self.network.clock.now = CLOSES
        self.told = ""

    def opened(self, uow: UnitOfWork) -> int:
        asked = uow.connection.execute(
            select(
                thread.c.organisation, thread.c.member, thread.c.account, thread.c.conversation
            ).where(thread.c.network == self.id, thread.c.kind == "question")
        ).first()
        assert asked is not None
        names = ("organisation_id", "member_id", "account_id", "conversation")
        own = dict(zip(names, asked, strict=True))
        listed = [
            nominations.nominate(uow, self.id, **own, title=title, text="Den går.")
            for title in ("Tiden", "Tavlen")
        ]
        days = {"opens_at": CLOSES - timedelta(days=6), "closes_at": CLOSES}
        made = polls.plan(uow, self.id, date(2027, 2, 1), nominations=listed, **days)
        organisations = select(member.c.organisation).where(member.c.network == self.id).distinct()
        for organisation in uow.connection.execute(organisations).scalars().all():
            uow.connection.execute(
                member.insert(),
                [
                    {
                        "network": self.id,
                        "organisation": organisation,
                        "role": "member",
                        "joined_at": uow.now,
                    }
                ]
                * 2,
            )
        found = polls.find(uow, self.id, made)
        assert found is not None
        polling.open_(found, uow)
        uow.connection.execute(update(poll).where(poll.c.id == made).values(closes_at=CLOSES))
        mine = select(ballot.c.member).where(ballot.c.poll == made).order_by(ballot.c.member.desc())
        for number, voter in enumerate(uow.connection.execute(mine.limit(6)).scalars().all()):
            polls.cast(uow, made, voter, [number % 2 + 1])
        return made

    def works(self, uow: UnitOfWork) -> None:
        schedule.run(Job(self.id, polling.JOB, uow.now), uow)

    def here_works(self) -> None:
        with self.network.begin() as uow:
            self.works(uow)

    def there_works(self) -> None:
        self.pair.there_does(self.network, self.works)()

    def vote(self, person: Person) -> Submitted:
        return Submitted(
            key=self.network.new_id(),
            at=CLOSES,
            place=self.network.places["Alta"],
            person=person,
            form=VOTE,
            subject=str(self.poll),
            values={"choices": "2"},
        )

    def check(self) -> str:
        """It is closed, once, and nothing is known any more of what anybody chose; what won."""
        with self.network.begin() as uow:
            one = polls.find(uow, self.id, self.poll)
            assert one is not None
            assert one.state == polls.CLOSED
            assert one.question is not None
            known = select(func.count()).where(
                ballot.c.poll == self.poll, ballot.c.choices.is_not(None)
            )
            assert uow.connection.execute(known).scalar_one() == 0
            asked = select(func.count()).where(
                thread.c.network == self.id, thread.c.kind == "question"
            )
            assert uow.connection.execute(asked).scalar_one() == len(self.people) + 1
            chosen = select(func.count()).where(
                nomination.c.network == self.id, nomination.c.state == "chosen"
            )
            assert uow.connection.execute(chosen).scalar_one() == 1
            winner = nominations.find(uow, self.id, one.winner or 0)
            assert winner is not None
            return winner.title


@pytest.mark.only_postgresql("two processes at once need PostgreSQL")
def test_two_workers_close_it_once(pair: Pair) -> None:
    for scene in at_every_moment(pair, Scene, lambda scene: (scene.here_works, scene.there_works)):
        scene.check()


@pytest.mark.only_postgresql("two processes at once need PostgreSQL")
def test_a_vote_in_the_last_moment_counts_or_is_refused(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        vote = scene.vote(scene.people[0])
        before = CLOSES - timedelta(seconds=1)

        def votes() -> None:
            told = dispatch.receive(vote, lambda: pair.there.begin(before))
            assert isinstance(told, Tell)
            scene.told = told.card.plain()

        return scene.here_works, votes

    told = set()
    for scene in at_every_moment(pair, Scene, play):
        counts = "is closed" not in scene.told and "stengt" not in scene.told
        told.add(counts)
        assert scene.check() == ("Tavlen" if counts else "Tiden")
    assert told == {True, False}


def test_who_dies_in_the_middle_of_it_has_closed_nothing_and_the_next_one_does(pair: Pair) -> None:
    scene = Scene(pair)

    def dies(uow: UnitOfWork) -> None:
        scene.works(uow)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pair.there_does(scene.network, dies)()
    with scene.network.begin() as uow:
        one = polls.find(uow, scene.id, scene.poll)
        assert one is not None
        assert one.state == polls.OPEN
    scene.here_works()
    scene.check()
