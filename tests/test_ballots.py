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
REASONED = {
    "Jeg stemmer på nummer 3, den er viktigst": [3],
    "Jeg stemmer på nummer 3, den er viktigst.": [3],
    "Jeg stemmer på 1, 3, de er viktigst for oss": [1, 3],
    "jeg stemmer på 1 og 3 fordi de henger sammen": [1, 3],
    "Eg røystar på nummer 4, den er viktigast.": [4],
    "Eg stemmer på 2 sidan det er der vi slit mest": [2],
    "Jeg stemmer på nummer 3, den er vigtigst": [3],
    "Jeg vil stemme på 2. Det er det, vi slås mest med.": [2],
    "Jeg vil gerne stemme på nr. 2, da den fylder mest hos os": [2],
    "I vote for number 3, it matters most": [3],
    "I'd like to vote for 3 because it matters most": [3],
    "My vote goes to 2: that is where it hurts.": [2],
    "Min stemme går til 1 og 2 – det er der det butter": [1, 2],
    "Vi stemmer på 3, for den er viktigst": [3],
    "Stemmer på 3, den er viktigst": [3],
    "Jeg stemmer på 3 for den er viktigst!": [3],
    "Jeg stemmer på 1-3, de er viktigst": [ballots.UNCLEAR],
}
"""Whoever says why votes all the same."""

ABOUT = (
    "Jeg stemmer på tavlemøtene",
    "Jeg stemmer på to, de er viktigst",
    "Jeg stemmer på 3, nei, ta tavlemøtene",
    "Jeg stemmer på 3, hvis det ikke er for seint",
    "Jeg stemmer på den første og 3, tror jeg",
    "Eg røystar på tavlemøta.",
    "Jeg vil stemme på nr. 2 eller måske på tavlerne",
    "I vote for the board meetings",
    "I'm voting for the first one",
    "Stem på den første",
    "Stem på 3, den er viktigst",
    "Min stemme går til tavlemøtene",
    "vote for the third",
)
"""They speak of voting, and of no numbers that can be counted."""

QUESTIONS = (
    "Hvorfor stemmer dere på nummer 3?",
    "Hvorfor stemmer dere på nummer 3, den er jo ikke viktigst",
    "how do you vote in your board meetings?",
    "How do you vote for ideas, 1 or 3 each?",
    "Jeg stemmer på nummer 3, den er viktigst. Eller hva?",
    "Jeg stemmer på 3 forslag i uka, hvor mange stemmer dere på?",
    "Stemmer det at nummer 3 er viktigst, som Kari sier",
    "Vi stemmer for hvert forslag på tavla, og det tar tid",
    "Vi stemmer over forslagene på tavla.",
    "I vote in our board meetings, 3 times a year",
    "Korleis røystar de på tavlemøta, 1 til 3 gonger kvar",
    "Kan jeg stemme på nummer 3, selv om jeg er ny",
    "Nummer 3, den er viktigst",
)
"""They ask the others, or tell them something."""

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
    votes = VOTES | REASONED
    assert {words: ballots.typed(words) for words in votes} == votes
    under = votes | SPELLED
    assert {words: ballots.typed(words, under_poll=True) for words in under} == under
    assert [words for words in SPELLED if ballots.typed(words) is not None] == []
    assert [words for words in TALK if ballots.typed(words, under_poll=True) is not None] == []
    meant = {words for words in (*VOTES, *TALK, *SPELLED) if ballots.is_meant(words)}
    we = "Vi stemmer på nr1 og nr3, takk!"
    assert meant == {"stem 1 3", "Stemmer: 2", "vote 2027", "Stem!", "stem to", we}


def test_words_about_voting_are_no_vote_and_questions_are_neither() -> None:
    talk = (*ABOUT, *QUESTIONS)
    assert [words for words in talk if ballots.typed(words, under_poll=True) is not None] == []
    assert {words: ballots.to_us(words) for words in talk} == {
        words: [] if words in ABOUT else None for words in talk
    }
    assert {words: ballots.to_us(words) for words in REASONED} == REASONED
