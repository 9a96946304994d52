"""Several bots and several tenants on Teams: none speaks for another, and none is heard in a tenant
where it is not allowed."""

from __future__ import annotations

import uuid

import pytest

from adapters.playground import faults
from adapters.playground.teams.delivery import Delivery, Reply
from adapters.playground.teams.world import Json
from storage import retention, tenants
from tests.conversation import Person, Room, TeamsRoom, World
from tests.outsiders import KNOWN, OWN, PASSWORD, WHOSE, Skive, installed
from tests.test_joining import SKIVE, code

QUESTION = "Hvordan holder I liv i tavlemøderne?"


def everything(world: World) -> list[int]:
    """How much is known, of anybody."""
    tables = ("account", "conversation", "room", "member", "receipt", "heard", "post", "copy")
    return [world.count(f"SELECT count(*) FROM {table}") for table in tables]  # noqa: S608


def turned_away(world: World) -> list[tuple[str, int]]:
    found = world.run(world.village.mellom.writers(tenants.every_turned_away))
    return [(one.tenant, one.requests) for one in found]


# --- tenants --------------------------------------------------------------------------------------


def test_from_a_tenant_that_is_not_allowed_nothing_is_let_in(world: World, skive: Skive) -> None:
    typed = code(world, SKIVE.name)
    before = everything(world)
    installed(skive)
    skive.person.says(f"@Mellom join {typed}")
    skive.person.writes_privately(f"join {typed}")
    skive.person.asks(QUESTION)
    assert everything(world) == before
    assert {delivery.reply.status for delivery in world.teams.delivered[-5:]} == {200}
    assert [seen for seen in skive.room.everything if seen.by_bot] == []
    assert [tenant for tenant, _ in turned_away(world)] == [skive.tenant]


def test_the_code_still_works_when_the_tenant_is_allowed(
    world: World, skive: Skive, kari: Person
) -> None:
    typed = code(world, SKIVE.name)
    installed(skive).person.says(f"@Mellom join {typed}")
    skive.is_allowed()
    world.later(seconds=6)
    assert turned_away(world) == []
    skive.person.says(f"@Mellom join {typed}")
    world.act(world.village.confirm(skive.room.inner))
    skive.person.asks(QUESTION)
    kari.room.sees("Skive Kommune", QUESTION)


def test_who_points_at_a_message_is_told_which_tenant_is_to_be_allowed(
    world: World, skive: Skive
) -> None:
    installed(skive).person.says(QUESTION)
    before = everything(world)
    skive.person.asks_with(skive.room.sees(QUESTION))
    skive.person.is_told("Mellom er ikke åbnet", skive.tenant)
    assert everything(world) == before


def test_who_tries_often_is_noted_once_a_minute_with_all_the_requests(
    world: World, skive: Skive
) -> None:
    installed(skive)  # Two activities.
    for _ in range(3):
        skive.person.asks(QUESTION)
    assert turned_away(world) == [(skive.tenant, 1)]
    world.later(minutes=2)
    skive.person.asks(QUESTION)
    assert turned_away(world) == [(skive.tenant, 6)]


def test_a_tenant_that_is_denied_is_cut_off_at_once(
    world: World, skive: Skive, kari: Person
) -> None:
    skive.is_allowed()
    installed(skive).takes_part()
    kari.asks("Hvem deltar i tavlemøtene?")
    skive.room.sees("Hvem deltar")
    skive.is_denied()
    kari.asks("Hvor lenge varer tavlemøtene?")
    skive.room.does_not_see("Hvor lenge")
    skive.person.replies("Vi er seks.", under="Hvem deltar")
    kari.room.does_not_see("Vi er seks.")
    world.later(minutes=2)
    before = everything(world)
    skive.person.replies("Nogle gange syv.", under="Hvem deltar")
    skive.person.presses("Svar", on="Hvem deltar")
    skive.person.is_told("Mellom er ikke åbnet", skive.tenant)
    assert everything(world) == before
    assert world.rooms["Aarhus Kommune"].find("Hvor lenge")


