"""The guard, rule by rule.

A number that passes the checks may be a living person's, so none is written here but published
synthetic ones: HIGH ones are built when the test runs, Norwegian ones from years and individual
numbers that are never given out together, Danish ones from 1900 or from a year still to come.
"""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.guard import Finding, Level, check_digits_hold, danish_birth_year, without, worst
from tests.numbers import danish_number, norwegian_number, with_check_digits

TODAY = date(2026, 3, 12)
FAR = date(2060, 1, 1)
NORWEGIAN = norwegian_number(day=17, month=5).text
DANISH = danish_number().text
PASSING = danish_number(day=3, month=2, year=57, serial=5000, modulus=True).text
FAILING = danish_number(day=3, month=2, year=57, serial=5000).text
NEW_YEAR = danish_number(day=1, month=1, year=57, serial=5000).text
REPLACEMENT = danish_number(day=63, month=2).text
FELLES = with_check_digits("888888888") or ""

HIGH, MEDIUM = Level.HIGH, Level.MEDIUM
CPR = Finding(HIGH, "cpr", "dk")
PERHAPS_CPR = Finding(MEDIUM, "cpr", "dk")
INSTEAD_OF_CPR = Finding(MEDIUM, "erstatningspersonnummer", "dk")
BORN = Finding(HIGH, "fødselsnummer", "no")
D = Finding(HIGH, "d-nummer", "no")
H = Finding(MEDIUM, "h-nummer", "no")
FH = Finding(MEDIUM, "fh-nummer", "no")
DUF = Finding(MEDIUM, "duf-nummer", "no")


def together(number: str) -> str:
    return number.replace("-", "")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("16822548834", None),
        ("11812448848", None),
        ("15829010019", None),
        ("01817010055", None),
        ("31858510050", None),
        ("55839010183", None),
        ("010158-5018", None),
        ("010158-5001", None),
        ("610190-0000", INSTEAD_OF_CPR),
        # A documentation example of 1899, but the guard does not ask a Norwegian number's century.
        ("31129956715", BORN),
    ],
)
def test_published_numbers_are_what_they_are_said_to_be(
    number: str, expected: Finding | None
) -> None:
    assert worst(number, TODAY) == expected
    assert worst(f"cpr {number}, fnr {number}", TODAY) == expected


@pytest.mark.parametrize(
    ("day", "month", "expected"),
    [
        (0, 1, None),
        (1, 1, BORN),
        (31, 1, BORN),
        (32, 1, None),
        (40, 1, None),
        (41, 1, D),
        (71, 1, D),
        (72, 1, None),
        (1, 0, None),
        (1, 12, BORN),
        (1, 13, None),
        (1, 40, None),
        (1, 41, H),
        (41, 41, H),
        (1, 52, H),
        (1, 53, None),
        (1, 80, None),
        (1, 81, None),
        (41, 92, None),
        (31, 4, None),
        (71, 4, None),
        (31, 44, None),
    ],
)
def test_day_and_month_tell_the_kind_of_a_norwegian_number(
    day: int, month: int, expected: Finding | None
) -> None:
    assert worst(norwegian_number(day, month).text, TODAY) == expected


@pytest.mark.parametrize(
    ("year", "individual", "expected"), [(41, 500, None), (44, 500, BORN), (0, 0, BORN)]
)
def test_29_february_counts_if_either_century_had_one(
    year: int, individual: int, expected: Finding | None
) -> None:
    # 0 with individual number 0 is a 29 February 1900, which never was.
    assert worst(norwegian_number(29, 2, year, individual).text, TODAY) == expected


@pytest.mark.parametrize(
    "separator", ["", " ", "-", *"\u00a0\u202f\u2009\u2010\u2011\u2013\u2014\u2212\uff0d"]
)
def test_one_space_or_dash_may_part_a_norwegian_number(separator: str) -> None:
    assert worst(NORWEGIAN[:6] + separator + NORWEGIAN[6:], TODAY) == BORN


TORN = pytest.mark.parametrize(
    "between", ["  ", "\t", "\n", "\r\n", " \n ", " - ", "\u2028", "\u00a0\t"]
)
"""What stands between the halves of a number that comes out of a spreadsheet or over two lines."""


