"""Whoever runs a network writes questions of the week, puts them in order and takes them back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import bank, choosing
from bot.choosing import Asked
from bot.features import drafting, prompting, weeks
from bot.language import LANGUAGES, speak
from bot.laying import lay_out
from storage import prompts
from storage.prompts import Prompt
from tests.conversation import Person, Room, SlackPerson, TeamsPerson, World
from tests.numbers import norwegian_number
from tests.test_facilitating import RUNS_IT, card
from tests.test_monday import (
    AFTER_ALL,
    BOTH,
    CHANGE,
    FIRST,
    KEEP,
    LANGUAGE,
    MONDAY,
    SKIP,
    cards,
    presses,
    running,
)
from tests.test_prompting import oslo
from tests.test_welcoming import role

OWN = "Hvem skrev sist på tavla hos dere?"
OWN_IN_DANISH = "Hvem skrev sidst på tavlen hos jer?"
TITLE = {"nb": "Ukens spørsmål", "da": "Ugens spørgsmål"}
WRITE = {"nb": "Skriv et spørsmål", "da": "Skriv et spørgsmål"}
FROM_BANK = {"nb": "Ta et fra banken", "da": "Tag et fra banken"}
NEXT_WEEKS = {"nb": "De neste ukene", "da": "De næste uger"}
LOOKS = {"nb": "Slik ser det ut", "da": "Sådan ser det ud"}
TUESDAY = oslo(2027, 1, 26, 9, 15)


def steers(person: Person) -> None:
    """Open all that there is of the questions of the week, from the facilitator's card."""
    language = LANGUAGE[person.name]
    card(person, language)
    person.presses(TITLE[language], on=RUNS_IT[language], privately=True)


def goes_on(person: Person, labels: dict[str, str]) -> None:
    """Press something of what was told: on Slack it is a message, on Teams a dialog."""
    if isinstance(person, TeamsPerson):
        person.presses_in_form(labels["da"])
    else:
        person.presses(labels["nb"], on="I køen")


def edits(person: Person, words: str) -> None:
    """Open the form of the question that has these words."""
    with person.world.village.mellom.writers.begin() as uow:
        every = prompts.in_state(uow, 1, "draft", "waiting", "planned", "asked")
    id = next(one.id for one in every if words in one.words.values())
    steers(person)
    value = f"1:{id}"
    if isinstance(person, TeamsPerson):
        assert person.last is not None
        assert person.last.dialog is not None
        dialog = person.last.dialog
        button = next(one for one in dialog.buttons if one.data.get("value") == value)
        person.last = person.world.act(
            person.world.teams.submit(person.user, dialog, action=button)
        )
    else:
        assert isinstance(person, SlackPerson)
        shown = person.user.workspace.ephemerals(person.user)[-1]
        buttons = (block["accessory"] for block in shown.blocks if "accessory" in block)
        action = next(one["action_id"] for one in buttons if one["value"] == value)
        person.world.act(person.world.slack.press(person.user, shown, action, value=value))
    assert words in person.typed("nb")


def writes(person: Person, **values: str) -> None:
    steers(person)
    goes_on(person, WRITE)
    person.sends_form(**{"theme": "model", "status": "ready", **values})


def asked(world: World) -> list[str]:
    return [row[0] for row in world.rows("SELECT coalesce(key, 'own') FROM prompt ORDER BY week")]


@BOTH
def test_a_question_of_ones_own_is_asked_next_in_each_channels_language(
    name: str, world: World, alta: Room, aarhus: Room
) -> None:
    person = running(world, name)
    writes(person, nb=OWN, da=OWN_IN_DANISH)
    person.is_told(OWN_IN_DANISH if LANGUAGE[name] == "da" else OWN, "26. januar")
    world.goes_to(TUESDAY)
    alta.sees_once("Ukens spørsmål", OWN)
    aarhus.sees_once("Ugens spørgsmål", OWN_IN_DANISH)


@BOTH
def test_one_language_is_enough(name: str, world: World, alta: Room, aarhus: Room) -> None:
    writes(running(world, name), da=OWN_IN_DANISH)
    world.goes_to(TUESDAY)
    for room in (alta, aarhus):
        room.sees_once(OWN_IN_DANISH)


