"""The problem of the month: the poll in every channel, and one vote for everybody."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.playground.teams.world import Message as TeamsMessage
from adapters.playground.village import Town
from bot.language import ZONE
from storage import members, merging, nominations, polls, posts
from tests.conversation import Founded, GoOn, Person, Room, SlackPerson, TeamsPerson, World
from tests.test_leaving import marked_as_left

OPENS = datetime(2027, 2, 3, 9, 30, tzinfo=ZONE)
CLOSES = datetime(2027, 2, 9, 10, tzinfo=ZONE)
CARD = "Månedens problemstilling"
WORDS = {
    "nb": {
        "counted": "Stemmen din er talt med",
        "one": "Please complete this required field.",  # Slack itself says so.
        "three": "Velg høyst tre",
        "others read": "kan lese tallene du skrev der",
        "not counted": "Dette ble ikke talt med",
        "for example": "«stem 1 3»",
        "needs": "Venter på din stemme",
        "closed": "Avstemningen er stengt",
        "later": "for dem som hadde deltatt",
        "not kept": "så jeg har ikke tatt vare på det",
    },
    "da": {
        "counted": "Din stemme er talt med",
        "one": "Vælg mindst",
        "three": "Vælg højst tre",
        "others read": "kan læse de tal, du skrev der",
        "not counted": "Det blev ikke talt med",
        "for example": "»stem 1 3«",
        "needs": "Venter på din stemme",
        "closed": "Afstemningen er lukket",
        "later": "for dem, der havde deltaget",
        "not kept": "så jeg har ikke gemt det",
    },
}


def opens(world: World) -> None:
    """The poll of February, with a list of seven."""
    world.goes_to(OPENS - timedelta(hours=1))
    with world.village.mellom.writers.begin() as uow:
        planned = polls.in_state(uow, 1, polls.PLANNED)
        assert planned is not None
        keys = [f"P{number:02}" for number in range(1, 8)]
        polls.list_(uow, planned.id, [nominations.from_bank(uow, 1, key, None) for key in keys])
    world.goes_to(OPENS)


@pytest.fixture(scope="module")
def founded_open(go_on: GoOn) -> Callable[[str], Founded]:
    return functools.cache(lambda kind: go_on(kind, opens))


@pytest.fixture
def founded_before(founded_open: Callable[[str], Founded], database_kind: str) -> Founded:
    """The poll of February, just opened."""
    return founded_open(database_kind)


def chosen(world: World, name: str) -> list[int | None]:
    """The choices on the ballots of whoever has an account of this name, as they are stored."""
    found = world.rows(
        "SELECT DISTINCT ballot.member, ballot.choices FROM ballot "  # noqa: S608
        "JOIN membership ON membership.member = ballot.member "
        f"JOIN account ON account.id = membership.account WHERE account.name = '{name}'"
    )
    return [row[1] for row in found]


def version(world: World) -> int:
    """Of what stands in the channels."""
    return world.count("SELECT version FROM post WHERE kind = 'poll'")


def language(person: Person) -> str:
    return person.room.inner.town.language


def says(person: Person, name: str) -> str:
    return WORDS[language(person)][name]


def press_and_send(person: Person, choices: str) -> None:
    person.opens_form("Stem", on=CARD)
    person.sends_form(choices=choices)


# ---- with the button


def test_the_poll_opens_in_every_channel(
    alta: Room, bodo: Room, aarhus: Room, randers: Room
) -> None:
    for room in (alta, bodo, aarhus, randers):
        room.sees_once(
            CARD, "1. Tavl", "2. Frigjort tid", "3. Ny ledergruppe", "stem 1 3", "9. feb"
        )


def test_a_vote_is_changed_until_the_close_and_told_to_nobody(
    world: World, kari: Person, jens: Person, alta: Room, aarhus: Room
) -> None:
    for person in (kari, jens):
        press_and_send(person, "")
        person.is_told(says(person, "one"))
        person.sends_form(choices="1,2,3,4")
        person.is_told(says(person, "three"))
        assert person.typed("choices") == ("1,2,3,4" if person is jens else "")  # Slack keeps it.
        person.sends_form(choices="1,3")
        person.is_told(says(person, "counted"), "9. februar")
        assert chosen(world, person.name) == [0b101]
    world.later(seconds=5)
    for room in (alta, aarhus):
        room.sees_once(CARD, "Aarhus Kommune, Alta kommune")
    before = version(world)
    for person in (kari, jens):
        person.opens_form("Stem", on=CARD)
        assert person.typed("choices") == "1,3"
        person.sends_form(choices="2")
        assert chosen(world, person.name) == [0b10]
    assert version(world) == before, "others could see when somebody changed their mind"


# ---- typed


def test_numbers_under_the_card_are_a_vote_and_everything_else_there_is_talk(
    world: World, kari: Person, jens: Person, bodo: Room
) -> None:
    standing = len(bodo.everything)
    for person, typed in ((kari, "1 og 3"), (jens, "@Mellom 1, 3")):
        person.replies(typed, under=CARD)
        person.reads_privately(says(person, "counted"), says(person, "others read"))
        assert chosen(world, person.name) == [0b101]
        person.edits(typed.removeprefix("@Mellom "), to=typed.replace("3", "2"))
        assert chosen(world, person.name) == [0b11]
        for wrong in ("9", "0", "1 2 3 4", "1-3"):
            person.replies(wrong, under=CARD)
            person.reads_privately(says(person, "not counted"), says(person, "for example"))
        person.deletes(wrong)
        assert chosen(world, person.name) == [0b11]
    assert isinstance(jens, TeamsPerson)
    first = jens.message("1, 2").inner
    jens.deletes("1, 2")
    jens.replies("@Mellom 3", under=CARD)
    assert isinstance(first, TeamsMessage)
    jens.undeletes(first)
    assert chosen(world, "Jens Holm") == [0b100], "what comes back is no new vote"
    assert len(bodo.everything) == standing, "a vote crossed to another room"

    kari.replies("Én og to, takk 👍", under=CARD)
    assert chosen(world, "Kari Nilsen") == [0b11]
    kari.replies("Nummer 2 har vi prøvd i ti år.", under=CARD)
    bodo.sees("Kari Nilsen · Alta kommune", "i ti år", under=CARD)
    kari.edits("i ti år", to="2")
    assert bodo.find("i ti år") is None
    assert chosen(world, "Kari Nilsen") == [0b10]
    assert world.count("SELECT count(*) FROM reply WHERE body LIKE '%2%'") == 0


def test_a_number_that_answers_a_question_is_no_vote(
    world: World, kari: Person, jens: Person, bodo: Room
) -> None:
    jens.asks("Hvor mange tavlemøder holder I om ugen?")
    asked = "Hvor mange tavlemøder"
    for person in (kari, jens):
        person.replies("@Mellom 3", under=asked)
        bodo.sees(person.name, "3", under=asked)
        person.edits("Mellom 3", to="@Mellom 4")
        bodo.sees(person.name, "4", under=asked)
        assert chosen(world, person.name) == [None]
        person.replies("@Mellom stem 3", under=asked)
        assert chosen(world, person.name) == [0b100]


def test_the_same_in_private_by_command_and_with_a_mention(
    world: World, kari: SlackPerson, jens: Person, bodo: Room
) -> None:
    standing = len(bodo.everything)
    for person, typed in ((kari, "stem 1 3"), (jens, "Jeg stemmer på 1 og 3."), (kari, "2")):
        person.writes_privately(typed)
        person.reads_privately(says(person, "counted"))
        assert not any(says(person, "others read") in seen.words for seen in person.private)
    assert [chosen(world, name) for name in ("Kari Nilsen", "Jens Holm")] == [[0b10], [0b101]]
    for person, words in ((kari, "stem 1 3"), (jens, "Jeg stemmer")):
        person.rewrites(next(seen for seen in person.letters if words in seen.words), "stem 1")
    assert [chosen(world, name) for name in ("Kari Nilsen", "Jens Holm")] == [[1], [1]]
    kari.commands("stem 3, 4 og 5")
    kari.is_told(says(kari, "counted"))
    assert chosen(world, "Kari Nilsen") == [0b11100]
    kari.commands("stem 1 9")
    kari.is_told("Velg fra listen")
    assert kari.typed("choices") == "1"
    kari.commands("stem")
    assert kari.typed("choices") == "3,4,5"
    for person in (kari, jens):
        person.says("@Mellom stem 1")
        person.reads_privately(says(person, "counted"), says(person, "others read"))
        assert chosen(world, person.name) == [1]
        person.says("@Mellom")
        person.presses("Stem", on="problemstilling er ")  # What the menu says of it in the channel.
        assert person.typed("choices") == "1"
        person.writes_privately("stem")
        person.presses("Stem", on=says(person, "for example"), privately=True)
        assert person.typed("choices") == "1"
    assert len(bodo.everything) == standing
    kari.says("@Mellom Stemmer det at dere har valgt 1 og 3?")
    bodo.sees("Kari Nilsen · Alta kommune", "Stemmer det at")


def writes(person: Person, words: str, where: str, *, addressed: bool = False) -> None:
    """To Mellom in the channel, under the poll's card, or in private."""
    if where == CARD:
        person.replies(f"@Mellom {words}" if addressed else words, under=CARD)
    elif where:
        person.says(f"{where} {words}")
    else:
        person.writes_privately(words)