@TORN
def test_a_norwegian_number_may_be_torn_in_two(between: str) -> None:
    torn = NORWEGIAN[:6] + between + NORWEGIAN[6:]
    assert worst(torn, TODAY) == BORN
    assert without(f"Gjelder {torn} igjen", TODAY) == "Gjelder […] igjen"


@TORN
def test_a_danish_number_that_is_torn_in_two_needs_more_to_speak_for_it(between: str) -> None:
    passing, failing = (number[:6] + between + number[7:] for number in (PASSING, FAILING))
    assert worst(passing, FAR) == PERHAPS_CPR
    assert worst(failing, FAR) is None
    for torn in (passing, failing):
        assert worst(f"Borgerens {torn}", FAR) == CPR


@TORN
def test_a_date_and_a_clock_time_in_two_cells_are_no_number(between: str) -> None:
    times = [f"120326{between}{hour:02}{minute:02}" for hour in range(24) for minute in range(60)]
    assert not [one for one in times if worst(one, TODAY)]


@pytest.mark.parametrize("separator", [".", "/", "x", "    ", "\n\n\n\n", " og "])
def test_what_stands_further_apart_or_beside_something_else_are_two_numbers(separator: str) -> None:
    assert worst(NORWEGIAN[:6] + separator + NORWEGIAN[6:], TODAY) is None
    assert worst(DANISH[:6] + separator + DANISH[7:], TODAY) is None


@pytest.mark.parametrize("mark", [".", " "])
def test_a_bank_account_is_none_even_if_its_digits_are(mark: str) -> None:
    assert worst(mark.join((NORWEGIAN[:4], NORWEGIAN[4:6], NORWEGIAN[6:])), TODAY) is None


@pytest.mark.parametrize("wrong", range(1, 10))
def test_both_check_digits_are_asked_for(wrong: int) -> None:
    first, last = int(NORWEGIAN[9]), int(NORWEGIAN[10])
    assert worst(f"{NORWEGIAN[:10]}{(last + wrong) % 10}", TODAY) is None
    assert worst(f"{NORWEGIAN[:9]}{(first + wrong) % 10}{last}", TODAY) is None


@pytest.mark.parametrize("rest", range(11))
def test_from_2032_the_first_check_may_leave_up_to_three(rest: int) -> None:
    number = next(filter(None, (with_check_digits(f"158290{n}", rest) for n in range(100, 200))))
    assert check_digits_hold(number, date(2031, 12, 31)) is (rest == 0)
    assert check_digits_hold(number, date(2032, 1, 1)) is (rest <= 3)
    wrong = f"{number[:10]}{(int(number[10]) + 1) % 10}"
    assert not check_digits_hold(wrong, date(2032, 1, 1))


def test_a_number_of_the_new_kind_is_found_from_2032() -> None:
    number = norwegian_number(rest=3).text
    assert worst(number, date(2031, 12, 31)) is None
    assert worst(number, date(2032, 1, 1)) == BORN


def test_an_fh_number_is_one_only_beside_a_word_that_says_so() -> None:
    assert worst(f"Betalt til konto {FELLES}", TODAY) is None
    assert worst(f"Pasienten har {FELLES}", TODAY) == FH
    assert worst(f"FH-nummer: {FELLES}", TODAY) == FH
    assert worst(f"felles hjelpenummer {FELLES}", TODAY) == FH
    assert worst(f"Pasienten har {FELLES[:10]}0", TODAY) is None


@pytest.mark.parametrize(
    ("year", "expected"), [(1979, None), (1980, DUF), (2026, DUF), (2027, None)]
)
def test_a_duf_number_begins_with_a_year_beside_a_word_that_says_so(
    year: int, expected: Finding | None
) -> None:
    assert worst(f"Eleven har {year}00000000", TODAY) == expected
    assert worst(f"DUF-nr. {year}00000000", TODAY) == expected
    assert worst(f"Ordre {year}00000000", TODAY) is None
    assert worst(f"Eleven har {year}000000001", TODAY) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PASSING, CPR),
        (f"cpr {PASSING}", CPR),
        (FAILING, CPR),
        (f"cpr {FAILING}", CPR),
        (together(PASSING), CPR),
        (f"cpr {together(PASSING)}", CPR),
        (together(FAILING), None),
        (f"cpr {together(FAILING)}", CPR),
        (NEW_YEAR, CPR),
        (together(NEW_YEAR), PERHAPS_CPR),
        (f"cpr {together(NEW_YEAR)}", CPR),
    ],
)
def test_writing_modulus_and_context_tell_how_sure_a_danish_number_is(
    text: str, expected: Finding | None
) -> None:
    assert worst(text, FAR) == expected