@BOTH
def test_a_draft_is_not_asked_until_it_is_ready(name: str, world: World, alta: Room) -> None:
    person = running(world, name)
    writes(person, nb=OWN, status="draft")
    world.goes_to(TUESDAY)
    alta.sees_once(FIRST["nb"])
    edits(person, OWN)
    person.sends_form(nb=OWN, theme="model", status="ready")
    world.goes_to(oslo(2027, 2, 2, 9, 15))
    alta.sees_once(OWN)


@BOTH
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_kept(name: str, world: World) -> None:
    person, language = running(world, name), LANGUAGE[name]
    steers(person)
    goes_on(person, WRITE)
    for values, problem in (
        ({}, {"nb": "minst ett språk", "da": "mindst ét sprog"}),
        ({"nb": "x" * 3000}, {"nb": "300", "da": "300"}),
        ({"nb": "Hva med {problem}?"}, {"nb": "fra et seminar", "da": "fra et seminar"}),
        ({"nb": norwegian_number().text}, {"nb": "fødselsnummer", "da": "CPR-nummer"}),
        ({"nb": OWN, "day": "2027-01-12"}, {"nb": "Den uken er over", "da": "Den uge er slut"}),
        ({"nb": OWN, "day": "2027-03-23"}, {"nb": "uken før påske", "da": "ugen før påske"}),
        ({"nb": OWN, "day": "2027-03-23"}, {"nb": "29. mars", "da": "29. marts"}),
        ({"nb": OWN, "day": "2028-06-06"}, {"nb": "mer enn et år", "da": "mere end et år"}),
        ({"nb": OWN, "day": "x"}, {"nb": "Velg en dag", "da": "Vælg en dag"}),
    ):
        person.sends_form(**{"theme": "model", "status": "ready", **values})
        assert problem[language] in (person.form or ""), values
    assert world.count("SELECT count(*) FROM prompt WHERE key IS NULL") == 0
    person.sends_form(nb=OWN, theme="model", status="ready", day="")
    assert world.count("SELECT count(*) FROM prompt WHERE key IS NULL") == 1


@BOTH
def test_a_question_is_planned_for_a_week_that_nobody_else_gets(
    name: str, world: World, alta: Room
) -> None:
    person, language = running(world, name), LANGUAGE[name]
    writes(person, nb=OWN, day="2027-02-04")
    steers(person)
    goes_on(person, WRITE)
    person.sends_form(nb="Enda et?", theme="model", status="ready", day="2027-02-01")
    assert {"nb": "8. februar", "da": "8. februar"}[language] in (person.form or "")
    world.goes_to(TUESDAY)
    alta.does_not_see(OWN)
    world.goes_to(oslo(2027, 2, 2, 9, 15))
    alta.sees_once(OWN)


@BOTH
def test_the_queue_is_put_in_order(name: str, world: World, alta: Room) -> None:
    person = running(world, name)
    for words in ("Hva lærte dere først?", "Hva lærte dere sist?"):
        writes(person, nb=words)
    last = "Hva lærte dere sist?"
    edits(person, last)
    person.sends_form(nb=last, theme="model", status="ready", place="1")
    world.goes_to(TUESDAY)
    alta.sees_once(last)


@BOTH
def test_one_of_the_bank_is_put_in_and_not_twice_within_a_year(
    name: str, world: World, alta: Room
) -> None:
    person, language = running(world, name), LANGUAGE[name]
    steers(person)
    goes_on(person, FROM_BANK)
    person.sends_form(prompt="A17")
    world.goes_to(TUESDAY)
    assert asked(world)[0] == "A17"
    steers(person)
    goes_on(person, FROM_BANK)
    person.sends_form(prompt="A17")
    assert {"nb": "25. januar 2028", "da": "25. januar 2028"}[language] in (person.form or "")


@BOTH
def test_what_was_asked_is_edited_and_withdrawn_everywhere(
    name: str, world: World, kari: Person, alta: Room, aarhus: Room
) -> None:
    person = running(world, name)
    writes(person, nb=OWN, da=OWN_IN_DANISH)
    world.goes_to(TUESDAY)
    kari.replies("Det var lederen.", under=OWN)
    edits(person, OWN)
    person.sends_form(
        nb="Hvem leste tavla?", da="Hvem læste tavlen?", theme="model", status="stands"
    )
    alta.sees_once("Hvem leste tavla?", "Redigert.")
    aarhus.sees_once("Hvem læste tavlen?", "Redigeret.")
    edits(person, "Hvem leste tavla?")
    person.sends_form(theme="model", status="withdraw")
    alta.does_not_see("Hvem leste tavla?")
    alta.sees_once("Trukket tilbake av den som leder nettverket")
    aarhus.sees_once("Trukket tilbage af den, der leder netværket")
    aarhus.sees("Det var lederen.")