def test_the_bots_own_tenant_needs_no_allowing(world: World) -> None:
    home = world.teams.tenant("Driften")
    home.id = world.teams.bot_tenant
    somebody = home.user("Bjarne Falk")
    world.act(world.teams.install(somebody))
    world.act(world.teams.say(somebody, somebody.chat, "hjelp"))
    assert [message for message in somebody.chat.standing if message.author is None]


# --- bots of an organisation's own ----------------------------------------------------------------


def test_an_organisations_own_bot_takes_part_like_the_shared_one(
    world: World, skive: Skive, kari: Person
) -> None:
    skive.has_a_bot_of_its_own()
    skive.takes_part()
    skive.person.asks(QUESTION)
    kari.room.sees("Skive Kommune", QUESTION)
    kari.replies("Vi spør alltid hvorfor.", under=QUESTION)
    skive.room.sees("Kari Nilsen", "Vi spør alltid hvorfor.", under=QUESTION)
    asked = {one.path: one.request["client_id"] for one in world.teams.calls("token")}
    assert asked[f"/{skive.tenant}/oauth2/v2.0/token"] == OWN


def test_a_bot_that_is_taken_out_neither_hears_nor_speaks(
    world: World, skive: Skive, kari: Person
) -> None:
    skive.has_a_bot_of_its_own()
    skive.takes_part()
    assert "30 days" in skive.succeeds("remove", OWN)
    kari.asks("Hvem deltar i tavlemøtene?")
    skive.room.does_not_see("Hvem deltar")
    world.later(minutes=2)
    skive.person.asks(QUESTION)
    assert world.teams.delivered[-1].reply.status == 401
    kari.room.does_not_see(QUESTION)
    assert world.count("SELECT count(*) FROM installation WHERE secret IS NOT NULL AND own") == 0


# --- the commands ---------------------------------------------------------------------------------


def test_what_microsoft_does_not_take_is_not_kept(world: World, skive: Skive) -> None:
    world.teams.register(OWN, PASSWORD, skive.room.channel.tenant)
    wrong = skive.is_refused(*skive.adding("et forkert kodeord".replace(" ", "-")))
    assert "401 invalid_client" in wrong
    assert "Nothing was kept" in wrong
    elsewhere = skive.adding(tenant=world.teams.tenant("Aarhus Kommune").id)
    assert "400 unauthorized_client" in skive.is_refused(*elsewhere)
    assert "400 unauthorized_client" in skive.is_refused(
        *skive.adding(app=str(uuid.UUID(int=8)), tenant=skive.tenant)
    )
    world.teams.faults.add(faults.status(503), method="token")
    assert "try again" in skive.is_refused(*skive.adding())
    assert world.count("SELECT count(*) FROM installation WHERE own") == 0


def test_a_bot_is_added_again_with_another_secret_and_is_the_same_one(
    world: World, skive: Skive, kari: Person
) -> None:
    skive.has_a_bot_of_its_own()
    skive.takes_part()
    world.teams.register(OWN, "en-ny-hemmelighed", skive.room.channel.tenant)
    world.teams.identity.revoke()
    skive.succeeds(*skive.adding("en-ny-hemmelighed"))
    kari.asks("Hvem deltar i tavlemøtene?")
    skive.room.sees("Hvem deltar")
    assert world.count("SELECT count(*) FROM installation WHERE own") == 1


def test_no_secret_is_kept_in_the_clear_or_told(world: World, skive: Skive) -> None:
    skive.has_a_bot_of_its_own()
    told = skive.succeeds("list") + skive.succeeds("tenant", "list")
    assert PASSWORD not in told
    assert world.count("SELECT count(*) FROM installation WHERE secret LIKE '%hemmelig%'") == 0