def test_whoever_says_why_votes_and_whoever_only_speaks_of_it_is_told_how(
    world: World, kari: Person, jens: Person, bodo: Room
) -> None:
    standing = len(bodo.everything)
    for person, on, voted in ((kari, "på nummer", [0b100]), (jens, "på nr.", [0b10])):
        number = voted[0].bit_length()
        words = f"Jeg stemmer {on} {number}, den er viktigst"
        for where in ("@Mellom", CARD, ""):
            world.change("UPDATE ballot SET choices = NULL")
            writes(person, words, where)
            assert chosen(world, person.name) == voted
        before = len(person.private)
        for where in ("@Mellom", CARD, ""):
            writes(person, "Jeg stemmer på tavlemøtene", where, addressed=True)
        told = [seen.words for seen in person.private[before:] if seen.by_bot]
        assert [says(person, "for example") in words for words in told] == [True] * 3
        assert chosen(world, person.name) == voted
    assert len(bodo.everything) == standing
    kari.says("@Mellom Hvorfor stemmer dere på nummer 3?")
    bodo.sees("Kari Nilsen · Alta kommune", "Hvorfor stemmer dere")
    jens.replies("Jeg stemmer tit på tavlemøder.", under=CARD)
    bodo.sees("Jens Holm · Aarhus Kommune", "tit på tavlemøder", under=CARD)
    assert [chosen(world, name) for name in ("Kari Nilsen", "Jens Holm")] == [[None], [0b10]]


