"""The secrets of an organisation's own Slack app, looked at before they are kept."""

from __future__ import annotations

import os
from dataclasses import dataclass

from adapters import settings
from adapters.operating import Refusal
from adapters.slack.calls import Calls
from adapters.slack.oauth import SCOPES
from bot.outgoing import InDoubt, NotSent, Refused


@dataclass(frozen=True, slots=True)
class Found:
    """Whose bot token it is, as Slack tells."""

    app: str
    team: str
    team_name: str
    bot_user: str
    bot: str
    bot_name: str


def plausible(signing_secret: str) -> str:
    if signing_secret.startswith(("xox", "xapp-")):
        raise Refusal(
            "That is a token, not a signing secret: copy the Signing Secret on the app's page "
            "Basic Information. Nothing was kept."
        )
    return signing_secret


def lasting(token: str) -> str:
    if token.startswith("xoxe"):
        raise Refusal(
            "That token ends after twelve hours, since token rotation is on for this app, and "
            "Slack does not let it be turned off: make the app anew, from the manifest as Mellom "
            "prints it. Nothing was kept."
        )
    if not token.startswith("xoxb-"):
        raise Refusal(
            "That is not a bot token, which begins with xoxb-: copy the Bot User OAuth Token on "
            "the app's page Install App. Nothing was kept."
        )
    return token


async def examined(token: str) -> Found:
    """Ask Slack whose token it is, of which app, and whether it may do what is needed."""
    calls = Calls(settings.read(os.environ).slack_api_url)
    try:
        me, scopes = await calls.who(token)
        missing = sorted(set(SCOPES) - scopes)
        if missing:
            raise Refusal(
                f"The app lacks {', '.join(missing)}: on its page App Manifest, put in what mellom "
                "manifest slack prints, and install it again. Nothing was kept."
            )
        bot = (await calls.read("bots.info", token, bot=me["bot_id"]))["bot"]
        return Found(
            app=str(bot["app_id"]),
            team=str(me["team_id"]),
            team_name=str(me["team"]),
            bot_user=str(me["user_id"]),
            bot=str(me["bot_id"]),
            bot_name=str(bot["name"]),
        )
    except (NotSent, InDoubt) as problem:
        raise Refusal(f"Slack does not answer ({problem.reason}): nothing was kept.") from problem
    except Refused as problem:
        raise Refusal(
            f"Slack refuses the bot token ({problem.reason}): copy the Bot User OAuth Token on the "
            "app's page Install App. Nothing was kept."
        ) from problem
    except (KeyError, TypeError) as problem:
        raise Refusal(
            "That token is not a bot's: copy the Bot User OAuth Token on the app's page Install "
            "App. Nothing was kept."
        ) from problem
    finally:
        await calls.close()
