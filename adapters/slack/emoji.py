"""The emoji that people in a network use most, from Slack's names to Unicode.

Slack's rich text mostly carries the code points itself; the names are for where it does not. A name
that is not here stays as it is written, `:name:`, as does a workspace's own emoji.
"""

from __future__ import annotations

_NAMES = {
    "+1 thumbsup": "👍",
    "-1 thumbsdown": "👎",
    "100": "💯",
    "angry": "😠",
    "arrow_right": "➡️",
    "bangbang": "‼️",
    "bar_chart": "📊",
    "birthday": "🎂",
    "blush": "😊",
    "boom collision": "💥",
    "bulb": "💡",
    "calendar": "📆",
    "chart_with_upwards_trend": "📈",
    "christmas_tree": "🎄",
    "clap": "👏",
    "coffee": "☕",
    "confetti_ball": "🎊",
    "cry": "😢",
    "cupcake": "🧁",
    "disappointed": "😞",
    "exclamation heavy_exclamation_mark": "❗",
    "eyes": "👀",
    "fire": "🔥",
    "flag-dk flag_dk": "🇩🇰",
    "flag-no flag_no": "🇳🇴",
    "grin": "😁",
    "grinning": "😀",
    "grimacing": "😬",
    "handshake": "🤝",
    "heart": "❤️",
    "heart_eyes": "😍",
    "heavy_check_mark": "✔️",
    "hugging_face hugs": "🤗",
    "hourglass": "⌛",
    "information_source": "ℹ️",
    "joy": "😂",
    "laughing satisfied": "😆",
    "mailbox": "📫",
    "memo pencil": "📝",
    "mega": "📣",
    "muscle": "💪",
    "ok": "🆗",
    "ok_hand": "👌",
    "open_mouth": "😮",
    "partying_face": "🥳",
    "point_right": "👉",
    "point_up": "☝️",
    "pray": "🙏",
    "question": "❓",
    "raised_hand hand": "✋",
    "raised_hands": "🙌",
    "relaxed": "☺️",
    "rocket": "🚀",
    "rolling_on_the_floor_laughing rofl": "🤣",
    "rotating_light": "🚨",
    "see_no_evil": "🙈",
    "simple_smile slightly_smiling_face": "🙂",
    "slightly_frowning_face": "🙁",
    "smile": "😄",
    "smiley": "😃",
    "sob": "😭",
    "sparkles": "✨",
    "star": "⭐",
    "sun_with_face": "🌞",
    "sunglasses": "😎",
    "sunny": "☀️",
    "sweat_smile": "😅",
    "tada": "🎉",
    "thinking_face thinking": "🤔",
    "trophy": "🏆",
    "upside_down_face": "🙃",
    "warning": "⚠️",
    "wave": "👋",
    "white_check_mark": "✅",
    "wink": "😉",
    "woman-shrugging shrug": "🤷",
    "x": "❌",
    "zap": "⚡",
}
_KNOWN = {name: emoji for names, emoji in _NAMES.items() for name in names.split()}
_TONES = ("", "", "🏻", "🏼", "🏽", "🏾", "🏿")


def emoji(name: str, tone: int = 0) -> str:
    """The emoji as a character, or its name between colons. `tone` is Slack's skin tone, 2 to 6."""
    known = _KNOWN.get(name)
    if known is None:
        return f":{name}:"
    return known + (_TONES[tone] if 0 <= tone < len(_TONES) else "")


def from_code_points(codes: str) -> str | None:
    """The emoji that Slack's rich text spells as "1f44d-1f3fd"."""
    try:
        return "".join(chr(int(code, 16)) for code in codes.split("-"))
    except (ValueError, OverflowError):
        return None
