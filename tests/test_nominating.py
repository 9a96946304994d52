"""Suggesting a problem of the month, all the year round, and what becomes of it until the vote."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.language import ZONE
from tests.conversation import Person, Room, SlackPerson, TeamsPerson, World
from tests.numbers import norwegian_number
from tests.test_facilitating import ingrid as ingrid
from tests.test_facilitating import lars as lars
from tests.test_home import _in_another_network as in_another_network
from tests.test_joining import code

TITLE, TEXT = "Tavlemøtene uten liv", "Vi møtes hver uke, men det er alltid de samme som snakker."
DANISH, MORE = "Tavlemøder uden liv", "Vi mødes hver uge, og det er altid de samme, der taler."
OTHER, ABOUT = "Frigjort tid blir usynlig", "Vi sparer tid, men kan ikke vise hva den brukes til."

LABELS = {
    "Kari Nilsen": ("Foreslå problemstilling", "Endre eller trekk", "Forslaget ditt er kommet inn"),
    "Jens Holm": ("Foreslå problemstilling", "Ret eller træk tilbage", "Dit forslag er modtaget"),
}
BOTH = pytest.mark.parametrize("name", list(LABELS))
"""One of them sits on Slack, the other on Teams."""

PLANNED = datetime(2027, 1, 27, 10, tzinfo=ZONE)
OPENS = datetime(2027, 2, 3, 9, 30, tzinfo=ZONE)
"""Of the poll of February."""

POLL = "Månedens problemstilling"


def suggests(person: Person, title: str, text: str, **more: str) -> None:
    """With the form, from the menu."""
    person.says("@Mellom")
    person.opens_form(LABELS.get(person.name, ("Foreslå problemstilling",))[0], on="Mellom")
    person.sends_form(title=title, text=text, **more)


def standing(world: World) -> list[tuple[str, str]]:
    return [
        (str(title), str(text))
        for title, text in world.rows(
            "SELECT title, text FROM nomination "
            "WHERE state = 'standing' AND key IS NULL ORDER BY id"
        )
    ]


def listed(world: World) -> list[str]:
    """What the poll of February is about, in its order; of the bank the key."""
    rows = world.rows(
        "SELECT coalesce(nomination.key, nomination.title) FROM option "
        "JOIN nomination ON nomination.id = option.nomination ORDER BY option.place"
    )
    return [str(one) for (one,) in rows]


@BOTH
def test_a_suggestion_comes_to_the_vote_and_until_then_its_author_may_change_it(
    name: str, world: World, aarhus: Room, bodo: Room
) -> None:
    person, (_, mend, told) = world.person(name), LABELS[name]
    suggests(person, "a" * 46, "Kort")
    assert person.form is not None
    assert "46" in person.form
    assert "ansvarlig for det" in person.form
    if isinstance(person, TeamsPerson):  # On Slack the form stays as it is.
        assert person.typed("title") == "a" * 46
    person.sends_form(title="Tavlemøter  uten liv 🇳🇴", text=f"{TEXT}\n")
    person.is_told(told, "ansvarlig for det")
    assert standing(world) == [("Tavlemøter uten liv 🇳🇴", TEXT)]
    person.presses_in_form(mend)
    assert person.typed("text") == TEXT
    person.sends_form(title=TITLE)
    person.writes_privately("hei")
    person.presses("Se", on=TITLE, privately=True)
    person.sends_form(text=MORE)
    assert standing(world) == [(TITLE, MORE)]
    world.goes_to(OPENS)
    for room in (aarhus, bodo):
        room.sees_once(POLL, f"1. {TITLE}", MORE, f"{name} · ")
    person.presses("Se", on=TITLE, privately=True)
    person.is_told("tirsdag", "9. februar")
    assert standing(world) == [(TITLE, MORE)]
    for few_voted in (
        datetime(2027, 2, 9, 10, tzinfo=ZONE),
        datetime(2027, 2, 11, 10, tzinfo=ZONE),
    ):
        world.goes_to(few_voted)
        world.later(minutes=1)
    person.presses("Se", on=TITLE, privately=True)
    person.is_told("til én problemstilling er valgt")


@BOTH
def test_what_is_withdrawn_is_wiped_and_on_no_list(name: str, world: World, bodo: Room) -> None:
    person = world.person(name)
    suggests(person, TITLE, TEXT)
    suggests(person, OTHER, ABOUT)
    world.goes_to(PLANNED)
    assert listed(world)[:2] == [TITLE, OTHER]
    person.writes_privately("hei")
    person.presses("Se", on=TITLE, privately=True)
    person.sends_form(suggestion=str(world.count("SELECT min(id) FROM nomination")))
    person.sends_form(withdraw="yes")
    assert standing(world) == [(OTHER, ABOUT)]
    assert world.count("SELECT count(*) FROM nomination WHERE title LIKE 'Tavle%'") == 0
    assert person.private[-1].words.count(TITLE) == 0
    world.goes_to(OPENS)
    bodo.sees_once(POLL, f"1. {OTHER}", f"{name} · ", "fra Melloms liste")
    bodo.does_not_see(TITLE)
    # Thirty days after its author has left, there is no name on it.
    world.change(
        "UPDATE member SET left_at = '2026-12-01', redraw_at = '2026-12-01' "
        "WHERE id = (SELECT max(member) FROM nomination)"
    )
    world.later(minutes=1)
    bodo.sees_once(POLL, f"1. {OTHER}", "Tidligere deltaker · ")


@BOTH
def test_a_title_of_numbers_would_be_a_vote_and_is_refused(
    name: str, world: World, kari: SlackPerson
) -> None:
    person, like_a_vote = world.person(name), {"Kari Nilsen": "stemme", "Jens Holm": "stemme"}[name]
    for title in ("1", "1 og 3", "Nr. 2", "2027"):
        suggests(person, title, TEXT)
        assert person.form is not None
        assert like_a_vote in person.form.replace(title, ""), title
    person.says(f"@Mellom foreslå 1. {TEXT}")
    person.opens_form(LABELS[name][0], on=like_a_vote)
    assert like_a_vote in (person.form or "")
    assert standing(world) == []
    person.sends_form(title="1 tavle", text=TEXT)
    assert standing(world) == [("1 tavle", TEXT)]


JOINED = "👩‍🚒🏴󠁧󠁢󠁷󠁬󠁳󠁿👨‍👩‍👧‍👦❤️‍🔥👍🏽"


@BOTH
def test_what_is_one_sign_to_a_reader_is_never_cut_apart(
    name: str, world: World, bodo: Room, aarhus: Room
) -> None:
    person = world.person(name)
    hidden = "Ta\u200bv\u202ele\u200d" + "👩\U000e0041\U000e0042"
    suggests(person, f"{hidden} {JOINED} a\u030a", TEXT)
    title = f"Tavle👩 {JOINED} a\u030a"
    assert standing(world) == [(title, TEXT)]
    suggests(person, f"Brann {'👩‍🚒' * 30}", ABOUT)
    assert person.form is not None
    assert "96" in person.form
    world.goes_to(OPENS)
    for room in (bodo, aarhus):
        room.sees_once(POLL, f"1. {title}")


# ---- typed words


def test_typed_words_that_are_complete_are_a_suggestion(
    world: World, kari: SlackPerson, jens: TeamsPerson, alta: Room, aarhus: Room, bodo: Room
) -> None:
    kari.says(f"@Mellom foreslå {TITLE}. {TEXT}")
    alta.sees("kommet inn", under=TITLE)
    kari.commands("suggest Hvem eier helheten? Vi har fem enheter, og ingen av dem ser alt.")
    kari.is_told("kommet inn")
    jens.says(
        "@Mellom foreslå: Få bærer meget\nI en stor kommune er vi fem, som holder det i gang."
    )
    aarhus.sees("modtaget", under="Få bærer meget")
    jens.writes_privately("foreslå Standarden, der skrider. Vi gør det igen på hver vores måde.")
    jens.reads_privately("modtaget")
    assert [title for title, _ in standing(world)] == [
        *(TITLE, "Hvem eier helheten?", "Få bærer meget", "Standarden, der skrider")
    ]
    bodo.does_not_see("Tavlemøtene")


@BOTH
def test_words_that_are_not_complete_are_in_the_form(name: str, world: World) -> None:
    person, label = world.person(name), LABELS[name][0]
    told = {"Kari Nilsen": "høyst 45", "Jens Holm": "højst 45"}[name]
    person.says(f"@Mellom foreslå {TITLE}")
    person.opens_form(label, on=told)
    assert person.typed("title") == TITLE
    person.asks("Hvordan får dere ledere på gemba?")
    person.says("@Mellom Foreslå det for lederne.", under="på gemba")
    person.says("@Mellom foreslå:", under="på gemba")
    assert world.count("SELECT count(*) FROM reply") == 1
    person.says(f"@Mellom foreslå: {TEXT}", under="på gemba")
    person.presses(label, on=told)
    assert person.typed("text") == TEXT
    person.writes_privately(f"foreslå {TITLE}")
    person.presses(label, on=told, privately=True)
    person.sends_form(text=TEXT)
    assert standing(world) == [(TITLE, TEXT)]
    assert world.count("SELECT count(*) FROM thread") == 1


def test_a_command_that_is_not_complete_opens_the_form(world: World, kari: SlackPerson) -> None:
    number = norwegian_number().text
    kari.commands(f"foreslå {TITLE}. Vi fant {number} på tavla.")
    assert kari.form is not None
    assert "fødselsnummer" in kari.form
    assert number not in kari.form
    assert kari.typed("title") == TITLE
    kari.sends_form(text=f"Vi fant {number} på tavla.")
    assert "fødselsnummer" in kari.form
    kari.sends_form(
        title=TITLE, text=f"Skriv {code(world, 'Alta kommune')} til Mellom, så er dere med."
    )
    assert "kode" in kari.form
    assert standing(world) == []


def test_what_is_a_question_is_asked(kari: Person, aarhus: Room, world: World) -> None:
    kari.asks("Foreslå én ting vi kan prøve i morgen?")
    aarhus.sees("Kari Nilsen", "Foreslå én ting")
    assert standing(world) == []


def test_somebody_in_two_networks_chooses_for_which_one_it_is(
    world: World, jens: TeamsPerson
) -> None:
    jens.says("@Mellom")
    other = world.run(world.village.mellom.writers(in_another_network))
    jens.writes_privately(f"bliv {other}")
    jens.writes_privately(f"foreslå {DANISH}. {MORE}")
    jens.presses(LABELS[jens.name][0], on="flere netværk", privately=True)
    [(nord,)] = world.rows("SELECT id FROM network WHERE name = 'Nord'")
    jens.sends_form(network=str(nord))
    jens.is_told(LABELS[jens.name][2])
    assert world.rows("SELECT network, title FROM nomination") == [(nord, DANISH)]


# ---- what is like it


@BOTH
def test_what_is_like_it_is_shown_first_and_may_be_supported_instead(
    name: str, world: World, ingrid: Person
) -> None:
    ingrid.writes_privately(f"foreslå {TITLE}. {TEXT}")
    person = world.person(name)
    suggests(person, DANISH, MORE)
    assert person.form is not None
    assert TITLE in person.form
    assert "Ingrid Vik · Bodø kommune" in person.form
    assert person.typed("title") == DANISH
    one = str(world.count("SELECT id FROM nomination"))
    person.sends_form(like=one)
    assert standing(world) == [(TITLE, TEXT)]
    assert world.count("SELECT count(*) FROM backer") == 1
    suggests(person, DANISH, MORE)
    person.sends_form(like="mine")
    person.is_told(LABELS[name][2])
    suggests(person, DANISH, MORE)
    person.is_told(LABELS[name][2])
    assert standing(world) == [(TITLE, TEXT), (DANISH, MORE)]
    person.says(f"@Mellom foreslå {DANISH}. {MORE}")
    person.opens_form(
        LABELS[name][0], on={"Kari Nilsen": "lignende", "Jens Holm": "lignende"}[name]
    )
    assert person.typed("title") == DANISH