@pytest.mark.parametrize("separator", ["-", " ", *"\u00a0\u202f\u2011\u2013\u2014\u2212"])
def test_one_space_or_dash_may_part_a_danish_number(separator: str) -> None:
    assert worst(DANISH.replace("-", separator), TODAY) == CPR


@pytest.mark.parametrize(("separator", "expected"), [("-", CPR), ("\u2013", CPR), (" ", None)])
def test_a_danish_date_may_have_dots_before_a_dash(
    separator: str, expected: Finding | None
) -> None:
    dotted = f"{DANISH[:2]}.{DANISH[2:4]}.{DANISH[4:6]}{separator}{DANISH[7:]}"
    assert worst(dotted, TODAY) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("1", "", None),
        ("+", "", None),
        ("1.", "", None),
        ("", "1", None),
        ("cpr.nr.", "", CPR),
        ("(", ")", CPR),
        ("cpr", "a", CPR),
        ("", ".", CPR),
        ("1. ", "", CPR),
    ],
)
def test_what_stands_beside_a_danish_number(
    before: str, after: str, expected: Finding | None
) -> None:
    assert worst(before + DANISH + after, TODAY) == expected


@pytest.mark.parametrize(
    ("seventh", "year", "whole"),
    [(s, y, 1900 + y) for s in (0, 1, 2, 3) for y in (0, 36, 37, 57, 58, 99)]
    + [(s, y, 2000 + y) for s in (4, 9) for y in (0, 36)]
    + [(s, y, 1900 + y) for s in (4, 9) for y in (37, 57, 58, 99)]
    + [(s, y, 2000 + y) for s in (5, 6, 7, 8) for y in (0, 36, 37, 57)]
    + [(s, y, 1800 + y) for s in (5, 6, 7, 8) for y in (58, 99)],
)
def test_the_seventh_digit_tells_the_century_of_a_dane(seventh: int, year: int, whole: int) -> None:
    assert danish_birth_year(seventh, year) == whole


def test_nobody_is_born_tomorrow() -> None:
    birthday = date(2057, 2, 3)
    assert worst(PASSING, birthday) == CPR
    assert worst(PASSING, birthday - timedelta(days=1)) is None
    assert worst(PASSING, TODAY) is None


@pytest.mark.parametrize(
    ("day", "month", "expected"),
    [
        (0, 1, None),
        (31, 1, CPR),
        (32, 1, None),
        (60, 1, None),
        (61, 1, INSTEAD_OF_CPR),
        (91, 1, INSTEAD_OF_CPR),
        (92, 1, None),
        (1, 0, None),
        (1, 12, CPR),
        (1, 13, None),
        (29, 2, None),
        (89, 2, None),
    ],
)
def test_a_danish_date_must_exist_and_a_day_over_60_is_a_replacement_number(
    day: int, month: int, expected: Finding | None
) -> None:
    assert worst(danish_number(day, month).text, TODAY) == expected


def test_a_replacement_number_is_never_more_than_perhaps_one() -> None:
    assert worst(f"cpr {REPLACEMENT}", TODAY) == INSTEAD_OF_CPR
    assert worst(f"cpr {together(REPLACEMENT)}", TODAY) == INSTEAD_OF_CPR
    assert worst(together(REPLACEMENT), TODAY) is None


# As a number it would be of 1926 without modulus 11, and nobody of that age has one.
@pytest.mark.parametrize("text", ["120326-1400", "120326 1400", "12.03.26-1400"])
@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2023, 3, 11), CPR),
        (date(2023, 3, 12), PERHAPS_CPR),
        (date(2026, 2, 1), PERHAPS_CPR),
        (date(2026, 3, 12), PERHAPS_CPR),
        (date(2029, 3, 12), PERHAPS_CPR),
        (date(2029, 3, 13), CPR),
        (date(2060, 1, 1), CPR),
    ],
)
def test_a_meeting_is_only_perhaps_a_person_within_three_years(
    text: str, today: date, expected: Finding
) -> None:
    assert worst(text, today) == expected
    assert worst(f"Borgeren {text}", today) == CPR
    assert worst("1203261400", today) is None