@BOTH
def test_one_of_ones_own_takes_the_place_of_what_was_kept(
    name: str, world: World, alta: Room
) -> None:
    person = running(world, name)
    world.goes_to(MONDAY)
    presses(person, KEEP)
    presses(person, CHANGE)
    person.sends_form(prompt="write")
    person.sends_form(nb="x" * 301, theme="model", status="ready", day="2027-01-25")
    person.sends_form(nb=OWN, theme="model", status="ready", day="2027-01-25")
    world.goes_to(TUESDAY)
    alta.sees_once("Ukens spørsmål", OWN)
    world.goes_to(oslo(2027, 2, 2, 9, 15))
    alta.sees_once(FIRST["nb"])


@BOTH
def test_where_the_bank_is_used_up_one_of_ones_own_is_asked_in_the_same_week(
    name: str, world: World, alta: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "_ordinary", list)
    monkeypatch.setattr(choosing, "FIRST", ())
    person, language = running(world, name), LANGUAGE[name]
    world.goes_to(oslo(2027, 1, 26, 15))
    steers(person)
    assert AFTER_ALL[language] not in person.told
    writes(person, nb=OWN, day="2027-01-27")
    person.is_told(OWN, "27. januar")
    world.goes_to(oslo(2027, 1, 27, 9, 15))
    alta.sees_once("Ukens spørsmål", OWN)
    steers(person)
    goes_on(person, NEXT_WEEKS)
    assert "kunne ikke stilles tidligere" in (person.form or "")


@BOTH
def test_the_next_weeks_are_told_with_what_is_asked_and_why_not(name: str, world: World) -> None:
    person, language = running(world, name), LANGUAGE[name]
    steers(person)
    goes_on(person, NEXT_WEEKS)
    form = person.form or ""
    assert {"nb": "Uke 4: tirsdag 26. januar", "da": "Uge 4: tirsdag den 26. januar"}[
        language
    ] in form
    assert FIRST[language] in form
    assert {"nb": "uken før påske", "da": "ugen før påske"}[language] in form
    assert form.count({"nb": "Uke ", "da": "Uge "}[language]) == weeks.LISTED


@BOTH
def test_how_it_looks_is_shown_for_each_platform_and_language(name: str, world: World) -> None:
    person, language = running(world, name), LANGUAGE[name]
    steers(person)
    goes_on(person, LOOKS)
    for words in (
        "Slack · Bokmål · Alta kommune, Bodø kommune",
        "Teams · Dansk · Aarhus Kommune, Randers Kommune",
        FIRST["nb"],
        FIRST["da"],
    ):
        assert words in person.told, language


def test_a_deputy_steers_while_the_facilitator_is_away(world: World, alta: Room) -> None:
    ingrid, lars = running(world, "Ingrid Vik"), world.person("Lars Krogh")
    role(world, lars, "Randers Kommune", "member")
    world.change(
        "UPDATE member SET deputy = 1 WHERE id IN (SELECT m.member FROM membership m"
        " JOIN account a ON a.id = m.account WHERE a.name = 'Lars Krogh')"
    )
    world.change(
        "UPDATE member SET away_from = '2027-01-22', away_until = '2027-02-10'"
        " WHERE role = 'facilitator'"
    )
    world.goes_to(oslo(2027, 1, 25, 11))
    assert cards(ingrid) == []
    presses(lars, SKIP)
    assert AFTER_ALL["da"] in cards(lars)[0]
    world.goes_to(TUESDAY)
    alta.does_not_see("Ukens spørsmål")


