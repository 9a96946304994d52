"""Curating: the network's themes, which whoever runs it names, adds, retires and brings back."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import normalize

from bot.cards import Answer, Button, Form, Input, Open, Tell
from bot.drawn import shown_name
from bot.features import answering, charge, codes, themes
from bot.features.presence import Presence
from bot.incoming import Pressed, Submitted
from bot.language import LANGUAGES, Speech, speak
from bot.text import Text
from storage import UnitOfWork, posts, rooms
from storage import themes as stored
from storage.themes import Theme

THEMES, THEME = "themes", "theme"
NEW = "new"

LONGEST, MOST = 75, 30
"""Characters of a name, and themes that a network offers."""

LISTED = 99
"""Themes in the list, beside the line for a new one."""

REDRAWN = 50
"""Open questions, the newest, on which a new name is shown at once."""


def button(say: Speech, network: int) -> Button:
    return Button(THEMES, say("Themes"), str(network), opens=True)


def pressed(incoming: Pressed, uow: UnitOfWork) -> Answer:
    who = charge.in_charge(incoming, incoming.value, uow)
    if who is None:
        return charge.refused(incoming, uow)
    return Open(choosing(who.network, stored.every(uow, who.network), who.say))


def chosen(incoming: Submitted, uow: UnitOfWork) -> Answer:
    """Which theme it is about."""
    who = charge.in_charge(incoming, incoming.subject, uow)
    if who is None:
        return charge.refused(incoming, uow)
    value = incoming.values.get("theme", "")
    theme = _find(stored.every(uow, who.network), value)
    if theme is None and value != NEW:
        problem = who.say("Choose a theme.")
        return Open(choosing(who.network, stored.every(uow, who.network), who.say, problem))
    return Open(editing(who.network, theme, who.say))


def submitted(incoming: Submitted, uow: UnitOfWork) -> Answer:
    network, _, value = incoming.subject.partition(":")
    who = charge.in_charge(incoming, network, uow)
    if who is None:
        return charge.refused(incoming, uow)
    rooms.lock_network(uow, who.network)  # So that no other has taken the name meanwhile.
    every = stored.every(uow, who.network)
    theme = _find(every, value)
    if theme is None and value != NEW:
        return Tell.words(who.say("This theme is gone. Open the list of themes again."))
    typed, retired = incoming.values.get("name", ""), incoming.values.get("retired") == "yes"
    problem = _number(incoming, who.say) or refusal(typed, every, theme, who.say, retired=retired)
    if not problem and codes.found_in(Text.of(typed), uow):
        problem = codes.in_form(who.say)
    if problem:
        return Open(editing(who.network, theme, who.say, typed, problem, retired=retired))
    return Tell.words(_keep(who, theme, shown_name(typed), uow, retired=retired))


def choosing(network: int, every: Sequence[Theme], say: Speech, problem: str = "") -> Form:
    """Which one it is about; the retired ones stand last."""
    known = tuple((str(theme.id), _labelled(theme, say)) for theme in every[:LISTED])
    return Form(
        name=THEMES,
        title=say("Themes"),
        submit=say("Next"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=str(network),
        intro=say("What questions can be about, and what members say that they can help with."),
        inputs=(
            Input(
                name="theme",
                label=say("Theme"),
                problem=problem,
                choices=((NEW, say("A new theme")), *known),
            ),
        ),
    )


def editing(
    network: int,
    theme: Theme | None,
    say: Speech,
    typed: str | None = None,
    problem: str = "",
    *,
    retired: bool | None = None,
) -> Form:
    """One theme, or a new one."""
    name = themes.name(theme, say) if theme else ""
    is_retired = retired if retired is not None else theme is not None and theme.retired
    return Form(
        name=THEME,
        title=say("Theme") if theme else say("A new theme"),
        submit=say("Save"),
        cancel=say("Cancel"),
        done=say("Close"),
        subject=f"{network}:{theme.id if theme else NEW}",
        inputs=(
            _name(name if typed is None else typed, problem, say),
            *((_retired(say, is_retired=is_retired),) if theme else ()),
        ),
    )


def _name(value: str, problem: str, say: Speech) -> Input:
    hint = say("Everybody sees it as you write it, in every language. At most 75 characters.")
    # A name that is too long is refused in words, and not cut off by the client.
    return Input("name", say("Name"), hint, value=value, problem=problem, max_length=300)


def _retired(say: Speech, *, is_retired: bool) -> Input:
    return Input(
        name="retired",
        label=say("Retired"),
        hint=say("It stays on the questions that have it. It can be brought back at any time."),
        value="yes" if is_retired else "",
        required=False,
        choices=(("yes", say("Do not offer it any more")),),
        many=True,
    )


def refusal(
    typed: str, every: Sequence[Theme], theme: Theme | None, say: Speech, *, retired: bool = False
) -> str:
    """Why the network cannot have a theme of this name, if it cannot."""
    name = " ".join(typed.split())
    if _same(name) == "":
        return say("Write a name for the theme.")
    if len(name) > LONGEST:
        return say("Write at most 75 characters.")
    taken = next((one for one in every if one != theme and _same(name) in _names(one)), None)
    if taken is not None and taken.retired:
        return say("A retired theme has this name. Choose that one in the list and bring it back.")
    if taken is not None:
        return say("There is a theme with this name already. Write another one.")
    offered = [one for one in every if not one.retired and one != theme]
    if not retired and len(offered) >= MOST:
        return say("A network has at most 30 themes. Retire one first.")
    return ""


def _keep(who: Presence, theme: Theme | None, name: str, uow: UnitOfWork, *, retired: bool) -> str:
    if theme is None:
        stored.add(uow, who.network, name)
        return who.say("The theme is added.")
    # In what it is called from the beginning it is said in every language.
    own = None if theme.key and name in _called(theme) else name
    stored.change(uow, theme.id, name=own, retired=retired)
    if own != theme.name:
        for question in stored.open_questions(uow, who.network, theme.id, REDRAWN):
            posts.show_again(uow, "question", question)
            posts.show_again(uow, "foot", question)
    if retired and not theme.retired:
        return who.say("The theme is retired. It stays on the questions that have it.")
    return who.say("The theme is saved.")


def _find(every: Sequence[Theme], value: str) -> Theme | None:
    return next((theme for theme in every if str(theme.id) == value), None)


def _labelled(theme: Theme, say: Speech) -> str:
    if not theme.retired:
        return themes.name(theme, say)
    return say("{theme} (retired)", theme=themes.name(theme, say)[:60])


def _number(incoming: Submitted, say: Speech) -> str:
    return answering.number_in_form(say) if incoming.suspicions else ""


def _called(theme: Theme) -> set[str]:
    """What one of the first themes is called in each language."""
    first = Theme(theme.id, theme.key, None)
    return {themes.name(first, speak(language)) for language in LANGUAGES}


def _names(theme: Theme) -> set[str]:
    """Everything that it is read as."""
    called = _called(theme) if theme.name is None else {theme.name}
    return {_same(name) for name in called}


def _same(name: str) -> str:
    """Two names with the same letters and digits are one, however their accents are typed."""
    return "".join(mark for mark in normalize("NFC", name).casefold() if mark.isalnum())
