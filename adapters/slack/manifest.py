"""The app as Slack is to make it: what `mellom manifest slack` prints.

Facts: docs.slack.dev, "App manifest reference".
"""

from __future__ import annotations

from typing import Any

from adapters.slack.incoming import ASK, EVENTS
from adapters.slack.oauth import SCOPES
from bot.language import Speech, speak

NAME = "Mellom"
COMMAND = "/mellom"


def manifest(
    base_url: str,
    language: str = "en",
    *,
    installation: int | None = None,
    token_rotation: bool = False,
) -> dict[str, Any]:
    """The manifest of an app whose requests come to `base_url`, which is https.

    Slack has one text for all readers, so `language` is that of the workspace. `installation`: the
    number of an organisation's own app, which stands in its path; nobody installs it through us.
    """
    say = speak(language)
    requests = f"{base_url}/slack/events" + (f"/{installation}" if installation else "")
    oauth: dict[str, Any] = {"scopes": {"bot": list(SCOPES)}}
    if installation is None:
        oauth["redirect_urls"] = [f"{base_url}/slack/oauth_redirect"]
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {"name": NAME, **_described(say)},
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
                    "name": say("Ask the network"),
                    "type": "message",
                    "callback_id": ASK,
                    "description": say("Ask the whole network with what is written here."),
                }
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    "url": requests,
                    "description": say("Ask the network, or connect this channel to it"),
                    "usage_hint": say("ask your question · join CODE · help"),
                    # People are named in a question by their id, so that they can be shown by name.
                    "should_escape": True,
                }
            ],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": {"request_url": requests, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, "request_url": requests},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            # It can never be turned off again, and a token that an administrator copies could not
            # be exchanged for the next one: only those who install through us may have it.
            "token_rotation_enabled": token_rotation,
        },
    }


def _described(say: Speech) -> dict[str, str]:
    return {
        "description": say(
            "Carries questions and answers between the organisations of a learning network."
        ),
        "long_description": say(
            "Mellom carries one conversation between the organisations of a learning network, "
            "whichever of Slack and Microsoft Teams they use. Write @Mellom and a question in your "
            "channel: it is shown in the channels of all the others, and their answers come back "
            "to its thread. Nothing leaves a channel before somebody in it has confirmed that it "
            "is part of the network."
        ),
    }