def test_after_ten_working_days_without_a_decision_the_deputy_gets_the_card_too(
    world: World,
) -> None:
    ingrid, lars = running(world, "Ingrid Vik"), world.person("Lars Krogh")
    role(world, lars, "Randers Kommune", "member")
    world.change("UPDATE member SET deputy = 1 WHERE role = 'member' AND organisation = 4")
    world.goes_to(oslo(2027, 1, 25, 12))
    assert len(cards(ingrid)) == 1
    assert cards(lars) == []
    world.goes_to(oslo(2027, 2, 8, 12))
    assert len(cards(ingrid)) == 3
    assert len(cards(lars)) == 1
    presses(lars, SKIP)
    assert AFTER_ALL["da"] in cards(lars)[0]
    assert AFTER_ALL["nb"] in cards(ingrid)[-1]
    presses(ingrid, AFTER_ALL)
    world.goes_to(oslo(2027, 2, 15, 12))
    assert len(cards(lars)) == 1


def test_without_a_deputy_the_next_question_from_the_bank_says_who_is_away(
    world: World, alta: Room, aarhus: Room
) -> None:
    running(world, "Ingrid Vik")
    world.change(
        "UPDATE member SET away_from = '2027-01-22', away_until = '2027-02-10'"
        " WHERE role = 'facilitator'"
    )
    world.goes_to(oslo(2027, 2, 2, 10))
    alta.sees_once("Nettverkslederen er borte.")
    aarhus.sees_once("Netværkslederen er væk.")
    assert alta.sees("Nettverkslederen er borte.", FIRST["nb"])


MEANWHILE = {"nb": "Dette er endret i mellomtiden", "da": "Dette er ændret i mellemtiden"}
WAITS = {"nb": "Dette spørsmålet venter allerede", "da": "Dette spørgsmål venter allerede"}


@BOTH
@pytest.mark.parametrize("status", ["delete", "draft", "ready"])
def test_a_form_that_lay_open_while_the_question_was_asked_is_to_be_sent_again(
    status: str, name: str, world: World, alta: Room
) -> None:
    person, language = running(world, name), LANGUAGE[name]
    writes(person, nb=OWN)
    edits(person, OWN)
    world.goes_to(TUESDAY)
    person.sends_form(nb="", theme="model", status=status)
    assert MEANWHILE[language] in (person.form or "")
    alta.sees_once(OWN)
    person.sends_form(nb=OWN, theme="model", status="withdraw")
    alta.does_not_see(OWN)


@BOTH
def test_a_form_that_is_sent_twice_writes_one_question(name: str, world: World) -> None:
    person, language = running(world, name), LANGUAGE[name]
    for _ in range(2):
        writes(person, nb=OWN)
    assert WAITS[language] in (person.form or "")
    assert world.count("SELECT count(*) FROM prompt WHERE key IS NULL") == 1


@BOTH
def test_what_the_bank_has_laid_out_for_the_week_is_not_put_in_the_queue_too(
    name: str, world: World
) -> None:
    person, language = running(world, name), LANGUAGE[name]
    world.goes_to(oslo(2027, 1, 25, 12))
    steers(person)
    goes_on(person, FROM_BANK)
    person.sends_form(prompt="C02")
    assert WAITS[language] in (person.form or "")
    person.sends_form(prompt="C02", day="2027-01-28")
    world.goes_to(oslo(2027, 2, 9, 12))
    assert asked(world).count("C02") == 1


@BOTH
def test_a_question_of_the_bank_that_is_made_a_draft_is_not_asked(
    name: str, world: World, kari: Person, alta: Room
) -> None:
    person, best = running(world, name), "Hva er det beste spørsmålet du har hørt"
    world.goes_to(oslo(2027, 1, 29, 12))
    with world.village.mellom.writers.begin() as uow:
        (words,) = (one.words["nb"] for one in prompts.in_state(uow, 1, "planned"))
    assert words.startswith(best)
    edits(person, words)
    person.sends_form(nb=words, theme="competence", status="draft")
    (first,) = (seen.words for seen in kari.private)
    assert "Vil du svare først?" in first
    assert best not in first
    world.goes_to(oslo(2027, 2, 2, 9, 15))
    alta.does_not_see(best)
    alta.sees("Ukens spørsmål")


@BOTH
def test_what_the_bank_has_laid_out_is_not_deleted(name: str, world: World) -> None:
    """It would lay out the same again."""
    person, language = running(world, name), LANGUAGE[name]
    world.goes_to(oslo(2027, 1, 29, 12))
    with world.village.mellom.writers.begin() as uow:
        (one,) = prompts.in_state(uow, 1, "planned")
    edits(person, one.words["nb"])
    assert {"nb": "Slett", "da": "Slet"}[language] not in (person.form or "")


