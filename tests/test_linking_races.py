"""Two accounts that are linked and parted while somebody else does the same, or writes.

The other process strikes at every moment of what this one does: see `interleaving`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot import dispatch
from bot.features import accounts, joining, linking
from bot.incoming import Incoming, Person, Place, Pressed, Said, Submitted
from bot.text import Text
from storage import links, people, receipts
from storage.models import copy, link, member, membership, post, reply, thread
from tests import pairs
from tests.pairs import Act, Pair
from tests.pretending import Written

pytestmark = pytest.mark.only_postgresql("two processes at once need PostgreSQL")


class Scene:
    """Two accounts in one room, each of which has asked; and a third."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.network = pair.network(pace=0)
        self.asked = [self.network.ask("Alta", who=who) for who in (1, 2, 3)]
        self.one, self.other, self.third = (written.author for written in self.asked)

    def gives(self, person: Person) -> str:
        """A code for this person."""
        words = joining.new_code()
        with self.network.begin() as uow:
            until = uow.now + linking.VALID_FOR
            links.give(uow, self.account(person), joining.plain(words), until)
        return words

    def account(self, person: Person) -> int:
        with self.network.begin() as uow:
            found = people.account_of(uow, person.platform, person.tenant, person.user)
        assert found is not None
        return found.id

    def chat(self, person: Person) -> Place:
        installation = self.network.places["Alta"].installation
        return Place(installation, f"direct {person.user}", direct=True)

    def types(self, person: Person, code: str) -> Said:
        return Said(
            key=self.network.new_id(),
            at=self.network.clock.now,
            place=self.chat(person),
            person=person,
            message=self.network.new_id(),
            text=Text.of(f"koble {code}"),
            addressed=True,
        )

    def presses(self, person: Person, action: str = linking.CONFIRM, value: str = "") -> Pressed:
        return Pressed(
            key=self.network.new_id(),
            at=self.network.clock.now,
            place=self.chat(person),
            person=person,
            action=action,
            value=value,
        )

    def unlinks(self, person: Person) -> Submitted:
        return Submitted(
            key=self.network.new_id(),
            at=self.network.clock.now,
            place=self.chat(person),
            person=person,
            form=accounts.UNLINK,
            values={},
        )

    def half_linked(self, giver: Person, taker: Person) -> str:
        """Only the giver has yet to confirm; the link's id."""
        self.network.take(self.types(taker, self.gives(giver)))
        with self.network.begin() as uow:
            mine = select(func.max(link.c.id)).where(link.c.giver == self.account(giver))
            id = str(uow.connection.execute(mine).scalar_one())
        self.network.take(self.presses(taker, value=id))
        return id

    def linked(self, giver: Person, taker: Person) -> None:
        self.network.take(self.presses(giver, value=self.half_linked(giver, taker)))

    def here(self, incoming: Incoming) -> Act:
        return lambda: dispatch.receive(incoming, self.network.begin)

    def there(self, incoming: Incoming) -> Act:
        return self.pair.there_takes(self.network, incoming)

    def tries_again(self) -> None:
        """The worker takes what broke over the other's work."""
        self.network.clock.move(3)
        with self.network.begin() as uow:
            waiting = receipts.take_waiting(uow, uow.real)
        for one in waiting:
            dispatch.retry(one, self.network.begin)

    def member(self, person: Person) -> int:
        id = self.account(person)
        with self.network.begin() as uow:
            found = select(membership.c.member).where(membership.c.account == id)
            return int(uow.connection.execute(found).scalar_one())

    def authors(self, person: Person) -> set[int]:
        """The members by whom stands what this person wrote."""
        id = self.account(person)
        with self.network.begin() as uow:
            written = [
                uow.connection.execute(select(table.c.member).where(table.c.account == id))
                for table in (thread, reply)
            ]
            return {one for rows in written for one in rows.scalars()}

    def states(self) -> list[str]:
        mine = (self.account(self.one), self.account(self.other))
        with self.network.begin() as uow:
            found = select(link.c.state).where(link.c.giver.in_(mine)).order_by(link.c.id)
            return list(uow.connection.execute(found).scalars())

    def is_whole(self) -> None:
        """Nobody is a member of whom nothing is left, and nobody is asked twice."""
        with self.network.begin() as uow:
            empty = select(member.c.id).where(member.c.id.not_in(select(membership.c.member)))
            assert not uow.connection.execute(empty).all()
            twice = (
                select(copy.c.post)
                .join_from(copy, post)
                .where(post.c.kind.in_((links.HERE, links.THERE)))
                .group_by(copy.c.post)
                .having(func.count() > 1)
            )
            assert not uow.connection.execute(twice).all()


