"""Identity numbers that belong to nobody, built when a test runs so that none stands in a file."""

from __future__ import annotations

from itertools import count
from typing import NamedTuple


class Number(NamedTuple):
    """The number as a person would type it, and why nobody has it."""

    text: str
    note: str


def norwegian_number(
    day: int = 1, month: int = 1, year: int = 41, individual: int = 500, rest: int = 0
) -> Number:
    """A number for these two-digit parts, from the first individual number that gives one.

    `rest` is what the first check leaves: 0, or 1 to 3 as in numbers issued from 2032.
    """
    for tried in count(individual):
        nine = f"{day:02}{month:02}{year:02}{tried:03}"
        if number := with_check_digits(nine, rest):
            return Number(
                number,
                "The individual numbers 500-899 with the years 40-53 stand for no year of birth "
                "(500-749 are 1854-1899, 500-999 are 2000-2039, 900-999 are 1940-1999), so they "
                "have never been given out.",
            )
    raise AssertionError


def with_check_digits(nine: str, rest: int = 0) -> str | None:
    """Eleven digits; None where a check digit would have to be 10, as for one in six or so."""
    first = (rest - _weighted(nine, (3, 7, 6, 1, 8, 9, 4, 5, 2))) % 11
    second = -(_weighted(nine, (5, 4, 3, 2, 7, 6, 5, 4, 3)) + 2 * first) % 11
    return None if 10 in {first, second} else f"{nine}{first}{second}"


def danish_number(
    day: int = 3, month: int = 2, year: int = 0, serial: int = 2500, modulus: bool = False
) -> Number:
    """A number with a hyphen, from the first serial number that passes (or fails) modulus 11.

    As it stands it is one of 1900, found on any day. For one that passes modulus 11, ask for a year
    to come (37-57 with a serial number of 5000-8999 is 2037-2057) and be there when it is past.
    """
    for tried in count(serial):
        number = f"{day:02}{month:02}{year:02}{tried:04}"
        if (_weighted(number, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0) is modulus:
            return Number(
                f"{number[:6]}-{number[6:]}",
                "Numbers that fail modulus 11 were first given out in October 2007, when nobody "
                "born in 1900 was left to get one; those of a year to come are not yet given out.",
            )
    raise AssertionError


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(d) * weight for d, weight in zip(digits, weights, strict=True))
