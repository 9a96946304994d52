"""The bot's own words: chosen per reader, complete in every catalogue, formatted as usual."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot import catalogues
from bot.language import LANGUAGES, mark, pick, read_catalogue, speak

NINE_FIFTEEN = datetime(2027, 1, 19, 8, 15, tzinfo=UTC)


class Project:
    """A small code base with catalogues of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.locale = root / "locale"
        self.locale.mkdir()
        (root / "bot").mkdir()

    def code(self, text: str) -> None:
        (self.root / "bot" / "feature.py").write_text(text, encoding="utf-8")

    def check(self) -> list[str]:
        return catalogues.check(self.root, self.locale)

    def update(self) -> list[str]:
        return catalogues.update(self.root, self.locale)

    def translate_all(self) -> None:
        """Leave the English words in every language."""
        self.update()
        english = (self.locale / "en.po").read_text(encoding="utf-8")
        for language in LANGUAGES:
            (self.locale / f"{language}.po").write_text(english, encoding="utf-8")

    def translate(self, language: str, words: dict[str, str]) -> None:
        """Translate as a person does, in the file; a context stands before the English: "a|b"."""
        self.update()
        path = self.locale / f"{language}.po"
        asked, written = {"msgctxt": "", "msgid": "", "msgid_plural": ""}, []
        for line in path.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(" ")
            if name in asked:
                asked[name] = value.strip('"')
            english = asked["msgid_plural" if name == "msgstr[1]" else "msgid"]
            key = f"{asked['msgctxt']}|{english}" if asked["msgctxt"] else english
            translated = name.startswith("msgstr") and key in words
            written.append(f'{name} "{words[key]}"' if translated else line)
        path.write_text("\n".join(written) + "\n", encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("nb-NO", "nb"),
        ("nb", "nb"),
        ("no", "nb"),
        ("no-NO", "nb"),
        ("NB_no", "nb"),
        ("nn_NO", "nn"),
        ("da-DK", "da"),
        ("en-GB", "en"),
        ("en-US", "en"),
        ("sv-SE", "da"),
        ("nonsense", "da"),
        ("", "da"),
        (None, "da"),
    ],
)
def test_the_language_is_picked_from_the_locale_of_the_platform(
    locale: str | None, language: str
) -> None:
    assert pick(locale, default="da") == language


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("nb", "tirsdag 19. januar 2027"),
        ("nn", "tysdag 19. januar 2027"),
        ("da", "tirsdag den 19. januar 2027"),
        ("en", "Tuesday 19 January 2027"),
    ],
)
def test_a_date_has_its_weekday_and_its_month_in_words(language: str, written: str) -> None:
    say = speak(language)
    assert say.date(date(2027, 1, 19)) == written
    assert say.date(date(2027, 1, 19), year=False) == written.removesuffix(" 2027")


@pytest.mark.parametrize(
    ("language", "written"),
    [("nb", "kl. 09.15"), ("nn", "kl. 09.15"), ("da", "kl. 9.15"), ("en", "09:15")],
)
def test_a_time_is_the_local_one(language: str, written: str) -> None:
    assert speak(language).time(NINE_FIFTEEN) == written


def test_a_summer_time_is_two_hours_ahead_of_utc() -> None:
    assert speak("nb").time(datetime(2027, 7, 1, 8, 15, tzinfo=UTC)) == "kl. 10.15"


def test_the_date_of_a_moment_is_the_local_one() -> None:
    late = datetime(2027, 1, 18, 23, 30, tzinfo=UTC)
    assert speak("nb").date(late) == "tirsdag 19. januar 2027"


def test_a_moment_without_a_time_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        speak("nb").time(NINE_FIFTEEN.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("language", "same_month", "two_months", "two_years"),
    [
        ("nb", "12.–13. mai", "30. mai–2. juni", "31. desember 2027–2. januar 2028"),
        ("nn", "12.–13. mai", "30. mai–2. juni", "31. desember 2027–2. januar 2028"),
        ("da", "12.-13. maj", "30. maj-2. juni", "31. december 2027-2. januar 2028"),
        ("en", "12–13 May", "30 May–2 June", "31 December 2027–2 January 2028"),
    ],
)
def test_a_range_of_days_says_no_more_than_it_must(
    language: str, same_month: str, two_months: str, two_years: str
) -> None:
    say = speak(language)
    assert say.days(date(2027, 5, 12), date(2027, 5, 13)) == same_month
    assert say.days(date(2027, 5, 12), date(2027, 5, 13), year=True) == f"{same_month} 2027"
    assert say.days(date(2027, 5, 30), date(2027, 6, 2)) == two_months
    assert say.days(date(2027, 12, 31), date(2028, 1, 2)) == two_years
    assert say.days(date(2027, 5, 12), date(2027, 5, 12)) == say.date(date(2027, 5, 12), year=False)