@pytest.mark.parametrize(
    ("serial", "expected"), [(1400, PERHAPS_CPR), (2340, PERHAPS_CPR), (1460, CPR), (2400, CPR)]
)
def test_only_a_clock_time_makes_a_meeting(serial: int, expected: Finding) -> None:
    assert worst(danish_number(serial=serial).text, date(2001, 1, 1)) == expected


@pytest.mark.parametrize(
    "word",
    [
        *("cpr", "cpr-nr", "personnummer", "fødselsnummer", "fnr", "pnr", "borger", "bruker"),
        *("bruger", "pasient", "patient", "elev", "klient", "beboer", "CPR-nr.", "FØDSELSNR"),
        *("Borgerens", "brukeren", "Eleven", "hjemmepasient", "liste_cpr_", "brukaren", "bebuar"),
    ],
)
def test_a_word_about_a_person_makes_a_number_sure(word: str) -> None:
    assert worst(f"{word} {together(FAILING)}", FAR) == CPR
    assert worst(f"{together(FAILING)} {word}", FAR) == CPR


@pytest.mark.parametrize("word", ["relevant", "television", "elevator", "ordre", "kopnr", "duft"])
def test_a_word_that_only_looks_like_one_does_not(word: str) -> None:
    assert worst(f"{word} {together(FAILING)} {word}", FAR) is None


@pytest.mark.parametrize(("gap", "expected"), [(37, CPR), (38, None)])
def test_a_word_counts_when_it_is_within_forty_characters(
    gap: int, expected: Finding | None
) -> None:
    assert worst(f"cpr{' ' * gap}{together(FAILING)}", FAR) == expected
    assert worst(f"{together(FAILING)}{' ' * gap}cpr", FAR) == expected


@pytest.mark.parametrize("word", ["", "Bruker: ", "cpr "])
@pytest.mark.parametrize(
    "text",
    [
        "+47 41 23 45 67",
        "+4741234567",
        "4741234567",
        "004741234567",
        "1234.56.78903",
        "1234 56 78903",
        "12345678903",
        "987 654 321",
        "987654321 og 987654321",
        "CVR 12345678, CVR 12 34 56 78",
        "5790000123456",
        "5 790000 123456",
        "2026/12345-3",
        "00.01.00-G01, 00.01.00-G02",
        "2019-421-0034",
        "NO93 8601 1117 947",
        "NO9386011117947",
        "12.03.2026 14.00 - 12.03.2026 15.30",
        "2026-03-12T14:00:00.000000",
        "1771234567.123456",
    ],
)
def test_everyday_numbers_raise_no_alarm(text: str, word: str) -> None:
    assert worst(word + text, TODAY) is None


def in_script(zero: str) -> str:
    return "".join(chr(ord(zero) + int(digit)) for digit in NORWEGIAN)


@pytest.mark.parametrize(
    "written",
    [
        *map(in_script, "\uff10\u0660\u06f0\u0966\U0001d7ce"),
        *(char.join(NORWEGIAN) for char in "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e"),
        "".join(f"{digit}\ufe0f\u20e3" for digit in NORWEGIAN),
        f"\u200b{NORWEGIAN[:6]}\u200b\u00a0\u200b{NORWEGIAN[6:]}\u200b",
        f"{NORWEGIAN}\u00b2",
    ],
)
def test_unusual_characters_do_not_hide_a_number(written: str) -> None:
    assert worst(written, TODAY) == BORN
    assert worst(f"Ærlig talt: {written}, ikke sant?", TODAY) == BORN


@pytest.mark.parametrize(
    "text",
    [
        "({})",
        "fnr{}",
        "{}.",
        "«{}»",
        "sak_{}_vedtak.pdf",
        "https://eksempel.no/?fnr={}&side=2",
        "https://eksempel.no/Elev%20{}.pdf",
        "50%{}",
        "\n{}\n",
        "2026-{}",
        "Første linje\n• {}",
    ],
)
def test_neighbours_do_not_hide_a_number(text: str) -> None:
    assert worst(text.format(NORWEGIAN), TODAY) == BORN
    assert worst(text.format(DANISH), TODAY) == CPR


