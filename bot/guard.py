"""What must never pass between organisations: national identity numbers, Norwegian and Danish.

It is there for mistakes, not against a person set on it, who can spell a number in words. The rules
are the issuers': skatteetaten.no ("Fødselsnummer", "D-nummer", and "PID" for what changes in 2032)
and cpr.dk ("Opbygning af CPR-nummeret", "Personnumre uden kontrolciffer",
"Erstatningspersonnummer"). Synthetic Norwegian numbers (month + 80) and Danes born before 1900 are
nobody, and pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain
from urllib.parse import unquote


class Level(StrEnum):
    """How sure we are that it is a person's number."""

    HIGH = "high"
    MEDIUM = "medium"


@dataclass(frozen=True, slots=True)
class Finding:
    """What kind of number was seen. Never the number itself, nor anything read out of it."""

    level: Level
    kind: str
    country: str


def worst(text: str, today: date) -> Finding | None:
    """The surest finding in the text, None where there is none."""
    if not _TEN_DIGITS.match(text):
        return None
    found = None
    for finding in chain.from_iterable(_findings(reading, today) for reading in _readings(text)):
        if finding.level is Level.HIGH:
            return finding
        found = found or finding
    return found


OUT = "[…]"
"""What stands where a number was taken out."""


def without(text: str, today: date) -> str:
    """The text with every number that would be found in it taken out, and all else as it was."""
    for _ in range(_ROUNDS):
        if worst(text, today) is None:
            return text
        text = _cut(text, today)
    return ""


# One number may hide another that overlaps it. What is left after so many rounds is not shown.
_ROUNDS = 5


def _cut(text: str, today: date) -> str:
    """One round: what is found in the text as it is read, else in the address it decodes to."""
    for words in (text, unquote(text)):
        if places := sorted(_places(words, today)):
            starts = (0, *(end for _, end in places))
            ends = (*(start for start, _ in places), len(words))
            return OUT.join(words[a:b] for a, b in zip(starts, ends, strict=True))
    return ""


def _places(text: str, today: date) -> Iterator[tuple[int, int]]:
    """Where the first kind of number that is found begins and ends, invisible marks included."""
    plain = [_plain(char) for char in text]
    origin = [at for at, char in enumerate(plain) for _ in char]
    read = "".join(plain)
    for pattern, finding in ((_NORWEGIAN, _norwegian), (_DANISH, _danish)):
        found = [match for match in pattern.finditer(read) if finding(match, today)]
        if found:
            yield from ((origin[m.start()], origin[m.end() - 1] + 1) for m in found)
            return


# Possessive, so that a text without ten digits is given up in one pass.
_TEN_DIGITS = re.compile(r"(?:\D*+\d){10}")

# A bank account (four, two and five digits with spaces or dots) has no six digits in a row, and an
# EAN has a digit too many. Twelve digits run together may be a DUF number. Out of a spreadsheet the
# two halves come with a tab or in lines of their own, and the check digits tell them from others.
_NORWEGIAN = re.compile(r"(?<!\d)(?:\d{12}|\d{6}[\s-]{0,3}\d{5})(?!\d)")

# A plus is a phone number's. A dot counts against it only after a digit: "cpr.nr.", then the
# number, is how people write.
_DANISH = re.compile(r"(?<![\d+])(?<!\d\.)(?:\d{6}[\s-]{0,3}|\d\d\.\d\d\.\d\d-)\d{4}(?!\d)")

_SEPARATORS = ("-", " ", "..-")
"""What a Danish number is written with. Anything else between its halves may as well part a date
from the number after it, and then more must speak for it."""

# The short ones only begin a word ("relevant" has an "elev" in it); the long ones also end a
# compound. Any ending goes.
_CONTEXT = re.compile(
    r"(?<![^\W\d_])(?:cpr|fnr|pnr|duf(?!t)|fh[ -]?n|elev(?!ator))"
    r"|personn(?:umme)?r|f(?:ø|oe?)dselsn(?:umme)?r|hjelpenummer"
    r"|borg[ea]r|bruk[ea]r|bruger|pasient|patient|klient|beboer|bebuar",
    re.IGNORECASE,
)
_REACH = 40

# Anything but ASCII and the accented letters of Latin script.
_ODD = re.compile(r"[^\x00-\x7f\xc0-\u024f]")


def _readings(text: str) -> Iterator[str]:
    """The text in plain characters; a text with percent signs also as an address decodes it."""
    yield _plain(text)
    if "%" in text:
        yield _plain(unquote(text))


def _plain(text: str) -> str:
    return _ODD.sub(_plain_character, text)


def _plain_character(match: re.Match[str]) -> str:
    char = match[0]
    category = unicodedata.category(char)
    if category in {"Cf", "Mn", "Me"}:
        # Zero-width characters, soft hyphens, and what makes a keycap of a digit.
        return ""
    if category == "Zs":
        return " "
    if category in {"Zl", "Zp"}:
        return "\n"
    if category == "Pd" or char in "\u2043\u2212":
        return "-"
    # Only decimals: superscripts and circled digits are marks beside a number, not part of it.
    return str(unicodedata.decimal(char, char))


