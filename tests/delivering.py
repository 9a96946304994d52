"""Seeded runs in which people act and everything goes wrong, and a review of what became of it.

Everything is decided by one seed, so a run that went wrong can be run again.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from bot.incoming import Incoming
from bot.outgoing import Pace
from bot.settling import RESENDS
from storage import Database, UnitOfWork, posts, threads
from storage.deliveries import MISSED
from storage.models import copy, post
from tests.pretending import BLIND, ROOMS, Network, Site, Standing, Written

FAULTS = {
    "not sent": 6,
    "rate limited": 4,
    "done, answer lost": 4,
    "not done, answer lost": 4,
    "done late, answer lost": 2,
    "crash before": 2,
    "crash after": 3,
    "frozen": 2,
    "refused": 1,
    "barred": 1,
}
"""What goes wrong, and how often; together a quarter of all calls."""

TALK = 15
"""Questions and answers after which nobody acts any more while a call is on its way."""

LATEST = 12.0
"""Seconds after which a message whose answer was lost may still come to stand."""


class Run(Network):
    """One run: people act, the deliverer sends, things go wrong, time is moved."""

    def __init__(self, database: Database, seed: int, counts: Counter[str]) -> None:
        super().__init__(database, seed, ROOMS, Pace(1.0))
        self.counts = counts
        self.dice = random.Random(seed)  # noqa: S311 - it is to be the same each time
        self.trouble = 0.25
        self.other = self.another_deliverer(self.begin)
        self._untold: list[Incoming] = []
        self._busy = False

    async def play(self, acts: int = 8) -> None:
        """People act while the deliverer works and time goes by; then all comes to rest."""
        random.seed(self.seed)  # The waits between tries are spread at random.
        for _ in range(acts):
            self.act()
            if self.dice.random() < 0.6:
                await self.deliverer.drain()
            if self.dice.random() < 0.6:
                self.clock.move(self.dice.uniform(0.5, 40))
        await self.rest()
        self.trouble = 0.0
        for room in ROOMS:
            self.open(room)
        await self.rest()

    def take(self, incoming: Incoming) -> None:
        """It is received, now and then twice, as platforms do."""
        super().take(incoming)
        if self.dice.random() < 0.2:
            super().take(incoming)

    def next_moment(self) -> datetime | None:
        self._hear()
        return super().next_moment()

    # ---- what goes wrong

    def fault(self, call: str, room: str = "") -> str | None:
        if self.dice.random() >= self.trouble:
            return None
        fault = self.dice.choices(list(FAULTS), list(FAULTS.values()))[0]
        if fault in ("refused", "barred") and call in ("delete", "find"):
            return None
        self.counts[fault] += 1
        return fault

    def meanwhile(self) -> None:
        # Each message can lead to more than one other: people grow tired before the run does.
        if not self._busy and len(self.written) < TALK and self.dice.random() < 0.15:
            self.counts["acted meanwhile"] += 1
            self._busy = True
            self.act()
            self._busy = False

    def soon(self) -> datetime:
        return self.clock.now + timedelta(seconds=self.dice.uniform(0, LATEST))

    async def freeze(self) -> None:
        """The process stands still in the middle of a call, and another one works on."""
        if not self._busy:
            self._busy = True
            self._doubt_what_is_claimed()
            self.clock.move(25)
            await self.other.drain()
            self._busy = False

    def told_of_own(self, site: Site, message: Standing) -> None:
        self._tell(self.echo(site, message))

    def told_of_deletion(self, site: Site, message: str) -> None:
        self._tell(self.deletion(site, message))

    def _tell(self, incoming: Incoming) -> None:
        """An event comes before the platform's answer, later, or never."""
        chance = self.dice.random()
        if chance < 0.4:
            self.take(incoming)
        elif chance < 0.8:
            self._untold.append(incoming)

    def _hear(self) -> None:
        """What the platforms had still to tell arrives, in any order."""
        self.dice.shuffle(self._untold)
        told, self._untold = self._untold, []
        for incoming in told:
            self.take(incoming)

    def _doubt_what_is_claimed(self) -> None:
        with self.begin() as uow:
            here = copy.c.conversation.in_(self.conversations.values())
            claimed = select(copy.c.token).where(here, copy.c.state == "sending")
            self.seeing.doubts.update(uow.connection.execute(claimed).scalars())

    # ---- what people do

    def act(self) -> None:
        acts = [self._ask, self._answer, self._answer, self._answer, self._edit, self._edit]
        acts += [self._edit, self._delete, self._restore, self._moderate, self._hear, self._hear]
        self.dice.choice(acts)()

    def _ask(self) -> None:
        self.ask(self.dice.choice(ROOMS), self.dice.choice((1, 2)))

    def _answer(self) -> None:
        questions = [one for one in self.written if one.to is None]
        if questions:
            who = self.dice.choice((1, 2))
            self.answer(self.dice.choice(questions), self.dice.choice(ROOMS), who)
        else:
            self._ask()

    def _edit(self) -> None:
        standing = [one for one in self.written if not one.gone]
        if standing:
            edited = self.dice.choice(standing)
            edited.parts = self._length()
            self.edit(edited)

    def write(self, room: str, who: int = 1, to: Written | None = None) -> Written:
        written = super().write(room, who, to)
        written.parts = 1 if to is None else self._length()  # A question grows only by edits.
        return written

    def _length(self) -> int:
        """Now and then what is written has more parts than one."""
        return self.dice.choice((1, 1, 1, 1, 1, 1, 2, 3))

    def _delete(self) -> None:
        standing = [one for one in self.written if not one.gone]
        if standing and self.dice.random() < 0.6:
            self.delete(self.dice.choice(standing))

    def _restore(self) -> None:
        gone = [one for one in self.written if one.gone]
        if gone:
            self.restore(self.dice.choice(gone))

    def _moderate(self) -> None:
        """Now and then somebody takes an answer of ours away in their room."""
        name = self.dice.choice(ROOMS)
        site = self.sites[self.key(name)]
        answers = [one for one in site.standing.values() if one.root is not None]
        if name in BLIND or not answers or self.dice.random() > 0.2:
            return
        taken = self.dice.choice(answers)
        with self.begin() as uow:
            if posts.copy_at(uow, self.conversations[name], taken.id) is None:
                return
        del site.standing[taken.id]
        self.moderated.add(taken.token)
        self._untold.append(self.deletion(site, taken.id))