def test_the_thread_of_the_poll_is_read_and_found_by_its_name(
    kari: SlackPerson, jens: Person, world: World
) -> None:
    jens.replies("Vores tavler kører på rutinen.", under=CARD)
    kari.commands("søk rutinen")
    kari.is_told(CARD, "rutinen")
    kari.presses("Les", on="Fant 1 spørsmål")
    assert kari.form is not None
    assert "2. Frigjort tid" in kari.form
    assert "Spørsmål" not in kari.form
    kari.sends_form(answer="Dette er sagt med knappen.")
    kari.presses("Endre eller trekk", on="sagt med knappen")
    kari.sends_form(text="3")
    assert chosen(world, "Kari Nilsen") == [0b100]
    jens.room.does_not_see("sagt med knappen")
    kari.presses("Les", on="Fant 1 spørsmål")
    kari.sends_form(answer="1 og 2")
    kari.is_told(says(kari, "counted"))
    assert chosen(world, "Kari Nilsen") == [0b11]
    standing = "SELECT count(*) FROM reply WHERE state = 'standing'"
    assert world.count(standing) == 1


# ---- what waits for a vote


def test_home_and_menu_list_it_until_one_has_voted(
    world: World, kari: SlackPerson, jens: Person
) -> None:
    kari.commands("")
    kari.is_told(says(kari, "needs"), "Åpen til")
    kari.opens_home()
    assert says(kari, "needs") in kari.home
    kari.presses_at_home("Stem", on=CARD)
    kari.sends_form(choices="1")
    assert says(kari, "needs") not in kari.home
    kari.commands("")
    assert says(kari, "needs") not in kari.told.rpartition("Jeg er en robot")[2]

    jens.writes_privately("hej")
    jens.reads_privately(says(jens, "needs"), "Åben til")
    jens.presses("Stem", on=says(jens, "needs"), privately=True)
    jens.sends_form(choices="1")
    assert not any(says(jens, "needs") in seen.words for seen in jens.private)
    assert not any(says(jens, "needs") in seen.words for seen in jens.room.everything)


