"""The app as Slack is to make it: what `mellom manifest slack` prints.

Facts: docs.slack.dev, "App manifest reference".
"""

from __future__ import annotations

from typing import Any

from adapters.slack.incoming import ASK, EVENTS
from adapters.slack.oauth import SCOPES

NAME = "Mellom"
COMMAND = "/mellom"
SHORT = "Carries questions and answers between the organisations of a learning network."
LONG = (
    "Mellom carries one conversation between the organisations of a learning network, whichever "
    "of Slack and Microsoft Teams they use. Write @Mellom and a question in your channel: it is "
    "shown in the channels of all the others, and their answers come back to its thread. Nothing "
    "leaves a channel before somebody in it has confirmed that it is part of the network."
)


def manifest(base_url: str) -> dict[str, Any]:
    """The manifest of an app whose requests come to `base_url`, which is https."""
    requests = f"{base_url}/slack/events"
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {"name": NAME, "description": SHORT, "long_description": LONG},
        "features": {
            # The home shows what is open. Without the messages tab nobody could write to the bot.
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": [
                {
                    "name": "Ask the network",
                    "type": "message",
                    "callback_id": ASK,
                    "description": "Ask the whole network with what is written here",
                }
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    "url": requests,
                    "description": "Ask the network, or connect this channel to it",
                    "usage_hint": "ask your question · join CODE · help",
                    # People are named in a question by their id, so that they can be shown by name.
                    "should_escape": True,
                }
            ],
        },
        "oauth_config": {
            "redirect_urls": [f"{base_url}/slack/oauth_redirect"],
            "scopes": {"bot": list(SCOPES)},
        },
        "settings": {
            "event_subscriptions": {"request_url": requests, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, "request_url": requests},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            # The bot's tokens are good until they are revoked: it keeps no refresh tokens.
            "token_rotation_enabled": False,
        },
    }
