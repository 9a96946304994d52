"""What the bot shows: cards and forms that Block Kit and Adaptive Cards can both draw.

Limits are those of the smaller platform (Block Kit's, in docs.slack.dev/reference/block-kit and
.../surfaces/modals), checked on construction, so that a card that exists can be drawn anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.text import Text

NO_TEXT = Text()
Style = Literal["plain", "primary", "danger"]
MANY = 35
"""Lines that a card's list may have: Slack takes 50 blocks in a message, and each is one."""


class TooLong(ValueError):
    """A part of a card or form is longer than a platform can show."""


def _at_most(limit: int, what: str, words: str | None) -> None:
    if words is not None and len(words) > limit:
        raise TooLong(f"{what}: {len(words)} characters, at most {limit}")


@dataclass(frozen=True, slots=True)
class Button:
    """Pressing it comes back as `Pressed(action, value)`. `value` is never trusted for identity.

    `opens` says that the answer is a form: Teams wants to know before the press, Slack does not.
    """

    action: str
    label: str
    value: str = ""
    style: Style = "plain"
    opens: bool = False

    def __post_init__(self) -> None:
        _at_most(64, "button action", self.action)
        _at_most(75, "button label", self.label)
        _at_most(1900, "button value", self.value)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: words, small print under them, and what can be done about it.

    A `heading` stands above the lines that follow it; it is words alone, at most 150 characters.
    """

    words: str
    note: str = ""
    button: Button | None = None
    heading: bool = False

    def __post_init__(self) -> None:
        _at_most(150 if self.heading else 300, "item", self.words)
        _at_most(300, "item note", self.note)

    def plain(self) -> str:
        if self.heading:
            return self.words
        return "\n".join(part for part in (f"• {self.words}", self.note) if part)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a platform fetches at its address (see `pictures`).

    It shows what the card's words say, for not everybody sees it, and a platform that cannot fetch
    it shows the card without. So `alt` says in a few words what it is, and not all over again what
    a screen reader reads in the card beside it.
    """

    address: str
    alt: str

    def __post_init__(self) -> None:
        _at_most(3000, "picture address", self.address)
        _at_most(2000, "picture alt", self.alt)


@dataclass(frozen=True, slots=True)
class Card:
    """Drawn from top to bottom: title, byline, text, picture, facts, items, note, buttons. `note`
    is small print. A post whose text is longer than one message holds becomes several (see
    `parting`)."""

    text: Text = NO_TEXT
    title: str | None = None
    byline: str | None = None
    picture: Picture | None = None
    note: str | None = None
    facts: tuple[tuple[str, str], ...] = ()
    items: tuple[Item, ...] = ()
    buttons: tuple[Button, ...] = ()

    def __post_init__(self) -> None:
        _at_most(150, "title", self.title)
        _at_most(300, "byline", self.byline)
        _at_most(1500, "note", self.note)
        _at_most(60_000, "text", self.text.plain())
        if len(self.buttons) > 10:
            raise TooLong(f"buttons: {len(self.buttons)}, at most 10")
        if len(self.facts) > 10:
            raise TooLong(f"facts: {len(self.facts)}, at most 10")
        if len(self.items) > MANY:
            raise TooLong(f"items: {len(self.items)}, at most {MANY}")
        for name, value in self.facts:
            _at_most(900, "fact", name + value)

    def plain(self) -> str:
        """All of its words, for notifications, screen readers and tests; they say what its picture
        shows."""
        facts = "\n".join(f"{name}: {value}" for name, value in self.facts)
        items = "\n".join(item.plain() for item in self.items)
        parts = (self.title, self.byline, self.text.plain(), facts, items, self.note)
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a form. `problem` says what to mend in the value that stands in it.

    `choices` (value, label) makes it a list to choose from, one of them or (`many`) several, whose
    values then come back with commas between them. `day` makes it a day to pick: "2027-01-19".
    """

    name: str
    label: str
    hint: str = ""
    value: str = ""
    problem: str = ""
    multiline: bool = False
    required: bool = True
    max_length: int = 2000
    choices: tuple[tuple[str, str], ...] = ()
    many: bool = False
    day: bool = False

    def __post_init__(self) -> None:
        _at_most(64, "input name", self.name)
        _at_most(150, "input label", self.label)
        _at_most(150, "input hint", self.hint)
        _at_most(300, "input problem", self.problem)
        if self.max_length > 3000:
            raise TooLong(f"input: {self.max_length} characters, at most 3000")
        if len(self.choices) > 100:
            raise TooLong(f"choices: {len(self.choices)}, at most 100")
        for value, label in self.choices:
            _at_most(75, "choice value", value)
            _at_most(75, "choice", label)


@dataclass(frozen=True, slots=True)
class Form:
    """A titled set of inputs: a modal on Slack, a dialog on Teams. Drawn from top to bottom: intro,
    text, inputs, note; without inputs, and with an empty `submit`, it is only for reading.

    `name` and `subject` come back in `Submitted`; on Teams the person's own client carries
    `subject`, so the handler checks that the person may touch it. `done` closes what is told when
    it has been sent.
    """

    name: str
    title: str
    submit: str
    cancel: str
    inputs: tuple[Input, ...] = ()
    subject: str = ""
    intro: str = ""
    text: Text = NO_TEXT
    note: str = ""
    done: str = ""

    def __post_init__(self) -> None:
        _at_most(24, "form title", self.title)
        _at_most(24, "form submit", self.submit)
        _at_most(24, "form cancel", self.cancel)
        _at_most(24, "form done", self.done)
        _at_most(1500, "form subject", self.subject)
        _at_most(1500, "form intro", self.intro)

    def problems(self) -> Mapping[str, str]:
        return {field.name: field.problem for field in self.inputs if field.problem}


@dataclass(frozen=True, slots=True)
class Tell:
    """An answer at once that only the person who acted can see."""

    card: Card

    @classmethod
    def words(cls, words: str) -> Tell:
        return cls(Card(text=Text.of(words)))


@dataclass(frozen=True, slots=True)
class Open:
    """An answer at once that opens a form; to a submitted form, the same form with problems."""

    form: Form


Answer = Tell | Open | None
