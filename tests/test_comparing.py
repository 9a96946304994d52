"""Before a question is asked, and after one was typed: what it looks like it is about, and what was
asked before that is like it."""

from __future__ import annotations

import pytest

from storage import networks
from tests.conversation import Person, Room, SlackPerson, TeamsPerson, World
from tests.numbers import norwegian_number
from tests.test_curating import opens_theme, running
from tests.test_forms import QUESTION, begins_to_ask, themes_in
from tests.test_welcoming import role

LIKE_IT = "Hvordan får dere liv i tavlemøtene etter det første året?"
PLAIN = "Hvilken møteløsning bruker dere til seminarene?"
TWO = "Tavlemøtene går på rutine i enhetene. Hvordan måler dere gevinster?"

KARI, JENS = "Kari Nilsen", "Jens Holm"
BOTH = pytest.mark.parametrize("asker", [KARI, JENS])
"""One of them sits on Slack, the other on Teams."""

STILL = {KARI: "Enheter som står stille", JENS: "Enheder, der står stille"}
GAINS = {KARI: "Effekter og gevinster", JENS: "Effekter og gevinster"}
LOOKS = {KARI: "Ser ut til å handle om", JENS: "Ser ud til at handle om"}
NOT_YET = {KARI: "ikke stilt ennå", JENS: "ikke stillet endnu"}
ASK = {KARI: "Spør", JENS: "Spørg"}
ANYWAY = {KARI: "Spør likevel", JENS: "Spørg alligevel"}
BEFORE = {KARI: "Noe lignende er spurt om før", JENS: "spurgt om noget lignende før"}
CONFIRM = {KARI: "Bekreft temaer", JENS: "Bekræft temaer"}
CHANGE = {KARI: "Endre temaer", JENS: "Skift temaer"}
MOST = {KARI: "høyst to temaer", JENS: "højst to temaer"}
CARD = {KARI: "Spørsmål Q-{}", JENS: "Spørgsmål Q-{}"}
ASKED = "SELECT count(*) FROM thread"


def others(world: World, person: Person) -> list[Room]:
    return [room for room in world.rooms.values() if room is not person.room]


def sends_with(person: Person) -> str:
    """What stands on the button of the form that is open."""
    if isinstance(person, SlackPerson):
        return str(person.user.workspace.views[person.user.id].payload["submit"]["text"])
    assert isinstance(person, TeamsPerson)
    assert person.last is not None
    assert person.last.dialog is not None
    return str(person.last.dialog.buttons[0].title)


# ---- the form


@BOTH
def test_what_a_question_looks_like_it_is_about_is_confirmed_before_it_is_asked(
    asker: str, world: World
) -> None:
    person = world.person(asker)
    begins_to_ask(person)
    person.sends_form(question=QUESTION, details="Vi har prøvd å stå.")
    assert world.count(ASKED) == 0
    person.is_told(LOOKS[asker], NOT_YET[asker])
    assert (person.typed("question"), person.typed("details")) == (QUESTION, "Vi har prøvd å stå.")
    assert person.typed("themes") == themes_in(person)[STILL[asker]]
    person.confirms()
    person.is_told("Q-1")
    world.rooms["Bodø kommune"].sees("Q-1", f"Tema: {STILL[KARI]}", "Vi har prøvd å stå.")
    world.rooms["Randers Kommune"].sees("Q-1", f"Tema: {STILL[JENS]}")


@BOTH
def test_two_themes_stand_on_every_card_what_it_is_about_most_first(
    asker: str, world: World
) -> None:
    person = world.person(asker)
    begins_to_ask(person)
    person.sends_form(question=TWO)
    person.confirms()
    world.rooms["Bodø kommune"].sees("Q-1", f"Temaer: {STILL[KARI]} · {GAINS[KARI]}")
    world.rooms["Randers Kommune"].sees("Q-1", f"Temaer: {STILL[JENS]} · {GAINS[JENS]}")


@BOTH
def test_a_third_theme_is_refused_at_its_field_and_nothing_is_lost(
    asker: str, world: World
) -> None:
    person = world.person(asker)
    begins_to_ask(person)
    person.sends_form(question=TWO, details="Etter ett år.")
    person.sends_form(themes=",".join([*themes_in(person).values()][:3]))
    assert MOST[asker] in (person.form or "")
    assert (person.typed("question"), person.typed("details")) == (TWO, "Etter ett år.")
    assert world.count(ASKED) == 0
    person.sends_form(themes=themes_in(person)[GAINS[asker]])
    world.rooms["Bodø kommune"].sees("Q-1", f"Tema: {GAINS[KARI]}")


@BOTH
def test_a_question_that_is_plainly_about_nothing_is_asked_at_once(
    asker: str, world: World
) -> None:
    person = world.person(asker)
    begins_to_ask(person)
    person.sends_form(question=PLAIN)
    person.is_told("Q-1")
    assert world.count(ASKED) == 1


