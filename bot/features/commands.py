"""Commands: which words said to the bot are meant for it alone, and what is left as a question.

Functions of the words alone, in bokmål, nynorsk, Danish and English.
"""

from __future__ import annotations

import re

from bot import ballots
from bot.features import asking, closing, confirming, joining
from bot.incoming import Edited, Pointed
from bot.text import Block, Span, Text

JOIN = frozenset({"join", "bli", "bliv", "deltag", "delta"})
ASK = frozenset({"ask", "spør", "spørg"})
ASKING = frozenset(
    {
        *("hva", "hvem", "hvor", "hvordan", "hvorfor", "hvilken", "hvilke", "hvilket"),
        *("kva", "kven", "kvar", "korleis", "kvifor", "kor", "åssen", "når", "hvad", "hvornår"),
        *("what", "who", "whose", "where", "when", "how", "why", "which"),
        *("er", "har", "kan", "må", "skal", "vil", "bør", "får", "finnes", "finst", "findes"),
        *("bruker", "brukar", "bruger", "gjør", "gjer", "gør", "holder", "held", "trenger"),
        *("is", "are", "do", "does", "did", "has", "have", "can", "could", "should", "would"),
    }
)
"""Words that a question begins with, which none goes on with after "ask" as its own first word."""

ANSWERED = frozenset({"answered", "solved", "besvart", "løst", "løyst", "svara på", "besvaret"})
OPEN_AGAIN = frozenset({"open again", "reopen", "åpne igjen", "opne att", "opne igjen", "åbn igen"})
LOOK = frozenset({"search", "søk", "søg"})
SEARCH = LOOK | {"find", "finn", "leit"}
HELP = frozenset({"help", "hjelp", "hjælp", "menu", "meny"})
SETTINGS = frozenset(
    {
        *("settings", "my settings", "innstillinger", "mine innstillinger", "innstillingar"),
        *("mine innstillingar", "innstillingane mine", "indstillinger", "mine indstillinger"),
        *("stop", "stopp"),
    }
)
"""Whoever wants to stop it finds there how."""

NETWORK = frozenset({"network", "the network", "nettverk", "nettverket", "netværk", "netværket"})
"""How the network stands, for whoever runs it."""

SUGGEST = frozenset({"suggest", "foreslå", "føreslå"})
SUGGESTIONS = frozenset(
    {
        *(
            "suggestions",
            "my suggestions",
            "suggestion",
            "forslag",
            "mine forslag",
            "forslagene mine",
        ),
        *("framlegg", "mine framlegg", "forslaga mine", "mit forslag", "mitt forslag"),
    }
)
"""What one has suggested for the problem of the month."""

WHY = frozenset(
    {
        *("why did i get this", "why did i get this message"),
        *("hvorfor fikk jeg denne", "hvorfor fikk jeg dette", "hvorfor får jeg dette"),
        *("kvifor fekk eg denne", "kvifor fekk eg dette", "kvifor får eg dette"),
        *("hvorfor fik jeg den", "hvorfor fik jeg denne", "hvorfor fik jeg det"),
        *("hvorfor fik jeg dette", "hvorfor får jeg det"),
    }
)
"""What somebody asks about the last message that they got in private."""

LINK = frozenset({"link", "koble", "kople", "forbind"})
ACCOUNTS = LINK | {
    *("link accounts", "my accounts", "unlink", "koble kontoer", "mine kontoer", "koble fra"),
    *("kople kontoar", "mine kontoar", "kontoane mine", "kople frå"),
    *("forbind konti", "mine konti", "fjern forbindelse"),
}
CARDS = {"settings": SETTINGS, "accounts": ACCOUNTS, "suggestions": SUGGESTIONS | SUGGEST}
"""What one is shown a small card for that leads on, and opens nothing for others."""

_SENTENCES = re.compile(r"[.:!?…]\s")

SEARCHED = 6
"""Words that are looked for at most after a word like "find", which a question may begin with."""


def is_command(text: Text) -> bool:
    """Whether these are words for the bot alone, which ask the network nothing."""
    meant = about_closing(text) or card_meant(text) or word_for_a_code(text)
    other = confirming.is_meant(text) or about_network(text) or suggestion_in(text) is not None
    other = other or asks_why(text)
    return bool(meant) or is_search(text) or other or ballots.is_meant(text.plain())