# ---- who can vote, and until when


def test_a_poll_is_closed_by_the_clock_whatever_has_been_done_about_it(
    world: World, kari: SlackPerson, jens: Person, ingrid: Person
) -> None:
    for person in (kari, jens, ingrid):
        person.opens_form("Stem", on=CARD)
    world.change("UPDATE poll SET extended = true")  # It is not once more.
    world.goes_to(CLOSES - timedelta(seconds=10))
    ingrid.sends_form(choices="1")
    ingrid.is_told(says(ingrid, "counted"))
    world.clock.at = CLOSES.astimezone(UTC)  # Nothing has been done about it yet.
    jens.sends_form(choices="1")
    jens.is_told(says(jens, "closed"))
    world.later(hours=1)
    kari.sends_form(choices="1")
    kari.is_told(says(kari, "closed"))
    kari.replies("1", under=CARD)
    kari.reads_privately(says(kari, "closed"), says(kari, "others read"))
    assert [chosen(world, one.name) for one in (kari, jens)] == [[None], [None]]


def test_whoever_comes_later_is_told_so_and_roles_make_no_difference(
    world: World, kari: SlackPerson, jens: Person, ingrid: Person
) -> None:
    for name in ("Ola Berg", "Mette Lund"):
        late = world.person(name)
        late.presses("Stem", on=CARD)
        late.is_told(says(late, "later"))
        late.replies("@Mellom 1", under=CARD)
        late.reads_privately(says(late, "later"))
        assert chosen(world, name) == []
    world.change("UPDATE member SET role = 'manager', home = 'unknown'")
    press_and_send(kari, "1")
    world.change("UPDATE member SET role = 'reader', home = NULL")
    press_and_send(jens, "2")
    assert [chosen(world, one.name) for one in (kari, jens)] == [[0b1], [0b10]]

    # Whoever leaves has voted all the same; nobody who has left votes, until they are back.
    marked_as_left(world, jens)
    marked_as_left(world, ingrid)
    ingrid.writes_privately("stem 3")
    assert chosen(world, "Ingrid Vik") == [None]
    assert chosen(world, "Jens Holm") == [0b10]
    ingrid.replies("3", under=CARD)
    assert chosen(world, "Ingrid Vik") == [0b100]
    world.change("UPDATE room SET state = 'ended' WHERE organisation <> 1")
    world.change("DELETE FROM ballot")
    world.change("UPDATE member SET role = 'facilitator', home = 'none'")
    kari.presses("Stem", on=CARD)
    kari.is_told("Din har ingen")


