"""What reads like a vote, and what like talk."""

from __future__ import annotations

from bot import ballots

VOTES = {
    "1 3": [1, 3],
    "1,3": [1, 3],
    "1 og 3": [1, 3],
    "1, 2 and 5": [1, 2, 5],
    "1\n3.": [1, 3],
    "nr. 2!": [2],
    "#1 & #3": [1, 3],
    "1️⃣ 3️⃣": [1, 3],
    "«1 3»": [1, 3],
    "3 3 3": [3],
    "13": [13],
    "0": [0],
    "1-3": [ballots.UNCLEAR],
    "Jeg stemmer på 1 og 3.": [1, 3],
    "stem 1 3": [1, 3],
    "Stemmer: 2": [2],
    "Eg røystar på nummer 4": [4],
    "I vote for 1 and 3": [1, 3],
    "vote 2027": [ballots.UNCLEAR],
    "Stem!": [],
    "1 eller 2": [1, 2],
    "Ja takk, både 1 og 3 👍🏽": [1, 3],
    "Nej, 2 tak": [2],
    "1 or 3, please :partyparrot:": [1, 3],
    "1️⃣3️⃣": [1, 3],
    "❤️ 2": [2],
    "Jeg stemmer på én og tre": [1, 3],
    "Eg røystar på ein og sju": [1, 7],
    "stem to": [2],
    "Vi stemmer på nr1 og nr3, takk!": [1, 3],
    "Min stemme går til 2": [2],
    "[1] [3]": [1, 3],
    "1og3": [1, 3],
    "1—3": [ballots.UNCLEAR],
    "3.2.": [ballots.UNCLEAR],
    "10:30": [ballots.UNCLEAR],
}
SPELLED = {
    "to": [2],
    "én og tre": [1, 3],
    "En, fire og syv, takk": [1, 4, 7],
    "et og fem": [1, 5],
    "two or six": [2, 6],
}
"""Under the poll's card."""

TALK = (
    *("", "Vi er 3.", "2027", "1?", "Stemmer det at 1 og 3 er like?", "Stem på den første", "for"),
    *("12 34 56 78 a", "Nummer 2 har vi prøvd i ti år.", "i", "👍", "Ja, takk!"),
    *("A3", "3 ting vi gjør", "stem to ting", "Vi er to"),
)


def test_numbers_are_a_vote_however_they_are_typed_and_sentences_are_not() -> None:
    assert {words: ballots.typed(words) for words in VOTES} == VOTES
    under = VOTES | SPELLED
    assert {words: ballots.typed(words, under_poll=True) for words in under} == under
    assert [words for words in SPELLED if ballots.typed(words) is not None] == []
    assert [words for words in TALK if ballots.typed(words, under_poll=True) is not None] == []
    meant = {words for words in (*VOTES, *TALK, *SPELLED) if ballots.is_meant(words)}
    we = "Vi stemmer på nr1 og nr3, takk!"
    assert meant == {"stem 1 3", "Stemmer: 2", "vote 2027", "Stem!", "stem to", we}
