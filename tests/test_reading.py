"""Reading a whole thread, from a list of questions."""

from __future__ import annotations

from tests.conversation import Person, Room, SlackPerson, TeamsPerson, World

QUESTION = "Hvordan får dere liv i tavlemøtene?"


def test_a_thread_is_read_with_all_its_answers_on_slack(
    kari: SlackPerson, jens: Person, ingrid: Person
) -> None:
    kari.asks(QUESTION)
    jens.replies("Vi spørger »hvorfor« én gang til.", under="tavlemøtene")
    ingrid.replies("Vi bytter møteleder hver uke.", under="tavlemøtene")
    jens.replies("Enig!", under="tavlemøtene")
    kari.opens_home()
    kari.presses_at_home("Les", on="tavlemøtene")
    assert kari.form is not None
    assert "utelatt" not in kari.form
    for words in (
        "Kari Nilsen · Alta kommune",
        QUESTION,
        "Jens Holm · Aarhus Kommune",
        "»hvorfor« én gang til",
        "Ingrid Vik · Bodø kommune",
        "møteleder",
        "kl.",
    ):
        assert words in kari.form
    assert kari.form.index("»hvorfor«") < kari.form.index("møteleder")


def test_a_thread_is_read_and_answered_on_teams(
    kari: Person, jens: TeamsPerson, alta: Room
) -> None:
    kari.asks(QUESTION)
    jens.writes_privately("hej")
    jens.presses("Læs", on="Venter på svar", privately=True)
    assert jens.form is not None
    assert "Kari Nilsen · Alta kommune" in jens.form
    assert "Ingen har svaret endnu." in jens.form
    jens.sends_form(answer="Vi spørger altid hvorfor.")
    alta.sees("Jens Holm · Aarhus Kommune", "Vi spørger altid hvorfor.", under="tavlemøtene")


def test_a_withdrawn_question_shows_that_and_its_answers(
    kari: SlackPerson, jens: Person, ingrid: SlackPerson
) -> None:
    kari.asks(QUESTION)
    ingrid.says("@Mellom Hvem leder tavlemøtene hos dere?")
    jens.replies("Vi spørger altid hvorfor.", under="liv i")
    ingrid.opens_home()
    kari.deletes("liv i")
    ingrid.presses_at_home("Les", on="liv i")
    assert ingrid.form is not None
    assert "Trukket tilbake av den som spurte. Svarene blir stående." in ingrid.form
    assert "Vi spørger altid hvorfor." in ingrid.form
    assert "liv i tavlemøtene" not in ingrid.form
    assert "Svaret ditt" not in ingrid.form


def test_a_withdrawn_answer_is_not_read(kari: SlackPerson, ingrid: Person) -> None:
    kari.asks(QUESTION)
    ingrid.replies("Vi bytter møteleder hver uke.", under="tavlemøtene")
    ingrid.deletes("møteleder")
    kari.opens_home()
    kari.presses_at_home("Les", on="tavlemøtene")
    assert kari.form is not None
    assert "møteleder" not in kari.form


def test_of_a_long_thread_the_newest_answers_are_read(
    kari: SlackPerson, ingrid: Person, world: World
) -> None:
    kari.asks(QUESTION)
    for number in range(12):
        ingrid.replies(f"Svar nummer {number}: " + "Vi prøver. " * 120, under="tavlemøtene")
        world.later(minutes=2)
    kari.opens_home()
    kari.presses_at_home("Les", on="tavlemøtene")
    assert kari.form is not None
    assert "Svar nummer 11" in kari.form
    assert "Svar nummer 0" not in kari.form
    assert "6 eldre svar er utelatt her." in kari.form
    assert QUESTION in kari.form


def test_what_was_read_is_kept_nowhere(kari: SlackPerson, jens: TeamsPerson, world: World) -> None:
    kari.asks(QUESTION)
    jens.says("@Mellom Hvem leder jeres tavlemøder?")
    kari.opens_home()
    kari.presses_at_home("Les", on="liv i")
    jens.writes_privately("hej")
    jens.presses("Læs", on="Venter på svar", privately=True)
    kept = "SELECT count(*) FROM receipt WHERE CAST(answer AS TEXT) LIKE '%tavlem%'"
    assert world.count(kept) == 0