def test_one_ballot_for_two_accounts_two_ids_and_whatever_a_client_makes_up(
    world: World, kari: SlackPerson, jens: TeamsPerson, lars: TeamsPerson
) -> None:
    jens.opens_form("Stem", on=CARD)
    assert jens.last is not None
    assert jens.last.dialog is not None
    forged = {"choices": "1", "userId": lars.user.aad, "member": "1", "from": lars.user.aad}
    sent = jens.world.teams.submit(jens.user, jens.last.dialog, forged)
    told = [
        world.act(sent),
        world.act(jens.world.teams.submit(jens.user, jens.last.dialog, forged)),
    ]
    assert all(says(jens, "counted") in one.told for one in told)
    assert told[0].activity["id"] != told[1].activity["id"]
    for wrong in ("999", "0", "-1", "1 OR 1", "9" * 30):
        made_up = jens.world.teams.submit(jens.user, jens.last.dialog, forged | {"subject": wrong})
        assert "er væk" in world.act(made_up).told
    assert world.rows("SELECT member, choices FROM ballot WHERE voted_at IS NOT NULL") == [
        (
            world.count(
                "SELECT member FROM membership JOIN account ON account.id = account "
                "WHERE account.name = 'Jens Holm'"
            ),
            1,
        )
    ]
    world.change(  # As they do who link their accounts.
        "UPDATE membership SET member = (SELECT member FROM membership JOIN account ON account.id "
        "= account WHERE account.name = 'Kari Nilsen') WHERE account IN (SELECT id FROM account "
        "WHERE name = 'Lars Krogh')"
    )
    press_and_send(kari, "1,2")
    lars.opens_form("Stem", on=CARD)
    assert lars.typed("choices") == "1,2"
    lars.sends_form(choices="3")
    assert chosen(world, "Kari Nilsen") == chosen(world, "Lars Krogh") == [0b100]
    kari.opens_form("Stem", on=CARD)
    assert kari.typed("choices") == "3"


@pytest.mark.parametrize("at", [(None, None), (None, 2), (1, None), (1, 2), (2, 1), (1, 1)])
def test_of_two_who_become_one_the_later_ballot_counts(
    world: World, at: tuple[int | None, int | None]
) -> None:
    with world.village.mellom.writers.begin() as uow:
        one, other = (members.profile(uow, id) for id in polls.waited_for(uow, 1)[:2])
        for who, cast_at, places in ((one, at[0], [1]), (other, at[1], [2])):
            if cast_at is not None:
                later = replace(uow, now=uow.now + timedelta(minutes=cast_at))
                polls.cast(later, 1, who.id, places)
        merging.become_one(uow, one, other.id)
        _, _, ballot = polls.hold(uow, 1, one.id)
    assert ballot is not None
    if at == (None, None):
        assert not ballot.cast
    else:
        assert ballot.places == ((2,) if (at[1] or 0) > (at[0] or 0) else (1,))
    assert world.count("SELECT count(*) FROM ballot") == 3


# ---- what others are shown


def test_a_channel_that_is_only_told_hears_that_there_is_a_poll_and_nobodys_words(
    world: World, kari: SlackPerson, alta: Room
) -> None:
    board = world.act(world.village.tell(Town("Hamar kommune", "slack", "no", "nb", ()), "Bjarne"))
    place = world.count("SELECT max(id) FROM conversation")
    with world.village.mellom.writers.begin() as uow:
        one = polls.in_state(uow, 1, polls.OPEN)
        assert one is not None
        post = posts.find(uow, polls.KIND, one.thread or 0)
        posts.show_also(uow, post or 0, place)
    world.settle()
    press_and_send(kari, "1")
    assert CARD in board.words[-1]
    assert "9. februar kl. 10.00" in board.words[-1]
    assert "Tavlemøtene" not in board.words[-1]
    kari.presses("Vis på dansk", on=CARD)
    kari.is_told("1. Tavlemøderne", "Åben til")