@BOTH
def test_whoever_has_chosen_a_theme_is_asked_nothing_more(asker: str, world: World) -> None:
    person = world.person(asker)
    begins_to_ask(person)
    person.sends_form(question=QUESTION, theme=themes_in(person)[GAINS[asker]])
    person.is_told("Q-1")
    world.rooms["Bodø kommune"].sees("Q-1", f"Tema: {GAINS[KARI]}")


@BOTH
def test_what_was_asked_before_is_read_there_and_can_be_asked_anyway(
    asker: str, world: World, ingrid: Person
) -> None:
    person = world.person(asker)
    ingrid.asks(LIKE_IT)
    world.person("Lars Krogh").replies("Vi bytter møteleder hver uke.", under="Q-1")
    begins_to_ask(person)
    assert sends_with(person) == ASK[asker]
    person.sends_form(question=QUESTION, theme=themes_in(person)[GAINS[asker]])
    assert world.count(ASKED) == 1
    person.is_told(
        BEFORE[asker], f"Q-1 · {LIKE_IT}", "Ingrid Vik · Bodø kommune · 1 svar", "hver uke"
    )
    assert person.typed("themes") == themes_in(person)[GAINS[asker]]
    assert sends_with(person) == ANYWAY[asker]
    person.confirms()
    person.is_told("Q-2")
    world.rooms["Bodø kommune"].sees("Q-2", f"Tema: {GAINS[KARI]}")


@BOTH
def test_two_earlier_ones_are_shown_at_most_and_none_that_is_withdrawn(
    asker: str, world: World, ingrid: Person
) -> None:
    person = world.person(asker)
    for number in range(4):
        ingrid.asks(f"{LIKE_IT} Hei {'igjen ' * number}")
    ingrid.deletes(f"{LIKE_IT} Hei igjen igjen igjen")
    begins_to_ask(person)
    person.sends_form(question=QUESTION)
    assert [f"Q-{n} ·" in (person.form or "") for n in (1, 2, 3, 4)] == [True, False, True, False]


@BOTH
def test_nothing_is_asked_by_whoever_closes_the_second_step(
    asker: str, world: World, ingrid: Person
) -> None:
    person = world.person(asker)
    ingrid.asks(LIKE_IT)
    begins_to_ask(person)
    person.sends_form(question=QUESTION)
    person.is_told("Q-1")
    world.later(hours=25)
    assert world.count(ASKED) == 1
    kept = "SELECT count(*) FROM receipt WHERE CAST(answer AS TEXT) LIKE '%får dere liv%'"
    assert world.count(kept) == 0


@BOTH
def test_a_number_or_a_code_is_refused_in_the_second_step(asker: str, world: World) -> None:
    person, number = world.person(asker), norwegian_number().text
    begins_to_ask(person)
    person.sends_form(question=QUESTION)
    person.sends_form(details=f"Gjelder {number}.")
    assert world.count(ASKED) == 0
    assert number not in person.typed("details") or isinstance(person, SlackPerson)
    code = world.run(world.village.mellom.writers(_code))
    person.sends_form(details=f"Bruk {code}.")
    assert "kode" in (person.form or "")
    assert world.count(ASKED) == 0
    person.sends_form(details="")
    person.is_told("Q-1")


@BOTH
def test_what_is_too_short_in_the_second_step_comes_back_there(asker: str, world: World) -> None:
    person = world.person(asker)
    begins_to_ask(person)
    person.sends_form(question=QUESTION)
    person.sends_form(question="Hei?")
    assert "10" in (person.form or "")
    assert world.count(ASKED) == 0
    person.sends_form(question=QUESTION)
    person.is_told("Q-1")


def test_a_second_step_that_teams_sends_twice_asks_once(jens: TeamsPerson, world: World) -> None:
    begins_to_ask(jens)
    jens.sends_form(question=QUESTION)
    step = jens.last
    assert step is not None
    assert step.dialog is not None
    for _ in range(2):  # Each under an id of its own.
        world.act(world.teams.submit(jens.user, step.dialog, {}))
    assert world.count(ASKED) == 1


def test_a_form_that_teams_sends_twice_does_not_find_itself(
    jens: TeamsPerson, world: World
) -> None:
    begins_to_ask(jens)
    step, theme = jens.last, themes_in(jens)[GAINS[JENS]]
    assert step is not None
    assert step.dialog is not None
    for _ in range(2):
        sent = world.teams.submit(jens.user, step.dialog, {"question": QUESTION, "theme": theme})
        jens.last = world.act(sent)
    assert world.count(ASKED) == 1
    jens.is_told("Q-1")


