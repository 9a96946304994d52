"""Ballots as people type them: "1 3", "1, 3", "1 og 3", "vote 1, 2 and 5".

Functions of words alone. What is like one is never shown to others, so that more is taken for one
than can be counted.
"""

from __future__ import annotations

import re
import unicodedata

VOTE = frozenset(
    {
        *("vote", "stem", "stemme", "stemmer", "stemmen"),
        *("røyst", "røyste", "røystar", "røyster"),
    }
)
"""What a vote typed elsewhere than under the poll begins with."""

_AROUND = VOTE | {
    *("ja", "jo", "jau", "yes", "nei", "nej", "takk", "tak", "thanks", "please", "gjerne", "gerne"),
    *("eller", "or", "både", "both"),
    *("går", "gjeng", "til", "goes"),
    *("jeg", "eg", "i", "vil", "vel", "velger", "vælger", "choose", "min", "mi", "my", "is", "er"),
    *("på", "for", "nr", "nummer", "number", "no", "forslag", "problem", "og", "and", "samt"),
}
"""Words around the numbers that say no more than they do."""

_SPELLED = {
    word: number
    for number, words in enumerate(
        (
            ("en", "én", "ett", "étt", "et", "ét", "ein", "éin", "eitt", "one"),
            ("to", "two"),
            ("tre", "three"),
            ("fire", "four"),
            ("fem", "five"),
            ("seks", "six"),
            ("sju", "syv", "seven"),
        ),
        start=1,
    )
    for word in words
}
"""Most of them mean something else, too, where nobody speaks of voting."""

UNCLEAR = 0
"""The place of no problem: 1-3 may be two of them, or three."""

_BETWEEN = re.compile(r"[\s,;:.+&/()\[\]#•*!\"'`«»“”„]+")
_NUMBER, _ANY_NUMBER = re.compile(r"[0-9]{1,2}"), re.compile(r"[0-9]+")
_RANGE = re.compile(r"[0-9]{1,2}[-–—][0-9]{1,2}")
_MOMENT = re.compile(r"(?<![0-9])[0-9]{1,2}[.:/][0-9]{1,2}(?![0-9])\.?")
"""3.2. and 10:30 are a day and an hour, or two places: that is unclear, too."""

_JOINED = re.compile(r"(?<=[^\W\d_])(?=[0-9])|(?<=[0-9])(?=[^\W\d_])")
"""Where a word ends and a number begins, or the other way round: nr3."""

_PICTURES = ("So", "Sk", "Cf", "Me", "Mn")
"""Of what emoji are made: the sign, its tone, what joins it, a key's cap and how it is shown."""

_NAMED_PICTURE = re.compile(r":[a-z][a-z0-9_+-]*:")
"""As Slack writes an emoji that we have no character for."""


_VOTER = re.compile(
    r"""(?:(?:ja|jo|jau|yes|ok|hei|hej|hi)[ ,!.]+)*
    (?:(?:jeg|eg|i|(?P<several>vi|we))
       (?:'m|'ll|'d\ like\ to|\ am|\ will|\ want\ to|\ would\ like\ to
         |\ vil(?:\ gjerne|\ gerne)?|\ skal|\ ønsker\ å|\ ønskjer\ å)?
       \ (?:stemmer|stemme|røystar|røyster|røyste|vote|voting)
     |(?:min|mi|my)\ (?:stemme|røyst|vote)\ (?:går|gjeng|goes|er|is)
     |stemmer|røystar|røyster)\b""",
    re.VERBOSE,
)
"""Who votes, in whole words: what follows is what for."""

_CALL = re.compile(r"(?:stem|røyst|vote)\b")
_FOR = re.compile(r"\s*(?:(?:på|for|til|to)\b|(?:(?:nr|nummer|number)\b[ .]*)?[0-9])")
_FOR_A_NUMBER = re.compile(r"\s*(?:(?:på|for)\b\s*)?(?:(?:nr|nummer|number)\b[ .]*)?[0-9]")