@pytest.mark.parametrize(
    ("language", "number", "percent", "quoted"),
    [
        ("nb", "1\xa0234,5", "45\xa0%", "«tavle»"),
        ("nn", "1\xa0234,5", "45\xa0%", "«tavle»"),
        ("da", "1.234,5", "45\xa0%", "»tavle«"),
        ("en", "1,234.5", "45%", '"tavle"'),
    ],
)
def test_numbers_and_quotations_look_as_the_reader_writes_them(
    language: str, number: str, percent: str, quoted: str
) -> None:
    say = speak(language)
    assert say.number(1234.5) == number
    assert say.percent(0.45) == percent
    assert say.quoted("tavle") == quoted


@pytest.mark.parametrize("language", [None, "", "se", "../nb"])
def test_an_unknown_language_is_answered_in_english(language: str | None) -> None:
    say = speak(language)
    assert say.language == "en"
    assert say("Never in any catalogue") == "Never in any catalogue"


def test_values_are_filled_in_and_never_looked_into() -> None:
    say = speak("en")
    words = "{asker} wonders about {topic}"
    assert (
        say(words, asker="{topic}", topic="{0.__class__}") == "{topic} wonders about {0.__class__}"
    )
    assert say("A {missing} value is left", other=1) == "A {missing} value is left"


def test_a_plural_follows_its_number() -> None:
    say = speak("en")
    assert say.many("{count} answer", "{count} answers", 1) == "1 answer"
    assert say.many("{count} answer", "{count} answers", 0) == "0 answers"
    assert say.many("{count} answer", "{count} answers", 1200) == "1,200 answers"


def test_a_marked_sentence_is_itself() -> None:
    assert mark("Tried") == "Tried"


def test_nynorsk_falls_back_to_bokmal(project: Project) -> None:
    project.code('say("Not now")\nsay.many("{count} answer", "{count} answers", 2)\nsay("Pause")\n')
    project.translate("nb", {"Not now": "Ikke nå", "Pause": "Ta pause"})
    project.translate("nb", {"{count} answers": "{count} svar", "{count} answer": "{count} svar"})
    project.translate("nn", {"Not now": "Ikkje no"})
    say = speak("nn", project.locale)
    assert say("Not now") == "Ikkje no"
    assert say("Pause") == "Ta pause"
    assert say.many("{count} answer", "{count} answers", 2) == "2 svar"


def test_one_english_word_can_have_two_translations(project: Project) -> None:
    project.code('say("Vote", context="button")\nsay("Vote", context="thing")\n')
    project.translate("nb", {"button|Vote": "Stem", "thing|Vote": "Stemme"})
    say = speak("nb", project.locale)
    assert (say("Vote", context="button"), say("Vote", context="thing")) == ("Stem", "Stemme")


def test_the_catalogues_of_the_bot_are_complete() -> None:
    assert catalogues.check() == []


def test_a_complete_project_has_no_problems(project: Project) -> None:
    project.code('say("Not now")\nsay("Hei {name}", name=name)\n')
    project.translate_all()
    assert project.check() == []


@pytest.mark.parametrize(
    ("language", "complains"), [("nb", True), ("da", True), ("en", True), ("nn", False)]
)
def test_a_missing_translation_fails_the_check_except_in_nynorsk(
    project: Project, language: str, complains: bool
) -> None:
    project.code('say("Not now")\n')
    project.translate_all()
    project.translate(language, {"Not now": ""})
    expected = [f"{language}: missing: 'Not now' (bot/feature.py:1)"] if complains else []
    assert project.check() == expected


def test_a_fuzzy_translation_fails_the_check(project: Project) -> None:
    project.code('say("Not now")\n')
    project.translate_all()
    danish = project.locale / "da.po"
    finished = danish.read_text(encoding="utf-8")
    danish.write_text(finished.replace("\nmsgid", "\n#, fuzzy\nmsgid"), encoding="utf-8")
    assert project.check() == ["da: missing: 'Not now' (bot/feature.py:1)"]


def test_an_empty_plural_form_fails_the_check(project: Project) -> None:
    project.code('say.many("{count} answer", "{count} answers", 2)\n')
    project.translate_all()
    project.translate("nb", {"{count} answers": ""})
    assert "nb: missing" in project.check()[0]


@pytest.mark.parametrize("wrong", ["Hei {navn}", "Hei", "Hei {name} og {other}", "Hei {name!r}"])
def test_a_wrong_placeholder_in_a_translation_fails_the_check(project: Project, wrong: str) -> None:
    project.code('say("Hello {name}", name=name)\n')
    project.translate_all()
    project.translate("nb", {"Hello {name}": wrong})
    assert any(problem.startswith("nb: ") and wrong in problem for problem in project.check())


