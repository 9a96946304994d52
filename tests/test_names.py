"""Whatever somebody calls themselves, their name is one short line, wherever it is shown, and
nothing in it comes alive."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from bot.drawn import shown_name
from tests.conversation import Person, World
from tests.test_appointing import opens_list
from tests.test_closing import CLOSE, FOOT
from tests.test_curating import running
from tests.test_welcoming import role

QUESTION = "Hvordan får dere liv i tavlemøtene?"

NAMES = {
    "turned around": ("Kari\u202enesliN \u2066Nord\u2069", "KarinesliN Nord"),
    "with nothing between": ("Ka\u200bri\u2060 Nil\u00adsen\ufeff", "Kari Nilsen"),
    "of several lines": ("Kari\n\n# Nilsen\r\u2028\u0085\tGoogle", "Kari # Nilsen Google"),
    "without end": ("Kari " + "x" * 300, "Kari " + "x" * 74 + "…"),
    "of nothing to see": ("\u3164\u200b\u2800\u115f \u202e", "–"),
    "of no letters": ("", "–"),
    "for everybody": ("<!channel> <@U0FOREIGN>", "<!channel> <@U0FOREIGN>"),
    "a mention": ("<at>Everyone</at>", "<at>Everyone</at>"),
    "a page": ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
    "a link": ("[Kari](https://evil.example)", "[Kari](https://evil.example)"),
    "with another organisation": ("Kari · Bodø kommune", "Kari - Bodø kommune"),
    "with its look-alike": ("Kari • Bodø ‧ kommune", "Kari - Bodø - kommune"),
    "in other letters": ("Каri Nilsen", "Каri Nilsen"),
    "with a sign": ("Kari 👍🏽 Åse", "Kari 👍🏽 Åse"),
    "as it is": ("Åse-Marie Ødegård (HR) O'Hara", "Åse-Marie Ødegård (HR) O'Hara"),
}


@pytest.mark.parametrize("which", NAMES)
def test_a_name_is_one_short_line(which: str) -> None:
    name, shown = NAMES[which]
    assert shown_name(name) == shown


def test_a_name_with_marks_upon_marks_does_not_reach_into_other_lines() -> None:
    assert len(shown_name("K" + "\u0300\u0301\u0302\u0303" * 100 + "ari")) <= 80


WILD = (
    "\u202eKari\0\u2066 \u200bNilsen\n\n# Google\u2028" + "x" * 400,
    "<!channel> <@U0EVIL> <at>Alle</at> [Kari](https://evil.example) <b>",
    "\u3164Каri 👩‍🚒 · Bodø kommune\r\n**fet** {{DATE(2026-01-01T00:00:00Z)}} {name}",
)


@pytest.mark.parametrize("name", WILD, ids=("hides", "calls", "looks alike"))
def test_a_name_does_nothing_wherever_it_is_shown(
    name: str, world: World, kari: Person, jens: Person, lars: Person
) -> None:
    ingrid, mette, ola = (
        running(world, "Ingrid Vik"),
        world.person("Mette Lund"),
        world.person("Ola Berg"),
    )
    role(world, jens, "Aarhus Kommune", "coordinator")
    _call_everybody(world, name)
    world.later(days=7)
    ola.asks(QUESTION)
    mette.replies("Vi spørger hvorfor.", under="tavlemøtene")
    lars.replies("Vi bytter leder.", under="tavlemøtene")
    ola.presses(CLOSE["nb"], on=FOOT["nb"])
    forms = [_form_of(ola)]
    opens_list(ingrid)
    forms.append(_form_of(ingrid))
    ingrid.writes_privately("hei")
    ingrid.presses("Les", on="Q-1", privately=True)
    forms.append(_form_of(ingrid))
    jens.writes_privately("søg tavlemøtene")
    mette.writes_privately("mine konti")
    ingrid.says("@Mellom avtale")

    everybody = (ingrid, jens, kari, lars, mette, ola)
    shown = [seen for one in everybody for seen in (*one.room.everything, *one.private)]
    raw = [
        json.dumps(_sent(seen.inner), ensure_ascii=False) for seen in shown if seen.by_bot
    ] + forms
    named = [words for words in raw if _mark(name) in words]
    for where in PLACES:
        assert any(where in words for words in named), where
    for seen in shown:
        if seen.by_bot:
            _is_harmless(seen.words)
    for words in raw:
        _is_inert(json.loads(words))


def _call_everybody(world: World, name: str) -> None:
    """From now on each platform tells this name of all of them."""
    for room in world.rooms.values():
        for user in room.inner.people.values():
            user.name = name
    world.change("UPDATE account SET name = NULL, profile_due_at = NULL")


def _mark(name: str) -> str:
    return "Google" if "Google" in name else "U0EVIL" if "U0EVIL" in name else "fet"


def _form_of(person: Person) -> str:
    user: Any = person.user  # type: ignore[attr-defined]
    if hasattr(user, "workspace"):
        view = user.workspace.views[user.id]
        return _json(view.blocks)
    return _json(person.last.dialog.card)  # type: ignore[attr-defined]


def _json(node: Any) -> str:
    return json.dumps(node, ensure_ascii=False)


def _sent(message: Any) -> Any:
    """What the platform was sent."""
    if hasattr(message, "activity"):
        return message.activity
    return {"text": message.text, "blocks": message.blocks}


def _is_harmless(words: str) -> None:
    """One short line, with nothing in it that hides or turns."""
    assert not [mark for mark in words if unicodedata.category(mark) == "Cf"]
    assert not any(mark in words for mark in "\u3164\u2800\u2028\u2029\r")
    assert not re.search(r"x{81}", words)
    assert not re.search(r"(?m)^\W*(Google|fet)", words)
    assert "· Bodø kommune ·" not in words


PLACES = (
    "Alta kommune",  # a question, and who asked it
    "Randers Kommune",  # an answer
    "roboten i læringsnettverket",  # the welcome tells who runs it
    "har skrevet i netværket",  # the host is told of somebody new
    "For deg som leder nettverket",
    "Det denne kanalen har bekreftet",  # what a channel confirmed, and who did
    "Fandt 1",  # the hits of a search
    "static_select",  # the members to choose from
)
"""What stands beside the name, somewhere."""

ALIVE = {
    "mrkdwn": r"<!|<@|<at>|<b>|<http",
    "TextBlock": r"(?<!\\)<(at|b|img)\b|\{\{DATE|(?<!\\)\]\(|\*\*fet",
}


def _is_inert(node: Any) -> None:
    """Nothing calls anybody, and no link leads anywhere."""
    for part in _parts(node):
        kind = part.get("type", "mrkdwn" if "blocks" in part else "")
        if kind in ALIVE:
            assert not re.search(ALIVE[kind], part["text"]), part
        assert kind not in ("mention", "user", "broadcast", "link")


def _parts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from _parts(child)
