"""Cards are drawn from today's rows, for one reader, at the moment of sending."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from typing import Protocol

import regex

from bot.cards import Button
from bot.graphemes import cut_at, shortened
from bot.incoming import Person as Author
from bot.language import Speech
from bot.text import Block, File, Span, Text
from storage import UnitOfWork, members, networks, people, polls
from storage.people import Account
from storage.threads import Utterance


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a card is drawn: a room of this organisation, or (None) a person."""

    language: str
    organisation: int | None = None
    reads: str | None = None
    """Which messages of that room reach us: see `features.reach`."""

    answer_to: str | None = None
    """Where the people there answer, if no message of theirs reaches us."""


class Unnamed(Exception):
    """The platform has not told this person's name yet: ask it, then draw again."""

    def __init__(self, account: int) -> None:
        super().__init__(account)
        self.account = account


def byline(written: Utterance, say: Speech, uow: UnitOfWork) -> str:
    """Who wrote it, and for which organisation: "Kari Nilsen · Alta kommune"."""
    name = known_name(written.account, written.author, written.profile_due_at, say, uow)
    return f"{name} · {shown_name(written.organisation_name)}"


def known_name(
    account: int, name: str | None, profile_due_at: datetime | None, say: Speech, uow: UnitOfWork
) -> str:
    """A person's name; "a member" only while the platform will not tell it."""
    if name is None and (profile_due_at is None or profile_due_at <= uow.real):
        raise Unnamed(account)
    return author_name(name, say)


def author_name(name: str | None, say: Speech) -> str:
    """Who wrote it, where the platform need not be asked: whoever has no name yet is a member."""
    if name == people.FORMER:
        return say("Former member")
    return shown_name(name or say("A member"))


def member_name(member: int, say: Speech, uow: UnitOfWork) -> str | None:
    """The name of a member, None if no account of theirs is left."""
    for account in members.accounts_of(uow, member):
        return known_name(account.id, account.name, account.profile_due_at, say, uow)
    return None


def whose(member: int, say: Speech, uow: UnitOfWork) -> dict[str, str]:
    """A member's name and organisation, as a sentence names them."""
    organisation = networks.organisation_name(uow, members.profile(uow, member).organisation)
    name = member_name(member, say, uow) or say("A member")
    return {"name": name, "organisation": shown_name(organisation)}


def wonders(question: Utterance, say: Speech, uow: UnitOfWork) -> str:
    """Who asks this, to somebody who may know: the question stands under it."""
    return say(
        "{name} at {organisation} is wondering about this, in Q-{number}:",
        name=known_name(question.account, question.author, question.profile_due_at, say, uow),
        organisation=shown_name(question.organisation_name),
        number=str(question.number),
    )


def is_over(question: Utterance, say: Speech) -> str:
    """What an old card about it says."""
    if question.state == "withdrawn":
        return withdrawn(question.number or 0, say)
    return say(
        "Q-{number} has been answered or closed. Nothing more is needed.",
        number=str(question.number),
    )


def withdrawn(number: int | str, say: Speech) -> str:
    return say("Question Q-{number} has been withdrawn.", number=str(number))


def when(at: datetime, say: Speech, now: datetime) -> str:
    """Day and time, as the reader writes them; the year only where it is another one."""
    return f"{say.date(at, year=at.year != now.year)} {say.time(at)}"


_BETWEEN = re.compile(r"(?<= )[·•‧∙⋅・･](?= )")
"""What stands between a name and its organisation, and what looks like it."""

_UNSEEN = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Marks that are printable, and that nobody sees."""

_PICTURE = r"\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?"
_TAGS = r"\U0001F3F4[\U000E0061-\U000E007A]{2,6}\U000E007F"
_JOINED = regex.compile(rf"({_PICTURE}(?:\u200D{_PICTURE})+|{_TAGS})")
"""Signs that are one picture: a family, a flag of a part of a country. What joins them hides
nothing there, as it does between letters."""


def shown_name(name: str) -> str:
    """A name on one line, of bounded length, without characters that turn or hide text. It cannot
    pass for a name with an organisation behind it."""
    return _on_one_line(map(_visible, name))


def shown_title(words: str) -> str:
    """The same of a title: a sign that is joined of several is not taken apart."""
    parts = _JOINED.split(words)  # Every second one is joined.
    return _on_one_line(
        part if is_joined else "".join(map(_visible, part))
        for part, is_joined in zip(parts, cycle((False, True)), strict=False)
    )


def _on_one_line(visible: Iterable[str]) -> str:
    return shortened(_BETWEEN.sub("-", " ".join("".join(visible).split())), 80) or "–"


def _visible(mark: str) -> str:
    if mark in _UNSEEN or unicodedata.category(mark) == "Cf":
        return ""
    return mark if mark.isprintable() else " "


def question_name(number: int | None, say: Speech, kind: str = "") -> str:
    """A question within a sentence: the bot's own, of a week or in a poll, have no number."""
    if number is not None:
        return f"Q-{number}"
    if kind == polls.KIND:
        return say("the problem of the month")
    return say("the question of the week")


def question_title(number: int | None, say: Speech, kind: str = "") -> str:
    """The same above a card or a form, or at the beginning of a line."""
    if number is None and kind == polls.KIND:
        return say("Problem of the month")
    if number is None:
        return say("Question of the week")
    return say("Question Q-{number}", number=str(number))


