"""The words of the playground's page, in the reader's language."""

from __future__ import annotations

from adapters.playground.page import tool_words
from adapters.playground.page.story import first_in
from bot import drawn
from bot.language import LANGUAGES, Speech, pick, speak

NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "da": "Dansk", "en": "English"}
"""Each language's own name for itself."""


def words(language: str) -> dict[str, object]:
    """Everything that the page says, by the names that its script asks for."""
    say = speak(language)
    return {
        "language": say.language,
        "first": first_in(say.language).name,
        "languages": [[code, NAMES[code]] for code in LANGUAGES],
        "words": {
            **_around(say),
            **_in_rooms(say),
            **_of_messages(say),
            **_of_trouble(say),
            **tool_words.words(say),
            **{
                f"{among}.{name}": said
                for among, names in tool_words.lists(say).items()
                for name, said in names.items()
            },
        },
    }


def preferred(accepted: str) -> str:
    """The language for a browser's Accept-Language, whose first known one is taken."""
    wishes = (wish.split(";")[0] for wish in accepted.split(","))
    return next((found for wish in wishes if (found := pick(wish, ""))), "en")


def _around(say: Speech) -> dict[str, str]:
    return {
        "title": say("Try Mellom"),
        "about": say(
            "Four municipalities, on Slack and on Teams, and one conversation. You play everybody."
        ),
        "invented": say(
            "Everything here is invented and stays on this machine. It is gone when you stop."
        ),
        "language": say("Language"),
        "channels": say("The channels"),
        "skip": say("Go to the channels"),
        "board": say("only gets notes"),
        "board_about": say(
            "This channel only receives: Mellom tells it through an incoming webhook that "
            "something was asked, without repeating what anybody wrote. Nothing is sent back from "
            "it."
        ),
        "arrived": say("New in {channel}: {words}", channel="{channel}", words="{words}"),
        "count": say("new", context="messages"),
        "wait": say("Getting the channels…"),
    }


def _in_rooms(say: Speech) -> dict[str, str]:
    return {
        "you": say("You are"),
        "channel": say("Channel"),
        "private": say("Private"),
        "home": say("Home", context="page"),
        "home_about": say("Mellom's own page on Slack. Nobody else sees yours."),
        "private_about": say("Between you and Mellom. Nobody else sees it."),
        "private_empty": say("Nothing here yet. Mellom writes here when it is for you alone."),
        "earlier": say("Earlier: how the channel joined the network"),
        "message": say("Message"),
        "hint": say("Write @Mellom first to ask all four channels."),
        "hint_private": say("Write the word ask first to put a question to all four channels."),
        "mention": say("Ask with @Mellom"),
        "command": say("Command /mellom"),
        "send": say("Send"),
        "reply": say("Reply in the thread"),
        "reply_to": say("Reply to {question} in the thread", question="{question}"),
        "reply_week": say(
            "Reply to {question} in the thread", question=drawn.question_name(None, say)
        ),
        "cancel": say("Cancel"),
        "save": say("Save"),
        "thread": say("Thread begun by {name}", name="{name}"),
    }


def _of_messages(say: Speech) -> dict[str, str]:
    return {
        "bot": say("Bot"),
        "edit": say("Edit"),
        "edit_of": say("Edit your message"),
        "delete": say("Delete"),
        "ask": say("Ask the network"),
        "choose": say("Choose"),
        "restore": say("Undo"),
        "edited": say("edited"),
        "gone": say("This message was deleted."),
        "only_you": say("Only you see this"),
        "dismiss": say("Hide"),
        "close": say("Close"),
        "cannot_draw": say("This page cannot draw: {kind}", kind="{kind}"),
        "picture": say("Picture: {words}", words="{words}"),
        "required": say("Fill this in first."),
        "optional": say("not required"),
    }


def _of_trouble(say: Speech) -> dict[str, str]:
    return {
        "no_answer": say("Mellom did not answer. Please try again."),
        "is_gone": say("That is not there any more."),
        "refused": say("That could not be done."),
        "no_command": say("The only command here is /mellom."),
        "offline": say(
            "The page has lost touch with Mellom. If you have stopped it, start it again."
        ),
    }