@pytest.mark.parametrize("text", ["1{}", "{}1", "\uff11{}", "{}\u200b1"])
def test_a_number_is_none_when_another_digit_follows_or_leads(text: str) -> None:
    assert worst(text.format(NORWEGIAN), TODAY) is None
    assert worst(text.format(f"{NORWEGIAN[:6]} {NORWEGIAN[6:]}"), TODAY) is None


def test_the_surest_finding_is_told_wherever_it_stands() -> None:
    assert worst(f"610190-0000, {NORWEGIAN}", TODAY) == BORN
    assert worst(f"{DANISH}, 610190-0000", TODAY) == CPR
    assert worst(f"610190-0000, {DANISH}", TODAY) == CPR
    assert worst(f"fnr {FELLES}, 610190-0000", TODAY) == FH


@pytest.mark.parametrize("finding", [CPR, PERHAPS_CPR, INSTEAD_OF_CPR, BORN, D, H, FH, DUF])
def test_a_finding_travels_as_json_without_a_digit(finding: Finding) -> None:
    stored = TypeAdapter(Finding).dump_json(finding)
    assert TypeAdapter(Finding).validate_json(stored) == finding
    assert not any(char.isdigit() for char in stored.decode())


@pytest.mark.parametrize(
    "part",
    [
        *("1", " ", "-", "%", "%31", "1 ", "1-", "1.", "\uff11\u200b", "010158-", "01.01.58-"),
        *("010158-5018 ", "01015850180 ", f"{FELLES} ", "202600000000 ", "elev 010158501 "),
    ],
)
def test_the_longest_message_is_read_in_one_pass(part: str) -> None:
    text = (part * 40_000)[:40_000] + " 0101585018"
    began = time.process_time()
    worst(text, TODAY)
    # A tenth of a second is usual; what looks back over the whole text takes a minute.
    assert time.process_time() - began < 2


TALK = st.text(st.characters(exclude_categories=["Nd"]))
NOISE = st.text(
    st.sampled_from("0123456789 -.+%\n\u200b\u00a0\u2013\uff11\u0663\u00b2eE") | st.characters()
)


@given(TALK | NOISE, st.dates())
def test_no_text_breaks_the_guard(text: str, today: date) -> None:
    worst(text, today)


@given(st.lists(TALK, max_size=10), st.sampled_from("0159"))
def test_fewer_than_ten_digits_are_never_a_number(words: list[str], digit: str) -> None:
    assert worst(digit.join(words), TODAY) is None


@given(TALK, TALK)
def test_a_number_is_found_between_any_words(before: str, after: str) -> None:
    assert worst(before + NORWEGIAN + after, TODAY) == BORN


# --- what is left when the number is taken out ----------------------------------------------------


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"Gjelder {NORWEGIAN}, sier hun.", "Gjelder […], sier hun."),
        (f"{DANISH} og {NORWEGIAN}", "[…] og […]"),
        (f"cpr.nr.{together(DANISH)}", "cpr.nr.[…]"),
        ("\u200b".join(f"x {NORWEGIAN} y"), "x\u200b \u200b[…]\u200b \u200by"),
        (f"https://a.no/?q=%31{NORWEGIAN[1:]}", "https://a.no/?q=[…]"),
        (f"fnr {FELLES}, 12 personer", "fnr […], 12 personer"),
        ("Møte 120326-1400 i rom 3", "Møte […] i rom 3"),
        ("Ring 22 86 48 00.", "Ring 22 86 48 00."),
    ],
)
def test_only_the_number_is_taken_out(text: str, left: str) -> None:
    assert without(text, TODAY) == left


@given(TALK | NOISE, TALK | NOISE, st.sampled_from([NORWEGIAN, DANISH, PASSING, REPLACEMENT]))
def test_nothing_is_found_in_what_is_left(before: str, after: str, number: str) -> None:
    assert worst(without(before + number + after, TODAY), TODAY) is None


@given(TALK, TALK)
def test_the_words_around_a_number_are_all_left(before: str, after: str) -> None:
    text = f"{before} {NORWEGIAN} {after}"
    if worst(before + after, TODAY) is None and "%" not in text:
        assert without(text, TODAY) == f"{before} […] {after}"