REST = frozenset({"shown", "gone", "failed", "dropped", "removed", "parked"})
"""States in which a copy may be when all is at rest."""

ENDED = frozenset({"failed", "dropped", "removed", "parked"})
"""States of a copy after which nothing follows it in its room."""


class Review:
    """What is wrong in the rooms when all is at rest, in words."""

    def __init__(self, run: Network) -> None:
        self.run = run
        self.problems = list(run.broken)
        self.written: dict[tuple[str, int], Written] = {}
        with run.begin() as uow:
            self._find_what_was_written(uow)
            rows = self._copies(uow)
        self.states = {(row.post, row.conversation): row.state for row in rows if row.part == 0}
        self.parts = {(row.post, row.conversation, row.part): row for row in rows}
        self.posts = {(row.kind, row.subject): row.post for row in rows}
        for row in rows:
            if not row.native:
                self._check(row)
        for kind, subject in self.written:
            self._check_reach(kind, subject)

    def _find_what_was_written(self, uow: UnitOfWork) -> None:
        for written in self.run.written:
            is_question = written.to is None
            find = threads.thread_written_as if is_question else threads.reply_written_as
            subject = find(uow, self.run.conversations[written.room], written.message)
            if subject is None:
                self.problems.append(f"{written.name} was lost")
            else:
                self.written[written.kind, subject] = written

    def _copies(self, uow: UnitOfWork) -> list[Row[Any]]:
        statement = (
            select(copy, post.c.kind, post.c.subject, post.c.parent, post.c.version)
            .join_from(copy, post)
            .where(copy.c.conversation.in_(self.run.conversations.values()))
        )
        return list(uow.connection.execute(statement))

    def _check_reach(self, kind: str, subject: int) -> None:
        """What was written has a copy in each room in which its question stands."""
        written = self.written[kind, subject]
        question = written.to or written
        thread = next(key for key, one in self.written.items() if one is question)
        for room, conversation in self.run.conversations.items():
            there = self.states.get((self.posts[thread], conversation))
            reached = (self.posts[kind, subject], conversation) in self.states
            if there not in ("removed", "dropped") and not reached:
                self.problems.append(f"{written.name} never was to reach {room}")
            self._check_parts(written, self.posts[kind, subject], room)

    def _check_parts(self, written: Written, post_id: int, room: str) -> None:
        """Where a long text stands, it has all its parts."""
        place = self.run.conversations[room]
        first = self.parts.get((post_id, place, 0))
        if first is None or first.native or first.state != "shown" or written.gone:
            return
        for part in range(1, written.parts):
            if (post_id, place, part) not in self.parts:
                self.problems.append(f"{written.name} in {room} has no part {part}")

    def _check(self, row: Row[Any]) -> None:
        room = self.run.room_of(row.conversation)
        standing = self.run.sites[self.run.key(room)].with_token(row.token)
        written = self.written.get((row.kind, row.subject))
        name = f"{written.name if written else row.kind}[{row.part}] in {room} ({row.state})"
        complain = [
            *self._wrong_state(row, written),
            *self._wrong_count(row, len(standing), blind=room in BLIND),
            *self._wrong_words(row, standing, written, blind=room in BLIND),
        ]
        self.problems += [f"{name}: {complaint}" for complaint in complain]

    def _wrong_state(self, row: Row[Any], written: Written | None) -> Iterator[str]:
        parent = self.states.get((row.parent, row.conversation))
        if row.state == "behind" and parent == "parked":
            return
        if row.state not in REST or row.due_at is not None:
            yield "never came to rest"
        if row.state == "failed" and row.token not in self._refused:
            yield "failed, but was not refused"
        if row.state == "removed" and row.token not in self._refused | self.run.moderated:
            yield "is taken for removed, and nobody removed it"
        if row.state == "parked" and self._doubts[row.token] <= RESENDS:
            yield "was parked after few doubts"
        before = self.parts.get((row.post, row.conversation, row.part - 1))
        ended = {parent, before.state if before else None} & ENDED
        gone = written is not None and (written.gone or row.part >= written.parts)
        if gone and row.part and row.state == "shown":
            yield "is shown, and the text is not that long"
        listed = row.reason == MISSED  # A list tells of it.
        if row.state == "dropped" and not listed and not gone and not ended:
            yield "was dropped, and its question stands"
        renamed = written is not None and (written.ever_gone or row.part > 0)
        if row.resent and not self._doubts[row.token] and not renamed:
            yield "was sent twice without a doubt"

    def _wrong_count(self, row: Row[Any], count: int, *, blind: bool) -> Iterator[str]:
        """One where it stands and none where it does not; where the platform cannot be looked at,
        one more for each doubt, if that is recorded."""
        most = 1 if row.state in ("shown", "removed") else 0
        if blind:
            again = min(self._doubts[row.token], RESENDS) if row.resent else 0
            most = max(most, int(row.state == "parked")) + again
        least = int(row.state == "shown")
        if row.token in self.run.moderated:
            least = most = 0
        if not least <= count <= most:
            yield f"stands {count} times"

    def _wrong_words(
        self, row: Row[Any], standing: list[Standing], written: Written | None, *, blind: bool
    ) -> Iterator[str]:
        if written is None or row.token in self.run.moderated:
            return
        if row.state == "shown":
            known = next((one for one in standing if one.id == row.message), None)
            if known is None:
                yield "Mellom knows it by a wrong id"
            elif not written.gone and written.words not in known.words:
                yield "does not have its last words"
            elif row.shown != row.version:
                yield "is shown in a version that it is not"
        wiped = written.gone and not (row.state == "removed" and written.to is None)
        # What a recorded doubt may have left behind cannot be reached on a platform that is blind.
        shown = [one for one in standing if not blind or not row.resent or one.id == row.message]
        if (
            wiped
            and row.state != "parked"
            and any(f"<{written.name}." in one.words for one in shown)
        ):
            yield "still has words that were taken away"

    @property
    def _refused(self) -> set[str]:
        return self.run.seeing.refused | self.run.blind.refused

    @property
    def _doubts(self) -> Counter[str]:
        return self.run.seeing.doubts + self.run.blind.doubts
