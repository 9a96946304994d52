"""Before a poll opens, whoever runs the network sees what it is about, and may choose otherwise."""

from __future__ import annotations

from datetime import datetime

from bot.language import ZONE
from tests.conversation import Person, Room, SlackPerson, TeamsPerson, World
from tests.test_facilitating import WORD
from tests.test_facilitating import ingrid as ingrid
from tests.test_facilitating import lars as lars
from tests.test_monday import BOTH, LANGUAGE, running
from tests.test_nominating import (
    ABOUT,
    DANISH,
    MORE,
    OPENS,
    OTHER,
    PLANNED,
    POLL,
    TEXT,
    TITLE,
    listed,
    standing,
    suggests,
)

BANK = ["P01", "P02", "P03"]
AHEAD = {"nb": "Dette velger nettverket mellom", "da": "Dette vælger netværket imellem"}
CHOOSE = {"nb": "Velg listen", "da": "Vælg listen"}
MERGE = {"nb": "Slå sammen to", "da": "Slå to sammen"}
SKIP = {"nb": "Hopp over denne måneden", "da": "Spring denne måned over"}
NONE = {"nb": "ingen avstemning", "da": "ingen afstemning"}
AFTER_ALL = {"nb": "Åpne den likevel", "da": "Åbn den alligevel"}
CHOSEN = {"nb": "Dette er valgt", "da": "Dette er valgt"}
WAITING = {"nb": "Forslag som venter", "da": "Forslag, der venter"}
OPENED = {"nb": "Avstemningen har åpnet", "da": "Afstemningen er åbnet"}


def its_card(person: Person) -> str:
    return next(seen.words for seen in person.private if seen.words.startswith(POLL))


def ids(world: World) -> list[str]:
    rows = world.rows("SELECT id FROM nomination WHERE key IS NULL ORDER BY id")
    return [str(id) for (id,) in rows]


@BOTH
def test_the_list_is_told_in_time_and_doing_nothing_approves(
    name: str, world: World, kari: Person, jens: Person, alta: Room, aarhus: Room
) -> None:
    person, language = running(world, name), LANGUAGE[name]
    suggests(kari, TITLE, TEXT)
    world.goes_to(datetime(2027, 1, 27, 9, 29, tzinfo=ZONE))
    assert not any(POLL in seen.words for seen in person.private)
    world.goes_to(PLANNED)
    card = its_card(person)
    assert AHEAD[language] in card
    assert f"1. {TITLE}" in card
    assert "Kari Nilsen · Alta kommune" in card
    assert {"nb": "så 2 er fra Melloms liste", "da": "så 2 er fra Melloms liste"}[language] in card
    assert {"nb": "onsdag 3. februar", "da": "onsdag den 3. februar"}[language] in card
    assert not any(POLL in seen.words for seen in (*kari.private, *jens.private))
    # What is suggested meanwhile joins it, and what is withdrawn leaves it.
    suggests(jens, OTHER, ABOUT)
    assert f"2. {OTHER}" in its_card(person)
    assert "så 1 er fra Melloms liste" in its_card(person)
    kari.writes_privately("hei")
    kari.presses("Se", on=TITLE, privately=True)
    kari.sends_form(withdraw="yes")
    assert TITLE not in its_card(person)
    world.goes_to(OPENS)
    for room in (alta, aarhus):
        room.sees_once(POLL, f"1. {OTHER}", "2. Tavl", "3. ")
    assert OPENED[language] in its_card(person)
    assert len([seen for seen in person.private if POLL in seen.words]) == 1


@BOTH
def test_another_list_is_chosen_and_kept(
    name: str, world: World, kari: Person, jens: Person
) -> None:
    person, language = running(world, name), LANGUAGE[name]
    suggests(kari, TITLE, TEXT)
    suggests(jens, OTHER, ABOUT)
    world.goes_to(PLANNED)
    kept, out = ids(world)
    person.presses(CHOOSE[language], on=POLL, privately=True)
    assert person.typed("problems").split(",")[:2] == [kept, out]
    person.sends_form(problems=f"{kept},P05")
    assert person.form is not None
    assert {"nb": "minst tre", "da": "mindst tre"}[language] in person.form
    person.sends_form(problems=f"{kept},P05,P09")
    assert listed(world) == [TITLE, "P05", "P09"]
    assert CHOSEN[language] in its_card(person)
    suggests(kari, "Verdistrøm på tvers", "Vi har fem enheter, og ingen av dem ser helheten.")
    assert listed(world) == [TITLE, "P05", "P09"]
    kari.writes_privately("hei")
    kari.presses("Se", on=TITLE, privately=True)
    kari.sends_form(suggestion=kept)
    kari.sends_form(withdraw="yes")
    assert listed(world) == ["P05", "P09", OTHER]
    assert world.count("SELECT count(*) FROM poll WHERE approved_at IS NOT NULL") == 1
    world.goes_to(OPENS)
    assert listed(world) == ["P05", "P09", OTHER]


