"""Now and then a quiet member is asked, in private, something that they could help with."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from adapters.playground import faults
from bot.features import gate, nudging, private
from bot.language import ZONE
from bot.quiet import is_held_out
from storage import retention
from storage.jobs import Job
from tests.conversation import Founded, GoOn, Person, Room, World

QUESTION = "Hvordan holder dere tavlemøtene i live?"
WAITS = {
    "nb": "Har du to minutter til en setning eller to?",
    "da": "Har du to minutter til en sætning eller to?",
}
LACKS = {"nb": "Vi mangler foreløpig stemmer fra", "da": "Vi mangler indtil videre stemmer fra"}
MORNING = (2027, 2, 9, 9)
TOO_EARLY = (2027, 2, 9, 8, 59)


def oslo(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZONE)  # type: ignore[misc,arg-type]


def id_of(world: World, name: str) -> int:
    return world.count(
        "SELECT membership.member FROM membership JOIN account ON account.id = membership.account "  # noqa: S608
        f"WHERE account.name = '{name}'"
    )


def leaves_out(world: World, *names: str) -> None:
    """These are left out this quarter, so that the use of it can be known; nobody else is."""
    out = {id_of(world, name) for name in names}
    everybody = [row[0] for row in world.rows("SELECT id FROM member")]
    seed = next(
        str(number)
        for number in range(100_000)
        if {one for one in everybody if is_held_out(one, date(2027, 2, 9), str(number))} == out
    )
    world.change(f"UPDATE network SET seed = '{seed}'")  # noqa: S608


def can_help(world: World, *names: str) -> None:
    for name in names:
        world.change(f"INSERT INTO member_theme (member, theme) VALUES ({id_of(world, name)}, 1)")  # noqa: S608


def a_question_waits(world: World) -> None:
    """It is Monday, and Kari's question waits, of a theme with which Ingrid and Jens can help.
    Everybody has been here for long, and nobody has said anything for a while."""
    world.change("UPDATE member SET joined_at = '2026-10-01', welcomed_at = '2026-10-01'")
    world.change("UPDATE organisation SET informed_on = '2026-12-01'")
    can_help(world, "Ingrid Vik", "Jens Holm")
    leaves_out(world)
    world.goes_to(oslo(2027, 2, 8, 10))
    world.person("Kari Nilsen").asks(QUESTION)
    world.change("DELETE FROM step")  # Nobody is asked by name.
    world.change("DELETE FROM thread_theme")
    world.change(
        "INSERT INTO thread_theme (thread, place, theme, confirmed) "
        "SELECT id, 1, 1, true FROM thread WHERE kind = 'question'"
    )


@pytest.fixture(scope="module")
def founded_quiet(go_on: GoOn) -> Callable[[str], Founded]:
    return functools.cache(lambda kind: go_on(kind, a_question_waits))


@pytest.fixture
def founded_before(founded_quiet: Callable[[str], Founded], database_kind: str) -> Founded:
    return founded_quiet(database_kind)


def asked(world: World, words: tuple[str, ...] = tuple(WAITS.values())) -> list[str]:
    """Who has read such words, by name, once for each time."""
    names = [name for room in world.rooms.values() for name in room.inner.people]
    return sorted(
        name
        for name in names
        for seen in world.person(name).private
        if any(one in seen.words for one in words)
    )


def outcomes(world: World) -> list[tuple[str, str]]:
    return world.rows("SELECT kind, outcome FROM invitation ORDER BY id")


def test_somebody_quiet_is_asked_on_slack_and_on_teams(
    world: World, ingrid: Person, jens: Person
) -> None:
    world.goes_to(oslo(2027, 2, 9, 8, 59))
    assert asked(world) == []
    world.goes_to(oslo(*MORNING))
    assert asked(world) == ["Ingrid Vik", "Jens Holm"]
    ingrid.reads_privately("Hei Ingrid. Kari Nilsen i Alta kommune lurer på dette", QUESTION)
    ingrid.reads_privately("Du har skrevet at du kan hjelpe med", WAITS["nb"])
    jens.reads_privately("Hej Jens. Kari Nilsen i Alta kommune", WAITS["da"])
    ingrid.reads_privately("Ingen andre får vite det.")
    assert outcomes(world) == [("nudge", "open"), ("nudge", "open")]


@pytest.mark.parametrize("name", ["Ingrid Vik", "Jens Holm"])
def test_they_answer_in_place(world: World, name: str, alta: Room) -> None:
    world.goes_to(oslo(*MORNING))
    person = world.person(name)
    person.writes_privately("Vi bytter møteleder hver uke.")
    assert "Er det et svar på Q-1" in person.private[-1].words
    alta.does_not_see("møteleder")
    person.presses("Svar", on="to minutter", privately=True)
    person.sends_form(answer="Vi bytter møteleder hver uke.")
    alta.sees(name, "Vi bytter møteleder hver uke.")
    assert ("nudge", "answered") in outcomes(world)
    person.reads_privately(
        QUESTION, "Takk for svaret." if name == "Ingrid Vik" else "Tak for dit svar."
    )


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("Ingrid Vik", "Endre eller trekk"),
        ("Jens Holm", "Ret eller træk tilbage"),
        ("Jens Holm", ""),
    ],
)
def test_a_word_is_no_answer_to_what_they_were_asked_until_it_becomes_one(
    world: World, name: str, change: str
) -> None:
    world.goes_to(oslo(*MORNING))
    person = world.person(name)
    if change:
        person.presses("Svar", on="to minutter", privately=True)
        person.sends_form(answer="Ja!")
        assert outcomes(world) == [("nudge", "open"), ("nudge", "open")]
        person.opens_form(change, on="Ja!")
        person.sends_form(text="Vi bytter møteleder hver uke.")
    else:
        person.replies("Ja!", under=QUESTION)
        person.edits("Ja!", "Vi bytter møteleder hver uke.")
    assert ("nudge", "answered") in outcomes(world)
    person.reads_privately(
        QUESTION, "Takk for svaret." if name == "Ingrid Vik" else "Tak for dit svar."
    )
    assert world.count("SELECT count(*) FROM step WHERE name = 'answers'") == 1


@pytest.mark.parametrize(
    ("name", "label", "told"),
    [("Ingrid Vik", "Ikke nå", "en annen gang"), ("Jens Holm", "Ikke nu", "en anden gang")],
)
def test_not_now_is_a_good_answer(world: World, name: str, label: str, told: str) -> None:
    world.goes_to(oslo(*MORNING))
    person = world.person(name)
    person.presses(label, on="to minutter", privately=True)
    person.is_told(told)
    assert ("nudge", "not now") in outcomes(world)


@pytest.mark.parametrize(("days", "outcome"), [(0, "just reads"), (10, "no longer")])
@pytest.mark.parametrize(
    ("name", "label"),
    [("Ingrid Vik", "Jeg vil bare lese"), ("Jens Holm", "Jeg vil bare læse med")],
)
def test_who_would_rather_just_read_is_asked_nothing_any_more(
    world: World, name: str, label: str, days: int, outcome: str
) -> None:
    world.goes_to(oslo(*MORNING))
    world.later(days=days)
    person = world.person(name)
    person.presses(label, on="to minutter", privately=True)
    assert ("nudge", outcome) in outcomes(world)
    with pytest.raises((AssertionError, LookupError)):
        person.presses(label, on="to minutter", privately=True)
    assert world.count("SELECT count(*) FROM member WHERE just_reads") == 1


def test_who_is_asked_whom_to_ask_names_somebody_and_it_crosses_nowhere(
    world: World, ingrid: Person, kari: Person, alta: Room
) -> None:
    sent_before(world, "nudge", "2026-12-28")
    world.goes_to(oslo(*MORNING))
    ingrid.reads_privately("Hvem bør vi spørre i Bodø kommune? En rolle holder.")
    with pytest.raises((AssertionError, LookupError)):
        ingrid.presses("Svar", on="En rolle holder", privately=True)
    ingrid.presses("Foreslå noen", on="En rolle holder", privately=True)
    ingrid.sends_form(text="Rådgiveren for læring")
    assert ("nudge-2", "named") in outcomes(world)
    world.later(days=1)
    kari.reads_privately("Ingrid Vik", "Rådgiveren for læring")
    alta.does_not_see("Rådgiveren")
    assert world.count("SELECT count(*) FROM invitation WHERE kind = 'asked'") == 0


@pytest.mark.parametrize(
    "typed",
    ["Spør Anne Dahl i økonomi", "Spør IT-sjefen", "Foreslå Anne Dahl. Hun leder økonomi hos oss."],
)
def test_who_names_somebody_in_words_asks_nobody_and_reads_where_to_write_it(
    world: World, ingrid: Person, alta: Room, typed: str
) -> None:
    sent_before(world, "nudge", "2026-12-28")
    world.goes_to(oslo(*MORNING))
    suggested = world.count("SELECT count(*) FROM nomination")
    ingrid.writes_privately(typed)
    told = ingrid.private[-1].words
    assert "Q-1" in told
    assert "«Foreslå noen»" in told
    assert world.count("SELECT max(number) FROM thread") == 1
    assert world.count("SELECT count(*) FROM nomination") == suggested
    ingrid.presses("Foreslå noen", on=told, privately=True)
    ingrid.sends_form(text="Anne Dahl i økonomi")
    assert ("nudge-2", "named") in outcomes(world)
    alta.does_not_see("Anne")
    ingrid.writes_privately("Spør Hvem leder tavlemøtene hos dere?")  # They have been heard.
    alta.sees("Hvem leder tavlemøtene hos dere?")


@pytest.mark.parametrize(
    ("name", "typed", "label"),
    [
        ("Ingrid Vik", "Spør rådgiveren for læring", "Spør alle"),
        ("Jens Holm", "spørg Hvem leder tavlemøderne?", "Spørg alle"),
    ],
)
def test_who_is_asked_something_can_still_ask_everybody(
    world: World, name: str, typed: str, label: str, alta: Room
) -> None:
    sent_before(world, "nudge", "2026-12-28")
    world.goes_to(oslo(*MORNING))
    person = world.person(name)
    person.writes_privately(typed)
    told = person.private[-1].words
    asks = typed.removeprefix("spørg ")
    alta.does_not_see(asks)
    person.presses(label, on=told, privately=True)
    assert person.typed("question") == asks
    person.sends_form(question=asks)
    if person.form:
        person.confirms()
    alta.sees(name, asks)


def test_a_role_is_a_word_or_two_and_is_shown_where_it_goes(world: World, ingrid: Person) -> None:
    sent_before(world, "nudge", "2026-12-28")
    world.goes_to(oslo(*MORNING))
    ingrid.writes_privately("IT-sjefen")
    assert "«Foreslå noen»" in ingrid.private[-1].words
    for words in ("hjelp", "hei"):
        ingrid.writes_privately(words)
        assert "«Foreslå noen»" not in ingrid.private[-1].words


def test_after_it_is_heard_or_two_working_days_private_words_open_the_home_again(
    world: World, ingrid: Person, jens: Person
) -> None:
    world.goes_to(oslo(*MORNING))  # On Tuesday.
    ingrid.presses("Ikke nå", on="to minutter", privately=True)
    ingrid.writes_privately("Hva er åpent i nettverket nå?")
    assert "Er det et svar" not in ingrid.private[-1].words
    world.goes_to(oslo(2027, 2, 11, 20))
    jens.writes_privately("Hvad er åbent i netværket nu?")
    assert "Er det et svar" in jens.private[-1].words
    world.goes_to(oslo(2027, 2, 12, 8))
    jens.writes_privately("Hvad er åbent i netværket nu?")
    assert "Er det et svar" not in jens.private[-1].words
    jens.writes_privately("spørg Hvem leder tavlemøderne hos jer?")
    assert world.count("SELECT max(number) FROM thread") == 2


def test_who_is_asked_whether_it_suits_asks_nobody_by_saying_so(
    world: World, ingrid: Person, alta: Room
) -> None:
    sent_before(world, "nudge-3", "2026-12-28")
    world.goes_to(oslo(*MORNING))
    ingrid.writes_privately("Spør meg gjerne av og til.")
    assert "knappene" in ingrid.private[-1].words
    alta.does_not_see("meg gjerne")
    ingrid.presses("Spør alle", on="knappene", privately=True)
    assert ingrid.typed("question") == "Spør meg gjerne av og til."
    ingrid.writes_privately("Ja takk, det passer fint.")
    assert "knappene" not in ingrid.private[-1].words


def test_nobody_is_told_that_they_can_help_with_what_they_have_unticked(
    world: World, ingrid: Person
) -> None:
    world.goes_to(oslo(*MORNING))
    world.change("DELETE FROM member_theme")
    ingrid.presses("Ikke nå", on="to minutter", privately=True)
    world.settle()
    [words] = [seen.words for seen in ingrid.private if "to minutter" in seen.words]
    assert "Du har skrevet at" not in words


def test_whose_name_is_not_known_is_greeted_without_one(world: World, ingrid: Person) -> None:
    world.change(
        "UPDATE account SET name = NULL, profile_due_at = '2099-01-01' WHERE name = 'Ingrid Vik'"
    )
    world.goes_to(oslo(*MORNING))
    ingrid.reads_privately("Hei. Kari Nilsen i Alta", "to minutter")


# ---- why they of all people


WHY = {
    "theme": ("Hvorfor fikk jeg denne?", "Du har skrevet at du kan hjelpe med Utvikling"),
    "danish": ("Hvorfor fik jeg den?", "Du har skrevet, at du kan hjælpe med"),
    "poll": ("Hvorfor fikk jeg denne?", "Da var det ingen stemmer fra Bodø kommune."),
    "check": ("Hvorfor fikk jeg denne?", "Jeg vet ikke ennå om det passer for deg at jeg spør."),
}


@pytest.mark.parametrize("case", WHY)
def test_who_asks_why_is_told_why_it_was_they(
    world: World, ingrid: Person, jens: Person, request: pytest.FixtureRequest, case: str
) -> None:
    if case == "check":
        sent_before(world, "nudge-3", "2026-12-28")
    if case == "poll":
        request.getfixturevalue("poll_waits")
    world.goes_to(oslo(*MORNING))
    person = jens if case == "danish" else ingrid
    question, told = WHY[case]
    person.writes_privately(question)
    assert told in person.private[-1].words
    assert "Mine in" in person.private[-1].words  # Where they switch it off.


def test_what_cannot_be_switched_off_is_not_said_to_be(world: World, lars: Person) -> None:
    lars.writes_privately("Hvorfor fik jeg den?")
    assert "Ingen andre får at vide" in lars.private[-1].words
    assert "Mine indstillinger" not in lars.private[-1].words


# ---- a poll in which their organisation lacks votes


@pytest.fixture
def poll_waits(world: World, ingrid: Person, jens: Person) -> None:
    """They are asked about the poll, and the question waits no more."""
    world.change("UPDATE thread SET answered_at = '2027-02-08' WHERE kind = 'question'")
    world.change("UPDATE poll SET closes_at = '2027-02-12 09:00' WHERE state = 'open'")
    world.goes_to(oslo(*MORNING))
    ingrid.reads_privately(LACKS["nb"], "Bodø kommune", "fredag 12. februar")
    jens.reads_privately(LACKS["da"], "Aarhus Kommune")


def poll_reads(person: Person) -> str:
    """What they were asked now and then, as it stands."""
    [words] = [seen.words for seen in person.private if re.search("a[vf] og til sp", seen.words)]
    return words


@pytest.mark.usefixtures("poll_waits")
def test_once_somebody_there_has_voted_it_says_that_no_more(
    world: World, ingrid: Person, jens: Person
) -> None:
    before = poll_reads(jens)
    ingrid.presses("Stem", on=LACKS["nb"], privately=True)
    ingrid.sends_form(choices="1,3")
    world.settle()
    assert "problemstilling er åpen til fredag 12. februar kl. 10.00.\nDu får" in poll_reads(ingrid)
    assert poll_reads(jens) == before
    jens.presses("Stem", on=LACKS["da"], privately=True)
    jens.sends_form(choices="2")
    world.settle()
    assert LACKS["da"] not in poll_reads(jens)


@pytest.mark.usefixtures("poll_waits")
def test_it_says_until_when_the_poll_is_open_and_that_it_is_closed(
    world: World, ingrid: Person, jens: Person
) -> None:
    world.goes_to(oslo(2027, 2, 12, 10, 5))
    assert "tirsdag 16. februar" in poll_reads(ingrid)
    world.goes_to(oslo(2027, 2, 17, 10))
    assert "Avstemningen er stengt" in poll_reads(ingrid)
    assert "Afstemningen er lukket" in poll_reads(jens)
    assert "[Stem]" not in poll_reads(ingrid)


# ---- who is left in peace


IN_PEACE = (
    "UPDATE member SET just_reads = true WHERE id = {ingrid}",
    "UPDATE member SET role = 'manager' WHERE id = {ingrid}",
    "UPDATE member SET role = 'reader' WHERE id = {ingrid}",
    "UPDATE member SET role = 'facilitator' WHERE id = {ingrid}",
    "UPDATE member SET home = 'unknown' WHERE id = {ingrid}",
    "UPDATE member SET days = '145' WHERE id = {ingrid}",
    "UPDATE member SET away_until = '2027-02-10' WHERE id = {ingrid}",
    "UPDATE member SET away_until = '2027-02-05' WHERE id = {ingrid}",
    "UPDATE member SET joined_at = '2027-01-13' WHERE id = {ingrid}",
    "UPDATE member SET left_at = '2027-01-20' WHERE id = {ingrid}",
    "DELETE FROM member_theme WHERE member = {ingrid}",
    "INSERT INTO muted (member, kind) VALUES ({ingrid}, 'nudge')",
    "INSERT INTO school_break SELECT organisation, '2027-02-08', '2027-02-09' FROM member"
    " WHERE id = {ingrid}",
    "UPDATE organisation SET informed_on = NULL WHERE name = 'Bodø kommune'",
    "INSERT INTO attempt (thread, member, outcome, asked_at, told_at)"
    " SELECT min(id), {ingrid}, 'dropped', '2027-01-10', '2027-02-01' FROM thread",
    "UPDATE organisation SET informed_on = '2027-02-09' WHERE name = 'Bodø kommune'",
    "UPDATE room SET reads = 'none' WHERE organisation ="
    " (SELECT organisation FROM member WHERE id = {ingrid})",
    "INSERT INTO nomination (network, member, title, text, state, created_at)"
    " VALUES (1, {ingrid}, 'x', 'x', 'standing', '2027-02-02')",
    "INSERT INTO backer (nomination, member, organisation, at)"
    " SELECT min(nomination.id), {ingrid}, 1, '2027-02-02' FROM nomination",
    "UPDATE ballot SET voted_at = '2027-02-03' WHERE member = {ingrid}",
    "INSERT INTO invitation (network, member, organisation, kind, outcome, at)"
    " VALUES (1, {ingrid}, 1, 'nudge', 'not now', '2027-01-20')",
    "INSERT INTO invitation (network, member, organisation, kind, outcome, at)"
    " VALUES (1, {ingrid}, 1, 'asked', 'not now', '2027-01-28')",
    "INSERT INTO invitation (network, member, organisation, kind, outcome, at)"
    " VALUES (1, {ingrid}, 1, 'check', 'open', '2026-12-01')",
    "INSERT INTO private (network, member, kind, facts, state, created_at, sent_at)"
    " VALUES (1, {ingrid}, 'host', '{{}}', 'shown', '2027-02-09 06:00', '2027-02-09 06:00')",
    "INSERT INTO private (network, member, kind, facts, state, created_at, sent_at)"
    " VALUES (1, {ingrid}, 'answers', '{{}}', 'shown', '2027-02-09 06:00', '2027-02-09 06:00')",
)
"""Whatever holds of Ingrid, she is not asked."""

NOTHING_TO_SAY = (
    "UPDATE thread SET answered_at = '2027-02-08' WHERE kind = 'question'",
    "UPDATE thread SET state = 'withdrawn' WHERE kind = 'question'",
    "DELETE FROM thread_theme",
    "UPDATE network SET paused_at = '2027-02-08'",
    "UPDATE network SET asking_stopped_at = '2027-02-08'",
    "UPDATE thread SET created_at = '2027-01-05' WHERE kind = 'prompt'",
    "INSERT INTO seminar (network, host, first_day, last_day, created_at)"
    " VALUES (1, 1, '2027-01-13', '2027-01-14', '2027-01-01')",
)


def asked_if(world: World, change: str) -> list[str]:
    """Who would be asked on Tuesday, had this been so."""
    at = oslo(*TOO_EARLY)
    with world.supposing(change.format(ingrid=id_of(world, "Ingrid Vik")), at) as uow:
        nudging.look(Job(1, nudging.JOB, at), uow)
        names = text(
            "SELECT account.name FROM invitation i JOIN membership m ON m.member = i.member "
            "JOIN account ON account.id = m.account WHERE i.thread IS NOT NULL ORDER BY name"
        )
        found = list(uow.connection.execute(names).scalars())
    return found


def test_who_is_not_to_be_asked_is_not(world: World) -> None:
    found = {change: asked_if(world, change) for change in IN_PEACE}
    assert found == {change: ["Jens Holm"] for change in IN_PEACE}
    assert asked_if(world, "DELETE FROM receipt") == ["Ingrid Vik", "Jens Holm"]


def test_where_there_is_nothing_to_say_nobody_is_asked(world: World) -> None:
    found = {change: asked_if(world, change) for change in NOTHING_TO_SAY}
    assert not any(found.values()), found


def test_a_question_that_two_other_organisations_have_answered_waits_no_more(
    world: World, jens: Person, ingrid: Person, lars: Person
) -> None:
    jens.replies("Vi bytter mødeleder hver uge.", under=QUESTION)
    lars.replies("Vi holder dem i et kvarter.", under=QUESTION)
    world.goes_to(oslo(*MORNING))
    assert asked(world) == []


def test_who_is_left_out_to_know_the_use_of_it_is_not_asked(world: World) -> None:
    leaves_out(world, "Jens Holm")
    world.goes_to(oslo(*MORNING))
    assert asked(world) == ["Ingrid Vik"]


def test_it_is_done_once_a_day_and_once_for_each(world: World) -> None:
    world.goes_to(oslo(*MORNING))
    world.change("UPDATE job SET due_at = '2027-02-09' WHERE name = 'nudge'")
    world.goes_to(oslo(2027, 2, 11, 14))
    assert asked(world) == ["Ingrid Vik", "Jens Holm"]
    assert world.count("SELECT count(*) FROM invitation") == 2


# ---- decided again at the moment of sending


def test_an_answer_a_second_before_spares_the_question_and_came_of_nothing_that_was_sent(
    world: World, ingrid: Person
) -> None:
    world.goes_to(oslo(*TOO_EARLY))
    ingrid.replies("Vi bytter møteleder hver uke.", under=QUESTION)
    world.goes_to(oslo(2027, 2, 9, 9, 30))
    assert asked(world) == ["Jens Holm"]
    assert sorted(outcomes(world)) == [("nudge", "open"), ("nudge", "void")]
    ingrid.replies("Og vi holder dem i et kvarter.", under=QUESTION)
    assert sorted(outcomes(world)) == [("nudge", "open"), ("nudge", "void")]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE member SET away_until = '2027-02-20' WHERE id = {ingrid}",
        "UPDATE member SET just_reads = true WHERE id = {ingrid}",
        "UPDATE member SET role = 'manager' WHERE id = {ingrid}",
        "INSERT INTO muted (member, kind) VALUES ({ingrid}, 'nudge')",
        "UPDATE organisation SET informed_on = NULL WHERE name = 'Bodø kommune'",
        "DELETE FROM member_theme WHERE member = {ingrid}",
        "UPDATE ballot SET voted_at = '2027-02-09' WHERE member = {ingrid}",
    ],
)
def test_what_is_chosen_while_it_waits_holds(world: World, change: str) -> None:
    world.goes_to(oslo(*TOO_EARLY))
    world.change(change.format(ingrid=id_of(world, "Ingrid Vik")))
    world.goes_to(oslo(2027, 2, 9, 9, 30))
    assert asked(world) == ["Jens Holm"]
    assert sorted(outcome for _, outcome in outcomes(world)) == ["open", "void"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE network SET paused_at = '2027-02-09'",
        "UPDATE network SET asking_stopped_at = '2027-02-09'",
        "UPDATE thread SET answered_at = '2027-02-09' WHERE kind = 'question'",
    ],
)
def test_what_ends_while_it_waits_is_not_sent_that_day_nor_later(world: World, change: str) -> None:
    world.goes_to(oslo(*TOO_EARLY))
    world.change(change)
    world.goes_to(oslo(2027, 2, 9, 9, 30))
    world.change("UPDATE network SET paused_at = NULL")
    world.change("UPDATE thread SET answered_at = '2027-02-09' WHERE kind = 'question'")
    world.goes_to(oslo(2027, 2, 11, 12))
    assert asked(world) == []


def test_one_in_doubt_is_never_sent_again_and_counts_as_sent(world: World, jens: Person) -> None:
    world.goes_to(oslo(*TOO_EARLY))
    world.teams.faults.add(faults.status(502, done=True), method="send")
    world.goes_to(oslo(*MORNING))
    is_asked_until(world, date(2027, 2, 10), date(2027, 2, 11), date(2027, 2, 16))
    assert asked(world) == ["Ingrid Vik", "Jens Holm"]
    assert world.count("SELECT count(*) FROM copy WHERE state = 'parked'") == 1
    assert sorted(outcomes(world)) == [("nudge", "open"), ("nudge", "unsure")]
    jens.presses("Ikke nu", on="to minutter", privately=True)
    assert ("nudge", "not now") in outcomes(world)


@pytest.mark.parametrize("kind", ["nudge-3", "check"])
def test_of_one_in_doubt_nobody_concludes_that_it_had_no_response(
    world: World, ingrid: Person, kind: str
) -> None:
    sent_before(world, "nudge", "2026-12-20")
    sent_before(world, kind, "2026-12-28", "unsure")
    world.goes_to(oslo(*MORNING))
    ingrid.reads_privately("Hvem bør vi spørre i Bodø")  # As if that had not been.


# ---- what cannot be delivered


def test_what_cannot_be_delivered_is_said_nowhere_else_and_after_two_it_is_over(
    world: World, ingrid: Person, bodo: Room
) -> None:
    refused = world.slack.faults.add(
        faults.error("messages_tab_disabled"), method="chat.postMessage", times=None
    )
    before = len(bodo.everything)
    world.goes_to(oslo(*MORNING))
    is_asked_until(world, date(2027, 2, 10), date(2027, 2, 11))
    assert len(bodo.everything) == before
    id = id_of(world, "Ingrid Vik")
    tried = f"SELECT kind FROM private WHERE reason = 'undelivered' AND member = {id} ORDER BY id"  # noqa: S608
    assert world.rows(tried) == [("nudge",), ("poll",)]
    assert [outcome for _, outcome in outcomes(world)] == ["open", "void"]
    world.slack.faults.heal(refused)
    assert asked(world) == ["Jens Holm"]
    assert not would_be_asked(world, id)
    ingrid.replies("Vi bytter møteleder hver uke.", under=QUESTION)
    assert would_be_asked(world, id)


def would_be_asked(world: World, member: int) -> bool:
    """Whether the gate would let pass what asks something of them."""
    with world.village.mellom.writers.begin() as uow:
        return private.would_pass(uow, gate.HOST, member, uow.now + timedelta(days=7))


# ---- no response


def again(world: World, day: datetime) -> None:
    """The same question waits at a later time, and there have been chances meanwhile."""
    world.change("DELETE FROM step")
    yesterday = (day - timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S")
    kari = id_of(world, "Kari Nilsen")
    for _number in range(3):
        world.change(
            "INSERT INTO thread (network, kind, number, organisation, member, account, "  # noqa: S608
            "conversation, body, state, created_at) SELECT network, 'question', "
            f"(SELECT max(number) + 1 FROM thread), organisation, {kari}, account, conversation, "
            f"body, 'open', '{yesterday}' FROM thread WHERE number = 1"
        )
    world.change(
        "INSERT INTO thread_theme (thread, place, theme, confirmed) SELECT id, 1, 1, true "
        "FROM thread WHERE number IS NOT NULL AND id NOT IN (SELECT thread FROM thread_theme)"
    )
    world.change("UPDATE network SET last_number = (SELECT max(number) FROM thread)")


def is_asked_until(world: World, *days: date) -> None:
    for day in days:
        again(world, oslo(day.year, day.month, day.day, 9))
        world.goes_to(oslo(day.year, day.month, day.day, 10))


def test_after_three_without_a_response_it_is_asked_once_whether_it_suits(
    world: World, ingrid: Person
) -> None:
    world.goes_to(oslo(*MORNING))
    is_asked_until(world, date(2027, 3, 10))
    ingrid.reads_privately("Vi leter etter noen som kan mye om dette", "Hvem bør vi spørre i Bodø")
    is_asked_until(world, date(2027, 4, 22), date(2027, 6, 10))
    theirs = f"FROM invitation WHERE member = {id_of(world, 'Ingrid Vik')} ORDER BY id"
    assert [kind for (kind,) in world.rows(f"SELECT kind {theirs}")] == [
        "nudge",
        "nudge-2",
        "nudge-3",
        "check",
    ]
    ingrid.reads_privately("Passer det, eller vil du heller bare lese? Begge deler er bra.")


@pytest.mark.parametrize(
    ("label", "outcome", "told"),
    [
        ("Send gjerne", "go on", "Da fortsetter jeg"),
        ("Jeg vil bare lese", "just reads", "Fra nå av ber jeg deg ikke om noe"),
        ("Pause i tre måneder", "pause", "Jeg skriver ikke til deg av meg selv på tre måneder"),
        ("Pause i tre måneder", "go on", "Jeg skriver ikke til deg av meg selv på tre måneder"),
    ],
)
def test_each_answer_to_that_is_a_good_one(
    world: World, ingrid: Person, label: str, outcome: str, told: str
) -> None:
    sent_before(world, "nudge-3", "2026-12-28")
    world.goes_to(oslo(*MORNING))
    ingrid.reads_privately("Passer det, eller vil du heller bare lese?")
    if outcome == "go on":  # They said so before, and press on a card from then.
        world.change("UPDATE invitation SET outcome = 'go on' WHERE kind = 'check'")
    ingrid.presses(label, on="Passer det", privately=True)
    ingrid.is_told(told)
    assert ("check", outcome) in outcomes(world)
    if label.startswith("Pause"):
        assert world.rows("SELECT away_until FROM member WHERE away_until IS NOT NULL") in (
            [("2027-05-11",)],
            [(date(2027, 5, 11),)],
        )


def sent_before(world: World, kind: str, day: str, outcome: str = "open") -> None:
    world.change(
        "INSERT INTO invitation (network, member, organisation, kind, outcome, at) "  # noqa: S608
        f"SELECT network, id, organisation, '{kind}', '{outcome}', '{day} 08:00:00' FROM member "
        f"WHERE id = {id_of(world, 'Ingrid Vik')}"
    )


def test_what_is_kept_is_forgotten_after_ninety_days_but_that_somebody_is_left_in_peace(
    world: World,
) -> None:
    sent_before(world, "nudge-3", "2026-11-10")
    sent_before(world, "nudge", "2026-12-10")
    sent_before(world, "check", "2026-11-10")
    sent_before(world, "check", "2026-11-10", "go on")
    sent_before(world, "check", "2026-08-01")
    with world.village.mellom.writers.begin() as uow:
        retention.tidy(uow)
    assert outcomes(world) == [("nudge", "open"), ("check", "open")]