def split(text: Text) -> tuple[str, Text]:
    """The first word in lower case, and the text without it."""
    words = text.plain().split(maxsplit=1)
    if not words or not text.blocks or not text.blocks[0].spans:
        return "", text
    first = text.blocks[0].spans[0]
    if not first.text.lstrip().startswith(words[0]):
        return words[0].lower(), text
    rest = first.text.lstrip()[len(words[0]) :].lstrip()
    spans = (Span(rest, first.bold, first.italic, first.strike, first.code, first.link),)
    block = Block(text.blocks[0].kind, spans + text.blocks[0].spans[1:], text.blocks[0].depth)
    begins = (block,) if block.plain().strip() else ()
    return words[0].lower(), Text((*begins, *text.blocks[1:]))


def question_in(text: Text) -> Text:
    """The question in what was said to the bot, without the command in front of it. A question may
    begin with the same word: "Spør dere innbyggerne?" A word too many does less harm than one that
    is lost, so it is kept, unless what follows is clearly a question without it. What is too short
    for a question is not made one by the word."""
    word, rest = split(text)
    if not asks(word):
        return text
    stands_alone = len(rest.blocks) < len(text.blocks)
    is_command = stands_alone or word not in ASK or _is_a_question(rest.plain(), text)
    return rest if is_command or len(rest.plain()) < asking.SHORTEST else text


def asks(word: str) -> bool:
    """Whether this first word is the one for asking, with or without a colon or comma."""
    return word.rstrip(":,") in ASK


def _is_a_question(words: str, whole: Text) -> bool:
    """Whether words begin as a question does, or as a sentence of their own after the command in
    small letters. "I" is Danish for you, and follows the verb."""
    first = (words.split(maxsplit=1) or [""])[0]
    begins = whole.plain()[:1].islower() and first[:1].isupper() and first != "I"
    return begins or first.lower() in ASKING


def question_of(incoming: Edited | Pointed) -> Text:
    """The question in a message. Where the bot is not mentioned there is no command to it."""
    return question_in(incoming.text) if incoming.addressed else incoming.text


def is_search(text: Text, *, in_thread: bool = False) -> bool:
    """Whether words are to be looked for. What is longer, or ends in a question mark, is a
    question: "Finn ut hvordan …?" asks the network. Whoever says "search" means it, however much
    is looked for; in a thread it may be an answer: "Søk hjelp hos …"."""
    word, rest = split(text)
    if word in LOOK and not in_thread:
        return True
    few = len(rest.plain().split()) <= SEARCHED
    return word in SEARCH and few and not text.plain().endswith("?")


def suggestion_in(text: Text, *, in_thread: bool = False) -> Text | None:
    """What somebody suggests for the problem of the month in these words. One sentence with a
    question mark is a question: "Foreslår …" is no command, and "Foreslå noe for …?" asks. In a
    thread it may be an answer, unless there is a colon: "Foreslå det for lederen."."""
    word, rest = split(text)
    if word.rstrip(":,") not in SUGGEST or not rest:
        return None
    if word.endswith(":"):
        return rest
    asks = rest.plain().endswith("?") and not _SENTENCES.search(rest.plain())
    return None if in_thread or asks else rest


def card_meant(text: Text) -> str | None:
    words = _words_alone(text)
    return next((name for name, meant in CARDS.items() if words in meant), None)


def about_network(text: Text) -> bool:
    return _words_alone(text) in NETWORK


def asks_why(text: Text) -> bool:
    return _words_alone(text).rstrip("? ") in WHY


def about_closing(text: Text) -> str | None:
    """Whether these are the words for closing a question or opening it again, and nothing else."""
    words = _words_alone(text)
    if words in OPEN_AGAIN:
        return closing.REOPEN
    return closing.CLOSE if words in ANSWERED else None


def _words_alone(text: Text) -> str:
    return " ".join(text.plain().lower().split()).rstrip(".!: ")


def word_for_a_code(text: Text) -> str | None:
    """What stands where a code should."""
    word, rest = split(text)
    return rest.plain() if word in JOIN and joining.is_one_word(rest.plain()) else None