def test_a_plural_may_leave_its_number_unsaid(project: Project) -> None:
    project.code('say.many("one answer", "{count} answers", 2)\n')
    project.translate_all()
    project.translate("da", {"one answer": "et svar", "{count} answers": "{count} svar"})
    assert project.check() == []


def test_a_sentence_that_is_no_longer_said_fails_the_check(project: Project) -> None:
    project.code('say("Not now")\nsay("Later")\n')
    project.translate_all()
    project.code('say("Not now")\n')
    assert project.check() == [f"{language}: no longer said: 'Later'" for language in LANGUAGES]


@pytest.mark.parametrize(
    "call",
    [
        'say(f"Hello {name}")',
        'say("Hello " + name)',
        'say("Hello {name}")',
        'say("Hello {name}", navn=name)',
        'say("Hello", name=name)',
        'speak("nb")("Hello {name}")',
        'say.many("{count} answer to {name}", "{count} answers to {name}", 2)',
        'say("Hello {name.__class__}", name=name)',
        'say("Welcome back!")',
        'mark("We miss you")',
    ],
)
def test_a_wrong_call_in_the_code_fails_the_check(project: Project, call: str) -> None:
    project.code(call + "\n")
    project.translate_all()
    assert any(problem.startswith("bot/feature.py:1: ") for problem in project.check())


@pytest.mark.parametrize(
    "call",
    [
        "say(LABELS[outcome])",
        'say("Hello {name}", **values)',
        'mark("Hello {name}")',
        'say("Hello {name}", name=name, context="greeting")',
        'say.many("{count} answer", "{count} answers", 2)',
        'others.append("Hello {name}")',
    ],
)
def test_a_right_call_in_the_code_passes_the_check(project: Project, call: str) -> None:
    project.code(call + "\n")
    project.translate_all()
    assert project.check() == []


def test_one_sentence_cannot_have_two_plurals(project: Project) -> None:
    project.code('say.many("One", "{count}", 2)\nsay("One")\n')
    assert "bot/feature.py:2: 'One' is ('One', '{count}') in bot/feature.py:1" in project.check()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", "Et lite dytt"),
        ("nn", "Hugs å svare"),
        ("da", "Et puf"),
        ("da", "Svar nu!"),
        ("en", "Don't forget"),
    ],
)
def test_an_unkind_word_fails_the_check(project: Project, language: str, words: str) -> None:
    project.code('say("Not now")\n')
    project.translate_all()
    project.translate(language, {"Not now": words})
    assert len(project.check()) == 1


def test_a_word_that_only_looks_unkind_passes_the_check(project: Project) -> None:
    project.code('say("Not now")\n')
    project.translate_all()
    project.translate("nb", {"Not now": "Indult"})
    assert project.check() == []


def test_an_update_keeps_what_is_translated_and_tells_what_it_takes_away(project: Project) -> None:
    project.code('say("Not now")\nsay("Later")\n')
    project.translate("nb", {"Not now": "Ikke nå", "Later": "Senere"})
    project.code('say("New")\nsay("Not now")\n')
    gone = project.update()
    assert "nb: taken away: 'Later' = 'Senere'" in gone
    assert [(m.id, m.string) for m in read_catalogue("nb", project.locale) if m.id] == [
        ("New", ""),
        ("Not now", "Ikke nå"),
    ]
    assert [m.string for m in read_catalogue("en", project.locale) if m.id] == ["New", "Not now"]


def test_an_update_does_not_finish_what_a_translator_has_not(project: Project) -> None:
    project.code('say("Not now")\n')
    project.translate("da", {"Not now": "Ikke nu"})
    danish = project.locale / "da.po"
    finished = danish.read_text(encoding="utf-8")
    danish.write_text(finished.replace("\nmsgid", "\n#, fuzzy\nmsgid"), encoding="utf-8")
    project.update()
    assert "da: missing: 'Not now' (bot/feature.py:1)" in project.check()


def test_a_second_update_changes_nothing(project: Project) -> None:
    project.code('say("Not now")\nsay.many("{count} answer", "{count} answers", 2)\n')
    project.translate("nb", {"Not now": "Ikke nå"})
    before = (project.locale / "nb.po").read_text(encoding="utf-8")
    project.update()
    assert (project.locale / "nb.po").read_text(encoding="utf-8") == before


def test_the_command_says_how_it_went_by_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogues.main(["check"]) == bool(catalogues.check())
    assert catalogues.main(["nonsense"]) == 2
    assert capsys.readouterr().out.endswith(f"{catalogues.USAGE}\n")
