"""A suggestion is withdrawn or merged while the poll with it opens: one of the two comes first.

The other process strikes at every moment of what this one does: see `interleaving`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot import schedule
from bot.features import combining, nominating, polling
from bot.incoming import Place, Submitted
from storage import UnitOfWork, nominations, people, polls
from storage.jobs import Job
from storage.models import member, nomination
from storage.models import network as network_table
from tests.pairs import Act, Pair, at_every_moment

pytestmark = pytest.mark.only_postgresql("two processes at once need PostgreSQL")

OPENS = datetime(2027, 2, 3, 8, 30, tzinfo=UTC)


class Scene:
    """Two suggestions on a list, and the poll about to open. Whoever asked in Alta runs it."""

    def __init__(self, pair: Pair) -> None:
        self.network = pair.network(pace=0)
        self.author = self.network.ask("Alta").author
        with self.network.begin() as uow:
            name = f"Network {self.network.seed}"
            ids = select(network_table.c.id).where(network_table.c.name == name)
            self.id = int(uow.connection.execute(ids).scalar_one())
            uow.connection.execute(
                update(member).where(member.c.network == self.id).values(role="facilitator")
            )
        self.network.clock.now = OPENS
        with self.network.begin() as uow:
            self.suggested = [self.suggest(title, uow) for title in ("Tavler", "Ledere")]
            self.poll = polls.plan(
                uow,
                self.id,
                date(2027, 2, 1),
                opens_at=OPENS,
                closes_at=OPENS + timedelta(days=6),
                nominations=self.suggested,
            )

    def suggest(self, title: str, uow: UnitOfWork) -> int:
        one = people.account_of(uow, self.author.platform, self.author.tenant, self.author.user)
        assert one is not None
        who = people.member_of(uow, self.id, one.id)
        assert who is not None
        return nominations.nominate(
            uow,
            self.id,
            organisation_id=who.organisation,
            member_id=who.id,
            account_id=one.id,
            conversation=self.network.conversations["Alta"],
            title=title,
            text="Vi gjør det hver på vår måte.",
        )

    def works(self, uow: UnitOfWork) -> None:
        schedule.run(Job(self.id, polling.JOB, uow.now), uow)

    def here_opens(self) -> None:
        with self.network.begin() as uow:
            self.works(uow)

    def sent(self, form: str, subject: str, **values: str) -> Submitted:
        installation = self.network.places["Alta"].installation
        return Submitted(
            key=self.network.new_id(),
            at=self.network.clock.now,
            place=Place(installation, f"direct {self.author.user}", direct=True),
            person=self.author,
            form=form,
            subject=subject,
            values=values,
        )

    def stands(self) -> tuple[str, list[int], set[int]]:
        """The state of the poll, what is on its list, and which of the two still stand."""
        with self.network.begin() as uow:
            one = polls.find(uow, self.id, self.poll)
            assert one is not None
            mine = nomination.c.id.in_(self.suggested), nomination.c.state == "standing"
            still = set(uow.connection.execute(select(nomination.c.id).where(*mine)).scalars())
            return one.state, polls.listed(uow, self.poll), still


def test_what_is_withdrawn_while_the_poll_opens_is_on_its_list_or_gone(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        sent = scene.sent(nominating.OWN, str(scene.suggested[0]), withdraw="yes")
        there_opens = pair.there_does(scene.network, scene.works)
        return lambda: scene.network.take(sent), there_opens

    for scene in at_every_moment(pair, Scene, play):
        state, listed, still = scene.stands()
        assert state == polls.OPEN
        assert still == set(listed) & set(scene.suggested)


def test_two_are_not_merged_while_they_are_voted_on(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        into, one = map(str, scene.suggested)
        sent = scene.sent(combining.MERGE, str(scene.id), one=one, into=into)
        return scene.here_opens, pair.there_takes(scene.network, sent)

    for scene in at_every_moment(pair, Scene, play):
        state, listed, still = scene.stands()
        assert state == polls.OPEN
        assert still == set(listed) & set(scene.suggested)
