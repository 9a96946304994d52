"""What goes wrong between platforms and Mellom, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import aiohttp
import psycopg
import pytest
from sqlalchemy import URL, make_url, text

from adapters import workspaces
from adapters.playground import faults
from adapters.playground.slack.stand_in import Channel as SlackChannel
from adapters.playground.slack.stand_in import Message as SlackMessage
from adapters.playground.slack.stand_in import SlackStandIn
from bot.features import notices, trouble
from bot.features.presence import direct_message_to
from storage import people
from tests.conversation import Person, Room, SlackPerson, SlackRoom, TeamsPerson, TeamsRoom, World
from tests.test_joining import VADSO, code

QUESTION = "@Mellom Hvordan får dere liv i tavlemøtene?"


def said(kari: SlackPerson) -> SlackMessage:
    """Kari asks; the request waits on the stand-in."""
    return kari.world.run(kari.world.slack.say(kari.user, kari.room.channel, QUESTION))


def test_the_same_event_four_times_two_of_them_at_once_acts_once(
    kari: SlackPerson, world: World, aarhus: Room
) -> None:
    said(kari)
    slack = world.slack
    deliveries, slack.queue = list(slack.queue), []
    for delivery in deliveries:
        replies = world.run(slack.send_times(delivery, 2, together=True))
        replies += world.run(slack.send_times(delivery, 2, together=False))
        assert [reply.status for reply in replies] == [200] * 4
    world.settle()
    aarhus.sees_once("tavlemøtene")
    assert world.count("SELECT count(*) FROM thread") == 1


def test_a_message_of_which_only_the_retry_arrives_is_taken(
    kari: SlackPerson, world: World, aarhus: Room
) -> None:
    said(kari)
    slack = world.slack
    deliveries, slack.queue = list(slack.queue), []
    for delivery in deliveries:
        world.run(slack.send(delivery.again()))
    world.settle()
    aarhus.sees_once("tavlemøtene")


def test_a_repeated_interaction_gets_the_same_answer(
    kari: SlackPerson, jens: TeamsPerson, world: World
) -> None:
    jens.says("@Mellom")
    jens.opens_form("Stil et spørgsmål", on="Mellom")
    jens.sends_form(question="Hvordan får I liv i tavlemøderne?")
    jens.confirms()
    first = jens.last
    assert first is not None
    again = world.run(world.teams.send(first.again()))
    assert again.json == first.reply.json
    assert world.count("SELECT count(*) FROM thread") == 1


def test_a_repeated_press_does_not_empty_the_form_that_an_empty_answer_withdraws(
    kari: Person, jens: TeamsPerson, world: World
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    jens.opens_form("Svar", on="tavlemøtene")
    jens.sends_form(answer="Vi spørger altid.")
    jens.opens_form("Ret eller træk tilbage", on="Vi spørger altid.")
    assert jens.last is not None
    first = jens.last.reply.json
    assert "Vi spørger altid." in str(first)
    again = world.run(world.teams.send(jens.last.again()))
    assert again.json == first


def test_a_form_that_comes_again_under_another_id_is_one_question(
    jens: TeamsPerson, world: World
) -> None:
    jens.says("@Mellom")
    jens.opens_form("Stil et spørgsmål", on="Mellom")
    jens.sends_form(question="Hvordan får I liv i tavlemøderne?")
    jens.confirms()
    assert jens.last is not None
    told = jens.told
    other = jens.last.copy(id="f:another-id", timestamp="2026-11-22T12:00:00.000Z")
    reply = world.run(world.teams.send(other))
    assert reply.ok
    assert "Q-1" in told
    assert world.count("SELECT count(*) FROM thread") == 1


def test_a_person_named_in_a_cards_data_is_not_believed(
    kari: Person, jens: TeamsPerson, lars: TeamsPerson, world: World, alta: Room
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    jens.opens_form("Svar", on="tavlemøtene")
    assert jens.last is not None
    assert jens.last.dialog is not None
    values = {"answer": "Vi spørger altid.", "userId": lars.user.aad, "from": lars.user.account}
    world.act(world.teams.submit(jens.user, jens.last.dialog, values))
    alta.sees("Jens Holm · Aarhus Kommune", "Vi spørger altid.")


def test_what_was_asked_while_a_platform_fails_every_call_is_not_lost(
    kari: SlackPerson, world: World, alta: Room, bodo: Room, aarhus: Room
) -> None:
    slack = world.slack
    slack.faults.add(faults.status(500), times=None)
    said(kari)
    deliveries, slack.queue = list(slack.queue), []
    assert [world.run(slack.send(delivery)).status for delivery in deliveries] == [200, 200]
    world.settle()
    slack.faults.heal()
    world.later(minutes=20)
    aarhus.sees("tavlemøtene")
    bodo.sees_once("tavlemøtene")
    alta.sees("Q-1", under="tavlemøtene")


def test_while_the_database_is_down_the_platform_is_told_to_send_again(
    kari: SlackPerson, world: World, aarhus: Room, database_url: str
) -> None:
    said(kari)
    slack = world.slack
    deliveries, slack.queue = list(slack.queue), []
    restore = take_down(world, database_url)
    replies = [world.run(slack.send(delivery)) for delivery in deliveries]
    assert [reply.status for reply in replies] == [503, 503]
    restore()
    assert world.count("SELECT count(*) FROM thread") == 0
    for delivery in deliveries:
        assert world.run(slack.send(delivery.again())).status == 200
    world.settle()
    aarhus.sees_once("tavlemøtene")


def test_while_the_database_is_down_a_workspace_is_asked_to_install_again(
    world: World, database_url: str
) -> None:
    async def redirected() -> int:
        back = f"{world.village.url}/slack/oauth_redirect?code=x&state={state}"
        cookie = {"Cookie": f"slack-app-oauth-state={state}"}
        async with aiohttp.ClientSession(headers=cookie) as browser, browser.get(back) as page:
            return page.status

    vault = world.village.mellom.database.vault
    assert vault is not None
    state = vault.encrypt(b"any").decode()
    restore = take_down(world, database_url)
    assert world.run(redirected()) == 503
    restore()
    assert world.run(redirected()) == 401  # The state is good, and Slack does not know the code.


def test_a_workspace_that_is_not_ours_is_not_asked_to_send_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspaces, "LOOK_AGAIN", 0.0)
    slack, stranger = world.slack, world.slack.workspace("Fremmed")
    stranger.install()  # Without ever coming back to Mellom with it.
    channel, somebody = stranger.channel("lean"), stranger.user("Per Hansen")
    channel.members.add(stranger.bot_user_id)
    world.run(slack.say(somebody, channel, "Hei på dere"))
    [delivery, *_] = slack.queue
    slack.queue.clear()
    assert world.run(slack.send(delivery)).status == 503
    # Meanwhile the database is looked into.
    assert any(world.run(slack.send(delivery.again())).status == 200 for _ in range(50))


def test_a_post_whose_answer_was_lost_is_found_and_stands_once(
    kari: SlackPerson, world: World, bodo: SlackRoom
) -> None:
    world.slack.faults.add(
        faults.drop_after(), method="chat.postMessage", conversation=bodo.channel.id
    )
    world.clock.move(minutes=1)
    said(kari)
    world.run(world.slack.flush())
    world.run(world.village.mellom.worker.deliverer.drain())
    world.slack.queue.clear()  # Slack does not tell us of our own messages, this time.
    assert states(world, bodo) == ["doubt"]
    world.later(seconds=30)
    bodo.sees_once("tavlemøtene")
    assert states(world, bodo) == ["shown"]
    kari.edits("liv i", to="@Mellom Hvordan holder dere tavlemøtene korte?")
    bodo.sees_once("tavlemøtene korte?")


def test_our_own_echo_tells_where_a_post_stands_whose_answer_was_lost(
    kari: Person, world: World, bodo: SlackRoom
) -> None:
    world.slack.faults.add(
        faults.drop_after(), method="chat.postMessage", conversation=bodo.channel.id
    )
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    world.later(seconds=20)
    bodo.sees_once("tavlemøtene")
    assert not world.slack.calls("conversations.history")


def test_a_post_that_truly_failed_is_sent_again_after_two_looks(
    kari: Person, world: World, bodo: SlackRoom
) -> None:
    world.slack.faults.add(
        faults.status(500), method="chat.postMessage", conversation=bodo.channel.id
    )
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    bodo.does_not_see("tavlemøtene")
    world.later(seconds=30)
    bodo.does_not_see("tavlemøtene")
    world.later(minutes=2)
    bodo.sees_once("tavlemøtene")
    assert len(world.slack.calls("conversations.history")) == 2


def test_on_teams_a_post_in_doubt_is_sent_once_more_and_the_duplicate_is_recorded(
    kari: Person, world: World, aarhus: TeamsRoom
) -> None:
    world.teams.faults.add(
        faults.status(502, done=True), method="create", conversation=aarhus.channel.id
    )
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    world.later(minutes=3)
    found = [seen for seen in aarhus.everything if "liv i tavlemøtene" in seen.words]
    assert len(found) == 2
    assert world.count("SELECT count(*) FROM copy WHERE resent") == 1


def test_a_private_message_in_doubt_on_teams_is_parked_and_never_sent_again(
    jens: TeamsPerson, kari: Person, world: World
) -> None:
    jens.says("@Mellom")
    with world.village.mellom.writers.begin() as uow:
        account = people.account_of(uow, "teams", jens.user.tenant.id, jens.user.aad)
        assert account is not None
        direct = direct_message_to(account, "da", uow)
        notices.tell(uow, "menu", direct, network=None, private=True)
    world.teams.faults.add(faults.status(502, done=True), method="send")
    world.later(minutes=5)
    assert len(jens.private) == 1
    assert world.count("SELECT count(*) FROM copy WHERE state = 'parked'") == 1


def test_one_room_waits_as_long_as_its_platform_asks_and_the_others_do_not(
    kari: Person, world: World, bodo: SlackRoom, aarhus: Room
) -> None:
    world.slack.faults.add(
        faults.rate_limited(30), method="chat.postMessage", conversation=bodo.channel.id
    )
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    kari.asks("Hvem leder tavlemøtene hos dere?")
    aarhus.sees("liv i tavlemøtene")
    aarhus.sees("Hvem leder")
    bodo.does_not_see("tavlemøtene")
    world.later(seconds=15)
    bodo.does_not_see("tavlemøtene")
    world.later(seconds=25)
    shown = [seen.words for seen in bodo.everything if "Spørsmål Q-" in seen.words]
    assert "Q-1" in shown[0]
    assert "Q-2" in shown[1]


def test_what_cannot_be_deleted_is_overwritten(
    kari: Person, jens: Person, world: World, bodo: SlackRoom
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    jens.replies("Vi spørger hvorfor.", under="tavlemøtene")
    world.slack.faults.add(
        faults.error("cant_delete_message"), method="chat.delete", conversation=bodo.channel.id
    )
    jens.deletes("hvorfor")
    bodo.does_not_see("hvorfor")
    bodo.sees("Fjernet", under="tavlemøtene")


def test_what_can_neither_be_deleted_nor_overwritten_is_left_for_an_operator_and_wiped_here(
    kari: Person, jens: Person, world: World, bodo: SlackRoom
) -> None:
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    jens.replies("Vi spørger hvorfor.", under="tavlemøtene")
    for method, refusal in (("delete", "cant_delete_message"), ("update", "cant_update_message")):
        world.slack.faults.add(
            faults.error(refusal), method=f"chat.{method}", conversation=bodo.channel.id
        )
    jens.deletes("hvorfor")
    assert world.count("SELECT count(*) FROM copy WHERE state = 'failed'") == 1
    assert world.count("SELECT count(*) FROM reply WHERE body LIKE '%hvorfor%'") == 0


@pytest.mark.parametrize("order", ["tokens_revoked", "app_uninstalled"])
def test_a_workspace_that_takes_the_app_away_in_the_middle_stops_alone(
    order: str, kari: Person, world: World, bodo: SlackRoom, alta: SlackRoom
) -> None:
    room = world.opens(VADSO)
    room.person("Siri Moen").says(f"@Mellom join {code(world, 'Vadsø kommune')}")
    world.act(world.village.confirm(room.inner))
    slack: SlackStandIn = world.slack
    events = ["tokens_revoked", "app_uninstalled"]
    events.sort(key=lambda name: name != order)
    world.run(slack.say(kari.user, alta.channel, QUESTION))  # type: ignore[attr-defined]
    world.run(slack.uninstall(bodo.channel.workspace, order=events))
    world.settle()
    for name in ("Aarhus Kommune", "Randers Kommune", "Vadsø kommune"):
        world.rooms[name].sees("tavlemøtene")
    bodo.does_not_see("tavlemøtene")
    assert world.count("SELECT count(*) FROM installation WHERE stopped_at IS NOT NULL") == 1
    stopped = "SELECT count(*) FROM installation WHERE stopped_at IS NOT NULL AND secret IS NULL"
    assert world.count(stopped) == 1
    before = len(slack.calls("chat.postMessage"))
    world.later(hours=2)
    assert len(slack.calls("chat.postMessage")) == before


def test_a_room_whose_platform_refuses_us_is_taken_up_again_when_it_lets_us_in(
    kari: Person, world: World, bodo: SlackRoom, aarhus: Room
) -> None:
    world.slack.faults.add(
        faults.error("not_in_channel"), method="chat.postMessage", conversation=bodo.channel.id
    )
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    aarhus.sees("tavlemøtene")
    assert world.count("SELECT count(*) FROM room WHERE trouble IS NOT NULL") == 1
    world.act(world.slack.invite_bot(bodo.channel))
    bodo.sees_once("liv i tavlemøtene")
    assert world.count("SELECT count(*) FROM room WHERE trouble IS NOT NULL") == 0


def states(world: World, room: Room) -> list[str]:
    """How the copies of the first question stand in this room."""
    channel = room.inner.channel
    assert isinstance(channel, SlackChannel)
    with world.village.mellom.writers.begin() as uow:
        where = uow.connection.execute(
            text("SELECT id FROM conversation WHERE key = :k"), {"k": channel.id}
        ).scalar_one()
        standing = text(
            "SELECT copy.state FROM copy JOIN post ON post.id = copy.post WHERE post.kind = "
            "'question' AND post.subject = 1 AND copy.conversation = :c ORDER BY copy.id"
        )
        return list(uow.connection.execute(standing, {"c": where}).scalars())


def take_down(world: World, database_url: str) -> Callable[[], object]:
    """The database does not answer until what is returned is called."""
    world.village.mellom.database.engine.dispose()
    if database_url.startswith("sqlite"):
        return hide(Path(database_url.removeprefix("sqlite:///")))
    return close_doors(make_url(database_url))


def hide(path: Path) -> Callable[[], object]:
    aside = path.with_suffix(".aside")
    path.rename(aside)
    path.mkdir()

    def restore() -> None:
        path.rmdir()
        aside.rename(path)

    return restore


def close_doors(url: URL) -> Callable[[], object]:
    name = url.database
    server = url.set(drivername="postgresql", database="postgres")
    address = server.render_as_string(hide_password=False)

    def allow(whether: str) -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {whether}')

    allow("false")
    return lambda: allow("true")


def test_a_reply_that_arrives_before_its_question_is_kept_until_the_question_is_there(
    kari: SlackPerson, world: World, aarhus: Room
) -> None:
    question = said(kari)
    ola = kari.room.person("Ola Berg")
    assert isinstance(ola, SlackPerson)
    reply = world.slack.say(ola.user, ola.room.channel, "Vi bytter leder.", thread_ts=question)
    world.run(reply)
    world.slack.queue.reverse()
    world.settle()
    world.later(minutes=2)
    aarhus.sees("Ola Berg · Alta kommune", "Vi bytter leder.", under="tavlemøtene")
    assert world.count("SELECT count(*) FROM receipt WHERE incoming IS NOT NULL") == 0


def test_talk_in_a_thread_of_ones_own_is_forgotten_after_a_minute(
    kari: SlackPerson, world: World, aarhus: Room
) -> None:
    kari.says("Lunsj?")
    kari.replies("Ja, klokka tolv.", under="Lunsj?")
    world.later(minutes=3)
    aarhus.does_not_see("klokka tolv")
    assert world.count("SELECT count(*) FROM receipt WHERE incoming IS NOT NULL") == 0
    assert world.count("SELECT count(*) FROM reply") == 0


def test_a_question_in_a_fresh_thread_of_ones_own_is_asked_soon(
    kari: SlackPerson, aarhus: Room
) -> None:
    kari.says("Nå har vi et problem.")
    kari.says("@Mellom Hvordan får dere liv i tavlemøtene?", under="problem")
    kari.world.later(seconds=15)
    aarhus.sees("Kari Nilsen", "Hvordan får dere liv i tavlemøtene?")


def test_what_breaks_its_handler_is_kept_and_tried_again(
    kari: SlackPerson, jens: Person, world: World, aarhus: Room
) -> None:
    jens.asks("Hvem leder jeres tavlemøder?")
    run_sql(world, "CREATE UNIQUE INDEX broken ON thread (kind)")
    said(kari)
    deliveries, world.slack.queue = list(world.slack.queue), []
    assert [world.run(world.slack.send(one)).status for one in deliveries] == [200, 200]
    run_sql(world, "DROP INDEX broken")
    world.later(minutes=1)
    aarhus.sees_once("liv i tavlemøtene")
    assert world.count("SELECT count(*) FROM receipt WHERE incoming IS NOT NULL") == 0


def test_a_command_that_breaks_changes_nothing_and_says_so(
    kari: SlackPerson, jens: Person, world: World
) -> None:
    jens.asks("Hvem leder jeres tavlemøder?")
    run_sql(world, "CREATE UNIQUE INDEX broken ON thread (kind)")
    kari.commands("spør Hvordan får dere liv i tavlemøtene?")
    run_sql(world, "DROP INDEX broken")
    assert kari.told.strip()
    assert "Q-2" not in kari.told
    kari.commands("spør Hvordan får dere liv i tavlemøtene?")
    kari.is_told("Q-2")
    assert world.count("SELECT count(*) FROM thread") == 2


def run_sql(world: World, statement: str) -> None:
    with world.village.mellom.writers.begin() as uow:
        uow.connection.execute(text(statement))


def test_a_look_that_must_wait_holds_up_nobody_else(
    kari: SlackPerson, world: World, bodo: SlackRoom
) -> None:
    world.slack.faults.add(
        faults.status(500), method="chat.postMessage", conversation=bodo.channel.id
    )
    for method in ("conversations.history", "conversations.replies"):
        world.slack.faults.add(faults.rate_limited(60), method=method, times=None)
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    world.later(seconds=30)
    kari.asks("Hvem leder tavlemøtene hos dere?")
    world.later(seconds=30)
    bodo.sees("Hvem leder")


def test_a_press_on_a_duplicate_makes_its_thread_heard(
    kari: Person, jens: TeamsPerson, world: World, aarhus: TeamsRoom, alta: Room
) -> None:
    world.teams.faults.add(
        faults.status(502, done=True), method="create", conversation=aarhus.channel.id
    )
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    world.later(minutes=3)
    first, _second = [seen for seen in aarhus.everything if "liv i tavlemøtene" in seen.words]
    say = world.teams.say(jens.user, aarhus.channel, "Vi spørger hvorfor.", first.root)
    pressed = world.teams.press(jens.user, first.inner, "Svar")  # type: ignore[arg-type]
    world.act(pressed)
    world.act(say)
    alta.sees("Jens Holm", "Vi spørger hvorfor.", under="tavlemøtene")


def test_a_facilitator_is_told_once_of_a_room_that_cannot_be_reached_and_it_is_tried_again(
    kari: SlackPerson, world: World, bodo: SlackRoom
) -> None:
    kari.asks("Hvem leder tavlemøtene hos dere?")
    run_sql(world, "UPDATE member SET role = 'facilitator' WHERE id = 1")
    closed = world.slack.faults.add(
        faults.error("restricted_action"),
        method="chat.postMessage",
        conversation=bodo.channel.id,
        times=None,
    )
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    kari.asks("Hvordan holder dere tavlemøtene korte?")
    told = world.count("SELECT count(*) FROM private WHERE kind = 'trouble'")
    troubled = world.count("SELECT count(*) FROM room WHERE trouble IS NOT NULL")
    assert told == troubled
    world.slack.faults.heal(closed)
    with world.village.mellom.writers.begin() as uow:
        trouble.probe(uow)
    world.settle()
    if troubled:
        bodo.sees_once("liv i tavlemøtene")
        bodo.sees_once("tavlemøtene korte")


def test_a_card_that_cannot_be_drawn_holds_up_no_other(
    kari: SlackPerson, world: World, aarhus: Room
) -> None:
    kari.says("@Mellom")
    run_sql(world, "UPDATE notice SET name = 'of-another-version'")
    run_sql(world, "UPDATE copy SET due_at = '2020-01-01', state = 'behind'")
    kari.asks("Hvordan får dere liv i tavlemøtene?")
    aarhus.sees("liv i tavlemøtene")
    assert world.count("SELECT count(*) FROM copy WHERE reason = 'undrawable'") == 1