def test_another_networks_questions_are_never_shown(
    kari: SlackPerson, ingrid: Person, world: World
) -> None:
    ingrid.asks(LIKE_IT)
    other = world.run(
        world.village.mellom.writers(lambda uow: networks.create_network(uow, "Sør", "nb"))
    )
    world.change(f"UPDATE thread SET network = {other} WHERE number = 1")  # noqa: S608
    begins_to_ask(kari)
    kari.sends_form(question=QUESTION)
    assert "Q-1" not in (kari.form or "")
    assert BEFORE[KARI] not in (kari.form or "")


def test_what_comes_after_a_command_in_the_form_goes_the_same_way_in_nynorsk_too(
    kari: SlackPerson, world: World
) -> None:
    kari.asks("Korleis får de liv i tavlemøta?")
    world.change("UPDATE account SET language = 'nn'")
    kari.commands("spør Kva?")
    kari.sends_form(question="Korleis får de liv i tavlemøta våre?")
    kari.is_told("Noko liknande er spurt om før", "Ser ut til å handle om")
    assert sends_with(kari) == "Spør likevel"


# ---- what was typed


@BOTH
def test_a_typed_question_crosses_at_once_and_its_author_confirms_below(
    asker: str, world: World, ingrid: Person
) -> None:
    person = world.person(asker)
    ingrid.asks(LIKE_IT)
    person.asks(QUESTION)
    for room in others(world, person):
        assert "Tema" not in room.sees("Q-2", QUESTION).words
        assert LOOKS[asker] not in room.sees("Q-2", QUESTION).words
    foot = person.room.sees("Q-2", under="liv i tavlemøtene?")
    assert f"{LOOKS[asker]}: {STILL[asker]}" in foot.words
    assert f"Q-1 · {LIKE_IT}" in foot.words

    person.opens_form(CONFIRM[asker], on=f"{LOOKS[asker]}: {STILL[asker]}")
    assert person.typed("themes") == themes_in(person)[STILL[asker]]
    person.sends_form()
    world.rooms["Bodø kommune"].sees("Q-2", f"Tema: {STILL[KARI]}")
    world.rooms["Randers Kommune"].sees("Q-2", f"Tema: {STILL[JENS]}")
    foot = person.room.sees("Q-2", under="liv i tavlemøtene?")
    assert f"Tema: {STILL[asker]}" in foot.words
    assert LOOKS[asker] not in foot.words


@BOTH
def test_what_was_asked_before_can_be_read_below_a_typed_question(
    asker: str, world: World, ingrid: Person
) -> None:
    person = world.person(asker)
    ingrid.asks(LIKE_IT)
    person.asks(PLAIN)
    person.asks(QUESTION)
    person.opens_form({KARI: "Les", JENS: "Læs"}[asker], on=f"Q-1 · {LIKE_IT}")
    person.is_told("Ingrid Vik · Bodø kommune", LIKE_IT)


@BOTH
def test_what_is_withdrawn_is_shown_below_no_later_question(
    asker: str, world: World, ingrid: Person
) -> None:
    person = world.person(asker)
    ingrid.asks(LIKE_IT)
    person.asks(QUESTION)
    ingrid.edits(LIKE_IT, "Hvordan får dere liv i tavlemøtene etter nyttår?")
    person.room.sees("Q-2", "etter nyttår", under="liv i tavlemøtene?")
    ingrid.deletes("etter nyttår")
    assert "Q-1" not in person.room.sees("Q-2", under="liv i tavlemøtene?").words


@BOTH
def test_themes_that_were_confirmed_can_be_changed_and_taken_away(asker: str, world: World) -> None:
    person, bodo = world.person(asker), world.rooms["Bodø kommune"]
    person.asks(QUESTION)
    person.opens_form(CONFIRM[asker], on=LOOKS[asker])
    still = themes_in(person)[STILL[asker]]
    person.sends_form(themes=",".join([*themes_in(person).values()][:3]))
    assert MOST[asker] in (person.form or "")
    person.sends_form(themes=f"{still},{themes_in(person)[GAINS[asker]]}")
    bodo.sees("Q-1", STILL[KARI], GAINS[KARI])
    person.opens_form(CHANGE[asker], on=f"{STILL[asker]}")
    person.sends_form(themes="")
    assert "Tema" not in bodo.sees("Q-1").words
    assert LOOKS[asker] not in person.room.sees("Q-1", under="liv i tavlemøtene?").words


def test_only_the_asker_or_a_facilitator_confirms(world: World, kari: Person) -> None:
    kari.asks(QUESTION)
    ola = kari.room.person("Ola Berg")
    ola.presses(CONFIRM[KARI], on=LOOKS[KARI])
    ola.is_told("Den som spurte, eller en nettverksleder")
    assert world.count("SELECT count(*) FROM thread_theme WHERE confirmed") == 0
    role(world, ola, "Alta kommune", "facilitator")
    ola.opens_form(CONFIRM[KARI], on=LOOKS[KARI])
    ola.sends_form()
    assert world.count("SELECT count(*) FROM thread_theme WHERE confirmed") == 1