@BOTH
def test_a_skipped_week_is_not_asked_after_all_once_that_has_closed(
    name: str, world: World, alta: Room
) -> None:
    person, language = running(world, name), LANGUAGE[name]
    world.goes_to(oslo(2027, 1, 26, 7, 59))
    presses(person, SKIP)
    world.away_until(oslo(2027, 1, 26, 8, 1))
    presses(person, AFTER_ALL)
    person.is_told({"nb": "kl. 08.00", "da": "kl. 8.00"}[language])
    world.goes_to(TUESDAY)
    alta.does_not_see("Ukens spørsmål")


# ---- pure


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "words", [{}, {"nb": "x" * 301}, {"da": "{problem}"}, {"en": "y" * 5000}], ids=str
)
def test_such_a_question_is_refused(words: dict[str, str], language: str) -> None:
    assert drafting.problems(drafting.Draft(words), (), speak(language))


def test_a_question_of_three_hundred_characters_is_taken() -> None:
    assert drafting.problems(drafting.Draft({"nb": "x" * 300}), (), speak("nb")) == {}


@pytest.mark.parametrize(
    ("typed", "kept"),
    {
        " Hva\n\tnå?\x07 ": "Hva nå?",
        "a\u202eb": "a b",
        "👩\u200d💻 hvem?": "👩\u200d💻 hvem?",
        "\u200d \u200b": "",
    }.items(),
)
def test_what_is_typed_is_kept_on_one_line_as_it_looks(typed: str, kept: str) -> None:
    assert drafting.tidy(typed) == kept


FIRST_WEEK = date(2027, 1, 25)
WEEKS = [FIRST_WEEK + timedelta(weeks=number) for number in range(20)]
KEYS = list(bank.prompts())


def _own(id: int, week: date | None) -> Prompt:
    state = "planned" if week else "waiting"
    return Prompt(id, 1, None, "model", {"nb": str(id)}, state, id, week, None, True)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    waiting=st.integers(0, 6),
    planned=st.sets(st.sampled_from(WEEKS), max_size=5),
    skipped=st.sets(st.sampled_from(WEEKS), max_size=5),
    before=st.lists(st.sampled_from(KEYS), max_size=12, unique=True),
)
def test_what_is_told_of_the_weeks_to_come_is_what_is_asked_in_each_of_them(
    waiting: int, planned: set[date], skipped: set[date], before: list[str]
) -> None:
    """Laid out all at once, or each in its own week after the ones before it were asked."""
    open_ = [week for week in WEEKS if week not in skipped]
    plans = {week: _own(100 + number, week) for number, week in enumerate(sorted(planned))}
    queue = [_own(number, None) for number in range(waiting)]
    asked = [
        Asked(key, bank.prompts()[key].theme, FIRST_WEEK - timedelta(weeks=len(before) - number))
        for number, key in enumerate(before)
    ]
    at_once = lay_out(open_, asked, plans, queue)
    for week in open_:
        later = {at: one for at, one in plans.items() if at >= week}
        one = lay_out([week], asked, later, queue)[week]
        assert one == at_once[week]
        if one is not None:
            asked.append(Asked(one.key, one.theme, week))
        queue = [other for other in queue if other != one]


def test_what_is_planned_for_a_later_week_is_not_taken_from_the_bank_before_it() -> None:
    first = bank.prompts()["C02"]
    later = Prompt(1, 1, "C02", first.theme, first.words, "planned", 0, WEEKS[2], None, True)
    laid = lay_out(WEEKS[:3], [], {WEEKS[2]: later}, [])
    assert [one.key for one in laid.values() if one] == ["A13", "C09", "C02"]


def test_what_the_list_tells_is_what_is_posted(world: World) -> None:
    """Over twenty weeks of the real calendar, with nobody deciding anything."""
    with world.village.mellom.writers.begin() as uow:
        told = weeks.ahead(1, 20, uow)
    world.goes_to(oslo(2027, 6, 11, 12))
    posted = world.rows("SELECT week, key FROM prompt WHERE state = 'asked' ORDER BY week")
    laid = [
        (week.monday.isoformat(), week.prompt.key)
        for week in told
        if week.prompt is not None and week.monday <= prompting.monday(date(2027, 6, 11))
    ]
    assert [(str(at)[:10], key) for at, key in posted] == laid