def account_label(account: Account, say: Speech) -> str:
    """An account in a list of a person's own: "Slack · Kari Nilsen"."""
    name = shown_name(account.name or say("A member"))
    return shortened(f"{platform_name(account)} · {name}", 75)


def platform_name(account: Account) -> str:
    """As people write it."""
    return account.platform.capitalize()


ANSWER = "answer"
"""The action of the button with which anybody answers."""


def answer_button(thread: int, say: Speech) -> Button:
    return Button(ANSWER, say("Answer", context="button"), str(thread), opens=True)


VOTE = "vote"
"""The action of the button with which a member votes."""


def vote_button(poll: str, say: Speech) -> Button:
    return Button(VOTE, say("Vote", context="button"), poll, style="primary", opens=True)


MEND = "mend"
"""The action of the button with which an author changes or withdraws what came by a form."""


def for_its_author(
    kind: str, written: Utterance, reader: Reader, say: Speech
) -> tuple[Button, ...]:
    """Where it is our card that stands in the author's own room, its author mends it there."""
    if written.message is not None or written.organisation != reader.organisation:
        return ()
    return (Button(MEND, say("Change or withdraw"), f"{kind}:{written.id}", opens=True),)


class Written(Protocol):
    """Something that a person of this workspace or tenant wrote for an organisation; or that the
    bot asked."""

    @property
    def body(self) -> str: ...

    @property
    def platform(self) -> str | None: ...

    @property
    def tenant(self) -> str | None: ...

    @property
    def author(self) -> str | None: ...

    @property
    def organisation_name(self) -> str | None: ...


LONGEST_LIST = 800
"""Characters of names that stand in one line of a card."""

LONGEST = 50_000
"""Characters of one message that others can read; no platform lets anybody write more."""


def words_of(written: Written, uow: UnitOfWork, say: Speech | None = None) -> Text:
    """What was written, its mentions as plain names as far as we know the people; with `say` also
    a line about the files that hang on it."""
    read = Text.load(written.body).shortened(LONGEST)
    if say is None:
        return with_names(read, written.platform, written.tenant, uow)
    # Names come after: a name is not something that anybody typed, and leads nowhere.
    text = with_names(read.with_links(), written.platform, written.tenant, uow)
    if not text.files:
        return text
    line = Block("paragraph", (Span(_attached(text.files, written, say)),))
    return Text((*text.blocks, line), text.files)


TYPED = 1500
"""Characters that a button takes along into a form."""


def carried(typed: Text, by: Author, uow: UnitOfWork) -> str:
    """What somebody typed, as a button takes it along. What is left out is seen to be."""
    words = with_names(typed, by.platform, by.tenant, uow).plain()
    return words if len(words) <= TYPED else f"{words[: cut_at(words, TYPED)]} …"


def with_names(text: Text, platform: str | None, tenant: str | None, uow: UnitOfWork) -> Text:
    """The text with its mentions as plain names, as far as we know the people."""
    users = sorted(set(text.mentions()))
    if not users or platform is None or tenant is None:
        return text
    known = people.names(uow, platform, tenant, users)
    return Text(
        tuple(
            Block(block.kind, tuple(_named(span, known) for span in block.spans), block.depth)
            for block in text.blocks
        ),
        text.files,
    )


def _attached(files: tuple[File, ...], written: Written, say: Speech) -> str:
    """What hangs on the message, and with whom: it is not carried into another organisation."""
    name = author_name(written.author, say)
    told = _named_files(files, say)
    values = {"author": name, "organisation": shown_name(written.organisation_name or "")}
    if not told:
        return say.many(
            "{count} attachment, with {author} at {organisation}",
            "{count} attachments, with {author} at {organisation}",
            len(files),
            **values,
        )
    return say.many(
        "{count} attachment ({files}), with {author} at {organisation}",
        "{count} attachments ({files}), with {author} at {organisation}",
        len(files),
        files=told,
        **values,
    )


def left_behind(files: tuple[File, ...], say: Speech) -> str:
    """What hung on a message whose words alone are taken on, and what to do about it."""
    if not files:
        return ""
    told = _named_files(files, say)
    count, listed = len(files), f" ({told})" if told else ""
    return say.many(
        "{count} attachment{files} does not come along. Write what the others need to know of it.",
        "{count} attachments{files} do not come along. Write what the others need to know of them.",
        count,
        files=listed,
    )


def _named_files(files: tuple[File, ...], say: Speech) -> str:
    told = "; ".join(filter(None, (_file(file, say) for file in files[:MOST_FILES])))
    return f"{told}; …" if told and len(files) > MOST_FILES else told


def _file(file: File, say: Speech) -> str:
    parts = (shown_name(file.name) if file.name.strip() else "", say.size(file.size))
    return ", ".join(part for part in parts if part)


def _named(span: Span, known: dict[str, str]) -> Span:
    if span.mention not in known:
        return span
    return Span("@" + shown_name(known[span.mention]), bold=span.bold, italic=span.italic)


MOST_FILES = 10
"""Files that are named one by one."""

PROFILE_PATIENCE = timedelta(minutes=10)
"""How long a name that a platform would not tell is done without."""
