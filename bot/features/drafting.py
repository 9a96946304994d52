"""Drafting: the form in which a question of the week is written, and what is to be mended in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot import bank
from bot.cards import Form, Input
from bot.features import answering
from bot.features.settings import NAMES
from bot.language import LANGUAGES, Speech, mark
from storage.prompts import Prompt

WRITE = "prompt-write"
LONGEST = 300
"""Characters of a question, in each language."""

READY, DRAFT, DELETE, STANDS, WITHDRAW = "ready", "draft", "delete", "stands", "withdraw"
JOINER = "\u200d"
"""It makes one picture out of several."""

PLACES = 30
"""Places in the queue that can be named."""

THEMES = {
    bank.MODEL: mark("Lean as it develops"),
    bank.COMPETENCE: mark("Competence"),
    bank.INSPIRATION: mark("Inspiration"),
    bank.GEMBA: mark("Seminars and gemba walks"),
}
"""What the questions of the bank are about, and those that are written beside it."""

Values = Mapping[str, str]
NONE: Values = {}


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the fields of the form. `instead` is a day of the week in which it is to be
    asked instead of what is planned for it."""

    words: Mapping[str, str]
    theme: str = bank.MODEL
    status: str = READY
    place: str = ""
    day: str = ""
    instead: str = ""

    @classmethod
    def of(cls, values: Values, instead: str = "") -> Draft:
        words = {one: tidy(values.get(one, "")) for one in LANGUAGES}
        return cls(
            {one: said for one, said in words.items() if said},
            values.get("theme", ""),
            values.get("status", READY),
            values.get("place", ""),
            values.get("day", ""),
            instead,
        )

    @classmethod
    def as_it_is(cls, one: Prompt, place: str) -> Draft:
        status = DRAFT if one.state == "draft" else READY
        status = STANDS if one.thread is not None else status
        planned = one.week.isoformat() if one.week is not None and one.thread is None else ""
        return cls(one.words, one.theme, status, place, planned)


def tidy(words: str) -> str:
    """On one line, without characters that hide or turn text; what joins a picture is kept."""
    shown = "".join(one if one.isprintable() or one == JOINER else " " for one in words)
    return " ".join(shown.split()) if shown.replace(JOINER, "").strip() else ""


def is_sent(one: Prompt | None) -> bool:
    return one is not None and one.thread is not None


# ---- what is to be mended


def problems(draft: Draft, suspicions: Iterable[str], say: Speech) -> dict[str, str]:
    """What is to be mended, by the field's name."""
    found = {one: answering.number_in_form(say) for one in suspicions if one in LANGUAGES}
    if not draft.words and not found:
        found[say.language] = say("Write the question in one language at least.")
    for language, words in draft.words.items():
        if problem := _problem(words, say):
            found.setdefault(language, problem)
    if draft.theme not in THEMES:
        found["theme"] = say("Choose a theme.")
    return found


def _problem(words: str, say: Speech) -> str:
    if bank.PROBLEM in words:
        return say(
            "{word} is filled in from a seminar, and there is none yet. Write the words "
            "themselves.",
            word=bank.PROBLEM,
        )
    if len(words) > LONGEST:
        return say(
            "This has {length} characters; there is space for {count}. Shorten it.",
            length=say.number(len(words)),
            count=say.number(LONGEST),
        )
    return ""


# ---- the form


def form(
    network: int,
    one: Prompt | None,
    draft: Draft,
    say: Speech,
    problems: Values = NONE,
    *,
    places: int = 1,
) -> Form:
    return Form(
        name=WRITE,
        title=say("Question of the week"),
        submit=say("Save"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=f"{network}:{one.id if one else ''}{draft.instead and f':{draft.instead}'}",
        intro=say(
            "One language is enough: whoever reads another one sees the nearest. At most "
            "{count} characters in each.",
            count=say.number(LONGEST),
        ),
        inputs=(
            *_words(draft, say, problems),
            *(_inputs(one, draft, say, problems, places)),
        ),
    )


def _words(draft: Draft, say: Speech, problems: Values) -> Iterator[Input]:
    """The reader's own language first."""
    for language in sorted(LANGUAGES, key=lambda one: one != say.language):
        yield Input(
            name=language,
            label=NAMES[language],
            value=draft.words.get(language, "")[:3000],
            problem=problems.get(language, ""),
            multiline=True,
            required=False,
            max_length=3000,  # What is too long is refused in words, and not cut off.
        )


def _inputs(
    one: Prompt | None, draft: Draft, say: Speech, problems: Values, places: int
) -> Iterator[Input]:
    themes = tuple((key, say(label)) for key, label in THEMES.items())
    yield Input(
        "theme", say("Theme"), value=draft.theme, problem=problems.get("theme", ""), choices=themes
    )
    choices, problem = tuple(states(one, say)), problems.get("status", "")
    yield Input("status", say("State"), value=draft.status, problem=problem, choices=choices)
    if is_sent(one):
        return
    if places > 1:
        named = tuple((str(n), _place(n, places, say)) for n in range(1, min(places, PLACES) + 1))
        hint = say("The first that waits is asked in the next week that has none planned.")
        yield Input(
            "place", say("Place in the queue"), hint, draft.place, required=False, choices=named
        )
    yield Input(
        name="day",
        label=say("Asked in the week of"),
        hint=say("Choose any day of the week. Without one it waits in the queue."),
        value=draft.day,
        problem=problems.get("day", ""),
        required=False,
        day=True,
    )


def states(one: Prompt | None, say: Speech) -> Iterator[tuple[str, str]]:
    if is_sent(one):
        yield from ((STANDS, say("Asked")), (WITHDRAW, say("Withdraw it in every channel")))
        return
    yield READY, say("Ready: it is asked when its turn comes")
    yield DRAFT, say("A draft: it is not asked yet")
    if one is not None and one.chosen:  # The bank would lay out the same again.
        yield DELETE, say("Delete it")


def _place(number: int, places: int, say: Speech) -> str:
    if number == 1:
        return say("First", context="in the queue")
    if number == places:
        return say("Last", context="in the queue")
    return say("Number {number}", number=str(number))
