"""The app as Teams is to know it, and the package of it that an administrator uploads.

Facts: learn.microsoft.com, "App manifest schema for Teams"; "Localize your app" (Teams takes the
strings of the default language, and over them those of the reader's); "Receive all conversation
messages" for the consent that a team's owner gives; "Apps for shared and private channels".
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from adapters.teams.incoming import ASK
from bot.language import LANGUAGES, Speech, speak

SCHEMA = "1.25"
"""From this version on, a bot in teams has to say which kinds of channels it is made for."""

VERSION = "1.1.0"
"""The app's own: Teams takes a changed manifest for an update only if this is higher."""

DEVELOPER = 32
"""Characters that the name of who runs it may have."""

NAME = "Mellom"
ICONS = Path(__file__).parent / "package"
DEFAULT = "en"
"""The language of the manifest itself, for readers of any that we do not speak."""

READ_CHANNELS = "ChannelMessage.Read.Group"
"""Without this consent Teams tells the bot only of messages that mention it."""

_SCHEMAS = f"https://developer.microsoft.com/en-us/json-schemas/teams/v{SCHEMA}"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def package(made: dict[str, Any]) -> bytes:
    """The zip with this manifest, its icons and its other languages. The same manifest makes the
    same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(made).items():
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _files(made: dict[str, Any]) -> dict[str, bytes]:
    icons = {name: (ICONS / name).read_bytes() for name in made["icons"].values()}
    others = made["localizationInfo"]["additionalLanguages"]
    spoken = {one["file"]: _json(localized(one["languageTag"])) for one in others}
    return {"manifest.json": _json(made), **icons, **spoken}


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, indent=2, ensure_ascii=False).encode()


def manifest(
    app_id: str,
    base_url: str,
    *,
    developer: str = NAME,
    privacy: str | None = None,
    terms: str | None = None,
) -> dict[str, Any]:
    """The manifest of the bot `app_id`, run by `developer`, whose pages are https."""
    scopes = ["team", "personal"]
    say = speak(DEFAULT)
    return {
        "$schema": f"{_SCHEMAS}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA,
        "version": VERSION,
        "id": app_id,
        "developer": {
            "name": developer,
            "websiteUrl": base_url,
            "privacyUrl": privacy or base_url,
            "termsOfUseUrl": terms or base_url,
        },
        "name": {"short": NAME, "full": _full_name(say)},
        "description": {"short": _short(say), "full": _full(say)},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#0B5D66",
        "localizationInfo": {
            "defaultLanguageTag": DEFAULT,
            "additionalLanguages": [
                {"languageTag": language, "file": f"{language}.json"}
                for language in LANGUAGES
                if language != DEFAULT
            ],
        },
        "defaultInstallScope": "team",
        "defaultGroupCapability": {"team": "bot"},
        "bots": [
            {
                "botId": app_id,
                "scopes": scopes,
                "commandLists": [{"scopes": scopes, "commands": commands(say)}],
            }
        ],
        "composeExtensions": [
            {
                "botId": app_id,
                "commands": [
                    {
                        "id": ASK,
                        "type": "action",
                        **_message_action(say),
                        "context": ["message"],
                        "fetchTask": True,
                    }
                ],
            }
        ],
        "supportsChannelFeatures": "tier1",
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [urlsplit(base_url).hostname],
        # Teams wants a resource here and does nothing with it.
        "webApplicationInfo": {"id": app_id, "resource": "https://RscBasedStoreApp"},
        "authorization": {
            "permissions": {
                "resourceSpecific": [{"name": READ_CHANNELS, "type": "Application"}],
            }
        },
    }


def localized(language: str) -> dict[str, str]:
    """The manifest's words in another language, each by the place where it stands in there."""
    say = speak(language)
    listed = "bots[0].commandLists[0].commands"
    return {
        "$schema": f"{_SCHEMAS}/MicrosoftTeams.Localization.schema.json",
        "name.short": NAME,
        "name.full": _full_name(say),
        "description.short": _short(say),
        "description.full": _full(say),
        **{
            f"{listed}[{place}].{part}": words
            for place, command in enumerate(commands(say))
            for part, words in command.items()
        },
        **{
            f"composeExtensions[0].commands[0].{part}": words
            for part, words in _message_action(say).items()
        },
    }


def commands(say: Speech) -> list[dict[str, str]]:
    """What Teams proposes after @Mellom: the titles are what people then send."""
    proposed = (
        (say("ask", context="command"), say("Ask the whole network a question.")),
        (say("suggest", context="command"), say("Suggest a problem to work on together.")),
        (say("search", context="command"), say("Search in what was asked and answered.")),
        (say("answered", context="command"), say("In a thread: the question is answered.")),
        (say("my settings", context="command"), say("Choose what you are told in private.")),
        (say("help", context="command"), say("See what I can do.")),
        (say("join", context="command"), say("Connect the channel to the network with a code.")),
    )
    return [{"title": title, "description": description} for title, description in proposed]


def _message_action(say: Speech) -> dict[str, str]:
    return {
        "title": say("Ask the network"),
        "description": say("Ask the whole network with what is written here."),
    }


def _full_name(say: Speech) -> str:
    return say("Mellom: one conversation in a learning network")


def _short(say: Speech) -> str:
    return say("Carries questions and answers between organisations.")


def _full(say: Speech) -> str:
    return say(
        "Mellom carries one conversation between the organisations of a learning network, "
        "whichever of Slack and Microsoft Teams they use. Write @Mellom and a question in your "
        "channel: it is shown in the channels of all the others, and their answers come back to "
        "its thread. Nothing leaves a channel before somebody in it has confirmed that it is part "
        "of the network."
    )
