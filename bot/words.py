"""Words as a search compares them: bokmål, nynorsk and Danish spellings of one word meet."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

from bot.terms import EQUALS, PIECES, SKIPPED

SHORTEST = 2
"""Letters that a word must have to be looked for."""

LONGEST = 40
"""Letters of a word that are compared."""

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_TYPED = (("aa", "å"), ("oe", "ø"), ("ae", "æ"), ("ö", "ø"), ("ä", "æ"))


def _rules(*rules: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), sound) for pattern, sound in rules)


_SPELLINGS = _rules(
    (r"w", "v"),
    (r"x", "ks"),
    (r"z", "s"),
    (r"qu", "kv"),
    (r"ph", "f"),
    (r"c(?=[eiy])", "s"),
    (r"ck|c", "k"),
    (r"(?:ss|s|t)(?:j|i)on", "sjon"),
    (r"ej", "ei"),
    (r"øj", "øy"),
    (r"igt", "ikt"),
    (r"^ut(?=[^aeiouyæøå]{1,3}[aeiouyæøå])", "ud"),
    # Soft in Danish, hard in Norwegian, and only there: "leder" and "lettere" are two words.
    (r"(?<=[aeiouyæøå])p(?=[aeiouyæøå]|$)", "b"),
    (r"(?<=[aeiouyæøå])t(?=[aeiouyæøå])|(?<=[aiouyæøå])t$", "d"),
    (r"(?<=[aeiouyæøå])k(?=[aeiouyæøå]|$)", "g"),
    (r"(.)\1+", r"\1"),
    (r"leg(?=e?$|t$)", "lig"),
    (r"(?:hed|heit|het)(?:en|ens|er|erne|ene|a|ane)?$", "het"),
)
"""How neighbours spell the same, before the ending is taken off."""

_SOUNDS = _rules(
    (r"(?<=.{3}[^aeiouyæøå])ning$", "ing"),
    (r"ei", "e"),
    (r"å", "o"),
    (r"æ", "e"),
    (r"[hk]va", "ve"),
    (r"[hk]v", "v"),
    (r"gj|hj(?=e)", "g"),
    (r"skj", "sk"),
    (r"kj", "k"),
    (r"nd", "n"),
    (r"ld", "l"),
    (r"([ae])[vf](?=[bdfghjklmnprst])", r"\1u"),
    (r"rg(?=s)", "r"),
    (r"(.)\1+", r"\1"),
)
"""How letters are read after that, one rule after the other."""

_danish = snowballstemmer.stemmer("danish")
_norwegian = snowballstemmer.stemmer("norwegian")


def fold(word: str) -> str:
    """The word as it is compared: "tavlemøtene", "tavlemøder" and "Tavlemoede" are one."""
    bare = _bare(word)
    return _SAME.get(bare, bare)


def is_term(word: str) -> bool:
    """Whether the field has other words for the same."""
    return _bare(word) in _SAME


def words_in(text: str) -> list[str]:
    """What a text says, word by word, without those that say nothing of what it is about."""
    return [word for word in every_word_in(text) if word.lower() not in SKIPPED]


def every_word_in(text: str) -> list[str]:
    """The same, with those that say nothing alone but stand in a turn of phrase: "går i stå"."""
    return [word for whole in _WORD.findall(text) for word in _parts(whole)]


def _parts(whole: str) -> list[str]:
    """A word with hyphens is one word, and each of its parts is one too."""
    if whole.isalnum():
        return [whole]
    parts = re.split(r"[-'’]", whole)
    return ["".join(parts), *parts]


@lru_cache(20_000)
def _bare(word: str) -> str:
    spelled = _spelled(word)
    for typed, letter in _TYPED:
        spelled = spelled.replace(typed, letter)
    for piece, other in PIECES:
        spelled = spelled.replace(piece, other)
    return _read(_stem(_read(spelled, _SPELLINGS)), _SOUNDS)[:LONGEST]


def _read(word: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, sound in rules:
        word = pattern.sub(sound, word)
    return word


def _spelled(word: str) -> str:
    """In lower case, without accents; å, ø and æ are letters of their own."""
    lower = unicodedata.normalize("NFKC", word).lower().replace("-", "")
    return "".join(mark if mark in "åöä" else _without_accent(mark) for mark in lower)


def _without_accent(mark: str) -> str:
    return "".join(m for m in unicodedata.normalize("NFD", mark) if not unicodedata.combining(m))


def _stem(word: str) -> str:
    """Without its ending, in whichever of the languages more of it is one."""
    stems: list[str] = [stemmer.stemWord(word) for stemmer in (_danish, _norwegian)]
    return min((stem for stem in stems if len(stem) > SHORTEST), key=len, default=word)


_SAME = {_bare(word): _bare(same[0]) for same in EQUALS for word in same}
