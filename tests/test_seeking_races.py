"""Who is asked by name, while another worker asks too, or two name the same colleague.

The other process strikes at every moment of what this one does: see `interleaving`.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from bot import following
from bot.features import gate, private, seeking
from bot.incoming import Place, Submitted
from storage import UnitOfWork, invitations, steps
from storage.models import account, invitation, member, membership, thread
from storage.models import network as network_table
from storage.models import private as message
from storage.steps import Step
from tests.interleaving import Interruption
from tests.pairs import Act, Pair, at_every_moment
from tests.pretending import Written

pytestmark = pytest.mark.only_postgresql("two processes at once need PostgreSQL")

TUESDAY = datetime(2027, 1, 19, 9, tzinfo=UTC)


class Scene:
    """Asked in Alta; three members in Bodø."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.network = pair.network(pace=0)
        self.question = self.network.ask("Alta")
        self.people = [self.network.ask("Bodø", who).author for who in (1, 2, 3)]
        with self.network.begin() as uow:
            long_ago = datetime(2026, 10, 1, tzinfo=UTC)
            uow.connection.execute(update(member).values(joined_at=long_ago, welcomed_at=long_ago))
            uow.connection.execute(
                update(account).where(account.c.name.is_(None)).values(name="Ola Berg")
            )
            name = f"Network {self.network.seed}"
            ids = select(network_table.c.id).where(network_table.c.name == name)
            self.id = int(uow.connection.execute(ids).scalar_one())
        self.thread = self.thread_of(self.question)
        with self.network.begin() as uow:
            steps.plan(uow, self.thread, seeking.ASK, self.id, TUESDAY)
        self.network.clock.now = TUESDAY

    def thread_of(self, question: Written) -> int:
        with self.network.begin() as uow:
            ids = select(thread.c.id).where(thread.c.message == question.message)
            return int(uow.connection.execute(ids).scalar_one())

    def works(self, uow: UnitOfWork) -> None:
        following.run(Step(self.thread, seeking.ASK, self.id, uow.now), uow)

    def here_works(self) -> None:
        with self.network.begin() as uow:
            self.works(uow)

    def member(self, place: int) -> int:
        with self.network.begin() as uow:
            ids = (
                select(membership.c.member)
                .join(account, account.c.id == membership.c.account)
                .where(account.c.user == self.people[place].user)
            )
            return int(uow.connection.execute(ids).scalar_one())

    def named(self, by: int, whom: int, thread: int | None = None) -> Submitted:
        """A member who is asked names another one."""
        thread = thread or self.thread
        with self.network.begin() as uow:
            id = private.tell(uow, gate.ASKED, self.id, self.member(by), {"thread": str(thread)})
            of = select(member.c.organisation).where(member.c.id == self.member(by))
            invitations.begin(
                uow,
                network=self.id,
                member=self.member(by),
                organisation=uow.connection.execute(of).scalar_one(),
                kind=invitations.ASKED,
                private=id,
                thread=thread,
            )
        person = self.people[by]
        installation = self.network.places["Bodø"].installation
        return Submitted(
            key=self.network.new_id(),
            at=self.network.clock.now,
            place=Place(installation, f"direct {person.user}", direct=True),
            person=person,
            form=seeking.NAME,
            subject=str(id),
            values={"member": str(self.member(whom))},
        )

    def outcomes(self) -> list[str]:
        with self.network.begin() as uow:
            theirs = select(invitation.c.outcome).where(invitation.c.network == self.id)
            return sorted(uow.connection.execute(theirs).scalars())

    def asked(self) -> list[int]:
        """The members, once for each message."""
        with self.network.begin() as uow:
            theirs = (
                select(invitation.c.member)
                .join(message, message.c.id == invitation.c.private)
                .where(invitation.c.network == self.id)
            )
            return sorted(uow.connection.execute(theirs).scalars())


def test_two_workers_who_take_one_step_ask_two_members(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        return scene.here_works, pair.there_does(scene.network, scene.works)

    for scene in at_every_moment(pair, Scene, play):
        assert len(scene.asked()) == seeking.LEAST


def test_two_who_name_the_same_at_once_have_them_asked_once(pair: Pair) -> None:
    """Each of them about another question: of one, nobody can be asked twice anyway."""

    def play(scene: Scene) -> tuple[Act, Act]:
        other = scene.thread_of(scene.network.ask("Alta"))
        first, second = scene.named(0, 2), scene.named(1, 2, other)
        return (
            lambda: scene.network.take(first),
            pair.there_takes(scene.network, second),
        )

    for scene in at_every_moment(pair, Scene, play):
        assert scene.asked() == sorted(scene.member(n) for n in range(3))


def test_two_who_name_the_same_for_one_question_are_both_heard(pair: Pair) -> None:
    """The other strikes when it is decided to ask their colleague, and nothing is written yet."""
    scene = Scene(pair)
    first, second = scene.named(0, 2), scene.named(1, 2)
    other = pair.there_takes(scene.network, second)
    interruption = Interruption(pair.here.engine, 0, other, before="INSERT INTO private")
    with interruption.armed():
        scene.network.take(first)
    assert interruption.happened
    assert scene.asked() == sorted(scene.member(n) for n in range(3))
    assert scene.outcomes() == ["named", "named", "open"]