def at_every_moment(pair: Pair, play: Callable[[Scene], tuple[Act, Act]]) -> Iterator[Scene]:
    for scene in pairs.at_every_moment(pair, Scene, play, least=8):
        scene.tries_again()
        yield scene
        scene.is_whole()


def test_a_code_that_two_type_at_once_is_one_persons(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        code = scene.gives(scene.one)
        return (
            scene.here(scene.types(scene.other, code)),
            scene.there(scene.types(scene.third, code)),
        )

    for scene in at_every_moment(pair, play):
        assert scene.states() == ["taken"]


def test_of_two_codes_that_are_asked_for_at_once_one_is_good(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        press = (scene.presses(scene.one, linking.CODE) for _ in range(2))
        return scene.here(next(press)), scene.there(next(press))

    for scene in at_every_moment(pair, play):
        assert sorted(scene.states()) == ["given", "void"]


def test_the_last_press_twice_at_once_links_once(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        id = scene.half_linked(scene.one, scene.other)
        return (
            scene.here(scene.presses(scene.one, value=id)),
            scene.there(scene.presses(scene.one, value=id)),
        )

    for scene in at_every_moment(pair, play):
        assert scene.states() == ["done"]
        assert scene.member(scene.one) == scene.member(scene.other)
        assert scene.authors(scene.other) == {scene.member(scene.one)}


def test_the_first_press_twice_at_once_asks_the_other_side_once(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        scene.network.take(scene.types(scene.other, scene.gives(scene.one)))
        with scene.network.begin() as uow:
            id = str(uow.connection.execute(select(func.max(link.c.id))).scalar_one())
        return (
            scene.here(scene.presses(scene.other, value=id)),
            scene.there(scene.presses(scene.other, value=id)),
        )

    for scene in at_every_moment(pair, play):
        assert scene.states() == ["half"]


def test_confirming_and_refusing_at_once_is_one_of_the_two(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        id = scene.half_linked(scene.one, scene.other)
        return (
            scene.here(scene.presses(scene.one, value=id)),
            scene.there(scene.presses(scene.one, linking.REFUSE, id)),
        )

    for scene in at_every_moment(pair, play):
        (state,) = scene.states()
        is_one = scene.member(scene.one) == scene.member(scene.other)
        assert (state, is_one) in (("done", True), ("refused", False))


def test_each_linked_to_the_other_at_once_are_one(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        back, forth = (
            scene.half_linked(scene.one, scene.other),
            scene.half_linked(scene.other, scene.one),
        )
        return (
            scene.here(scene.presses(scene.one, value=back)),
            scene.there(scene.presses(scene.other, value=forth)),
        )

    for scene in at_every_moment(pair, play):
        assert sorted(scene.states()) == ["done", "void"]
        assert scene.member(scene.one) == scene.member(scene.other)
        assert scene.authors(scene.one) == scene.authors(scene.other) == {scene.member(scene.one)}


def test_three_accounts_linked_at_once_are_one(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        first = scene.half_linked(scene.one, scene.other)
        second = scene.half_linked(scene.other, scene.third)
        return (
            scene.here(scene.presses(scene.one, value=first)),
            scene.there(scene.presses(scene.other, value=second)),
        )

    for scene in at_every_moment(pair, play):
        everybody = {scene.member(one) for one in (scene.one, scene.other, scene.third)}
        assert len(everybody) == 1
        assert scene.authors(scene.third) == everybody


@pytest.mark.parametrize("who", ["one", "other"])
def test_unlinking_while_it_is_confirmed_comes_before_or_after(pair: Pair, who: str) -> None:
    """One of the two leaves a third account while it is linked."""

    def play(scene: Scene) -> tuple[Act, Act]:
        leaving = getattr(scene, who)
        scene.linked(scene.third, leaving)
        id = scene.half_linked(scene.one, scene.other)
        return scene.here(scene.presses(scene.one, value=id)), scene.there(scene.unlinks(leaving))

    for scene in at_every_moment(pair, play):
        one, other, third = (scene.member(p) for p in (scene.one, scene.other, scene.third))
        staying = other if who == "one" else one
        left = one if who == "one" else other
        # Unlinked first, both are one beside the third; else it is alone, and the others are one.
        assert (left == staying != third) or (staying == third != left)
        assert third in scene.authors(scene.third)


def test_what_is_written_while_it_is_linked_is_the_one_members(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        id = scene.half_linked(scene.one, scene.other)
        written: Written = scene.network.write("Alta", who=2, to=scene.asked[0])
        said = scene.network.said(written, scene.asked[0].message)
        return scene.here(said), scene.there(scene.presses(scene.one, value=id))

    for scene in at_every_moment(pair, play):
        assert scene.authors(scene.other) == {scene.member(scene.one)}
        with scene.network.begin() as uow:
            mine = select(func.count()).where(reply.c.account == scene.account(scene.other))
            assert uow.connection.execute(mine).scalar_one() == 1


def test_a_question_in_private_while_it_is_linked_is_asked_once(pair: Pair) -> None:
    """Nothing of what is written there is kept for another try, so it is looked again at once."""

    def play(scene: Scene) -> tuple[Act, Act]:
        id = scene.half_linked(scene.one, scene.other)
        words = "spør Hvordan får dere liv i tavlemøtene?"
        asks = replace(scene.types(scene.other, ""), text=Text.of(words))
        return scene.here(asks), scene.there(scene.presses(scene.one, value=id))

    for scene in at_every_moment(pair, play):
        assert scene.authors(scene.other) == {scene.member(scene.one)}
        with scene.network.begin() as uow:
            mine = select(func.count()).where(thread.c.account == scene.account(scene.other))
            assert uow.connection.execute(mine).scalar_one() == 2


def test_the_first_act_of_the_other_account_while_it_is_linked(pair: Pair) -> None:
    """It makes a member, and so does the link bring one: in the end there is one."""

    def play(scene: Scene) -> tuple[Act, Act]:
        network = scene.network
        newcomer = network.write("Alta", who=4)
        network.knows(newcomer)
        network.take(scene.types(newcomer.author, scene.gives(scene.one)))
        with network.begin() as uow:
            id = str(uow.connection.execute(select(func.max(link.c.id))).scalar_one())
        network.take(scene.presses(newcomer.author, value=id))
        scene.other = newcomer.author
        first = network.said(newcomer, None)
        return scene.here(scene.presses(scene.one, value=id)), scene.there(first)

    for scene in at_every_moment(pair, play):
        assert scene.member(scene.one) == scene.member(scene.other)
        assert scene.authors(scene.other) == {scene.member(scene.one)}


def test_wrong_codes_typed_at_once_are_all_counted(pair: Pair) -> None:
    def play(scene: Scene) -> tuple[Act, Act]:
        for _ in range(4):
            scene.network.take(scene.types(scene.other, "ABCDE-FGHJK"))
        wrong = scene.types(scene.other, "ABCDE-FGHJM")
        right = scene.types(scene.other, scene.gives(scene.one))
        return scene.here(wrong), scene.there(right)

    for scene in at_every_moment(pair, play):
        (state,) = scene.states()
        scene.network.take(scene.types(scene.other, scene.gives(scene.one)))
        assert scene.states()[-1] == "given"  # Five were wrong by now, and it has to wait.
        assert state in ("taken", "given")
