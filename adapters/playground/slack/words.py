"""Words on Slack: from what a person types to `text` and rich_text, and back to what is seen.

Sources: docs.slack.dev, "Formatting message text" and "Rich text block".
"""

from __future__ import annotations

import re
import uuid
from html import unescape
from typing import Any

from adapters.playground.slack.messages import Ephemeral, Json, Message, View
from adapters.playground.slack.world import Workspace

_TYPED = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<@(?P<user>[UW][A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<\#(?P<channel>[CG][A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<!(?P<range>channel|here|everyone)>"
    r"|<(?P<link>(?:https?://|mailto:)[^|>\s]+)(?:\|(?P<label>[^>\n]+))?>"
    r"|(?P<url>https?://[^\s<>]*[^\s<>.,;:!?)])"
    r"|:(?P<emoji>[a-z][a-z0-9_+-]*):"
    r"|(?<!\w)\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?!\w)"
    r"|(?<!\w)_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?!\w)"
    r"|(?<!\w)~(?P<strike>[^\s~](?:[^~\n]*[^\s~])?)~(?!\w)"
)
_MARKS = {"bold": "*", "italic": "_", "strike": "~"}
_CODE = re.compile(r"```\n?(.+?)\n?```|`([^`\n]+)`", re.S)
_CONTROL = re.compile(r"<([^<>\n]*)>")
_STYLE = [
    re.compile(r"(?<!\w)\*(\S(?:[^*\n]*?\S)?)\*(?!\w)"),
    re.compile(r"(?<!\w)_(\S(?:[^_\n]*?\S)?)_(?!\w)"),
    re.compile(r"(?<!\w)~(\S(?:[^~\n]*?\S)?)~(?!\w)"),
]


def typed(text: str, workspace: Workspace) -> tuple[str, list[Json]]:
    """`text` and `blocks` of a message that a person typed. Slack's own control sequences may be
    typed too (`<@U1>`, `<https://a|b>`); `@Kari Nilsen`, `@channel` and bare links become them."""
    words, elements = [], []
    for number, part in enumerate(re.split(r"```\n?(.+?)\n?```", text, flags=re.S)):
        if number % 2:
            words.append(f"```{_escape(part)}```")
            elements.append(_element("preformatted", [{"type": "text", "text": part}]))
        elif part.strip("\n"):
            part_words, part_elements = _lines(_mentions(part.strip("\n"), workspace))
            words.append(part_words)
            elements += part_elements
    block = {"type": "rich_text", "block_id": uuid.uuid4().hex[:5], "elements": elements}
    return "\n".join(words), [block]


def plain(shown: Message | Ephemeral | View) -> str:
    """The words a person sees: the blocks as they are drawn, the text where there are none."""
    workspace = shown.workspace if isinstance(shown, View) else shown.channel.workspace
    if isinstance(shown, View) or shown.blocks:
        lines = [_drawn(block, workspace) for block in shown.blocks]
        return "\n".join(line for line in lines if line)
    return seen(shown.text, workspace)


def seen(mrkdwn: str, workspace: Workspace) -> str:
    """mrkdwn as a person reads it: names for mentions, labels for links, no marks."""
    text = _CONTROL.sub(lambda found: _control(found[1], workspace), mrkdwn)
    code: list[str] = []
    text = _CODE.sub(lambda found: _put_by(found[1] or found[2], code), text)
    for style in _STYLE:
        text = style.sub(r"\1", text)
    text = re.sub(r"(?m)^(&gt;|>) ?", "", text)
    for number, words in enumerate(code):
        text = text.replace(f"\0{number}\0", words)
    return unescape(text)


def _put_by(words: str, code: list[str]) -> str:
    """Marks inside code are no marks: a placeholder stands for it until they are gone."""
    code.append(words)
    return f"\0{len(code) - 1}\0"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _element(kind: str, elements: list[Json], **rest: Any) -> Json:
    return {"type": f"rich_text_{kind}", **rest, "elements": elements}


def _mentions(text: str, workspace: Workspace) -> str:
    ids = {user.name: user.id for user in workspace.users.values()}
    ids[workspace.bot_name] = workspace.bot_user_id
    for name in sorted(ids, key=len, reverse=True):
        text = re.sub(rf"(?<![\w@])@{re.escape(name)}(?!\w)", f"<@{ids[name]}>", text)
    return re.sub(r"(?<![\w@])@(channel|here|everyone)(?!\w)", r"<!\1>", text)


def _lines(text: str) -> tuple[str, list[Json]]:
    """Runs of quoted lines, of bullets and of everything else, each its own element."""
    words: list[str] = []
    elements: list[Json] = []
    run: list[str] = []
    kind = ""
    for line in [*text.split("\n"), None]:
        line_kind = "" if line is None else _kind(line)
        if run and (line is None or line_kind != kind):
            run_words, element = _run(kind, run)
            words.append(run_words)
            elements.append(element)
            run = []
        if line is not None:
            kind, run = line_kind, [*run, line]
    return "\n".join(words), elements


def _kind(line: str) -> str:
    if line.startswith(">"):
        return "quote"
    return "list" if re.match(r"[•*-] \S", line) else "section"


def _run(kind: str, lines: list[str]) -> tuple[str, Json]:
    if kind == "section":
        words, inline = _inline("\n".join(lines))
        return words, _element("section", inline)
    if kind == "quote":
        words, inline = _inline("\n".join(line[1:].removeprefix(" ") for line in lines))
        return "\n".join(f"&gt; {line}" for line in words.split("\n")), _element("quote", inline)
    items = [_inline(line[2:]) for line in lines]
    sections = [_element("section", inline) for _, inline in items]
    words = "\n".join(f"• {words}" for words, _ in items)
    return words, _element("list", sections, style="bullet", indent=0)


def _inline(text: str, style: Json | None = None) -> tuple[str, list[Json]]:
    words: list[str] = []
    elements: list[Json] = []
    position = 0
    for found in _TYPED.finditer(text):
        _add_text(text[position : found.start()], style, words, elements)
        _add_found(found, style, words, elements)
        position = found.end()
    _add_text(text[position:], style, words, elements)
    return "".join(words), elements


def _add_text(text: str, style: Json | None, words: list[str], elements: list[Json]) -> None:
    if text:
        words.append(_escape(text))
        elements.append(_styled({"type": "text", "text": text}, style))


def _styled(element: Json, style: Json | None) -> Json:
    return element | {"style": style} if style else element


def _add_found(
    found: re.Match[str], style: Json | None, words: list[str], elements: list[Json]
) -> None:
    name, value = next((n, v) for n, v in found.groupdict().items() if v is not None)
    if name in _MARKS:
        inner_words, inner = _inline(value, {**(style or {}), name: True})
        words.append(f"{_MARKS[name]}{inner_words}{_MARKS[name]}")
        elements += inner
        return
    word, element = _leaf(name, value, found["label"])
    words.append(word)
    elements.append(_styled(element, {**(style or {}), **element.pop("style", {})}))


def _leaf(name: str, value: str, label: str | None) -> tuple[str, Json]:
    if name == "code":
        element = {"type": "text", "text": value, "style": {"code": True}}
        return f"`{_escape(value)}`", element
    if name == "user":
        return f"<@{value}>", {"type": "user", "user_id": value}
    if name == "channel":
        return f"<#{value}|>", {"type": "channel", "channel_id": value}
    if name == "range":
        return f"<!{value}>", {"type": "broadcast", "range": value}
    if name == "emoji":
        return f":{value}:", {"type": "emoji", "name": value}
    link: Json = {"type": "link", "url": value}
    if label is None:
        return f"<{_escape(value)}>", link
    return f"<{_escape(value)}|{_escape(label)}>", link | {"text": label}


def _control(inside: str, workspace: Workspace) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return f"@{_name(target[1:], workspace)}"
    if target.startswith("#"):
        channel = workspace.channels.get(target[1:])
        return f"#{label or (channel.name if channel else target[1:])}"
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    return label or target


def _name(user: str, workspace: Workspace) -> str:
    if user == workspace.bot_user_id:
        return workspace.bot_name
    return workspace.users[user].name if user in workspace.users else user


def _text(part: Json | None, workspace: Workspace) -> str:
    """A text object: plain_text is shown as it stands."""
    if not part:
        return ""
    words = str(part.get("text", ""))
    return seen(words, workspace) if part.get("type") == "mrkdwn" else words


def _drawn(block: Json, workspace: Workspace) -> str:
    kind = block["type"]
    if kind == "rich_text":
        return "\n".join(_rich(element, workspace) for element in block["elements"])
    if kind == "markdown":
        return str(block["text"])
    if kind == "image":
        return str(block.get("alt_text", ""))
    if kind == "input":
        label = _text(block.get("label"), workspace)
        return "\n".join(filter(None, [label, _text(block.get("hint"), workspace)]))
    parts = [_text(block.get("text"), workspace)]
    parts += [_text(part, workspace) for part in block.get("fields", [])]
    inner = [*block.get("elements", []), *filter(None, [block.get("accessory")])]
    parts.append(" ".join(filter(None, (_small(element, workspace) for element in inner))))
    return "\n".join(filter(None, parts))


def _small(element: Json, workspace: Workspace) -> str:
    """An element of a context or actions block; a button reads `[Label]`."""
    kind = element["type"]
    if kind in ("mrkdwn", "plain_text"):
        return _text(element, workspace)
    if kind == "image":
        return str(element.get("alt_text", ""))
    if kind == "button":
        return f"[{_text(element['text'], workspace)}]"
    options = [_text(option["text"], workspace) for option in element.get("options", [])]
    return " ".join(f"[{label}]" for label in options) or _text(
        element.get("placeholder"), workspace
    )


def _rich(element: Json, workspace: Workspace) -> str:
    kind = element["type"]
    if kind == "rich_text_list":
        return "\n".join(f"• {_rich(item, workspace)}" for item in element["elements"])
    if kind.startswith("rich_text_"):
        return "".join(_rich(part, workspace) for part in element["elements"])
    shown = {
        "user": lambda: f"@{_name(element['user_id'], workspace)}",
        "channel": lambda: _control(f"#{element['channel_id']}", workspace),
        "broadcast": lambda: f"@{element['range']}",
        "emoji": lambda: f":{element['name']}:",
        "link": lambda: str(element.get("text") or element["url"]),
    }
    return shown[kind]() if kind in shown else str(element.get("text", ""))