def test_a_question_that_is_named_falsely_is_left_alone(jens: TeamsPerson, world: World) -> None:
    jens.asks(QUESTION)
    for forged in ("", "x", "99999", "-1", "1' OR 1=1"):
        jens.opens_form(CONFIRM[JENS], on=LOOKS[JENS])
        jens.sends_form(subject=forged)
        assert world.count("SELECT count(*) FROM thread_theme WHERE confirmed") == 0
        jens.is_told("netværksleder")


def test_what_is_confirmed_twice_is_one_edit(kari: Person, world: World) -> None:
    kari.asks(QUESTION)
    kari.opens_form(CONFIRM[KARI], on=LOOKS[KARI])
    kari.sends_form()
    version = "SELECT version FROM post WHERE kind = 'question'"
    before = world.count(version)
    kari.opens_form(CHANGE[KARI], on=STILL[KARI])
    kari.sends_form()
    assert world.count(version) == before == 2


def test_a_theme_that_is_retired_meanwhile_is_proposed_no_more(kari: Person, world: World) -> None:
    kari.asks(QUESTION)
    opens_theme(runner := running(world, "Ingrid Vik"), STILL[KARI])
    runner.sends_form(retired="yes")
    kari.presses("Merk som besvart", on="Q-1")
    kari.sends_form()
    kari.presses("Åpne igjen", on="Q-1")
    assert LOOKS[KARI] not in kari.room.sees("Q-1", under="liv i tavlemøtene?").words


def test_after_a_command_the_answer_has_the_button(
    kari: SlackPerson, ingrid: Person, bodo: Room, world: World
) -> None:
    ingrid.room.person("Nils Haug").asks("Hvem deltar i gjennomgangen av avvik hos dere?")
    kari.commands(f"spør {QUESTION}")
    kari.is_told("Q-2", f"{LOOKS[KARI]}: {STILL[KARI]}")
    bodo.sees("Q-2", QUESTION)
    kari.opens_form(CONFIRM[KARI], on=LOOKS[KARI])
    kari.sends_form()
    bodo.sees("Q-2", f"Tema: {STILL[KARI]}")


def test_a_command_shows_first_what_was_asked_before(
    kari: SlackPerson, ingrid: Person, bodo: Room, world: World
) -> None:
    ingrid.asks(LIKE_IT)
    kari.commands(f"spør {QUESTION}")
    assert kari.form is not None
    assert f"Q-1 · {LIKE_IT}" in kari.form
    bodo.does_not_see(QUESTION)
    kari.confirms()
    kari.is_told("Q-2")
    bodo.sees("Q-2", QUESTION, f"Tema: {STILL[KARI]}")
    kari.commands(f"spør {QUESTION}")
    kari.is_told("Q-2")
    assert world.count("SELECT count(*) FROM thread WHERE number IS NOT NULL") == 2


SEE = {KARI: "Noe lignende er spurt om før", JENS: "noget lignende før"}


@BOTH
def test_in_private_it_waits_until_what_was_asked_before_is_seen(
    asker: str, world: World, ingrid: Person, bodo: Room
) -> None:
    person = world.person(asker)
    begins_to_ask(person)
    ingrid.asks(LIKE_IT)
    person.writes_privately(f"{ASK[asker].lower()} {QUESTION}")
    person.reads_privately(SEE[asker])
    bodo.does_not_see(QUESTION)
    person.presses("Se på det", on=SEE[asker], privately=True)
    assert person.form is not None
    assert f"Q-1 · {LIKE_IT}" in person.form
    person.confirms()
    bodo.sees("Q-2", QUESTION, person.name)


@BOTH
def test_what_was_asked_in_private_is_confirmed_there(asker: str, world: World) -> None:
    person = world.person(asker)
    begins_to_ask(person)  # Whoever acts in the channel is a member.
    person.writes_privately(f"{ASK[asker].lower()} {QUESTION}")
    person.presses(CONFIRM[asker], on="Q-1", privately=True)
    person.sends_form()
    world.rooms["Bodø kommune"].sees("Q-1", f"Tema: {STILL[KARI]}")


def test_a_question_is_found_by_its_number(kari: SlackPerson, ingrid: Person) -> None:
    ingrid.asks(LIKE_IT)
    kari.commands("søk Q-1")
    kari.is_told(f"Q-1 · {LIKE_IT}")
    kari.commands("søk Q-9")
    kari.is_told("Ingenting")


def _code(uow: object) -> str:
    from bot.features import joining
    from storage.unit_of_work import UnitOfWork

    assert isinstance(uow, UnitOfWork)
    return joining.keep_code(uow, network=1, organisation=1, role="reader")
