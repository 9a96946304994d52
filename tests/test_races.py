"""Two processes at once on one PostgreSQL: nothing is lost, nothing is done twice.

Here the other process strikes at every moment of what this one does, one after the other. What only
real processes show is in `test_processes`.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time

import pytest
from sqlalchemy import select

from bot import claiming, dispatch, settling
from bot.claiming import Job
from bot.features import listing
from bot.incoming import Person, Pressed
from bot.outgoing import InDoubt, NotSent, Posted
from storage import UnitOfWork, deliveries, receipts, rooms, threads
from storage.models import copy, member, network, thread
from storage.models import listing as listing_table
from tests.delivering import Review
from tests.pairs import Act, Pair, Scene
from tests.pretending import Network, Written
from tests.thorough import THOROUGH

pytestmark = pytest.mark.only_postgresql("two processes at once need PostgreSQL")


@pytest.fixture(autouse=True)
def _lanes_are_lost_on_purpose(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


async def test_an_edit_at_any_moment_of_sending_is_not_lost(pair: Pair) -> None:
    async def prepare(network: Network) -> Scene:
        question = network.ask("Alta")
        question.version += 1
        return None, pair.there_takes(network, network.edited(question))

    await pair.at_every_moment(prepare)


async def test_an_edit_at_any_moment_of_editing_is_not_lost(pair: Pair) -> None:
    async def prepare(network: Network) -> Scene:
        question = network.ask("Alta")
        await network.rest()
        network.edit(question)
        question.version += 1
        return None, pair.there_takes(network, network.edited(question))

    await pair.at_every_moment(prepare)


async def test_a_deletion_at_any_moment_of_sending_takes_it_away(pair: Pair) -> None:
    async def prepare(network: Network) -> Scene:
        answer = await _answered(network)
        answer.gone = True
        site = network.sites[network.key("Alta")]
        return None, pair.there_takes(network, network.deletion(site, answer.message))

    await pair.at_every_moment(prepare)


async def test_a_deletion_undone_at_any_moment_stands_again(pair: Pair) -> None:
    async def prepare(network: Network) -> Scene:
        answer = await _answered(network)
        await network.rest()
        network.delete(answer)
        answer.gone = False
        answer.version += 1
        return None, pair.there_takes(network, network.edited(answer, restored=True))

    await pair.at_every_moment(prepare)


async def test_two_workers_send_each_copy_once_and_no_room_two_at_a_time(pair: Pair) -> None:
    async def prepare(network: Network) -> Scene:
        answer = await _answered(network)
        assert answer.to is not None
        network.answer(answer.to, "Alta")
        return None, pair.there_sends(network)

    await pair.at_every_moment(prepare)


async def test_a_child_is_woken_whenever_its_parent_comes_back_as_an_event(pair: Pair) -> None:
    async def prepare(network: Network) -> Scene:
        question = network.ask("Alta")
        network.planned["post", "Bodø"] = "done, answer lost"
        await network.deliverer.drain()
        network.clock.move(2)
        network.answer(question, "Alta")
        site = network.sites[network.key("Bodø")]
        echo = network.echo(site, next(iter(site.standing.values())))
        return None, pair.there_takes(network, echo)

    await pair.at_every_moment(prepare)


@pytest.mark.parametrize("outcome", ["posted", "in doubt", "not sent"])
async def test_who_lost_the_lane_spoils_nothing(pair: Pair, outcome: str) -> None:
    """A worker stood still in its call for longer than its lease, and writes down how that ended
    while another has taken over; a child waits for what it sent."""

    async def prepare(network: Network) -> Scene:
        question = network.ask("Alta")
        job = _claimed(network, "Bodø")
        ended: Posted | InDoubt | NotSent = NotSent("as it says")
        if outcome != "not sent":
            ended = await network.seeing.post(job.letter())
        if outcome == "in doubt":
            ended = InDoubt("as it says")
        network.answer(question, "Alta")
        network.clock.move(25)
        pace = network.seeing.pace
        return None, pair.there_does(network, lambda uow: settling.settle(uow, job, ended, pace))

    await pair.at_every_moment(prepare)


async def test_a_look_that_is_told_too_late_makes_nobody_send_blindly(pair: Pair) -> None:
    """A worker stood still after its last look, in vain; another has sent meanwhile, and died."""

    async def prepare(network: Network) -> Scene:
        network.ask("Alta")
        network.planned["post", "Bodø"] = "not done, answer lost"
        await network.deliverer.drain()
        network.clock.move(16)
        await network.deliverer.drain()
        network.clock.move(61)
        looking = _claimed(network, "Bodø")
        assert (looking.action, looking.due.looks) == ("find", 1)
        network.planned["post", "Bodø"] = "crash after"
        network.clock.move(25)
        pace = network.seeing.pace
        return None, pair.there_does(network, lambda uow: settling.settle(uow, looking, None, pace))

    await pair.at_every_moment(prepare)


async def test_a_room_that_is_barred_at_any_moment_has_all_when_it_opens_again(pair: Pair) -> None:
    async def prepare(network: Network) -> Scene:
        network.ask("Alta")
        network.planned["post", "Bodø"] = "not sent"
        room = network.conversations["Bodø"]
        # What was on its way when the room was barred is looked for, however its call ended.
        with network.begin() as uow:
            tokens = select(copy.c.token).where(copy.c.conversation == room)
            network.seeing.doubts.update(uow.connection.execute(tokens).scalars())

        def bar(uow: UnitOfWork) -> None:
            deliveries.fail_conversation(uow, room, "is_archived")
            rooms.trouble(uow, room, "is_archived")

        return None, pair.there_does(network, bar)

    await pair.at_every_moment(prepare, after=lambda network: network.open("Bodø"))


async def test_the_same_event_at_both_acts_once(pair: Pair) -> None:
    async def prepare(network: Network) -> Scene:
        question = network.write("Alta")
        said = network.said(question, None)
        return (lambda: network.take(said)), pair.there_takes(network, said)

    last = await pair.at_every_moment(prepare)
    with last.begin() as uow:
        assert set(uow.connection.execute(select(network.c.last_number)).scalars()) == {1}


async def test_two_questions_at_once_get_two_numbers(pair: Pair) -> None:
    async def prepare(network: Network) -> Scene:
        said = network.said(network.write("Alta", who=1), None)
        there = pair.there_takes(network, network.said(network.write("Bodø", who=1), None))
        return (lambda: network.take(said)), there

    last = await pair.at_every_moment(prepare)
    with last.begin() as uow:
        asked = select(thread.c.network, thread.c.number).order_by(thread.c.number)
        found = uow.connection.execute(asked).all()
    networks = {row.network for row in found}
    assert [row.number for row in found] == [1] * len(networks) + [2] * len(networks)


async def test_two_first_questions_of_one_person_make_one_member(pair: Pair) -> None:
    async def prepare(network: Network) -> Scene:
        one, other = network.write("Alta"), network.write("Alta")
        network.knows(one)  # Else the account, which is new, would keep the two apart.
        said = network.said(one, None)
        there = pair.there_takes(network, network.said(other, None))
        return (lambda: network.take(said)), there

    last = await pair.at_every_moment(prepare)
    with last.begin() as uow:
        asking = uow.connection.execute(select(thread.c.network, thread.c.member).distinct()).all()
        members = uow.connection.execute(select(member.c.id)).all()
    assert len(asking) == len(members) == len({row.network for row in asking})


async def test_what_waits_for_its_thread_is_taken_once(pair: Pair) -> None:
    """An answer under a copy that is in doubt waits; two workers try it again."""

    async def prepare(network: Network) -> Scene:
        question = network.ask("Alta")
        network.planned["post", "Bodø"] = "done, answer lost"
        await network.deliverer.drain()
        site = network.sites[network.key("Bodø")]
        [standing] = site.standing.values()
        answer = network.write("Bodø", to=question)
        network.take(network.said(answer, standing.id))
        network.take(network.echo(site, standing))
        network.clock.move(3)
        return None, lambda: _retry(pair, network)

    await pair.at_every_moment(prepare)


@pytest.mark.parametrize("seed", range(10 if THOROUGH else 1))
async def test_what_was_missed_is_one_list_and_shown_once_whoever_presses(
    pair: Pair, seed: int
) -> None:
    """Two workers find what is late; then two people press at once, while a third answers."""
    network = pair.network(pace=0)
    question = _miss(network)[0]
    await _together(lambda: asyncio.run(network.deliverer.drain()), pair.there_sends(network))
    await network.rest()
    _one_list(network)
    answer = network.write("Alta", to=question)
    await _together(
        lambda: network.take(_show_here(network, question)),
        pair.there_takes(network, _show_here(network, question)),
        pair.there_takes(network, network.said(answer, question.message)),
    )
    await network.rest()
    _one_list(network)
    assert not Review(network).problems
    standing = network.sites[network.key("Bodø")].standing.values()
    for one in (question, answer):
        assert sum(one.words in seen.words for seen in standing) == 1


async def _together(*acts: Act) -> None:
    start = threading.Barrier(len(acts))
    await asyncio.gather(*(asyncio.to_thread(_after, start, 0, act) for act in acts))


def _miss(network: Network) -> list[Written]:
    """Twelve questions that their rooms have waited for since yesterday."""
    asked = [network.ask("Alta", who=1) for _ in range(12)]
    network.clock.move(24 * 60 * 60)
    return asked


def _show_here(network: Network, question: Written) -> Pressed:
    with network.begin() as uow:
        asked_in = network.conversations[question.room]
        thread = threads.thread_written_as(uow, asked_in, question.message)
    return Pressed(
        key=network.new_id(),
        at=network.clock.now,
        place=network.places["Bodø"],
        person=Person("seeing", network.key("Bodø"), "presses", "Ingrid Vik"),
        action=listing.SHOW_HERE,
        value=str(thread),
    )


def _one_list(network: Network) -> None:
    with network.begin() as uow:
        lists = select(listing_table.c.conversation).where(
            listing_table.c.conversation.in_(network.conversations.values())
        )
        found = list(uow.connection.execute(lists).scalars())
    assert found == [network.conversations["Bodø"]]


@pytest.mark.parametrize("seed", range(10 if THOROUGH else 1))
async def test_edits_that_race_with_sending_end_with_the_last_words(pair: Pair, seed: int) -> None:
    """Two hundred times: somebody edits in one process while another sends."""
    dice = random.Random(seed)  # noqa: S311 - it is to be the same each time
    network = pair.network(pace=0)
    question = network.ask("Alta")
    await network.rest()
    for _ in range(200):
        network.edit(question)
        question.version += 1
        edit = pair.there_takes(network, network.edited(question))
        start = threading.Barrier(2)
        editing = threading.Thread(target=_after, args=(start, dice.uniform(0, 0.03), edit))
        editing.start()
        start.wait()
        await network.deliverer.drain()
        editing.join()
        network.clock.move(0.01)
        await network.deliverer.drain()
        assert not Review(network).problems


def _after(start: threading.Barrier, seconds: float, act: Act) -> None:
    """Act so long after both sides have set off together."""
    start.wait()
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass
    act()


async def _answered(network: Network) -> Written:
    """A question that stands in both rooms, and an answer that is to be sent."""
    question = network.ask("Alta")
    await network.rest()
    answer = network.answer(question, "Alta")
    assert answer is not None
    return answer


def _claimed(network: Network, room: str) -> Job:
    """What a worker would send to the room now. All that it claims is in doubt from then on."""
    with network.begin() as uow:
        jobs = claiming.claim(uow)
    network.seeing.doubts.update(job.due.token for job in jobs)
    return next(job for job in jobs if job.due.key == network.key(room))


def _retry(pair: Pair, network: Network) -> None:
    with pair.there.begin(network.clock.now) as uow:
        waiting = receipts.take_waiting(uow, uow.real)
    for one in waiting:
        dispatch.retry(one, lambda: pair.there.begin(network.clock.now))
