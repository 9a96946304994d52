"""The app as Teams is to know it: what `mellom manifest teams` prints.

Facts: learn.microsoft.com, "App manifest schema for Teams"; "Receive all conversation messages" for
the consent that a team's owner gives; "Apps for shared and private channels".
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from adapters.teams.incoming import ASK

SCHEMA = "1.25"
"""From this version on, a bot in teams has to say which kinds of channels it is made for."""

VERSION = "1.0.0"
"""The app's own: Teams takes a changed manifest for an update only if this is higher."""

DEVELOPER = 32
"""Characters that the name of who runs it may have."""

NAME = "Mellom"
FULL_NAME = "Mellom: one conversation in a learning network"
SHORT = "Carries questions and answers between organisations."
FULL = (
    "Mellom carries one conversation between the organisations of a learning network, whichever "
    "of Slack and Microsoft Teams they use. Write @Mellom and a question in your channel: it is "
    "shown in the channels of all the others, and their answers come back to its thread. Nothing "
    "leaves a channel before somebody in it has confirmed that it is part of the network."
)

COMMANDS = (
    ("spør", "Still et spørsmål til hele nettverket."),
    ("delta", "Koble kanalen til nettverket med en kode."),
    ("hjelp", "Se hva jeg kan gjøre."),
    ("spørg", "Stil et spørgsmål til hele netværket."),
    ("deltag", "Forbind kanalen med netværket med en kode."),
    ("hjælp", "Se, hvad jeg kan gøre."),
    ("ask", "Ask the whole network a question."),
    ("join", "Connect the channel to the network with a code."),
    ("help", "See what I can do."),
)
"""What Teams proposes after @Mellom. It proposes the same to everybody, so that all languages stand
beside each other here and not in the catalogues."""

READ_CHANNELS = "ChannelMessage.Read.Group"
"""Without this consent Teams tells the bot only of messages that mention it."""


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
    return {
        "$schema": "https://developer.microsoft.com/en-us/json-schemas/teams/"
        f"v{SCHEMA}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA,
        "version": VERSION,
        "id": app_id,
        "developer": {
            "name": developer,
            "websiteUrl": base_url,
            "privacyUrl": privacy or base_url,
            "termsOfUseUrl": terms or base_url,
        },
        "name": {"short": NAME, "full": FULL_NAME},
        "description": {"short": SHORT, "full": FULL},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#1D4E5F",
        "localizationInfo": {"defaultLanguageTag": "en"},
        "defaultInstallScope": "team",
        "defaultGroupCapability": {"team": "bot"},
        "bots": [
            {
                "botId": app_id,
                "scopes": scopes,
                "isNotificationOnly": False,
                "supportsFiles": False,
                "commandLists": [{"scopes": scopes, "commands": _commands()}],
            }
        ],
        "composeExtensions": [
            {
                "botId": app_id,
                "commands": [
                    {
                        "id": ASK,
                        "type": "action",
                        "title": "Ask the network",
                        "description": "Ask the whole network with what is written here.",
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


def _commands() -> list[dict[str, str]]:
    return [{"title": title, "description": description} for title, description in COMMANDS]