@BOTH
def test_a_month_is_skipped_and_opened_after_all(name: str, world: World, alta: Room) -> None:
    person, language = running(world, name), LANGUAGE[name]
    world.goes_to(PLANNED)
    person.presses(SKIP[language], on=POLL, privately=True)
    assert NONE[language] in its_card(person)
    person.presses(AFTER_ALL[language], on=POLL, privately=True)
    assert AHEAD[language] in its_card(person)
    world.goes_to(OPENS)
    alta.sees_once(POLL, "1. ")
    assert listed(world) == BANK


def test_a_month_that_is_skipped_has_no_poll_and_the_next_one_has(
    world: World, ingrid: Person, alta: Room
) -> None:
    world.goes_to(PLANNED)
    ingrid.presses(SKIP["nb"], on=POLL, privately=True)
    world.goes_to(datetime(2027, 2, 25, 12, tzinfo=ZONE))
    alta.does_not_see(POLL)
    ahead = [seen for seen in ingrid.private if AHEAD["nb"] in seen.words]
    assert len(ahead) == 1
    assert "3. mars" in ahead[0].words
    world.goes_to(datetime(2027, 3, 3, 9, 30, tzinfo=ZONE))
    alta.sees_once(POLL)


@BOTH
def test_two_that_are_the_same_become_one_and_both_authors_are_told(
    name: str, world: World, kari: Person, jens: Person, bodo: Room
) -> None:
    person, language = running(world, name), LANGUAGE[name]
    suggests(kari, TITLE, TEXT)
    suggests(jens, DANISH, MORE, like="mine")
    kept, same = ids(world)
    person.writes_privately(WORD[language])
    person.presses(POLL, on="Nord", privately=True)
    person.is_told(TITLE, DANISH, "Jens Holm · Aarhus Kommune")
    if isinstance(person, SlackPerson):
        person.presses(MERGE[language], on=WAITING[language], privately=True)
    else:
        person.presses_in_form(MERGE[language])
    person.sends_form(one=kept, into=kept)
    assert person.form is not None
    assert {"nb": "to forskjellige", "da": "to forskellige"}[language] in person.form
    person.sends_form(one=same, into=kept)
    world.goes_to(PLANNED)
    card = its_card(person)
    assert f"1. {TITLE}" in card
    assert "Kari Nilsen · Alta kommune, Jens Holm · Aarhus Kommune" in card
    assert "1 a" in card
    assert DANISH not in card
    kari.reads_privately(person.name, TITLE, DANISH, "slått sammen")
    jens.reads_privately(person.name, TITLE, DANISH, "slået")
    # Whoever wrote the one that stays may withdraw it: then the other stands by itself again.
    kari.writes_privately("hei")
    kari.presses("Se", on=TITLE, privately=True)
    kari.sends_form(withdraw="yes")
    assert standing(world) == [(DANISH, MORE)]
    world.change(f"UPDATE nomination SET text = '{'Vi ' * 100}' WHERE title = '{DANISH}'")  # noqa: S608
    world.goes_to(OPENS)
    bodo.sees_once(POLL, f"1. {DANISH}", "… (Jens Holm · Aarhus Kommune)")
    person.writes_privately(WORD[language])
    person.presses(POLL, on="Nord", privately=True)
    if isinstance(person, TeamsPerson):  # On Slack what was told before stands there, too.
        assert MERGE[language] not in person.told


def test_nobody_else_decides_and_nothing_after_it_has_opened(
    world: World, ingrid: Person, kari: Person
) -> None:
    suggests(kari, TITLE, TEXT)
    world.goes_to(PLANNED)
    ingrid.presses(CHOOSE["nb"], on=POLL, privately=True)
    world.goes_to(OPENS)
    ingrid.sends_form(problems="P05,P06,P07")
    ingrid.is_told("for sent")
    assert listed(world) == [TITLE, *BANK[:2]]


def test_what_an_organisation_suggested_that_took_its_confirmation_back_is_not_shown(
    world: World, ingrid: Person, kari: Person, bodo: Room
) -> None:
    suggests(kari, TITLE, TEXT)
    world.goes_to(PLANNED)
    assert TITLE in its_card(ingrid)
    kari.says("@Mellom avtale")
    kari.opens_form("Trekk tilbake", on="har bekreftet")
    kari.sends_form()
    assert TITLE not in its_card(ingrid)
    world.goes_to(OPENS)
    bodo.sees_once(POLL)
    bodo.does_not_see(TITLE)