def test_bots_and_tenants_are_listed_with_whose_they_are(world: World, skive: Skive) -> None:
    installed(skive).person.says("Hej")
    listed = skive.succeeds("tenant", "list").splitlines()
    (waiting,) = [line for line in listed if line.startswith(skive.tenant)]
    assert "not allowed" in waiting
    assert f"mellom teams tenant allow {skive.tenant}" in waiting
    assert "mellom code" in skive.is_allowed()
    assert f"{skive.tenant}: Skive Kommune (Nord), allowed" in skive.succeeds("tenant", "list")
    assert "mellom-tenant: the bot's own (mellom-app)" in skive.succeeds("tenant", "list")
    skive.has_a_bot_of_its_own()
    bots = skive.succeeds("list").splitlines()
    assert "mellom-app in the tenant mellom-tenant: of the settings" in bots
    assert f"{OWN} in the tenant {skive.tenant}: of Skive Kommune (Nord)" in bots
    skive.succeeds("remove", OWN)
    assert (
        f"{OWN} in the tenant {skive.tenant}: of Skive Kommune (Nord), removed"
        in skive.succeeds("list")
    )


@pytest.mark.parametrize(
    ("words", "about"),
    [
        (["tenant", "allow", "skive.onmicrosoft.com", *WHOSE], "TENANT is an id"),
        (["tenant", "deny", str(uuid.UUID(int=9))], "is not allowed. See"),
        (["tenant", "allow", OWN, *WHOSE, "--app", OWN], "There is no bot"),
        (["remove", OWN], "There is no bot"),
        (["remove", "mellom"], "APP is an id"),
        (["tenant", "allow", OWN, "--network", "Nord", "--organisation", "X"], "no organisation"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    words: list[str], about: str, skive: Skive
) -> None:
    assert about in skive.is_refused(*words)


def test_what_is_known_of_a_denied_tenant_is_forgotten_after_thirty_days(
    world: World, skive: Skive, kari: Person
) -> None:
    skive.is_allowed()
    installed(skive).takes_part()
    skive.person.asks(QUESTION)
    skive.is_denied()
    world.later(days=14)
    world.run(world.village.mellom.writers(retention.tidy))
    assert world.count(KNOWN) == 1
    world.later(days=17)
    world.run(world.village.mellom.writers(retention.tidy))
    assert world.count(KNOWN) == 0
    rooms = "SELECT count(*) FROM conversation WHERE key LIKE '19:%'"
    assert world.count(rooms) == 2  # Aarhus and Randers.
    kari.room.sees(QUESTION)


def test_a_tenant_that_is_allowed_again_is_not_forgotten(world: World, skive: Skive) -> None:
    skive.is_allowed()
    installed(skive).takes_part()
    skive.is_denied()
    skive.is_allowed()
    world.later(days=31)
    world.run(world.village.mellom.writers(retention.tidy))
    assert world.count(KNOWN) == 1


# Forgeries: genuine tokens of one bot, around what belongs to another.


def forged(skive: Skive, activity: Json, app: str, **changes: object) -> Reply:
    """Send this activity with a token that is for that app, genuine and for this very address."""
    teams = skive.world.teams
    delivery = Delivery({**activity, **changes})
    token = teams.identity.token(serviceurl=str(activity["serviceUrl"]), aud=app)
    return skive.world.act(teams.send(delivery, token=token))


def said(skive: Skive, room: TeamsRoom) -> Json:
    """What Teams tells of a question that was asked in a room."""
    person = next(iter(room.inner.people))
    room.person(person).asks(QUESTION)
    found = next(
        one.activity
        for one in reversed(skive.world.teams.delivered)
        if QUESTION in str(one.activity.get("text"))
    )
    return {**found, "id": "1700000000001", "text": "<at>Mellom</at> Falsk spørgsmål om tavler?"}


@pytest.mark.parametrize("recipient", ["theirs", "ours", "none"])
def test_an_own_bot_cannot_speak_in_a_tenant_of_the_shared_one(
    recipient: str, world: World, skive: Skive, aarhus: Room, kari: Person
) -> None:
    skive.has_a_bot_of_its_own()
    skive.takes_part()
    assert isinstance(aarhus, TeamsRoom)
    activity = said(skive, aarhus)
    ids = {"theirs": activity["recipient"], "ours": {"id": f"28:{OWN}"}, "none": {}}
    before = everything(world)
    reply = forged(skive, activity, OWN, recipient=ids[recipient])
    assert reply.status == (401 if recipient == "theirs" else 200)
    assert everything(world) == before
    kari.room.does_not_see("Falsk")


@pytest.mark.parametrize("recipient", ["theirs", "ours", "none"])
def test_the_shared_bot_cannot_speak_in_the_tenant_of_an_own_one(
    recipient: str, world: World, skive: Skive, kari: Person
) -> None:
    skive.has_a_bot_of_its_own()
    skive.takes_part()
    activity = said(skive, skive.room)
    app = world.teams.identity.app_id
    ids = {"theirs": activity["recipient"], "ours": {"id": f"28:{app}"}, "none": {}}
    before = everything(world)
    reply = forged(skive, activity, app, recipient=ids[recipient])
    assert reply.status == (401 if recipient == "theirs" else 200)
    assert everything(world) == before
    kari.room.does_not_see("Falsk")


def test_a_bot_does_not_speak_in_another_tenant_by_naming_its_own_beside_it(
    world: World, skive: Skive, aarhus: Room, kari: Person
) -> None:
    """The tenant of the conversation is asked, not that of whoever wrote or of the data beside."""
    skive.has_a_bot_of_its_own()
    assert isinstance(aarhus, TeamsRoom)
    activity = said(skive, aarhus)
    data = {**activity["channelData"], "tenant": {"id": skive.tenant}}
    sender = {**activity["from"], "tenantId": skive.tenant}
    before = everything(world)
    changes = {"channelData": data, "from": sender, "recipient": {"id": f"28:{OWN}"}}
    assert forged(skive, activity, OWN, **changes).status == 200
    assert everything(world) == before


def test_a_room_of_the_same_id_is_another_one_for_another_bot(
    world: World, skive: Skive, aarhus: Room, kari: Person
) -> None:
    """Even an own bot that lies about its tenant reaches no room of another's."""
    skive.has_a_bot_of_its_own()
    assert isinstance(aarhus, TeamsRoom)
    activity = said(skive, aarhus)
    conversation = {**activity["conversation"], "tenantId": skive.tenant}
    changes = {
        "conversation": conversation,
        "channelData": {**activity["channelData"], "tenant": {"id": skive.tenant}},
        "recipient": {"id": f"28:{OWN}"},
    }
    threads = world.count("SELECT count(*) FROM thread")
    assert forged(skive, activity, OWN, **changes).status == 200
    assert world.count("SELECT count(*) FROM thread") == threads
    kari.room.does_not_see("Falsk")


def test_a_token_for_a_bot_that_is_none_of_ours_is_not_let_in(
    world: World, skive: Skive, aarhus: Room
) -> None:
    assert isinstance(aarhus, TeamsRoom)
    activity = said(skive, aarhus)
    before = everything(world)
    for recipient in (activity["recipient"], {"id": f"28:{OWN}"}, {}):
        assert forged(skive, activity, OWN, recipient=recipient).status == 401
    assert everything(world) == before


def test_two_bots_send_with_a_token_of_their_own_each(
    world: World, skive: Skive, kari: Person
) -> None:
    skive.has_a_bot_of_its_own()
    skive.takes_part()
    kari.asks("Hvem deltar i tavlemøtene?")
    asked = {one.request["client_id"] for one in world.teams.calls("token")}
    assert asked == {OWN, world.teams.identity.app_id}
    skive.room.sees("Hvem deltar")
    world.rooms["Aarhus Kommune"].sees("Hvem deltar")