def _findings(text: str, today: date) -> Iterator[Finding]:
    for match in _NORWEGIAN.finditer(text):
        if finding := _norwegian(match, today):
            yield finding
    for match in _DANISH.finditer(text):
        if finding := _danish(match, today):
            yield finding


def _digits(match: re.Match[str]) -> str:
    return re.sub(r"\D", "", match[0])


def _in_context(match: re.Match[str]) -> bool:
    start, end = max(0, match.start() - _REACH), match.end() + _REACH
    return _CONTEXT.search(match.string, start, end) is not None


def _norwegian(match: re.Match[str], today: date) -> Finding | None:
    number = _digits(match)
    if len(number) == 12:
        # A DUF number begins with the year of the application; 0047 and a phone number does not.
        likely = 1980 <= int(number[:4]) <= today.year and _in_context(match)
        return Finding(Level.MEDIUM, "duf-nummer", "no") if likely else None
    if not check_digits_hold(number, today):
        return None
    if number[0] in "89":
        # No date to go by, and the account numbers of banks have the same second check digit.
        return Finding(Level.MEDIUM, "fh-nummer", "no") if _in_context(match) else None
    return _norwegian_by_date(int(number[:2]), int(number[2:4]), int(number[4:6]))


def _norwegian_by_date(day: int, month: int, year: int) -> Finding | None:
    temporary, emergency = day > 40, month > 40
    # A synthetic number's month is still too great when 40 is taken from it, so it is no date.
    # Every leap year of the 1900s has its like in the 2000s, so one century is enough to ask for.
    if _date(2000 + year, month - 40 * emergency, day - 40 * temporary) is None:
        return None
    if emergency:
        return Finding(Level.MEDIUM, "h-nummer", "no")
    return Finding(Level.HIGH, "d-nummer" if temporary else "fødselsnummer", "no")


def check_digits_hold(number: str, today: date) -> bool:
    """Whether the last two of a Norwegian number's eleven digits fit the rest.

    Numbers issued from 2032 may leave 1, 2 or 3 in the first check; older ones live on beside them.
    """
    rests = range(4) if today >= date(2032, 1, 1) else range(1)
    first = _modulus_11(number[:10], (3, 7, 6, 1, 8, 9, 4, 5, 2, 1))
    return first in rests and not _modulus_11(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))


def _danish(match: re.Match[str], today: date) -> Finding | None:
    number, between = _digits(match), re.sub(r"\d", "", match[0])
    replacement = number[0] in "6789"
    day, month, year = int(number[:2]) - 60 * replacement, int(number[2:4]), int(number[4:6])
    born = _date(danish_birth_year(int(number[6]), year), month, day)
    if born is None or born.year < 1900 or born > today:
        return None
    level = _danish_level(number, between, today, in_context=_in_context(match))
    if level is not None and replacement:
        return Finding(Level.MEDIUM, "erstatningspersonnummer", "dk")
    return None if level is None else Finding(level, "cpr", "dk")


def _danish_level(number: str, between: str, today: date, *, in_context: bool) -> Level | None:
    """How sure it is that ten digits whose date is one that somebody was born on are a number."""
    # The modulus only adds to what we know: numbers that fail it have been issued since 2007, so
    # far mostly to people registered as born on 1 January.
    passes = not _modulus_11(number, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1))
    if in_context or (passes and between in ("", *_SEPARATORS)):
        return Level.HIGH
    if between in _SEPARATORS:
        return Level.MEDIUM if _date_and_time(number, today) else Level.HIGH
    if between:
        return Level.MEDIUM if passes and not _date_and_time(number, today) else None
    return Level.MEDIUM if number[:4] in ("0101", "6101") else None


def danish_birth_year(seventh: int, year: int) -> int:
    """The whole year: the seventh digit of a Danish number tells the century of the two digits."""
    if seventh <= 3:
        return 1900 + year
    if seventh in {4, 9}:
        return year + (2000 if year <= 36 else 1900)
    return year + (2000 if year <= 57 else 1800)


def _date_and_time(number: str, today: date) -> bool:
    """Whether it can be a day within three years of today and a clock time: 120326-1400."""
    if number[6:8] >= "24" or number[8:] >= "60":
        return False
    # The year nearest to today: who writes a meeting does not think of centuries.
    year = today.year + (int(number[4:6]) - today.year + 50) % 100 - 50
    day = (year, int(number[2:4]), int(number[:2]))
    earliest, latest = ((today.year + years, today.month, today.day) for years in (-3, 3))
    return earliest <= day <= latest


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _modulus_11(digits: str, weights: Sequence[int]) -> int:
    return sum(int(d) * weight for d, weight in zip(digits, weights, strict=True)) % 11
