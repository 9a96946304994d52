"""The bot's own words in the reader's language, and dates and numbers as that reader writes them.

Sentences stand in the code in English and are looked up in `locale/<language>.po`:

    say = speak(room.language)
    say("Not now")
    say("{asker} is wondering about {topic}.", asker=name, topic=topic)
    say.many("{count} answer", "{count} answers", len(replies))
    say("Answer", context="button")          # one English word with two translations
    say("Open until {day} {time}.", day=say.date(closes), time=say.time(closes))

The first argument is a literal, so that `python -m bot.catalogues check` finds it. A sentence that
stands elsewhere (a table of labels) is marked where it stands and said later:

    LABELS = {"tried": mark("Tried")}
    say(LABELS[outcome])

The check holds the calls and the translations to the same placeholders.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_day_names
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

# Inside `Speech` the name `date` is the method.
Day = date

LANGUAGES = ("nb", "nn", "da", "en")
SPOKEN_IF_MISSING = {"nn": "nb"}
LOCALE = Path(__file__).parent / "locale"
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")

# Norway and Denmark keep the same clock.
ZONE = ZoneInfo("Europe/Oslo")

_FORMATS = {"nb": "nb", "nn": "nn", "da": "da", "en": "en_GB"}
_WEEKDAYS = {"nb": "EEEE ", "nn": "EEEE ", "da": "EEEE 'den' ", "en": "EEEE "}
_DAYS = {"nb": "d.", "nn": "d.", "da": "d.", "en": "d"}
_TIMES = {"nb": "'kl.' HH.mm", "nn": "'kl.' HH.mm", "da": "'kl.' H.mm", "en": "HH:mm"}
_DASHES = {"nb": "–", "nn": "–", "da": "-", "en": "–"}
_QUOTES = {"nb": ("«", "»"), "nn": ("«", "»"), "da": ("»", "«"), "en": ('"', '"')}


def mark(message: str) -> str:
    """Mark a sentence for the catalogues where it is not said at once."""
    return message


def speak(language: str | None, folder: Path = LOCALE) -> Speech:
    """Speak to a reader; an unknown language is answered in English."""
    return _speech(language if language in LANGUAGES else "en", folder)


def pick(locale: str | None, default: str = "en") -> str:
    """Choose the language for a platform's locale: "nb-NO", "no", "nn_NO", "da-DK", "en-GB", …"""
    spoken = re.split(r"[-_]", (locale or "").strip().lower())[0]
    spoken = "nb" if spoken == "no" else spoken
    return spoken if spoken in LANGUAGES else default


@dataclass(frozen=True, slots=True)
class Speech:
    """Says sentences, dates and numbers to one reader."""

    language: str
    _catalogue: gettext.NullTranslations

    def __call__(self, message: str, /, *, context: str | None = None, **values: object) -> str:
        """Say a sentence; every placeholder in it is given by name."""
        if context is None:
            return _fill(self._catalogue.gettext(message), values)
        return _fill(self._catalogue.pgettext(context, message), values)

    def many(
        self,
        one: str,
        several: str,
        count: int,
        /,
        *,
        context: str | None = None,
        **values: object,
    ) -> str:
        """Say a sentence about a number of things; `{count}` is that number."""
        if context is None:
            words = self._catalogue.ngettext(one, several, count)
        else:
            words = self._catalogue.npgettext(context, one, several, count)
        return _fill(words, {"count": self.number(count), **values})

    def date(self, day: Day, *, year: bool = True) -> str:
        """A day with its weekday: "tirsdag 19. januar 2027"."""
        pattern = _WEEKDAYS[self.language] + _DAYS[self.language] + " MMMM" + " y" * year
        return self._format(_local(day), pattern)

    def days(self, first: Day, last: Day, *, year: bool = False) -> str:
        """A range of days: "12.–13. mai"."""
        first, last = _local(first), _local(last)
        if first == last:
            return self.date(first, year=year)
        day, dash = _DAYS[self.language], _DASHES[self.language]
        new_year = first.year != last.year
        begin = day if (first.month, first.year) == (last.month, last.year) else f"{day} MMMM"
        begin = self._format(first, begin + " y" * new_year)
        return begin + dash + self._format(last, f"{day} MMMM" + " y" * (year or new_year))

    def weekday(self, number: int) -> str:
        """The name of a day of the week; 1 is Monday."""
        names = get_day_names("wide", "stand-alone", locale=_FORMATS[self.language])
        return str(names[number - 1])

    def time(self, moment: datetime) -> str:
        """The local time of day: "kl. 09.15"."""
        return format_time(
            here(moment),
            _TIMES[self.language],
            tzinfo=ZONE,
            locale=_FORMATS[self.language],
        )

    def number(self, number: float) -> str:
        """A number with the reader's separators: "1 234,5"."""
        return format_decimal(number, locale=_FORMATS[self.language])

    def size(self, size: int | None) -> str:
        """How large a file is: "240 kB", "1,2 MB"; nothing where that is not known."""
        if size is None or size < 0:
            return ""
        kilobytes = max(round(size / 1000), 1)
        if kilobytes < 1000:
            return f"{self.number(kilobytes)} kB"
        return f"{self.number(round(size / 1e6, 1))} MB"

    def percent(self, share: float) -> str:
        """A share of one in whole per cent: "45 %"."""
        return format_percent(share, locale=_FORMATS[self.language])

    def quoted(self, words: str) -> str:
        """People's words in the reader's quotation marks."""
        begin, end = _QUOTES[self.language]
        return begin + words + end

    def _format(self, day: Day, pattern: str) -> str:
        return format_date(day, pattern, locale=_FORMATS[self.language])


def read_catalogue(language: str, folder: Path = LOCALE) -> Catalog:
    """Read a catalogue as it stands in the repository; none at all is an empty one."""
    path = folder / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def is_translated(message: Message) -> bool:
    """Whether there is a finished translation; of a plural, all its forms."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(forms) and not message.fuzzy


@cache
def _speech(language: str, folder: Path) -> Speech:
    return Speech(language, _translations(language, folder))


@cache
def _translations(language: str, folder: Path) -> gettext.NullTranslations:
    catalogue = read_catalogue(language, folder)
    for message in list(catalogue):
        # The compiler would fill an empty plural with English, and hide the fallback language.
        if message.id and not is_translated(message):
            catalogue.delete(message.id, message.context)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    translations = gettext.GNUTranslations(compiled)
    if language in SPOKEN_IF_MISSING:
        translations.add_fallback(_translations(SPOKEN_IF_MISSING[language], folder))
    return translations


def _fill(words: str, values: Mapping[str, object]) -> str:
    # Not str.format: a value is never looked into, and a brace that stands for itself stays.
    return PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), words)


def _local(day: Day) -> Day:
    return here(day).date() if isinstance(day, datetime) else day


def here(moment: datetime) -> datetime:
    """The same moment by the clock in Norway and Denmark."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no local time")
    return moment.astimezone(ZONE)
