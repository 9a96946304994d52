"""Wording: the form in which a problem is suggested, and what is to be mended in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot import ballots, bank
from bot.cards import Form, Input
from bot.drawn import shown_title
from bot.features import answering, codes, problems
from bot.graphemes import count, shortened
from bot.language import Speech
from bot.text import Block, Span, Text
from storage import UnitOfWork
from storage.nominations import Nomination

SUGGEST = "suggest"
TITLE, SHORTEST, LONGEST = 45, 10, 250
"""Characters that a title may have, and a text."""

CODE_POINTS = 80
"""Of what a reader takes for one character there may be several; a title has at most so many."""

MINE = "mine"
_ENDS = re.compile(r"(?<=[.!?:…])\s+|\n+")
Problems = Mapping[str, str]
NONE: Problems = {}


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the fields of the form; `like` is what was chosen about those that are like
    it."""

    title: str = ""
    text: str = ""
    theme: str = ""
    network: str = ""
    like: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Draft:
        title, text, theme, network, like = (
            values.get(name, "") for name in ("title", "text", "theme", "network", "like")
        )
        return cls(" ".join(title.split()), " ".join(text.split()), theme, network, like)

    @classmethod
    def typed(cls, words: str) -> Draft:
        """The first line or sentence is the title, if it is short enough, and the rest the text."""
        head, *rest = _ENDS.split(words.strip(), maxsplit=1)
        if count(head) > TITLE:
            return cls.of({"text": words})
        return cls.of({"title": head.rstrip(".:… "), "text": " ".join(rest)})

    @property
    def head(self) -> str:
        """The title as it is shown: it stands in lists, and passes for nothing else there."""
        return shown_title(self.title)

    @property
    def is_like_a_vote(self) -> bool:
        """Whether the title says no more than which places of a list somebody chooses."""
        letters = any(map(str.isalpha, self.title))
        numbers = any(map(str.isalnum, self.title)) and not letters
        return numbers or ballots.typed(self.title, under_poll=True) is not None

    def problems(self, suspicions: Iterable[str], say: Speech) -> dict[str, str]:
        """What is to be mended, by the field's name."""
        found = {}
        if not any(map(str.isalnum, self.title)):
            found["title"] = say("Write a title.")
        elif self.is_like_a_vote:
            found["title"] = like_a_vote(say)
        elif problem := _too_long(self.title, TITLE, say):
            found["title"] = problem
        if len(self.text) < SHORTEST:
            found["text"] = say("Write one or two sentences about it.")
        elif problem := _too_long(self.text, LONGEST, say):
            found["text"] = problem
        numbers = answering.number_in_form(say)
        return found | {name: numbers for name in suspicions if name in ("title", "text")}

    def code_problem(self, say: Speech, uow: UnitOfWork) -> dict[str, str]:
        code = codes.found_in(Text.of(f"{self.title}\n\n{self.text}"), uow)
        if code is None:
            return {}
        return {"title" if code in self.title else "text": codes.in_form(say)}


def like_a_vote(say: Speech) -> str:
    return say("A title of numbers alone reads like a vote. Say in words what it is about.")


def _too_long(words: str, space: int, say: Speech) -> str:
    length = count(words)
    if length <= space and (space > TITLE or len(words) <= CODE_POINTS):
        return ""
    return say(
        "This has {length} characters; there is space for {count}. Shorten it.",
        length=say.number(length if length > space else len(words)),
        count=say.number(space),
    )


def form(
    say: Speech,
    draft: Draft,
    found: Problems = NONE,
    *,
    among: tuple[tuple[str, str], ...] = (),
    choices: tuple[tuple[str, str], ...] = (),
    note: str = "",
) -> Form:
    network = Input(
        name="network", label=say("Which network is it for?"), value=draft.network, choices=among
    )
    return Form(
        name=SUGGEST,
        title=say("Suggest a problem"),
        submit=say("Suggest", context="button"),
        cancel=say("Cancel"),
        done=say("Close"),
        intro=say("What could the network work on together? Once a month all of you choose."),
        inputs=(*((network,) if among else ()), *fields(say, draft, found, choices)),
        note=note,
    )


def fields(
    say: Speech,
    draft: Draft,
    found: Problems,
    choices: tuple[tuple[str, str], ...] = (),
) -> tuple[Input, ...]:
    """The words of a suggestion, new or not, and what it is about."""
    example = problems.bank_title(next(iter(bank.problems())), say.language)
    theme = Input(
        name="theme", label=say("Theme"), value=draft.theme, required=False, choices=choices
    )
    return (
        Input(
            name="title",
            label=say("Title"),
            hint=say("At most 45 characters, such as {example}", example=say.quoted(example)),
            value=draft.title,
            problem=found.get("title", ""),
            max_length=300,  # What is too long is refused in words, and not cut off.
        ),
        Input(
            name="text",
            label=say("In one or two sentences"),
            hint=say("We …, about a process, never a person or a named unit."),
            value=draft.text,
            problem=found.get("text", ""),
            multiline=True,
            max_length=1000,
        ),
        *((theme,) if choices else ()),
    )


def with_those_like_it(
    made: Form,
    like: Sequence[Nomination],
    whose: Sequence[str],
    others: Sequence[int],
    say: Speech,
    problem: str = "",
) -> Form:
    """`whose` they are, and which of them are others' and can be supported."""
    supported = tuple(
        (str(one.id), say("Support {title}", title=say.quoted(shortened(one.title, 50))))
        for one in like
        if one.id in others
    )
    choice = Input(
        name="like",
        label=say("What do you want to do?"),
        problem=problem,
        choices=((MINE, say("Send mine all the same")), *supported),
    )
    told = (_block(one, who) for one, who in zip(like, whose, strict=True))
    return replace(
        made,
        intro=say("Something like it has been suggested already:"),
        text=Text(tuple(told)),
        inputs=(choice, *made.inputs),
    )


def _block(one: Nomination, whose: str) -> Block:
    said = f"\n{one.text}\n{whose}"
    return Block("paragraph", (Span(one.title, bold=True), Span(said)))