_WHY = re.compile(
    r"""\s*[,;:!–—]\s*|\.\s+(?=[^\W\d])
    |\s+(?=(?:fordi|siden|sidan|ettersom|avdi|da|because|since|as|som|which)\b)
    |\s+(?:for|og|and)\s+(?=(?:den|det|de|dei|it|that|they)\b)""",
    re.VERBOSE,
)
"""Where the numbers end, and what is said of them begins."""

_UNSURE = re.compile(r"(?:nei|nej|no|eller|or|ikke|ikkje|not)\b|.*\b(?:hvis|dersom|if|unless)\b")


def typed(words: str, *, under_poll: bool = False) -> list[int] | None:
    """The numbers of a vote, none of them for the word alone; None if this is talk. They may be
    spelled out under the poll's card, and where it is said to be a vote."""
    numbers = _numbers(words, under_poll=under_poll)
    return _with_reason(words) if numbers is None else numbers


def to_us(words: str) -> list[int] | None:
    """The same of what is said to the bot: none, too, where it speaks of voting and names nothing
    that can be counted. A question is for others."""
    numbers = typed(words)
    if numbers is not None or "?" in words:
        return numbers
    said = _plain(words)
    voter = _VOTER.match(said) or _CALL.match(said)
    if voter is None:
        return None
    several = voter.re is _VOTER and voter["several"]
    what_for = _FOR_A_NUMBER if several else _FOR
    return [] if what_for.match(said, voter.end()) else None


def _with_reason(words: str) -> list[int] | None:
    """The numbers of whoever says in whole words that they vote, and then why. As the numbers stand
    there in figures, no other word is taken for one."""
    said = _plain(words)
    voter = _VOTER.match(said)
    if voter is None or "?" in words:
        return None
    for why in _WHY.finditer(said, voter.end()):
        named, rest = said[voter.end() : why.start()], said[why.end() :]
        if _ANY_NUMBER.search(named) and not _ANY_NUMBER.search(rest) and rest:
            return None if _UNSURE.match(rest) else _numbers(f"stem {named}")
    return None


def _numbers(words: str, *, under_poll: bool = False) -> list[int] | None:
    parts = _parts(words)
    named = bool(parts) and parts[0] in VOTE
    spelled = under_poll or not VOTE.isdisjoint(parts)
    bare = [str(_SPELLED.get(part, part)) if spelled else part for part in parts]
    numbers = [_place(part, named) for part in bare if part not in _AROUND]
    if None in numbers or (not numbers and not (named and len(parts) == 1)):
        return None
    return list(dict.fromkeys(number for number in numbers if number is not None))


def _plain(words: str) -> str:
    """On one line, in small letters."""
    return " ".join(unicodedata.normalize("NFKC", words).lower().replace("’", "'").split())


def is_meant(words: str) -> bool:
    """Whether it is one by its first word, wherever it is written."""
    parts = _parts(words)
    return bool(parts) and parts[0] in VOTE and typed(words) is not None


def _parts(words: str) -> list[str]:
    """What is written, word by word and without its emoji."""
    plain = unicodedata.normalize("NFKC", words).lower()
    signs = (" " if unicodedata.category(sign) in _PICTURES else sign for sign in plain)
    bare = _MOMENT.sub(" 1-2 ", _NAMED_PICTURE.sub(" ", "".join(signs)))
    parts = [part for part in _BETWEEN.split(_JOINED.sub(" ", bare)) if part]
    is_ours = len(parts) > 1 and parts[0] in ("vi", "we") and parts[1] in VOTE
    return parts[1:] if is_ours else parts


def _place(part: str, named: bool) -> int | None:
    """A number that is longer is a year or a telephone's, unless it was said to be a vote."""
    if _NUMBER.fullmatch(part):
        return int(part)
    unclear = _RANGE.fullmatch(part) or (named and _ANY_NUMBER.fullmatch(part))
    return UNCLEAR if unclear else None
